r"""The rows of a display: how the lines of a chain are set so that they stay within a given width.

>>> from derive.render.wording import Line
>>> display = arrange([Line("a"), Line("b + c", "=")], [[], []], available=40.0)
>>> [(row.relation, row.body) for row in display.rows]
[('', 'a'), ('=', 'b + c')]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from derive.render.changes import MOST, mark_lines
from derive.render.escape import escape_text
from derive.render.layout import Labels, Marks, Paint, Piece, assemble, break_rows, pieces, row_height, row_width
from derive.render.macros import NO_MACROS, Macros
from derive.render.nodes import Nodes, write
from derive.render.parsing import parse
from derive.render.widths import TEXT, width
from derive.render.wording import Line, Phrase

GAP = 2.2  # between the formula and its reason, em
RELATION = 1.4
REASON_SCALE = 0.92
WIDEST_REASON = 14.0
REASON_COLUMNS = (12.5, 10.5, 8.5)
SIZES = (("", 1.0), (r"\small", 0.92), (r"\footnotesize", 0.83), (r"\scriptsize", 0.74), (r"\tiny", 0.56))
VERBATIM_LENGTH = 120


@dataclass(frozen=True)
class Row:
    """One row of a display.  `line` counts the chain's lines from 0; `head`: it is that line's first row."""

    line: int
    head: bool
    relation: str
    body: str
    width: float
    height: float


@dataclass(frozen=True)
class Display:
    """`apart`: the first line stands over the others instead of before them; `reasons`: their column's width in em,
    0 when they stand between the lines.  `fits`: TeX should find nothing too wide."""

    rows: tuple[Row, ...]
    size: str
    apart: bool
    reasons: float
    fits: bool


def vetted(latex: str, macros: Macros = NO_MACROS) -> str:
    r"""LaTeX that is safe to hand to TeX in math mode: rebuilt from known pieces, or shown as it was typed.

    >>> vetted(r"x^\top w"), vetted(r"\input{secret}")
    ('x^{\\top}w', '\\text{\\ttfamily \\textbackslash input\\{secret\\}}')
    """
    nodes = parse(latex, macros)
    return write(nodes) if nodes is not None else verbatim(latex)


def verbatim(latex: str) -> str:
    short = latex if len(latex) <= VERBATIM_LENGTH else latex[:VERBATIM_LENGTH] + "…"
    return r"\text{\ttfamily " + escape_text(short.strip() or "(nothing)") + "}"


def phrase_width(words: Phrase) -> float:
    """Width of a phrase in em, set in the size of reasons."""
    total = 0.0
    for kind, content in words:
        nodes = parse(content) if kind == "math" else None
        total += width(nodes) if nodes is not None else TEXT * len(content)
    return total * REASON_SCALE


def no_paint(latex: str, labels: Labels) -> str:
    return latex


def arrange(
    lines: Sequence[Line],
    reasons: Sequence[Phrase],
    available: float,
    paint: Callable[[int], Paint] | None = None,
    macros: Macros = NO_MACROS,
    between: bool = False,
    most: float = MOST,
    small: float = 20.0,
) -> Display:
    """Set a chain into `available` em of the text font: large letters and few rows, as they fit.

    `paint(i)` colours line i, changes of more than `most` of a line excepted.  `between`: reasons stand between the
    lines (Feijen and Dijkstra's layout).  `small`: how much smaller letters are worse than more rows.
    """
    trees = [parse(line.latex, macros) for line in lines]
    marks = mark_lines(trees, most) if paint is not None else [{} for _ in lines]
    paints = [paint(i) if paint is not None else no_paint for i in range(len(lines))]
    cut = [_pieces(tree, line, m, p) for tree, line, m, p in zip(trees, lines, marks, paints, strict=True)]
    relations = ["" if not line.relation else vetted(line.relation, macros) for line in lines]
    widths = list(map(phrase_width, reasons))
    tries = []
    for size, scale in SIZES:
        room = available / scale
        for column in (0.0,) if between else _columns(widths, scale):
            display = _best(cut, paints, relations, size, room, column, not between and (column > 0 or not any(widths)))
            if display.fits and between:
                return display
            tries.append((not display.fits, _cost(display, widths) + (1 - scale) * small, len(tries), display))
    return min(tries)[3]


def _columns(widths: Sequence[float], scale: float) -> list[float]:
    """Widths to try for the column of reasons; 0 (reasons between the lines) only where letters are small already."""
    widest = max(widths, default=0.0)
    wrapped = [c for c in REASON_COLUMNS if c < widest]
    return [*([widest] if widest <= WIDEST_REASON else []), *wrapped, *([0.0] if scale < 0.9 or not widest else [])]


def _cost(display: Display, widths: Sequence[float]) -> float:
    """Rows, those of wrapped reasons included: fewer are better."""
    rows = [0] * len(widths)
    for row in display.rows:
        rows[row.line] += 1
    if not display.reasons:
        return sum(rows) * 3.0
    wrapped = [reason_rows(w, display) for w in widths]
    return sum(2 * r + 0.6 * max(0, w - r) for r, w in zip(rows, wrapped, strict=True)) + 0.5 * display.apart


def reason_rows(width: float, display: Display) -> int:
    """How many rows a reason of this width takes in its column."""
    return ceil(width / display.reasons * 1.15) if display.reasons and width > display.reasons + 0.01 else 1


def _pieces(tree: Nodes | None, line: Line, marks: Marks, paint: Paint) -> list[Piece]:
    if tree is not None:
        return pieces(tree, marks, paint)
    text = verbatim(line.latex)
    return [Piece(text, "ord", 0.55 * min(len(line.latex), VERBATIM_LENGTH + 1), 1.0, 0, frozenset())]


def _best(
    cut: Sequence[Sequence[Piece]],
    paints: Sequence[Paint],
    relations: Sequence[str],
    size: str,
    room: float,
    column: float,
    beside: bool,
) -> Display:
    """With the first line before the others or over them, whichever fits in fewer rows."""
    lead = row_width(cut[0])
    reserve = column + GAP if column else 0.0
    candidates = []
    for apart in (False, True):
        left = (2.0 if apart else lead) if beside else 2.0
        limit = room - left - RELATION - reserve
        if limit < 6 and not apart and beside:
            continue
        rows: list[Row] = []
        fits = True
        for i, line in enumerate(cut):
            first = room - 1 if i == 0 and (apart or not beside) else lead + 0.01 if i == 0 else limit
            broken = break_rows(line, first, first - 1.2)
            fits = fits and all(row_width(r) <= first for r in broken)
            rows += [
                Row(i, j == 0, relations[i] if j == 0 else "", assemble(r, paints[i]), row_width(r), row_height(r))
                for j, r in enumerate(broken)
            ]
        candidates.append(Display(tuple(rows), size, apart, column, fits and (apart or lead <= 0.4 * room)))
        if not beside:
            break
    return min(candidates, key=lambda d: (not d.fits, len(d.rows) + (1 if d.apart else 0), d.apart))
