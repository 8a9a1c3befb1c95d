"""What is meant: typed terms.  Everything behind elaboration speaks only these.

Every term has a shape `(rows, columns)`; a scalar is `(1, 1)`, a vector `(m, 1)`.  A dimension is an
integer, or the name of a dimension symbol.  Terms are frozen, hashable, and compare by structure;
spans and LaTeX are not part of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Union

Dim = Union[int, str, tuple["Dim", ...]]  # a tuple is a sum of dimensions (block matrices)
Shape = tuple[Dim, Dim]
SCALAR: Shape = (1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Index:
    """An index value: `Index('i')`, `Index('i', 1)` is i+1, `Index(None, 3)` is 3, `Index('n')` may be the end of a range.

    Whether `base` is bound by a `Sum` or a symbol of the facts depends on where it stands.
    """

    base: str | None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """`lower, …, upper`, both included.  `Range(Index(None, 1), Index('n'))` is 1..n."""

    lower: Index
    upper: Index


def one_to(dim: Dim) -> Range:
    """The range 1..dim of the indices of a vector with that many components."""
    return Range(Index(None, 1), Index(None, dim) if isinstance(dim, int) else Index(str(dim)))


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared or inferred symbol.

    `name` is the key into `Facts.symbols`.  `indices` are *family* indices (`x_i` as the i-th sample, `W^{(l)}`), not
    components: component j of the i-th sample vector is `Entry(Symbol('x', (i,), (m, 1)), j, 1)`.
    `shape` is that of one member.
    """

    name: str
    indices: tuple[Index, ...] = ()
    shape: Shape = SCALAR


@dataclass(frozen=True, slots=True)
class IndexValue:
    """An index used as a number: the k of `(T - k)`; also a dimension used as a number: `Index('n')`."""

    index: Index
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Add:
    """Sum of two or more terms of the same shape."""

    args: tuple[Term, ...]

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


@dataclass(frozen=True, slots=True)
class Mul:
    """Product, in order.  Scalar factors may stand anywhere; the others must chain as matrices."""

    args: tuple[Term, ...]

    @property
    def shape(self) -> Shape:
        rest = [a.shape for a in self.args if a.shape != SCALAR]
        return (rest[0][0], rest[-1][1]) if rest else SCALAR


@dataclass(frozen=True, slots=True)
class Pow:
    """Scalar base, scalar exponent.  Integer powers of matrices are written out by elaboration, `A^{-1}` is `Inverse`."""

    base: Term
    exponent: Term
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Inverse:
    """Inverse of a square matrix (never of a scalar: that is `Pow(x, -1)`); `pseudo` is Moore–Penrose."""

    arg: Term
    pseudo: bool = False

    @property
    def shape(self) -> Shape:
        return (self.arg.shape[1], self.arg.shape[0])


@dataclass(frozen=True, slots=True)
class Transpose:
    arg: Term

    @property
    def shape(self) -> Shape:
        return (self.arg.shape[1], self.arg.shape[0])


@dataclass(frozen=True, slots=True)
class Entry:
    """Component of a vector or matrix; a vector's column is `Index(None, 1)`."""

    arg: Term
    row: Index
    column: Index = Index(None, 1)
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Line:
    """Row or column of a matrix, as a *column vector* (`X_i \\in \\mathbb{R}^d` of `X \\in \\mathbb{R}^{n \\times d}`)."""

    arg: Term
    index: Index
    axis: str = "row"

    @property
    def shape(self) -> Shape:
        return (self.arg.shape[1 if self.axis == "row" else 0], 1)


@dataclass(frozen=True, slots=True)
class Trace:
    arg: Term
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Determinant:
    arg: Term
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Diagonal:
    """`diag` of a vector: the diagonal matrix; of a matrix: the diagonal matrix of its diagonal.

    `vector=True`: the diagonal of a matrix as a column vector.
    """

    arg: Term
    vector: bool = False

    @property
    def shape(self) -> Shape:
        return (self.arg.shape[0], 1) if self.vector else (self.arg.shape[0], self.arg.shape[0])


@dataclass(frozen=True, slots=True)
class Hadamard:
    """Entrywise product of two or more terms of the same shape."""

    args: tuple[Term, ...]

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


@dataclass(frozen=True, slots=True)
class Kronecker:
    left: Term
    right: Term

    @property
    def shape(self) -> Shape:
        return (times(self.left.shape[0], self.right.shape[0]), times(self.left.shape[1], self.right.shape[1]))


@dataclass(frozen=True, slots=True)
class SquaredNorm:
    """Sum of the squares of all components (Euclidean for vectors, Frobenius for matrices)."""

    arg: Term
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Identity:
    dim: Dim

    @property
    def shape(self) -> Shape:
        return (self.dim, self.dim)


@dataclass(frozen=True, slots=True)
class Constant:
    """Every component the same rational: the zero and the all-ones vectors and matrices."""

    value: Fraction
    shape: Shape


@dataclass(frozen=True, slots=True)
class Matrix:
    """A literal: rows of scalars, or of blocks whose shapes fit."""

    rows: tuple[tuple[Term, ...], ...]

    @property
    def shape(self) -> Shape:
        return (total(r[0].shape[0] for r in self.rows), total(t.shape[1] for t in self.rows[0]))


@dataclass(frozen=True, slots=True)
class Entries:
    """The matrix whose (row, column) component is `body`, with `row` and `column` bound in it."""

    row: str
    column: str
    body: Term
    shape: Shape


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum of `body` over `index` in `range`, leaving out the values in `excluded`; `below`: only index < each of these."""

    index: str
    range: Range
    body: Term
    excluded: tuple[Index, ...] = ()
    below: tuple[Index, ...] = ()

    @property
    def shape(self) -> Shape:
        return self.body.shape


@dataclass(frozen=True, slots=True)
class Product:
    """Product of the scalar `body` over `index` in `range`."""

    index: str
    range: Range
    body: Term
    excluded: tuple[Index, ...] = ()
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class SupportSum:
    """Sum of `body` over the integer values `lower..upper` of the bound *number* `variable`.

    Meant for sums over outcomes, `\\sum_{x=0}^{1} x p^x (1-p)^{1-x}`: `variable` is a `Symbol` that stands in `body`.
    """

    variable: Symbol
    lower: Term
    upper: Term
    body: Term
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Expectation:
    """`E[arg]`, or `E[arg | given]` when `given` is not empty: then it is itself random."""

    arg: Term
    given: tuple[Term, ...] = ()

    @property
    def shape(self) -> Shape:
        return self.arg.shape


@dataclass(frozen=True, slots=True)
class Variance:
    """Scalar: E[(X-EX)^2].  Vector: the covariance matrix E[(X-EX)(X-EX)^T]."""

    arg: Term
    given: tuple[Term, ...] = ()

    @property
    def shape(self) -> Shape:
        return (self.arg.shape[0], self.arg.shape[0])


@dataclass(frozen=True, slots=True)
class Covariance:
    """E[(X-EX)(Y-EY)^T]."""

    left: Term
    right: Term
    given: tuple[Term, ...] = ()

    @property
    def shape(self) -> Shape:
        return (self.left.shape[0], self.right.shape[0])


@dataclass(frozen=True, slots=True)
class Correlation:
    left: Term
    right: Term
    given: tuple[Term, ...] = ()
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Function:
    """A function of which only what is declared is known, or an elementary one ('log', 'exp', 'abs', 'max', …).

    `indices` are family indices of the function itself: `f_i(x)`.  `entrywise`: applied to each component, the shape is the argument's.
    """

    name: str
    args: tuple[Term, ...]
    shape: Shape = SCALAR
    indices: tuple[Index, ...] = ()
    entrywise: bool = False
    order: int = 0  # derivatives: f'(x) has order 1


@dataclass(frozen=True, slots=True)
class Indicator:
    """1 when the relation holds, else 0.  `relation`: '=', '<', '\\le', '\\neq', '\\in', ….

    `left` and `right` are scalars; for an unknown event `relation` is '' and `left` a `Symbol`.
    """

    relation: str
    left: Term
    right: Term
    shape = SCALAR


@dataclass(frozen=True, slots=True)
class Derivative:
    """Derivative of a scalar with respect to `wrt` (same shape as `wrt`: a gradient), or of a column with respect to a scalar.

    `wrt` is a `Symbol` or an `Entry`/`Line` of one.
    """

    arg: Term
    wrt: Term

    @property
    def shape(self) -> Shape:
        return self.wrt.shape if self.arg.shape == SCALAR else self.arg.shape


Term = Union[
    Number, Symbol, IndexValue, Add, Mul, Pow, Inverse, Transpose, Entry, Line, Trace, Determinant, Diagonal, Hadamard,
    Kronecker, SquaredNorm, Identity, Constant, Matrix, Entries, Sum, Product, SupportSum, Expectation, Variance, Covariance,
    Correlation, Function, Indicator, Derivative,
]  # fmt: skip


def total(dims: Iterator[Dim]) -> Dim:
    """Sum of dimensions, as an integer when all are.

    >>> total(iter([2, 3]))
    5
    >>> total(iter(["m", 1]))
    ('m', 1)
    """
    parts = list(dims)
    if all(isinstance(d, int) for d in parts):
        return sum(d for d in parts if isinstance(d, int))
    return parts[0] if len(parts) == 1 else tuple(parts)


def times(left: Dim, right: Dim) -> Dim:
    """Product of dimensions; symbolic ones are written `m*n`."""
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    if left == 1:
        return right
    return left if right == 1 else f"{left}*{right}"


def number(value: int | Fraction) -> Number:
    return Number(Fraction(value))


def children(term: Term) -> tuple[Term, ...]:
    """The direct subterms, in reading order."""
    read = _CHILDREN.get(type(term))
    return (term.arg,) if read is None else read(term)  # type: ignore[union-attr]


_LEAVES = frozenset((Number, Symbol, IndexValue, Identity, Constant))
_CHILDREN: dict[type, Callable[[Any], tuple[Term, ...]]] = {
    **dict.fromkeys(_LEAVES, lambda t: ()),
    **dict.fromkeys((Add, Mul, Hadamard, Function), lambda t: t.args),
    **dict.fromkeys((Sum, Product, Entries), lambda t: (t.body,)),
    **dict.fromkeys((Expectation, Variance), lambda t: (t.arg, *t.given)),
    **dict.fromkeys((Covariance, Correlation), lambda t: (t.left, t.right, *t.given)),
    **dict.fromkeys((Kronecker, Indicator), lambda t: (t.left, t.right)),
    Pow: lambda t: (t.base, t.exponent),
    Matrix: lambda t: tuple(cell for row in t.rows for cell in row),
    Derivative: lambda t: (t.arg, t.wrt),
    SupportSum: lambda t: (t.lower, t.upper, t.body),
}  # all others have one, `arg`


def walk(term: Term) -> Iterator[Term]:
    """The term and all its subterms, parents first."""
    stack = [term]
    while stack:
        top = stack.pop()
        yield top
        if type(top) not in _LEAVES:
            stack.extend(children(top)[::-1])
