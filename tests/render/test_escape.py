from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render.escape import escape_text
from tests.render.texrun import needs_tex, typeset

LATIN = "".join(map(chr, range(0xA1, 0x180)))


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("100% & {a}_b #1 $x$", r"100\% \& \{a\}\_b \#1 \$x\$"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("E[X²] ≠ E[X]²", r"E[X$^2$] $\ne$ E[X]$^2$"),
        ("x\u0303", r"\~{x}"),
        ("日本", "[U+65E5][U+672C]"),
        ("two\n lines", "two lines"),
    ],
)
def test_text_comes_out_as_text(text, tex):
    assert escape_text(text) == tex


@given(st.text(max_size=60))
def test_no_special_character_survives(text):
    out = escape_text(text)
    for special in "%&#":
        assert out.count(special) == out.count("\\" + special)


@needs_tex
def test_tex_can_set_every_latin_letter(tmp_path):
    body = " ".join(map(escape_text, LATIN)) + escape_text(" ‘’“”–—…−′‐ ĄđŁ« »")
    typeset(r"\documentclass{article}\usepackage{amsmath}\begin{document}" + body + r"\end{document}", tmp_path)
