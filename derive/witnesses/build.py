"""Building one model: a plan of how many atoms are needed for what, then drafts that are adjusted to the givens."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.language import terms as t
from derive.language.facts import Distributed, Equation, Uncorrelated
from derive.witnesses.constraints import Constraint, distribution_constraints, moment_equations
from derive.witnesses.dependence import Unit
from derive.witnesses.distributions import DISCRETE
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import Degenerate, TooLarge
from derive.witnesses.functional import Functional
from derive.witnesses.model import Env, Model
from derive.witnesses.premises import settle_premises
from derive.witnesses.solve import Solver

MOST_EQUATIONS = 180  # for the probabilities of one axis; a third of that in fractions


@dataclass
class Plan:
    """How many atoms each axis gets, and which constraints its probabilities must satisfy."""

    sizes: list[int]
    assigned: dict[int, list[Constraint]]
    loose: list[Constraint]
    checked: bool = False
    strikes: int = 0


class Builder(Solver):
    """Builds models of one layout: `plan` once, then `build` as often as models are wanted."""

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
                    equations *= sizes[other] if other < count else self._symbols(other)
                loads[axis] = loads.get(axis, 0) + equations
            for k in range(count):
                load = max((v for a, v in loads.items() if self.classes[a] == self.classes[k]), default=0)
                if load > (MOST_EQUATIONS if self.prime else MOST_EQUATIONS // 3):
                    raise TooLarge(f"{load} equations for one axis")
                if load:
                    wanted = load + 2 if self.prime else 3 * load + 4
                    sizes[k] = self._atoms(k, max(least[self.classes[k]], wanted))
        return sizes

    def _symbols(self, axis: int) -> int:
        return next(line.count for line in self.lines.values() if axis in line.axes)

    def _least(self, axis: int, base: int) -> int:
        """Atoms of an axis without constraints: enough for generic moments of the orders that are used."""
        units = self.dependence.axes[axis]
        if not self.prime and all(u in self.lined for u in units):
            return 1  # their symbols are random enough
        if axis in self.dependence.roots or base < 3 or not self.prime:
            return 2 if axis in self.dependence.roots else base
        if max(len(self.dependence.of(u)) for u in units) > 4:
            return 2  # variables on many axes have many values anyway
        degree = max(self.analysis.degree(u[0]) for u in units)
        components = sum(a * b for a, b in map(self._shape_of, units))
        return max(2, (min(degree, 5) + 2) // 2, min(components + 1, 7) if components > 1 else 0)

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
        """Axes of a single discrete variable have exactly its support; others at least that."""
        units = self.dependence.axes[axis]
        least = wanted
        for unit in units:
            size = self._support_size(unit)
            if size is not None and len(units) == 1 and len(self.dependence.of(unit)) == 1 and unit not in self.lined:
                return size
            least = max(least, size or 0)
        return least

    def _support_size(self, unit: Unit) -> int | None:
        given = next((g for g in self.analysis.of(Distributed) if g.symbol.name == unit[0]), None)
        if given is None or given.family not in DISCRETE:
            return 2 if {"binary", "sign"} & set(self.analysis.traits.get(unit[0], ())) else None
        if given.family in ("Bernoulli", "Rademacher"):
            return 2
        if given.family == "Finite":
            return len(given.parameters) // 2
        if given.family == "Categorical" and given.parameters:
            return self.layout.reader.dim(given.parameters[-1].shape[0])
        return 5

    def _choose(self, seen: tuple[int, ...], conditioning: set[int]) -> int | None:
        """The axis whose probabilities are to satisfy a constraint: the last free one that the constraint rests on."""
        fixed = {axis for line in self.lines.values() for axis in line.axes}
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

    # -- building ------------------------------------------------------------------------------

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
