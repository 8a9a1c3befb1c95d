r"""A chain that is to be set in LaTeX, and what the layouts of `styles` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from derive.render.layout import Labels, Paint
from derive.render.macros import Macros
from derive.render.rows import Row
from derive.render.tex import step_colour
from derive.render.wording import Line, Phrase
from derive.report import FINDINGS

TAG = 3.0  # em of the text font that the numbers at the right margin take
INDENT = 1.5
EM = 10.95  # pt, of the article's font
MOST = 0.9  # of a line may be coloured


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


def relation_tex(row: Row, line: Line) -> str:
    """The relation; in the colour of faults where the step has one."""
    if line.step is not None and line.step.verdict in FINDINGS and row.relation:
        return rf"\mathrel{{\textcolor{{derivefault}}{{{row.relation}}}}}"
    return row.relation


def sized(size: str, environment: str, options: str, body: str) -> str:
    display = rf"\begin{{{environment}}}{options}" + "\n  " + body + "\n" + rf"\end{{{environment}}}"
    return "{" + size + "\n" + display + "\n}" if size else display
