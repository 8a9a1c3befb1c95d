"""Edits of moments, of matrix products, and of sums."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.judge.randomly import is_random
from derive.judge.repairs_common import Edit, edited, fits, sum_places, with_summand
from derive.language.facts import Claim, Equation, Facts
from derive.language.terms import (
    SCALAR,
    Diagonal,
    Expectation,
    Index,
    Inverse,
    Mul,
    Number,
    Pow,
    SquaredNorm,
    Sum,
    Symbol,
    Term,
    Trace,
    Transpose,
    Variance,
    number,
    walk,
)
from derive.rules.construct import minus, plus, power, times, transposed
from derive.rules.traverse import substitute_indices, transform

# ------------------------------------------------------------------ moments


def moment_edits(claim: Claim) -> Iterator[Edit]:
    yield from edited(claim.rhs, lambda part: _moments(part, claim.facts))
    yield from edited(claim.rhs, _total_variance)


def _moments(part: Term, facts: Facts) -> Iterator[Edit]:
    match part:
        case Pow(Expectation(arg, given), Number(value)) if value.denominator == 1 and value > 1:
            yield "square-of-mean", Expectation(power(arg, value), given)
        case Expectation(Pow(base, Number(value) as exponent), given) if value == 2:
            yield "wrong-moment", Pow(Expectation(base, given), exponent)
            yield "uncentred-variance", Variance(base, given)
        case Expectation(Mul((left, Transpose(right))), given) if left == right:
            yield "uncentred-variance", Variance(left, given)
        case Expectation(Mul((Transpose(left), right)), given):
            yield "lost-transpose", Expectation(Mul((left, transposed(right))), given)
        case Variance(arg, given):
            second = Mul((arg, transposed(arg))) if arg.shape != SCALAR else Pow(arg, number(2))
            yield "uncentred-variance", Expectation(second, given)
        case Mul(args):
            yield from _joined_means(args)
    if isinstance(part, Expectation) and not part.given and _is_product(part.arg, facts):
        yield "uncentred-variance", Expectation(transform(part.arg, lambda t: _centred(t, facts)))


def _total_variance(part: Term) -> Iterator[Edit]:
    """One of the two terms of the law of total variance."""
    match part:
        case Expectation(Variance(arg, inner), given) if inner:
            yield "dropped-term", plus(part, Variance(Expectation(arg, inner), given))
        case Variance(Expectation(arg, inner), given) if inner:
            yield "dropped-term", plus(part, Expectation(Variance(arg, inner), given))


def _is_product(term: Term, facts: Facts) -> bool:
    """A square, or a product of random factors: what a variance is made of."""
    match term:
        case Pow(base) | SquaredNorm(base):
            return is_random(base, facts)
        case Mul(args):
            return sum(is_random(a, facts) for a in args) > 1 or any(_is_product(a, facts) for a in args)
        case _:
            return False


def _centred(term: Term, facts: Facts) -> Term:
    return minus(term, Expectation(term)) if isinstance(term, Symbol) and facts.role(term.name) == "random" else term


def _joined_means(args: tuple[Term, ...]) -> Iterator[Edit]:
    """E[a] … E[b] as one mean."""
    means = [k for k, a in enumerate(args) if isinstance(a, Expectation)]
    for k in means:
        for m in means:
            left, right = args[k], args[m]
            if k < m and isinstance(left, Expectation) and isinstance(right, Expectation) and left.given == right.given:
                inside = times(left.arg, *args[k + 1 : m], right.arg)
                yield "mean-of-product", times(*args[:k], Expectation(inside, left.given), *args[m + 1 :])


# ------------------------------------------------------------------ matrices


def matrix_edits(claim: Claim) -> Iterator[Edit]:
    yield from edited(claim.rhs, lambda part: _matrices(part, claim))


def _matrices(part: Term, claim: Claim) -> Iterator[Edit]:
    match part:
        case Transpose(arg) if part.shape == arg.shape:
            yield "lost-transpose", arg
        case Inverse(arg):
            yield "dropped-inverse", arg
        case Trace(Mul(args)):
            yield from (
                ("trace-order", Trace(new)) for name, new in _products(args, claim.facts) if name == "commuted-matrices"
            )
        case Mul(args):
            yield from _products(args, claim.facts)
        case Pow(Trace(arg), Number(value)) if value == 2 and arg.shape[0] == arg.shape[1]:
            yield "trace-of-product", Trace(Mul((arg, Transpose(arg))))
            yield "trace-of-product", Trace(Mul((arg, arg)))
        case SquaredNorm(arg) if arg.shape[1] == 1:
            for other in walk(claim.lhs):  # xᵀx where xᵀAx is meant
                if other.shape == (arg.shape[0], arg.shape[0]) and isinstance(other, Symbol | Diagonal | Inverse):
                    yield "dropped-factor", Mul((transposed(arg), other, arg))
    if part.shape != SCALAR and part.shape[0] == part.shape[1]:
        if isinstance(part, Symbol | Expectation | Variance):
            yield "lost-transpose", Transpose(part)
            yield "missing-square", Mul((part, part))
        if isinstance(part, Symbol | Expectation | Variance | Mul):
            yield "dropped-inverse", Inverse(part)
            yield "lost-diagonal", Diagonal(part)


def _products(args: tuple[Term, ...], facts: Facts) -> Iterator[Edit]:
    matrices = [k for k, a in enumerate(args) if a.shape != SCALAR]
    for k, m in pairwise(matrices):
        swapped = list(args)
        swapped[k], swapped[m] = args[m], args[k]
        if fits(swapped):
            yield "commuted-matrices", Mul(tuple(swapped))
        if m == k + 1 and args[k].shape[0] == args[m].shape[1] != 1:
            yield "dropped-inverse", times(*args[:k], Inverse(Mul((args[k], args[m]))), *args[m + 1 :])
    for k in matrices:
        flipped = [*args[:k], transposed(args[k]), *args[k + 1 :]]
        if fits(flipped):
            yield "lost-transpose", Mul(tuple(flipped))
    if len(matrices) > 1 and all(isinstance(args[k], Transpose) for k in matrices[:2]):
        turned = [args[k] for k in reversed(matrices)]
        if fits(turned):
            yield "transpose-order", Mul((*(a for a in args if a.shape == SCALAR), *turned))
    if matrices:
        last, first = args[matrices[-1]], args[matrices[0]]
        if last.shape[1] == first.shape[1]:
            name = "variance-linear" if _is_moment(last, facts) else "dropped-factor"
            yield name, Mul((*args, transposed(first)))


def _is_moment(term: Term, facts: Facts) -> bool:
    """Whether a term is a covariance, or the name of one."""
    if any(isinstance(p, Variance | Expectation) for p in walk(term)):
        return True
    for given in facts.givens:
        if isinstance(given, Equation):
            for one, other in ((given.lhs, given.rhs), (given.rhs, given.lhs)):
                if _same_symbol(one, term) and any(isinstance(p, Variance | Expectation) for p in walk(other)):
                    return True
    return False


def _same_symbol(one: Term, other: Term) -> bool:
    return isinstance(one, Symbol) and isinstance(other, Symbol) and one.name == other.name


# ------------------------------------------------------------------ sums


def sum_edits(claim: Claim) -> Iterator[Edit]:
    yield from edited(claim.rhs, _sums)
    ranges = {(p.index, p.range) for p in walk(claim.lhs) if isinstance(p, Sum)}
    for path, items in sum_places(claim.rhs):
        for k, item in enumerate(items):
            for index, span in sorted(ranges, key=repr):
                yield "forgotten-sum", with_summand(claim, path, items, k, Sum(index, span, item))


def _sums(part: Term) -> Iterator[Edit]:
    match part:
        case Pow(Sum(index, span, body, excluded, below), Number(value)) if value == 2:
            yield "square-of-sum", Sum(index, span, power(body, 2), excluded, below)
        case Sum(index, _, Sum() as inner) if not inner.below:
            excluded = () if inner.excluded else (Index(index),)
            body = Sum(inner.index, inner.range, inner.body, excluded)
            yield "diagonal-forgotten", Sum(index, part.range, body, part.excluded)
            if not inner.excluded:
                same = substitute_indices(inner.body, {inner.index: Index(index)})
                yield "false-cross-term", Sum(index, part.range, same, part.excluded)
