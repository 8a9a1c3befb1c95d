"""The place that a move is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.verify.coding import whole
from derive.verify.opening import World
from derive.verify.polynomials import Factor, Ix, Poly, Span, moved, ordered
from derive.verify.refusal import Refused

Pairs = list[tuple[Factor, Any]]
Move = dict[str, Any]


@dataclass
class Spot:
    """The monomial that a move changes, its bound indices under fresh names.

    `names`: what they were called; `apart`: pairs of indices that are known to differ.
    """

    world: World
    move: Move
    coefficient: Fraction
    pairs: Pairs
    ranges: dict[str, Span]
    names: dict[str, Ix]
    apart: set[frozenset[Ix]] = field(default_factory=set)

    def index(self, value: Any) -> Ix:
        """An index of the certificate: [name, offset]."""
        if not isinstance(value, list) or len(value) != 2 or not isinstance(value[0], str):
            raise Refused("expected an index [name, offset]")
        return moved((value[0], whole(value[1])), self.names)

    def binding(self) -> dict[str, Ix]:
        value = self.move.get("binding", {})
        if not isinstance(value, dict):
            raise Refused("expected a binding of indices")
        return {name: self.index(ix) for name, ix in value.items()}

    def given(self, kind: type) -> Any:
        number = self.move.get("given")
        if type(number) is not int or not 0 <= number < len(self.world.givens):
            raise Refused("there is no such given")
        found = self.world.givens[number]
        if not isinstance(found, kind):
            raise Refused(f"given {number} is no {kind.__name__}")
        return found

    def differ(self, i: Ix, j: Ix) -> bool:
        if i[0] == j[0]:
            return i != j
        a, b = ordered(("u", i, j))[1:]
        return frozenset((a, b)) in self.apart


def spotted(world: World, poly: Poly, move: Move, apart: Iterable[tuple[Ix, Ix]]) -> tuple[Spot, Poly]:
    """The monomial that a move is about, and the others."""
    world.algebra.restart()
    monomials = sorted(poly.items(), key=repr)
    mono, coefficient = monomials[position(move["at"][0], len(monomials))]
    pairs, ranges, names = world.algebra.named(mono)
    world.algebra.domains.update({name: {span} for name, span in ranges.items()})
    world.noted(pairs)
    known = [f[1:] for f, _ in pairs if f[0] in "ul"] + list(apart)
    different = {frozenset(ordered(("u", i, j))[1:]) for i, j in known}
    return Spot(world, move, coefficient, pairs, ranges, names, different), {m: c for m, c in monomials if m != mono}


def position(value: Any, count: int) -> int:
    if type(value) is not int or not 0 <= value < count:
        raise Refused("there is no such place")
    return value
