"""Values of terms on a block of draws: every node of `language.terms` by one small function.

An unconditional expectation is the mean over the draws of each group, so the same code serves for the estimates of a
group, of a whole block (one group), and for things that are not random at all.
"""

from __future__ import annotations

from collections.abc import Callable
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
    arrange,
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
from derive.witnesses.sim_batches import cells_of, mean_in_cells, pooled
from derive.witnesses.sim_context import (
    RELATIONS,
    Binds,
    Context,
    Stored,
    dimension,
    has_expectation,
    holding,
    key_of,
    number_of,
    open_range,
    resolve,
    restrictions,
)  # fmt: skip
from derive.witnesses.sim_functions import KNOWN, apply_known

LARGEST_CONDITION = 1e11  # of a matrix that is inverted: beyond it half of the digits and more are rounding


def evaluate(term: t.Term, ctx: Context, binds: Binds) -> Labelled:
    """The value of a term; raises `Abstain` for what has none here."""
    note = ctx.notes.get(id(term))
    if note is None or not (note.keep or note.fixed):
        return _evaluate(term, ctx, binds)
    store = ctx.fixed if note.fixed else ctx.memo
    key = key_of(term, ctx, binds)
    if key not in store:
        store[key] = _evaluate(term, ctx, binds)
    return store[key]


def _evaluate(term: t.Term, ctx: Context, binds: Binds) -> Labelled:
    handler = HANDLERS.get(type(term))
    if handler is None:
        raise Abstain(f"the simulation has no value for {type(term).__name__}")
    value = handler(term, ctx, binds)
    if ctx.watch is not None:
        ctx.watch.see(value)
    return value


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
        masks += ends + restrictions(body, axis, ctx, binds)
        axes.append(axis)
        body = body.body
    factors = body.args if isinstance(body, t.Mul) else (body,)
    return matrix_product([evaluate(f, ctx, binds) for f in factors], masks, axes)


def _product(term: t.Product, ctx: Context, binds: Binds) -> Labelled:
    axis, masks = open_range(term.index, term.range, ctx, binds)
    binds = {**binds, term.index: axis}
    masks += restrictions(term, axis, ctx, binds)
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
    if not term.pseudo and _blown_up(matrices, result):
        raise Abstain("a matrix that is inverted is singular, up to rounding")
    return _from_matrices(result, front, term.shape)


def _blown_up(matrices: np.ndarray, inverses: np.ndarray) -> bool:
    """Whether rounding is all that is left of some inverse: the product of the sizes of the two bounds its error."""
    sizes = [np.sqrt(np.einsum("...ij,...ij->...", m, m)) for m in (matrices, inverses)]
    return bool(np.any(sizes[0] * sizes[1] > LARGEST_CONDITION))


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
            parts.append(np.broadcast_to(arrange(full, (*front, ROW, COLUMN)), (*sizes, *shape)))
        rows.append(np.concatenate(parts, axis=-1))
    return _from_matrices(np.concatenate(rows, axis=-2), front, term.shape)


def _function(term: t.Function, ctx: Context, binds: Binds) -> Labelled:
    args = [evaluate(a, ctx, binds) for a in term.args]
    if term.name in KNOWN and term.order == 0 and not term.indices and term.name not in ctx.unknown.declared:
        return apply_known(term.name, args)
    indices = tuple(resolve(i, ctx, binds) for i in term.indices)
    sizes = tuple(dimension(d, ctx.dims) for d in term.shape)
    return ctx.unknown.apply(term, args, indices, sizes)


def _indicator(term: t.Indicator, ctx: Context, binds: Binds) -> Labelled:
    if term.relation == "":
        return evaluate(term.left, ctx, binds)
    relation = RELATIONS.get(term.relation)
    if relation is None:
        raise Abstain(f"events with {term.relation} are not simulated")
    return entrywise(holding(relation), evaluate(term.left, ctx, binds), evaluate(term.right, ctx, binds))


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
        ctx.means[key_of(term, ctx, binds)] = (mean,)
    return mean


def _kept(term: t.Term, bodies: tuple[t.Term, ...], ctx: Context, binds: Binds) -> tuple[Labelled, ...] | None:
    """What the pass over groups found, when the bodies contain no expectations themselves."""
    if not ctx.coarse or any(has_expectation(b) for b in bodies):
        return None
    return ctx.means.get(key_of(term, ctx, binds))


def _covariance(term: t.Variance | t.Covariance | t.Correlation, ctx: Context, binds: Binds) -> Labelled:
    left, right = (term.arg, term.arg) if isinstance(term, t.Variance) else (term.left, term.right)
    if term.given:
        return _conditional_covariance(left, right, term.given, ctx, binds)
    kept = _kept(term, (left, right), ctx, binds)
    if kept is not None:
        return pooled(*kept)
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
        ctx.means[key_of(term, ctx, binds)] = (covariance, mean_x, mean_y)
    return covariance


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
    key = ("cells", tuple(key_of(g, ctx, binds) for g in given))
    if key not in ctx.cells:
        ctx.cells[key] = cells_of(knowns, ctx.groups)
    return mean_in_cells(value, *ctx.cells[key])


def _along_axis(value: Labelled, given: Any, ctx: Context, binds: Binds, axis: Axis) -> Labelled:
    """Conditioning on `x_i` for a free i: one value of i after the other."""
    parts = []
    for k in range(axis.lower, axis.upper + 1):
        part = pick(value, axis, axis.lower, k) if value.has(axis) else value
        parts.append(_conditional_mean(part, given, ctx, {**binds, axis.name: k}))
    return Labelled(np.stack([p.data for p in parts], axis=-1), (*parts[0].axes, axis))


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
