"""Derivatives by indices: ∂w_i/∂w_k = δ_ik, and the product and chain rules on monomials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from derive.kernel.algebra import build, delta, factor_poly, fresh, multiply, opened, power, sum_over
from derive.kernel.context import Context
from derive.kernel.mapping import map_poly, substitution
from derive.kernel.monomials import (
    ARGUMENT_COLUMN,
    ARGUMENT_ROW,
    COLUMN,
    ONE,
    ROW,
    ZERO,
    Factor,
    Ix,
    Poly,
    free_indices,
    nested,
    variables,
)
from derive.language.facts import Equation, Given
from derive.language.terms import SCALAR, Derivative, Entry, Function, Line, Symbol, Term, walk
from derive.language.ties import moving

if TYPE_CHECKING:
    from derive.kernel.normal import Translator

Target = tuple[str, tuple[Ix, ...]]


def derivative(translator: Translator, term: Derivative, row: Ix, column: Ix, env: dict[str, Ix]) -> Poly:
    """Component of ∂arg/∂wrt."""
    from derive.kernel.places import FIRST, places_of

    wrt = term.wrt
    places = places_of(wrt.shape, row, column)
    match wrt:
        case Symbol(name, indices):
            target = (name, (*(translator._ix(i, env) for i in indices), *places))
        case Entry(Symbol(name, indices, shape), r, c):
            own = tuple(translator._ix(i, env) for i in indices)
            target = (name, own + places_of(shape, translator._ix(r, env), translator._ix(c, env)))
        case Line(Symbol(name, indices), index, axis):
            at = translator._ix(index, env)
            own = tuple(translator._ix(i, env) for i in indices)
            target = (name, (*own, at, row) if axis == "row" else (*own, row, at))
        case _:
            raise _not_covered("a derivative with respect to a compound")
    context = translator.context
    context.expanding.append(target[0])
    try:
        with context.without(lambda g: _holds_at_a_point(context, g, target[0])), context.recording() as (_, givens):
            if term.arg.shape == SCALAR:
                poly = translator.component(term.arg, FIRST, FIRST, env)
            elif wrt.shape == SCALAR:
                poly = translator.component(term.arg, row, column, env)
            else:
                raise _not_covered("the derivative of a vector with respect to a vector")
            reduced = translator.reduced(poly)
            moved = moving(context.facts, target[0])
            if moved and any(n in moved for powers, _ in reduced.terms for f, _ in powers for n in names_in(f)):
                raise _not_covered("the derivative of a symbol that a premise makes depend on the variable")
            result = differentiate(translator, reduced, target)
        if any(_holds_at_a_point(context, g, target[0]) for g in givens.values()):
            raise _not_covered("the derivative of what a premise about the variable says")
        return result
    finally:
        context.expanding.pop()


def _holds_at_a_point(context: Context, given: Given, name: str) -> bool:
    """Whether an equation restricts the variable itself, as w² = v does: it is no identity, and has no derivative.

    E[X] = θ is one: it says how the law of X depends on θ.
    """
    if not isinstance(given, Equation) or given.kind == "definition":
        return False
    left, right = (_symbols(context, side) for side in (given.lhs, given.rhs))
    law = given.kind == "moment" and any(context.facts.role(n) == "random" for n in left)
    return name in left or (name in right and not law)


def _symbols(context: Context, term: Term) -> set[str]:
    names = {t.name for t in walk(term) if isinstance(t, Symbol | Function)}
    return names.union(*(context.made(n) for n in names)) if names else names


def _not_covered(what: str) -> Exception:
    from derive.kernel.places import NotCovered

    return NotCovered(what)


def differentiate(translator: Translator, poly: Poly, target: Target) -> Poly:
    result = ZERO
    for mono, number in poly.terms.items():
        powers, bounds = opened(mono)
        for k, (factor, exponent) in enumerate(powers):
            if factor[0] in ("m", "E") and _law_depends(translator, factor, target[0]):
                raise _not_covered("the derivative of an expectation whose law depends on the variable")
            if any(n != target[0] and target[0] in translator.context.made(n) for n in names_in(factor)):
                raise _not_covered("the derivative of a symbol whose definition is left aside")
            if any(target[0] in translator.context.facts.labels(n) for n in names_in(factor)):
                raise _not_covered("the derivative of what has the variable in its name")
            if not mentions(factor, target[0]):
                continue
            inner = _powered(translator, factor, exponent, target)
            rest = [*powers[:k], *powers[k + 1 :]]
            for mono_in, number_in in inner.terms.items():
                powers_in, bounds_in = opened(mono_in)
                result = result + build([*rest, *powers_in], bounds + bounds_in, number * number_in)
    return result


def _law_depends(translator: Translator, factor: Factor, name: str) -> bool:
    inside = [v for f, _ in factor[1] for v in variables(f)] if factor[0] == "m" else list(factor[1].variables)
    return any(name in translator.context.tied.get(n, ()) for n, _ in inside)


def mentions(factor: Factor, name: str) -> bool:
    if factor[0] in ("s", "r"):
        return bool(factor[1] == name)
    if factor[0] == "m" and any(mentions(f, name) for f, _ in factor[1]):
        return True
    return any(mentions(f, name) for p in nested(factor) for powers, _ in p.terms for f, _ in powers)


def names_in(factor: Factor) -> Iterator[str]:
    """The symbols and functions that stand in a factor."""
    if factor[0] in ("s", "r", "f"):
        yield factor[1]
    if factor[0] == "m":
        for inner, _ in factor[1]:
            yield from names_in(inner)
    for poly in nested(factor):
        for powers, _ in poly.terms:
            for inner, _ in powers:
                yield from names_in(inner)


def _powered(translator: Translator, factor: Factor, exponent: Any, target: Target) -> Poly:
    """d(f^e) = e f^{e−1} df."""
    if factor[0] == "p":
        outer = power(factor[1], exponent - 1).scale(exponent)
        return multiply(outer, differentiate(translator, factor[1], target))
    inner = _derivative(translator, factor, target)
    return multiply(build([(factor, exponent - 1)], [], exponent), inner) if exponent != 1 else inner


def _derivative(translator: Translator, factor: Factor, target: Target) -> Poly:
    match factor[0]:
        case "s" | "r":
            return _of_symbol(factor, target)
        case "f":
            return _of_function(translator, factor, target)
        case "m":
            return _of_moment(translator, factor, target)
        case "i":
            return _of_inverse(translator, factor, target)
        case "x":
            return _of_power(translator, factor, target)
        case _:
            raise _not_covered("the derivative of such a factor")


def _of_symbol(factor: Factor, target: Target) -> Poly:
    if len(factor) == 4:
        raise _not_covered("a derivative with respect to a symmetric matrix")
    if len(factor[2]) != len(target[1]):
        raise _not_covered("a derivative with respect to another kind of component")
    result = ONE
    for a, b in zip(factor[2], target[1], strict=True):
        result = multiply(result, delta(a, b))
    return result


def _of_function(translator: Translator, factor: Factor, target: Target) -> Poly:
    _, name, order, args, slots = factor
    if len(args) != 1 or any(i[0] in ("$r", "$c") for i in slots):
        raise _not_covered("a partial derivative of a function of several arguments")
    if any(ix in (ARGUMENT_ROW, ARGUMENT_COLUMN) for ix in free_indices(args[0])):
        return _along(translator, factor, target)
    inner = differentiate(translator, args[0], target)
    if name == "log" and not order:
        return multiply(power(args[0], -1), inner)
    if name == "exp" and not order:
        return multiply(factor_poly(factor), inner)
    return multiply(factor_poly(("f", name, order + 1, args, slots)), inner)


def _along(translator: Translator, factor: Factor, target: Target) -> Poly:
    """The chain rule for a function of a vector or matrix u: Σ_ab (∂f/∂u_ab) ∂u_ab, with a place for each partial derivative."""
    from derive.kernel.places import span_of

    _, name, order, args, slots = factor
    shape = translator.context.argument_shapes.get(name)
    if shape is None:
        raise _not_covered("the derivative of a function of several shapes")
    rows, columns = shape
    a, b = fresh(), fresh()
    places = (((a, 0),) if rows != 1 else ()) + (((b, 0),) if columns != 1 else ())
    inner = map_poly(
        differentiate(translator, args[0], target),
        substitution({ARGUMENT_ROW[0]: (a, 0), ARGUMENT_COLUMN[0]: (b, 0)}),
    )
    result = multiply(factor_poly(("f", name, order + 1, args, (*slots, *places))), inner)
    for index, size in ((a, rows), (b, columns)):
        if size != 1:
            result = sum_over(result, index, span_of(size))
    return result


def _of_moment(translator: Translator, factor: Factor, target: Target) -> Poly:
    """Differentiation under the expectation."""
    if any(mentions(f, target[0]) for p in factor[2] for powers, _ in p.terms for f, _ in powers):
        raise _not_covered("the derivative of a conditional expectation with respect to its condition")
    translator.context.presupposed.setdefault("differentiation under the expectation is allowed")
    inside = differentiate(translator, build(factor[1], []), target)
    return translator.moments.expect(inside, factor[2])


def _of_inverse(translator: Translator, factor: Factor, target: Target) -> Poly:
    """d(A⁻¹) = −A⁻¹ dA A⁻¹."""
    _, matrix, row, column, symmetric = factor
    spans = [s for s in translator.context.rules if s.pattern and s.pattern[0][0] == "i" and s.pattern[0][1] == matrix]
    if not spans:
        raise _not_covered("the derivative of an inverse")
    span = spans[0].spans["%j"]
    a, b = fresh(), fresh()
    change = map_poly(differentiate(translator, matrix, target), substitution({ROW[0]: (a, 0), COLUMN[0]: (b, 0)}))
    left = factor_poly(("i", matrix, *sorted_if(symmetric, row, (a, 0)), symmetric))
    right = factor_poly(("i", matrix, *sorted_if(symmetric, (b, 0), column), symmetric))
    return -sum_over(sum_over(multiply(left, multiply(change, right)), a, span), b, span)


def sorted_if(condition: bool, a: Ix, b: Ix) -> tuple[Ix, Ix]:
    return (b, a) if condition and b < a else (a, b)


def _of_power(translator: Translator, factor: Factor, target: Target) -> Poly:
    """d(b^m) = m b^{m−1} db + b^m log b dm."""
    base, exponent = factor[1], factor[2]
    result = multiply(
        multiply(exponent, multiply(factor_poly(factor), power(base, -1))), differentiate(translator, base, target)
    )
    change = differentiate(translator, exponent, target)
    if change.terms:
        from derive.kernel.special import logarithm

        result = result + multiply(multiply(factor_poly(factor), logarithm(translator.context, base)), change)
    return result
