r"""The rows of a display: how the lines of a chain are set so that they stay within a given width.

>>> from derive.render.wording import Line
>>> display = arrange([Line("a"), Line("b + c", "=")], [[], []], available=40.0)
>>> [(row.relation, row.body) for row in display.rows]
[('', 'a'), ('=', 'b + c')]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from derive.render.changes import MOST, mark_lines
from derive.render.escape import escape_text
from derive.render.layout import Labels, Marks, Paint, Piece, assemble, break_rows, pieces, row_height, row_width
from derive.render.macros import NO_MACROS, Macros
from derive.render.nodes import Nodes, write
from derive.render.parsing import parse
from derive.render.widths import text_width, width
from derive.render.wording import Line, Phrase

GAP = 1.6  # at least, between the formula and its reason, em
RELATION = 1.4
REASON_SCALE = 0.92
WIDEST_REASON = 14.0
REASON_COLUMNS = (12.5, 10.5, 8.5)
SIZES = (("", 1.0), (r"\small", 0.92), (r"\footnotesize", 0.83), (r"\scriptsize", 0.74))
VERBATIM_LENGTH = 240
BREAK_IN_PRODUCT = 8.0
NARROWER = 6.0  # what a column of reasons that is not that of the page costs, in halves of a row


@dataclass(frozen=True)
class Row:
    """One row of a display.  `line` counts the chain's lines from 0; `head`: it is that line's first row; `over`: it
    reaches over the column of reasons, which is free beside it."""

    line: int
    head: bool
    relation: str
    body: str
    width: float
    height: float
    over: bool = False


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
    ('x^{\\top}w', '\\text{\\ttfamily \\textbackslash{}input\\{secret\\}}')
    """
    nodes = parse(latex, macros)
    return write(nodes) if nodes is not None else "".join(p.latex for p in verbatim(latex))


def verbatim(latex: str) -> list[Piece]:
    """An expression as it was typed, in pieces between which a line may break."""
    short = re.sub(r"\s+", " ", latex).strip() or "(nothing)"
    short = short if len(short) <= VERBATIM_LENGTH else short[:VERBATIM_LENGTH] + "…"
    return [
        Piece(r"\text{\ttfamily " + escape_text(word) + "}", "word", 0.53 * len(word), 1.0, 0, frozenset())
        for word in re.findall(r".{1,24}(?=\\|\s)\s?|.{1,24}", short)
    ]


def phrase_width(words: Phrase) -> float:
    """Width of a phrase in em, set in the size of reasons."""
    total = 0.0
    for kind, content in words:
        nodes = parse(content) if kind == "math" else None
        total += width(nodes) if nodes is not None else text_width(content) * (1.15 if kind == "strong" else 1.0)
    return total * REASON_SCALE


def no_paint(latex: str, labels: Labels) -> str:
    return latex


@dataclass(frozen=True)
class _Prepared:
    """A line ready to be broken: in pieces with its tall brackets closed and opened, its relation, its colours."""

    closed: list[Piece]
    opened: list[Piece]
    relation: str
    paint: Paint


@dataclass(frozen=True)
class _Plan:
    """One way to set a chain: for each line its rows of pieces."""

    broken: list[list[list[Piece]]]
    size: str
    apart: bool
    reasons: float
    total: float  # width of what stands aligned, reasons included
    limits: tuple[float, float]  # how wide rows may be: those of the first line, those of the others
    fits: bool

    @property
    def rows(self) -> int:
        return sum(map(len, self.broken))

    @property
    def torn(self) -> float:
        """How bad the breaks are: in the midst of a product worst, inside of brackets the worse the deeper."""
        breaks = [row[0] for broken in self.broken for row in broken[1:]]
        return sum(0.4 * p.depth if p.kind in ("bin", "rel", "word") else 1.0 + p.depth for p in breaks)


def arrange(
    lines: Sequence[Line],
    reasons: Sequence[Phrase],
    available: float,
    paint: Callable[[int], Paint] | None = None,
    macros: Macros = NO_MACROS,
    between: bool = False,
    most: float = MOST,
    small: float = 20.0,
    column: float = 0.0,
    largest: str = "",
    tallest: float = 40.0,
) -> Display:
    """Set a chain into `available` em of the text font: large letters and few rows, as they fit.

    `paint(i)` colours line i, changes of more than `most` of a line excepted.  `between`: reasons stand between the
    lines (Feijen and Dijkstra's layout).  `small`: how much smaller letters are worse than more rows.  `column`: the width
    of the reasons' column (em of the text font) that all chains of a document share, where it fits.
    `largest`: no letters larger than these.  `tallest`: no row higher than so many lines.
    """
    trees = [parse(line.latex, macros) for line in lines]
    marks = mark_lines(trees, most) if paint is not None else [{} for _ in lines]
    paints = [paint(i) if paint is not None else no_paint for i in range(len(lines))]
    prepared = [_prepare(*line, macros) for line in zip(lines, trees, marks, paints, strict=True)]
    widths = list(map(phrase_width, reasons))
    plans = []
    for size, scale in SIZES[[name for name, _ in SIZES].index(largest) :]:
        if plans and not min(plans)[0] and min(plans)[1] <= 2 * len(lines) + (1 - scale) * small:
            break  # smaller letters cannot do better
        for wide in (0.0,) if between else _columns(widths, scale, column):
            beside = not between and (wide > 0 or not any(widths))
            plan = _plan(prepared, size, available / scale, wide, beside)
            cost = _cost(plan, widths) + (1 - scale) * small + (NARROWER if column and wide < column / scale else 0.0)
            plans.append((not plan.fits, cost, len(plans), plan))
    return _display(min(plans)[3], prepared, tallest)


def _prepare(line: Line, tree: Nodes | None, marks: Marks, paint: Paint, macros: Macros) -> _Prepared:
    relation = vetted(line.relation, macros) if line.relation else ""
    if tree is None:
        words = verbatim(line.latex)
        return _Prepared(words, words, relation, paint)
    closed = pieces(tree, marks, paint)
    return _Prepared(closed, pieces(tree, marks, paint, opened=True), relation, paint)


def _display(plan: _Plan, prepared: Sequence[_Prepared], tallest: float) -> Display:
    rows = []
    for i, (line, broken) in enumerate(zip(prepared, plan.broken, strict=True)):
        for j, row in enumerate(broken):
            limit = plan.limits[i > 0]
            latex, wide, tall = assemble(row, line.paint), row_width(row), row_height(row)
            if wide > limit + 0.5 or tall > tallest:  # nothing can be broken: a wide matrix, a tall one
                scale = min(limit / wide, tallest / tall)
                latex = rf"\scalebox{{{scale:.2f}}}{{$\displaystyle {latex}$}}"
                wide, tall = scale * wide, scale * tall
            over = i == 0 and plan.apart and wide <= plan.total
            rows.append(Row(i, j == 0, line.relation if j == 0 else "", latex, wide, tall, over))
    return Display(tuple(rows), plan.size, plan.apart, plan.reasons, plan.fits)


def _columns(widths: Sequence[float], scale: float, shared: float) -> list[float]:
    """Widths to try for the column of reasons; 0 (reasons between the lines) only where letters are small already."""
    widest = max(widths, default=0.0)
    between = [0.0] if scale < 0.9 or not widest else []
    if shared and widest:
        return [shared / scale, *(c for c in REASON_COLUMNS if c < shared / scale), *between]
    wrapped = [c for c in REASON_COLUMNS if c < widest]
    return [*([widest] if widest <= WIDEST_REASON else []), *wrapped, *between]


def _cost(plan: _Plan, widths: Sequence[float]) -> float:
    """Rows, those of wrapped reasons included: fewer are better, and so are breaks at sums."""
    return BREAK_IN_PRODUCT * plan.torn + _rows_cost(plan, widths)


def _rows_cost(plan: _Plan, widths: Sequence[float]) -> float:
    if not plan.reasons:
        return plan.rows * 2.0 if not any(widths) else plan.rows * 3.0
    rows = [len(broken) for broken in plan.broken]
    wrapped = [reason_rows(w, plan.reasons) for w in widths]
    return sum(2 * r + 0.6 * max(0, w - r) for r, w in zip(rows, wrapped, strict=True)) + 0.5 * plan.apart


def reason_rows(width: float, column: float) -> int:
    """How many rows a reason of this width takes in a column."""
    return ceil(width / column * 1.15) if column and width > column + 0.01 else 1


def _broken(line: _Prepared, limit: float) -> list[list[Piece]]:
    """The line in rows of at most `limit` em, through its tall brackets where there is no other way."""
    rows = break_rows(line.closed, limit, limit - 1.2)
    if all(row_width(r) <= limit for r in rows):
        return rows
    opened = break_rows(line.opened, limit, limit - 1.2)
    return opened if max(map(row_width, opened)) < max(map(row_width, rows)) else rows


def _plan(prepared: Sequence[_Prepared], size: str, room: float, column: float, beside: bool) -> _Plan:
    """With the first line before the others or over them, whichever fits in fewer rows."""
    first, *others = prepared
    lead = row_width(first.closed)
    reserve = column + GAP if column else 0.0
    sign = RELATION + (1.0 if any(len(p.relation) > 12 for p in others) else 0.0) + 0.8 * (not beside)
    plans = []
    for apart in (False, True) if beside and lead <= 0.4 * room else (True,):
        left = 2.0 if apart else lead
        limit = room - left - sign - reserve
        rest = [_broken(line, limit) for line in others]
        widest = max((row_width(r) for rows in rest for r in rows), default=0.0)
        total = left + sign + widest + reserve
        head = (max(total, room - reserve) - 0.5 if apart else lead + 0.01) if beside else limit
        top = _broken(first, min(head, room - 0.5))
        fits = widest <= limit and all(row_width(r) <= min(head, room - 0.5) for r in top)
        limits = (min(head, room - 0.5), limit)
        plans.append(_Plan([top, *rest], size, apart and beside, column, total, limits, fits))
    return min(plans, key=lambda p: (not p.fits, 2 * p.rows + 1.5 * p.apart + BREAK_IN_PRODUCT * p.torn, p.apart))
