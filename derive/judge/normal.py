"""Normal forms as polynomials open in row and column, for looking at rather than for proving."""

from __future__ import annotations

from fractions import Fraction

from derive.judge.collect import Mean
from derive.kernel.algebra import Budget, OutOfBudget
from derive.kernel.mapping import map_poly, substitution
from derive.kernel.monomials import COLUMN, ROW, Ix, Poly
from derive.kernel.places import FIRST, NotCovered
from derive.kernel.proof import FREE_COLUMN, FREE_ROW, Proof, normal_form, prove
from derive.kernel.session import open_session
from derive.language.facts import Claim
from derive.language.terms import Term

SEARCH_MONOMIALS = 20_000  # for each of the many claims that a search tries


def holds(claim: Claim) -> bool:
    """Whether the kernel proves a claim, with less work than a user's step may take."""
    return isinstance(prove(claim, budget=Budget(SEARCH_MONOMIALS)), Proof)


def polynomial(term: Term, claim: Claim) -> Poly | None:
    """The normal form of a term under the claim's facts, open in ROW and COLUMN; None when there is none."""
    ends = tuple(FIRST if d == 1 else free for d, free in zip(term.shape, (FREE_ROW, FREE_COLUMN), strict=True))
    poly = _normal(term, claim, *ends)
    if poly is None:
        return None
    return map_poly(poly, substitution({FREE_ROW[0]: ROW, FREE_COLUMN[0]: COLUMN}))


def component(term: Term, claim: Claim, row: int, column: int) -> Poly | None:
    """The normal form of one component, counted from 1; None when there is none."""
    return _normal(term, claim, ("", row), ("", column))


def _normal(term: Term, claim: Claim, row: Ix, column: Ix) -> Poly | None:
    try:
        return normal_form(term, claim, row, column)
    except (NotCovered, OutOfBudget, ZeroDivisionError, RecursionError):
        return None


def known_means(claim: Claim) -> Mean:
    """What the means of single components are under the claim's facts."""
    moments = open_session(claim, frozenset()).translator.moments
    return lambda factor, given: moments.moment(((factor, 1),), given)


def ratio(part: Poly, whole: Poly) -> Fraction | None:
    """The number t with `part = t · whole`, or None.

    >>> from derive.kernel.monomials import constant
    >>> ratio(constant(3), constant(2))
    Fraction(3, 2)
    """
    if not whole.terms or part.terms.keys() != whole.terms.keys():
        return None
    values = {Fraction(part.terms[m]) / Fraction(c) for m, c in whole.terms.items()}
    return values.pop() if len(values) == 1 else None
