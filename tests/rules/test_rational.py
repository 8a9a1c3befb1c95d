"""Fractions of polynomials: equal value, lowest terms, bounded size."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.language.terms import Add, IndexValue, Mul, Number, Pow, Symbol, Term, number
from derive.rules.compare import same
from derive.rules.construct import ONE, integer_power, minus, plus, power, times
from derive.rules.rational import divided, simplified
from tests.rules.world import a, b, n, v

VALUES = {a: Fraction(3, 7), b: Fraction(-5, 2), v: Fraction(11), n: Fraction(13, 3)}


def value(term: Term) -> Fraction:
    match term:
        case Number(number_):
            return number_
        case Symbol() | IndexValue():
            return VALUES[term]
        case Add(args):
            return sum(map(value, args), Fraction(0))
        case Mul(args):
            result = Fraction(1)
            for arg in args:
                result *= value(arg)
            return result
        case Pow():
            base, exponent = integer_power(term)
            return value(base) ** exponent
    raise TypeError(term)


@pytest.mark.parametrize(
    ("term", "simple"),
    [
        (times(power(minus(n, ONE), -1), minus(times(n, a), a)), a),
        (plus(times(power(n, -1), a), times(power(n, -1), minus(n, ONE), a)), a),
        (minus(power(plus(a, b), 2), power(minus(a, b), 2)), times(number(4), a, b)),
        (minus(a, a), number(0)),
        (times(minus(power(a, 2), power(b, 2)), power(plus(a, b), -1)), minus(a, b)),
    ],
)
def test_known_fractions(term, simple):
    assert same(simplified(term), simple)


LEAVES = st.sampled_from([a, b, n, v, number(2), number(Fraction(-1, 3))])


def larger(smaller):
    pairs = st.tuples(smaller, smaller)
    inverse = smaller.filter(lambda t: not isinstance(t, Number) or t.value).map(lambda t: power(t, -1))
    return st.one_of(pairs.map(lambda p: plus(*p)), pairs.map(lambda p: times(*p)), inverse)


@settings(max_examples=60)
@given(st.recursive(LEAVES, larger, max_leaves=8))
def test_the_value_stays(term):
    try:
        before = value(term)
    except ZeroDivisionError:
        return
    after = simplified(term)
    assert after is None or value(after) == before


def test_too_large_is_refused():
    total = plus(*(Symbol(f"a_{k}") for k in range(40)))
    assert simplified(power(total, 6)) is None


def test_division_that_leaves_a_rest():
    assert divided({(1,): Fraction(1)}, {(1,): Fraction(1), (0,): Fraction(1)}) is None
