"""What terms are evaluated on: numbers for symbols, axes for indices, and what is remembered between evaluations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from derive.language import terms as t
from derive.witnesses.arrays import Abstain, Axis, Labelled, entrywise, scalar
from derive.witnesses.sim_functions import Unknown

Binds = Mapping[str, "Axis | int"]


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A symbol's numbers.  Axes: SAMPLE when random, "f0", "f1", … for the family indices, ROW, COLUMN.

    `lowers` holds the number of the first member of each family index.
    """

    value: Labelled
    lowers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A node of a term that is worth a note: equal nodes have one `number`; `free` are its free indices.

    `keep`: its value is kept for the block; `fixed`: nothing in it is random, so it is kept for good.
    """

    number: int
    free: tuple[str, ...]
    keep: bool
    fixed: bool


def take_notes(sides: Iterable[t.Term], random: Container[str]) -> dict[int, Note]:
    """Notes on the nodes of these terms by their `id`, which is good for as long as the terms live."""
    nodes = [node for side in sides for node in t.walk(side)]
    counts = Counter(nodes)
    numbers = {node: k for k, node in enumerate(counts)}
    light = (t.Symbol, t.Number, t.IndexValue, t.Entry, t.Constant, t.Identity, t.Transpose)
    moment = (t.Expectation, t.Variance, t.Covariance, t.Correlation)
    notes = {}
    for node in nodes:
        if isinstance(node, (t.Symbol, t.Number, t.IndexValue)):
            continue
        fixed = not has_expectation(node) and not any(n in random for n in _names(node))
        keep = counts[node] > 1 and not isinstance(node, light)
        if fixed or keep or isinstance(node, moment):
            notes[id(node)] = Note(numbers[node], tuple(sorted(free_names(node))), keep, fixed)
    return notes


@lru_cache(maxsize=20_000)
def _names(term: t.Term) -> frozenset[str]:
    """Names of the symbols in a term."""
    own = frozenset({term.name}) if isinstance(term, t.Symbol) else frozenset()
    return own.union(*(_names(c) for c in t.children(term)))


@dataclass(slots=True)
class Context:
    """What a term is evaluated on.

    `memo` and `fixed` keep values, of these draws and for all draws; `notes` say of which nodes.  `means` passes the
    level-one means of the groups on to the pass with one group.
    """

    dims: Mapping[str, int]
    symbols: dict[str, Stored]
    unknown: Unknown
    groups: int = 1
    notes: Mapping[int, Note] = field(default_factory=dict)
    memo: dict[Any, Labelled] = field(default_factory=dict)
    fixed: dict[Any, Labelled] = field(default_factory=dict)
    means: dict[Any, tuple[Labelled, ...]] = field(default_factory=dict)
    cells: dict[Any, tuple[np.ndarray, int]] = field(default_factory=dict)
    coarse: bool = False
    watch: Watch | None = None


@dataclass(slots=True)
class Watch:
    """The largest absolute value on the way, and the size of the largest array."""

    magnitude: float = 0.0
    entries: int = 0

    def see(self, value: Labelled) -> None:
        self.entries = max(self.entries, value.data.size)
        if value.data.size:
            with np.errstate(invalid="ignore"):
                largest = float(np.max(np.abs(value.data)))
            if np.isfinite(largest):
                self.magnitude = max(self.magnitude, largest)


def key_of(term: t.Term, ctx: Context, binds: Binds) -> tuple[Any, ...]:
    """What a value depends on, besides the draws: the node and its free indices."""
    note = ctx.notes.get(id(term))
    if note is not None:
        return (note.number, *(binds.get(name) for name in note.free))
    return (term, tuple((name, binds[name]) for name in sorted(free_names(term)) if name in binds))


@lru_cache(maxsize=20_000)
def free_names(term: t.Term) -> frozenset[str]:
    """Names of the indices that stand free in the term (dimensions among them)."""
    inside = frozenset().union(*(free_names(c) for c in t.children(term)))
    match term:
        case t.Sum() | t.Product():
            bounds = (term.range.lower, term.range.upper, *term.excluded, *getattr(term, "below", ()))
            return (inside - {term.index}) | _bases(bounds)
        case t.Entries():
            return inside - {term.row, term.column}
        case t.Symbol() | t.Function():
            return inside | _bases(term.indices)
        case t.IndexValue() | t.Line():
            return inside | _bases((term.index,))
        case t.Entry():
            return inside | _bases((term.row, term.column))
    return inside


def _bases(indices: tuple[t.Index, ...]) -> frozenset[str]:
    return frozenset(i.base for i in indices if i.base is not None)


@lru_cache(maxsize=20_000)
def has_expectation(term: t.Term) -> bool:
    if isinstance(term, (t.Expectation, t.Variance, t.Covariance, t.Correlation)):
        return True
    return any(has_expectation(c) for c in t.children(term))


@lru_cache(maxsize=20_000)
def is_affine(term: t.Term) -> bool:
    """Whether the estimate of the term is an average over single draws, so that it has no bias."""
    match term:
        case t.Expectation(arg, given):
            return not given and not has_expectation(arg)
        case t.Add() | t.Transpose() | t.Trace() | t.Entry() | t.Line() | t.Sum() | t.Entries() | t.Matrix():
            return all(is_affine(c) for c in t.children(term))
        case t.Mul() | t.Hadamard() | t.Kronecker():
            parts = [c for c in t.children(term) if has_expectation(c)]
            return len(parts) <= 1 and all(is_affine(p) for p in parts)
    return not has_expectation(term)


RELATIONS = {
    "=": np.equal, "<": np.less, ">": np.greater, "\\neq": np.not_equal, "\\ne": np.not_equal,
    "\\le": np.less_equal, "\\leq": np.less_equal, "\\ge": np.greater_equal, "\\geq": np.greater_equal,
}  # fmt: skip


# ---------------------------------------------------------------------------------------------
# Indices and dimensions


def dimension(dim: t.Dim, dims: Mapping[str, int]) -> int:
    """The number that a dimension stands for."""
    if isinstance(dim, int):
        return dim
    if isinstance(dim, tuple):
        return sum(dimension(d, dims) for d in dim)
    if dim in dims:
        return dims[dim]
    if "*" in dim:
        return int(np.prod([dimension(int(d) if d.isdigit() else d, dims) for d in dim.split("*")]))
    raise Abstain(f"the dimension {dim} has no value")


def resolve(index: t.Index, ctx: Context, binds: Binds) -> int | tuple[Axis, int]:
    """An index as a number, or as an axis and an offset."""
    if index.base is None:
        return index.offset
    bound = binds.get(index.base, ctx.dims.get(index.base))
    if isinstance(bound, Axis):
        return (bound, index.offset)
    if bound is not None:
        return bound + index.offset
    stored = ctx.symbols.get(index.base)
    if stored is not None and not stored.value.axes and float(stored.value.data).is_integer():
        return int(stored.value.data) + index.offset
    raise Abstain(f"the index {index.base} has no value")


def number_of(index: int | tuple[Axis, int]) -> Labelled:
    if isinstance(index, int):
        return scalar(index)
    axis, offset = index
    return Labelled(axis.values.astype(float) + offset, (axis,))


def open_range(name: str, range_: t.Range, ctx: Context, binds: Binds) -> tuple[Axis, list[Labelled]]:
    """The axis that covers a range, and masks where its ends depend on other indices."""
    lower, upper = resolve(range_.lower, ctx, binds), resolve(range_.upper, ctx, binds)
    least = lower if isinstance(lower, int) else lower[0].lower + lower[1]
    most = upper if isinstance(upper, int) else upper[0].upper + upper[1]
    axis = Axis(name, least, most)
    here = number_of((axis, 0))
    masks = []
    if not isinstance(lower, int):
        masks.append(entrywise(holding(np.greater_equal), here, number_of(lower)))
    if not isinstance(upper, int):
        masks.append(entrywise(holding(np.less_equal), here, number_of(upper)))
    return axis, masks


def holding(relation: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, b: relation(a, b).astype(float)


def restrictions(term: t.Sum | t.Product, axis: Axis, ctx: Context, binds: Binds) -> list[Labelled]:
    here = number_of((axis, 0))
    masks = [entrywise(holding(np.not_equal), here, number_of(resolve(i, ctx, binds))) for i in term.excluded]
    below = term.below if isinstance(term, t.Sum) else ()
    return masks + [entrywise(holding(np.less), here, number_of(resolve(i, ctx, binds))) for i in below]
