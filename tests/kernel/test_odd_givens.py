"""Givens that do not fit together: the kernel proves nothing by them, and does not fail."""

import pytest

from benchmarks.soundness import claims_of
from derive.kernel.proof import Proof, Stuck, prove
from derive.witnesses.finite import examine

ODD = [
    (r"x \sim \mathrm{Multinomial}(n, \mathbf{p})", r"\mathbb{E}[x^2] = \mathbb{E}[x]"),
    ("x \\in \\mathbb{R}\nx \\sim \\mathrm{Multinomial}(n, \\mathbf{p})", r"\mathbb{E}[x^2] = \mathbb{E}[x]"),
    ("x_i \\in \\mathbb{R}\nx_i \\sim \\mathrm{Multinomial}(n, \\mathbf{p})", r"\mathbb{E}[x_1 x_2] = 0"),
    (
        "x_i \\sim \\mathrm{Categorical}(\\mathbf{p})\n\\mathbf{x} \\sim \\mathrm{Multinomial}(n, \\mathbf{p})",
        r"\mathbb{E}[\|\mathbf{x}\|^2] = 1",
    ),
    (
        "A \\in \\mathbb{R}^{m \\times n}\n\\mathbf{x} \\in \\mathbb{R}^n\nA \\text{ symmetric}",
        r"A \mathbf{x} = \mathbf{0}",
    ),
]


@pytest.mark.parametrize(("givens", "step"), ODD)
def test_odd_givens(givens, step):
    found = list(claims_of(f"```given\n{givens}\n```\n\n$$\n{step}\n$$\n", "a.md"))
    assert found
    for claim in found:
        answer = prove(claim)
        assert isinstance(answer, Proof | Stuck)
        assert not isinstance(answer, Proof)
        examine(claim)
