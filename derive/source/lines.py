r"""Lines of givens with words in them: `X, Y \text{ independent}`."""

from __future__ import annotations

import re
from dataclasses import replace

from derive.language.syntax import Diagnostic, Statement
from derive.source import clauses as cl
from derive.source.distributions import DISTRIBUTIONS, distribution_word
from derive.source.named import take_named_laws
from derive.source.phrases import Phrase
from derive.source.pieces import Piece
from derive.source.places import ReadError
from derive.source.statements import Scribe
from derive.source.tokens import Token
from derive.source.values import take_law
from derive.source.words import DENIED, FACTS, PARAMETERS, WORTHY, unmarked

# A whole name of a law at the end of some words: “i.i.d. Bernoulli” in front of `(p)`.
LAW_NAME = re.compile(rf"(?:^|\s)((?:{'|'.join(DISTRIBUTIONS)}))$", re.IGNORECASE)
SHARED = re.compile(r"\s*(?:(iid|i\.\s?i\.\s?d\.?)|(ind\.?|independent(?:ly)?))\s*")


def phrase_statements(scribe: Scribe, tokens: list[Token]) -> list[Statement] | None:
    """The statements of a line with words in it; None when the words state no fact."""
    tokens = laws_apart(tokens)
    if not any(token.kind == "text" for token in tokens):
        return scribe.clauses(cl.clauses(tokens))
    text, pieces = mixed(scribe, tokens)
    laws: list[Statement] = []
    if not DENIED.search(text.lower()):
        text, named = take_named_laws(scribe, text, pieces)
        text, valued = take_law(scribe, text, pieces)
        laws = [*named, *valued]
    if laws and not any(p.search(text.lower()) for p, _ in FACTS):
        return laws
    lower = text.lower()
    law = any(distribution_word(piece.tokens[0]) not in (None, "?") for piece in pieces[1:] if len(piece.tokens) > 1)
    worthy = WORTHY.search(lower) or (scribe.origin not in ("display", "inline") and PARAMETERS.search(lower))
    if not pieces or not (law or worthy or any(p.search(lower) for p, _ in FACTS)):
        return None
    if DENIED.search(lower):
        span = scribe.places.span(tokens[0].start, tokens[-1].end)
        return [scribe.unread(tokens, Diagnostic("a denial is no given; nothing of it is used", span))]
    found = laws
    for piece in pieces:
        if cl.main_relations(piece.tokens) and not quantified(text, pieces.index(piece)):
            piece.statements = scribe.clauses(cl.clauses(piece.tokens))
            found.extend(piece.statements)
    phrase = Phrase(scribe, text, pieces)
    try:
        return [*found, *phrase.read()]
    except ReadError as error:
        return [*found, *phrase.found, scribe.unread(tokens, error.diagnostic)]


def laws_apart(tokens: list[Token]) -> list[Token]:
    r"""`\text{iid Bernoulli}(p)` is `\text{iid } \mathrm{Bernoulli}(p)`; the words of `\sim \text{iid }` belong to its sign."""
    apart: list[Token] = []
    for k, token in enumerate(tokens):
        words = token.text.rstrip() if token.kind == "text" else ""
        before = apart[-1] if apart else None
        name = LAW_NAME.search(words) if k + 1 < len(tokens) and tokens[k + 1].text == "(" else None
        if name is not None:
            if words[: name.start(1)].strip():
                apart.append(replace(token, text=words[: name.start(1)]))
            apart.append(Token("name", rf"\mathrm{{{name.group(1)}}}", token.start, token.end, token.spaced))
        elif before is not None and before.text == r"\sim" and (shared := SHARED.fullmatch(words)):
            apart[-1] = replace(before, extra="iid" if shared.group(1) else "independent")
        else:
            apart.append(token)
    return apart


def quantified(text: str, number: int) -> bool:
    before = text.partition(f"⟦{number}⟧")[0]
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
            pieces.append(Piece(cl.of_finite(inner)))
        elif run:
            words.append(", ")
        run = []

    for token, level in zip(tokens, cl.levels(tokens), strict=False):
        if token.kind == "text" and level == 0:
            flush()
            words.append(unmarked(token.text))
        elif level == 0 and token.kind == "command" and token.text == r"\forall":
            flush()
            words.append("for all")
        else:
            run.append(token)
    flush()
    return " ".join(words), pieces
