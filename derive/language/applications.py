"""A name with a bracket directly behind it: application or product."""

from __future__ import annotations

from typing import Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.building import IDENTITY, Builder, Unreadable
from derive.language.moving import refuse_moving
from derive.language.symbols import strip_accents


def application(builder: Builder, item: sx.Node, bracket: sx.Node) -> Any:
    r"""`f(x)`, `f^2(x)`, `f(x)^2`, `f(x)^\top` as a raw term; None when the bracket is a factor."""
    match bracket:
        case sx.Power(inner, exponent):
            made = application(builder, item, inner)
            return None if made is None else tm.Pow(builder.mark(made, item.span), builder.build(exponent))
        case sx.Transposed(inner):
            made = application(builder, item, inner)
            return None if made is None else tm.Transpose(builder.mark(made, item.span))
        case sx.Inverted(inner, kind):
            made = application(builder, item, inner)
            return None if made is None else tm.Inverse(builder.mark(made, item.span), kind == "pseudo")
    if not isinstance(bracket, sx.Bracketed) or bracket.opening == "|":
        return None
    applied = builder.lexicon.applied_as_function
    match item:
        case sx.Name() if applied(item, bracket):
            return _apply(builder, item, bracket)
        case sx.Power(sx.Name() as name, exponent) if applied(name, bracket):
            return tm.Pow(builder.mark(_apply(builder, name, bracket), name.span), builder.build(exponent))
        case sx.Transposed(sx.Name() as name) if applied(name, bracket):
            return tm.Transpose(builder.mark(_apply(builder, name, bracket), name.span))
    return None


def _apply(builder: Builder, name: sx.Name, bracket: sx.Bracketed) -> Any:
    refuse_moving(builder.lexicon, name, builder.moving)
    stem, indices, prime = builder.lexicon.split(name)
    items = bracket.item.items if isinstance(bracket.item, sx.Tuple_) else (bracket.item,)
    order = 0
    functions = builder.lexicon.functions
    if builder.lexicon.differentiates and name.letter in builder.lexicon.plainly_applied:
        functions = functions | {name.letter}
    while stem.endswith("'") and stem[:-1] in functions and stem not in functions:
        stem, order = stem[:-1], order + 1
    if len(items) == 1 and isinstance(items[0], sx.Relation):
        if IDENTITY.fullmatch(stem):
            return builder.indicator(items[0])
        stem, items = _barred(stem, items[0], bracket.span)
    if any(isinstance(i, sx.Relation) for i in items):
        raise Unreadable("a relation as an argument", bracket.span)
    if builder.mass and strip_accents(name.letter) in ("p", "P"):
        raise Unreadable(
            "p stands for the probability of events here; as a function of values it is not checked", bracket.span
        )
    builder.free.update(i.base for i in indices if i.base is not None)
    builder.note_family(stem, indices)
    args = tuple(builder.build(i) for i in items)
    shape = builder.function_shapes.setdefault(stem, builder.dims.pair())
    function = tm.Function(stem, args, shape, indices, order=order)
    return tm.Transpose(builder.mark(function, name.span)) if prime else function


def _barred(stem: str, relation: sx.Relation, span: sx.Span) -> tuple[str, tuple[sx.Syntax, ...]]:
    """`p(y | x, m)` and `KL(P || Q)` are functions of their own; how many stand in front of the bar is kept in the name."""
    if relation.symbol not in (r"\mid", r"\Vert"):
        raise Unreadable("a relation as an argument", span)
    sides = [s.items if isinstance(s, sx.Tuple_) else (s,) for s in (relation.left, relation.right)]
    return stem + relation.symbol + str(len(sides[0])), (*sides[0], *sides[1])
