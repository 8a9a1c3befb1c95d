import io
import sys

import pytest

from derive.render import progress
from derive.render.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "patience", "drawn"), [(Terminal, 0, True), (Terminal, 99, False), (io.StringIO, 0, False)]
)
def test_only_on_a_terminal_and_only_when_it_takes_long(monkeypatch, stream, patience, drawn):
    monkeypatch.setattr(progress, "PATIENCE", patience)
    monkeypatch.setattr(sys, "stderr", stream())
    monkeypatch.setenv("TERM", "xterm")
    with Progress() as call:
        for done in range(3):
            call("[red]page.md", done, 3)
        call.clear()
        call("b.md", 3, 3)
    text = sys.stderr.getvalue()
    assert ("[red]page.md" in text) == drawn
    assert bool(text) == drawn
