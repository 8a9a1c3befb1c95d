"""Atoms of the grammar: names, numbers, brackets, bars, and commands with arguments."""

from __future__ import annotations

from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source import notation as nt
from derive.source.calculus import fraction, integral, limit, nabla, partial
from derive.source.cursor import Cursor, Group
from derive.source.events import CHANCES, probability
from derive.source.matrices import environment, literal
from derive.source.operators import expectation_bracket, function_call, indicator, operator_call, symbol_kind
from derive.source.sums import big
from derive.source.tokens import Token

INDICATORS = frozenset(
    {r"\mathbf{1}", r"\mathbb{1}", r"\mathbb{I}", "I", r"\mathrm{I}", r"\mathrm{1}", r"\mathbf{I}", r"\mathcal{I}"}
)


def atom(c: Cursor) -> Syntax:
    token = c.next()
    match token.kind:
        case "name":
            return name(c, token)
        case "word":
            return word(c, token)
        case "number":
            return number(c, token)
        case "open":
            return bracket(c, token)
        case "bar" | "dbar":
            return bars(c, token)
        case "lbrace":
            return braces(c, token)
        case "begin":
            return environment(c, token)
        case "dots":
            return sx.Dots(span=c.span(token))
        case "command" if token.text in FACTOR_COMMANDS:
            return FACTOR_COMMANDS[token.text](c, token)
    c.k -= 1
    from derive.source.hints import is_known

    if token.kind == "command" and not is_known(token.text):
        raise c.fail(f"`{token.text}` is not known", token, hint=_hint(token))
    raise c.fail(f"`{c.written(token)}` cannot stand here", token, "an expression", _hint(token))


def _hint(token: Token) -> str:
    from derive.source.hints import unknown_command

    if token.kind == "command":
        return unknown_command(token.text)
    return "write it in words behind the row, or leave it out" if token.kind == "text" else ""


def name(c: Cursor, token: Token) -> Syntax:
    if token.text in CHANCES and (found := probability(c, token)) is not None:
        return found
    kind = symbol_kind(c, token)
    if kind is not None:
        return operator_call(c, token, kind)
    if token.text in INDICATORS and (found := indicator(c, token)) is not None:
        return found
    if token.text == r"\Gamma" and c.at("open", "(") and r"\Gamma" not in c.usage.symbols:
        return function_call(c, token, "gamma")
    return sx.Name(token.text, span=c.span(token))


def word(c: Cursor, token: Token) -> Syntax:
    following = c.kind()
    applied = following in ("open", "sub", "caret", "lbrace", "bar") or c.starts_factor()
    if token.text in nt.SEARCHES:
        raise c.fail(f"`{c.written(token)}` is not read", token, hint="name the solution and use the name")
    if token.text in CHANCES and (found := probability(c, token)) is not None:
        return found
    if token.text in nt.OPERATORS and applied:
        return operator_call(c, token, nt.OPERATORS[token.text])
    if token.text in nt.FUNCTIONS and applied:
        return function_call(c, token, nt.FUNCTIONS[token.text])
    return sx.Name(rf"\text{{{token.text}}}", span=c.span(token))


def number(c: Cursor, token: Token) -> Syntax:
    """Digits; `1{,}000` and `1{.}5` are left to their author."""
    if len(token.text) > 200:
        raise c.fail("this number is too long", token)
    return sx.Numeral(Fraction(token.text), span=c.span(token))


# -- brackets -----------------------------------------------------------------------------------


def bracket(c: Cursor, token: Token) -> Syntax:
    if token.text == "<":
        return expectation_bracket(c, token)
    if token.text == "eval":
        return evaluated(c, token)
    if token.text == "{" and c.at("begin"):
        return left_brace(c, token)
    before = c.tokens[c.k - 2] if c.k >= 2 else None
    tight = (before is not None and before.kind in ("name", "word", "rbrace", "number")) or (
        before is not None and before.text == "prime"
    )
    group = c.group(token, nt.CLOSES[token.text])
    if group.given is not None or group.divided is not None:
        return sx.Bracketed(conditional(c, group, token), token.text, span=c.span(token))
    if token.text == "[" and len(group.items) > 1 and not tight and "rel" not in group.separators:
        return literal(c, group, token)
    if len(group.items) > 1:
        return sx.Bracketed(sx.Tuple_(tuple(group.items), span=c.span(token)), token.text, span=c.span(token))
    inner = group.items[0]
    if isinstance(inner, sx.MatrixLiteral) and token.text in "([" and c.tokens[c.k - 2].kind == "end":
        return sx.MatrixLiteral(inner.rows, inner.dotted, span=c.span(token))
    return sx.Bracketed(inner, token.text, span=c.span(token))


def conditional(c: Cursor, group: Group, token: Token) -> Syntax:
    """`y | x` inside the bracket of an unknown function."""
    span = c.span(token)
    left = group.items[0] if len(group.items) == 1 else sx.Tuple_(tuple(group.items), span=span)
    if group.given is not None:
        right = group.given[0] if len(group.given) == 1 else sx.Tuple_(tuple(group.given), span=span)
        left = sx.Relation(r"\mid", left, right, span=span)
    return left if group.divided is None else sx.Relation(r"\Vert", left, group.divided, span=span)


def left_brace(c: Cursor, token: Token) -> Syntax:
    r"""`\left\{ \begin{array}… \right.`: cases with a brace of their own."""
    begin = c.next()
    with c.nested(token):
        found = environment(c, begin, cases=True)
    if c.at("close", "}"):
        c.next()
    return found


def evaluated(c: Cursor, token: Token) -> Syntax:
    r"""`\left. f \right|_{x = a}`."""
    with c.nested(token):
        inner = c.expression()
        c.expect("close", "eval", token)
    return sx.Evaluated(inner, places(c, token), span=c.span(token))


def places(c: Cursor, token: Token) -> tuple[sx.Relation, ...]:
    if not c.at("sub"):
        raise c.fail("the place of evaluation is missing", token, r"`\right|_{x = a}`")
    sign = c.next()
    if not c.at("lbrace"):
        raise c.fail("the place of evaluation needs braces", sign, "`_{x = a}`")
    opened = c.next()
    found: list[sx.Relation] = []
    with c.nested(opened):
        while True:
            place = c.relation()
            if not isinstance(place, sx.Relation):
                raise c.fail("a place of evaluation is an equation", opened, "`x = a`")
            found.append(place)
            if not c.at("comma"):
                break
            c.next()
        if not c.at("rbrace"):
            raise c.fail("this does not fit in the place of evaluation", c.peek())
        c.next()
    return tuple(found)


def bars(c: Cursor, token: Token) -> Syntax:
    r"""`|x|`, `\|x\|_2`, `||x||`."""
    if token.text in ("m", "r"):
        raise c.fail(f"`{c.written(token)}` cannot stand here", token, "an expression in front of the bar")
    following = c.peek()
    if (
        token.kind == "bar"
        and following is not None
        and following.kind == "bar"
        and not following.spaced
        and following.text != "r"
    ):
        return double_bars(c, token)
    with c.nested(token):
        c.bars = 1
        inner = c.expression()
        closing = c.peek()
        if closing is None or closing.kind != token.kind:
            raise c.unclosed(token, token.text if token.text == "|" else c.written(token))
        c.next()
    if token.kind == "bar":
        return sx.Bracketed(inner, "|", span=c.span(token))
    return norm(c, inner, token)


def double_bars(c: Cursor, token: Token) -> Syntax:
    c.next()
    with c.nested(token):
        c.bars = 1
        inner = c.expression()
        if c.kind() != "bar" or c.kind(1) != "bar":
            raise c.unclosed(token, "||")
        c.next(), c.next()
    return norm(c, inner, token)


def norm(c: Cursor, inner: Syntax, token: Token) -> Syntax:
    r"""`\|x\|_2`, `\|A\|_F`; `\|x\|_A` keeps its subscript as a second argument."""
    if not c.at("sub"):
        return sx.Call("norm", (inner,), span=c.span(token))
    from derive.source.scripts import subscript

    sign = c.next()
    match subscript(c, sign, None):
        case (sx.Numeral(value),) if value == 2:
            return sx.Call("norm2", (inner,), span=c.span(token))
        case (sx.Name(letter),) if letter in ("F", r"\mathrm{F}", r"\mathcal{F}", r"\mathsf{F}"):
            return sx.Call("normF", (inner,), span=c.span(token))
        case (sx.Label("F"),) | (sx.Label("fro"),) | (sx.Label("Fro"),):
            return sx.Call("normF", (inner,), span=c.span(token))
        case (other,):
            return sx.Call("norm", (inner, other), span=c.span(token))
    raise c.fail("this subscript of a norm is not read", sign)


def braces(c: Cursor, token: Token) -> Syntax:
    """`{…}`: grouping that cannot be seen."""
    single = c.peek()
    if single is not None and single.kind in ("name", "word") and c.kind(1) == "rbrace":  # {\\rm Var}(X)
        c.next(), c.next()
        return name(c, single) if single.kind == "name" else word(c, single)
    if c.at("rbrace"):
        c.next()
        if c.starts_factor():
            return c.factor()
        raise c.fail("empty braces", token, "an expression")
    with c.nested(token):
        inner = c.expression()
        if not c.at("rbrace"):
            if c.peek() is None:
                raise c.unclosed(token, "}")
            raise c.fail(f"`{c.written(c.peek() or token)}` does not fit here", c.peek(), "`}`")
        c.next()
    if isinstance(inner, sx.Plus) and (c.at("caret") or c.at("sub")):
        raise c.fail("the braces around this sum cannot be seen", token, "brackets", "write ( ) around the sum")
    return inner


# -- commands -----------------------------------------------------------------------------------


def accent(c: Cursor, token: Token) -> Syntax:
    r"""`\hat{y}` is a name of its own; `\hat{F_n}` is `\hat{F}_n`."""
    inner = c.argument()
    span = c.span(token)
    if isinstance(inner, sx.Name):
        letter = inner.letter
        return sx.Name(rf"{token.text}{{{letter}}}", inner.subscripts, inner.superscripts, span=span)
    if isinstance(inner, (sx.Operator, sx.Numeral)):
        raise c.fail(f"`{token.text}` over this is not read", token, "a symbol")
    end = c.tokens[c.k - 1]
    start = next(k for k in range(c.k - 1, -1, -1) if c.tokens[k] is token)
    text = "".join((" " if t.spaced else "") + t.text for t in c.tokens[start + 1 : c.k])
    return sx.Name(token.text + text.strip(), span=c.places.span(token.start, end.end))


def root(c: Cursor, token: Token) -> Syntax:
    degree: Syntax | None = None
    if c.at("open", "["):
        opened = c.next()
        group = c.group(opened, "]")
        degree = group.items[0]
    inner = c.argument()
    if degree is None or (isinstance(degree, sx.Numeral) and degree.value == 2):
        return sx.Call("sqrt", (inner,), span=c.span(token))
    one = sx.Numeral(Fraction(1), span=degree.span)
    return sx.Power(
        sx.Bracketed(inner, span=inner.span), sx.Fraction_(one, degree, span=degree.span), span=c.span(token)
    )


def binomial(c: Cursor, token: Token) -> Syntax:
    above, below = c.argument(), c.argument()
    return sx.Call("binom", (above, below), span=c.span(token))


def top(c: Cursor, token: Token) -> Syntax:
    raise c.fail(f"`{token.text}` stands alone", token, "a superscript", r"write `^\top`")


FACTOR_COMMANDS = {
    **{a: accent for a in nt.ACCENTS},
    **{f: fraction for f in (r"\frac", r"\dfrac", r"\tfrac", r"\cfrac", r"\sfrac", r"\nicefrac", r"\flatfrac")},
    **{s: big for s in (r"\sum", r"\prod")},
    **{i: integral for i in (r"\int", r"\iint", r"\iiint", r"\oint", r"\idotsint")},
    **{b: binomial for b in (r"\binom", r"\dbinom", r"\tbinom")},
    r"\sqrt": root,
    r"\nabla": nabla,
    r"\partial": partial,
    r"\lim": limit,
    r"\limsup": limit,
    r"\liminf": limit,
}
