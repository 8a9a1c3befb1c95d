"""Derivatives of polynomials by the entries of a symbol: ∂w_i/∂w_k = δ_ik, and into expectations where nothing ties it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.language import facts as ft
from derive.language import terms as tm
from derive.verify.polynomials import FIRST, Factor, Ix, Poly, entries, ordered
from derive.verify.refusal import Refused
from derive.verify.statements import mentioned

if TYPE_CHECKING:
    from derive.verify.known import Env
    from derive.verify.opening import World


def derivative(world: World, term: tm.Derivative, row: Ix, column: Ix, env: Env) -> Poly:
    if not isinstance(term.wrt, tm.Symbol):
        raise Refused("a derivative by anything but a symbol is not covered")
    scalar = term.arg.shape == tm.SCALAR
    world.shaped(scalar or (term.arg.shape[1] == 1 and term.wrt.shape == tm.SCALAR))
    places = (row, column) if scalar else (FIRST, FIRST)
    found = [f for powers, _ in world.symbol(term.wrt, *places, env) for f, _ in powers]
    if len(found) != 1 or found[0][0] != "x" or found[0][3] != "c" or found[0][1] in tied(world):
        raise Refused("something is given about what a derivative is by, or it is random")
    if any(found[0][1] in info.labels for info in world.symbols.values()):
        raise Refused("the variable of a derivative stands in the name of something")
    return slope(world, world.at(term.arg, *((FIRST, FIRST) if scalar else (row, FIRST)), env), found[0])


def tied(world: World) -> set[str]:
    """Symbols about which a given says something, those in the definitions of such symbols included."""
    twice = {id(g) for several in world.definitions.values() if len(several) > 1 for g in several}
    found = [
        g
        for n, g in enumerate(world.givens)
        if (n not in world.unfold or id(g) in twice) and not isinstance(g, ft.Comparison)
    ]
    names = {p for info in world.symbols.values() for p in info.parameters}
    found += [g for name in names for g in world.definitions.get(name, ())]
    while found:
        more = set().union(*(mentioned(g) for g in found)) - names
        names |= more
        found = [g for name in more for g in world.definitions.get(name, ())]
    return names


def slope(world: World, poly: Poly, by: Factor) -> Poly:
    algebra, out = world.algebra, []
    for mono, coefficient in poly.items():
        pairs, ranges = algebra.opened(mono)
        for place, (factor, exponent) in enumerate(pairs):
            rest = [*pairs[:place], (factor, exponent - 1), *pairs[place + 1 :]]
            for inner, c in factor_slope(world, factor, by).items():
                more, spans = algebra.opened(inner)
                out.append(algebra.normal(coefficient * c * exponent, [*rest, *more], ranges | spans))
    return algebra.added(out)


def factor_slope(world: World, factor: Factor, by: Factor) -> Poly:
    algebra, tag = world.algebra, factor[0]
    if tag == "x" and factor[1] == by[1]:
        equal = [(ordered(("d", a, b)), 1) for a, b in zip(factor[2], by[2], strict=True)]
        return algebra.normal(Fraction(1), equal, {})
    if all(found[1] != by[1] for found, _ in entries(factor)):
        return {}
    if tag == "q":
        return slope(world, dict(factor[1]), by)
    if tag == "E" and not any(f[1] == by[1] for f, _ in entries(("E", (), factor[2]))):
        contents = algebra.normal(Fraction(1), factor[1], {})
        return algebra.expected(slope(world, contents, by), factor[2])
    name = factor[1] if tag == "f" else ""
    if name in world.symbols and len(factor[3]) == 1 and factor[3][0][1] == (FIRST, FIRST):
        outer = algebra.of((tag, name, factor[2] + 1, *factor[3:]))
        return algebra.times(outer, slope(world, dict(factor[3][0][0]), by))
    raise Refused("this derivative is not covered")
