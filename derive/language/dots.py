r"""`\mathbf{x} \cdot \mathbf{y}`: the dot between two vectors is their inner product, between anything else a product."""

from __future__ import annotations

import itertools

from derive.language import syntax as sx
from derive.language.stacking import is_vector
from derive.language.symbols import Lexicon, is_capital


def with_inner_products(lexicon: Lexicon, product: sx.Juxtaposition) -> sx.Node | None:
    """The product with dots between vectors written as `x^\\top y`; None when there is no such dot."""
    bounds = [0, *product.dotted, len(product.items)]
    parts = [_part(product, start, end) for start, end in itertools.pairwise(bounds) if start < end]
    whole, found = parts[0], False
    for part in parts[1:]:
        if _is_column(lexicon, whole) and _is_column(lexicon, part):
            inner = sx.Juxtaposition((sx.Transposed(sx.Bracketed(whole)), sx.Bracketed(part)), span=product.span)
            whole, found = sx.Bracketed(inner, span=product.span), True
        else:
            whole = sx.Juxtaposition((*_items(whole), *_items(part)), (*_tight(whole), False, *_tight(part)))
    return whole if found else None


def _part(product: sx.Juxtaposition, start: int, end: int) -> sx.Node:
    items = product.items[start:end]
    return items[0] if len(items) == 1 else sx.Juxtaposition(items, product.tight[start : end - 1], span=items[0].span)


def _items(node: sx.Node) -> tuple[sx.Node, ...]:
    return node.items if isinstance(node, sx.Juxtaposition) else (node,)


def _tight(node: sx.Node) -> tuple[bool, ...]:
    return node.tight if isinstance(node, sx.Juxtaposition) else ()


def _is_column(lexicon: Lexicon, node: sx.Node) -> bool:
    """Whether the expression is a column by what is declared or by bold letters."""
    match node:
        case sx.Name(letter):
            return is_vector(lexicon, node) and (not is_capital(letter) or letter in lexicon.declared)
        case sx.Bracketed(item) | sx.Negate(item) | sx.Fraction_(item, _) | sx.Big("sum", _, item):
            return _is_column(lexicon, item)
        case sx.Operator("E", (item,)):
            return _is_column(lexicon, item)
        case sx.Plus(items):
            return any(_is_column(lexicon, i) for i in items)
        case sx.Juxtaposition(items):
            *front, last = items
            return _is_column(lexicon, last) and not any(isinstance(i, sx.Transposed) for i in front)
    return False
