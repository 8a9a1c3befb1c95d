"""The rule that uses an equation: a given one, one that a property is, or A⁻¹A = I of an inverse that stands there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.language import facts as ft
from derive.language import terms as tm
from derive.verify.opening import World
from derive.verify.polynomials import FIRST, Factor, Ix, Poly, Span, indices, merged, moved, ordered
from derive.verify.refusal import Refused
from derive.verify.spot import Spot, position


def equation(spot: Spot, path: list[Any]) -> Poly:
    """Replaces a product by what an equation says of it: c·product + rest = 0; `lead`: which monomial it is."""
    free = spot.binding()
    poly = stated(spot, free)
    monomials = sorted(poly.items(), key=repr)
    (powers, ranges), coefficient = monomials[position(spot.move.get("lead"), len(monomials))]
    rest = spot.world.algebra.added([dict(monomials), {(powers, ranges): -coefficient}])
    value = spot.world.algebra.scaled(rest, -1 / coefficient)
    bound: dict[str, Ix] = {name: free[name] for name, _, _ in ranges if name in free}
    if len(bound) != len(ranges):
        raise Refused("the binding says nothing of an index that is summed over")
    wanted = merged((spot.world.algebra.renamed(f, bound), e) for f, e in powers)
    spans = {bound[n][0]: (moved(low, bound), moved(high, bound)) for n, low, high in ranges}
    if len(spans) != len(ranges) or any(ix[1] for ix in bound.values()):
        raise Refused("two indices that are summed over have one value")
    return _replaced(spot, path, dict(wanted), spans, value)


def _replaced(spot: Spot, path: list[Any], wanted: dict[Factor, Any], spans: dict[str, Span], value: Poly) -> Poly:
    algebra, pairs = spot.world.algebra, dict(spot.pairs)
    place: Any = None
    here = pairs
    if path:
        place = spot.pairs[position(path[0], len(spot.pairs))]
        if len(path) > 1 or place[0][0] != "E" or place[1].denominator != 1 or (spans and place[1] != 1):
            raise Refused("an equation is used in a product, or in an expectation")
        here = dict(place[0][1])
        del pairs[place[0]]
    for factor, exponent in wanted.items():
        if not here.get(factor, 0) >= exponent > 0:
            raise Refused("the product that is to be replaced does not stand here")
        here[factor] -= exponent
    left = [(f, e) for f, e in here.items() if e]
    outside = list(pairs.items()) if path else []
    for name, span in spans.items():
        others = {n: s for n, s in spot.ranges.items() if n not in spans}
        used = {n for f, _ in [*left, *outside] for n in indices(f)} | {x[0] for s in others.values() for x in s}
        if path:
            used |= {n for poly, shape in place[0][2] for n in indices(("q", poly))}
        used |= {n for powers, _ in value for f, _ in powers for n in indices(f)}
        if spot.ranges.get(name) != span or name in used:
            raise Refused("the sum that is to be replaced does not stand here")
    ranges = {n: s for n, s in spot.ranges.items() if n not in spans}
    result = algebra.times(algebra.normal(Fraction(1), left, {}), value)
    if path:
        result = algebra.power(algebra.expected(result, place[0][2]), place[1])
        result = algebra.times(algebra.normal(Fraction(1), outside, {}), result)
    return algebra.scaled(algebra.summed(result, ranges) if ranges else result, spot.coefficient)


def stated(spot: Spot, binding: dict[str, Ix]) -> Poly:
    """lhs − rhs of an equation that holds, its free indices having the values of the binding."""
    world = spot.world
    if "inverse" in spot.move:
        return inverted(spot, binding)
    given = spot.given(object)
    if isinstance(given, ft.Property):
        lhs, rhs = property_equation(given, spot.move.get("side"))
        free: frozenset[str] = frozenset()
        different: tuple[Any, ...] = ()
    elif isinstance(given, ft.Equation):
        lhs, rhs, different, free = given.lhs, given.rhs, given.distinct, world.schematic(given)
    else:
        raise Refused("this given is no equation")
    world.shaped(lhs.shape == rhs.shape)
    env = {name: binding[name] for name in free if name in binding}
    if len(env) != len(free):
        raise Refused("the binding says nothing of an index of the given")
    for term in [*tm.walk(lhs), *tm.walk(rhs)]:
        check_places(world, term, env)
    for i, j in different:
        if not spot.differ(world.ix(i, env), world.ix(j, env)):
            raise Refused("two indices are not known to differ")
    row, column = places_of(world, lhs, binding)
    return world.algebra.minus(world.at(lhs, row, column, env), world.at(rhs, row, column, env))


def check_places(world: World, term: tm.Term, env: dict[str, Ix]) -> None:
    """An equation says something only of members and components that there are."""
    if isinstance(term, tm.Symbol):
        chosen = tuple(world.ix(i, env) if i.base in env else None for i in term.indices)
        spans = zip(chosen, world.spans(term.name), strict=False) if chosen else ()
    elif isinstance(term, tm.Entry):
        chosen = tuple(world.ix(i, env) if i.base in env else None for i in (term.row, term.column))
        spans = zip(chosen, ((FIRST, world.dimension(d)) for d in term.arg.shape), strict=True)
    else:
        return
    name = term.name if isinstance(term, tm.Symbol) else ""
    for place, (ix, span) in enumerate(spans):
        if ix is not None and span is not None and not world.has(name, place, ix, span):
            raise Refused("there may be no such member or component")


def places_of(world: World, term: tm.Term, binding: dict[str, Ix]) -> tuple[Ix, Ix]:
    found: list[Ix] = []
    for dim, name in zip(term.shape, ("row", "column"), strict=True):
        ix = FIRST if dim == 1 else binding.get(name)
        if ix is None or not (dim == 1 or world.has("", 0, ix, (FIRST, world.dimension(dim)))):
            raise Refused("the binding names no component that there is")
        found.append(ix)
    return found[0], found[1]


def property_equation(given: ft.Property, side: Any) -> tuple[tm.Term, tm.Term]:
    a = given.term
    square = a.shape[0] == a.shape[1]
    match given.name:
        case "symmetric" if square:
            return a, tm.Transpose(a)
        case "antisymmetric" if square:
            return a, tm.Mul((tm.number(-1), tm.Transpose(a)))
        case "diagonal" if square:
            return a, tm.Diagonal(a)
        case "idempotent" if square and a.shape != tm.SCALAR:
            return tm.Mul((a, a)), a
        case "orthogonal" if square and a.shape != tm.SCALAR:
            return tm.Mul((a, tm.Transpose(a)) if side == "right" else (tm.Transpose(a), a)), tm.Identity(a.shape[0])
    raise Refused("this property is no equation")


def inverted(spot: Spot, binding: dict[str, Ix]) -> Poly:
    """A⁻¹A = I, or on the other side AA⁻¹ = I, for an inverse that stands in the monomial; `inverse`: its place."""
    algebra, place, pairs = spot.world.algebra, spot.move["inverse"], spot.pairs
    for step in place[:-1] if isinstance(place, list) else []:
        inner = pairs[position(step, len(pairs))][0]
        pairs = list(inner[1]) if inner[0] == "E" else []
    if not isinstance(place, list) or not place:
        raise Refused("expected the place of an inverse")
    factor = pairs[position(place[-1], len(pairs))][0]
    if factor[0] != "i" or "row" not in binding or "column" not in binding:
        raise Refused("there is no inverse here, or the binding names no component")
    row, column = binding["row"], binding["column"]
    if not all(spot.world.has("", 0, ix, (FIRST, factor[2])) for ix in (row, column)):
        raise Refused("the binding names no component that there is")

    def product(k: Ix) -> Poly:
        left = spot.move.get("side") != "right"
        a, b = (row, k) if left else (k, column)
        entry = algebra.renamed_poly(dict(factor[1]), {"$r": k if left else row, "$c": column if left else k})
        return algebra.times(algebra.of(algebra.oriented(factor[1], factor[2], a, b)), entry)

    return algebra.minus(spot.world.over((FIRST, factor[2]), product), algebra.of(ordered(("d", row, column))))
