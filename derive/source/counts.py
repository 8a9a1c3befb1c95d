r"""Random numbers of terms: with N random, `\sum_{i=1}^N X_i` is the sum of `\mathbf 1\{i \le N\} X_i` over all i that may occur.

A name that ends a sum and is random is no dimension.  The sum then runs to a bound of N, and that it counts N terms is a
statement of its own; a member with N as its index is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from derive.language import syntax as sx
from derive.language.patterns import dotted_sum
from derive.language.syntax import Chain, Statement, Syntax
from derive.language.traverse import descend

Item = Statement | Chain
ONE = sx.Numeral(Fraction(1))
MOMENTS = frozenset({"E", "Var", "Cov", "Std"})


def with_random_counts(items: list[Item]) -> list[Item]:
    """The items with sums of a random number of terms written over a fixed range."""
    ends = {n for item in items for root in roots(item) for n in ends_of(root)}
    counts = {n for n in ends if any(says_random(item, n) for item in items)}
    if not counts:
        return items
    for count in sorted(counts, key=lambda n: n.letter):
        items = _with_count(items, count)
    return items


def roots(item: Item) -> Iterator[Syntax]:
    if isinstance(item, Statement):
        for part in item.parts:
            yield from part
        return
    for member in item.members:
        if member.syntax is not None:
            yield member.syntax
    for statement in item.hypotheses:
        yield from roots(statement)


def ends_of(root: Syntax) -> Iterator[sx.Name]:
    r"""The plain names at which sums end: `\sum_{i=1}^N`, `X_1 + \dots + X_N`."""
    for node in descend(root):
        if isinstance(node, sx.Big) and node.kind == "sum":
            yield from (r.upper for r in node.ranges if isinstance(r.upper, sx.Name) and plain(r.upper))
        if isinstance(node, sx.Plus) and any(isinstance(i, sx.Dots) for i in node.items):
            whole = dotted_sum(node.items)
            yield from ends_of(whole) if whole is not None else ()


def plain(name: sx.Name) -> bool:
    return not name.subscripts and not name.superscripts


def says_random(item: Item, count: sx.Name) -> bool:
    """Whether the item makes the name random: a law, the word, a moment of it, a condition on it."""
    if isinstance(item, Statement):
        subjects = item.parts[0] if item.parts else ()
        if count in subjects and (item.kind in ("distribution", "iid") or item.word == "random"):
            return True
    return any(
        isinstance(node, sx.Operator) and ((node.kind in MOMENTS and node.arguments == (count,)) or count in node.given)
        for root in roots(item)
        for node in descend(root)
    )


def _with_count(items: list[Item], count: sx.Name) -> list[Item]:
    bound = sx.Name(count.letter, (sx.Label(r"\max"),))
    named = {
        node.parts[0][0]
        for node in items
        if isinstance(node, Statement) and node.kind == "equation" and _ends_in(node.parts[0][0], count)
    } | {
        item.members[0].syntax
        for item in items
        if isinstance(item, Chain) and item.members[0].syntax is not None and _ends_in(item.members[0].syntax, count)
    }

    def changed(node: Any) -> Any:
        match node:
            case sx.Plus(inner) if any(isinstance(i, sx.Dots) for i in inner) and count in set(ends_of(node)):
                return changed(dotted_sum(inner))
            case sx.Big("sum", ranges, body) if any(r.upper == count for r in ranges):
                happens = tuple(sx.Indicator(sx.Relation(r"\le", r.index, count)) for r in ranges if r.upper == count)
                over = tuple(replace(r, upper=bound) if r.upper == count else changed(r) for r in ranges)
                return replace(node, ranges=over, body=sx.Juxtaposition((*happens, sx.Bracketed(changed(body)))))
            case sx.Name() if node in named:
                return replace(node, subscripts=(sx.Label(count.letter),))
            case sx.Name(_, subscripts) if count in subscripts:
                return sx.Opaque(f"a member with the random index {count.letter}", span=node.span)
        return through(node, changed)

    result = [_statement(i, count, bound, changed) if isinstance(i, Statement) else _chain(i, changed) for i in items]
    return [_counting(items, count, bound), *result]


def _ends_in(node: Syntax, count: sx.Name) -> bool:
    return isinstance(node, sx.Name) and node.subscripts == (count,)


def through(node: Any, change: Callable[[Any], Any]) -> Any:
    """The node with its parts changed."""
    if isinstance(node, tuple):
        return tuple(change(part) for part in node)
    if not isinstance(node, sx.Node):
        return node
    parts = {f.name: getattr(node, f.name) for f in fields(node) if f.name != "span"}
    made = {name: change(part) for name, part in parts.items() if isinstance(part, (tuple, sx.Node))}
    return replace(node, **made) if any(made[k] is not parts[k] for k in made) else node


def _statement(item: Statement, count: sx.Name, bound: sx.Name, changed: Callable[[Any], Any]) -> Statement:
    """A count is no natural number that is fixed; `X_1, \\dots, X_N` are as many as there may be."""
    if item.kind == "shape" and item.word in ("natural", "integer") and item.parts[0] == (count,):
        return replace(item, kind="kind", word="random", parts=((count,),), dims=())

    def listed(part: tuple[Any, ...]) -> tuple[Any, ...]:
        after_dots = [k > 0 and isinstance(part[k - 1], sx.Dots) for k in range(len(part))]
        return tuple(
            replace(p, subscripts=(bound,)) if dots and _ends_in(p, count) else p
            for p, dots in zip(part, after_dots, strict=True)
        )

    parts = tuple(listed(part) for part in item.parts)
    if item.kind == "independent" and any(len(p) == 1 and isinstance(p[0], sx.Dots) for p in parts):
        flat = listed(tuple(p[0] for p in parts if len(p) == 1))
        parts = tuple((p,) for p in flat) if len(flat) == len(parts) else parts
    return replace(item, parts=changed(parts), dims=tuple(bound if d == count else d for d in item.dims))


def _chain(item: Chain, changed: Callable[[Any], Any]) -> Chain:
    members = tuple(m if m.syntax is None else replace(m, syntax=changed(m.syntax)) for m in item.members)
    return replace(item, members=members)


def _counting(items: list[Item], count: sx.Name, bound: sx.Name) -> Statement:
    source = next(item for item in items if says_random(item, count))
    index = sx.Name("i")
    happens = sx.Indicator(sx.Relation(r"\le", index, count))
    total = sx.Big("sum", (sx.IndexRange(index, ONE, bound),), happens)
    latex = rf"{count.letter} \text{{ counts the terms}}"
    return Statement("equation", ((total, count), ()), latex, source.span, "block", "=")
