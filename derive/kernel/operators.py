"""E, Var, Cov and Corr: by linearity and their definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.kernel.algebra import multiply, power
from derive.kernel.monomials import Ix, Poly
from derive.kernel.places import FIRST, Env, places_of
from derive.kernel.powers import roots
from derive.language.terms import SCALAR, Correlation, Covariance, Expectation, Symbol, Term, Variance

if TYPE_CHECKING:
    from derive.kernel.normal import Translator


def expectation(translator: Translator, term: Expectation, row: Ix, column: Ix, env: Env) -> Poly:
    inner = translator.reduced(translator.component(term.arg, row, column, env))
    return translator.moments.expect(inner, condition(translator, term.given, env))


def variance(translator: Translator, term: Variance, row: Ix, column: Ix, env: Env) -> Poly:
    translator.context.rule("variance")
    column = column if term.arg.shape != SCALAR else row
    left = translator.component(term.arg, row, FIRST, env)
    right = left if term.arg.shape == SCALAR else translator.component(term.arg, column, FIRST, env)
    return covariation(translator, left, right, condition(translator, term.given, env))


def covariance(translator: Translator, term: Covariance, row: Ix, column: Ix, env: Env) -> Poly:
    translator.context.rule("covariance")
    left = translator.component(term.left, row, FIRST, env)
    right = translator.component(term.right, column, FIRST, env)
    return covariation(translator, left, right, condition(translator, term.given, env))


def covariation(translator: Translator, left: Poly, right: Poly, given: tuple[Poly, ...]) -> Poly:
    left, right = translator.reduced(left), translator.reduced(right)
    both = translator.moments.expect(multiply(left, right), given)
    return both - multiply(translator.moments.expect(left, given), translator.moments.expect(right, given))


def correlation(translator: Translator, term: Correlation, row: Ix, column: Ix, env: Env) -> Poly:
    translator.context.rule("correlation")
    top = covariance(translator, Covariance(term.left, term.right, term.given), FIRST, FIRST, env)
    for side in (term.left, term.right):
        spread = variance(translator, Variance(side, term.given), FIRST, FIRST, env)
        top = multiply(top, root(translator, spread))
    return top


def root(translator: Translator, spread: Poly) -> Poly:
    from fractions import Fraction

    half = Fraction(-1, 2)
    if spread.terms:
        inside, outside = roots(translator, spread, half)
        return multiply(outside, power(inside, half))
    return power(spread, half)


def condition(translator: Translator, given: tuple[Term, ...], env: Env) -> tuple[Poly, ...]:
    """What is conditioned on, as polynomials whose free components are '*': all of them."""
    result = []
    star: Ix = ("*", 0)
    for term in given:
        if isinstance(term, Symbol):
            info = translator.context.facts.symbols.get(term.name)
            own = tuple(translator._ix(i, env) for i in term.indices)
            if info is not None and len(info.families) > len(own):
                own = own + (star,) * (len(info.families) - len(own))
            result.append(translator._plain(term.name, own, places_of(term.shape, star, star)))
        else:
            result.append(translator.component(term, star, star, env))
    kept = [p for p in result if p.variables]
    return tuple(sorted(set(kept), key=repr))
