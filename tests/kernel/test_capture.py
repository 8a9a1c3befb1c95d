"""Indices that a given brings in stay apart from those of the moment around it."""

import pytest

import derive

VECTORS = "x, w \\in \\mathbb{R}^d\nw \\text{ constant}\n\\mathbb{E}[y \\mid x] = w^\\top x\n"
FALSE = [
    (VECTORS, r"\mathbb{E}[y w^\top x] = \sum_{i=1}^d w_i \mathbb{E}[x_i^2] \sum_{j=1}^d w_j"),
    (VECTORS, r"\mathbb{E}[y (w^\top x)^2] = \mathbb{E}[\sum_i w_i x_i^3] \sum_j w_j \sum_k w_k"),
    (VECTORS + r"v \in \mathbb{R}^d", r"\mathbb{E}[y v^\top x] = \sum_{i=1}^d v_i w_i \mathbb{E}[x_i^2]"),
]
TRUE = [
    (VECTORS, r"\mathbb{E}[y w^\top x] = \mathbb{E}[(w^\top x)^2]"),
    (VECTORS + r"\operatorname{Var}(y \mid x) = \sigma^2", r"\mathbb{E}[(y - w^\top x)^2] = \sigma^2"),
    (
        VECTORS + r"A \in \mathbb{R}^{d \times d} \text{ constant}",
        r"\mathbb{E}[y x^\top A x] = \mathbb{E}[w^\top x \, x^\top A x]",
    ),
]


def verdicts(given, claim):
    report = derive.check(f"```given\n{given}\n```\n\n$$\n{claim}\n$$\n", simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


@pytest.mark.parametrize("case", FALSE)
def test_no_index_is_captured(case):
    assert verdicts(*case) == ["wrong"]


@pytest.mark.parametrize("case", TRUE)
def test_sums_in_conditional_means_are_used(case):
    assert verdicts(*case) == ["proved"]
