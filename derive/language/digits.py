"""`a_{11}` beside `a_{ij}` has two indices, not the index eleven."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.symbols import roots
from derive.language.traverse import descend, with_names


def with_split_digits(document: sx.Document) -> sx.Document:
    """The document with two-digit subscripts of letters that elsewhere have two indices taken apart."""
    names = [n for root in roots(document) for n in descend(root) if isinstance(n, sx.Name)]
    double = {n.letter for n in names if len(n.subscripts) == 2}
    if not any(n.letter in double and _two_digits(n) for n in names):
        return document

    def change(name: sx.Name) -> sx.Name:
        split = name.letter in double and _two_digits(name)
        return replace(name, subscripts=_digits(name.subscripts[0])) if split else name

    return with_names(document, change)


def _two_digits(name: sx.Name) -> bool:
    if len(name.subscripts) != 1 or not isinstance(name.subscripts[0], sx.Numeral):
        return False
    return name.subscripts[0].value.denominator == 1 and 10 <= name.subscripts[0].value < 100


def _digits(part: sx.Node) -> tuple[sx.Numeral, ...]:
    assert isinstance(part, sx.Numeral)
    return tuple(sx.Numeral(Fraction(int(d)), span=part.span) for d in str(part.value))


def is_numbered(name: sx.Name) -> bool:
    """Whether the scripts are numbers below the letter, and nothing else."""
    return bool(name.subscripts) and not name.superscripts and all(isinstance(s, sx.Numeral) for s in name.subscripts)


def numbers_component(name: sx.Name, rank: int) -> bool:
    r"""Whether the numbers can be the place of a component: `\\mu_1` of a vector (rank 1), `\\Sigma_{12}` of a matrix (2)."""
    places = _digits(name.subscripts[0]) if rank == 2 and _two_digits(name) else name.subscripts
    values = [s.value for s in places if isinstance(s, sx.Numeral)]
    return len(values) == rank and all(v >= 1 and v.denominator == 1 for v in values)


def listed_letters(document: sx.Document) -> set[str]:
    """Letters of which numbered symbols stand in matrices and lists: blocks, or components that are said to be some."""
    lists = (m for root in roots(document) for m in descend(root) if isinstance(m, (sx.MatrixLiteral, sx.Tuple_)))
    return {n.letter for m in lists for n in descend(m) if isinstance(n, sx.Name) and is_numbered(n)}
