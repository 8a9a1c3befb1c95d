r"""The layout with notes: below each line its reason, with an arrow to what changed there (package annotate-equations).

The mark and its note stand in one row, so that no page break comes between them.
"""

from __future__ import annotations

import re
from binascii import crc32
from collections.abc import Iterator
from dataclasses import dataclass

from derive.render.layout import Labels, Paint
from derive.render.nodes import classes
from derive.render.parsing import parse
from derive.render.rows import RELATION, Display, Row, arrange, phrase_width, reason_rows
from derive.render.setting import MOST, Setting, painter, relation_tex, sized
from derive.render.tex import phrase_tex, step_colour
from derive.render.widths import height

NOTE = 0.45  # of a line may be taken by a note
NOTE_SCALE = 0.87  # of a note's letters against those of reasons elsewhere
WORD = 5.5  # em that a line of a note may lose, as words are not divided
MARK = r"\tikzmarknode{@}"  # what an arrow may point at; one of them gets a name, the others go
ROW, BELOW = 12.0, 3.5  # pt: a line of text, and how far it reaches below its base line
GAP, NOTE_ROW, APART = 7.0, 11.0, 4.0  # pt: the arrow of a note at least, a line of a note, up to the next row
COLOUR = re.compile(r"\\textcolor\{\w+\}|\\mathbin|\\mathrel")
LETTER = re.compile(r"\\[A-Za-z]+(?!\s*\{)|[A-Za-z0-9+=()\[\]|,-]")


@dataclass(frozen=True)
class _Pointed:
    """A row's LaTeX with its mark: where its middle is, from the row's left (0 to 1), and its height in lines."""

    latex: str
    middle: float
    height: float


def annotated(setting: Setting) -> str:
    """The rows of a chain, and below each line its reason as a note that points at what changed."""
    display = arrange(setting.lines, [[] for _ in setting.lines], setting.room, _painter, setting.macros, most=MOST)
    name = f"d{crc32(' '.join(line.latex for line in setting.lines).encode()):x}"
    noted = {_noted_row(display, line): line for line, why in enumerate(setting.reasons) if why and line}
    rows = []
    for i, row in enumerate(display.rows):
        line = setting.lines[row.line]
        relation = relation_tex(row, line) if row.head else r"\quad {}"
        body, note = _plain(row.body), ""
        if i in noted:
            pointed = _pointed(row, f"{name}-{row.line}")
            if pointed is None:  # nothing marked: the note is of the whole line, and points at its relation
                relation = rf"\mathrel{{\tikzmarknode{{{name}-{row.line}}}{{{row.relation or '='}}}}}"
                pointed = _Pointed(body, 0.0, 1.0)
            body, note = pointed.latex, _note(f"{name}-{row.line}", pointed, row, display, setting)
        lead = r"\MoveEqLeft[2] " if row.line == 0 and row.head else "& "
        last = i + 1 == len(display.rows) or display.rows[i + 1].head
        tag = setting.tag(line) if last and row.line else ""
        rows.append(f"{lead}{relation + ' ' if row.line else ''}{body}{note}{tag}")
    return sized(display.size, "align*", "", " \\\\\n  ".join(rows))


def _painter(line: int) -> Paint:
    """The usual colours, with a mark around what the line's own step wrote; not around an operator alone."""
    usual = painter(line)

    def paint(latex: str, labels: Labels) -> str:
        painted = usual(latex, labels)
        nodes = parse(COLOUR.sub("", latex))
        operator = nodes is not None and len(nodes) == 1 and classes(nodes)[0] in ("bin", "rel", "sign")
        return painted if line not in labels or operator else rf"{MARK}{{{painted}}}"

    return paint


def _plain(latex: str) -> str:
    return latex.replace(MARK, "")


def _noted_row(display: Display, line: int) -> int:
    """The row of a line that has its note: the first with a mark, else the line's first."""
    rows = [i for i, row in enumerate(display.rows) if row.line == line]
    return next((i for i in rows if MARK in display.rows[i].body), rows[0])


def _pointed(row: Row, name: str) -> _Pointed | None:
    """The row with one of its marks named: the first that can be reached from below, else the first fraction of one."""
    marks = [m.start() for m in re.finditer(re.escape(MARK), row.body)]
    if not marks:
        return None
    start = next((m for m in marks if _above(row.body, m) is None), None)
    if start is not None:
        end = _group_end(row.body, start + len(MARK))
        inside = row.body[start + len(MARK) + 1 : end - 1]
    else:
        start = _above(row.body, marks[0]) or 0
        end = _group_end(row.body, _group_end(row.body, row.body.index("{", start)))
        inside = row.body[start:end]
    named = rf"\tikzmarknode{{{name}}}{{{_plain(inside)}}}"
    latex = _plain(row.body[:start]) + named + _plain(row.body[end:])
    before, within, all_ = (len(LETTER.findall(_bare(t))) for t in (row.body[:start], inside, row.body))
    tree = parse(_bare(inside))
    return _Pointed(latex, (before + within / 2) / max(all_, 1), height(tree) if tree is not None else row.height)


def _bare(latex: str) -> str:
    return COLOUR.sub("", _plain(latex))


def _above(latex: str, place: int) -> int | None:
    """Where the outermost fraction begins in whose numerator `place` stands; None when it stands in none."""
    for start, end in _numerators(latex):
        if start < place < end:
            return start
    return None


def _numerators(latex: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"\\[dtc]?frac(?=\{)", latex):
        yield match.start(), _group_end(latex, match.end())


def _group_end(latex: str, start: int) -> int:
    """Behind the group that begins at `start`."""
    depth = 0
    for at in range(start, len(latex)):
        if latex[at] in "{}" and (at == 0 or latex[at - 1] != "\\"):
            depth += 1 if latex[at] == "{" else -1
        if depth == 0:
            return at + 1
    return len(latex)


def _note(name: str, pointed: _Pointed, row: Row, display: Display, setting: Setting) -> str:
    """The note of a row, and the room that it takes below it."""
    why = setting.reasons[row.line]
    text, wide = phrase_tex(why, setting.macros), NOTE_SCALE * phrase_width(why)
    lines = reason_rows(phrase_width(why), NOTE * setting.room)
    if lines > 1:
        column = min(phrase_width(why) / lines + WORD, NOTE * setting.room)
        wide = NOTE_SCALE * column
        text = rf"\parbox[t]{{{column:.0f}em}}{{\raggedright {text}}}"
    reach = ROW / 2 * (row.height - 1)
    down = reach - ROW / 2 * (pointed.height - 1) + GAP
    below = reach + BELOW + GAP + NOTE_ROW * lines + APART
    side = "right" if _place(pointed, row, display, setting) + wide <= setting.available else "left"
    colour = "derivefault" if any(kind == "strong" for kind, _ in why) else step_colour(row.line)
    note = rf"\annotate[yshift=-{down:.0f}pt]{{below, {side}}}{{{name}}}{{{text}}}"
    return rf"\mbox{{\color{{{colour}}}{note}\rule[-{below:.0f}pt]{{0pt}}{{{below:.0f}pt}}}}"


def _place(pointed: _Pointed, row: Row, display: Display, setting: Setting) -> float:
    """How far from the left margin a note begins, roughly, in em: displays stand in the middle."""
    lead = max((r.width for r in display.rows if r.line == 0), default=0.0)
    left = 2.0 + RELATION
    total = max([lead, *(left + r.width for r in display.rows if r.line)])
    return max(0.0, setting.available - total) / 2 + left + pointed.middle * row.width
