"""Mean, variance and raw moments of the families, as terms in their parameters.

The rules' own table, apart from the kernel's, so that each checks the other.
Parameters are in the order of `derive.language.facts.Distributed`.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial

from derive.language.terms import SCALAR, Diagonal, Term, number
from derive.rules.construct import ONE, ZERO, is_zero, minus, plus, power, times, transposed

Parameters = tuple[Term, ...]


def family_mean(family: str, parameters: Parameters) -> Term | None:
    """Mean of a family; None when it is not in the table."""
    match family, parameters:
        case ("Normal" | "Moments" | "Laplace", (centre, *_)):
            return centre
        case ("MatrixNormal", (centre, *_)):
            return centre
        case ("Bernoulli" | "Poisson", (p,)):
            return p
        case ("Categorical", (p,)):
            return p
        case ("Rademacher", _):
            return ZERO
        case ("Finite", _):
            return _finite(parameters, 1)
        case ("Uniform", (a, b)):
            return times(number(Fraction(1, 2)), plus(a, b))
        case ("Exponential", (rate,)):
            return power(rate, -1)
        case ("Binomial" | "Multinomial", (n, p)):
            return times(n, p)
        case ("Gamma", (shape, rate)):
            return times(shape, power(rate, -1))
        case ("Beta", (a, b)):
            return times(a, power(plus(a, b), -1))
    return None


def family_variance(family: str, parameters: Parameters) -> Term | None:
    """Variance, or covariance matrix of a vector; None when it is not in the table."""
    match family, parameters:
        case ("Normal" | "Moments", (_, spread)):
            return spread
        case ("Bernoulli", (p,)):
            return times(p, minus(ONE, p))
        case ("Poisson", (rate,)):
            return rate
        case ("Rademacher", _):
            return ONE
        case ("Finite", _):
            return minus(_finite(parameters, 2), power(_finite(parameters, 1), 2))
        case ("Uniform", (a, b)):
            return times(number(Fraction(1, 12)), power(minus(b, a), 2))
        case ("Exponential", (rate,)):
            return power(rate, -2)
        case ("Laplace", (_, scale)):
            return times(number(2), power(scale, 2))
        case ("Binomial", (n, p)):
            return times(n, p, minus(ONE, p))
        case ("Gamma", (shape, rate)):
            return times(shape, power(rate, -2))
        case ("Beta", (a, b)):
            total = plus(a, b)
            return times(a, b, power(total, -2), power(plus(total, ONE), -1))
        case ("Categorical", (p,)) if p.shape != SCALAR:
            return minus(Diagonal(p), times(p, transposed(p)))
        case ("Multinomial", (n, p)) if p.shape != SCALAR:
            return times(n, minus(Diagonal(p), times(p, transposed(p))))
    return None


def family_moment(family: str, parameters: Parameters, order: int) -> Term | None:
    """Raw moment E[X^order] of a scalar variable; None when it is not in the table or the order is above 12."""
    if not 1 <= order <= 12 or any(p.shape != SCALAR for p in parameters):
        return None
    match family, parameters:
        case ("Bernoulli", (p,)):
            return p
        case ("Finite", _):
            return _finite(parameters, order)
        case ("Rademacher", _):
            return ONE if order % 2 == 0 else ZERO
        case ("Exponential", (rate,)):
            return times(number(factorial(order)), power(rate, -order))
        case ("Normal", (centre, spread)):
            return plus(*(_normal_part(centre, spread, order, j) for j in range(order // 2 + 1)))
        case ("Uniform", (a, b)):
            pieces = [times(power(a, k), power(b, order - k)) for k in range(order + 1)]
            return times(number(Fraction(1, order + 1)), plus(*pieces))
        case ("Poisson", (rate,)):
            return plus(*(times(number(_stirling(order, k)), power(rate, k)) for k in range(1, order + 1)))
        case ("Laplace", (centre, scale)):
            return plus(*(_laplace_part(centre, scale, order, k) for k in range(0, order + 1, 2)))
    return None


def _finite(parameters: Parameters, order: int) -> Term:
    half = len(parameters) // 2
    pairs = zip(parameters[:half], parameters[half:], strict=True)
    return plus(*(times(power(v, order), p) for v, p in pairs if not is_zero(v)))


def _normal_part(centre: Term, spread: Term, order: int, pairs: int) -> Term:
    """The pairings with `pairs` pairs: binom(order, 2 pairs) (2 pairs − 1)!! σ^(2 pairs) μ^(order − 2 pairs)."""
    rest = order - 2 * pairs
    if rest and is_zero(centre):
        return ZERO
    ways = comb(order, 2 * pairs) * factorial(2 * pairs) // (2**pairs * factorial(pairs))
    return times(number(ways), power(spread, pairs), power(centre, rest))


def _laplace_part(centre: Term, scale: Term, order: int, k: int) -> Term:
    rest = order - k
    if rest and is_zero(centre):
        return ZERO
    return times(number(comb(order, k) * factorial(k)), power(scale, k), power(centre, rest))


def _stirling(n: int, k: int) -> int:
    """Stirling number of the second kind."""
    return sum((-1) ** j * comb(k, j) * (k - j) ** n for j in range(k + 1)) // factorial(k)
