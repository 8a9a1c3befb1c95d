"""Sums over many indices of one family: the quick way gives what deltas give, and its work goes with the result."""

from __future__ import annotations

import pytest

from benchmarks.documents import claims, document
from derive.kernel import coincidences
from derive.kernel.algebra import Budget, measured
from derive.kernel.monomials import Poly
from derive.kernel.places import FIRST
from derive.kernel.session import Session, index_ranges

IID = [r"x_1, \dots, x_n \text{ iid}", r"x_i \in \mathbb{R}", r"n \in \mathbb{N}", r"a_i \text{ constant}"]
INDEPENDENT = [
    r"x_1, \dots, x_n \text{ independent}",
    r"x_i \in \mathbb{R}",
    r"\mathbb{E}[x_i] = \mu_i",
    r"a_i \text{ constant}",
]
TWO = [
    r"x_1, \dots, x_n \text{ iid}",
    r"y_1, \dots, y_m \text{ iid}",
    r"(x_1, \dots, x_n) \perp (y_1, \dots, y_m)",
    r"\mathbb{E}[x_i] = 0",
]
PAIRS = [r"(x_1, y_1), \dots, (x_n, y_n) \text{ iid}", r"x_i, y_i \in \mathbb{R}"]
MASKS = [r"m_1, \dots, m_n \overset{\text{iid}}{\sim} \mathrm{Bernoulli}(p)", r"w_i \text{ constant}"]
COMPONENTS = [
    r"\mathbf{x}_1, \dots, \mathbf{x}_n \text{ iid}",
    r"\mathbf{x}_i, \mathbf{w} \in \mathbb{R}^m",
    r"\mathbf{w} \text{ constant}",
    r"A \in \mathbb{R}^{m \times m}",
]
SUMS = [
    (IID, r"\mathbb{E}[(\sum_{i=1}^n x_i)^4]"),
    (IID, r"\mathbb{E}[(\sum_{i=1}^n a_i x_i)^3 \sum_{j=1}^n x_j^2]"),
    (IID, r"\mathbb{E}[\sum_{i=1}^n \sum_{j \neq i} \sum_{k=1}^n x_i x_j^2 x_k]"),
    (IID, r"\operatorname{Var}(\sum_{i=1}^n x_i^2 \sum_{j=1}^n x_j)"),
    (IID, r"\mathbb{E}[(\sum_{i=1}^n \exp(x_i))^3]"),
    (IID, r"\mathbb{E}[x_1 (\sum_{i=1}^n x_i)^3]"),
    (INDEPENDENT, r"\mathbb{E}[(\sum_{i=1}^n a_i x_i)^4]"),
    (INDEPENDENT, r"\mathbb{E}[\sum_{i=1}^n \sum_{j=1}^n \sum_{k=1}^n a_i b_j x_i x_j x_k]"),
    (TWO, r"\mathbb{E}[(\sum_{i=1}^n x_i)^3 (\sum_{j=1}^m y_j)^3]"),
    (TWO, r"\mathbb{E}[(\sum_{i=1}^n x_i + \sum_{j=1}^m y_j)^4]"),
    (PAIRS, r"\mathbb{E}[\sum_{i=1}^n x_i y_i \sum_{j=1}^n x_j \sum_{k=1}^n y_k]"),
    (MASKS, r"\mathbb{E}[(\sum_{i=1}^n m_i w_i)^4]"),
    (MASKS, r"\mathbb{E}[\sum_{i=1}^n m_i (\sum_{i=1}^n m_i w_i)^3]"),
    (COMPONENTS, r"\mathbb{E}[(\sum_{i=1}^n \mathbf{w}^\top \mathbf{x}_i)^3]"),
    (
        COMPONENTS,
        r"\mathbb{E}[\sum_{i=1}^n \sum_{j=1}^n \sum_{k=1}^n \mathbf{x}_i^\top A \mathbf{x}_j \mathbf{w}^\top \mathbf{x}_k]",
    ),
]


def expanded(given: list[str], expression: str, budget: Budget | None = None) -> tuple[Poly, set[str], set[str]]:
    """The normal form, the rules and the givens that it took, in a session that knows nothing yet."""
    claim = claims(document(given, [expression, "0"]))[0]
    measured(budget or Budget(), index_ranges(claim))
    session = Session(claim.facts, frozenset(), claim.distinct)
    poly = session.normal(claim.lhs, FIRST, FIRST)
    context = session.translator.context
    return poly, set(context.rules_used), {g.source.latex for g in context.givens_used.values()}


@pytest.mark.parametrize(("given", "expression"), SUMS, ids=[e for _, e in SUMS])
def test_the_result_is_that_of_deltas(given, expression, monkeypatch):
    quick = expanded(given, expression)
    monkeypatch.setattr(coincidences, "FEWEST", 99)
    assert quick == expanded(given, expression)


def test_the_work_goes_with_the_result():
    """Σ over eight indices: 4140 set partitions, but 86 different monomials."""
    budget = Budget()
    poly, _, _ = expanded(IID, r"\mathbb{E}[(\sum_{i=1}^n x_i)^8]", budget)
    assert len(poly.terms) == 86
    assert 200_000 - budget.left < 1500


def test_ordered_sums_and_free_indices_are_left_to_the_deltas():
    for expression in (
        r"\mathbb{E}[\sum_{i=1}^n \sum_{j < i} \sum_{k=1}^n x_i x_j x_k]",
        r"\mathbb{E}[x_l \sum_{i=1}^n \sum_{j=1}^n \sum_{k=1}^n x_i x_j x_k]",
    ):
        assert expanded(IID, expression)[0].terms
