"""Exact values of terms in a finite model.

The value of a scalar term is an entry (a field element or a `Rand`), of any other term a list of rows of
entries.  An environment maps names of bound indices to integers, and `$name` to the value of a bound number.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.language import terms as t
from derive.witnesses.elementary import ELEMENTARY, RELATIONS, TRANSCENDENTAL
from derive.witnesses.field import Misfit, Unmodelled
from derive.witnesses.model import Model
from derive.witnesses.spaces import require_scalar

Env = dict[str, Any]
Value = Any  # an entry, or rows of entries

SUM_LIMIT = 5000


class Evaluator:
    """Evaluates terms in one model; `value` is the entrance."""

    cacheable = True  # whether the values of definitions that hold moments may be kept

    def __init__(self, model: Model):
        self.model = model
        self.space = model.space
        self.field = model.field
        self.known = model.known

    def value(self, term: t.Term, env: Env) -> Value:
        handler = HANDLERS.get(type(term))
        if handler is None:
            raise Unmodelled(f"a {type(term).__name__}")
        return handler(self, term, env)

    def shape(self, term: t.Term) -> t.Shape:
        found = self.known.shapes.get(id(term))
        if found is None:
            found = self.known.shapes[id(term)] = term.shape
            self.known.kept.append(term)
        return found

    def is_scalar(self, term: t.Term) -> bool:
        return self.shape(term) == t.SCALAR

    def rows(self, term: t.Term, env: Env) -> list[list[Any]]:
        value = self.value(term, env)
        return [[value]] if self.is_scalar(term) else value

    def same_form(self, rows: list[list[Any]], term: t.Term) -> Value:
        return rows[0][0] if self.is_scalar(term) else rows

    def dim(self, dim: t.Dim) -> int:
        return self.model.dim(dim)

    def index(self, index: t.Index, env: Env) -> int:
        if index.base is None:
            return index.offset
        if index.base in env:
            return env[index.base] + index.offset
        return self.model.index_base(index.base) + index.offset

    # -- leaves -------------------------------------------------------------------------------

    def number(self, term: t.Number, env: Env) -> Value:
        return self.field.of(term.value)

    def index_value(self, term: t.IndexValue, env: Env) -> Value:
        return self.field.of(self.index(term.index, env))

    def identity(self, term: t.Identity, env: Env) -> Value:
        n = self.dim(term.dim)
        return [[self.field.of(int(i == j)) for j in range(n)] for i in range(n)]

    def constant(self, term: t.Constant, env: Env) -> Value:
        rows, columns = self.dim(term.shape[0]), self.dim(term.shape[1])
        value = self.field.of(term.value)
        return self.same_form([[value] * columns for _ in range(rows)], term)

    def symbol(self, term: t.Symbol, env: Env) -> Value:
        bound = env.get("$" + term.name)
        if bound is not None and not term.indices:
            return bound
        if not term.indices and term.name in env and self.is_scalar(term):
            return self.field.of(env[term.name])  # an index that is also used as a number
        indices = tuple(self.index(i, env) for i in term.indices)
        return self.same_form(self.model.lookup(term, indices, self), term)

    # -- algebra ------------------------------------------------------------------------------

    def add(self, term: t.Add, env: Env) -> Value:
        values = [self.value(a, env) for a in term.args]
        if self.is_scalar(term):
            return self.space.total(values)
        return self.sum_rows(values)

    def sum_rows(self, matrices: list[Any]) -> list[list[Any]]:
        return [
            [self.space.total(list(entries)) for entries in zip(*rows, strict=False)]
            for rows in zip(*matrices, strict=False)
        ]

    def mul(self, term: t.Mul, env: Env) -> Value:
        scalar, matrix, shape = self.field.of(1), None, t.SCALAR
        for arg in term.args:
            value, own = self.value(arg, env), self.shape(arg)
            if own == t.SCALAR:
                scalar = self.space.mul(scalar, value)
            elif shape == t.SCALAR:
                if matrix is not None:
                    scalar = self.space.mul(scalar, matrix[0][0])
                matrix, shape = value, own
            else:
                matrix, shape = self.matrix_product(matrix, value), (shape[0], own[1])
        if matrix is None:
            return scalar
        if shape == t.SCALAR:
            return self.space.mul(scalar, matrix[0][0])
        return self.scaled(scalar, matrix)

    def scaled(self, scalar: Any, rows: list[list[Any]]) -> list[list[Any]]:
        return [[self.space.mul(scalar, x) for x in row] for row in rows]

    def matrix_product(self, left: list[list[Any]], right: list[list[Any]]) -> list[list[Any]]:
        if len(left[0]) != len(right):
            raise Unmodelled("a product whose shapes do not fit")
        return self.space.product(left, right)

    def power(self, term: t.Pow, env: Env) -> Value:
        base = self.value(term.base, env)
        return self.space.power(base, self.exponent(term.exponent, env))

    def exponent(self, term: t.Term, env: Env) -> Any:
        if isinstance(term, t.Number):
            return term.value
        return self.value(term, env)

    def inverse(self, term: t.Inverse, env: Env) -> Value:
        rows = self.rows(term.arg, env)
        invert = self.space.pseudo_invert if term.pseudo else self.space.invert
        return self.same_form(invert(rows), term)

    def transpose(self, term: t.Transpose, env: Env) -> Value:
        value = self.value(term.arg, env)
        return value if self.is_scalar(term.arg) else [list(column) for column in zip(*value, strict=False)]

    def entry(self, term: t.Entry, env: Env) -> Value:
        return self.pick(self.rows(term.arg, env), self.index(term.row, env), self.index(term.column, env))

    @staticmethod
    def pick(rows: list[list[Any]], row: int, column: int) -> Any:
        if not (1 <= row <= len(rows) and 1 <= column <= len(rows[0])):
            raise Misfit("a component outside of its range")
        return rows[row - 1][column - 1]

    def line(self, term: t.Line, env: Env) -> Value:
        rows, k = self.rows(term.arg, env), self.index(term.index, env)
        lines = rows if term.axis == "row" else list(zip(*rows, strict=False))
        if not 1 <= k <= len(lines):
            raise Misfit("a row outside of its range")
        return self.same_form([[x] for x in lines[k - 1]], term)

    def trace(self, term: t.Trace, env: Env) -> Value:
        return self.space.total([row[k] for k, row in enumerate(self.rows(term.arg, env))])

    def determinant(self, term: t.Determinant, env: Env) -> Value:
        return self.space.determinant(self.rows(term.arg, env))

    def diagonal(self, term: t.Diagonal, env: Env) -> Value:
        rows = self.rows(term.arg, env)
        column = len(rows[0]) == 1 and self.shape(term.arg)[1] == 1
        entries = [row[0] if column else row[k] for k, row in enumerate(rows)]
        if term.vector:
            return self.same_form([[x] for x in entries], term)
        zero = self.field.of(0)
        return self.same_form([[x if i == j else zero for j in range(len(rows))] for i, x in enumerate(entries)], term)

    def hadamard(self, term: t.Hadamard, env: Env) -> Value:
        values = [self.rows(a, env) for a in term.args]
        result = values[0]
        for other in values[1:]:
            result = [
                [self.space.mul(a, b) for a, b in zip(r, s, strict=False)] for r, s in zip(result, other, strict=False)
            ]
        return self.same_form(result, term)

    def kronecker(self, term: t.Kronecker, env: Env) -> Value:
        left, right = self.rows(term.left, env), self.rows(term.right, env)
        return self.same_form([[self.space.mul(a, b) for a in r for b in s] for r in left for s in right], term)

    def squared_norm(self, term: t.SquaredNorm, env: Env) -> Value:
        return self.space.total([self.space.mul(x, x) for row in self.rows(term.arg, env) for x in row])

    def matrix(self, term: t.Matrix, env: Env) -> Value:
        result: list[list[Any]] = []
        for row in term.rows:
            blocks = [self.rows(x, env) for x in row]
            result += [[x for block in blocks for x in block[k]] for k in range(len(blocks[0]))]
        return self.same_form(result, term)

    def entries(self, term: t.Entries, env: Env) -> Value:
        rows, columns = self.dim(term.shape[0]), self.dim(term.shape[1])
        result = [
            [self.value(term.body, {**env, term.row: i, term.column: j}) for j in range(1, columns + 1)]
            for i in range(1, rows + 1)
        ]
        return self.same_form(result, term)

    # -- sums ---------------------------------------------------------------------------------

    def values_of(self, term: t.Sum | t.Product, env: Env) -> list[int]:
        lower, upper = self.index(term.range.lower, env), self.index(term.range.upper, env)
        excluded = {self.index(i, env) for i in term.excluded}
        if upper - lower > SUM_LIMIT:
            raise Unmodelled("a sum that is too long")
        below = min((self.index(i, env) for i in term.below), default=None) if isinstance(term, t.Sum) else None
        return [k for k in range(lower, upper + 1) if k not in excluded and (below is None or k < below)]

    def sum(self, term: t.Sum, env: Env) -> Value:
        values = [self.value(term.body, {**env, term.index: k}) for k in self.values_of(term, env)]
        if self.is_scalar(term):
            return self.space.total(values)
        if values:
            return self.sum_rows(values)
        return self.constant(t.Constant(Fraction(0), term.shape), env)

    def product(self, term: t.Product, env: Env) -> Value:
        result = self.field.of(1)
        for k in self.values_of(term, env):
            result = self.space.mul(result, self.value(term.body, {**env, term.index: k}))
        return result

    def support_sum(self, term: t.SupportSum, env: Env) -> Value:
        lower = self.field.whole(require_scalar(self.value(term.lower, env), "limits of a sum"))
        upper = self.field.whole(require_scalar(self.value(term.upper, env), "limits of a sum"))
        name = "$" + term.variable.name
        return self.space.total(
            [self.value(term.body, {**env, name: self.field.of(k)}) for k in range(lower, upper + 1)]
        )

    # -- expectations -------------------------------------------------------------------------

    def given_entries(self, given: tuple[t.Term, ...], env: Env) -> list[Any]:
        return [x for g in given for row in self.rows(g, env) for x in row]

    def mean(self, rows: list[list[Any]], given: list[Any]) -> list[list[Any]]:
        if given:
            return [[self.space.condition(x, given) for x in row] for row in rows]
        return [[self.space.expect(x) for x in row] for row in rows]

    def centred(self, rows: list[list[Any]], given: list[Any]) -> list[list[Any]]:
        means = self.mean(rows, given)
        return [
            [self.space.add(x, self.space.negate(m)) for x, m in zip(r, s, strict=False)]
            for r, s in zip(rows, means, strict=False)
        ]

    def remembered(self, term: t.Term, env: Env) -> Value:
        """The value of an expectation, computed once for each value of the indices that it depends on."""
        names = [n for n in self.known.names(term) if n in env]
        if any(n.startswith("$") for n in names):
            return MOMENTS[type(term)](self, term, env)
        key = (id(term), *(env[n] for n in names))
        cache = self.model.cache
        if key not in cache:
            self.known.kept.append(term)
            cache[key] = MOMENTS[type(term)](self, term, env)
        return cache[key]

    def expectation(self, term: t.Expectation, env: Env) -> Value:
        given = self.given_entries(term.given, env)
        return self.same_form(self.mean(self.rows(term.arg, env), given), term)

    def variance(self, term: t.Variance, env: Env) -> Value:
        return self.covariance_of(term.arg, term.arg, term, env)

    def covariance(self, term: t.Covariance, env: Env) -> Value:
        return self.covariance_of(term.left, term.right, term, env)

    def covariance_of(self, left: t.Term, right: t.Term, term: t.Term, env: Env) -> Value:
        given = self.given_entries(term.given, env)
        first = self.centred(self.rows(left, env), given)
        second = first if right is left else self.centred(self.rows(right, env), given)
        flat = list(map(list, zip(*second, strict=False)))
        return self.same_form(self.mean(self.space.product(first, flat), given), term)

    def correlation(self, term: t.Correlation, env: Env) -> Value:
        cov = self.value(t.Covariance(term.left, term.right, term.given), env)
        variances = [self.value(t.Variance(a, term.given), env) for a in (term.left, term.right)]
        product = self.space.mul(*variances)
        return self.space.mul(cov, self.space.power(product, Fraction(-1, 2)))

    # -- functions, events, derivatives -------------------------------------------------------

    def function(self, term: t.Function, env: Env) -> Value:
        args = [self.rows(a, env) for a in term.args]
        defined = self.model.defined_function(term, args, self, env)
        if defined is not None:
            return defined
        if term.name == "vec" and term.order == 0:
            return self.same_form([[x] for column in zip(*args[0], strict=True) for x in column], term)
        known = ELEMENTARY.get(term.name)
        if known is not None and term.order == 0:
            result = [
                [self.space.apply(lambda *xs: known(self.field, *xs), *xs) for xs in zip(*rows, strict=False)]
                for rows in zip(*args, strict=False)
            ]
            return self.same_form(result, term)
        if term.name in TRANSCENDENTAL:
            self.model.notes.add(f"the function {term.name}")
        indices = tuple(self.index(i, env) for i in term.indices)
        key = (term.name, indices, term.order)
        if term.entrywise:
            result = [
                [self.space.apply(lambda v: self.model.table((*key, v), (1, 1))[0][0], x) for x in row]
                for row in args[0]
            ]
            return self.same_form(result, term)
        return self.tabulated(term, key, [x for rows in args for row in rows for x in row])

    def tabulated(self, term: t.Function, key: tuple[Any, ...], entries: list[Any]) -> Value:
        """The value of an unknown function: a number of its own for each list of arguments."""
        shape = (self.dim(self.shape(term)[0]), self.dim(self.shape(term)[1]))
        result = [
            [
                self.space.apply(lambda *vs, i=i, j=j: self.model.table((*key, *vs), shape)[i][j], *entries)
                for j in range(shape[1])
            ]
            for i in range(shape[0])
        ]
        return self.same_form(result, term)

    def indicator(self, term: t.Indicator, env: Env) -> Value:
        one, zero, reduced = self.field.of(1), self.field.of(0), self.field.reduced
        left = self.value(term.left, env)
        if term.relation == "":
            return self.space.apply(lambda x: one if reduced(x) else zero, left)
        if term.relation == "\\in":
            return self.space.apply(lambda x: self.model.event(("\\in", term.right, reduced(x))), left)
        right = self.value(term.right, env)
        difference = self.space.add(left, self.space.negate(right))
        if term.relation not in ("=", "\\neq", "\\ne") and not self.field.ordered:
            raise Unmodelled("order")
        holds = RELATIONS.get(term.relation)
        if holds is None:
            raise Unmodelled(f"the relation {term.relation}")
        return self.space.apply(lambda d: one if holds(reduced(d)) else zero, difference)

    def derivative(self, term: t.Derivative, env: Env) -> Value:
        if self.is_scalar(term.wrt) or self.is_scalar(term.arg):
            return self.model.gradient(self, term, env)
        raise Unmodelled("the derivative of a matrix with respect to a matrix")


MOMENTS = {
    t.Expectation: Evaluator.expectation,
    t.Variance: Evaluator.variance,
    t.Covariance: Evaluator.covariance,
    t.Correlation: Evaluator.correlation,
}

HANDLERS = {
    t.Number: Evaluator.number,
    t.Symbol: Evaluator.symbol,
    t.IndexValue: Evaluator.index_value,
    t.Add: Evaluator.add,
    t.Mul: Evaluator.mul,
    t.Pow: Evaluator.power,
    t.Inverse: Evaluator.inverse,
    t.Transpose: Evaluator.transpose,
    t.Entry: Evaluator.entry,
    t.Line: Evaluator.line,
    t.Trace: Evaluator.trace,
    t.Determinant: Evaluator.determinant,
    t.Diagonal: Evaluator.diagonal,
    t.Hadamard: Evaluator.hadamard,
    t.Kronecker: Evaluator.kronecker,
    t.SquaredNorm: Evaluator.squared_norm,
    t.Identity: Evaluator.identity,
    t.Constant: Evaluator.constant,
    t.Matrix: Evaluator.matrix,
    t.Entries: Evaluator.entries,
    t.Sum: Evaluator.sum,
    t.Product: Evaluator.product,
    t.SupportSum: Evaluator.support_sum,
    t.Expectation: Evaluator.remembered,
    t.Variance: Evaluator.remembered,
    t.Covariance: Evaluator.remembered,
    t.Correlation: Evaluator.remembered,
    t.Function: Evaluator.function,
    t.Indicator: Evaluator.indicator,
    t.Derivative: Evaluator.derivative,
}
