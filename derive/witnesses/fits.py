"""Whether the values of a finite model follow a law: exactly, or in the moments that matter."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product
from math import comb, factorial
from typing import Any

from derive.language.facts import Distributed

Law = dict[Any, Fraction]


def flip(m: Any) -> Any:
    return [list(c) for c in zip(*m, strict=False)]


def definite(m: Any, strict: bool) -> bool:
    """Symmetric with all leading (strict) or all principal minors positive (non-negative)."""
    if m != flip(m):
        return False
    n = len(m)
    sets = (
        [tuple(range(k + 1)) for k in range(n)]
        if strict
        else [c for k in range(n) for c in combinations(range(n), k + 1)]
    )
    minors = [_minor([[m[i][j] for j in c] for i in c]) for c in sets]
    return all(x > 0 if strict else x >= 0 for x in minors)


def _minor(m: Any) -> Fraction:
    if len(m) == 1:
        return m[0][0]
    return sum((-1) ** j * x * _minor([row[:j] + row[j + 1 :] for row in m[1:]]) for j, x in enumerate(m[0]))


def fits(given: Distributed, values: Law, parameters: tuple[Any, ...], degree: int) -> bool:
    scalar = len(next(iter(values))) == len(next(iter(values))[0]) == 1
    flat = [p[0][0] for p in parameters]
    if given.family in EXACT:
        expected = EXACT[given.family](flat, [row[0] for row in parameters[-1]] if parameters else [], scalar)
        found = {tuple(x for row in v for x in row): p for v, p in values.items()}
        return {k: p for k, p in expected.items() if p} == found and all(p >= 0 for p in expected.values())
    if not _sensible(given.family, flat):
        return False
    if given.family in ("Normal", "Moments", "MatrixNormal"):
        return _gaussian(given.family, values, parameters, degree if given.family != "Moments" else 2)
    moments = ((k, sum(p * v[0][0] ** k for v, p in values.items())) for k in range(1, degree + 1))
    return scalar and all(found == MOMENTS[given.family](flat, k) for k, found in moments)


def _sensible(family: str, p: list[Fraction]) -> bool:
    if family in ("Exponential", "Poisson", "Gamma", "Beta"):
        return all(x > 0 for x in p)
    if family == "Laplace":
        return p[1] > 0
    return p[0] < p[1] if family == "Uniform" else True


def _gaussian(family: str, values: Law, parameters: tuple[Any, ...], degree: int) -> bool:
    mean = [x for row in parameters[0] for x in row]
    cov = [list(r) for r in parameters[1]]
    if family == "MatrixNormal":
        cov = [[a * b for a in r for b in s] for r in parameters[1] for s in parameters[2]]
    if not definite(cov, False):
        return False
    for order in range(1, degree + 1):
        for places in combinations_with_replacement(range(len(mean)), order):
            found = Fraction(0)
            for value, p in values.items():
                flat = [x - m for x, m in zip((x for row in value for x in row), mean, strict=False)]
                for k in places:
                    p *= flat[k]
                found += p
            if found != _pairings(places, cov):
                return False
    return True


def _pairings(places: tuple[int, ...], cov: Any) -> Fraction:
    if not places:
        return Fraction(1)
    head, *rest = places
    return sum(
        (cov[head][other] * _pairings((*rest[:k], *rest[k + 1 :]), cov) for k, other in enumerate(rest)), Fraction(0)
    )


def _binomial(p: list[Fraction], _: Any, __: bool) -> Law:
    n = int(p[0])
    return {(Fraction(k),): comb(n, k) * p[1] ** k * (1 - p[1]) ** (n - k) for k in range(n + 1)}


def _categorical(_: list[Fraction], q: list[Fraction], scalar: bool) -> Law:
    if sum(q) != 1:
        return {}
    if scalar:
        return {(Fraction(k + 1),): p for k, p in enumerate(q)}
    return {tuple(Fraction(int(i == k)) for i in range(len(q))): p for k, p in enumerate(q)}


def _finite(p: list[Fraction], _: Any, __: bool) -> Law:
    half = len(p) // 2
    return dict(zip(((v,) for v in p[:half]), p[half:], strict=True)) if sum(p[half:]) == 1 else {}


def _multinomial(p: list[Fraction], q: list[Fraction], _: bool) -> Law:
    n = int(p[0])
    if sum(q) != 1:
        return {}
    found: Law = {}
    for counts in product(range(n + 1), repeat=len(q)):
        if sum(counts) == n:
            weight = Fraction(factorial(n))
            for k, x in zip(counts, q, strict=False):
                weight *= x**k / Fraction(factorial(k))
            found[tuple(Fraction(k) for k in counts)] = weight
    return found


EXACT = {
    "Bernoulli": lambda p, _, __: {(Fraction(0),): 1 - p[0], (Fraction(1),): p[0]},
    "Rademacher": lambda p, _, __: {(Fraction(-1),): Fraction(1, 2), (Fraction(1),): Fraction(1, 2)},
    "Finite": _finite,
    "Binomial": _binomial,
    "Categorical": _categorical,
    "Multinomial": _multinomial,
}


def _stirling(n: int, k: int) -> int:
    return sum((-1) ** (k - j) * comb(k, j) * j**n for j in range(k + 1)) // factorial(k)


def _ratio(first: Fraction, k: int) -> Fraction:
    result = Fraction(1)
    for j in range(k):
        result *= first + j
    return result


MOMENTS = {
    "Uniform": lambda p, k: (p[1] ** (k + 1) - p[0] ** (k + 1)) / ((k + 1) * (p[1] - p[0])),
    "Exponential": lambda p, k: factorial(k) / p[0] ** k,
    "Poisson": lambda p, k: sum(_stirling(k, j) * p[0] ** j for j in range(k + 1)),
    "Gamma": lambda p, k: _ratio(p[0], k) / p[1] ** k,
    "Beta": lambda p, k: _ratio(p[0], k) / _ratio(p[0] + p[1], k),
    "Laplace": lambda p, k: sum(comb(k, j) * factorial(j) * p[1] ** j * p[0] ** (k - j) for j in range(0, k + 1, 2)),
}
