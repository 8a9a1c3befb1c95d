r"""Answers that show themselves: as text in a terminal, as a page in a notebook, as LaTeX where that is asked for.

>>> from derive import E, Random, expand
>>> X, N = Random("X"), Random("N")
>>> expand(E((X + N) ** 2), independent=[X, N], mean={N: 0})
proved
       E[(N + X)²]
         = E[N² + 2NX + X²]              ✓ square
         = E[N²] + 2 E[NX] + E[X²]       ✓ linearity
         = E[N²] + 2 E[N] E[X] + E[X²]   ✓ independence
             using X ⟂ N
         = E[N²] + E[X²]                 ✓ zero-mean
             using E[N] = 0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from derive.render.terminal import derivation_lines, document_lines, summary_lines
from derive.render.terminal_layout import Page, draw
from derive.report import Derivation, DocumentReport, Report

WIDTH = 100


def titles() -> dict[str, str]:
    """The titles of the rules by name, for renderers."""
    from derive.rules.book import RULES

    return {name: rule.title for name, rule in RULES.items()}


def _bundle(documents: tuple[DocumentReport, ...], plain: str) -> dict[str, str]:
    """One answer in the three forms of which a notebook takes the best that it can show."""
    from derive.render.fragment import fragment
    from derive.render.markdown import displays

    named = titles()
    return {
        "text/plain": plain,
        "text/html": fragment(documents, titles=named),
        "text/latex": "\n\n".join(d for document in documents for d in displays(document, named)),
    }


class Checked(Report):
    """A report that shows itself; `print` gives the text of `derive check`."""

    def __str__(self) -> str:
        out = StringIO()
        page = Page(width=WIDTH)
        for document in self.documents:
            draw(document_lines(document, page), out, colour=False)
        draw(summary_lines(self.summary, len(self.documents), page), out, colour=False)
        return out.getvalue().rstrip()

    __repr__ = __str__

    @property
    def steps(self) -> tuple[Any, ...]:
        """The steps of all derivations, in order."""
        return tuple(s for d in self.documents for c in d.derivations for s in c.steps)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return _bundle(self.documents, str(self))


@dataclass(frozen=True, repr=False)
class Expanded(Derivation):
    """A derivation that wrote itself, and that shows itself.

    `document`: the derivation with what was given.  `end`: gives the simplest form (see `result`).
    """

    document: DocumentReport = field(default_factory=lambda: DocumentReport("expression"), compare=False)
    end: Callable[[], Any] = field(default=lambda: None, compare=False)

    @property
    def result(self) -> Any:
        """The last line: a SymPy object when the expression was one, else LaTeX.

        Raises `ValueError` where SymPy has no counterpart for something in it.
        """
        return self.end()

    def __str__(self) -> str:
        if not self.steps:
            return f"no rule makes this simpler: {Page(width=WIDTH).math(self.document.text)}"
        out = StringIO()
        draw(derivation_lines(self, self.document, Page(width=WIDTH, uses=True)), out, colour=False)
        return out.getvalue().rstrip()

    __repr__ = __str__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return _bundle((self.document,), str(self)) if self.steps else {"text/plain": str(self)}
