"""Givens that contradict each other: everything follows from them, so what is proved from them says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.judge.messages import quoted
from derive.kernel.algebra import OutOfBudget
from derive.kernel.places import NotCovered
from derive.kernel.proof import Proof, normal_form, prove
from derive.language.facts import Claim, Comparison, Distributed, Equation, Facts, Given, Property
from derive.language.latex import latex
from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Determinant,
    Identity,
    Index,
    Mul,
    Number,
    Symbol,
    Term,
    Variance,
    number,
    walk,
)
from derive.report import Remark

MOST = 60  # givens that are looked at
HOLDS = {
    "<": lambda x: x < 0,
    ">": lambda x: x > 0,
    r"\le": lambda x: x <= 0,
    r"\leq": lambda x: x <= 0,
    r"\ge": lambda x: x >= 0,
    r"\geq": lambda x: x >= 0,
    r"\neq": lambda x: x != 0,
    r"\ne": lambda x: x != 0,
}
REGULAR = ("invertible", "orthogonal", "positive definite")

Pairs = tuple[tuple[Index, Index], ...]


def contradictions(all_facts: Iterator[Facts]) -> tuple[Remark, ...]:
    """A remark for each given that cannot hold beside the others, under the largest of the sets of facts."""
    facts = max(all_facts, key=lambda f: len(f.givens), default=None)
    if facts is None or not 0 < len(facts.givens) <= MOST:
        return ()
    found = [r for given in facts.givens if (r := _contradicted(given, facts)) is not None]
    return tuple(found) or tuple(_impossible(facts))


def _contradicted(given: Given, facts: Facts) -> Remark | None:
    """What the others say of the given, where that is something else."""
    others = facts.without(given)
    match given:
        case Equation(lhs, rhs) if _is_plain(lhs) or _is_plain(rhs):
            gap = _constant(_minus(lhs, rhs), others, given.distinct)
            if gap:
                return _remark(given, _reasons(_minus(lhs, rhs), gap, others))
        case Comparison(left, relation, right) if relation in HOLDS and left.shape == right.shape == SCALAR:
            gap = _constant(_minus(left, right), others)
            if gap is not None and not HOLDS[relation](gap):
                return _remark(given, _reasons(_minus(left, right), gap, others))
        case Property(term, name) if name in REGULAR and term.shape[0] == term.shape[1]:
            determinant = term if term.shape == SCALAR else Determinant(term)
            if _constant(determinant, others) == 0:
                return _remark(given, _reasons(determinant, Fraction(0), others))
    return None


def _impossible(facts: Facts) -> Iterator[Remark]:
    """A variance that would be negative: no distribution has these moments, or these parameters."""
    seen: set[Symbol] = set()
    for given in facts.givens:
        terms = (given.symbol,) if isinstance(given, Distributed) else ()
        if isinstance(given, Equation) and given.kind == "moment":
            terms = tuple(t for t in walk(given.lhs) if isinstance(t, Symbol))
        for symbol in dict.fromkeys(terms):
            if symbol in seen or symbol.shape != SCALAR or facts.role(symbol.name) != "random":
                continue
            seen.add(symbol)
            spread = _constant(Variance(symbol), facts)
            if spread is not None and spread < 0:
                yield _remark(given, (), f"the variance of ${latex(symbol)}$ would be {spread}")


def _is_plain(term: Term) -> bool:
    return isinstance(term, Number | Constant | Identity)


def _minus(left: Term, right: Term) -> Term:
    return Add((left, Mul((number(-1), right))))


def _constant(term: Term, facts: Facts, distinct: Pairs = ()) -> Fraction | None:
    """The number that a term is (the first component of a matrix), by the facts; None where it is no number."""
    try:
        value = normal_form(term, Claim(term, term, facts, distinct)).constant()
    except (NotCovered, OutOfBudget, ZeroDivisionError, RecursionError):
        return None
    return value if isinstance(value, int | Fraction) else None


def _reasons(term: Term, value: Fraction, facts: Facts) -> tuple[str, ...]:
    """The givens by which a term has that value."""
    if term.shape != SCALAR:
        return ()
    proof = prove(Claim(term, Number(Fraction(value)), facts))
    return tuple(dict.fromkeys(g.source.latex for g in proof.uses)) if isinstance(proof, Proof) else ()


def _remark(given: Given, others: tuple[str, ...], why: str = "") -> Remark:
    against = why or ("it contradicts " + (", ".join(f"${o}$" for o in others if o) or "the others"))
    span = given.source.span
    return Remark(
        f"no model satisfies the givens: {quoted(given.source)}, but {against}",
        span.line,
        span.column,
        "everything follows from contradictory givens: nothing that is proved from them counts",
        max(1, span.end - span.start),
    )
