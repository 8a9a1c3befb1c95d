"""Functions, indicators, determinants, inverses and derivatives of terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.kernel import calculus, special
from derive.kernel.algebra import delta, factor_poly
from derive.kernel.inverses import inverse_component
from derive.kernel.monomials import ARGUMENT_COLUMN, ARGUMENT_ROW, Ix, Poly
from derive.kernel.places import FIRST, Env, places_of
from derive.kernel.substitute import replace_symbols
from derive.language.terms import (
    SCALAR,
    Derivative,
    Determinant,
    Function,
    IndexValue,
    Indicator,
    Inverse,
    Symbol,
    Term,
)

if TYPE_CHECKING:
    from derive.kernel.normal import Translator


def function(translator: Translator, term: Function, row: Ix, column: Ix, env: Env) -> Poly:
    known = function_definition(translator, term)
    if known is not None:
        return translator.component(known, row, column, env)
    own = tuple(translator._ix(i, env) for i in term.indices)
    if term.entrywise:
        args = tuple(translator.reduced(translator.component(a, row, column, env)) for a in term.args)
        return special.elementary(translator.context, term.name, term.order, args, own)
    if all(a.shape == SCALAR for a in term.args):
        args = tuple(translator.reduced(translator.scalar(a, env)) for a in term.args)
        slots = own + places_of(term.shape, row, column)
        return special.elementary(translator.context, term.name, term.order, args, slots)
    args = tuple(
        translator.bound(a, ARGUMENT_ROW, ARGUMENT_COLUMN if a.shape[1] != 1 else FIRST, env) for a in term.args
    )
    shapes = translator.context.argument_shapes
    shapes[term.name] = term.args[0].shape if shapes.get(term.name, term.args[0].shape) == term.args[0].shape else None
    return factor_poly(("f", term.name, term.order, args, own + places_of(term.shape, row, column)))


def function_definition(translator: Translator, term: Function) -> Term | None:
    context = translator.context
    mark = f"{term.name}()"
    if term.order or not context.allows("definition"):
        return None
    options = context.functions.get(term.name, ())
    exact = [d for d in options if d.arguments == term.args]
    schematic = [
        d for d in options if len(d.arguments) == len(term.args) and all(isinstance(a, Symbol) for a in d.arguments)
    ]
    for definition in exact or schematic[:1]:
        if context.expanding.count(mark) > 2:
            return None
        context.use(definition.given, "definition")
        if exact:
            return definition.term
        if any(a.shape != b.shape for a, b in zip(definition.arguments, term.args, strict=True)):
            continue
        return replace_symbols(definition.term, dict(zip(definition.arguments, term.args, strict=True)))
    return None


def indicator(translator: Translator, term: Indicator, row: Ix, column: Ix, env: Env) -> Poly:
    if term.relation == "=" and isinstance(term.left, IndexValue) and isinstance(term.right, IndexValue):
        return delta(translator._ix(term.left.index, env), translator._ix(term.right.index, env))
    difference = translator.scalar(term.left, env) - translator.scalar(term.right, env)
    return special.indicator(translator.context, term.relation, translator.reduced(difference))


def derivative(translator: Translator, term: Derivative, row: Ix, column: Ix, env: Env) -> Poly:
    translator.context.rule("derivative")
    return calculus.derivative(translator, term, row, column, env)


def determinant(translator: Translator, term: Determinant, row: Ix, column: Ix, env: Env) -> Poly:
    return special.determinant(translator, term.arg, env)


def inverse(translator: Translator, term: Inverse, row: Ix, column: Ix, env: Env) -> Poly:
    translator.context.rule("inverse")
    return inverse_component(translator, term, row, column, env)
