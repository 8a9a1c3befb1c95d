r"""A derivation as Markdown that GitHub renders: `math` fences for displays, dollar-backtick for formulas in text.

`\operatorname`, which GitHub does not let through, is written as an upright word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from derive.render.nodes import write
from derive.render.parsing import parse
from derive.render.rows import arrange, vetted
from derive.render.tex import user_macros, value_tex
from derive.render.wording import (
    VERDICT_WORDS,
    Phrase,
    assumptions,
    chains,
    estimate,
    findings,
    marks_of,
    numbered,
    phrase,
    reason,
    remarks,
    sentence,
    simulated,
    steps_using,
    title_for,
    trust,
)
from derive.report import FINDINGS, Counterexample, Derivation, DocumentReport, Step

WIDTH = 34.0  # em of a line in GitHub's column, reasons left out
NOTHING: Mapping[str, str] = {}
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def page(document: DocumentReport, *, titles: Mapping[str, str] = NOTHING) -> str:
    """The document as Markdown."""
    _, known, macros = user_macros(document.metadata.get("macros", ""))
    parts = [f"# {_words(phrase(title_for(document)), known)}"]
    if document.givens:
        parts.append("**Given**\n\n" + "\n".join(_givens(document, known)))
    for derivation in document.derivations:
        parts += _derivation(document, derivation, titles, known, macros)
    parts += [_words(r, known) for r in remarks(document)]
    parts.append(_simulation(document))
    parts.append("---\n\n" + "  \n".join(_words(s, known) for s in trust(document, titles)))
    return "\n\n".join(filter(None, parts)) + "\n"


def github(latex: str) -> str:
    r"""LaTeX that GitHub's MathJax lets through.

    >>> github(r"\operatorname{Var}(X) + \operatorname*{argmin}_x")
    '\\mathop{\\mathrm{Var}}\\nolimits (X) + \\mathop{\\mathrm{argmin}}_x'
    """
    latex = re.sub(r"\\operatorname\*\{([^{}]*)\}", r"\\mathop{\\mathrm{\1}}", latex)
    return re.sub(r"\\operatorname\{([^{}]*)\}", r"\\mathop{\\mathrm{\1}}\\nolimits ", latex)


def escape(text: str) -> str:
    """Words as Markdown, on one line."""
    return SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", text))


def inline(latex: str, known: Mapping[str, int] = {}) -> str:  # noqa: B006
    """A formula in running text."""
    nodes = parse(latex, known)
    if nodes is None:
        return "``" + re.sub(r"\s+|`", " ", latex) + "``"
    return "$`" + github(write(nodes)) + "`$"


def _words(words: Phrase, known: Mapping[str, int]) -> str:
    dressed = {"math": lambda c: inline(c, known), "strong": lambda c: f"**{escape(c.strip())}** "}
    return "".join(dressed.get(kind, escape)(content) for kind, content in words).rstrip()


def _givens(document: DocumentReport, known: Mapping[str, int]) -> list[str]:
    cited = steps_using(document)
    lines = []
    for a in assumptions(document):
        steps = cited.get(a.mark, [])
        used = f", used in {', '.join(f'({n})' for n in steps)}" if steps else "" if a.given.used else ", not used"
        reading = _words(phrase(a.given.reading), known)
        lines.append(f"- **{a.mark}** {inline(a.given.latex, known)} — {reading}{used}")
    return lines


def _derivation(
    document: DocumentReport,
    derivation: Derivation,
    titles: Mapping[str, str],
    known: Mapping[str, int],
    macros: Mapping[str, str],
) -> list[str]:
    marks = marks_of(document)
    parts = []
    for lines in chains(derivation, numbered(document)):
        reasons = [reason(line.step, titles, marks) if line.step is not None else [] for line in lines]
        display = arrange(lines, [[] for _ in lines], WIDTH, None, known)
        rows = []
        for i, row in enumerate(display.rows):
            line = lines[row.line]
            last = i + 1 == len(display.rows) or display.rows[i + 1].head
            body = row.body if row.head else r"\quad {}" + row.body
            text = ("& " if row.line == 0 else f"&{row.relation} " if row.head else "& ") + body
            why = _text(reasons[row.line], known) if row.head else ""
            text += f" && {why}" if why else ""
            rows.append(text + (rf" && \text{{({line.number})}}" if last and line.number else ""))
        definitions = "".join(rf"\def\{n}{_parameters(b)}{{{b}}}" + "\n" for n, b in macros.items())
        body = " \\\\\n".join(_padded(r) for r in rows)
        parts.append("```math\n" + definitions + github(f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}") + "\n```")
    for step in derivation.steps:
        if step.verdict in FINDINGS:
            parts += _finding(step, numbered(document)[id(step)], known)
    return parts + ([f"*{_words(phrase(sentence(derivation.summary)), known)}*"] if derivation.summary else [])


def _parameters(body: str) -> str:
    return "".join(f"#{i}" for i in range(1, 1 + max(map(int, re.findall(r"#([1-9])", body)), default=0)))


def _padded(row: str) -> str:
    """The number in the fourth column also where there is no reason."""
    return row.replace(r" && \text{(", r" &&&& \text{(") if row.count("&&") == 1 and r" && \text{(" in row else row


def _text(words: Phrase, known: Mapping[str, int]) -> str:
    """A phrase inside the display."""
    out = ""
    for kind, content in words:
        out += vetted(content, known) if kind == "math" else rf"\text{{{_plain(content)}}}" if content else ""
    return out


def _plain(text: str) -> str:
    return re.sub(r"[\\{}$&#^_%~]", " ", text)


def _finding(step: Step, number: int, known: Mapping[str, int]) -> list[str]:
    said = " ".join(_words(p, known) for p in findings(step))
    parts = [f"> **Step ({number}), line {step.line}: {VERDICT_WORDS[step.verdict]}.** {said}"]
    return parts + (_counterexample(step.counterexample, known) if step.counterexample is not None else [])


def _counterexample(model: Counterexample, known: Mapping[str, int]) -> list[str]:
    names = list(dict.fromkeys(name for _, values in model.outcomes for name in values))
    rows = [
        "| " + " | ".join(["probability", *(inline(n, known) for n in names)]) + " |",
        "|" + " --- |" * (1 + len(names)),
        *(
            "| " + " | ".join([_value(p), *(_value(values[n]) if n in values else "" for n in names)]) + " |"
            for p, values in model.outcomes
        ),
    ]
    fixed = [f"{inline(n, known)} = {_value(v)}" for n, v in {**model.dimensions, **model.constants}.items()]
    given = f"With {', '.join(fixed)}: " if fixed else ""
    sides = f"{given}left side {_value(model.lhs)}, right side {_value(model.rhs)}."
    return ["A case in which everything given holds and the two sides differ:", "\n".join(rows), sides]


def _value(value: Any) -> str:
    return "$`" + value_tex(value) + "`$" if isinstance(value, (list, tuple)) else escape(str(value))


def _simulation(document: DocumentReport) -> str:
    found = simulated(document)
    if not found:
        return ""
    rows = [
        f"| ({n}) | {estimate(s.lhs, s.lhs_error)} | {estimate(s.rhs, s.rhs_error)} | {s.z:.2f} | {'yes' if s.agree else '**no**'} |"
        for n, s in found
    ]
    head = "| step | left side | right side | z | agree |\n| --- | --- | --- | ---: | --- |"
    first = found[0][1]
    return f"Simulation: {first.samples:,} samples, seed {first.seed}; estimates with standard errors.\n\n" + "\n".join(
        [head, *rows]
    )
