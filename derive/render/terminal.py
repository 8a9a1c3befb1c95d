"""The report for a terminal: every line of a chain with its rule beside it, findings with their place in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from derive.render.macros import macros_of
from derive.render.pieces import plain, width
from derive.render.terminal_findings import finding, remark
from derive.render.terminal_layout import Line, Page, line, table, wrapped, wrapped_math
from derive.render.wording import estimate, models
from derive.report import FINDINGS, VERDICTS, Derivation, DocumentReport, Simulation, Step

GUTTER = 7  # the number of the user's line
NAMES_SHOWN = 4


def document_lines(document: DocumentReport, page: Page) -> Iterator[Line]:
    """All lines for one document.  With `page.quiet` only what was found."""
    page = replace(_with_bold(document, page), macros=macros_of(document))
    shown = [d for d in document.derivations if not page.quiet or d.verdict in FINDINGS]
    if page.quiet and not (shown or document.remarks or document.error):
        return
    yield from _heading(document, page)
    if document.error:
        for text in wrapped(f"internal error in derive: {page.prose(document.error)}", page.width - 2):
            yield line(text, "wrong", 2)
    for item in document.remarks:
        yield from remark(item, document, page)
    if page.reading:
        yield from reading_lines(document, page)
    for derivation in shown:
        yield line()
        yield from derivation_lines(derivation, document, page)
    if not document.derivations and not document.error:
        for text in wrapped("no derivation found: no display holds an equation", page.width - 2):
            yield line(text, "quiet", 2)
    if not page.quiet:
        yield from trust_lines(document, page)
    yield line()


def _heading(document: DocumentReport, page: Page) -> Iterator[Line]:
    path, title = plain(document.path, page.ascii), page.prose(document.title)
    if title and width(path) + 2 + width(title) <= page.width:
        yield ((path, "heading"), (f"  {title}", ""))
        return
    yield from (line(text, "heading") for text in wrapped(path, page.width))
    yield from (line(text, "", 2) for text in (wrapped(title, page.width - 2) if title else ()))


def _with_bold(document: DocumentReport, page: Page) -> Page:
    r"""Bold letters are told apart when the document has both `\mathbf{x}` and `x`."""

    plain = {s.latex for s in document.symbols}
    both = any(s.latex.startswith(r"\mathbf{") and s.latex[8:-1] in plain for s in document.symbols)
    return replace(page, bold=True) if both and not page.bold else page


def derivation_lines(derivation: Derivation, document: DocumentReport, page: Page) -> Iterator[Line]:
    """One chain: a line a member, the verdict and the rules in a column of their own."""
    place = f"line {derivation.line}: " if derivation.line else ""
    yield ((place, "quiet"), (derivation.verdict, derivation.verdict))
    column = _rule_column(derivation, page)
    before: Step | None = None
    for step in derivation.steps:
        if before is None or before.rhs != step.lhs:
            yield from _member(step.lhs_place[0] or step.line, "", step.lhs, page)
        yield from _step_lines(step, column, page)
        yield from _beneath(step, document, page)
        before = step
    if derivation.summary:
        for text in wrapped(page.prose(derivation.summary), page.width - GUTTER):
            yield line(text, "heading", GUTTER)


def _rule_column(derivation: Derivation, page: Page) -> int:
    """Where the rules stand: behind the longest line that leaves room for them."""
    limit = max(24, page.width * 3 // 5)
    widths = [GUTTER + 4 + width(page.math(s.rhs)) for s in derivation.steps]
    fitting = [w for w in widths if w <= limit]
    return min(limit, max(fitting, default=limit)) + 3


def _member(number: int, relation: str, latex: str, page: Page) -> Iterator[Line]:
    gutter = f"{number:>5}  " if number else " " * GUTTER
    indent = len(relation) + 3 if relation else 0
    rows = wrapped_math(page.math(latex), page.width - GUTTER - indent - 2)
    yield ((gutter, "quiet"), (f"  {relation} " if relation else "", ""), (rows[0], ""))
    for row in rows[1:]:
        yield line(row, "", GUTTER + indent + 2)


def _step_lines(step: Step, column: int, page: Page) -> Iterator[Line]:
    rows = list(_member(step.line, page.math(step.relation), step.rhs, page))
    note = _note(step, page)
    used = sum(width(text) for text, _ in rows[-1])
    if used < column and column + width(note) <= page.width:
        yield from rows[:-1]
        yield (*rows[-1], (" " * (column - used), ""), (note, step.verdict))
        return
    yield from rows
    indent = column if page.width - column >= 24 else GUTTER + 4
    texts = wrapped(note, page.width - indent)
    for text in texts:
        yield line(text, step.verdict, indent)


def _note(step: Step, page: Page) -> str:
    mark = page.mark(step.verdict)
    if step.verdict != "proved":
        return f"{mark} {step.verdict}"
    names = step.rules[:NAMES_SHOWN]
    more = f" and {len(step.rules) - NAMES_SHOWN} more" if len(step.rules) > NAMES_SHOWN else ""
    return f"{mark} {', '.join(names)}{more}" if names else f"{mark} the same expression"


def _beneath(step: Step, document: DocumentReport, page: Page) -> Iterator[Line]:
    """What stands under a step: assumptions, simulation, single-rule lines, findings, remarks."""
    if page.uses and step.uses:
        for text in wrapped("using " + "; ".join(page.math(u) for u in step.uses), page.width - GUTTER - 6):
            yield line(text, "quiet", GUTTER + 6)
    if page.simulation and step.simulation is not None:
        for text in wrapped(simulated(step.simulation, page), page.width - GUTTER - 6):
            yield line(text, "quiet", GUTTER + 6)
    if page.detail and step.exact is not None:
        for text in wrapped(page.prose(models(step.exact)), page.width - GUTTER - 6):
            yield line(text, "quiet", GUTTER + 6)
    if page.detail:
        for inner in step.detail:
            used = f"  (using {'; '.join(page.math(u) for u in inner.uses)})" if inner.uses else ""
            rows = wrapped_math(page.math(inner.latex), page.width - GUTTER - 8)
            yield from (line(row, "", GUTTER + 8) for row in rows)
            for text in wrapped(f"{'by' if page.ascii else '↳'} {inner.rule}{used}", page.width - GUTTER - 12):
                yield line(text, "rule", GUTTER + 12)
    if step.verdict in FINDINGS:
        yield from finding(step, document, page)
    for item in step.remarks:
        yield from remark(item, document, page)


def simulated(run: Simulation, page: Page) -> str:
    """Both sides' estimates with their standard errors, in one line."""
    sides = f"{estimate(run.lhs, run.lhs_error)} and {estimate(run.rhs, run.rhs_error)}"
    sides = sides.replace("±", "+-") if page.ascii else sides
    verdict = "agree" if run.agree else "DISAGREE"
    text = f"simulated {run.samples:,} times (seed {run.seed}): {sides}, z = {round(run.z, 2) + 0.0:.2f}, {verdict}"
    if run.detectable:
        text += f"; a difference of {run.detectable:.2g} would have been seen"
    return text + (f"; {page.prose(run.note)}" if run.note else "")


def reading_lines(document: DocumentReport, page: Page) -> Iterator[Line]:
    """How the givens and the symbols were understood."""
    if document.givens:
        yield line("  what is given, as read:", "heading")
        for given in document.givens:
            style = "unread" if given.kind == "unread" else ""
            place = f"{given.line:>5}  " if given.line else " " * GUTTER
            said, meant = page.math(given.latex), page.prose(given.reading)
            if GUTTER + width(said) + 3 + width(meant) <= page.width:
                yield ((place, "quiet"), (said, style), (f"   {meant}", "quiet"))
                continue
            first, *rest = wrapped_math(said, page.width - GUTTER)
            yield ((place, "quiet"), (first, style))
            yield from (line(row, style, GUTTER) for row in rest)
            yield from (line(row, "quiet", GUTTER + 2) for row in wrapped(meant, page.width - GUTTER - 2))
    if document.symbols:
        yield line("  symbols:", "heading")
        rows = [[page.math(s.latex), _shape(s.shape, page), s.kind, s.origin] for s in document.symbols]
        yield from table(rows, GUTTER, page.width, header=False)


def _shape(shape: tuple[str, str], page: Page) -> str:
    rows, columns = shape
    if (rows, columns) == ("1", "1"):
        return "scalar"
    if columns == "1":
        return f"vector of length {page.math(rows)}"
    return f"{page.math(rows)} {'x' if page.ascii else '×'} {page.math(columns)} matrix"


def trust_lines(document: DocumentReport, page: Page) -> Iterator[Line]:
    """What the verdicts rest on."""
    trust = document.trust
    rows = [
        ("rules", ", ".join(trust.rules)),
        ("given and used", "; ".join(page.math(g) for g in trust.given_used if g not in trust.definitions)),
        ("definitions", "; ".join(page.math(g) for g in trust.definitions)),
        ("given, never used", "; ".join(page.math(g) for g in trust.given_unused)),
        ("presupposed", "; ".join(page.prose(p) for p in trust.presupposed)),
        ("witnesses", "; ".join(page.prose(w) for w in trust.witnesses)),
        *(("note", page.prose(n)) for n in trust.notes),
    ]
    filled = [(label, text) for label, text in rows if text]
    if filled:
        yield line()
        yield line("This rests on", "heading")
    for label, text in filled:
        first, *rest = wrapped(text, max(20, page.width - 22))
        yield ((f"  {label:<18}", "quiet"), (first, ""))
        yield from (line(row, "", 20) for row in rest)


def summary_lines(counts: dict[str, int], documents: int, page: Page) -> Iterator[Line]:
    """`8 steps in 1 document: 7 proved, 1 wrong`."""
    parts = [f"{counts[v]} {v}" for v in VERDICTS if counts.get(v)]
    steps = f"{counts['steps']} step{'' if counts['steps'] == 1 else 's'}"
    where = f"{documents} document{'' if documents == 1 else 's'}"
    worst = next((v for v in ("unread", "wrong", "unproved", "needs") if counts.get(v)), "proved")
    text = f"{steps} in {where}" + (f": {', '.join(parts)}" if parts else "")
    yield from (line(row, worst if parts else "") for row in wrapped(text, page.width))


def rule_rows(rows: Iterable[tuple[str, str]], page: Page) -> Iterator[Line]:
    """Names with a short text beside them, as in the book of rules and the library."""
    pairs = [(name, page.prose(text)) for name, text in rows]
    longest = max((width(name) for name, _ in pairs), default=0)
    if page.width - longest - 4 < 26:  # the text stands below
        for name, text in pairs:
            yield line(name, "code", 2)
            yield from (line(row, "", 4) for row in wrapped(text, page.width - 4))
        return
    for name, text in pairs:
        first, *rest = wrapped(text, page.width - longest - 4)
        yield ((f"  {name:<{longest}}  ", "code"), (first, ""))
        yield from (line(row, "", longest + 4) for row in rest)


def library_lines(documents: Iterable[DocumentReport], page: Page) -> Iterator[Line]:
    """The library as a list: name, title, where it stands in the lecture, steps, verdict."""
    ordered = sorted(documents, key=lambda d: (_order(d), d.path))
    for document in ordered:
        steps = [s for d in document.derivations for s in d.steps]
        worst = Derivation(0, tuple(steps)).verdict if steps else "no steps"
        style = "unread" if document.error else worst
        expected = document.metadata.get("expects", "")
        verdict = "internal error" if document.error else f"{worst}, as meant" if worst == expected else worst
        name, number = document.path.removesuffix(".md"), f"{len(steps)} step{'' if len(steps) == 1 else 's'}"
        if page.width < 60 or width(name) > 29:
            yield from (line(text, "code") for text in wrapped(name, page.width))
            yield ((f"    {number}  ", "quiet"), (verdict, style))
        else:
            yield ((f"{name:<30}", "code"), (f"{number:>9}  ", "quiet"), (verdict, style))
        for text in wrapped(page.prose(document.title), page.width - 4):
            yield line(text, "", 4)
        if document.metadata.get("source"):
            for text in wrapped(page.prose(document.metadata["source"].strip('"')), page.width - 4):
                yield line(text, "quiet", 4)


def _order(document: DocumentReport) -> int:
    order = document.metadata.get("order", "")
    return int(order) if order.isdecimal() else 10**6


def simulation_lines(document: DocumentReport, page: Page) -> Iterator[Line]:
    """Both sides of every step as the simulation estimates them."""
    yield line(plain(document.path, page.ascii), "heading")
    for derivation in document.derivations:
        for step in derivation.steps:
            yield ((f"{step.line:>5}  ", "quiet"), (f"{page.mark(step.verdict)} {step.verdict}", step.verdict))
            for side, latex in (("", step.lhs), (step.relation, step.rhs)):
                yield from _member(0, page.math(side), latex, page)
            text = simulated(step.simulation, page) if step.simulation else "not simulated"
            yield from (line(row, "quiet", GUTTER + 4) for row in wrapped(text, page.width - GUTTER - 4))
    yield line()
