"""Every TeX file in output/ compiles, with nothing over the edge of the page."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from derive.render.pdf import compile as compile_tex

OUTPUT = Path(__file__).parent.parent.parent / "output"
FILES = sorted(OUTPUT.glob("*.tex"))


def test_there_are_files():
    assert len(FILES) > 10


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("source", FILES, ids=lambda p: p.stem)
def test_it_compiles(source, tmp_path):
    for figure in OUTPUT.glob("*-figure.pdf"):
        shutil.copy(figure, tmp_path)
    made = compile_tex(Path(shutil.copy(source, tmp_path)), timeout=180)
    assert made.path is not None, made.message
    log = (
        (tmp_path / f"{source.stem}.log").read_text(errors="replace")
        if (tmp_path / f"{source.stem}.log").exists()
        else ""
    )
    wide = [float(width) for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)", log)]
    assert not [w for w in wide if w > 1]
