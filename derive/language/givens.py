"""Raw statements, their shapes closed, to typed givens with a plain reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.language import facts as ft
from derive.language import readings
from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.given_laws import distribution, negated
from derive.language.stated import RawGiven, RawMember
from derive.language.survey import head
from derive.language.symbols import key_of, script_text
from derive.language.traverse import everywhere


@dataclass
class Maker:
    """Makes typed givens from settled terms.  `settle` closes and settles a raw term; `families` says which keys have indices."""

    settle: Any
    latex: Any
    hidden: dict[str, ft.Equation] = field(default_factory=dict)
    stated: set[str] = field(default_factory=set)  # symbols about which something probabilistic is said
    is_random: Any = None
    defined: frozenset[str] = frozenset()  # symbols that other equations define
    laws: dict[str, list[tuple[tm.Term, ...]]] = field(default_factory=dict)  # of normal vectors: mean and covariance

    def make(self, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
        """(JSON kind, reading, givens) of a raw given without a problem."""
        statement = raw.statement
        match statement.kind:
            case "shape" if statement.word == "indexset":
                names = readings.listed([readings.plain(script_text(p)) for p in statement.parts[0]])
                return ("shape", f"{names} runs over 1 to {readings.plain(script_text(statement.dims[0]))}", ())
            case "shape":
                return ("shape", self.shape(raw), ())
            case "kind":
                return ("kind", self.kind(raw), ())
            case "array":
                several = len(raw.members) > 1 or raw.members[0].last is not None
                words = {"vector": ("is a vector", "are vectors"), "matrix": ("is a matrix", "are matrices")}
                return ("shape", f"{self.subjects(raw)} {words[statement.word][several]}", ())
            case "equation":
                return self.equation(raw)
            case "abbreviation" if raw.sides is not None:
                short, long = map(self.text, raw.sides)
                return ("definitions", f"{short} is short for {long}", ())
            case "comparison":
                return self.comparison(raw)
            case "distribution":
                return distribution(self, raw)
            case "result":
                _, reading, _ = distribution(self, raw)
                return ("distribution", f"{reading}; a result, not used", ())
            case "law":
                names = readings.listed([self.text(p) for p in raw.parameters])
                return ("distribution", f"the distribution of {self.subjects(raw)} depends on {names}", ())
            case "independent":
                return self.independent(raw)
            case "uncorrelated":
                return self.uncorrelated(raw)
            case "iid":
                return self.identical(raw)
            case "conditional":
                return self.conditional(raw)
            case "conditionally":
                return self.given_others(raw, statement.word == "iid")
            case "property":
                return self.property(raw)
        return ("unread", "", ())

    def text(self, raw: Any) -> str:
        return readings.plain(self.latex(self.settle(raw)))

    def subjects(self, raw: RawGiven) -> str:
        return self.listed(raw.members)

    def member_text(self, member: RawMember) -> str:
        """`x`, `x_i`, or `x_1, …, x_n` for a family that was written with dots."""
        term = self.settle(member.term)
        first = readings.plain(self.latex(term))
        if member.last is None:
            return f"{first}, …" if member.whole else first
        return f"{first}, …, {readings.plain(self.latex(self.settle(member.last)))}"

    def source(self, raw: RawGiven, reading: str) -> ft.Source:
        return ft.Source(raw.statement.latex, reading, raw.statement.span)

    def shape(self, raw: RawGiven) -> str:
        dims = [readings.plain(str(d)) for d in raw.shape or ()]
        dims = [] if dims == ["1", "1"] else dims[:1] if dims[1:] == ["1"] else dims
        return readings.shaped([self.member_text(m) for m in raw.members], dims, raw.statement.word)

    def kind(self, raw: RawGiven) -> str:
        if not raw.groups:
            names = [readings.plain(key_of(n)) for p in raw.statement.parts[0] if (n := head(p)) is not None]
            what = "a function" if raw.statement.word == "function" else "an index"
            return " and ".join(f"{n} is {what}" for n in names)
        verb = "is" if len(raw.members) == 1 and raw.members[0].last is None else "are"
        return f"{self.subjects(raw)} {verb} {raw.statement.word}"

    def member(self, raw: RawMember) -> ft.Member:
        term = self.settle(raw.term)
        if isinstance(term, tm.Symbol):
            return ft.Member(term.name, () if raw.each or raw.whole or raw.last is not None else term.indices, raw.each)
        if isinstance(term, tm.Entry) and isinstance(term.arg, tm.Symbol) and (raw.each or term.row.base is not None):
            return ft.Member(self.scattered(term).name, (), True)
        return ft.Member("", (), raw.each, term)

    def each_member(self, raw: RawMember) -> ft.Member:
        """In `x_i iid` the index runs through the family."""
        member = self.member(raw)
        running = any(i.base is not None for i in member.indices)
        return ft.Member(member.name, (), True) if running and member.term is None else member

    def scattered(self, entry: tm.Entry) -> tm.Symbol:
        """The family of the components of an array, so that something can be said of each; the array is defined by it."""
        assert isinstance(entry.arg, tm.Symbol)
        array = entry.arg
        flat = array.shape[1] == 1
        indices = (*array.indices, *(tm.Index(x) for x in ("i",) + (() if flat else ("j",))))
        key = array.name + r"_{\bullet}" * len(indices)
        family = tm.Symbol(key, indices)
        if key not in self.hidden:
            rows, columns = tm.Index("i"), tm.Index(None, 1) if flat else tm.Index("j")
            source = ft.Source("", f"the components of {readings.plain(self.latex(array))}")
            self.hidden[key] = ft.Equation(tm.Entry(array, rows, columns), family, "definition", source)
        return family

    def names(self, groups: list[list[RawMember]]) -> list[list[str]]:
        return [[self.member_text(m) for m in g] for g in groups]

    def independent(self, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
        pairwise = raw.pairwise
        groups = raw.groups
        one = len(raw.statement.parts) == 1 or len(groups) == 1
        pairs = self.tuples(raw, tuple(self.each_member(m) for m in raw.members)) if one else []
        if len(pairs) == 1:
            reading = (
                f"the ({', '.join(self.member_text(m) for m in raw.members)}) are {'pairwise ' * pairwise}independent"
            )
            return ("dependence", reading, (ft.Independent(tuple(pairs), self.source(raw, reading), pairwise),))
        if len(groups) == 1:
            groups = [[m] for m in groups[0]]
        alone = len(groups) == 1
        made = tuple(tuple(self.each_member(m) if alone else self.member(m) for m in g) for g in groups)
        schematic = any(i.base is not None for g in made for m in g for i in m.indices)
        each = [any(m.each for m in g) for g in made]
        reading = readings.independent(self.names(groups), each, pairwise, schematic)
        distinct = tuple(raw.distinct) if schematic else ()
        given = ft.Independent(made, self.source(raw, reading), pairwise, schematic, distinct=distinct)
        return ("dependence", reading, (given,))

    def uncorrelated(self, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
        reading = f"{self.subjects(raw)} are uncorrelated"
        members = tuple(self.each_member(m) for m in raw.members)
        return ("dependence", reading, (ft.Uncorrelated(members, self.source(raw, reading)),))

    def identical(self, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
        members = tuple(self.each_member(m) for m in raw.members)
        only = "identical" in raw.statement.flags
        how = "identically distributed" if only else "independent and identically distributed"
        tuples = self.tuples(raw, members)
        if tuples:
            return self.identical_tuples(raw, tuples, how, only)
        reading = f"{self.subjects(raw)} are {how}"
        source = self.source(raw, reading)
        same = ft.Identical(members, source)
        if only:
            return ("dependence", reading, (same,))
        return ("dependence", reading, (ft.Independent(tuple((m,) for m in members), source), same))

    def tuples(self, raw: RawGiven, members: tuple[ft.Member, ...]) -> list[tuple[ft.Member, ...]]:
        """The members of `(x_i, y_i)` or `(X, Y), (X', Y')`, tuple by tuple; none where the subjects are others."""
        sizes = [
            len(part.item.items)
            for part in raw.statement.parts[0]
            if isinstance(part, sx.Bracketed) and isinstance(part.item, sx.Tuple_)
        ]
        plain = all(m.last is None for m in raw.members) and all(m.term is None for m in members)
        if (
            not plain
            or len(sizes) != len(raw.statement.parts[0])
            or sum(sizes) != len(members)
            or max(sizes, default=0) < 2
        ):
            return []
        found = [members[sum(sizes[:k]) : sum(sizes[: k + 1])] for k in range(len(sizes))]
        running = all(m.each for m in members)
        apart = len(sizes) > 1 and len(set(sizes)) == 1 and not any(m.each for m in members)
        return found if apart or (running and len(sizes) == 1) else []

    def identical_tuples(
        self, raw: RawGiven, tuples: list[tuple[ft.Member, ...]], how: str, only: bool
    ) -> tuple[str, str, tuple[ft.Given, ...]]:
        """The tuples are alike and independent of each other; inside a tuple nothing is said."""
        texts = [self.member_text(m) for m in raw.members]
        size = len(tuples[0])
        names = [f"({', '.join(texts[k : k + size])})" for k in range(0, len(texts), size)]
        reading = f"the {'pairs' if size == 2 else 'tuples'} {readings.listed(names)} are {how}"
        source = self.source(raw, reading)
        same = tuple(ft.Identical(tuple(column), source) for column in zip(*tuples, strict=True))
        if only:
            return ("dependence", reading, same)
        return ("dependence", reading, (ft.Independent(tuple(tuples), source, alike=True), *same))

    def conditional(self, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
        left, right, given = (tuple(self.member(m) for m in g) for g in raw.groups[:3])
        names = [readings.group(n) for n in self.names(raw.groups)]
        reading = f"{names[0]} is independent of {names[1]} given {names[2]}"
        return ("dependence", reading, (ft.ConditionallyIndependent(left, right, given, self.source(raw, reading)),))

    def given_others(self, raw: RawGiven, alike: bool) -> tuple[str, str, tuple[ft.Given, ...]]:
        """Independence, or independence with one law, given other variables."""
        several, known = raw.groups
        alone = len(several) == 1
        members = [self.each_member(m) if alone or alike else self.member(m) for m in several]
        given = tuple(self.member(m) for m in known)
        how = "independent and identically distributed" if alike else "independent"
        reading = f"given {readings.listed([self.member_text(m) for m in known])}, {self.listed(several)} are {how}"
        source = self.source(raw, reading)
        found = ft.IndependentGiven(tuple((m,) for m in members), given, source, alike)
        return ("dependence", reading, (found, ft.Identical(tuple(members), source)) if alike else (found,))

    def listed(self, members: list[RawMember]) -> str:
        return readings.listed([self.member_text(m) for m in members])

    def property(self, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
        verb = "is" if len(raw.members) == 1 else "are"
        article = "of " if raw.statement.word.startswith("full") else ""
        reading = f"{self.subjects(raw)} {verb} {article}{raw.statement.word}"
        source = self.source(raw, reading)
        return (
            "properties",
            reading,
            tuple(ft.Property(self.settle(m.term), raw.statement.word, source) for m in raw.members),
        )

    def comparison(self, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
        assert raw.sides is not None
        left, right = (self.settle(s) for s in raw.sides)
        reading = f"{readings.plain(self.latex(left))} {readings.plain(raw.statement.word)} {readings.plain(self.latex(right))}"
        source, relation = self.source(raw, reading), raw.statement.word
        match left, right:
            case tm.Function("abs", (tm.Symbol() as inside,)), tm.Number(value) if relation in BELOW:
                low, high = (
                    ft.Comparison(inside, r, tm.Number(v), source)
                    for r, v in ((BELOW[relation], -value), (relation, value))
                )
                return ("properties", reading, (low, high))
        return ("properties", reading, (ft.Comparison(left, relation, right, source),))

    # -- equations ----------------------------------------------------------------------------

    def equation(self, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
        assert raw.sides is not None
        left, right = (self.settle(s) for s in raw.sides)
        words = f"{readings.plain(self.latex(left))} = {readings.plain(self.latex(right))}"
        match left:
            case tm.Pow(tm.SquaredNorm() as square, tm.Number(power)) if power == Fraction(1, 2):
                left, right = square, tm.Pow(right, tm.number(2))  # a norm is not negative
        if left == right:
            return ("definitions", f"{words} (the same thing)", ())
        distinct = tuple(raw.distinct)
        if distinct:
            words += " for " + readings.listed([f"{a.base or a.offset} ≠ {b.base or b.offset}" for a, b in distinct])
        if isinstance(right, tm.Transpose) and right.arg == left:
            return self._one(
                "properties",
                f"{readings.plain(self.latex(left))} is symmetric",
                raw,
                lambda s: ft.Property(left, "symmetric", s),
            )
        if is_moment(left):
            return self._one("moments", words, raw, lambda s: ft.Equation(left, right, "moment", s, distinct))
        if is_moment(right) and isinstance(left, tm.Number):
            return self._one("moments", words, raw, lambda s: ft.Equation(right, left, "moment", s, distinct))
        turned = self.turned(left, right)
        if turned is not None:
            words = f"{readings.plain(self.latex(turned[0]))} = {readings.plain(self.latex(turned[1]))}"
            return self._one("definitions", words, raw, lambda s: ft.Equation(*turned, "definition", s, distinct))
        if is_definition(left, right, raw.statement.word == ":="):
            return self._one("definitions", words, raw, lambda s: ft.Equation(left, right, "definition", s, distinct))
        if is_definition(right, left, False) and not isinstance(left, (tm.Symbol, tm.Number)):
            return self._one("definitions", words, raw, lambda s: ft.Equation(right, left, "definition", s, distinct))
        kind, reading, givens = self._one(
            "premises", words, raw, lambda s: ft.Equation(left, right, "premise", s, distinct)
        )
        square = orthogonal(left, right)
        if square is not None:
            givens = (*givens, ft.Property(square, "orthogonal", self.source(raw, reading)))
        return (kind, reading, givens)

    def turned(self, left: tm.Term, right: tm.Term) -> tuple[tm.Term, tm.Term] | None:
        """`Y = X - \\mu` with facts about Y and none about X says what X is: (X, Y + \\mu)."""
        if not isinstance(left, tm.Symbol) or left.name not in self.stated or not isinstance(right, tm.Add):
            return None
        free = [
            a for a in right.args if isinstance(a, tm.Symbol) and a.name not in self.stated and self.is_random(a.name)
        ]
        if free and all(a.name in self.defined for a in free):
            return self.solved(left, right)
        others = [a for a in right.args if not free or a is not free[0]]
        if len(free) != 1 or any(
            isinstance(t, tm.Symbol) and t.name == free[0].name for a in others for t in everywhere(a)
        ):
            return None
        return free[0], tm.Add((left, *(negated(a) for a in others)))

    def solved(self, left: tm.Symbol, right: tm.Add) -> tuple[tm.Term, tm.Term] | None:
        """`e = x - \\hat{x}` with x defined elsewhere says what the other symbol is: (\\hat{x}, x - e)."""
        unknown = [
            (a, s) for a in right.args if (s := subtracted(a)) is not None and s.name not in self.stated | self.defined
        ]
        if len(unknown) != 1:
            return None
        (term, symbol), *_ = unknown
        others = tuple(a for a in right.args if a is not term)
        if any(isinstance(t, tm.Symbol) and t.name == symbol.name for a in others for t in everywhere(a)):
            return None
        return symbol, tm.Add((*others, negated(left)))

    def _one(self, kind: str, reading: str, raw: RawGiven, make: Any) -> tuple[str, str, tuple[ft.Given, ...]]:
        return (kind, reading, (make(self.source(raw, reading)),))


def subtracted(term: tm.Term) -> tm.Symbol | None:
    """x of −x."""
    match term:
        case tm.Mul((tm.Number(value), tm.Symbol() as symbol)) if value == -1:
            return symbol
    return None


def is_moment(term: tm.Term) -> bool:
    """A moment, or a number times one."""
    match term:
        case tm.Expectation() | tm.Variance() | tm.Covariance() | tm.Correlation():
            return True
        case tm.Entry(arg) | tm.Transpose(arg) | tm.Trace(arg):
            return is_moment(arg)
        case tm.Pow(base, tm.Number()):
            return is_moment(base)
    return False


def is_definition(left: tm.Term, right: tm.Term, forced: bool) -> bool:
    """Whether the left side is a symbol, an entry, an application or the square of one that the right does not contain."""
    head = left.base if isinstance(left, tm.Pow) and left.exponent == tm.number(2) else left
    head = head.arg if isinstance(head, tm.Entry) else head
    if isinstance(head, tm.Symbol):
        return all(not (isinstance(t, tm.Symbol) and t.name == head.name) for t in everywhere(right)) or (
            forced and isinstance(left, tm.Symbol) and all(t != left for t in everywhere(right))
        )
    if isinstance(head, tm.Function):
        return all(not (isinstance(t, tm.Function) and t.name == head.name) for t in everywhere(right))
    return False


def orthogonal(left: tm.Term, right: tm.Term) -> tm.Term | None:
    """Q of `Q^\\top Q = I` when Q is square."""
    match left, right:
        case tm.Mul((tm.Transpose(a), b)), tm.Identity() if a == b and a.shape[0] == a.shape[1]:
            return a
        case tm.Mul((a, tm.Transpose(b))), tm.Identity() if a == b and a.shape[0] == a.shape[1]:
            return a
    return None


BELOW = {"<": ">", r"\le": r"\ge", r"\leq": r"\geq"}  # |a| < 1 is a > -1 and a < 1
SUPPORTS = frozenset({"binary", "sign", "natural", "integer", "positive", "unit"})


def supports(statement: sx.Statement) -> str:
    """The support that the set of a shape statement says."""
    return statement.word if statement.word in SUPPORTS else "real"
