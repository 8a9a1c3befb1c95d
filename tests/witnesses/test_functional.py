"""Givens as linear equations in the probabilities of one axis."""

from fractions import Fraction
from random import Random

from derive.language.facts import Facts
from derive.language.terms import number
from derive.witnesses.field import RationalField
from derive.witnesses.functional import Functional
from derive.witnesses.model import Known, Model
from derive.witnesses.spaces import Rand
from tests.witnesses.shorthand import E, Var, add, mul, neg, power, rand, sym

X, Y = sym("X"), sym("Y")
QUARTER = Fraction(1, 4)


def model():
    m = Model(Facts({n: rand(n) for n in "XY"}), RationalField(), Random(0), {}, Known(), {}, {})
    m.space.new_axis([QUARTER, 1 - QUARTER])
    m.space.new_axis([Fraction(1, 2)] * 2)
    m.variables[("X", ())] = [[Rand((0,), [Fraction(0), Fraction(4)])]]
    m.variables[("Y", ())] = [[Rand((1,), [Fraction(1), Fraction(3)])]]
    return m


def mean(m, entry):
    return m.space.expect(entry)


def test_means_become_values_at_the_atoms():
    m = model()
    along = Functional(m, 0)
    assert along.value(E(X), {}).values == [0, 4]
    assert along.value(E(mul(X, Y)), {}).values == [0, 8]
    assert along.value(E(Y), {}) == 2
    assert not along.auxiliary


def test_the_mean_of_the_functional_is_the_value():
    m = model()
    for term in (E(power(X, 2)), Var(X), power(E(X), 2), mul(E(X), E(X)), add(E(X), neg(mul(2, E(mul(X, Y)))))):
        along = Functional(m, 0)
        assert mean(m, along.value(term, {})) == along.plain(term, {})
        assert not any(mean(m, x) for x in along.auxiliary)


def test_what_is_not_linear_fixes_means():
    m = model()
    for term, conditions in ((Var(X), 1), (power(E(X), 2), 1), (mul(E(X), E(power(X, 2))), 1), (E(X), 0)):
        along = Functional(m, 0)
        along.value(term, {})
        assert len(along.auxiliary) == conditions, term


def test_the_axes_a_given_rests_on():
    m = model()
    whole = Functional(m, None)
    assert whole.value(E(mul(X, Y)), {}).axes == (0, 1)
    whole.value(E(Y, X), {})
    assert whole.conditioning == {0}
    assert number(1)
