"""One look over all mathematics of a document: which ambiguous letters it uses as quantities."""

from __future__ import annotations

from collections.abc import Iterable

from derive.source.cursor import Usage
from derive.source.events import events_in
from derive.source.tokens import Token

WATCHED = frozenset(
    {
        "E",
        "V",
        "P",
        "p",
        "T",
        "t",
        "H",
        r"\Gamma",
        r"\mathbf{E}",
        r"\mathbf{V}",
        r"\mathbf{P}",
        r"\mathbb{P}",
        r"\mathbb{V}",
        r"\mathcal{E}",
    }
)
EXPECTATIONS = frozenset({r"\mathbb{E}", r"\mathrm{E}", r"\mathsf{E}", r"\mathbf{E}"})
USUAL_FUNCTIONS = frozenset("f g h F G p q u".split()) | {r"\phi", r"\psi", r"\varphi", r"\ell"}
ENDS = (
    "plus",
    "minus",
    "times",
    "slash",
    "rel",
    "comma",
    "semi",
    "close",
    "rbrace",
    "amp",
    "row",
    "caret",
    "sub",
    "punct",
    "quad",
    "text",
    "end",
    "prime",
)


def usage(pieces: Iterable[list[Token]]) -> Usage:
    """How the watched letters are used in these pieces of clean tokens."""
    symbols: set[str] = set()
    functions = set(USUAL_FUNCTIONS)
    others = False
    arrays: set[str] = set()
    scalars: set[str] = set()
    inner = False
    marked: set[str] = set()
    likely: set[str] = set()
    for tokens in pieces:
        for found, known in zip(events_in(tokens), (marked, likely), strict=True):
            known |= found
        for k, token in enumerate(tokens):
            if (
                token.kind == "rel"
                and token.text == r"\in"
                and k + 1 < len(tokens)
                and tokens[k + 1].text == r"\mathbb{R}"
            ):
                raised = k + 2 < len(tokens) and tokens[k + 2].kind == "caret"
                (arrays if raised else scalars).update(declared(tokens, k))
            if token.kind != "name":
                continue
            if token.text in WATCHED and quantity(tokens, k):
                symbols.add(token.text)
            others = others or token.text in EXPECTATIONS
            if token.text == "E" or token.text in EXPECTATIONS:
                inner = inner or [t.kind for t in tokens[k + 1 : k + 3]] == ["open", "open"]
            if function_declared(tokens, k):
                functions.add(token.text)
    if "E" not in symbols and not others:
        functions.add("E ")  # no other sign is the expectation: `E X` is one
    return Usage(
        frozenset(symbols),
        frozenset(functions),
        frozenset(arrays),
        frozenset(scalars),
        inner,
        frozenset(marked & likely),
    )


def declared(tokens: list[Token], k: int) -> list[str]:
    r"""The letters in front of the `\in` at k, without those of their scripts."""
    found: list[str] = []
    depth = 0
    for j in range(k - 1, -1, -1):
        token = tokens[j]
        depth += (token.kind in ("rbrace", "close")) - (token.kind in ("lbrace", "open"))
        if depth < 0 or token.kind in ("rel", "text", "quad", "row"):
            break
        script = j > 0 and tokens[j - 1].kind in ("sub", "caret")
        if depth == 0 and token.kind == "name" and not script:
            found.append(token.text)
    return found


def quantity(tokens: list[Token], k: int) -> bool:
    """Whether the letter at k stands for a quantity: alone, or declared; not as an operator, a transpose, a bound."""
    token = tokens[k]
    before = tokens[k - 1] if k else None
    after = tokens[k + 1] if k + 1 < len(tokens) else None
    if token.text in ("T", "t"):
        return index_or_bound(tokens, k, before, after)
    if before is not None and before.kind in ("caret", "sub"):
        return False
    if before is not None and before.kind == "lbrace" and after is not None and after.kind == "rbrace":
        return False
    if after is None or after.kind in ("rel",):
        return True
    if after.kind in ("sub", "caret"):
        return not bracket_behind_scripts(tokens, k + 1)
    return after.kind in ENDS or (
        token.text != "E"
        and after.kind in ("name", "number", "lbrace", "command")
        and token.text in ("V", "P", r"\mathbf{V}", r"\mathbf{P}")
    )


def bracket_behind_scripts(tokens: list[Token], k: int) -> bool:
    depth = 0
    while k < len(tokens):
        kind = tokens[k].kind
        if depth == 0 and kind not in ("sub", "caret", "lbrace") and tokens[k - 1].kind not in ("sub", "caret"):
            return kind == "open"
        depth += (kind == "lbrace") - (kind == "rbrace")
        k += 1
    return False


def index_or_bound(tokens: list[Token], k: int, before: Token | None, after: Token | None) -> bool:
    """`T` and `t` as numbers: an upper bound, a factor, an index; anything but a lone superscript that may transpose."""
    if before is not None and before.kind == "caret":
        return big_operator(tokens, k - 1)
    if before is not None and before.kind == "lbrace" and k >= 2 and tokens[k - 2].kind == "caret":
        return big_operator(tokens, k - 2) or (after is not None and after.kind != "rbrace")
    if before is not None and before.kind == "minus" and after is not None and after.kind == "rbrace":
        return not (k >= 3 and tokens[k - 2].kind == "lbrace" and tokens[k - 3].kind == "caret")
    return True


def big_operator(tokens: list[Token], caret: int) -> bool:
    """Whether the superscript at `caret` is the upper end of a sum."""
    k = caret - 1
    if k >= 0 and tokens[k].kind == "rbrace":
        depth = 0
        while k >= 0:
            depth += (tokens[k].kind == "rbrace") - (tokens[k].kind == "lbrace")
            if depth == 0:
                break
            k -= 1
        k -= 2
    elif k >= 1 and tokens[k - 1].kind == "sub":
        k -= 2
    return k >= 0 and tokens[k].kind == "command" and tokens[k].text in (r"\sum", r"\prod", r"\int")


def function_declared(tokens: list[Token], k: int) -> bool:
    r"""`f \text{ function}`, and `f(x) =` at the start of a piece."""
    after = tokens[k + 1] if k + 1 < len(tokens) else None
    if after is not None and after.kind == "text" and "function" in after.text:
        return True
    if k or after is None or after.kind != "open" or after.text != "(":
        return False
    depth = 0
    for j in range(k + 1, min(k + 12, len(tokens))):
        depth += (tokens[j].kind == "open") - (tokens[j].kind == "close")
        if depth == 0:
            return j + 1 < len(tokens) and tokens[j + 1].kind == "rel" and tokens[j + 1].text in ("=", ":=")
    return False
