"""Single factors of a monomial as terms: symbols, inverses, functions, moments.  Used by `derive.judge.lift` alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from derive.judge.chains import Atom, as_index
from derive.kernel.mapping import map_factor, map_poly, substitution
from derive.kernel.monomials import (
    ARGUMENT_COLUMN,
    ARGUMENT_ROW,
    COLUMN,
    ROW,
    Factor,
    Ix,
    Poly,
    Powers,
    free_indices,
    indices_of,
    sorted_powers,
)
from derive.language.facts import Facts
from derive.language.terms import (
    SCALAR,
    Covariance,
    Derivative,
    Determinant,
    Dim,
    Entry,
    Expectation,
    Function,
    IndexValue,
    Indicator,
    Inverse,
    Pow,
    Product,
    Range,
    Shape,
    Symbol,
    Term,
    Transpose,
    Variance,
    number,
    walk,
)
from derive.rules.construct import power, transposed

Powered = list[tuple[Factor, Any]]
Spans = dict[str, tuple[Ix, Ix]]


class NotLifted(Exception):
    """A normal form that has no notation here; the message says what stood in the way."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a monomial stands: its bound indices, the shape of the whole, and the letters that are taken.

    `inside`: bound indices that are summed within one moment.
    """

    bounds: Spans
    shape: Shape
    taken: frozenset[str]
    inside: frozenset[Ix] = frozenset()


class Factors:
    """`term` lifts a polynomial, `product` a monomial: those of the `Lifter` that this belongs to."""

    def __init__(self, facts: Facts, term: Callable[..., Term], product: Callable[[Powered, Scope], Term]):
        self.facts = facts
        self.term = term
        self.product = product

    def atoms(self, powers: Powered, scope: Scope) -> tuple[list[Atom], list[Term], bool]:
        """Vectors and matrices, scalars, and whether δ of row and column stands among the factors."""
        atoms: list[Atom] = []
        scalars: list[Term] = []
        diagonal = False
        for factor, exponent in powers:
            if factor[0] == "d" and {factor[1], factor[2]} == {ROW, COLUMN}:
                diagonal = True
                continue
            made = self.atom(factor, scope)
            if isinstance(made, Atom) and _whole(exponent):
                atoms += [made] * exponent
            else:
                scalar = Entry(made.term, *map(as_index, made.legs)) if isinstance(made, Atom) else made
                scalars.append(power(scalar, exponent) if exponent != 1 else scalar)
        return atoms, scalars, diagonal

    def atom(self, factor: Factor, scope: Scope) -> Atom | Term:
        taken = scope.taken
        match factor[0]:
            case "s" | "r":
                return self._symbol(factor)
            case "v":
                return IndexValue(as_index(factor[1]))
            case "d" | "lt":
                sign = "=" if factor[0] == "d" else "<"
                return Indicator(sign, IndexValue(as_index(factor[1])), IndexValue(as_index(factor[2])))
            case "p":
                return self.term(factor[1], SCALAR, taken)
            case "x":
                return Pow(self.term(factor[1], SCALAR, taken), self.term(factor[2], SCALAR, taken))
            case "i":
                return self._inverse(factor, scope)
            case "D":
                return Determinant(self.term(factor[1], (_dim(factor[2]), _dim(factor[2])), taken))
            case "f":
                return self._function(factor, scope)
            case "1":
                return Indicator(factor[1], self.term(factor[2], SCALAR, taken), number(0))
            case "P":
                return self._repeated(factor, taken)
            case "m":
                return self._moment(factor[1], factor[2], scope)
            case "cov":
                return self._covariance(factor, taken)
            case "E":
                return Expectation(self.term(factor[1], SCALAR, taken), self._given(factor[2], taken))
        raise NotLifted(f"a factor {factor[0]}")

    # ------------------------------------------------------------------ plain factors

    def _split(self, name: str, slots: tuple[Ix, ...]) -> tuple[tuple[Ix, ...], tuple[Ix, ...]]:
        """Family indices and component indices."""
        info = self.facts.symbols.get(name)
        own = len(slots) if info is None else len(slots) - len([d for d in info.shape if d != 1])
        return slots[:own], slots[own:]

    def _symbol(self, factor: Factor) -> Atom | Term:
        name = factor[1]
        own, legs = self._split(name, factor[2])
        own = tuple(("", 1) if ix == ("*", 0) else ix for ix in own)  # any member of a family that is alike: the first
        info = self.facts.symbols.get(name)
        symbol = Symbol(name, tuple(map(as_index, own)), info.shape if info is not None else SCALAR)
        if not legs:
            return symbol
        row = symbol.shape[0] == 1 and len(legs) == 1
        return Atom(transposed(symbol) if row else symbol, legs, len(factor) > 3)

    def _inverse(self, factor: Factor, scope: Scope) -> Atom:
        _, poly, row, column, symmetric = factor
        dim = self._dimension(poly, scope, (row, column))
        swap = substitution({ROW[0]: COLUMN, COLUMN[0]: ROW})
        turned = map_poly(poly, swap)
        same = bool(symmetric) or turned == poly
        inner = self.term(poly, (dim, dim), scope.taken)
        if not same:  # which of A and its transpose the normal form keeps is not what a reader would write
            other = self.term(turned, (dim, dim), scope.taken)
            if _transposes(other) < _transposes(inner):
                inner, row, column = other, column, row
        return Atom(Inverse(inner), (row, column), same)

    def _gradient(self, name: str, order: int, polys: tuple[Poly, ...], slots: tuple[Ix, ...], scope: Scope) -> Atom:
        """∂f(x)/∂x_j for a symbol x, the only one that has a name in the language."""
        info = self.facts.symbols.get(name)
        legs = slots[len(slots) - 1 :]
        if order != 1 or len(polys) != 1 or (info is not None and info.shape != SCALAR):
            raise NotLifted("a higher derivative of a function of a vector")
        arg = self.term(polys[0], (self._dimension(polys[0], scope, ()), 1), scope.taken)
        if not isinstance(arg, Symbol):
            raise NotLifted("a derivative of a function at an expression")
        value = Function(name, (arg,), SCALAR, tuple(map(as_index, slots[:-1])))
        return Atom(Derivative(value, arg), legs)

    def _function(self, factor: Factor, scope: Scope) -> Atom | Term:
        _, name, order, polys, slots = factor
        polys = tuple(map_poly(p, substitution({ARGUMENT_ROW[0]: ROW, ARGUMENT_COLUMN[0]: COLUMN})) for p in polys)
        if name == "pinv":
            return self._pseudo_inverse(polys[0], slots, scope)
        arrays = [any(ix in (ROW, COLUMN) for ix in free_indices(poly)) for poly in polys]
        if order and any(arrays):
            return self._gradient(name, order, polys, slots, scope)
        own, legs = self._split(name, slots)
        info = self.facts.symbols.get(name)
        args = []
        for poly, array in zip(polys, arrays, strict=True):
            shape = (self._dimension(poly, scope, ()), 1) if array else SCALAR
            args.append(self.term(poly, shape, scope.taken))
        shape = info.shape if info is not None and legs else SCALAR
        term = Function(name, tuple(args), shape, tuple(map(as_index, own)), False, order)
        return Atom(term, legs) if legs else term

    def _pseudo_inverse(self, poly: Poly, slots: tuple[Ix, ...], scope: Scope) -> Atom:
        turned = map_poly(poly, substitution({ROW[0]: COLUMN, COLUMN[0]: ROW}))
        shape = self._dimension(poly, scope, ()), self._dimension(turned, scope, ())
        return Atom(Inverse(self.term(poly, shape, scope.taken), True), slots)

    def _repeated(self, factor: Factor, taken: frozenset[str]) -> Term:
        letter = next((x for x in "ijklt" if x not in taken and x not in self.facts.symbols), "i'")
        body = map_poly(factor[1], substitution({ROW[0]: (letter, 0)}))
        low, high = factor[2]
        return Product(letter, Range(as_index(low), as_index(high)), self.term(body, SCALAR, taken | {letter}))

    def _given(self, given: tuple[Poly, ...], taken: frozenset[str]) -> tuple[Term, ...]:
        return tuple(self._condition(p, taken) for p in given)

    def _condition(self, poly: Poly, taken: frozenset[str]) -> Term:
        """What is conditioned on: a whole symbol, or a scalar expression."""
        if len(poly.terms) == 1:
            (powers, ranges), *_ = poly.terms
            if len(powers) == 1 and not ranges and powers[0][0][0] in ("s", "r"):
                name, slots = powers[0][0][1:3]
                own, _ = self._split(name, slots)
                info = self.facts.symbols.get(name)
                indices = () if any(s[0] == "*" for s in own) else tuple(map(as_index, own))
                return Symbol(name, indices, info.shape if info else SCALAR)
        if any(ix[0] == "*" for ix in free_indices(poly)):
            raise NotLifted("a condition on a compound vector")
        return self.term(poly, SCALAR, taken)

    # ------------------------------------------------------------------ moments

    def legs(self, factor: Factor, bounds: Spans) -> tuple[Ix, ...]:
        """The component indices in a factor that are bound here, with repetitions."""
        return tuple(ix for ix in self._components(factor) if contracts(ix, bounds))

    def _components(self, factor: Factor) -> Iterator[Ix]:
        if factor[0] == "m":
            for f, e in factor[1]:
                yield from tuple(self._components(f)) * (e if _whole(e) else 3)
        elif factor[0] in ("s", "r"):
            yield from self._split(factor[1], factor[2])[1]

    def inner(self, powers: Powered, moment: Factor, bounds: Spans) -> set[Ix]:
        """Bound indices of components that stand in one moment only: their sum goes inside."""
        return {ix for ix in self.legs(moment, bounds) if not _touches(powers, ix, moment)}

    def absorbed(self, powers: Powered, bounds: Spans) -> Powered:
        """Constant vectors drawn into a moment with more than two open legs.

        So w_i w_j w_k E[x_i x_j x_k] becomes E[(wᵀx)³].
        """
        out = list(powers)
        for factor, exponent in powers:
            if factor[0] != "m" or exponent != 1:
                continue
            inner = self.inner(out, factor, bounds)
            legs = [ix for ix in self.legs(factor, bounds) if ix not in inner]
            if len(legs) <= 2 and len(set(legs)) == len(legs):
                continue
            drawn = [p for p in out if p[0][0] == "s" and self._inside(p[0], legs, bounds)]
            out = [p for p in out if p[0] is not factor and p not in drawn]
            out.append((("m", (*factor[1], *drawn), factor[2]), 1))
        return out

    def _inside(self, factor: Factor, legs: list[Ix], bounds: Spans) -> bool:
        """Whether all component indices of a constant are legs of the moment."""
        own = self.legs(factor, bounds)
        return bool(own) and all(ix in legs for ix in own)

    def _moment(self, contents: Powers, given: tuple[Poly, ...], scope: Scope) -> Atom | Term:
        """E of a product; up to two indices that occur once inside become the row and column of a matrix of moments."""
        own = list(self._components(("m", contents, given)))
        legs = [ix for ix in dict.fromkeys(own) if ix in (ROW, COLUMN) or contracts(ix, scope.bounds)]
        inner = scope.inside & set(legs)
        outer = [ix for ix in legs if ix not in inner]
        if len(outer) > 2 or any(own.count(ix) != 1 for ix in outer):
            outer = []
        condition = self._given(given, scope.taken)
        spans = {ix[0]: scope.bounds[ix[0]] for ix in inner}
        if not outer:
            return Expectation(self.product(list(contents), Scope(spans, SCALAR, scope.taken)), condition)
        move = substitution(dict(zip((ix[0] for ix in outer), (ROW, COLUMN), strict=False)))
        moved = [(map_factor(f, move), e) for f, e in contents]
        dims = [self._size_of(ix, scope) for ix in outer]
        shape = (dims[0], dims[1] if len(dims) > 1 else 1)
        body = self.product(moved, Scope(spans, shape, scope.taken))
        return Atom(Expectation(body, condition), tuple(outer), _same_both_ways(contents, outer))

    def _covariance(self, factor: Factor, taken: frozenset[str]) -> Atom | Term:
        _, left, right, given = factor
        sides = [self.atom(f, Scope({}, SCALAR, taken)) for f in (left, right)]
        terms = [s.term if isinstance(s, Atom) else s for s in sides]
        legs = tuple(ix for s in sides if isinstance(s, Atom) for ix in s.legs)
        if any(isinstance(s, Atom) and len(s.legs) > 1 for s in sides):
            raise NotLifted("a covariance of matrices")
        condition = self._given(given, taken)
        if terms[0] == terms[1]:
            both: Term = Variance(terms[0], condition)
            return Atom(both, legs, symmetric=True) if legs else both
        if not isinstance(sides[0], Atom) and isinstance(sides[1], Atom):
            terms.reverse()
        both = Covariance(terms[0], terms[1], condition)
        return Atom(both, legs) if legs else both

    # ------------------------------------------------------------------ dimensions

    def _size_of(self, ix: Ix, scope: Scope) -> Dim:
        if ix in (ROW, COLUMN):
            return scope.shape[0 if ix == ROW else 1]
        return _dim(scope.bounds[ix[0]][1])

    def _dimension(self, poly: Poly, scope: Scope, legs: tuple[Ix, ...]) -> Dim:
        """The size of an array that is open in ROW: from what it is joined to, or from what stands in it."""
        for ix in legs:
            if ix in (ROW, COLUMN) or ix[0] in scope.bounds:
                return self._size_of(ix, scope)
        for powers, _ in poly.terms:
            for name, slots in _symbols(powers):
                info = self.facts.symbols.get(name)
                _, places = self._split(name, slots)
                for place, ix in enumerate(places):
                    if ix in (ROW, COLUMN) and info is not None:
                        return [d for d in info.shape if d != 1][place]
        raise NotLifted("an array of unknown size")


def moved_factor(factor: Factor, move: Any) -> Factor:
    """`map_factor`, for covariances too."""
    if factor[0] != "cov":
        return map_factor(factor, move)
    _, left, right, given = factor
    return ("cov", map_factor(left, move), map_factor(right, move), tuple(map_poly(p, move) for p in given))


def contracts(ix: Ix, bounds: Spans) -> bool:
    """Whether an index is bound here over 1..d, as the index of a component is."""
    return ix[1] == 0 and ix[0] in bounds and bounds[ix[0]][0] == ("", 1)


def _symbols(item: Any) -> Iterator[tuple[str, tuple[Ix, ...]]]:
    """Name and slots of all symbols in a factor that shares its indices."""
    if isinstance(item, tuple):
        if len(item) >= 3 and item[0] in ("s", "r") and isinstance(item[1], str) and isinstance(item[2], tuple):
            yield item[1], item[2]
        else:
            for part in item:
                yield from _symbols(part)


def _same_both_ways(contents: Powers, legs: list[Ix]) -> bool:
    """Whether a moment with two legs is symmetric in them, as E[x xᵀ] is."""
    if len(legs) != 2:
        return False
    swap = substitution({legs[0][0]: legs[1], legs[1][0]: legs[0]})
    return sorted_powers((map_factor(f, swap), e) for f, e in contents) == sorted_powers(contents)


def _touches(powers: Powered, ix: Ix, but: Factor) -> bool:
    return any(f is not but and ix in set(indices_of(f)) for f, _ in powers)


def _whole(exponent: Any) -> bool:
    return isinstance(exponent, int) and exponent > 0


def _dim(ix: Any) -> Dim:
    """A dimension that the kernel keeps as an index, a name or a number."""
    if isinstance(ix, tuple) and len(ix) == 2 and isinstance(ix[1], int):
        if ix[0] and ix[1]:
            raise NotLifted("a shifted dimension")
        return ix[0] or ix[1]
    return ix


def _transposes(term: Term) -> int:
    return sum(isinstance(t, Transpose) for t in walk(term))
