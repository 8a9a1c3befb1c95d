"""Index contractions as matrix products: components that meet in an index are put side by side again.

An *atom* is a vector or matrix term whose legs are indices.  Atoms that share an index form paths and cycles; a path is
a matrix product, a cycle is a trace.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.kernel.monomials import COLUMN, ROW, Ix
from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Covariance,
    Diagonal,
    Entry,
    Expectation,
    Hadamard,
    Identity,
    Index,
    Inverse,
    Line,
    Mul,
    Shape,
    Term,
    Trace,
    Transpose,
    Variance,
)
from derive.rules.construct import times, transposed


@dataclass(frozen=True, slots=True)
class Atom:
    """A term with one leg (a column vector) or two (a matrix: row, column)."""

    term: Term
    legs: tuple[Ix, ...]
    symmetric: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A product of atoms; an end is an index, or None where a vector closes it."""

    start: Ix | None
    factors: tuple[Term, ...]
    end: Ix | None

    @property
    def term(self) -> Term:
        return self.factors[0] if len(self.factors) == 1 else Mul(self.factors)

    def turned(self) -> Path:
        return Path(self.end, tuple(turned(f) for f in reversed(self.factors)), self.start)


def as_index(ix: Ix) -> Index:
    return Index(ix[0] or None, ix[1])


def turned(term: Term) -> Term:
    """The transpose, drawn into products and moments: E[x nᵀ]ᵀ is E[n xᵀ]."""
    match term:
        case Mul(args):
            scalars = [a for a in args if a.shape == SCALAR]
            return Mul((*scalars, *(turned(a) for a in reversed(args) if a.shape != SCALAR)))
        case Expectation(Mul() as inner, given):
            return Expectation(turned(inner), given)
        case Covariance(left, right, given):
            return Covariance(right, left, given)
        case Variance():
            return term
        case Inverse(arg) if _is_own_transpose(arg):
            return term
        case _:
            return transposed(term)


def _is_own_transpose(term: Term) -> bool:
    """Whether the term is seen to be symmetric: XᵀX + λI."""
    return all(map(_is_own_transpose, term.args)) if isinstance(term, Add) else turned(term) == term


def contracted(atoms: list[Atom], joints: set[Ix]) -> tuple[list[Path], list[Term]]:
    """Paths through the joints (indices that occur exactly twice), and the traces of the cycles."""
    ends: dict[Ix, list[tuple[int, int]]] = {}
    for number, atom in enumerate(atoms):
        for leg, ix in enumerate(atom.legs):
            if ix in joints:
                ends.setdefault(ix, []).append((number, leg))
    left = set(range(len(atoms)))
    paths = []
    for number, atom in enumerate(atoms):
        loose = [leg for leg, ix in enumerate(atom.legs) if ix not in joints]
        if number in left and (loose or len(atom.legs) == 1):
            paths.append(_walked(atoms, ends, left, number, loose[0] if loose else None))
    traces = []
    for number in range(len(atoms)):
        if number in left:
            loop = _walked(atoms, ends, left, number, 0)
            traces.append(Trace(_best(loop).term))
    return paths, traces


def _walked(
    atoms: list[Atom], ends: dict[Ix, list[tuple[int, int]]], left: set[int], number: int, entry: int | None
) -> Path:
    """The path from one atom on; `entry` is the leg where it starts, None when a vector starts it."""
    atom = atoms[number]
    start = atom.legs[entry] if entry is not None else None
    factors: list[Term] = []
    while True:
        left.discard(number)
        if len(atom.legs) == 1:
            factors.append(turned(atom.term) if entry is None else atom.term)
            exit_ = None if entry is not None else 0
        else:
            flip = entry == 1 and not atom.symmetric
            factors.append(turned(atom.term) if flip else atom.term)
            exit_ = 1 - (entry or 0)
        if exit_ is None:
            return Path(start, tuple(factors), None)
        ix = atom.legs[exit_]
        following = next(((n, leg) for n, leg in ends.get(ix, ()) if n in left), None)
        if following is None:
            return Path(start, tuple(factors), ix)
        number, entry = following
        atom = atoms[number]


def _best(path: Path) -> Path:
    """The direction with fewer transposes."""
    other = path.turned()
    return min((path, other), key=lambda p: (sum(isinstance(t, Transpose) for t in p.factors[1:]), repr(p)))


def scalars_of(paths: list[Path]) -> tuple[list[Term], list[Path]]:
    """Closed paths and components at explicit indices, as scalars; and the paths with an open end."""
    scalars, rest = [], []
    for path in paths:
        if {path.start, path.end} & {ROW, COLUMN}:
            rest.append(path)
        elif path.start is None and path.end is None:
            scalars.append(_best(path).term)
        elif path.start is None or path.end is None:
            column = path if path.end is None else path.turned()
            assert column.start is not None
            scalars.append(Entry(column.term, as_index(column.start)))
        else:
            scalars.append(Entry(path.term, as_index(path.start), as_index(path.end)))
    return scalars, rest


def assembled(paths: list[Path], diagonal: bool, shape: Shape) -> Term | None:
    """The vector or matrix with open ends ROW and COLUMN; None for a scalar.  `diagonal`: times δ of row and column."""
    at_row, at_column, between = [], [], []
    for path in paths:
        if {path.start, path.end} == {ROW, COLUMN}:
            between.append((path if path.start == ROW else path.turned()).term)
        elif path.start == path.end:
            vector = Diagonal(path.term, vector=True)
            (at_row if path.start == ROW else at_column).append(vector)
        elif ROW in (path.start, path.end):
            at_row.append(_column(path if path.start == ROW else path.turned()))
        else:
            at_column.append(_column(path if path.start == COLUMN else path.turned()))
    if shape == (1, 1):
        return None
    if diagonal:
        return _diagonal(at_row + at_column) if at_row or at_column else Identity(shape[0])
    if shape[1] == 1:
        return _together(at_row) if at_row else Constant(Fraction(1), shape)
    if shape[0] == 1 and not at_row:
        return turned(_together(at_column)) if at_column else Constant(Fraction(1), shape)
    return _matrix(at_row, at_column, between, shape)


def _matrix(at_row: list[Term], at_column: list[Term], between: list[Term], shape: Shape) -> Term:
    if between:
        middle = _together(between)
        left = [Diagonal(_together(at_row))] if at_row else []
        right = [Diagonal(_together(at_column))] if at_column else []
        return times(*left, middle, *right)
    rows = _together(at_row) if at_row else Constant(Fraction(1), (shape[0], 1))
    columns = _together(at_column) if at_column else Constant(Fraction(1), (shape[1], 1))
    return Mul((rows, turned(columns)))


def _diagonal(terms: list[Term]) -> Term:
    """diag of a column, and of the diagonal of a matrix: diag(A)."""
    match terms:
        case [Diagonal(arg, vector=True)]:
            return Diagonal(arg)
        case _:
            return Diagonal(_together(terms))


def _column(path: Path) -> Term:
    """A path that starts at an open end, as a column; its other end closes it or is an explicit index."""
    if path.end is None:
        return path.term
    return Line(path.term, as_index(path.end), "column")


def _together(terms: list[Term]) -> Term:
    return terms[0] if len(terms) == 1 else Hadamard(tuple(terms))
