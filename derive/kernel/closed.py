"""Closed forms: sums of powers of an index, squares of |x| and of max(a, b)."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import comb
from typing import Any

from derive.kernel.monomials import Factor, Poly


@cache
def power_sum(exponent: int) -> tuple[Fraction, ...]:
    """Coefficients c_0, c_1, … of Σ_{i=1}^{n} i^exponent as a polynomial in n.

    >>> [str(c) for c in power_sum(2)]
    ['0', '1/6', '1/2', '1/3']
    """
    # (n+1)^(k+1) − 1 = Σ_j binom(k+1, j) Σ_i i^j, j = 0..k, solved for the last sum
    result = [Fraction(comb(exponent + 1, j)) for j in range(exponent + 2)]
    result[0] -= 1
    for j in range(exponent):
        for place, number in enumerate(power_sum(j)):
            result[place] -= comb(exponent + 1, j) * number
    return tuple(c / (exponent + 1) for c in result)


def square_of(factor: Factor) -> tuple[Poly, Poly] | None:
    """(p, q) with factor² = p·factor + q: |x|² = x², max(a, b)² = (a + b) max(a, b) − ab; None for other factors."""
    from derive.kernel.algebra import multiply
    from derive.kernel.monomials import ZERO

    match factor:
        case ("f", "abs", 0, (arg,), ()):
            return ZERO, multiply(arg, arg)
        case ("f", "max", 0, (a, b), ()):
            return a + b, -multiply(a, b)
    return None


def folded(factor: Factor, exponent: Any) -> Poly | None:
    """A whole power of |x| or max(a, b) with the factor left once at most; None where nothing is to be done."""
    from derive.kernel.algebra import build, multiply, power

    if not isinstance(exponent, int) or exponent < 2:
        return None
    square = square_of(factor)
    if square is None:
        return None
    slope, rest = square
    once = build([(factor, 1)], [])
    whole = multiply(slope, once) + rest
    result = power(whole, exponent // 2)
    return multiply(result, once) if exponent % 2 else result
