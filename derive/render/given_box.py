r"""The assumptions of an article in a frame: each with its mark, what it says in words, and the steps that use it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from derive.render.macros import Macros
from derive.render.parsing import parse
from derive.render.tex import formula, inline, phrase_tex
from derive.render.unicode import to_unicode
from derive.render.widths import text_width, width
from derive.render.wording import Assumption, Phrase, assumptions, reading, used_in
from derive.report import DocumentReport

WORDED = frozenset({"dependence", "distribution"})  # what is worth saying in words too; the others say it themselves
WIDEST_GIVEN = 17.0  # em, in the column of formulas
COLUMN = 19.5  # em, where the assumptions stand in two columns
MARK = 2.5
WIDEST = 41.0  # em, of a row
FEW = 8  # assumptions that stand in one column
VARIANTS = str.maketrans({"ε": "ϵ", "φ": "ϕ"})  # both letters are in use
BOLD = re.compile(r"\\(?:mathbf|boldsymbol|mathbb|mathsf|mathrm|vec|bm)\s*\{([^{}]*)\}")


def given_box(document: DocumentReport, macros: Macros) -> str:
    """The frame with all the assumptions; many short ones stand in two columns, without words."""
    found = assumptions(document)
    if len(found) > FEW and all(_size(a, document, macros, "") <= COLUMN for a in found):
        half = -(-len(found) // 2)
        rows = [_row(a, document, macros, 0.0, False) for a in found]
        columns = [_column("\n".join(part), r"0.475\linewidth") for part in (rows[:half], rows[half:])]
        inner = (r"\hfill" + "\n").join(columns)
    else:
        trees = [parse(a.given.latex, macros) for a in found if said_in_words(a, document)]
        widths = [width(t) for t in trees if t is not None]
        column = max((w for w in widths if w <= WIDEST_GIVEN), default=0.0) + 1.5
        inner = _column("\n".join(_row(a, document, macros, column, True) for a in found), r"\linewidth")
    return (
        r"{\setlength{\fboxsep}{8pt}\smallskip\noindent\fbox{\parbox{\dimexpr\linewidth-2\fboxsep-2\fboxrule\relax}{"
        "\n\\textbf{Given}\\par\\vspace{3pt}\n" + inner + "}}\\par\\smallskip}"
    )


def _column(rows: str, size: str) -> str:
    return (
        rf"\parbox[t]{{{size}}}{{\raggedright\setlength{{\parskip}}{{3pt}}\everypar{{\hangindent={MARK}em}}"
        + f"\n{rows}}}"
    )


def _row(a: Assumption, document: DocumentReport, macros: Macros, column: float, worded: bool) -> str:
    """One assumption; its words begin after `column` em, if they fit, its uses stand at the right margin."""
    shown = inline(a.given.latex, macros) if "$" in a.given.latex else formula(a.given.latex, macros)
    words = said_in_words(a, document) if worded else []
    said = phrase_tex(words, macros)
    if said and _size(a, document, macros, "".join(c for _, c in words), column) <= WIDEST:
        tree = parse(a.given.latex, macros)
        fits = tree is not None and width(tree) <= min(column, WIDEST_GIVEN)
        shown = rf"\makebox[{column:.1f}em][l]{{{shown}}}" if fits else shown + r"\quad "
        shown += rf"{{\small {said}}}"
    used = _used(a, document)
    if used:
        # at the right margin of this row, or of the next one where there is no room
        shown += r"\penalty50\hskip1em\null\nobreak\hfill\mbox{\small\color{derivequiet}" + used + "}"
    return rf"\makebox[{MARK}em][l]{{\textbf{{{a.mark}}}}}{shown}\par"


def _used(a: Assumption, document: DocumentReport) -> str:
    steps = used_in(document, a)
    if a.given.origin == "find":
        return "to be found"
    if steps is None:
        return ""
    return "used in " + ", ".join(f"({n})" for n in steps) if steps else "not used"


def _size(a: Assumption, document: DocumentReport, macros: Macros, said: str, column: float = 0.0) -> float:
    """About how wide an assumption is on one line."""
    tree = parse(a.given.latex, macros)
    used = _used(a, document)
    shown = max(width(tree), column) if tree is not None else 99.0
    return shown + MARK + 0.92 * text_width(said + used) + 1.5 * bool(used)


def said_in_words(a: Assumption, document: DocumentReport) -> Phrase:
    """An assumption in words, its names as formulas; nothing where the formula says as much."""
    if a.given.kind not in WORDED or a.given.origin == "find":
        return []
    return named(reading(a.given.reading), names(document, a.given.latex))


def names(document: DocumentReport, latex: str = "") -> dict[str, str]:
    """From names as plain text (`x̃`) to their LaTeX; those in `latex` go before others that look alike."""
    known = [s.latex for s in document.symbols] + re.findall(r"\\math(?:bf|rm)\{[A-Z]\}", latex)
    known.sort(key=lambda name: name in latex)
    plain = {to_unicode(BOLD.sub(r"\1", name)): name for name in known}
    return plain | {key.translate(VARIANTS): name for key, name in plain.items()}


def named(words: Phrase, known: Mapping[str, str]) -> Phrase:
    """The words with the known names in them as formulas."""
    if not known:
        return words
    name = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    pattern = re.compile(rf"(?<![^\W\d_])(?:{name})+(?![^\W\d_]|[\u0300-\u036f])")
    out: Phrase = []
    for kind, content in words:
        if kind != "text":
            out.append((kind, content))
            continue
        at = 0
        for match in pattern.finditer(content):
            if match[0] == "a" and re.match(r" [a-z]{2,}", content[match.end() :]):
                continue  # the article
            out += [("text", content[at : match.start()])]
            out += [("math", known[part]) for part in re.findall(name, match[0])]
            at = match.end()
        out.append(("text", content[at:]))
    return [(kind, content) for kind, content in out if content]
