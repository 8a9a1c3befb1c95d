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
    if (ranged := between(members, signs, places, usage)) is not None:
        return (ranged,)
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


def between(members: list[list[Token]], signs: list[Token], places: Places, usage: Usage) -> Syntax | None:
    r"""`1 \le i \le n`."""
    if len(signs) != 2 or any(s.text not in (r"\le", r"\leq") for s in signs) or [t.text for t in members[0]] != ["1"]:
        return None
    middle, upper = (read_items(m, places, usage) for m in members[1:])
    if len(upper) != 1 or len(middle) != 1 or not isinstance(middle[0], sx.Name):
        return None
    return ranging(middle[0], upper[0])


def ranging(index: sx.Name, upper: Syntax) -> Syntax:
    r"""`i \in \{1, \dots, n\}`."""
    run = sx.Tuple_((sx.Numeral(Fraction(1)), sx.Dots(), upper))
    return sx.Relation(r"\in", index, sx.Bracketed(run, "{"), span=index.span)


def ranges_behind(tokens: list[Token], places: Places, usage: Usage) -> list[Syntax]:
    r"""What `\{x_i\}_{i=1}^n` and `(x_i, y_i)_{i=1}^n` say of i."""
    found: list[Syntax] = []
    for k, token in enumerate(tokens):
        ahead = tokens[k + 1 : k + 8]
        kinds = [t.kind for t in ahead[:6]]
        if token.kind != "close" or kinds[:3] != ["sub", "lbrace", "name"] or kinds[5:6] != ["rbrace"]:
            continue
        if ahead[3].text != "=" or ahead[4].text != "1" or len(ahead) < 7 or ahead[6].kind != "caret":
            continue
        rest = tokens[k + 8 :]
        inside = rest[:1]
        if rest and rest[0].kind == "lbrace":
            inside = rest[1 : next((j for j, t in enumerate(rest) if t.kind == "rbrace"), 1)]
        index, upper = read_items([ahead[2]], places, usage), read_items(inside, places, usage) if inside else ()
        if len(upper) == 1 and isinstance(index[0], sx.Name):
            found.append(ranging(index[0], upper[0]))
    return found
