r"""Scripts that move with the index of a sum but are no indices themselves: the `t-k` of `\sum_k x_{t-k}`.

Such a script is part of the name, and a name has one meaning.  Below the sum it has one for each value of the index, so
that taking it for one symbol would let it be pulled out of the sum.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from derive.language import syntax as sx
from derive.language.lags import is_lag
from derive.language.symbols import Lexicon, key_of, script_text
from derive.language.traverse import descend
from derive.language.unreadable import Unreadable

LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]+")


def refuse_moving(lexicon: Lexicon, name: sx.Name, bound: Collection[str]) -> None:
    """Raises `Unreadable` when a script that belongs to the name moves with one of the bound indices."""
    for script in lexicon.named_scripts(name) if bound else ():
        if (index := moves_with(script, bound)) is not None:
            text = script_text(script)
            raise Unreadable(
                f"the script {text} moves with {index}, over which the sum or product goes, but is no index that is followed",
                name.span,
                f"an index such as {index} or {index}-1",
            )


def refuse_lag(lexicon: Lexicon, name: sx.Name) -> None:
    """Raises `Unreadable` for the x_{n+k} of a document that defines x_n and does not treat n as an index."""
    stray = any(map(is_lag, lexicon.named_scripts(name))) and key_of(name) not in lexicon.defined
    if stray and any(key.startswith(name.letter + "_") for key in lexicon.defined):
        raise Unreadable(
            f"{key_of(name)} is not defined, and its script is no index that is followed",
            name.span,
            "a script such as n or n+1",
        )


def refuse_moving_size(size: sx.Node, bound: Collection[str]) -> None:
    """Raises `Unreadable` when the limit of a sum moves with the index of a sum around it."""
    scripts = (script for name in descend(size) if isinstance(name, sx.Name) for script in _scripts(name))
    index = next((found for s in scripts if (found := moves_with(s, bound)) is not None), None)
    if index is not None:
        raise Unreadable(
            f"the number of terms moves with {index}, the index of a sum around it", size.span, "a limit that is fixed"
        )


def refuse_moving_places(over: tuple[sx.Node, ...], bound: Collection[str]) -> None:
    r"""`\sum_k \mathbb{E}_{t-k}[x]`: what stands below is no variable, but a place that moves."""
    for part in over:
        if isinstance(part, (sx.Plus, sx.Juxtaposition, sx.Fraction_)) and (index := moves_with(part, bound)):
            raise Unreadable(f"what stands below the expectation moves with {index}", part.span)


def moves_with(script: sx.Node, bound: Collection[str]) -> str | None:
    """The first bound index that stands in the script."""
    return next((letter for letter in _letters(script) if letter in bound), None)


def _scripts(name: sx.Name) -> Iterator[sx.Node]:
    yield from name.subscripts
    yield from name.superscripts


def _letters(script: sx.Node) -> Iterator[str]:
    r"""Names in the script; of a label the letters that stand alone, as in `k|k-1`, but not those of words."""
    for node in descend(script):
        match node:
            case sx.Name():
                yield key_of(node)
            case sx.Label(text) if not text.isalnum():
                yield from LETTER.findall(text)
            case sx.Opaque(latex):
                yield from LETTER.findall(latex)
