"""Places of components: which slots a symbol of a shape has, and over what they run."""

from __future__ import annotations

from derive.kernel.monomials import Ix
from derive.language.terms import SCALAR, Dim

FIRST: Ix = ("", 1)
Env = dict[str, Ix]  # names of bound indices, and what they are at the moment


class NotCovered(Exception):
    """A term that the index language does not express; the message says which."""


def span_of(dim: Dim) -> tuple[Ix, Ix]:
    """The range 1..dim."""
    if isinstance(dim, tuple):
        raise NotCovered("a block dimension inside a product")
    return (FIRST, ("", dim) if isinstance(dim, int) else (dim, 0))


def places_of(shape: tuple[Dim, Dim], row: Ix, column: Ix) -> tuple[Ix, ...]:
    """The component slots of a symbol of this shape."""
    if shape == SCALAR:
        return ()
    if shape[1] == 1:
        return (row,)
    return (column,) if shape[0] == 1 else (row, column)
