"""Exact values in small models that are written down by hand."""

from fractions import Fraction
from random import Random

import pytest

from derive.language.facts import Facts
from derive.language.terms import (
    Derivative,
    Determinant,
    Diagonal,
    Entries,
    Entry,
    Function,
    Hadamard,
    Identity,
    Index,
    Indicator,
    Inverse,
    Kronecker,
    Line,
    Matrix,
    Pow,
    Product,
    SquaredNorm,
    SupportSum,
    Trace,
    Transpose,
    number,
    one_to,
)
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import Degenerate, Misfit, PrimeField, RationalField, Unmodelled
from derive.witnesses.model import Definition, Known, Model
from derive.witnesses.spaces import Rand
from tests.witnesses.shorthand import IX, SIZE, E, Var, add, const, function, mul, neg, over, power, rand, sym, total

X, Y, A1 = sym("X"), sym("Y"), sym("a")
S = sym("S", shape=("n", "n"))
w = sym("w", shape=("n", 1))
HALF = Fraction(1, 2)


@pytest.fixture
def model():
    """X is 0 or 2 with equal chances, Y = 1, 3 independently with chances 1/4, 3/4; n = 2."""
    infos = [rand("X"), rand("Y"), const("a"), const("S", ("n", "n")), const("w", ("n", 1)), function("f")]
    m = Model(Facts({i.name: i for i in infos}), RationalField(), Random(1), {"n": 2}, Known(), {}, {})
    first, second = m.space.new_axis([HALF, HALF]), m.space.new_axis([Fraction(1, 4), Fraction(3, 4)])
    m.variables[("X", ())] = [[Rand((first,), [Fraction(0), Fraction(2)])]]
    m.variables[("Y", ())] = [[Rand((second,), [Fraction(1), Fraction(3)])]]
    m.constants[("a", ())] = [[Fraction(5)]]
    m.constants[("S", ())] = [[Fraction(1), Fraction(2)], [Fraction(3), Fraction(5)]]
    m.constants[("w", ())] = [[Fraction(1)], [Fraction(-1)]]
    return m


def value(model, term):
    return Evaluator(model).value(term, {})


def test_moments(model):
    assert value(model, E(X)) == 1
    assert value(model, Var(X)) == 1
    assert value(model, E(mul(X, Y))) == Fraction(5, 2)
    assert value(model, Var(add(X, Y))) == 1 + Fraction(3, 4)
    assert value(model, E(mul(X, power(Y, 2)))) == 7


def test_conditional_expectation_is_random(model):
    given = value(model, E(mul(X, Y), X))
    assert given.values == [0, 5]
    assert value(model, E(E(mul(X, Y), X))) == Fraction(5, 2)
    assert value(model, E(Var(add(X, Y), X))) == Fraction(3, 4)


def test_conditioning_merges_equal_values(model):
    constant_in_x = value(model, E(X, mul(0, X)))
    entries = constant_in_x.values if isinstance(constant_in_x, Rand) else [constant_in_x]
    assert set(entries) == {1}


def test_matrices(model):
    assert value(model, Inverse(S)) == [[-5, 2], [3, -1]]
    assert value(model, Determinant(S)) == -1
    assert value(model, Trace(mul(S, Transpose(S)))) == value(model, SquaredNorm(S)) == 39
    assert value(model, mul(Transpose(w), S, w)) == 1
    assert value(model, Diagonal(w)) == [[1, 0], [0, -1]]
    assert value(model, Diagonal(S, vector=True)) == [[1], [5]]
    assert value(model, Hadamard((S, S))) == [[1, 4], [9, 25]]
    assert value(model, Kronecker(Identity(2), w)) == [[1, 0], [-1, 0], [0, 1], [0, -1]]
    assert value(model, Line(S, Index(None, 2))) == [[3], [5]]
    assert value(model, Line(S, Index(None, 2), "column")) == [[2], [5]]
    assert value(model, Matrix(((S, w),))) == [[1, 2, 1], [3, 5, -1]]
    assert value(model, Entries("i", "j", Entry(S, Index("j"), Index("i")), ("n", "n"))) == [[1, 3], [2, 5]]
    assert value(model, Inverse(w, pseudo=True)) == [[HALF, -HALF]]
    assert value(model, Inverse(mul(w, Transpose(w)), pseudo=True)) == [[HALF / 2, -HALF / 2], [-HALF / 2, HALF / 2]]


def test_factors_that_are_scalars_stand_anywhere(model):
    assert value(model, mul(w, A1)) == [[5], [-5]]
    assert value(model, mul(Transpose(w), w, A1)) == 10


def test_sums_and_products(model):
    assert value(model, total(mul(Entry(w, IX), Entry(w, IX)))) == 2
    assert value(model, Product("i", one_to(4), sym("a"))) == 625
    assert value(model, SupportSum(sym("k"), number(0), number(3), power(sym("k"), 2))) == 14
    assert value(model, total(SIZE)) == 4


def test_events(model):
    assert value(model, E(Indicator("<", X, Y))) == HALF + HALF * Fraction(3, 4)
    assert value(model, E(Indicator("=", X, number(2)))) == HALF


def test_unknown_functions_have_one_value_at_each_place(model):
    f = Function("f", (X,))
    assert value(model, E(mul(f, f))) == value(model, E(power(f, 2)))
    assert value(model, add(Function("f", (E(X),)), neg(Function("f", (number(1),))))) == 0


def test_derivatives(model):
    assert value(model, Derivative(power(A1, 3), A1)) == 75
    assert value(model, Derivative(over(A1), A1)) == Fraction(-1, 25)
    assert value(model, Derivative(mul(Transpose(w), S, w), w)) == [[-3], [-5]]
    assert value(model, Derivative(Derivative(power(A1, 3), A1), A1)) == 30
    assert value(model, Derivative(Var(mul(A1, X)), A1)) == 10
    assert value(model, Derivative(Determinant(S), Entry(S, Index(None, 1), Index(None, 1)))) == 5
    assert value(model, Derivative(Trace(Inverse(S)), Entry(S, Index(None, 1), Index(None, 2)))) == 18
    assert value(model, Derivative(Product("i", one_to(3), sym("a")), A1)) == 75


def test_derivatives_go_through_definitions(model):
    model.definitions["z"] = [Definition(sym("z"), power(A1, 2))]
    model.definitions["g"] = [Definition(Function("g", (A1,)), mul(sym("z"), A1))]
    assert value(model, Derivative(sym("z"), A1)) == 10
    assert value(model, Derivative(Function("g", (A1,)), A1)) == 75


def test_definitions_of_members_and_functions(model):
    model.definitions["z"] = [Definition(sym("z", IX), mul(A1, power(number(2), 0), sym("u", Index("i", 1))))]
    model.constants[("u", (4,))] = [[Fraction(7)]]
    assert value(model, sym("z", Index(None, 3))) == 35
    model.definitions["h"] = [Definition(Function("h", (sym("t"),)), add(power(sym("t"), 2), A1))]
    assert value(model, Function("h", (number(3),))) == 14


def test_roots(model):
    assert value(model, Pow(number(Fraction(4, 9)), number(HALF))) == Fraction(2, 3)
    with pytest.raises(Degenerate):
        value(model, Pow(A1, number(HALF)))


def test_what_cannot_be_evaluated_says_so(model):
    with pytest.raises(Misfit):
        value(model, Entry(w, Index(None, 3)))
    with pytest.raises(Degenerate):
        value(model, over(add(A1, neg(A1))))
    with pytest.raises(Unmodelled):
        value(model, sym("q", Index("unknown")))


def test_the_prime_field_knows_no_order(model):
    model.field = model.space.field = PrimeField()
    with pytest.raises(Unmodelled):
        value(model, Indicator("<", A1, number(7)))
    assert value(model, Function("abs", (number(-2),))) == 2
