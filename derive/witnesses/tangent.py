"""Directional derivatives of terms: what the value of a term does when one symbol moves along a direction.

The derivative of `Symbol('x')` is `Symbol('∂1 x')`: the model that evaluates it knows the direction.  Second
derivatives nest, `∂2 ∂1 x`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.language import terms as t
from derive.witnesses.field import Unmodelled

CONSTANT = (t.Number, t.IndexValue, t.Identity, t.Constant)
LINEAR = (t.Transpose, t.Entry, t.Line, t.Trace, t.Diagonal)


def tangent(term: t.Term, level: int) -> t.Term:
    """The derivative of `term` along direction number `level`."""
    match term:
        case t.Number() | t.IndexValue() | t.Identity() | t.Constant():
            return zero(term.shape)
        case t.Symbol():
            return replace(term, name=f"∂{level} {term.name}")
        case t.Add(args):
            return t.Add(tuple(tangent(a, level) for a in args))
        case t.Mul(args) | t.Hadamard(args):
            return _leibniz(term, args, level)
        case t.Kronecker(a, b):
            return t.Add((t.Kronecker(tangent(a, level), b), t.Kronecker(a, tangent(b, level))))
        case t.Sum() | t.Entries() | t.SupportSum():
            return replace(term, body=tangent(term.body, level))
        case t.Matrix(rows):
            return t.Matrix(tuple(tuple(tangent(x, level) for x in row) for row in rows))
        case t.Product():
            return _product(term, level)
        case t.Expectation() | t.Derivative():
            return replace(term, arg=tangent(term.arg, level))
        case t.Variance(arg, given):
            return _covariance(arg, arg, given, level)
        case t.Covariance(a, b, given):
            return _covariance(a, b, given, level)
        case t.Pow() | t.Inverse() | t.Determinant() | t.SquaredNorm():
            return _nonlinear(term, level)
        case t.Function():
            return _chain(term, level)
        case _ if isinstance(term, LINEAR):
            return replace(term, arg=tangent(term.arg, level))
        case _:
            raise Unmodelled(f"the derivative of {type(term).__name__}")


def zero(shape: t.Shape) -> t.Term:
    return t.number(0) if shape == t.SCALAR else t.Constant(Fraction(0), shape)


def _leibniz(term: t.Mul | t.Hadamard, args: tuple[t.Term, ...], level: int) -> t.Term:
    kind = type(term)
    parts = [
        kind((*args[:k], tangent(a, level), *args[k + 1 :])) for k, a in enumerate(args) if not isinstance(a, CONSTANT)
    ]
    if not parts:
        return zero(term.shape)
    return parts[0] if len(parts) == 1 else t.Add(tuple(parts))


def _product(term: t.Product, level: int) -> t.Term:
    """Sum over i of the derivative of factor i times the product of the others."""
    other = f"{term.index}′"
    rest = replace(
        term, index=other, body=rename(term.body, term.index, other), excluded=(*term.excluded, t.Index(term.index))
    )
    return t.Sum(term.index, term.range, t.Mul((tangent(term.body, level), rest)), term.excluded)


def _covariance(a: t.Term, b: t.Term, given: tuple[t.Term, ...], level: int) -> t.Term:
    return t.Add((t.Covariance(tangent(a, level), b, given), t.Covariance(a, tangent(b, level), given)))


def _nonlinear(term: t.Term, level: int) -> t.Term:
    match term:
        case t.Pow(base, exponent):
            if any(not isinstance(p, (t.Number, t.IndexValue, t.Add, t.Mul)) for p in t.walk(exponent)):
                raise Unmodelled("the derivative of a power with a variable exponent")
            less = t.number(exponent.value - 1) if isinstance(exponent, t.Number) else t.Add((exponent, t.number(-1)))
            lower = t.Pow(base, less)
            return t.Mul((exponent, lower, tangent(base, level)))
        case t.Inverse(arg, False):
            return t.Mul((t.number(-1), term, tangent(arg, level), term))
        case t.Determinant(arg):
            return t.Mul((term, t.Trace(t.Mul((t.Inverse(arg), tangent(arg, level))))))
        case t.SquaredNorm(arg):
            return t.Mul((t.number(2), t.Trace(t.Mul((t.Transpose(arg), tangent(arg, level))))))
        case _:
            raise Unmodelled(f"the derivative of {type(term).__name__}")


def _chain(term: t.Function, level: int) -> t.Term:
    if len(term.args) != 1 or (term.args[0].shape != t.SCALAR and not term.entrywise):
        raise Unmodelled("the derivative of a function of several variables")
    arg = term.args[0]
    inner = tangent(arg, level)
    if term.name == "exp":
        outer: t.Term = term
    elif term.name in ("log", "sqrt") and arg.shape == t.SCALAR:
        outer = (
            t.Pow(arg, t.number(-1))
            if term.name == "log"
            else t.Mul((t.number(Fraction(1, 2)), t.Pow(term, t.number(-1))))
        )
    else:
        outer = replace(term, order=term.order + 1)
    return t.Mul((outer, inner)) if term.shape == t.SCALAR else t.Hadamard((outer, inner))


def rename(term: t.Term, old: str, new: str) -> t.Term:
    """The term with the free index `old` called `new`."""
    from derive.language.traverse import rebuilt

    def index(i: t.Index) -> t.Index:
        return t.Index(new, i.offset) if i.base == old else i

    match term:
        case t.Symbol():
            return replace(term, indices=tuple(map(index, term.indices)))
        case t.IndexValue(i):
            return t.IndexValue(index(i))
        case t.Sum() | t.Product() if term.index == old:
            return term
    changed = rebuilt(term, lambda child: rename(child, old, new))
    match changed:
        case t.Entry():
            return replace(changed, row=index(changed.row), column=index(changed.column))
        case t.Line():
            return replace(changed, index=index(changed.index))
        case t.Function():
            return replace(changed, indices=tuple(map(index, changed.indices)))
        case t.Sum():
            return replace(
                changed,
                range=t.Range(index(changed.range.lower), index(changed.range.upper)),
                excluded=tuple(map(index, changed.excluded)),
                below=tuple(map(index, changed.below)),
            )
        case t.Product():
            return replace(
                changed,
                range=t.Range(index(changed.range.lower), index(changed.range.upper)),
                excluded=tuple(map(index, changed.excluded)),
            )
    return changed
