r"""Distributions that words name: “i.i.d. Bernoulli variables with success probability $p$”, “normal with mean $m$ and variance $v$”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Statement, Syntax
from derive.source import clauses as cl
from derive.source.distributions import ARITIES, BY_NAME
from derive.source.grammar import read_items
from derive.source.pieces import Piece
from derive.source.places import ReadError
from derive.source.statements import Scribe
from derive.source.subjects import schematic

UNKNOWN = re.compile(
    r"\b(?:(?:geometric|hypergeometric|negative binomial|weibull|pareto|cauchy|logistic|gumbel|rayleigh|log-?normal|log-normally|"
    r"inverse[- ]gamma|student(?:'s)?[- ]t|half-normal|truncated normal|von mises|discrete(?:ly)? uniform(?:ly)?)(?:ally|ly)?)\s+"
    r"(?:distributed|distributions?|random variables?|variables?)\b",
    re.IGNORECASE,
)
NAMES = "normal|gaussian|bernoulli|poisson|exponential|gamma|beta|binomial|laplace|uniform"
M = r"⟦(\d+)⟧"
NOUNS = r"(?:\s+(?:random|variables?|vectors?|distributions?|laws?|noise|errors?|trials?|r\.?v\.?'?s?\.?))*"
LAW = re.compile(
    rf"\b(?:(?:multivariate|univariate|jointly|bivariate)\s+)*({NAMES})(?:ly)?(?:\s+distributed)?{NOUNS}(?:\s+{M})?,?"
    rf"\s*(?:each\s+|all\s+|both\s+)*(?:with|having|of|on|over|in)\s+(?:(?:an?|the|common|same|unknown|known|its)\s+)*",
    re.IGNORECASE,
)
BETWEEN = re.compile(
    r"(?:\s|,|\b(?:is|are|be|being|each|both|all|has|have|follows?|an?|the|i\.?i\.?d\.?|iid|independent(?:ly)?|identically|distributed|"
    r"and|random|variables?|vectors?|which|that|following|from|drawn|sampled|mutually|scalars?|real|two|three|several|some)\b\.?)*",
    re.IGNORECASE,
)
MEAN = rf"(?:mean(?:\s+vector)?\s*{M}|(zero[- ]mean|mean[- ]zero|zero mean))"
SPREAD = rf"(?:(variance|covariance(?:\s+matrix)?|standard deviation)\s*{M}|(unit variance|identity covariance))"
NORMAL = re.compile(
    rf"{MEAN}\s*(?:,|and)?\s*(?:and\s+)?(?:(?:an?|the|common|known|unknown)\s+)*{SPREAD}", re.IGNORECASE
)
ONE = re.compile(
    rf"(success probability|probability(?: of success)?|parameter|rate|mean|intensity)(?:\s+parameter)?\s*(?:of\s+|equal to\s+)?{M}",
    re.IGNORECASE,
)
LIST = r"(⟦\d+⟧(?:\s*(?:,\s*and|,|and)\s*⟦\d+⟧)*)"
EACH_ONE = re.compile(  # “with rates ⟦a⟧ and ⟦b⟧”
    rf"(success probabilities|probabilities|parameters|rates|means|intensities)\s*(?:of\s+)?{LIST}", re.IGNORECASE
)
EACH_NORMAL = re.compile(
    rf"means\s*{LIST},?\s*and\s+(?:(?:the|common|known|unknown)\s+)*(variances?|standard deviations?)\s*{LIST}",
    re.IGNORECASE,
)
SHAPE = re.compile(rf"shape(?:\s+parameter)?\s*{M},?\s*and\s+(rate|scale)(?:\s+parameter)?\s*{M}", re.IGNORECASE)
MANY = re.compile(rf"parameters?\s*{M}(?:\s*(?:,|and)\s*{M})?", re.IGNORECASE)
INTERVAL = re.compile(rf"(?:the\s+)?(?:unit\s+)?(?:interval\s+)?{M}", re.IGNORECASE)
MARKS = re.compile(r"⟦\d+⟧(?:\s*(?:,\s*and|,|and)\s*⟦\d+⟧)*")
ZERO, UNIT = sx.Numeral(Fraction(0)), sx.Numeral(Fraction(1))


Pairs = tuple[list[tuple[Syntax, tuple[Syntax, ...]]], int]


@dataclass
class Reader:
    scribe: Scribe
    text: str
    pieces: list[Piece]

    def taken(self) -> tuple[str, list[Statement]]:
        """The text without the laws that words name, and their statements."""
        found: list[Statement] = []
        place = 0
        while (law := LAW.search(self.text, place)) is not None:
            place = law.end()
            try:
                made = self.law(law)
            except ReadError:
                continue
            if made is not None:
                statements, end = made
                found.extend(statements)
                own = f" ⟦{law.group(2)}⟧" if law.group(2) else ""
                self.text = self.text[: law.start()] + "random variables" + own + " " + self.text[end:]
                place = law.start()
        return self.text, [*found, *self.unknown()]

    def unknown(self) -> list[Statement]:
        """Laws that are only known by name: of what follows them nothing can be refuted."""
        named = UNKNOWN.search(self.text)
        marks = self.subjects(named.start()) if named is not None else []
        if not marks:
            return []
        tokens = [t for m in marks for t in self.pieces[int(m)].tokens]
        if any(t.text == r"\sim" for t in tokens):
            return []  # the formula says it
        subjects = tuple(s for m in marks for s in self.scribe.subjects(cl.cut(self.pieces[int(m)].tokens)[0][0]))
        return [self.scribe.make("distribution", (subjects, ()), tokens, word="Unknown")]

    def law(self, law: re.Match[str]) -> tuple[list[Statement], int] | None:
        word = BY_NAME[law.group(1).capitalize()]
        marks = [law.group(2)] if law.group(2) else self.subjects(law.start())
        if not marks:
            return None
        tokens = [t for m in marks for t in self.pieces[int(m)].tokens]
        subjects = tuple(s for m in marks for s in self.scribe.subjects(cl.cut(self.pieces[int(m)].tokens)[0][0]))
        if (parameters := self.parameters(word, law.end())) is not None:
            values, end = parameters
            return [self.scribe.make("distribution", (subjects, values), tokens, word=word)], end
        if (several := self.each(word, law.end(), schematic(subjects))) is None:
            return None
        pairs, end = several
        return [self.scribe.make("distribution", ((one,), values), tokens, word=word) for one, values in pairs], end

    def each(self, word: str, place: int, subjects: list[Syntax]) -> Pairs | None:
        """A parameter for each subject: “Poisson with rates ⟦a⟧ and ⟦b⟧”."""
        if word == "Normal":
            found = EACH_NORMAL.match(self.text, place)
            lists = [found.group(1), found.group(3)] if found is not None else []
        else:
            found = EACH_ONE.match(self.text, place) if ARITIES[word] == (1,) else None
            lists = [found.group(2)] if found is not None else []
        if found is None or (len(subjects) < 2 and not isinstance(subjects[0], sx.Name)):
            return None
        columns = [schematic(tuple(v for m in re.findall(r"⟦(\d+)⟧", part) for v in self.items(m))) for part in lists]
        if word == "Normal" and len(columns[1]) == 1:  # “means a and b and variance v”
            columns[1] *= len(subjects)
        if any(len(column) != len(subjects) for column in columns):
            return None
        if word == "Normal" and found.group(2).lower().startswith("standard"):
            columns[1] = [sx.Power(v, sx.Numeral(Fraction(2))) for v in columns[1]]
        if word == "Exponential" and found.group(1).lower() == "means":
            columns[0] = [sx.Fraction_(UNIT, v) for v in columns[0]]
        return list(zip(subjects, zip(*columns, strict=True), strict=True)), found.end()

    def subjects(self, end: int) -> list[str]:
        """The marks in front, with nothing but verbs and the like between."""
        groups = [m for m in MARKS.finditer(self.text, 0, end)]
        if not groups or not BETWEEN.fullmatch(self.text, groups[-1].end(), end):
            return []
        return re.findall(r"⟦(\d+)⟧", groups[-1].group())

    def items(self, mark: str) -> list[Syntax]:
        tokens = cl.strip(self.pieces[int(mark)].tokens)
        if cl.main_relations(tokens):
            return []
        while len(tokens) > 2 and tokens[0].kind == "open" and min(cl.levels(tokens)) > 0:
            tokens = cl.strip(tokens[1:-1])
        return list(read_items(tokens, self.scribe.places, self.scribe.usage))

    def parameters(self, word: str, place: int) -> tuple[tuple[Syntax, ...], int] | None:
        if word == "Normal":
            return self.normal(place)
        if word == "Uniform":
            found = INTERVAL.match(self.text, place)
            ends = (
                self.items(found.group(1)) if found and self.pieces[int(found.group(1))].tokens[0].text in "[(" else []
            )
            return (tuple(ends), found.end()) if found is not None and len(ends) == 2 else None
        if word == "Gamma" and (shape := SHAPE.match(self.text, place)) is not None:
            first, second = self.items(shape.group(1)), self.items(shape.group(3))
            if len(first) == len(second) == 1:
                rate = sx.Fraction_(UNIT, second[0]) if shape.group(2).lower() == "scale" else second[0]
                return (first[0], rate), shape.end()
        if (many := MANY.match(self.text, place)) is not None:
            values = [v for m in many.groups() if m for v in self.items(m)]
            return (tuple(values), many.end()) if len(values) in ARITIES[word] else None
        one = ONE.match(self.text, place)
        if one is None or ARITIES[word] != (1,):
            return None
        values = self.items(one.group(2))
        if len(values) != 1 or (one.group(1).lower() == "mean" and word == "Bernoulli"):
            return None
        value = values[0]
        if one.group(1).lower() == "mean" and word == "Exponential":
            value = sx.Fraction_(UNIT, value)
        return (value,), one.end()

    def normal(self, place: int) -> tuple[tuple[Syntax, ...], int] | None:
        found = NORMAL.match(self.text, place)
        if found is None:
            return None
        mean, _, kind, spread, unit = found.groups()
        centre = self.items(mean) if mean else [ZERO]
        width = self.items(spread) if spread else [sx.Name("I") if unit.lower().startswith("id") else UNIT]
        if len(centre) != 1 or len(width) != 1:
            return None
        if kind and kind.lower() == "standard deviation":
            width = [sx.Power(width[0], sx.Numeral(Fraction(2)))]
        return (centre[0], width[0]), found.end()


def take_named_laws(scribe: Scribe, text: str, pieces: list[Piece]) -> tuple[str, list[Statement]]:
    return Reader(scribe, text, pieces).taken()
