"""The two exact number fields of the finite models: integers modulo a prime, and fractions.

Prime models give the verdict, fast; fractions give the counterexample that people read.  The prime is a safe
one, p = 2q + 1 with p = 3 (mod 4), in which every prime up to 29 is a square.  So the squares behave like the
positive numbers under products: exactly one of x and -x is a square, each square has exactly one root that is
itself a square, and `sqrt` keeps products.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from random import Random
from typing import Any

PRIME = 2305843009213542959
HALF = (PRIME - 1) // 2
LONGEST_NUMBER = 20_000  # bits of a power that is written out
LARGEST_WHOLE = 1000  # numbers above are not taken for exponents or counts
DRAWN_BITS = 60  # elements are drawn among 1..2^60: that many values bound the chance of a false agreement


class Degenerate(Exception):
    """This draw does not work (a division by zero, no root, no solution): another one may."""


class Misfit(Degenerate):
    """No draw works with these dimensions: others may."""


class Unmodelled(Exception):
    """No finite model can express this; the message names it."""


class TooLarge(Exception):
    """The product space of this draw has too many outcomes."""


class PrimeField:
    """Integers modulo `PRIME`; elements are Python integers, reduced only after products.

    `pool`: draws are taken from these few numbers, so that different draws collide; all elements when it is empty.
    """

    modulus = PRIME
    ordered = False

    def __init__(self, pool: tuple[int, ...] = ()):
        self.pool = pool

    @property
    def generic(self) -> PrimeField:
        """The same field with all elements to draw from."""
        return PrimeField() if self.pool else self

    def of(self, value: Fraction | int) -> int:
        value = Fraction(value)
        if value.denominator == 1:
            return value.numerator % PRIME
        return value.numerator * pow(value.denominator, -1, PRIME) % PRIME

    def inverse(self, x: int) -> int:
        x %= PRIME
        if not x:
            raise Degenerate("division by zero")
        return pow(x, -1, PRIME)

    def equal(self, x: int, y: int) -> bool:
        return (x - y) % PRIME == 0

    def reduced(self, x: int) -> int:
        return x % PRIME

    def power(self, x: int, exponent: Fraction) -> int:
        """x to a rational power; roots exist for squares only, and are squares.

        >>> field = PrimeField()
        >>> root = field.power(6, Fraction(1, 2))
        >>> root * root % PRIME, field.power(2, Fraction(1, 2)) * field.power(3, Fraction(1, 2)) % PRIME == root
        (6, True)
        """
        x %= PRIME
        if exponent.denominator == 1:
            if not x and exponent < 0:
                raise Degenerate("division by zero")
            return pow(x, exponent.numerator, PRIME)
        if not self.positive(x):
            raise Degenerate("no root")
        return pow(x, exponent.numerator * pow(exponent.denominator, -1, HALF) % HALF, PRIME)

    def positive(self, x: int) -> bool:
        return pow(x, HALF, PRIME) == 1

    def whole(self, x: int) -> int:
        """The small integer that x stands for."""
        x %= PRIME
        x = x - PRIME if x > HALF else x
        if abs(x) > LARGEST_WHOLE:
            raise Unmodelled("an exponent that is not a whole number")
        return x

    def draw(self, rng: Random, sign: str = "") -> int:
        if self.pool:
            return rng.choice(_positive(self.pool) if sign == "positive" else self.pool)
        x = rng.getrandbits(DRAWN_BITS) + 1
        return x * x % PRIME if sign == "positive" else x


class RationalField:
    """Fractions; draws are small numbers that can be followed by hand, or those of the `pool`."""

    modulus = 0
    ordered = True

    def __init__(self, pool: tuple[int, ...] = ()):
        self.pool = pool

    @property
    def generic(self) -> RationalField:
        return RationalField() if self.pool else self

    def of(self, value: Fraction | int) -> Fraction:
        return Fraction(value)

    def inverse(self, x: Fraction | int) -> Fraction:
        if not x:
            raise Degenerate("division by zero")
        return 1 / Fraction(x)

    def equal(self, x: Fraction, y: Fraction) -> bool:
        return x == y

    def reduced(self, x: Fraction) -> Fraction:
        return x

    def power(self, x: Fraction, exponent: Fraction) -> Fraction:
        """x to a rational power, where that is rational.

        >>> RationalField().power(Fraction(4, 9), Fraction(3, 2))
        Fraction(8, 27)
        """
        x = Fraction(x)
        if exponent.denominator > 1:
            x = root(x, exponent.denominator)
        if not x and exponent < 0:
            raise Degenerate("division by zero")
        longest = max(x.numerator.bit_length(), x.denominator.bit_length())
        if longest * abs(exponent.numerator) > LONGEST_NUMBER and x not in (-1, 0, 1):
            raise Degenerate("a power that is too large to be written")
        return x**exponent.numerator

    def positive(self, x: Fraction) -> bool:
        return x > 0

    def whole(self, x: Fraction) -> int:
        if Fraction(x).denominator != 1:
            raise Unmodelled("an exponent that is not a whole number")
        if abs(x) > LARGEST_WHOLE:
            raise Unmodelled("a whole number that is too large")
        return int(x)

    def draw(self, rng: Random, sign: str = "") -> Fraction:
        positive = sign == "positive"
        if self.pool:
            return Fraction(rng.choice(_positive(self.pool) if positive else self.pool))
        return Fraction(rng.choice((1, 2, 3, 4, 1, 2) if positive else (-2, -1, 0, 1, 2, 3, 1, 2)))


def _positive(pool: tuple[int, ...]) -> tuple[int, ...]:
    """Small positive numbers (all of them squares in the prime field), as many as the pool has sizes."""
    return tuple(sorted({abs(x) for x in pool} - {0} | {1, 2}))


def root(x: Fraction, degree: int) -> Fraction:
    """The exact non-negative root of a fraction.

    >>> root(Fraction(8, 27), 3)
    Fraction(2, 3)
    """
    if x < 0:
        raise Degenerate("no root")
    return Fraction(_whole_root(x.numerator, degree), _whole_root(x.denominator, degree))


def _whole_root(n: int, degree: int) -> int:
    guess = isqrt(n) if degree == 2 else round(n ** (1 / degree))
    if guess**degree != n:
        raise Degenerate("no rational root")
    return guess


Field = Any  # a PrimeField or a RationalField: the same methods, other elements
