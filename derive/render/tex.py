r"""What LaTeX documents of all kinds share: colours, phrases, values, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from derive.render.commands import AMSSYMB
from derive.render.escape import escape_text
from derive.render.layout import pieces
from derive.render.macros import NO_MACROS, Macros
from derive.render.nodes import Node, Nodes, spaced, write
from derive.render.parsing import parse
from derive.render.rows import no_paint, verbatim, vetted
from derive.render.widths import width
from derive.render.wording import Phrase, phrase
from derive.report import Counterexample

# Okabe and Ito's blue and vermillion (the latter darkened to be read on white), and a purple for what is wrong.
COLOURS = {"derivefirst": "0072B2", "derivesecond": "C24E00", "derivefault": "96194F", "derivequiet": "5F6368"}
LONG, LONG_WORDS = 16.0, 16  # em of a formula, letters of words in it, from which on it may be broken
# pdfTeX would number a file by its path and the time; the same source is to make the same bytes everywhere
SAME_FILE = r"\ifdefined\pdftrailerid\pdftrailerid{}\fi"
PROBABILITY = 6.0  # em, the first column of a counterexample
STEP_COLOURS = ("derivefirst", "derivesecond")


def colour_definitions(command: str = r"\definecolor") -> str:
    return "\n".join(f"{command}{{{name}}}{{HTML}}{{{value}}}" for name, value in COLOURS.items())


def step_colour(number: int) -> str:
    """The colour of a step: neighbours differ."""
    return STEP_COLOURS[(number - 1) % 2]


def formula(latex: str, macros: Macros = NO_MACROS, room: float = 36.0) -> str:
    """A formula in running text, which may be broken where it is long; one that cannot be read is shown as typed.

    What cannot be broken and is wider than `room` em (a matrix) is made smaller.
    """
    nodes = parse(latex, macros)
    if nodes is None:
        return r"\allowbreak ".join(piece.latex for piece in verbatim(latex))
    parts: list[str] = []
    run: list[Node] = []
    for node in [*nodes, None]:
        if node is not None and not (node.kind == "text" and len(node.head) > LONG_WORDS):
            run.append(node)
            continue
        parts += [_inline(tuple(run), room)] if run else []
        run = []
        parts += [escape_text(node.head)] if node is not None else []
    return "".join(parts)


def _inline(nodes: Nodes, room: float) -> str:
    """A run of formula in running text."""
    shown = write(nodes)
    if not shown.strip():
        return ""  # two dollars would begin a display
    if width(nodes) <= LONG:
        return f"${shown}$"
    row = pieces(nodes, {}, no_paint, opened=True)
    widest = max(p.width for p in row)
    if widest > room:
        return rf"\scalebox{{{room / widest:.2f}}}{{${shown}$}}"
    torn = [
        r"\penalty2000 " * (i > 0 and p.kind == "ord" and row[i - 1].kind in ("ord", "close", "script")) + p.latex
        for i, p in enumerate(row)
    ]
    return f"${spaced(zip(torn, (p.kind for p in row), strict=True), False)}$"


def phrase_tex(words: Phrase, macros: Macros = NO_MACROS) -> str:
    """A phrase as TeX text."""
    dressed = {
        "math": lambda c: formula(c, macros),
        "strong": lambda c: r"\textbf{" + escape_text(c) + "}",
        "emph": lambda c: r"\emph{" + escape_text(c) + "}",
        "sub": lambda c: rf"$_{{{c}}}$",
    }
    return "".join(dressed.get(kind, escape_text)(content) for kind, content in words)


def inline(text: str, macros: Macros = NO_MACROS) -> str:
    """A user's words, with formulas between dollars, as TeX text."""
    return phrase_tex(phrase(text), macros)


def value_tex(value: Any) -> str:
    r"""A value of a counterexample in math mode: a fraction, a column, a matrix.

    >>> value_tex("-3/2"), value_tex(["1", "2"])
    ('-\\tfrac{3}{2}', '(1,\\,2)^{\\top}')
    """
    if isinstance(value, (list, tuple)):
        rows = [list(r) if isinstance(r, (list, tuple)) else [r] for r in value]
        if all(len(r) == 1 for r in rows):
            return "(" + r",\,".join(value_tex(r[0]) for r in rows) + r")^{\top}"
        body = r" \\ ".join(" & ".join(map(value_tex, r)) for r in rows)
        return r"\left(\begin{smallmatrix} " + body + r" \end{smallmatrix}\right)"
    text = str(value)
    if match := re.fullmatch(r"(-?)(\d+)/(\d+)", text):
        return rf"{match[1]}\tfrac{{{match[2]}}}{{{match[3]}}}"
    return vetted(text)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], columns: str) -> str:
    """A small table with rules above, below and under its head; cells are TeX."""
    lines = [" & ".join(row) + r" \\" for row in rows]
    head = " & ".join(header) + r" \\"
    return "\n".join(
        [
            r"\renewcommand{\arraystretch}{1.3}",
            rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}",
            r"\hline",
            head,
            r"\hline",
            *lines,
            r"\hline",
            r"\end{tabular}",
        ]
    )


def counterexample_tex(model: Counterexample, macros: Macros = NO_MACROS, room: float = 40.0) -> tuple[str, str]:
    """The tables of a counterexample's outcomes ('' where nothing is random), and the sentence with constants and both sides' values.

    Variables that do not fit beside each other in `room` em stand in a further table.
    """
    names = list(dict.fromkeys(name for _, values in model.outcomes for name in values))
    grids = []
    for part in _that_fit(names, model, room) if names else []:
        rows = [
            [f"${value_tex(p)}$", *(f"${value_tex(values[n])}$" if n in values else "" for n in part)]
            for p, values in model.outcomes
        ]
        header = ["probability", *(f"${vetted(n, macros)}$" for n in part)]
        grids.append(table(header, rows, "c" * len(header)))
    fixed = [f"${vetted(n, macros)} = {value_tex(v)}$" for n, v in model.constants.items()]
    fixed += [f"${vetted(n, macros)} = {v}$" for n, v in model.dimensions.items() if n not in model.constants]
    sides = f"left side is ${value_tex(model.lhs)}$ and the right side ${value_tex(model.rhs)}$"
    said = f"With {', '.join(fixed)} the {sides}." if fixed else f"The {sides}."
    return r"\\[6pt]".join(grids), said


def _that_fit(names: Sequence[str], model: Counterexample, room: float) -> list[list[str]]:
    """The variables in groups whose columns fit beside each other."""
    groups: list[list[str]] = [[]]
    left = room - PROBABILITY
    for name in names:
        cells = [value_tex(values[name]) for _, values in model.outcomes if name in values]
        trees = [t for t in map(parse, [name, *cells]) if t is not None]
        wide = max(map(width, trees), default=4.0) + 1.2
        if groups[-1] and wide > left:
            groups.append([])
            left = room - PROBABILITY
        groups[-1].append(name)
        left -= wide
    return groups


def wide_matrices(body: str) -> list[str]:
    """The setting that a body with a matrix of more than ten columns needs."""
    widest = max(
        (row.count("&") for row in re.split(r"\\\\|\\end", body) if r"matrix}" in row or "&" in row), default=0
    )
    return [r"\setcounter{MaxMatrixCols}{30}"] if widest >= 10 else []


def packages_for(body: str) -> list[str]:
    """Packages besides amsmath, mathtools and xcolor that a finished body asks for."""
    names = set(re.findall(r"\\([A-Za-z]+)", body))
    found = ["amssymb"] if names & AMSSYMB else []
    found += ["graphicx"] if names & {"includegraphics", "scalebox"} else []
    return found + (["tikz"] if "tikzpicture" in body else [])
