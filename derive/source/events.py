r"""Events by letters: `\Pr(A \cap B^c)`, `\mathbf 1_A`, and `P(A \mid B)` as a quotient.

A capital letter is an event where the document writes its indicator or joins it with others.
"""

from __future__ import annotations

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source.cursor import Cursor
from derive.source.tokens import Token

SIGNS = frozenset({r"\mathbf{1}", r"\mathbb{1}", r"\mathbb{I}", r"\mathrm{1}", "I", r"\mathbf{I}", r"\chi"})
CHANCES = frozenset(
    {"P", "p", r"\mathbb{P}", r"\mathrm{P}", r"\mathsf{P}", "Pr", r"\Pr", r"\operatorname{Pr}", r"\mathbf{P}"}
)
JOINED = frozenset({r"\cap", r"\cup", r"\setminus"})
COMPLEMENTS = frozenset({"c", r"\complement", r"\mathrm{c}", r"\mathsf{c}", "C"})


def is_letter(token: Token | None) -> bool:
    return token is not None and token.kind == "name" and len(token.text) == 1 and token.text.isupper()


def events_in(tokens: list[Token]) -> tuple[set[str], set[str]]:
    """Letters with an indicator or beside a `\\cap`, and letters that stand first in a probability."""
    marked: set[str] = set()
    likely: set[str] = set()
    for k, token in enumerate(tokens):
        after = tokens[k + 1 : k + 4]
        if token.text in SIGNS and after and after[0].kind == "sub":
            inside = after[1:3] if len(after) > 2 and after[1].kind == "lbrace" else after[1:2]
            marked.update(t.text for t in inside if is_letter(t))
        if token.text in JOINED:
            marked.update(t.text for t in (tokens[k - 1], *after[:1]) if is_letter(t))
        if token.text in CHANCES and after and after[0].kind == "open":
            end = next((j for j in range(k + 2, min(k + 30, len(tokens))) if tokens[j].kind == "close"), k)
            likely.update(t.text for t in tokens[k + 2 : end] if is_letter(t))
    return marked, likely


def probability(c: Cursor, token: Token) -> Syntax | None:
    r"""`P(A \cap B)` and `P(A \mid B)` of events that are letters, with the cursor behind the sign; None for another bracket."""
    opened, first = c.peek(), c.peek(1)
    if opened is None or opened.kind != "open" or first is None or first.text not in c.usage.events:
        return None
    start = c.k
    c.next()
    happens = union(c)
    given = None
    if happens is not None and c.at("bar"):
        c.next()
        given = union(c)
    closed = c.peek()
    if happens is None or closed is None or closed.kind != "close":
        c.k = start
        return None
    c.next()
    span = c.span(token)
    if given is None:
        return sx.Operator("P", (happens,), span=span)
    both = sx.Operator("P", (sx.Tuple_((happens, given), span=span),), span=span)
    return sx.Fraction_(both, sx.Operator("P", (given,), span=span), span=span)


def union(c: Cursor) -> Syntax | None:
    found = intersection(c)
    while found is not None and c.at("command", r"\cup"):
        c.next()
        other = intersection(c)
        found = None if other is None else sx.Call("union", (found, other), span=found.span)
    return found


def intersection(c: Cursor) -> Syntax | None:
    found = event(c)
    while found is not None and (c.at("command", r"\cap") or c.at("comma") or c.at("command", r"\setminus")):
        sign = c.next()
        other = event(c)
        if other is not None and sign.text == r"\setminus":
            other = sx.Call("complement", (other,), span=other.span)
        found = None if other is None else sx.Tuple_((found, other), span=found.span)
    return found


def event(c: Cursor) -> Syntax | None:
    token = c.peek()
    if token is None:
        return None
    if token.kind == "open" and token.text in "([":
        c.next()
        found = union(c)
        if found is None or not c.at("close"):
            return None
        c.next()
    elif token.kind == "name" and token.text in c.usage.events:
        c.next()
        found = sx.Name(token.text, span=c.span(token))
    else:
        return None
    following, then = c.peek(), c.peek(1)
    if following is not None and following.kind == "caret" and then is not None and then.text in COMPLEMENTS:
        c.next()
        c.next()
        return sx.Call("complement", (found,), span=found.span)
    return found
