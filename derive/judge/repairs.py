"""Single edits of a false right side: the one that makes it true says what went wrong, and is the correction.

Every edit keeps the shape.  Edits of moments come first, then numbers, terms and factors, then what is rarer.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from derive.judge.normal import polynomial, ratio
from derive.judge.randomly import is_random
from derive.judge.repairs_common import Edit, sum_places, well_shaped, with_summand
from derive.judge.repairs_factors import factor_edits, power_edits, probability_edits
from derive.judge.repairs_structure import matrix_edits, moment_edits, sum_edits
from derive.language.facts import Claim, Facts
from derive.language.terms import SCALAR, Constant, Covariance, Expectation, Mul, Term, number, walk
from derive.rules.construct import factors_of, is_zero, negate, plus, terms_of, times
from derive.rules.traverse import replaced

KINDS = {
    Fraction(-1): "sign-error",
    Fraction(2): "dropped-factor-two",
    Fraction(1, 2): "extra-factor-two",
}
MOST_PAIRS = 8  # summands of which pairs are tried


def repairs(claim: Claim) -> Iterator[Edit]:
    """Edited right sides with the name of the mistake that each undoes, likely ones first, none twice."""
    seen: set[Term] = {claim.rhs}
    orders = (
        moment_edits,
        coefficient_edits,
        summand_edits,
        factor_edits,
        power_edits,
        probability_edits,
        matrix_edits,
        sum_edits,
    )
    for edits in orders:
        for name, new in edits(claim):
            if new.shape == claim.rhs.shape and new not in seen and well_shaped(new):
                seen.add(new)
                yield name, new


def coefficient_edits(claim: Claim) -> Iterator[Edit]:
    """Summands with a wrong number in front: lhs − rhs is then a multiple of one of them, or of two together."""
    for name, _, new in coefficients(claim):
        yield name, new


def coefficients(claim: Claim) -> Iterator[tuple[str, Fraction, Term]]:
    """(name, factor, right side) where one or two summands times `factor` make the claim true."""
    items = terms_of(claim.rhs)
    left, right = polynomial(claim.lhs, claim), polynomial(claim.rhs, claim)
    if left is None or right is None:
        return
    polys = [polynomial(item, claim) for item in items]
    groups: list[tuple[int, ...]] = [(k,) for k in range(len(items))]
    if len(items) <= MOST_PAIRS:
        groups += combinations(range(len(items)), 2)
    for group in groups:
        whole = None
        for k in group:
            poly = polys[k]
            whole = None if poly is None else poly if whole is None else whole + poly
        off = ratio(left - right, whole) if whole is not None else None
        if off is None:
            continue
        factor = off + 1
        new = [_scaled(item, factor) if k in group else item for k, item in enumerate(items)]
        yield _named(factor, items[group[0]], claim), factor, plus(*new)


def _scaled(item: Term, factor: Fraction) -> Term:
    if factor == 0:
        return Constant(Fraction(0), item.shape) if item.shape != SCALAR else number(0)
    return negate(item) if factor == -1 else times(number(factor), item)


def _named(factor: Fraction, item: Term, claim: Claim) -> str:
    """What it is called when the right coefficient is `factor` times the written one."""
    if factor == 0:
        return "false-cross-term" if is_cross(item, claim.facts) else "extra-term"
    if factor.denominator == 1 and factor > 2 and any(p == number(factor) for p in walk(claim.lhs)):
        return "dropped-factor"
    return KINDS.get(factor, "wrong-constant")


def is_cross(term: Term, facts: Facts) -> bool:
    """A product of two different random things."""
    for part in walk(term):
        match part:
            case Covariance():
                return True
            case Expectation(Mul(args)) if len({a for a in args if is_random(a, facts)}) > 1:
                return True
    return False


def summand_edits(claim: Claim) -> Iterator[Edit]:
    """Signs and factors 2 inside of brackets, terms that are missing, brackets that are lost."""
    for path, items in sum_places(claim.rhs):
        for k, item in enumerate(items):
            for factor in (Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(0)):
                if path and not is_zero(item) and (factor or len(items) > 1):
                    new = with_summand(claim, path, items, k, _scaled(item, factor))
                    yield _named(factor, item, claim), new
    for item in terms_of(claim.lhs):
        if len(terms_of(claim.lhs)) > 1 and item.shape == claim.rhs.shape:
            name = "dropped-cross-term" if is_cross(item, claim.facts) else "dropped-term"
            yield name, plus(claim.rhs, item)
    yield from _brackets(claim)


def _brackets(claim: Claim) -> Iterator[Edit]:
    """`a b + c` where `a (b + c)` is meant."""
    for path, items in sum_places(claim.rhs):
        for k, item in enumerate(items):
            factors = factors_of(item)
            for cut in range(1, len(factors)):
                for head, rest in ((factors[:cut], factors[cut:]), (factors[cut:], factors[:cut])):
                    outer, inner = times(*head), times(*rest)
                    others = [*items[:k], *items[k + 1 :]]
                    if outer.shape == SCALAR and others and inner.shape == item.shape:
                        yield "lost-parentheses", replaced(claim.rhs, path, times(outer, plus(inner, *others)))


def by_difference(claim: Claim) -> str | None:
    """The name of what the difference of the normal forms looks like, when no single edit explains it."""
    left, right = polynomial(claim.lhs, claim), polynomial(claim.rhs, claim)
    if left is None or right is None:
        return None
    off = (left - right).terms
    here, there = ({m: p.terms.get(m, 0) for m in off} for p in (left, right))
    if all(there[m] == 0 for m in off):
        return "dropped-term" if len(off) < len(left.terms) else None
    if all(here[m] == 0 for m in off):
        return "extra-term" if len(off) < len(right.terms) else None
    shares = {Fraction(there[m]) / Fraction(here[m]) for m in off if here[m]}
    if len(shares) != 1 or any(not here[m] for m in off):
        return None
    return {Fraction(-1): "sign-error", Fraction(1, 2): "dropped-factor-two", Fraction(2): "extra-factor-two"}.get(
        shares.pop()
    )
