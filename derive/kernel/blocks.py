"""Block matrices: a claim about one is a claim about each of its blocks."""

from __future__ import annotations

from collections.abc import Iterator

from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Dim,
    Expectation,
    Identity,
    Matrix,
    Mul,
    Shape,
    Term,
    Transpose,
    number,
)


def is_blocked(shape: Shape) -> bool:
    return any(isinstance(d, tuple) for d in shape)


def blocks(lhs: Term, rhs: Term) -> Iterator[tuple[Term, Term]]:
    """The pairs of blocks of two terms of the same shape; the pair itself when there are none."""
    if not is_blocked(lhs.shape):
        yield lhs, rhs
        return
    rows, columns = (d if isinstance(d, tuple) else (d,) for d in lhs.shape)
    for i in range(len(rows)):
        for j in range(len(columns)):
            yield block(lhs, i, j), block(rhs, i, j)


def _count(dim: Dim) -> int:
    return len(dim) if isinstance(dim, tuple) else 1


def _part(dim: Dim, k: int) -> Dim:
    return dim[k] if isinstance(dim, tuple) else dim


def block(term: Term, i: int, j: int) -> Term:
    """Block (i, j) of a term whose dimensions are sums."""
    from derive.kernel.places import NotCovered

    if not is_blocked(term.shape):
        return term
    match term:
        case Matrix(rows):
            return rows[i][j]
        case Transpose(arg):
            return Transpose(block(arg, j, i))
        case Add(args):
            return Add(tuple(block(a, i, j) for a in args))
        case Expectation(arg, given):
            return Expectation(block(arg, i, j), given)
        case Identity(dim):
            if i == j:
                return Identity(_part(dim, i))
            return Constant(number(0).value, (_part(dim, i), _part(dim, j)))
        case Constant(value, shape):
            return Constant(value, (_part(shape[0], i), _part(shape[1], j)))
        case Mul(args):
            return _product(args, i, j)
        case _:
            raise NotCovered("a block of such a term")


def _product(args: tuple[Term, ...], i: int, j: int) -> Term:
    scalars = tuple(a for a in args if a.shape == SCALAR)
    first, *rest = (a for a in args if a.shape != SCALAR)
    if not rest:
        return Mul((*scalars, block(first, i, j)))
    right: Term = Mul(tuple(rest)) if len(rest) > 1 else rest[0]
    inner = first.shape[1]
    terms = tuple(Mul((*scalars, block(first, i, k), block(right, k, j))) for k in range(_count(inner)))
    return terms[0] if len(terms) == 1 else Add(terms)
