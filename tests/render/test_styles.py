from __future__ import annotations

import pytest

from derive.render.setting import Setting, painter
from derive.render.styles import STYLES, require
from derive.render.wording import Line
from derive.report import Step

LINES = [Line("a"), Line("b", "=", Step(1, 1, "=", "a", "b", "proved"), 1)]
WIDE = [LINES[0], Line("b + c", "=", LINES[1].step, 1)]
REASONS = [[], [("text", "because")]]


def test_aligned_puts_the_reason_beside_and_the_number_at_the_end():
    tex = STYLES["aligned"](Setting(LINES, REASONS, 40.0))
    assert r"a &= b && \qquad\text{\small because} \tag{1}" in tex


def test_calculation_puts_the_reason_between():
    tex = STYLES["calculation"](Setting(LINES, REASONS, 40.0))
    assert "& a \\\\\n  = \\quad & \\qquad \\{\\;\\text{because}\\;\\} \\tag{1} \\\\\n  & b" in tex


def test_arrows_lead_from_each_line_to_the_next():
    tex = STYLES["witharrows"](Setting(WIDE, REASONS, 40.0))
    assert r"\mathrlap{a}} & \Arrow{because} \\" in tex and "& = b" in tex


def test_what_is_new_and_will_change_has_both_colours():
    paint = painter(1)
    assert paint("x", frozenset({1})) == r"\textcolor{derivefirst}{x}"
    assert paint("x", frozenset({1, 2})) == r"\textcolor{derivesecond}{\underline{\textcolor{derivefirst}{x}}}"


def test_the_styles_of_plain_latex_need_nothing():
    require("aligned")
    require("calculation")
    with pytest.raises(ValueError):
        require("")
