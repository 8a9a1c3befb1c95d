"""Closed forms: sums of powers of an index, geometric sums, squares of |x| and of max(a, b)."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import comb
from typing import Any

from derive.kernel.monomials import Factor, Ix, Poly, Powers, indices_of

Span = tuple[Ix, Ix]


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


def closed_power_sum(span: Span, exponent: int) -> Poly:
    """Σ i^exponent over the range."""
    from derive.kernel.algebra import index_value, power
    from derive.kernel.monomials import ONE, ZERO

    ends = (index_value(span[1]), index_value(span[0]) - ONE)
    upper, lower = (sum((power(end, k).scale(c) for k, c in enumerate(power_sum(exponent)) if c), ZERO) for end in ends)
    return upper - lower


def closing_rule(powers: Powers, name: str) -> str | None:
    """The rule that sums a monomial over the index of that name, if one does: it stands as a number, or in exponents."""
    with_it = [f for f, _ in powers if any(i[0] == name for i in indices_of(f))]
    if with_it == [("v", (name, 0))]:
        return "sum-of-powers"
    return "geometric-sum" if with_it and all(is_power_of(f, name) for f in with_it) else None


def geometric_closed(
    plain: dict[Factor, Any], bounds: list[tuple[str, Span]]
) -> tuple[dict[Factor, Any], list[Poly], list[tuple[str, Span]]] | None:
    """The other factors, the closed sum and the other bounds, where one bound index only stands in exponents."""
    from derive.kernel.algebra import index_value

    if not any(f[0] == "x" for f in plain):
        return None
    ends = {ix[0] for _, span in bounds for ix in span}
    for name, (low, high) in bounds:
        raised = {f: e for f, e in plain.items() if any(ix[0] == name for ix in indices_of(f))}
        if raised and name not in ends:
            closed = geometric_sum(raised, name, index_value(low), index_value(high))
            if closed is not None:
                return (
                    {f: e for f, e in plain.items() if f not in raised},
                    [closed],
                    [b for b in bounds if b[0] != name],
                )
    return None


def is_power_of(factor: Factor, name: str) -> bool:
    """Whether a factor is r^i for the index i of that name, where i does not stand in r."""
    index: Poly = Poly({(((("v", (name, 0)), 1),), ()): 1})
    return factor[0] == "x" and factor[2] == index and name not in {ix[0] for ix in factor[1].free}


def geometric_sum(powers: dict[Factor, Any], name: str, low: Poly, high: Poly) -> Poly | None:
    """Σ over the index of that name, from `low` to `high`, of a product of powers r^(i·e): (ρ^low − ρ^(high+1)) / (1 − ρ).

    ρ is the product of the r^e, and not 1; where all e are negative the sum runs the other way.  None for other factors.
    """
    from derive.kernel.algebra import multiply, power, symbolic_power
    from derive.kernel.monomials import ONE

    exponents = list(powers.values())
    signs = {e > 0 for e in exponents if isinstance(e, int) and e}
    if len(signs) != 1 or not all(isinstance(e, int) and is_power_of(f, name) for f, e in powers.items()):
        return None
    first, last = (low, high + ONE) if True in signs else (-high, ONE - low)
    ratio = start = end = ONE
    for factor, exponent in powers.items():
        base, times = factor[1], abs(exponent)
        ratio = multiply(ratio, power(base, times))
        start = multiply(start, symbolic_power(base, first.scale(times)))
        end = multiply(end, symbolic_power(base, last.scale(times)))
    return None if ratio == ONE else multiply(start - end, power(ONE - ratio, -1))


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
