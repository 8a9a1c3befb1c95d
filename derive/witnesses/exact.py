"""Plain exact arithmetic for the separate checker: fractions and dual numbers, matrices as lists of rows."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial, isqrt
from typing import Any

from derive.witnesses.dual import Dual, real, reciprocal

Rows = list[list[Any]]


class Missing(Exception):
    """A member or a component that the model does not have."""


class Unclear(Exception):
    """The checker cannot tell: the model does not count."""


def total(xs: Any) -> Any:
    total: Any = Fraction(0)
    for x in xs:
        total = total + x
    return total


def product_of(xs: Any) -> Any:
    total: Any = Fraction(1)
    for x in xs:
        total = total * x
    return total


def plain(rows: Rows) -> list[list[Fraction]]:
    return [[real(x) for x in row] for row in rows]


def component(rows: Rows, i: int, j: int) -> Any:
    if not (1 <= i <= len(rows) and 1 <= j <= len(rows[0])):
        raise Missing("component")
    return rows[i - 1][j - 1]


def matmul(a: Rows, b: Rows) -> Rows:
    if len(a[0]) != len(b):
        raise Unclear("shapes")
    return [[total(x * y for x, y in zip(row, column, strict=False)) for column in zip(*b, strict=False)] for row in a]


def determinant(m: Rows) -> Any:
    """By expansion along the first row."""
    if len(m) > 6:
        raise Unclear("size")
    if len(m) == 1:
        return m[0][0]
    return total((-1) ** j * x * determinant([row[:j] + row[j + 1 :] for row in m[1:]]) for j, x in enumerate(m[0]))


def inverse(m: Rows) -> Rows:
    """Adjugate over determinant."""
    n = len(m)
    if n != len(m[0]):
        raise Unclear("shapes")
    over = reciprocal(determinant(m))
    if n == 1:
        return [[over]]

    def minor(i: int, j: int) -> Any:
        return determinant([row[:j] + row[j + 1 :] for r, row in enumerate(m) if r != i])

    return [[(-1) ** (i + j) * minor(j, i) * over for j in range(n)] for i in range(n)]


def pseudo_inverse(m: Rows) -> Rows:
    """R⁺ C⁺ where C are independent columns of m = C R."""
    columns: Rows = []
    for column in zip(*m, strict=False):
        if _independent([*columns, list(column)]):
            columns.append(list(column))
    if not columns:
        return [[Fraction(0)] * len(m) for _ in m[0]]
    if any(isinstance(x, Dual) for row in m for x in row) and len(columns) < min(len(m), len(m[0])):
        raise Unclear("derivative of a pseudo-inverse")
    flat = [list(c) for c in zip(*columns, strict=False)]
    left = matmul(inverse(matmul(columns, flat)), columns)
    right = matmul(left, m)
    tall = [list(c) for c in zip(*right, strict=False)]
    return matmul(matmul(tall, inverse(matmul(right, tall))), left)


def _independent(vectors: Rows) -> bool:
    """By Gram's determinant."""
    gram = determinant(matmul(vectors, [list(c) for c in zip(*vectors, strict=False)]))
    return (gram.value if isinstance(gram, Dual) else gram) != 0


def root(x: Any) -> Any:
    if isinstance(x, Dual):
        value = root(x.value)
        return Dual(value, x.slope * reciprocal(2 * value), x.level)
    x = Fraction(x)
    if x < 0 or isqrt(x.numerator) ** 2 != x.numerator or isqrt(x.denominator) ** 2 != x.denominator:
        raise Unclear("root")
    return Fraction(isqrt(x.numerator), isqrt(x.denominator))


def power(base: Any, exponent: Any) -> Any:
    power = real(exponent)
    if power.denominator == 2:
        base, power = root(base), power * 2
    if power.denominator != 1 or (abs(power) > 1000 and (isinstance(base, Dual) or base not in (-1, 0, 1))):
        raise Unclear("exponent")
    if isinstance(base, Dual):
        return base ** int(power)
    return Fraction(base) ** int(power)


def compare(a: Fraction, relation: str, b: Fraction) -> bool:
    match relation:
        case "=":
            return a == b
        case "<":
            return a < b
        case ">":
            return a > b
        case "\\le" | "\\leq":
            return a <= b
        case "\\ge" | "\\geq":
            return a >= b
        case "\\ne" | "\\neq":
            return a != b
    raise Unclear(relation)


def whole(x: Any) -> int:
    x = real(x)
    if x.denominator != 1:
        raise Unclear("whole number")
    return int(x)


ELEMENTARY = {
    "sqrt": root,
    "abs": lambda x: x if real(x) >= 0 else -x,
    "sign": lambda x: Fraction((real(x) > 0) - (real(x) < 0)),
    "max": lambda *xs: max(xs, key=real),
    "min": lambda *xs: min(xs, key=real),
    "binom": lambda n, k: Fraction(comb(whole(n), whole(k)) if whole(k) >= 0 else 0),
    "factorial": lambda n: Fraction(factorial(whole(n))),
}

SUPPORTS = {
    "binary": lambda x: x in (0, 1),
    "sign": lambda x: x in (-1, 1),
    "positive": lambda x: x > 0,
    "natural": lambda x: x >= 0 and Fraction(x).denominator == 1,
    "integer": lambda x: Fraction(x).denominator == 1,
    "unit": lambda x: 0 <= x <= 1,
}
