"""A finite model: dimensions, constants, random variables on a product space, tables of unknown functions.

A symbol stands for, in this order: the value that was built for it, its definition, a constant drawn at first use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from random import Random
from typing import Any, get_args

from derive.language import terms as t
from derive.language.facts import Equation, Facts
from derive.language.terms import walk
from derive.language.traverse import rebuilt
from derive.witnesses.constants import PROBABILITIES, draw_matrix, draw_singular
from derive.witnesses.field import Field, Unmodelled
from derive.witnesses.spaces import Rand, Space
from derive.witnesses.tangent import tangent

LARGEST_DIMENSION = 24

Key = tuple[str, tuple[int, ...]]
Env = dict[str, Any]
MOMENT = (t.Expectation, t.Variance, t.Covariance, t.Correlation)
TERMS = get_args(t.Term)


@cache
def _slots(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else ()


class Known:
    """What is found out once about terms, by identity; `kept` keeps them alive so that identities stay true."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.shapes: dict[int, t.Shape] = {}
        self._names: dict[int, tuple[str, ...]] = {}
        self._tangents: dict[tuple[int, int], t.Term] = {}
        self._moments: dict[int, bool] = {}
        self._deep_moments: dict[int, bool] = {}

    def names(self, term: Any) -> tuple[str, ...]:
        """All index names, and `$` names of symbols, that stand anywhere in the term."""
        found = self._names.get(id(term))
        if found is None:
            self.kept.append(term)
            found = self._names[id(term)] = tuple(sorted(self._all_names(term)))
        return found

    def _all_names(self, value: Any) -> set[str]:
        if type(value) is t.Index:
            return {value.base} if value.base is not None else set()
        if type(value) is tuple:
            return {n for item in value for n in self._names_in(item)}
        slots = _slots(type(value))
        names = {n for slot in slots for n in self._names_in(getattr(value, slot))}
        if isinstance(value, t.Symbol):
            names.add("$" + value.name)
        return names

    def _names_in(self, value: Any) -> Iterable[str]:
        """As `names`, remembered for terms alone: tuples and indices may be made anew each time."""
        return self.names(value) if isinstance(value, TERMS) else self._all_names(value)

    def tangent(self, term: t.Term, level: int) -> t.Term:
        key = (id(term), level)
        if key not in self._tangents:
            self.kept.append(term)
            self._tangents[key] = tangent(term, level)
        return self._tangents[key]

    def has_moment(self, term: t.Term) -> bool:
        found = self._moments.get(id(term))
        if found is None:
            self.kept.append(term)
            found = self._moments[id(term)] = any(isinstance(s, MOMENT) for s in walk(term))
        return found

    def has_moment_through(self, term: t.Term, definitions: dict[str, list[Definition]]) -> bool:
        """Whether a moment stands in the term or in the definition of a symbol in it."""
        found = self._deep_moments.get(id(term))
        if found is None:
            self.kept.append(term)
            found = self._deep_moments[id(term)] = self._search(term, definitions, set())
        return found

    def _search(self, term: t.Term, definitions: dict[str, list[Definition]], active: set[str]) -> bool:
        for part in walk(term):
            if isinstance(part, MOMENT):
                return True
            if isinstance(part, (t.Symbol, t.Function)) and part.name in definitions and part.name not in active:
                active.add(part.name)
                if any(self._search(d.rhs, definitions, active) for d in definitions[part.name]):
                    return True
        return False


@dataclass(frozen=True, slots=True)
class Definition:
    """One defining equation: `lhs` is a `Symbol`, an `Entry` or `Line` of one, or a `Function`."""

    lhs: t.Term
    rhs: t.Term
    distinct: tuple[tuple[t.Index, t.Index], ...] = ()

    @property
    def name(self) -> str:
        return defined_name(self.lhs)


def defined_name(lhs: t.Term) -> str:
    while isinstance(lhs, (t.Entry, t.Line)):
        lhs = lhs.arg
    return lhs.name if isinstance(lhs, (t.Symbol, t.Function)) else ""


def definitions_of(equations: list[Equation]) -> tuple[dict[str, list[Definition]], list[Equation]]:
    """The definitions by name, and the equations that define nothing (or something that is defined already)."""
    found: dict[str, list[Definition]] = {}
    rest = []
    for equation in equations:
        name = defined_name(equation.lhs) if equation.kind == "definition" else ""
        earlier = found.get(name, [])
        if name and all(_may_coexist(d.lhs, equation.lhs) for d in earlier):
            found.setdefault(name, []).append(Definition(equation.lhs, equation.rhs, equation.distinct))
        else:
            rest.append(equation)
    return found, rest


def _may_coexist(earlier: t.Term, later: t.Term) -> bool:
    """Two definitions of one name are both definitions when they define different members, such as `x_0` and `x_1`."""
    match earlier, later:
        case t.Symbol(), t.Symbol():
            return any(
                a.base is None and b.base is None and a.offset != b.offset
                for a, b in zip(earlier.indices, later.indices, strict=False)
            )
        case t.Function(), t.Function():
            return earlier.args != later.args or earlier.indices != later.indices
    return False


class Model:
    """Values for every symbol of a claim, over one field."""

    def __init__(
        self, facts: Facts, field: Field, rng: Random, dims: dict[str, int], known: Known, defined: dict, traits: dict
    ):
        self.facts = facts
        self.field = field
        self.rng = rng
        self.dims = dims
        self.known = known
        self.definitions: dict[str, list[Definition]] = defined
        self.traits: dict[str, set[str]] = traits
        self.space = Space(field)
        self.variables: dict[Key, list[list[Any]]] = {}
        self.constants: dict[Key, list[list[Any]]] = {}
        self.tables: dict[tuple[Any, ...], list[list[Any]]] = {}
        self.cache: dict[tuple[Any, ...], Any] = {}
        self.notes: set[str] = set()
        self.directions: list[tuple[Key, list[list[Any]]]] = []
        self.zeros: frozenset[str] = frozenset()
        self._active: list[Key] = []

    # -- dimensions and indices ---------------------------------------------------------------

    def dim(self, dim: t.Dim) -> int:
        if isinstance(dim, int):
            if dim > LARGEST_DIMENSION:
                raise Unmodelled(f"a dimension of {dim}")
            return dim
        if isinstance(dim, tuple):
            return sum(self.dim(d) for d in dim)
        if "*" in dim and dim not in self.dims:
            result = 1
            for part in dim.split("*"):
                result *= int(part) if part.isdigit() else self.dim(part)
            return result
        if dim not in self.dims:
            raise Unmodelled(f"the dimension {dim}")
        return self.dims[dim]

    def index_base(self, base: str) -> int:
        if base not in self.dims:
            raise Unmodelled(f"the index {base}")
        return self.dims[base]

    # -- symbols ------------------------------------------------------------------------------

    def lookup(self, symbol: t.Symbol, indices: tuple[int, ...], evaluator: Any) -> list[list[Any]]:
        if symbol.name.startswith("∂"):
            return self._moved(symbol, indices, evaluator)
        key = (symbol.name, indices)
        for store in (self.variables, self.constants):
            if key in store:
                return store[key]
        if symbol.name in self.definitions and key not in self._active:
            value = self._by_definition(symbol, key, evaluator)
            if value is not None:
                return value
        if symbol.name in self.dims and not indices:
            return [[self.field.of(self.dims[symbol.name])]]
        if self.facts.role(symbol.name) == "random":
            raise Unmodelled(f"the random variable {symbol.name}")
        shape = (self.dim(symbol.shape[0]), self.dim(symbol.shape[1]))
        traits = self.traits.get(symbol.name, set())
        vanishing = symbol.name in self.zeros and not traits
        self.constants[key] = (draw_singular if vanishing else draw_matrix)(shape, traits, self.field, self.rng)
        return self.constants[key]

    def _by_definition(self, symbol: t.Symbol, key: Key, evaluator: Any) -> list[list[Any]] | None:
        cached = self.cache.get(key)
        if cached is not None and self._keepable(key[0], evaluator):
            return cached
        if len(self._active) > 60:
            raise Unmodelled("definitions that go round in circles")
        self._active.append(key)
        try:
            value = None
            for definition in self.definitions[symbol.name]:
                if isinstance(definition.lhs, t.Symbol):
                    env = self.match(definition.lhs.indices, key[1])
                    if env is None:
                        continue
                    value = evaluator.rows(definition.rhs, env)
                    break
                if isinstance(definition.lhs, (t.Entry, t.Line)):
                    value = self._by_components(symbol, definition, key[1], evaluator)
                    break
        finally:
            self._active.pop()
        if value is not None and self._keepable(key[0], evaluator):
            self.cache[key] = value
        return value

    def _keepable(self, name: str, evaluator: Any) -> bool:
        """Values that rest on moments are kept only by evaluators that compute moments in full."""
        if evaluator.cacheable:
            return True
        return not any(self.known.has_moment_through(d.rhs, self.definitions) for d in self.definitions[name])

    def _by_components(self, symbol: t.Symbol, definition: Definition, indices: tuple[int, ...], evaluator: Any) -> Any:
        """A vector or matrix that is defined component by component, or row by row."""
        shape = (self.dim(symbol.shape[0]), self.dim(symbol.shape[1]))
        lhs, rhs = definition.lhs, definition.rhs
        inner = lhs.arg
        if not isinstance(inner, t.Symbol):
            return None
        env = self.match(inner.indices, indices)
        if env is None:
            return None
        if isinstance(lhs, t.Line):
            count = shape[0] if lhs.axis == "row" else shape[1]
            lines = []
            for k in range(1, count + 1):
                own = self.match((lhs.index,), (k,), env)
                if own is None:
                    return None
                lines.append([row[0] for row in evaluator.rows(rhs, own)])
            return lines if lhs.axis == "row" else [list(column) for column in zip(*lines, strict=False)]
        result = []
        for i in range(1, shape[0] + 1):
            row = []
            for j in range(1, shape[1] + 1):
                own = self.match((lhs.row, lhs.column), (i, j), env)
                if own is None:
                    return None
                row.append(evaluator.value(rhs, own))
            result.append(row)
        return result

    def match(self, pattern: tuple[t.Index, ...], indices: tuple[int, ...], env: Env | None = None) -> Env | None:
        """The values of the free indices of a pattern at which it is `indices`."""
        found = dict(env or {})
        if len(pattern) != len(indices):
            return None
        for index, value in zip(pattern, indices, strict=False):
            base = index.base
            if base is None:
                if index.offset != value:
                    return None
            elif base in found or base in self.dims:
                if found.get(base, self.dims.get(base)) + index.offset != value:
                    return None
            else:
                found[base] = value - index.offset
        return found

    # -- functions ----------------------------------------------------------------------------

    def defined_function(self, term: t.Function, args: list[Any], evaluator: Any, env: Env) -> Any:
        """The value of a function that has a definition, None for others."""
        for definition in self.definitions.get(term.name, ()):
            lhs = definition.lhs
            if not isinstance(lhs, t.Function) or len(lhs.args) != len(term.args) or term.order or term.entrywise:
                continue
            own = self.match(lhs.indices, tuple(evaluator.index(i, env) for i in term.indices))
            if own is None:
                continue
            if lhs.args == term.args:
                return evaluator.value(definition.rhs, {**own, **{k: v for k, v in env.items() if k.startswith("$")}})
            if not all(isinstance(a, t.Symbol) and not a.indices for a in lhs.args):
                continue
            values = [a[0][0] if p.shape == t.SCALAR else a for a, p in zip(args, lhs.args, strict=False)]
            operator = all(self.facts.role(p.name) == "random" for p in lhs.args)  # K(X) = E[X²] is averaged over X
            moved = any(isinstance(x, Rand) for a in args for r in a for x in r)
            if moved and not operator and self.known.has_moment(definition.rhs):
                raise Unmodelled("a function that is defined by an expectation, at a random place")
            return evaluator.value(
                definition.rhs, {**own, **{"$" + p.name: v for p, v in zip(lhs.args, values, strict=False)}}
            )
        return None

    def table(self, key: tuple[Any, ...], shape: tuple[int, int]) -> list[list[Any]]:
        """The value of an unknown function, drawn once for each list of arguments."""
        key = (*key[:3], *(self.field.reduced(v) for v in key[3:]))
        if key not in self.tables:
            self.tables[key] = draw_matrix(shape, self.traits.get(key[0], set()), self.field, self.rng)
            if self.field.ordered and shape == (1, 1) and self.rng.randrange(3) == 0:
                self.tables[key] = [[self.rng.choice(PROBABILITIES)]]
        return self.tables[key]

    def event(self, key: tuple[Any, ...]) -> Any:
        if key not in self.tables:
            self.tables[key] = [[self.field.of(self.rng.randrange(2))]]
        return self.tables[key][0][0]

    # -- derivatives --------------------------------------------------------------------------

    def gradient(self, evaluator: Any, term: t.Derivative, env: Env) -> Any:
        wrt, shape = term.wrt, evaluator.shape(term.wrt)
        symbol = wrt
        while isinstance(symbol, (t.Entry, t.Line)):
            symbol = symbol.arg
        if not isinstance(symbol, t.Symbol):
            raise Unmodelled("a derivative with respect to an expression")
        key = (symbol.name, tuple(evaluator.index(i, env) for i in symbol.indices))
        whole = (self.dim(symbol.shape[0]), self.dim(symbol.shape[1]))
        arg = self.inlined(term.arg)
        places = [[(i, j) for j in range(whole[1])] for i in range(whole[0])]
        if isinstance(wrt, t.Entry):
            places = [[(evaluator.index(wrt.row, env) - 1, evaluator.index(wrt.column, env) - 1)]]
        elif isinstance(wrt, t.Line):
            k = evaluator.index(wrt.index, env) - 1
            places = [[p] for row in places for p in row if p[0 if wrt.axis == "row" else 1] == k]
        results = [[self._along(evaluator, arg, key, whole, place, env) for place in row] for row in places]
        if evaluator.is_scalar(arg):
            return results[0][0] if shape == t.SCALAR else results
        return results[0][0]

    def _along(
        self, evaluator: Any, arg: t.Term, key: Key, shape: tuple[int, int], place: tuple[int, int], env: Env
    ) -> Any:
        one, zero = self.field.of(1), self.field.of(0)
        unit = [[one if (i, j) == place else zero for j in range(shape[1])] for i in range(shape[0])]
        cache, self.cache = self.cache, {}
        self.directions.append((key, unit))
        try:
            return evaluator.value(self.known.tangent(arg, len(self.directions)), env)
        finally:
            self.directions.pop()
            self.cache = cache

    def _moved(self, symbol: t.Symbol, indices: tuple[int, ...], evaluator: Any) -> list[list[Any]]:
        """The derivative of a symbol along the directions in its name, `∂2 ∂1 x`."""
        *marks, name = symbol.name.split(" ", symbol.name.count("∂"))
        levels = [int(mark[1:]) for mark in reversed(marks)]
        key = (name, indices)
        zero = [[self.field.of(0)] * self.dim(symbol.shape[1]) for _ in range(self.dim(symbol.shape[0]))]
        if len(levels) == 1 and self.directions[levels[0] - 1][0] == key:
            return self.directions[levels[0] - 1][1]
        if key in self.variables or key in self.constants or name not in self.definitions or key in self._active:
            return zero
        if any(self.directions[level - 1][0] == key for level in levels):
            return zero
        for definition in self.definitions[name]:
            if not isinstance(definition.lhs, t.Symbol):
                raise Unmodelled("the derivative of a vector that is defined by its components")
            env = self.match(definition.lhs.indices, indices)
            if env is not None:
                rhs = self.inlined(definition.rhs)
                for level in levels:
                    rhs = self.known.tangent(rhs, level)
                return evaluator.rows(rhs, env)
        return zero

    def inlined(self, term: t.Term) -> t.Term:
        """The term with defined functions replaced by their definitions, where the arguments are plain symbols."""
        if isinstance(term, t.Function) and not term.order:
            for definition in self.definitions.get(term.name, ()):
                lhs = definition.lhs
                if isinstance(lhs, t.Function) and len(lhs.args) == len(term.args) and lhs.indices == term.indices:
                    if lhs.args == term.args:
                        return self.inlined(definition.rhs)
                    if all(isinstance(a, t.Symbol) for a in lhs.args):
                        return self.inlined(substituted(definition.rhs, dict(zip(lhs.args, term.args, strict=False))))
        return rebuilt(term, self.inlined)


def substituted(term: t.Term, replacements: dict[t.Term, t.Term]) -> t.Term:
    """The term with whole subterms replaced."""
    if term in replacements:
        return replacements[term]
    return rebuilt(term, lambda child: substituted(child, replacements))
