r"""A derivation as Markdown that GitHub renders: `math` fences for displays, dollar-backtick for formulas in text.

`\operatorname`, which GitHub does not let through, is written as an upright word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from derive.render.macros import NO_MACROS, Macros, macros_of
from derive.render.nodes import write
from derive.render.parsing import parse
from derive.render.prose import Words, before
from derive.render.rows import arrange, vetted
from derive.render.tex import value_tex
from derive.render.wording import (
    VERDICT_WORDS,
    Phrase,
    assumptions,
    chains,
    estimate,
    findings,
    marks_of,
    merged,
    numbered,
    phrase,
    reading,
    reason,
    remarks,
    score,
    sentence,
    simulated,
    solutions,
    title_for,
    trust,
    used_in,
)
from derive.report import FINDINGS, Counterexample, Derivation, DocumentReport, Step

WIDTH = 34.0  # em of a line in GitHub's column, reasons left out
NOTHING: Mapping[str, str] = {}
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def page(document: DocumentReport, *, titles: Mapping[str, str] = NOTHING) -> str:
    """The document as Markdown."""
    macros = macros_of(document)
    parts = [f"# {_words(phrase(title_for(document)), macros)}"]
    told = before(document)
    start = min((g.line for g in document.givens if g.origin == "block"), default=0)
    parts += [_said(w, macros) for w in told.get(0, []) if w.line < start]
    if document.givens:
        parts.append("**Given**\n\n" + "\n".join(_givens(document, macros)))
    for i, derivation in enumerate(document.derivations):
        parts += [_said(w, macros) for w in told.get(i, []) if i or w.line >= start]
        parts += _derivation(document, derivation, titles, macros)
        parts += [_words(p, macros) for s in derivation.steps for p in solutions(s)]
    parts += [_said(w, macros) for w in told.get(len(document.derivations), [])]
    parts += [_words(r, macros) for r in remarks(document)]
    parts += [f"**derive failed.** {escape(document.error)}"] * bool(document.error)
    parts.append(_simulation(document))
    parts.append("---\n\n" + "  \n".join(_words(s, macros) for s in trust(document, titles)))
    return "\n\n".join(filter(None, parts)) + "\n"


def _said(words: Words, macros: Macros) -> str:
    """A heading or a paragraph of the document."""
    mark = "#" * min(6, max(2, words.level)) + " " if words.level else "- " if words.item else ""
    return mark + _words(words.said, macros)


def github(latex: str) -> str:
    r"""LaTeX that GitHub's MathJax lets through.

    >>> github(r"\operatorname{Var}(X) + \operatorname*{argmin}_x")
    '\\mathop{\\mathrm{Var}}\\nolimits(X) + \\mathop{\\mathrm{argmin}}_x'
    """
    latex = re.sub(r"\\scalebox\{[\d.]+\}\{\$\\displaystyle ([^$]*)\$\}", r"\1", latex)  # a page scrolls
    name = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
    latex = re.sub(rf"\\operatorname\*{name}", r"\\mathop{\\mathrm{\1}}", latex)
    latex = re.sub(rf"\\operatorname{name} ?(?=[A-Za-z])", r"\\mathop{\\mathrm{\1}}\\nolimits ", latex)
    return re.sub(rf"\\operatorname{name}", r"\\mathop{\\mathrm{\1}}\\nolimits", latex)


def escape(text: str) -> str:
    """Words as Markdown, on one line."""
    return SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", text))


def inline(latex: str, macros: Macros = NO_MACROS) -> str:
    """A formula in running text."""
    nodes = parse(latex, macros)
    if nodes is None:
        return "``" + re.sub(r"\s+|`", " ", latex) + "``"
    return "$`" + github(write(nodes)) + "`$"


def _words(words: Phrase, macros: Macros) -> str:
    dressed = {"math": lambda c: inline(c, macros), "strong": lambda c: f"**{escape(c.strip())}** "}
    dressed["emph"] = lambda c: f"*{escape(c.strip())}*"
    dressed["sub"] = lambda c: f"<sub>{c}</sub>"
    return "".join(dressed.get(kind, escape)(content) for kind, content in words).rstrip()


def _givens(document: DocumentReport, macros: Macros) -> list[str]:
    lines = []
    for a in assumptions(document):
        steps = used_in(document, a)
        used = f", used in {', '.join(f'({n})' for n in steps)}" if steps else ", not used" if steps is not None else ""
        said = _words(reading(a.given.reading), macros)
        sentence = "$" in a.given.latex
        given = _words(phrase(a.given.latex), macros) if sentence else inline(a.given.latex, macros)
        lines.append(f"- **{a.mark}** {given} — {said}{used}")
    return lines


def _derivation(
    document: DocumentReport,
    derivation: Derivation,
    titles: Mapping[str, str],
    macros: Macros,
) -> list[str]:
    marks = marks_of(document)
    parts = []
    for lines in chains(derivation, numbered(document)):
        reasons = [reason(line.step, titles, marks) if line.step is not None else [] for line in lines]
        display = arrange(lines, [[] for _ in lines], WIDTH, None, macros)
        rows = []
        for i, row in enumerate(display.rows):
            line = lines[row.line]
            last = i + 1 == len(display.rows) or display.rows[i + 1].head
            body = row.body if row.head else r"\quad {}" + row.body
            text = ("& " if row.line == 0 else f"&{row.relation} " if row.head else "& ") + body
            why = _text(reasons[row.line], macros) if row.head else ""
            text += f" && {why}" if why else ""
            rows.append(text + (rf" && \text{{({line.number})}}" if last and line.number else ""))
        body = " \\\\\n".join(_padded(r) for r in rows)
        parts.append("```math\n" + github(f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}") + "\n```")
    for step in derivation.steps:
        if step.verdict in FINDINGS:
            parts += _finding(step, numbered(document)[id(step)], macros)
    return parts + ([f"*{_words(phrase(sentence(derivation.summary)), macros)}*"] if derivation.summary else [])


def displays(document: DocumentReport, titles: Mapping[str, str] = NOTHING) -> list[str]:
    """The derivations as displays for MathJax, as a notebook shows LaTeX."""
    macros = macros_of(document)
    parts = [p for d in document.derivations for p in _derivation(document, d, titles, macros)]
    fences = [p.removeprefix("```math\n").removesuffix("\n```") for p in parts if p.startswith("```math")]
    return [f"$$\n{body}\n$$" for body in fences]


def _padded(row: str) -> str:
    """The number in the fourth column also where there is no reason."""
    return row.replace(r" && \text{(", r" &&&& \text{(") if row.count("&&") == 1 and r" && \text{(" in row else row


def _text(words: Phrase, macros: Macros) -> str:
    """A phrase inside the display."""
    out = ""
    for kind, content in merged(words):
        out += vetted(content, macros) if kind == "math" else rf"\text{{{_plain(content)}}}" if content else ""
    return out


def _plain(text: str) -> str:
    return re.sub(r"[\\{}$&#^_%~]", " ", text)


def _finding(step: Step, number: int, macros: Macros) -> list[str]:
    said = " ".join(_words(p, macros) for p in findings(step))
    parts = [f"> **Step ({number}), line {step.line}: {VERDICT_WORDS[step.verdict]}.** {said}"]
    return parts + (_counterexample(step.counterexample, macros) if step.counterexample is not None else [])


def _counterexample(model: Counterexample, macros: Macros) -> list[str]:
    names = list(dict.fromkeys(name for _, values in model.outcomes for name in values))
    rows = [
        "| " + " | ".join(["probability", *(inline(n, macros).replace("|", r"\vert ") for n in names)]) + " |",
        "|" + " --- |" * (1 + len(names)),
        *(
            "| " + " | ".join([_value(p), *(_value(values[n]) if n in values else "" for n in names)]) + " |"
            for p, values in model.outcomes
        ),
    ]
    fixed = [f"{inline(n, macros)} = {_value(v)}" for n, v in {**model.dimensions, **model.constants}.items()]
    given = f"With {', '.join(fixed)} the" if fixed else "The"
    sides = f"{given} left side is {_value(model.lhs)} and the right side {_value(model.rhs)}."
    grid = ["\n".join(rows)] if names else []
    return ["A case in which everything given holds and the two sides differ:", *grid, sides]


def _value(value: Any) -> str:
    return "$`" + value_tex(value) + "`$" if isinstance(value, (list, tuple)) else escape(str(value))


def _simulation(document: DocumentReport) -> str:
    found = simulated(document)
    if not found:
        return ""
    rows = [
        f"| ({n}) | {estimate(s.lhs, s.lhs_error)} | {estimate(s.rhs, s.rhs_error)} | {score(s.z)} "
        f"| {'yes' if s.agree else '**no**'} |"
        for n, s in found
    ]
    head = "| step | left side | right side | z | agree |\n| --- | --- | --- | ---: | --- |"
    first = found[0][1]
    return f"Simulation: {first.samples:,} samples, seed {first.seed}; estimates with standard errors.\n\n" + "\n".join(
        [head, *rows]
    )
