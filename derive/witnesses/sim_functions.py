"""Functions: the elementary ones by NumPy, the unknown ones as fixed smooth bounded sums of sines."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from derive.language import terms as t
from derive.witnesses.arrays import (
    COLUMN,
    ROW,
    Abstain,
    Label,
    Labelled,
    add,
    as_matrices,
    contract,
    entrywise,
    pick,
    scaled,
)


def _gamma_at(x: float) -> float:
    try:
        return math.gamma(x)
    except (ValueError, OverflowError):  # at its poles, and beyond the floats
        return math.nan


_gamma = np.vectorize(_gamma_at, otypes=[float])


def _binomial(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    return np.round(_gamma(n + 1.0) / (_gamma(k + 1.0) * _gamma(n - k + 1.0)))


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))


KNOWN: dict[str, Callable[..., Any]] = {
    "log": np.log, "ln": np.log, "exp": np.exp, "sin": np.sin, "cos": np.cos, "tan": np.tan, "tanh": np.tanh,
    "sinh": np.sinh, "cosh": np.cosh, "arctan": np.arctan, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign,
    "sgn": np.sign, "max": np.maximum, "min": np.minimum, "floor": np.floor, "ceil": np.ceil, "gamma": _gamma,
    "binom": _binomial, "factorial": lambda x: _gamma(x + 1.0), "sigmoid": _sigmoid,
    "relu": lambda x: np.maximum(x, 0.0),
}  # fmt: skip
NORMS = ("norm", "norm2", "normF")
KNOWN |= dict.fromkeys((*NORMS, "vec", "rank"), np.abs)  # of all components together: see `apply_known`


def apply_known(name: str, args: list[Labelled]) -> Labelled:
    """An elementary function of its arguments, component by component; norms take all components together."""
    if name in NORMS:
        square = contract([args[0], args[0]], [a for a in (ROW, COLUMN) if args[0].has(a)])
        return Labelled(np.sqrt(square.data), square.axes)
    if name == "vec":
        return _stacked(args[0])
    if name == "rank":
        matrices, front = as_matrices(args[0])
        return Labelled(np.linalg.matrix_rank(matrices).astype(float), front)
    if name in ("max", "min"):
        result = args[0]
        for arg in args[1:]:
            result = entrywise(KNOWN[name], result, arg)
        return result
    with np.errstate(all="ignore"):
        return entrywise(KNOWN[name], *args)


def _stacked(value: Labelled) -> Labelled:
    """The columns on top of each other."""
    matrices, front = as_matrices(value)
    columns = np.swapaxes(matrices, -1, -2)
    return Labelled(columns.reshape(*columns.shape[:-2], -1), (*front, ROW))


def directional_name(name: str) -> str:
    """Name of the derivative of an unknown function along one more direction.

    >>> directional_name("f"), directional_name(directional_name("f"))
    ('∂1 f', '∂2 f')
    """
    base, count = directions_of(name)
    return f"∂{count + 1} {base}"


def directions_of(name: str) -> tuple[str, int]:
    """The function itself, and along how many directions it was differentiated."""
    if not name.startswith("∂"):
        return name, 0
    count, base = name[1:].split(" ", 1)
    return base, int(count)


class Unknown:
    """Functions of which nothing is known: for each name a fixed one, `level + Σ_k a_k sin(b_k · x + φ_k)`.

    `families` gives for each function with indices the lower ends and sizes of their ranges; `declared` the names
    that the facts call functions, so that a user's own `max` is not NumPy's.
    """

    WAVES = 3

    def __init__(
        self, seed: int, families: dict[str, tuple[tuple[int, int], ...]], declared: frozenset[str] = frozenset()
    ):
        self.seed, self.families, self.declared = seed, families, declared

    def apply(
        self, term: t.Function, args: list[Labelled], indices: tuple[Any, ...], shape: tuple[int, int]
    ) -> Labelled:
        """The value for arguments that carry their own labels.  `indices` are resolved family indices."""
        name, along = directions_of(term.name)
        count = len(args) // (along + 1)
        if term.order and count != 1:
            raise Abstain(f"the derivative of {name} is not simulated")
        lead, family = self._family(name, len(indices))
        out = () if term.entrywise else tuple(a for a, n in ((ROW, term.shape[0]), (COLUMN, term.shape[1])) if n != 1)
        sizes = () if term.entrywise else tuple(n for n, d in zip(shape, term.shape, strict=True) if d != 1)
        inner = [self._inner(arg, k % count, term.entrywise) for k, arg in enumerate(args)]
        draw = np.random.default_rng([self.seed, zlib.crc32(name.encode()), count])

        def parameter(low: float, high: float, extra: tuple[int, ...] = (), labels: tuple[Label, ...] = ()) -> Labelled:
            return self._chosen(draw.uniform(low, high, (*family, *sizes, *extra)), (*out, *labels), lead, indices)

        order = term.order + along
        total = scaled(parameter(-0.5, 0.5), 0.0 if order else 1.0)
        for _ in range(self.WAVES):
            phase = parameter(0.0, 2.0 * np.pi)
            amplitude = parameter(0.3, 1.0)
            weights = [parameter(0.4, 1.3, counts, labels) for _, labels, counts in inner[:count]]
            slopes = [_inner_product(weights, inner[k : k + count]) for k in range(0, len(inner), count)]
            phase = entrywise(np.add, phase, slopes[0])
            wave = Labelled(np.sin(phase.data + order * np.pi / 2), phase.axes)
            total = entrywise(np.add, total, contract([amplitude, wave, *slopes[1:], *weights[:1] * term.order]))
        return total

    def _inner(
        self, arg: Labelled, position: int, entrywise_: bool
    ) -> tuple[Labelled, tuple[Label, ...], tuple[int, ...]]:
        """The argument with its rows and columns renamed, so that they are summed against weights."""
        if entrywise_:
            return arg, (), ()
        names = {a: f"{a}{position}" for a in (ROW, COLUMN) if arg.has(a)}
        return arg.rename(names), tuple(names.values()), tuple(arg.size(a) for a in names)

    def _family(self, name: str, count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        ranges = self.families.get(name, ())
        if len(ranges) != count:
            raise Abstain(f"{name} stands with {count} indices, where {len(ranges)} are known")
        return tuple(r[0] for r in ranges), tuple(r[1] for r in ranges)

    def _chosen(
        self, data: np.ndarray, labels: tuple[Label, ...], lead: tuple[int, ...], indices: tuple[Any, ...]
    ) -> Labelled:
        value = Labelled(data, (*(f"f{k}" for k in range(len(lead))), *labels))
        for k, (lower, index) in enumerate(zip(lead, indices, strict=True)):
            value = pick(value, f"f{k}", lower, index)
        return value


def _inner_product(
    weights: list[Labelled], inner: list[tuple[Labelled, tuple[Label, ...], tuple[int, ...]]]
) -> Labelled:
    parts = [contract([w, value], labels) for w, (value, labels, _) in zip(weights, inner, strict=True)]
    return add(parts)
