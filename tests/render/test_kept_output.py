"""Every TeX file in output/ compiles."""

from __future__ import annotations

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
