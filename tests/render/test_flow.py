from __future__ import annotations

import re

import pytest

from derive.render.flow import PART, formula, inline
from derive.render.parsing import parse

pytest.importorskip("math_core")
SUM = " + ".join(rf"\mathbb{{E}}[X_{{{i}}}Y_{{{i}}}]" for i in range(12))


def spoken(shown: str) -> list[str]:
    return re.findall(r'alttext="([^"]*)"', shown)


def shown(latex: str, relation: str = "=") -> str:
    return formula(parse(latex), latex, relation)


def test_a_short_line_is_one_formula():
    assert spoken(shown("a + b")) == ["= a + b"] and "part" not in shown("a + b")


def test_a_long_sum_may_be_broken_at_each_of_its_terms():
    parts = spoken(shown(SUM))
    assert len(parts) == 12 and parts[0].startswith("= E[X") and all(p.startswith("+") for p in parts[1:])


def test_inner_sums_are_kept_together_as_long_as_their_term_fits():
    got = shown(rf"a + \mathbb{{E}}[({SUM})^2]")
    assert got.count('<span class="part"><span class="part">') == 1
    assert len(spoken(got)) == 13


def test_what_cannot_be_broken_can_be_reached_by_keyboard():
    matrix = r"\begin{pmatrix} " + " & ".join(f"x_{{{n}}} + y" for n in range(8)) + r" \end{pmatrix}"
    assert 'tabindex="0"' in shown(matrix) and "aria-label" in shown(matrix)
    assert "tabindex" not in shown("a + b") + shown(SUM)


def test_what_cannot_be_read_is_shown_as_typed():
    assert formula(None, r"\input{x}", "=") == r'<div class="formula">' + inline("=") + r" <code>\input{x}</code></div>"
    assert inline(r"\input{x}") == r"<code>\input{x}</code>"


def test_long_formulas_in_words_may_be_broken_too():
    assert inline(SUM).count("<wbr>") == 11 and "<wbr>" not in inline("a + b")


def test_tall_brackets_are_opened_only_where_nothing_else_helps():
    assert len(spoken(shown(r"\left(a + b\right)^2 + c"))) == 1
    assert len(spoken(shown(rf"\left({SUM}\right)"))) == 12
    assert PART < 20


def test_a_definition_sign_is_not_broken_in_two():
    shown = inline(r"f(\mathbf{w}) := \mathbb{E}[(\mathbf{x}^\top \mathbf{w} - y)^2]")
    assert "≔" in shown
    assert ">:<" not in shown
