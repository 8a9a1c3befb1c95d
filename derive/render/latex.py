r"""A derivation as a LaTeX article: assumptions in a box, the display with its reasons, findings, trust.

`article` makes a whole document for pdfLaTeX with amsmath, mathtools and xcolor (and amssymb where its letters are
used, graphicx for a figure, TikZ for a network); with `fragment` the display alone, for `\input` into a paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.render.escape import escape_text
from derive.render.macros import Macros, read_macros
from derive.render.network import network_of
from derive.render.parsing import parse
from derive.render.styles import STYLES, Setting, require
from derive.render.tex import (
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
    assumptions,
    chains,
    estimate,
    figure_for,
    findings,
    marks_of,
    numbered,
    reading,
    reason,
    remarks,
    score,
    sentence,
    simulated,
    title_for,
    trust,
    used_in,
)
from derive.report import FINDINGS, Derivation, DocumentReport, Step

TEXT_WIDTH = 43.5  # em of the 11 pt font in 17 cm, with a little to spare
WIDEST_GIVEN = 17.0
NOTHING: Mapping[str, str] = {}


def article(
    document: DocumentReport,
    *,
    fragment: bool = False,
    style: str = "aligned",
    figures: Mapping[str, str] = NOTHING,
    titles: Mapping[str, str] = NOTHING,
) -> str:
    """LaTeX of one document.

    `fragment`: the displays alone.  `style`: aligned, calculation or witharrows.  `figures`: a document's path to its
    figure's file.  `titles`: rule names to what is shown for them.  Raises ValueError for an unknown style,
    MissingPackage (a ValueError) when TeX lacks the style's package.
    """
    return collection([document], fragment=fragment, style=style, figures=figures, titles=titles)


def collection(
    documents: Sequence[DocumentReport],
    *,
    fragment: bool = False,
    style: str = "aligned",
    figures: Mapping[str, str] = NOTHING,
    titles: Mapping[str, str] = NOTHING,
) -> str:
    """LaTeX of several documents, one section each."""
    require(style)
    if fragment:
        return "\n\n".join(_fragment(d, style, titles) for d in documents)
    bodies = [_body(d, style, titles, figures) for d in documents]
    return _preamble("\n".join(bodies), style, documents) + "\n\n".join(bodies) + "\n\n" + r"\end{document}" + "\n"


def _preamble(body: str, style: str, documents: Sequence[DocumentReport]) -> str:
    packages = ["amsmath", "mathtools", "xcolor", *packages_for(body)]
    packages += ["witharrows"] if style == "witharrows" else []
    lines = [
        r"\documentclass[11pt,a4paper]{article}",
        *(rf"\usepackage{{{p}}}" for p in packages),
        r"\setlength{\textwidth}{17cm}\setlength{\oddsidemargin}{-0.54cm}",
        r"\setlength{\textheight}{23.5cm}\setlength{\topmargin}{-1.2cm}",
        r"\setlength{\parindent}{0pt}\setlength{\parskip}{0.6\baselineskip}\setlength{\emergencystretch}{4em}",
        r"\allowdisplaybreaks",
        colour_definitions(),
        *wide_matrices(body),
        r"\begin{document}",
        "",
    ]
    return "\n".join(lines) + "\n"


def _fragment(document: DocumentReport, style: str, titles: Mapping[str, str]) -> str:
    macros = read_macros(document.metadata.get("macros", ""))
    displays = [
        d for derivation in document.derivations for d in _displays(document, derivation, style, titles, macros)
    ]
    needs = ", ".join(["amsmath", "mathtools", "xcolor", *packages_for("\n".join(displays))])
    needs += ", witharrows" if style == "witharrows" else ""
    head = [f"% needs {needs}", colour_definitions(r"\providecolor"), *wide_matrices("\n".join(displays))]
    return "\n".join([*head, *displays]) + "\n"


def _displays(
    document: DocumentReport,
    derivation: Derivation,
    style: str,
    titles: Mapping[str, str],
    macros: Macros,
    tags: bool = False,
) -> list[str]:
    marks = marks_of(document)
    out = []
    for lines in chains(derivation, numbered(document)):
        reasons = [reason(line.step, titles, marks) if line.step is not None else [] for line in lines]
        out.append(STYLES[style](Setting(lines, reasons, TEXT_WIDTH, tags, macros)))
    return out


def _body(document: DocumentReport, style: str, titles: Mapping[str, str], figures: Mapping[str, str]) -> str:
    macros = read_macros(document.metadata.get("macros", ""))
    parts = [rf"\section*{{{inline(title_for(document), macros)}}}"]
    byline = ", ".join(document.metadata[k] for k in ("author", "course", "date") if document.metadata.get(k))
    parts += [r"{\color{derivequiet}" + escape_text(byline) + r"\par}"] if byline else []
    parts += [_box(document, macros)] if document.givens else []
    for derivation in document.derivations:
        parts += _displays(document, derivation, style, titles, macros, tags=style != "witharrows")
        parts += [_finding(s, document, macros) for s in derivation.steps if s.verdict in FINDINGS]
        parts += [rf"\emph{{{inline(sentence(derivation.summary), macros)}}}"] if derivation.summary else []
    parts += ["\n\n".join(phrase_tex(r, macros) for r in remarks(document))]
    picture = network_of(document.metadata)
    parts += [r"\begin{center}" + "\n" + picture + "\n" + r"\end{center}"] if picture else []
    parts += [
        p for p in (simulation_tex(document), figure_tex(document, figures), _trust(document, titles, macros)) if p
    ]
    return "\n\n".join(filter(None, parts))


def _box(document: DocumentReport, macros: Macros) -> str:
    """The assumptions in a frame, each with its mark and the steps that use it."""
    rows = []
    trees = {a.mark: parse(a.given.latex, macros) for a in assumptions(document)}
    widths = [width(t) for t in trees.values() if t is not None]
    column = max((w for w in widths if w <= WIDEST_GIVEN), default=0.0) + 1.5
    for a in assumptions(document):
        tree = trees[a.mark]
        fits = tree is not None and width(tree) <= WIDEST_GIVEN
        given = formula(a.given.latex, macros)
        shown = rf"\makebox[{column:.1f}em][l]{{{given}}}" if fits else given + r"\quad "
        steps = used_in(document, a)
        used = "used in " + ", ".join(f"({n})" for n in steps) if steps else "not used" if steps is not None else ""
        said = phrase_tex(reading(a.given.reading), macros)
        note = ", ".join(filter(None, [said, used]))
        rows.append(rf"\makebox[2.5em][l]{{\textbf{{{a.mark}}}}}{shown}{{\small\color{{derivequiet}}{note}}}\par")
    inner = "\n".join(["\\textbf{Given}\\par", *rows])
    return (
        r"{\setlength{\fboxsep}{8pt}\noindent\fbox{\parbox{\dimexpr\linewidth-2\fboxsep-2\fboxrule\relax}{"
        "\\raggedright\\setlength{\\parskip}{3pt}\\everypar{\\hangindent=2.5em}\n" + inner + "}}\\par}"
    )


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
            escape_text(score(s.z)),
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
    return "$" + text.replace("±", r"\pm") + "$" if text[-1].isdigit() else escape_text(text)


def figure_tex(document: DocumentReport, figures: Mapping[str, str], share: float = 0.75) -> str:
    """The document's figure, `share` of the line wide; "" when it has none."""
    name = figure_for(document, figures)
    if name is None:
        return ""
    if any(c in name for c in "{}%#\\\n^~$"):
        raise ValueError(f"a figure's file name must be plain for TeX: {name!r}")
    return rf"\begin{{center}}\includegraphics[width={share}\linewidth]{{{name}}}\end{{center}}"


def _trust(document: DocumentReport, titles: Mapping[str, str], macros: Macros) -> str:
    sentences = " ".join(phrase_tex(s, macros) for s in trust(document, titles))
    rule = r"\rule{\linewidth}{0.4pt}\\"
    said = r"\footnotesize\color{derivequiet}" + sentences
    return "\n".join([r"\nopagebreak" + "\n", r"\begin{minipage}{\linewidth}", rule, said, r"\end{minipage}"])
