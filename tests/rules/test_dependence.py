"""Rules of dependence, where one letter stands for several variables."""

import pytest

from benchmarks.soundness import claims_of
from derive.rules.book import RULES
from derive.rules.context import Context

PAGE = "```given\nx_1, \\dots, x_n \\text{{ iid}}\n```\n$$\n{} = 0\n$$\n"


@pytest.mark.parametrize(
    "side",
    [
        r"\mathbb{E}\left[\prod_{i=1}^n x_i\right]",
        r"\mathbb{E}\left[\left(\sum_{i=1}^n x_i\right)^2\right]",
        r"\operatorname{Var}\left(\frac{1}{n} \sum_{i=1}^n x_i\right)",
    ],
)
def test_members_that_stand_together_are_not_one_member(side: str) -> None:
    (claim,) = claims_of(PAGE.format(side), "page.md")
    assert list(RULES["identical-distribution"].apply(claim.lhs, Context(claim.facts))) == []


@pytest.mark.parametrize("condition, split", [("X", True), (r"|X|", False), ("X^2", False), ("X, W", False)])
def test_independence_given_x_is_none_given_a_function_of_it(condition: str, split: bool) -> None:
    given = "```given\nX, Y, Z, W \\text{ random}\nY \\perp Z \\mid X\n```\n"
    (claim,) = claims_of(f"{given}$$\n\\mathbb{{E}}[Y Z \\mid {condition}] = 0\n$$\n", "page.md")
    assert bool(list(RULES["conditional-independence"].apply(claim.lhs, Context(claim.facts)))) is split
