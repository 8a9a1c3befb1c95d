"""What a condition ties together: given X + Y, independent X and Y depend on each other."""

import pytest

import derive

FALSE = [
    (r"X, Y \text{ independent}", "XY", "X+Y", "X", "Y"),  # X, Y = ±1: given X + Y = 0, XY is −1
    (r"X, Y \text{ independent}", "X^2 Y", "XY", "X^2", "Y"),
    (r"X, Y, Z \text{ independent}", "XY", "X+Y+Z", "X", "Y"),
    (r"x_1, \dots, x_n \text{ independent}", "x_1 x_2", "x_1+x_2", "x_1", "x_2"),
    (r"Y \perp Z \mid X", "YZ", "X^2", "Y", "Z"),  # X = ±1, Y = Z = X: the square tells nothing
]
TRUE = [
    (r"X, Y, Z \text{ independent}", "XY", "X+Z", "X", "Y"),
    (r"(X, A) \perp (Y, B)", "XY", "A, B", "X", "Y"),
    (r"Y \perp Z \mid X", "YZ", "X", "Y", "Z"),
]


def verdict(given, product, condition, left, right):
    chain = rf"\mathbb{{E}}[{product} \mid {condition}] = \mathbb{{E}}[{left} \mid {condition}]\,\mathbb{{E}}[{right} \mid {condition}]"
    report = derive.check(f"```given\n{given}\n```\n\n$$\n{chain}\n$$\n", simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


@pytest.mark.parametrize("case", FALSE)
def test_a_condition_on_both_ties_them_together(case):
    assert "proved" not in verdict(*case)


@pytest.mark.parametrize("case", TRUE)
def test_a_condition_on_one_side_leaves_them_apart(case):
    assert verdict(*case) == ["proved"]
