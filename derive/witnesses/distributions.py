"""Raw moments and finite supports of the declared distributions, over any field.

Parameters are entries (numbers, or `Rand` for hierarchical models), so everything is written with the space's
own arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from derive.witnesses.field import Degenerate, Unmodelled
from derive.witnesses.spaces import Entry, Rand, Space

DISCRETE = frozenset({"Bernoulli", "Rademacher", "Binomial", "Categorical", "Multinomial", "Finite"})
UNMODELLED = frozenset(
    {"Dirichlet", "Wishart", "LogNormal", "InverseGamma", "DiscreteUniform", "Unknown"}
)  # of which no finite model is built
CONTINUOUS = frozenset({"Uniform", "Exponential", "Poisson", "Gamma", "Beta", "Laplace", "Normal"})
LARGEST_COUNT = 4


def count_of(space: Space, entry: Entry) -> int:
    """The number of trials, which must be a small whole number."""
    if isinstance(entry, Rand):
        raise Unmodelled("a random number of trials")
    n = space.field.whole(entry)
    if not 1 <= n <= LARGEST_COUNT:
        raise Degenerate("a number of trials that is too large for a finite model")
    return n


def support(family: str, parameters: list[Any], shape: tuple[int, int], space: Space) -> list[list[list[Any]]]:
    """All values (as matrices) of a discrete distribution."""
    of = space.field.of
    if family == "Bernoulli":
        values: list[Any] = [[of(0)], [of(1)]]
    elif family == "Rademacher":
        values = [[of(-1)], [of(1)]]
    elif family == "Finite":
        values = [[x] for x in _listed(parameters, space)]
    elif family == "Binomial":
        values = [[of(k)] for k in range(count_of(space, parameters[0][0][0]) + 1)]
    elif shape == (1, 1):
        values = [[of(k + 1)] for k in range(len(parameters[-1]))]
    else:
        n = 1 if family == "Categorical" else count_of(space, parameters[0][0][0])
        values = [[of(k) for k in counts] for counts in product(range(n + 1), repeat=shape[0]) if sum(counts) == n]
    return [[[x] for x in value] for value in values]


def discrete_rows(family: str, parameters: list[Any], value: list[list[Entry]], space: Space) -> Iterator[Entry]:
    """Quantities whose means vanish exactly when a value on the support has the distribution."""
    flat = [x for row in value for x in row]
    if family == "Rademacher":
        yield flat[0]
    elif family == "Finite":
        half = len(parameters) // 2
        for value, chance in zip(_listed(parameters, space), parameters[half:], strict=True):
            yield space.add(_equals(flat[0], value, space), space.negate(chance[0][0]))
    elif family in ("Bernoulli", "Binomial"):
        n = count_of(space, parameters[0][0][0]) if family == "Binomial" else 1
        yield from _falling_rows(flat[0], n, parameters[-1][0][0], space)
    elif len(flat) == 1:
        for k, row in enumerate(parameters[-1], 1):
            yield space.add(_equals(flat[0], space.field.of(k), space), space.negate(row[0]))
    else:
        n = count_of(space, parameters[0][0][0]) if family == "Multinomial" else 1
        yield from _multinomial_rows(flat, n, [row[0] for row in parameters[-1]], space)


def _falling_rows(x: Entry, n: int, p: Entry, space: Space) -> Iterator[Entry]:
    """E[x(x-1)…(x-k+1)] = n(n-1)…(n-k+1) pᵏ for k = 1..n."""
    falling, target = space.field.of(1), space.field.of(1)
    for k in range(n):
        falling = space.mul(falling, space.add(x, space.field.of(-k)))
        target = space.mul(space.mul(target, p), space.field.of(n - k))
        yield space.add(falling, space.negate(target))


def _listed(parameters: list[Any], space: Space) -> list[Any]:
    """The values of a finite law, which must be numbers that differ."""
    values = [p[0][0] for p in parameters[: len(parameters) // 2]]
    if any(isinstance(v, Rand) for v in values):
        raise Unmodelled("random values with fixed probabilities")
    if any(space.field.equal(a, b) for k, a in enumerate(values) for b in values[:k]):
        raise Degenerate("values of a finite law that coincide")
    return values


def _equals(x: Entry, value: Any, space: Space) -> Entry:
    field = space.field
    return space.apply(lambda v: field.of(1) if field.equal(v, value) else field.of(0), x)


def _multinomial_rows(flat: list[Entry], n: int, p: list[Entry], space: Space) -> Iterator[Entry]:
    """The probability of every vector of counts."""
    for counts in product(range(n + 1), repeat=len(flat)):
        if sum(counts) != n:
            continue
        hit, target, ways = space.field.of(1), space.field.of(1), _multinomial(counts)
        for x, k, q in zip(flat, counts, p, strict=False):
            hit = space.mul(hit, _equals(x, space.field.of(k), space))
            for _ in range(k):
                target = space.mul(target, q)
        yield space.add(hit, space.negate(space.mul(space.field.of(ways), target)))


def _multinomial(counts: tuple[int, ...]) -> int:
    ways, total = 1, 0
    for k in counts:
        for j in range(1, k + 1):
            total += 1
            ways = ways * total // j
    return ways


def raw_moments(family: str, parameters: list[Any], degree: int, space: Space) -> list[Entry]:
    """E[X], …, E[X^degree] of a scalar distribution."""
    flat = [p[0][0] for p in parameters]
    return _MOMENTS[family](flat, degree, space)


def _normal(p: list[Entry], degree: int, space: Space) -> list[Entry]:
    moments = [space.field.of(1), p[0]]
    for k in range(2, degree + 1):
        spread = space.mul(space.mul(space.field.of(k - 1), p[1]), moments[k - 2])
        moments.append(space.add(space.mul(p[0], moments[k - 1]), spread))
    return moments[1 : degree + 1]


def _uniform(p: list[Entry], degree: int, space: Space) -> list[Entry]:
    """E[X^k] = (1 / (k + 1)) Σ a^i b^(k-i)."""
    of = space.field.of
    found = []
    for k in range(1, degree + 1):
        total: Entry = of(0)
        for i in range(k + 1):
            total = space.add(total, space.mul(space.power(p[0], Fraction(i)), space.power(p[1], Fraction(k - i))))
        found.append(space.mul(of(Fraction(1, k + 1)), total))
    return found


def _rising(first: Entry, rate: Entry, degree: int, space: Space) -> list[Entry]:
    """E[X^k] = a (a+1) … (a+k-1) / rate^k: the Gamma distribution."""
    of = space.field.of
    moment, found = of(1), []
    scale = space.power(rate, Fraction(-1))
    for k in range(degree):
        moment = space.mul(space.mul(moment, space.add(first, of(k))), scale)
        found.append(moment)
    return found


def _poisson(p: list[Entry], degree: int, space: Space) -> list[Entry]:
    """Touchard polynomials: E[X^(k+1)] = rate Σ_j C(k, j) E[X^j]."""
    of = space.field.of
    moments: list[Entry] = [of(1)]
    row = [1]
    for _ in range(degree):
        total: Entry = of(0)
        for coefficient, moment in zip(row, moments, strict=False):
            total = space.add(total, space.mul(of(coefficient), moment))
        moments.append(space.mul(p[0], total))
        row = [1, *(a + b for a, b in pairwise(row)), 1]
    return moments[1:]


def _beta(p: list[Entry], degree: int, space: Space) -> list[Entry]:
    of = space.field.of
    moment, found, both = of(1), [], space.add(p[0], p[1])
    for k in range(degree):
        ratio = space.mul(space.add(p[0], of(k)), space.power(space.add(both, of(k)), Fraction(-1)))
        moment = space.mul(moment, ratio)
        found.append(moment)
    return found


def _laplace(p: list[Entry], degree: int, space: Space) -> list[Entry]:
    """Binomial expansion of (location + scale · Z)^k with E[Z^j] = j! for even j."""
    of = space.field.of
    found = []
    for k in range(1, degree + 1):
        total: Entry = of(0)
        ways = 1  # k! / (k - j)!  =  C(k, j) j!
        for j in range(k + 1):
            if j % 2 == 0:
                powers = space.mul(space.power(p[0], Fraction(k - j)), space.power(p[1], Fraction(j)))
                total = space.add(total, space.mul(of(ways), powers))
            ways *= k - j
        found.append(total)
    return found


_MOMENTS = {
    "Normal": _normal,
    "Uniform": _uniform,
    "Exponential": lambda p, degree, space: _rising(space.field.of(1), p[0], degree, space),
    "Gamma": lambda p, degree, space: _rising(p[0], p[1], degree, space),
    "Poisson": _poisson,
    "Beta": _beta,
    "Laplace": _laplace,
}


def normal_product(places: tuple[int, ...], covariance: list[list[Entry]], space: Space) -> Entry:
    """Isserlis: the mean of a product of centred jointly normal components."""
    if not places:
        return space.field.of(1)
    if len(places) % 2:
        return space.field.of(0)
    first, rest = places[0], places[1:]
    total: Entry = space.field.of(0)
    for k, other in enumerate(rest):
        pair = covariance[first][other]
        if pair if not isinstance(pair, Rand) else True:
            total = space.add(total, space.mul(pair, normal_product(rest[:k] + rest[k + 1 :], covariance, space)))
    return total


def grid(family: str, parameters: list[Any]) -> list[Fraction]:
    """Rational places from which a distribution's first moments can be matched with non-negative weights."""
    p = [Fraction(x[0][0]) for x in parameters if not isinstance(x[0][0], Rand)]
    if len(p) < len(parameters):
        return [Fraction(k) for k in range(-4, 5)]
    if family == "Normal":
        return [p[0] + Fraction(k) for k in range(-5, 6)] if p[1] <= 4 else [p[0] + 2 * k for k in range(-6, 7)]
    if family == "Uniform":
        return [p[0] + (p[1] - p[0]) * Fraction(k, 8) for k in range(9)]
    if family == "Beta":
        return [Fraction(k, 12) for k in range(13)]
    if family == "Laplace":
        return [p[0] + p[1] * k for k in range(-9, 10)]
    if family == "Poisson":
        return [Fraction(k) for k in range(13)]
    rate = p[-1]
    return [Fraction(k) / rate for k in range(16)]
