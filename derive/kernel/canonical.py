"""Canonical names for the bound indices of a monomial.

A monomial is a small graph: factors are hyperedges over indices.  Two monomials that differ only in the names of bound
indices get the same canonical form, so equality of polynomials is equality of dictionaries.

Parts that share no index are named apart and put in order by what they are.  Within a part, as in McKay's nauty: indices
get colours, which are split by what each index touches; ties are broken by marking one index of the first tied colour at
a time, and of indices that an automorphism found on the way carries into each other only one is tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from derive.kernel.mapping import Move, map_factor
from derive.kernel.monomials import Factor, Ix, Mono, Powers, Ranges, bound_names, indices_of, sorted_powers

Bounds = list[tuple[str, tuple[Ix, Ix]]]  # name and range of each bound index
Powered = tuple[Factor, Any]
KNOWN = 20_000  # canonical forms that are remembered
_known: dict[tuple[Powers, Ranges], Mono] = {}  # of monomials whose bound indices are called by their places


class Edge(NamedTuple):
    """A factor with its exponent, or the range of an index: `exponent` is that index, and `factor` holds the ends."""

    factor: Factor
    exponent: Any
    indices: frozenset[str]
    is_range: bool = False


Touching = dict[str, list[Edge]]
Colours = dict[str, int]  # the place of an index's cell in the ordered partition


def canonical(powers: Powers, bounds: Bounds) -> Mono:
    """The monomial with its bound indices in canonical order under canonical names, and its factors in order."""
    if not bounds:
        return (sorted_powers(powers), ())
    targets = bound_names(powers, len(bounds))
    if len(bounds) == 1:
        name, span = bounds[0]
        return (rename(powers, {name: targets[0][0]}), (span,))
    places = {name: f"!{k}" for k, (name, _) in enumerate(bounds)}
    move = _renaming(places)
    plain = tuple([(map_factor(f, move), e) for f, e in powers])
    spans = tuple([(move(low), move(high)) for _, (low, high) in bounds])
    found = _known.get((plain, spans))
    if found is None:
        if len(_known) >= KNOWN:
            _known.clear()
        found = _known[plain, spans] = _named(plain, list(zip(places.values(), spans, strict=True)), targets)
    return found


def _named(powers: Powers, bounds: Bounds, targets: list[Ix]) -> Mono:
    order = _order(powers, bounds)
    names = {name: targets[k][0] for k, name in enumerate(order)}
    spans = dict(bounds)
    ranges = tuple(
        tuple((names.get(base, base), offset) for base, offset in spans[name])  # a range may depend on another index
        for name in order
    )
    return (rename(powers, names), ranges)  # type: ignore[return-value]


def rename(powers: Iterable[Powered], names: dict[str, str]) -> Powers:
    move = _renaming(names)
    return sorted_powers([(map_factor(f, move), e) for f, e in powers])


def _renaming(names: dict[str, str]) -> Move:
    return lambda ix: (names[ix[0]], ix[1]) if ix[0] in names else ix


def _order(powers: Powers, bounds: Bounds) -> list[str]:
    """The bound names in canonical order."""
    touching = _touching(powers, bounds)
    parts = _parts(touching)
    if len(parts) == 1:
        return _Part(touching).order()
    orders = [_Part({name: touching[name] for name in names}).order() for names in parts]
    orders.sort(key=lambda order: _form(order, touching))
    return [name for order in orders for name in order]


def _touching(powers: Powers, bounds: Bounds) -> Touching:
    """The factors in which each bound index stands, and its range (with those of which it is an end)."""
    touching: Touching = {name: [] for name, _ in bounds}
    edges = [Edge(f, e, frozenset(i[0] for i in indices_of(f) if i[0] in touching)) for f, e in powers]
    for name, (low, high) in bounds:
        ends = frozenset(base for base in (name, low[0], high[0]) if base in touching)
        edges.append(Edge((low, high), (name, 0), ends, True))
    for edge in edges:
        for base in edge.indices:
            touching[base].append(edge)
    return touching


def _parts(touching: Touching) -> list[list[str]]:
    """The indices in groups that no factor joins."""
    left, parts = set(touching), []
    for name in touching:
        if name not in left:
            continue
        part, todo = [], [name]
        left.discard(name)
        while todo:
            part.append(todo.pop())
            for base in sorted({b for edge in touching[part[-1]] for b in edge.indices} & left):
                left.discard(base)
                todo.append(base)
        parts.append(part)
    return parts


def _form(order: list[str], touching: Touching) -> list[str]:
    """What a part says with its indices named in this order: the same for two orders that an automorphism joins."""
    named = {name: f"#{k:03d}" for k, name in enumerate(order)}
    edges = {id(edge): edge for name in order for edge in touching[name]}
    return sorted(_seen(edge, named) for edge in edges.values())


def _seen(edge: Edge, named: dict[str, str]) -> str:
    """An edge with its indices called by their colours."""
    move = _renaming(named)
    if edge.is_range:
        low, high = edge.factor
        return repr((move(edge.exponent), move(low), move(high)))
    return repr((map_factor(edge.factor, move), edge.exponent))


class _Part:
    """The search for the canonical order of indices that hang together."""

    def __init__(self, touching: Touching):
        self.touching = touching
        self.near = {n: {b for e in edges for b in e.indices} for n, edges in touching.items()}
        self.best: tuple[list[str], list[str], list[str]] | None = None  # form, order, the indices that were marked
        self.automorphisms: list[dict[str, str]] = []
        self.back: int | None = None  # the depth to go back to, after an automorphism

    def order(self) -> list[str]:
        """The canonical order."""
        if len(self.touching) == 1:
            return [*self.touching]
        colours = self._split(dict.fromkeys(self.touching, 0), set(self.touching))
        self._search(colours, [])
        assert self.best is not None
        return self.best[1]

    def _search(self, colours: Colours, marked: list[str]) -> None:
        cell = _first_tie(colours)
        if cell is None:
            self._leaf(sorted(colours, key=lambda n: colours[n]), marked)
            return
        tried: list[str] = []
        for name in cell:
            if tried and self._is_like(name, tried, marked):
                continue
            tried.append(name)
            self._search(self._marked(colours, name), [*marked, name])
            if self.back is not None:
                if self.back < len(marked):
                    return
                self.back = None

    def _leaf(self, order: list[str], marked: list[str]) -> None:
        """An order that is left: the best one so far, or one that the best is carried to by an automorphism."""
        form = _form(order, self.touching)
        if self.best is None or form < self.best[0]:
            self.best = (form, order, marked)
        elif form == self.best[0]:
            self.automorphisms.append(dict(zip(self.best[1], order, strict=True)))
            pairs = zip(self.best[2], marked, strict=False)
            self.back = next((k for k, (a, b) in enumerate(pairs) if a != b), 0)

    def _is_like(self, name: str, tried: list[str], marked: list[str]) -> bool:
        """Whether an automorphism that leaves the marked indices alone carries one that was tried to this one."""
        for other in tried:
            if self._are_twins(name, other):
                return True
        orbit = {name: name for name in self.touching}

        def root(n: str) -> str:
            while orbit[n] != n:
                n = orbit[n]
            return n

        for moved in self.automorphisms:
            if all(moved[m] == m for m in marked):
                for one, other in moved.items():
                    orbit[root(one)] = root(other)
        return root(name) in {root(other) for other in tried}

    def _are_twins(self, a: str, b: str) -> bool:
        """Whether swapping two indices leaves all as it is."""
        edges = {id(e): e for n in (a, b) for e in self.touching[n]}.values()
        return sorted(_seen(e, {}) for e in edges) == sorted(_seen(e, {a: b, b: a}) for e in edges)

    def _marked(self, colours: Colours, name: str) -> Colours:
        """The colours with one index put before the others of its cell."""
        own = colours[name]
        finer = {n: c + 1 if c == own and n != name else c for n, c in colours.items()}
        return self._split(finer, {n for n, c in colours.items() if c == own and n != name})

    def _split(self, colours: Colours, changed: set[str]) -> Colours:
        """Cells split by what their members touch, until nothing changes; only what is near a change is looked at.

        Members that are near no change are still alike, and unlike those that are.
        """
        cells: dict[int, list[str]] = {}
        for name, colour in colours.items():
            cells.setdefault(colour, []).append(name)
        begun = len(cells) == 1
        while changed:
            looked_at = changed if begun else {n for c in changed for n in self.near[c]}
            begun = False
            split: dict[int, list[tuple[str, str]]] = {}
            for name in looked_at:
                if len(cells[colours[name]]) > 1:
                    split.setdefault(colours[name], []).append((self._signature(name, colours), name))
            changed = set()
            finer: Colours = {}
            for colour, signed in split.items():
                finer |= _subcells(cells, colour, signed)
            for name, colour in finer.items():
                if colours[name] != colour:
                    colours[name] = colour
                    changed.add(name)
        return colours

    def _signature(self, name: str, colours: Colours) -> str:
        named = {n: f"#{colours[n]:03d}" for n in self.near[name]}
        named[name] = "!"
        return repr(sorted(_seen(edge, named) for edge in self.touching[name]))


def _first_tie(colours: Colours) -> list[str] | None:
    """The members of the first cell that has several."""
    cells: dict[int, list[str]] = {}
    for name, colour in colours.items():
        cells.setdefault(colour, []).append(name)
    return next((cells[c] for c in sorted(cells) if len(cells[c]) > 1), None)


def _subcells(cells: dict[int, list[str]], colour: int, signed: list[tuple[str, str]]) -> Colours:
    """A cell split by signatures: what was not looked at comes first; `cells` is brought up to date."""
    inside = {name for _, name in signed}
    groups: dict[str, list[str]] = {}
    for signature, name in sorted(signed):
        groups.setdefault(signature, []).append(name)
    rest = [n for n in cells[colour] if n not in inside]
    finer: Colours = {}
    place = colour
    for group in filter(None, [rest, *groups.values()]):
        cells[place] = group
        finer.update(dict.fromkeys(group, place))
        place += len(group)
    return finer
