r"""The layouts of a derivation in LaTeX: aligned with reasons, Feijen and Dijkstra's calculation, arrows.

Each takes a `Setting` and gives the display's LaTeX.  They are chosen by name from `STYLES`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from binascii import crc32
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from derive.render.layout import Labels, Paint
from derive.render.macros import Macros
from derive.render.rows import SIZES, Display, Row, arrange, phrase_width, reason_rows
from derive.render.tex import phrase_tex, step_colour
from derive.render.wording import Line, Phrase
from derive.report import FINDINGS


class MissingPackage(ValueError):
    """A style needs a LaTeX package that the TeX of this machine does not have."""


TAG = 3.0  # em of the text font that the numbers at the right margin take
INDENT = 1.5
EM = 10.95  # pt, of the article's font


@dataclass(frozen=True)
class Setting:
    """A chain to be set: its lines, what stands beside each, and how much room there is (em of the text font).

    `tags`: numbers at the right margin.  `column`: the width (em) of a column of reasons at the right margin, the same
    for all chains of a page, whose formulas then begin at the left margin; 0 sets each chain by itself, centred.
    `largest`: the size of letters that is not gone beyond.
    """

    lines: Sequence[Line]
    reasons: Sequence[Phrase]
    available: float
    tags: bool = True
    macros: Macros = field(default_factory=dict)
    column: float = 0.0
    largest: str = ""

    @property
    def room(self) -> float:
        return self.available - TAG * self.tags - INDENT * bool(self.column)

    @property
    def environment(self) -> tuple[str, str]:
        return ("flalign*", "") if self.column else ("alignat*", "{2}")

    @property
    def indent(self) -> str:
        """What stands before the first line."""
        return rf"\hspace{{{INDENT}em}}" if self.column else ""

    def tag(self, line: Line) -> str:
        """The step's number, in a box of one width so that what stands beside it does not move."""
        if not (self.tags and line.number):
            return ""
        return rf" \tag*{{\makebox[2.2em][r]{{({line.number})}}}}" if self.column else rf" \tag{{{line.number}}}"


NOTE = 0.45  # of a line may be taken by a note
MOST_NOTED = 20  # rows of a display with notes below them
MOST = 0.9  # of a line may be coloured
Cell = Callable[[int, str], str]  # what becomes of a cell: (line, LaTeX) -> LaTeX
REASON_SIZE = {"": r"\small", r"\small": r"\footnotesize", r"\footnotesize": r"\scriptsize", r"\scriptsize": r"\tiny"}


def plain_cell(line: int, latex: str) -> str:
    return latex


def painter(line: int) -> Paint:
    r"""Colours for line `line` of a chain: what its own step wrote, and what the next step will rewrite.

    Where the two meet, the letters keep the colour of the first and a rule below has the colour of the second.
    """

    def paint(latex: str, labels: Labels) -> str:
        if len(labels) == 1:
            return rf"\textcolor{{{step_colour(min(labels))}}}{{{latex}}}"
        own = rf"\textcolor{{{step_colour(line)}}}{{{latex}}}"
        return rf"\textcolor{{{step_colour(line + 1)}}}{{\underline{{{own}}}}}"

    return paint


def beside(words: Phrase, display: Display, setting: Setting, room_below: bool = False) -> str:
    """A reason for the column beside the formulas, wrapped where it is wider than the column.

    `room_below`: the formula goes on in a further row, beside which the reason's second line finds its place.
    """
    if not words:
        return ""
    text = phrase_tex(words, setting.macros)
    if any(kind == "strong" for kind, _ in words):
        text = r"\color{derivefault}" + text
    size = REASON_SIZE[display.size]
    left, right = ("", r"\kern0.7em") if setting.column else (r"\qquad", "")
    if phrase_width(words) <= display.reasons + 0.01:
        box = rf"\makebox[{_points(display)}][l]{{{size} {text}}}" if setting.column else rf"\text{{{size} {text}}}"
        return left + box + right
    wide = _points(display) if setting.column else f"{display.reasons:.1f}em"
    box = rf"\parbox[t]{{{wide}}}{{\raggedright{size} {text}\strut}}"
    return left + (rf"\smash[b]{{{box}}}" if room_below else box) + right


def _points(display: Display) -> str:
    return f"{display.reasons * EM * dict(SIZES)[display.size]:.0f}pt"


def relation_tex(row: Row, line: Line) -> str:
    """The relation; in the colour of faults where the step has one."""
    if line.step is not None and line.step.verdict in FINDINGS and row.relation:
        return rf"\mathrel{{\textcolor{{derivefault}}{{{row.relation}}}}}"
    return row.relation


def aligned(setting: Setting) -> str:
    """An alignat* with the reasons in a column of their own and the steps' numbers as tags."""
    display = arranged(setting)
    if not display.reasons and any(setting.reasons):
        return calculation(setting)
    return alignat(display, setting)


def arranged(setting: Setting) -> Display:
    return arrange(
        setting.lines,
        setting.reasons,
        setting.room,
        painter,
        setting.macros,
        most=MOST,
        small=120.0,
        column=setting.column,
        largest=setting.largest,
    )


def alike(settings: Sequence[Setting]) -> list[Setting]:
    """The settings of one page: where one chain is set a size smaller, all are."""
    small = any(arranged(s).size for s in settings)
    return [replace(s, largest=r"\small") if small else s for s in settings]


def alignat(display: Display, setting: Setting, cell: Cell = plain_cell) -> str:
    """The rows of an aligned display; `cell(line, latex)` may wrap each cell, as slides do to uncover it."""
    out = ""
    for i, row in enumerate(display.rows):
        last_of_line = i + 1 == len(display.rows) or display.rows[i + 1].head
        if row.line == 0:
            lead = rf"\MoveEqLeft[{2 if row.head else 1}] " if display.apart else ""
            shown = rf"\mathrlap{{{row.body}}}" if row.over else row.body
            out += (setting.indent if row.head else "") + lead + cell(0, shown)
            out += row_end(0.0) if display.apart else " "
        else:
            out += _right_side(row, display, setting, cell, last_of_line)
            out += row_end(_overhang(row.line, display, setting) if last_of_line else 0.0)
    body = re.sub(r" \\\\(\[\d+pt\])?\n  $", "", out)
    return _sized(display.size, *setting.environment, body)


def row_end(extra: float) -> str:
    """The end of a row, with `extra` points below it."""
    return " \\\\" + (f"[{extra:.0f}pt]" if extra else "") + "\n  "


def _overhang(line: int, display: Display, setting: Setting) -> float:
    """How far, in points, a wrapped reason reaches below the rows of a broken line beside which it stands."""
    rows = [r for r in display.rows if r.line == line]
    if len(rows) == 1:
        return 0.0  # the reason makes the row as high as it needs
    reason = 12.0 * reason_rows(phrase_width(setting.reasons[line]), display.reasons)
    return max(0.0, reason + 4 - sum(12 * r.height + 5 for r in rows))


def _right_side(row: Row, display: Display, setting: Setting, cell: Cell, last_of_line: bool) -> str:
    """Relation and right side, the reason beside the first row of a line, the number beside its last."""
    line = setting.lines[row.line]
    body = f"{relation_tex(row, line)} {row.body}" if row.head else r"\quad {}" + row.body
    why = beside(setting.reasons[row.line], display, setting, not last_of_line) if row.head else ""
    text = "&" + cell(row.line, body) + (f" && {cell(row.line, why)}" if why else "")
    return text + (setting.tag(line) if last_of_line else "")


def calculation(setting: Setting, cell: Cell = plain_cell, paint: Callable[[int], Paint] = painter) -> str:
    """Feijen and Dijkstra's layout: the reason in braces between two lines, beside the relation."""
    display = arrange(setting.lines, setting.reasons, setting.room, paint, setting.macros, between=True, most=MOST)
    environment, end = ("flalign*", " &&") if setting.column else ("align*", "")
    out = []
    for row in display.rows:
        line = setting.lines[row.line]
        if row.head and row.line:
            sign = rf"{relation_tex(row, line)} \quad"
            why = _braced(setting.reasons[row.line], setting)
            because = cell(row.line, why) if why else ""
            out.append(rf"{setting.indent}{cell(row.line, sign)} & {because}{end}{setting.tag(line)}")
        out.append("& " + cell(row.line, ("" if row.head else r"\quad {}") + row.body) + end)
    return _sized(display.size, environment, "", " \\\\\n  ".join(out))


def _braced(words: Phrase, setting: Setting) -> str:
    r"""{ reason }, in a box where it takes more than a row."""
    if not words:
        return ""
    why = phrase_tex(words, setting.macros)
    if phrase_width(words) > setting.room - 8:
        return rf"\qquad \{{\;\parbox[t]{{{setting.room - 8:.0f}em}}{{\raggedright {why}}}\;\}}"
    return r"\qquad \{\;\text{" + why + r"}\;\}"


def witharrows(setting: Setting) -> str:
    """Arrows beside the lines from each to the next (package witharrows); the first line has a row of its own."""
    display = arrange(setting.lines, setting.reasons, setting.available - 3, painter, setting.macros)
    widest = max((row.width for row in display.rows if row.line), default=0.0)
    out = []
    for i, row in enumerate(display.rows):
        line = setting.lines[row.line]
        if row.line == 0:
            text = rf"\mathmakebox[2em][l]{{\mathrlap{{{row.body}}}}} &" if row.width <= widest else rf"{row.body} &"
        else:
            text = f"& {relation_tex(row, line)} {row.body}" if row.head else rf"& \quad {{}}{row.body}"
        upcoming = display.rows[i + 1] if i + 1 < len(display.rows) else None
        if upcoming is not None and upcoming.head and setting.reasons[upcoming.line]:
            text += rf" \Arrow{{{phrase_tex(setting.reasons[upcoming.line], setting.macros)}}}"
        out.append(text)
    options = r"[fleqn, mathindent = 2em, jot = 5pt, displaystyle, wrap-lines, tikz = {font = \small}]"
    return _sized(display.size, "DispWithArrows*", options, " \\\\\n  ".join(out))


def annotated(setting: Setting) -> str:
    """A note below each relation, with an arrow to it (package annotate-equations); rows stand far enough apart."""
    display = arrange(setting.lines, [[] for _ in setting.lines], setting.room, painter, setting.macros, most=MOST)
    if len(display.rows) > MOST_NOTED:
        return aligned(setting)  # notes reach their places on one page only
    name = f"d{crc32(' '.join(line.latex for line in setting.lines).encode()):x}"
    rows, notes = [], []
    for i, row in enumerate(display.rows):
        line, why = setting.lines[row.line], setting.reasons[row.line]
        last = i + 1 == len(display.rows) or display.rows[i + 1].head
        relation = relation_tex(row, line) if row.head else r"\quad {}"
        if last and row.line and why:  # of a line that goes on, the start of its last row
            sign = row.relation if row.head else r"\vphantom{=}"
            pointed = rf"\eqnmark{{{name}-{row.line}}}{{{sign}}}"
            relation = rf"\mathrel{{{pointed}}}" if row.head else rf"{pointed}\quad {{}}"
            notes.append(_note(f"{name}-{row.line}", why, display, row, setting))
        lead = r"\MoveEqLeft[2] " if row.line == 0 and row.head else "& "
        tag = setting.tag(line) if last and row.line else ""
        room = _room_below(row, display.rows[i + 1], why, setting) if last and why and i + 1 < len(display.rows) else ""
        rows.append(f"{lead}{relation + ' ' if row.line else ''}{row.body}{tag} \\\\{room}")
    body = "\n  ".join(rows).removesuffix(" \\\\")
    parts = [_sized(display.size, "align*", "", body), *notes, *[r"\vspace{22pt}"] * bool(notes)]
    begin, end = r"\par\noindent\begin{minipage}{\linewidth}", r"\end{minipage}\par"
    return "\n".join([begin, *parts, end])


def _room_below(row: Row, following: Row, why: Phrase, setting: Setting) -> str:
    """What a row needs below it for its note, in points."""
    lines = reason_rows(phrase_width(why), NOTE * setting.room)
    return f"[{11 * (1 + lines) + 6 * (row.height - 1) + 6 * (following.height - 1):.0f}pt]"


def _note(name: str, why: Phrase, display: Display, row: Row, setting: Setting) -> str:
    text = phrase_tex(why, setting.macros)
    if phrase_width(why) > NOTE * setting.room:
        text = rf"\parbox[t]{{{NOTE * setting.room:.0f}em}}{{\raggedright {text}}}"
    down = 0.35 + (row.height - 1) / 2
    colour = "derivefault" if any(kind == "strong" for kind, _ in why) else "derivequiet"
    return rf"\annotate[yshift=-{down:.2f}em, color={colour}]{{below, right}}{{{name}}}{{{text}}}"


def _sized(size: str, environment: str, options: str, body: str) -> str:
    display = rf"\begin{{{environment}}}{options}" + "\n  " + body + "\n" + rf"\end{{{environment}}}"
    return "{" + size + "\n" + display + "\n}" if size else display


STYLES: dict[str, Callable[[Setting], str]] = {
    "aligned": aligned,
    "calculation": calculation,
    "witharrows": witharrows,
    "annotate-equations": annotated,
}
PACKAGE = {"witharrows": "witharrows", "annotate-equations": "annotate-equations"}


def require(style: str) -> None:
    """Raise ValueError for an unknown style, MissingPackage where this machine's TeX lacks what the style needs."""
    if style not in STYLES:
        raise ValueError(f"unknown style {style!r}; there are {', '.join(STYLES)}")
    package = PACKAGE.get(style)
    if package is None:
        return
    if shutil.which("kpsewhich") is None:
        raise MissingPackage(f"style {style!r} needs the LaTeX package {package}, and no TeX was found to ask for it")
    asked = subprocess.run(["kpsewhich", f"{package}.sty"], capture_output=True, text=True, timeout=20, check=False)
    if not asked.stdout.strip():
        raise MissingPackage(
            f"style {style!r} needs the LaTeX package {package}, which this TeX does not have; "
            f"install it (tlmgr install {package}) or take another style"
        )
