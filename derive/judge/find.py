"""Unknowns that the checker is asked to find: a `find` block before an equation.

    \\mathbf{k} \\in \\{0,1\\}^3     every value is tried, and all that make the equation true are reported
    \\mathbf{v} \\in \\mathbb{R}^2    the components in which the equation is linear are solved for

The equation is read for all values of everything else.  A solution that is the only one defines the unknown for what
follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from derive.judge.evidence import exact_of
from derive.judge.linear import solve
from derive.judge.verdict import Judgement
from derive.kernel.monomials import Poly
from derive.kernel.normal import NotCovered
from derive.kernel.proof import Proof, components, is_genuine, normal_form, prove
from derive.language.facts import Claim, Equation, Facts, Source
from derive.language.terms import Matrix, Number, Symbol, Term, number, walk
from derive.language.typed import Elaborated, TypedStep
from derive.witnesses.finite import examine

MOST_TRIES = 4096
SHOWN = 6


@dataclass(frozen=True)
class Answer:
    """What was found for a step.  `solutions`: values of the unknowns by component; `tries`: 0 when solved for."""

    unknowns: tuple[Symbol, ...]
    solutions: tuple[tuple[tuple[Fraction, ...], ...], ...]
    tries: int
    proof: Proof | None
    reason: str = ""

    @property
    def message(self) -> str:
        names = ", ".join(f"${u.name}$" for u in self.unknowns)
        if self.reason:
            return f"No value of {names} was found: {self.reason}."
        if not self.solutions:
            return f"No value of {names} makes this true" + (f"; all {self.tries} were tried." if self.tries else ".")
        shown = "; or ".join(_written(self.unknowns, s) for s in self.solutions[:SHOWN])
        more = len(self.solutions) - SHOWN
        shown += f"; and {more} more" if more > 0 else ""
        if not self.tries:
            return f"Holds exactly for {shown}."
        count = "one" if len(self.solutions) == 1 else str(len(self.solutions))
        return f"Holds for {count} of the {self.tries} possible values: {shown}."


def _written(unknowns: tuple[Symbol, ...], solution: tuple[tuple[Fraction, ...], ...]) -> str:
    parts = []
    for unknown, values in zip(unknowns, solution, strict=True):
        entries = ", ".join(str(v) for v in values)
        parts.append(f"${unknown.name} = [{entries}]^\\top$" if len(values) > 1 else f"${unknown.name} = {entries}$")
    return ", ".join(parts)


def unknown_names(elaborated: Elaborated) -> dict[str, int]:
    """Names of the unknowns, and where in the text they are asked for."""
    found: dict[str, int] = {}
    for given in elaborated.givens:
        if given.statement.origin == "find":
            subjects = given.statement.latex.split("\\in")[0]
            for part in subjects.split(","):
                found[part.strip().replace(" ", "")] = given.statement.span.start
    return found


def unknowns_of(step: TypedStep, asked: dict[str, int]) -> tuple[Symbol, ...]:
    """The unknowns in a claim that stands behind the block that asks for them."""
    if step.claim is None:
        return ()
    found: dict[str, Symbol] = {}
    for side in (step.claim.lhs, step.claim.rhs):
        for term in walk(side):
            if isinstance(term, Symbol) and asked.get(term.name.replace(" ", ""), 1 << 60) < step.link.span.start:
                found.setdefault(term.name, term)
    return tuple(found.values())


def answer(claim: Claim, unknowns: tuple[Symbol, ...]) -> Answer:
    """All values of the unknowns for which the claim is proved."""
    supports = {claim.facts.symbols[u.name].support for u in unknowns if u.name in claim.facts.symbols}
    if supports == {"binary"}:
        return _tried(claim, unknowns)
    return _solved(claim, unknowns)


def _size(unknown: Symbol) -> int | None:
    rows, columns = unknown.shape
    return rows if isinstance(rows, int) and columns == 1 else None


def _tried(claim: Claim, unknowns: tuple[Symbol, ...]) -> Answer:
    sizes = [_size(u) for u in unknowns]
    if any(s is None for s in sizes) or 2 ** sum(s or 0 for s in sizes) > MOST_TRIES:
        return Answer(unknowns, (), 0, None, "there are too many values to try")
    solutions, last, tries = [], None, 0
    for values in _all_values([s or 0 for s in sizes]):
        tries += 1
        result = prove(Claim(claim.lhs, claim.rhs, with_values(claim.facts, unknowns, values), claim.distinct))
        if isinstance(result, Proof):
            solutions.append(values)
            last = result
        elif result.reason:
            return Answer(unknowns, (), 0, None, result.reason)
    return Answer(unknowns, tuple(solutions), tries, last)


def _all_values(sizes: list[int]) -> Iterator[tuple[tuple[Fraction, ...], ...]]:
    for bits in product((1, 0), repeat=sum(sizes)):
        place, values = 0, []
        for size in sizes:
            values.append(tuple(Fraction(b) for b in bits[place : place + size]))
            place += size
        yield tuple(values)


def with_values(facts: Facts, unknowns: tuple[Symbol, ...], values: tuple[tuple[Fraction, ...], ...]) -> Facts:
    """The facts with the unknowns defined by these values."""
    extra = []
    for unknown, entries in zip(unknowns, values, strict=True):
        term: Term = Matrix(tuple((Number(v),) for v in entries)) if len(entries) > 1 else number(entries[0])
        extra.append(
            Equation(unknown, term, "definition", Source(_written((unknown,), (entries,)).strip("$"), "found"))
        )
    return facts.with_(*extra)


def _solved(claim: Claim, unknowns: tuple[Symbol, ...]) -> Answer:
    """Solves for components in which the difference is linear, with every other monomial's coefficient zero."""
    sizes = [_size(u) for u in unknowns]
    if any(s is None for s in sizes):
        return Answer(unknowns, (), 0, None, "its size is not a number")
    columns = {
        (u.name, k): n
        for n, (u, k) in enumerate((u, k) for u, s in zip(unknowns, sizes, strict=True) for k in range(s or 0))
    }
    rows: dict[Any, list[Fraction]] = {}
    try:
        for row, column in components(claim.lhs):
            difference = normal_form(claim.lhs, claim, row, column) - normal_form(claim.rhs, claim, row, column)
            if not _linear(difference, columns, rows, (row, column)):
                return Answer(unknowns, (), 0, None, "the equation is not linear in it")
    except NotCovered as gap:
        return Answer(unknowns, (), 0, None, f"not covered: {gap}")
    found = solve([r[:-1] for r in rows.values()], [-r[-1] for r in rows.values()], len(columns))
    if found is None:
        return Answer(unknowns, (), 0, None)
    place, values = 0, []
    for size in sizes:
        values.append(tuple(found[place : place + (size or 0)]))
        place += size or 0
    if any(v is None for part in values for v in part):
        return Answer(unknowns, (), 0, None, "the equation does not determine it")
    result = prove(Claim(claim.lhs, claim.rhs, with_values(claim.facts, unknowns, tuple(values)), claim.distinct))
    return Answer(unknowns, (tuple(values),), 0, result if isinstance(result, Proof) else None)


def _linear(difference: Poly, columns: dict[Any, int], rows: dict[Any, list[Fraction]], place: Any) -> bool:
    for (powers, ranges), coefficient in difference.terms.items():
        mine = [(f, e) for f, e in powers if f[0] == "s" and any(f[1] == name for name, _ in columns)]
        rest = tuple((f, e) for f, e in powers if (f, e) not in mine)
        if len(mine) > 1 or (mine and mine[0][1] != 1):
            return False
        row = rows.setdefault((place, rest, ranges), [Fraction(0)] * (len(columns) + 1))
        where = -1
        if mine:
            slots = mine[0][0][2]
            key = (mine[0][0][1], slots[0][1] - 1 if slots else 0)
            if (slots and slots[0][0]) or key not in columns:
                return False
            where = columns[key]
        row[where] += Fraction(coefficient)
    return True


def judged(step: TypedStep, found: Answer, judge: Callable[[Claim], Judgement]) -> Judgement:
    """The answer as a judgement; where nothing fits, with a counterexample for one of the values."""
    claim = step.claim
    assert claim is not None
    if found.proof is not None:
        if not is_genuine(found.proof):
            raise TypeError("only what the kernel proved is proved")
        uses = tuple(g for g in found.proof.uses if g in claim.facts.givens)
        settled_claim = settled(step, found).claim
        exact = exact_of(examine(settled_claim)) if settled_claim is not None else None
        presupposed = found.proof.presupposed
        return Judgement("proved", found.proof.rules, uses, exact=exact, message=found.message, presupposed=presupposed)
    if found.reason:
        return Judgement("unproved", reason=found.reason, message=found.message)
    zeros = tuple(tuple(Fraction(0) for _ in range(_size(u) or 1)) for u in found.unknowns)
    example = judge(Claim(claim.lhs, claim.rhs, with_values(claim.facts, found.unknowns, zeros), claim.distinct))
    return replace(example, message=found.message, correction=None, misconception=None, missing=())


def settled(step: TypedStep, found: Answer) -> TypedStep:
    """The step with the first solution put in, for the witnesses that look at one case."""
    if step.claim is None or not found.solutions:
        return step
    facts = with_values(step.claim.facts, found.unknowns, found.solutions[0])
    return replace(step, claim=replace(step.claim, facts=facts))


def later(step: TypedStep, answers: list[Answer]) -> TypedStep:
    """The step with the unknowns that have one value defined."""
    if step.claim is None:
        return step
    facts = step.claim.facts
    for found in answers:
        if len(found.solutions) == 1:
            facts = with_values(facts, found.unknowns, found.solutions[0])
    return step if facts is step.claim.facts else replace(step, claim=replace(step.claim, facts=facts))
