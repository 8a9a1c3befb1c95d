"""Where things stand: offsets of the text that is read, turned into spans of the user's file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from derive.language.syntax import Diagnostic, Span


class ReadError(Exception):
    """Something cannot be read; carries the `Diagnostic` for the user.  Never leaves `derive.source`."""

    def __init__(self, diagnostic: Diagnostic):
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Places:
    """Spans for half-open ranges of offsets.

    `offsets`, when given, maps each offset of the text that is read to one of the user's file (a notebook
    is read through its decoded cells); its length is that of the text plus one.

    >>> Places("ab\\ncd").span(3, 5)
    Span(start=3, end=5, line=2, column=1)
    """

    def __init__(self, text: str, offsets: Sequence[int] | None = None, original: str | None = None):
        self.text = text
        self.calls: dict[
            int, int
        ] = {}  # where macros of the user are called: start and end of the call with its arguments
        self._offsets = offsets
        whole = text if original is None else original
        self._lines = [0]
        start = whole.find("\n")
        while start >= 0:
            self._lines.append(start + 1)
            start = whole.find("\n", start + 1)

    def span(self, start: int, end: int) -> Span:
        """The span of text[start:end]."""
        end = max(start, end)
        if self._offsets is not None:
            last = len(self._offsets) - 1
            start = self._offsets[min(start, last)]
            end = max(start, self._offsets[min(end, last)])
        line = bisect_right(self._lines, start)
        return Span(start, end, line, start - self._lines[line - 1] + 1)
