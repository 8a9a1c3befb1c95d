r"""What changed between two lines of a derivation, in whole pieces: never half a group, a fence or a cell.

Lines are compared term by term, equal terms in order are left alone; a term that has one counterpart is compared factor
by factor and inside its brackets, fractions and scripts; where several terms become other ones, they are marked whole.
When too little would be left unmarked, nothing is marked: colour that is everywhere says nothing.

>>> from derive.render.parsing import parse
>>> before, after = parse(r"E[n^2] + c"), parse(r"v + c")
>>> [sorted(node.head for node, _ in side) for side in compare(before, after)]
[['E', '['], ['v']]
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from derive.render.nodes import Node, Nodes, classes, nucleus, write, write_node, write_scripts
from derive.render.widths import width

WHOLE, NUCLEUS = "whole", "nucleus"
Place = tuple[Node, str]  # a node, and whether it changed with or without its scripts
TRANSPARENT = frozenset([r"\frac", r"\dfrac", r"\tfrac", r"\sqrt", r"\overline", r"\boxed"])
OPERATORS = frozenset([r"\mathbb", r"\operatorname", r"\mathrm", r"\mathsf"])
MAX_PLACES = 50
MOST = 0.75


def compare(before: Nodes, after: Nodes, most: float = MOST) -> tuple[list[Place], list[Place]]:
    """The places of `before` that went and those of `after` that came; none when that is more than `most` of a line."""
    gone: list[Place] = []
    come: list[Place] = []
    _sums(before, after, gone, come)
    if max(len(gone), len(come)) > MAX_PLACES or max(_share(before, gone), _share(after, come)) > most:
        return [], []
    return gone, come


def mark_lines(lines: Sequence[Nodes | None], most: float = MOST) -> list[dict[tuple[int, str], frozenset[int]]]:
    """For each line, which of its places belong to which step; step k leads from line k-1 to line k.

    A place is (id(node), "whole" | "nucleus").  A line that could not be read (None) has no marks.
    """
    marks: list[dict[tuple[int, str], frozenset[int]]] = [{} for _ in lines]
    for k in range(1, len(lines)):
        before, after = lines[k - 1], lines[k]
        if before is None or after is None:
            continue
        for line, places in zip((k - 1, k), compare(before, after, most), strict=True):
            for node, part in places:
                place = (id(node), part)
                marks[line][place] = marks[line].get(place, frozenset()) | {k}
    return marks


def _share(nodes: Nodes, places: list[Place]) -> float:
    """How much of the line the marking takes."""
    total = sum(width((node,)) for node in nodes)
    return sum(width((node,)) for node, _ in places) / total if total > 0 else 0.0


def _terms(nodes: Nodes) -> list[Nodes]:
    terms: list[list[Node]] = [[]]
    for node, kind in zip(nodes, classes(nodes), strict=True):
        if kind in ("bin", "sign") and node.head in ("+", "-", r"\pm", r"\mp") and terms[-1]:
            terms.append([])
        terms[-1].append(node)
    return [tuple(t) for t in terms]


def _key(term: Nodes) -> str:
    text = write(term).strip()
    return text[1:].lstrip() if text.startswith("+") else text


def _sums(before: Nodes, after: Nodes, gone: list[Place], come: list[Place]) -> None:
    """Compare two sums."""
    left, right = _terms(before), _terms(after)
    matcher = SequenceMatcher(None, [_key(t) for t in left], [_key(t) for t in right], autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "replace" and j - i == m - k:
            for a, b in zip(left[i:j], right[k:m], strict=True):
                _products(a, b, gone, come)
        elif op != "equal":
            gone.extend((n, WHOLE) for t in left[i:j] for n in t)
            come.extend((n, WHOLE) for t in right[k:m] for n in t)


def _products(before: Nodes, after: Nodes, gone: list[Place], come: list[Place]) -> None:
    """Compare two products, factor by factor."""
    if (after and not before) or (before and not after):
        gone.extend((n, WHOLE) for n in before)
        come.extend((n, WHOLE) for n in after)
        return
    if len(before) > 1 and before[0].head == "+" and after[0].head not in "+-":
        before = before[1:]
    elif len(after) > 1 and after[0].head == "+" and before[0].head not in "+-":
        after = after[1:]
    left, right = _factors(before), _factors(after)
    matcher = SequenceMatcher(None, list(map(write, left)), list(map(write, right)), autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "replace" and j - i == m - k:
            for a, b in zip(left[i:j], right[k:m], strict=True):
                _factor(a, b, gone, come)
        elif op != "equal":
            gone.extend((n, WHOLE) for factor in left[i:j] for n in factor)
            come.extend((n, WHOLE) for factor in right[k:m] for n in factor)


def _factors(nodes: Nodes) -> list[Nodes]:
    r"""A product in its factors: an operator (`\mathbb{E}`, `\operatorname{Var}`) and its brackets are one."""
    factors: list[Nodes] = []
    for node in nodes:
        before = factors[-1][-1] if factors else None
        if before is not None and node.kind == "fence" and before.head in OPERATORS and before.sup is None:
            factors[-1] = (*factors[-1], node)
        else:
            factors.append((node,))
    return factors


def _factor(before: Nodes, after: Nodes, gone: list[Place], come: list[Place]) -> None:
    """Compare two factors that stand in each other's place."""
    if len(before) == len(after) and (len(before) == 1 or write_node(before[0]) == write_node(after[0])):
        _nodes(before[-1], after[-1], gone, come)
        return
    gone.extend((n, WHOLE) for n in before)
    come.extend((n, WHOLE) for n in after)


def _nodes(a: Node, b: Node, gone: list[Place], come: list[Place]) -> None:
    """Compare two nodes that stand in each other's place."""
    if write_scripts(a) == write_scripts(b):
        if _alike(a, b):
            for inner_a, inner_b in zip(a.args, b.args, strict=True):
                _sums(inner_a, inner_b, gone, come)
        else:
            part = NUCLEUS if write_scripts(a) else WHOLE
            gone.append((a, part))
            come.append((b, part))
    elif nucleus(a) == nucleus(b) and _same_scripts(a, b):
        for mine, theirs in ((a.sup, b.sup), (a.sub, b.sub)):
            if mine is not None and theirs is not None:
                _sums(mine, theirs, gone, come)
    else:
        gone.append((a, WHOLE))
        come.append((b, WHOLE))


def _alike(a: Node, b: Node) -> bool:
    """May one look inside the two and compare there?"""
    same = (a.kind, a.head, a.tail, a.option, len(a.args)) == (b.kind, b.head, b.tail, b.option, len(b.args))
    return same and (a.kind in ("fence", "group") or (a.kind == "command" and a.head in TRANSPARENT))


def _same_scripts(a: Node, b: Node) -> bool:
    return a.primes == b.primes and (a.sup is None) == (b.sup is None) and (a.sub is None) == (b.sub is None)
