"""Which links of a document's chains define: an undefined symbol alone on one side of `=`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.dimensions import Listed
from derive.language.roles import AVERAGING, outside_functions, outside_symbols
from derive.language.stated import RawGiven
from derive.language.traverse import everywhere

EVERYWHERE = frozenset({"block", "option", "find"})
EQUALITY = frozenset({"=", ":="})
ELEMENTARY = frozenset(
    "abs log exp sin cos tan tanh cosh sinh vec "
    "max min binom gamma sign rank relu sqrt arg argmax argmin lim sup inf beta factorial".split()
)
NAMED = re.compile(r"\\(?:mathrm|text|operatorname|mathit|textrm)\{[A-Za-z]{2,}\}")  # \mathrm{RSS}
Place = tuple[int, int]


def main_symbol(term: Any) -> str | None:
    """The symbol that a statement about the term speaks of."""
    while not isinstance(term, tm.Symbol):
        inner = getattr(term, "arg", None)
        if inner is None or isinstance(term, (tm.Expectation, tm.Variance)):
            return None
        term = inner
    return term.name


def defined_name(term: Any) -> str | None:
    """What an equation with this raw term alone on its left defines: a symbol or function, perhaps squared or indexed."""
    if isinstance(term, tm.Pow) and term.exponent == tm.number(2):
        term = term.base
    if isinstance(term, tm.Function):
        return None if term.name in ELEMENTARY else term.name
    return main_symbol(term) if isinstance(term, tm.Symbol) or hasattr(term, "indices") else None


def heads_in(term: Any) -> set[str]:
    """Names of all symbols and functions in a raw term."""
    return {t.name for t in everywhere(term) if isinstance(t, (tm.Symbol, tm.Function))}


def is_abbreviation(left: Any, right: Any) -> bool:
    """`f = f(x)`: the symbol is short for the value of the function of the same name."""
    return isinstance(left, tm.Symbol) and isinstance(right, tm.Function) and left.name == right.name


class Definitions:
    """Finds the defining links, in the order of the text.

    `known`: names that have been used in a given or a chain before; `stated`: those of which it has been said what they are;
    `parameters`: those that are only named in a distribution, which an explicit matrix may still spell out.
    """

    def __init__(
        self,
        document: sx.Document,
        members: dict[Place, Any],
        raws: list[RawGiven],
        supposed: dict[int, list[RawGiven]] | None = None,
    ):
        """`supposed`: what single chains suppose for themselves; it says nothing to the others."""
        self.document = document
        self.members = members
        self.known: set[str] = set()
        self.stated: set[str] = set()
        self.parameters: set[str] = set()
        self.made_of: dict[str, set[str]] = {}  # what givens define: the names on the right
        self.found: dict[Place, Any] = {}
        self.recalled: set[int] = set()  # chains whose definitions are those of a theorem alone
        self.supposed = supposed or {}
        self.ahead = sorted((r for r in raws if not holds_everywhere(r)), key=lambda r: r.statement.span.start)
        self.note(r for r in raws if holds_everywhere(r))

    def note(self, raws: Iterable[RawGiven]) -> None:
        """What statements name, and of what they say what it is."""
        for raw in raws:
            if "concluded" in raw.statement.flags:
                continue
            if raw.statement.kind not in ("shape", "kind", "law"):
                self.known |= {n for t in raw.terms() for n in heads_in(t)}
                self.stated |= self.said_of(raw)
                self.parameters |= {n for t in raw.parameters for n in heads_in(t)}
            if raw.statement.kind == "distribution":
                self.parameters |= {name for m in raw.members if (name := main_symbol(m.term))}

    def said_of(self, raw: RawGiven) -> set[str]:
        """Of what an equation says what it is: in `y = Xβ + e` only of y, in `BX = 0` of both."""
        left, right = raw.sides or (None, None)
        name = defined_name(left) if raw.statement.kind == "equation" else None
        if name is not None and name not in heads_in(right) and name not in self.stated:
            self.made_of.setdefault(name, set()).update(heads_in(right))
            return {name}
        return {n for t in raw.sides or () for n in outside_symbols(t) | outside_functions(t)}

    def reaches(self, term: Any, name: str) -> bool:
        """Whether the term is made of the name, through what givens define."""
        seen: set[str] = set()
        todo = heads_in(term)
        while todo:
            seen |= todo
            todo = {n for one in todo for n in self.made_of.get(one, ())} - seen
        return name in seen

    def note_until(self, start: int) -> None:
        """Prose speaks from its place on."""
        while self.ahead and self.ahead[0].statement.span.start < start:
            self.note([self.ahead.pop(0)])

    def search(self) -> dict[Place, Any]:
        """(item, link) -> the raw term that is defined there."""
        for place, item in enumerate(self.document.items):
            if isinstance(item, sx.Chain) and not item.lower:
                self.note_until(item.span.end)
                kept = set(self.known), set(self.stated), set(self.parameters)
                self.note(self.supposed.get(place, ()))
                self.recall(place)
                self.chain(place, item)
                if self.supposed.get(place):  # a theorem that is recalled has letters of its own
                    self.known, self.stated, self.parameters = kept
                for k in range(len(item.members)):
                    self.known |= self.heads(place, k)
        return self.found

    def recall(self, place: int) -> None:
        r"""In `x \sim D \Rightarrow y = Ax` y is a letter of the theorem that is recalled, whatever it is elsewhere."""
        name, side = defined_name(self.members.get((place, 0))), self.members.get((place, 1))
        subjects = {main_symbol(m.term) for raw in self.supposed.get(place, ()) for m in raw.members}
        known = self.known | self.stated | self.parameters
        if name in known and side is not None and subjects & heads_in(side) and name not in heads_in(side):
            self.recalled.add(place)
            self.known.discard(name)
            self.stated.discard(name)
            self.parameters.discard(name)

    def chain(self, place: int, chain: sx.Chain) -> None:
        earlier: set[str] = set()  # names in the lines before a link
        for k, link in enumerate(chain.links):
            if link.symbol in EQUALITY:
                self.link(place, k, link, earlier)
            earlier |= self.heads(place, k)

    def heads(self, place: int, k: int) -> set[str]:
        return heads_in(self.members[place, k]) if (place, k) in self.members else set()

    def link(self, place: int, k: int, link: sx.ChainLink, earlier: set[str]) -> None:
        a, b = self.members.get((place, k)), self.members.get((place, k + 1))
        if a is None or b is None:
            return
        for one, other, leads in ((a, b, True), (b, a, False)):
            name = defined_name(one)
            if name is None or name in heads_in(other):
                continue
            first = k == 0 or (k == 1 and (place, 0) in self.found)  # `y = f(x) = …` defines both
            if self.defines(name, other, leads, first or link.symbol == ":=", earlier, link.symbol == ":="):
                self.found[place, k] = one
                self.known.add(name)
                self.stated.add(name)
                return

    def defines(self, name: str, other: Any, leads: bool, first: bool, earlier: set[str], forced: bool) -> bool:
        if forced and leads:
            return True
        if name in self.stated or ((is_bare(other) or is_outline(other)) and self.richer(name)):
            return False
        if name not in self.known | earlier and (name not in self.parameters):
            return True
        # in front of its equation a symbol may have been used before, as long as nothing said what it is
        if not (leads and first) or self.reaches(other, name):
            return False
        return name not in self.parameters or spells_out(other)

    def richer(self, name: str) -> bool:
        """Whether some chain begins with the name and an expression, not with just another symbol."""
        return any(
            isinstance(item, sx.Chain)
            and (place, 1) in self.members
            and defined_name(self.members.get((place, 0))) == name
            and not is_bare(self.members[place, 1])
            and not is_outline(self.members[place, 1])
            for place, item in enumerate(self.document.items)
        )


def holds_everywhere(raw: RawGiven) -> bool:
    """Given blocks and options speak of the whole document, wherever they stand."""
    return raw.statement.origin in EVERYWHERE


def is_bare(term: Any) -> bool:
    return isinstance(term, tm.Symbol)


def is_outline(term: Any) -> bool:
    """Named quantities alone, `TSS = ESS + RSS`: what they are is said elsewhere."""
    heads = heads_in(term)
    return bool(heads) and all(NAMED.fullmatch(name) for name in heads)


def spells_out(term: Any) -> bool:
    """An explicit matrix without averages: it says what a parameter is, and contradicts nothing."""
    explicit = isinstance(term, (tm.Matrix, tm.Entries, Listed, tm.Diagonal))
    return explicit and not any(isinstance(t, AVERAGING) for t in everywhere(term))
