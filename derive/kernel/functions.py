"""Functions, indicators, determinants, inverses and derivatives of terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.kernel import calculus, special
from derive.kernel.algebra import delta, factor_poly
from derive.kernel.inverses import inverse_component
from derive.kernel.monomials import ARGUMENT_COLUMN, ARGUMENT_ROW, Ix, Poly
from derive.kernel.places import FIRST, Env, places_of
from derive.kernel.substitute import replace_symbols
from derive.language.terms import (
    SCALAR,
    Correlation,
    Covariance,
    Derivative,
    Determinant,
    Expectation,
    Function,
    IndexValue,
    Indicator,
    Inverse,
    Symbol,
    Term,
    Variance,
    walk,
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
        values = dict(zip(definition.arguments, term.args, strict=True))
        if any(a.shape != b.shape for a, b in values.items()) or _averaged_over(translator, definition.term, values):
            continue
        return replace_symbols(definition.term, values)
    return None


def _averaged_over(translator: Translator, term: Term, values: dict[Any, Term]) -> bool:
    """Whether a random value would come under an average in which its parameter was held fixed: L(W), where L(w) = E[(y − w)²]."""
    facts = translator.context.facts
    moved = {
        p.name
        for p, value in values.items()
        if facts.role(p.name) != "random"
        and any(isinstance(t, Symbol) and facts.role(t.name) == "random" for t in walk(value))
    }
    averages = (t for t in walk(term) if isinstance(t, (Expectation, Variance, Covariance, Correlation)))
    return bool(moved) and any(isinstance(s, Symbol) and s.name in moved for a in averages for s in walk(a))


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
