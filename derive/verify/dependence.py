"""What statements on dependence say of an expectation: which of its factors may be taken apart, or renamed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from derive.language import facts as ft
from derive.language import terms as tm
from derive.verify.opening import World
from derive.verify.polynomials import FIRST, PLACES, Factor, Ix, entries
from derive.verify.refusal import Refused

Differ = Callable[[Ix, Ix], bool]
Class = tuple[Any, ...]
ANY: Ix = ("*", 0)  # any member of a family: the index is bound inside a factor
Part = tuple[list[tuple[Factor, Any]], tuple[Any, ...]]


def variables(factor: Factor) -> list[tuple[str, tuple[Ix, ...]]]:
    """The random variables that a factor is a function of, (name, indices)."""
    found = [
        (entry[1], tuple(ANY if s[0] in around or s[0] in PLACES else s for s in entry[2]))
        for entry, around in entries(factor, moments=False)
        if entry[3][0] == "r"
    ]
    return list(dict.fromkeys(found))


def condition_variables(condition: Any) -> list[tuple[str, tuple[Ix, ...]]]:
    return variables(("q", condition[0]))


# ------------------------------------------------------------------ independence


def split(world: World, statement: ft.Independent, factor: Factor, differ: Differ) -> list[Part]:
    """The independent parts of an expectation, each with its own conditions."""
    env: dict[str, Ix] = {}
    touched: list[tuple[Any, set[Class]]] = []
    for item in [*factor[1], *factor[2]]:
        inside = variables(item[0]) if item in factor[1] else condition_variables(item)
        touched.append((item, {_class(world, statement, v, env) for v in inside}))
    raw = set().union(*(classes for _, classes in touched))
    if statement.pairwise and len(raw) > 2:
        raise Refused("only pairs are independent")
    groups: list[tuple[set[Class], list[Any]]] = []
    for item, classes in [*((None, {a, b}) for a in raw for b in raw if _may_meet(a, b, differ)), *touched]:
        meet = [g for g in groups if g[0] & classes]
        groups = [g for g in groups if not g[0] & classes]
        items = [i for _, more in meet for i in more] + ([] if item is None else [item])
        groups.append((classes.union(*(g[0] for g in meet)), items))
    parts = [([i for i in items if i in factor[1]], tuple(i for i in factor[2] if i in items)) for _, items in groups]
    if len([p for p in parts if p[0] or p[1]]) < 2:
        raise Refused("this statement takes nothing apart here")
    return [p for p in parts if p[0]]


def _class(world: World, statement: ft.Independent, variable: tuple[str, tuple[Ix, ...]], env: dict[str, Ix]) -> Class:
    """Variables of different classes are independent."""
    name, slots = variable
    for number, group in enumerate(statement.groups):
        for member in group:
            if member.term is not None:
                continue
            if member.each and member.name == name and len(group) == 1 and not member.indices:
                count = len(world.symbols[name].families)
                return (number, name, slots[:count] if count else slots)
            if not member.each and name in world.within(member.name) and _matches(member, statement, slots, env):
                return (number,)
    raise Refused(f"nothing is said here about {name}")


def _matches(member: ft.Member, statement: ft.Independent, slots: tuple[Ix, ...], env: dict[str, Ix]) -> bool:
    """Whether a variable is this member; the letters of a schematic statement get one value each."""
    if len(member.indices) > len(slots):
        return False
    values: dict[str, Ix] = {}
    for index, slot in zip(member.indices, slots, strict=False):
        value = (slot[0], slot[1] - index.offset)
        if slot == ANY:
            return False
        if not statement.schematic or index.base is None:
            if (index.base or "", index.offset) != slot:
                return False
        elif env.get(index.base, value) != value or values.setdefault(index.base, value) != value:
            return False
    env.update(values)
    return True


def _may_meet(a: Class, b: Class, differ: Differ) -> bool:
    """Whether two members of a family may be the same one."""
    if len(a) < 3 or len(b) < 3 or a[:2] != b[:2] or a == b:
        return False
    return not any(ANY not in (i, j) and differ(i, j) for i, j in zip(a[2], b[2], strict=True))


# ------------------------------------------------------------------ conditions


def whole_variable(world: World, condition: Any) -> tuple[str, tuple[Ix, ...]] | None:
    """The variable that a condition is, all its components; None when it is a function of variables."""
    poly, shape = condition
    if len(poly) != 1:
        return None
    (((powers, ranges), _),) = poly
    if ranges or len(powers) != 1 or powers[0][0][0] != "x" or powers[0][1] != 1:
        return None
    name, slots = powers[0][0][1:3]
    info = world.symbols[name]
    count = len(info.families)
    places = [s[0] for s in slots[count:]]
    sizes = [world.dimension(d) for d in info.shape]
    if tuple(sizes) == shape and places == [p for p, d in zip(PLACES, sizes, strict=True) if d != FIRST]:
        return name, slots[:count]
    return (name, slots) if shape == (FIRST, FIRST) and not set(places) & set(PLACES) else None


def is_known(world: World, factor: Factor, given: tuple[Any, ...]) -> bool:
    """Whether the conditions determine a factor: each of its variables, or all of which it is a part, is one."""
    have = [whole_variable(world, condition) for condition in given]
    return all(
        any(w and w[0] == name and slots[: len(w[1])] == w[1] for w in have) for name, slots in variables(factor)
    )


def split_given(world: World, statement: ft.ConditionallyIndependent, factor: Factor) -> list[Part]:
    sides = [_names(world, members) for members in (statement.left, statement.right)]
    base = _names(world, statement.given)
    conditions = {condition: whole_variable(world, condition) for condition in factor[2]}
    have = {w[0] if w and not w[1] else "" for w in conditions.values()}
    if not base <= have:
        raise Refused("the condition is not that of the statement")
    inside = [(pair, {name for name, _ in variables(pair[0])} - base) for pair in factor[1]]
    for near, far in (sides, reversed(sides)):
        if have > base and have - base <= far and all(names <= near for _, names in inside):
            return [(list(factor[1]), tuple(c for c, w in conditions.items() if w and w[0] in base))]
    parts = [[p for p, names in inside if names <= sides[0]], [p for p, names in inside if names and names <= sides[1]]]
    if have != base or not all(parts) or sum(map(len, parts)) != len(inside):
        raise Refused("this statement takes nothing apart here")
    return [(part, factor[2]) for part in parts]


def _names(world: World, members: Iterable[ft.Member]) -> set[str]:
    for m in members:
        if m.indices or m.each or m.term is not None or m.name not in world.symbols or world.symbols[m.name].families:
            raise Refused("a statement on members of families, or on compounds, is not covered")
    return {m.name for m in members}


def conditions_in(world: World, given: Any) -> tuple[tm.Term, ...]:
    """What a given conditions on."""
    if isinstance(given, ft.ConditionallyIndependent):
        return tuple(tm.Symbol(name, (), world.symbols[name].shape) for name in sorted(_names(world, given.given)))
    if isinstance(given, ft.Equation):
        for term in tm.walk(given.lhs):
            if isinstance(term, (tm.Expectation, tm.Variance, tm.Covariance)) and term.given:
                return term.given
    return ()


# ------------------------------------------------------------------ other statements


def are_uncorrelated(world: World, statement: ft.Uncorrelated, factor: Factor, differ: Differ) -> bool:
    if factor[2] or len(factor[1]) != 2 or any(f[0] != "x" or e != 1 for f, e in factor[1]):
        return False
    (x, _), (y, _) = factor[1]
    plain = [m for m in statement.members if m.term is None and not m.indices]
    of_x, of_y = (next((m for m in plain if f[1] in world.within(m.name)), None) for f in (x, y))
    if of_x is None or of_y is None:
        return False
    if of_x != of_y:
        return True
    count = len(world.symbols[x[1]].families)
    slots = zip(x[2][:count], y[2][:count], strict=True) if count else zip(x[2], y[2], strict=True)
    return of_x.each and x[1] == y[1] and any(differ(i, j) for i, j in slots)


def renaming(
    world: World, statement: ft.Identical, factor: Factor, to: Any, slots: tuple[Ix, ...]
) -> Callable[[Factor], Factor]:
    """The change of one member of identically distributed variables, on which alone the factor depends, to another."""
    found = [(e[1], e[2], around, e[3]) for e, around in entries(factor) if e[3][0] == "r"]
    names = {name for name, *_ in found}
    members = {m.name: m for m in statement.members if m.term is None and not m.indices}
    if factor[2] or len(names) != 1 or not names <= set(members) or not isinstance(to, str) or to not in members:
        raise Refused("this is no moment of one of the identically distributed variables")
    (name,) = names
    count = _member_slots(world, members[name])
    own = {s[:count] for _, s, _, _ in found}
    if len(own) != 1 or any(s[0] in around or s[0] in PLACES for _, all_, around, _ in found for s in all_[:count]):
        raise Refused("this depends on several members")
    if any(kind != "r" for *_, kind in found) or len(slots) != _member_slots(world, members[to]):
        raise Refused("this is no member of the identically distributed variables")
    if _member_shape(world, members[name]) != _member_shape(world, members[to]) or not world.exists(to, slots):
        raise Refused("this is no member of the identically distributed variables")

    def change(entry: Factor) -> Factor:
        return ("x", to, slots + entry[2][count:], entry[3]) if entry[1] == name else entry

    return change


def _member_slots(world: World, member: ft.Member) -> int:
    """How many indices say which member is meant; of a vector whose components are the members, those of the component."""
    info = world.symbols.get(member.name)
    if info is None or (info.families and not member.each):
        raise Refused("a whole family is no single variable")
    return len(info.families) or (sum(d != 1 for d in info.shape) if member.each else 0)


def _member_shape(world: World, member: ft.Member) -> Any:
    info = world.symbols[member.name]
    return tm.SCALAR if member.each and not info.families else info.shape
