"""Labelled arrays: NumPy arrays whose axes have names, so that index notation evaluates by itself.

A value has at most one leading axis `SAMPLE` (one entry per draw) or `GROUP` (one entry per batch of draws, which is
what an expectation leaves behind), one axis per index that is still free, and `ROW` / `COLUMN` for what is not scalar.
An axis that is absent does not matter: the value is the same all along it.  Multiplying is contraction (einsum).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from derive.language.facts import Source

SAMPLE, GROUP, ROW, COLUMN = "s", "g", "r", "c"
_RANK = {SAMPLE: 0, GROUP: 0, ROW: 2, COLUMN: 3}


class Abstain(Exception):
    """The simulation cannot say anything about this claim; the text says why."""


def quoted(source: Source) -> str:
    """A given in one line, as the reader understood it."""
    return " ".join((source.reading or source.latex).split())


@dataclass(frozen=True, slots=True)
class Axis:
    """An index that runs over `lower, …, upper`."""

    name: str
    lower: int
    upper: int

    @property
    def size(self) -> int:
        return max(self.upper - self.lower + 1, 0)

    @property
    def values(self) -> np.ndarray:
        return np.arange(self.lower, self.upper + 1)


Label = Any  # SAMPLE, GROUP, ROW, COLUMN, an Axis, or a name that lives inside one function


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """`data` with one label per axis."""

    data: np.ndarray
    axes: tuple[Label, ...] = ()

    def has(self, label: Label) -> bool:
        return label in self.axes

    def size(self, label: Label) -> int:
        return self.data.shape[self.axes.index(label)]

    def rename(self, names: dict[Label, Label]) -> Labelled:
        return Labelled(self.data, tuple(names.get(a, a) for a in self.axes))


def scalar(value: float) -> Labelled:
    return Labelled(np.asarray(value, dtype=float))


def ordered(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Distinct labels: draws first, then indices in the order of appearance, then rows and columns.

    >>> ordered(["r", Axis("i", 1, 2), "s", "r"])
    ('s', Axis(name='i', lower=1, upper=2), 'r')
    """
    return tuple(sorted(dict.fromkeys(labels), key=lambda a: _RANK.get(a, 1) if isinstance(a, str) else 1))


def spread(value: Labelled, samples: int) -> Labelled:
    """Turn a `GROUP` axis into a `SAMPLE` axis by giving every draw the value of its group."""
    axis = value.axes.index(GROUP)
    times = samples // value.data.shape[axis]
    return Labelled(np.repeat(value.data, times, axis=axis), value.axes).rename({GROUP: SAMPLE})


def match_samples(values: Sequence[Labelled]) -> list[Labelled]:
    """Bring groups to draws where both occur."""
    samples = next((v.size(SAMPLE) for v in values if v.has(SAMPLE)), None)
    if samples is None:
        return list(values)
    return [spread(v, samples) if v.has(GROUP) else v for v in values]


def arrange(value: Labelled, axes: Sequence[Label]) -> np.ndarray:
    """The data with exactly these axes, of length 1 where the value has none."""
    present = [a for a in axes if a in value.axes]
    data = value.data.transpose([value.axes.index(a) for a in present]) if value.axes else value.data
    if len(present) == len(axes):
        return data
    return data[tuple(slice(None) if a in value.axes else None for a in axes)]


def align(*values: Labelled) -> tuple[tuple[Label, ...], list[np.ndarray]]:
    """Common axes and the arrays that broadcast against each other along them."""
    matched = match_samples(values)
    axes = ordered(a for v in matched for a in v.axes)
    return axes, [arrange(v, axes) for v in matched]


def entrywise(function: Any, *values: Labelled) -> Labelled:
    """Apply a NumPy function of as many arguments to each component."""
    axes, arrays = align(*values)
    return Labelled(function(*arrays), axes)


def add(values: Sequence[Labelled]) -> Labelled:
    total = values[0]
    for value in values[1:]:
        total = entrywise(np.add, total, value)
    return total


def scaled(value: Labelled, factor: float) -> Labelled:
    return Labelled(value.data * factor, value.axes)


# ---------------------------------------------------------------------------------------------
# Products


def contract(values: Sequence[Labelled], summed: Sequence[Label] = ()) -> Labelled:
    """Product of all values, summed over the labels `summed`; every other label stays.

    >>> x = Labelled(np.array([[1.0, 2.0], [3.0, 4.0]]), (SAMPLE, ROW))
    >>> contract([x, x], [ROW]).data
    array([ 5., 25.])
    """
    matched = match_samples(values)
    here = {a for v in matched for a in v.axes}
    missing = [a for a in summed if a not in here]
    gone = {a for a in summed if a in here}
    plain = [v for v in matched if not v.axes]
    rest = [v for v in matched if v.axes]
    factor = float(np.prod([v.data for v in plain])) if all(np.isrealobj(v.data) for v in plain) else 1.0
    for axis in missing:
        factor *= axis.size
    if not rest:
        return scalar(factor)
    result = _contract(rest, gone)
    return result if factor == 1.0 else scaled(result, factor)


def _contract(values: list[Labelled], gone: set[Label]) -> Labelled:
    if len(values) == 1:
        value = values[0]
        if not gone:
            return value
        keep = tuple(a for a in value.axes if a not in gone)
        return Labelled(value.data.sum(axis=tuple(i for i, a in enumerate(value.axes) if a in gone)), keep)
    axes = ordered(a for v in values for a in v.axes)
    if not gone:
        product = arrange(values[0], axes)
        for value in values[1:]:
            product = product * arrange(value, axes)
        return Labelled(product, axes)
    out = tuple(a for a in axes if a not in gone)
    values = _fixed_first(values, gone, out)
    if len(values) == 1:
        return _contract(values, gone & set(values[0].axes))
    if len(values) == 2:
        fast = _weighted_sum(values, gone, out)
        if fast is not None:
            return fast
    letters = {a: chr(ord("a") + k) for k, a in enumerate(axes)}
    if len(letters) > 26:
        raise Abstain("too many indices at once")
    operands = [("".join(letters[a] for a in v.axes), v.data) for v in values]
    return Labelled(_by_pairs(operands, "".join(letters[a] for a in out)), out)


def _by_pairs(operands: list[tuple[str, np.ndarray]], out: str) -> np.ndarray:
    """einsum two at a time, in a good order.  NumPy's own would turn each pair into many tiny matrix products."""
    while len(operands) > 2:
        first, second = _path(",".join(o[0] for o in operands) + "->" + out, tuple(o[1].shape for o in operands))
        pair = [operands[first], operands[second]]
        operands = [o for k, o in enumerate(operands) if k not in (first, second)]
        needed = set(out).union(*(o[0] for o in operands))
        kept = "".join(dict.fromkeys(a for o in pair for a in o[0] if a in needed))
        operands.append((kept, _einsum(pair, kept)))
    return _einsum(operands, out)


def _einsum(operands: list[tuple[str, np.ndarray]], out: str) -> np.ndarray:
    return np.einsum(",".join(o[0] for o in operands) + "->" + out, *(o[1] for o in operands))


def _fixed_first(values: list[Labelled], gone: set[Label], out: tuple[Label, ...]) -> list[Labelled]:
    """Multiply out what is the same on all draws, which costs next to nothing."""
    drawn = [v for v in values if v.has(SAMPLE)]
    fixed = [v for v in values if not v.has(SAMPLE)]
    if not drawn or len(fixed) < 2:
        return values
    needed = {a for v in drawn for a in v.axes} | set(out)
    here = {a for v in fixed for a in v.axes}
    return [*drawn, _contract(fixed, {a for a in gone & here if a not in needed})]


def _weighted_sum(values: list[Labelled], gone: set[Label], out: tuple[Label, ...]) -> Labelled | None:
    """Draws of a vector against one fixed vector, spelled as einsum does it fastest."""
    drawn, fixed = values if values[0].has(SAMPLE) else (values[1], values[0])
    if fixed.has(SAMPLE) or len(fixed.axes) != 1 or set(fixed.axes) != gone or len(drawn.axes) != 2 or out != (SAMPLE,):
        return None
    return Labelled(np.einsum("si,i->s", arrange(drawn, (SAMPLE, fixed.axes[0])), fixed.data), out)


@lru_cache(maxsize=512)
def _path(spec: str, shapes: tuple[tuple[int, ...], ...]) -> tuple[int, int]:
    """The two operands to be contracted first."""
    dummies = [np.broadcast_to(np.zeros(()), shape) for shape in shapes]
    first = np.einsum_path(spec, *dummies, optimize="greedy")[0][1]
    return (first[0], first[1]) if len(first) == 2 else (0, 1)


def matrix_product(
    factors: Sequence[Labelled], extra: Sequence[Labelled] = (), summed: Sequence[Label] = ()
) -> Labelled:
    """Product in order: scalars anywhere, the others chained row to column; `extra` scalars, sums over `summed`."""
    operands: list[Labelled] = []
    inner: list[Label] = []
    first_row: Label = None
    last_column: Label = None
    chain = 0
    for factor in factors:
        if not (factor.has(ROW) or factor.has(COLUMN)):
            operands.append(factor)
            continue
        row, column = f"m{chain}", f"m{chain + 1}"
        if factor.has(ROW):
            if last_column == row:
                inner.append(row)
            elif first_row is None:
                first_row = row
        operands.append(factor.rename({ROW: row, COLUMN: column}))
        last_column = column if factor.has(COLUMN) else None
        chain += 1
    result = contract([*operands, *extra], [*inner, *summed])
    return result.rename({first_row: ROW, last_column: COLUMN})


# ---------------------------------------------------------------------------------------------
# Picking components


def pick(value: Labelled, label: Label, lower: int, index: int | tuple[Axis, int]) -> Labelled:
    """Put an index in the place of the axis `label`, whose first entry has the number `lower`.

    `index` is a number, or an axis and an offset: `(i, 1)` is i+1.  An axis that the value has already gives the
    diagonal, as in `A_{ii}`.
    """
    place = value.axes.index(label)
    size = value.data.shape[place]
    if isinstance(index, int):
        if not 0 <= index - lower < size:
            raise Abstain(f"the index {index} is outside {lower}..{lower + size - 1}")
        data = value.data[(slice(None),) * place + (index - lower,)]
        return Labelled(data, value.axes[:place] + value.axes[place + 1 :])
    axis, offset = index
    start, stop = axis.lower + offset - lower, axis.upper + offset - lower + 1
    if start < 0 or stop > size:
        raise Abstain(f"the index {axis.name} runs outside {lower}..{lower + size - 1}")
    data = value.data[(slice(None),) * place + (slice(start, stop),)]
    if axis not in value.axes:
        return Labelled(data, (*value.axes[:place], axis, *value.axes[place + 1 :]))
    other = value.axes.index(axis)
    rest = tuple(a for k, a in enumerate(value.axes) if k not in (place, other))
    return Labelled(np.diagonal(data, axis1=other, axis2=place), (*rest, axis))


def mean_in_groups(value: Labelled, groups: int) -> Labelled:
    """Average over the draws of each group; a value without draws is its own mean."""
    if not value.has(SAMPLE):
        return value
    data = np.moveaxis(value.data, value.axes.index(SAMPLE), 0)
    rest = tuple(a for a in value.axes if a != SAMPLE)
    split = data.reshape(groups, data.shape[0] // groups, *data.shape[1:])
    return Labelled(split.mean(axis=1), (GROUP, *rest))


def over_groups(value: Labelled) -> Labelled:
    """Average over the groups, as one group."""
    if not value.has(GROUP):
        return value
    place = value.axes.index(GROUP)
    return Labelled(value.data.mean(axis=place, keepdims=True), value.axes)


def as_matrices(value: Labelled, square: bool = True) -> tuple[np.ndarray, tuple[Label, ...]]:
    """The data with rows and columns last (length 1 where absent), and the labels in front of them."""
    front = ordered(a for a in value.axes if a not in (ROW, COLUMN))
    return arrange(value, (*front, ROW, COLUMN)), front
