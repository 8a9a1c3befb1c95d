"""Moments in a phrase: “with mean ⟦m⟧”, “with means ⟦a⟧ and ⟦b⟧”, “of variance ⟦v⟧”, “pairwise correlation ⟦r⟧”."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source import clauses as cl
from derive.source.pieces import Piece
from derive.source.subjects import schematic
from derive.source.words import ADJECTIVES

if TYPE_CHECKING:
    from derive.source.phrases import Phrase

ANOTHER = re.compile(
    r"\s*(?:and|or|plus)\s+(?!with\b|ha)(?:\w+\s+)*?(?:noise|errors?|disturbances?|shocks?|terms?|variables?|vectors?)\b"
)
OF_NOUN = (
    r"(?:variables?|vectors?|noise|errors?|disturbances?|shocks?|terms?|observations|samples?|quantit(?:y|ies)) of"
)
EACH = re.compile(  # has a covariance by itself
    r"\b(?:vectors?|matri(?:x|ces)|i\.?\s?i\.?\s?d|independent)\b|\b(?:each|both)\b[^⟦]*\bcovariance"
)


def states_value(phrase: Phrase, words: str, marks: list[int]) -> bool:
    """Whether “mean”, “variance” … in front of the mathematics is said of the active subjects."""
    if any(cl.main_relations(phrase.pieces[m].tokens) and not names_value(phrase, phrase.pieces[m]) for m in marks):
        return False
    if phrase.strict:
        return True
    if phrase.moment and re.fullmatch(rf"\s*,?\s*(?:and\s+)?(?:with\s+|has\s+)?{ADJECTIVES}", words):
        return True
    if ANOTHER.match(words):
        return False
    zero = r"(?:(?:zero|0)[- ]mean|mean[- ](?:zero|0)|zero expectation)\s*(?:,|and|,\s*and)\s*(?:with\s+)?"
    return bool(re.search(rf"\b(?:with|has|have|having|{OF_NOUN})\s+(?:{zero})?{ADJECTIVES}$", words))


def names_value(phrase: Phrase, piece: Piece) -> bool:
    r"""“with covariance ⟦C = U L U^\\top⟧”: the value is C, and the equation says what it is."""
    return cl.main_relations(piece.tokens) == ["="] and all(
        isinstance(s, sx.Name) for s in phrase.scribe.subjects(piece.tokens)
    )


def moments(phrase: Phrase, active: list[int], kind: str, value: Syntax, marks: list[int]) -> None:
    moments_of(phrase, phrase.subjects(active), kind, value, [*active, *marks])


def values(phrase: Phrase, active: list[int], kind: str, marks: list[int], plural: bool) -> None:
    """“with mean $a$”, “with means $a$ and $b$”, “with means $a_1, …, a_n$”."""
    values = schematic(phrase.named(marks))
    if len(values) == 1 and not any(isinstance(v, sx.Dots) for v in phrase.named(marks)):
        moments(phrase, active, kind, values[0], marks)
        return
    own = schematic(phrase.subjects(active))
    if not plural or len(own) != len(values):
        phrase.leftover(marks, "several values")
        return
    for subject, found in zip(own, values, strict=True):
        moments_of(phrase, (subject,), kind, found, [*active, *marks])


def moments_of(phrase: Phrase, subjects: tuple[Syntax, ...], kind: str, value: Syntax, marks: list[int]) -> None:
    phrase.moment = True
    pair = len(subjects) == 2 and not any(isinstance(s, sx.Dots) for s in subjects)
    if kind == "Cov" and pair and not EACH.search(phrase.text.lower()):
        phrase.add("equation", ((sx.Operator("Cov", subjects), value), ()), marks, word="=")
        return
    if (kind == "Corr" or (kind == "Cov" and "pairwise" in phrase.text.lower())) and not pair:
        between_members(phrase, subjects, kind, value, marks)
        return
    if kind == "Corr":
        if pair:
            phrase.add("equation", ((sx.Operator("Corr", subjects), value), ()), marks, word="=")
        return
    for subject in schematic(subjects):
        if kind == "Std":
            left: Syntax = sx.Operator("Var", (subject,), given=phrase.held)
            right: Syntax = sx.Power(value, sx.Numeral(Fraction(2)))
        else:
            left, right = sx.Operator(kind, (subject,), given=phrase.held), value
        phrase.add("equation", ((left, right), ()), marks, word="=")


def between_members(phrase: Phrase, subjects: tuple[Syntax, ...], kind: str, value: Syntax, marks: list[int]) -> None:
    """“⟦X_1, …, X_n⟧ with pairwise correlation ⟦ρ⟧”: of any two of them."""
    match schematic(subjects):
        case [sx.Name(letter, (sx.Name(i),), above) as one]:
            j = sx.Name("j" if i != "j" else "k")
            other = sx.Name(letter, (j,), above, span=one.span)
            differ = sx.Relation(r"\neq", sx.Name(i), j)
            both = sx.Operator(kind, (one, other), given=phrase.held)
            phrase.add("equation", ((both, value), (differ,)), marks, word="=")
