"""Edits of factors, powers and probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.judge.randomly import is_random
from derive.judge.repairs_common import Edit, edited, scaled, sum_places, with_summand
from derive.language.facts import Claim, Distributed, Facts
from derive.language.terms import (
    SCALAR,
    Add,
    Covariance,
    Expectation,
    Function,
    Index,
    IndexValue,
    Mul,
    Number,
    Pow,
    Sum,
    Symbol,
    Term,
    Variance,
    number,
    walk,
)
from derive.rules.construct import factors_of, is_zero, minus, plus, power, times
from derive.rules.traverse import transform

MINUS_ONE = number(-1)
MOST_FACTORS = 12


# ------------------------------------------------------------------ factors


def factor_edits(claim: Claim) -> Iterator[Edit]:
    """A summand times a factor that was lost, or divided by one too many."""
    for path, items in sum_places(claim.rhs):
        for k, item in enumerate(items):
            if is_zero(item):
                continue
            for factor, kind in _candidates(claim):
                inverse = times(*(power(f, -1) for f in factors_of(factor)))
                missing, extra = scaled(factor, item), scaled(inverse, item)
                if factor != claim.lhs:  # the left side itself as a factor explains nothing
                    yield _missing(kind, factor, item), with_summand(claim, path, items, k, missing)
                yield _extra(kind, factor, item), with_summand(claim, path, items, k, extra)


def _candidates(claim: Claim) -> list[tuple[Term, str]]:
    """Scalars that may be lost: sizes (`dimension`, `count`, `pairs`), then constants of the left side (`factor`)."""
    out: list[tuple[Term, str]] = []
    for size, kind in _sizes(claim):
        less = minus(size, number(1))
        out += [(size, kind), (less, "pairs"), (times(less, power(size, -1)), "pairs")]
    for part in [*walk(claim.lhs), *_parameters(claim)]:
        fits = isinstance(part, Symbol | Expectation | Variance | Covariance | Add) and part.shape == SCALAR
        if fits and not is_random(part, claim.facts) and not _has_index(part) and (part, "factor") not in out:
            out.append((part, "factor"))
    return out[:MOST_FACTORS]


def _parameters(claim: Claim) -> Iterator[Term]:
    """Parameters of the distributions of what stands in the claim."""
    names = {p.name for side in (claim.lhs, claim.rhs) for p in walk(side) if isinstance(p, Symbol)}
    for given in claim.facts.givens:
        if isinstance(given, Distributed) and given.symbol.name in names:
            yield from (p for p in given.parameters if p.shape == SCALAR)


def _sizes(claim: Claim) -> list[tuple[Term, str]]:
    """The dimensions of vectors and the ends of sums that the claim speaks of, as numbers."""
    found: dict[Term, str] = {}
    for part in (p for side in (claim.lhs, claim.rhs) for p in walk(side)):
        named: list[tuple[object, str]] = [(d, "dimension") for d in part.shape]
        if isinstance(part, Sum):
            named.append((part.range.upper.base, "count"))
        if isinstance(part, IndexValue):
            named.append((part.index.base, "count"))
        for name, kind in named:
            if isinstance(name, str) and "*" not in name and claim.facts.role(name) != "index":
                found.setdefault(IndexValue(Index(name)), kind)
    return list(found.items())[:4]


def _has_index(term: Term) -> bool:
    return any(isinstance(p, Symbol) and p.indices for p in walk(term))


def _missing(kind: str, factor: Term, item: Term) -> str:
    """What it is called when a factor is missing in a term."""
    if kind == "pairs":
        return "n-for-n-minus-one"
    if kind != "factor":
        if _mentions(item, factor):
            return "wrong-power-of-n"
        return "trace-of-identity" if kind == "dimension" else "forgotten-sum"
    if any(isinstance(p, Variance) for p in walk(item)) and _mentions(item, factor):
        return "variance-linear"
    return "missing-square" if _mentions(item, factor) else "dropped-factor"


def _extra(kind: str, factor: Term, item: Term) -> str:
    if kind == "factor" and Pow(factor, number(2)) in factors_of(item):
        return "extra-square"
    if kind == "factor" and any(isinstance(p, Pow) and p.base == factor for p in factors_of(item)):
        return "wrong-power"
    names = {"dimension": "extra-dimension", "count": "wrong-power-of-n", "pairs": "n-for-n-minus-one"}
    return names.get(kind, "extra-factor")


def _mentions(item: Term, factor: Term) -> bool:
    return any(p == factor for p in walk(item))


# ------------------------------------------------------------------ powers


def power_edits(claim: Claim) -> Iterator[Edit]:
    yield from edited(claim.rhs, _powers)
    yield from edited(claim.rhs, lambda part: _roots(part, claim.facts))


def _powers(part: Term) -> Iterator[Edit]:
    if part.shape != SCALAR:
        return
    match part:
        case Pow(base, Number(value)):
            sized = isinstance(base, IndexValue)
            if value == 2:
                yield ("wrong-power-of-n" if sized else "extra-square"), base
            if value == -1 and not sized:
                yield "missing-square", power(base, -2)
            for other in (value + 1, value - 1, value * 2):
                if other and value != -1:
                    yield ("wrong-power-of-n" if sized else "wrong-power"), power(base, other)
        case IndexValue(Index(str(), 0)):
            yield "n-for-n-minus-one", plus(part, MINUS_ONE)
            yield "wrong-power-of-n", Pow(part, number(2))
        case IndexValue(Index(str() as base, offset)) if offset:
            yield "n-for-n-minus-one", IndexValue(Index(base))
        case Add((IndexValue() as size, Number())):
            yield "n-for-n-minus-one", size
        case Symbol() | Expectation() | Variance() | Covariance() | Function() | Add() | Mul():
            yield "missing-square", Pow(part, number(2))


def _roots(part: Term, facts: Facts) -> Iterator[Edit]:
    if isinstance(part, Symbol) and part.shape == SCALAR and not is_random(part, facts):
        yield "extra-square", Pow(part, number(Fraction(1, 2)))


# ------------------------------------------------------------------ probabilities


def probability_edits(claim: Claim) -> Iterator[Edit]:
    yield from edited(claim.rhs, lambda part: _probabilities(part, claim.facts))
    for name in sorted({p.name for p in walk(claim.rhs) if _may_be_probability(p, claim.facts)}):
        turned = transform(claim.rhs, lambda p, name=name: minus(number(1), p) if _named(p, name) else p)  # type: ignore[misc]
        yield "wrong-probability", turned


def _may_be_probability(part: Term, facts: Facts) -> bool:
    return isinstance(part, Symbol) and part.shape == SCALAR and facts.role(part.name) == "constant"


def _named(part: Term, name: str) -> bool:
    return isinstance(part, Symbol) and part.name == name


def _probabilities(part: Term, facts: Facts) -> Iterator[Edit]:
    match part:
        case Symbol() if part.shape == SCALAR and facts.role(part.name) == "constant":
            yield "wrong-probability", minus(number(1), part)
        case Add((Number(one), Mul((Number(sign), Symbol() as symbol)))) if (one, sign) == (1, -1):
            yield "wrong-probability", symbol
        case Pow(base, Number(two)) if two == 2 and base.shape == SCALAR and not is_random(base, facts):
            yield "wrong-moment", times(base, minus(number(1), base))
