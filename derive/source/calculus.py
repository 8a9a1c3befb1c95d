"""Fractions that are derivatives, gradients, integrals and limits."""

from __future__ import annotations

from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source.cursor import Cursor
from derive.source.tokens import Token

DIFFERENTIALS = frozenset({"d", r"\mathrm{d}", r"\partial", r"\mathsf{d}", r"\mathit{d}"})
ENDS = ("rel", "comma", "semi", "amp", "row", "close", "rbrace", "end")


def fraction(c: Cursor, token: Token) -> Syntax:
    r"""`\frac{a}{b}`, or a derivative when both parts begin with a differential."""
    above, below = part_tokens(c, 0), None
    if above is not None:
        below = part_tokens(c, above[1] - c.k + (1 if braced(c, c.k) else 0))
    if above and below and differential(c, above) and differential(c, below) and derivative_shape(c, above, below):
        return derivative(c, token, above, below)
    numerator, denominator = c.argument(), c.argument()
    return sx.Fraction_(numerator, denominator, span=c.span(token))


def braced(c: Cursor, k: int) -> bool:
    return k < c.end and c.tokens[k].kind == "lbrace"


def part_tokens(c: Cursor, offset: int) -> tuple[int, int] | None:
    """Token range of the braced argument `offset` tokens ahead."""
    k = c.k + offset
    if not braced(c, k):
        return None
    behind = c.part(k, c.end).skip_group()
    return k + 1, behind - 1


def differential(c: Cursor, part: tuple[int, int]) -> bool:
    start, end = part
    return start < end and c.tokens[start].text in DIFFERENTIALS


def derivative_shape(c: Cursor, above: tuple[int, int], below: tuple[int, int]) -> bool:
    """The same sign above and below; below it a variable follows directly."""
    if c.tokens[above[0]].text != c.tokens[below[0]].text:
        return False
    following = c.tokens[below[0] + 1] if below[0] + 1 < below[1] else None
    if following is None or following.kind not in ("name", "lbrace", "word", "command"):
        return False
    if c.tokens[above[0]].text == "d" and above[1] - above[0] > 1:
        return c.tokens[above[0] + 1].kind in ("name", "caret", "word", "command", "open")
    return True


def derivative(c: Cursor, token: Token, above: tuple[int, int], below: tuple[int, int]) -> Syntax:
    with c.nested(token):
        variables = differentials(c.part(*below))
        numerator = c.part(*above)
        numerator.next()
        if numerator.at("caret"):
            numerator.next()
            numerator.argument()
        inside: Syntax | None = None
        if numerator.peek() is not None:
            inside = numerator.expression()
            numerator.finish()  # type: ignore[attr-defined]
    c.k = below[1] + 1
    found = inside if inside is not None else operand(c, token)
    for variable, order in reversed(variables):
        found = sx.Gradient(found, variable, order, span=c.span(token))
    return found


def differentials(c: Cursor) -> list[tuple[Syntax, int]]:
    """The variables of a denominator: `dx`, `\\partial x \\partial y`, `dx^2`."""
    found: list[tuple[Syntax, int]] = []
    while c.peek() is not None:
        sign = c.next()
        if sign.text not in DIFFERENTIALS:
            raise c.fail("this denominator of a derivative is not read", sign, r"`\partial x`")
        variable = c.factor()
        order = 1
        if isinstance(variable, sx.Power) and isinstance(variable.exponent, sx.Numeral):
            variable, order = variable.base, int(variable.exponent.value)
        if isinstance(variable, sx.Bracketed):
            variable = variable.item
        found.append((variable, order))
    return found


def operand(c: Cursor, token: Token) -> Syntax:
    """What a derivative acts on: the rest of the product."""
    first = c.peek()
    if first is None or first.kind in ENDS or not c.starts_factor():
        raise c.fail("the derivative has nothing to act on", token, "a function behind it")
    with c.nested(token):
        return c.product()


def nabla(c: Cursor, token: Token) -> Syntax:
    r"""`\nabla_w f`; without a subscript the variable is `Label('')`, for elaboration to find."""
    wrt: Syntax = sx.Label("", span=c.span(token))
    order = 1
    while c.at("sub") or c.at("caret"):
        sign = c.next()
        if sign.kind == "sub":
            wrt = c.argument()
        else:
            power = c.argument()
            if not isinstance(power, sx.Numeral):
                raise c.fail(r"this superscript of `\nabla` is not read", sign)
            order = int(power.value)
    inner = applied(c, token) if isinstance(wrt, sx.Label) or applied_ahead(c) else operand(c, token)
    return sx.Gradient(inner, wrt, order, span=c.span(token))


def applied_ahead(c: Cursor) -> bool:
    r"""`\nabla_w L(w)^\top v`: a name with a bracket is all the gradient takes in."""
    name = c.peek()
    k = 1
    if name is None or name.kind != "name":
        return False
    if c.kind(1) == "sub":
        k = 3 if c.kind(2) != "lbrace" else 0
    return k > 0 and c.kind(k) == "open" and c.peek(k).text in "(["  # type: ignore[union-attr]


def applied(c: Cursor, token: Token) -> Syntax:
    """One factor; with its bracket when it is a name, whose scripts then belong to the gradient."""
    if not c.starts_factor():
        raise c.fail("the gradient has nothing to act on", token, "a function behind it")
    first = c.peek()
    assert first is not None
    from derive.source.atoms import atom
    from derive.source.scripts import scripts

    head = c.factor() if first.kind in ("name", "command", "word") else atom(c)
    opened = c.peek()
    if isinstance(head, sx.Name) and opened is not None and opened.kind == "open" and opened.text in "([":
        bracket = atom(c)
        return sx.Juxtaposition((head, bracket), (True,), span=c.span(first))
    return head if first.kind in ("name", "command", "word") else scripts(c, head)


def partial(c: Cursor, token: Token) -> Syntax:
    r"""`\partial_w f`."""
    if not c.at("sub"):
        raise c.fail(r"`\partial` without its variable", token, r"`\partial_w f` or `\frac{\partial f}{\partial w}`")
    c.next()
    wrt = c.argument()
    return sx.Gradient(operand(c, token), wrt, span=c.span(token))


def integral(c: Cursor, token: Token) -> Syntax:
    """A piece that the grammar does not read: up to its last differential."""
    signs = {r"\int": 1, r"\oint": 1, r"\iint": 2, r"\iiint": 3}.get(token.text, 1)
    depth = 0
    while (piece := c.peek()) is not None:
        if depth == 0 and piece.kind in ENDS:
            break
        depth += (piece.kind in ("open", "lbrace", "begin")) - (piece.kind in ("close", "rbrace", "end"))
        signs += {r"\int": 1, r"\oint": 1, r"\iint": 2}.get(piece.text, 0) if depth == 0 else 0
        c.next()
        following = c.peek()
        if (
            depth == 0
            and piece.text in DIFFERENTIALS
            and following is not None
            and following.kind in ("name", "lbrace")
        ):
            c.factor()
            signs -= 1
            if signs == 0:
                return opaque(c, token)
    raise c.fail("the integral has no differential", token, r"`\mathrm{d}x` at its end")


def limit(c: Cursor, token: Token) -> Syntax:
    if c.at("sub"):
        c.next()
        if c.at("lbrace"):
            c.k = c.skip_group()
        else:
            c.next()
    if not c.starts_factor():
        raise c.fail("the limit has nothing behind it", token)
    c.product()
    return opaque(c, token)


def opaque(c: Cursor, token: Token) -> sx.Opaque | sx.Numeral:
    """A piece that the grammar does not cover: its number when it has one, else its LaTeX."""
    from derive.source import scalars

    latex = c.places.text[token.start : c.tokens[c.k - 1].end]
    value = scalars.number(latex)
    return sx.Opaque(latex, span=c.span(token)) if value is None else sx.Numeral(value, span=c.span(token))


def number(value: int) -> sx.Numeral:
    return sx.Numeral(Fraction(value))
