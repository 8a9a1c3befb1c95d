"""Jupyter notebooks: the Markdown cells as one text, with the place of every character in the file.

A small JSON scanner, since positions inside strings are needed and `json` does not keep them.
"""

from __future__ import annotations

import json
import re

TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([{}\[\],:])|([^\s{}\[\],:"]+))', re.DOTALL)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def cells(raw: str) -> tuple[str, list[int]]:
    """The Markdown cells of a notebook as one text, and the offset in `raw` of each character (one more at the end).

    Raises `ValueError` when the file is no notebook.
    """
    json.loads(raw)  # refuses what is no JSON, with a message of its own
    text: list[str] = []
    offsets: list[int] = []
    for kind, pieces in scan(raw):
        if kind != "markdown":
            continue
        for start, end in pieces:
            decode(raw, start, end, text, offsets)
        for _ in range(2):
            text.append("\n")
            offsets.append(offsets[-1] if offsets else 0)
    offsets.append(len(raw))
    return "".join(text), offsets


def scan(raw: str) -> list[tuple[str, list[tuple[int, int]]]]:
    """(cell type, places of the source strings) of every cell."""
    found: list[tuple[str, list[tuple[int, int]]]] = []
    stack: list[list] = []  # [bracket, last key, cell type, pieces]
    place = 0
    expecting_value = False
    while (match := TOKEN.match(raw, place)) is not None:
        place = match.end()
        string, sign, _ = match.groups()
        if sign in ("{", "["):
            stack.append([sign, None, None, []])
            expecting_value = False
        elif sign in ("}", "]"):
            closed = stack.pop() if stack else None
            if closed and closed[0] == "{" and closed[2] is not None:
                found.append((closed[2], closed[3]))
        elif sign == ":":
            expecting_value = True
        elif sign == ",":
            expecting_value = False
        elif string is not None:
            note(stack, string, match.start(1), match.end(1), expecting_value)
    return found


def note(stack: list[list], string: str, start: int, end: int, value: bool) -> None:
    if not stack:
        return
    top = stack[-1]
    if top[0] == "{" and not value:
        top[1] = string
    elif top[0] == "{" and top[1] == '"cell_type"':
        top[2] = string.strip('"')
    elif top[0] == "{" and top[1] == '"source"':
        top[3].append((start + 1, end - 1))
    elif top[0] == "[" and len(stack) > 1 and stack[-2][1] == '"source"':
        stack[-2][3].append((start + 1, end - 1))


def decode(raw: str, start: int, end: int, text: list[str], offsets: list[int]) -> None:
    place = start
    while place < end:
        escape = ESCAPE.match(raw, place) if raw[place] == "\\" else None
        if escape is None:
            text.append(raw[place])
            offsets.append(place)
            place += 1
            continue
        code, char = escape.groups()
        text.append(chr(int(code, 16)) if code else PLAIN.get(char, char))
        offsets.append(place)
        place = escape.end()
