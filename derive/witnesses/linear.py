"""Linear algebra on plain lists of rows over a field, and linear programmes in fractions."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from derive.witnesses.field import Degenerate, Field

Rows = list[list[Any]]


def reduce_rows(rows: Rows, columns: int, field: Field) -> tuple[Rows, list[int]]:
    """Reduced row echelon form of an augmented system; pivots are sought in the first `columns` columns."""
    rows = [[field.reduced(x) for x in row] for row in rows]
    pivots: list[int] = []
    p = field.modulus
    for column in range(columns):
        top = len(pivots)
        found = next((r for r in range(top, len(rows)) if rows[r][column]), None)
        if found is None:
            continue
        rows[top], rows[found] = rows[found], rows[top]
        scale = field.inverse(rows[top][column])
        pivot = [x * scale % p for x in rows[top][column:]] if p else [x * scale for x in rows[top][column:]]
        rows[top][column:] = pivot  # what stands before it is zero
        for r, row in enumerate(rows):
            factor = row[column]
            if r != top and factor:
                rest = zip(row[column:], pivot, strict=True)
                row[column:] = [(x - factor * y) % p for x, y in rest] if p else [x - factor * y for x, y in rest]
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    return rows, pivots


def random_solution(rows: Rows, unknowns: int, field: Field, rng: Random) -> list[Any]:
    """A random solution of the augmented linear system; `Degenerate` when there is none."""
    reduced, pivots = reduce_rows(rows, unknowns, field)
    if any(row[-1] for row in reduced[len(pivots) :]):
        raise Degenerate("no solution")
    solution = [field.generic.draw(rng) for _ in range(unknowns)]
    bound = set(pivots)
    free = [k for k in range(unknowns) if k not in bound]
    for row, pivot in zip(reduced, pivots, strict=False):
        solution[pivot] = field.reduced(row[-1] - sum(row[k] * solution[k] for k in free if row[k]))
    return solution


def inverse(matrix: Rows, field: Field) -> Rows:
    """Inverse of a square matrix."""
    n = len(matrix)
    rows = [[*row, *(int(i == j) for j in range(n))] for i, row in enumerate(matrix)]
    reduced, pivots = reduce_rows(rows, n, field)
    if len(pivots) < n:
        raise Degenerate("singular matrix")
    return [row[n:] for row in reduced]


def pseudo_inverse(matrix: Rows, field: Field) -> Rows:
    """Moore's and Penrose's, of any rank: of A = C R with independent columns C and rows R it is R⁺ C⁺."""
    reduced, pivots = reduce_rows(matrix, len(matrix[0]), field)
    if not pivots:
        return [[field.of(0)] * len(matrix) for _ in matrix[0]]
    columns, rows = [[row[k] for k in pivots] for row in matrix], reduced[: len(pivots)]
    flat, tall = transposed(columns), transposed(rows)
    left = product(inverse(product(flat, columns, field), field), flat, field)
    return product(product(tall, inverse(product(rows, tall, field), field), field), left, field)


def determinant(matrix: Rows, field: Field) -> Any:
    """Determinant of a square matrix."""
    rows = [[field.reduced(x) for x in row] for row in matrix]
    n, value = len(rows), field.of(1)
    for k in range(n):
        found = next((r for r in range(k, n) if rows[r][k]), None)
        if found is None:
            return field.of(0)
        if found != k:
            rows[k], rows[found], value = rows[found], rows[k], -value
        value = field.reduced(value * rows[k][k])
        scale = field.inverse(rows[k][k])
        for r in range(k + 1, n):
            factor = field.reduced(rows[r][k] * scale)
            if factor:
                rows[r] = [field.reduced(x - factor * y) for x, y in zip(rows[r], rows[k], strict=False)]
    return value


def triangle(matrix: Rows, field: Field) -> tuple[Rows, list[Any]]:
    """L with a unit diagonal and D such that a symmetric matrix is L D Lᵀ; `Degenerate` when a pivot vanishes.

    >>> from derive.witnesses.field import RationalField
    >>> triangle([[Fraction(4), Fraction(2)], [Fraction(2), Fraction(5)]], RationalField())[1]
    [Fraction(4, 1), Fraction(4, 1)]
    """
    n = len(matrix)
    rows = [[field.reduced(x) for x in row] for row in matrix]
    lower = [[field.of(int(i == j)) for j in range(n)] for i in range(n)]
    for k in range(n):
        scale = field.inverse(rows[k][k])
        for r in range(k + 1, n):
            lower[r][k] = field.reduced(rows[r][k] * scale)
            rows[r] = [field.reduced(x - lower[r][k] * y) for x, y in zip(rows[r], rows[k], strict=True)]
    return lower, [rows[k][k] for k in range(n)]


def transposed(matrix: Rows) -> Rows:
    return [list(column) for column in zip(*matrix, strict=False)]


def product(left: Rows, right: Rows, field: Field) -> Rows:
    columns = list(zip(*right, strict=False))
    return [
        [field.reduced(sum(a * b for a, b in zip(row, column, strict=False))) for column in columns] for row in left
    ]


def feasible_vertex(rows: Rows, unknowns: int) -> list[Fraction] | None:
    """A vertex of {x >= 0, Ax = b} for the augmented rows, by phase one of the simplex method with Bland's rule.

    A vertex has at most as many non-zero components as there are rows.

    >>> feasible_vertex([[1, 1, 1, 1], [-1, 0, 1, 0], [1, 0, 1, 1]], 3)
    [Fraction(1, 2), Fraction(0, 1), Fraction(1, 2)]
    >>> feasible_vertex([[1, 1, -1]], 2) is None
    True
    """
    table = [[Fraction(x) for x in (row if row[-1] >= 0 else [-x for x in row])] for row in rows]
    basis = [unknowns + k for k in range(len(table))]  # artificial variables; their columns need not be stored
    cost = [-sum(column) for column in zip(*table, strict=False)]
    while (enter := next((k for k in range(unknowns) if cost[k] < 0), None)) is not None:
        ratios = [(row[-1] / row[enter], basis[r], r) for r, row in enumerate(table) if row[enter] > 0]
        if not ratios:
            return None
        leave = min(ratios)[2]
        _pivot(table, cost, leave, enter)
        basis[leave] = enter
    if cost[-1] != 0:
        return None
    solution = [Fraction(0)] * unknowns
    for row, column in zip(table, basis, strict=False):
        if column < unknowns:
            solution[column] = row[-1]
    return solution


def _pivot(table: list[list[Fraction]], cost: list[Fraction], leave: int, enter: int) -> None:
    scale = table[leave][enter]
    pivot = table[leave] = [x / scale for x in table[leave]]
    for r, row in enumerate(table):
        if r != leave and row[enter]:
            factor = row[enter]
            table[r] = [x - factor * y for x, y in zip(row, pivot, strict=False)]
    factor = cost[enter]
    cost[:] = [x - factor * y for x, y in zip(cost, pivot, strict=False)]
