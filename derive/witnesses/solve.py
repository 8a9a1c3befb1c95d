"""Probabilities, and free constants, that make every given about moments hold.

Each such given is a linear equation in the probabilities of one axis (see `functional`).  Over the prime field any
solution serves, as the mean is then a linear functional; in fractions the probabilities must be non-negative, and a
vertex of the feasible polytope is taken, so that few outcomes remain.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from derive.witnesses import linear
from derive.witnesses.constraints import Constraint
from derive.witnesses.draft import Drafter, Rows
from derive.witnesses.field import Degenerate, Unmodelled
from derive.witnesses.functional import Functional
from derive.witnesses.model import Key, Model
from derive.witnesses.spaces import Rand


class Solver(Drafter):
    """Adjusts drafted models to constraints."""

    def _solve(self, model: Model, head: int, constraints: list[Constraint]) -> None:
        """Find probabilities for a class of axes, first without what needs fixed means, then with it."""
        plain: list[tuple[list[Any], dict[tuple[Key, int, int], Any], Any]] = []
        later = []
        for constraint in constraints:
            rows, auxiliary = self._rows(model, constraint)
            if auxiliary:
                later.append(constraint)
            else:
                plain += rows
        if plain:
            self._set_weights(model, head, plain, final=not later)
        if later:
            rows = plain
            for constraint in later:
                own, auxiliary = self._rows(model, constraint)
                rows = rows + own + auxiliary
            self._set_weights(model, head, rows)

    def _rows(self, model: Model, constraint: Constraint) -> tuple[list[Any], list[Any]]:
        """Equations (coefficients of atoms, coefficients of unknown constants, constant), and the auxiliary ones."""
        axis = constraint.axis
        evaluator = Functional(model, axis)
        unknown = constraint.unknown_constants(self, model)
        zero = self.field.of(0)
        saved = {key: model.constants[key] for key in unknown}
        for key, matrix in saved.items():
            model.constants[key] = [[zero] * len(matrix[0]) for _ in matrix]
        base = constraint.residual(evaluator)
        rows = [[coefficients, {}, zero] for x in base for coefficients in self._coefficients(model, x, axis)]
        for key, matrix in saved.items():
            for i, j in product(range(len(matrix)), range(len(matrix[0]))):
                self._add_unknown(model, constraint, (key, i, j), base, rows, axis)
        model.constants.update(saved)
        auxiliary = [[c, {}, zero] for x in evaluator.auxiliary for c in self._coefficients(model, x, axis)]
        return rows, auxiliary

    def _add_unknown(
        self, model: Model, constraint: Constraint, place: Any, base: list[Any], rows: list[Any], axis: int
    ) -> None:
        key, i, j = place
        model.constants[key][i][j] = self.field.of(1)
        model.cache.clear()
        changes = constraint.step(Functional(model, axis), key, base)
        model.constants[key][i][j] = self.field.of(0)
        model.cache.clear()
        position = 0
        for x, change in zip(base, changes, strict=True):
            count = self._row_count(model, x, axis)
            if not isinstance(change, Rand):
                values = [self.field.reduced(change)] * count if change else []
            else:
                steps = [{self.field.reduced(c) for c in row} for row in self._coefficients(model, change, axis)]
                if any(len(step) > 1 for step in steps):
                    raise Unmodelled("a constant that multiplies a moment")
                values = [min(step) for step in steps] * (count // len(steps))
            for k, value in enumerate(values):
                if value:
                    rows[position + k][1][place] = value
            position += count

    @staticmethod
    def _row_count(model: Model, x: Any, axis: int) -> int:
        return model.space.size(tuple(a for a in x.axes if a != axis)) if isinstance(x, Rand) else 1

    def _coefficients(self, model: Model, x: Any, axis: int) -> list[list[Any]]:
        """One row over the atoms of the axis for each outcome of the other axes that x depends on."""
        size = len(model.space.axes[axis])
        if not isinstance(x, Rand):
            return [[x] * size]
        others = tuple(a for a in x.axes if a != axis)
        if axis not in x.axes:
            return [[v] * size for v in x.values]
        count = model.space.size(others)
        rows: list[list[Any]] = [[None] * size for _ in range(count)]
        spread = zip(model.space.spread(others, x.axes), model.space.spread((axis,), x.axes), x.values, strict=False)
        for other, atom, value in spread:
            rows[other][atom] = value
        return rows

    def _set_weights(self, model: Model, head: int, equations: list[Any], final: bool = True) -> None:
        members = [k for k, h in self.classes.items() if h == head]
        size = len(model.space.axes[head])
        shifts = [len(us) for us in self.shifted(head)]
        turn = shifts[0] if shifts else 1
        groups = size // turn
        unknown = sorted({p for e in equations for p in e[1]}, key=str)
        rows = [
            [*(sum(c[g * turn : (g + 1) * turn]) for g in range(groups)), *(e.get(p, 0) for p in unknown), -b]
            for c, e, b in equations
        ]
        rows.append([*[turn] * groups, *[0] * len(unknown), self.field.of(1)])
        if self.ranks is not None:
            turned = [[*row[groups:-1], *row[:groups], row[-1]] for row in rows]
            pivots = linear.reduce_rows(turned, groups + len(unknown), self.field)[1]
            self.ranks[head] = sum(p >= len(unknown) for p in pivots)
        solution = self._solution(rows, groups, len(unknown), 1 if final else 2)
        weights = [w for w in solution[:groups] for _ in range(turn)]
        for (key, i, j), value in zip(unknown, solution[groups:], strict=False):
            model.constants[key][i][j] = value
            self.settled.add(key)
        for axis in members:
            model.space.set_weights(axis, weights)
        model.cache.clear()
        if final and not self.prime and not shifts:
            prune(model, members)

    def _solution(self, rows: Rows, groups: int, extra: int, blend: int) -> list[Any]:
        total = groups + extra
        if self.prime:
            if self.lenient:
                rows = self._consistent(rows, total)
            return linear.random_solution(rows, total, self.field, self.rng)
        turned = [[*row[groups:total], *row[:groups], row[-1]] for row in rows]
        reduced, pivots = linear.reduce_rows(turned, extra, self.field)
        rest = [row[extra:] for k, row in enumerate(reduced) if k >= len(pivots)]
        independent, found = linear.reduce_rows(rest, groups, self.field)
        if any(row[-1] for row in independent[len(found) :]):
            raise Degenerate("no solution")
        weights = self._probabilities(independent[: len(found)], groups, blend)
        constants = [self.field.draw(self.rng) for _ in range(extra)]
        free = [k for k in range(extra) if k not in pivots]
        for row, pivot in zip(reduced, pivots, strict=False):
            known = sum(a * w for a, w in zip(row[extra:-1], weights, strict=False)) + sum(
                row[k] * constants[k] for k in free
            )
            constants[pivot] = row[-1] - known
        return [*weights, *constants]

    def _consistent(self, rows: Rows, unknowns: int) -> Rows:
        """As many of the equations, from the last one on, as can hold together."""
        kept: Rows = []
        for row in reversed(rows):
            reduced, pivots = linear.reduce_rows([*kept, row], unknowns, self.field)
            if not any(r[-1] for r in reduced[len(pivots) :]):
                kept.append(row)
        return kept

    def _probabilities(self, rows: Rows, groups: int, blend: int) -> list[Any]:
        """Non-negative solutions: a few equal atoms when nothing but the total is asked, else a mixture of vertices."""
        if len(rows) == 1:
            chosen = self.rng.sample(range(groups), min(groups, self.rng.choice((2, 2, 3))))
            total = sum(rows[0][k] for k in chosen)
            return [rows[0][-1] / total if k in chosen else self.field.of(0) for k in range(groups)]
        weights = [self.field.of(0)] * groups
        for _ in range(blend):
            order = list(range(groups))
            self.rng.shuffle(order)
            vertex = linear.feasible_vertex([[*(row[k] for k in order), row[-1]] for row in rows], groups)
            if vertex is None:
                raise Degenerate("no probabilities")
            for place, value in zip(order, vertex, strict=False):
                weights[place] += value / blend
        return weights

    def _solve_constants(self, model: Model, constraint: Constraint) -> None:
        """A constraint that no probabilities are left for: solve it for constants, or see whether it holds."""
        unknown = constraint.unknown_constants(self, model)
        if not unknown or not model.space.axes:
            return
        constraint.axis = 0
        rows, _ = self._rows(model, constraint)
        places = sorted({p for r in rows for p in r[1]}, key=str)
        if not places:
            return
        weights = model.space.axes[0]
        system = [
            [*(e.get(p, 0) for p in places), -sum(a * w for a, w in zip(c, weights, strict=False)) - b]
            for c, e, b in rows
        ]
        solution = linear.random_solution(system, len(places), self.field, self.rng)
        for (key, i, j), value in zip(places, solution, strict=False):
            model.constants[key][i][j] = value
            self.settled.add(key)


def prune(model: Model, axes: list[int]) -> None:
    """Leave out the atoms without probability."""
    keep = [k for k, w in enumerate(model.space.axes[axes[0]]) if w]
    if len(keep) == len(model.space.axes[axes[0]]):
        return
    places: dict[tuple[int, ...], list[int]] = {}
    for matrix in model.variables.values():
        for row in matrix:
            for x in row:
                if set(x.axes) & set(axes) and x.axes not in places:
                    kept = [set(keep) if a in axes else None for a in x.axes]
                    spread = [model.space.spread((a,), x.axes) for a in x.axes]
                    places[x.axes] = [
                        k
                        for k in range(len(x.values))
                        if all(s is None or p[k] in s for s, p in zip(kept, spread, strict=False))
                    ]
    for matrix in model.variables.values():
        for row in matrix:
            for j, x in enumerate(row):
                if x.axes in places:
                    row[j] = Rand(x.axes, [x.values[k] for k in places[x.axes]])
    weights = [model.space.axes[axes[0]][k] for k in keep]
    for axis in axes:
        model.space.set_weights(axis, weights)
    model.cache.clear()
