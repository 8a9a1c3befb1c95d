r"""Derivations as slides (beamer, 16:9): what is given, the derivation line by line, findings, what it rests on, a figure."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace

from derive.render.escape import escape_text
from derive.render.frames import CONTINUED, ROW, Frames, Space, Talk, frame, text_height
from derive.render.given_box import said_in_words
from derive.render.latex import figure_tex
from derive.render.macros import Macros, macros_of
from derive.render.network import network_of
from derive.render.parsing import parse
from derive.render.prose import Words, before
from derive.render.styles import MissingPackage
from derive.render.tex import (
    SAME_FILE,
    colour_definitions,
    counterexample_tex,
    formula,
    inline,
    packages_for,
    phrase_tex,
    wide_matrices,
)
from derive.render.widths import height, text_width, width
from derive.render.wording import (
    VERDICT_WORDS,
    Assumption,
    Phrase,
    assumptions,
    chains,
    findings,
    marks_of,
    numbered,
    reason,
    solutions,
    squeeze,
    title_for,
    trust,
)
from derive.report import FINDINGS, DocumentReport, Step

TOP = r"\centering\raisebox{{\dimexpr\ht\strutbox-\height}}{{{}}}"  # a picture that hangs from the line
FIGURE = r"width=0.8\linewidth,height=0.74\textheight,keepaspectratio"
HALF = 15.5  # em of half a frame
FEW = 7  # givens in one column
TIGHT = 1.3  # how much more fits in small letters
MOST_INTRO = 70.0  # pt of words above the givens
MOST_LISTED = 14
NOTHING: Mapping[str, str] = {}
MOST_IN_SIDEBAR = 4
SIDEBARS = frozenset("Berkeley PaloAlto Goettingen Hannover Marburg Bergen sidebar".split())
HEADLINES = frozenset(
    "Antibes Berlin Copenhagen Darmstadt Dresden Frankfurt Ilmenau JuanLesPins Luebeck Malmoe Montpellier Singapore Szeged "
    "Warsaw shadow split tree".split()
)
# Of many documents a headline or a sidebar names the one that is on; all names, and all frames as circles, would not fit.
ONE_IN_HEADLINE = r"""\setbeamertemplate{section in head/foot shaded}{}\setbeamertemplate{mini frame in other section}{}
\setbeamersize{mini frame size=0pt,mini frame offset=0pt}"""
ONE_IN_SIDEBAR = r"\setbeamertemplate{section in sidebar shaded}{}"
PLAIN_THEME = r"""\setbeamercolor{frametitle}{fg=black}\setbeamercolor{structure}{fg=derivefirst}
\setbeamerfont{frametitle}{series=\bfseries,size=\large}
\setbeamercolor{framesubtitle}{fg=derivequiet}\setbeamerfont{framesubtitle}{size=\normalsize}
\setbeamertemplate{itemize item}{\textbullet}
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
    """A beamer deck of one or many documents.

    `figures`: a document's path to its figure's file.  `titles`, `explanations`: rule names to what is shown for them
    and to the sentence for the speaker's notes.  Raises ValueError for a theme that is not a name, MissingPackage (a
    ValueError) for one that this machine's TeX does not have.
    """
    require_theme(theme)
    frames = [_contents(documents)] if len(documents) > 1 else []
    for number, document in enumerate(documents, 1):
        macros = macros_of(document)
        talk = Talk(inline(title_for(document), macros), macros, handout, space_of(theme), titles, explanations)
        frames += _document(document, number, talk, figures)
    body = "\n\n".join(frames)
    lines = [
        rf"\documentclass[aspectratio=169,11pt{',compress' * (theme in HEADLINES)}{',handout' * handout}]{{beamer}}",
        *(rf"\usepackage{{{p}}}" for p in ["mathtools", *packages_for(body)]),
        rf"\usetheme{{{theme}}}",
        r"\usefonttheme[onlymath]{serif}",
        r"\setbeamertemplate{navigation symbols}{}",
        r"% \setbeameroption{show notes}  % to print the speaker's notes",
        colour_definitions(),
        *wide_matrices(body),
        *([PLAIN_THEME] if theme == "default" else []),
        *([ONE_IN_HEADLINE] if theme in HEADLINES and len(documents) > 1 else []),
        *([ONE_IN_SIDEBAR] if theme in SIDEBARS and len(documents) > MOST_IN_SIDEBAR else []),
        r"\setbeamercolor{alerted text}{fg=derivesecond}\setlength{\jot}{4pt}\setlength{\arraycolsep}{4.5pt}",
        SAME_FILE,
        r"\newcommand<>{\changed}[1]{\alert#2{#1}}  % what a step changes, on its own click",
        r"\begin{document}",
    ]
    return "\n".join(lines) + "\n\n" + body + "\n\n" + r"\end{document}" + "\n"


def require_theme(theme: str) -> None:
    """Raise ValueError for what is no name, MissingPackage where this machine's TeX has no such theme."""
    if not re.fullmatch(r"[A-Za-z]+", theme):
        raise ValueError(f"not the name of a beamer theme: {theme!r}")
    if shutil.which("kpsewhich") is None:
        return  # the deck is for another machine then
    names = list(dict.fromkeys([theme, theme[:1].upper() + theme[1:], theme.lower()]))
    command = ["kpsewhich", *(f"beamertheme{name}.sty" for name in names)]
    asked = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    found = re.findall(r"beamertheme(\w+)\.sty", asked.stdout)
    if theme not in found:
        other = f"; did you mean {found[0]}?" if found else ""
        hint = other or f"; install it (tlmgr install beamertheme-{theme.lower()}) or take another, such as Madrid"
        raise MissingPackage(f"this TeX has no beamer theme {theme!r}{hint}")


def space_of(theme: str) -> Space:
    """How much room a theme leaves on a frame."""
    if theme in SIDEBARS:
        return Space(27.0, 165.0)
    return Space() if theme == "default" else Space(34.5, 126.0 if theme in HEADLINES else 150.0)


def _contents(documents: Sequence[DocumentReport]) -> str:
    items = "\n".join(
        rf"  \item \hyperlink{{d{n}}}{{{inline(title_for(d))}}}" for n, d in enumerate(documents[:MOST_LISTED], 1)
    )
    more = r"\par\small and " + str(len(documents) - MOST_LISTED) + " more" if len(documents) > MOST_LISTED else ""
    small = r"\small\setlength{\itemsep}{0pt}" if len(documents) > 9 else ""
    return frame("Derivations", "\\begin{enumerate}" + small + "\n" + items + "\n\\end{enumerate}" + more, options="c")


def _document(document: DocumentReport, number: int, talk: Talk, figures: Mapping[str, str]) -> list[str]:
    told = before(document)
    start = min((g.line for g in document.givens if g.origin == "block"), default=0)
    intro = [w for w in told.get(0, []) if w.line < start and not w.level]
    while intro and _tall(intro, talk) > MOST_INTRO:
        intro = intro[:-1]
    frames = [rf"\section{{{talk.title}}}", *_givens(document, number, talk, intro)]
    marks = marks_of(document)
    filling = Frames(talk)
    for i, derivation in enumerate(document.derivations):
        for words in [w for w in told.get(i, []) if i or w.line >= start][-3:]:
            filling.say(words)
        for lines in chains(derivation, numbered(document)):
            reasons = [_reason(line.step, talk, marks) for line in lines]
            filling.chain(lines, reasons)
        for said in [p for s in derivation.steps for p in solutions(s)]:
            filling.remark(said)
        if found := [_finding(s, document, talk.macros) for s in derivation.steps if s.verdict in FINDINGS]:
            filling.close()
            filling.done += found
    filling.close()
    frames += [*filling.done, _checked(document, talk)]
    if figure := figure_tex(document, figures, FIGURE):
        frames.append(frame(talk.title, figure, options="c"))
    return frames


def _reason(step: Step | None, talk: Talk, marks: Mapping[str, str]) -> Phrase:
    """A reason; steps have no numbers on slides, and are not cited."""
    if step is None:
        return []
    cited = tuple(u for u in step.uses if not marks.get(squeeze(u), "").startswith("step"))
    return reason(replace(step, uses=cited), talk.titles, marks)


# ------------------------------------------------------------------------------------------------------- givens


def _givens(document: DocumentReport, number: int, talk: Talk, intro: Sequence[Words]) -> list[str]:
    """The first frames: what it is about and what is given, beside the network if there is one."""
    found = assumptions(document)
    network = network_of(document.metadata)
    said = r"\par ".join(phrase_tex(w.said, talk.macros) for w in intro)
    label = f"label=d{number}"
    if not found:
        shown = (said + "\n" + _centred(network)) if network else said or "Nothing is given beyond what is written."
        return [frame(talk.title, shown, options=f"t,{label}")]
    narrow = all(_size(a, document, talk.macros, False) <= HALF for a in found)
    rooms = 2 if narrow and not network and len(found) > FEW else 1
    columns = _columns(found, document, talk, rooms, worded=not network and rooms == 1, used=_tall(intro, talk))
    frames = []
    for i in range(0, len(columns), rooms):
        shown_now = columns[i : i + rooms] + ([TOP.format(network)] if i == 0 and network and narrow else [])
        body = _side_by_side(shown_now) if len(shown_now) > 1 or rooms == 2 else shown_now[0]
        body = r"\textbf{Given}\par\smallskip" + "\n" + body
        body = said + r"\par\medskip" + "\n" + body if said and i == 0 else body
        title = talk.title + (CONTINUED if i else "")
        frames.append(frame(title, body, options="t" if i else f"t,{label}"))
    if network and not narrow:
        frames.append(frame(talk.title, _centred(network), options="c"))
    return frames


def _tall(intro: Sequence[Words], talk: Talk) -> float:
    return sum(text_height(talk, w.said) for w in intro)


def _columns(
    found: Sequence[Assumption], document: DocumentReport, talk: Talk, rooms: int, worded: bool, used: float
) -> list[str]:
    """The givens as lists that fill columns of a frame each; of the first frame, `used` pt are taken."""
    rows = [_given(a, document, talk, rooms, worded) for a in found]
    whole = sum(tall for _, tall in rows) / rooms
    room = talk.space.height - 20
    tight = room - used < whole <= TIGHT * (room - used)
    left = (room - used) * (TIGHT if tight else 1.0)
    half = -(-len(found) // 2) if rooms == 2 else len(found)
    lists: list[list[str]] = [[]]
    for row, tall in rows:
        if lists[-1] and (left < tall or (len(lists[-1]) >= half and len(lists) % 2 and rooms == 2)):
            left = room - used if rooms == 2 and len(lists) == 1 else room
            lists.append([])
        left -= tall
        lists[-1].append(row)
    begin = r"\begin{description}[A10]" + (r"\small\setlength{\itemsep}{0pt}" if tight else "")
    return [begin + "\n" + "\n".join(rows_of) + "\n\\end{description}" for rows_of in lists]


def _given(a: Assumption, document: DocumentReport, talk: Talk, rooms: int, worded: bool) -> tuple[str, float]:
    """One given, in words too where they fit its line, and about how high it comes out, in pt."""
    tree = parse(a.given.latex, talk.macros)
    wide = talk.space.width / rooms
    words = said_in_words(a, document) if worded and _size(a, document, talk.macros, True) <= wide else []
    said = phrase_tex(words, talk.macros) or ("to be found" if a.given.origin == "find" else "")
    lines = max(1.0, _size(a, document, talk.macros, bool(words)) / wide)
    shown = formula(a.given.latex, talk.macros) + (rf"\quad{{\small\color{{derivequiet}}{said}}}" if said else "")
    return rf"  \item[{a.mark}] {shown}", ROW * max(lines, height(tree) if tree else 1.0) + 4


def _size(a: Assumption, document: DocumentReport, macros: Macros, worded: bool) -> float:
    """About how wide a given is, in em."""
    tree = parse(a.given.latex, macros)
    said = "".join(c for _, c in said_in_words(a, document)) if worded else "to be found" * (a.given.origin == "find")
    return 2.5 + (width(tree) if tree is not None else 20.0) + 0.95 * text_width(said)


def _side_by_side(columns: Sequence[str]) -> str:
    inner = "\n".join(r"\begin{column}{0.5\textwidth}" + f"\n{c}\n" + r"\end{column}" for c in columns)
    return r"\begin{columns}[t,onlytextwidth]" + "\n" + inner + "\n" + r"\end{columns}"


def _centred(picture: str) -> str:
    return "\\begin{center}\n" + picture + "\n\\end{center}"


# ----------------------------------------------------------------------------------------- findings and trust


def _finding(step: Step, document: DocumentReport, macros: Macros) -> str:
    body = r"\par ".join(phrase_tex(p, macros) for p in findings(step))
    if step.counterexample is not None:
        grid, sides = counterexample_tex(step.counterexample, macros, 33.0)
        body += r"\par\medskip Everything given holds here, and the two sides differ:" + "\n"
        body += "\\begin{center}\\small\n" + grid + "\n\\end{center}\n" + sides
    heading = escape_text(f"Step ({numbered(document)[id(step)]}), line {step.line}: {VERDICT_WORDS[step.verdict]}")
    long = len(body) > 900 or (step.counterexample is not None and len(step.counterexample.outcomes) > 5)
    return frame(heading, body, options="t,shrink=30" if long else "t")


def _checked(document: DocumentReport, talk: Talk) -> str:
    said = trust(document, talk.titles)
    said += [[("strong", "derive failed. "), ("text", document.error)]] if document.error else []
    items = "\n".join(r"  \item " + phrase_tex(s, talk.macros) for s in said)
    long = sum(len(c) for s in said for _, c in s) > 1100
    body = "\\begin{itemize}\\small\n" + items + "\n\\end{itemize}"
    return frame("What this rests on", body, options="t,shrink=30" if long else "t")
