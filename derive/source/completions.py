"""Formulas that complete what a phrase says: a size, a set, the rows of a matrix, a distribution."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source import clauses as cl
from derive.source.distributions import distribution_word, number_set, spelled
from derive.source.drawn import drawn
from derive.source.subjects import running_name
from derive.source.tokens import Token

if TYPE_CHECKING:
    from derive.source.phrases import Phrase


def sized(phrase: Phrase, active: list[int], marks: list[int]) -> bool:
    r"""`A \\text{ is } n \\times m`."""
    kinds = {t.kind for m in marks for t in phrase.pieces[m].tokens}
    if len(marks) != 1 or "times" not in kinds or not kinds <= {"name", "number", "times", "sub", "lbrace", "rbrace"}:
        return False
    phrase.dimensions(active, phrase.subjects(active), marks[0])
    return True


def member(phrase: Phrase, active: list[int], marks: list[int]) -> bool:
    r"""“a random vector in ⟦\mathbb{R}^n⟧”."""
    tokens = phrase.pieces[marks[0]].tokens
    if len(marks) != 1 or not tokens or number_set(tokens[0].text) is None or cl.main_relations(tokens):
        return False
    word, dims = phrase.scribe.set(tokens)
    opaque = sx.Opaque(phrase.scribe.written(tokens))
    phrase.add("shape", (phrase.subjects(active), (opaque,)), [*active, *marks], word=word, dims=dims)
    return True


def made_of(phrase: Phrase, active: list[int], marks: list[int], lines: str) -> bool:
    r"""“$X$ has rows ⟦x_1^\top, \dots, x_n^\top⟧”, “with columns ⟦x_j⟧”: what the matrix is made of."""
    (whole, *others), items = phrase.subjects(active), phrase.subjects(marks)
    if others or not isinstance(whole, sx.Name) or not items:
        return False
    shapes = [s for p in phrase.pieces for s in p.statements if s.kind == "shape" and s.parts[0] == (whole,)]
    if not any(isinstance(i, sx.Dots) for i in items):
        inner = items[0].item if isinstance(items[0], sx.Transposed) else items[0]
        if len(items) != 1 or not isinstance(inner, sx.Name) or len(inner.subscripts) != 1 or not shapes:
            return False
        ends = (sx.Numeral(Fraction(1)), shapes[0].dims[0 if lines == "rows" else -1])
        first, last = (sx.Name(inner.letter, (end,), inner.superscripts, span=inner.span) for end in ends)
        items = (first, sx.Dots(), last)
    plain = [i.item if isinstance(i, sx.Transposed) else i for i in items]
    if lines == "rows":
        rows: tuple[tuple[Syntax, ...], ...] = tuple(
            (i if isinstance(i, sx.Dots) else sx.Transposed(i),) for i in plain
        )
    else:
        rows = (tuple(plain),)
    if shapes:
        dims = (shapes[0].dims[-1 if lines == "rows" else 0],)
        phrase.add("shape", ((running_name(plain[0]),), (sx.Opaque(rf"{lines} of"),)), [*active, *marks], dims=dims)
    phrase.add("equation", ((whole, sx.MatrixLiteral(rows, True)), ()), [*active, *marks], word="=")
    return True


def law(phrase: Phrase, active: list[int], mark: int, lower: str) -> bool:
    r"""“iid ⟦\\mathcal{N}(0, 1)⟧”, “follows ⟦\\mathrm{Gam}(a, b)⟧”: a distribution in a formula of its own."""
    tokens = spelled(phrase.pieces[mark].tokens)
    if len(tokens) < 2 or cl.main_relations(tokens) or distribution_word(tokens[0]) in (None, "?"):
        return False
    sign = Token(
        "rel",
        r"\sim",
        tokens[0].start,
        tokens[0].start,
        extra="iid" if re.search(r"iid|i\.\s?i\.\s?d", lower) else "ind" if "independently" in lower else "",
    )
    own = [t for m in active for t in phrase.pieces[m].tokens]
    phrase.found.extend(drawn(phrase.scribe, phrase.subjects(active), sign, tokens, [*own, *tokens]))
    return True
