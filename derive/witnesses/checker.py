"""The separate checker's own evaluation of terms in a concrete finite model.

Written apart from `evaluate`, in the plainest way: a model is a list of outcomes with their probabilities, every
term has a matrix of fractions at every outcome, an expectation is a loop over all outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.language import terms as t
from derive.language.facts import (
    Facts,
)
from derive.witnesses.dual import Dual, real, reciprocal, slope
from derive.witnesses.exact import (
    ELEMENTARY,
    Missing,
    Unclear,
    compare,
    component,
    determinant,
    inverse,
    matmul,
    plain,
    power,
    product_of,
    pseudo_inverse,
    root,
    total,
)

MOMENTS = (t.Expectation, t.Variance, t.Covariance, t.Correlation)
MOST_STEPS = 60_000  # evaluations of subterms

Member = tuple[str, tuple[int, ...]]
Rows = list[list[Any]]


@dataclass
class Concrete:
    """A finite model with all its numbers.

    `matched`: up to which order the moments of a declared continuous distribution hold.
    """

    facts: Facts
    dims: dict[str, int]
    constants: dict[Member, Rows]
    outcomes: list[tuple[Fraction, dict[Member, Rows]]]
    tables: dict[tuple[Any, ...], Rows]
    matched: dict[str, int]
    definitions: dict[str, list[Any]] = field(default_factory=dict)
    used: set[tuple[Any, ...]] = field(default_factory=set)  # the constants and table entries that were looked at


class Checker:
    """Evaluates terms at outcomes, and checks givens."""

    def __init__(self, concrete: Concrete):
        self.model = concrete
        self.count = len(concrete.outcomes)
        self.moved: list[tuple[Member, tuple[int, int]]] = []
        self._memo: dict[Any, Rows] = {}
        self._active: set[Member] = set()
        self._steps = 0
        self._kept: list[t.Term] = []

    # -- values -------------------------------------------------------------------------------

    def at(self, term: t.Term, env: dict[str, Any], k: int) -> Rows:
        """The matrix of a term at outcome k."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Unclear("too much work")
        if self.moved or any(not isinstance(v, int) for v in env.values()):
            return self._at(term, env, k)
        if isinstance(term, MOMENTS) and not getattr(term, "given", ()):
            k = 0  # the same at every outcome
        key = (id(term), k, tuple(sorted(env.items())))
        if key not in self._memo:
            self._kept.append(term)  # so that no other term gets its identity
            self._memo[key] = self._at(term, env, k)
        return self._memo[key]

    def scalar(self, term: t.Term, env: dict[str, Any], k: int) -> Any:
        return self.at(term, env, k)[0][0]

    def dim(self, d: t.Dim) -> int:
        if isinstance(d, int):
            return d
        if isinstance(d, tuple):
            return sum(map(self.dim, d))
        size = 1
        for part in d.split("*"):
            size *= int(part) if part.isdigit() else self.model.dims[part]
        return size

    def index(self, i: t.Index, env: dict[str, Any]) -> int:
        if i.base is None:
            return i.offset
        base = env.get(i.base, self.model.dims.get(i.base))
        if base is None:
            raise Missing(i.base)
        return base + i.offset

    def _at(self, term: t.Term, env: dict[str, Any], k: int) -> Rows:
        match term:
            case t.Number(value):
                return [[value]]
            case t.IndexValue(i):
                return [[Fraction(self.index(i, env))]]
            case t.Identity(d):
                return [[Fraction(int(i == j)) for j in range(self.dim(d))] for i in range(self.dim(d))]
            case t.Constant(value, shape):
                return [[value] * self.dim(shape[1]) for _ in range(self.dim(shape[0]))]
            case t.Symbol():
                return self._symbol(term, env, k)
            case t.Add() | t.Mul() | t.Hadamard() | t.Kronecker() | t.Pow() | t.SquaredNorm():
                return self._arithmetic(term, env, k)
            case t.Sum() | t.Product() | t.SupportSum() | t.Entries():
                return self._repeated(term, env, k)
            case t.Expectation() | t.Variance() | t.Covariance() | t.Correlation():
                return self._moment(term, env, k)
            case t.Function():
                return self._function(term, env, k)
            case t.Indicator():
                return [[Fraction(int(self._event(term, env, k)))]]
            case t.Derivative():
                return self._derivative(term, env, k)
        return self._matrix(term, env, k)

    def _symbol(self, term: t.Symbol, env: dict[str, Any], k: int) -> Rows:
        if "$" + term.name in env and not term.indices:
            return env["$" + term.name]
        if term.name in env and not term.indices and term.shape == t.SCALAR:
            return [[Fraction(env[term.name])]]
        key = (term.name, tuple(self.index(i, env) for i in term.indices))
        rows = self._stored(term, key, k)
        for level, (moved, place) in enumerate(self.moved, 1):
            if moved == key:
                rows = [
                    [Dual(x, Fraction(int((i, j) == place)), level) for j, x in enumerate(row)]
                    for i, row in enumerate(rows)
                ]
        return rows

    def _stored(self, term: t.Symbol, key: Member, k: int) -> Rows:
        values = self.model.outcomes[k][1]
        if key in values:
            return values[key]
        if key in self.model.constants:
            self.model.used.add(key)
            return self.model.constants[key]
        if key not in self._active:
            self._active.add(key)
            try:
                for definition in self.model.definitions.get(term.name, ()):
                    found = self._defined(definition, term, key[1], k)
                    if found is not None:
                        return found
            finally:
                self._active.discard(key)
        if not key[1] and term.name in self.model.dims:
            return [[Fraction(self.model.dims[term.name])]]
        raise Missing(term.name)

    def _bind(self, pattern: tuple[t.Index, ...], values: tuple[int, ...]) -> dict[str, Any] | None:
        env: dict[str, Any] = {}
        for index, value in zip(pattern, values, strict=False):
            if index.base is None or index.base in self.model.dims or index.base in env:
                if self.index(index, env) != value:
                    return None
            else:
                env[index.base] = value - index.offset
        return env if len(pattern) == len(values) else None

    def _defined(self, definition: Any, term: t.Symbol, indices: tuple[int, ...], k: int) -> Rows | None:
        lhs = definition.lhs
        shape = [self.dim(d) for d in term.shape]
        if isinstance(lhs, t.Symbol):
            env = self._bind(lhs.indices, indices)
            return None if env is None else self.at(definition.rhs, env, k)
        if isinstance(lhs, t.Entry) and isinstance(lhs.arg, t.Symbol):
            pattern = (*lhs.arg.indices, lhs.row, lhs.column)
            places = [[self._bind(pattern, (*indices, i + 1, j + 1)) for j in range(shape[1])] for i in range(shape[0])]
            if any(env is None for row in places for env in row):
                return None
            return [[self.scalar(definition.rhs, env or {}, k) for env in row] for row in places]
        if isinstance(lhs, t.Line) and isinstance(lhs.arg, t.Symbol):
            envs = [
                self._bind((*lhs.arg.indices, lhs.index), (*indices, i + 1)) for i in range(shape[lhs.axis != "row"])
            ]
            if any(env is None for env in envs):
                return None
            lines = [[row[0] for row in self.at(definition.rhs, env or {}, k)] for env in envs]
            return lines if lhs.axis == "row" else [list(c) for c in zip(*lines, strict=False)]
        return None

    def _arithmetic(self, term: t.Term, env: dict[str, Any], k: int) -> Rows:
        values = [self.at(c, env, k) for c in t.children(term)]
        match term:
            case t.Add():
                return [[total(xs) for xs in zip(*rows, strict=False)] for rows in zip(*values, strict=False)]
            case t.Hadamard():
                return [[product_of(xs) for xs in zip(*rows, strict=False)] for rows in zip(*values, strict=False)]
            case t.SquaredNorm():
                return [[total(x * x for row in values[0] for x in row)]]
            case t.Kronecker():
                return [[a * b for a in r for b in s] for r in values[0] for s in values[1]]
            case t.Pow():
                return [[power(values[0][0][0], values[1][0][0])]]
        result, static = values[0], term.args[0].shape
        for arg, value in zip(term.args[1:], values[1:], strict=False):
            if static == t.SCALAR or arg.shape == t.SCALAR:
                one, many = (result[0][0], value) if static == t.SCALAR else (value[0][0], result)
                result = [[one * x for x in row] for row in many]
                static = arg.shape if static == t.SCALAR else static
            else:
                result, static = matmul(result, value), (static[0], arg.shape[1])
        return result

    def _matrix(self, term: t.Term, env: dict[str, Any], k: int) -> Rows:
        if isinstance(term, t.Matrix):
            return [
                [x for block in row for x in block[r]]
                for row in ([self.at(x, env, k) for x in row] for row in term.rows)
                for r in range(len(row[0]))
            ]
        rows = self.at(term.arg, env, k)
        match term:
            case t.Transpose():
                return [list(c) for c in zip(*rows, strict=False)]
            case t.Inverse(_, pseudo):
                return pseudo_inverse(rows) if pseudo else inverse(rows)
            case t.Trace():
                return [[total(rows[i][i] for i in range(len(rows)))]]
            case t.Determinant():
                return [[determinant(rows)]]
            case t.Diagonal(arg, vector):
                entries = [row[0] for row in rows] if arg.shape[1] == 1 else [rows[i][i] for i in range(len(rows))]
                if vector:
                    return [[x] for x in entries]
                return [[x if i == j else Fraction(0) for j in range(len(rows))] for i, x in enumerate(entries)]
            case t.Entry(_, row, column):
                return [[component(rows, self.index(row, env), self.index(column, env))]]
            case t.Line(_, index, axis):
                place = self.index(index, env)
                lines = rows if axis == "row" else [list(c) for c in zip(*rows, strict=False)]
                if not 1 <= place <= len(lines):
                    raise Missing("row")
                return [[x] for x in lines[place - 1]]
        raise Unclear(type(term).__name__)

    def _repeated(self, term: t.Term, env: dict[str, Any], k: int) -> Rows:
        if isinstance(term, t.Entries):
            rows, columns = map(self.dim, term.shape)
            return [
                [self.scalar(term.body, {**env, term.row: i, term.column: j}, k) for j in range(1, columns + 1)]
                for i in range(1, rows + 1)
            ]
        if isinstance(term, t.SupportSum):
            low, high = (real(self.scalar(x, env, k)) for x in (term.lower, term.upper))
            if low.denominator != 1 or high.denominator != 1:
                raise Unclear("limits")
            name = "$" + term.variable.name
            return [
                [
                    total(
                        self.scalar(term.body, {**env, name: [[Fraction(v)]]}, k)
                        for v in range(int(low), int(high) + 1)
                    )
                ]
            ]
        low, high = self.index(term.range.lower, env), self.index(term.range.upper, env)
        values = []
        for v in range(low, high + 1):
            if all(self.index(i, env) != v for i in term.excluded) and all(
                v < self.index(i, env) for i in getattr(term, "below", ())
            ):
                values.append(self.at(term.body, {**env, term.index: v}, k))
        if isinstance(term, t.Product):
            return [[product_of(v[0][0] for v in values)]]
        if not values:
            return [[Fraction(0)] * self.dim(term.shape[1]) for _ in range(self.dim(term.shape[0]))]
        return [[total(xs) for xs in zip(*rows, strict=False)] for rows in zip(*values, strict=False)]

    # -- moments ------------------------------------------------------------------------------

    def cell(self, given: tuple[t.Term, ...], env: dict[str, Any], k: int) -> list[int]:
        """Outcomes at which the condition has the values that it has at outcome k."""
        if not given:
            return list(range(self.count))
        here = [plain(self.at(g, env, k)) for g in given]
        return [o for o in range(self.count) if [plain(self.at(g, env, o)) for g in given] == here]

    def mean(self, matrices: dict[int, Rows]) -> Rows:
        total = sum(self.model.outcomes[o][0] for o in matrices)
        rows = None
        for o, matrix in matrices.items():
            weight = self.model.outcomes[o][0] / total
            scaled = [[x * weight for x in row] for row in matrix]
            rows = (
                scaled
                if rows is None
                else [[a + b for a, b in zip(r, s, strict=False)] for r, s in zip(rows, scaled, strict=False)]
            )
        return rows or [[Fraction(0)]]

    def _moment(self, term: t.Term, env: dict[str, Any], k: int) -> Rows:
        if isinstance(term, t.Correlation):
            a, b, given = term.left, term.right, term.given
            cov, va, vb = (self._covariance(x, y, given, env, k)[0][0] for x, y in ((a, b), (a, a), (b, b)))
            return [[cov * reciprocal(root(va * vb))]]
        if isinstance(term, t.Expectation):
            return self.mean({o: self.at(term.arg, env, o) for o in self.cell(term.given, env, k)})
        left, right = (term.arg, term.arg) if isinstance(term, t.Variance) else (term.left, term.right)
        return self._covariance(left, right, term.given, env, k)

    def _covariance(self, left: t.Term, right: t.Term, given: Any, env: dict[str, Any], k: int) -> Rows:
        """E[L Rᵀ] - E[L] E[R]ᵀ."""
        cell = self.cell(given, env, k)
        ls, rs = ({o: self.at(x, env, o) for o in cell} for x in (left, right))
        both = self.mean({o: matmul(ls[o], [list(c) for c in zip(*rs[o], strict=False)]) for o in cell})
        apart = matmul(self.mean(ls), [list(c) for c in zip(*self.mean(rs), strict=False)])
        return [[x - y for x, y in zip(r, s, strict=False)] for r, s in zip(both, apart, strict=False)]

    # -- functions ----------------------------------------------------------------------------

    def _function(self, term: t.Function, env: dict[str, Any], k: int) -> Rows:
        args = [self.at(a, env, k) for a in term.args]
        indices = tuple(self.index(i, env) for i in term.indices)
        for definition in self.model.definitions.get(term.name, ()):
            lhs = definition.lhs
            if not isinstance(lhs, t.Function) or len(lhs.args) != len(args) or term.order:
                continue
            own = self._bind(lhs.indices, indices)
            if own is not None and lhs.args == term.args:
                return self.at(definition.rhs, own, k)
            if own is not None and all(isinstance(a, t.Symbol) and not a.indices for a in lhs.args):
                return self.at(
                    definition.rhs, {**own, **{"$" + p.name: a for p, a in zip(lhs.args, args, strict=False)}}, k
                )
        if term.name == "vec" and not term.order:
            return [[x] for column in zip(*args[0], strict=True) for x in column]
        if term.name in ELEMENTARY and not term.order:
            return [
                [ELEMENTARY[term.name](*xs) for xs in zip(*rows, strict=False)] for rows in zip(*args, strict=False)
            ]
        shape = (self.dim(term.shape[0]), self.dim(term.shape[1]))
        if term.entrywise:
            return [[self._tabulated((term.name, indices, term.order), [x])[0][0] for x in row] for row in args[0]]
        found = self._tabulated((term.name, indices, term.order), [x for a in args for row in a for x in row])
        if (len(found), len(found[0])) != shape:
            raise Unclear("shape of a function")
        return found

    def _tabulated(self, head: tuple[Any, ...], values: list[Any]) -> Rows:
        name, indices, order = head
        plain = [real(v) for v in values]
        key = (name, indices, order, *plain)
        if key not in self.model.tables:
            raise Missing(name)
        rows = self.model.tables[key]
        self.model.used.add(key)
        for value in values:
            if isinstance(value, Dual):
                if len(values) > 1:
                    raise Unclear("derivative of a function of several variables")
                step = self._tabulated((name, indices, order + 1), [value.value])
                return [
                    [Dual(x, s * value.slope, value.level) for x, s in zip(r, q, strict=False)]
                    for r, q in zip(rows, step, strict=False)
                ]
        return rows

    def _event(self, term: t.Indicator, env: dict[str, Any], k: int) -> bool:
        left = real(self.scalar(term.left, env, k))
        if term.relation == "":
            return left != 0
        if term.relation == "\\in":
            return bool(self.model.tables[("\\in", term.right, left)][0][0])
        return compare(left, term.relation, real(self.scalar(term.right, env, k)))

    def _derivative(self, term: t.Derivative, env: dict[str, Any], k: int) -> Rows:
        symbol = term.wrt
        while isinstance(symbol, (t.Entry, t.Line)):
            symbol = symbol.arg
        if not isinstance(symbol, t.Symbol):
            raise Unclear("derivative")
        key = (symbol.name, tuple(self.index(i, env) for i in symbol.indices))
        rows, columns = map(self.dim, symbol.shape)
        places = [[(i, j) for j in range(columns)] for i in range(rows)]
        if isinstance(term.wrt, t.Entry):
            places = [[(self.index(term.wrt.row, env) - 1, self.index(term.wrt.column, env) - 1)]]
        elif isinstance(term.wrt, t.Line):
            at = self.index(term.wrt.index, env) - 1
            places = [[p] for row in places for p in row if p[term.wrt.axis != "row"] == at]
        results = []
        level = len(self.moved) + 1
        for row in places:
            line = []
            for place in row:
                self.moved.append((key, place))
                value = self._at(term.arg, env, k)
                self.moved.pop()
                line.append([[slope(x, level) for x in r] for r in value])
            results.append(line)
        if term.arg.shape == t.SCALAR:
            return [[x[0][0] for x in line] for line in results]
        return results[0][0]
