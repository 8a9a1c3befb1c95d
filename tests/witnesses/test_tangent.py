"""Directional derivatives agree with the dual numbers of the separate checker."""

from fractions import Fraction as F
from random import Random

import pytest

from derive.language.facts import Facts
from derive.language.terms import (
    Derivative,
    Determinant,
    Diagonal,
    Entries,
    Entry,
    Hadamard,
    Index,
    Inverse,
    Kronecker,
    Pow,
    Product,
    SquaredNorm,
    Sum,
    Trace,
    Transpose,
    number,
    one_to,
)
from derive.witnesses.checker import Checker, Concrete
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import RationalField, Unmodelled
from derive.witnesses.model import Known, Model
from derive.witnesses.tangent import rename, tangent
from tests.witnesses.shorthand import IX, JX, E, Var, add, const, mul, power, rand, sym, total

S, w, A1, X = sym("S", shape=("n", "n")), sym("w", shape=("n", 1)), sym("a"), sym("X")
FACTS = Facts({i.name: i for i in (const("S", ("n", "n")), const("w", ("n", 1)), const("a"), rand("X"))})
CONSTANTS = {("S", ()): [[F(1), F(2)], [F(3), F(5)]], ("w", ()): [[F(1)], [F(-2)]], ("a", ()): [[F(3)]]}
OUTCOMES = [(F(1, 3), {("X", ()): [[F(0)]]}), (F(2, 3), {("X", ()): [[F(2)]]})]


def both(term):
    model = Model(FACTS, RationalField(), Random(0), {"n": 2}, Known(), {}, {})
    from derive.witnesses.spaces import Rand

    axis = model.space.new_axis([p for p, _ in OUTCOMES])
    model.variables[("X", ())] = [[Rand((axis,), [F(0), F(2)])]]
    model.constants.update(CONSTANTS)
    value = Evaluator(model).rows(term, {})
    checked = Checker(Concrete(FACTS, {"n": 2}, CONSTANTS, OUTCOMES, {}, {})).at(term, {}, 0)
    return value, checked


@pytest.mark.parametrize(
    "term",
    [
        Derivative(Trace(mul(S, S, Transpose(S))), S),
        Derivative(Determinant(S), S),
        Derivative(Trace(Inverse(mul(S, Transpose(S)))), S),
        Derivative(SquaredNorm(mul(S, w)), w),
        Derivative(SquaredNorm(mul(S, w)), S),
        Derivative(Trace(Hadamard((S, S, S))), S),
        Derivative(Trace(Kronecker(S, S)), S),
        Derivative(Trace(mul(Diagonal(w), S, Diagonal(w))), w),
        Derivative(power(add(A1, Entry(w, Index(None, 1))), -2), w),
        Derivative(Product("i", one_to("n"), Entry(w, IX)), w),
        Derivative(total(power(Entry(w, IX), 3)), w),
        Derivative(Sum("i", one_to("n"), Sum("j", one_to("n"), mul(Entry(w, IX), Entry(w, JX)), excluded=(IX,))), w),
        Derivative(Var(mul(A1, power(X, 2))), A1),
        Derivative(E(power(add(A1, X), 3)), A1),
        Derivative(E(power(E(mul(A1, X), X), 2)), A1),
        Derivative(Derivative(power(A1, 4), A1), A1),
        Derivative(Trace(Entries("i", "j", mul(A1, Entry(S, JX, IX)), ("n", "n"))), A1),
        Derivative(mul(A1, w), A1),
    ],
)
def test_two_ways_to_differentiate(term):
    value, checked = both(term)
    assert value == checked


def test_indices_are_renamed_only_where_they_are_free():
    inner = Sum("i", one_to("n"), sym("x", IX))
    assert rename(mul(sym("x", IX), inner), "i", "k") == mul(sym("x", Index("k")), inner)


def test_what_has_no_derivative_here_says_so():
    with pytest.raises(Unmodelled):
        tangent(Pow(number(2), A1), 1)
    with pytest.raises(Unmodelled):
        tangent(Inverse(w, pseudo=True), 1)
