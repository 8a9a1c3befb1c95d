from __future__ import annotations

from derive.render.rows import arrange, vetted
from derive.render.wording import Line

SHORT = [("text", "linearity")]


def test_a_short_chain_stands_in_one_column_with_its_reasons():
    display = arrange([Line("a"), Line("b", "="), Line("c", "=")], [[], SHORT, SHORT], 40.0)
    assert (len(display.rows), display.size, display.apart, display.fits) == (3, "", False, True)


def test_a_long_first_line_stands_over_the_others():
    display = arrange([Line("+".join("abcdefghij")), Line("b", "=")], [[], SHORT], 40.0)
    assert display.apart and display.fits


def test_rows_stay_within_the_width_or_letters_get_smaller():
    long = r"\left(" + " + ".join(rf"\frac{{x_{{{i}}}}}{{y}}" for i in range(18)) + r"\right)"
    display = arrange([Line("a"), Line(long, "=")], [[], SHORT], 30.0)
    assert display.fits
    assert max(row.width for row in display.rows) <= 30.0 / 0.5


def test_what_cannot_be_read_is_shown_as_typed_and_can_be_broken():
    source = r"\unknown{" + "x " * 60 + "}"
    display = arrange([Line("a"), Line(source, "=")], [[], SHORT], 40.0)
    assert display.fits
    assert all(r"\ttfamily" in row.body for row in display.rows if row.line == 1)


def test_vetted_gives_the_same_for_the_same():
    assert vetted(r"x^{\top}  w") == vetted(r"x^\top w") == r"x^{\top}w"
