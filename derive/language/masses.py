r"""Mass functions in sums over values: with `p(x) = \Pr(X = x)` given, or by the name p_X, `\sum_x x\,p(x)` is E[X].

What else weighs the values in such a sum, a plain p, is a law of which nothing is said: no model gives it values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeGuard

from derive.language import syntax as sx
from derive.language.symbols import key_of, roots, statements
from derive.language.traverse import descend

Variables = tuple[sx.Name, ...]
LAW = re.compile(r"[pqPQ]|\\(?:pi|rho)|\\math(?:rm|bf|sf|it)\{[pqP]\}")
WEIGHT = re.compile(f"f|{LAW.pattern}")


def with_probabilities(document: sx.Document) -> sx.Document:
    r"""The document with mass functions in sums over their arguments written as `\Pr(X = x)`."""
    laws = said(document)
    if not any(_over_values(n) for root in roots(document) for n in descend(root)):
        return document
    made: sx.Document = _Masses(laws, frozenset(_defined(document))).change(document, frozenset())
    return made


def said(document: sx.Document) -> dict[str, Variables]:
    r"""function -> variables, from givens such as `p(x, y) = \Pr(X = x, Y = y)`."""
    found: dict[str, Variables] = {}
    for item in statements(document):
        if item.kind != "equation":
            continue
        for one, other in (item.parts[0], item.parts[0][::-1]):
            applied = _application(one)
            if applied is None or not isinstance(other, sx.Operator) or other.kind != "P" or other.given:
                continue
            name, arguments = applied
            events = {key_of(e.right): e.left for e in map(_event, other.arguments) if e is not None}
            variables = [events.get(key_of(a)) for a in arguments]
            if len(events) == len(other.arguments) == len(arguments) and all(variables):
                found.setdefault(key_of(name), tuple(v for v in variables if isinstance(v, sx.Name)))
    return found


def _event(node: sx.Node) -> Any:
    fits = isinstance(node, sx.Relation) and node.symbol == "=" and isinstance(node.right, sx.Name)
    return node if fits and isinstance(node.left, sx.Name) else None


def _defined(document: sx.Document) -> Iterator[str]:
    """Functions that a given says something about: their names alone say nothing."""
    for item in statements(document):
        if item.kind == "equation":
            yield from (key_of(found[0]) for side in item.parts[0] if (found := _application(side)))


def _application(node: sx.Node) -> tuple[sx.Name, Variables] | None:
    """(p, (x, y)) of `p(x, y)`."""
    match node:
        case sx.Juxtaposition((sx.Name() as name, sx.Bracketed(inner, "(")), (True, *_)):
            items = inner.items if isinstance(inner, sx.Tuple_) else (inner,)
            if all(isinstance(i, sx.Name) for i in items):
                return name, tuple(i for i in items if isinstance(i, sx.Name))
    return None


def _over_values(node: sx.Node) -> TypeGuard[sx.Big]:
    """Whether a sum has no limits, as one over all values of a variable has none."""
    return isinstance(node, sx.Big) and node.kind == "sum" and not any(r.lower or r.upper for r in node.ranges)


class _Masses:
    def __init__(self, laws: dict[str, Variables], defined: frozenset[str]):
        self.laws = laws
        self.defined = defined

    def change(self, value: Any, letters: frozenset[str]) -> Any:
        """The same with `p(x)` turned where a sum runs over x."""
        if isinstance(value, tuple):
            return tuple(self.change(v, letters) for v in value)
        if not is_dataclass(value) or isinstance(value, (sx.Span, sx.Diagnostic, type)):
            return value
        if isinstance(value, sx.Node) and _over_values(value):
            letters = letters | {key_of(r.index) for r in value.ranges}
        if isinstance(value, sx.Juxtaposition) and letters:
            value = self.product(value, letters)
        made = {
            f.name: self.change(old, letters)
            for f in fields(value)
            if f.name != "span" and (old := getattr(value, f.name))
        }
        return replace(value, **made) if made else value

    def product(self, node: sx.Juxtaposition, letters: frozenset[str]) -> sx.Juxtaposition:
        items, tight = list(node.items), [*node.tight, *[False] * len(node.items)]
        for place in range(len(items) - 1):
            if not tight[place]:
                continue
            found = _application(sx.Juxtaposition((items[place], items[place + 1]), (True,)))
            law = self.law(*found) if found and {key_of(a) for a in found[1]} <= letters else None
            if found and law:
                events = tuple(
                    sx.Relation("=", variable, value, span=node.span)
                    for variable, value in zip(law, found[1], strict=True)
                )
                items[place] = sx.Operator("P", events, span=node.span)
                items[place + 1] = sx.Numeral(Fraction(1), span=node.span)
                tight[place] = False
                if place:
                    tight[place - 1] = False
        return replace(node, items=tuple(items), tight=tuple(tight[: len(node.tight)]))

    def law(self, name: sx.Name, arguments: Variables) -> Variables | None:
        r"""The variables of which a function is the mass function: said, or written below it, as in `p_{X,Y}(x, y)`."""
        variables = self.laws.get(key_of(name))
        if variables is None and WEIGHT.fullmatch(name.letter) and key_of(name) not in self.defined:
            scripts = tuple(s for s in name.subscripts if isinstance(s, sx.Name) and s.letter.isupper())
            variables = scripts if len(scripts) == len(name.subscripts) and not name.superscripts else None
        return variables if variables and len(variables) == len(arguments) else None


def weights(document: sx.Document) -> frozenset[str]:
    """Functions such as p that stand with the letter of a sum without limits, whatever is given of them."""
    found = set()
    for node in (n for root in roots(document) for n in descend(root) if _over_values(n)):
        letters = {key_of(r.index) for r in node.ranges}
        for inner in descend(node.body):
            items = inner.items if isinstance(inner, sx.Juxtaposition) else ()
            for a, b in pairwise(items):
                if not isinstance(a, sx.Name) or not isinstance(b, sx.Bracketed) or not WEIGHT.fullmatch(a.letter):
                    continue
                if letters & {key_of(n) for n in descend(b) if isinstance(n, sx.Name)}:
                    found.add(key_of(a))
    return frozenset(found | set(_listed_weights(document)))


def _listed_weights(document: sx.Document) -> Iterator[str]:
    r"""p of `\sum_i x_i p_i` where X stands in the document and nothing but `\Pr(X = x_i) = p_i` is said of p."""
    said = [n for item in statements(document) for n in _described(item)]
    plain = {n.letter for root in roots(document) for n in descend(root) if isinstance(n, sx.Name) and not n.subscripts}
    for node in (n for root in roots(document) for n in descend(root)):
        if not isinstance(node, sx.Big) or node.kind != "sum" or len(node.ranges) != 1:
            continue
        index = (node.ranges[0].index,)
        members = [n for n in descend(node.body) if isinstance(n, sx.Name) and n.subscripts == index]
        values = [n for n in members if len(n.letter) == 1 and n.letter.upper() in plain - set(said)]
        for name in members:
            if values and LAW.fullmatch(name.letter) and name.letter not in said:
                yield from (name.letter, rf"{name.letter}_{{\bullet}}")


def _described(item: sx.Statement) -> Iterator[str]:
    """Letters that a statement speaks of, other than by the probabilities of values."""
    sides = [s for part in item.parts for s in part]
    if item.kind == "equation" and any(isinstance(s, sx.Operator) and s.kind == "P" for s in sides):
        return
    for side in sides if item.kind in ("equation", "distribution", "law") else ():
        yield from (n.letter for n in descend(side) if isinstance(n, sx.Name))
