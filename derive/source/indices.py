"""Which indices an expression leaves free: they tell what a sum such as `\\sum_{i \\neq j}` runs over."""

from __future__ import annotations

from derive.language import syntax as sx


def free_indices(node: sx.Node) -> frozenset[str]:
    r"""The letters in scripts that no big operator binds: j of `y_j`, none of `\sum_i x_i`."""
    found: set[str] = set()
    collect(node, frozenset(), False, found)
    return frozenset(found)


def collect(node: object, bound: frozenset[str], script: bool, found: set[str]) -> None:
    match node:
        case sx.Name(letter, below, above):
            if script and letter not in bound:
                found.add(letter)
            collect((below, above), bound, True, found)
        case sx.Subscripted(item, below):
            collect(item, bound, script, found)
            collect(below, bound, True, found)
        case sx.Big(_, ranges, body):
            inner = bound | {r.index.letter for r in ranges}
            for r in ranges:
                collect((r.lower, r.upper, r.excluded, r.below), inner, False, found)
            collect(body, inner, script, found)
        case tuple():
            for item in node:
                collect(item, bound, script, found)
        case sx.Node():
            for field in node.__dataclass_fields__:
                if field != "span":
                    collect(getattr(node, field), bound, script, found)


def letters(node: object) -> frozenset[str]:
    """All letters of names, in scripts or not."""
    match node:
        case sx.Name(letter, below, above):
            return frozenset({letter}) | letters(below) | letters(above)
        case tuple():
            return frozenset().union(*(letters(item) for item in node))
        case sx.Node():
            fields = (f for f in node.__dataclass_fields__ if f != "span")
            return frozenset().union(*(letters(getattr(node, f)) for f in fields))
    return frozenset()
