r"""Square roots of matrices: `\Sigma^{1/2}` is a symmetric matrix of its own, and \Sigma the product of it with itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from derive.language import syntax as sx
from derive.language.symbols import key_of, roots
from derive.language.traverse import descend, mapped

HALF = Fraction(1, 2)


def halved(document: sx.Document) -> dict[str, sx.Name]:
    r"""The names with an exponent of ± 1/2, by their keys."""
    return {key_of(base): base for root in roots(document) for base, _ in _roots_in(root)}


def _roots_in(root: sx.Node) -> Iterator[tuple[sx.Name, Fraction]]:
    for node in descend(root):
        if isinstance(node, sx.Power) and isinstance(node.base, sx.Name) and not node.base.superscripts:
            value = _value(node.exponent)
            if value is not None and abs(value) == HALF:
                yield node.base, value


def _value(exponent: sx.Node) -> Fraction | None:
    match exponent:
        case sx.Numeral(value):
            return value
        case sx.Negate(item):
            inner = _value(item)
            return None if inner is None else -inner
        case sx.Fraction_(top, bottom):
            above, below = _value(top), _value(bottom)
            return above / below if above is not None and below else None
        case sx.Bracketed(item):
            return _value(item)
    return None


def with_roots(
    document: sx.Document, names: dict[str, sx.Name], defined: Collection[str], random: Callable[[str], bool]
) -> sx.Document:
    """The document with the roots of these names as names of their own, and what is known of them."""
    said = [statement for key, name in names.items() for statement in _known(name, key in defined, random(key))]
    return replace(document, items=(*said, *_changed(document.items, set(names))))


def _changed(value: Any, keys: set[str]) -> Any:
    if isinstance(value, sx.Power) and isinstance(value.base, sx.Name) and key_of(value.base) in keys:
        exponent = _value(value.exponent)
        if exponent is not None and abs(exponent) == HALF:
            root = _root(value.base)
            return root if exponent > 0 else sx.Inverted(root, span=value.span)
    return mapped(value, lambda part: _changed(part, keys))


def _root(name: sx.Name) -> sx.Name:
    return replace(name, superscripts=(sx.Label("1/2"),))


def _known(name: sx.Name, defined: bool, random: bool) -> tuple[sx.Statement, ...]:
    root, written = _root(name), rf"{key_of(name)}^{{1/2}}"
    square = sx.Juxtaposition((root, root), (False,))
    sides, text = (name, square), f"{key_of(name)} = {written} {written}"
    if defined:
        sides, text = (square, name), f"{written} {written} = {key_of(name)}"
    told = sx.Statement("equation", (sides, ()), text, name.span, word="=")
    symmetric = sx.Statement("property", ((root,),), rf"{written} \text{{ symmetric}}", name.span, word="symmetric")
    word = "random" if random else "constant"
    return told, symmetric, sx.Statement("kind", ((root,),), rf"{written} \text{{ {word}}}", name.span, word=word)
