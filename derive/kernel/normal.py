"""From typed terms to polynomials: every term is the matrix of its components.

`Translator.component(term, row, column)` is the polynomial of one component.  Transposes, associativity and
the trace leave no mark: they are the same monomials.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.kernel import functions, moments, operators, powers, rewriting
from derive.kernel.algebra import (
    LARGEST_POWER,
    LARGEST_SUM,
    build,
    delta,
    factor_poly,
    fresh,
    leave_powers,
    multiply,
    power,
    spend,
    sum_over,
)
from derive.kernel.closed import closing_rule
from derive.kernel.context import Context, ix
from derive.kernel.mapping import map_poly, substitution
from derive.kernel.monomials import COLUMN, ONE, ROW, ZERO, Ix, Poly, constant, free_indices
from derive.kernel.places import FIRST, Env, NotCovered, places_of, span_of
from derive.kernel.reindex import by_lag
from derive.kernel.repeated import product_over
from derive.kernel.substitute import replace_symbols
from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Correlation,
    Covariance,
    Derivative,
    Determinant,
    Diagonal,
    Dim,
    Entries,
    Entry,
    Expectation,
    Function,
    Hadamard,
    Identity,
    Index,
    IndexValue,
    Indicator,
    Inverse,
    Kronecker,
    Line,
    Matrix,
    Mul,
    Number,
    Pow,
    Product,
    SquaredNorm,
    Sum,
    SupportSum,
    Symbol,
    Term,
    Trace,
    Transpose,
    Variance,
)

EXPANSION = 20  # what a definition costs, in monomials: definitions in definitions may double in size each time


class Translator:
    """Translates terms under one context.  `env` gives the names that bound indices have got."""

    def __init__(self, context: Context):
        self.context = context
        self.spans: dict[str, tuple[Ix, Ix]] = {}  # ranges of the sums that are open at the moment
        self.moments = moments.Moments(context, self)
        rewriting.prepare(context, self)

    def scalar(self, term: Term, env: Env | None = None) -> Poly:
        return self.component(term, FIRST, FIRST, env or {})

    def component(self, term: Term, row: Ix, column: Ix, env: Env) -> Poly:
        method = _METHODS.get(type(term))
        if method is None:
            raise NotCovered(f"{type(term).__name__}")
        if env or type(term) not in _REMEMBERED or row[0] not in _STEADY or column[0] not in _STEADY:
            return method(self, term, row, column, env)
        context = self.context
        if context.expanding or self.spans:
            return method(self, term, row, column, env)
        return context.remembered((term, row, column), lambda: method(self, term, row, column, env))

    # ------------------------------------------------------------------ leaves

    def _number(self, term: Number, row: Ix, column: Ix, env: Env) -> Poly:
        return constant(term.value)

    def _constant(self, term: Constant, row: Ix, column: Ix, env: Env) -> Poly:
        return constant(term.value)

    def _identity(self, term: Identity, row: Ix, column: Ix, env: Env) -> Poly:
        self.context.rule("identity")
        return delta(row, column)

    def _index_value(self, term: IndexValue, row: Ix, column: Ix, env: Env) -> Poly:
        return build([(("v", self._ix(term.index, env)), 1)], [])

    def _ix(self, index: Index, env: Env) -> Ix:
        base, offset = ix(index)
        bound = env.get(base)
        return (base, offset) if bound is None else (bound[0], bound[1] + offset)

    def _symbol(self, term: Symbol, row: Ix, column: Ix, env: Env) -> Poly:
        own = tuple(self._ix(i, env) for i in term.indices)
        places = places_of(term.shape, row, column)
        if self.context.facts.role(term.name) in ("dimension", "index") and not own and not places:
            return build([(("v", (term.name, 0)), 1)], [])
        known = self._defined(term, own, row, column, env)
        if known is not None:
            return known
        return self._plain(term.name, own, places)

    def _plain(self, name: str, own: tuple[Ix, ...], places: tuple[Ix, ...]) -> Poly:
        context = self.context
        tag = context.tag(name)
        slots = own + places
        if len(slots) >= 2:
            diagonal = context.has(name, "diagonal")
            if diagonal is not None and len(places) == 2:
                context.use(diagonal, "diagonal")
                return multiply(delta(*places), factor_poly((tag, name, (*own, places[0], places[0]))))
            symmetric = context.has(name, "symmetric", "positive definite", "positive semidefinite")
            if symmetric is not None and len(places) == 2:
                context.use(symmetric, "symmetric")
                return factor_poly((tag, name, (*own, *sorted(places)), "sym"))
        return factor_poly((tag, name, slots))

    def _defined(self, term: Symbol, own: tuple[Ix, ...], row: Ix, column: Ix, env: Env) -> Poly | None:
        """The component by the symbol's definition, when it has one that fits."""
        context = self.context
        if term.name in context.expanding or not context.allows("definition"):
            return None
        slots = own + places_of(term.shape, row, column)
        for definition in context.definitions.get(term.name, ()):
            wanted = slots if definition.component else own
            values = _fit(definition.slots, wanted, definition.recursive)
            if values is None:
                continue
            spend(EXPANSION)
            context.use(definition.given, "definition")
            context.expanding.append(term.name)
            try:
                if definition.component:
                    return self.component(definition.term, FIRST, FIRST, values)
                return self.component(definition.term, row, column, values)
            finally:
                context.expanding.pop()
        return None

    # ------------------------------------------------------------------ algebra

    def _add(self, term: Add, row: Ix, column: Ix, env: Env) -> Poly:
        result = ZERO
        for arg in term.args:
            result = result + self.component(arg, row, column, env)
        return result

    def _mul(self, term: Mul, row: Ix, column: Ix, env: Env) -> Poly:
        result = ONE
        chain: list[Term] = []
        for arg in term.args:
            if arg.shape == SCALAR:
                result = multiply(result, self.component(arg, FIRST, FIRST, env))
            else:
                chain.append(arg)
        return multiply(result, self._chain(chain, row, column, env)) if chain else result

    def _chain(self, factors: list[Term], row: Ix, column: Ix, env: Env) -> Poly:
        """Matrix product: from the left, one contraction at a time."""
        if len(factors) == 1:
            return self.component(factors[0], row, column, env)
        *left, last = factors
        inner = last.shape[0]
        if inner == 1:
            return multiply(self._chain(left, row, FIRST, env), self.component(last, FIRST, column, env))
        return self._over(
            inner, lambda k: multiply(self._chain(left, row, k, env), self.component(last, k, column, env))
        )

    def _over(self, dim: Dim, body: Callable[[Ix], Poly]) -> Poly:
        """Σ_k body(k) over a dimension; short literal ones are written out: literal matrices need literal places."""
        if isinstance(dim, int) and dim <= LARGEST_SUM:
            result = ZERO
            for k in range(1, dim + 1):
                result = result + body(("", k))
            return result
        name = fresh()
        return sum_over(body((name, 0)), name, span_of(dim))

    def _transpose(self, term: Transpose, row: Ix, column: Ix, env: Env) -> Poly:
        self.context.rule("transpose")
        return self.component(term.arg, column, row, env)

    def _entry(self, term: Entry, row: Ix, column: Ix, env: Env) -> Poly:
        return self.component(term.arg, self._ix(term.row, env), self._ix(term.column, env), env)

    def _line(self, term: Line, row: Ix, column: Ix, env: Env) -> Poly:
        at = self._ix(term.index, env)
        return self.component(term.arg, at, row, env) if term.axis == "row" else self.component(term.arg, row, at, env)

    def _trace(self, term: Trace, row: Ix, column: Ix, env: Env) -> Poly:
        if term.arg.shape == SCALAR:
            return self.scalar(term.arg, env)
        self.context.rule("trace")
        return self._over(term.arg.shape[0], lambda k: self.component(term.arg, k, k, env))

    def _diagonal(self, term: Diagonal, row: Ix, column: Ix, env: Env) -> Poly:
        self.context.rule("diagonal")
        if term.vector:
            return self.component(term.arg, row, row, env)
        inner = self.component(term.arg, row, FIRST if term.arg.shape[1] == 1 else row, env)
        return multiply(delta(row, column), inner)

    def _hadamard(self, term: Hadamard, row: Ix, column: Ix, env: Env) -> Poly:
        self.context.rule("hadamard")
        result = ONE
        for arg in term.args:
            result = multiply(result, self.component(arg, row, column, env))
        return result

    def _kronecker(self, term: Kronecker, row: Ix, column: Ix, env: Env) -> Poly:
        raise NotCovered("a Kronecker product")

    def _squared_norm(self, term: SquaredNorm, row: Ix, column: Ix, env: Env) -> Poly:
        self.context.rule("squared-norm")
        rows, columns = term.arg.shape
        return self._over(rows, lambda r: self._over(columns, lambda c: power(self.component(term.arg, r, c, env), 2)))

    def _matrix(self, term: Matrix, row: Ix, column: Ix, env: Env) -> Poly:
        if row[0] or column[0]:
            raise NotCovered("a component of a literal matrix at a symbolic index")
        if not (1 <= row[1] <= len(term.rows) and 1 <= column[1] <= len(term.rows[0])):
            raise NotCovered("an index outside of a literal matrix")
        return self.scalar(term.rows[row[1] - 1][column[1] - 1], env)

    def _entries(self, term: Entries, row: Ix, column: Ix, env: Env) -> Poly:
        return self.scalar(term.body, {**env, term.row: row, term.column: column})

    # ------------------------------------------------------------------ sums and products

    def _sum(self, term: Sum, row: Ix, column: Ix, env: Env) -> Poly:
        if self._is_short(term, env):
            return self._written_out(term, row, column, env)
        name = fresh()
        span, body = self._ordered((self._ix(term.range.lower, env), self._ix(term.range.upper, env)), (name, 0))
        self.spans[name] = span
        body = multiply(body, self.component(term.body, row, column, {**env, term.index: (name, 0)}))
        del self.spans[name]
        for rule in sorted(filter(None, {closing_rule(mono[0], name) for mono in body.terms})):
            self.context.rule(rule)
            if rule == "geometric-sum":
                self.context.presupposed.setdefault("denominators are not zero")
        for other in term.excluded:
            self.context.rule("coinciding-indices")
            body = multiply(body, ONE - delta((name, 0), self._ix(other, env)))
        for other in term.below:
            body = multiply(body, build([(("lt", (name, 0), self._ix(other, env)), 1)], []))
        return by_lag(rewriting.ordered_pairs(sum_over(body, name, span)))

    def _is_short(self, term: Sum, env: Env) -> bool:
        low, high = self._ix(term.range.lower, env), self._ix(term.range.upper, env)
        return not low[0] and not high[0] and high[1] - low[1] < LARGEST_SUM

    def _written_out(self, term: Sum, row: Ix, column: Ix, env: Env) -> Poly:
        result = ZERO
        low, high = self._ix(term.range.lower, env), self._ix(term.range.upper, env)
        for value in range(low[1], high[1] + 1):
            own: Ix = ("", value)
            body = self.component(term.body, row, column, {**env, term.index: own})
            for other in term.excluded:
                body = multiply(body, ONE - delta(own, self._ix(other, env)))
            for other in term.below:
                body = multiply(body, build([(("lt", own, self._ix(other, env)), 1)], []))
            result = result + body
        return result

    def _ordered(self, span: tuple[Ix, Ix], own: Ix) -> tuple[tuple[Ix, Ix], Poly]:
        """A range that starts behind or ends before another index: the whole range, with a comparison."""
        low, high = span
        outer = self.spans.get(low[0])
        if outer is not None and low[1] == 1 and high == outer[1]:
            return outer, build([(("lt", (low[0], 0), own), 1)], [])
        outer = self.spans.get(high[0])
        if outer is not None and high[1] == -1 and low == outer[0]:
            return outer, build([(("lt", own, (high[0], 0)), 1)], [])
        if not self._never_short(low, high):
            leave_powers()
        return span, ONE

    def _never_short(self, low: Ix, high: Ix) -> bool:
        """Whether the range has upper − lower + 1 values whatever the index is that it depends on, none where that is zero."""
        inner = [ix for ix in (low, high) if self.context.is_index(ix)]
        if not inner:
            return True  # a range by itself is presupposed not to be empty
        if inner == [high] and not low[0]:
            return high[1] >= low[1] - 2  # the index itself is 1 at least
        outer = self.spans.get(low[0])
        ends = outer is not None and outer[1][0] == high[0]
        return inner == [low] and ends and outer is not None and high[1] - outer[1][1] - low[1] + 1 >= 0

    def _product(self, term: Product, row: Ix, column: Ix, env: Env) -> Poly:
        low, high = self._ix(term.range.lower, env), self._ix(term.range.upper, env)
        if not low[0] and not high[0] and high[1] - low[1] < LARGEST_POWER and not term.excluded:
            result = ONE
            for value in range(low[1], high[1] + 1):
                result = multiply(result, self.scalar(term.body, {**env, term.index: ("", value)}))
            return result
        if term.excluded:
            raise NotCovered("a product that leaves out an index")
        body = self.bound(term.body, FIRST, FIRST, env, {term.index: ROW})
        return product_over(body, low, high) if self._never_short(low, high) else factor_poly(("P", body, (low, high)))

    def _support_sum(self, term: SupportSum, row: Ix, column: Ix, env: Env) -> Poly:
        low, high = self.scalar(term.lower, env).constant(), self.scalar(term.upper, env).constant()
        if low is None or high is None or high - low > LARGEST_POWER:
            raise NotCovered("a sum over outcomes with a symbolic end")
        self.context.rule("finite-sum")
        result = ZERO
        for value in range(int(low), int(high) + 1):
            from fractions import Fraction

            result = result + self.scalar(replace_symbols(term.body, {term.variable: Number(Fraction(value))}), env)
        return result

    # ------------------------------------------------------------------ expectations

    def bound(self, term: Term, row: Ix, column: Ix, env: Env, own: Env | None = None) -> Poly:
        """Components of what a factor binds: a matrix in ROW and COLUMN, an argument in ARGUMENT_ROW, ….

        The same names of a factor around this one are another matter; what depends on them has no name here.
        `own` are letters that the factor binds itself.
        """
        names = {row[0], column[0], *(ix[0] for ix in (own or {}).values())} - {""}
        outer = {k: (f"^{ix[0]}", ix[1]) if ix[0] in names else ix for k, ix in env.items()}
        poly = self.reduced(self.component(term, row, column, {**outer, **(own or {})}))
        if any(ix[0].startswith("^") for ix in free_indices(poly)):
            raise NotCovered("a product, inverse, determinant or function inside another one whose index it depends on")
        return poly

    def reduced(self, poly: Poly) -> Poly:
        return by_lag(rewriting.reduce(self.context, poly))

    # ------------------------------------------------------------------ functions and derivatives


def _fit(pattern: tuple[Ix, ...], slots: tuple[Ix, ...], literally: bool) -> Env | None:
    """Values for the letters of a definition's slots, or None when they do not fit."""
    if len(pattern) != len(slots):
        return None
    values: Env = {}
    for want, have in zip(pattern, slots, strict=True):
        if literally or not want[0]:
            if want != have:
                return None
            continue
        value = (have[0], have[1] - want[1])
        if values.setdefault(want[0], value) != value:
            return None
    return values


_METHODS: dict[type, Callable[[Translator, Any, Ix, Ix, Env], Poly]] = {
    Number: Translator._number,
    Constant: Translator._constant,
    Identity: Translator._identity,
    IndexValue: Translator._index_value,
    Symbol: Translator._symbol,
    Add: Translator._add,
    Mul: Translator._mul,
    Pow: powers.raised,
    Transpose: Translator._transpose,
    Entry: Translator._entry,
    Line: Translator._line,
    Trace: Translator._trace,
    Diagonal: Translator._diagonal,
    Hadamard: Translator._hadamard,
    Kronecker: Translator._kronecker,
    SquaredNorm: Translator._squared_norm,
    Matrix: Translator._matrix,
    Entries: Translator._entries,
    Determinant: functions.determinant,
    Inverse: functions.inverse,
    Sum: Translator._sum,
    Product: Translator._product,
    SupportSum: Translator._support_sum,
    Expectation: operators.expectation,
    Variance: operators.variance,
    Covariance: operators.covariance,
    Correlation: operators.correlation,
    Function: functions.function,
    Indicator: functions.indicator,
    Derivative: functions.derivative,
}


_REMEMBERED = frozenset((Add, Mul, Pow, Hadamard, SquaredNorm, Sum, Trace, Inverse, Expectation, Variance, Covariance))
_STEADY = frozenset(("", "_r", "_c"))  # indices with a name of their own, not a fresh one


def at(poly: Poly, row: Ix, column: Ix) -> Poly:
    """A matrix polynomial in ROW and COLUMN at a place."""
    return map_poly(poly, substitution({ROW[0]: row, COLUMN[0]: column}))
