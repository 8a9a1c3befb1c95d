"""Small distinct numbers for the dimensions, and the ranges of all indices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations, product
from typing import Any

import numpy as np

from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.arrays import Abstain, Axis
from derive.witnesses.sim_context import RELATIONS, Context, dimension, has_expectation
from derive.witnesses.sim_evaluate import evaluate
from derive.witnesses.sim_functions import Unknown

SIZES = (3, 4, 5, 2, 6)
LARGEST_FIXED = 100  # a dimension that is given as a number may be as large as this
Interval = tuple[int, int]


def binders(term: t.Term) -> tuple[str, ...]:
    """Names of the indices that a node binds."""
    match term:
        case t.Sum() | t.Product():
            return (term.index,)
        case t.Entries():
            return (term.row, term.column)
    return ()


def indices_at(term: t.Term) -> tuple[t.Index, ...]:
    """The indices that stand directly at a node."""
    match term:
        case t.Symbol() | t.Function():
            return term.indices
        case t.IndexValue() | t.Line():
            return (term.index,)
        case t.Entry():
            return (term.row, term.column)
        case t.Sum() | t.Product():
            return (term.range.lower, term.range.upper, *term.excluded, *getattr(term, "below", ()))
    return ()


def dimension_names(facts: f.Facts, terms: Iterable[t.Term]) -> list[str]:
    """Everything that stands for a positive integer, in order of appearance."""
    found: dict[str, None] = {}

    def from_dim(dim: t.Dim) -> None:
        for part in dim if isinstance(dim, tuple) else (dim,):
            if isinstance(part, tuple):
                from_dim(part)
            elif isinstance(part, str):
                found.update((name, None) for name in part.split("*") if not name.isdigit())

    def from_bound(index: t.Index, bound: frozenset[str]) -> None:
        if index.base is not None and index.base not in bound and facts.role(index.base) != "index":
            found[index.base] = None

    def visit(term: t.Term, bound: frozenset[str]) -> None:
        if isinstance(term, (t.Symbol, t.Constant, t.Entries, t.Function)):
            for dim in term.shape:
                from_dim(dim)
        if isinstance(term, t.Identity):
            from_dim(term.dim)
        if isinstance(term, (t.Sum, t.Product)):
            from_bound(term.range.lower, bound)
            from_bound(term.range.upper, bound)
        for index in indices_at(term):
            if index.base in facts.symbols and facts.role(index.base) in ("constant", "dimension"):
                found[index.base] = None
        inner = bound | set(binders(term))
        for child in t.children(term):
            visit(child, inner)

    for name, info in facts.symbols.items():
        if info.role == "dimension":
            found[name] = None
        for dim in info.shape:
            from_dim(dim)
        for range_ in info.families:
            if range_ is not None:
                from_bound(range_.lower, frozenset())
                from_bound(range_.upper, frozenset())
    for term in terms:
        visit(term, frozenset())
    return list(found)


def assignments(names: list[str], facts: f.Facts, terms: Iterable[t.Term]) -> Iterator[dict[str, int]]:
    """Values for the dimensions that satisfy the comparisons and equations between them, distinct ones first.

    Matrices of full column rank, and products that are inverted in `terms`, are high enough for it.
    """
    heights = _heights(facts, terms)
    conditions = [g for g in facts.givens if isinstance(g, f.Comparison) and _only(names, (g.left, g.right))]
    equations = [g for g in facts.givens if isinstance(g, f.Equation) and _only(names, (g.lhs, g.rhs))]
    checks = [(g.left, g.relation, g.right) for g in conditions] + [(g.lhs, "=", g.rhs) for g in equations]
    fixed = _fixed(names, equations)
    free = [n for n in names if n not in fixed]
    choices: Iterable[tuple[int, ...]] = permutations(SIZES, len(free)) if len(free) <= len(SIZES) else ()
    for count, values in enumerate(_chain(choices, product(SIZES, repeat=len(free)))):
        if count > 20_000:
            return
        dims = fixed | dict(zip(free, values, strict=True))
        high = all(dimension(rows, dims) >= dimension(columns, dims) for rows, columns in heights)
        if high and all(holds(left, relation, right, dims) for left, relation, right in checks):
            yield dims


def _fixed(names: list[str], equations: list[f.Equation]) -> dict[str, int]:
    """Dimensions that are given as numbers, n = 20."""
    found: dict[str, int] = {}
    for given in equations:
        for one, other in ((given.lhs, given.rhs), (given.rhs, given.lhs)):
            name = one.index.base if isinstance(one, t.IndexValue) and not one.index.offset else None
            name = one.name if isinstance(one, t.Symbol) else name
            whole = isinstance(other, t.Number) and other.value.denominator == 1
            if name in names and whole and 1 <= other.value <= LARGEST_FIXED:
                found[name] = int(other.value)
    return found


def _heights(facts: f.Facts, terms: Iterable[t.Term]) -> set[t.Shape]:
    found = {g.term.shape for g in facts.givens if isinstance(g, f.Property) and g.name == "full column rank"}
    for given in facts.givens:
        match given:
            case f.Equation(t.Mul((t.Transpose(a), b)), t.Identity()) if a == b:
                found.add(b.shape)
            case f.Property(a, "orthogonal"):
                found.add(a.shape)
    for node in (n for term in terms for n in t.walk(term)):
        if isinstance(node, t.Inverse) and not node.pseudo and isinstance(node.arg, t.Mul):
            shapes = [a.shape for a in node.arg.args if a.shape != t.SCALAR]
            found |= {(shape[1], node.arg.shape[0]) for shape in shapes[:-1]}
    return found


def _chain(*iterables: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    for iterable in iterables:
        yield from iterable


def _only(names: list[str], terms: tuple[t.Term, ...]) -> bool:
    """Whether the terms speak of dimensions alone."""
    for node in (n for term in terms for n in t.walk(term)):
        if isinstance(node, t.Symbol) and (node.name not in names or node.indices):
            return False
        if isinstance(node, t.IndexValue) and node.index.base not in (*names, None):
            return False
        if isinstance(node, (t.Function, t.Derivative, t.Sum, t.Product, t.Entries)) or has_expectation(node):
            return False
    return True


def holds(left: t.Term, relation: str, right: t.Term, dims: Mapping[str, int]) -> bool:
    """Whether a relation between dimensions is true."""
    ctx = Context(dims, {}, Unknown(0, {}))
    test = RELATIONS.get(relation)
    if test is None or left.shape != t.SCALAR:
        return True
    a, b = evaluate(left, ctx, {}), evaluate(right, ctx, {})
    return bool(np.all(test(a.data, b.data)))


# ---------------------------------------------------------------------------------------------
# Ranges of indices


@dataclass(slots=True)
class Extents:
    """`free`: axes for the indices that nothing binds; `families`: lowest and highest member of each family index."""

    free: dict[str, Axis] = field(default_factory=dict)
    families: dict[tuple[str, int], Interval] = field(default_factory=dict)

    def sizes(self, name: str, count: int) -> tuple[tuple[int, int], ...]:
        """(lowest, how many) for each family index of a symbol."""
        ends = [self.families.get((name, k), (1, 3)) for k in range(count)]
        return tuple((low, high - low + 1) for low, high in ends)


def extents(facts: f.Facts, terms: Iterable[t.Term], dims: Mapping[str, int]) -> Extents:
    """Ranges from the declared families, the shapes, and the use of the indices."""
    terms = list(terms)
    result = Extents()
    limits: dict[str, Interval] = {}
    for term in terms:
        for index, low, high in _places(term, {}, facts, dims):
            base = index.base
            old = limits.get(base, (-(10**6), 10**6))
            limits[base] = (max(old[0], low - index.offset), min(old[1], high - index.offset))
    for base, (low, high) in limits.items():
        if low < -1000 or high > 1000:
            low, high = max(low, 1), max(low, 1) + 2
        if low > high:
            raise Abstain(f"the index {base} has no room")
        result.free[base] = Axis(base, low, high)
    scope = {name: (axis.lower, axis.upper) for name, axis in result.free.items()}
    for name, info in facts.symbols.items():
        for k, range_ in enumerate(info.families):
            ends = _range(range_, scope, dims) if range_ is not None else None
            if ends is not None and ends[0] <= ends[1]:
                result.families[name, k] = ends
    for term in terms:
        _grow(term, scope, dims, result)
    return result


def interval(index: t.Index, scope: Mapping[str, Interval], dims: Mapping[str, int]) -> Interval | None:
    if index.base is None:
        return (index.offset, index.offset)
    if index.base in scope:
        low, high = scope[index.base]
        return (low + index.offset, high + index.offset)
    if index.base in dims:
        return (dims[index.base] + index.offset,) * 2
    return None


def _range(range_: t.Range, scope: Mapping[str, Interval], dims: Mapping[str, int]) -> Interval | None:
    lower, upper = interval(range_.lower, scope, dims), interval(range_.upper, scope, dims)
    return None if lower is None or upper is None else (lower[0], upper[1])


def _inner_scope(term: t.Term, scope: dict[str, Interval], dims: Mapping[str, int]) -> dict[str, Interval]:
    match term:
        case t.Sum() | t.Product():
            ends = _range(term.range, scope, dims)
            return {**scope, term.index: ends or (1, 3)}
        case t.Entries():
            row, column = (dimension(d, dims) for d in term.shape)
            return {**scope, term.row: (1, row), term.column: (1, column)}
    return scope


def _places(
    term: t.Term, scope: dict[str, Interval], facts: f.Facts, dims: Mapping[str, int]
) -> Iterator[tuple[t.Index, int, int]]:
    """Free indices with the lowest and highest value that their place allows."""
    wide = (-(10**6), 10**6)
    slots: list[tuple[t.Index, Interval]] = []
    match term:
        case t.Symbol() | t.Function():
            info = facts.symbols.get(term.name)
            ranges: Any = info.families if info else ()
            for k, index in enumerate(term.indices):
                declared = _range(ranges[k], {}, dims) if k < len(ranges) and ranges[k] is not None else None
                slots.append((index, declared or wide))
        case t.Entry():
            rows, columns = (dimension(d, dims) for d in term.arg.shape)
            slots = [(term.row, (1, rows)), (term.column, (1, columns))]
        case t.Line():
            slots = [(term.index, (1, dimension(term.arg.shape[0 if term.axis == "row" else 1], dims)))]
        case _:
            slots = [(index, wide) for index in indices_at(term)]
    for index, (low, high) in slots:
        if index.base is not None and index.base not in scope and index.base not in dims:
            yield index, low, high
    inner = _inner_scope(term, scope, dims)
    for child in t.children(term):
        yield from _places(child, inner, facts, dims)


def _grow(term: t.Term, scope: dict[str, Interval], dims: Mapping[str, int], result: Extents) -> None:
    """Let the families reach as far as they are used."""
    if isinstance(term, (t.Symbol, t.Function)):
        for k, index in enumerate(term.indices):
            used = interval(index, scope, dims)
            if used is not None:
                low, high = result.families.get((term.name, k), used)
                result.families[term.name, k] = (min(low, used[0]), max(high, used[1]))
    inner = _inner_scope(term, scope, dims)
    for child in t.children(term):
        _grow(child, inner, dims, result)
