"""What an ellipsis stands for: items are generalised until they differ in one index only."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from derive.language import syntax as sx

FRESH = ("i", "j", "k", "l", "a", "b")


def generalise(first: Any, last: Any, fresh: str, found: list[tuple[Any, Any]]) -> Any:
    """The common pattern of two pieces of syntax with `fresh` where an index runs from a number to a limit.

    Every place where they differ must be the same pair of (lower, upper); None when there is no pattern.
    """
    if first == last:
        return first
    if isinstance(first, sx.Numeral) and isinstance(last, (sx.Name, sx.Numeral, sx.Plus)):
        found.append((first, last))
        return sx.Name(fresh, span=first.span)
    if isinstance(first, tuple) and isinstance(last, tuple) and len(first) == len(last):
        items = tuple(generalise(a, b, fresh, found) for a, b in zip(first, last, strict=False))
        return None if any(i is None for i in items) else items
    if type(first) is not type(last) or not isinstance(first, sx.Node):
        return None
    changed = {}
    for slot in fields(first):
        a, b = getattr(first, slot.name), getattr(last, slot.name)
        if slot.name == "span" or a == b:
            continue
        inner = generalise(a, b, fresh, found)
        if inner is None:
            return None
        changed[slot.name] = inner
    return replace(first, **changed)


def run_of(first: sx.Node, last: sx.Node, fresh: str) -> tuple[sx.Node, sx.Node, sx.Node] | None:
    """(pattern, lower, upper) of `first, …, last`."""
    found: list[tuple[Any, Any]] = []
    pattern = generalise(first, last, fresh, found)
    if pattern is None or not found or any(pair != found[0] for pair in found):
        return None
    return pattern, found[0][0], found[0][1]


def unused(nodes: tuple[sx.Node, ...]) -> str:
    """An index letter that does not occur in the nodes."""
    from derive.language.traverse import descend

    taken = {n.letter for node in nodes for n in descend(node) if isinstance(n, sx.Name)}
    return next((f for f in FRESH if f not in taken), "i_0")


def _dotted_run(items: tuple[sx.Node, ...], kind: str) -> tuple[int, int, sx.Node] | None:
    """(start, end, big operator) of the run around the first ellipsis of the items."""
    middle = next(i for i, item in enumerate(items) if isinstance(item, sx.Dots))
    if not 0 < middle < len(items) - 1:
        return None
    fresh = unused(items)
    last = items[middle + 1]
    best = None
    for start in range(middle - 1, -1, -1):
        run = run_of(items[start], last, fresh)
        if run is None:
            break
        pattern, lower, upper = run
        best = (
            (start, middle + 2, _big(kind, fresh, lower, upper, pattern))
            if _follows(items[start:middle], pattern, fresh, lower)
            else best
        )
    return best


def _big(kind: str, fresh: str, lower: sx.Node, upper: sx.Node, pattern: sx.Node) -> sx.Node:
    index = sx.IndexRange(sx.Name(fresh), lower, upper)
    return sx.Big(kind, (index,), pattern, span=pattern.span)


def _follows(items: tuple[sx.Node, ...], pattern: sx.Node, fresh: str, lower: sx.Node) -> bool:
    """Whether the written items are the pattern at lower, lower+1, …."""
    if not isinstance(lower, sx.Numeral):
        return len(items) == 1
    return all(item == placed(pattern, fresh, lower.value + k) for k, item in enumerate(items))


def placed(pattern: Any, fresh: str, value: Fraction) -> Any:
    """The pattern with the fresh index replaced by a number."""
    if pattern == sx.Name(fresh):
        return sx.Numeral(value)
    if isinstance(pattern, tuple):
        return tuple(placed(p, fresh, value) for p in pattern)
    if not isinstance(pattern, sx.Node):
        return pattern
    return replace(
        pattern, **{f.name: placed(getattr(pattern, f.name), fresh, value) for f in fields(pattern) if f.name != "span"}
    )


def dotted_sum(items: tuple[sx.Node, ...]) -> sx.Node | None:
    """`x_1 + \\dots + x_n + y` with the dotted run as a sum; None when the pattern is not clear."""
    while any(isinstance(i, sx.Dots) for i in items):
        run = _dotted_run(items, "sum")
        if run is None:
            return None
        items = (*items[: run[0]], run[2], *items[run[1] :])
    return sx.Plus(items) if len(items) > 1 else items[0]


def dotted_product(items: tuple[sx.Node, ...]) -> sx.Node | None:
    while any(isinstance(i, sx.Dots) for i in items):
        run = _dotted_run(items, "prod")
        if run is None:
            return None
        items = (*items[: run[0]], run[2], *items[run[1] :])
    return sx.Juxtaposition(items) if len(items) > 1 else items[0]


def dotted_matrix(rows: tuple[tuple[sx.Node, ...], ...]) -> tuple[Any, Any, sx.Node, bool] | None:
    """(row index and end, column index and end, body, whether only the diagonal is meant) of a dotted matrix.

    A missing direction is None.
    """
    rows = tuple(r for r in rows if not all(isinstance(e, sx.Dots) for e in r)) or rows
    kept = [tuple(e for e in r if not isinstance(e, sx.Dots)) for r in rows]
    if not kept or not kept[0] or len({len(r) for r in kept}) > 1:
        return _banded(rows)
    corners = kept[0][0], kept[0][-1], kept[-1][0], kept[-1][-1]
    down, across = unused(corners), next(f for f in FRESH if f != unused(corners))
    if len(kept[0]) == 1:
        run = run_of(corners[0], corners[2], down)
        return None if run is None else ((down, run[2]), None, run[0], False)
    if len(kept) == 1:
        run = run_of(corners[0], corners[1], down)
        return None if run is None else (None, (down, run[2]), run[0], False)
    top, bottom = run_of(corners[0], corners[1], across), run_of(corners[2], corners[3], across)
    if top is not None and bottom is not None and top[2] == bottom[2]:
        body = run_of(top[0], bottom[0], down)
        return None if body is None else ((down, body[2]), (across, top[2]), body[0], False)
    return _diagonal(corners)


def _banded(rows: tuple[tuple[sx.Node, ...], ...]) -> tuple[Any, Any, sx.Node, bool] | None:
    if (
        len(rows) < 2
        or len(rows[0]) < 2
        or any(isinstance(e, sx.Dots) for e in (rows[0][0], rows[0][-1], rows[-1][0], rows[-1][-1]))
    ):
        return None
    return _diagonal((rows[0][0], rows[0][-1], rows[-1][0], rows[-1][-1]))


def _diagonal(corners: tuple[sx.Node, ...]) -> tuple[Any, Any, sx.Node, bool] | None:
    """`d_1 … 0; …; 0 … d_n`."""
    zero = sx.Numeral(Fraction(0))
    if corners[1] != zero or corners[2] != zero:
        return None
    fresh = unused(corners)
    run = run_of(corners[0], corners[3], fresh)
    return None if run is None else ((fresh, run[2]), None, run[0], True)
