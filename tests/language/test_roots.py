"""Roots of matrices are symmetric matrices of their own; roots of numbers stay numbers."""

import pytest

import derive

SPREAD = r"x \in \mathbb{R}^n \text{ random}; \operatorname{Cov}(x) = S; S \text{ invertible}"
CASES = [  # givens, claim, verdict
    (SPREAD, r"\operatorname{Cov}(S^{-1/2} x) = I", "proved"),
    (SPREAD, r"\operatorname{Cov}(S^{-\frac{1}{2}} x) = S^{-1/2} S S^{-1/2}", "proved"),
    (SPREAD, r"\operatorname{Cov}(S^{-1/2} x) = S^{-1}", "wrong"),
    (SPREAD, r"\operatorname{Cov}(S^{1/2} x) = S^2", "proved"),
    (
        r"z \in \mathbb{R}^n; z \sim \mathcal{N}(0, I); A \in \mathbb{R}^{n \times n}; x = A^{1/2} z + m",
        r"\operatorname{Cov}(x) = A",
        "proved",
    ),
    (r"X \text{ random}; v > 0; \operatorname{Var}(X) = v", r"\operatorname{Var}(v^{-1/2} X) = 1", "proved"),
    (r"n \in \mathbb{N}; X \text{ random}", r"\operatorname{Var}(n^{1/2} X) = n \operatorname{Var}(X)", "proved"),
]


@pytest.mark.parametrize(("givens", "claim", "verdict"), CASES)
def test_the_step(givens, claim, verdict):
    block = "```given\n" + givens.replace("; ", "\n") + "\n```\n"
    found = derive.check(f"{block}\n$$ {claim} $$\n", simulation=False).steps[0]
    assert found.verdict == verdict, found.message


def test_the_reading_names_the_root():
    report = derive.check(
        "```given\n" + SPREAD.replace("; ", "\n") + "\n```\n$$ S^{1/2} S^{1/2} = S $$\n", simulation=False
    )
    assert any("symmetric" in g.reading for g in report.documents[0].givens)
