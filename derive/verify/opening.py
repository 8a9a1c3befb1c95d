"""A term at one component, as a polynomial: linear algebra, definitions of moments, and derivatives become entries."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from derive.language import facts as ft
from derive.language import terms as tm
from derive.verify import derivatives
from derive.verify.known import Env, Known
from derive.verify.polynomials import (
    COLUMN,
    FIRST,
    PLACES,
    ROW,
    Ix,
    Poly,
    Span,
    conditions,
    frozen,
    is_random,
    ordered,
)
from derive.verify.refusal import Refused

SPELLED = 8  # the components of sizes up to this are taken one by one
DEEPEST = 60
SUPPORTS = {"binary": {Fraction(0), Fraction(1)}, "sign": {Fraction(-1), Fraction(1)}}
COMPARED = {"=": "d", r"\neq": "u", "<": "l"}  # of indices


class World(Known):
    """What is known, and how terms are opened with it."""

    def difference(self, lhs: tm.Term, rhs: tm.Term, row: Ix, column: Ix) -> Poly:
        """lhs − rhs of a claim at a component."""
        for place, dim in ((row, lhs.shape[0]), (column, lhs.shape[1])):
            if place[0]:
                self.algebra.domains[place[0]] = {(FIRST, self.dimension(dim))}
        self.noting = True
        found = self.algebra.minus(self.at(lhs, row, column), self.at(rhs, row, column))
        self.noting = False
        return self.algebra.renamed_poly(found, {})  # once more, now that all is noted

    # ------------------------------------------------------------------ terms

    def at(self, term: tm.Term, row: Ix = FIRST, column: Ix = FIRST, env: Env | None = None) -> Poly:
        """The component (row, column) of a term.  `env`: what the bound indices of the term stand for."""
        self.depth += 1
        self.algebra.work.spend()
        if self.depth > DEEPEST:
            raise Refused("nested too deeply, or defined by itself")
        for place, dim in ((row, term.shape[0]), (column, term.shape[1])):
            if not place[0] and (place[1] < 1 or (isinstance(dim, int) and place[1] > dim)):
                raise Refused("there is no such component")
        reader = READERS.get(type(term))
        if reader is None:
            raise Refused(f"{type(term).__name__} is not covered")
        try:
            return reader(self, term, row, column, env or {})
        finally:
            self.depth -= 1

    def symbol(self, term: tm.Symbol, row: Ix, column: Ix, env: Env) -> Poly:
        info = self.symbols.get(term.name)
        if (
            info is None
            or info.shape != term.shape
            or len(info.families) != len(term.indices)
            or info.role == "function"
        ):
            raise Refused(f"{term.name} is not declared as it is used")
        if info.role in ("dimension", "index") and term.shape == tm.SCALAR and not term.indices:
            return self.algebra.value(self.ix(tm.Index(term.name), env))
        slots = tuple(self.ix(i, env) for i in term.indices)
        places = tuple(p for p, d in ((row, term.shape[0]), (column, term.shape[1])) if d != 1)
        for equation in self.definitions.get(term.name, ()):
            found = self._defined(equation, slots, row, column)
            if found is not None:
                return found
        for slot, family in zip(slots, info.families, strict=True):
            if family is not None:
                self.lies(slot, (self.ix(family.lower, {}), self.ix(family.upper, {})))
        kind = "r" if info.role == "random" else "c"
        square = len(places) == 2 and term.shape[0] == term.shape[1] and term.name in self.symmetric
        return self.algebra.of(ordered(("x", term.name, slots + places, kind + "s" if square else kind)))

    def entry(self, term: tm.Entry, row: Ix, column: Ix, env: Env) -> Poly:
        places = (self.ix(term.row, env), self.ix(term.column, env))
        for place, dim in zip(places, term.arg.shape, strict=True):
            self.lies(place, (FIRST, self.dimension(dim)))
        return self.at(term.arg, *places, env)

    def _defined(self, equation: ft.Equation, slots: tuple[Ix, ...], row: Ix, column: Ix) -> Poly | None:
        """The right side of a definition of a symbol, where it says something of this member and component."""
        lhs, wanted = equation.lhs, list(slots)
        symbol = lhs.arg if isinstance(lhs, tm.Entry) else lhs
        if not isinstance(symbol, tm.Symbol):
            raise Refused("a definition of something that is not a symbol")
        have = list(symbol.indices)
        self.shaped(equation.lhs.shape == equation.rhs.shape)
        if isinstance(lhs, tm.Entry):
            have, wanted = [*have, lhs.row, lhs.column], [*wanted, row, column]
            row = column = FIRST
        env: dict[str, Ix] = {}
        free = self.schematic(equation)
        if free - {i.base for i in have}:
            raise Refused("a definition has an index that its symbol has not")
        for index, ix in zip(have, wanted, strict=True):
            if index.base is None or index.base not in free:
                if self.ix(index, {}) != ix:
                    return None
            elif env.setdefault(index.base, (ix[0], ix[1] - index.offset)) != (ix[0], ix[1] - index.offset):
                return None
        return self.at(equation.rhs, row, column, env)

    def over(self, span: Span, body: Callable[[Ix], Poly]) -> Poly:
        """The sum of the body over a range."""
        low, high = span
        if not low[0] and not high[0] and high[1] - low[1] < SPELLED:
            return self.algebra.added(body(("", k)) for k in range(low[1], high[1] + 1))
        name = self.algebra.fresh()
        self.algebra.domains[name] = {span}
        return self.algebra.summed(body((name, 0)), {name: span})

    def along(self, dim: tm.Dim, body: Callable[[Ix], Poly]) -> Poly:
        return self.over((FIRST, self.dimension(dim)), body)

    def product(self, term: tm.Mul, row: Ix, column: Ix, env: Env) -> Poly:
        scalars = [a for a in term.args if a.shape == tm.SCALAR]
        chain = [a for a in term.args if a.shape != tm.SCALAR]
        self.shaped(all(a.shape[1] == b.shape[0] for a, b in pairwise(chain)))
        result = self.chain(chain, row, column, env) if chain else self.algebra.number(1)
        for scalar in scalars:
            result = self.algebra.times(result, self.at(scalar, env=env))
        return result

    def chain(self, chain: list[tm.Term], row: Ix, column: Ix, env: Env) -> Poly:
        first, *rest = chain
        if not rest:
            return self.at(first, row, column, env)
        return self.along(
            first.shape[1],
            lambda k: self.algebra.times(self.at(first, row, k, env), self.chain(rest, k, column, env)),
        )

    def total(self, term: tm.Sum, row: Ix, column: Ix, env: Env) -> Poly:
        def body(k: Ix) -> Poly:
            inside = {**env, term.index: k}
            result = self.at(term.body, row, column, inside)
            for tag, others in (("u", term.excluded), ("l", term.below)):
                for other in others:
                    factor = ordered((tag, k, self.ix(other, env)))
                    result = self.algebra.times(result, self.algebra.of(factor))
            return result

        return self.over((self.ix(term.range.lower, env), self.ix(term.range.upper, env)), body)

    def factors(self, term: tm.Product, row: Ix, column: Ix, env: Env) -> Poly:
        low, high = self.ix(term.range.lower, env), self.ix(term.range.upper, env)
        if low[0] or high[0] or term.excluded or high[1] - low[1] >= SPELLED:
            raise Refused("a product over a symbolic range is not covered")
        result = self.algebra.number(1)
        for k in range(low[1], high[1] + 1):
            result = self.algebra.times(result, self.at(term.body, env={**env, term.index: ("", k)}))
        return result

    def power(self, term: tm.Pow, row: Ix, column: Ix, env: Env) -> Poly:
        self.shaped(term.base.shape == tm.SCALAR == term.exponent.shape)
        exponent = self.at(term.exponent, env=env)
        if set(exponent) - {((), ())}:
            raise Refused("a symbolic exponent is not covered")
        return self.algebra.power(self.at(term.base, env=env), exponent.get(((), ()), Fraction(0)))

    def inverse(self, term: tm.Inverse, row: Ix, column: Ix, env: Env) -> Poly:
        arg = self.spelled(term.arg)
        self.shaped(arg.shape[0] == arg.shape[1] and not term.pseudo)
        if isinstance(arg, tm.Symbol) and arg.name in self.orthogonal and not arg.indices:
            return self.at(tm.Transpose(arg), row, column, env)
        if isinstance(arg, tm.Inverse) and not arg.pseudo:
            return self.at(arg.arg, row, column, env)
        if isinstance(arg, tm.Mul):
            scalars = [tm.Pow(a, tm.number(-1)) for a in arg.args if a.shape == tm.SCALAR]
            others = [a for a in reversed(arg.args) if a.shape != tm.SCALAR]
            if all(a.shape == arg.shape for a in others) and (scalars or len(others) > 1):
                self.shaped(bool(others))
                return self.at(tm.Mul((*scalars, *(tm.Inverse(a) for a in others))), row, column, env)
        size = self.dimension(arg.shape[0])
        return self.algebra.of(self.algebra.oriented(self.head(arg, env), size, row, column))

    def spelled(self, term: tm.Term) -> tm.Term:
        """What a symbol without indices is defined as, where that is unfolded."""
        found = self.definitions.get(term.name, []) if isinstance(term, tm.Symbol) and not term.indices else []
        alone = len(found) == 1 and found[0].lhs == term and not self.schematic(found[0])
        return found[0].rhs if alone and found[0].rhs.shape == term.shape else term

    def head(self, term: tm.Term, env: Env) -> Any:
        """A term as a polynomial that is part of a factor, its places those of PLACES."""
        if any(v[0] in PLACES for v in env.values()):
            raise Refused("an index would be mistaken for the place of a component")
        places = [FIRST if d == 1 else place for d, place in zip(term.shape, (ROW, COLUMN), strict=True)]
        return frozen(self.at(term, places[0], places[1], env))

    def headed(self, terms: tuple[tm.Term, ...], env: Env) -> tuple[Any, ...]:
        return tuple((self.head(t, env), tuple(self.dimension(d) for d in t.shape)) for t in terms)

    def given(self, terms: tuple[tm.Term, ...], env: Env) -> tuple[Any, ...]:
        known = self.headed(terms, env)
        return conditions((p, s) for p, s in known if any(is_random(f) for (powers, _), _ in p for f, _ in powers))

    def covariance(self, left: tm.Term, right: tm.Term, given: Any, places: tuple[Ix, Ix], env: Env) -> Poly:
        algebra, known = self.algebra, self.given(given, env)
        self.shaped(left.shape[1] == right.shape[1] == 1)
        x, y = self.at(left, places[0], FIRST, env), self.at(right, places[1], FIRST, env)
        means = algebra.times(algebra.expected(x, known), algebra.expected(y, known))
        return algebra.minus(algebra.expected(algebra.times(x, y), known), means)

    def correlation(self, term: tm.Correlation, row: Ix, column: Ix, env: Env) -> Poly:
        self.shaped(term.left.shape == term.right.shape == tm.SCALAR)
        at = (FIRST, FIRST)
        x, y = (self.covariance(t, t, term.given, at, env) for t in (term.left, term.right))
        root = self.algebra.power(self.algebra.times(x, y), Fraction(-1, 2))
        return self.algebra.times(self.covariance(term.left, term.right, term.given, at, env), root)

    def literal(self, term: tm.Matrix, row: Ix, column: Ix, env: Env) -> Poly:
        if row[0] or column[0] or any(t.shape != tm.SCALAR for line in term.rows for t in line):
            raise Refused("blocks and symbolic places of literal matrices are not covered")
        self.shaped(len({len(line) for line in term.rows}) == 1)
        return self.at(term.rows[row[1] - 1][column[1] - 1], env=env)

    def function(self, term: tm.Function, row: Ix, column: Ix, env: Env) -> Poly:
        slots = tuple(self.ix(i, env) for i in term.indices)
        for equation in self.definitions.get(term.name, ()):
            if equation.lhs == term and not self.schematic(equation):
                self.shaped(equation.rhs.shape == term.shape)
                return self.at(equation.rhs, row, column)
        if term.name in self.symbols and self.symbols[term.name].role != "function":
            raise Refused("a function that is random is not covered")
        if term.entrywise:
            self.shaped(len(term.args) == 1 and term.args[0].shape == term.shape)
            value = frozen(self.at(term.args[0], row, column, env))
            return self.algebra.of(("f", term.name, term.order, ((value, (FIRST, FIRST)),), slots))
        if term.shape != tm.SCALAR:
            raise Refused("a function with a vector as its value is not covered")
        return self.algebra.of(("f", term.name, term.order, self.headed(term.args, env), slots))

    def values(self, term: tm.Term) -> set[Fraction]:
        """The two values of a 0/1 variable or a sign; of anything else none."""
        info = self.symbols.get(term.name) if isinstance(term, tm.Symbol) else None
        return SUPPORTS.get(info.support if info else "", set())

    def indicator(self, term: tm.Indicator, row: Ix, column: Ix, env: Env) -> Poly:
        if not term.relation:
            raise Refused("an event without a name is not covered")
        if isinstance(term.left, tm.IndexValue) and isinstance(term.right, tm.IndexValue) and term.relation in COMPARED:
            both = (self.ix(term.left.index, env), self.ix(term.right.index, env))
            return self.algebra.of(ordered((COMPARED[term.relation], *both)))
        values = self.values(term.left)
        if term.relation == "=" and isinstance(term.right, tm.Number) and term.right.value in values:
            (other,) = values - {term.right.value}
            shifted = self.algebra.minus(self.at(term.left, env=env), self.algebra.number(other))
            return self.algebra.scaled(shifted, 1 / (term.right.value - other))
        sides = self.headed((term.left, term.right), env)
        return self.algebra.of(("f", "1" + term.relation, 0, sides, ()))


def _diagonal(w: World, t: tm.Diagonal, row: Ix, column: Ix, env: Env) -> Poly:
    vector = t.arg.shape[1] == 1 and not t.vector
    w.shaped(vector or t.arg.shape[0] == t.arg.shape[1])
    if t.vector:
        return w.at(t.arg, row, row, env)
    entry = w.at(t.arg, row, FIRST if vector else row, env)
    return w.algebra.times(w.algebra.of(ordered(("d", row, column))), entry)


def _same(w: World, t: Any) -> tuple[tm.Term, ...]:
    w.shaped(len({a.shape for a in t.args}) == 1)
    return tuple(t.args)


def _entrywise(w: World, t: tm.Hadamard, row: Ix, column: Ix, env: Env) -> Poly:
    result = w.algebra.number(1)
    for arg in _same(w, t):
        result = w.algebra.times(result, w.at(arg, row, column, env))
    return result


def _line(w: World, t: tm.Line, row: Ix, column: Ix, env: Env) -> Poly:
    index = w.ix(t.index, env)
    return w.at(t.arg, index, row, env) if t.axis == "row" else w.at(t.arg, row, index, env)


def _norm(w: World, t: tm.SquaredNorm, row: Ix, column: Ix, env: Env) -> Poly:
    def square(i: Ix, j: Ix) -> Poly:
        return w.algebra.times(w.at(t.arg, i, j, env), w.at(t.arg, i, j, env))

    return w.along(t.arg.shape[0], lambda i: w.along(t.arg.shape[1], lambda j: square(i, j)))


def _trace(w: World, t: tm.Trace, row: Ix, column: Ix, env: Env) -> Poly:
    w.shaped(t.arg.shape[0] == t.arg.shape[1])
    return w.along(t.arg.shape[0], lambda k: w.at(t.arg, k, k, env))


def _determinant(w: World, t: tm.Determinant, row: Ix, column: Ix, env: Env) -> Poly:
    w.shaped(t.arg.shape[0] == t.arg.shape[1])
    return w.algebra.of(("D", w.head(t.arg, env), w.dimension(t.arg.shape[0])))


def _index(w: World, index: tm.Index, env: Env) -> Poly:
    return w.algebra.value(w.ix(index, env))


READERS: dict[type, Callable[[World, Any, Ix, Ix, Env], Poly]] = {
    tm.Number: lambda w, t, r, c, e: w.algebra.number(t.value),
    tm.Constant: lambda w, t, r, c, e: w.algebra.number(t.value),
    tm.IndexValue: lambda w, t, r, c, e: _index(w, t.index, e),
    tm.Identity: lambda w, t, r, c, e: w.algebra.of(ordered(("d", r, c))),
    tm.Symbol: World.symbol,
    tm.Add: lambda w, t, r, c, e: w.algebra.added(w.at(a, r, c, e) for a in _same(w, t)),
    tm.Mul: World.product,
    tm.Hadamard: _entrywise,
    tm.Pow: World.power,
    tm.Inverse: World.inverse,
    tm.Transpose: lambda w, t, r, c, e: w.at(t.arg, c, r, e),
    tm.Entry: World.entry,
    tm.Line: _line,
    tm.Trace: _trace,
    tm.Determinant: _determinant,
    tm.Diagonal: _diagonal,
    tm.SquaredNorm: _norm,
    tm.Matrix: World.literal,
    tm.Entries: lambda w, t, r, c, e: w.at(t.body, env={**e, t.row: r, t.column: c}),
    tm.Sum: World.total,
    tm.Product: World.factors,
    tm.Expectation: lambda w, t, r, c, e: w.algebra.expected(w.at(t.arg, r, c, e), w.given(t.given, e)),
    tm.Variance: lambda w, t, r, c, e: w.covariance(t.arg, t.arg, t.given, (r, c), e),
    tm.Covariance: lambda w, t, r, c, e: w.covariance(t.left, t.right, t.given, (r, c), e),
    tm.Correlation: World.correlation,
    tm.Function: World.function,
    tm.Indicator: World.indicator,
    tm.Derivative: derivatives.derivative,
}
