"""Numbers for the constants: random, fixed by the seed, and satisfying what is given about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.arrays import COLUMN, ROW, SAMPLE, Abstain, Axis, Labelled, align
from derive.witnesses.sim_context import RELATIONS, Context, Stored, dimension
from derive.witnesses.sim_evaluate import evaluate

Condition = tuple[t.Term, str, t.Term]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a symbol is stored: first members and sizes of its family indices, and rows and columns that are not 1."""

    lowers: tuple[int, ...]
    families: tuple[int, ...]
    shape: tuple[int, ...]
    labels: tuple[str, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.families + self.shape

    def stored(self, data: np.ndarray, sampled: bool = False) -> Stored:
        """`data` has the families first, then rows and columns; draws, when there are any, in front."""
        axes = (*(f"f{k}" for k in range(len(self.families))), *self.labels)
        return Stored(Labelled(data, (SAMPLE, *axes) if sampled else axes), self.lowers)


def layout(info: f.SymbolInfo, sizes: tuple[tuple[int, int], ...], dims: dict[str, int]) -> Layout:
    parts = [(label, dimension(dim, dims)) for label, dim in zip((ROW, COLUMN), info.shape, strict=True) if dim != 1]
    return Layout(
        tuple(s[0] for s in sizes), tuple(s[1] for s in sizes), tuple(n for _, n in parts), tuple(a for a, _ in parts)
    )


# ---------------------------------------------------------------------------------------------
# What the distributions ask of their parameters

_SCALAR_DEMANDS: dict[str, tuple[tuple[int, str, int], ...]] = {
    "Bernoulli": ((0, ">", 0), (0, "<", 1)),
    "Binomial": ((1, ">", 0), (1, "<", 1), (0, ">", 0)),
    "Exponential": ((0, ">", 0),),
    "Poisson": ((0, ">", 0),),
    "Gamma": ((0, ">", 0), (1, ">", 0)),
    "Beta": ((0, ">", 0), (1, ">", 0)),
    "Laplace": ((1, ">", 0),),
    "Normal": ((1, ">", 0),),
    "Moments": ((1, ">", 0),),
}


def demands(given: f.Distributed) -> list[Condition]:
    """Relations between the parameters without which the distribution does not exist."""
    found: list[Condition] = []
    for position, relation, bound in _SCALAR_DEMANDS.get(given.family, ()):
        if position < len(given.parameters):
            parameter = given.parameters[position]
            if parameter.shape == t.SCALAR:
                found.append((parameter, relation, t.number(bound)))
    if given.family == "Uniform" and len(given.parameters) == 2:
        found.append((given.parameters[0], "<", given.parameters[1]))
    return found


def tags(facts: f.Facts, terms: Iterable[t.Term]) -> dict[str, set[str]]:
    """What the use of each constant suggests: 'positive', 'unit', 'natural', 'simplex', or a property of a matrix."""
    found: dict[str, set[str]] = {}

    def mark(term: t.Term, tag: str) -> None:
        for node in t.walk(term):
            if isinstance(node, t.Symbol):
                found.setdefault(node.name, set()).add(tag)

    for given in facts.givens:
        match given:
            case f.Property(t.Symbol(name), word):
                found.setdefault(name, set()).add(word)
            case f.Distributed(_, family, parameters):
                _mark_parameters(family, parameters, mark)
            case f.Comparison(left, ">", t.Number(value)) if value >= 0:
                mark(left, "positive")
            case f.Comparison(t.Number(value), "<", right) if value >= 0:
                mark(right, "positive")
            case f.Equation(t.Variance(), t.Symbol(name), "moment") | f.Equation(
                t.Covariance(), t.Symbol(name), "moment"
            ):
                if given.lhs.shape != t.SCALAR and isinstance(given.lhs, t.Variance):
                    found.setdefault(name, set()).add("positive definite")
                elif isinstance(given.lhs, t.Variance):
                    found.setdefault(name, set()).add("positive")
    for node in (n for term in terms for n in t.walk(term)):
        if isinstance(node, t.Pow) and isinstance(node.exponent, t.Number) and node.exponent.value.denominator > 1:
            mark(node.base, "positive")
        if isinstance(node, t.Function) and node.name in ("log", "ln", "sqrt"):
            mark(node.args[0], "positive")
    return found


def _mark_parameters(family: str, parameters: tuple[t.Term, ...], mark) -> None:
    if family in ("Bernoulli", "Binomial"):
        mark(parameters[-1], "unit")
    if family == "Finite":
        for parameter in parameters[len(parameters) // 2 :]:
            mark(parameter, "unit")
    if family in ("Binomial", "Multinomial"):
        mark(parameters[0], "natural")
    if family in ("Categorical", "Multinomial"):
        mark(parameters[-1], "simplex")
    if family in ("Exponential", "Poisson", "Gamma", "Beta"):
        for parameter in parameters:
            mark(parameter, "positive")
    if family in ("Normal", "Moments", "Laplace", "MatrixNormal"):
        for parameter in parameters[1:]:
            mark(parameter, "positive definite")
            mark(parameter, "positive")


# ---------------------------------------------------------------------------------------------
# Draws


def draw_constant(
    info: f.SymbolInfo, place: Layout, words: set[str], scale: float, rng: np.random.Generator
) -> np.ndarray:
    """Random numbers of the layout's sizes, with the properties in `words`."""
    if len(place.shape) == 2:
        members = [_matrix(place.shape, words, rng) for _ in range(int(np.prod(place.families, dtype=int)))]
        return np.reshape(members, place.sizes)
    size = place.sizes
    if "natural" in words or info.support == "natural":
        return rng.integers(2, 5, size).astype(float)
    if info.support == "integer":
        return rng.integers(1, 4, size) * rng.choice([-1.0, 1.0], size)
    if info.support == "sign":
        return rng.choice([-1.0, 1.0], size)
    if info.support == "binary":
        return rng.integers(0, 2, size).astype(float)
    if "simplex" in words:
        raw = rng.uniform(0.5, 1.5, size)
        return raw / raw.sum(axis=-1, keepdims=True) if size else rng.uniform(0.2, 0.8, size)
    if "unit" in words or info.support == "unit":
        return rng.uniform(0.2, 0.8, size)
    magnitude = rng.uniform(0.45, 1.35, size) * scale
    if words & {"positive", "positive definite"} or info.support == "positive":
        return magnitude
    return magnitude * rng.choice([-1.0, 1.0], size)


def _matrix(shape: tuple[int, ...], words: set[str], rng: np.random.Generator) -> np.ndarray:
    a = rng.uniform(0.3, 1.2, shape) * rng.choice([-1.0, 1.0], shape)
    n, m = shape
    if "orthogonal" in words:
        return (
            np.linalg.qr(rng.standard_normal((max(n, m), min(n, m))))[0].reshape(n, m)
            if n >= m
            else np.linalg.qr(a.T)[0].T
        )
    if n != m:
        return a
    if words & {"diagonal"}:
        values = rng.uniform(0.5, 1.5, n)
        signs = (
            1.0 if words & {"positive definite", "positive", "positive semidefinite"} else rng.choice([-1.0, 1.0], n)
        )
        return np.diag(values * signs)
    if words & {"positive definite", "positive semidefinite", "positive matrix"}:
        return a @ a.T / n + 0.4 * np.eye(n)
    if "idempotent" in words:
        basis = np.linalg.qr(a)[0][:, : max(1, n - 1)]
        if "symmetric" in words:
            return basis @ basis.T
        return np.linalg.inv(a + 3 * np.eye(n)) @ np.diag([1.0] * (n - 1) + [0.0]) @ (a + 3 * np.eye(n))
    if "symmetric" in words:
        a = (a + a.T) / 2
    if "antisymmetric" in words:
        return (a - a.T) / 2
    return a + 2.5 * np.eye(n) if "invertible" in words else a


def satisfied(condition: Condition, ctx: Context, free: dict[str, Axis]) -> bool | None:
    """Whether the condition holds for all values of its indices; None when it is not about constants."""
    left, relation, right = condition
    test = RELATIONS.get(relation)
    if test is None:
        return None
    try:
        a, b = evaluate(left, ctx, free), evaluate(right, ctx, free)
    except Abstain:
        return None
    _, (x, y) = align(a, b)
    if relation in ("\\neq", "\\ne"):
        return bool(np.all(np.abs(x - y) > 1e-6))
    return bool(np.all(test(x, y)))


# ---------------------------------------------------------------------------------------------
# Equations between constants


def solve(
    equations: list[tuple[t.Term, t.Term]],
    ctx: Context,
    movable: dict[str, Layout],
    free: dict[str, Axis],
    masks: list[Labelled] | None = None,
) -> bool:
    """Move the constants by Gauss–Newton steps of least length until all equations hold; true when they do.

    The slopes are differences: each constant's number is shifted in a draw of its own, all draws at once.
    """
    names = list(movable)
    current = {n: ctx.symbols[n].value.data.astype(float) for n in names}

    def residuals(points: np.ndarray) -> np.ndarray:
        symbols = dict(ctx.symbols)
        start = 0
        for n in names:
            size = current[n].size
            block = points[:, start : start + size].reshape(len(points), *current[n].shape)
            symbols[n] = movable[n].stored(block, sampled=True)
            start += size
        inner = Context(ctx.dims, symbols, ctx.unknown)
        return np.concatenate([_difference(lhs, rhs, inner, free, len(points)) for lhs, rhs in equations], axis=1)

    x = np.concatenate([current[n].ravel() for n in names]) if names else np.zeros(0)
    step = 1e-6
    for _ in range(60):
        points = np.vstack([x, x + step * np.eye(x.size), x - step * np.eye(x.size)])
        values = residuals(points)
        if not np.all(np.isfinite(values)):
            return False
        if np.max(np.abs(values[0]), initial=0.0) < 1e-11:
            break
        slopes = (values[1 : x.size + 1] - values[x.size + 1 :]) / (2 * step)
        move = np.linalg.lstsq(slopes.T, -values[0], rcond=1e-7)[0]
        x = x + move * min(1.0, 2.0 / (1e-12 + float(np.linalg.norm(move))))
    else:
        if np.max(np.abs(residuals(x[None])), initial=0.0) > 1e-10:
            return False
    start = 0
    for n in names:
        size = current[n].size
        ctx.symbols[n] = movable[n].stored(x[start : start + size].reshape(current[n].shape))
        start += size
    return True


def _difference(lhs: t.Term, rhs: t.Term, ctx: Context, free: dict[str, Axis], points: int) -> np.ndarray:
    axes, (a, b) = align(evaluate(lhs, ctx, free), evaluate(rhs, ctx, free))
    data = a - b
    if SAMPLE in axes:
        return np.moveaxis(data, axes.index(SAMPLE), 0).reshape(points, -1)
    return np.broadcast_to(data.reshape(1, -1), (points, data.size))


def property_equations(given: f.Property) -> list[tuple[t.Term, t.Term]]:
    """A property as equations, for the properties that are some."""
    a = given.term
    identity = t.Identity(a.shape[1])
    match given.name:
        case "symmetric":
            return [(a, t.Transpose(a))]
        case "antisymmetric":
            return [(a, t.Mul((t.number(-1), t.Transpose(a))))]
        case "orthogonal":
            return [(t.Mul((t.Transpose(a), a)), identity)]
        case "idempotent":
            return [(t.Mul((a, a)), a)]
        case "diagonal":
            return [(a, t.Diagonal(a))]
        case "positive definite" | "positive semidefinite":
            return [(a, t.Transpose(a))]
    return []
