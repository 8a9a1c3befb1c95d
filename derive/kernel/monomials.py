"""The kernel's one language: polynomials whose monomials are products of indexed factors under bound sums.

    coefficient · Σ over bound indices · w_i  w_j  A_ij  E[n_i n_j]  δ_ij …

A *factor* is a tuple whose first item is its tag:

    ('s', name, slots)                component of a deterministic symbol; slots are its indices
    ('r', name, slots)                component of a random symbol; a fourth item marks a symmetric matrix
    ('v', ix)                         an index used as a number
    ('d', ix, ix)                     Kronecker delta
    ('lt', ix, ix)                    1 when the first index is smaller than the second
    ('p', poly)                       a polynomial base, for exponents that do not expand
    ('x', poly, exponent)             poly to the power of a monomial (symbolic exponent)
    ('i', poly, row, column, sym)     component of the inverse of the matrix with components `poly` in ROW, COLUMN
    ('D', poly, dim)                  determinant of such a matrix
    ('f', name, order, args, slots)   function of polynomials
    ('1', relation, poly)             indicator of `poly relation 0`
    ('P', poly, range)                product over a symbolic range of `poly` in ROW
    ('m', contents, given)            moment E[contents | given]; contents are (factor, exponent) pairs
    ('E', poly, given)                an expectation that was not expanded

An *index* (`Ix`) is (base, offset): ('', 3) is the number 3, ('i', 1) is i+1.  A *monomial* is
(factors with exponents, ranges of its bound indices); bound indices have canonical names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

Ix = tuple[str, int]
Factor = tuple[Any, ...]
Powers = tuple[tuple[Factor, Any], ...]  # (factor, exponent), sorted
Ranges = tuple[tuple[Ix, Ix], ...]
Mono = tuple[Powers, Ranges]
Coefficient = Any  # int or Fraction: exact

ONE_MONO: Mono = ((), ())
ROW: Ix = ("$r", 0)
COLUMN: Ix = ("$c", 0)
ARGUMENT_ROW: Ix = ("$a", 0)  # of a vector or matrix that a function is applied to
ARGUMENT_COLUMN: Ix = ("$b", 0)
_FLAT = frozenset(("s", "r", "v", "d", "lt"))  # tags of factors in which no polynomial stands
BINDS = {"i": ("$r", "$c"), "D": ("$r", "$c"), "P": ("$r", "$c"), "f": ("$a", "$b")}


def exact(value: Any) -> Coefficient:
    """An integer where possible: integers are much faster than fractions."""
    if type(value) is Fraction and value.denominator == 1:  # isinstance is slow: Fraction has an abstract base
        return value.numerator
    return value


class Poly:
    """An immutable polynomial: monomial -> non-zero coefficient.  Equality is that of the dictionaries."""

    __slots__ = ("_depth", "_free", "_hash", "_text", "_variables", "terms")

    def __init__(self, terms: dict[Mono, Coefficient]):
        self.terms = terms
        self._hash: int | None = None
        self._text: str | None = None
        self._depth: int | None = None
        self._free: tuple[Ix, ...] | None = None
        self._variables: frozenset[tuple[str, tuple[Ix, ...]]] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __repr__(self) -> str:
        """Deterministic text, for ordering only."""
        if self._text is None:
            self._text = "{" + ",".join(sorted(f"{m!r}:{c}" for m, c in self.terms.items())) + "}"
        return self._text

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __add__(self, other: Poly) -> Poly:
        if not other.terms:
            return self
        if not self.terms:
            return other
        terms = dict(self.terms)
        _add(terms, other)
        return Poly(terms)

    def scale(self, number: Coefficient) -> Poly:
        if number == 0:
            return ZERO
        if number == 1:
            return self
        return Poly({m: exact(c * number) for m, c in self.terms.items()})

    def __neg__(self) -> Poly:
        return self.scale(-1)

    def __sub__(self, other: Poly) -> Poly:
        return self + -other

    @property
    def depth(self) -> int:
        """How deeply polynomials are nested in it: bound names of different depths never clash."""
        if self._depth is None:
            self._depth = max((mono_depth(m[0]) for m in self.terms), default=1)
        return self._depth

    @property
    def free(self) -> tuple[Ix, ...]:
        """The symbolic indices that it does not bind itself, each once."""
        if self._free is None:
            self._free = tuple(dict.fromkeys(free_indices(self)))
        return self._free

    @property
    def variables(self) -> frozenset[tuple[str, tuple[Ix, ...]]]:
        """The random symbols in it, (name, slots); a slot bound inside is ('*', 0): any member."""
        if self._variables is None:
            found: set[tuple[str, tuple[Ix, ...]]] = set()
            for powers, ranges in self.terms:
                inside = {name for name, _ in bound_names(powers, len(ranges))}
                for factor, _ in powers:
                    for name, slots in variables(factor):
                        found.add((name, tuple(("*", 0) if s[0] in inside else s for s in slots)))
            self._variables = frozenset(found)
        return self._variables

    def constant(self) -> Coefficient | None:
        """Its value when it is a number, else None."""
        if not self.terms:
            return 0
        if len(self.terms) == 1:
            return self.terms.get(ONE_MONO)
        return None


Condition = tuple[Poly, ...]  # what an expectation is conditioned on

ZERO = Poly({})
ONE = Poly({ONE_MONO: 1})


def total(parts: Iterable[Poly]) -> Poly:
    """The sum of many polynomials, each looked at once."""
    terms: dict[Mono, Coefficient] = {}
    for part in parts:
        _add(terms, part)
    return Poly(terms)


def _add(terms: dict[Mono, Coefficient], other: Poly) -> None:
    for mono, coefficient in other.terms.items():
        both = terms.get(mono, 0) + coefficient
        if both:
            terms[mono] = exact(both)
        else:
            terms.pop(mono, None)


def constant(value: Coefficient) -> Poly:
    return Poly({ONE_MONO: exact(value)}) if value else ZERO


def mono_depth(powers: Powers) -> int:
    depth = 1
    for factor, _ in powers:
        if factor[0] not in _FLAT:
            depth = max(depth, 1 + factor_depth(factor))
    return depth


def factor_depth(factor: Factor) -> int:
    tag = factor[0]
    if tag in _FLAT:
        return 0
    if tag == "m":
        inner = max((factor_depth(f) for f, _ in factor[1]), default=0)
        return int(max([inner, *(p.depth for p in factor[2])]))
    return max((p.depth for p in nested(factor)), default=0)


def bound_names(powers: Powers, count: int) -> list[Ix]:
    """The canonical names of the bound indices of a monomial."""
    return _bound_names(mono_depth(powers), count) if count else []


@cache
def _bound_names(depth: int, count: int) -> list[Ix]:
    return [(f"#{depth}.{k}", 0) for k in range(count)]


def nested(factor: Factor) -> Iterator[Poly]:
    """The polynomials directly inside a factor (not those inside a moment's factors)."""
    tag = factor[0]
    if tag in ("p", "i", "D", "P"):
        yield factor[1]
    elif tag == "x":
        yield factor[1]
        yield factor[2]
    elif tag == "1":
        yield factor[2]
    elif tag == "f":
        yield from factor[3]
    elif tag == "m":
        yield from factor[2]
    elif tag == "E":
        yield factor[1]
        yield from factor[2]


def variables(factor: Factor) -> set[tuple[str, tuple[Ix, ...]]]:
    """The random symbols a factor depends on; a conditional moment depends on what it is given."""
    tag = factor[0]
    if tag == "r":
        return {(factor[1], factor[2])}
    if tag in ("s", "v", "d", "lt"):
        return set()
    if tag in ("m", "E"):
        return {v for p in factor[2] for v in p.variables}
    own = BINDS.get(tag, ())  # a slot that the factor binds is any of them
    found = {v for p in nested(factor) for v in p.variables}
    return {(name, tuple(("*", 0) if s[0] in own else s for s in slots)) for name, slots in found} if own else found


def is_random(factor: Factor) -> bool:
    return factor[0] == "r" or (factor[0] not in _FLAT and bool(variables(factor)))


def has_condition(factor: Factor) -> bool:
    """Whether a conditional expectation stands in a factor, by itself or inside."""
    if factor[0] in ("m", "E") and factor[2]:
        return True
    return any(has_condition(f) for p in nested(factor) for powers, _ in p.terms for f, _ in powers)


def free_indices(poly: Poly) -> Iterator[Ix]:
    """Symbolic indices of a polynomial that it does not bind itself (with repetitions)."""
    for powers, ranges in poly.terms:
        names = {n for n, _ in bound_names(powers, len(ranges))}
        for factor, _ in powers:
            for ix in indices_of(factor):
                if ix[0] not in names:
                    yield ix
        for low, high in ranges:
            for ix in (low, high):
                if ix[0] and ix[0] not in names:
                    yield ix


def indices_of(factor: Factor) -> Iterable[Ix]:
    """Symbolic (not literal) indices that stand in a factor."""
    if factor[0] in ("s", "r"):
        return [ix for ix in factor[2] if ix[0]] if factor[2] else ()
    return _indices_inside(factor)


def _indices_inside(factor: Factor) -> Iterator[Ix]:
    tag = factor[0]
    slots: Iterable[Ix] = ()
    if tag == "v":
        slots = factor[1:2]
    elif tag in ("d", "lt"):
        slots = factor[1:3]
    elif tag == "i":
        slots = factor[2:4]
    elif tag == "f":
        slots = factor[4]
    elif tag == "P":
        slots = factor[2]
    for ix in slots:
        if ix[0]:
            yield ix
    if tag == "m":
        for f, _ in factor[1]:
            yield from indices_of(f)
    for poly in nested(factor):
        for ix in free_indices(poly):
            if ix[0] not in BINDS.get(tag, ()):
                yield ix


def sorted_powers(pairs: Iterable[tuple[Factor, Any]]) -> Powers:
    """Equal factors merged, zero exponents dropped, in a fixed order."""
    merged: dict[Factor, Any] = {}
    for factor, exponent in pairs:
        if type(exponent) is not int or factor in merged:
            exponent = exact(merged.get(factor, 0) + exponent)
        merged[factor] = exponent
    kept = [pair for pair in merged.items() if pair[1] != 0]
    if len(kept) > 1:
        kept.sort(key=repr)
    return tuple(kept)
