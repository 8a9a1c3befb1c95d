r"""Derivations as slides: one line a click, what changed lit up on a click of its own, reasons with their lines.

Lines never move: each cell of the display is uncovered in its place.  Long derivations go on over several frames, each
beginning with the last line of the one before.  With `handout` everything stands at once, coloured as in print.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from derive.render.escape import escape_text
from derive.render.latex import figure_tex
from derive.render.layout import Labels, Paint
from derive.render.macros import Macros, read_macros
from derive.render.network import network_of
from derive.render.parsing import parse
from derive.render.rows import Display, arrange, phrase_width, reason_rows
from derive.render.styles import Setting, alignat, calculation, painter
from derive.render.tex import (
    colour_definitions,
    counterexample_tex,
    formula,
    inline,
    packages_for,
    phrase_tex,
    wide_matrices,
)
from derive.render.widths import height, width
from derive.render.wording import (
    VERDICT_WORDS,
    Line,
    Phrase,
    assumptions,
    chains,
    findings,
    marks_of,
    numbered,
    phrase,
    reading,
    reason,
    title_for,
    title_of,
    trust,
)
from derive.report import FINDINGS, DocumentReport, Step

WIDTH = 35.0  # em of a 16:9 frame at 11 pt
HEIGHT = 168.0  # pt for the display of a frame
SMALL = 60.0  # letters that can be read from the back are worth a frame more
MOST = 0.93  # one change at a time is lit up, so more of a line may be
GIVEN_WIDTH = 31.0
CONTINUED = r" {\normalfont\small(continued)}"
NOTHING: Mapping[str, str] = {}
PLAIN_THEME = r"""\setbeamercolor{frametitle}{fg=black}\setbeamercolor{structure}{fg=derivefirst}
\setbeamerfont{frametitle}{series=\bfseries,size=\large}
\setbeamertemplate{footline}{\hfill\footnotesize\color{derivequiet}\insertframenumber\hspace{4mm}\vspace{3mm}}"""


def slides(
    documents: Sequence[DocumentReport],
    *,
    theme: str = "default",
    handout: bool = False,
    figures: Mapping[str, str] = NOTHING,
    titles: Mapping[str, str] = NOTHING,
    explanations: Mapping[str, str] = NOTHING,
) -> str:
    """A beamer deck (16:9) of one or many documents.

    `figures`: a document's path to its figure's file.  `titles`, `explanations`: rule names to what is shown for them
    and to the sentence for the speaker's notes.  Raises ValueError for a theme that is not a name.
    """
    if not re.fullmatch(r"[A-Za-z]+", theme):
        raise ValueError(f"not the name of a beamer theme: {theme!r}")
    frames = [_contents(documents)] if len(documents) > 1 else []
    for document in documents:
        frames += _document(document, handout, figures, titles, explanations)
    body = "\n\n".join(frames)
    options = "aspectratio=169,11pt" + (",handout" if handout else "")
    lines = [
        rf"\documentclass[{options}]{{beamer}}",
        *(rf"\usepackage{{{p}}}" for p in ["mathtools", *packages_for(body)]),
        rf"\usetheme{{{theme}}}",
        r"\usefonttheme[onlymath]{serif}",
        r"\setbeamertemplate{navigation symbols}{}",
        r"% \setbeameroption{show notes}  % to print the speaker's notes",
        colour_definitions(),
        *wide_matrices(body),
        *([PLAIN_THEME] if theme == "default" else []),
        r"\newcommand<>{\changed}[1]{{\only#2{\color{derivesecond}}#1}}",
        r"\begin{document}",
    ]
    return "\n".join(lines) + "\n\n" + body + "\n\n" + r"\end{document}" + "\n"


def frame(title: str, body: str, notes: Sequence[str] = (), options: str = "") -> str:
    """One frame; title, body and notes are TeX."""
    note = ""
    if notes:
        items = "\n".join(r"  \item " + n for n in notes)
        note = "\n\\note{\\begin{itemize}\n" + items + "\n\\end{itemize}}"
    return (
        rf"\begin{{frame}}[{','.join(filter(None, ['t', options]))}]{{{title}}}"
        + "\n"
        + body
        + note
        + "\n"
        + r"\end{frame}"
    )


def _contents(documents: Sequence[DocumentReport]) -> str:
    items = "\n".join(r"  \item " + inline(title_for(d)) for d in documents[:14])
    more = r"\par\small and " + str(len(documents) - 14) + " more" if len(documents) > 14 else ""
    return frame("Derivations", "\\begin{itemize}\n" + items + "\n\\end{itemize}" + more)


def _document(
    document: DocumentReport,
    handout: bool,
    figures: Mapping[str, str],
    titles: Mapping[str, str],
    explanations: Mapping[str, str],
) -> list[str]:
    macros = read_macros(document.metadata.get("macros", ""))
    title = inline(title_for(document), macros)
    frames = [rf"\section{{{title}}}", *_givens(document, title, macros)]
    if picture := network_of(document.metadata):
        frames.append(frame(title, "\\begin{center}\n" + picture + "\n\\end{center}"))
    marks = marks_of(document)
    for derivation in document.derivations:
        for lines in chains(derivation, numbered(document)):
            reasons = [reason(line.step, titles, marks) if line.step is not None else [] for line in lines]
            frames += _derivation(title, lines, reasons, macros, handout, explanations, titles)
        frames += [_finding(s, macros) for s in derivation.steps if s.verdict in FINDINGS]
    frames.append(_checked(document, titles, macros))
    if figure := figure_tex(document, figures, 0.7):
        frames.append(frame(title, figure))
    return frames


def _givens(document: DocumentReport, title: str, macros: Macros) -> list[str]:
    """The first frames: what is given."""
    frames: list[list[str]] = [[]]
    room = HEIGHT
    for a in assumptions(document):
        tree = parse(a.given.latex, macros)
        rows = max(1.0, ((width(tree) if tree else 20.0) + 0.42 * len(a.given.reading)) / GIVEN_WIDTH)
        room -= 14 * max(rows, height(tree) if tree else 1.0) + 5
        if room < 0 and frames[-1]:
            frames.append([])
            room = HEIGHT - 20
        said = phrase_tex(reading(a.given.reading), macros)
        shown = formula(a.given.latex, macros)
        frames[-1].append(rf"  \item[{a.mark}] {shown} {{\footnotesize\color{{derivequiet}}\ {said}}}")
    if not frames[-1]:
        return [frame(title, r"Nothing is given beyond what is written.")]
    listed = ["\\begin{description}[A10]\n" + "\n".join(rows) + "\n\\end{description}" for rows in frames]
    return [
        frame(title if i == 0 else title + CONTINUED, r"\textbf{Given}\par" + "\n" + x) for i, x in enumerate(listed)
    ]


def _derivation(
    title: str,
    lines: Sequence[Line],
    reasons: Sequence[Phrase],
    macros: Macros,
    handout: bool,
    explanations: Mapping[str, str],
    titles: Mapping[str, str],
) -> list[str]:
    """The frames of one chain."""
    frames = []
    for start, end in _parts(lines, reasons, macros):
        part = [Line(lines[start].latex), *lines[start + 1 : end]]
        why = [[], *reasons[start + 1 : end]]
        options = "shrink=30" if _height(lines, reasons, start, end, macros) > HEIGHT else ""
        heading = title if start == 0 else title + CONTINUED
        notes = [_note(line, macros, explanations, titles) for line in part[1:]]
        frames.append(frame(heading, _display(part, why, macros, handout), [n for n in notes if n], options))
    return frames


def _parts(lines: Sequence[Line], reasons: Sequence[Phrase], macros: Macros) -> list[tuple[int, int]]:
    """Where the frames of a chain begin and end: as few as can be, about equally long."""
    longest = len(lines)
    while True:
        parts = []
        start = 0
        while start + 1 < len(lines):
            end = start + 2
            while (
                end < min(len(lines), start + 1 + longest) and _height(lines, reasons, start, end + 1, macros) <= HEIGHT
            ):
                end += 1
            parts.append((start, end))
            start = end - 1
        even = -(-(len(lines) - 1) // max(1, len(parts)))
        if even >= longest:
            return parts
        longest = even


def _height(lines: Sequence[Line], reasons: Sequence[Phrase], start: int, end: int, macros: Macros) -> float:
    part = [Line(lines[start].latex), *lines[start + 1 : end]]
    why = [[], *reasons[start + 1 : end]]
    display = arrange(part, why, WIDTH, None, macros, small=SMALL)
    total = 0.0
    for i, words in enumerate(why):
        formula = sum(12 * r.height + 8 for r in display.rows if r.line == i)
        beside = 13.0 * reason_rows(phrase_width(words), display.reasons) + 5 if display.reasons else 0.0
        total += max(formula, beside)
    return total + (0 if _beside(display, why) else 20 * (len(part) - 1))


def _display(lines: Sequence[Line], reasons: Sequence[Phrase], macros: Macros, handout: bool) -> str:
    setting = Setting(lines, reasons, WIDTH, False, macros)
    if handout:
        display = arrange(lines, reasons, WIDTH, painter, macros, small=SMALL)
        return alignat(display, setting, lambda line, cell: cell) if _beside(display, reasons) else calculation(setting)
    lit = _lit(lines, reasons, macros)
    clicks = _clicks(len(lines), lit)
    display = arrange(lines, reasons, WIDTH, _highlighter(clicks), macros, most=MOST, small=SMALL)
    if not _beside(display, reasons):
        return calculation(setting)

    def uncovered(line: int, cell: str) -> str:
        return rf"\uncover<{clicks[line]}->{{{{}}{cell}}}"

    return alignat(display, setting, uncovered)


def _beside(display: Display, reasons: Sequence[Phrase]) -> bool:
    return display.reasons > 0 or not any(reasons)


def _lit(lines: Sequence[Line], reasons: Sequence[Phrase], macros: Macros) -> set[int]:
    """The steps that have something to light up."""
    seen: set[int] = set()

    def watch(line: int) -> Paint:
        def paint(latex: str, labels: Labels) -> str:
            seen.update(labels)
            return latex

        return paint

    arrange(lines, reasons, WIDTH, watch, macros, most=MOST, small=SMALL)
    return seen


def _clicks(count: int, lit: set[int]) -> list[int]:
    """On which slide of the frame each line appears; the one after it, for a step in `lit`, shows the change."""
    clicks = [1]
    for k in range(1, count):
        clicks.append(clicks[-1] + (2 if k - 1 in lit else 1))
    return clicks


def _highlighter(clicks: Sequence[int]) -> Callable[[int], Paint]:
    def of_line(line: int) -> Paint:
        def paint(latex: str, labels: Labels) -> str:
            when = ",".join(str(clicks[k] + 1) for k in sorted(labels))
            return rf"\changed<{when}>{{{latex}}}"

        return paint

    return of_line


def _note(line: Line, macros: Macros, explanations: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """What the speaker may say about a line."""
    if line.step is None:
        return ""
    said = [f"{title_of(r, titles)}: {explanations[r]}" for r in line.step.rules if r in explanations]
    text = " ".join([*([line.step.message] if line.step.message else []), *said])
    return rf"Line {line.step.line}. " + phrase_tex(phrase(text), macros) if text else ""


def _finding(step: Step, macros: Macros) -> str:
    said = r"\par ".join(phrase_tex(p, macros) for p in findings(step))
    body = said
    if step.counterexample is not None:
        grid, sides = counterexample_tex(step.counterexample, macros)
        body += r"\par\medskip Everything given holds here, and the two sides differ:" + "\n"
        body += "\\begin{center}\\small\n" + grid + "\n\\end{center}\n" + sides
    heading = escape_text(f"Line {step.line}: {VERDICT_WORDS[step.verdict]}")
    long = step.counterexample is not None and len(step.counterexample.outcomes) > 5
    return frame(rf"\textcolor{{derivefault}}{{{heading}}}", body, options="shrink=30" if long else "")


def _checked(document: DocumentReport, titles: Mapping[str, str], macros: Macros) -> str:
    items = "\n".join(r"  \item " + phrase_tex(s, macros) for s in trust(document, titles))
    return frame("What this rests on", "\\begin{itemize}\\small\n" + items + "\n\\end{itemize}")
