"""What is shown beside a false step: the exact difference, and the right side as it should have been."""

from __future__ import annotations

from derive.judge.lift import lifted
from derive.judge.lift_factors import NotLifted
from derive.judge.normal import known_means, polynomial
from derive.kernel.proof import Stuck
from derive.language.facts import Claim
from derive.language.latex import latex
from derive.language.terms import SCALAR, Term
from derive.rules.construct import minus

LONGEST = 600  # characters; beyond, an expression helps nobody


def simplified(term: Term, claim: Claim) -> Term | None:
    """The normal form of a term under the claim's facts, in matrix notation; None when it has none."""
    poly = polynomial(term, claim)
    try:
        return lifted(poly, term.shape, claim.facts, known_means(claim)) if poly is not None else None
    except NotLifted:
        return None


def difference(claim: Claim, stuck: Stuck) -> str | None:
    """lhs − rhs, simplified."""
    if claim.lhs.shape == SCALAR and stuck.difference is not None:
        try:
            return _short(latex(lifted(stuck.difference, SCALAR, claim.facts, known_means(claim))))
        except NotLifted:
            return None
    term = simplified(minus(claim.lhs, claim.rhs), claim)
    return _short(latex(term)) if term is not None else None


def right_side(claim: Claim, repaired: Term | None) -> str | None:
    """The corrected right side: the user's own with one repair, or the left side worked out, whichever is shorter."""
    options = [repaired, simplified(claim.lhs, claim)]
    texts = [latex(term) for term in options if term is not None]
    return _short(min(texts, key=len)) if texts else None


def _short(text: str) -> str | None:
    return text if len(text) <= LONGEST else None
