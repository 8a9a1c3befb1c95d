r"""What scripts say by themselves: the n of `I_n` is a size, the t of `y_{it}` beside `y_{11}` an index."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from derive.language import syntax as sx
from derive.language.patterns import run_of
from derive.language.symbols import POSSIBLE, Lexicon, roots, script_index, statements
from derive.language.traverse import descend, parts

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


def note_members(lexicon: Lexicon, document: sx.Document) -> None:
    r"""The x_i beside a vector x are vectors as well where x is one of them, or where they are as many as x has no components.

    So it is in “$x_1, \dots, x_n$ are copies of $x$”, and for $x \in \mathbb{R}^d$ in `\sum_{i=1}^n x_i`.
    """
    lengths: dict[str, set[str]] = defaultdict(set)
    alike: set[str] = set()
    for item in statements(document):
        subjects = tuple(s for part in item.parts[:1] for s in part)
        if item.kind == "iid":
            plain = {s.letter for s in subjects if isinstance(s, sx.Name) and not s.subscripts and not s.superscripts}
            alike |= plain & {s.letter for s in subjects if isinstance(s, sx.Name) and s.subscripts}
        for letter in (s.letter for s in subjects if isinstance(s, sx.Name) and not s.subscripts):
            lengths[letter] |= _lengths(item)
    ends = _ends(document)
    for letter in lexicon.ranks:
        several = lengths[letter] and ends[letter] and not lengths[letter] & ends[letter]
        if (letter in alike or several) and lexicon.ranks[letter].get(0):
            lexicon.ranks[letter].setdefault(1, lexicon.ranks[letter][0])
            lexicon.members.add(letter)


def _lengths(statement: sx.Statement) -> set[str]:
    """The letter for the number of components that a statement gives its subject."""
    if statement.kind == "shape" and len(statement.dims) == 1:
        return _letter(statement.dims[0])
    if statement.word in ("Multinomial", "Categorical", "Dirichlet") and len(statement.parts) > 1:
        listed = [n for p in statement.parts[1] for n in descend(p) if isinstance(n, (sx.Tuple_, sx.MatrixLiteral))]
        return {end for group in listed for end in _run_ends(parts(group)).values()}
    return set()


def _ends(document: sx.Document) -> dict[str, set[str]]:
    """By letter, how far its one index runs in the sums and the dotted lists."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in (n for root in roots(document) for n in descend(root)):
        if isinstance(node, sx.Plus):
            for letter, end in _run_ends(node.items).items():
                found[letter].add(end)
        if isinstance(node, sx.Big):
            for r in node.ranges:
                for name in (n for n in descend(node.body) if isinstance(n, sx.Name) and n.subscripts == (r.index,)):
                    found[name.letter] |= _letter(r.upper) if r.upper is not None else set()
    return found


def _run_ends(items: Iterable[sx.Node]) -> dict[str, str]:
    """By letter, where `x_1 + \\dots + x_n` ends."""
    found = {}
    listed = list(items)
    for before, dots, after in zip(listed, listed[1:], listed[2:], strict=False):
        run = run_of(before, after, "i") if isinstance(dots, sx.Dots) else None
        for end in _letter(run[2]) if run is not None else ():
            found |= {n.letter: end for n in descend(after) if isinstance(n, sx.Name) and len(n.subscripts) == 1}
    return found


def _letter(size: sx.Node) -> set[str]:
    index = script_index(size)
    return {index.base} if index is not None and index.base is not None and not index.offset else set()
