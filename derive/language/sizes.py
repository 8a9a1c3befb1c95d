r"""What scripts say by themselves: the n of `I_n` is a size, the t of `y_{it}` beside `y_{11}` an index."""

from __future__ import annotations

import re

from derive.language import syntax as sx
from derive.language.symbols import POSSIBLE, Lexicon

SIZED = re.compile(r"I|\\(?:mathbf|bm|boldsymbol|mathbb|mathrm)\{(?:I|1)\}")


def note_sizes(lexicon: Lexicon) -> None:
    r"""The n of `I_n` and `\mathbf{1}_n` is a size, where I is no name of something else."""
    for letter, names in lexicon.names.items():
        if letter in lexicon.declared | lexicon.runs or not (SIZED.fullmatch(letter)):
            continue
        for name in names:
            size = name.subscripts[0] if len(name.subscripts) == 1 and not name.superscripts else None
            if (
                isinstance(size, sx.Name)
                and re.fullmatch("[a-hk-zN]", size.letter)
                and size.letter not in lexicon.bound
            ):
                lexicon.dimensions.add(size.letter)


def note_panels(lexicon: Lexicon) -> None:
    """The t of `y_{it}` is an index where `y_{11}` and `y_{10}` stand too."""
    for names in lexicon.names.values():
        pairs = [n.subscripts for n in names if len(n.subscripts) == 2]
        for one, other in ((0, 1), (1, 0)):
            letters = {p[one].letter for p in pairs if isinstance(p[one], sx.Name)} & POSSIBLE
            numbered = any(isinstance(p[one], sx.Numeral) for p in pairs)
            beside = any(isinstance(p[other], sx.Name) and lexicon.is_index(p[other].letter) for p in pairs)
            lexicon.bound.update(letters - lexicon.declared if numbered and beside else ())
