"""Integrals and limits that are numbers; everything else stays unread."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive.judge.check import check_texts
from derive.source.scalars import number


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        (r"\int_0^1 x^2 \, dx", Fraction(1, 3)),
        (r"\int_{0}^{2} (x+1)^2 \, \mathrm{d}x", Fraction(26, 3)),
        (r"\lim_{n \to \infty} \frac{2n^2+1}{n^2}", Fraction(2)),
    ],
)
def test_numbers(latex, value):
    assert number(latex) == value


@pytest.mark.parametrize(
    "latex",
    [
        r"\int_0^a x dx",
        r"\int_0^1 f(x) dx",
        r"\int_0^\infty x dx",
        r"\int_0^1 E[X] dx",
        r"\int_0^1 x^{999999} dx",
        r"\int \mathbf{x} dx",
        "x" * 10_000,
    ],
)
def test_what_has_no_number(latex):
    assert number(latex) is None


def test_a_step_with_an_integral():
    (step,) = (
        check_texts([("x.md", r"$$ \int_0^1 x^2 \, dx = \frac{1}{3} $$")], simulation=False)
        .documents[0]
        .derivations[0]
        .steps
    )
    assert step.verdict == "proved"
