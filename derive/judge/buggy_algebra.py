"""False rules of plain algebra, of sums and of matrices; those of moments are in `buggy`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.language.facts import Facts
from derive.language.terms import (
    SCALAR,
    Add,
    Determinant,
    Diagonal,
    Expectation,
    Identity,
    Index,
    IndexValue,
    Inverse,
    Mul,
    Number,
    Pow,
    SquaredNorm,
    Sum,
    Term,
    Trace,
    Transpose,
    number,
    one_to,
)
from derive.rules.construct import negate, plus, power, times, transposed
from derive.rules.traverse import free_indices, fresh, substitute_indices

TWO = number(2)


def with_sign(term: Term) -> tuple[int, Term]:
    if isinstance(term, Mul) and isinstance(term.args[0], Number) and term.args[0].value < 0:
        return -1, negate(term)
    return 1, term


def square_of_sum(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Pow(Add(args), Number(value)) if value == 2:
            yield plus(*(power(a, 2) for a in args))
            signed = [with_sign(a) for a in args]
            if any(s < 0 for s, _ in signed):
                yield plus(*(power(a, 2) if s > 0 else negate(power(a, 2)) for s, a in signed))
        case Pow(Expectation(Add(args), given), Number(value)) if value == 2:
            yield plus(*(power(Expectation(a, given), 2) for a in args))
        case SquaredNorm(Add(args)):
            yield plus(*(SquaredNorm(a) for a in args))
            signed = [with_sign(a) for a in args]
            if any(s < 0 for s, _ in signed):
                yield plus(*(SquaredNorm(a) if s > 0 else negate(SquaredNorm(a)) for s, a in signed))
        case Mul((Add(args), Add() as other)) if Add(args) == other and term.shape != SCALAR:
            yield plus(*(_squared(a) for a in args))
        case Mul((Add(args), Transpose(Add() as other))) if Add(args) == other:
            yield plus(*(Mul((a, transposed(a))) for a in args))


def commuted_square(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Mul((Add((a, b)), Add((c, d)))) if term.shape != SCALAR and a == c:
            if b == d:
                yield Add((_squared(a), times(TWO, a, b), _squared(b)))
            elif with_sign(b)[1] == with_sign(d)[1]:
                yield Add((_squared(a), negate(_squared(with_sign(b)[1]))))


def sorted_factors(term: Term, facts: Facts) -> Iterator[Term]:
    """(AB)² = A²B² and A⁻¹BA = B: equal factors brought together, inverse ones cancelled, as among numbers."""
    if not isinstance(term, Mul) or any(a.shape[0] != a.shape[1] for a in term.args):
        return
    factors = [f for a in term.args for f in (a.args if isinstance(a, Mul) else (a,))]
    if len({f.shape for f in factors}) != 1:
        return
    together = sorted(factors, key=factors.index)
    if together != factors:
        yield Mul(tuple(together))
    for k, one in enumerate(factors):
        for m, other in enumerate(factors):
            if isinstance(other, Inverse) and other.arg == one and abs(k - m) > 1:
                rest = [f for n, f in enumerate(factors) if n not in (k, m)]
                yield rest[0] if len(rest) == 1 else Mul(tuple(rest))


def _squared(term: Term) -> Term:
    return power(term, 2) if term.shape == SCALAR else Mul((term, term))


def off_diagonal_forgotten(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Pow(Sum() as inner, Number(value)) if value == 2:
            yield Sum(inner.index, inner.range, power(inner.body, 2), inner.excluded, inner.below)
        case Pow(Mul(args), Number(value)) if value == 2 and any(isinstance(a, Sum) for a in args):
            yield times(*(next(off_diagonal_forgotten(Pow(a, TWO), facts), power(a, 2)) for a in args))
        case Sum(index, _, Sum() as inner) if not inner.excluded and not inner.below:
            yield Sum(index, term.range, substitute_indices(inner.body, {inner.index: Index(index)}), term.excluded)


def diagonal_forgotten(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Sum(index, _, Sum() as inner) if not inner.excluded and not inner.below:
            body = Sum(inner.index, inner.range, inner.body, (Index(index),))
            yield Sum(index, term.range, body, term.excluded, term.below)
        case Sum(index, _, Sum() as inner) if inner.excluded:
            body = Sum(inner.index, inner.range, inner.body)
            yield Sum(index, term.range, body, term.excluded, term.below)
        case Pow(Sum() as inner, Number(value)) if value == 2:
            other = fresh(inner.index, frozenset((inner.index,)))
            moved = substitute_indices(inner.body, {inner.index: Index(other)})
            body = Sum(other, inner.range, times(inner.body, moved), (Index(inner.index),))
            yield Sum(inner.index, inner.range, body)
            if inner.range == one_to(inner.range.upper.base or 0):  # all pairs taken to be like those of two members
                size = IndexValue(inner.range.upper)
                pair = (substitute_indices(inner.body, {inner.index: Index(None, k)}) for k in (1, 2))
                yield times(size, size, *pair)


def forgotten_sum(term: Term, facts: Facts) -> Iterator[Term]:
    if isinstance(term, Sum) and term.index not in free_indices(term.body):
        yield term.body


# ------------------------------------------------------------------ matrices


def transpose_order(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Transpose(Mul(args)):
            turned = [transposed(a) for a in args]
            if _fits(turned):
                yield Mul(tuple(turned))
            for k in range(len(turned) - 1):  # two factors alone keep their order
                partly = [*reversed(turned[k + 2 :]), turned[k], turned[k + 1], *reversed(turned[:k])]
                if len(turned) > 2 and _fits(partly):
                    yield Mul(tuple(partly))


def inverse_of_product(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Inverse(Mul(args), pseudo):
            yield Mul(tuple(power(a, -1) if a.shape == SCALAR else Inverse(a, pseudo) for a in args))


def inverse_of_sum(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Inverse(Add(args), pseudo):
            yield Add(tuple(Inverse(a, pseudo) for a in args))
        case Pow(Add(args), Number(value)) if value == -1:
            yield Add(tuple(Pow(a, number(-1)) for a in args))


def trace_of_product(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Trace(Mul(args)) if all(a.shape[0] == a.shape[1] for a in args):
            yield Mul(tuple(a if a.shape == SCALAR else Trace(a) for a in args))


def determinant_of_sum(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Determinant(Add(args)):
            yield Add(tuple(Determinant(a) for a in args))


def trace_of_identity(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Trace(Identity()):
            yield number(1)


def lost_diagonal(term: Term, facts: Facts) -> Iterator[Term]:
    if isinstance(term, Diagonal) and term.arg.shape == term.shape:
        yield term.arg


def _fits(factors: list[Term]) -> bool:
    rest = [f for f in factors if f.shape != SCALAR]
    return all(a.shape[1] == b.shape[0] for a, b in pairwise(rest))
