"""Drafting a model: axes, and random tables on them that satisfy dependence, properties and supports.

The moments that are given are not looked at yet; `solve` adjusts the probabilities to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

from derive.language import terms as t
from derive.language.facts import Distributed
from derive.witnesses.analysis import Analysis
from derive.witnesses.constants import draw_matrix
from derive.witnesses.constraints import nonlinear_names
from derive.witnesses.dependence import Dependence, Unit
from derive.witnesses.distributions import DISCRETE, UNMODELLED, grid, support
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import DRAWN_BITS, Degenerate, Field, Unmodelled
from derive.witnesses.layout import Layout
from derive.witnesses.model import Env, Key, Model
from derive.witnesses.spaces import Rand

Rows = list[list[Any]]


@dataclass(frozen=True)
class Line:
    """A symbol out of `count` that a variable sees, at each outcome of these axes."""

    axes: tuple[int, ...]
    symbols: list[int]
    count: int


def _alike_but_for_common(pair: tuple[tuple[int, ...], tuple[int, ...]]) -> bool:
    """Whether two lists of axes differ in axes of their own only: what both see has the same place in them."""
    one, other = pair
    return all(one.index(axis) == other.index(axis) for axis in set(one) & set(other))


class Drafter:
    """Drafts models of one layout over one field."""

    def __init__(self, layout: Layout, dependence: Dependence, field: Field, rng: Random):
        self.layout = layout
        self.analysis: Analysis = layout.analysis
        self.dependence = dependence
        self.field = field
        self.rng = rng
        self.prime = field.modulus > 0
        self.classes = self._axis_classes()
        self._nonlinear = nonlinear_names(self.analysis)
        lined = {u for groups in dependence.pairwise for g in groups for u in g}
        self.lined = lined.union(*(units for units in dependence.identical if lined.intersection(units)))
        self.lenient = False  # leave out equations that contradict the others (the model is checked afterwards)
        self.zeros: frozenset[str] = frozenset()  # constants that vanish, and matrices that are singular
        self.ranks: dict[int, int] | None = None
        self.floor: dict[int, int] = {}  # the least number of atoms for each class of axes
        self.breadth = 0  # how far from small whole numbers the values of many atoms may be, in fractions

    def nonlinear(self, name: str) -> bool:
        """Whether a constant stands in a given at a place that is not free and linear."""
        return name in self._nonlinear

    # -- axes that must be alike --------------------------------------------------------------

    def _axis_classes(self) -> dict[int, int]:
        """For each axis its representative: identically distributed variables share tables and probabilities."""
        head = {k: k for k in range(len(self.dependence.axes))}
        for units in self.dependence.identical:
            own = [self.dependence.of(u) for u in units]
            if len({o for o in own}) == 1 and len(own[0]) == 1:
                continue  # all on one axis: made alike by shifts
            if len({len(o) for o in own}) > 1 or not all(map(_alike_but_for_common, pairwise(own))):
                raise Unmodelled("identically distributed variables that depend on others in different ways")
            if len(set(own)) < len(own):
                raise Unmodelled("identically distributed variables of which only some are independent")
            for axes in zip(*own, strict=False):
                low = min(head[a] for a in axes)
                merged = {head[a] for a in axes}
                head = {k: low if h in merged else h for k, h in head.items()}
        return head

    def shifted(self, axis: int) -> list[list[Unit]]:
        """Classes of identically distributed variables that all live on this one axis."""
        return [us for us in self.dependence.identical if all(self.dependence.of(u) == (axis,) for u in us)]

    # -- drafting -----------------------------------------------------------------------------

    def draft(self, sizes: list[int]) -> Model:
        """A model with random tables and constants, which satisfies dependence, properties and supports."""
        a = self.analysis
        model = Model(a.facts, self.field, self.rng, self.layout.dims, a.known, a.definitions, a.traits)
        model.zeros = self.zeros
        self.model = model
        self.settled: set[Key] = set()
        for k, size in enumerate(sizes):
            shifts = [len(us) for us in self.shifted(k)]
            if len(set(shifts)) > 1:
                raise Unmodelled("identically distributed families of different sizes on one space")
            size = size * (shifts[0] if shifts else 1)
            head = self.classes[k]
            model.space.new_axis(model.space.axes[head] if head != k else self._random_weights(size, shifts))
        self._pairwise_axes()
        tables: dict[Unit, Rows] = {}
        most = max((line.count for line in self.lines.values()), default=0)
        sheets: list[dict[Unit, Rows]] = [{} for _ in range(most)]
        for unit in self.dependence.units:
            tables[unit] = self._lined_table(unit, sheets) if unit in self.lines else self._table(unit, tables)
        for key, symbol in self.layout.variables.items():
            model.variables[key] = self._assembled(key, symbol, tables)
        return model

    def _random_weights(self, size: int, shifts: list[int]) -> list[Any]:
        one = self.field.of(1)
        if shifts:
            groups = self._random_weights(size // shifts[0], [])
            share = self.field.inverse(self.field.of(shifts[0]))
            return [self.field.reduced(w * share) for w in groups for _ in range(shifts[0])]
        if self.prime:
            weights = [self.field.generic.draw(self.rng) for _ in range(size - 1)]
            return [*weights, self.field.reduced(one - sum(weights))]
        parts = [self.rng.choice((1, 1, 1, 2)) for _ in range(size)]
        return [one * part / sum(parts) for part in parts]

    def _pairwise_axes(self) -> None:
        """Two uniform axes A, B of a prime size q; group k sees the symbol A + kB (mod q), the last one sees B."""
        self.lines: dict[Unit, Line] = {}
        for groups in self.dependence.pairwise:
            q = next(p for p in (2, 3, 5, 7, 11, 13) if p + 1 >= len(groups))
            axes = (self._uniform_axis(q), self._uniform_axis(q))
            for k, units in enumerate(groups):
                symbols = [(u + k * v) % q if k < q else v for u in range(q) for v in range(q)]
                for unit in units:
                    if unit in self.lines:
                        raise Unmodelled("several pairwise independences of one variable")
                    self.lines[unit] = Line(axes, symbols, q)
        for units in self.dependence.identical:
            sizes = {self.lines[u].count for u in units if u in self.lines}
            if len(sizes) > 1:
                raise Unmodelled("identically distributed variables with different pairwise independences")
            for unit in units:
                if sizes and unit not in self.lines:  # a symbol of its own makes it distributed like the others
                    (q,) = sizes
                    self.lines[unit] = Line((self._uniform_axis(q),), list(range(q)), q)

    def _uniform_axis(self, size: int) -> int:
        return self.model.space.new_axis([self.field.inverse(self.field.of(size))] * size)

    def _lined_table(self, unit: Unit, tables: list[dict[Unit, Rows]]) -> Rows:
        """A table for each value of the unit's symbol, put together."""
        line, own = self.lines[unit], self.dependence.of(unit)
        sheets = []
        for k in range(line.count):
            tables[k][unit] = self._table(unit, tables[k])
            sheets.append(tables[k][unit])
        axes, size = (*own, *line.axes), self.model.space.size(own)
        rows, columns = self._shape_of(unit)

        def entry(i: int, j: int) -> Rand:
            return Rand(axes, [sheets[symbol][i][j].values[k] for k in range(size) for symbol in line.symbols])

        return [[entry(i, j) for j in range(columns)] for i in range(rows)]

    def _table(self, unit: Unit, tables: dict[Unit, Rows]) -> Rows:
        """Values on the unit's own axes; `tables` has those of the units before it."""
        shape, axes = self._shape_of(unit), self.dependence.of(unit)
        space = self.model.space
        for units in self.dependence.identical:
            if unit not in units:
                continue
            first = next((u for u in units if u in tables), None)
            place = units.index(unit)
            if self.dependence.of(units[0]) == self.dependence.of(units[-1]):
                base = tables[first] if first is not None else self._shift_base(unit, len(units))
                return self._shifted_table(base, axes, len(units), place if first is not None else 0)
            if first is not None:
                old = self.dependence.of(first)
                return [[Rand(axes, x.values) if old != axes else x for x in row] for row in tables[first]]
        size = space.size(axes)
        if self.prime and not self.field.pool and self._is_plain(unit[0]):
            draw = self.rng.getrandbits
            return [
                [Rand(axes, [draw(DRAWN_BITS) + 1 for _ in range(size)]) for _ in range(shape[1])]
                for _ in range(shape[0])
            ]
        draws = self._draws(unit, shape, size)
        return [[Rand(axes, [d[i][j] for d in draws]) for j in range(shape[1])] for i in range(shape[0])]

    def _is_plain(self, name: str) -> bool:
        """Whether values are drawn without any restriction."""
        return not self.analysis.traits.get(name) and not any(
            g.symbol.name == name and g.family in DISCRETE for g in self.analysis.of(Distributed)
        )

    def _shift_base(self, unit: Unit, count: int) -> Rows:
        axes, shape = self.dependence.of(unit), self._shape_of(unit)
        draws = self._draws(unit, shape, self.model.space.size(axes))
        return [[Rand(axes, [d[i][j] for d in draws]) for j in range(shape[1])] for i in range(shape[0])]

    @staticmethod
    def _shifted_table(base: Rows, axes: tuple[int, ...], count: int, shift: int) -> Rows:
        """Atoms come in rounds of `count`; member number s sees each round turned by s places."""

        def turned(values: list[Any]) -> list[Any]:
            return [values[k - k % count + (k + shift) % count] for k in range(len(values))]

        return [[Rand(axes, turned(x.values)) for x in row] for row in base]

    def _draws(self, unit: Unit, shape: tuple[int, int], count: int) -> list[Rows]:
        name, indices, _ = unit
        given = next((g for g in self.analysis.of(Distributed) if g.symbol.name == name), None)
        traits = self.analysis.traits.get(name, set())
        if given is not None:
            places = self._places(given, indices, shape)
            if places is not None and unit in self.lined:
                return [self.rng.choice(places) for _ in range(count)]  # not the same ones for each symbol
            if places is not None:
                start = self.rng.randrange(len(places)) if not self.prime else 0
                return (
                    [places[(start + k) % len(places)] for k in range(count)]
                    if count <= len(places)
                    else [places[k] if k < len(places) else self.rng.choice(places) for k in range(count)]
                )
        if self.field.pool and set(self.dependence.of(unit)) <= self.dependence.roots:
            return self._different_draws(shape, traits, count)
        if not self.prime and not self.field.pool and count > 6 and not traits:
            return self._spread_draws(name, shape, count)
        return [draw_matrix(shape, traits, self.field, self.rng) for _ in range(count)]

    def _different_draws(self, shape: tuple[int, int], traits: set[str], count: int) -> list[Rows]:
        """What others are conditioned on has a value of its own at each outcome: else less would be known."""
        found: list[Rows] = []
        for tries in range(20 * count):
            field = self.field if tries < 10 * count else self.field.generic
            drawn = draw_matrix(shape, traits, field, self.rng)
            if drawn not in found:
                found.append(drawn)
            if len(found) == count:
                return found
        raise Degenerate("too few different values")

    def _spread_draws(self, name: str, shape: tuple[int, int], count: int) -> list[Rows]:
        """Fractions for many atoms: from a wider range; all different when they are only labels for a function."""
        wide = min(2 + self.breadth, 8)
        if name in self.analysis.labels and shape == (1, 1):
            return [[[self.field.of(k)]] for k in self.rng.sample(range(count), count)]
        rows, columns = shape
        found = []
        for _ in range(count):
            scale = self.rng.choice((1, 1, 2, 4)) if self.breadth > 2 else 1
            found.append(
                [[Fraction(self.rng.randint(-wide, wide), scale) for _ in range(columns)] for _ in range(rows)]
            )
        return found

    def _places(self, given: Distributed, indices: tuple[int, ...], shape: tuple[int, int]) -> list[Rows] | None:
        """The support of a discrete distribution; in fractions, a grid for the others."""
        env = self.model.match(given.symbol.indices, indices)
        if env is None:
            return None
        evaluator = Evaluator(self.model)
        if given.family in DISCRETE:
            parameters = [
                [[self.field.of(0)]] if self._random(p, env) else evaluator.rows(p, env) for p in given.parameters
            ]
            places = support(given.family, parameters, shape, self.model.space)
            if any((len(rows), len(rows[0])) != shape for rows in places):
                raise Unmodelled(f"a {given.family.lower()} law whose size does not fit")
            return places
        if self.prime or shape != (1, 1) or given.family in {"Moments", "MatrixNormal"} | UNMODELLED:
            return None
        if any(self._random(p, env) for p in given.parameters):
            return [[[v]] for v in map(self.field.of, range(-4, 5))]
        places = [[[v]] for v in grid(given.family, [evaluator.rows(p, env) for p in given.parameters])]
        self.rng.shuffle(places)
        return places

    def _random(self, term: t.Term, env: Env) -> bool:
        return bool(self.layout.bases(term, env))

    def _assembled(self, key: Key, symbol: t.Symbol, tables: dict[Unit, Rows]) -> Rows:
        if (*key, None) in tables:
            return tables[(*key, None)]
        rows, columns = self.model.dim(symbol.shape[0]), self.model.dim(symbol.shape[1])
        return [[tables[(*key, (i, j))][0][0] for j in range(columns)] for i in range(rows)]

    def _shape_of(self, unit: Unit) -> tuple[int, int]:
        if unit[2] is not None:
            return (1, 1)
        rows, columns = self.layout.variables[unit[:2]].shape
        return (self.layout.reader.dim(rows), self.layout.reader.dim(columns))
