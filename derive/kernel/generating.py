"""E[e^{tX}] by the distribution of X: its moment generating function.

Source: Johnson, Kotz and Balakrishnan, *Continuous/Univariate Discrete Distributions*.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.algebra import multiply, opened, power, symbolic_power
from derive.kernel.laws import parameter
from derive.kernel.monomials import ONE, ZERO, Poly, Powers, free_indices, is_random
from derive.kernel.special import elementary

if TYPE_CHECKING:
    from derive.kernel.moments import Moments

HALF = Fraction(1, 2)
Exp = Callable[[Poly], Poly]


def exponential_moment(moments: Moments, contents: Powers) -> Poly | None:
    """E of a product of exponentials whose exponent is linear in one variable of a known distribution."""
    if not contents or any(f[0] != "f" or f[1] != "exp" or f[2] or f[4] for f, _ in contents):
        return None
    exponent = ZERO
    for factor, count in contents:
        exponent = exponent + factor[3][0].scale(count)
    names = {name for name, _ in exponent.variables}
    if len(names) != 1 or not _is_linear(exponent):
        return None
    return _of_one(moments, exponent)


def _is_linear(exponent: Poly) -> bool:
    return all(sum(e if f[0] == "r" else 2 for f, e in powers if is_random(f)) == 1 for powers, _ in exponent.terms)


def _of_one(moments: Moments, exponent: Poly) -> Poly | None:
    context = moments.context
    (name, slots), *others = sorted(exponent.variables)
    law = context.law(("r", name, slots))
    if law is None:
        return None
    own = len(law.symbol.indices)
    free = {ix[0] for ix in free_indices(exponent)}
    if any(s[:own] != slots[:own] for _, s in others) or any(i[0] and i[0] not in free for i in slots[:own]):
        return None  # several members of a family: nothing is known of their joint distribution here

    def exp(poly: Poly) -> Poly:
        return elementary(context, "exp", 0, (poly,), ())

    if law.family == "Normal":
        context.use(law, "normal-moments")
        mean = moments.expect(exponent)
        variance = moments.expect(multiply(exponent, exponent)) - multiply(mean, mean)
        return exp(mean + variance.scale(HALF))
    factor = ("r", name, slots)
    slope = ZERO
    for mono, number in exponent.terms.items():
        powers, bounds = opened(mono)
        if bounds or (factor, 1) not in powers:
            return None
        slope = slope + Poly({(tuple(p for p in powers if p != (factor, 1)), ()): number})
    generating = GENERATING.get(law.family)
    if generating is None or law.symbol.shape != (1, 1):
        return None
    context.use(law, "distribution-moments")
    parameters = [parameter(moments, law, k, factor, ()) for k in range(len(law.parameters))]
    return generating(exp, slope, *parameters)


def bernoulli(exp: Exp, t: Poly, p: Poly) -> Poly:
    return ONE - p + multiply(p, exp(t))


def binomial(exp: Exp, t: Poly, trials: Poly, p: Poly) -> Poly:
    return symbolic_power(bernoulli(exp, t, p), trials)


def poisson(exp: Exp, t: Poly, rate: Poly) -> Poly:
    """e^{λ(e^t − 1)}"""
    return exp(multiply(rate, exp(t) - ONE))


def exponential(exp: Exp, t: Poly, rate: Poly) -> Poly:
    """λ/(λ − t), where it exists"""
    return multiply(rate, power(rate - t, -1))


def gamma(exp: Exp, t: Poly, shape: Poly, rate: Poly) -> Poly:
    """(b/(b − t))^a, where it exists"""
    return symbolic_power(exponential(exp, t, rate), shape)


def rademacher(exp: Exp, t: Poly) -> Poly:
    return (exp(t) + exp(-t)).scale(HALF)


GENERATING: dict[str, Callable[..., Poly]] = {
    "Bernoulli": bernoulli,
    "Binomial": binomial,
    "Poisson": poisson,
    "Exponential": exponential,
    "Gamma": gamma,
    "Rademacher": rademacher,
}
