"""Derivatives, where a name stands for an expression in the variable."""

import pytest

from benchmarks.soundness import claims_of
from derive.rules.book import RULES
from derive.rules.context import Context

GIVEN = r"\mathbf{w}, \mathbf{a}, \mathbf{x} \in \mathbb{R}^m"


@pytest.mark.parametrize(
    ("defined", "side"),
    [
        (r"e = \mathbf{a}^\top \mathbf{w}", r"e"),
        (r"e = \mathbf{a}^\top \mathbf{w}", r"e^2"),
        (r"e = \mathbf{a}^\top \mathbf{w}", r"e \mathbf{x}^\top \mathbf{w}"),
        ("\\mathbf{u} = 2 \\mathbf{w}\n\\mathbf{v} = \\mathbf{u} + \\mathbf{a}", r"\|\mathbf{v}\|^2"),
        (r"\mathbf{u} = 2 \mathbf{w}", r"\mathbf{u}^\top \mathbf{w}"),
    ],
)
@pytest.mark.parametrize("name", ["derivative", "product-rule"])
def test_a_name_that_hides_the_variable_is_no_constant(defined: str, side: str, name: str) -> None:
    text = f"```given\n{GIVEN}\n{defined}\n```\n$$\n\\nabla_{{\\mathbf{{w}}}} {side} = \\mathbf{{x}}\n$$\n"
    (claim,) = claims_of(text, "page.md")
    assert list(RULES[name].apply(claim.lhs, Context(claim.facts))) == []
