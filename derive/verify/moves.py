"""The rules of certificates.  A move names a rule and a place in the polynomial lhs − rhs; its value stays the same.

A place is [monomial], [monomial, factor] or [monomial, factor, factor in it]: numbers in the order of the canonical form.
A binding gives values to the indices of a given: {"i": ["#1.0", 0]} stands for i = the first bound index of the monomial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from derive.language import facts as ft
from derive.language import terms as tm
from derive.verify import dependence, laws
from derive.verify.equations import equation
from derive.verify.opening import World
from derive.verify.polynomials import FIRST, Factor, Ix, Poly, Span, ordered
from derive.verify.refusal import Refused
from derive.verify.spot import Pairs, Spot, position, spotted


def applied(world: World, poly: Poly, move: Any, apart: Iterable[tuple[Ix, Ix]] = ()) -> Poly:
    """The polynomial after a move; it equals the one before under the givens.  Raises `Refused`."""
    if not isinstance(move, dict) or not isinstance(move.get("at"), list) or not 1 <= len(move["at"]) <= 6:
        raise Refused("a move has a rule and a place")
    name = move.get("rule")
    if not isinstance(name, str) or name not in RULES:
        raise Refused(f"the rule {str(name)[:40]!r} is unknown")
    spot, rest = spotted(world, poly, move, apart)
    return world.algebra.added([rest, RULES[name](spot, move["at"][1:])])


# ------------------------------------------------------------------ rules that change one factor


def on_factor(change: Callable[[Spot, Factor, Any], Poly]) -> Callable[[Spot, list[Any]], Poly]:
    """A rule that replaces a factor, to the power it has, by what is equal to it."""

    def rule(spot: Spot, path: list[Any]) -> Poly:
        return spot.world.algebra.scaled(_within(spot, spot.pairs, path, change, spot.ranges), spot.coefficient)

    return rule


def _within(spot: Spot, pairs: Pairs, path: list[Any], change: Any, ranges: dict[str, Span]) -> Poly:
    algebra = spot.world.algebra
    if not path:
        raise Refused("this rule changes a factor")
    place = position(path[0], len(pairs))
    factor, exponent = pairs[place]
    if len(path) == 1:
        if exponent.denominator != 1:
            raise Refused("a root cannot be changed")
        value = change(spot, factor, exponent)
    elif factor[0] == "q":
        value = algebra.power(_in_base(spot, factor, path[1:], change), exponent)
    else:
        if factor[0] != "E":
            raise Refused("only an expectation, or a base of powers, has factors in it")
        value = algebra.expected(_within(spot, list(factor[1]), path[1:], change, {}), factor[2])
        value = algebra.power(value, exponent)
    rest = algebra.normal(Fraction(1), [*pairs[:place], *pairs[place + 1 :]], {})
    return algebra.summed(algebra.times(rest, value), ranges) if ranges else algebra.times(rest, value)


def _in_base(spot: Spot, factor: Factor, path: list[Any], change: Any) -> Poly:
    """A base of powers with a factor of one of its monomials changed; the place: [monomial, factor, …]."""
    algebra = spot.world.algebra
    place = position(path[0], len(factor[1]))
    mono, coefficient = factor[1][place]
    pairs, ranges = algebra.opened(mono)
    rest = {m: c for m, c in factor[1] if m != mono}
    return algebra.added([rest, algebra.scaled(_within(spot, pairs, path[1:], change, ranges), coefficient)])


def on_moment(change: Callable[[Spot, Factor], Poly]) -> Callable[[Spot, list[Any]], Poly]:
    def checked(spot: Spot, factor: Factor, exponent: Any) -> Poly:
        if factor[0] != "E":
            raise Refused("this rule changes an expectation")
        return spot.world.algebra.power(change(spot, factor), exponent)

    return on_factor(checked)


def expectation(spot: Spot, pairs: Iterable[tuple[Factor, Any]], given: tuple[Any, ...]) -> Poly:
    algebra = spot.world.algebra
    return algebra.expected(algebra.normal(Fraction(1), pairs, {}), given)


def independence(spot: Spot, factor: Factor) -> Poly:
    """E[a b | s, t] = E[a | s] E[b | t] where (a, s) and (b, t) are independent."""
    result = spot.world.algebra.number(1)
    for contents, given in dependence.split(spot.world, spot.given(ft.Independent), factor, spot.differ):
        result = spot.world.algebra.times(result, expectation(spot, contents, given))
    return result


def conditional_independence(spot: Spot, factor: Factor) -> Poly:
    """E[a b | s] = E[a | s] E[b | s], and E[a | s, t] = E[a | s], where a and (b, t) are independent given s."""
    given = spot.given(ft.ConditionallyIndependent)
    result = spot.world.algebra.number(1)
    for contents, known in dependence.split_given(spot.world, given, factor):
        result = spot.world.algebra.times(result, expectation(spot, contents, known))
    return result


def uncorrelated(spot: Spot, factor: Factor) -> Poly:
    """E[x y] = E[x] E[y]."""
    if not dependence.are_uncorrelated(spot.world, spot.given(ft.Uncorrelated), factor, spot.differ):
        raise Refused("these are not two of the uncorrelated variables")
    (x, _), (y, _) = factor[1]
    return spot.world.algebra.times(expectation(spot, [(x, 1)], ()), expectation(spot, [(y, 1)], ()))


def identical(spot: Spot, factor: Factor) -> Poly:
    """E[g(x)] = E[g(y)]; `to`: the name and the indices of y."""
    to = spot.move.get("to")
    if not isinstance(to, list) or len(to) != 2 or not isinstance(to[1], list):
        raise Refused("expected the member that takes the place: [name, indices]")
    slots = tuple(spot.index(ix) for ix in to[1])
    change = dependence.renaming(spot.world, spot.given(ft.Identical), factor, to[0], slots)
    return spot.world.algebra.of(spot.world.algebra.mapped(factor, lambda ix: ix, change))


def known(spot: Spot, factor: Factor) -> Poly:
    """E[g(s) a | s] = g(s) E[a | s]: all that is determined by the conditions stands outside."""
    outside = [(f, e) for f, e in factor[1] if dependence.is_known(spot.world, f, factor[2])]
    inside = [(f, e) for f, e in factor[1] if (f, e) not in outside]
    algebra = spot.world.algebra
    return algebra.times(algebra.normal(Fraction(1), outside, {}), expectation(spot, inside, factor[2]))


def tower(spot: Spot, factor: Factor) -> Poly:
    """E[g(t) E[a | t] | s] = E[g(t) a | s], where t determines s; `inner`: which factor."""
    place = position(spot.move.get("inner"), len(factor[1]))
    inner, exponent = factor[1][place]
    rest = [*factor[1][:place], *factor[1][place + 1 :], (inner, exponent - 1)]
    if inner[0] != "E" or exponent.denominator != 1 or exponent < 1:
        raise Refused("there is no expectation within")
    outer = [f for poly, _ in factor[2] for (powers, _), _ in poly for f, _ in powers]
    if not all(dependence.is_known(spot.world, f, inner[2]) for f in [*outer, *(f for f, _ in rest)]):
        raise Refused("the condition within does not determine the rest")
    return expectation(spot, [*rest, *inner[1]], factor[2])


def condition(spot: Spot, factor: Factor) -> Poly:
    """E[a] = E[E[a | t]], where t is what a given has as its condition."""
    given = spot.given(object)
    terms = dependence.conditions_in(spot.world, given)
    if factor[2] or not terms:
        raise Refused("this is conditional already, or the given has no condition")
    inner = expectation(spot, factor[1], spot.world.given(terms, spot.binding()))
    return spot.world.algebra.expected(inner, ())


def law(spot: Spot, factor: Factor) -> Poly:
    """The moments of a declared distribution."""
    world, given = spot.world, spot.given(ft.Distributed)
    name, places = given.symbol.name, []
    for inner, exponent in factor[1]:
        if inner[0] != "x" or inner[1] != name or exponent.denominator != 1 or exponent < 1:
            raise Refused(f"this is no moment of {name}")
        places += [inner[2]] * int(exponent)
    family = given.symbol.indices
    count = len(family)
    if factor[2] or len({p[:count] for p in places}) != 1:
        raise Refused("a law is that of one variable, without conditions")
    env = dict(zip((i.base or "" for i in family), places[0][:count], strict=True))
    letters = world.schematic(given)
    if (
        len(env) != count
        or count != len(world.symbols[name].families)
        or any(i.offset or i.base not in letters for i in family)
    ):
        raise Refused("a law of single members is not covered")
    inside = [t for p in given.parameters for t in tm.walk(p) if isinstance(t, tm.Symbol)]
    if any(t.name not in world.symbols or world.symbols[t.name].role == "random" for t in inside):
        raise Refused("a law with random parameters is conditional")
    if given.symbol.shape == tm.SCALAR:
        if len(set(places)) != 1 or any(p.shape != tm.SCALAR for p in given.parameters):
            raise Refused("this is no moment of one variable")
        parameters = [world.at(p, env=env) for p in given.parameters]
        return laws.moment(world.algebra, given.family, len(places), parameters)
    return _vector_moment(world, given, [p[count:] for p in places], env)


def _vector_moment(world: World, given: ft.Distributed, places: list[Any], env: dict[str, Ix]) -> Poly:
    """E[x_i x_j …] by the mean and the covariances, pair by pair (Isserlis)."""
    algebra = world.algebra
    size = given.symbol.shape[0]
    shapes = [p.shape for p in given.parameters]
    if given.family not in ("Normal", "Moments") or given.symbol.shape[1] != 1 or shapes != [(size, 1), (size, size)]:
        raise Refused("this law of vectors is not covered")
    if len(places) > (2 if given.family == "Moments" else 8):
        raise Refused("this moment is not known")
    mean, covariance = given.parameters

    def value(rest: list[Any]) -> Poly:
        if not rest:
            return algebra.number(1)
        (first,), others = rest[0], rest[1:]
        out = [algebra.times(world.at(mean, first, FIRST, env), value(others))]
        for k, (other,) in enumerate(others):
            out.append(algebra.times(world.at(covariance, first, other, env), value(others[:k] + others[k + 1 :])))
        return algebra.added(out)

    return value(places)


def idempotent(spot: Spot, factor: Factor, exponent: Any) -> Poly:
    """x^k = x of a 0/1 variable, x² = 1 of a sign."""
    info = spot.world.symbols.get(factor[1]) if factor[0] == "x" else None
    if info is None or info.support not in ("binary", "sign") or exponent < 1:
        raise Refused("this is no 0/1 variable and no sign")
    return spot.world.algebra.of(factor, 1 if info.support == "binary" else exponent % 2)


# ------------------------------------------------------------------ rules that change a product


def split(spot: Spot, path: list[Any]) -> Poly:
    """1 = [i = j] + [i ≠ j], or with `order` 1 = [i = j] + [i < j] + [j < i]."""
    pair = spot.move.get("indices")
    if not isinstance(pair, list) or len(pair) != 2 or path:
        raise Refused("expected two indices")
    i, j = (spot.index(ix) for ix in pair)
    cases = [("d", i, j), ("l", i, j), ("l", j, i)] if spot.move.get("order") is True else [("d", i, j), ("u", i, j)]
    algebra = spot.world.algebra
    return algebra.added(
        algebra.normal(spot.coefficient, [*spot.pairs, (ordered(case), 1)], spot.ranges) for case in cases
    )


RULES: dict[str, Callable[[Spot, list[Any]], Poly]] = {
    "independence": on_moment(independence),
    "conditional independence": on_moment(conditional_independence),
    "uncorrelated": on_moment(uncorrelated),
    "identical": on_moment(identical),
    "known": on_moment(known),
    "tower": on_moment(tower),
    "condition": on_moment(condition),
    "law": on_moment(law),
    "idempotent": on_factor(idempotent),
    "split": split,
    "equation": equation,
}

__all__ = ["RULES", "applied"]
