r"""Lines of givens with words in them: `X, Y \text{ independent}`."""

from __future__ import annotations

import re

from derive.language.syntax import Diagnostic, Statement
from derive.source import clauses as cl
from derive.source.phrases import Phrase, Piece
from derive.source.places import ReadError
from derive.source.statements import Scribe
from derive.source.tokens import Token
from derive.source.words import DENIED, FACTS, WORTHY


def phrase_statements(scribe: Scribe, tokens: list[Token]) -> list[Statement] | None:
    """The statements of a line with words in it; None when the words state no fact."""
    text, pieces = mixed(scribe, tokens)
    lower = text.lower()
    if not pieces or not (any(p.search(lower) for p, _ in FACTS) or WORTHY.search(lower)):
        return None
    if DENIED.search(lower):
        span = scribe.places.span(tokens[0].start, tokens[-1].end)
        return [scribe.unread(tokens, Diagnostic("a denial is no given; nothing of it is used", span))]
    found: list[Statement] = []
    for piece in pieces:
        if cl.main_relations(piece.tokens) and not quantified(text, pieces.index(piece)):
            piece.statements = scribe.clauses(cl.clauses(piece.tokens))
            found.extend(piece.statements)
    phrase = Phrase(scribe, text, pieces)
    try:
        return [*found, *phrase.read()]
    except ReadError as error:
        return [*found, *phrase.found, scribe.unread(tokens, error.diagnostic)]


def quantified(text: str, number: int) -> bool:
    before = text[: text.index(f"⟦{number}⟧")]
    return bool(
        re.search(
            r"\b(?:for|forall|for all|for every|for each|for any|whenever|if|when)\s*(?:all|every|each|any)?\s*$",
            before.lower(),
        )
    )


def mixed(scribe: Scribe, tokens: list[Token]) -> tuple[str, list[Piece]]:
    """Words and marks for a line."""
    words: list[str] = []
    pieces: list[Piece] = []
    run: list[Token] = []

    def flush() -> None:
        nonlocal run
        inner = cl.strip(run)
        if inner:
            leading = run[0].kind == "comma"
            words.append((", " if leading else "") + f"⟦{len(pieces)}⟧" + (", " if run[-1].kind == "comma" else ""))
            pieces.append(Piece(inner))
        elif run:
            words.append(", ")
        run = []

    for token, level in zip(tokens, cl.levels(tokens), strict=False):
        if token.kind == "text" and level == 0:
            flush()
            words.append(token.text)
        elif level == 0 and token.kind == "command" and token.text == r"\forall":
            flush()
            words.append("for all")
        else:
            run.append(token)
    flush()
    return " ".join(words), pieces
