"""Values of terms on a block of draws: every node of `language.terms` by one small function.

An unconditional expectation is the mean over the draws of each group, so the same code serves for the estimates of a
group, of a whole block (one group), and for things that are not random at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from derive.language import terms as t
from derive.witnesses.arrays import (
    COLUMN,
    GROUP,
    ROW,
    SAMPLE,
    Abstain,
    Axis,
    Labelled,
    add,
    as_matrices,
    contract,
    entrywise,
    matrix_product,
    mean_in_groups,
    ordered,
    over_groups,
    pick,
    scalar,
    scaled,
)  # fmt: skip
from derive.witnesses.sim_functions import KNOWN, Unknown, apply_known

Binds = Mapping[str, "Axis | int"]


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A symbol's numbers: axes (SAMPLE when random, "f0", "f1", … for family indices, ROW, COLUMN); `lowers` start the families."""

    value: Labelled
    lowers: tuple[int, ...] = ()


@dataclass(slots=True)
class Context:
    """What a term is evaluated on.  `means` passes the level-one means of the groups on to the pass with one group."""

    dims: Mapping[str, int]
    symbols: dict[str, Stored]
    unknown: Unknown
    groups: int = 1
    shared: frozenset[t.Term] = frozenset()
    memo: dict[Any, Labelled] = field(default_factory=dict)
    means: dict[Any, tuple[Labelled, ...]] = field(default_factory=dict)
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


def evaluate(term: t.Term, ctx: Context, binds: Binds) -> Labelled:
    """The value of a term; raises `Abstain` for what has none here."""
    if term in ctx.shared:
        key = key_of(term, binds)
        if key not in ctx.memo:
            ctx.memo[key] = _evaluate(term, ctx, binds)
        return ctx.memo[key]
    return _evaluate(term, ctx, binds)


def _evaluate(term: t.Term, ctx: Context, binds: Binds) -> Labelled:
    handler = HANDLERS.get(type(term))
    if handler is None:
        raise Abstain(f"the simulation has no value for {type(term).__name__}")
    value = handler(term, ctx, binds)
    if ctx.watch is not None:
        ctx.watch.see(value)
    return value


def key_of(term: t.Term, binds: Binds) -> tuple[Any, ...]:
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
        masks.append(entrywise(_holds(np.greater_equal), here, number_of(lower)))
    if not isinstance(upper, int):
        masks.append(entrywise(_holds(np.less_equal), here, number_of(upper)))
    return axis, masks


def _holds(relation: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, b: relation(a, b).astype(float)


def _restrictions(term: t.Sum | t.Product, axis: Axis, ctx: Context, binds: Binds) -> list[Labelled]:
    here = number_of((axis, 0))
    masks = [entrywise(_holds(np.not_equal), here, number_of(resolve(i, ctx, binds))) for i in term.excluded]
    below = term.below if isinstance(term, t.Sum) else ()
    return masks + [entrywise(_holds(np.less), here, number_of(resolve(i, ctx, binds))) for i in below]


def _sum(term: t.Sum, ctx: Context, binds: Binds) -> Labelled:
    """Nested sums and the product below them become one contraction."""
    axes: list[Axis] = []
    masks: list[Labelled] = []
    body: t.Term = term
    while isinstance(body, t.Sum) and body.index not in {a.name for a in axes}:
        axis, ends = open_range(body.index, body.range, ctx, binds)
        if axis.size == 0:
            raise Abstain("a sum has no terms")
        binds = {**binds, body.index: axis}
        masks += ends + _restrictions(body, axis, ctx, binds)
        axes.append(axis)
        body = body.body
    factors = body.args if isinstance(body, t.Mul) else (body,)
    return matrix_product([evaluate(f, ctx, binds) for f in factors], masks, axes)


def _product(term: t.Product, ctx: Context, binds: Binds) -> Labelled:
    axis, masks = open_range(term.index, term.range, ctx, binds)
    binds = {**binds, term.index: axis}
    masks += _restrictions(term, axis, ctx, binds)
    value = evaluate(term.body, ctx, binds)
    for mask in masks:
        value = entrywise(lambda a, m: np.where(m > 0, a, 1.0), value, mask)
    if not value.has(axis):
        return Labelled(value.data**axis.size, value.axes)
    place = value.axes.index(axis)
    return Labelled(value.data.prod(axis=place), value.axes[:place] + value.axes[place + 1 :])


def _symbol(term: t.Symbol, ctx: Context, binds: Binds) -> Labelled:
    stored = ctx.symbols.get(term.name)
    if stored is None:
        if term.name in ctx.dims and not term.indices:
            return scalar(ctx.dims[term.name])
        raise Abstain(f"{term.name} has no value")
    return choose(stored, term.indices, ctx, binds)


def choose(stored: Stored, indices: tuple[t.Index, ...], ctx: Context, binds: Binds) -> Labelled:
    """One member of a family, or one member for each value of an index."""
    if len(indices) != len(stored.lowers):
        raise Abstain("a family stands without its indices")
    value = stored.value
    for k, (index, lower) in enumerate(zip(indices, stored.lowers, strict=True)):
        value = pick(value, f"f{k}", lower, resolve(index, ctx, binds))
    return value


def _entry(term: t.Entry, ctx: Context, binds: Binds) -> Labelled:
    value = evaluate(term.arg, ctx, binds)
    for label, index in ((ROW, term.row), (COLUMN, term.column)):
        if value.has(label):
            value = pick(value, label, 1, resolve(index, ctx, binds))
    return value


def _line(term: t.Line, ctx: Context, binds: Binds) -> Labelled:
    value = evaluate(term.arg, ctx, binds)
    label, other = (ROW, COLUMN) if term.axis == "row" else (COLUMN, ROW)
    if value.has(label):
        value = pick(value, label, 1, resolve(term.index, ctx, binds))
    return value.rename({other: ROW})


def _entries(term: t.Entries, ctx: Context, binds: Binds) -> Labelled:
    value_binds: dict[str, Axis | int] = dict(binds)
    axes = []
    for name, dim, label in ((term.row, term.shape[0], ROW), (term.column, term.shape[1], COLUMN)):
        if dim == 1:
            value_binds[name] = 1
        else:
            axis = Axis(name, 1, dimension(dim, ctx.dims))
            value_binds[name] = axis
            axes.append((axis, label))
    value = evaluate(term.body, ctx, value_binds)
    ones = [Labelled(np.ones(axis.size), (axis,)) for axis, _ in axes if not value.has(axis)]
    return contract([value, *ones]).rename(dict(axes)) if ones else value.rename(dict(axes))


# ---------------------------------------------------------------------------------------------
# Algebra


def _mul(term: t.Mul, ctx: Context, binds: Binds) -> Labelled:
    return matrix_product([evaluate(a, ctx, binds) for a in term.args])


def _pow(term: t.Pow, ctx: Context, binds: Binds) -> Labelled:
    base = evaluate(term.base, ctx, binds)
    if isinstance(term.exponent, t.Number) and term.exponent.value.denominator == 1:
        return Labelled(integer_power(base.data, int(term.exponent.value)), base.axes)
    return entrywise(np.power, base, evaluate(term.exponent, ctx, binds))


def integer_power(data: np.ndarray, exponent: int) -> np.ndarray:
    """Repeated multiplication for small exponents, which is much faster than `power`."""
    if exponent == 2:
        return np.square(data)
    if 0 < exponent <= 4:
        result = data
        for _ in range(exponent - 1):
            result = result * data
        return result
    if exponent < 0:
        return 1.0 / integer_power(data, -exponent)
    return np.power(data, float(exponent))


def _inverse(term: t.Inverse, ctx: Context, binds: Binds) -> Labelled:
    matrices, front = as_matrices(evaluate(term.arg, ctx, binds))
    try:
        result = np.linalg.pinv(matrices) if term.pseudo else np.linalg.inv(matrices)
    except np.linalg.LinAlgError:
        raise Abstain("a matrix that is inverted is singular") from None
    return _from_matrices(result, front, term.shape)


def _from_matrices(data: np.ndarray, front: tuple[Any, ...], shape: t.Shape) -> Labelled:
    """Drop the axes that the shape says are 1."""
    axes: tuple[Any, ...] = (*front, ROW, COLUMN)
    for label, dim in ((COLUMN, shape[1]), (ROW, shape[0])):
        if dim == 1:
            place = axes.index(label)
            data = data.squeeze(axis=place)
            axes = axes[:place] + axes[place + 1 :]
    return Labelled(data, axes)


def _trace(term: t.Trace, ctx: Context, binds: Binds) -> Labelled:
    matrices, front = as_matrices(evaluate(term.arg, ctx, binds))
    return Labelled(np.trace(matrices, axis1=-2, axis2=-1), front)


def _determinant(term: t.Determinant, ctx: Context, binds: Binds) -> Labelled:
    matrices, front = as_matrices(evaluate(term.arg, ctx, binds))
    return Labelled(np.linalg.det(matrices), front)


def _diagonal(term: t.Diagonal, ctx: Context, binds: Binds) -> Labelled:
    value = evaluate(term.arg, ctx, binds)
    if term.vector:
        matrices, front = as_matrices(value)
        return Labelled(np.diagonal(matrices, axis1=-2, axis2=-1), (*front, ROW))
    if not value.has(ROW):
        value = value.rename({COLUMN: ROW})
    return contract([value, Labelled(np.eye(value.size(ROW)), (ROW, COLUMN))])


def _hadamard(term: t.Hadamard, ctx: Context, binds: Binds) -> Labelled:
    return contract([evaluate(a, ctx, binds) for a in term.args])


def _kronecker(term: t.Kronecker, ctx: Context, binds: Binds) -> Labelled:
    left = evaluate(term.left, ctx, binds).rename({ROW: "r1", COLUMN: "c1"})
    right = evaluate(term.right, ctx, binds).rename({ROW: "r2", COLUMN: "c2"})
    value = contract([left, right])
    front = tuple(a for a in value.axes if a not in ("r1", "c1", "r2", "c2"))
    axes = tuple(a for a in ("r1", "r2", "c1", "c2") if value.has(a))
    data = value.data.transpose([value.axes.index(a) for a in (*front, *axes)])
    lead = data.shape[: len(front)]
    rows = int(np.prod([value.size(a) for a in axes if a in ("r1", "r2")], dtype=int))
    columns = int(np.prod([value.size(a) for a in axes if a in ("c1", "c2")], dtype=int))
    return _from_matrices(data.reshape(*lead, rows, columns), front, term.shape)


def _squared_norm(term: t.SquaredNorm, ctx: Context, binds: Binds) -> Labelled:
    value = evaluate(term.arg, ctx, binds)
    return contract([value, value], [a for a in (ROW, COLUMN) if value.has(a)])


def _constant(term: t.Constant, ctx: Context, binds: Binds) -> Labelled:
    axes = tuple(label for label, dim in ((ROW, term.shape[0]), (COLUMN, term.shape[1])) if dim != 1)
    sizes = [dimension(dim, ctx.dims) for dim in term.shape if dim != 1]
    return Labelled(np.full(sizes, float(term.value)), axes)


def _identity(term: t.Identity, ctx: Context, binds: Binds) -> Labelled:
    if term.dim == 1:
        return scalar(1.0)
    return Labelled(np.eye(dimension(term.dim, ctx.dims)), (ROW, COLUMN))


def _matrix(term: t.Matrix, ctx: Context, binds: Binds) -> Labelled:
    """Blocks side by side, each spread to its own shape."""
    blocks = [[evaluate(e, ctx, binds) for e in row] for row in term.rows]
    flat = [b for row in blocks for b in row]
    samples = next((b.size(SAMPLE) for b in flat if b.has(SAMPLE)), None)
    front = ordered(a for b in flat for a in b.axes if a not in (ROW, COLUMN) and not (samples and a == GROUP))
    sizes = [next(b.size(a) for b in flat if b.has(a)) for a in front]
    rows = []
    for entries, row in zip(term.rows, blocks, strict=True):
        parts = []
        for entry, block in zip(entries, row, strict=True):
            shape = [dimension(d, ctx.dims) for d in entry.shape]
            full = contract([block, *[Labelled(np.ones(n), (a,)) for a, n in zip(front, sizes, strict=True)]])
            parts.append(np.broadcast_to(as_matrices_with(full, front), (*sizes, *shape)))
        rows.append(np.concatenate(parts, axis=-1))
    return _from_matrices(np.concatenate(rows, axis=-2), front, term.shape)


def as_matrices_with(value: Labelled, front: tuple[Any, ...]) -> np.ndarray:
    from derive.witnesses.arrays import arrange

    return arrange(value, (*front, ROW, COLUMN))


def _function(term: t.Function, ctx: Context, binds: Binds) -> Labelled:
    args = [evaluate(a, ctx, binds) for a in term.args]
    if term.name in KNOWN and term.order == 0 and not term.indices and term.name not in ctx.unknown.declared:
        return apply_known(term.name, args)
    indices = tuple(resolve(i, ctx, binds) for i in term.indices)
    sizes = tuple(dimension(d, ctx.dims) for d in term.shape)
    return ctx.unknown.apply(term, args, indices, sizes)


RELATIONS = {
    "=": np.equal, "<": np.less, ">": np.greater, "\\neq": np.not_equal, "\\ne": np.not_equal,
    "\\le": np.less_equal, "\\leq": np.less_equal, "\\ge": np.greater_equal, "\\geq": np.greater_equal,
}  # fmt: skip


def _indicator(term: t.Indicator, ctx: Context, binds: Binds) -> Labelled:
    if term.relation == "":
        return evaluate(term.left, ctx, binds)
    relation = RELATIONS.get(term.relation)
    if relation is None:
        raise Abstain(f"events with {term.relation} are not simulated")
    return entrywise(_holds(relation), evaluate(term.left, ctx, binds), evaluate(term.right, ctx, binds))


# ---------------------------------------------------------------------------------------------
# Expectations


def _expectation(term: t.Expectation, ctx: Context, binds: Binds) -> Labelled:
    if term.given:
        return _conditional_mean(evaluate(term.arg, ctx, binds), term.given, ctx, binds)
    kept = _kept(term, (term.arg,), ctx, binds)
    if kept is not None:
        return over_groups(kept[0])
    mean = mean_in_groups(evaluate(term.arg, ctx, binds), ctx.groups)
    if not ctx.coarse:
        ctx.means[key_of(term, binds)] = (mean,)
    return mean


def _kept(term: t.Term, bodies: tuple[t.Term, ...], ctx: Context, binds: Binds) -> tuple[Labelled, ...] | None:
    """What the pass over groups found, when the bodies contain no expectations themselves."""
    if not ctx.coarse or any(has_expectation(b) for b in bodies):
        return None
    return ctx.means.get(key_of(term, binds))


def _covariance(term: t.Variance | t.Covariance | t.Correlation, ctx: Context, binds: Binds) -> Labelled:
    left, right = (term.arg, term.arg) if isinstance(term, t.Variance) else (term.left, term.right)
    if term.given:
        return _conditional_covariance(left, right, term.given, ctx, binds)
    kept = _kept(term, (left, right), ctx, binds)
    if kept is not None:
        return _pooled(*kept)
    x = evaluate(left, ctx, binds)
    y = x if left == right else evaluate(right, ctx, binds).rename({ROW: COLUMN})
    mean_x = mean_in_groups(x, ctx.groups)
    x = entrywise(np.subtract, x, mean_x)
    if left == right:
        mean_y, y = mean_x.rename({ROW: COLUMN}), x.rename({ROW: COLUMN})
    else:
        mean_y = mean_in_groups(y, ctx.groups)
        y = entrywise(np.subtract, y, mean_y)
    covariance = mean_in_groups(contract([x, y]), ctx.groups)
    if not x.has(SAMPLE) or not y.has(SAMPLE):
        covariance = scaled(covariance, 0.0)
    if not ctx.coarse:
        ctx.means[key_of(term, binds)] = (covariance, mean_x, mean_y)
    return covariance


def _pooled(covariance: Labelled, mean_x: Labelled, mean_y: Labelled) -> Labelled:
    """Covariance over all groups together, from those of the groups and their means."""
    between_x = entrywise(np.subtract, mean_x, over_groups(mean_x))
    between_y = entrywise(np.subtract, mean_y, over_groups(mean_y))
    return add([over_groups(covariance), over_groups(contract([between_x, between_y]))])


def _variance(term: t.Variance, ctx: Context, binds: Binds) -> Labelled:
    return _covariance(term, ctx, binds)


def _correlation(term: t.Correlation, ctx: Context, binds: Binds) -> Labelled:
    covariance = evaluate(t.Covariance(term.left, term.right, term.given), ctx, binds)
    spread_x = evaluate(t.Variance(term.left, term.given), ctx, binds)
    spread_y = evaluate(t.Variance(term.right, term.given), ctx, binds)
    return entrywise(
        np.divide,
        covariance,
        Labelled(np.sqrt(contract([spread_x, spread_y]).data), contract([spread_x, spread_y]).axes),
    )


def _conditional_covariance(left: t.Term, right: t.Term, given: Any, ctx: Context, binds: Binds) -> Labelled:
    x = evaluate(left, ctx, binds)
    y = evaluate(right, ctx, binds).rename({ROW: COLUMN})
    x = entrywise(np.subtract, x, _conditional_mean(x, given, ctx, binds))
    y = entrywise(np.subtract, y, _conditional_mean(y, given, ctx, binds))
    return _conditional_mean(contract([x, y]), given, ctx, binds)


def _conditional_mean(value: Labelled, given: tuple[t.Term, ...], ctx: Context, binds: Binds) -> Labelled:
    """The mean over the draws of the same group on which everything in `given` is equal."""
    knowns = [evaluate(g, ctx, binds) for g in given]
    knowns = [k for k in knowns if k.has(SAMPLE)]
    if not knowns:
        return mean_in_groups(value, ctx.groups)
    if not value.has(SAMPLE):
        return value
    axes = [a for k in knowns for a in k.axes if isinstance(a, Axis)]
    if axes:
        return _along_axis(value, given, ctx, binds, axes[0])
    cells, count = _cells(knowns, ctx.groups)
    data = np.moveaxis(value.data, value.axes.index(SAMPLE), 0)
    rest = tuple(a for a in value.axes if a != SAMPLE)
    flat = data.reshape(data.shape[0], -1)
    sizes = np.bincount(cells, minlength=count)
    sums = [np.bincount(cells, weights=flat[:, k], minlength=count) for k in range(flat.shape[1])]
    means = np.stack(sums, axis=1) / np.maximum(sizes, 1)[:, None]
    return Labelled(means[cells].reshape(data.shape), (SAMPLE, *rest))


def _along_axis(value: Labelled, given: Any, ctx: Context, binds: Binds, axis: Axis) -> Labelled:
    """Conditioning on `x_i` for a free i: one value of i after the other."""
    parts = []
    for k in range(axis.lower, axis.upper + 1):
        part = pick(value, axis, axis.lower, k) if value.has(axis) else value
        parts.append(_conditional_mean(part, given, ctx, {**binds, axis.name: k}))
    return Labelled(np.stack([p.data for p in parts], axis=-1), (*parts[0].axes, axis))


def _cells(knowns: list[Labelled], groups: int) -> tuple[np.ndarray, int]:
    """Number the combinations of a group and the values of the known quantities."""
    rng = np.random.default_rng(20)
    key: Any = 0.0
    for known in knowns:
        data = np.moveaxis(known.data, known.axes.index(SAMPLE), 0)
        flat = data.reshape(data.shape[0], -1)
        key = key + flat @ rng.uniform(0.5, 1.5, flat.shape[1])
    values, cells = np.unique(np.round(key, 9), return_inverse=True)
    samples = key.shape[0]
    if len(values) * 20 > samples // groups and len(values) > 8:
        raise Abstain("conditioning on something that takes too many values")
    group = np.repeat(np.arange(groups), samples // groups)
    return cells.reshape(-1) + len(values) * group, len(values) * groups


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


HANDLERS: dict[type, Callable[[Any, Context, Binds], Labelled]] = {
    t.Number: lambda term, ctx, binds: scalar(float(term.value)),
    t.Symbol: _symbol,
    t.IndexValue: lambda term, ctx, binds: number_of(resolve(term.index, ctx, binds)),
    t.Add: lambda term, ctx, binds: add([evaluate(a, ctx, binds) for a in term.args]),
    t.Mul: _mul,
    t.Pow: _pow,
    t.Inverse: _inverse,
    t.Transpose: lambda term, ctx, binds: evaluate(term.arg, ctx, binds).rename({ROW: COLUMN, COLUMN: ROW}),
    t.Entry: _entry,
    t.Line: _line,
    t.Trace: _trace,
    t.Determinant: _determinant,
    t.Diagonal: _diagonal,
    t.Hadamard: _hadamard,
    t.Kronecker: _kronecker,
    t.SquaredNorm: _squared_norm,
    t.Identity: _identity,
    t.Constant: _constant,
    t.Matrix: _matrix,
    t.Entries: _entries,
    t.Sum: _sum,
    t.Product: _product,
    t.Expectation: _expectation,
    t.Variance: _variance,
    t.Covariance: _covariance,
    t.Correlation: _correlation,
    t.Function: _function,
    t.Indicator: _indicator,
}
