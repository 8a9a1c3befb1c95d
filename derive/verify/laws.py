"""Moments of the named distributions: E[x^k] for a member of a family of laws, from the parameters."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial, perm

from derive.verify.polynomials import Algebra, Poly
from derive.verify.refusal import Refused

Law = Callable[[Algebra, int, list[Poly]], Poly]


def _sum(a: Algebra, parts: list[tuple[int | Fraction, list[tuple[Poly, int]]]]) -> Poly:
    """Σ number · Π polynomial^exponent."""
    out = []
    for number, powers in parts:
        term = a.number(number)
        for base, exponent in powers:
            term = a.times(term, a.power(base, Fraction(exponent)))
        out.append(term)
    return a.added(out)


def _from(a: Algebra, base: Poly, count: int, step: int) -> Poly:
    """base (base + step) (base + 2 step) …, `count` factors."""
    result = a.number(1)
    for k in range(count):
        result = a.times(result, a.added([base, a.number(k * step)]))
    return result


def _subsets(k: int, parts: int) -> int:
    """In how many ways a set of k things is divided into so many parts: Stirling numbers of the second kind."""
    total: int = sum((-1) ** j * comb(parts, j) * (parts - j) ** k for j in range(parts + 1))
    return total // factorial(parts)


def _normal(a: Algebra, k: int, p: list[Poly]) -> Poly:
    pairs = range(k // 2 + 1)
    return _sum(a, [(perm(k, 2 * j) // (2**j * factorial(j)), [(p[1], j), (p[0], k - 2 * j)]) for j in pairs])


def _mean_and_variance(a: Algebra, k: int, p: list[Poly]) -> Poly:
    if k > 2:
        raise Refused("of this law only the mean and the variance are known")
    return _normal(a, k, p)


def _uniform(a: Algebra, k: int, p: list[Poly]) -> Poly:
    return _sum(a, [(Fraction(1, k + 1), [(p[0], j), (p[1], k - j)]) for j in range(k + 1)])


def _poisson(a: Algebra, k: int, p: list[Poly]) -> Poly:
    return _sum(a, [(_subsets(k, j), [(p[0], j)]) for j in range(k + 1)])


def _binomial(a: Algebra, k: int, p: list[Poly]) -> Poly:
    falling = [_from(a, p[0], j, -1) for j in range(k + 1)]
    return _sum(a, [(_subsets(k, j), [(falling[j], 1), (p[1], j)]) for j in range(k + 1)])


def _gamma(a: Algebra, k: int, p: list[Poly]) -> Poly:
    return a.times(_from(a, p[0], k, 1), a.power(p[1], Fraction(-k)))


def _beta(a: Algebra, k: int, p: list[Poly]) -> Poly:
    below = [a.added([p[0], p[1], a.number(j)]) for j in range(k)]
    result = _from(a, p[0], k, 1)
    for base in below:
        result = a.times(result, a.power(base, Fraction(-1)))
    return result


def _laplace(a: Algebra, k: int, p: list[Poly]) -> Poly:
    return _sum(a, [(perm(k, 2 * j), [(p[1], 2 * j), (p[0], k - 2 * j)]) for j in range(k // 2 + 1)])


def _finite(a: Algebra, k: int, p: list[Poly]) -> Poly:
    half = len(p) // 2
    return _sum(a, [(1, [(p[j], k), (p[half + j], 1)]) for j in range(half)])


LAWS: dict[str, tuple[int, Law]] = {
    "Normal": (2, _normal),
    "Moments": (2, _mean_and_variance),
    "Bernoulli": (1, lambda a, k, p: p[0]),
    "Uniform": (2, _uniform),
    "Exponential": (1, lambda a, k, p: _sum(a, [(factorial(k), [(p[0], -k)])])),
    "Poisson": (1, _poisson),
    "Binomial": (2, _binomial),
    "Gamma": (2, _gamma),
    "Beta": (2, _beta),
    "Laplace": (2, _laplace),
    "Rademacher": (0, lambda a, k, p: a.number(1 - k % 2)),
    "Finite": (0, _finite),
}


def moment(algebra: Algebra, family: str, order: int, parameters: list[Poly]) -> Poly:
    """E[x^order] of a scalar law."""
    count, law = LAWS.get(family, (-1, _finite))
    if count < 0 or (count and len(parameters) != count) or len(parameters) > 40:
        raise Refused(f"the law {family} is not covered")
    return law(algebra, order, parameters)
