"""Mean and variance of the named distributions, as terms in their parameters."""

from __future__ import annotations

from fractions import Fraction

from derive.language.terms import SCALAR, Add, Function, Mul, Number, Pow, Term, number

BY_MOMENTS = frozenset({"LogNormal", "InverseGamma", "DiscreteUniform"})  # of which mean and variance alone are used

MINUS = number(-1)


def moments(word: str, parameters: tuple[Term, ...]) -> tuple[Term, Term] | None:
    """(mean, variance) of a distribution; None where they are no terms of the language.

    >>> moments("Poisson", (number(3),))
    (Number(value=Fraction(3, 1)), Number(value=Fraction(3, 1)))
    """
    match word, parameters:
        case (("Normal" | "Moments"), (mean, variance)):
            return mean, variance
        case "Bernoulli", (p,):
            return p, Mul((p, _complement(p)))
        case "Binomial", (n, p):
            return Mul((n, p)), Mul((n, p, _complement(p)))
        case "Poisson", (rate,):
            return rate, rate
        case "Exponential", (rate,):
            return _over(number(1), rate), Pow(rate, number(-2))
        case "Gamma", (shape, rate):
            return _over(shape, rate), Mul((shape, Pow(rate, number(-2))))
        case "Uniform", (low, high):
            width = Add((high, Mul((MINUS, low))))
            return Mul((Number(Fraction(1, 2)), Add((low, high)))), Mul(
                (Number(Fraction(1, 12)), Pow(width, number(2)))
            )
        case "Beta", (a, b):
            total = Add((a, b))
            spread = Mul((Pow(total, number(2)), Add((a, b, number(1)))))
            return _over(a, total), Mul((a, b, Pow(spread, MINUS)))
        case "Laplace", (location, scale):
            return location, Mul((number(2), Pow(scale, number(2))))
        case "Rademacher", ():
            return number(0), number(1)
        case "LogNormal", (location, spread):
            mean = Function("exp", (Add((location, Mul((Number(Fraction(1, 2)), spread)))),), SCALAR)
            growth = Function("exp", (Add((Mul((number(2), location)), spread)),), SCALAR)
            return mean, Mul((Add((Function("exp", (spread,), SCALAR), MINUS)), growth))
        case "InverseGamma", (shape, scale):
            less = [Add((shape, number(-k))) for k in (1, 2)]
            return _over(scale, less[0]), Mul((Pow(scale, number(2)), Pow(less[0], number(-2)), Pow(less[1], MINUS)))
        case "DiscreteUniform", (low, high):
            count = Add((high, Mul((MINUS, low)), number(1)))
            return Mul((Number(Fraction(1, 2)), Add((low, high)))), Mul(
                (Number(Fraction(1, 12)), Add((Pow(count, number(2)), MINUS)))
            )
    return None


def _complement(p: Term) -> Term:
    return Add((number(1), Mul((MINUS, p))))


def _over(a: Term, b: Term) -> Term:
    return Mul((a, Pow(b, MINUS)))
