"""Claims with conditions are looked at where values collide: X² does not determine X, nor X + Y both of them."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.language.terms import Function, Indicator, SquaredNorm, Transpose, number, one_to
from derive.witnesses.finite import Agreement, Refutation, examine
from tests.witnesses.shorthand import (
    E,
    Index,
    Var,
    add,
    claim,
    conditionally,
    const,
    each_independent,
    function,
    identical,
    independent,
    moment,
    mul,
    neg,
    over,
    power,
    prop,
    rand,
    sym,
    total,
)

X, Y, Z, A, B = (sym(n) for n in "XYZab")
INFOS = [rand("X"), rand("Y"), rand("Z"), const("a"), const("b"), function("f")]
vector, matrix = sym("x", shape=("n", 1)), sym("M", shape=("m", "n"))
SPACES = [rand("x", ("n", 1)), const("M", ("m", "n"))]
first, family = sym("x", Index(None, 1)), rand("x", families=(one_to("n"),))
SAMPLE = total(sym("x", Index("i")))
IID = (each_independent("x"), identical("x"))
PAIR = (independent("X", "Y"), identical("X", "Y"))
LINE = moment(E(Y, X), add(mul(A, X), B))
BOTH = mul(E(X, add(X, Y)), E(Y, add(X, Y)))


def absolute(term):
    return Function("abs", (term,))


def f(term):
    return Function("f", (term,))


FALSE = {
    "independence given the sum": claim(E(mul(X, Y), add(X, Y)), BOTH, INFOS, independent("X", "Y")),
    "independence given the square": claim(
        E(mul(Y, Z), power(X, 2)),
        mul(E(Y, power(X, 2)), E(Z, power(X, 2))),
        INFOS,
        conditionally("Y", "Z", "X"),
    ),
    "the square decides": claim(E(X, power(X, 2)), X, INFOS),
    "the absolute value decides": claim(E(X, absolute(X)), X, INFOS),
    "the product decides": claim(E(X, mul(X, Y)), X, INFOS, independent("X", "Y")),
    "a sum of multiples decides": claim(E(X, add(mul(A, X), mul(B, Y))), X, INFOS, independent("X", "Y")),
    "a function decides": claim(E(X, f(X)), X, INFOS),
    "the sum leaves no variance": claim(Var(X, add(X, Y)), number(0), INFOS, *PAIR),
    "as much as the letter itself": claim(E(Y, power(X, 2)), E(Y, X), INFOS),
    "a line in the square": claim(E(Y, power(X, 2)), add(mul(A, X), B), INFOS, LINE),
    "half without identity": claim(E(X, add(X, Y)), mul(Fraction(1, 2), add(X, Y)), INFOS, independent("X", "Y")),
    "a norm decides": claim(E(vector, SquaredNorm(vector)), vector, SPACES),
    "a wide matrix decides": claim(E(vector, mul(matrix, vector)), vector, SPACES),
    "never equal": claim(E(Indicator("=", X, Y)), number(0), INFOS),
    "the total decides": claim(E(first, SAMPLE), first, [family], *IID),
}

TRUE = {
    "half of the sum": claim(E(X, add(X, Y)), mul(Fraction(1, 2), add(X, Y)), INFOS, *PAIR),
    "the mean of a sample": claim(E(first, SAMPLE), mul(over(sym("n")), SAMPLE), [family, const("n")], *IID),
    "tower over the square": claim(E(E(Y, power(X, 2))), E(Y), INFOS),
    "tower, coarse in fine": claim(E(E(Y, X), power(X, 2)), E(Y, power(X, 2)), INFOS),
    "the square is known": claim(E(mul(power(X, 2), Y), power(X, 2)), mul(power(X, 2), E(Y, power(X, 2))), INFOS),
    "a function is known": claim(E(mul(f(X), Y), f(X)), mul(f(X), E(Y, f(X))), INFOS),
    "total variance over the sum": claim(
        Var(X), add(E(Var(X, add(X, Y))), Var(E(X, add(X, Y)))), INFOS, independent("X", "Y")
    ),
    "the independent one drops out": claim(E(X, power(Y, 2)), E(X), INFOS, independent("X", "Y")),
    "conditional independence": claim(E(mul(Y, Z), X), mul(E(Y, X), E(Z, X)), INFOS, conditionally("Y", "Z", "X")),
    "a line, and more known": claim(E(mul(X, Y), X), mul(X, add(mul(A, X), B)), INFOS, LINE),
    "a tall matrix decides": claim(E(vector, mul(matrix, vector)), vector, SPACES, prop(matrix, "full column rank")),
}


@pytest.mark.parametrize("name", FALSE)
def test_false_ones_are_refuted(name):
    outcome = examine(FALSE[name], deadline=10)
    assert isinstance(outcome, Refutation), outcome
    assert outcome.counterexample.lhs != outcome.counterexample.rhs


@pytest.mark.parametrize("name", TRUE)
def test_true_ones_agree(name):
    outcome = examine(TRUE[name], deadline=10)
    assert isinstance(outcome, Agreement), outcome


small = st.integers(-2, 2).filter(bool)
CONDITIONS = st.sampled_from(
    [X, power(X, 2), add(X, Y), add(X, neg(Y)), mul(X, Y), add(power(X, 2), power(Y, 2)), f(X), power(X, 4)]
)
QUANTITIES = st.sampled_from([X, Y, mul(X, Y), power(X, 2), add(X, mul(2, Y)), power(Y, 3)])


@settings(max_examples=25, deadline=None)
@given(a=small, x=QUANTITIES, y=QUANTITIES, c=CONDITIONS)
def test_linearity_tower_and_known_factors_hold_for_any_condition(a, x, y, c):
    linear = claim(E(add(mul(a, x), y), c), add(mul(a, E(x, c)), E(y, c)), INFOS)
    tower = claim(E(mul(c, E(x, c))), E(mul(c, x)), INFOS)
    known = claim(E(mul(power(c, 2), x), c), mul(power(c, 2), E(x, c)), INFOS)
    for true in (linear, tower, known):
        assert isinstance(examine(true, deadline=10), Agreement)


@settings(max_examples=25, deadline=None)
@given(a=small, x=st.sampled_from([X, power(X, 3), add(X, mul(3, Y)), mul(X, power(Y, 2))]))
def test_even_functions_do_not_determine_odd_ones(a, x):
    for c in (power(X, 2), add(power(X, 2), power(Y, 2))):
        wrong = claim(E(mul(a, x), c), mul(a, x), INFOS)
        assert isinstance(examine(wrong, deadline=10), Refutation)


@settings(max_examples=25, deadline=None)
@given(a=small, b=small)
def test_independent_terms_are_dependent_given_their_sum(a, b):
    c = add(mul(a, X), mul(b, Y))
    wrong = claim(E(mul(X, Y), c), mul(E(X, c), E(Y, c)), INFOS, independent("X", "Y"))
    assert isinstance(examine(wrong, deadline=10), Refutation)


def test_transposed_vectors_too():
    outer = mul(vector, Transpose(vector))
    assert isinstance(examine(claim(E(vector, outer), vector, SPACES), deadline=10), Refutation)
    assert isinstance(examine(claim(E(outer, vector), outer, SPACES), deadline=10), Agreement)
