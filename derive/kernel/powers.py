"""Powers of terms: roots of what is not negative come apart, √(Var(X) v) = √Var(X) √v."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from derive.kernel.algebra import LARGEST_POWER, build, multiply, power, symbolic_power
from derive.kernel.monomials import ONE, Factor, Ix, Poly, constant
from derive.kernel.places import Env
from derive.language.terms import Expectation, Mul, Number, Pow, SquaredNorm, Symbol, Term, Variance

if TYPE_CHECKING:
    from derive.kernel.normal import Translator


def raised(translator: Translator, term: Pow, row: Ix, column: Ix, env: Env) -> Poly:
    """The polynomial of a power."""
    exponent = translator.scalar(term.exponent, env)
    number = exponent.constant()
    if isinstance(term.base, Mul) and number is not None and number != int(number):
        apart = [a for a in term.base.args if never_negative(a)]
        if apart:
            rest = tuple(a for a in term.base.args if not never_negative(a))
            parts = [*apart, *([Mul(rest)] if len(rest) > 1 else rest)]
            return reduce(multiply, (raised(translator, Pow(p, term.exponent), row, column, env) for p in parts))
    base = translator.scalar(term.base, env)
    if number is None:
        return symbolic_power(base, exponent)
    if number != int(number) and base.terms:
        base, outside = roots(translator, base, number)
        return multiply(outside, power(base, number))
    if number > 1 and len(base.terms) > 1:
        translator.context.rule("expand" if number <= LARGEST_POWER else "function")
    if number < 0:
        translator.context.presupposed.setdefault("denominators are not zero")
    return power(base, number)


def never_negative(term: Term) -> bool:
    """A variance, a squared norm, or the mean of a square."""
    match term:
        case Variance() | SquaredNorm():
            return term.shape == (1, 1)
        case Expectation(Pow(_, Number(value))):
            return value.denominator == 1 and value > 0 and value % 2 == 0
    return False


def roots(translator: Translator, base: Poly, exponent: Any) -> tuple[Poly, Poly]:
    """Splits positive factors off a base that has a fractional exponent: √(σ²x + σ²y) = σ√(x + y) for σ > 0."""
    if len(base.terms) != 1:
        inside, outside = base, ONE
        for factor, e in common(base):
            if positive(translator, factor):
                inside = multiply(inside, build([(factor, -e)], []))
                outside = multiply(outside, build([(factor, e * exponent)], []))
        return inside, outside
    (mono, number), *_ = base.terms.items()
    if mono[1] or number < 0:
        return base, ONE
    left, outside = [], power(constant(number), exponent)
    for factor, e in mono[0]:
        if positive(translator, factor):
            outside = multiply(outside, build([(factor, e * exponent)], []))
        else:
            left.append((factor, e))
    return build(left, []), outside


def common(poly: Poly) -> list[tuple[Factor, int]]:
    """The symbols without an index that stand in all terms, each with its least power."""
    shared: dict[Factor, int] | None = None
    for powers, _ in poly.terms:
        here = {f: e for f, e in powers if f[0] == "s" and isinstance(e, int) and e > 0 and not any(i[0] for i in f[2])}
        shared = here if shared is None else {f: min(e, here[f]) for f, e in shared.items() if f in here}
    return sorted((shared or {}).items())


def positive(translator: Translator, factor: Factor) -> bool:
    """Whether a factor is known to be positive, by its support or by a given."""
    if factor[0] == "v":
        return True
    if factor[0] not in ("s", "r"):
        return False
    context = translator.context
    info = context.facts.symbols.get(factor[1])
    if info is not None and info.support == "positive":
        return True
    given = next((g for t, g in context.positive.items() if isinstance(t, Symbol) and t.name == factor[1]), None)
    if given is not None:
        context.use(given)
    return given is not None
