"""Which random variables share randomness: axes (independent factors) and the variables that live on each.

Two variables share an axis unless a given separates them, so nothing is independent that was not declared so.
A set of variables of which no two are separated (a clique) gets an axis of its own; variables of different
groups of an independence statement never share one, hence the groups are mutually independent.

Where only pairs are stated to be independent, their variables also see one of three (or more) symbols that are
independent in pairs only, such as A, B and A + B modulo 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import Any

from derive.language import terms as t
from derive.language.facts import (
    ConditionallyIndependent,
    Distributed,
    Identical,
    Independent,
    IndependentGiven,
    Member,
)
from derive.witnesses.field import Unmodelled
from derive.witnesses.layout import Layout, free_indices
from derive.witnesses.model import Env, Key

MOST_AXES = 9
MOST_LOOSE = 12  # units among which triples that are independent in pairs only are looked for

Unit = tuple[str, tuple[int, ...], tuple[int, int] | None]  # a random variable, or one of its components


@dataclass
class Dependence:
    """`axes[k]`: the units on axis k.  `pairwise`: groups that are pairwise independent only, with two more axes each.

    `loose`: triples of units that are independent in pairs by several statements, and by none of them together.
    """

    units: list[Unit]
    axes: list[list[Unit]] = field(default_factory=list)
    roots: set[int] = field(default_factory=set)  # axes of what is conditioned on: few atoms
    extras: set[int] = field(default_factory=set)  # axes on which conditional moments are solved
    identical: list[list[Unit]] = field(default_factory=list)
    pairwise: list[list[list[Unit]]] = field(default_factory=list)
    loose: list[tuple[Unit, ...]] = field(default_factory=list)

    def of(self, unit: Unit) -> tuple[int, ...]:
        return tuple(k for k, units in enumerate(self.axes) if unit in units)


def dependence(layout: Layout, rng: Random, entangled: bool = False) -> Dependence:
    """Axes for the random variables of a layout; different random numbers may give different covers by cliques.

    `entangled`: what is independent in pairs only, though nobody says so in one statement, is made so.
    """
    reader = _Reader(layout)
    units = reader.units
    separated = reader.separated
    result = Dependence(units, pairwise=reader.pairwise, loose=reader.loose(rng))
    if entangled and result.loose:
        result.pairwise = [*result.pairwise, [[u] for u in rng.choice(result.loose)]]
    for clique in _cliques(units, separated, rng):
        result.axes.append(clique)
    _share_roots(result, reader, separated)
    for batch in reader.conditional_arguments():
        for part in _components(sorted(batch, key=str), separated):
            if part not in result.axes:
                result.axes.append(part)
            result.extras.add(result.axes.index(part))
    result.identical = reader.identical()
    _add_companions(result)
    return result


def _add_companions(result: Dependence) -> None:
    """Variables that share an axis with one of several identically distributed ones also get an axis of their own.

    The probabilities of the former axis belong to the whole class, so nothing else can be adjusted there.
    """
    alike = {u for units in result.identical for u in units if len({result.of(v) for v in units}) > 1}
    for axis in list(result.axes):
        others = [u for u in axis if u not in alike]
        if (
            len(others) < len(axis)
            and others
            and not any(set(others) <= set(a) and not set(a) & alike for a in result.axes)
        ):
            result.axes.append(others)


def _cliques(units: list[Unit], separated: set[frozenset[Unit]], rng: Random) -> list[list[Unit]]:
    """Maximal sets of units of which no two are separated: all units in one, all pairs when there are not too many."""

    def together(a: Unit, b: Unit) -> bool:
        return frozenset((a, b)) not in separated

    order = units[:]
    uncovered = {frozenset(p) for p in combinations(units, 2) if together(*p)}
    alone = set(units)
    found: list[list[Unit]] = []
    while alone or (uncovered and len(found) < MOST_AXES):
        rng.shuffle(order)
        seed = next(iter(sorted(alone, key=str))) if alone else None
        start = [seed] if seed is not None else sorted(min(uncovered, key=lambda p: sorted(map(str, p))), key=str)
        clique = list(start)
        for unit in order:
            if unit not in clique and all(together(unit, member) for member in clique):
                clique.append(unit)
        found.append(sorted(clique, key=str))
        alone -= set(clique)
        uncovered -= {frozenset(p) for p in combinations(clique, 2)}
    return found


def _components(units: list[Unit], separated: set[frozenset[Unit]]) -> list[list[Unit]]:
    """Connected components of the units under not being separated."""
    found: list[list[Unit]] = []
    for unit in units:
        near = [c for c in found if any(frozenset((unit, other)) not in separated for other in c)]
        found = [c for c in found if c not in near] + [[unit, *(u for c in near for u in c)]]
    return found


def _share_roots(result: Dependence, reader: _Reader, separated: set[frozenset[Unit]]) -> None:
    """What Y and Z are conditionally independent given gets an axis of its own, which all others may see."""
    for roots in reader.conditioned:
        if not roots:
            continue
        for k, axis in enumerate(result.axes):
            result.axes[k] = [u for u in axis if u not in roots]
        result.axes = [axis for axis in result.axes if axis]
        watchers = [u for u in result.units if all(u in roots or frozenset((u, r)) not in separated for r in roots)]
        result.roots.add(len(result.axes))
        result.axes.append(watchers)


class _Reader:
    """Reads the dependence statements as sets of units."""

    def __init__(self, layout: Layout):
        self.layout = layout
        self.analysis = layout.analysis
        self.split = self._split_names()
        self.units: list[Unit] = []
        for name, indices in layout.variables:
            self.units += self._units_of((name, indices))
        self.separated: set[frozenset[Unit]] = set()
        self.pairwise: list[list[list[Unit]]] = []
        self.joint: list[list[set[Unit]]] = []  # groups that are mutually independent
        self.conditioned: list[set[Unit]] = []
        self.conditionally: list[set[Unit]] = []  # what stands on the sides of a conditional independence
        for given in self.analysis.of(Independent):
            self._independent(given)
        for given in self.analysis.of(ConditionallyIndependent):
            self._conditionally_independent(given)
        for given in self.analysis.of(IndependentGiven):
            self._independent_given(given)

    def _split_names(self) -> set[str]:
        """Vectors and matrices whose components are separate units."""
        found = set()
        for given in self.analysis.of(Independent):
            for member in (m for group in given.groups for m in group):
                info = self.analysis.facts.symbols.get(member.name)
                if isinstance(member.term, t.Entry) and isinstance(member.term.arg, t.Symbol):
                    found.add(member.term.arg.name)
                elif member.each and info is not None and not info.families and info.shape != t.SCALAR:
                    found.add(member.name)
        return found

    def _units_of(self, key: Key) -> list[Unit]:
        name, indices = key
        if name not in self.split:
            return [(name, indices, None)]
        rows, columns = map(self.layout.reader.dim, self.layout.variables[key].shape)
        return [(name, indices, (i, j)) for i in range(rows) for j in range(columns)]

    # -- members ------------------------------------------------------------------------------

    def _of_term(self, term: t.Term, env: Env) -> set[Unit]:
        if isinstance(term, t.Entry) and isinstance(term.arg, t.Symbol) and term.arg.name in self.split:
            place = (self.layout.index(term.row, env) - 1, self.layout.index(term.column, env) - 1)
            indices = tuple(self.layout.index(i, env) for i in term.arg.indices)
            unit = (term.arg.name, indices, place)
            return {unit} if unit in self.units else set()
        found = self.layout.bases(term, env)
        return {u for key in found if key in self.layout.variables for u in self._units_of(key)}

    def _member_keys(self, member: Member, env: Env) -> list[tuple[tuple[int, ...], set[Unit]]]:
        """The members of a family that are meant, with the units that each is made of."""
        if member.term is not None:
            return [((), self._of_term(member.term, env))]
        info = self.analysis.facts.symbols.get(member.name)
        shape = info.shape if info is not None else t.SCALAR
        if member.indices:
            indices = [tuple(self.layout.index(i, env) for i in member.indices)]
        else:
            indices = sorted(self.layout.members.get(member.name, ()))
        found = []
        for own in indices:
            if own not in self.layout.members.get(member.name, ()):
                continue
            symbol = t.Symbol(member.name, tuple(t.Index(None, k) for k in own), shape)
            found.append((own, self._of_term(symbol, {})))
        if member.each and len(found) == 1 and not found[0][0] and member.name in self.split:
            return [(unit[2] or (), {unit}) for unit in sorted(found[0][1], key=str)]
        return found

    def _groups(self, given: Independent, env: Env) -> list[set[Unit]]:
        groups: list[set[Unit]] = []
        for members in given.groups:
            if any(m.each for m in members):
                by_index: dict[tuple[int, ...], set[Unit]] = {}
                for member in members:
                    for own, units in self._member_keys(member, env):
                        by_index.setdefault(own, set()).update(units)
                groups += by_index.values()
            else:
                groups.append({u for m in members for _, units in self._member_keys(m, env) for u in units})
        return [g for g in groups if g]

    def _environments(self, members: list[Member], distinct: Any = ()) -> list[Env]:
        """Values of the free indices of a schematic statement."""
        terms = [
            m.term if m.term is not None else t.Symbol(m.name, m.indices)
            for m in members
            if m.term is not None or m.indices
        ]
        if not any(free_indices(x) - set(self.layout.dims) for x in terms):
            return [{}]
        left = terms[0]
        for other in terms[1:]:
            left = t.Add((left, other))
        from derive.language.facts import Equation, Source

        return self.layout.instances(Equation(left, t.number(0), "premise", Source("", ""), distinct))

    # -- statements ---------------------------------------------------------------------------

    def _independent(self, given: Independent) -> None:
        members = [m for group in given.groups for m in group]
        for env in self._environments(members, given.distinct):
            groups = self._groups(given, env)
            if given.pairwise and len(groups) > 2:
                if any(len(g) > 1 for g in groups):
                    raise Unmodelled("pairwise independence of compound variables")
                self.pairwise.append([sorted(g, key=str) for g in groups])
            else:
                self.joint.append(groups)
            for a, b in combinations(groups, 2):
                if a & b:
                    raise Unmodelled("independence of quantities that are made of the same random variables")
                self.separated |= {frozenset((u, v)) for u in a for v in b}

    def _conditionally_independent(self, given: ConditionallyIndependent) -> None:
        members = [*given.left, *given.right, *given.given]
        for env in self._environments(members):
            left, right, roots = (
                {u for m in side for _, units in self._member_keys(m, env) for u in units}
                for side in (given.left, given.right, given.given)
            )
            if left & right or roots & (left | right):
                raise Unmodelled("conditional independence of overlapping quantities")
            self.separated |= {frozenset((u, v)) for u in left for v in right}
            if roots and left and right:
                self.conditioned.append(roots)
            self.conditionally.append(left | right)

    def _independent_given(self, given: IndependentGiven) -> None:
        members = [*given.given, *(m for group in given.groups for m in group)]
        for env in self._environments(members):
            groups = self._groups(Independent(given.groups, given.source), env)
            roots = {u for m in given.given for _, units in self._member_keys(m, env) for u in units}
            if any(a & b for a, b in combinations(groups, 2)) or any(roots & g for g in groups):
                raise Unmodelled("conditional independence of overlapping quantities")
            for a, b in combinations(groups, 2):
                self.separated |= {frozenset((u, v)) for u in a for v in b}
            if roots and groups:
                self.conditioned.append(roots)
            self.conditionally.append({u for g in groups for u in g})

    def loose(self, rng: Random) -> list[tuple[Unit, ...]]:
        """Triples with two independent pairs or three that may, for all that is stated, depend on each other together."""
        if len(self.joint) < 2:
            return []
        known = {u for roots in self.conditioned for u in roots} | {u for p in self.pairwise for g in p for u in g}
        units = [u for u in self.units if u not in known and any(u in pair for pair in self.separated)]
        units = sorted(rng.sample(units, min(len(units), MOST_LOOSE)), key=str)
        return [three for three in combinations(units, 3) if self._is_loose(three)]

    def _is_loose(self, three: tuple[Unit, ...]) -> bool:
        if sum(frozenset(pair) in self.separated for pair in combinations(three, 2)) < 2:
            return False
        if any(len(sides.intersection(three)) > 1 for sides in self.conditionally):
            return False
        for groups in self.joint:
            places = [k for u in three for k, group in enumerate(groups) if u in group]
            if len(places) == 3 and len(set(places)) > 1:
                return False
        return True

    def conditional_arguments(self) -> list[set[Unit]]:
        """Units whose conditional moments occur: they need an axis that the condition does not see."""
        batches: list[set[Unit]] = []
        for part, env in self._conditional_moments():
            condition = {u for g in part.given for u in self._of_term(g, env)}
            args = t.children(part)[: -len(part.given)]
            free = {u for a in args for u in self._of_term(a, env)} - condition
            if free and free not in batches:
                batches.append(free)
        for given in self.analysis.of(Distributed):
            parameters = {u for p in given.parameters for u in self._of_parameter(p)}
            own = {u for u in self.units if u[0] == given.symbol.name}
            if parameters and own - parameters:
                batches.append(own - parameters)
        return batches

    def _conditional_moments(self) -> Iterator[tuple[t.Term, Env]]:
        if self.analysis.conditions:
            claim = self.analysis.claim
            places = [(side, env) for given, env in self.layout.ground for side in (given.lhs, given.rhs)]
            places += [(side, env) for env in self.layout.choices for side in (claim.lhs, claim.rhs)]
            for side, env in places:
                yield from self.layout.conditional_moments(side, env)

    def _of_parameter(self, term: t.Term) -> set[Unit]:
        names = free_indices(term) - set(self.layout.dims)
        return set() if names else self._of_term(term, {})

    def identical(self) -> list[list[Unit]]:
        """Classes of units with the same distribution."""
        classes: list[set[Unit]] = []
        for given in self.analysis.of(Identical):
            batch: set[Unit] = set()
            for env in self._environments(list(given.members)):
                for member in given.members:
                    for _, units in self._member_keys(member, env):
                        if len(units) > 1 and member.name not in self.split:
                            raise Unmodelled("identical distribution of compound quantities")
                        batch |= units
            merged = [c for c in classes if c & batch]
            classes = [c for c in classes if not c & batch] + [batch.union(*merged)]
        return [sorted(c, key=str) for c in classes if len(c) > 1]
