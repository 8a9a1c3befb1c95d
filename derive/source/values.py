r"""Values and their probabilities in words: “$X = 1$ with probability $p$ and $0$ otherwise”, “$s = \pm 1$ with equal probability”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Statement, Syntax
from derive.source import clauses as cl
from derive.source.grammar import read, read_items
from derive.source.laws import ONE, Pairs, law_of
from derive.source.pieces import Piece
from derive.source.places import ReadError
from derive.source.sets import exponent_of, read_set
from derive.source.statements import Scribe
from derive.source.tokens import Token

CHANCE = re.compile(
    r"\b(?:with (?:a )?prob(?:abilit(?:y|ies)|s?\b\.?)(?: of)?|w\.? ?p\.?(?=\W|$)|with chances?)", re.IGNORECASE
)
EQUAL = re.compile(
    r"\b(?:with (?:the )?(?:equal|same|identical) prob(?:abilit(?:y|ies)|\.)|equally likely|equiprobabl[ey]|"
    r"uniform(?:ly)?(?: at random| (?:distributed |drawn |sampled |random )?(?:on|over|in|from)\b|$)|uniformly random)",
    re.IGNORECASE,
)
REST = re.compile(r"\b(?:otherwise|else)\b", re.IGNORECASE)
MARK = re.compile(r"⟦(\d+)⟧")
BETWEEN = re.compile(
    r"\s*(?:[,;]|and\b|or\b|the\b|to\b|on\b|values?\b|equals?\b|takes?\b|taking\b|is\b|are\b|be\b|either\b|respectively\b|each\b|it\b|"
    r"assumes?\b|in\b|\.)*(?:\s*(?:[,;]|and\b|or\b|the\b|to\b|on\b|values?\b|equals?\b|takes?\b|taking\b|is\b|either\b|each\b|it\b|\.))*\s*",
    re.IGNORECASE,
)


@dataclass
class Found:
    """A law in words: its subjects, the distribution and its parameters, and where in the text the values stand."""

    subjects: tuple[Syntax, ...]
    word: str
    parameters: tuple[Syntax, ...]
    start: int
    end: int
    tokens: list[Token]
    also: tuple[Statement, ...] = ()
    flags: frozenset[str] = frozenset()


def take_law(scribe: Scribe, text: str, pieces: list[Piece]) -> tuple[str, list[Statement]]:
    """The text without its law in words, and the statement of it; of a formula such as `X = 1` the subject is left."""
    try:
        law = law_in_words(scribe, text, [p.tokens for p in pieces])
    except ReadError:
        return text, []
    if law is None:
        return text, []
    statement = scribe.make("distribution", (law.subjects, law.parameters), law.tokens, word=law.word, flags=law.flags)
    for mark in MARK.finditer(text, 0, law.end):
        piece = pieces[int(mark.group(1))]
        if mark.end() >= law.start:
            piece.tokens = cl.cut(piece.tokens)[0][0]
    return text[: law.start] + " " + text[law.end :], [*law.also, statement]


def law_in_words(scribe: Scribe, text: str, pieces: list[list[Token]]) -> Found | None:
    """The first law of a text whose mathematics are marks `⟦k⟧`; None when there is none, or it is not complete."""
    equal, chance = EQUAL.search(text), CHANCE.search(text)
    marks = list(MARK.finditer(text))
    if equal is not None and (chance is None or equal.start() <= chance.start()):
        return _equal(scribe, pieces, marks, equal)
    if chance is None:
        return None
    before = [m for m in marks if m.end() <= chance.start()]
    if not before:
        return None
    split = _subject_and_value(scribe, pieces, before)
    if split is None:
        return None
    subjects, first, start = split
    end, values = _pairs(scribe, text, pieces, marks, first, chance.start())
    law = law_of(values)
    if law is None:
        return None
    tokens = [t for m in marks if m.end() <= end and m.start() >= start for t in pieces[int(m.group(1))]]
    return Found(subjects, *law, start, end, tokens or pieces[int(before[-1].group(1))])


def _subject_and_value(
    scribe: Scribe, pieces: list[list[Token]], before: list[re.Match[str]]
) -> tuple[tuple[Syntax, ...], list[Syntax], int] | None:
    """The subjects, their first values, and where these begin: `X = 1`, or `X` and `1` in marks of their own."""
    last = pieces[int(before[-1].group(1))]
    members, signs = cl.cut(last)
    if len(signs) == 1 and signs[0].text in ("=", r"\in") and all(members):
        return scribe.subjects(members[0]), _values(scribe, members[1]), before[-1].end()
    if signs or len(before) < 2:
        return None
    members, signs = cl.cut(pieces[int(before[-2].group(1))])
    return scribe.subjects(members[0]), _values(scribe, last), before[-1].start()


def _values(scribe: Scribe, tokens: list[Token]) -> list[Syntax]:
    r"""`1`, `a, b`, `\pm 1`, `\{-1, 1\}`."""
    tokens = cl.strip(tokens)
    while len(tokens) > 2 and tokens[0].kind == "open" and tokens[-1].kind == "close" and min(cl.levels(tokens)) > 0:
        tokens = cl.strip(tokens[1:-1])
    if tokens and tokens[0].text == r"\pm":
        value = read(tokens[1:], scribe.places, scribe.usage)
        return [value, sx.Negate(value)]
    return list(read_items(tokens, scribe.places, scribe.usage)) if tokens else []


def _pairs(
    scribe: Scribe, text: str, pieces: list[list[Token]], marks: list[re.Match[str]], first: list[Syntax], place: int
) -> tuple[int, Pairs]:
    """Values with their probabilities from the first “with probability” on, and where they end."""
    values, waiting = [], first
    end = place
    behind = [m for m in marks if m.start() >= place]
    while behind:
        chance = CHANCE.match(text, place)
        mark = behind[0]
        if chance is not None and not text[chance.end() : mark.start()].strip():
            chances, behind = _values(scribe, pieces[int(mark.group(1))]), behind[1:]
            following: list[Syntax] = []
            if (
                len(waiting) != len(chances) and len(chances) > 1
            ):  # `p, 0` in one formula: the next value behind a comma
                chances, following = chances[:1], chances[1:]
            chances = chances * len(waiting) if len(chances) == 1 else chances
            following = [
                f.right if isinstance(f, sx.Relation) else f for f in following
            ]  # `X = 1 w.p. p, X = 0 w.p. …`
            values += list(zip(waiting, chances, strict=False))
            waiting, end, place = following, mark.end(), mark.end()
        elif waiting:
            break
        elif BETWEEN.fullmatch(text, place, mark.start()):
            members, _ = cl.cut(pieces[int(mark.group(1))])
            waiting, behind, place = _values(scribe, members[-1]), behind[1:], mark.end()
        else:
            break
        gap = re.compile(r"\s*,?\s*").match(text, place)
        place = gap.end() if gap is not None else place
        if waiting and (rest := REST.match(text, place)) is not None:
            total = sx.Plus((ONE, *(sx.Negate(p) for _, p in values)))
            values, end, waiting = [*values, (waiting[0], total)], rest.end(), []
            break
    return end, values if not waiting else []


def _equal(scribe: Scribe, pieces: list[list[Token]], marks: list[re.Match[str]], said: re.Match[str]) -> Found | None:
    r"""`s = \pm 1 \text{ with equal probability}`, `s \text{ uniform on } \{-1, 1\}`."""
    before = [m for m in marks if m.end() <= said.start()]
    behind = [m for m in marks if m.start() >= said.end()]
    over = said.group().lower().endswith((" on", " over", " in", " from"))
    if not before or (over and not behind):
        return None
    members, signs = cl.cut(pieces[int(before[-1].group(1))])
    if over:
        inside = pieces[int(behind[0].group(1))]
        if signs or not inside or inside[0].text != "{":
            return None
        subjects, values, start, end = scribe.subjects(members[0]), inside, said.start(), behind[0].end()
    elif len(signs) == 1 and signs[0].text in ("=", r"\in") and all(members):
        if signs[0].text == r"\in" and members[1][0].text != "{":
            return None
        subjects, values, start, end = scribe.subjects(members[0]), members[1], before[-1].end(), said.end()
    elif len(before) > 1 and not signs:
        head, _ = cl.cut(pieces[int(before[-2].group(1))])
        subjects, values, start, end = scribe.subjects(head[0]), members[0], before[-1].start(), said.end()
    else:
        return None
    raised = exponent_of(cl.strip(values)) if values else None
    if raised is not None:
        return _vector(scribe, subjects, values, raised, start, end)
    listed = _values(scribe, values)
    if any(isinstance(v, sx.Dots) for v in listed):
        return None
    law = uniform(listed)
    return None if law is None else Found(subjects, *law, start, end, pieces[int(before[-1].group(1))])


def uniform(values: list[Syntax]) -> tuple[str, tuple[Syntax, ...]] | None:
    return law_of([(v, sx.Numeral(Fraction(1, len(values)))) for v in values]) if values else None


def _vector(
    scribe: Scribe,
    subjects: tuple[Syntax, ...],
    values: list[Token],
    raised: tuple[int, list[Token]],
    start: int,
    end: int,
) -> Found | None:
    r"""Uniform on `\{-1, 1\}^n`: a vector whose components are independent, each with the values of the set."""
    word, dims = read_set(values, scribe.places, scribe.usage)
    law = uniform(_values(scribe, values[: raised[0]]))
    if law is None or not all(isinstance(s, sx.Name) and not s.subscripts and not s.superscripts for s in subjects):
        return None
    components = tuple(sx.Name(s.letter, (sx.Name("i"),), span=s.span) for s in subjects if isinstance(s, sx.Name))
    shape = scribe.make("shape", (subjects, (sx.Opaque(scribe.written(values)),)), values, word=word, dims=dims)
    return Found(components, *law, start, end, values, (shape,), frozenset({"independent"}))
