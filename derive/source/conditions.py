"""Side conditions of equations: `i \\neq j`, `i = 1, …, n`."""

from __future__ import annotations

from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source import clauses as cl
from derive.source.clauses import cut
from derive.source.cursor import Usage
from derive.source.grammar import read_items
from derive.source.places import Places
from derive.source.sets import read_set
from derive.source.tokens import Token


def read_conditions(tokens: list[Token], places: Places, usage: Usage) -> tuple[Syntax, ...]:
    r"""`i \neq j`, `(i \neq j)`, `i = 1, \dots, n`, `i, j`; bare indices say nothing and are dropped."""
    tokens = cl.strip(tokens)
    if tokens and tokens[0].kind == "open" and tokens[-1].kind == "close" and min(cl.levels(tokens)) > 0:
        tokens = tokens[1:-1]
    if not tokens:
        return ()
    found: list[Syntax] = []
    members, signs = cut(tokens)
    if len(signs) == 1 and signs[0].text == r"\in":
        word, dims = read_set(members[1], places, usage)
        if word != "indexset":
            return ()
        one = sx.Numeral(Fraction(1))
        names = read_items(members[0], places, usage)
        return tuple(
            sx.Relation(r"\in", n, sx.Bracketed(sx.Tuple_((one, sx.Dots(), dims[0])), "{"), span=n.span) for n in names
        )
    items = read_items(tokens, places, usage)
    for k, item in enumerate(items):
        if (
            isinstance(item, sx.Relation)
            and k + 2 < len(items) + 1
            and k + 1 < len(items)
            and isinstance(items[k + 1], sx.Dots)
        ):
            upper = items[k + 2] if k + 2 < len(items) else sx.Dots()
            span = item.span
            found.append(
                sx.Relation(r"\in", item.left, sx.Bracketed(sx.Tuple_((item.right, sx.Dots(), upper)), "{"), span=span)
            )
        elif isinstance(item, sx.Relation):
            found.append(item)
        elif isinstance(item, sx.Tuple_):
            found.extend(i for i in item.items if isinstance(i, sx.Relation))
    return tuple(found)
