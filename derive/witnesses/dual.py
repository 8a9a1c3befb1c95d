"""Dual numbers over fractions, for the checker's derivatives: value + slope·ε with ε² = 0, nested by level."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Union

Real = Union[Fraction, "Dual"]


class Dual:
    """A number with its derivative along direction `level`; numbers of lower levels are constants for it."""

    __slots__ = ("level", "slope", "value")

    def __init__(self, value: Real, slope: Real, level: int):
        self.value, self.slope, self.level = value, slope, level

    def _split(self, other: Any, level: int) -> tuple[Any, Any]:
        if isinstance(other, Dual) and other.level == level:
            return other.value, other.slope
        return other, Fraction(0)

    def _pair(self, other: Any) -> tuple[Any, Any, Any, Any, int]:
        level = max(self.level, other.level) if isinstance(other, Dual) else self.level
        return (*self._split(self, level), *self._split(other, level), level)

    def __add__(self, other: Any) -> Dual:
        a, da, b, db, level = self._pair(other)
        return Dual(a + b, da + db, level)

    def __mul__(self, other: Any) -> Dual:
        a, da, b, db, level = self._pair(other)
        return Dual(a * b, da * b + a * db, level)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope, self.level)

    def __sub__(self, other: Any) -> Dual:
        return self + (-other)

    def __rsub__(self, other: Any) -> Dual:
        return -self + other

    def __truediv__(self, other: Any) -> Dual:
        return self * reciprocal(other)

    def __rtruediv__(self, other: Any) -> Dual:
        return reciprocal(self) * other

    def __pow__(self, n: int) -> Real:
        if n < 0:
            return reciprocal(self) ** (-n)
        result: Real = Fraction(1)
        for _ in range(n):
            result = self * result
        return result

    __radd__ = __add__
    __rmul__ = __mul__


def reciprocal(x: Any) -> Any:
    if not isinstance(x, Dual):
        return 1 / Fraction(x)
    inverse = reciprocal(x.value)
    return Dual(inverse, -(inverse * inverse * x.slope), x.level)


def real(x: Any) -> Fraction:
    """The value without any slope."""
    while isinstance(x, Dual):
        x = x.value
    return Fraction(x)


def slope(x: Any, level: int) -> Any:
    """The derivative along direction `level`.

    >>> x = Dual(Fraction(3), Fraction(1), 1)
    >>> slope(x * x + 1 / x, 1)
    Fraction(53, 9)
    """
    return x.slope if isinstance(x, Dual) and x.level == level else Fraction(0)
