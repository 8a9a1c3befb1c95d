r"""The first frames of a document: what it is about and what is given, beside the network if there is one.

All givens stand on one frame where they fit it: in a column, in two, in smaller letters; what is left goes on over further
frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.render.frames import CONTINUED, ROW, Talk, frame, text_height
from derive.render.given_box import said_in_words
from derive.render.network import drawn_size, network_of
from derive.render.parsing import parse
from derive.render.prose import Words
from derive.render.tex import formula, inline, phrase_tex
from derive.render.widths import height, text_width, width
from derive.render.wording import Assumption, assumptions
from derive.report import DocumentReport

TOP = r"\centering\raisebox{{\dimexpr\ht\strutbox-\height}}{{{}}}"  # a picture that hangs from the line
FEW = 7  # givens in one column
HEADING = 20.0  # pt, the word above the givens
BETWEEN = 4.0  # pt between givens
GUTTER = 2.0  # em between two columns
MARK = 2.5  # em, the mark of a given
SIZES = ((r"", 1.0), (r"\small\setlength{\itemsep}{0pt}", 0.83))
SMALLER = 0.5  # of a frame's width or height that a picture takes at most
CM = 28.45  # pt
EM = 10.95


@dataclass(frozen=True)
class Row:
    """A given on a slide: its TeX, its width in em and its height in lines."""

    latex: str
    wide: float
    lines: float


@dataclass(frozen=True)
class Layout:
    """Columns of givens with the share of the width that each has; `size`: the setting of their letters."""

    columns: tuple[tuple[Row, ...], ...]
    shares: tuple[float, ...]
    size: str


def given_frames(document: DocumentReport, talk: Talk, intro: Sequence[Words], label: str) -> list[str]:
    """`intro`: the words above the givens; `label`: an option of the first frame."""
    said = r"\par ".join(phrase_tex(w.said, talk.macros) for w in intro)
    used = sum(text_height(talk, w.said) for w in intro)
    most = (SMALLER * talk.space.width * EM / CM, (talk.space.height - HEADING - used) / CM)
    picture, tall = network_of(document.metadata, most=most), drawn_size(document.metadata, most)[1] * CM
    found = assumptions(document)
    if not found:
        shown = (said + "\n" + _centred(picture)) if picture else said or "Nothing is given beyond what is written."
        return [frame(talk.title, shown, options=f"t,{label}")]
    plain = [_row(a, document, talk, False) for a in found]
    room = talk.space.height - HEADING
    beside = picture if picture and max(r.wide for r in plain) <= talk.space.width / 2 else ""
    layouts = []
    if not beside:
        layouts += _alone([_row(a, document, talk, True) for a in found], talk.space.width, room - used)
    left = plain if not layouts else []
    while left:
        first = not layouts
        layout, count = _most(left, talk.space.width, room - used * first, tall if beside and first else 0.0)
        layouts.append(layout)
        left = left[count:]
    frames = []
    for i, layout in enumerate(layouts):
        body = (
            r"\textbf{Given}\par\smallskip"
            + "\n"
            + _columns_tex(layout, TOP.format(beside) if beside and not i else "")
        )
        body = said + r"\par\medskip" + "\n" + body if said and not i else body
        frames.append(frame(talk.title + (CONTINUED if i else ""), body, options="t" if i else f"t,{label}"))
    if picture and not beside:
        frames.append(frame(talk.title, _centred(picture), options="c"))
    return frames


def _row(a: Assumption, document: DocumentReport, talk: Talk, worded: bool) -> Row:
    """One given, in words too where they fit its line."""
    tree = parse(a.given.latex, talk.macros)
    alone = MARK + (width(tree) if tree is not None else 20.0)
    found = "to be found" if a.given.origin == "find" else ""
    words = said_in_words(a, document) if worded else []
    wide = alone + 0.95 * text_width("".join(c for _, c in words) or found)
    if words and wide > talk.space.width:
        words, wide = [], alone
    said = phrase_tex(words, talk.macros) or found
    given = (inline if "$" in a.given.latex else formula)(a.given.latex, talk.macros)
    shown = given + (rf"\quad{{\small\color{{derivequiet}}{said}}}" if said else "")
    return Row(rf"  \item[{a.mark}] {shown}", wide, height(tree) if tree is not None else 1.0)


def _alone(rows: Sequence[Row], wide: float, room: float) -> list[Layout]:
    """A few givens in one column, with their words; none where they do not fit."""
    return [Layout((tuple(rows),), (1.0,), "")] if len(rows) <= FEW and _tall(rows, wide) <= room else []


def _most(rows: Sequence[Row], wide: float, room: float, picture: float) -> tuple[Layout, int]:
    """The layout of as many givens as a frame has room for, and their number; `picture`: pt that are taken on the right."""
    for count in range(len(rows), 0, -1):
        for size, scale in SIZES if count == len(rows) else SIZES[:1]:
            for layout in _ways(rows[:count], wide / scale, room / scale, picture / scale, size):
                return layout, count
    return Layout((tuple(rows[:1]),), (1.0,), ""), 1


def _ways(rows: Sequence[Row], wide: float, room: float, picture: float, size: str) -> list[Layout]:
    """In one column, or in two that are about as high; none where they do not fit."""
    if not picture and _tall(rows, wide) <= room and (len(rows) <= FEW or len(rows) == 1):
        return [Layout((tuple(rows),), (1.0,), size)]
    if picture and _tall(rows, wide / 2) <= room:
        return [Layout((tuple(rows), ()), (0.5, 0.5), size)]
    best: tuple[float, Layout] | None = None
    for cut in range(1, len(rows)):
        left, right = rows[:cut], rows[cut:]
        sides = [max(r.wide for r in part) for part in (left, right)]
        tall = max(_tall(left, wide), _tall(right, wide) + picture)
        if sum(sides) + GUTTER > wide or tall > room or (picture and max(sides) > wide / 2):
            continue
        share = 0.5 if max(sides) <= (wide - GUTTER) / 2 else (sides[0] + GUTTER / 2) / (sum(sides) + GUTTER)
        if best is None or tall < best[0]:
            best = tall, Layout((tuple(left), tuple(right)), (share, 1 - share), size)
    if best is not None:
        return [best[1]]
    return [Layout((tuple(rows),), (1.0,), size)] if not picture and _tall(rows, wide) <= room else []


def _tall(rows: Sequence[Row], wide: float) -> float:
    return sum(ROW * max(r.lines, -(-r.wide // wide)) + BETWEEN for r in rows)


def _columns_tex(layout: Layout, picture: str) -> str:
    begin = r"\begin{description}[A10]" + layout.size + "\n"
    lists = [
        begin + "\n".join(r.latex for r in rows) + "\n\\end{description}" if rows else "" for rows in layout.columns
    ]
    if picture:
        lists[-1] = picture + ("\\par\\medskip\n" + lists[-1] if lists[-1] else "")
    if len(lists) == 1:
        return lists[0]
    columns = "\n".join(
        rf"\begin{{column}}{{{share:.2f}\textwidth}}" + f"\n{part}\n" + r"\end{column}"
        for share, part in zip(layout.shares, lists, strict=True)
    )
    closer = "" if picture else r"\vspace{-10pt}" + "\n"  # columns begin with the space above a list
    return closer + r"\begin{columns}[t,onlytextwidth]" + "\n" + columns + "\n" + r"\end{columns}"


def _centred(picture: str) -> str:
    return "\\begin{center}\n" + picture + "\n\\end{center}"
