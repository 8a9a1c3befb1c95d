"""Finite product spaces, and exact arithmetic on the random variables that live on them.

A random value is stored only over the axes (independent factors of the space) that it depends on, so a sum of
many independent terms costs no more than its largest term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from derive.witnesses import linear
from derive.witnesses.field import Field, TooLarge, Unmodelled

LIMIT = 20000  # outcomes of one value
SMALL = 128  # outcomes up to which sums are added up at once

Axes = tuple[int, ...]


class Rand:
    """A random scalar: its values over the product of its axes, the last axis running fastest."""

    __slots__ = ("axes", "values")

    def __init__(self, axes: Axes, values: list[Any]):
        self.axes = axes
        self.values = values


class Parts(Rand):
    """A sum of random scalars over different axes, kept apart while their common space would be large.

    It behaves as a `Rand`: `values` adds the parts up on the product of all axes, which may be too large.
    """

    __slots__ = ("_values", "parts", "space")

    def __init__(self, space: Space, parts: dict[Axes, list[Any]]):
        self.space = space
        self.parts = parts
        self.axes = tuple(sorted({a for axes in parts for a in axes}))
        self._values: list[Any] | None = None

    @property
    def values(self) -> list[Any]:  # type: ignore[override]
        if self._values is None:
            self.space.size(self.axes)
            lists = [self.space.over(Rand(axes, own), self.axes) for axes, own in self.parts.items()]
            self._values = [sum(row) for row in zip(*lists, strict=True)]
        return self._values


def parts_of(x: Rand) -> dict[Axes, list[Any]]:
    return x.parts if isinstance(x, Parts) else {x.axes: x.values}


Entry = Any  # a field element, or a `Rand`
Rows = list[list[Entry]]


class Space:
    """Independent axes, each with the probabilities of its atoms, and arithmetic over one field."""

    def __init__(self, field: Field):
        self.field = field
        self.axes: list[list[Any]] = []
        self._spread: dict[tuple[Axes, Axes], list[int]] = {}
        self._weights: dict[Axes, list[Any]] = {}

    def new_axis(self, weights: list[Any]) -> int:
        self.axes.append(weights)
        return len(self.axes) - 1

    def set_weights(self, axis: int, weights: list[Any]) -> None:
        if len(weights) != len(self.axes[axis]):
            self._spread.clear()
        self.axes[axis] = weights
        self._weights.clear()

    def size(self, axes: Axes) -> int:
        size = 1
        for axis in axes:
            size *= len(self.axes[axis])
        if size > LIMIT:
            raise TooLarge(f"{size} outcomes")
        return size

    def weights(self, axes: Axes) -> list[Any]:
        """Probabilities of the product of the axes."""
        if axes not in self._weights:
            field, products = self.field, [self.field.of(1)]
            for axis in axes:
                products = [field.reduced(a * b) for a in products for b in self.axes[axis]]
            self._weights[axes] = products
        return self._weights[axes]

    def spread(self, few: Axes, many: Axes) -> list[int]:
        """For each outcome of `many`, the number of the outcome of `few` that it lies over."""
        key = (few, many)
        if key not in self._spread:
            self.size(many)
            stride, strides = 1, {}
            for axis in reversed(few):
                strides[axis] = stride
                stride *= len(self.axes[axis])
            places = [0]
            for axis in many:
                step = strides.get(axis, 0)
                places = [k + step * v for k in places for v in range(len(self.axes[axis]))]
            self._spread[key] = places
        return self._spread[key]

    def over(self, x: Entry, axes: Axes) -> list[Any]:
        """The values of x at each outcome of `axes`, which hold all of its own."""
        if not isinstance(x, Rand):
            return [x] * self.size(axes)
        if x.axes == axes:
            return x.values
        values = x.values
        return [values[k] for k in self.spread(x.axes, axes)]

    def union(self, entries: list[Entry]) -> Axes:
        found: Axes = ()
        for x in entries:
            if isinstance(x, Rand) and x.axes != found:
                found = tuple(sorted({*found, *x.axes})) if found else x.axes
        return found

    # -- arithmetic ---------------------------------------------------------------------------

    def add(self, x: Entry, y: Entry) -> Entry:
        if not isinstance(x, Rand):
            if not isinstance(y, Rand):
                return x + y
            x, y = y, x
        if not isinstance(y, Rand):
            return self._shifted(x, y) if y else x
        if x.axes == y.axes and not isinstance(x, Parts) and not isinstance(y, Parts):
            return Rand(x.axes, [a + b for a, b in zip(x.values, y.values, strict=True)])
        return self.gathered([*parts_of(x).items(), *parts_of(y).items()])

    def _shifted(self, x: Rand, y: Any) -> Rand:
        if not isinstance(x, Parts):
            return Rand(x.axes, [a + y for a in x.values])
        (axes, values), *rest = x.parts.items()
        return Parts(self, {axes: [a + y for a in values], **dict(rest)})

    def gathered(self, items: list[tuple[Axes, list[Any]]]) -> Rand:
        """A sum of random scalars: one list of values when the common space is small, else parts."""
        axes = tuple(sorted({a for own, _ in items for a in own}))
        size = 1
        for axis in axes:
            size *= len(self.axes[axis])
        if size <= SMALL or size <= max(len(values) for _, values in items):
            lists = [values if own == axes else self.over(Rand(own, values), axes) for own, values in items]
            return Rand(axes, [sum(row) for row in zip(*lists, strict=True)])
        parts: dict[Axes, list[Any]] = {}
        for own, values in items:
            old = parts.get(own)
            parts[own] = values if old is None else [a + b for a, b in zip(old, values, strict=True)]
        return Parts(self, parts)

    def mul(self, x: Entry, y: Entry) -> Entry:
        p = self.field.modulus
        if not isinstance(x, Rand):
            if not isinstance(y, Rand):
                return x * y % p if p else x * y
            x, y = y, x
        if not isinstance(y, Rand):
            return self._multiple(x, y) if y else y
        if isinstance(x, Parts) or isinstance(y, Parts):
            products = [
                self.mul(Rand(a, u), Rand(b, v)) for a, u in parts_of(x).items() for b, v in parts_of(y).items()
            ]
            return self.gathered([(r.axes, r.values) for r in products])
        axes = x.axes if x.axes == y.axes else self.union([x, y])
        pairs = zip(self.over(x, axes), self.over(y, axes), strict=True)
        return Rand(axes, [a * b % p for a, b in pairs] if p else [a * b for a, b in pairs])

    def _multiple(self, x: Rand, y: Any) -> Rand:
        p = self.field.modulus
        parts = {
            axes: [a * y % p for a in values] if p else [a * y for a in values] for axes, values in parts_of(x).items()
        }
        return Parts(self, parts) if isinstance(x, Parts) else Rand(x.axes, parts[x.axes])

    def apply(self, function: Callable[..., Any], *entries: Entry) -> Entry:
        """A function of numbers, outcome by outcome."""
        axes = self.union(list(entries))
        if not axes:
            return function(*entries)
        return Rand(axes, [function(*row) for row in zip(*(self.over(x, axes) for x in entries), strict=False)])

    def negate(self, x: Entry) -> Entry:
        return self._multiple(x, -1) if isinstance(x, Rand) else -x

    def expect(self, x: Entry) -> Any:
        """The mean."""
        if not isinstance(x, Rand):
            return x
        if isinstance(x, Parts):
            return self.field.reduced(sum(self.expect(Rand(axes, values)) for axes, values in x.parts.items()))
        return self.field.reduced(sum(a * w for a, w in zip(x.values, self.weights(x.axes), strict=False)))

    def expect_given(self, x: Entry, keep: Axes) -> Entry:
        """The mean over all axes but those in `keep`."""
        if not isinstance(x, Rand) or set(x.axes) <= set(keep):
            return x
        if isinstance(x, Parts):
            return self._part_by_part(x, lambda part: self.expect_given(part, keep))
        rest = tuple(a for a in x.axes if a in keep)
        gone = tuple(a for a in x.axes if a not in keep)
        sums = [0] * self.size(rest)
        weights = self.weights(gone)
        for value, place, k in zip(x.values, self.spread(rest, x.axes), self.spread(gone, x.axes), strict=False):
            sums[place] += value * weights[k]
        sums = [self.field.reduced(s) for s in sums]
        return Rand(rest, sums) if rest else sums[0]

    def condition(self, x: Entry, given: list[Entry]) -> Entry:
        """E[x | given]: the mean over the cells on which all of `given` are constant."""
        axes = self.union(given)
        if not axes:
            return self.expect(x)
        x = self.expect_given(x, axes)
        if isinstance(x, Parts):
            return self._part_by_part(x, lambda part: self.condition(part, given))
        values, weights, cells = self.over(x, axes), self.weights(axes), self.cells(given, axes)
        sums: dict[int, Any] = {}
        mass: dict[int, Any] = {}
        for value, weight, cell in zip(values, weights, cells, strict=False):
            sums[cell] = sums.get(cell, 0) + value * weight
            mass[cell] = mass.get(cell, 0) + weight
        field = self.field
        means = {c: field.reduced(s * field.inverse(mass[c])) if field.reduced(mass[c]) else s for c, s in sums.items()}
        return Rand(axes, [means[cell] for cell in cells])

    def _part_by_part(self, x: Parts, function: Callable[[Rand], Entry]) -> Entry:
        total: Entry = self.field.of(0)
        for axes, values in x.parts.items():
            total = self.add(total, function(Rand(axes, values)))
        return total

    def cells(self, given: list[Entry], axes: Axes) -> list[int]:
        """For each outcome of `axes` the number of its cell in the partition that `given` makes."""
        reduced = self.field.reduced
        keys = zip(*([reduced(v) for v in self.over(g, axes)] for g in given), strict=False)
        numbers: dict[tuple[Any, ...], int] = {}
        return [numbers.setdefault(key, len(numbers)) for key in keys]

    # -- matrices -----------------------------------------------------------------------------

    def product(self, left: Rows, right: Rows) -> Rows:
        columns = list(zip(*right, strict=False))
        return [[self.dot(row, column) for column in columns] for row in left]

    def dot(self, row: Any, column: Any) -> Entry:
        p, plain = self.field.modulus, 0
        random: list[tuple[Axes, list[Any]]] = []
        for a, b in zip(row, column, strict=False):
            if not isinstance(a, Rand) and not isinstance(b, Rand):
                plain += a * b
                continue
            product = self.mul(a, b)
            if isinstance(product, Rand):
                random += parts_of(product).items()
            else:
                plain += product
        plain = plain % p if p else plain
        return self.add(self.gathered(random), plain) if random else plain

    def total(self, entries: Iterable[Entry]) -> Entry:
        """The sum of many entries."""
        plain: Any = 0
        random: list[tuple[Axes, list[Any]]] = []
        for x in entries:
            if isinstance(x, Rand):
                random += parts_of(x).items()
            else:
                plain += x
        return self.add(self.gathered(random), plain) if random else plain

    def by_outcome(self, function: Callable[[Rows], Any], matrix: Rows) -> Any:
        """A function of plain matrices (to a number or a matrix), outcome by outcome."""
        axes = self.union([x for row in matrix for x in row])
        if not axes:
            return function(matrix)
        spread = [[self.over(x, axes) for x in row] for row in matrix]
        results = [function([[x[k] for x in row] for row in spread]) for k in range(self.size(axes))]
        if not isinstance(results[0], list):
            return Rand(axes, results)
        return [
            [Rand(axes, [m[i][j] for m in results]) for j in range(len(results[0][0]))] for i in range(len(results[0]))
        ]

    def invert(self, matrix: Rows) -> Rows:
        return self.by_outcome(lambda m: linear.inverse(m, self.field), matrix)

    def pseudo_invert(self, matrix: Rows) -> Rows:
        return self.by_outcome(lambda m: linear.pseudo_inverse(m, self.field), matrix)

    def determinant(self, matrix: Rows) -> Entry:
        return self.by_outcome(lambda m: linear.determinant(m, self.field), matrix)

    # -- comparing ----------------------------------------------------------------------------

    def is_zero(self, x: Entry) -> bool:
        """Whether x is zero at every outcome that has a weight."""
        reduced = self.field.reduced
        if not isinstance(x, Rand):
            return not reduced(x)
        return not any(w and reduced(a) for a, w in zip(x.values, self.weights(x.axes), strict=False))

    def power(self, x: Entry, exponent: Entry) -> Entry:
        field = self.field
        if isinstance(x, Rand) and isinstance(exponent, Fraction) and exponent in (1, 2, 3, 4):
            result = x
            for _ in range(int(exponent) - 1):
                result = self.mul(result, x)
            return result
        if isinstance(exponent, Fraction):
            return self.apply(lambda a: field.power(a, exponent), x)
        return self.apply(lambda a, b: field.power(a, Fraction(field.whole(b))), x, exponent)


def require_scalar(x: Entry, what: str) -> Any:
    """x itself when it is not random."""
    if isinstance(x, Rand):
        raise Unmodelled(f"random {what}")
    return x
