r"""Beside `y_t = \phi y_{t-1} + \varepsilon_t`, what is said of every t is said of t - 1 as well.

A recursion makes `y_t` and `y_{t-1}` two symbols (as a family they would define themselves), and so every other name with
that index. A statement about one of them is repeated for its neighbours, where it holds for every t: it says so, or speaks
of nothing that the recursion defines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from derive.language import syntax as sx
from derive.language.symbols import key_of, roots, script_index
from derive.language.traverse import descend, rebuilt, visible

EVERY = "every"  # flags of a statement: “every” for a stationary process, “every t” for all t
LISTED = frozenset({"iid", "independent", "uncorrelated"})  # said of a family among itself
REPEATED = frozenset({"equation", "distribution", "kind", "shape", "law", "conditional"}) | LISTED
REACH = 4


def recursions(document: sx.Document) -> dict[str, set[str]]:
    """By their index, the letters that the document defines by their own earlier values."""
    found: dict[str, set[str]] = defaultdict(set)
    for left, right in _equations(document):
        if isinstance(left, sx.Name):
            mine = {i.base for i in map(script_index, left.subscripts) if i is not None and i.base is not None}
            for other in visible(right):
                if isinstance(other, sx.Name) and other.letter == left.letter and other != left:
                    for index in map(script_index, other.subscripts):
                        if index is not None and index.base in mine:
                            found[index.base].add(left.letter)
    return dict(found)


def _equations(document: sx.Document) -> Iterator[tuple[sx.Node, sx.Node]]:
    for item in document.items:
        if isinstance(item, sx.Statement):
            if item.kind == "equation":
                yield item.parts[0][0], item.parts[0][1]
        else:
            left, right = (m.syntax for m in item.members[:2])
            if left is not None and right is not None:
                yield left, right


def with_recursions(document: sx.Document) -> sx.Document:
    """The document with what holds for every index said of all values of it that are in use."""
    found = recursions(document)
    bound = {
        key_of(n.ranges[0].index) for r in roots(document) for n in descend(r) if isinstance(n, sx.Big) and n.ranges
    }
    for base in sorted(found.keys() - bound):
        document = _repeated(document, base, found[base])
    return document


def _repeated(document: sx.Document, base: str, defined: set[str]) -> sx.Document:
    used = {place for root in roots(document) for place in _places(root, base)}
    items: list[sx.Statement | sx.Chain] = []
    for item in document.items:
        if isinstance(item, sx.Statement) and item.kind in REPEATED:
            items.extend(_copies(item, base, defined, used))
        else:
            items.append(item)
    return replace(document, items=tuple(items))


def _copies(said: sx.Statement, base: str, defined: set[str], used: set[tuple[str, int]]) -> list[sx.Statement]:
    """The statement, and the same of other values of the index."""
    mine = {place for group in said.parts for node in group for place in _places(node, base)}
    general = {EVERY, f"{EVERY} {base}"} & said.flags or not {letter for letter, _ in mine} & defined
    left = said.parts[0][0]
    recursion = said.kind == "equation" and isinstance(left, sx.Name) and left.letter in defined
    if not mine or not general or recursion:
        return [said]
    shifts = [k for k in range(-REACH, REACH + 1) if k and all((a, b + k) in used for a, b in mine)]
    moved = [replace(said, parts=_moved(said.parts, base, k)) for k in shifts]
    if len(said.parts[0]) == 1 == len(said.parts) and said.kind in LISTED:
        subjects = tuple(one.parts[0][0] for one in (said, *moved))
        groups = tuple((s,) for s in subjects) if said.kind == "independent" else (subjects,)
        return [replace(said, parts=groups)]
    fixed = not any(True for group in said.parts[1:] for node in group for _ in _places(node, base))
    if "iid" in said.flags and fixed:
        return [replace(said, parts=(tuple(s for one in (said, *moved) for s in one.parts[0]), *said.parts[1:]))]
    return [said, *moved]


def _places(root: sx.Node, base: str) -> Iterator[tuple[str, int]]:
    """Letter and offset of each name that has the index."""
    for node in descend(root):
        if isinstance(node, sx.Name):
            for index in map(script_index, node.subscripts):
                if index is not None and index.base == base:
                    yield node.letter, index.offset


def _moved(value: Any, base: str, shift: int) -> Any:
    if isinstance(value, tuple):
        return tuple(_moved(v, base, shift) for v in value)
    if isinstance(value, sx.Name) and any((i := script_index(s)) and i.base == base for s in value.subscripts):
        return replace(value, subscripts=tuple(_script(s, base, shift) for s in value.subscripts))
    if isinstance(value, sx.Name) and key_of(value) == base:
        return sx.Bracketed(_sum(value, shift), span=value.span)
    return rebuilt(value, lambda v: _moved(v, base, shift)) if isinstance(value, sx.Node) else value


def _script(part: sx.Node, base: str, shift: int) -> sx.Node:
    index = script_index(part)
    if index is None or index.base != base:
        return part
    offset = index.offset + shift
    return _sum(sx.Name(base, span=part.span), offset)


def _sum(name: sx.Name, offset: int) -> sx.Node:
    if not offset:
        return name
    number = sx.Numeral(Fraction(abs(offset)))
    return sx.Plus((name, number if offset > 0 else sx.Negate(number)), span=name.span)
