"""A derivation as one self-contained page: MathML, no scripts, no network; to be read, heard, folded and printed.

`page` shows each step with its verdict and reason; behind "why" stand the single-rule steps, what was used and the
evidence.  `index` lists several documents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from derive.render.changes import mark_lines
from derive.render.flow import NESTED, formula, inline, tree_of
from derive.render.macros import Macros, macros_of
from derive.render.mathml import convert
from derive.render.network import network_of
from derive.render.parsing import parse
from derive.render.unicode import sentence as prose
from derive.render.unicode import to_unicode
from derive.render.wording import (
    MOST_RULES,
    VERDICT_WORDS,
    Line,
    Phrase,
    assumptions,
    chains,
    counted,
    counts,
    estimate,
    figure_for,
    findings,
    marks_of,
    models,
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
    title_of,
    trust,
    used_in,
    uses,
)
from derive.report import FINDINGS, Counterexample, Derivation, DocumentReport, Step

ICONS = {
    "proved": "✓", "defines": "≔", "assumed": "∗", "needs": "!", "wrong": "✗", "unproved": "?", "unread": "¶",
    "skipped": "–",
}  # fmt: skip
UNSAFE_SVG = re.compile(
    r"<script|<foreignObject|<!ENTITY|<iframe|\bon\w+\s*=|javascript:|href\s*=\s*[\"'](?!#)|@import", re.I
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
NOTHING: Mapping[str, str] = {}
STOP = re.compile(r"[.,;:!?)]+")


def page(
    document: DocumentReport,
    *,
    figures: Mapping[str, str] = NOTHING,
    titles: Mapping[str, str] = NOTHING,
    home: str = "",
) -> str:
    """The page of one document.  `figures`: a document's path to an inline SVG.  `home`: address of the page that lists
    this one.  Raises ValueError for an SVG that would run scripts or load something."""
    macros = macros_of(document)
    title = title_for(document)
    failed = f'<p class="failed" role="alert"><strong>derive failed.</strong> {escape(document.error)}</p>'
    parts = [
        f"<header><h1>{words(phrase(title), macros)}</h1>{_summary(document)}</header>",
        failed if document.error else "",
        _givens(document, macros),
        *(_derivation(document, d, titles, macros) for d in document.derivations),
        _remarks(document, macros),
        _network(document),
        _simulation(document),
        _figure(document, figures),
        _trust(document, titles, macros),
    ]
    way = f'<nav aria-label="Other derivations"><a href="{escape(home)}">All derivations</a></nav>\n' if home else ""
    return _whole(prose(title), "\n".join(filter(None, parts)), way)


def index(documents: Sequence[DocumentReport], links: Mapping[str, str] = NOTHING) -> str:
    """A page that lists documents with their verdicts.  `links`: a document's path to its page's address."""
    rows = []
    for document in documents:
        name = words(phrase(title_for(document)), {})
        link = links.get(document.path)
        shown = f'<a href="{escape(link)}">{name}</a>' if link else name
        rows.append(
            f'<tr><th scope="row">{shown}</th><td>{escape(document.path)}</td><td>{_summary(document)}</td></tr>'
        )
    head = '<thead><tr><th scope="col">Derivation</th><th scope="col">File</th><th scope="col">Steps</th></tr></thead>'
    body = f'<header><h1>Derivations</h1></header><table class="index">{head}<tbody>{"".join(rows)}</tbody></table>'
    return _whole("Derivations", body)


def _whole(title: str, body: str, before: str = "") -> str:
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{before}<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def words(said: Phrase, macros: Macros) -> str:
    """A phrase as HTML."""
    out: list[str] = []
    for kind, content in said:
        stop = STOP.match(content) if out and kind == "text" and out[-1].endswith("</math>") else None
        if stop is not None:  # a stop stays with its formula
            last = out[-1].rindex("<math")
            out[-1] = f'{out[-1][:last]}<span class="whole">{out[-1][last:]}{stop[0]}</span>'
            content = content[stop.end() :]
        if kind == "math":
            out.append(inline(content, macros))
        elif kind == "strong":
            out.append(f"<strong>{escape(content)}</strong>")
        elif kind == "sub":
            out.append(f"<sub>{escape(content)}</sub>")
        elif kind == "mark":
            out.append(f'<a class="mark" href="#{content}">{content}</a>')
        else:
            out.append(escape(content, quote=False))
    return "".join(out)


def _badge(verdict: str, words: str = "") -> str:
    return (
        f'<span class="verdict {verdict}"><span class="icon" aria-hidden="true">{ICONS[verdict]}</span> '
        f"{words or VERDICT_WORDS[verdict]}</span>"
    )


def _summary(document: DocumentReport) -> str:
    badges = [_badge(v, counted(v, n)) for v, n in counts(document).items()]
    return f'<p class="summary">{" ".join(badges)}</p>'


def _givens(document: DocumentReport, macros: Macros) -> str:
    if not document.givens:
        return ""
    items = []
    for a in assumptions(document):
        steps = used_in(document, a)
        links = ", ".join(f'<a href="#step-{n}">step {n}</a>' for n in steps or [])
        used = f"used in {links}" if links else "not used" if steps is not None else ""
        if "$" in a.given.latex:
            given = f"<span>{words(phrase(a.given.latex), macros)}</span> "
        else:
            given = formula(tree_of(a.given.latex, macros), a.given.latex, macros=macros, room=NESTED)
        items.append(
            f'<li id="{a.mark}"><span class="mark">{a.mark}</span> {given}'
            f'<span class="reading">{words(reading(a.given.reading), macros)}'
            + (f' <span class="used">{used}</span>' if used else "")
            + "</span></li>"
        )
    return (
        f'<section aria-labelledby="given"><h2 id="given">Given</h2><ul class="givens">{"".join(items)}</ul></section>'
    )


def _derivation(document: DocumentReport, derivation: Derivation, titles: Mapping[str, str], macros: Macros) -> str:
    name = f"derivation-{derivation.line}"
    several = f" in line {derivation.line}" if len(document.derivations) > 1 else ""
    body = chains_of(document, derivation, titles, macros)
    return f'<section aria-labelledby="{name}"><h2 id="{name}">Derivation{several}</h2>{body}</section>'


def chains_of(document: DocumentReport, derivation: Derivation, titles: Mapping[str, str], macros: Macros) -> str:
    """The chains of a derivation as lists, and what is to be said of them together."""
    body = "".join(_chain(lines, document, titles, macros) for lines in chains(derivation, numbered(document)))
    said = derivation.summary and f'<p class="finding">{words(phrase(sentence(derivation.summary)), macros)}</p>'
    return body + said


def _chain(lines: Sequence[Line], document: DocumentReport, titles: Mapping[str, str], macros: Macros) -> str:
    trees = [parse(line.latex, macros) for line in lines]
    marks = mark_lines(trees)
    items = []
    for line, tree, mark in zip(lines, trees, marks, strict=True):
        shown = formula(tree, line.latex, line.relation, mark, macros)
        if line.step is None:
            items.append(f'<li class="first">{shown}</li>' if line.latex.strip() else "")
        else:
            items.append(_step(line, line.step, shown, document, titles, macros))
    return f'<ol class="chain">{"".join(items)}</ol>'


def _step(
    line: Line, step: Step, shown: str, document: DocumentReport, titles: Mapping[str, str], macros: Macros
) -> str:
    marks = marks_of(document)
    why = words(reason(step, titles, marks), macros) if step.verdict not in FINDINGS else ""
    opened = " open" if step.verdict in FINDINGS else ""
    more = _more(step, document, titles, macros)
    told = f'why<span class="hidden"> step {line.number} holds or fails</span>'
    folded = f"<details{opened}><summary>{told}</summary>{more}</details>"
    return (
        f'<li class="step {step.verdict}" id="step-{line.number}">{shown}'
        f'<div class="reason">{_badge(step.verdict)} <span class="why">{why}</span>'
        f'<span class="number">{line.number}</span></div>{folded if more else ""}</li>'
    )


def _more(step: Step, document: DocumentReport, titles: Mapping[str, str], macros: Macros) -> str:
    """Behind the fold: what there is to say, single-rule steps, evidence."""
    marks = marks_of(document)
    told = findings(step) if step.verdict != "proved" else solutions(step)  # of others the rules say as much
    parts = [f"<p>{words(p, macros)}</p>" for p in told]
    if len(step.rules) > MOST_RULES or (step.rules and not step.detail):
        parts.append(f"<p>Rules: {escape(', '.join(title_of(r, titles) for r in step.rules))}.</p>")
    if step.reason:
        parts.append(f"<p>The author's reason: {words(phrase(step.reason), macros)}</p>")
    if step.detail:
        items = []
        for rule in step.detail:
            used = words(uses_of(rule.uses, marks), macros)
            items.append(
                f"<li>{formula(parse(rule.latex, macros), rule.latex, '=', macros=macros, room=NESTED)} "
                f'<span class="why">{escape(title_of(rule.rule, titles))} {used}</span></li>'
            )
        parts.append(f'<ol class="single">{"".join(items)}</ol>')
    if step.counterexample is not None:
        parts.append(_counterexample(step.counterexample, macros))
    evidence = []
    if step.exact is not None:
        evidence.append(models(step.exact))
    if step.simulation is not None:
        s = step.simulation
        evidence.append(
            f"Simulation, {s.samples:,} sample{'s' * (s.samples != 1)}, seed {s.seed}: "
            f"{_number(estimate(s.lhs, s.lhs_error))} against {_number(estimate(s.rhs, s.rhs_error))}, z = {_number(score(s.z))}."
        )
    parts += [f'<p class="evidence">{escape(" ".join(evidence))}</p>'] if evidence else []
    if step.line:
        parts.append(f'<p class="evidence">Line {step.line}, column {step.column} of {escape(document.path)}.</p>')
    return "".join(parts)


def uses_of(used: tuple[str, ...], marks: Mapping[str, str]) -> Phrase:
    """What a single-rule line used, as marks."""
    return uses(Step(0, 0, "=", "", "", "proved", uses=used), marks)


def _counterexample(model: Counterexample, macros: Macros) -> str:
    names = list(dict.fromkeys(name for _, values in model.outcomes for name in values))
    head = "".join(
        f'<th scope="col"><span class="hidden">{escape(to_unicode(n))}</span>{convert(n, macros)}</th>' for n in names
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(p)}</th>'
        + "".join(f"<td>{_value(values.get(n, ''))}</td>" for n in names)
        + "</tr>"
        for p, values in model.outcomes
    )
    fixed = [f"{convert(n, macros)} = {_value(v)}" for n, v in {**model.dimensions, **model.constants}.items()]
    given = f"With {', '.join(fixed)}: the" if fixed else "The"
    title = "A case in which everything given holds and the two sides differ"
    sides = [f"<strong>{_value(side)}</strong>" for side in (model.lhs, model.rhs)]
    said = f"<p>{given} left side is {sides[0]}, the right side {sides[1]}.</p>"
    if not names:
        return f"<p>{title}:</p>{said}"
    return (
        f'<div class="wide" role="region" aria-label="Counterexample" tabindex="0">'
        f'<table class="counterexample"><caption>{title}</caption>'
        f'<thead><tr><th scope="col">probability</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>{said}'
    )


def _value(value: Any) -> str:
    """A number, or a vector or matrix in brackets."""
    if isinstance(value, (list, tuple)):
        rows = [r if isinstance(r, (list, tuple)) else [r] for r in value]
        if all(len(r) == 1 for r in rows):
            return "(" + ", ".join(_value(r[0]) for r in rows) + ")<sup>⊤</sup>"
        return "[" + "; ".join(" ".join(_value(x) for x in r) for r in rows) + "]"
    return escape(str(value)).replace("-", "−")


def _number(text: str) -> str:
    """With a minus sign for a hyphen."""
    return text.replace("-", "−")


def _remarks(document: DocumentReport, macros: Macros) -> str:
    items = "".join(f"<li>{words(r, macros)}</li>" for r in remarks(document))
    return (
        f'<section aria-labelledby="remarks"><h2 id="remarks">Remarks</h2><ul>{items}</ul></section>' if items else ""
    )


def _network(document: DocumentReport) -> str:
    picture = network_of(document.metadata, svg=True)
    return f"<figure>{picture}</figure>" if picture else ""


def _simulation(document: DocumentReport) -> str:
    rows = [
        f'<tr><th scope="row"><a href="#step-{n}">{n}</a></th><td>{_number(estimate(s.lhs, s.lhs_error))}</td>'
        f"<td>{_number(estimate(s.rhs, s.rhs_error))}</td><td>{_number(score(s.z))}</td>"
        f"<td>{'yes' if s.agree else '<strong>no</strong>'}</td></tr>"
        for n, s in simulated(document)
    ]
    if not rows:
        return ""
    first = simulated(document)[0][1]
    head = "".join(f'<th scope="col">{h}</th>' for h in ("step", "left side", "right side", "z", "agree"))
    return (
        '<section aria-labelledby="simulation"><h2 id="simulation">Simulation</h2><table>'
        f"<caption>{first.samples:,} samples, seed {first.seed}; estimates with standard errors</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></section>"
    )


def _figure(document: DocumentReport, figures: Mapping[str, str]) -> str:
    svg = figure_for(document, figures)
    if svg is None:
        return ""
    if "<svg" not in svg or UNSAFE_SVG.search(svg):
        raise ValueError(f"the figure of {document.path} is not an SVG that may stand in a page")
    return f"<figure>{svg[svg.index('<svg') :]}</figure>"


def _trust(document: DocumentReport, titles: Mapping[str, str], macros: Macros) -> str:
    items = "".join(f"<li>{words(s, macros)}</li>" for s in trust(document, titles))
    head = '<h2 id="trust">What this rests on</h2>'
    return f'<section class="trust" aria-labelledby="trust">{head}<ul>{items}</ul></section>'
