"""What the two sides of a claim share: a step that changes one summand or factor is a step of that part alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.terms import (
    SCALAR,
    Add,
    Expectation,
    Inverse,
    Mul,
    Pow,
    SquaredNorm,
    Term,
    Trace,
    Transpose,
    Variance,
)
from derive.rules.compare import key
from derive.rules.construct import factors_of, plus, terms_of, times

Lift = Callable[[Term], Term]


def changed_part(claim: Claim) -> tuple[Claim, Lift] | None:
    """The claim about what differs, and how a term of it is put back; None when nothing is shared or too little is left."""
    for split, join in ((_summands, plus), (_scalar_factors, times)):
        left, right = split(claim.lhs), split(claim.rhs)
        kept, mine, others = _apart(left, right)
        if kept and mine and others:
            part = replace(claim, lhs=join(*mine), rhs=join(*others))
            return part, lambda term, kept=tuple(kept), join=join: join(*kept, term)
    return _inside(claim)


def _inside(claim: Claim) -> tuple[Claim, Lift] | None:
    """The claim about the operands, where both sides are the same operator of operands that are equal themselves."""
    left, right = claim.lhs, claim.rhs
    name = _OPERAND.get(type(left))
    if name is None or type(left) is not type(right):
        return None
    mine, others = getattr(left, name), getattr(right, name)
    if mine.shape != others.shape or replace(left, **{name: others}) != right:
        return None
    part = replace(claim, lhs=mine, rhs=others)
    if not isinstance(prove(part), Proof):
        return None
    return part, lambda term: replace(left, **{name: term})


_OPERAND: dict[type, str] = dict.fromkeys((Expectation, Variance, SquaredNorm, Trace, Transpose, Inverse), "arg")
_OPERAND[Pow] = "base"


def _summands(term: Term) -> list[Term]:
    return list(terms_of(term)) if isinstance(term, Add) else []


def _scalar_factors(term: Term) -> list[Term]:
    """The factors of a product of scalars; a chain of matrices counts for nothing here."""
    if isinstance(term, Mul) and all(f.shape == SCALAR for f in factors_of(term)):
        return list(factors_of(term))
    return []


def _apart(left: list[Term], right: list[Term]) -> tuple[list[Term], list[Term], list[Term]]:
    """What both have, and what only the one and only the other has."""
    kept: list[Term] = []
    mine: list[Term] = []
    others = list(right)
    for term in left:
        twin = next((k for k, other in enumerate(others) if key(other) == key(term)), None)
        if twin is None:
            mine.append(term)
        else:
            kept.append(term)
            del others[twin]
    return kept, mine, others
