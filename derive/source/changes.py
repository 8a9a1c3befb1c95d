r"""`\delta x` and `\Delta x`: a change of x is one quantity, where the δ never stands by itself."""

from __future__ import annotations

from collections.abc import Iterable

from derive.source.tokens import Token

SIGNS = (r"\delta", r"\Delta")


def change_signs(pieces: Iterable[list[Token]]) -> frozenset[str]:
    """The signs that have a letter directly behind them wherever they stand."""
    found: dict[str, bool] = {}
    for tokens in pieces:
        for k, token in enumerate(tokens):
            if token.text in SIGNS:
                followed = k + 1 < len(tokens) and _is_letter(tokens[k + 1])
                found[token.text] = found.get(token.text, True) and followed
    return frozenset(sign for sign, always in found.items() if always)


def with_changes(tokens: list[Token], signs: frozenset[str]) -> list[Token]:
    """The tokens with each sign and its letter as one name."""
    if not signs or not any(t.text in signs for t in tokens):
        return tokens
    out: list[Token] = []
    for token in tokens:
        if out and out[-1].text in signs and _is_letter(token):
            sign = out.pop()
            token = Token("name", f"{sign.text} {token.text}", sign.start, token.end, sign.spaced)
        out.append(token)
    return out


def _is_letter(token: Token) -> bool:
    return token.kind == "name" and token.text not in SIGNS
