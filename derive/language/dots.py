r"""`\mathbf{x} \cdot \mathbf{y}`: the dot between two vectors is their inner product, between anything else a product."""

from __future__ import annotations

import itertools

from derive.language import syntax as sx
from derive.language.stacking import is_vector
from derive.language.symbols import Lexicon, is_capital

Pairs = tuple[tuple[sx.Node, bool], ...]


def with_inner_products(lexicon: Lexicon, product: sx.Juxtaposition) -> sx.Node | None:
    """The product with dots between vectors written as `x^\\top y`; None when there is no such dot.

    A dot takes in the column in front of it, with what makes it one, and the first column behind: `x \\cdot y z` is (xᵀy) z.
    """
    bounds = [0, *product.dotted, len(product.items)]
    parts = [_part(product, start, end) for start, end in itertools.pairwise(bounds) if start < end]
    whole, found = parts[0], False
    for part in parts[1:]:
        before, left = _split(lexicon, whole, last=True)
        behind, right = _split(lexicon, part, last=False)
        if left and right:
            operands = (sx.Transposed(sx.Bracketed(_joined(left))), sx.Bracketed(_joined(right)))
            inner = sx.Bracketed(sx.Juxtaposition(operands, span=product.span), span=product.span)
            whole, found = _joined((*before, (inner, False), *behind)), True
        else:
            whole = _joined((*_pairs(whole), *_pairs(part)))
    return whole if found else None


def _split(lexicon: Lexicon, node: sx.Node, last: bool) -> tuple[Pairs, Pairs]:
    """(the rest, the column that a dot takes in) of the factors at its side; no column where they make none."""
    pairs = _pairs(node)
    sizes = range(1, len(pairs) + 1)
    if not last:
        size = next((n for n in sizes if _is_column(lexicon, _joined(pairs[:n]))), 0)
        return pairs[size:], pairs[:size]
    size = next((n for n in reversed(sizes) if _is_column(lexicon, _joined(pairs[len(pairs) - n :]))), 0)
    return pairs[: len(pairs) - size], pairs[len(pairs) - size :]


def _part(product: sx.Juxtaposition, start: int, end: int) -> sx.Node:
    items = product.items[start:end]
    return items[0] if len(items) == 1 else sx.Juxtaposition(items, product.tight[start : end - 1], span=items[0].span)


def _pairs(node: sx.Node) -> Pairs:
    """Factors, each with whether it is a bracket directly behind the one before."""
    if not isinstance(node, sx.Juxtaposition):
        return ((node, False),)
    return tuple(itertools.zip_longest(node.items, (False, *node.tight[: len(node.items) - 1]), fillvalue=False))


def _joined(pairs: Pairs) -> sx.Node:
    if len(pairs) == 1:
        return pairs[0][0]
    return sx.Juxtaposition(tuple(p[0] for p in pairs), tuple(p[1] for p in pairs[1:]), span=pairs[0][0].span)


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
            turned = any(isinstance(i, sx.Transposed) or _is_column(lexicon, i) for i in front)
            return _is_column(lexicon, last) and not turned
    return False
