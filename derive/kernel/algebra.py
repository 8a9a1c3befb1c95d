"""Arithmetic of the kernel's polynomials: building monomials, products, powers and sums over indices."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from derive.kernel.canonical import canonical
from derive.kernel.closed import closed_power_sum, folded, geometric_closed
from derive.kernel.mapping import map_factor, map_poly, substitution
from derive.kernel.monomials import (
    ONE,
    ONE_MONO,
    ZERO,
    Coefficient,
    Factor,
    Ix,
    Mono,
    Poly,
    Powers,
    bound_names,
    constant,
    exact,
    indices_of,
    sorted_powers,
    total,
)

LARGEST_SUM = 12  # sums over so many literal values are written out
LARGEST_POWER = 24  # powers beyond stay unexpanded
LONGEST_NUMBER = 100_000  # bits of a number that is a power
_fresh = itertools.count()

Pairs = list[tuple[Factor, Any]]
Span = tuple[Ix, Ix]


class OutOfBudget(Exception):
    """The work for one step is past its bound."""


class Budget:
    """Counts monomials built; one step may build so many."""

    def __init__(self, monomials: int = 200_000):
        self.left = monomials

    def spend(self, amount: int = 1) -> None:
        self.left -= amount
        if self.left < 0:
            raise OutOfBudget


class _Meter:
    budget = Budget()
    within: frozenset[tuple[Ix, Span]] = frozenset()
    powers = True  # sums of powers of an index are closed


def leave_powers() -> None:
    """In this step numbers of values may be meant that are negative, in ranges that may be empty: they are not summed."""
    _Meter.powers = False


def measured(budget: Budget, within: frozenset[tuple[Ix, Span]] = frozenset()) -> None:
    """From here on work is charged to `budget`; `within` says over which ranges the claim's free indices run."""
    _Meter.budget = budget
    _Meter.within = within
    _Meter.powers = True


def spend(amount: int) -> None:
    """Charges work that builds no monomial by itself."""
    _Meter.budget.spend(amount)


def fresh() -> str:
    """A bound name that stands nowhere else."""
    return f"@{next(_fresh)}"


def factor_poly(factor: Factor, exponent: Any = 1) -> Poly:
    return build([(factor, exponent)], [])


# ------------------------------------------------------------------ one monomial


def build(pairs: Iterable[tuple[Factor, Any]], bounds: list[tuple[str, Span]], coefficient: Coefficient = 1) -> Poly:
    """The polynomial `coefficient · Σ_bounds Π pairs`, normal: deltas used up, unused sums counted, names canonical."""
    _Meter.budget.spend()
    plain: dict[Factor, Any] = {}
    for factor, exponent in pairs:
        if type(exponent) is not int or factor in plain:
            exponent = exact(plain.get(factor, 0) + exponent)
        plain[factor] = exponent
    polys: list[Poly] = []
    for factor, exponent in [*plain.items()]:
        tag = factor[0]
        if exponent == 0:
            del plain[factor]
        elif tag in _QUIET:
            continue
        elif tag == "d" or tag == "lt":
            truth = _truth(factor)
            if truth is False:
                return ZERO
            if truth is True:
                del plain[factor]
            else:
                plain[factor] = 1
        elif tag == "1":
            plain[factor] = 1
        elif tag == "v" and (not factor[1][0] or factor[1][1]):
            del plain[factor]
            polys.append(power(index_value(factor[1]), exponent))
        elif tag == "x" and not _symbolic(factor[2]):
            del plain[factor]
            polys.append(symbolic_power(factor[1], factor[2].scale(exponent)))
        elif tag == "f" and factor[1] == "abs" and factor[3][0].constant() is not None:
            del plain[factor]
            polys.append(power(constant(abs(factor[3][0].constant())), exponent))
        elif tag == "f" and (squared := folded(factor, exponent)) is not None:
            del plain[factor]
            polys.append(squared)
        elif tag == "p":
            whole = power(factor[1], exponent)
            if len(whole.terms) != 1 or whole.terms != {(((factor, exponent),), ()): 1}:
                del plain[factor]
                polys.append(whole)
    if polys:
        return _expanded(plain, polys, bounds, coefficient)
    met = _meet(plain, bounds)
    if met is not None:
        return build(*met, coefficient)
    if (geometric := geometric_closed(plain, bounds) if bounds and _Meter.powers else None) is not None:
        return _expanded(*geometric, coefficient)
    counts = _counts(plain, bounds)
    if counts:
        bounds = [b for b in bounds if b[0] not in counts]
        plain = {f: e for f, e in plain.items() if not (f[0] == "v" and f[1][0] in counts)}
        return _expanded(plain, list(counts.values()), bounds, coefficient)
    return Poly({canonical(tuple(plain.items()), bounds): exact(coefficient)})


def _symbolic(exponent: Poly) -> bool:
    """Whether an exponent is one monomial with coefficient 1 that is not a number and holds no number."""
    if len(exponent.terms) != 1:
        return False
    (mono, number), *_ = exponent.terms.items()
    return number == 1 and mono != ONE_MONO


def _truth(factor: Factor) -> bool | None:
    """Of a delta or a comparison of two indices: decided, or None."""
    (base_a, a), (base_b, b) = factor[1], factor[2]
    if base_a != base_b:
        return None
    return bool(a == b if factor[0] == "d" else a < b)


def index_value(ix: Ix) -> Poly:
    symbol = Poly({(((("v", (ix[0], 0)), 1),), ()): 1}) if ix[0] else ZERO
    return symbol + constant(ix[1])


def _expanded(plain: dict[Factor, Any], polys: list[Poly], bounds: list[tuple[str, Span]], coefficient: Any) -> Poly:
    """The product with polynomial factors, multiplied out inside the bounds."""
    parts = []
    rest: Pairs = [*plain.items()]
    product = polys[0]
    for other in polys[1:]:
        product = multiply(product, other)
    for mono, number in product.terms.items():
        powers, inner = opened(mono)
        parts.append(build([*rest, *powers], [*bounds, *inner], coefficient * number))
    return total(parts)


def opened(mono: Mono) -> tuple[Powers, list[tuple[str, Span]]]:
    """The monomial with fresh names for its bound indices, and those names with their ranges."""
    powers, ranges = mono
    if not ranges:
        return powers, []
    names = {n: (fresh(), 0) for n, _ in bound_names(powers, len(ranges))}
    move = substitution(names)
    moved = tuple((map_factor(f, move), e) for f, e in powers)
    spans = [(name, (move(low), move(high))) for (name, _), (low, high) in zip(names.values(), ranges, strict=True)]
    return moved, spans


_INSIDE = frozenset({"_r", "_c", "$r", "$c", "$a", "$b", "?row", "?col", "?a", "?b"})


def _meet(plain: dict[Factor, Any], bounds: list[tuple[str, Span]]) -> tuple[Pairs, list[tuple[str, Span]]] | None:
    """Uses up one delta: a bound index becomes the other one; two free ones become the same letter."""
    deltas = [f for f in plain if f[0] == "d"]
    spans = dict(bounds) if deltas else {}
    for factor in deltas:
        for one, other in ((factor[1], factor[2]), (factor[2], factor[1])):
            if one[0] in spans and one[1] == 0 and _replaces(other, spans[one[0]], spans):
                move = substitution({one[0]: other})
                pairs = [(map_factor(f, move), e) for f, e in plain.items() if f is not factor]
                rest = [(n, (move(a), move(b))) for n, (a, b) in bounds if n != one[0]]
                return pairs, rest
        low, high = sorted((factor[1], factor[2]))
        if high[1] == 0 and high[0] not in spans and low[0] not in spans:
            touched = any(high[0] == ix[0] for f in plain if f is not factor for ix in indices_of(f))
            if touched:
                move = substitution({high[0]: low})
                pairs = [(f if f is factor else map_factor(f, move), e) for f, e in plain.items()]
                return pairs, bounds
    return None


def _replaces(other: Ix, span: Span, spans: dict[str, Span]) -> bool:
    """Whether an index certainly lies in the range, so that a sum over it can be dropped for this value."""
    if other[0] in spans:
        return other[1] == 0 and spans[other[0]] == span
    low, high = span
    if other in span or other[0] in _INSIDE:
        return True  # ranges are presupposed not to be empty; rows and columns are in range by construction
    if not other[0] and not low[0] and not high[0]:
        return low[1] <= other[1] <= high[1]
    return (other, span) in _Meter.within


def _counts(plain: dict[Factor, Any], bounds: list[tuple[str, Span]]) -> dict[str, Poly]:
    """The number of values of each bound index on which nothing depends, or the sum of a power of it, Σ i = n(n+1)/2."""
    if not bounds:
        return {}
    raised = {f[1][0]: e for f, e in plain.items() if f[0] == "v" and isinstance(e, int) and 0 < e <= LARGEST_POWER}
    raised = raised if _Meter.powers else {}
    used = {ix[0] for f in plain if not (f[0] == "v" and f[1][0] in raised) for ix in indices_of(f)}
    used |= {ix[0] for _, span in bounds for ix in span}
    return {name: closed_power_sum(span, raised.get(name, 0)) for name, span in bounds if name not in used}


# ------------------------------------------------------------------ products, powers, sums

_QUIET = frozenset("srmE")  # tags whose products need no rebuilding


def multiply(a: Poly, b: Poly) -> Poly:
    """The product; bound indices of the two are kept apart."""
    if a is ONE or not b.terms:
        return b
    if b is ONE or not a.terms:
        return a
    terms: dict[Mono, Coefficient] = {}
    rest = []
    theirs = _opened_terms(b)
    for k, (powers_a, bounds_a, number_a, quiet_a) in enumerate(_opened_terms(a)):
        for j in range(k if a is b else 0, len(theirs)):  # of a square, each two different terms are taken once
            powers_b, bounds_b, number_b, quiet_b = theirs[j]
            number = number_a * number_b if a is not b or j == k else 2 * number_a * number_b
            if quiet_a and quiet_b:
                _Meter.budget.spend()
                mono = (sorted_powers(powers_a + powers_b), ())
                both = exact(terms.get(mono, 0) + number)
                if both:
                    terms[mono] = both
                else:
                    del terms[mono]
            else:
                rest.append(build(powers_a + powers_b, bounds_a + bounds_b, number))
    return Poly(terms) + total(rest)


def _opened_terms(poly: Poly) -> list[tuple[Powers, list[tuple[str, Span]], Coefficient, bool]]:
    """Of each term its factors, bound indices under fresh names, its coefficient, and whether its products need no rebuilding."""
    return [(*opened(mono), number, not mono[1] and _quiet(mono)) for mono, number in poly.terms.items()]


def _quiet(mono: Mono) -> bool:
    return all(f[0] in _QUIET or (f[0] == "v" and f[1][0] and not f[1][1]) for f, _ in mono[0])


def power(base: Poly, exponent: Any) -> Poly:
    """`base` to a rational power.  Only positive integer powers of sums are multiplied out."""
    if type(exponent) is not int:
        exponent = exact(Fraction(exponent))
    if exponent == 0:
        return ONE
    if exponent == 1:
        return base
    if not base.terms:
        if exponent < 0:
            raise ZeroDivisionError("a denominator is zero")
        return ZERO
    if isinstance(exponent, int) and exponent > 0 and exponent <= LARGEST_POWER:
        return _repeated(base, exponent)
    if len(base.terms) == 1:
        (mono, number), *_ = base.terms.items()
        single = _monomial_power(mono, number, exponent)
        if single is not None:
            return single
    if isinstance(exponent, int) and exponent < 0:
        return _reciprocal(base, exponent)
    return Poly({(((("p", base), exponent),), ()): 1})


def _repeated(base: Poly, exponent: int) -> Poly:
    """Square and multiply; a single monomial without sums is immediate."""
    if len(base.terms) == 1:
        (mono, number), *_ = base.terms.items()
        if not mono[1] and _quiet(mono):
            return Poly({(tuple((f, exact(e * exponent)) for f, e in mono[0]), ()): exact(number**exponent)})
    result, square = ONE, base
    while exponent:
        if exponent & 1:
            result = multiply(result, square)
        exponent >>= 1
        if exponent:
            square = multiply(square, square)
    return result


def _monomial_power(mono: Mono, number: Coefficient, exponent: Any) -> Poly | None:
    powers, ranges = mono
    if ranges:
        return None
    if isinstance(exponent, int):
        if any(f[0] in ("d", "lt", "1") for f, _ in powers):
            return None
        return build([(f, e * exponent) for f, e in powers], [], _raised(number, exponent))
    if number == 1 and len(powers) == 1 and powers[0][1] == 1 and powers[0][0][0] != "p":
        return Poly({(((powers[0][0], exponent),), ()): 1})
    if not powers and number > 0:
        return _root(Fraction(number), exponent)
    return None


def _root(number: Fraction, exponent: Fraction) -> Poly:
    """A rational power of a positive rational: prime by prime, √12 = 2·√3."""
    outside, surds = Fraction(1), []
    for value, sign in ((number.numerator, 1), (number.denominator, -1)):
        for prime, count in _primes(value):
            total = exponent * count * sign
            whole = total.numerator // total.denominator
            outside *= Fraction(prime) ** whole
            if total != whole:
                surds.append((("p", constant(prime)), total - whole))
    return Poly({(sorted_powers(surds), ()): exact(outside)})


def _primes(value: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    divisor = 2
    while divisor * divisor <= value and divisor < 10_000:
        count = 0
        while value % divisor == 0:
            value //= divisor
            count += 1
        if count:
            found.append((divisor, count))
        divisor += 1
    if value > 1:
        found.append((value, 1))
    return found


def _reciprocal(base: Poly, exponent: int) -> Poly:
    """A negative power of a sum: number and common factors go outside, the rest is a primitive base."""
    common = _common(base)
    if common:
        base = multiply(base, Poly({(tuple((f, -e) for f, e in common), ()): 1}))
    leading = base.terms[min(base.terms, key=repr)]
    base = base.scale(Fraction(1) / Fraction(leading))
    pairs: Pairs = [(("p", base), exponent), *((f, e * exponent) for f, e in common)]
    if len(base.terms) == 1:
        (mono, _), *_ = base.terms.items()
        if not mono[1]:
            pairs = [*((f, e * exponent) for f, e in mono[0]), *pairs[1:]]
    return Poly({(sorted_powers(pairs), ()): exact(_raised(leading, exponent))})


def _raised(number: Coefficient, exponent: int) -> Fraction:
    """A number to a whole power, where that is not too long to be written down."""
    value = Fraction(number)
    longest = max(value.numerator.bit_length(), value.denominator.bit_length())
    if abs(value) != 1 and longest * abs(exponent) > LONGEST_NUMBER:
        raise OutOfBudget
    return value**exponent


_SHARED = ("s", "r", "v", "m", "p")


def _common(base: Poly) -> Powers:
    """Powers of scalar factors that every monomial shares."""
    if len(base.terms) < 2:
        return ()
    shared: dict[Factor, Any] | None = None
    for powers, ranges in base.terms:
        bound = {n for n, _ in bound_names(powers, len(ranges))}
        here = {f: e for f, e in powers if f[0] in _SHARED and not any(i[0] in bound for i in indices_of(f))}
        shared = here if shared is None else {f: min(e, here[f]) for f, e in shared.items() if f in here}
        if not shared:
            return ()
    return tuple((f, e) for f, e in (shared or {}).items() if e != 0)


def symbolic_power(base: Poly, exponent: Poly) -> Poly:
    """`base` to a polynomial power: b^(2x+3) = b³·(b^x)²."""
    number = exponent.constant()
    if number is not None:
        return power(base, number)
    if base.terms == {ONE_MONO: 1}:
        return ONE
    result = ONE
    for mono, coefficient in exponent.terms.items():
        if mono == ONE_MONO:
            result = multiply(result, power(base, coefficient))
        else:
            result = multiply(result, Poly({(((("x", base, Poly({mono: 1})), coefficient),), ()): 1}))
    return result


def sum_over(poly: Poly, name: str, span: Span) -> Poly:
    """Σ over `name` in `span`.  Short literal ranges are written out."""
    low, high = span
    if not low[0] and low[1] != 1 and high[0]:  # ranges begin at 1
        shift = low[1] - 1
        poly = map_poly(poly, substitution({name: (name, shift)}))
        low, high = span = (("", 1), (high[0], high[1] - shift))
    if not low[0] and not high[0] and high[1] - low[1] < LARGEST_SUM:
        return total(map_poly(poly, substitution({name: ("", value)})) for value in range(low[1], high[1] + 1))
    parts = []
    for mono, number in poly.terms.items():
        powers, bounds = opened(mono)
        parts.append(build(powers, [*bounds, (name, span)], number))
    return total(parts)


def delta(a: Ix, b: Ix) -> Poly:
    return build([(("d", *sorted((a, b))), 1)], [])
