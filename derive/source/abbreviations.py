"""“We write $f$ for $f(x)$”: a shorter name for an expression."""

from __future__ import annotations

import re

from derive.language import syntax as sx
from derive.language.syntax import Statement
from derive.source import clauses as cl
from derive.source.grammar import read
from derive.source.pieces import Piece
from derive.source.places import ReadError
from derive.source.statements import Scribe

ONE, OTHER = r"⟦(?P<name>\d+)⟧", r"⟦(?P<long>\d+)⟧"
STANDING = (
    r"(?:for|instead of|in place of|rather than|as (?:a )?(?:short-?hand|abbreviation) for|short for|to denote|to mean)"
)
FORMS = [
    re.compile(rf"\b(?:write|writing|use|using|put)\s+(?:simply\s+|just\s+|briefly\s+)?{ONE}\s+{STANDING}\s+{OTHER}"),
    re.compile(rf"{ONE}\s+(?:stands for|(?:is|as) (?:a )?short-?hand for|is short for|abbreviates|denotes)\s+{OTHER}"),
    re.compile(
        rf"\b(?:abbreviate|abbreviating|shorten|denote|denoting|write|writing)\s+{OTHER}\s+"
        rf"(?:by|as|to|simply as|simply by|for short by)\s+{ONE}"
    ),
]
ALSO = re.compile(rf"\s*(?:,|and|,\s*and)\s+{ONE}\s+for\s+{OTHER}")  # “write f for f(x) and g for g(x)”
DENIED = re.compile(r"\b(?:not|never|cannot|could|would|don't|sometimes|some authors|often)\b")


def abbreviations(scribe: Scribe, text: str, pieces: list[Piece]) -> list[Statement]:
    """What the sentence says of names that stand for longer expressions."""
    lower = text.lower()
    if DENIED.search(lower):
        return []
    pairs: dict[tuple[int, int], None] = {}
    for form in FORMS:
        hit = form.search(lower)
        while hit is not None:
            pairs[int(hit["name"]), int(hit["long"])] = None
            hit = ALSO.match(lower, hit.end())
    return [s for name, long in pairs for s in _stated(scribe, pieces[name], pieces[long])]


def _stated(scribe: Scribe, name: Piece, long: Piece) -> list[Statement]:
    if any(cl.main_relations(p.tokens) for p in (name, long)):
        return []
    try:
        left = read(cl.strip(name.tokens), scribe.places, scribe.usage)
        right = read(cl.strip(long.tokens), scribe.places, scribe.usage)
    except ReadError:
        return []
    if not isinstance(left, sx.Name) or isinstance(right, (sx.Name, sx.Numeral, sx.Tuple_)):
        return []
    return [scribe.make("equation", ((left, right), ()), [*name.tokens, *long.tokens], word="=")]
