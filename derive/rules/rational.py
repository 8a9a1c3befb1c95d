"""Scalars as fractions of polynomials: over a common denominator, multiplied out, common factors cancelled.

Everything that is not a sum, a product or an integer power is an indeterminate.  Denominators are kept as the factors
that were written; a factor is cancelled when it divides the numerator exactly.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from derive.language.terms import SCALAR, Add, Mul, Number, Pow, Term
from derive.rules.compare import Key, key
from derive.rules.construct import integer_power, plus, power, terms_of, times

Exponents = tuple[int, ...]
Poly = dict[Exponents, Fraction]
LARGEST = 300  # monomials
HIGHEST_POWER = 8


class TooLarge(Exception):
    """The polynomials grow beyond what a line of a derivation can show."""


@dataclass(frozen=True)
class Ring:
    """The indeterminates of a term, in the order of their first appearance."""

    atoms: tuple[Term, ...]
    places: dict[Key, int]

    def constant(self, value: Fraction) -> Poly:
        return {(0,) * len(self.atoms): value} if value else {}

    def atom(self, term: Term) -> Poly:
        place = self.places[key(term)]
        return {tuple(int(k == place) for k in range(len(self.atoms))): Fraction(1)}


@lru_cache(maxsize=4096)
def simplified(term: Term) -> Term | None:
    """The scalar as one fraction, cancelled as far as the written denominators divide; None when it is too large."""
    if term.shape != SCALAR or not isinstance(term, Add | Mul | Pow):
        return None
    atoms: dict[Key, Term] = {}
    _collect_atoms(term, atoms)
    ring = Ring(tuple(atoms.values()), {name: k for k, name in enumerate(atoms)})
    try:
        numerator, denominators = _fraction(term, ring)
    except TooLarge:
        return None
    for divisor in sorted(denominators):
        while denominators[divisor]:
            quotient = divided(numerator, dict(divisor))
            if quotient is None:
                break
            numerator = quotient
            denominators[divisor] -= 1
    below = [power(_written(dict(d), ring), -count) for d, count in sorted(denominators.items()) if count]
    return times(_written(numerator, ring), *below)


def _collect_atoms(term: Term, atoms: dict[Key, Term]) -> None:
    base, exponent = integer_power(term)
    if exponent != 1 and abs(exponent) <= HIGHEST_POWER:
        _collect_atoms(base, atoms)
    elif isinstance(term, Add) or (isinstance(term, Mul) and all(a.shape == SCALAR for a in term.args)):
        for arg in term.args:
            _collect_atoms(arg, atoms)
    elif not isinstance(term, Number):
        atoms.setdefault(key(term), term)


Divisor = tuple[tuple[Exponents, Fraction], ...]


def _fraction(term: Term, ring: Ring) -> tuple[Poly, Counter[Divisor]]:
    """Numerator, and the factors of the denominator with their multiplicities."""
    base, exponent = integer_power(term)
    if isinstance(term, Number):
        return ring.constant(term.value), Counter()
    if exponent != 1 and abs(exponent) <= HIGHEST_POWER:
        above, below = _fraction(base, ring)
        if exponent > 0:
            return _raised(above, exponent, ring), Counter({d: c * exponent for d, c in below.items()})
        top = ring.constant(Fraction(1))
        for divisor, count in below.items():
            top = multiplied(top, _raised(dict(divisor), -count * exponent, ring))
        scale, parts = _factors(above, ring)
        inverse = {k: v * Fraction(1, scale) ** -exponent for k, v in top.items()}
        return inverse, Counter({d: c * -exponent for d, c in parts.items()})
    if isinstance(term, Add):
        return _total([_fraction(a, ring) for a in term.args], ring)
    if isinstance(term, Mul) and all(a.shape == SCALAR for a in term.args):
        result, divisors = ring.constant(Fraction(1)), Counter()
        for arg in term.args:
            above, below = _fraction(arg, ring)
            result, divisors = multiplied(result, above), divisors + below
        return result, divisors
    return ring.atom(term), Counter()


def _factors(poly: Poly, ring: Ring) -> tuple[Fraction, Counter[Divisor]]:
    """A leading number, and a polynomial to divide by: a monomial as its single indeterminates."""
    if not poly:
        raise TooLarge  # division by zero: left as it is written
    if len(poly) == 1:
        ((exponents, value),) = poly.items()
        single = {k: e for k, e in enumerate(exponents) if e}
        return value, Counter({tuple(ring.atom(ring.atoms[k]).items()): e for k, e in single.items()})
    lead = poly[max(poly)]
    monic = tuple(sorted((e, v / lead) for e, v in poly.items()))
    return lead, Counter({monic: 1})


def _total(parts: list[tuple[Poly, Counter[Divisor]]], ring: Ring) -> tuple[Poly, Counter[Divisor]]:
    common: Counter[Divisor] = Counter()
    for _, below in parts:
        common |= below
    total: Poly = {}
    for above, below in parts:
        for divisor, count in (common - below).items():
            above = multiplied(above, _raised(dict(divisor), count, ring))
        for exponents, value in above.items():
            total[exponents] = total.get(exponents, Fraction(0)) + value
    return {e: v for e, v in total.items() if v}, common


def multiplied(left: Poly, right: Poly) -> Poly:
    """The product.

    Raises:
        TooLarge: it has too many monomials.
    """
    if len(left) * len(right) > LARGEST * 4:
        raise TooLarge
    out: Poly = {}
    for a, x in left.items():
        for b, y in right.items():
            exponents = tuple(i + j for i, j in zip(a, b, strict=True))
            out[exponents] = out.get(exponents, Fraction(0)) + x * y
    out = {e: v for e, v in out.items() if v}
    if len(out) > LARGEST:
        raise TooLarge
    return out


def _raised(poly: Poly, exponent: int, ring: Ring) -> Poly:
    result = ring.constant(Fraction(1))
    for _ in range(exponent):
        result = multiplied(result, poly)
    return result


def divided(numerator: Poly, divisor: Poly) -> Poly | None:
    """The exact quotient, or None.

    >>> n_squared_minus_one = {(2,): Fraction(1), (0,): Fraction(-1)}
    >>> divided(n_squared_minus_one, {(1,): Fraction(1), (0,): Fraction(-1)}) == {(1,): 1, (0,): 1}
    True
    """
    rest, quotient = dict(numerator), {}
    lead = max(divisor)
    for _ in range(LARGEST):
        if not rest:
            return quotient
        top = max(rest)
        step = tuple(i - j for i, j in zip(top, lead, strict=True))
        if min(step, default=0) < 0:
            return None
        factor = rest[top] / divisor[lead]
        quotient[step] = factor
        for exponents, value in divisor.items():
            place = tuple(i + j for i, j in zip(exponents, step, strict=True))
            left = rest.get(place, Fraction(0)) - factor * value
            if left:
                rest[place] = left
            else:
                rest.pop(place, None)
    return None


def _written(poly: Poly, ring: Ring) -> Term:
    """The polynomial as a term, with the indeterminates that all monomials share taken out in front."""
    if not poly:
        return Number(Fraction(0))
    shared = tuple(min(column) for column in zip(*poly, strict=True))
    inner = [
        times(Number(value), *(power(atom, e - s) for atom, e, s in zip(ring.atoms, exponents, shared, strict=True)))
        for exponents, value in sorted(poly.items(), reverse=True)
    ]
    front = [power(atom, s) for atom, s in zip(ring.atoms, shared, strict=True) if s]
    total = plus(*inner)
    return times(*front, total) if len(terms_of(total)) > 1 or front else total
