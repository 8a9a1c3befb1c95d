"""Finds the moves of a certificate: the replayed steps by which lhs − rhs vanishes, guided by what the proof used.

The search tries moves with the verifier's own code, so that what it finds is what will be replayed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from time import process_time
from typing import Any

from derive.language import facts as ft
from derive.language import terms as tm
from derive.verify.equations import property_equation, stated
from derive.verify.moves import applied
from derive.verify.opening import World
from derive.verify.polynomials import Factor, Ix, Poly, frozen, moved
from derive.verify.refusal import Refused, Work
from derive.verify.replay import WRITTEN_OUT, apart, components, opened, remains
from derive.verify.spot import Spot, spotted
from derive.verify.statements import defined_name, mentioned

LONGEST = 400
PLACES = ("row", "column")  # what a binding calls the component of an equation
Move = dict[str, Any]
Binding = dict[str, Ix]
Pattern = tuple[int, Any, Binding, Poly]  # given, side, fixed places, lhs − rhs with letters for what is free


@dataclass
class Found:
    """The definitions that are unfolded, and the moves for each component."""

    unfold: list[int]
    proof: list[list[Move]] = field(default_factory=list)


def search(claim: ft.Claim, uses: tuple[Any, ...], seconds: float = 2.0) -> Found | None:
    """Moves that prove the claim, or None: then there is no certificate for it."""
    end = process_time() + seconds
    givens = claim.facts.givens
    used = [n for n, g in enumerate(givens) if g in uses]
    defining = [
        n for n, g in enumerate(givens) if isinstance(g, ft.Equation) and g.kind == "definition" and defined_name(g)
    ]
    for unfold, chosen in (([n for n in used if n in defining], used), (defining, list(range(len(givens))))):
        try:
            found = Found(unfold)
            for place in components(claim.lhs, claim.rhs):
                work = Work()
                world = World(claim.facts.symbols, givens, frozenset(unfold), work)
                moves = _Search(world, claim, [n for n in chosen if n not in unfold], end).run(place)
                if moves is None:
                    break
                found.proof.append(moves)
            else:
                return found
        except (Refused, RecursionError):
            continue
    return None


@dataclass
class _Search:
    world: World
    claim: ft.Claim
    used: list[int]
    end: float
    patterns: list[Pattern] = field(default_factory=list)

    def run(self, place: tuple[Ix, Ix]) -> list[Move] | None:
        poly = opened(self.world, self.claim, place)
        if not remains(self.world.algebra, poly):
            return []
        self.patterns = [p for n in self.used for p in self.pattern(n)]
        moves: list[Move] = []
        seen = {frozen(poly)}
        while len(moves) < LONGEST and process_time() < self.end:
            step = self.step(poly, seen)
            if step is None:
                return None
            move, poly = step
            moves.append(move)
            seen.add(frozen(poly))
            if not remains(self.world.algebra, poly):
                return moves
        return None

    def step(self, poly: Poly, seen: set[Any]) -> tuple[Move, Poly] | None:
        """The first move that leads to something new."""
        for number in range(len(poly)):
            spot, _ = spotted(self.world, poly, {"at": [number]}, apart(self.world, self.claim))
            back = {name[0]: ix for ix, name in ((old, new) for old, new in spot.names.items())}
            for move in self.candidates(spot, number, back):
                if process_time() > self.end:
                    return None
                try:
                    result = applied(self.world, poly, move, apart(self.world, self.claim))
                except Refused:
                    continue
                if frozen(result) not in seen:
                    return move, result
        return None

    # ------------------------------------------------------------------ candidates

    def candidates(self, spot: Spot, number: int, back: dict[str, str]) -> Iterator[Move]:
        for place, (factor, exponent) in enumerate(spot.pairs):
            if factor[0] == "E" and exponent > 0:
                yield from self.equations(spot, factor[1], [number, place], back)
        for place, (factor, exponent) in enumerate(spot.pairs):
            yield from self.on_factor(factor, exponent, [number, place])
            if factor[0] == "E":
                yield from self.on_moment(factor, [number, place], spot, back)
            if factor[0] == "q":
                yield from self.in_base(factor, [number, place], spot, back)
        yield from self.equations(spot, tuple(spot.pairs), [number], back)
        for place, (factor, _) in enumerate(spot.pairs):
            if factor[0] == "E":
                yield from self.late(factor, [number, place], spot, back)

    def on_factor(self, factor: Factor, exponent: Any, at: list[int]) -> Iterator[Move]:
        if factor[0] == "x" and exponent > 1 and self.world.symbols[factor[1]].support in ("binary", "sign"):
            yield {"rule": "idempotent", "at": at}
        if factor[0] == "E":
            for place, (inner, power) in enumerate(factor[1]):
                yield from self.on_factor(inner, power, [*at, place])

    def on_moment(self, factor: Factor, at: list[int], spot: Spot, back: dict[str, str]) -> Iterator[Move]:
        if len(at) == 2:
            yield from self.equations(spot, ((factor, 1),), at[:1], back)
        if factor[2]:
            yield {"rule": "known", "at": at}
        for place, (inner, power) in enumerate(factor[1]):
            if inner[0] == "E" and power > 0:
                yield {"rule": "tower", "at": at, "inner": place}
                yield from self.on_moment(inner, [*at, place], spot, back)
        for given in self.used:
            for rule, kind in DEPENDENCE:
                if isinstance(self.world.givens[given], kind):
                    yield {"rule": rule, "at": at, "given": given}
        yield from self.splits(factor, at[:1], back)

    def in_base(self, base: Factor, at: list[int], spot: Spot, back: dict[str, str]) -> Iterator[Move]:
        for number, ((powers, _), _) in enumerate(base[1]):
            for place, (factor, exponent) in enumerate(powers):
                yield from self.on_factor(factor, exponent, [*at, number, place])
                if factor[0] == "E":
                    yield from self.on_moment(factor, [*at, number, place], spot, back)

    def late(self, factor: Factor, at: list[int], spot: Spot, back: dict[str, str]) -> Iterator[Move]:
        for given in self.used:
            stated_ = self.world.givens[given]
            if isinstance(stated_, ft.Identical):
                for member in self.preferred(stated_.members):
                    yield {"rule": "identical", "at": at, "given": given, "to": self.first(member)}
            plain = not factor[2] and all(inner[0] != "E" for inner, _ in factor[1])
            if plain and isinstance(stated_, (ft.Equation, ft.ConditionallyIndependent)):
                yield {"rule": "condition", "at": at, "given": given}

    def preferred(self, members: tuple[ft.Member, ...]) -> list[ft.Member]:
        """Members of a statement, those first about whose moments something is given."""
        told = [
            g
            for n, g in enumerate(self.world.givens)
            if n in self.used and isinstance(g, (ft.Equation, ft.Distributed))
        ]
        names = set().union(*(mentioned(g) for g in told))
        known = [m for m in members if m.name in self.world.symbols]
        return sorted(known, key=lambda m: m.name not in names)[:2]

    def first(self, member: ft.Member) -> list[Any]:
        """The first of the variables that a member of a statement stands for: [name, indices]."""
        info = self.world.symbols[member.name]
        spans = self.world.spans(member.name)
        count = len(info.families) or (len(spans) if member.each else 0)
        return [member.name, [list(s[0]) if s is not None else ["", 1] for s in spans[:count]]]

    def splits(self, factor: Factor, at: list[int], back: dict[str, str]) -> Iterator[Move]:
        """Whether two members of a family are the same one."""
        names = {m.name for n in self.used for m in _each_members(self.world.givens[n])}
        inside = [f for f, _ in factor[1] if f[0] == "x" and f[1] in names]
        for k, one in enumerate(inside):
            for other in inside[:k]:
                count = len(self.world.symbols[one[1]].families) or len(one[2])
                for i, j in zip(one[2][:count], other[2][:count], strict=False):
                    if one[1] == other[1] and i[0] != j[0]:
                        yield {"rule": "split", "at": at, "indices": [_written(i, back), _written(j, back)]}

    # ------------------------------------------------------------------ equations

    def pattern(self, given: int) -> Iterator[Pattern]:
        """What a given says, its free indices as letters that anything can be put for."""
        stated_ = self.world.givens[given]
        if not isinstance(stated_, (ft.Equation, ft.Property)):
            return
        sides = ("left", "right") if isinstance(stated_, ft.Property) and stated_.name == "orthogonal" else (None,)
        for side in sides:
            try:
                lhs, rhs = self.sides(stated_, side)
            except Refused:
                continue
            places = [("", 1) if d == 1 else (f"%{n}", 0) for d, n in zip(lhs.shape, PLACES, strict=True)]
            try:
                yield (given, side, {}, self._pattern(stated_, lhs, rhs, places))
            except Refused:
                yield from self._written_out(given, lhs, rhs, side)

    def sides(self, given: Any, side: Any) -> tuple[tm.Term, tm.Term]:
        return property_equation(given, side) if isinstance(given, ft.Property) else (given.lhs, given.rhs)

    def _written_out(self, given: int, lhs: tm.Term, rhs: tm.Term, side: Any) -> Iterator[Pattern]:
        """What a given with literal matrices says of each component."""
        if any(not isinstance(d, int) or d > WRITTEN_OUT for d in lhs.shape):
            return
        for row, column in product(*(range(1, d + 1) for d in lhs.shape if isinstance(d, int))):
            fixed: Binding = {"row": ("", row), "column": ("", column)}
            try:
                yield (given, side, fixed, self._pattern(self.world.givens[given], lhs, rhs, [("", row), ("", column)]))
            except Refused:
                continue

    def _pattern(self, given: Any, lhs: tm.Term, rhs: tm.Term, places: list[Ix]) -> Poly:
        letters = set(self.world.schematic(given)) if isinstance(given, ft.Equation) else set()
        env = {name: (f"%{name}", 0) for name in letters}
        return self.world.algebra.minus(self.world.at(lhs, *places, env), self.world.at(rhs, *places, env))

    def equations(self, spot: Spot, here: Any, at: list[int], back: dict[str, str]) -> Iterator[Move]:
        """Ways to use an equation in a product."""
        for given, side, fixed, poly in self.patterns:
            for (powers, ranges), _ in _heaviest(poly):
                bound = {name for name, _, _ in ranges}
                for found in _matches(powers, list(here), {}, bound):
                    binding = fixed | {n.lstrip("%"): ix for n, ix in found.items() if n.startswith("%")}
                    move: Move = {"rule": "equation", "at": at, "given": given}
                    yield from self._instances(spot, move | ({"side": side} if side else {}), binding, here, back)
        for place, (factor, _) in enumerate(here):
            if factor[0] == "i":
                inner = [place] if len(at) == 1 else [at[1], place]
                others = sorted({ix for f, _ in here for ix in _places(f)})
                for side, own, other in product(("left", "right"), dict.fromkeys(factor[3:5]), others):
                    move = {"rule": "equation", "at": at, "inverse": inner, "side": side}
                    ends = {"row": own, "column": other} if side == "left" else {"row": other, "column": own}
                    yield from self._instances(spot, move, ends, here, back)

    def _instances(self, spot: Spot, move: Move, binding: Binding, here: Any, back: dict[str, str]) -> Iterator[Move]:
        bound_move = move | {"binding": {n: _written(ix, back) for n, ix in binding.items()}}
        trial = Spot(self.world, bound_move, spot.coefficient, spot.pairs, spot.ranges, spot.names, spot.apart)
        try:
            monomials = sorted(stated(trial, binding).items(), key=repr)
        except Refused:
            return
        heavy = [m for m, _ in _heaviest(dict(monomials))]
        for lead, ((powers, ranges), _) in enumerate(monomials):
            if (powers, ranges) in heavy:
                bound = {name for name, _, _ in ranges}
                for found in _matches(powers, list(here), {}, bound):
                    whole = binding | {n: ix for n, ix in found.items() if n in bound}
                    yield bound_move | {"lead": lead, "binding": {n: _written(ix, back) for n, ix in whole.items()}}


DEPENDENCE = (
    ("law", ft.Distributed),
    ("independence", ft.Independent),
    ("conditional independence", ft.ConditionallyIndependent),
    ("uncorrelated", ft.Uncorrelated),
)


def _each_members(given: Any) -> list[ft.Member]:
    if isinstance(given, ft.Independent):
        return [m for g in given.groups for m in g if m.each]
    if isinstance(given, ft.Uncorrelated):
        return [m for m in given.members if m.each]
    if isinstance(given, ft.Equation) and given.distinct:
        symbols = [t for t in tm.walk(given.lhs) if isinstance(t, tm.Symbol) and t.indices]
        return [ft.Member(s.name, each=True) for s in symbols]
    return []


def _places(factor: Factor) -> set[Ix]:
    """The indices that stand on the symbols in a factor."""
    if factor[0] == "E":
        return {ix for inner, _ in factor[1] for ix in _places(inner)}
    return set(factor[2]) if factor[0] == "x" else set(factor[3:5]) if factor[0] == "i" else set()


def _written(ix: Ix, back: dict[str, str]) -> list[Any]:
    return list(moved(ix, {new: (old, 0) for new, old in back.items()}))


def _heaviest(poly: Poly) -> list[Any]:
    """The monomials that an equation is solved for: those with the most in expectations, then with the most factors."""

    def weight(mono: Any) -> tuple[Any, ...]:
        powers, _ = mono
        moments = max((sum(e for _, e in f[1]) for f, _ in powers if f[0] == "E"), default=0)
        return (moments, sum(e for f, e in powers if f[0] not in "dul"))

    most = max((weight(m) for m in poly), default=())
    return [(m, c) for m, c in sorted(poly.items(), key=repr) if weight(m) == most]


def _matches(wanted: Any, here: list[Any], env: Binding, letters: set[str]) -> Iterator[Binding]:
    """Values for the letters with which all wanted powers stand here."""
    if not wanted:
        yield env
        return
    (factor, exponent), *rest = wanted
    for other, power in here:
        if power >= exponent > 0:
            for found in _match(factor, other, env, letters):
                left = [(f, e - exponent if f == other else e) for f, e in here]
                yield from _matches(rest, [p for p in left if p[1]], found, letters)


def _match(pattern: Any, value: Any, env: Binding, letters: set[str]) -> Iterator[Binding]:
    """Values for the letters that make the pattern the value."""
    if isinstance(pattern, tuple) and len(pattern) == 2 and isinstance(pattern[0], str) and type(pattern[1]) is int:
        base = pattern[0]
        if base in letters or base.startswith("%"):
            if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str) and type(value[1]) is int:
                wanted = (value[0], value[1] - pattern[1])
                if env.get(base, wanted) == wanted:
                    yield env | {base: wanted}
            return
    if not isinstance(pattern, tuple):
        if pattern == value:
            yield env
        return
    if not isinstance(value, tuple) or len(pattern) != len(value):
        return
    if len(pattern) == 3 and pattern[0] == value[0] == "E":
        as_many = sum(e for _, e in pattern[1]) == sum(e for _, e in value[1])
        for found in _matches(pattern[1], list(value[1]), env, letters) if as_many else ():
            yield from _match(pattern[2], value[2], found, letters)
        return
    for turned in (value, _swapped(value)) if pattern[:1] == value[:1] else (value,):
        if turned is not None:
            yield from _in_turn(pattern, turned, env, letters)


def _in_turn(pattern: Any, value: Any, env: Binding, letters: set[str]) -> Iterator[Binding]:
    if not pattern:
        yield env
        return
    for found in _match(pattern[0], value[0], env, letters):
        yield from _in_turn(pattern[1:], value[1:], found, letters)


def _swapped(value: Any) -> Any:
    """An entry of a symmetric matrix with its indices in the other order; None for anything else."""
    if len(value) == 4 and value[0] == "x" and isinstance(value[3], str) and value[3].endswith("s"):
        return ("x", value[1], (*value[2][:-2], value[2][-1], value[2][-2]), value[3])
    if len(value) == 3 and value[0] in ("d", "u"):
        return (value[0], value[2], value[1])
    return ("i", value[1], value[2], value[4], value[3]) if len(value) == 5 and value[0] == "i" else None
