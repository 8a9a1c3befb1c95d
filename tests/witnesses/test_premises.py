"""Premises are solved for a symbol in which they are linear, and Gram matrices for their factor."""

import pytest

from derive.language.terms import Entry, Index, Line, SquaredNorm, Transpose, number
from derive.witnesses.finite import Agreement, Refutation, examine
from tests.witnesses.shorthand import IX, E, add, claim, const, mul, power, premise, prop, rand, sym, zero

S, R, G = (sym(n, shape=("n", "n")) for n in "SRG")
A, w = sym("A", shape=("m", "n")), sym("w", shape=("n", 1))
X, Y, A1, B1 = sym("X"), sym("Y"), sym("a"), sym("b")
rows = sym("r", IX, shape=("n", 1))
INFOS = [
    const("S", ("n", "n")),
    const("R", ("n", "n")),
    const("G", ("n", "n")),
    const("A", ("m", "n")),
    const("w", ("n", 1)),
    rand("X"),
    rand("Y"),
    const("a"),
    const("b"),
    const("r", ("n", 1), (None,)),
]


@pytest.mark.parametrize(
    ("lhs", "rhs", "givens"),
    [
        (mul(S, R), zero("n", "n"), [premise(mul(S, R), zero("n", "n"))]),
        (mul(A, w), zero("m", 1), [premise(mul(A, w), zero("m", 1))]),
        (mul(2, A1), mul(6, B1), [premise(A1, mul(3, B1))]),
        (E(mul(2, X)), mul(2, E(Y)), [premise(add(X, number(1)), add(Y, number(1)))]),
        (
            SquaredNorm(mul(A, w)),
            mul(Transpose(w), G, w),
            [premise(mul(Transpose(A), A), G), prop(G, "positive definite")],
        ),
        (
            Entry(mul(A, w), Index("k")),
            mul(Transpose(sym("r", Index("k"), shape=("n", 1))), w),
            [premise(Line(A, Index("k")), sym("r", Index("k"), shape=("n", 1)))],
        ),
    ],
)
def test_premises_hold_in_the_models(lhs, rhs, givens):
    outcome = examine(claim(lhs, rhs, INFOS, *givens), deadline=5)
    assert isinstance(outcome, Agreement), outcome
    assert isinstance(examine(claim(lhs, rhs, INFOS), deadline=5), Refutation)


def test_a_premise_beyond_the_solver_is_named():
    """S³ = 2S is linear in nothing."""
    cubic = premise(mul(S, S, S), mul(2, S))
    outcome = examine(claim(mul(S, S, S, S), mul(2, S, S), INFOS, cubic), deadline=3)
    assert not isinstance(outcome, Refutation)
    assert not isinstance(
        examine(claim(power(A1, 4), mul(2, power(A1, 2)), INFOS, premise(power(A1, 3), mul(2, A1)))), Refutation
    )


def test_a_product_that_vanishes_leaves_both_factors_something():
    """A B = 0 for a square B says nothing of A C: the models must not take A = 0."""
    square = ("n", "n")
    infos = [const("A", square), const("B", square), const("C", square)]
    a, b, c = (sym(name, shape=square) for name in "ABC")
    for traits in ((), (prop(b, "symmetric"), prop(c, "invertible"))):
        wrong = claim(mul(a, c), zero("n", "n"), infos, premise(mul(a, b), zero("n", "n")), *traits)
        assert isinstance(examine(wrong, deadline=10), Refutation)
    true = claim(mul(a, b, c), zero("n", "n"), infos, premise(mul(a, b), zero("n", "n")))
    assert isinstance(examine(true, deadline=10), Agreement)
