"""Linear equations over the rationals."""

from __future__ import annotations

from fractions import Fraction


def solve(matrix: list[list[Fraction]], right: list[Fraction], width: int) -> list[Fraction | None] | None:
    """A solution of matrix · x = right, with None where x is not determined; None when there is none.

    >>> solve([[Fraction(1), Fraction(1)], [Fraction(1), Fraction(-1)]], [Fraction(3), Fraction(1)], 2)
    [Fraction(2, 1), Fraction(1, 1)]
    """
    rows = [[*r, b] for r, b in zip(matrix, right, strict=True)]
    pivots: list[int] = []
    top = 0
    for column in range(width):
        found = next((k for k in range(top, len(rows)) if rows[k][column]), None)
        if found is None:
            continue
        rows[top], rows[found] = rows[found], rows[top]
        lead = rows[top][column]
        rows[top] = [v / lead for v in rows[top]]
        for k, row in enumerate(rows):
            if k != top and row[column]:
                factor = row[column]
                rows[k] = [a - factor * b for a, b in zip(row, rows[top], strict=True)]
        pivots.append(column)
        top += 1
    if any(row[-1] for row in rows[top:]):
        return None
    free = [c for c in range(width) if c not in pivots]
    values: list[Fraction | None] = [None] * width
    for row, column in zip(rows, pivots, strict=False):
        if not any(row[c] for c in free):
            values[column] = row[-1]
    return values
