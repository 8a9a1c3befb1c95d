r"""What stands right of `\in`."""

from __future__ import annotations

from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Diagnostic, Syntax
from derive.source.clauses import strip
from derive.source.cursor import Usage
from derive.source.distributions import SETS, number_set
from derive.source.grammar import Parser, read, read_items
from derive.source.places import Places, ReadError
from derive.source.tokens import Token


def read_set(tokens: list[Token], places: Places, usage: Usage) -> tuple[str, tuple[Syntax, ...]]:
    r"""The word ('', 'binary', 'sign', 'natural', 'integer', 'positive', 'unit', 'indexset') and the dimensions of a set."""
    tokens = strip(tokens)
    if not tokens:
        raise ReadError(Diagnostic("a set is missing", places.span(0, 0), r"`\mathbb{R}^n`"))
    first = tokens[0]
    which = number_set(first.text) if first.kind == "name" else None
    if which is not None:
        return number_kind(which, tokens, places, usage)
    raised = exponent_of(tokens)
    if raised is not None:
        word, dims = read_set(tokens[: raised[0]], places, usage)
        if dims:
            raise unknown(tokens, places)
        return word, dimensions(raised[1], places, usage)
    if first.kind == "open" and first.text == "{" and tokens[-1].kind == "close":
        return listed(tokens[1:-1], places, usage, tokens)
    if first.kind == "open" and first.text in "[(" and tokens[-1].kind == "close":
        return interval(tokens, places, usage)
    if first.text in ("S", r"\mathbb{S}", r"\mathcal{S}") and len(tokens) > 1:
        raise unknown(tokens, places)
    raise unknown(tokens, places)


def exponent_of(tokens: list[Token]) -> tuple[int, list[Token]] | None:
    r"""Where the bracketed set of a power such as `\{0,1\}^m` ends, and its exponent."""
    if tokens[0].kind != "open":
        return None
    level = 0
    for k, token in enumerate(tokens):
        level += (token.kind == "open") - (token.kind == "close")
        if level == 0:
            if k + 2 < len(tokens) and tokens[k + 1].kind == "caret":
                inside, end = script(tokens, k + 2)
                return (k + 1, inside) if end == len(tokens) else None
            return None
    return None


def unknown(tokens: list[Token], places: Places) -> ReadError:
    span = places.span(tokens[0].start, tokens[-1].end)
    return ReadError(
        Diagnostic(
            "this set is not known", span, r"`\mathbb{R}`, `\mathbb{R}^{m \times n}`, `\{0, 1\}`, `\mathbb{N}`, …"
        )
    )


def number_kind(which: str, tokens: list[Token], places: Places, usage: Usage) -> tuple[str, tuple[Syntax, ...]]:
    word, dims, k = SETS[which], (), 1
    while k < len(tokens):
        kind = tokens[k].kind
        inside, k = script(tokens, k + 1)
        if kind == "sub":
            word = "positive" if positive(inside) else word
        elif kind == "caret":
            if positive(inside):
                word = "positive"
            else:
                dims = dimensions(inside, places, usage)
        else:
            raise unknown(tokens, places)
    return word, dims


def script(tokens: list[Token], k: int) -> tuple[list[Token], int]:
    if k < len(tokens) and tokens[k].kind == "lbrace":
        depth = 0
        for j in range(k, len(tokens)):
            depth += (tokens[j].kind == "lbrace") - (tokens[j].kind == "rbrace")
            if depth == 0:
                return tokens[k + 1 : j], j + 1
    return tokens[k : k + 1], k + 1


def positive(tokens: list[Token]) -> bool:
    text = "".join(t.text for t in tokens)
    return text in ("+", ">0", "++", r"\ge0", "+0")


def dimensions(tokens: list[Token], places: Places, usage: Usage) -> tuple[Syntax, ...]:
    pieces: list[list[Token]] = [[]]
    level = 0
    for token in tokens:
        level += (token.kind in ("open", "lbrace")) - (token.kind in ("close", "rbrace"))
        if token.kind == "times" and level == 0 and token.text == "*" and splits(token, places):
            pieces.append([])
        else:
            pieces[-1].append(token)
    found = tuple(read(p, places, usage) for p in pieces)
    if len(found) > 2:
        raise ReadError(
            Diagnostic(
                "arrays with more than two dimensions are not read", places.span(tokens[0].start, tokens[-1].end)
            )
        )
    return found


def splits(token: Token, places: Places) -> bool:
    r"""`m \times n` are two dimensions, `m \cdot n` is one."""
    return r"\cdot" not in places.text[token.start : token.end]


def listed(inner: list[Token], places: Places, usage: Usage, tokens: list[Token]) -> tuple[str, tuple[Syntax, ...]]:
    if [t.text for t in inner] == [r"\pm", "1"]:
        return "sign", ()
    items = read_items(inner, places, usage)
    values = [literal(i) for i in items]
    if values == [0, 1] or values == [1, 0]:
        return "binary", ()
    if sorted(v for v in values if v is not None) == [-1, 1] and len(values) == 2:
        return "sign", ()
    match items:
        case [sx.Numeral(value), *_, sx.Dots(), upper] if value == 1:
            return "indexset", (upper,)
    if all(isinstance(v, Fraction) and v.denominator == 1 for v in values) or any(
        isinstance(i, sx.Dots) for i in items
    ):
        return "integer", ()
    raise unknown(tokens, places)


def literal(node: Syntax) -> Fraction | None:
    match node:
        case sx.Numeral(value):
            return value
        case sx.Negate(sx.Numeral(value)):
            return -value
    return None


def interval(tokens: list[Token], places: Places, usage: Usage) -> tuple[str, tuple[Syntax, ...]]:
    parser = Parser(tokens[1:-1], places, usage)
    items = [parser.relation()]
    while parser.at("comma") or parser.at("semi"):
        parser.next()
        items.append(parser.relation())
    parser.finish()
    match items:
        case [sx.Numeral(low), sx.Numeral(high)] if (low, high) == (0, 1):
            return "unit", ()
        case [sx.Numeral(low), sx.Name(r"\infty")] if low == 0:
            return "positive", ()
        case [sx.Name() as upper] if tokens[0].text == "[":
            return "indexset", (upper,)
        case [_, _]:
            return "", ()
    raise unknown(tokens, places)
