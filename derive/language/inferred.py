"""Arrays that shapes show to be some, so that what is written beside them are their members and components."""

from __future__ import annotations

from derive.language import syntax as sx
from derive.language.building import Builder
from derive.language.digits import is_numbered, listed_letters, numbers_component
from derive.language.symbols import Lexicon, bold_letter, key_of


def inferred_ranks(lexicon: Lexicon, builder: Builder, document: sx.Document) -> dict[str, dict[int, int]]:
    """Arrays that were found by use beside what was taken for a family of the same letter: {stem: {indices: rank}}."""
    found: dict[str, dict[int, int]] = {}
    for stem, arities in lexicon._arity.items():
        for low in sorted(arities):
            shape = builder.symbol_shapes.get(lexicon.family_key(stem, low))
            if shape is None or stem in lexicon.separate or low in lexicon.ranks.get(stem, {}):
                continue
            rank = 0 if builder.dims.is_one(shape) else 1 if builder.dims.find(shape[1]) == 1 else 2
            higher = [a for a in arities if a > low and a not in lexicon.ranks.get(stem, {})]
            if (rank and any(rank >= a - low for a in higher)) or (
                low == 0 and _has_components(lexicon, builder, document, stem, rank)
            ):
                found[stem] = {low: rank}
                break
    return found | _components_of_bold(lexicon, builder)


def _components_of_bold(lexicon: Lexicon, builder: Builder) -> dict[str, dict[int, int]]:
    r"""Plain letters that have only numbers below them beside the bold array: `x_1` is a component of `\mathbf{x}`."""
    found: dict[str, dict[int, int]] = {}
    for plain, letter in lexicon.aliases.items():
        shape = builder.symbol_shapes.get(lexicon.family_key(letter, 0))
        if shape is None or plain in lexicon.ranks or lexicon._arity[letter] != {0}:
            continue
        rank = 0 if builder.dims.is_one(shape) else 1 if builder.dims.find(shape[1]) == 1 else 2
        if bold_letter(letter) != plain and (rank != 2 or plain.upper() not in (letter, bold_letter(letter))):
            continue
        if (lexicon.declares_numbered(plain) or plain in lexicon.separate) and letter not in lexicon.listed:
            continue
        numbered = [n for n in lexicon.names.get(plain, ()) if is_numbered(n)]
        shapes = [builder.symbol_shapes.get(key_of(n)) for n in numbered]
        scalars = all(shape is not None and builder.dims.is_one(shape) for shape in shapes)
        if rank and numbered and scalars and all(numbers_component(n, rank) for n in numbered):
            found[plain] = {0: rank}
            found |= {letter: {0: rank}} if letter not in lexicon.ranks else {}
    return found


def _has_components(lexicon: Lexicon, builder: Builder, document: sx.Document, letter: str, rank: int) -> bool:
    r"""Whether `\mu_1`, `\mu_2` beside an inferred vector μ can be its components: nothing else is said of them."""
    numbered = {key_of(n): n for n in lexicon.names.get(letter, ()) if is_numbered(n)}
    if not rank or not numbered or lexicon.declares_numbered(letter):
        return False
    shapes = [builder.symbol_shapes.get(key) for key in numbered]
    if letter in listed_letters(document):
        return False
    scalars = all(shape is not None and builder.dims.is_one(shape) for shape in shapes)
    return scalars and all(numbers_component(n, rank) for n in numbered.values())
