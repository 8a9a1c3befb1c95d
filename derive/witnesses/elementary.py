"""Functions and relations whose values are exact over the fields of the models."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial
from typing import Any

from derive.witnesses.field import Unmodelled

TRANSCENDENTAL = frozenset({"log", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "arctan", "ln", "gamma", "erf"})

RELATIONS = {
    "=": lambda d: d == 0,
    "\\neq": lambda d: d != 0,
    "\\ne": lambda d: d != 0,
    "<": lambda d: d < 0,
    ">": lambda d: d > 0,
    "\\le": lambda d: d <= 0,
    "\\leq": lambda d: d <= 0,
    "\\ge": lambda d: d >= 0,
    "\\geq": lambda d: d >= 0,
}


def _ordered(function: Any) -> Any:
    """Over the prime field order is known of small whole numbers only, such as differences of indices."""

    def apply(field: Any, *xs: Any) -> Any:
        if not field.ordered:
            try:
                return field.of(function(*map(field.whole, xs)))
            except Unmodelled:
                raise Unmodelled("order") from None
        return field.of(function(*xs))

    return apply


def _several(xs: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(xs) < 2:
        raise Unmodelled("the extreme of one quantity")
    return xs


def _binomial(field: Any, n: Any, k: Any) -> Any:
    n, k = field.whole(n), field.whole(k)
    return field.of(comb(n, k) if 0 <= k <= n else 0)


ELEMENTARY = {
    "sqrt": lambda field, x: field.power(x, Fraction(1, 2)) if field.reduced(x) else x,
    "binom": _binomial,
    "factorial": lambda field, n: field.of(factorial(field.whole(n))),
    "abs": _ordered(abs),
    "max": _ordered(lambda *xs: max(_several(xs))),
    "min": _ordered(lambda *xs: min(_several(xs))),
    "sign": _ordered(lambda x: (x > 0) - (x < 0)),
}
