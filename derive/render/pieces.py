"""Pieces of a line of mathematics, and how they stand side by side in plain text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from derive.render import glyphs


def to_ascii(text: str) -> str:
    """Any text with ASCII characters alone; what has no spelling becomes a question mark.

    >>> to_ascii("σ² ≤ 1 — ok")
    'sigma^2 <= 1 - ok'
    """
    text = "".join(glyphs.ASCII.get(c, c) for c in text)
    if text.isascii():
        return text
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return bare.encode("ascii", "replace").decode()


def width(text: str) -> int:
    """Columns that the text takes in a terminal.

    >>> width("x̃ᵀw")
    3
    """
    if text.isascii():
        return len(text)
    return sum(_columns(c) for c in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def plain(text: str, ascii: bool) -> str:
    """On one line, without control characters that a terminal would obey."""
    text = re.sub(r"\s*[\r\n]\s*", " ", text).replace("\t", " ")
    text = "".join(c for c in text if unicodedata.category(c) != "Cc")
    return to_ascii(text) if ascii else text


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; `kind` says what it is to its neighbours.

    letter | word | number | bin | sign | rel | open | close | bar | punct | space | text | large | frac | prefix.

    `loose`: ends in a script that could not be raised, so that the next letter must keep off.
    """

    text: str
    kind: str
    loose: bool = False


FACTOR_ENDS = frozenset({"letter", "number", "word", "close", "frac", "text"})
FACTOR_STARTS = frozenset({"letter", "number", "word", "open", "frac", "large", "prefix", "text"})


def join(pieces: list[Piece], tight: bool = False) -> str:
    """The pieces with blanks where a reader needs them; `tight` in scripts."""
    out: list[str] = []
    before: Piece | None = None
    for position, piece in enumerate(pieces):
        after = next((p for p in pieces[position + 1 :] if p.kind != "space"), None)
        text = f"({piece.text})" if piece.kind == "frac" and _crowded(before, after) else piece.text
        if before is not None and _airy(before, piece, tight):
            out.append(" ")
        out.append(text)
        before = piece if piece.kind != "space" else None
    return "".join(out)


def _crowded(before: Piece | None, after: Piece | None) -> bool:
    """Whether a fraction stands beside a factor, so that it needs brackets on one line."""
    left = before is not None and (before.kind in FACTOR_ENDS or before.text == "/")
    return left or (after is not None and after.kind in FACTOR_STARTS)


def _airy(a: Piece, b: Piece, tight: bool) -> bool:
    if "text" in (a.kind, b.kind) or b.kind == "space":
        return False
    if a.text == "/" or b.text == "/":
        return False
    if a.kind in ("bin", "rel") or b.kind in ("bin", "rel"):
        return not tight
    if a.kind == "punct":
        return not tight
    if b.kind in ("close", "punct", "bar") or a.kind in ("open", "sign", "bar", "prefix"):
        return False
    if a.kind == "large" or "frac" in (a.kind, b.kind) or b.kind == "large":
        return not tight
    if a.kind == "word":
        return b.kind != "open"
    if b.kind in ("open",):
        return False
    if b.kind == "word" or (a.kind == "number" and b.kind == "number"):
        return True
    return a.loose or (a.text.isascii() and b.text.isascii() and len(a.text + b.text) > 3 and a.kind != "number")


def _level(pieces: list[Piece]) -> str:
    """'atom', 'product' or 'sum': how loosely the pieces hang together."""
    factors, depth, sums = 0, 0, False
    before = ""
    for piece in pieces:
        if piece.kind == "close":
            depth -= 1
        if depth == 0 and piece.kind in ("bin", "sign", "rel"):
            sums = sums or piece.text not in ("·", "*", "×", "/", "⊙", "⊗")
            factors += 2
        elif (
            depth == 0
            and piece.kind not in ("space", "close", "prefix")
            and not (before == "word" and piece.kind == "open")
        ):
            factors += 2 if piece.kind in ("large", "text", "punct") or "/" in piece.text else 1
        if piece.kind == "open":
            depth += 1
        before = piece.kind
    return "sum" if sums else "product" if factors > 1 else "atom"


def bracketed(pieces: list[Piece], levels: tuple[str, ...] = ("sum", "product")) -> str:
    text = join(pieces)
    return f"({text})" if _level(pieces) in levels else text


def script(text: str, mark: str, ascii: bool) -> str:
    """A script in raised or lowered characters when all of it has them, else behind its mark."""
    if not text:
        return ""
    if ascii:
        return mark + (text if len(text) == 1 or text.isdigit() else f"{{{text}}}" if mark == "_" else f"({text})")
    table = glyphs.SUPERSCRIPTS if mark == "^" else glyphs.SUBSCRIPTS
    if all(c in table for c in text):
        return "".join(table[c] for c in text)
    if width(text) == 1:
        return mark + text
    return f"{mark}{{{text}}}" if mark == "_" else f"{mark}({text})"
