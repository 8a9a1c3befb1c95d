"""Raw terms with closed dimensions to proper terms: matrix powers written out, scalars untransposed, products grouped."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.language import terms as tm
from derive.language.building import HALF, Over
from derive.language.dimensions import Component, Listed
from derive.language.products import arrange
from derive.language.syntax import Diagnostic, Span
from derive.language.traverse import rebuilt

FIRST = tm.Index(None, 1)
Reader = Callable[[Over], Any]


class Settler:
    """Makes proper terms; `doubts` collects readings that the user should see."""

    def __init__(self, over: Reader):
        self.over = over
        self.doubts: list[Diagnostic] = []

    def settle(self, raw: Any) -> tm.Term:
        """The proper term of a raw one whose dimensions are closed."""
        return self.finish(rebuilt(raw, self.settle))

    def finish(self, t: Any) -> Any:
        match t:
            case tm.Constant(value, (1, 1)):
                return tm.Number(value)
            case tm.Identity(1):
                return tm.number(1)
            case tm.Transpose(arg) if arg.shape == tm.SCALAR:
                return arg
            case tm.Transpose(tm.Transpose(arg)):
                return arg
            case tm.Transpose(tm.Constant(value, (r, c))):
                return tm.Constant(value, (c, r))
            case tm.Inverse(arg) if arg.shape == tm.SCALAR:
                return tm.Pow(arg, tm.number(-1))
            case tm.Pow(base, exponent):
                return power(base, exponent)
            case tm.SquaredNorm(arg) if arg.shape == tm.SCALAR:
                return tm.Pow(arg, tm.number(2))
            case tm.Mul(args):
                return grouped(args)
            case tm.Add(args):
                return added(args)
            case _:
                return self.rest(t)

    def rest(self, t: Any) -> Any:
        match t:
            case Listed(inner, shape):
                return inner if shape[1] != 1 or inner.shape[1] == 1 else upright(inner)
            case Component(arg, indices):
                return component(arg, indices)
            case tm.Function("abs", (arg,)) if arg.shape != tm.SCALAR:
                return tm.Determinant(arg)
            case tm.Determinant(arg) if arg.shape == tm.SCALAR:
                return arg
            case tm.Function(name, (arg,)) if arg.shape != tm.SCALAR and name in ENTRYWISE:
                return tm.Function(name, t.args, arg.shape, t.indices, True, t.order)
            case tm.Variance(arg, given):
                return tm.Variance(column(arg), given)
            case tm.Covariance(left, right, given):
                return tm.Covariance(column(left), column(right), given)
            case tm.Matrix(((only,),)):
                return only
            case tm.Hadamard(args) if args[0].shape == tm.SCALAR:
                return grouped(args)
            case Over():
                return self.over(t)
        return t


ENTRYWISE = frozenset({"log", "exp", "sin", "cos", "tan", "tanh", "cosh", "sinh", "sign", "relu"})


def upright(row: tm.Term) -> tm.Term:
    """A row that was written as a list, as the column that was meant."""
    match row:
        case tm.Matrix((cells,)):
            return tm.Matrix(tuple((c,) for c in cells))
        case tm.Entries(one, other, body, (rows, columns)):
            return tm.Entries(other, one, body, (columns, rows))
    return tm.Transpose(row)


def column(term: tm.Term) -> tm.Term:
    """A row vector as the column it transposes to."""
    return tm.Transpose(term) if term.shape[0] == 1 and term.shape[1] != 1 else term


def component(arg: tm.Term, indices: tuple[tm.Index, ...]) -> tm.Term:
    if len(indices) == 2:
        return tm.Entry(arg, indices[0], indices[1])
    rows, columns = arg.shape
    if columns == 1:
        return tm.Entry(arg, indices[0])
    return tm.Entry(arg, FIRST, indices[0]) if rows == 1 else tm.Line(arg, indices[0])


def power(base: tm.Term, exponent: tm.Term) -> tm.Term:
    """Matrix powers are written out; the square of a norm is the squared norm."""
    whole = isinstance(exponent, tm.Number) and exponent.value.denominator == 1
    if base.shape != tm.SCALAR and whole:
        assert isinstance(exponent, tm.Number)
        n = int(exponent.value)
        factor = base if n > 0 else tm.Inverse(base)
        if n == 0:
            return tm.Identity(base.shape[0])
        parts = factor.args if isinstance(factor, tm.Mul) else (factor,)
        return tm.Mul(parts * min(abs(n), 64)) if abs(n) > 1 else factor
    if isinstance(base, tm.Pow) and base.exponent == HALF and isinstance(base.base, tm.SquaredNorm) and whole:
        assert isinstance(exponent, tm.Number)
        half = exponent.value / 2
        return base.base if half == 1 else tm.Pow(base.base, tm.Number(half))
    root_of_square = isinstance(base, tm.Pow) and base.exponent == HALF and isinstance(base.base, tm.Pow)
    if root_of_square and base.base.exponent == exponent == tm.number(2):  # the squared norm of a number
        return base.base
    if isinstance(base, tm.Number) and whole and base.value != 0:
        assert isinstance(exponent, tm.Number)
        if abs(exponent.value) <= 64:
            return tm.Number(Fraction(base.value) ** int(exponent.value))
    return tm.Pow(base, exponent)


def grouped(args: tuple[tm.Term, ...]) -> tm.Term:
    """A product whose non-scalar factors chain: what closes to a scalar among itself becomes a factor of its own."""
    found = arrange([a.shape for a in args], lambda a, b: a == b)
    if isinstance(found, int):  # reported by the shape equations
        return tm.Mul(args)
    flat = without_ones(tuple(args[n] if isinstance(n, int) else grouped(tuple(args[k] for k in n)) for n in found[0]))
    return tm.Mul(flat) if len(flat) > 1 else flat[0]


def without_ones(args: tuple[tm.Term, ...]) -> tuple[tm.Term, ...]:
    """Factors 1 that an identity of size one or `1 \\cdot` left behind stay only when alone."""
    kept = tuple(a for a in args if a != tm.number(1))
    return kept or (tm.number(1),)


def _shape(group: list[tm.Term]) -> tm.Shape:
    return tm.Mul(tuple(group)).shape


def added(args: tuple[tm.Term, ...]) -> tm.Term:
    return tm.Add(args) if len(args) > 1 else args[0]


def misplaced(term: Any, place: Callable[[Any], Span]) -> list[Diagnostic]:
    """Symbols' shapes agree by unification; this is the last check that a proper term is well formed."""
    found = []
    for t in _bottom_up(term):
        if isinstance(t, tm.Mul):
            rest = [a.shape for a in t.args if a.shape != tm.SCALAR]
            if any(a[1] != b[0] for a, b in itertools.pairwise(rest)):
                found.append(Diagnostic("the factors of a product do not fit", place(t)))
        if isinstance(t, tm.Add) and any(a.shape != t.args[0].shape for a in t.args):
            found.append(Diagnostic("the items of a sum have different shapes", place(t)))
    return found


def _bottom_up(term: Any) -> list[Any]:
    from derive.language.traverse import everywhere

    return list(everywhere(term))


__all__ = ["Settler", "misplaced"]
