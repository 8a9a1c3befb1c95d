r"""Subscripts and superscripts: names take them in, powers, transposes and inverses become nodes.

A plain prime, and `^t`, on a name stay with the name as a `Label`, since only its shape tells whether they transpose.
`^T` is a transpose; when the document uses `T` as a quantity, declarations and typography decide whether it is a power.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source import notation as nt
from derive.source.cursor import MAX_STACK, Cursor
from derive.source.tokens import Token

DIMENSION_LETTERS = frozenset("n d m k p h c f r q N D M K H C F".split())
WORDY = frozenset(
    "max min new old out obs opt ols OLS mle MLE map MAP ref rms eff tot err std avg inv test train unb true reg miss".split()
)
LABELS = frozenset(
    {r"\star", r"\bullet", r"\square", r"\diamond", r"\circ", r"\ddagger", r"\perp", r"\parallel", r"\sharp", r"\flat"}
)


def scripts(c: Cursor, base: Syntax) -> Syntax:
    """All scripts behind an atom, and factorials."""
    found = plain_scripts(c, base)
    while c.at("punct", "!"):
        token = c.next()
        found = sx.Call("factorial", (found,), span=c.span(token))
        if c.at("punct", "!"):
            raise c.fail("a double factorial is not read", token)
        found = plain_scripts(c, found)
    return found


def plain_scripts(c: Cursor, base: Syntax) -> Syntax:
    if not c.at("sub") and not c.at("caret") and not c.at("prime"):
        return base
    first = c.peek()
    assert first is not None
    below: tuple[Syntax, ...] = ()
    above: list[tuple[str, Syntax | None]] = []
    seen = {"sub": 0, "caret": 0}
    count = 0
    while c.kind() in ("sub", "caret", "prime"):
        token = c.next()
        count += 1
        if count > MAX_STACK:
            raise c.fail("too many scripts in a row", first)
        if token.kind == "prime":
            above.append(("label", sx.Label("'", span=c.span(token))))
            continue
        seen[token.kind] += 1
        if seen[token.kind] > 1:
            name = "subscript" if token.kind == "sub" else "superscript"
            raise c.fail(f"double {name}", token, hint="put braces: `{…}`")
        if token.kind == "sub":
            below = subscript(c, token, base)
        else:
            above.extend(superscript(c, token, base))
    return apply(c, base, below, above)


def apply(c: Cursor, base: Syntax, below: tuple[Syntax, ...], above: list[tuple[str, Syntax | None]]) -> Syntax:
    start = base.span
    last = c.tokens[c.k - 1].end
    span = sx.Span(start.start, max(start.end, c.places.span(last, last).start), start.line, start.column)
    found: Syntax = base
    if below:
        if isinstance(base, sx.Name) and not base.subscripts:
            found = sx.Name(base.letter, below, base.superscripts, span=span)
        else:
            found = sx.Subscripted(base, below, span=span)
    for kind, value in above:
        found = raise_to(c, found, kind, value, span)
    return found


def raise_to(c: Cursor, base: Syntax, kind: str, value: Syntax | None, span: sx.Span) -> Syntax:
    match kind:
        case "label":
            assert value is not None
            if isinstance(base, sx.Name):
                return sx.Name(base.letter, base.subscripts, (*base.superscripts, value), span=span)
            if isinstance(value, sx.Label) and value.text in ("'", "t") and not isinstance(base, sx.Numeral):
                return transposed(base, span)
            if isinstance(value, sx.Label):
                raise c.fail(
                    f"`{value.text}` as a superscript of this is not read",
                    c.tokens[c.k - 1],
                    "a power, a transpose or an inverse",
                )
            return sx.Power(base, sx.Bracketed(value), span=span)
        case "transpose":
            return transposed(base, span)
        case "inverse" | "pseudo":
            return sx.Inverted(base, kind, span=span)
    assert value is not None
    return sx.Power(base, value, span=span)


def transposed(base: Syntax, span: sx.Span) -> sx.Transposed:
    r"""The transpose; of a list in round brackets, `(x_1, \dots, x_n)^\top`, that of the row."""
    match base:
        case sx.Bracketed(sx.Tuple_(items), "("):
            dotted = any(isinstance(i, sx.Dots) for i in items)
            base = sx.MatrixLiteral((items,), dotted, span=base.span)
    return sx.Transposed(base, span=span)


# -- subscripts ---------------------------------------------------------------------------------


def subscript(c: Cursor, sign: Token, base: Syntax | None) -> tuple[Syntax, ...]:
    token = c.peek()
    if token is None or token.kind in ("sub", "caret", "amp", "row", "close", "rbrace", "comma"):
        raise c.fail("a subscript is missing", sign, "a subscript in braces")
    if token.kind != "lbrace":
        return (bare_script(c, "subscript"),)
    end = c.skip_group() - 1
    inner = c.part(c.k + 1, end)
    c.k = end + 1
    if inner.peek() is None:
        return ()
    with c.nested(token):
        inner.depth = c.depth
        return parts(inner, base)


def bare_script(c: Cursor, what: str) -> Syntax:
    """A script without braces: one token."""
    token = c.peek()
    assert token is not None
    if token.kind == "number" and len(token.text) > 1:
        raise c.fail(f"a {what} of several digits needs braces", token, hint=f"write `{{{token.text}}}`")
    if token.kind in ("word", "text"):
        c.next()
        return sx.Label(token.text, span=c.span(token))
    if token.kind in ("times", "plus", "minus"):
        c.next()
        return sx.Label(token.text, span=c.span(token))
    if token.text in LABELS:
        c.next()
        return sx.Label(token.text, span=c.span(token))
    return c.argument()


def parts(inner: Cursor, base: Syntax | None) -> tuple[Syntax, ...]:
    """The comma- or juxtaposition-separated parts of a subscript."""
    tokens = inner.tokens[inner.k : inner.end]
    level = 0
    for token in tokens:
        level += (token.kind in ("open", "lbrace")) - (token.kind in ("close", "rbrace"))
        if level == 0 and (
            token.kind in ("bar", "dbar", "colon", "semi", "punct", "rel", "row") or token.text == r"\backslash"
        ):
            return (label(inner, tokens),)
    if isinstance(base, sx.Name) and is_word(tokens, base):
        return (label(inner, tokens),)
    found: list[Syntax] = []
    while inner.peek() is not None:
        found.extend(part(inner))
        if inner.peek() is not None:
            if not inner.at("comma"):
                return (label(inner, tokens),)
            inner.next()
    return tuple(found)


def label(c: Cursor, tokens: list[Token]) -> sx.Label:
    text = "".join(t.text for t in tokens if t.kind != "quad")
    return sx.Label(text, span=c.places.span(tokens[0].start, tokens[-1].end))


def is_word(tokens: list[Token], base: sx.Name) -> bool:
    """`n_{in}`, `x_{new}`: letters that spell a word."""
    if not all(t.kind == "name" and len(t.text) == 1 for t in tokens):
        return False
    text = "".join(t.text for t in tokens)
    return text in WORDY or (text == "in" and base.letter in DIMENSION_LETTERS)


def part(c: Cursor) -> list[Syntax]:
    """Everything up to the next comma: single letters side by side are indices of their own."""
    token = c.peek()
    assert token is not None
    if token.kind in ("text", "word") and not (token.kind == "word" and c.kind(1) == "open"):
        c.next()
        words = [token.text]
        while c.peek() is not None and not c.at("comma"):
            words.append(c.next().text)
        return [sx.Label("".join(words), span=c.span(token))]
    marking = token.kind in ("times", "plus", "dots") or token.text in LABELS
    if marking and (c.peek(1) is None or c.kind(1) == "comma"):
        c.next()
        return [sx.Label(token.text, span=c.span(token))]
    start = c.k
    units: list[Syntax] = []
    while c.kind() in ("name", "number"):
        units.append(c.factor())
    if units and (c.peek() is None or c.at("comma")):
        return units
    if units and c.kind() == "times" and (c.peek(1) is None or c.kind(1) == "comma"):  # x_{i\cdot}
        mark = c.next()
        return [*units, sx.Label(r"\cdot", span=c.span(mark))]
    c.k = start
    return [c.expression()]


# -- superscripts -------------------------------------------------------------------------------


def superscript(c: Cursor, sign: Token, base: Syntax) -> list[tuple[str, Syntax | None]]:
    token = c.peek()
    if token is None or token.kind in ("sub", "caret", "amp", "row", "close", "rbrace", "comma"):
        raise c.fail("a superscript is missing", sign, "a superscript in braces")
    if token.kind == "lbrace":
        end = c.skip_group() - 1
        inner = c.part(c.k + 1, end)
        c.k = end + 1
        if inner.peek() is None:
            return []
        with c.nested(token):
            inner.depth = c.depth
            return actions(inner, base)
    if token.kind == "prime" or ((token.kind == "name" or token.kind == "command") and transposing(c, token, base)):
        c.next()
        return [("label", sx.Label("'"))] if token.kind == "prime" else [("transpose", None)]
    if token.kind == "plus" or token.text in (r"\dagger", r"\dag"):
        c.next()
        return [raised_plus(c, token, base)]
    if token.kind == "minus" and updated(base):
        c.next()
        return [("label", sx.Label("-", span=c.span(token)))]
    if token.kind == "minus":
        raise c.fail("a superscript that begins with a minus needs braces", token, hint="write `^{-1}`")
    return [bare_action(c, token)]


def raised_plus(c: Cursor, token: Token, base: Syntax) -> tuple[str, Syntax | None]:
    r"""`A^+` is a pseudo-inverse; `\hat x^+`, with a small letter, is x after an update."""
    if token.kind == "plus" and updated(base):
        return ("label", sx.Label("+", span=c.span(token)))
    return ("pseudo", None)


def updated(base: Syntax) -> bool:
    letter = (
        re.sub(r"\\(?:mathbf|boldsymbol|bm|mathrm|vec|hat|widehat|tilde|bar|pmb)|[{}\s\\]", "", base.letter)
        if isinstance(base, sx.Name)
        else ""
    )
    return letter[:1].islower()


def bare_action(c: Cursor, token: Token) -> tuple[str, Syntax | None]:
    if token.kind == "name" and token.text == "t" and "t" not in c.usage.symbols:
        c.next()
        return ("label", sx.Label("t", span=c.span(token)))
    found = bare_script(c, "superscript")
    return ("label" if isinstance(found, sx.Label) else "power", found)


def transposing(c: Cursor, token: Token, base: Syntax) -> bool:
    if token.text == "H":
        return "H" not in c.usage.symbols
    if token.text not in nt.TRANSPOSES and token.text not in (r"\top", r"\intercal"):
        return False
    if token.text != "T" or "T" not in c.usage.symbols:
        return True
    return array_like(c, base)


def array_like(c: Cursor, base: Syntax) -> bool:
    r"""Whether `^T` on this transposes in a document that also has a number T: by declaration, then by typography."""
    letters = list(letters_of(base))
    if isinstance(base, (sx.MatrixLiteral, sx.Inverted)) or any(x in c.usage.arrays or bold(x) for x in letters):
        return True
    if letters and all(x in c.usage.scalars for x in letters):
        return False
    if any(x[:1].isupper() and x not in c.usage.scalars for x in letters):
        return True
    return isinstance(base, sx.Name) and len(base.letter) == 1


def bold(letter: str) -> bool:
    return any(font in letter for font in (r"\mathbf", r"\boldsymbol", r"\vec", r"\underline"))


def letters_of(node: Syntax, depth: int = 0) -> Iterator[str]:
    """The letters of a base: names in sums, products, brackets and expectations, without scripts."""
    match node:
        case sx.Name(letter):
            yield letter
        case sx.Bracketed(item) | sx.Subscripted(item) | sx.Negate(item) | sx.Transposed(item) | sx.Power(item):
            yield from letters_of(item, depth + 1)
        case sx.Plus(items) | sx.Juxtaposition(items) | sx.Operator(_, items):
            for item in items:
                yield from letters_of(item, depth + 1)
        case sx.Big(_, _, body):
            yield from letters_of(body, depth + 1)


def actions(inner: Cursor, base: Syntax) -> list[tuple[str, Syntax | None]]:
    """What a superscript in braces does: labels first, then transposes, an inverse or a power."""
    found: list[tuple[str, Syntax | None]] = []
    while (token := inner.peek()) is not None:
        alone = inner.peek(1) is None
        if transposing(inner, token, base) and (alone or inner.kind(1) in ("minus", "comma")):
            inner.next()
            found.append(("transpose", None))
        elif token.kind == "prime":
            inner.next()
            found.append(("label", sx.Label("'", span=inner.span(token))))
        elif token.kind == "minus" and (inverse := inverted(inner)):
            found.extend(inverse)
        elif alone and (token.kind == "plus" or token.text in (r"\dagger", r"\dag")):
            inner.next()
            found.append(raised_plus(inner, token, base))
        elif token.kind == "minus" and alone and updated(base):
            inner.next()
            found.append(("label", sx.Label("-", span=inner.span(token))))
        elif (
            token.kind == "times" or (token.kind == "name" and token.text in LABELS) or (alone and token.text in LABELS)
        ):
            inner.next()
            found.append(("label", sx.Label(token.text, span=inner.span(token))))
        elif token.kind in ("text", "word"):
            found.append(("label", words(inner)))
        elif (
            token.kind == "open"
            and token.text == "("
            and isinstance(base, sx.Name)
            and (index := parenthesised(inner)) is not None
        ):
            found.append(
                ("label", index) if index_like(index) else ("power", sx.Bracketed(index, span=inner.span(token)))
            )
        elif token.kind == "comma" and found:
            inner.next()
        elif token.kind == "name" and token.text == "t" and alone and "t" not in inner.usage.symbols:
            inner.next()
            found.append(("label", sx.Label("t", span=inner.span(token))))
        else:
            found.append(("power", inner.expression()))
            if inner.peek() is not None:
                raise inner.fail(f"`{inner.written(inner.peek())}` does not fit in this superscript", inner.peek())
    return found


def words(inner: Cursor) -> sx.Label:
    token = inner.next()
    texts = [token.text]
    while inner.kind() in ("text", "word", "name", "number", "minus", "punct"):
        texts.append(inner.next().text)
    return sx.Label("".join(texts), span=inner.span(token))


def inverted(inner: Cursor) -> list[tuple[str, Syntax | None]]:
    r"""`-1`, `-\top`, `-T` and `-1 \top` at the cursor; [] for any other negative power."""
    second, third = inner.peek(1), inner.peek(2)
    if second is None:
        return []
    if second.kind == "number" and second.text == "1" and (third is None or third.text in nt.TRANSPOSES):
        inner.next(), inner.next()
        return [("inverse", None)]
    if (second.text in nt.TRANSPOSES or second.text in (r"\top", r"\intercal")) and third is None:
        inner.next(), inner.next()
        return [("inverse", None), ("transpose", None)]
    return []


def parenthesised(inner: Cursor) -> Syntax | None:
    """The `(i)` of `x^{(i)}`; None when more of a formula stands behind the bracket."""
    opened = inner.next()
    group = inner.group(opened, ")")
    following = inner.peek()
    more = following is not None and following.kind in ("plus", "minus", "slash", "caret", "name", "open")
    if more and following is not None and not transposing(inner, following, sx.Dots()):
        raise inner.fail("it is not clear whether this is an index or a power", opened)
    if group.given is not None or group.divided is not None:
        raise inner.fail("a bar in a superscript", opened)
    if len(group.items) == 1:
        return group.items[0]
    return sx.Tuple_(tuple(group.items), span=inner.span(opened))


def index_like(node: Syntax) -> bool:
    """`i`, `3`, `l-1`, `i, j`: what may be an index in brackets; anything else is a power."""
    match node:
        case sx.Name() | sx.Numeral() | sx.Label():
            return True
        case sx.Plus((sx.Name(), sx.Numeral() | sx.Negate(sx.Numeral()))):
            return True
        case sx.Plus((sx.Name(), sx.Name() | sx.Negate(sx.Name()))) | sx.Juxtaposition((sx.Name(), sx.Name())):
            return True
        case sx.Tuple_(items):
            return all(index_like(i) for i in items)
    return False
