"""“⟦μ_X⟧ and ⟦μ_Y⟧ are the means of ⟦X⟧ and ⟦Y⟧”, “⟦μ⟧ and ⟦Σ⟧ are the mean and the covariance of ⟦x⟧”: moments in lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Statement, Syntax
from derive.source import clauses as cl
from derive.source.grammar import read_items
from derive.source.named_moments import END, given, plain
from derive.source.pieces import Piece
from derive.source.places import ReadError
from derive.source.statements import Scribe

LIST = r"⟦\d+⟧(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)⟦\d+⟧)*"
KIND = r"(?:means?|expectations?|expected values?|(?:co)?variances?(?: matrix| matrices)?|standard deviations?)"
WHICH = r"(?:the|its|their|respective|corresponding|common|known|unknown|true)"
CLAUSE = re.compile(
    rf"(?P<values>{LIST}),?\s+(?:(?:are|be|being|denotes?|denoting|as|for)\s+)?(?:{WHICH}\s+)+"
    rf"(?P<kinds>{KIND}(?:(?:\s*,\s*|\s*,?\s+and\s+)(?:{WHICH}\s+)*{KIND})*)"
    rf"(?=\s+of\s|\s*,?\s+and\s+⟦|\s*,\s*⟦|{END[3:-1]})"
)
SUBJECTS = re.compile(rf"\s*(?:,\s*respectively,?\s*)?of\s+(?:(?:the|random|variables?)\s+)*(?P<subjects>{LIST})")
OPERATORS = {"m": "E", "e": "E", "v": "Var", "c": "Cov", "s": "Var"}  # by the first letter of the kind
NO_SUBJECT = frozenset("ijklmnrst")  # scripts that count: σ_i is the deviation of no i


def listed_moments(scribe: Scribe, text: str, pieces: list[Piece]) -> list[Statement]:
    """The moments that the sentence names in lists; what is behind a later “of” is also meant by the lists before it."""
    found: list[Statement] = []
    subjects: list[Syntax] = []
    for hit in reversed(list(CLAUSE.finditer(text.lower()))):
        try:
            behind = SUBJECTS.match(text.lower(), hit.end())
            subjects = _items(scribe, behind["subjects"], pieces) if behind else subjects
            values = _items(scribe, hit["values"], pieces)
            tokens = [t for k in re.findall(r"⟦(\d+)⟧", hit["values"]) for t in pieces[int(k)].tokens]
            said = [
                scribe.make("equation", (_sides(*one), ()), tokens, word="=")
                for one in _matched(re.findall(KIND, hit["kinds"]), values, subjects)
            ]
            found = [*said, *found]
        except ReadError:
            continue
    return found


def _sides(kind: str, value: Syntax, subject: Syntax) -> tuple[Syntax, Syntax]:
    """The operator on the subject, and what it gives: the variance is the square of the deviation."""
    square = sx.Power(value, sx.Numeral(Fraction(2))) if kind.startswith("standard") else value
    return sx.Operator(OPERATORS[kind[0]], (subject,)), square


def _items(scribe: Scribe, text: str, pieces: list[Piece]) -> list[Syntax]:
    """What stands in the placeholders of a list, one by one."""
    chosen = [pieces[int(k)] for k in re.findall(r"⟦(\d+)⟧", text)]
    if any(cl.main_relations(p.tokens) for p in chosen):
        return []
    return [item for p in chosen for item in read_items(cl.strip(p.tokens), scribe.places, scribe.usage)]


def _matched(kinds: list[str], values: list[Syntax], subjects: list[Syntax]) -> Iterator[tuple[str, Syntax, Syntax]]:
    """Each value with its kind and its subject: many kinds of one, or one kind of many."""
    if len(values) < 2 or not all(map(plain, values)) or not all(map(given, subjects)):
        return
    if len(kinds) == len(values) and len(subjects) == 1:
        yield from ((kind, value, subjects[0]) for kind, value in zip(kinds, values, strict=True))
    elif len(kinds) == 1 and len(subjects) == len(values):
        yield from ((kinds[0], value, subject) for value, subject in zip(values, subjects, strict=True))
    elif len(kinds) == 1 and not subjects:
        named = [_named_below(value) for value in values]
        if all(subject is not None for subject in named):
            yield from ((kinds[0], v, s) for v, s in zip(values, named, strict=True) if s is not None)


def _named_below(value: Syntax) -> sx.Name | None:
    r"""The X of `\mu_X` and `\sigma_X^2`."""
    base = value.base if isinstance(value, sx.Power) else value
    match base:
        case sx.Name(_, (sx.Name(letter, (), ()) as subject,), ()) if letter not in NO_SUBJECT:
            return subject
    return None
