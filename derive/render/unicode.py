r"""LaTeX mathematics as a line of text: `\mathbf{x}^\top \mathbf{w}` becomes `xᵀw`.

For reading in a terminal, not for reading back.  Nothing here fails: what is not understood stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from derive.render import glyphs
from derive.render.pieces import Piece, bracketed, join, plain, script, width

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:\.\d+)?|\s+|:=|.", re.DOTALL)
DEPTH = 60  # groups inside groups; deeper is shown as written
LONGEST = 20_000  # characters; longer is shown as written
GRIDS = {"pmatrix", "bmatrix", "matrix", "vmatrix", "Vmatrix", "Bmatrix", "smallmatrix", "array", "cases", "dcases"}
MATRICES = GRIDS - {"array", "cases", "dcases", "vmatrix", "Vmatrix"}


def to_unicode(latex: str, *, ascii: bool = False, bold: bool = False) -> str:
    r"""One line of text for an expression.

    Args:
        ascii: names and plain characters alone.
        bold: keep the difference between `\mathbf{x}` and `x`, where both occur.

    >>> to_unicode(r"\mathbb{E}[(\tilde{\mathbf{x}}^\top \mathbf{w} - y)^{2}]")
    'E[(x̃ᵀw − y)²]'
    >>> to_unicode(r"\frac{1}{n}\sum_{i=1}^n x_i", ascii=True)
    '(1/n) sum_{i=1}^n x_i'
    """
    if len(latex) > LONGEST:
        return plain(latex, ascii)
    try:
        reader = _Reader(TOKEN.findall(latex), ascii, bold)
        text = re.sub(r" {3,}", "  ", join(reader.sequence(frozenset()))).strip()
    except _TooDeep:
        return plain(latex, ascii)
    return plain(text.replace("⟂ ⟂", "⫫").replace("_|_ _|_", "_||_"), ascii)


def sentence(text: str, *, ascii: bool = False, bold: bool = False) -> str:
    """A sentence in which mathematics stands between dollar signs.

    >>> sentence(r"Write $\\alpha w$ here.".replace(chr(92) * 2, chr(92)))
    'Write αw here.'
    """
    parts = re.split(r"(?<!\\)\$|(?<!\\)\\[()]", text)
    if len(parts) % 2 == 0:
        return plain(text, ascii)
    shown = (to_unicode(p, ascii=ascii, bold=bold) if k % 2 else plain(p, ascii) for k, p in enumerate(parts))
    return "".join(shown)


class _TooDeep(Exception):
    pass


class _Reader:
    """Turns tokens into pieces, once, from left to right."""

    def __init__(self, tokens: list[str], ascii: bool, bold: bool) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0
        self.ascii, self.bold = ascii, bold

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def skip_blanks(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def sequence(self, stops: frozenset[str]) -> list[Piece]:
        """Pieces up to one of the stops (which is left unread) or the end."""
        if self.depth > DEPTH:
            raise _TooDeep
        self.depth += 1
        out: list[Piece] = []
        while self.peek() and self.peek() not in stops:
            if self.peek() in ("^", "_", "'"):
                base = [] if not out or out[-1].kind in ("space", "bin", "rel", "punct", "open") else [out.pop()]
                out.append(self.scripted(base))
                continue
            atom = self.atom()
            self.skip_blanks()
            if len(atom) != 1 and self.peek() in ("^", "_", "'") and atom:
                atom = [self.scripted([Piece(bracketed(atom), "letter")])]
            out.extend(atom)
        self.depth -= 1
        return _signed(out)

    def argument(self) -> list[Piece]:
        """The next group or token, as a macro would take it."""
        self.skip_blanks()
        token = self.peek()
        if token[:1].isdigit() and len(token) > 1:  # TeX takes one digit
            self.tokens[self.at] = token[1:]
            return [Piece(token[0], "number")]
        return self.atom() if token else []

    def raw_argument(self) -> str:
        """The source text of the next group."""
        self.skip_blanks()
        if self.peek() != "{":
            return self.take()
        start, level = self.at + 1, 0
        while self.peek():
            level += {"{": 1, "}": -1}.get(self.take(), 0)
            if level == 0:
                return "".join(self.tokens[start : self.at - 1])
        return "".join(self.tokens[start:])

    def option(self) -> list[Piece] | None:
        """`[…]` behind a command, when it is there."""
        self.skip_blanks()
        if self.peek() != "[":
            return None
        self.take()
        inside = self.sequence(frozenset({"]"}))
        self.take()
        return inside

    def scripted(self, base: list[Piece]) -> Piece:
        """`base` with the scripts that follow."""
        below, above = "", ""
        while self.peek() in ("^", "_", "'") or self.peek().isspace():
            mark = self.take()
            if mark == "'":
                above += "'" if self.ascii else "′"
            elif mark == "^":
                above += join(self.argument(), tight=True)
            elif mark == "_":
                below += join(self.argument(), tight=True)
        piece = base[0] if base else Piece("", "letter")
        if piece.kind == "frac" or (piece.kind == "word" and " " in piece.text):
            piece = Piece(f"({piece.text})", "letter")
        under, over = script(below, "_", self.ascii), script(above, "^", self.ascii)
        loose = (under[:1] == "_" and not over) or over[:1] == "^"
        return replace(piece, text=piece.text + under + over, loose=loose)

    def atom(self) -> list[Piece]:
        token = self.take()
        if token.isspace() or token == "&":
            return []
        if token == "{":
            inside = self.sequence(frozenset({"}"}))
            self.take()
            return inside
        if token == "~":
            return [Piece(" ", "space")]
        if token[0] == "\\" and len(token) > 1:
            return self.command(token[1:].rstrip("*"))
        return [_character(token, self.ascii)]

    def command(self, name: str) -> list[Piece]:
        side = 1 if self.ascii else 0
        if name in glyphs.SIZES:
            return self.sized(name)
        for table, kind in TABLES:
            if name in table:
                return [Piece(table[name][side], kind(name))]
        if name in glyphs.GREEK:
            return [Piece(name if self.ascii else glyphs.GREEK[name], "letter")]
        if name in glyphs.FUNCTIONS:
            return [Piece(name, "word")]
        if name in glyphs.ACCENTS:
            return [_accented(self.argument(), name, self.ascii)]
        if name in glyphs.TEXTS:
            return self.words()
        handler = HANDLERS.get(name)
        if handler is not None:
            return handler(self)
        if name in glyphs.DROPPED_WITH_ARGUMENT:
            self.raw_argument()
            return []
        if name in glyphs.FONTS:
            return self.font(name)
        return self.unknown(name)

    def sized(self, name: str) -> list[Piece]:
        """`\\left(` and its kin: the delimiter alone."""
        if name.rstrip("lrm") in ("big", "Big", "bigg", "Bigg") or name in ("left", "right", "middle"):
            self.skip_blanks()
            if self.peek() == ".":
                self.take()
            elif self.peek() in ("|", r"\|", r"\vert", r"\Vert"):
                text = join(self.atom())
                closing = name == "right" or name.endswith("r")
                return [Piece(text, "close" if closing else "open" if name != "middle" else "bar")]
        return []

    def words(self) -> list[Piece]:
        text = self.raw_argument()
        if re.fullmatch(r"[A-Za-z]+", text):
            return [Piece(text, "word")]
        return [Piece(sentence(text.replace(r"\ ", " ").replace("~", " "), ascii=self.ascii), "text")]

    def font(self, name: str) -> list[Piece]:
        inside = self.argument()
        text = join(inside)
        if name == "mathbb" and text in glyphs.BLACKBOARD and not self.ascii:
            return [Piece(glyphs.BLACKBOARD[text], "letter")]
        if name == "mathbb" and text in ("E", "V", "P"):
            return [Piece(text, "word")]
        if name in ("mathcal", "mathscr") and text in glyphs.SCRIPT and not self.ascii:
            return [Piece(text if text == "E" else glyphs.SCRIPT[text], "word" if text == "E" else "letter")]
        if name in ("mathbf", "boldsymbol", "bm", "pmb") and self.bold and not self.ascii:
            return [replace(p, text="".join(glyphs.BOLD.get(c, c) for c in p.text)) for p in inside]
        if name in ("mathrm", "operatorname", "mathsf", "mathtt", "mathit", "mathbf") and re.fullmatch(
            r"[A-Za-z ]{2,}", text
        ):
            return [Piece(text, "word")]
        return [Piece(text, "word")] if name in ("operatorname", "mathrm") and text == "E" else inside

    def unknown(self, name: str) -> list[Piece]:
        text = "\\" + name
        while self.peek() == "{":
            text += "{" + join(self.argument()) + "}"
        return [Piece(text, "word")]

    def grid(self) -> list[Piece]:
        """`\\begin{…}` up to its end: rows between semicolons."""
        name = self.raw_argument().rstrip("*")
        if name in ("array", "alignedat", "alignat"):
            if self.peek() == "[":
                self.option()
            self.raw_argument()
        rows: list[list[str]] = [[]]
        stops = frozenset({"&", r"\\", r"\end", r"\cr"})
        while self.peek():
            rows[-1].append(join(self.sequence(stops)).strip())
            stop = self.take()
            if stop == r"\end":
                self.raw_argument()
                break
            if stop != "&":
                rows.append([])
        filled = [row for row in rows if any(row)]
        gap = "" if name not in GRIDS else ", " if any(" " in cell for row in filled for cell in row) else " "
        text = ("; " if name in GRIDS else "  ").join(gap.join(row).strip() for row in filled)
        shape = {"vmatrix": "|{}|", "Vmatrix": "‖{}‖", "cases": "{{{}", "dcases": "{{{}"}.get(name)
        shape = "[{}]" if name in MATRICES else shape or "{}"
        return [Piece(shape.format(text), "letter" if name in GRIDS else "text")]

    def root(self) -> list[Piece]:
        degree = self.option()
        inside = self.argument()
        if self.ascii:
            body = f"sqrt({join(inside)})"
            return [Piece(body if degree is None else f"root_{join(degree)}({join(inside)})", "letter")]
        sign = "" if degree is None else script(join(degree, tight=True), "^", False)
        return [Piece(f"{sign}√{bracketed(inside)}", "letter")]

    def fraction(self) -> list[Piece]:
        above, below = self.argument(), self.argument()
        top, bottom = join(above), join(below)
        if not self.ascii and (top, bottom) in glyphs.FRACTIONS:
            return [Piece(glyphs.FRACTIONS[top, bottom], "number")]
        return [Piece(f"{bracketed(above, ('sum',))}/{bracketed(below)}", "frac")]

    def binomial(self) -> list[Piece]:
        return [Piece(f"binom({join(self.argument())}, {join(self.argument())})", "letter")]

    def over(self) -> list[Piece]:
        """`\\overset{a}{b}`: b with a raised; the definition signs are written `:=`."""
        above, base = join(self.argument(), tight=True), self.argument()
        if above.lower() in ("def", "def.", "△", "!") and join(base) == "=":
            return [Piece(":=" if above != "!" else "=", "rel")]
        text = join(base) + script(above, "^", self.ascii)
        return [Piece(text, base[0].kind if len(base) == 1 else "letter")]

    def under(self) -> list[Piece]:
        below, base = join(self.argument(), tight=True), self.argument()
        return [Piece(join(base) + script(below, "_", self.ascii), base[0].kind if len(base) == 1 else "letter")]

    def braced(self) -> list[Piece]:
        """`\\underbrace{x}_{remark}`: x alone."""
        inside = self.argument()
        self.skip_blanks()
        if self.peek() in ("_", "^"):
            self.take()
            self.argument()
            self.skip_blanks()
        alone = self.peek() in ("", "+", "-", "=", "&", ")", "]", "}", ",", r"\\", r"\right", r"\end")
        return inside if alone else [Piece(bracketed(inside, ("sum",)), "letter")]

    def coloured(self) -> list[Piece]:
        self.raw_argument()
        return self.argument()

    def negated(self) -> list[Piece]:
        text = join(self.argument())
        if self.ascii:
            return [Piece("not " + text, "rel")]
        return [Piece(unicodedata.normalize("NFC", text + "\u0338"), "rel")]

    def arrow(self) -> list[Piece]:
        return [
            Piece(("->" if self.ascii else "→") + script(join(self.argument(), tight=True), "^", self.ascii), "rel")
        ]


def _blank(text: str) -> Callable[[_Reader], list[Piece]]:
    return lambda _reader: [Piece(text, "space")] if text else []


TABLES: tuple[tuple[dict[str, tuple[str, str]], Callable[[str], str]], ...] = (
    (glyphs.RELATIONS, lambda name: "rel"),
    (glyphs.BINARY, lambda name: "bin"),
    (glyphs.LARGE, lambda name: "large"),
    (glyphs.PLAIN, lambda name: PLAIN_KINDS.get(name, "letter")),
)
PLAIN_KINDS = {"partial": "prefix", "|": "bar", "Vert": "bar", "vert": "bar", "neg": "prefix", "forall": "prefix"}
PLAIN_KINDS |= {token[1:]: "open" for token in glyphs.OPENING if token[0] == "\\"}
PLAIN_KINDS |= {token[1:]: "close" for token in glyphs.CLOSING if token[0] == "\\"}
HANDLERS: dict[str, Callable[[_Reader], list[Piece]]] = {
    "frac": _Reader.fraction, "dfrac": _Reader.fraction, "tfrac": _Reader.fraction, "cfrac": _Reader.fraction,
    "sqrt": _Reader.root, "binom": _Reader.binomial, "dbinom": _Reader.binomial, "tbinom": _Reader.binomial,
    "begin": _Reader.grid, "overset": _Reader.over, "stackrel": _Reader.over, "underset": _Reader.under,
    "underbrace": _Reader.braced, "overbrace": _Reader.braced, "textcolor": _Reader.coloured, "not": _Reader.negated,
    "xrightarrow": _Reader.arrow, "\\": _blank("  "), "quad": _blank("  "), "qquad": _blank("  "), " ": _blank(" "),
} | dict.fromkeys(",!;:>/-", _blank(""))  # fmt: skip


def _signed(pieces: list[Piece]) -> list[Piece]:
    """Plus and minus in front of a term are signs, which stick to it."""
    out: list[Piece] = []
    before = "open"
    for piece in pieces:
        if piece.kind == "bin" and before in ("bin", "sign", "rel", "open", "punct", "large"):
            piece = replace(piece, kind="sign")
        out.append(piece)
        before = before if piece.kind == "space" else piece.kind
    return out


def _character(token: str, ascii: bool) -> Piece:
    if token[0].isdigit():
        return Piece(token, "number")
    for table, kind in ((glyphs.RELATIONS, "rel"), (glyphs.BINARY, "bin")):
        if token in table:
            return Piece(table[token][1 if ascii else 0], kind)
    if token in ("/", "*"):
        return Piece(token, "bin")
    kinds = {"(": "open", "[": "open", ")": "close", "]": "close", ",": "punct", ";": "punct", "|": "bar", "!": "close"}
    return Piece(token, kinds.get(token, "letter"))


def _accented(inside: list[Piece], name: str, ascii: bool) -> Piece:
    mark, suffix = glyphs.ACCENTS[name]
    text = join(inside)
    if ascii:
        return Piece(text + suffix if text.isalnum() else f"{suffix[1:]}({text})", "letter")
    if width(text) == 1:
        return Piece(unicodedata.normalize("NFC", text[0] + mark + text[1:]), "letter")
    return Piece(f"{suffix[1:]}({text})", "letter")
