"""Matrices, cases, and arrays that only break a long expression over rows."""

from __future__ import annotations

import re

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source.cursor import Cursor, Group
from derive.source.tokens import Token

BRACKETS = {
    "pmatrix": "(",
    "bmatrix": "[",
    "Bmatrix": "{",
    "vmatrix": "|",
    "matrix": "",
    "smallmatrix": "",
    "array": "",
    "psmallmatrix": "(",
    "bsmallmatrix": "[",
}
CHANCE = re.compile(r"\s*(?:with prob|w\.? ?p\b)")
CASES = frozenset({"cases", "dcases", "rcases"})
ROWS = frozenset({"aligned", "split", "gathered", "align", "alignedat"})
MAX_ENTRIES = 2_000


def environment(c: Cursor, begin: Token, cases: bool = False) -> Syntax:
    kind = begin.text.rstrip("*")
    with c.nested(begin):
        cells = table(c, begin)
        if kind in CASES or cases:
            return branches(c, cells, begin)
        if kind in ROWS or (kind in BRACKETS and broken(c, cells)):
            inner = joined(c, cells)
            return sx.Bracketed(inner, BRACKETS[kind], span=c.span(begin)) if BRACKETS.get(kind) else inner
        if kind not in BRACKETS:
            raise c.fail(f"the environment `{begin.text}` is not read in an expression", begin, "a matrix or cases")
        if BRACKETS[kind] and len(cells) == 1 and len(cells[0]) == 1 and c.tokens[cells[0][0][0]].kind == "begin":
            inner = c.part(*cells[0][0])
            inner.depth = c.depth
            return sx.Bracketed(whole(inner), BRACKETS[kind], span=c.span(begin))
        found = matrix(c, cells, begin)
    return sx.Bracketed(found, "|", span=found.span) if kind == "vmatrix" else found


def table(c: Cursor, begin: Token) -> list[list[tuple[int, int]]]:
    """Token ranges of the cells by rows; the cursor moves behind the end of the environment."""
    rows: list[list[tuple[int, int]]] = [[]]
    start, depth, count = c.k, 0, 0
    for k in range(c.k, c.end):
        token = c.tokens[k]
        if token.kind in ("begin", "lbrace"):
            depth += 1
        elif token.kind in ("end", "rbrace") and depth:
            depth -= 1
        elif depth == 0 and token.kind in ("amp", "row", "end"):
            rows[-1].append((start, k))
            start = k + 1
            count += 1
            if count > MAX_ENTRIES:
                raise c.fail("this matrix is too large to be read", begin)
            if token.kind == "row":
                rows.append([])
            elif token.kind == "end":
                if token.text != begin.text:
                    raise c.fail(
                        rf"`\begin{{{begin.text}}}` ends with `\end{{{token.text}}}`", token, rf"`\end{{{begin.text}}}`"
                    )
                c.k = k + 1
                if len(rows) > 1 and len(rows[-1]) == 1 and blank(c, rows[-1][0]):
                    rows.pop()
                return rows
        elif depth == 0 and token.kind == "rbrace":
            break
    raise c.fail(rf"`\begin{{{begin.text}}}` is not closed", begin, rf"`\end{{{begin.text}}}`")


def blank(c: Cursor, cell: tuple[int, int]) -> bool:
    return all(t.kind == "quad" for t in c.tokens[cell[0] : cell[1]])


def broken(c: Cursor, cells: list[list[tuple[int, int]]]) -> bool:
    """Whether the rows are one sum: a single column with a row that ends with an operator or begins with a +."""
    if len(cells) < 2 or any(len(row) != 1 or blank(c, row[0]) for row in cells):
        return False
    ends = any(c.tokens[row[0][1] - 1].kind in ("plus", "minus", "times") for row in cells[:-1])
    starts = any(c.tokens[row[0][0]].kind in ("plus", "times") for row in cells[1:])
    return ends or starts


def joined(c: Cursor, cells: list[list[tuple[int, int]]]) -> Syntax:
    """All rows as one expression; an ellipsis on a row of its own is a summand."""
    tokens: list[Token] = []
    for row in cells:
        piece = [t for start, end in row for t in c.tokens[start:end]]
        if tokens and piece:
            meeting = (tokens[-1].kind, piece[0].kind)
            if "dots" in meeting and not {"plus", "minus"} & set(meeting):
                tokens.append(Token("plus", "+", piece[0].start, piece[0].start))
        tokens.extend(piece)
    inner = c.other(tokens)
    return whole(inner)


def whole(inner: Cursor) -> Syntax:
    if inner.peek() is None:
        raise inner.fail("nothing stands here", expected="an expression")
    found = inner.expression()
    inner.finish()  # type: ignore[attr-defined]
    return found


def entry(c: Cursor, cell: tuple[int, int], begin: Token) -> Syntax:
    inner = c.part(*cell)
    token = inner.peek()
    if token is None:
        raise c.fail("an entry of this matrix is empty", begin, "an entry, such as 0")
    if token.kind == "dots" and inner.peek(1) is None:
        return sx.Dots(span=c.places.span(token.start, token.end))
    return whole(inner)


def matrix(c: Cursor, cells: list[list[tuple[int, int]]], begin: Token) -> sx.MatrixLiteral:
    width = max(len(row) for row in cells)
    rows: list[tuple[Syntax, ...]] = []
    for number, row in enumerate(cells, 1):
        if len(row) != width:
            if all(blank(c, cell) or c.tokens[cell[0]].kind == "dots" for cell in row):
                rows.append((sx.Dots(),) * width)
                continue
            raise c.fail(
                f"row {number} of this matrix has {len(row)} entries, others have {width}",
                begin,
                f"{width} entries in each row",
            )
        rows.append(tuple(entry(c, cell, begin) for cell in row))
    dotted = any(isinstance(e, sx.Dots) for row in rows for e in row)
    return sx.MatrixLiteral(tuple(rows), dotted, span=c.span(begin))


def literal(c: Cursor, group: Group, token: Token) -> sx.MatrixLiteral:
    """`[1, 2, 3]` and `[a; b]`; `[a, b; c, d]` row by row."""
    rows: list[list[Syntax]] = [[]]
    for item, sign in zip(group.items, [*group.separators, ""], strict=False):
        rows[-1].append(item)
        if sign == ";":
            rows.append([])
    rows = [row for row in rows if row]
    if len({len(row) for row in rows}) > 1:
        raise c.fail("the rows of this matrix have different lengths", token)
    dotted = any(isinstance(item, sx.Dots) for item in group.items)
    return sx.MatrixLiteral(tuple(tuple(row) for row in rows), dotted, span=c.span(token))


def branches(c: Cursor, cells: list[list[tuple[int, int]]], begin: Token) -> sx.Cases:
    found: list[tuple[Syntax, Syntax | None]] = []
    for row in cells:
        if not row or blank(c, row[0]):
            continue
        start, end = row[0]
        condition = list(range(row[1][0], row[-1][1])) if len(row) > 1 else []
        while end > start and c.tokens[end - 1].kind in ("comma", "semi", "punct", "quad"):
            end -= 1
        text = next((k for k in range(start, end) if c.tokens[k].kind == "text"), None)
        if text is not None:
            condition, end = list(range(text, end)) + condition, text
        while end > start and c.tokens[end - 1].kind in ("comma", "semi", "punct", "quad"):
            end -= 1
        found.append((entry(c, (start, end), begin), branch_condition(c, condition)))
    if not found:
        raise c.fail("these cases are empty", begin)
    return sx.Cases(tuple(found), span=c.span(begin))


def branch_condition(c: Cursor, indices: list[int]) -> Syntax | None:
    tokens = [c.tokens[k] for k in indices]
    words = " ".join(t.text for t in tokens if t.kind in ("text", "word")).lower()
    rest = [t for t in tokens if t.kind not in ("text", "quad", "punct", "semi", "comma")]
    if rest and CHANCE.match(words):
        inner = c.other(rest)
        chance = inner.relation()
        inner.finish()  # type: ignore[attr-defined]
        return sx.Call("chance", (chance,), span=chance.span)
    if not rest or "otherwise" in words or "else" in words.split():
        if "otherwise" in words or "else" in words or not tokens:
            return None
        return sx.Opaque(words, span=c.places.span(tokens[0].start, tokens[-1].end))
    inner = c.other(rest)
    found = inner.relation()
    inner.finish()  # type: ignore[attr-defined]
    return found
