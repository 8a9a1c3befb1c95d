"""Raw moments E[X^k] of the named distributions, as polynomials in their parameters.

Source for each: Johnson, Kotz and Balakrishnan, *Continuous/Univariate Discrete Distributions*.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import comb, factorial

from derive.kernel.algebra import multiply, power
from derive.kernel.monomials import ONE, ZERO, Poly, constant

Moment = Callable[[int, tuple[Poly, ...]], Poly]


def rising(base: Poly, count: int) -> Poly:
    """base (base + 1) … (base + count − 1)."""
    result = ONE
    for k in range(count):
        result = multiply(result, base + constant(k))
    return result


def falling(base: Poly, count: int) -> Poly:
    result = ONE
    for k in range(count):
        result = multiply(result, base - constant(k))
    return result


@cache
def stirling(n: int, k: int) -> int:
    """Stirling numbers of the second kind."""
    if n == k:
        return 1
    if k == 0 or k > n:
        return 0
    return k * stirling(n - 1, k) + stirling(n - 1, k - 1)


def normal(order: int, parameters: tuple[Poly, ...]) -> Poly:
    """Σ_j C(k, 2j) (2j−1)!! σ^{2j} μ^{k−2j}; parameters: mean, variance."""
    mean, variance = parameters
    result = ZERO
    for j in range(order // 2 + 1):
        pairings = factorial(2 * j) // (2**j * factorial(j))
        term = multiply(power(variance, j), power(mean, order - 2 * j))
        result = result + term.scale(comb(order, 2 * j) * pairings)
    return result


def uniform(order: int, parameters: tuple[Poly, ...]) -> Poly:
    low, high = parameters
    result = ZERO
    for k in range(order + 1):
        result = result + multiply(power(low, k), power(high, order - k))
    return result.scale(Fraction(1, order + 1))


def exponential(order: int, parameters: tuple[Poly, ...]) -> Poly:
    return power(parameters[0], -order).scale(factorial(order))


def poisson(order: int, parameters: tuple[Poly, ...]) -> Poly:
    result = ZERO
    for k in range(order + 1):
        result = result + power(parameters[0], k).scale(stirling(order, k))
    return result


def binomial(order: int, parameters: tuple[Poly, ...]) -> Poly:
    trials, chance = parameters
    result = ZERO
    for k in range(order + 1):
        result = result + multiply(falling(trials, k), power(chance, k)).scale(stirling(order, k))
    return result


def bernoulli(order: int, parameters: tuple[Poly, ...]) -> Poly:
    return parameters[0]


def gamma(order: int, parameters: tuple[Poly, ...]) -> Poly:
    """Parameters: shape, rate."""
    shape, rate = parameters
    return multiply(rising(shape, order), power(rate, -order))


def beta(order: int, parameters: tuple[Poly, ...]) -> Poly:
    a, b = parameters
    result = ONE
    for k in range(order):
        result = multiply(result, multiply(a + constant(k), power(a + b + constant(k), -1)))
    return result


def laplace(order: int, parameters: tuple[Poly, ...]) -> Poly:
    """Σ_j C(k, 2j) (2j)! b^{2j} μ^{k−2j}; parameters: location, scale."""
    location, scale = parameters
    result = ZERO
    for j in range(order // 2 + 1):
        term = multiply(power(scale, 2 * j), power(location, order - 2 * j))
        result = result + term.scale(comb(order, 2 * j) * factorial(2 * j))
    return result


def rademacher(order: int, parameters: tuple[Poly, ...]) -> Poly:
    return ZERO if order % 2 else ONE


def finite(order: int, parameters: tuple[Poly, ...]) -> Poly:
    """Parameters: the values, then their probabilities."""
    half = len(parameters) // 2
    result = ZERO
    for value, chance in zip(parameters[:half], parameters[half:], strict=True):
        result = result + multiply(power(value, order), chance)
    return result


MOMENTS: dict[str, Moment] = {
    "Normal": normal,
    "Uniform": uniform,
    "Exponential": exponential,
    "Poisson": poisson,
    "Binomial": binomial,
    "Bernoulli": bernoulli,
    "Gamma": gamma,
    "Beta": beta,
    "Laplace": laplace,
    "Rademacher": rademacher,
    "Finite": finite,
}
