"""What the statements about dependence speak of: units of random numbers, and which of them are apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.arrays import Abstain, Axis, quoted
from derive.witnesses.sim_constants import Layout
from derive.witnesses.sim_dependence import Separation, Unit
from derive.witnesses.sim_prepare import Prepared, names_in

Groups = list[frozenset[int]]


@dataclass(slots=True)
class Structure:
    """Units and separations.  A family falls into its members where something is said about single ones."""

    prepared: Prepared
    infos: Mapping[str, f.SymbolInfo]
    layouts: Mapping[str, Layout]
    rows: Mapping[str, np.ndarray]
    dims: Mapping[str, int]
    free: Mapping[str, Axis]
    units: list[Unit] = field(default_factory=list)
    separation: Separation = field(default_factory=Separation)
    mutual: set[frozenset[int]] = field(default_factory=set)
    independent: Separation = field(default_factory=Separation)  # what is stated, not what is drawn so
    responses: list[tuple[frozenset[int], frozenset[int], int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def build(self) -> None:
        split = self._split()
        conditioned = self._conditioned()
        for name, rows in self.rows.items():
            for part in self._parts(name, rows, split):
                declared = any(d.symbol.name == name for d in self.prepared.distributions)
                self.units.append(Unit(name, part.ravel(), self._support(name), declared, name in conditioned))
        for given in self.prepared.dependence:
            self._statement(given)
        self.responses = [r for r in map(self._allowed, self.responses) if r is not None]

    def _allowed(
        self, response: tuple[frozenset[int], frozenset[int], int]
    ) -> tuple[frozenset[int], frozenset[int], int] | None:
        """The response, with nothing in it that would break another statement: independence, or a common law."""
        side, known, function = response
        kept = frozenset(k for k in known if not any(self.independent.apart(u, k) for u in side))
        laws = [u.law for u in self.units if u.law]
        alone = all(laws.count(self.units[u].law) < 2 for u in side)
        shared = sum(function == other for _, _, other in self.responses) > 1
        fixed = {n for _, left, right in self.prepared.moments for n in names_in(left, right)}
        bound = any(self.units[u].name in fixed for u in side)  # a response would change its mean and variance
        return (side, kept, function) if (alone or shared) and not bound else None

    def _support(self, name: str) -> str:
        events = {
            n.left
            for term in self.prepared.terms
            for n in t.walk(term)
            if isinstance(n, t.Indicator) and not n.relation
        }
        if any(isinstance(e, t.Symbol) and e.name == name for e in events):
            return "binary"
        support = self.infos[name].support
        return "positive" if support == "real" and name in self._under_roots() else support

    def _under_roots(self) -> set[str]:
        """What stands alone under a logarithm or a root has to be positive."""
        nodes = [n for term in self.prepared.terms for n in t.walk(term)]
        bases = [n.args[0] for n in nodes if isinstance(n, t.Function) and n.name in ("log", "ln", "sqrt")]
        for node in nodes:
            if isinstance(node, t.Pow) and isinstance(node.exponent, t.Number) and node.exponent.value.denominator > 1:
                bases.append(node.base)
        return {b.name for b in bases if isinstance(b, t.Symbol)}

    def _split(self) -> set[str]:
        """Symbols of which single members (or, without a family, single components) are spoken of."""
        found = {d.symbol.name for d in self.prepared.distributions if self.layouts[d.symbol.name].families}
        for given in self.prepared.dependence:
            for member in members_of(given):
                if member.each or member.indices:
                    found |= self._base(member)
                elif isinstance(given, f.Identical):
                    found |= {n for n in self._base(member) if self.layouts[n].families}
        return found

    def _parts(self, name: str, rows: np.ndarray, split: set[str]) -> Iterator[np.ndarray]:
        families = self.layouts[name].families
        if name not in split:
            yield rows
        elif families:
            for place in np.ndindex(*families):
                yield rows[place]
        elif any(d.symbol.name == name for d in self.prepared.distributions):
            yield rows
        else:
            yield from rows.ravel()[:, None]

    def _conditioned(self) -> set[str]:
        found: set[str] = set()
        for term in self.prepared.terms:
            for node in t.walk(term):
                if isinstance(node, (t.Expectation, t.Variance, t.Covariance, t.Correlation)) and node.given:
                    found |= names_in(*node.given)
        return found & set(self.rows)

    # -- members -----------------------------------------------------------------------------

    def _base(self, member: f.Member) -> set[str]:
        """The random symbols that a member stands for, definitions put in."""
        if member.term is not None:
            names = names_in(self.prepared.definitions.expand(member.term))
        elif member.name in self.prepared.definitions.by_name:
            info = self.prepared.facts.symbols.get(member.name)
            indices = member.indices or tuple(t.Index(f"any {k}") for k in range(len(info.families) if info else 0))
            symbol = t.Symbol(member.name, indices, info.shape if info else t.SCALAR)
            names = names_in(self.prepared.definitions.expand(symbol))
        else:
            names = {member.name, *self.prepared.applied.get(member.name, ())}
        return names & set(self.rows)

    def units_of(self, member: f.Member, values: Mapping[str, int]) -> list[int]:
        """The units of a member, for values of its free indices."""
        rows: list[np.ndarray] = []
        for name in self._base(member):
            part = self.rows[name]
            direct = name == member.name or name in self.prepared.applied.get(member.name, ())
            if direct and member.indices:
                place = tuple(
                    self._place(i, low, values)
                    for i, low in zip(member.indices, self.layouts[name].lowers, strict=False)
                )
                if any(not 0 <= p < size for p, size in zip(place, part.shape, strict=False)):
                    continue
                part = part[place]
            rows.append(part.ravel())
        wanted = np.concatenate(rows) if rows else np.zeros(0, dtype=int)
        return [k for k, unit in enumerate(self.units) if np.isin(unit.rows, wanted).any()]

    def _place(self, index: t.Index, low: int, values: Mapping[str, int]) -> int:
        if index.base is None:
            return index.offset - low
        base = values.get(index.base, self.dims.get(index.base))
        if base is None:
            raise Abstain(f"the index {index.base} in a statement about dependence has no value")
        return base + index.offset - low

    def _assignments(self, members: list[f.Member]) -> Iterator[dict[str, int]]:
        """Values for the free indices of a statement that holds for all of them."""
        ranges: dict[str, range] = {}
        for member in members:
            for name in self._base(member):
                place = self.layouts[name]
                for index, low, size in zip(member.indices, place.lowers, place.families, strict=False):
                    if index.base is not None and index.base not in self.dims:
                        ranges.setdefault(index.base, range(low - index.offset, low - index.offset + size))
        for values in product(*ranges.values()):
            yield dict(zip(ranges, values, strict=True))

    # -- statements --------------------------------------------------------------------------

    def _statement(self, given: f.Given) -> None:
        match given:
            case f.Independent():
                self._independent(given)
            case f.ConditionallyIndependent(left, right, known):
                for values in self._assignments([*left, *right, *known]):
                    a, b, c = (
                        frozenset(u for m in side for u in self.units_of(m, values)) for side in (left, right, known)
                    )
                    self._conditionally(given, [a, b], c)
            case f.IndependentGiven(groups, known):
                for values in self._assignments([*known, *(m for g in groups for m in g)]):
                    parts = [g for group in groups for g in self._groups(group, values) if g]
                    base = frozenset(u for m in known for u in self.units_of(m, values))
                    self._conditionally(given, parts, base, alike=given.alike)
            case f.Identical(members):
                self._identical(members)
            case f.Uncorrelated(members):
                self._uncorrelated(members)

    def _independent(self, given: f.Independent) -> None:
        flat = [m for group in given.groups for m in group]
        for values in self._assignments(flat):
            if any(_same(a, b, values) for a, b in given.distinct):
                continue
            groups = [g for group in given.groups for g in self._groups(group, values)]
            groups = [g for g in groups if g]
            if any(a & b for k, a in enumerate(groups) for b in groups[:k]):
                if given.schematic:
                    continue  # i and j with the same value
                raise Abstain(f"quantities that share a part cannot be drawn independently: {quoted(given.source)}")
            self.separation.separate(groups)
            self.independent.separate(groups)
            if given.pairwise and all(len(g) == 1 for g in groups):
                self.separation.only_pairwise.append([u for g in groups for u in g])
            else:
                said = Separation()
                said.separate(groups)
                self.mutual |= said.pairs

    def _groups(self, group: tuple[f.Member, ...], values: Mapping[str, int]) -> Groups:
        """One group, or one for each member of a family; several families are taken side by side."""
        if not all(m.each for m in group):
            return [frozenset(u for m in group for u in self.units_of(m, values))]
        columns = [self.units_of(m, values) for m in group]
        if len({len(c) for c in columns}) > 1:
            raise Abstain("families of different sizes are taken side by side")
        return [frozenset(units) for units in zip(*columns, strict=True)]

    def _identical(self, members: tuple[f.Member, ...]) -> None:
        units = [u for m in members for values in self._assignments([m]) for u in self.units_of(m, values)]
        labels = {self.units[u].law for u in units} - {""}
        law = min(labels) if labels else f"law of {members[0].name}"
        for unit in self.units:
            if unit.law in labels:
                unit.law = law
        supports = {self.units[u].support for u in units} - {"real"}
        for u in units:
            self.units[u].law = law
            self.units[u].support = min(supports) if supports else "real"

    def _uncorrelated(self, members: tuple[f.Member, ...]) -> None:
        """Where distributions are declared, independence stands for it; the rest is a condition on covariances."""
        parts = [
            [frozenset({u}) for u in self.units_of(m, {})] if m.each else [frozenset(self.units_of(m, {}))]
            for m in members
        ]
        groups = [g for part in parts for g in part if g]
        if any(a & b for k, a in enumerate(groups) for b in groups[:k]):
            return
        if not all(self.units[u].free for g in groups for u in g):
            self.separation.separate(groups)
            self.notes.append("uncorrelated quantities were drawn independently")

    def _conditionally(self, given: f.Given, sides: Groups, known: frozenset[int], alike: bool = False) -> None:
        """The sides respond to what is known; those that are alike in the same way."""
        function = len(self.responses)
        overlap = any(a & b for k, a in enumerate(sides) for b in sides[:k])
        if overlap or any(side & known for side in sides):
            raise Abstain(f"quantities that share a part cannot be drawn so: {quoted(given.source)}")
        self.separation.separate([*sides, known])
        for side in sides:
            if not all(self.units[u].free for u in side):
                self.notes.append(
                    "conditionally independent quantities with declared distributions were drawn independently"
                )
            else:
                self.responses.append((side, known, function if alike else len(self.responses)))


def _same(a: t.Index, b: t.Index, values: Mapping[str, int]) -> bool:
    """Whether two indices that differ in a statement have the same value."""
    left, right = (i.offset + (values.get(i.base, 0) if i.base else 0) for i in (a, b))
    return left == right


def members_of(given: f.Given) -> tuple[f.Member, ...]:
    match given:
        case f.Independent(groups):
            return tuple(m for group in groups for m in group)
        case f.ConditionallyIndependent(left, right, known):
            return (*left, *right, *known)
        case f.IndependentGiven(groups, known):
            return (*(m for group in groups for m in group), *known)
        case f.Uncorrelated(members) | f.Identical(members):
            return members
    return ()
