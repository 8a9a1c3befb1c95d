"""What the declared dependence allows: splitting a product of random factors into independent groups.

Only what is declared counts, and jointly: `n ⊥ x` and `n ⊥ y` do not give `n ⊥ (x, y)`.  A *node* is a random
variable as it stands in a monomial: (name, slots).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from derive.kernel.context import Context, ix
from derive.kernel.mapping import map_symbols
from derive.kernel.monomials import Factor, Ix, Poly, Powers, has_condition, variables
from derive.language.facts import Independent, IndependentGiven, Member
from derive.language.terms import Index

Node = tuple[str, tuple[Ix, ...]]
Class = tuple[Any, ...]
Env = dict[str, Ix]


def member_slots(context: Context, node: Node) -> tuple[Ix, ...]:
    """The slots that tell the members of a family apart: none for a generic copy X beside X_1, …, X_n.

    All slots when the symbol has no family: then the members are the components.
    """
    info = context.facts.symbols.get(node[0])
    if info is None or not info.families:
        return node[1]
    components = sum(1 for d in info.shape if d != 1)
    return node[1][: len(node[1]) - components]


def nodes(factors: Iterable[Factor]) -> list[Node]:
    found: dict[Node, None] = {}
    for factor in factors:
        for node in sorted(variables(factor), key=repr):
            found.setdefault(node)
    return list(found)


def independent_groups(
    context: Context, contents: Powers, given: tuple[Poly, ...], distinct: frozenset[Any]
) -> list[Powers] | None:
    """The contents in two or more groups that are independent (given the condition), or None."""
    if len(contents) < 2 or not context.allows("independence"):
        return None
    known = sorted({v for p in given for v in p.variables}, key=repr)
    inside = nodes(f for f, _ in contents)
    for statement in context.independence:
        classes = classify(context, statement, [*inside, *known], distinct)
        if classes is None:
            continue
        groups = _components(contents, _tied(dict(zip([*inside, *known], classes, strict=True)), given))
        if len(groups) > 1 and _allowed(statement, classes):
            context.use(statement, "independence")
            return groups
    for conditional in context.conditional:
        if given and all(_is_variable(p) for p in given):
            sides = conditional_sides(conditional, inside, known)
            if sides is not None:
                groups = _components(contents, {n: (sides[n],) for n in inside})
                if len(groups) > 1:
                    context.use(conditional, "conditional-independence")
                    return groups
    for others in context.given_others if all(_is_variable(p) for p in given) else ():
        found = classes_given(context, others, inside, known, distinct)
        groups = _components(contents, found) if found is not None else []
        if len(groups) > 1:
            context.use(others, "conditional-independence")
            return groups
    return None


def classes_given(
    context: Context, statement: IndependentGiven, inside: list[Node], known: list[Node], distinct: frozenset[Any]
) -> dict[Node, Class] | None:
    """Classes of nodes, those of the condition left out, that are independent given what is known; None where it does not apply.

    All that the statement is given must be known.  Members of its groups may be known too: they only tell of their own group.
    """
    names = {m.name for m in statement.given}
    own = [n for n in known if n[0] in names]
    if not all(_whole_member(m, own) for m in statement.given) or any(n[0] in names for n in inside):
        return None
    wanted = [*inside, *(n for n in known if n not in own)]
    plain = Independent(statement.groups, statement.source)
    classes = classify(context, plain, wanted, distinct)
    return None if classes is None else dict(zip(wanted, classes, strict=True))


def _tied(classes: dict[Node, Class], given: tuple[Poly, ...]) -> dict[Node, Class]:
    """The classes with those made one that a single condition is about: given X + Y, independent X and Y are dependent."""
    result = dict(classes)
    for poly in given:
        met = {result[v] for v in poly.variables}
        bound = {classes[v][:2] for v in poly.variables if any(slot[0] == "*" for slot in v[1])}
        met |= {result[n] for n, c in classes.items() if c[:2] in bound}  # a condition on any member is one on each
        if len(met) > 1:
            first = min(met, key=repr)
            result = {node: first if found in met else found for node, found in result.items()}
    return result


def _is_variable(poly: Poly) -> bool:
    """Whether a condition is a variable itself: a function of it, such as its square, may tell less."""
    if len(poly.terms) != 1:
        return False
    ((powers, ranges),) = poly.terms
    return not ranges and len(powers) == 1 and powers[0][0][0] == "r" and powers[0][1] == 1


def relevant(
    context: Context, contents: Powers, given: tuple[Poly, ...], distinct: frozenset[Any]
) -> tuple[Poly, ...] | None:
    """The conditions that tell something of the contents, where some do not: E[Y | X, Z] = E[Y | X] for Z ⊥ (X, Y)."""
    if not context.allows("independence"):
        return None
    inside = nodes(f for f, _ in contents)
    known = sorted({v for p in given for v in p.variables}, key=repr)
    for statement in context.independence:
        classes = classify(context, statement, [*inside, *known], distinct)
        if classes is None or not _allowed(statement, classes):
            continue
        tied = _tied(dict(zip([*inside, *known], classes, strict=True)), given)
        about = {tied[n] for n in inside}
        kept = tuple(p for p in given if about & {tied[v] for v in p.variables})
        if len(kept) < len(given):
            context.use(statement, "independence")
            return kept
    for conditional in context.conditional:
        sides = conditional_sides(conditional, inside, known) if all(_is_variable(p) for p in given) else None
        here = {sides[n] for n in inside} if sides else set()
        if sides and len(here) == 1:
            kept = tuple(p for p in given if all(sides[v] in (*here, "given") for v in p.variables))
            if len(kept) < len(given):
                context.use(conditional, "conditional-independence")
                return kept
    for others in context.given_others if all(_is_variable(p) for p in given) else ():
        found = classes_given(context, others, inside, known, distinct)
        if found is None:
            continue
        about = {found[n] for n in inside}
        kept = tuple(p for p in given if all(found.get(v, None) is None or found[v] in about for v in p.variables))
        if len(kept) < len(given):
            context.use(others, "conditional-independence")
            return kept
    return None


def _allowed(statement: Independent, classes: Sequence[Class]) -> bool:
    return not statement.pairwise or len(set(classes)) == 2


def _components(contents: Powers, classes: dict[Node, Class]) -> list[Powers]:
    """Factors that share a class stay together."""
    groups: list[tuple[set[Class], list[Any]]] = []
    for factor, exponent in contents:
        touched = {classes[v] for v in variables(factor)}
        joined = [(factor, exponent)]
        rest = []
        for seen, pairs in groups:
            if seen & touched:
                touched |= seen
                joined = pairs + joined
            else:
                rest.append((seen, pairs))
        groups = [*rest, (touched, joined)]
    return [tuple(sorted(pairs, key=repr)) for _, pairs in groups]


# ------------------------------------------------------------------ which group of a statement a node is in


def classify(
    context: Context, statement: Independent, wanted: Sequence[Node], distinct: frozenset[Any]
) -> list[Class] | None:
    """A class for each node such that different classes are independent; None when a node is not mentioned."""
    result: list[Class] = []
    env: Env = {}
    for node in wanted:
        found = _class_of(context, statement, node, env)
        if found is None:
            return None
        result.append(found)
    for a, b in statement.distinct:
        one, other = (_value(index, env) for index in (a, b))
        if one is not None and other is not None and context.differ(one, other, distinct) is not True:
            return None
    return _merge_open(context, result, distinct)


def _value(index: Index, env: Env) -> Ix | None:
    """What an index of a statement is here; None when nothing depends on it."""
    base, offset = ix(index)
    if base not in env:
        return None if base else (base, offset)
    return (env[base][0], env[base][1] + offset)


def _class_of(context: Context, statement: Independent, node: Node, env: Env) -> Class | None:
    for number, group in enumerate(statement.groups):
        for member in group:
            if member.name != node[0] and (member.each or context.wholes.get(node[0]) != member.name):
                continue
            if member.each:
                return (number, node[0] if len(group) == 1 else "", member_slots(context, node))
            values = _bind(member, node, env, statement.schematic)
            if values is not None:
                env.update(values)
                return (number,)
    return None


def _bind(member: Member, node: Node, env: Env, schematic: bool) -> Env | None:
    """Values for the schematic letters of a member that make it this node; None when it is another member."""
    values: Env = {}
    for index, have in zip(member.indices, node[1], strict=False):
        base, offset = ix(index)
        if not schematic or not base:
            if (base, offset) != have:
                return None
            continue
        if have[0] == "*":
            return None  # what holds of one member at a time says nothing of several together
        value = (have[0], have[1] - offset)
        if env.get(base, value) != value or values.setdefault(base, value) != value:
            return None
    return values if len(member.indices) <= len(node[1]) else None


def _merge_open(context: Context, classes: list[Class], distinct: frozenset[Any]) -> list[Class]:
    """Members of a family that may be the same one share a class."""
    merged: list[Class] = []
    for found in classes:
        if len(found) == 3:
            for other in merged:
                if len(other) == 3 and other[:2] == found[:2] and not _apart(context, other[2], found[2], distinct):
                    found = other
                    break
        merged.append(found)
    return merged


def _apart(context: Context, a: tuple[Ix, ...], b: tuple[Ix, ...], distinct: frozenset[Any]) -> bool:
    if len(a) != len(b):
        return True  # a generic copy X beside X_1, …, X_n
    return any(
        i[0] != "*" and j[0] != "*" and context.differ(i, j, distinct) is True for i, j in zip(a, b, strict=True)
    )


def open_pair(context: Context, contents: Powers, distinct: frozenset[Any]) -> tuple[Ix, Ix] | None:
    """Two indices of members of a family whose coincidence must be decided before anything can be split."""
    return next(open_pairs(context, contents, distinct), None)


def open_pairs(context: Context, contents: Powers, distinct: frozenset[Any]) -> Iterator[tuple[Ix, Ix]]:
    """All such pairs of indices, with repetitions."""
    together = {m.name: g[0].name for s in context.independence for g in s.groups for m in g if m.each}
    together |= {m.name: m.name for s in context.given_others for g in s.groups for m in g if m.each}
    together |= {m.name: m.name for s in context.uncorrelated for m in s.members if m.each and m.name not in together}
    if not together or not context.allows("independence"):
        return
    inside = [
        (together[n[0]], member_slots(context, n)) for n in nodes(f for f, _ in contents) if n[0] in together
    ]  # families that are taken side by side, (x_i, y_i), go by the name of the first
    for k, (name, slots) in enumerate(inside):
        for other, others in inside[:k]:
            if other != name or len(others) != len(slots) or _apart(context, slots, others, distinct):
                continue
            for a, b in zip(slots, others, strict=True):
                if a != b and "*" not in (a[0], b[0]):
                    yield (a, b)


def conditional_sides(statement: Any, inside: list[Node], known: list[Node]) -> dict[Node, str] | None:
    """The side of a conditional independence that each node is on; None where it does not apply.

    All that the statement is given must be known; the sides may be known in part: Y ⊥ (Z, W) | X gives Y ⊥ Z | (X, W).
    A free letter of the statement has one value throughout.
    """
    env: Env = {}
    sides = {"given": statement.given, "left": statement.left, "right": statement.right}

    def side_of(node: Node, names: tuple[str, ...]) -> str | None:
        for name in names:
            for member in sides[name]:
                values = _bind(member, node, env, True) if member.name == node[0] and not member.each else None
                if values is not None:
                    env.update(values)
                    return name
        return None

    found = {node: side_of(node, ("given", "left", "right")) for node in known}
    given = [n for n, side in found.items() if side == "given"]
    found |= {node: side_of(node, ("left", "right")) for node in inside}
    if not all(_whole_member(m, given) for m in statement.given):
        return None
    return {node: side for node, side in found.items() if side} if None not in found.values() else None


def _whole_member(member: Member, known: list[Node]) -> bool:
    """Whether a member, with all of its components, is known: the first component of X is not X."""
    own = len(member.indices)
    return any(n[0] == member.name and all(slot[0] == "*" for slot in n[1][own:]) for n in known)


# ------------------------------------------------------------------ identical distribution


def representative(context: Context, contents: Powers) -> Callable[[Factor], Factor] | None:
    """Moves contents that depend on one member of an identically distributed family to a common representative."""
    if not context.allows("identical-distribution") or any(has_condition(f) for f, _ in contents):
        return None  # E[Z | X] is of the law of (X, Z), not of X alone
    for statement in context.identical:
        names = [m.name for m in statement.members]
        vectors = {m.name for m in statement.members if not m.each and len(names) > 1}
        inside = {(n[0], _whole(context, n, vectors)) for n in nodes(f for f, _ in contents)}
        if len(inside) != 1:
            continue
        (name, slots), *_ = inside
        if name not in names or any(s[0] == "*" for s in slots):
            continue
        first = next((n for n in names if n in context.distributions), names[0])  # the one whose law is known
        info = context.facts.symbols.get(first)
        stars: tuple[Ix, ...] = (("*", 0),) * (len(info.families) if info and info.families else 0)
        if not stars and len(names) == 1:
            stars = (("*", 0),) * len(slots)  # the components of one vector
        if (name, slots) == (first, stars):
            continue
        context.use(statement)

        def change(factor: Factor, name: str = name, to: tuple[Any, ...] = (first, stars, len(slots))) -> Factor:
            if factor[1] != name:
                return factor
            return (factor[0], to[0], to[1] + factor[2][to[2] :], *factor[3:])

        return lambda factor: map_symbols(factor, change)
    return None


def representative_given(
    context: Context, contents: Powers, given: tuple[Poly, ...]
) -> Callable[[Factor], Factor] | None:
    """Moves contents that depend on one member of a family that is alike, given just the condition here, to a common one."""
    if not context.allows("identical-distribution") or not all(_is_variable(p) for p in given):
        return None
    inside = nodes(f for f, _ in contents)
    known = {n for p in given for n in p.variables}
    for statement in (s for s in context.given_others if s.alike):
        own = {m.name for m in statement.given}
        exact = all(_whole_member(m, list(known)) for m in statement.given) and all(n[0] in own for n in known)
        families = {m.name for g in statement.groups for m in g if m.each}
        if not exact or len(inside) != 1 or inside[0][0] not in families or any(has_condition(f) for f, _ in contents):
            continue
        ((name, _),) = inside
        slots = member_slots(context, inside[0])
        stars: tuple[Ix, ...] = (("*", 0),) * len(slots)
        if slots == stars:
            continue
        context.use(statement)

        def change(factor: Factor, name: str = name, stars: tuple[Ix, ...] = stars) -> Factor:
            return (factor[0], name, stars + factor[2][len(stars) :], *factor[3:]) if factor[1] == name else factor

        return lambda factor: map_symbols(factor, change)
    return None


def alike(context: Context, contents: Powers) -> Callable[[Factor], Factor] | None:
    """Moves contents that depend on one tuple of several that are alike to a common one: x_1 y_1 to x_* y_*, X' Y' to X Y."""
    if not context.allows("identical-distribution") or any(has_condition(f) for f, _ in contents):
        return None
    inside = nodes(f for f, _ in contents)
    for statement in (s for s in context.independence if s.alike):
        names, own = _one_tuple(context, statement, inside)
        if not names:
            continue
        context.use(statement)

        def change(factor: Factor, names: dict[str, str] = names, own: int = own) -> Factor:
            if factor[1] not in names:
                return factor
            return (factor[0], names[factor[1]], (("*", 0),) * own + factor[2][own:], *factor[3:])

        return lambda factor: map_symbols(factor, change)
    return None


def _one_tuple(context: Context, statement: Independent, inside: list[Node]) -> tuple[dict[str, str], int]:
    """What the names in one tuple become, and how many indices tell it from the others; nothing where it is no one tuple."""
    first, *others = statement.groups
    if not others:
        places = {member_slots(context, n) for n in inside}
        names = {m.name: m.name for m in first if m.each}
        if len(places) != 1 or not all(n[0] in names for n in inside):
            return {}, 0
        (place,) = places
        return ({}, 0) if any(slot[0] == "*" for slot in place) else (names, len(place))
    for group in others:
        names = {m.name: to.name for m, to in zip(group, first, strict=True) if not m.indices}
        if inside and all(n[0] in names for n in inside):
            return names, 0
    return {}, 0


def first_members(context: Context, contents: Powers, distinct: frozenset[Any]) -> Callable[[Factor], Factor] | None:
    """Moves contents that depend on several members of an iid family to the first ones: h(X_i, X_j) to h(X_1, X_2)."""
    if not context.allows("identical-distribution") or any(has_condition(f) for f, _ in contents):
        return None
    inside = nodes(f for f, _ in contents)
    names = {n[0] for n in inside}
    if len(inside) < 2 or len(names) != 1 or any(len(member_slots(context, n)) != 1 or len(n[1]) != 1 for n in inside):
        return None
    (name,) = names
    same = next((s for s in context.identical if [m.name for m in s.members if m.each] == [name]), None)
    apart = next((s for s in context.independence if not s.pairwise and (Member(name, (), True),) in s.groups), None)
    slots = [n[1][0] for n in inside]
    to = {slot: ("", k) for k, slot in enumerate(slots, 1)}
    if same is None or apart is None or all(a == b for a, b in to.items()) or any(s[0] == "*" for s in slots):
        return None
    if any(context.differ(a, b, distinct) is not True for k, a in enumerate(slots) for b in slots[:k]):
        return None
    context.use(same)
    context.use(apart)

    def change(factor: Factor) -> Factor:
        return (factor[0], factor[1], (to[factor[2][0]],), *factor[3:]) if factor[1] == name else factor

    return lambda factor: map_symbols(factor, change)


def _whole(context: Context, node: Node, vectors: set[str]) -> tuple[Ix, ...]:
    """The slots of a member; none for a vector that is one variable of a list of variables."""
    info = context.facts.symbols.get(node[0])
    if info is not None and not info.families and node[0] in vectors:
        return ()
    return member_slots(context, node)


def conditioned(moments: Any, contents: Powers, given: tuple[Poly, ...], distinct: frozenset[Any]) -> Poly | None:
    """E[A·g(X)] by a given E[A | X]: conditioning first (the tower law)."""
    from derive.kernel.matching import conditional_rules

    for value in conditional_rules(moments, contents, given, distinct):
        return value
    return None
