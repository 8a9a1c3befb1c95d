"""A progress line on standard error for what takes longer than a second, and only on a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

PATIENCE = 1.0  # seconds


class Progress:
    """Call it with (what, done, total); `clear` before anything else is written to the terminal."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.wanted = sys.stderr.isatty()
        self.bar: Any = None
        self.task: Any = None

    def __call__(self, what: str, done: int, total: int) -> None:
        if not self.wanted or time.monotonic() - self.begun < PATIENCE:
            return
        if self.bar is None:
            self._start()
        self.bar.update(self.task, description=what[-40:].replace("[", r"\["), completed=done, total=total)

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self.bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task("")
        self.bar.start()

    def clear(self) -> None:
        """Takes the line away; it comes back with the next call."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.clear()
