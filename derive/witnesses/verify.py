"""The separate checker: does a concrete finite model satisfy every given, and do the sides of the claim differ?

Written apart from `evaluate`, in the plainest way: a model is a list of outcomes with their probabilities, every
term has a matrix of fractions at every outcome, an expectation is a loop over all outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import comb, factorial, isqrt
from typing import Any

from derive.language import terms as t
from derive.language.facts import (
    Claim,
    Facts,
    Given,
    SymbolInfo,
)
from derive.language.traverse import subterms
from derive.witnesses.dual import Dual, real, reciprocal, slope

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


class Missing(Exception):
    """A member or a component that the model does not have."""


class Unclear(Exception):
    """The checker cannot tell: the model does not count."""


def holds(concrete: Concrete, claim: Claim, givens: list[Given], env: dict[str, int]) -> bool:
    """Whether the model satisfies every given while the sides of the claim differ."""
    checker = Checker(concrete)
    try:
        return (
            sum(p for p, _ in concrete.outcomes) == 1
            and all(p > 0 for p, _ in concrete.outcomes)
            and all(checker.supports(info) for info in concrete.facts.symbols.values())
            and all(checker.satisfies(given) for given in givens)
            and checker.differ(claim.lhs, claim.rhs, env)
        )
    except (Unclear, Missing, ZeroDivisionError):
        return False


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
                return [[_sum(xs) for xs in zip(*rows, strict=False)] for rows in zip(*values, strict=False)]
            case t.Hadamard():
                return [[_product(xs) for xs in zip(*rows, strict=False)] for rows in zip(*values, strict=False)]
            case t.SquaredNorm():
                return [[_sum(x * x for row in values[0] for x in row)]]
            case t.Kronecker():
                return [[a * b for a in r for b in s] for r in values[0] for s in values[1]]
            case t.Pow():
                return [[_power(values[0][0][0], values[1][0][0])]]
        result, static = values[0], term.args[0].shape
        for arg, value in zip(term.args[1:], values[1:], strict=False):
            if static == t.SCALAR or arg.shape == t.SCALAR:
                one, many = (result[0][0], value) if static == t.SCALAR else (value[0][0], result)
                result = [[one * x for x in row] for row in many]
                static = arg.shape if static == t.SCALAR else static
            else:
                result, static = _matmul(result, value), (static[0], arg.shape[1])
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
                return _pseudo_inverse(rows) if pseudo else _inverse(rows)
            case t.Trace():
                return [[_sum(rows[i][i] for i in range(len(rows)))]]
            case t.Determinant():
                return [[_determinant(rows)]]
            case t.Diagonal(arg, vector):
                entries = [row[0] for row in rows] if arg.shape[1] == 1 else [rows[i][i] for i in range(len(rows))]
                if vector:
                    return [[x] for x in entries]
                return [[x if i == j else Fraction(0) for j in range(len(rows))] for i, x in enumerate(entries)]
            case t.Entry(_, row, column):
                return [[_component(rows, self.index(row, env), self.index(column, env))]]
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
                    _sum(
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
            return [[_product(v[0][0] for v in values)]]
        if not values:
            return [[Fraction(0)] * self.dim(term.shape[1]) for _ in range(self.dim(term.shape[0]))]
        return [[_sum(xs) for xs in zip(*rows, strict=False)] for rows in zip(*values, strict=False)]

    # -- moments ------------------------------------------------------------------------------

    def cell(self, given: tuple[t.Term, ...], env: dict[str, Any], k: int) -> list[int]:
        """Outcomes at which the condition has the values that it has at outcome k."""
        if not given:
            return list(range(self.count))
        here = [_plain(self.at(g, env, k)) for g in given]
        return [o for o in range(self.count) if [_plain(self.at(g, env, o)) for g in given] == here]

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
            return [[cov * reciprocal(_root(va * vb))]]
        if isinstance(term, t.Expectation):
            return self.mean({o: self.at(term.arg, env, o) for o in self.cell(term.given, env, k)})
        left, right = (term.arg, term.arg) if isinstance(term, t.Variance) else (term.left, term.right)
        return self._covariance(left, right, term.given, env, k)

    def _covariance(self, left: t.Term, right: t.Term, given: Any, env: dict[str, Any], k: int) -> Rows:
        """E[L Rᵀ] - E[L] E[R]ᵀ."""
        cell = self.cell(given, env, k)
        ls, rs = ({o: self.at(x, env, o) for o in cell} for x in (left, right))
        both = self.mean({o: _matmul(ls[o], [list(c) for c in zip(*rs[o], strict=False)]) for o in cell})
        apart = _matmul(self.mean(ls), [list(c) for c in zip(*self.mean(rs), strict=False)])
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

    # -- the claim and the givens ---------------------------------------------------------------

    def differ(self, lhs: t.Term, rhs: t.Term, env: dict[str, int]) -> bool:
        return any(_plain(self.at(lhs, env, k)) != _plain(self.at(rhs, env, k)) for k in range(self.count))

    def supports(self, info: SymbolInfo) -> bool:
        test = SUPPORTS.get(info.support)
        if test is None:
            return True
        stores = [self.model.constants, *(values for _, values in self.model.outcomes)]
        return all(
            test(x) for store in stores for (name, _), m in store.items() if name == info.name for row in m for x in row
        )

    def satisfies(self, given: Given) -> bool:
        from derive.witnesses.verify_givens import CHECKS

        return CHECKS[type(given)](self, given)

    def environments(self, terms: list[t.Term]) -> list[dict[str, int]]:
        """All values of the free indices at which every member and component in the terms exists."""
        names = sorted({n for term in terms for n in unbound(term, frozenset())} - set(self.model.dims))
        top = max([4, *self.model.dims.values()]) + 1
        found = []
        for values in product(range(top + 1), repeat=len(names)):
            env = dict(zip(names, values, strict=False))
            try:
                for term in terms:
                    self.at(term, env, 0)
            except Missing:
                if not names:
                    raise
                continue
            found.append(env)
        return found


def unbound(term: Any, bound: frozenset[str]) -> set[str]:
    """Index names in a term that nothing in it binds."""
    if isinstance(term, t.Index):
        return {term.base} - bound - {None}
    if isinstance(term, t.Range):
        return unbound(term.lower, bound) | unbound(term.upper, bound)
    own: set[str] = set()
    inner = bound
    if isinstance(term, (t.Sum, t.Product)):
        own = unbound(term.range, bound)
        inner = bound | {term.index}
        own |= {n for i in (*term.excluded, *getattr(term, "below", ())) for n in unbound(i, inner)}
    elif isinstance(term, t.Entries):
        inner = bound | {term.row, term.column}
    for name in ("indices", "index", "row", "column"):
        value = getattr(term, name, ())
        for i in value if isinstance(value, tuple) else (value,):
            if isinstance(i, t.Index):
                own |= unbound(i, bound)
    return own | {n for child in subterms(term) for n in unbound(child, inner)}


# ---------------------------------------------------------------------------------------------
# Plain arithmetic


def _sum(xs: Any) -> Any:
    total: Any = Fraction(0)
    for x in xs:
        total = total + x
    return total


def _product(xs: Any) -> Any:
    total: Any = Fraction(1)
    for x in xs:
        total = total * x
    return total


def _plain(rows: Rows) -> list[list[Fraction]]:
    return [[real(x) for x in row] for row in rows]


def _component(rows: Rows, i: int, j: int) -> Any:
    if not (1 <= i <= len(rows) and 1 <= j <= len(rows[0])):
        raise Missing("component")
    return rows[i - 1][j - 1]


def _matmul(a: Rows, b: Rows) -> Rows:
    if len(a[0]) != len(b):
        raise Unclear("shapes")
    return [[_sum(x * y for x, y in zip(row, column, strict=False)) for column in zip(*b, strict=False)] for row in a]


def _determinant(m: Rows) -> Any:
    """By expansion along the first row."""
    if len(m) > 6:
        raise Unclear("size")
    if len(m) == 1:
        return m[0][0]
    return _sum((-1) ** j * x * _determinant([row[:j] + row[j + 1 :] for row in m[1:]]) for j, x in enumerate(m[0]))


def _inverse(m: Rows) -> Rows:
    """Adjugate over determinant."""
    n = len(m)
    if n != len(m[0]):
        raise Unclear("shapes")
    over = reciprocal(_determinant(m))
    if n == 1:
        return [[over]]

    def minor(i: int, j: int) -> Any:
        return _determinant([row[:j] + row[j + 1 :] for r, row in enumerate(m) if r != i])

    return [[(-1) ** (i + j) * minor(j, i) * over for j in range(n)] for i in range(n)]


def _pseudo_inverse(m: Rows) -> Rows:
    flat = [list(c) for c in zip(*m, strict=False)]
    if len(m) >= len(m[0]):
        return _matmul(_inverse(_matmul(flat, m)), flat)
    return _matmul(flat, _inverse(_matmul(m, flat)))


def _root(x: Any) -> Any:
    if isinstance(x, Dual):
        value = _root(x.value)
        return Dual(value, x.slope * reciprocal(2 * value), x.level)
    x = Fraction(x)
    if x < 0 or isqrt(x.numerator) ** 2 != x.numerator or isqrt(x.denominator) ** 2 != x.denominator:
        raise Unclear("root")
    return Fraction(isqrt(x.numerator), isqrt(x.denominator))


def _power(base: Any, exponent: Any) -> Any:
    power = real(exponent)
    if power.denominator == 2:
        base, power = _root(base), power * 2
    if power.denominator != 1 or abs(power) > 1000:
        raise Unclear("exponent")
    if isinstance(base, Dual):
        return base ** int(power)
    return Fraction(base) ** int(power)


def compare(a: Fraction, relation: str, b: Fraction) -> bool:
    match relation:
        case "=":
            return a == b
        case "<":
            return a < b
        case ">":
            return a > b
        case "\\le" | "\\leq":
            return a <= b
        case "\\ge" | "\\geq":
            return a >= b
        case "\\ne" | "\\neq":
            return a != b
    raise Unclear(relation)


def _whole(x: Any) -> int:
    x = real(x)
    if x.denominator != 1:
        raise Unclear("whole number")
    return int(x)


ELEMENTARY = {
    "sqrt": _root,
    "abs": lambda x: x if real(x) >= 0 else -x,
    "sign": lambda x: Fraction((real(x) > 0) - (real(x) < 0)),
    "max": lambda *xs: max(xs, key=real),
    "min": lambda *xs: min(xs, key=real),
    "binom": lambda n, k: Fraction(comb(_whole(n), _whole(k)) if _whole(k) >= 0 else 0),
    "factorial": lambda n: Fraction(factorial(_whole(n))),
}

SUPPORTS = {
    "binary": lambda x: x in (0, 1),
    "positive": lambda x: x > 0,
    "natural": lambda x: x >= 0 and Fraction(x).denominator == 1,
    "integer": lambda x: Fraction(x).denominator == 1,
    "unit": lambda x: 0 <= x <= 1,
}
