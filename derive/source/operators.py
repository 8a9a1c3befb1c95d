"""Expectation, variance and their kin, probabilities, indicators, and the functions LaTeX knows by name."""

from __future__ import annotations

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source import notation as nt
from derive.source.below import Below, below
from derive.source.cursor import Cursor, Group
from derive.source.tokens import Token

OPENINGS = ("(", "[", "{")
TWO_ARGUMENTS = frozenset({"Cov", "Corr", "Bias", "MSE"})


# -- what is an operator ------------------------------------------------------------------------


def symbol_kind(c: Cursor, token: Token) -> str | None:
    """The kind of operator that a name is at this place, or None when it is a symbol."""
    text = token.text
    if text in nt.OPERATOR_SYMBOLS:
        bracketed = brackets_ahead(c)
        if text in nt.BARE_OPERATORS and (bracketed or operand_ahead(c)):
            return nt.OPERATOR_SYMBOLS[text]
        return nt.OPERATOR_SYMBOLS[text] if bracketed and text not in c.usage.symbols else None
    kind = nt.LETTER_OPERATORS.get(text)
    if kind is None or text in c.usage.symbols:
        return None
    opening = brackets_ahead(c)
    if kind == "P":
        return "P" if opening and event_ahead(c) else None
    if opening:
        return kind
    return "E" if text == "E" and "E " in c.usage.functions and operand_ahead(c) else None


def brackets_ahead(c: Cursor) -> bool:
    """Whether a bracket stands behind the name and its scripts."""
    k = behind_scripts(c)
    return k < c.end and ((c.tokens[k].kind == "open" and c.tokens[k].text in OPENINGS) or braced_bracket(c, k))


def braced_bracket(c: Cursor, k: int) -> bool:
    return c.tokens[k].kind == "lbrace" and k + 1 < c.end and c.tokens[k + 1].kind == "open"


def operand_ahead(c: Cursor) -> bool:
    k = behind_scripts(c)
    part = c.part(k, c.end)
    token = part.peek()
    return token is not None and part.starts_factor() and token.kind != "dots"


def behind_scripts(c: Cursor) -> int:
    k = c.k
    for _ in range(3):
        while k < c.end and c.tokens[k].kind == "quad":
            k += 1
        if k >= c.end or c.tokens[k].kind not in ("sub", "caret"):
            break
        k += 1
        if k < c.end and c.tokens[k].kind == "lbrace":
            part = c.part(k, c.end)
            k = part.skip_group()
        else:
            k += 1
    return k


def event_ahead(c: Cursor) -> bool:
    """Whether the bracket behind the name begins with an event: a relation at its own level, in front of any bar."""
    k, depth = behind_scripts(c), 0
    while k < c.end:
        token = c.tokens[k]
        if token.kind in ("open", "lbrace"):
            depth += 1
        elif token.kind in ("close", "rbrace"):
            depth -= 1
            if depth == 0:
                return False
        elif depth == 1 and token.kind == "rel":
            return True
        elif depth == 1 and token.kind == "bar" and token.text == "m":
            return False
        k += 1
    return False


# -- operators ----------------------------------------------------------------------------------


def operator_call(c: Cursor, token: Token, kind: str) -> Syntax:
    """`E_{x}^2[…]`, `\\operatorname{Cov}(X, Y \\mid Z)`, `\\mathbb{E} X`."""
    under = Below()
    power: Syntax | None = None
    while c.at("sub") or c.at("caret"):
        if c.at("sub"):
            under = below(c)
        else:
            power = operator_power(c)
    opened = c.peek()
    if opened is not None and opened.kind == "lbrace" and braced_bracket(c, c.k):
        found = braced_call(c, token, kind, under)
    elif opened is not None and opened.kind == "open" and opened.text in OPENINGS:
        c.next()
        found = bracketed_call(c, token, kind, under, opened)
    else:
        found = sx.Operator(kind, (bare_operand(c, token),), under.over, (), under.laws, span=c.span(token))
    return found if power is None else sx.Power(found, power, span=c.span(token))


def braced_call(c: Cursor, token: Token, kind: str, under: Below) -> Syntax:
    r"""`\mathbb{E}{\left[ … \right]}`; a power inside the braces belongs to the bracket."""
    brace = c.next()
    opened = c.next()
    found = bracketed_call(c, token, kind, under, opened)
    if not c.at("rbrace"):
        raise c.fail("it is not clear what the operator takes in", brace, "the operand in one pair of brackets")
    c.next()
    return found


def bracketed_call(c: Cursor, token: Token, kind: str, under: Below, opened: Token) -> Syntax:
    group = c.group(opened, nt.CLOSES[opened.text])
    if group.divided is not None:
        raise c.fail("a double bar in this bracket", opened)
    items = group.items
    given = tuple(group.given or ())
    if kind not in TWO_ARGUMENTS and len(items) > 1:
        if kind != "P":
            raise c.fail(f"`{c.written(token)}` takes one argument, {len(items)} given", opened, "one argument")
    elif len(items) > 2:
        raise c.fail(f"`{c.written(token)}` takes one or two arguments, {len(items)} given", opened)
    if kind == "E" and opened.text == "(" and not given and a_sum(items[0]) and not c.usage.inner_powers:
        items = [raised(c, items[0], opened)]
    return sx.Operator(kind, tuple(items), under.over, given, under.laws, span=c.span(token))


def a_sum(node: Syntax) -> bool:
    match node:
        case sx.Juxtaposition(items):
            return any(isinstance(i, sx.Big) for i in items)
    return isinstance(node, (sx.Plus, sx.Big))


def raised(c: Cursor, item: Syntax, opened: Token) -> Syntax:
    r"""`E(X - \mu)^2` is the mean of a square where the document has no other sign for it; `E(X)^2` is not."""
    behind = [t.kind for t in c.tokens[c.k : min(c.k + 4, c.end)]]
    if behind[:2] != ["caret", "number"] and behind != ["caret", "lbrace", "number", "rbrace"]:
        return item
    return sx.Power(sx.Bracketed(item, "(", span=item.span), operator_power(c), span=item.span)


def bare_operand(c: Cursor, token: Token) -> Syntax:
    """`\\mathbb{E} X^2 Y`: names and powers side by side, up to the next operator."""
    if not c.starts_factor():
        raise c.fail(f"`{c.written(token)}` has nothing to operate on", token, "`[…]` behind it")
    first = c.peek()
    assert first is not None
    items = [c.factor()]
    while simple(items[0]) and c.kind() == "name" and symbol_kind_ahead(c) is None:
        items.append(c.factor())
        if not simple(items[-1]):
            break
    following = c.peek()
    if (
        following is not None
        and simple(items[0])
        and (following.kind in ("number",) or (following.kind == "open" and following.text != "<"))
    ):
        raise c.fail(f"it is not clear what `{c.written(token)}` takes in", token, "brackets around its operand")
    if isinstance(items[0], sx.Numeral):
        raise c.fail(f"it is not clear what `{c.written(token)}` takes in", token, "brackets around its operand")
    return (
        items[0] if len(items) == 1 else sx.Juxtaposition(tuple(items), (False,) * (len(items) - 1), span=c.span(first))
    )


def symbol_kind_ahead(c: Cursor) -> str | None:
    ahead = c.part(c.k, c.end)
    token = ahead.next()
    return symbol_kind(ahead, token)


def simple(node: Syntax) -> bool:
    match node:
        case sx.Name():
            return True
        case sx.Power(base) | sx.Transposed(base) | sx.Inverted(base) | sx.Subscripted(base):
            return simple(base)
    return False


def operator_power(c: Cursor) -> Syntax:
    from derive.source.scripts import superscript

    sign = c.next()
    for action, value in superscript(c, sign, sx.Dots()):
        if action == "power" and isinstance(value, sx.Numeral):
            return value
    raise c.fail("this superscript of an operator is not read", sign, "a number")


# -- angle brackets, indicators -----------------------------------------------------------------


def expectation_bracket(c: Cursor, token: Token) -> Syntax:
    r"""`\langle X \rangle_{p(x)}` is an expectation, `\langle a, b \rangle` an inner product."""
    group = c.group(token, ">")
    if group.divided is not None:
        raise c.fail("a double bar in this bracket", token)
    if len(group.items) == 2 and group.given is None:
        return sx.Call("inner", tuple(group.items), span=c.span(token))
    if len(group.items) != 1:
        raise c.fail("angle brackets take one item (a mean) or two (an inner product)", token)
    under = below(c) if c.at("sub") else Below()
    return sx.Operator("E", (group.items[0],), under.over, tuple(group.given or ()), under.laws, span=c.span(token))


def indicator(c: Cursor, token: Token) -> Syntax | None:
    r"""`\mathbf{1}\{X \le a\}`, `\mathbb{1}_{X \le a}`, `I(X \le a)`; None when it is a symbol."""
    if c.at("sub"):
        return event_subscript(c, token) or indicator_subscript(c, token)
    opened = c.peek()
    if opened is None or opened.kind != "open" or opened.text not in OPENINGS or not event_ahead(c):
        return None
    c.next()
    group = c.group(opened, nt.CLOSES[opened.text])
    return sx.Indicator(joint(c, group, token), span=c.span(token))


def event_subscript(c: Cursor, token: Token) -> Syntax | None:
    r"""`\mathbf{1}_A` and `I_A` of an event."""
    k = 2 if c.kind(1) == "lbrace" else 1
    letter = c.peek(k)
    if letter is None or letter.text not in c.usage.events or (k == 2 and c.kind(3) != "rbrace"):
        return None
    for _ in range(k + k):
        c.next()
    return sx.Indicator(sx.Name(letter.text, span=c.span(letter)), span=c.span(token))


def joint(c: Cursor, group: Group, token: Token) -> Syntax:
    if group.given is not None or group.divided is not None:
        raise c.fail("a bar in an indicator", token)
    return group.items[0] if len(group.items) == 1 else sx.Tuple_(tuple(group.items), span=c.span(token))


def indicator_subscript(c: Cursor, token: Token) -> Syntax | None:
    if c.kind(1) != "lbrace" or token.text in ("I", r"\mathbf{I}", r"\mathrm{I}"):
        return None
    start = c.k
    c.next()
    end = c.skip_group() - 1
    inner = c.part(c.k + 1, end)
    c.k = end + 1
    if not any(t.kind == "rel" for t in inner.tokens[inner.k : inner.end]):
        c.k = start
        return None
    with c.nested(token):
        inner.depth = c.depth
        event = inner.relation()
        inner.finish()  # type: ignore[attr-defined]
    if isinstance(event, sx.Bracketed) and isinstance(event.item, (sx.Relation, sx.Tuple_)):
        event = event.item
    return sx.Indicator(event, span=c.span(token))


# -- functions ----------------------------------------------------------------------------------


def function_call(c: Cursor, token: Token, called: str) -> Syntax:
    r"""`\log^2(x)`, `\operatorname{tr}[AB]`, `\log |A|`, `\exp(…)`."""
    power: Syntax | None = None
    base: Syntax | None = None
    while c.at("caret") or c.at("sub"):
        if c.at("caret"):
            power = operator_power(c)
        else:
            base = function_base(c, token, called)
    opened = c.peek()
    if opened is not None and opened.kind == "open" and opened.text in OPENINGS:
        c.next()
        group = c.group(opened, nt.CLOSES[opened.text])
        if group.given is not None or group.divided is not None:
            raise c.fail("a bar inside this function", opened)
        arguments = tuple(group.items)
    else:
        arguments = (function_operand(c, token),)
    found: Syntax = sx.Call(called, (*arguments, base) if base is not None else arguments, span=c.span(token))
    return found if power is None else sx.Power(found, power, span=c.span(token))


def function_base(c: Cursor, token: Token, called: str) -> Syntax:
    from derive.source.scripts import subscript

    sign = c.next()
    below = subscript(c, sign, None)
    if called != "log" or len(below) != 1:
        raise c.fail(f"a subscript of `{c.written(token)}` is not read", sign)
    return below[0]


def function_operand(c: Cursor, token: Token) -> Syntax:
    r"""`\log x`, `\log 2\pi`, `\log |A|`, `\tr A B` is left unread."""
    if not c.starts_factor():
        raise c.fail(f"`{c.written(token)}` has no argument", token, "`(…)` behind it")
    first = c.peek()
    assert first is not None
    items = [c.factor()]
    if applies(c, items[0], first):
        items.append(c.factor())
        return sx.Juxtaposition(tuple(items), (True,), span=c.span(first))
    while isinstance(items[0], sx.Numeral) and c.kind() == "name":
        items.append(c.factor())
    if c.kind() == "name" and simple(items[0]):
        raise c.fail(f"it is not clear what `{c.written(token)}` takes in", token, "brackets around its argument")
    if len(items) == 1:
        return items[0]
    return sx.Juxtaposition(tuple(items), (False,) * (len(items) - 1), span=c.span(first))


def applies(c: Cursor, item: Syntax, first: Token) -> bool:
    """`\\log p(y | x)`: a name with a bracket directly behind it is one operand."""
    token = c.peek()
    return (
        isinstance(item, sx.Name)
        and token is not None
        and token.kind == "open"
        and token.text in ("(", "[")
        and not token.spaced
    )
