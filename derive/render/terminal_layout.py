"""Lines for a terminal as plain data: pieces of text with the name of a style, wrapped to a width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TextIO

from derive.render import unicode
from derive.render.macros import Macros, expanded
from derive.render.pieces import to_ascii, width

Line = tuple[tuple[str, str], ...]  # (text, style); the empty style is plain

STYLES = {
    "proved": "green", "defines": "cyan", "assumed": "cyan", "needs": "yellow", "wrong": "bold red",
    "unproved": "magenta", "unread": "bold red", "skipped": "dim", "quiet": "dim", "heading": "bold", "rule": "green",
    "caret": "bold red", "code": "cyan",
}  # fmt: skip
MARKS = {
    "proved": "✓", "defines": "≔", "assumed": "✓", "needs": "!", "wrong": "✗", "unproved": "?", "unread": "✗",
    "skipped": "·",
}  # fmt: skip
ASCII_MARKS = {
    "proved": "ok", "defines": ":=", "assumed": "ok", "needs": "!", "wrong": "X", "unproved": "?", "unread": "X",
    "skipped": ".",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """How a report is to be printed.  `width` in columns.

    `detail`: unfold each step into single-rule lines.  `uses`, `simulation`: show them beneath each step.
    `reading`: show how givens and symbols were read.  `quiet`: findings alone.
    """

    width: int = 100
    ascii: bool = False
    detail: bool = False
    uses: bool = False
    simulation: bool = False
    reading: bool = False
    quiet: bool = False
    bold: bool = False
    macros: Macros = field(default_factory=dict)  # of the document that is printed

    def math(self, latex: str) -> str:
        if "$" in latex or r"\(" in latex:  # a given that was read from a sentence
            return self.prose(latex)
        return unicode.to_unicode(expanded(latex, self.macros), ascii=self.ascii, bold=self.bold)

    def prose(self, text: str) -> str:
        return unicode.sentence(expanded(text, self.macros), ascii=self.ascii, bold=self.bold)

    def mark(self, verdict: str) -> str:
        return (ASCII_MARKS if self.ascii else MARKS)[verdict]


def line(text: str = "", style: str = "", indent: int = 0) -> Line:
    return ((" " * indent, ""), (text, style)) if indent else ((text, style),)


def wrapped(text: str, columns: int) -> list[str]:
    """Words in lines of at most `columns`; a word that is longer is cut.

    >>> wrapped("one two three", 8), wrapped("unbreakable", 8)
    (['one two', 'three'], ['unbreaka', 'ble'])
    """
    lines, current = [], ""
    for word in text.split(" "):
        if current and width(current) + 1 + width(word) > columns:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
        while width(current) > columns:
            at = fitting(current, columns)
            lines.append(current[:at])
            current = current[at:]
    return [*lines, current]


def fitting(text: str, columns: int) -> int:
    """How many characters of the text take at most `columns`; at least one.

    >>> fitting("漢字", 3), fitting("abc", 2)
    (1, 2)
    """
    used = 0
    for at, character in enumerate(text):
        used += width(character)
        if used > columns:
            return max(1, at)
    return len(text)


def wrapped_math(text: str, columns: int) -> list[str]:
    """A formula in lines of at most `columns`, broken where the fewest brackets are open, in front of an operator.

    >>> wrapped_math("f(a + b) + g(c + d)", 12)
    ['f(a + b)', '  + g(c + d)']
    """
    lines: list[str] = []
    indent = ""
    while width(text) + len(indent) > columns:
        room = columns - len(indent)
        at = _break(text, room) or fitting(text, room)
        lines.append(indent + text[:at].rstrip())
        text, indent = text[at:].lstrip(), "  "
    return [*lines, indent + text]


def _break(text: str, columns: int) -> int | None:
    """Where to cut: the last of the best places in the second half of the line, else the last blank."""
    best: tuple[tuple[int, int], int] | None = None
    depth, used = 0, 0
    for at, character in enumerate(text):
        used += width(character)
        if used > columns:
            break
        depth += (character in "([{⟨") - (character in ")]}⟩")
        if character == " " and at:
            operator = text[at + 1 : at + 2] in ("+", "−", "-", "=") and text[at + 2 : at + 3] == " "
            quality = (0 if used * 3 > columns else 1, depth * 2 + (0 if operator else 1))
            if best is None or quality <= best[0]:
                best = (quality, at)
    return best[1] if best else None


def table(rows: list[list[str]], indent: int, columns: int, header: bool = True) -> list[Line]:
    """Columns aligned to the left, two blanks apart; the first row is the heading.  What does not fit is written row by
    row: `name = value` under a heading, one below the other without."""
    widths = [max(width(row[k]) for row in rows) for k in range(len(rows[0]))]
    if indent + sum(widths) + 2 * (len(widths) - 1) > columns:
        return _rows_in_words(rows, indent, columns, header)
    out = []
    for number, row in enumerate(rows):
        cells = [cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)]
        out.append(line("  ".join(cells).rstrip(), "quiet" if header and number == 0 else "", indent))
    return out


def _rows_in_words(rows: list[list[str]], indent: int, columns: int, header: bool) -> list[Line]:
    head, *rest = rows if header else [[], *rows]
    out = []
    for row in rest:
        named = [f"{name} = {cell}" for name, cell in zip(head[1:], row[1:], strict=True)] if header else []
        text = f"{head[0]} {row[0]}: {', '.join(named)}" if header else "  ".join(row)
        first, *more = wrapped(text, columns - indent - 2)
        out += [line(first, "", indent), *(line(part, "", indent + 2) for part in more)]
    return out


def draw(lines: Iterable[Line], file: TextIO, *, colour: bool, ascii: bool = False) -> None:
    """Writes the lines; rich is only needed for colour."""
    if not colour:
        for pieces in lines:
            text = "".join(t for t, _ in pieces).rstrip()
            file.write((to_ascii(text) if ascii else text) + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, force_terminal=True, soft_wrap=True, highlight=False)
    for pieces in lines:
        shown = ((to_ascii(t) if ascii else t, STYLES.get(s, "")) for t, s in pieces)
        console.print(Text.assemble(*shown))
