r"""A line of a derivation as pieces that can be coloured and broken into rows at its sums.

Colour is put on runs of whole pieces; operators at the edge of a run keep their spacing (`\mathbin{…}`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from derive.render.changes import NUCLEUS, WHOLE
from derive.render.nodes import Node, Nodes, braced, classes, commanded, fenced, nucleus, spaced
from derive.render.widths import SPACING, bracket_width, height, node_width, nucleus_width, scripts_width

Labels = frozenset[int]
Marks = Mapping[tuple[int, str], Labels]
Paint = Callable[[str, Labels], str]
NONE: Labels = frozenset()
BETWEEN_FACTORS = 1000.0  # a break between factors is the last resort
SPARE = 1.03  # widths are estimates
CLASS_COMMAND = {"bin": r"\mathbin", "rel": r"\mathrel"}


@dataclass(frozen=True)
class Piece:
    """A bit of a line that is never broken.  `depth`: the brackets it stands in; `width` in em, `height` in lines."""

    latex: str
    kind: str
    width: float
    height: float
    depth: int
    labels: Labels


def pieces(
    nodes: Nodes, marks: Marks, paint: Paint, base: Labels = NONE, depth: int = 0, opened: bool = False
) -> list[Piece]:
    r"""Flatten a line: plain brackets are opened up, all else stays whole (coloured inside where marked).

    `opened`: \left and \right brackets are opened up too, with a fixed size in their stead.
    """
    out: list[Piece] = []
    for node, kind in zip(nodes, classes(nodes), strict=True):
        whole = base | marks.get((id(node), WHOLE), NONE)
        core = whole | marks.get((id(node), NUCLEUS), NONE)
        if node.kind == "fence" and len(node.args) == 1 and (brackets := _brackets(node, opened)):
            script = _scripts(node, marks, paint, whole)
            wide = bracket_width(node.head) if brackets[0] == node.head else 0.78
            out.append(Piece(brackets[0], "open", wide, 1.0, depth, core))
            out += pieces(node.args[0], marks, paint, core, depth + 1, opened)
            if core == whole:
                out.append(Piece(brackets[1] + script, "close", wide + scripts_width(node), 1.0, depth, whole))
            else:
                out.append(Piece(brackets[1], "close", wide, 1.0, depth, core))
                out.append(Piece(script, "script", scripts_width(node), 1.0, depth, whole))
            continue
        tall = height((node,))
        if core == whole:
            latex = _nucleus(node, marks, paint, whole) + _scripts(node, marks, paint, whole)
            out.append(Piece(latex, kind, node_width(node) + SPACING.get(kind, 0.0), tall, depth, whole))
        else:
            out.append(Piece(_nucleus(node, marks, paint, core), kind, nucleus_width(node), tall, depth, core))
            script = _scripts(node, marks, paint, whole)
            out.append(Piece(script, "script", scripts_width(node), tall, depth, whole))
    return out


def _brackets(node: Node, opened: bool) -> tuple[str, str] | None:
    """The brackets of a fence that may be opened up."""
    if not node.head.startswith(r"\left"):
        return node.head, node.tail
    left, right = node.head[len(r"\left") :], node.tail[len(r"\right") :]
    if not opened or "." in (left, right):
        return None
    tall = height(node.args[0])
    size = next(
        (size for limit, size in ((1.1, ""), (1.5, "big"), (1.9, "Big"), (2.7, "bigg")) if tall <= limit), "Bigg"
    )
    return (rf"\{size}l{left}", rf"\{size}r{right}") if size else (left, right)


def _inside(nodes: Nodes, marks: Marks, paint: Paint, base: Labels, tight: bool = False) -> str:
    return assemble(pieces(nodes, marks, paint, base), paint, base, tight)


def _nucleus(node: Node, marks: Marks, paint: Paint, base: Labels) -> str:
    if node.kind in ("text", "grid", "space") or not node.args:
        return nucleus(node)
    inside = [_inside(a, marks, paint, base) for a in node.args]
    if node.kind == "group":
        return "{" + inside[0] + "}"
    return fenced(node, inside) if node.kind == "fence" else commanded(node, inside)


def _scripts(node: Node, marks: Marks, paint: Paint, base: Labels) -> str:
    out = "'" * node.primes
    for sign, script in (("_", node.sub), ("^", node.sup)):
        if script is not None:
            out += sign + braced(_inside(script, marks, paint, base, tight=True))
    return out


def assemble(row: Sequence[Piece], paint: Paint, base: Labels = NONE, tight: bool = False) -> str:
    """LaTeX of a row of pieces, with its runs of equal labels painted."""
    parts: list[tuple[str, str]] = []
    at = 0
    while at < len(row):
        end = at
        while end < len(row) and row[end].labels == row[at].labels:
            end += 1
        run, labels = list(row[at:end]), row[at].labels
        if labels == base or not labels:
            parts += [(p.latex, p.kind) for p in run]
        else:
            following = row[end].kind if end < len(row) else ""
            parts += _painted(run, labels, paint, tight, following)
        at = end
    return spaced(parts, tight)


def _painted(run: list[Piece], labels: Labels, paint: Paint, tight: bool, following: str) -> list[tuple[str, str]]:
    """One run in colour: operators at its ends outside of the group, so that TeX spaces them as before."""
    head: list[tuple[str, str]] = []
    tail: list[tuple[str, str]] = []
    while run and run[0].kind in ("bin", "rel", "punct", "space", "script"):
        head.append(_edge(run.pop(0), labels, paint))
    while run and run[-1].kind in ("bin", "rel", "punct", "space"):
        tail.insert(0, _edge(run.pop(), labels, paint))
    if not run:
        return head + tail
    body = paint(spaced(((p.latex, p.kind) for p in run), tight), labels)
    if run[-1].kind == "op" and following and following not in ("open", "script"):
        body += r"\,"
    return [*head, (body, "ord"), *tail]


def _edge(piece: Piece, labels: Labels, paint: Paint) -> tuple[str, str]:
    if piece.kind in CLASS_COMMAND:
        return CLASS_COMMAND[piece.kind] + "{" + paint(piece.latex, labels) + "}", piece.kind
    return piece.latex, piece.kind


def break_rows(line: Sequence[Piece], first: float, rest: float) -> list[list[Piece]]:
    """Break a line before its + and − so that rows fit `first` and then `rest` em, as shallow and as late as can be."""
    rows: list[list[Piece]] = []
    start, limit = 0, first / SPARE
    while start < len(line):
        end = _row_end(line, start, limit)
        rows.append(list(line[start:end]))
        start, limit = end, rest / SPARE
    return rows


def cut_at(line: Sequence[Piece], level: float) -> list[list[Piece]]:
    """A line cut in front of every operator of a level: its depth in brackets, and half more for one as \\cdot is."""
    terms: list[list[Piece]] = [[]]
    for at, piece in enumerate(line):
        if terms[-1] and _badness(line, at) == level:
            terms.append([])
        terms[-1].append(piece)
    return terms


def _row_end(line: Sequence[Piece], start: int, limit: float) -> int:
    used = 0.0
    places: list[tuple[float, float, int]] = []  # how bad a break, width so far, place
    for at in range(start, len(line)):
        badness = _badness(line, at) if at > start else None
        if badness is not None:
            if used > limit and not places:
                return at  # nothing earlier to break at
            if used <= limit:
                places.append((badness, used, at))
        used += line[at].width
    if used <= limit or not places:
        return len(line)
    sums = [p for p in places if p[0] < BETWEEN_FACTORS]
    good = [p for p in sums if p[1] >= 0.35 * limit] or sums or places
    least = min(p[0] for p in good)
    return max(p[2] for p in good if p[0] == least)


def _badness(line: Sequence[Piece], at: int) -> float | None:
    """How bad it is to break before a piece: outer sums before inner ones before products; None: it must not be."""
    piece = line[at]
    if piece.kind == "word":
        return 0.0
    if piece.kind in ("bin", "rel"):
        return piece.depth + (0.5 if piece.latex.startswith("\\") else 0.0)
    if piece.kind == "ord" and line[at - 1].kind in ("ord", "close", "script"):
        return BETWEEN_FACTORS + piece.depth
    return None


def row_width(row: Sequence[Piece]) -> float:
    """Width of a row in em, with a little to spare."""
    return SPARE * sum(p.width for p in row)


def row_height(row: Sequence[Piece]) -> float:
    return max((p.height for p in row), default=1.0)
