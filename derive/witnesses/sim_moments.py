"""Means and covariances that satisfy the given moments.

A given moment of degree two at most is linear in the means, in the covariances, and in a constant that stands alone on
its other side.  Its coefficients are found by evaluating the term at unit points.  The means come from the nearest
solution; the covariances from alternating between the solutions and the positive semidefinite matrices.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.arrays import (
    COLUMN,
    ROW,
    SAMPLE,
    Abstain,
    Axis,
    Labelled,
    align,
    arrange,
    contract,
    ordered,
    quoted,
)
from derive.witnesses.sim_constants import Layout
from derive.witnesses.sim_context import Context, has_expectation, number_of, resolve
from derive.witnesses.sim_evaluate import evaluate


@dataclass(slots=True)
class Row:
    """`linear · mean + <quadratic, second moments about zero> + constant = target`, or, with `centred`, covariances.

    `unknown`: (name, position) of a constant that is to be added to the target.
    """

    linear: np.ndarray
    quadratic: np.ndarray
    constant: float
    target: float
    centred: bool = False
    unknown: tuple[str, int] | None = None
    given: f.Equation | None = None


@dataclass(slots=True)
class Probe:
    """Evaluates terms at chosen values of the rows of the table of draws."""

    ctx: Context
    layouts: dict[str, Layout]
    rows: dict[str, np.ndarray]
    free: dict[str, Axis]

    def at(self, term: t.Term, points: np.ndarray) -> Labelled:
        """`points` is (rows of the table, draws)."""
        symbols = dict(self.ctx.symbols)
        for name, rows in self.rows.items():
            data = points[rows.ravel()].reshape(*self.layouts[name].sizes, points.shape[1])
            symbols[name] = self.layouts[name].stored(np.moveaxis(data, -1, 0), sampled=True)
        return evaluate(term, replace_symbols(self.ctx, symbols), self.free)

    def polynomial(self, term: t.Term, active: np.ndarray, size: int) -> Polynomial | None:
        """The coefficients of a term of degree two at most in the active rows, else None."""
        d = active.size
        pairs = [(k, m) for k in range(d) for m in range(k)]
        points = np.zeros((size, 1 + 2 * d + len(pairs) + 3))
        points[active, 1 + np.arange(d)] = 1.0
        points[active, 1 + d + np.arange(d)] = -1.0
        for column, (k, m) in enumerate(pairs, start=1 + 2 * d):
            points[active[[k, m]], column] = 1.0
        points[active, -3:] = np.random.default_rng(5).uniform(-2.0, 2.0, (d, 3))
        with np.errstate(all="ignore"):
            value = self.at(term, points)
        axes = tuple(a for a in ordered(value.axes) if a != SAMPLE)
        if not value.has(SAMPLE):
            data = np.broadcast_to(arrange(value, axes).ravel(), (points.shape[1], value.data.size))
        else:
            data = arrange(value, (SAMPLE, *axes)).reshape(points.shape[1], -1)
        zero, plus, minus = data[0], data[1 : 1 + d], data[1 + d : 1 + 2 * d]
        linear, square = (plus - minus) / 2, (plus + minus) / 2 - zero
        quadratic = np.zeros((d, d, data.shape[1]))
        quadratic[np.arange(d), np.arange(d)] = square
        for column, (k, m) in enumerate(pairs, start=1 + 2 * d):
            cross = (data[column] - zero - linear[k] - linear[m] - square[k] - square[m]) / 2
            quadratic[k, m] = quadratic[m, k] = cross
        tests = points[active, -3:]
        expected = zero + tests.T @ linear + np.einsum("kp,mp,kmo->po", tests, tests, quadratic)
        if not np.allclose(expected, data[-3:], rtol=1e-8, atol=1e-8 * (1 + np.max(np.abs(data), initial=0.0))):
            return None
        shape = tuple(value.size(a) for a in axes)
        return Polynomial(axes, zero.reshape(shape), linear.reshape(d, *shape), quadratic.reshape(d, d, *shape))


def replace_symbols(ctx: Context, symbols: dict) -> Context:
    return Context(ctx.dims, symbols, ctx.unknown)


def rows_of(given: f.Equation, lhs: t.Term, rhs: t.Term, probe: Probe, size: int, loose: set[str]) -> list[Row] | None:
    """The linear conditions that a given moment sets, or None when it is not of this form.

    `loose` names the constants that may still be moved.
    """
    names = {s.name for x in (lhs, rhs) for s in t.walk(x) if isinstance(s, t.Symbol)} & set(probe.rows)
    active = np.unique(np.concatenate([probe.rows[n].ravel() for n in names])) if names else np.zeros(0, dtype=int)
    if not 0 < active.size <= 60:
        return None
    left = _polynomials(lhs, probe, active, size)
    right = _polynomials(rhs, probe, active, size) if has_expectation(rhs) else _fixed(rhs, probe, active)
    if left is None or right is None or (left.centred != right.centred and has_expectation(rhs)):
        return None
    pointer = _pointer(rhs, probe, loose)
    out = ordered((*left.axes, *right.axes))
    lengths = left.lengths | right.lengths
    shape = tuple(lengths[a] for a in out)
    keep = _kept(out, given, probe, shape)
    first, second = left.spread(out, shape), right.spread(out, shape)
    pointers = _flat(pointer, out, shape) if pointer is not None else None
    result = []
    for k in np.flatnonzero(keep):
        linear, quadratic = np.zeros(size), np.zeros((size, size))
        linear[active] = first[1][:, k] - second[1][:, k]
        quadratic[np.ix_(active, active)] = first[2][:, :, k] - second[2][:, :, k]
        unknown = (rhs.name, int(pointers[k])) if pointers is not None and isinstance(rhs, t.Symbol) else None
        target = 0.0 if unknown else float(second[0][k])
        result.append(Row(linear, quadratic, float(first[0][k]), target, left.centred, unknown, given))
    return result


@dataclass(frozen=True, slots=True)
class Polynomial:
    """Coefficients of a moment in the active rows, with labelled axes behind.

    `centred`: the quadratic part speaks of covariances.
    """

    axes: tuple
    constant: np.ndarray
    linear: np.ndarray
    quadratic: np.ndarray
    centred: bool = False

    @property
    def lengths(self) -> dict:
        return dict(zip(self.axes, self.constant.shape, strict=True))

    def spread(self, out: tuple, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All coefficients with the axes `out` behind, flattened to one."""
        d = self.linear.shape[0]
        constant = _flat(Labelled(self.constant, self.axes), out, shape)
        linear = arrange(Labelled(self.linear, ("k", *self.axes)), ("k", *out))
        quadratic = arrange(Labelled(self.quadratic, ("k", "m", *self.axes)), ("k", "m", *out))
        return (
            constant,
            np.broadcast_to(linear, (d, *shape)).reshape(d, -1),
            np.broadcast_to(quadratic, (d, d, *shape)).reshape(d, d, -1),
        )


def _fixed(rhs: t.Term, probe: Probe, active: np.ndarray) -> Polynomial | None:
    value = evaluate(rhs, probe.ctx, probe.free) if not names_of(rhs) & set(probe.rows) else None
    if value is None:
        return None
    shape = value.data.shape
    d = active.size
    return Polynomial(value.axes, np.asarray(value.data), np.zeros((d, *shape)), np.zeros((d, d, *shape)))


def names_of(term: t.Term) -> set[str]:
    return {s.name for s in t.walk(term) if isinstance(s, t.Symbol)}


def _polynomials(side: t.Term, probe: Probe, active: np.ndarray, size: int) -> Polynomial | None:
    """One expectation of degree two at most, or the covariance of two of degree one."""
    match side:
        case t.Expectation(arg, ()) if not has_expectation(arg):
            return probe.polynomial(arg, active, size)
        case t.Variance(arg, ()) if not has_expectation(arg):
            left = right = arg
        case t.Covariance(left, right, ()) if not (has_expectation(left) or has_expectation(right)):
            pass
        case t.Mul(args):
            return _multiple(args, probe, active, size)
        case t.Add(args):
            return _total([_polynomials(a, probe, active, size) for a in args])
        case _:
            return None
    a, b = probe.polynomial(left, active, size), probe.polynomial(right, active, size)
    if a is None or b is None or np.any(a.quadratic) or np.any(b.quadratic):
        return None
    first = Labelled(a.linear, ("k", *a.axes))
    second = Labelled(b.linear, ("m", *(COLUMN if x == ROW else x for x in b.axes)))
    axes = ordered(x for x in (*first.axes, *second.axes) if x not in ("k", "m"))
    outer = arrange(first, ("k", "m", *axes)) * arrange(second, ("k", "m", *axes))
    quadratic = (outer + np.swapaxes(outer, 0, 1)) / 2
    return Polynomial(axes, np.zeros(outer.shape[2:]), np.zeros((active.size, *outer.shape[2:])), quadratic, True)


def _multiple(args: tuple[t.Term, ...], probe: Probe, active: np.ndarray, size: int) -> Polynomial | None:
    """A moment times scalars that are fixed."""
    moments = [a for a in args if has_expectation(a)]
    rest = [a for a in args if not has_expectation(a)]
    if len(moments) != 1 or any(a.shape != t.SCALAR or names_of(a) & set(probe.rows) for a in rest):
        return None
    inner = _polynomials(moments[0], probe, active, size)
    if inner is None:
        return None
    factor = contract([evaluate(a, probe.ctx, probe.free) for a in rest])
    parts = [
        contract([factor, Labelled(data, (*front, *inner.axes))])
        for data, front in ((inner.constant, ()), (inner.linear, ("k",)), (inner.quadratic, ("k", "m")))
    ]
    axes = tuple(a for a in parts[0].axes)
    arrays = [arrange(p, (*front, *axes)) for p, front in zip(parts, ((), ("k",), ("k", "m")), strict=True)]
    return Polynomial(axes, *arrays, inner.centred)


def _total(parts: list[Polynomial | None]) -> Polynomial | None:
    known = [p for p in parts if p is not None]
    if len(known) < len(parts) or len({p.centred for p in known}) > 1:
        return None
    out = ordered(a for p in known for a in p.axes)
    lengths = {a: n for p in known for a, n in p.lengths.items()}
    shape = tuple(lengths[a] for a in out)
    spread = [p.spread(out, shape) for p in known]
    d = known[0].linear.shape[0]
    constant, linear, quadratic = (sum(s[k] for s in spread) for k in range(3))
    return Polynomial(
        out, constant.reshape(shape), linear.reshape(d, *shape), quadratic.reshape(d, d, *shape), known[0].centred
    )


def _flat(value: Labelled, out: tuple, shape: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(arrange(value, out), shape).ravel()


def _kept(out: tuple, given: f.Equation, probe: Probe, shape: tuple[int, ...]) -> np.ndarray:
    """False where indices coincide that the given says differ."""
    mask = distinct_mask(given.distinct, probe.ctx, probe.free)
    return (
        np.broadcast_to(arrange(mask, out), shape).ravel()
        if set(mask.axes) <= set(out)
        else np.ones(int(np.prod(shape, dtype=int)), bool)
    )


def distinct_mask(pairs, ctx: Context, free: dict[str, Axis]) -> Labelled:
    """True where all the pairs of indices differ."""
    mask = Labelled(np.ones((), dtype=bool))
    for i, j in pairs:
        axes, (m, a, b) = align(mask, number_of(resolve(i, ctx, free)), number_of(resolve(j, ctx, free)))
        mask = Labelled(m & (a != b), axes)
    return mask


def _pointer(rhs: t.Term, probe: Probe, loose: set[str]) -> Labelled | None:
    """Positions in the constant's numbers, where the right side is a constant that may be moved."""
    if not isinstance(rhs, t.Symbol) or rhs.name not in loose:
        return None
    stored = probe.ctx.symbols[rhs.name]
    numbers = Labelled(
        np.arange(stored.value.data.size, dtype=float).reshape(stored.value.data.shape), stored.value.axes
    )
    ctx = replace_symbols(probe.ctx, {**probe.ctx.symbols, rhs.name: replace(stored, value=numbers)})
    return evaluate(rhs, ctx, probe.free)


# ---------------------------------------------------------------------------------------------
# Solving


@dataclass(slots=True)
class Moments:
    """Means and covariances of all rows of the table, and constants that were moved."""

    mean: np.ndarray
    covariance: np.ndarray
    constants: dict[tuple[str, int], float] = field(default_factory=dict)


def solve_means(
    rows: list[Row], start: np.ndarray, equal: list[tuple[int, int]], constants: dict[tuple[str, int], float]
) -> Moments:
    """The means nearest to `start` that satisfy the linear rows."""
    unknown = list(dict.fromkeys(r.unknown for r in rows if r.unknown))
    n = start.size
    a = np.zeros((len(rows) + len(equal), n + len(unknown)))
    b = np.zeros(len(a))
    for k, row in enumerate(rows):
        a[k, :n] = row.linear
        b[k] = row.target - row.constant
        if row.unknown:
            a[k, n + unknown.index(row.unknown)] = -1.0
    for k, (i, j) in enumerate(equal, start=len(rows)):
        a[k, i], a[k, j] = 1.0, -1.0
    x = np.concatenate([start, [constants[u] for u in unknown]])
    if len(a):
        ease = np.array([1.0] * n + [0.05] * len(unknown))  # means follow constants: an average of them would be small
        x = x + ease * np.linalg.lstsq(a * ease, b - a @ x, rcond=None)[0]
        _check(a @ x - b, rows)
    return Moments(x[:n], np.zeros((n, n)), dict(zip(unknown, x[n:], strict=True)))


def _check(residual: np.ndarray, rows: list[Row]) -> None:
    bad = np.flatnonzero(np.abs(residual) > 1e-7)
    if bad.size:
        given = rows[bad[0]].given if bad[0] < len(rows) else None
        raise Abstain(f"no distribution was found that satisfies {quoted(given.source) if given else 'the givens'}")


def solve_covariances(
    rows: list[Row], mean: np.ndarray, start: np.ndarray, blocks: list[np.ndarray],
    equal: list[tuple[tuple[int, int], tuple[int, int]]], constants: dict[tuple[str, int], float],
) -> Moments:  # fmt: skip
    """Covariances within the blocks, near `start`, positive semidefinite, that satisfy the rows."""
    position: dict[tuple[int, int], int] = {}
    for block in blocks:
        for i in block:
            for j in block[block <= i]:
                position[int(i), int(j)] = len(position)
    unknown = list(dict.fromkeys(r.unknown for r in rows if r.unknown))
    n = len(position)
    a = np.zeros((len(rows) + len(equal), n + len(unknown)))
    b = np.zeros(len(a))
    for k, row in enumerate(rows):
        for i, j in np.argwhere(row.quadratic):
            if (i, j) in position:
                a[k, position[i, j]] += row.quadratic[i, j] * (1.0 if i == j else 2.0)
        b[k] = row.target - row.constant
        if not row.centred:
            b[k] -= row.linear @ mean + mean @ row.quadratic @ mean
        if row.unknown:
            a[k, n + unknown.index(row.unknown)] = -1.0
    for k, (left, right) in enumerate(equal, start=len(rows)):
        for (i, j), sign in ((left, 1.0), (right, -1.0)):
            key = (max(i, j), min(i, j))
            if key in position:
                a[k, position[key]] += sign
            else:  # of a law that is declared: it stays as it is
                b[k] -= sign * start[key]
    x = np.array([start[key] for key in position] + [constants[u] for u in unknown])
    x = _alternate(a, b, x, position, blocks, start.shape[0], rows)
    return Moments(mean, _filled(x, position, start.shape[0]), dict(zip(unknown, x[n:], strict=True)))


def _filled(x: np.ndarray, position: dict[tuple[int, int], int], size: int) -> np.ndarray:
    covariance = np.zeros((size, size))
    for (i, j), k in position.items():
        covariance[i, j] = covariance[j, i] = x[k]
    return covariance


def _alternate(
    a: np.ndarray, b: np.ndarray, x: np.ndarray, position: dict, blocks: list, size: int, rows: list[Row]
) -> np.ndarray:
    if not len(a):
        return x
    inverse = np.linalg.pinv(a, rcond=1e-10)
    for floor in (0.05, 0.0):
        y = x
        for _ in range(150):
            y = y + inverse @ (b - a @ y)
            covariance = _filled(y, position, size)
            clipped, worst = _clip(covariance, blocks, floor)
            if worst > -1e-9:
                _check(a @ y - b, rows)
                return y
            y = y.copy()
            for (i, j), k in position.items():
                y[k] = clipped[i, j]
    raise Abstain("no covariance matrix was found that satisfies the given moments")


def _clip(covariance: np.ndarray, blocks: list[np.ndarray], floor: float) -> tuple[np.ndarray, float]:
    """The nearest matrix with eigenvalues of some size in each block, and how far the worst one was off."""
    result = covariance.copy()
    worst = np.inf
    for block in blocks:
        values, vectors = np.linalg.eigh(covariance[np.ix_(block, block)])
        least = floor * max(float(np.mean(np.abs(values))), 1e-3)
        worst = min(worst, float(np.min(values)) - 0.5 * least)
        result[np.ix_(block, block)] = (vectors * np.maximum(values, least)) @ vectors.T
    return result, worst
