r"""Derivations as slides (beamer, 16:9): what is given, the derivation line by line, findings, what it rests on, a figure."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace

from derive.render.escape import escape_text
from derive.render.frames import ROW, Frames, Space, Talk, frame, text_height
from derive.render.given_frames import given_frames
from derive.render.latex import figure_tex
from derive.render.macros import macros_of
from derive.render.prose import before
from derive.render.styles import MissingPackage
from derive.render.tex import (
    SAME_FILE,
    colour_definitions,
    counterexample_tex,
    inline,
    packages_for,
    phrase_tex,
    wide_matrices,
)
from derive.render.wording import (
    VERDICT_WORDS,
    Phrase,
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

FIGURE = r"width=0.8\linewidth,height=0.74\textheight,keepaspectratio"
TABLE_ROW = 15.0  # pt
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
# In the halves of a headline the names that are not shown would still take room, and a long name has half a page.
SPLIT = frozenset("Copenhagen Luebeck Malmoe split".split())
ONE_IN_HALF = r"""\newsavebox{\halfbox}
\newcommand{\inhalf}[1]{\sbox{\halfbox}{#1}\ifdim\wd\halfbox>0.46\paperwidth
\resizebox{0.46\paperwidth}{!}{\usebox{\halfbox}}\else\usebox{\halfbox}\fi}
\setbeamertemplate{headline}{\leavevmode
\begin{beamercolorbox}[wd=.5\paperwidth,ht=2.5ex,dp=1.125ex,right,rightskip=.3cm]{section in head/foot}%
\usebeamerfont{section in head/foot}\inhalf{\insertsectionhead}\end{beamercolorbox}%
\begin{beamercolorbox}[wd=.5\paperwidth,ht=2.5ex,dp=1.125ex]{subsection in head/foot}\end{beamercolorbox}}"""
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
        *([ONE_IN_HALF] if theme in SPLIT and len(documents) > 1 else []),
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
    plain = r"\setbeamertemplate{enumerate items}[default]" * (len(documents) > 9)  # themes have boxes for one digit
    return frame(
        "Derivations", plain + "\\begin{enumerate}" + small + "\n" + items + "\n\\end{enumerate}" + more, options="c"
    )


def _document(document: DocumentReport, number: int, talk: Talk, figures: Mapping[str, str]) -> list[str]:
    told = before(document)
    start = min((g.line for g in document.givens if g.origin == "block"), default=0)
    intro = [w for w in told.get(0, []) if w.line < start and not w.level]
    while intro and sum(text_height(talk, w.said) for w in intro) > MOST_INTRO:
        intro = intro[:-1]
    frames = [rf"\section{{{talk.title}}}", *given_frames(document, talk, intro, f"label=d{number}")]
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
        if found := [_finding(s, document, talk) for s in derivation.steps if s.verdict in FINDINGS]:
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


# ----------------------------------------------------------------------------------------- findings and trust


def _finding(step: Step, document: DocumentReport, talk: Talk) -> str:
    body = r"\par ".join(phrase_tex(p, talk.macros) for p in findings(step))
    tall = sum(text_height(talk, p) for p in findings(step))
    if step.counterexample is not None:
        grid, sides = counterexample_tex(step.counterexample, talk.macros, talk.space.width - 2.5)
        body += r"\par\medskip Everything given holds here, and the two sides differ:" + "\n"
        body += ("\\begin{center}\\small\n" + grid + "\n\\end{center}\n" if grid else r"\par ") + sides
        tall += 66 + TABLE_ROW * grid.count(r"\\") + ROW * (len(sides) // 90)
    heading = escape_text(f"Step ({numbered(document)[id(step)]}), line {step.line}: {VERDICT_WORDS[step.verdict]}")
    return frame(heading, body, options="t,shrink" if tall > talk.space.height else "t")


def _checked(document: DocumentReport, talk: Talk) -> str:
    said = trust(document, talk.titles)
    said += [[("strong", "derive failed. "), ("text", document.error)]] if document.error else []
    items = "\n".join(r"  \item " + phrase_tex(s, talk.macros) for s in said)
    tall = sum(text_height(talk, s) for s in said)
    body = "\\begin{itemize}\\small\n" + items + "\n\\end{itemize}"
    return frame("What this rests on", body, options="t,shrink" if tall > talk.space.height else "t")
