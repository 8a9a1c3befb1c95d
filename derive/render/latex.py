r"""A derivation as a LaTeX article: assumptions in a box, the display with its reasons, findings, trust.

`article` makes a whole document for pdfLaTeX with amsmath, mathtools and xcolor (and amssymb where its letters are
used, graphicx for a figure, TikZ for a network); with `fragment` the display alone, for `\input` into a paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite

from derive.render.escape import escape_text
from derive.render.given_box import WORDED, given_box
from derive.render.macros import Macros, macros_of
from derive.render.network import network_of
from derive.render.parsing import parse
from derive.render.prose import Words, before
from derive.render.setting import Setting
from derive.render.styles import PACKAGE, STYLES, alike, require
from derive.render.tex import (
    SAME_FILE,
    colour_definitions,
    counterexample_tex,
    formula,
    inline,
    packages_for,
    phrase_tex,
    table,
    wide_matrices,
)
from derive.render.widths import width
from derive.render.wording import (
    VERDICT_WORDS,
    Phrase,
    chains,
    estimate,
    figure_for,
    findings,
    marks_of,
    numbered,
    reason,
    remarks,
    score,
    sentence,
    simulated,
    solutions,
    title_for,
    trust,
)
from derive.report import FINDINGS, Derivation, DocumentReport, Step

TEXT_WIDTH = 43.5  # em of the 11 pt font in 17 cm, with a little to spare
FRAGMENT_WIDTH = 32.0  # of a page of LaTeX's own article class, which has 345 pt
UNITS = {"pt": 1.0, "bp": 1.00375, "mm": 2.84528, "cm": 28.4528, "in": 72.27, "em": 345 / FRAGMENT_WIDTH}
REASONS = 12.0  # em, the column at the right margin
WIDEST_CITED = 11.0
NOTHING: Mapping[str, str] = {}


def article(
    document: DocumentReport,
    *,
    fragment: bool = False,
    style: str = "aligned",
    figures: Mapping[str, str] = NOTHING,
    titles: Mapping[str, str] = NOTHING,
    width: str = "",
) -> str:
    """LaTeX of one document.

    `fragment`: the displays alone, for lines of `width` (a length of TeX).  `style`: one of `styles.STYLES`.
    `figures`: a document's path to its figure's file.  `titles`: rule names to what is shown for them.  Raises
    ValueError for an unknown style or a width that is none, MissingPackage (a ValueError) when TeX lacks the style's
    package.
    """
    return collection([document], fragment=fragment, style=style, figures=figures, titles=titles, width=width)


def collection(
    documents: Sequence[DocumentReport],
    *,
    fragment: bool = False,
    style: str = "aligned",
    figures: Mapping[str, str] = NOTHING,
    titles: Mapping[str, str] = NOTHING,
    width: str = "",
) -> str:
    """LaTeX of several documents, one section each."""
    require(style)
    if fragment:
        return "\n\n".join(_fragment(d, style, titles, ems(width)) for d in documents)
    bodies = [_body(d, style, titles, figures) for d in documents]
    return _preamble("\n".join(bodies), style, documents) + "\n\n".join(bodies) + "\n\n" + r"\end{document}" + "\n"


def _preamble(body: str, style: str, documents: Sequence[DocumentReport]) -> str:
    packages = ["amsmath", "mathtools", "xcolor", *packages_for(body)]
    packages += [PACKAGE[style]] if style in PACKAGE else []
    lines = [
        r"\documentclass[11pt,a4paper]{article}",
        *(rf"\usepackage{{{p}}}" for p in packages),
        r"\setlength{\textwidth}{17cm}\setlength{\oddsidemargin}{-0.54cm}",
        r"\setlength{\textheight}{24.9cm}\setlength{\footskip}{1.6cm}\setlength{\topmargin}{-0.6cm}\setlength{\headheight}{0pt}\setlength{\headsep}{0pt}",
        r"\setlength{\parindent}{0pt}\setlength{\parskip}{0.5\baselineskip}\setlength{\emergencystretch}{4em}",
        r"\setlength{\jot}{4pt}\setlength{\arraycolsep}{4.5pt}\raggedbottom",
        r"\widowpenalty=10000\clubpenalty=10000\predisplaypenalty=10000\allowdisplaybreaks[1]",
        colour_definitions(),
        *wide_matrices(body),
        SAME_FILE,
        r"\begin{document}",
        "",
    ]
    return "\n".join(lines) + "\n"


def ems(length: str) -> float:
    """A length of TeX in em of a fragment's font; without one, that of LaTeX's own article class.

    >>> ems("345pt"), round(ems("8.5 cm"), 1)
    (32.0, 22.4)

    Raises ValueError for what is no length, or one that no line of mathematics fits into.
    """
    if not length:
        return FRAGMENT_WIDTH
    match = re.fullmatch(r"\s*(\d+(?:\.\d*)?)\s*([a-z]{2})\s*", length)
    if match is None or match[2] not in UNITS:
        raise ValueError(f"a width is a number with one of {', '.join(UNITS)}, as in 12cm, not {length!r}")
    found = float(match[1]) * UNITS[match[2]] / UNITS["em"]
    if not 12 <= found <= 120:
        raise ValueError(f"a width must be between 4.6cm and 45cm, not {length}")
    return found


def _fragment(document: DocumentReport, style: str, titles: Mapping[str, str], room: float) -> str:
    macros = macros_of(document)
    displays = []
    for derivation in document.derivations:
        for lines in chains(derivation, numbered(document)):
            reasons = [_reason_alone(line.step, document, titles) for line in lines]
            displays.append(STYLES[style](Setting(lines, reasons, room, False, macros)))
    needs = ", ".join(["amsmath", "mathtools", "xcolor", *packages_for("\n".join(displays))])
    needs += f", {PACKAGE[style]}" if style in PACKAGE else ""
    head = [f"% needs {needs}", colour_definitions(r"\providecolor"), *wide_matrices("\n".join(displays))]
    return "\n".join([*head, *displays]) + "\n"


def _reason_alone(step: Step | None, document: DocumentReport, titles: Mapping[str, str]) -> Phrase:
    """A reason where the assumptions have no marks: the short ones that are more than definitions are written out."""
    if step is None:
        return []
    cited = {g.latex: g for g in document.givens if g.kind in WORDED}
    trees = {u: parse(u) for u in step.uses if u in cited}
    uses = tuple(u for u, tree in trees.items() if tree is not None and width(tree) <= WIDEST_CITED)
    return reason(replace(step, uses=uses), titles, NOTHING)


def _body(document: DocumentReport, style: str, titles: Mapping[str, str], figures: Mapping[str, str]) -> str:
    macros = macros_of(document)
    told = before(document)
    parts = [rf"\section*{{\raggedright {inline(title_for(document), macros)}{_byline(document)}}}"]
    start = min((g.line for g in document.givens if g.origin == "block"), default=0)
    parts += [words_tex(w, macros) for w in told.get(0, []) if w.line < start]
    parts += [given_box(document, macros)] if document.givens else []
    parts += [_network(document)]
    displays_of = _displays(document, style, titles, macros)
    for i, (derivation, shown) in enumerate(zip(document.derivations, displays_of, strict=True)):
        text = [words_tex(w, macros) for w in told.get(i, []) if i or w.line >= start]
        displays = "\n".join(shown)
        if text and told[i][-1].level:
            displays = r"\vspace{-\baselineskip}" + "\n" + displays  # no empty line between a heading and its display
        parts += [*text[:-1], "\n".join([*text[-1:], displays])]  # the last words belong to the display
        parts += _said(derivation, document, macros)
    parts += [words_tex(w, macros) for w in told.get(len(document.derivations), [])]
    parts += [rf"\textcolor{{derivefault}}{{\textbf{{derive failed.}}}} {escape_text(document.error)}"] * bool(
        document.error
    )
    parts += [phrase_tex(r, macros) for r in remarks(document)]
    parts += [simulation_tex(document), figure_tex(document, figures), _trust(document, titles, macros)]
    return "\n\n".join(filter(None, parts))


def _byline(document: DocumentReport) -> str:
    """Who and when, or where the derivation is from."""
    told = ", ".join(document.metadata[k] for k in ("author", "course", "date") if document.metadata.get(k))
    told = told or document.metadata.get("source", "")
    return r"\\[2pt]{\normalsize\normalfont\color{derivequiet}" + escape_text(told) + "}" if told else ""


def words_tex(words: Words, macros: Macros) -> str:
    """A heading or a paragraph."""
    said = phrase_tex(words.said, macros)
    if words.level:
        return rf"\subsection*{{{said}}}" if words.level < 3 else rf"\subsubsection*{{{said}}}"
    return rf"\hangindent=1.5em\makebox[1.5em][l]{{\textbullet}}{said}" if words.item else said


def _displays(document: DocumentReport, style: str, titles: Mapping[str, str], macros: Macros) -> list[list[str]]:
    """The displays of each derivation, all in letters of one size and with their reasons in one column."""
    marks = marks_of(document)
    tags = style != "witharrows"
    settings: list[Setting] = []
    owners: list[int] = []
    for i, derivation in enumerate(document.derivations):
        for lines in chains(derivation, numbered(document)):
            reasons = [reason(line.step, titles, marks) if line.step is not None else [] for line in lines]
            settings.append(Setting(lines, reasons, TEXT_WIDTH, tags, macros, REASONS if tags else 0.0))
            owners.append(i)
    shown = [STYLES[style](s) for s in (alike(settings) if style == "aligned" else settings)]
    return [[d for d, owner in zip(shown, owners, strict=True) if owner == i] for i in range(len(document.derivations))]


def _said(derivation: Derivation, document: DocumentReport, macros: Macros) -> list[str]:
    """What there is to say of a derivation below it: solutions, findings, its summary."""
    out = [phrase_tex(p, macros) for s in derivation.steps for p in solutions(s)]
    out += [_finding(s, document, macros) for s in derivation.steps if s.verdict in FINDINGS]
    return out + ([rf"\emph{{{inline(sentence(derivation.summary), macros)}}}"] if derivation.summary else [])


def _network(document: DocumentReport) -> str:
    picture = network_of(document.metadata)
    return r"\begin{center}" + "\n" + picture + "\n" + r"\end{center}" if picture else ""


def _finding(step: Step, document: DocumentReport, macros: Macros) -> str:
    number = numbered(document)[id(step)]
    head = rf"Step ({number}), line {step.line}: {VERDICT_WORDS[step.verdict]}."
    paragraphs = [phrase_tex(p, macros) for p in findings(step)]
    if step.verdict == "unread" and step.rhs:
        paragraphs.append(formula(step.rhs, macros))
    out = [rf"\textcolor{{derivefault}}{{\textbf{{{escape_text(head)}}}}} " + " ".join(paragraphs)]
    if step.counterexample is not None:
        grid, sides = counterexample_tex(step.counterexample, macros)
        out.append("A case in which everything given holds and the two sides differ:")
        if grid:
            out.append(r"\begin{center}\small" + "\n" + grid + "\n" + r"\end{center}")
        out.append(sides)
    return "\n\n".join(out)


def simulation_tex(document: DocumentReport) -> str:
    """The table of the simulated steps; "" when there are none."""
    rows = [
        [
            f"({n})",
            _pm(estimate(s.lhs, s.lhs_error)),
            _pm(estimate(s.rhs, s.rhs_error)),
            f"${score(s.z)}$" if isfinite(s.z) else escape_text(score(s.z)),
            "yes" if s.agree else r"\textcolor{derivefault}{\textbf{no}}",
        ]
        for n, s in simulated(document)
    ]
    if not rows:
        return ""
    first = simulated(document)[0][1]
    said = f"Simulation: {first.samples:,} samples, seed {first.seed}; estimates with standard errors."
    grid = table(["step", "left side", "right side", "$z$", "agree"], rows, "lccrc")
    head = r"\begin{minipage}{\linewidth}\centering\small"
    return "\n".join([head, grid + r"\\[4pt]", escape_text(said), r"\end{minipage}"])


def _pm(text: str) -> str:
    """An estimate as a formula; words stay words."""
    if not text[-1].isdigit():
        return escape_text(text)
    text = re.sub(r"e([+-])0*(\d+)", lambda m: rf"\cdot 10^{{{m[1].strip('+')}{m[2]}}}", text)
    return "$" + text.replace("±", r"\pm") + "$"


def figure_tex(document: DocumentReport, figures: Mapping[str, str], size: str = r"width=0.62\linewidth") -> str:
    """The document's figure in `size` (options of \\includegraphics); "" when it has none."""
    name = figure_for(document, figures)
    if name is None:
        return ""
    if any(c in name for c in "{}%#\\\n^~$"):
        raise ValueError(f"a figure's file name must be plain for TeX: {name!r}")
    return rf"\begin{{center}}\includegraphics[{size}]{{{name}}}\end{{center}}"


def _trust(document: DocumentReport, titles: Mapping[str, str], macros: Macros) -> str:
    sentences = " ".join(phrase_tex(s, macros) for s in trust(document, titles))
    rule = r"\rule{\linewidth}{0.4pt}\\"
    said = r"\footnotesize\raggedright\color{derivequiet}" + sentences
    kept = r"\enlargethispage{2\baselineskip}\nopagebreak" + "\n"  # not alone on a page of its own
    return "\n".join([kept, r"\begin{minipage}{\linewidth}", rule, said, r"\end{minipage}"])
