"""Which factors are independent: the finest split that the declared independences allow, always jointly.

A set of variables splits in two when one declared independence has both halves covered by different groups; the
halves are split further in the same way.  Pairwise independence splits only two single variables.
"""

from __future__ import annotations

from derive.language.facts import ConditionallyIndependent, Independent, Member
from derive.language.terms import Symbol
from derive.rules.context import Context, latex_of
from derive.rules.matching import match_index

Atoms = frozenset[Symbol]


def blocks(sets: list[Atoms], context: Context) -> tuple[list[list[int]], tuple[str, ...]]:
    """Positions of `sets` grouped so that different groups are mutually independent, and the givens used.

    Sets without random variables stand in groups of their own.
    """
    variables = frozenset().union(*sets) if sets else frozenset()
    parts, uses = split(variables, context)
    groups: list[tuple[Atoms, list[int]]] = [(frozenset(), [k]) for k, s in enumerate(sets) if not s]
    for part in _merged(parts, sets):
        groups.append((part, [k for k, s in enumerate(sets) if s and s <= part]))
    ordered = sorted((members for _, members in groups if members), key=lambda g: g[0])
    return ordered, uses


def _merged(parts: list[Atoms], sets: list[Atoms]) -> list[Atoms]:
    """The parts, joined where one of the sets reaches over several of them."""
    merged = list(parts)
    for atoms in sets:
        touching = [p for p in merged if p & atoms]
        if len(touching) > 1:
            merged = [p for p in merged if p not in touching] + [frozenset().union(*touching)]
    return merged


def split(variables: Atoms, context: Context) -> tuple[list[Atoms], tuple[str, ...]]:
    """The finest split of `variables` into mutually independent parts, and the givens used."""
    if len(variables) <= 1:
        return ([variables] if variables else []), ()
    for given in context.facts.givens:
        if not isinstance(given, Independent):
            continue
        if given.pairwise and len(variables) > 2:
            continue
        parts = _cut(variables, given, context)
        if parts is not None:
            inner = [split(part, context) for part in parts]
            uses = dict.fromkeys([latex_of(given), *(u for _, used in inner for u in used)])
            return [p for found, _ in inner for p in found], tuple(uses)
    return [variables], ()


def _cut(variables: Atoms, given: Independent, context: Context) -> list[Atoms] | None:
    """The variables by the groups of one declared independence; None when it does not cover or separate them."""
    labels: dict[Symbol, tuple] = {}
    for variable in variables:
        label = _group(variable, given, labels, context)
        if label is None:
            return None
        labels[variable] = label
    parts: dict[tuple, set[Symbol]] = {}
    for variable, label in labels.items():
        parts.setdefault(label, set()).add(variable)
    if len(parts) < 2 or not _separate(list(parts), context):
        return None
    ordered = sorted(parts.values(), key=lambda p: min((s.name, s.indices) for s in p))
    return [frozenset(p) for p in ordered]


def _group(variable: Symbol, given: Independent, labels: dict, context: Context) -> tuple | None:
    """The group of the variable: its number, and the member's indices where each member is a group of its own."""
    for number, group in enumerate(given.groups):
        for member in group:
            if not _covers(member, variable, given.schematic):
                continue
            if member.each and len(group) == 1:
                return (number, variable.indices)
            if given.schematic and member.indices:
                return (number, ()) if _one_instance(given, variable, labels) else None
            return (number, ())
    return None


def _covers(member: Member, variable: Symbol, schematic: bool) -> bool:
    if member.term is not None or member.name != variable.name:
        return False
    return not member.indices or schematic or member.indices == variable.indices


def _one_instance(given: Independent, variable: Symbol, labels: dict) -> bool:
    """True when one choice of the schematic indices fits this variable and those labelled before it."""
    binding: dict = {}
    bases = frozenset(i.base for g in given.groups for m in g for i in m.indices if i.base)
    for symbol in (*labels, variable):
        member = next((m for g in given.groups for m in g if m.name == symbol.name and m.indices), None)
        if member is None:
            continue
        for pattern, index in zip(member.indices, symbol.indices, strict=True):
            extended = match_index(pattern, index, bases, binding)
            if extended is None:
                return False
            binding = extended
    return True


def _separate(labels: list[tuple], context: Context) -> bool:
    """True when labels that differ only in member indices are known to be different members."""
    for k, (number, indices) in enumerate(labels):
        for other, others in labels[k + 1 :]:
            if number != other:
                continue
            if not any(context.differ(a, b) for a, b in zip(indices, others, strict=True)):
                return False
    return True


def conditionally_independent(left: Atoms, right: Atoms, given: Atoms, context: Context) -> str | None:
    """The given by which `left` and `right` are independent given `given`, or None."""

    def inside(atoms: Atoms, members: tuple[Member, ...]) -> bool:
        return all(any(_covers(m, a, False) for m in members) for a in atoms)

    for fact in context.facts.givens:
        if not isinstance(fact, ConditionallyIndependent):
            continue
        exact = inside(given, fact.given) and len(given) == len(fact.given)
        straight = inside(left, fact.left) and inside(right, fact.right)
        crossed = inside(left, fact.right) and inside(right, fact.left)
        if exact and (straight or crossed):
            return latex_of(fact)
    return None
