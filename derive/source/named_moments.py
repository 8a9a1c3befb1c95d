"""“⟦v⟧ is the variance of ⟦X⟧”, “the correlation between ⟦X⟧ and ⟦Y⟧ is ⟦ρ⟧”: moments by their names, with a noun phrase."""

from __future__ import annotations

import re
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.symbols import bold_letter, strip_accents
from derive.language.syntax import Statement, Syntax
from derive.source import clauses as cl
from derive.source.grammar import read
from derive.source.pieces import Piece
from derive.source.places import ReadError
from derive.source.statements import Scribe

KIND = (
    r"(?P<kind>mean|expectation|expected value|variance|covariance|correlation(?: coefficient)?|standard deviation)"
    r"(?:\s+\((?:coefficient|value)\))?"
)
SUBJECTS = r"(?:of|between)\s+(?:(?:the|random|variables?)\s+)*⟦(?P<one>\d+)⟧(?:\s+(?:and|with)\s+⟦(?P<two>\d+)⟧)?"
THE = r"(?:the|its|their)\s+(?:(?:common|known|unknown|pairwise|true)\s+)*"
END = r"(?=\s*(?:$|[,;.)]|and\b|with\b|where\b|so\b|then\b))"
FORMS = [
    re.compile(rf"⟦(?P<value>\d+)⟧,?\s+(?:(?:is|be|being|denotes?|denoting|as|for)\s+)?{THE}{KIND}\s+{SUBJECTS}{END}"),
    re.compile(rf"\b{THE}{KIND}\s+{SUBJECTS}\s+(?:is|be|are|equals|is denoted by|is given by)\s+⟦(?P<value>\d+)⟧{END}"),
]
OPERATORS = {"mean": "E", "expectation": "E", "expected value": "E", "variance": "Var", "standard deviation": "Var"}
PAIRS = {"covariance": "Cov", "correlation": "Corr", "correlation coefficient": "Corr"}


def named_moments(scribe: Scribe, text: str, pieces: list[Piece]) -> list[Statement]:
    """The moments that the sentence names."""
    hits = {hit.start(): hit for form in FORMS for hit in form.finditer(text.lower())}
    found: list[Statement] = []
    for hit in hits.values():
        try:
            found.extend(_stated(scribe, hit, pieces))
        except ReadError:
            continue
    return found


def _stated(scribe: Scribe, hit: re.Match[str], pieces: list[Piece]) -> list[Statement]:
    chosen = [pieces[int(hit[k])] for k in ("value", "one", "two") if hit[k] is not None]
    if any(cl.main_relations(p.tokens) for p in chosen):
        return []
    value, *subjects = (read(cl.strip(p.tokens), scribe.places, scribe.usage) for p in chosen)
    kind = hit["kind"]
    pair = PAIRS.get(kind)
    if len(subjects) != (2 if pair else 1) or not (plain(value) and all(map(given, subjects))):
        return []
    right: Syntax = sx.Power(value, sx.Numeral(Fraction(2))) if kind == "standard deviation" else value
    left = sx.Operator(pair or OPERATORS[kind], tuple(subjects))
    tokens = [t for p in chosen for t in p.tokens]
    return [scribe.make("equation", ((left, right), ()), tokens, word="=")]


def plain(value: Syntax) -> bool:
    """A letter, a number or a square: what is computed, `\\sigma^2 / n`, is told as a result rather than given."""
    base = value.base if isinstance(value, sx.Power) else value
    return isinstance(base, (sx.Name, sx.Numeral))


def given(subject: Syntax) -> bool:
    """A letter without an accent: of estimates and averages results are told."""
    return isinstance(subject, sx.Name) and strip_accents(subject.letter) in (
        subject.letter,
        bold_letter(subject.letter),
    )
