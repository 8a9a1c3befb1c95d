from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.witnesses.field import HALF, PRIME, Degenerate, PrimeField, RationalField, Unmodelled, root

PRIMES = PrimeField()
numbers = st.fractions(-1000, 1000, max_denominator=1000).filter(bool)


def test_the_prime_is_what_it_is_said_to_be():
    assert PRIME.bit_length() == 61
    assert PRIME % 4 == 3
    assert PRIME == 2 * HALF + 1
    assert all(pow(a, PRIME - 1, PRIME) == 1 and pow(a, HALF - 1, HALF) == 1 for a in (2, 3, 5, 7, 11, 13))
    assert all(PRIMES.positive(k) for k in range(1, 31))
    assert not any(PRIMES.positive(-k) for k in range(1, 31))


@given(numbers, numbers)
def test_fractions_embed(a, b):
    of = PRIMES.of
    assert PRIMES.equal(of(a) + of(b), of(a + b))
    assert PRIMES.equal(of(a) * of(b), of(a * b))
    assert PRIMES.equal(PRIMES.inverse(of(a)), of(1 / a))


@given(st.integers(1, 29), st.integers(1, 29))
def test_roots_keep_products(a, b):
    half = Fraction(1, 2)
    both = PRIMES.power(a, half) * PRIMES.power(b, half)
    assert PRIMES.equal(both, PRIMES.power(a * b, half))
    assert PRIMES.equal(PRIMES.power(a * a, half), a)


def test_there_is_one_root_or_none():
    assert root(Fraction(4, 9), 2) == Fraction(2, 3)
    for field in (PRIMES, RationalField()):
        with pytest.raises(Degenerate):
            field.power(field.of(-4), Fraction(1, 2))
        with pytest.raises(Degenerate):
            field.inverse(field.of(0))


def test_whole_numbers_are_recognised():
    assert PRIMES.whole(PRIMES.of(-7)) == -7
    with pytest.raises(Unmodelled):
        PRIMES.whole(PRIMES.of(Fraction(1, 2)))
    with pytest.raises(Unmodelled):
        RationalField().whole(Fraction(1, 2))
