"""Gradients and derivatives, and expressions evaluated at a place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.dimensions import Component
from derive.language.traverse import descend, everywhere, rebuilt
from derive.language.unreadable import Unreadable

if TYPE_CHECKING:
    from derive.language.building import Builder


def gradient(builder: Builder, item: sx.Node, wrt: sx.Node, order: int, span: sx.Span) -> Any:
    unsaid = isinstance(wrt, sx.Label) and not wrt.text
    if unsaid and isinstance(item, sx.Name) and item.letter not in builder.defined_letters:
        return builder.reference(builder.lexicon.resolve(replace(item, letter=rf"\nabla {item.letter}")), span)
    if unsaid and isinstance(item, sx.Name) and not item.subscripts:
        item = builder.defined_letters[item.letter]  # \nabla L with L(w) defined
    term = builder.build(item)
    variable = variable_of(builder, term, span) if unsaid else builder.build(wrt)
    if isinstance(variable, tm.Transpose):
        variable = variable.arg
    if not isinstance(variable, (tm.Symbol, Component)):
        raise Unreadable("a derivative is taken with respect to a symbol", wrt.span)
    for _ in range(min(order, 4)):
        term = tm.Derivative(term, variable)
    return term


def variable_of(builder: Builder, term: Any, span: sx.Span) -> Any:
    """What a gradient without a subscript is taken by: the argument of its function, or what the chain says elsewhere."""
    try:
        return _only_argument(term, span)
    except Unreadable:
        variables = {t for w in builder.gradient_variables if (t := builder.build(w)) in set(everywhere(term))}
        if len(variables) != 1:
            raise
        return variables.pop()


def evaluated(builder: Builder, item: sx.Node, places: tuple[sx.Relation, ...]) -> Any:
    term = builder.build(item)
    for place in places:
        old, new = builder.build(place.left), builder.build(place.right)
        if any(isinstance(t, tm.Derivative) for t in everywhere(term)):
            raise Unreadable("a derivative at a place is not checked", place.span)
        term = substituted(term, old, new)
    return term


def substituted(term: Any, old: Any, new: Any) -> Any:
    """The term with every `old` in it replaced."""
    return new if term == old else rebuilt(term, lambda t: substituted(t, old, new))


def _only_argument(term: Any, span: sx.Span) -> Any:
    """What `\\nabla f(w)` differentiates by."""
    arguments = {t.args[0] for t in everywhere(term) if isinstance(t, tm.Function) and len(t.args) == 1}
    if len(arguments) != 1:
        raise Unreadable("it is not clear what this gradient is taken by", span, hint=r"write \nabla_{w}")
    return arguments.pop()


def gradient_variables(chain: sx.Chain) -> tuple[sx.Name, ...]:
    r"""The names by which gradients in the chain are taken: w of `\nabla_w` and of `\nabla f(w)`."""
    found = []
    for member in chain.members:
        for node in descend(member.syntax) if member.syntax is not None else ():
            match node:
                case sx.Gradient(_, sx.Name() as name):
                    found.append(name)
                case sx.Gradient(sx.Juxtaposition((sx.Name(), sx.Bracketed(sx.Name() as name))), sx.Label("")):
                    found.append(name)
    return tuple(dict.fromkeys(found))
