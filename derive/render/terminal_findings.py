"""What is said beneath a step that is not proved: the place in the user's file, the counterexample, what would help."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from derive.render.pieces import plain, width
from derive.render.terminal_layout import Line, Page, fitting, line, table, wrapped, wrapped_math
from derive.report import Counterexample, DocumentReport, Remark, Step

INDENT = 9
SHOWN_OUTCOMES = 16


def finding(step: Step, document: DocumentReport, page: Page) -> Iterator[Line]:
    """Everything that is known about a step with the verdict needs, wrong, unproved or unread."""
    if not any(r.message.partition(";")[0] in step.message for r in step.remarks):  # the remark says it at its place
        for text in wrapped(page.prose(step.message), page.width - INDENT):
            yield line(text, "", INDENT)
    if not step.remarks:
        place = step.rhs_place if any(step.rhs_place) else (step.line, step.column, 0, 0)
        yield from excerpt(document, place[0], place[1], place[3] - place[2], page)
    if step.difference and f"${step.difference}$" not in step.message:
        yield from _labelled("left − right", page.math(step.difference), page)
    if step.counterexample is not None:
        yield from counterexample(step.counterexample, page)
    if step.misconception is not None and step.misconception.title not in step.message:
        yield from _labelled("a known slip", page.prose(step.misconception.title), page)
    for statement in step.missing:
        yield from _labelled("to be given", page.math(statement), page)
        yield from _code(statement, page)
    if step.correction:
        if f"${step.correction}$" not in step.message:
            yield from _labelled("right would be", page.math(step.correction), page)
        yield from _code(step.correction, page)


def _labelled(label: str, text: str, page: Page) -> Iterator[Line]:
    if page.width < 60:
        yield line(f"{label}:", "quiet", INDENT)
        yield from (line(row, "", INDENT + 2) for row in wrapped_math(text, page.width - INDENT - 2))
        return
    rows = wrapped_math(text, page.width - INDENT - width(label) - 2)
    yield ((" " * INDENT, ""), (f"{label}: ", "quiet"), (rows[0], ""))
    yield from (line(row, "", INDENT + width(label) + 2) for row in rows[1:])


def _code(statement: str, page: Page) -> Iterator[Line]:
    """What is to be written, as it can be copied: LaTeX does not mind where its lines end."""
    first, *rest = wrapped(plain(statement, page.ascii), page.width - INDENT - 9)
    yield line(f"write  {first}", "code", INDENT + 2)
    yield from (line(row, "code", INDENT + 9) for row in rest)


def remark(item: Remark, document: DocumentReport, page: Page) -> Iterator[Line]:
    """A remark with its place in the text."""
    for number, text in enumerate(wrapped(page.prose(item.message), page.width - INDENT - 2)):
        yield line(("! " if number == 0 else "  ") + text, "needs", INDENT - 2)
    yield from excerpt(document, item.line, item.column, item.length, page)
    if item.hint:
        for text in wrapped(page.prose(item.hint), page.width - INDENT):
            yield line(text, "quiet", INDENT)


def excerpt(document: DocumentReport, number: int, column: int, length: int, page: Page) -> Iterator[Line]:
    """The user's own line with carets under the place; nothing when the place is not in the file."""
    source = _source_line(document.text, number)
    if source is None or column < 1:
        return
    start = min(column - 1, len(source))
    end = max(start + 1, min(len(source), start + max(length, 1)))
    dots = "..." if page.ascii else "…"
    room = max(16, page.width - INDENT - 8 - 2 * len(dots))
    left = _window(start, end, len(source), room)
    seen = fitting(_visible(source[left:]), room)
    cut = (dots if left else "", dots if left + seen < len(source) else "")
    shown = _visible(source[left : left + seen])
    before = width(cut[0] + _visible(source[left:start]))
    carets = max(1, width(_visible(source[start : min(end, left + seen)])))
    for text in wrapped(f"{plain(document.path, page.ascii)}:{number}:{column}", page.width - INDENT):
        yield line(text, "quiet", INDENT)
    yield ((" " * INDENT + f"{number:>5} │ ", "quiet"), (cut[0] + shown + cut[1], ""))
    yield ((" " * (INDENT + 6) + "│ ", "quiet"), (" " * before + "^" * carets, "caret"))


def _window(start: int, end: int, length: int, room: int) -> int:
    """Where to begin showing a long line so that start..end is seen, and as much before it as there is room for.

    >>> _window(5, 9, 200, 60), _window(80, 120, 200, 60), _window(80, 190, 200, 60), _window(50, 70, 71, 60)
    (0, 65, 80, 11)
    """
    if end <= room:
        return 0
    return max(0, min(start, max(end - room, min(start - room // 4, length - room))))


def _source_line(text: str, number: int) -> str | None:
    """Line `number` of the text without copying all the others."""
    start = 0
    for _ in range(number - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return None
    if number < 1 or start >= len(text):
        return None
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def _visible(text: str) -> str:
    """One column or more for every character, so that carets stand where they should."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)


def counterexample(model: Counterexample, page: Page) -> Iterator[Line]:
    """The model as a small table, and both sides' values in it."""
    for text in wrapped("A model of everything that is given in which the two sides differ:", page.width - INDENT):
        yield line(text, "heading", INDENT)
    fixed = [f"{page.math(k)} = {v}" for k, v in model.dimensions.items()]
    fixed += [f"{page.math(k)} = {value(v)}" for k, v in model.constants.items()]
    if fixed:
        for text in wrapped(", ".join(fixed), page.width - INDENT - 2):
            yield line(text, "", INDENT + 2)
    yield from _outcomes(model, page)
    sides = value(model.lhs), value(model.rhs)
    if beyond := _beyond_sides(model.summary):
        for text in wrapped(page.prose(beyond), page.width - INDENT - 2):
            yield line(text, "quiet", INDENT + 2)
    for name, side in zip(("left", "right"), sides, strict=True):
        for text in wrapped(f"{name} side = {side}", page.width - INDENT - 2):
            yield line(text, "wrong", INDENT + 2)


def _beyond_sides(summary: str) -> str:
    """What a summary says of a model besides the values of both sides, which have lines of their own."""
    if not summary.startswith("the left side is "):
        return summary
    _, _, note = summary.partition(" (")
    return note.removesuffix(")")


def _outcomes(model: Counterexample, page: Page) -> Iterator[Line]:
    names = list(dict.fromkeys(name for _, values in model.outcomes for name in values))
    if not names:
        return
    rows = [["probability", *(page.math(n) for n in names)]]
    for probability, values in model.outcomes[:SHOWN_OUTCOMES]:
        rows.append([probability, *(value(values[n]) if n in values else "" for n in names)])
    yield from table(rows, INDENT + 2, page.width)
    if len(model.outcomes) > SHOWN_OUTCOMES:
        yield line(f"… and {len(model.outcomes) - SHOWN_OUTCOMES} more outcomes", "quiet", INDENT + 2)


def value(entry: Any) -> str:
    """A number, a column `(1, 2)` or a matrix `[1 2; 3 4]` from nested lists of strings.

    >>> value([["1"], ["2"]]), value([["1", "0"], ["0", "1"]]), value("1/2")
    ('(1, 2)', '[1 0; 0 1]', '1/2')
    """
    if not isinstance(entry, list | tuple):
        return str(entry)
    rows = [row if isinstance(row, list | tuple) else [row] for row in entry]
    if all(len(row) == 1 for row in rows):
        return f"({', '.join(str(row[0]) for row in rows)})"
    return f"[{'; '.join(' '.join(str(x) for x in row) for row in rows)}]"
