"""Random constants with the properties that were declared for them."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from derive.witnesses import linear
from derive.witnesses.field import Field, Misfit

Rows = list[list[Any]]
REGULAR = frozenset({"invertible", "full column rank", "full row rank"})  # what a matrix of few numbers may not be
SQUARE = frozenset(
    {"symmetric", "antisymmetric", "idempotent", "positive definite", "positive semidefinite", "invertible"}
)
PROBABILITIES = (Fraction(1, 2), Fraction(1, 3), Fraction(1, 4), Fraction(2, 3), Fraction(3, 4))


def draw_number(traits: set[str], field: Field, rng: Random) -> Any:
    """A number with the traits 'binary', 'sign', 'whole', 'unit', 'positive', 'nonzero'; any other one when there are none."""
    if "binary" in traits:
        return field.of(rng.randrange(2))
    if "sign" in traits:
        return field.of(rng.choice((-1, 1)))
    if "whole" in traits:
        return field.of(rng.randrange(2, 4))
    if "unit" in traits and field.ordered:
        return rng.choice(PROBABILITIES) * (rng.choice((-1, 1)) if "signed" in traits else 1)
    if "square" in traits and field.ordered:
        return field.of(rng.choice((1, 4, 4, 9)))
    if traits & {"positive", "unit"}:
        return field.draw(rng, "positive")
    value = field.draw(rng)
    return field.of(1) if "nonzero" in traits and not value else value


def draw_matrix(shape: tuple[int, int], traits: set[str], field: Field, rng: Random) -> Rows:
    """A random matrix with the declared properties; those that a random matrix has anyway are not enforced."""
    rows, columns = shape
    if (rows != columns and traits & SQUARE) or (rows < columns and "orthogonal" in traits):
        raise Misfit("a matrix whose properties its shape does not allow")
    if traits & REGULAR:
        field = field.generic
    if "simplex" in traits:
        return _simplex(rows, field, rng)
    if rows == columns == 1 and not traits & {"orthogonal", "idempotent", "antisymmetric"}:
        positive = {"positive"} if traits & {"positive definite", "positive semidefinite"} else set()
        return [[draw_number(traits | positive, field, rng)]]
    if "orthogonal" in traits:
        return _orthonormal(rows, columns, field, rng)
    if "idempotent" in traits:
        return _idempotent(rows, "symmetric" in traits, field, rng)
    if "diagonal" in traits:
        inner = traits | ({"positive"} if traits & {"positive definite", "positive semidefinite"} else {"nonzero"})
        return [
            [draw_number(inner, field, rng) if i == j else field.of(0) for j in range(columns)] for i in range(rows)
        ]
    if traits & {"positive definite", "positive semidefinite"}:
        return _positive(rows, field, rng)
    matrix = [[draw_number(traits, field, rng) for _ in range(columns)] for _ in range(rows)]
    if "symmetric" in traits:
        return [[matrix[min(i, j)][max(i, j)] for j in range(columns)] for i in range(rows)]
    if "antisymmetric" in traits:
        return [
            [matrix[i][j] if i < j else -matrix[j][i] if i > j else field.of(0) for j in range(columns)]
            for i in range(rows)
        ]
    return matrix


def draw_singular(shape: tuple[int, int], traits: set[str], field: Field, rng: Random) -> Rows:
    """Of a lower rank than a matrix of this shape and these properties may have; numbers and vectors are zero."""
    rank = min(shape) - 1
    left = draw_matrix((shape[0], rank), set(), field, rng)
    if "symmetric" in traits:
        return linear.product(left, linear.transposed(left), field) if rank else _zero(shape, field)
    return (
        linear.product(left, draw_matrix((rank, shape[1]), set(), field, rng), field) if rank else _zero(shape, field)
    )


def _zero(shape: tuple[int, int], field: Field) -> Rows:
    return [[field.of(0)] * shape[1] for _ in range(shape[0])]


def _simplex(rows: int, field: Field, rng: Random) -> Rows:
    if field.ordered:
        weights = [Fraction(rng.randrange(1, 4)) for _ in range(rows)]
        return [[w / sum(weights)] for w in weights]
    values = [field.draw(rng) for _ in range(rows - 1)]
    return [[v] for v in (*values, field.reduced(1 - sum(values)))]


def _positive(n: int, field: Field, rng: Random) -> Rows:
    """L D Lᵀ with a unit lower triangle L and a positive diagonal D."""
    lower = [[field.of(int(i == j)) if i <= j else _small(field, rng) for j in range(n)] for i in range(n)]
    scales = [field.draw(rng, "positive") for _ in range(n)]
    scaled = [[field.reduced(x * s) for x, s in zip(row, scales, strict=False)] for row in lower]
    return linear.product(scaled, linear.transposed(lower), field)


def _small(field: Field, rng: Random) -> Any:
    return field.of(rng.choice((-1, 0, 0, 1))) if field.ordered else field.draw(rng)


def _orthonormal(rows: int, columns: int, field: Field, rng: Random) -> Rows:
    """Orthonormal columns: of a Cayley transform (I - K)(I + K)⁻¹ of an antisymmetric K, rows permuted."""
    skew = [[field.of(0)] * rows for _ in range(rows)]
    for i in range(rows):
        for j in range(i):
            skew[i][j] = _small(field, rng)
            skew[j][i] = -skew[i][j]
    minus = [[int(i == j) - x for j, x in enumerate(row)] for i, row in enumerate(skew)]
    plus = [[int(i == j) + x for j, x in enumerate(row)] for i, row in enumerate(skew)]
    matrix = linear.product(minus, linear.inverse(plus, field), field)
    rng.shuffle(matrix)
    signs = [rng.choice((1, -1)) for _ in range(rows)]
    return [[field.reduced(x * s) for x, s in zip(row[:columns], signs, strict=False)] for row in matrix]


def _idempotent(n: int, symmetric: bool, field: Field, rng: Random) -> Rows:
    """A projection of a random rank below n (n = 1: 0 or 1)."""
    rank = rng.randrange(1, n) if n > 1 else rng.randrange(2)
    base = _orthonormal(n, n, field, rng) if symmetric else [[field.draw(rng) for _ in range(n)] for _ in range(n)]
    back = linear.transposed(base) if symmetric else linear.inverse(base, field)
    cut = [[x if j < rank else field.of(0) for j, x in enumerate(row)] for row in base]
    return linear.product(cut, back, field)
