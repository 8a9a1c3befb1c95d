r"""The layouts of a derivation in LaTeX: aligned with reasons, Feijen and Dijkstra's calculation, arrows.

Each takes a `Setting` and gives the display's LaTeX.  They are chosen by name from `STYLES`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace

from derive.render.annotations import annotated
from derive.render.layout import Paint
from derive.render.rows import SIZES, Display, Row, arrange, phrase_width, reason_rows
from derive.render.setting import EM, MOST, Setting, painter, relation_tex, sized
from derive.render.tex import phrase_tex
from derive.render.wording import Phrase


class MissingPackage(ValueError):
    """A style needs a LaTeX package that the TeX of this machine does not have."""


Cell = Callable[[int, str], str]  # what becomes of a cell: (line, LaTeX) -> LaTeX
REASON_SIZE = {"": r"\small", r"\small": r"\footnotesize", r"\footnotesize": r"\scriptsize", r"\scriptsize": r"\tiny"}


def plain_cell(line: int, latex: str) -> str:
    return latex


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
    return sized(display.size, *setting.environment, body)


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
    return sized(display.size, environment, "", " \\\\\n  ".join(out))


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
    return sized(display.size, "DispWithArrows*", options, " \\\\\n  ".join(out))


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
