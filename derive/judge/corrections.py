"""What is shown beside a false step: the exact difference, and the right side as it should have been."""

from __future__ import annotations

from derive.judge.lift import lifted
from derive.judge.lift_factors import NotLifted
from derive.judge.normal import component, known_means, polynomial
from derive.kernel.context import Context
from derive.kernel.monomials import Poly
from derive.kernel.proof import Stuck
from derive.language.facts import Claim
from derive.language.latex import latex
from derive.language.terms import SCALAR, Matrix, Shape, Symbol, Term, Transpose, walk
from derive.language.traverse import rebuilt
from derive.rules.compare import same
from derive.rules.construct import minus

LARGEST = 4  # rows or columns of a literal matrix that is worked out
LONGEST = 600  # characters; beyond, an expression helps nobody


def simplified(term: Term, claim: Claim) -> Term | None:
    """The normal form of a term under the claim's facts, in matrix notation; None when it has none."""
    if _is_literal(term.shape):
        return _by_components(term, claim)
    return _lifted(polynomial(term, claim), term.shape, claim)


def _lifted(poly: Poly | None, shape: Shape, claim: Claim) -> Term | None:
    try:
        return lifted(poly, shape, claim.facts, known_means(claim)) if poly is not None else None
    except NotLifted:
        return None


def _is_literal(shape: Shape) -> bool:
    """A small matrix whose size is known in numbers."""
    return shape != SCALAR and all(isinstance(d, int) and d <= LARGEST for d in shape)


def _by_components(term: Term, claim: Claim) -> Term | None:
    """A literal matrix of simplified components."""
    rows = []
    for row in range(1, int(str(term.shape[0])) + 1):
        entries = [
            _lifted(component(term, claim, row, column), SCALAR, claim)
            for column in range(1, int(str(term.shape[1])) + 1)
        ]
        if any(e is None for e in entries):
            return None
        rows.append(tuple(e for e in entries if e is not None))
    return Matrix(tuple(rows))


def difference(claim: Claim, stuck: Stuck) -> str | None:
    """lhs − rhs, simplified."""
    if claim.lhs.shape == SCALAR:
        term = _lifted(stuck.difference, SCALAR, claim)
    elif claim.lhs.shape == claim.rhs.shape:
        term = simplified(minus(claim.lhs, claim.rhs), claim)
    else:
        return None
    return _short(latex(_plain(term, claim))) if term is not None else None


def right_side(claim: Claim, repaired: Term | None) -> str | None:
    """The corrected right side: the user's own with one repair, or the left side worked out, whichever is shorter.

    None when all that is known is the left side again.
    """
    options = [repaired, simplified(claim.lhs, claim)]
    texts = [latex(_plain(t, claim)) for t in options if t is not None and (t is repaired or not same(t, claim.lhs))]
    return _short(min(texts, key=len)) if texts else None


def _plain(term: Term, claim: Claim) -> Term:
    """The term without the transposes of what is known to be symmetric."""
    if not any(isinstance(t, Transpose) for t in walk(term)):
        return term
    properties = Context(claim.facts).properties

    def changed(part: Term) -> Term:
        part = rebuilt(part, changed)
        plain = isinstance(part, Transpose) and isinstance(part.arg, Symbol)
        return part.arg if plain and "symmetric" in properties.get(part.arg.name, {}) else part

    return changed(term)


def _short(text: str) -> str | None:
    return text if len(text) <= LONGEST else None
