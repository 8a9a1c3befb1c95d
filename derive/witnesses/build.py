"""Building one model: random tables on product spaces, then probabilities that make every moment given hold.

Values are drawn at random; each given about moments is a linear equation in the probabilities of one axis (see
`functional`), and constants that stand free on its other side are solved for along with them.  Over the prime
field any solution serves, as the mean is then a linear functional; in fractions the probabilities must be
non-negative, and a vertex of the feasible polytope is taken, so that few outcomes remain.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from random import Random
from typing import Any

from derive.language import terms as t
from derive.language.facts import Distributed, Equation, Uncorrelated
from derive.witnesses import linear
from derive.witnesses.analysis import Analysis
from derive.witnesses.constants import draw_matrix
from derive.witnesses.constraints import Constraint, distribution_constraints, moment_equations, nonlinear_names
from derive.witnesses.dependence import Dependence, Unit
from derive.witnesses.distributions import DISCRETE, support
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import DRAWN_BITS, Degenerate, Field, Unmodelled
from derive.witnesses.functional import Functional
from derive.witnesses.layout import Layout
from derive.witnesses.model import Env, Key, Model
from derive.witnesses.premises import settle_premises
from derive.witnesses.spaces import Rand

Rows = list[list[Any]]


@dataclass
class Plan:
    """How many atoms each axis gets, and which constraints its probabilities must satisfy."""

    sizes: list[int]
    assigned: dict[int, list[Constraint]]
    loose: list[Constraint]
    checked: bool = False
    strikes: int = 0


class Builder:
    """Builds models of one layout; `plan` None builds the small draft from which the plan is made."""

    def __init__(self, layout: Layout, dependence: Dependence, field: Field, rng: Random):
        self.layout = layout
        self.analysis: Analysis = layout.analysis
        self.dependence = dependence
        self.field = field
        self.rng = rng
        self.prime = field.modulus > 0
        self.classes = self._axis_classes()
        self._nonlinear = nonlinear_names(self.analysis)
        self.lenient = False  # leave out equations that contradict the others (the model is checked afterwards)
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
            if len({len(o) for o in own}) > 1 or any(set(a) & set(b) for a, b in pairwise(own) if a != b):
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
        for unit in self.dependence.units:
            tables[unit] = self._table(unit, tables)
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
            weights = [self.field.draw(self.rng) for _ in range(size - 1)]
            return [*weights, self.field.reduced(one - sum(weights))]
        parts = [self.rng.choice((1, 1, 1, 2)) for _ in range(size)]
        return [one * part / sum(parts) for part in parts]

    def _pairwise_axes(self) -> None:
        """Two uniform axes A, B of a prime size q; group k is a function of A + kB (mod q), the last one of B."""
        self.lines: dict[Unit, tuple[int, int, int, int]] = {}
        for groups in self.dependence.pairwise:
            q = next(p for p in (2, 3, 5, 7, 11, 13) if p + 1 >= len(groups))
            uniform = [self.field.inverse(self.field.of(q))] * q
            a, b = self.model.space.new_axis(uniform), self.model.space.new_axis(uniform)
            for k, units in enumerate(groups):
                for unit in units:
                    if unit in self.lines:
                        raise Unmodelled("several pairwise independences of one variable")
                    self.lines[unit] = (a, b, k if k < q else -1, q)

    def _table(self, unit: Unit, tables: dict[Unit, Rows]) -> Rows:
        shape, axes = self._shape_of(unit), self.dependence.of(unit)
        if unit in self.lines:
            return self._line_table(unit, shape)
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
        if self.prime and self._is_plain(unit[0]):
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

    def _line_table(self, unit: Unit, shape: tuple[int, int]) -> Rows:
        a, b, k, q = self.lines[unit]
        draws = self._draws(unit, shape, q)
        which = [(u + k * v) % q if k >= 0 else v for u in range(q) for v in range(q)]
        axes = (a, b)
        return [[Rand(axes, [draws[w][i][j] for w in which]) for j in range(shape[1])] for i in range(shape[0])]

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
            if places is not None:
                start = self.rng.randrange(len(places)) if not self.prime else 0
                return (
                    [places[(start + k) % len(places)] for k in range(count)]
                    if count <= len(places)
                    else [places[k] if k < len(places) else self.rng.choice(places) for k in range(count)]
                )
        if not self.prime and count > 6 and not traits:
            return self._spread_draws(name, shape, count)
        return [draw_matrix(shape, traits, self.field, self.rng) for _ in range(count)]

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
        from derive.witnesses.distributions import grid

        env = self.model.match(given.symbol.indices, indices)
        if env is None:
            return None
        evaluator = Evaluator(self.model)
        if given.family in DISCRETE:
            parameters = [
                [[self.field.of(0)]] if self._random(p, env) else evaluator.rows(p, env) for p in given.parameters
            ]
            return support(given.family, parameters, shape, self.model.space)
        if self.prime or shape != (1, 1) or given.family in ("Moments", "MatrixNormal"):
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

    # -- planning -----------------------------------------------------------------------------

    def plan(self, base: int) -> Plan:
        """Find which axes each constraint rests on, and how many atoms are needed to satisfy them."""
        count = len(self.dependence.axes)
        model = self.draft([self._atoms(k, 2) for k in range(count)])
        settle_premises(self, model)
        assigned: dict[int, list[Constraint]] = {}
        loose = []
        needs: list[tuple[int, int, list[int]]] = []  # axis, equations for each cell, the axes of the cells
        for constraint in self.constraints():
            probe = Functional(model, None)
            entries = constraint.residual(probe)
            axis = self._choose(model.space.union([*entries, *probe.auxiliary]), probe.conditioning)
            if axis is None:
                loose.append(constraint)
                continue
            assigned.setdefault(self.classes[axis], []).append(constraint)
            constraint.axis = axis
            cells = sorted(probe.conditioning & set(model.space.union(entries)))
            self.dependence.roots |= probe.conditioning
            needs.append((axis, len(entries) + len(probe.auxiliary), cells))
        plan = Plan(self._sizes(count, needs, base), assigned, loose)
        if self.prime and assigned:
            self._trim(plan)
        return plan

    def _sizes(self, count: int, needs: list[tuple[int, int, list[int]]], base: int) -> list[int]:
        """Atoms of each axis: enough for all its equations, in every cell of what they are conditioned on."""
        members = {h: [k for k in range(count) if self.classes[k] == h] for h in self.classes.values()}
        least = {h: max(self._atoms(k, self._least(k, base)) for k in ks) for h, ks in members.items()}
        for h, ks in members.items():
            if self.dependence.roots & set(ks):
                least[h] = max(self._atoms(k, 2) for k in ks)
        self.floor = least
        sizes = [least[self.classes[k]] for k in range(count)]
        for _ in range(3):
            loads: dict[int, int] = {}
            for axis, equations, cells in needs:
                for other in cells:
                    equations *= sizes[other]
                loads[axis] = loads.get(axis, 0) + equations
            for k in range(count):
                load = max((v for a, v in loads.items() if self.classes[a] == self.classes[k]), default=0)
                if load:
                    wanted = load + 2 if self.prime else 3 * load + 4
                    sizes[k] = self._atoms(k, max(least[self.classes[k]], wanted))
        return sizes

    def _least(self, axis: int, base: int) -> int:
        """Atoms of an axis without constraints: enough for generic moments of the orders that are used."""
        units = self.dependence.axes[axis]
        if axis in self.dependence.roots or base < 3 or not self.prime:
            return 2 if axis in self.dependence.roots else base
        if max(len(self.dependence.of(u)) for u in units) > 4:
            return 2  # variables on many axes have many values anyway
        degree = max(self.analysis.degree(u[0]) for u in units)
        components = sum(a * b for a, b in map(self._shape_of, units))
        return max(2, (min(degree, 5) + 2) // 2, min(components + 1, 7) if components > 1 else 0)

    def _shape_of(self, unit: Unit) -> tuple[int, int]:
        if unit[2] is not None:
            return (1, 1)
        rows, columns = self.layout.variables[unit[:2]].shape
        return (self.layout.reader.dim(rows), self.layout.reader.dim(columns))

    def _trim(self, plan: Plan) -> None:
        """Many equations say the same: as many atoms are enough as there are independent ones."""
        self.ranks = {}
        try:
            self.build(plan)
        except Degenerate:
            return
        finally:
            ranks, self.ranks = self.ranks, None
        for k, size in enumerate(plan.sizes):
            rank = ranks.get(self.classes[k])
            if rank is not None:
                plan.sizes[k] = min(size, self._atoms(k, max(self.floor[self.classes[k]], rank)))

    def _atoms(self, axis: int, wanted: int) -> int:
        """Axes of a single discrete variable have exactly its support; shared ones at least that."""
        units = self.dependence.axes[axis]
        least = wanted
        for unit in units:
            size = self._support_size(unit)
            if size is not None and len(units) == 1 and len(self.dependence.of(unit)) == 1:
                return size
            least = max(least, size or 0)
        return least

    def _support_size(self, unit: Unit) -> int | None:
        given = next((g for g in self.analysis.of(Distributed) if g.symbol.name == unit[0]), None)
        if given is None or given.family not in DISCRETE:
            return 2 if "binary" in self.analysis.traits.get(unit[0], ()) else None
        if given.family in ("Bernoulli", "Rademacher"):
            return 2
        if given.family == "Categorical" and given.parameters:
            return self.layout.reader.dim(given.parameters[-1].shape[0])
        return 5

    def _choose(self, seen: tuple[int, ...], conditioning: set[int]) -> int | None:
        """The axis whose probabilities are to satisfy a constraint: the last free one that the constraint rests on."""
        fixed = {axis for line in self.lines.values() for axis in line[:2]}
        usable = [a for a in seen if a not in conditioning and a not in fixed]
        heads = [self.classes[a] for a in usable]
        lone = [a for a in usable if heads.count(self.classes[a]) == 1]
        return max(lone, key=lambda a: (self.classes[a], a), default=None)

    # -- constraints --------------------------------------------------------------------------

    def constraints(self) -> list[Constraint]:
        found = []
        for given in self.analysis.of(Uncorrelated):
            found += moment_equations(self._uncorrelated(given))
        found += moment_equations([(g, env) for g, env in self.layout.ground if self._has_moment(g)])
        for given in self.analysis.of(Distributed):
            found += distribution_constraints(self, given)
        return found

    def _has_moment(self, given: Equation) -> bool:
        known, definitions = self.analysis.known, self.analysis.definitions
        return known.has_moment_through(given.lhs, definitions) or known.has_moment_through(given.rhs, definitions)

    def _uncorrelated(self, given: Uncorrelated) -> list[tuple[Equation, Env]]:
        terms: list[t.Term] = []
        for member in given.members:
            if member.term is not None:
                terms.append(member.term)
                continue
            info = self.analysis.facts.symbols.get(member.name)
            shape = info.shape if info is not None else t.SCALAR
            for own in sorted(self.layout.members.get(member.name, ())):
                if not member.indices or own == tuple(self.layout.index(i, {}) for i in member.indices):
                    terms.append(t.Symbol(member.name, tuple(t.Index(None, k) for k in own), shape))
        found = []
        for k, a in enumerate(terms):
            for b in terms[:k]:
                cov = t.Covariance(a, b)
                zero = t.number(0) if cov.shape == t.SCALAR else t.Constant(Fraction(0), cov.shape)
                found.append((Equation(cov, zero, "moment", given.source), {}))
        return found

    # -- solving ------------------------------------------------------------------------------

    def build(self, plan: Plan) -> Model:
        """A model that satisfies everything that the plan assigns; `Degenerate` when this draw cannot."""
        model = self.draft(plan.sizes)
        settle_premises(self, model)
        for axis in sorted(plan.assigned):
            self._solve(model, axis, plan.assigned[axis])
        for constraint in plan.loose:
            self._solve_constants(model, constraint)
        model.cache.clear()
        return model

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

    # -- checking -----------------------------------------------------------------------------

    def violated(self, model: Model) -> list[Any]:
        """The givens (equations and distributions) that the model does not satisfy."""
        evaluator = Evaluator(model)
        found = []
        for constraint in [*moment_equations(self.layout.ground), *self.constraints()]:
            entries = constraint.residual(evaluator) if constraint.equation else constraint.means(evaluator)
            if not all(model.space.is_zero(x) for x in entries):
                found.append(constraint.given)
        return found


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
