"""Dimensions by unification: every use of a symbol is an equation between dimensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.language import terms as tm
from derive.language.dimensions import Component, Dimensions, Listed, Pair, is_open
from derive.language.products import arrange
from derive.language.syntax import NOWHERE, Diagnostic, Span


def written(dim: Any) -> str:
    return "?" if is_open(dim) else "+".join(map(written, dim)) if isinstance(dim, tuple) else str(dim)


@dataclass
class Checker:
    """The shape equations of raw terms.  `problems` collects the clashes with their places."""

    dims: Dimensions
    place: Callable[[Any], Span]
    problems: list[Diagnostic] = field(default_factory=list)
    results: dict[int, Pair] = field(default_factory=dict)  # shape variables of products still open
    final: bool = False
    plain_entries: bool = False  # entries of literal matrices of which nothing is known are numbers
    clashes: int = 0
    visits: int = 0

    def clash(self, term: Any, message: str, hint: str = "") -> None:
        span = self.place(term)
        self.clashes += 1
        self.report(Diagnostic(message, span, hint=hint))

    def report(self, problem: Diagnostic) -> None:
        """Adds a problem, once."""
        if all(p.message != problem.message or p.span != problem.span for p in self.problems):
            self.problems.append(problem)

    def same(self, left: Pair, right: Pair) -> bool:
        rows = self.dims.unify(left[0], right[0])
        return self.dims.unify(left[1], right[1]) and rows

    def text(self, shape: Pair) -> str:
        r, c = (self.dims.find(d) for d in shape)
        return "a scalar" if r == 1 and c == 1 else f"{written(r)}×{written(c)}"

    def need_scalar(self, term: Any, what: str, span: Span = NOWHERE) -> None:
        shape = self.shape(term)
        if not self.same(shape, tm.SCALAR):
            self.clash(term, f"{what} must be a scalar, this is {self.text(shape)}")

    def need_square(self, term: Any, what: str) -> Pair:
        shape = self.shape(term)
        if not self.dims.unify(*shape):
            self.clash(term, f"{what} needs a square matrix, this is {self.text(shape)}")
        return shape

    def shape(self, term: Any) -> Pair:
        """The shape of the term; what must agree is made to agree."""
        self.visits += 1
        match term:
            case tm.Number() | tm.IndexValue():
                return tm.SCALAR
            case tm.Symbol() | tm.Constant():
                return term.shape
            case tm.Identity(dim):
                return (dim, dim)
            case tm.Add(args):
                return self.sum(args)
            case tm.Mul(args):
                return self.product(term, args)
            case tm.Pow(base, exponent):
                return self.power(base, exponent)
            case tm.Inverse(arg, pseudo):
                r, c = self.shape(arg) if pseudo else self.need_square(arg, "an inverse")
                return (c, r)
            case tm.Transpose(arg):
                r, c = self.shape(arg)
                return (c, r)
            case _:
                return self.other(term)

    def other(self, term: Any) -> Pair:
        match term:
            case Listed(inner, shape):
                return self.listed(shape, self.shape(inner)[1])
            case Component(arg, indices):
                return self.component(term, self.shape(arg), indices)
            case tm.Line(arg, _, axis):
                r, c = self.shape(arg)
                return (c if axis == "row" else r, 1)
            case tm.Trace(arg) | tm.Determinant(arg):
                self.need_square(arg, "a trace" if isinstance(term, tm.Trace) else "a determinant")
                return tm.SCALAR
            case tm.Diagonal(arg, vector):
                r, c = self.shape(arg)
                return (r, 1) if vector else (r, r)
            case tm.Hadamard(args):
                return self.sum(args, "an entrywise product")
            case tm.Kronecker(left, right):
                return self.kronecker(term, self.shape(left), self.shape(right))
            case tm.SquaredNorm(arg):
                self.shape(arg)
                return tm.SCALAR
            case tm.Matrix(rows):
                return self.literal(term, rows)
            case tm.Entries(_, _, body, shape):
                self.need_scalar(body, "an entry of a matrix")
                return shape
            case tm.Sum(_, _, body):
                return self.shape(body)
            case tm.Product(_, _, body):
                self.need_scalar(body, "a factor of a product over an index")
                return tm.SCALAR
            case tm.SupportSum(_, lower, upper, body):
                for part in (lower, upper):
                    self.need_scalar(part, "a limit")
                return self.shape(body)
            case _:
                return self.statistical(term)

    def statistical(self, term: Any) -> Pair:
        match term:
            case tm.Expectation(arg, given):
                self.each(given)
                return self.shape(arg)
            case tm.Variance(arg, given):
                self.each(given)
                rows = self.column(arg, "Var")
                return (rows, rows)
            case tm.Covariance(left, right, given):
                self.each(given)
                return (self.column(left, "Cov"), self.column(right, "Cov"))
            case tm.Correlation(left, right, given):
                self.each(given)
                for part in (left, right):
                    self.need_scalar(part, "the argument of a correlation")
                return tm.SCALAR
            case tm.Function("vec", (arg,), shape):
                return self.stacked(self.shape(arg), shape)
            case tm.Function(_, args, shape):
                self.each(args)
                return self.function(term, args, shape)
            case tm.Indicator(_, left, right):
                self.each((left, right))
                return tm.SCALAR
            case tm.Derivative(arg, wrt):
                return self.derivative(term, self.shape(arg), self.shape(wrt))
        return self.shape(term.inner)  # an `Over`

    def each(self, terms: tuple[Any, ...]) -> None:
        for term in terms:
            self.shape(term)

    def listed(self, shape: Pair, length: Any) -> Pair:
        rows, columns = (self.dims.find(d) for d in shape)
        length = self.dims.find(length)
        if rows == 1 or (columns == length and not is_open(length)):
            self.dims.unify(rows, 1)
            self.dims.unify(columns, length)
        elif columns == 1 or (rows == length and not is_open(length)) or (self.final and is_open(columns)):
            self.dims.unify(columns, 1)
            self.dims.unify(rows, length)
        return shape

    def component(self, term: Any, shape: Pair, indices: tuple[tm.Index, ...]) -> Pair:
        """Two indices pick a number; one picks a number of a vector, a row of a matrix."""
        if len(indices) > 1 or self.dims.find(shape[0]) == 1:
            return tm.SCALAR
        columns = self.dims.find(shape[1])
        if is_open(columns) and columns not in self.dims.large:
            self.dims.unify(columns, 1)
        return tm.SCALAR if columns == 1 or (is_open(columns) and columns not in self.dims.large) else (shape[1], 1)

    def function(self, term: Any, args: tuple[Any, ...], shape: Pair) -> Pair:
        if term.name in {"log", "exp", "sin", "cos", "tan", "tanh", "cosh", "sinh", "sign", "relu"} and len(args) == 1:
            return self.shape(args[0])
        if term.name == "abs":
            inner = self.shape(args[0])
            if self.dims.is_large(inner):
                self.need_square(args[0], "a determinant")
            return tm.SCALAR
        return shape

    def column(self, arg: Any, name: str) -> Any:
        shape = self.shape(arg)
        if self.dims.find(shape[1]) != 1 and not self.dims.unify(shape[1], 1):
            if self.dims.find(shape[0]) == 1:
                return shape[1]  # a row, read as the column it transposes to
            self.clash(arg, f"{name} of a matrix ({self.text(shape)}) is not defined", "vectors are columns")
        return shape[0]

    def sum(self, args: tuple[Any, ...], what: str = "a sum") -> Pair:
        shapes = [self.shape(a) for a in args]
        # a definite item first, so that a clash is reported at the odd one
        for arg, shape in zip(args[1:], shapes[1:], strict=False):
            if not self.same(shapes[0], shape):
                left, right = self.text(shapes[0]), self.text(shape)
                self.clash(arg, f"{what} of {left} and {right}", "both must have the same shape")
        return shapes[0]

    def power(self, base: Any, exponent: Any) -> Pair:
        self.need_scalar(exponent, "an exponent")
        if isinstance(exponent, tm.Number) and exponent.value.denominator == 1:
            return self.need_square(base, "a power")
        if isinstance(base, tm.Symbol) and isinstance(exponent, tm.Number) and abs(exponent.value) == Fraction(1, 2):
            return self.need_square(base, "a root")
        self.need_scalar(base, "the base of this power")
        return tm.SCALAR

    def literal(self, term: Any, rows: tuple[tuple[Any, ...], ...]) -> Pair:
        shapes = [[self.shape(t) for t in row] for row in rows]
        if self.plain_entries and not any(self.dims.is_large(cell) for row in shapes for cell in row):
            for row in shapes:
                for cell in row:
                    self.same(cell, tm.SCALAR)
        for row in shapes:
            for cell in row[1:]:
                if not self.dims.unify(row[0][0], cell[0]):
                    self.clash(term, "blocks of a row have different heights")
        for row in shapes[1:]:
            for above, cell in zip(shapes[0], row, strict=False):
                if not self.dims.unify(above[1], cell[1]):
                    self.clash(term, "blocks of a column have different widths")
        height = [self.dims.find(row[0][0]) for row in shapes]
        width = [self.dims.find(cell[1]) for cell in shapes[0]]
        return (tm.total(iter(height)), tm.total(iter(width)))

    def stacked(self, inner: Pair, shape: Pair) -> Pair:
        """The columns of a matrix below each other."""
        rows, columns = map(self.dims.find, inner)
        if not is_open(rows) and not is_open(columns):
            self.same(shape, (tm.times(columns, rows), 1))
        return shape

    def kronecker(self, term: Any, left: Pair, right: Pair) -> Pair:
        dims = [self.dims.find(d) for d in (*left, *right)]
        if any(is_open(d) for d in dims):
            return self.results.setdefault(id(term), self.dims.pair())
        made = (tm.times(dims[0], dims[2]), tm.times(dims[1], dims[3]))
        if id(term) in self.results:
            self.same(self.results[id(term)], made)
        return made

    def derivative(self, term: Any, top: Pair, bottom: Pair) -> Pair:
        if self.dims.is_one(top):
            return bottom
        if self.dims.is_one(bottom):
            return top
        if self.dims.is_large(top) and self.dims.is_large(bottom):
            self.clash(term, "the derivative of a vector with respect to a vector is not checked")
        return self.results.setdefault(id(term), self.dims.pair())

    # -- products -----------------------------------------------------------------------------

    def product(self, term: Any, args: tuple[Any, ...]) -> Pair:
        shapes = [self.shape(a) for a in args]
        result = self.results.setdefault(id(term), self.dims.pair())
        zero = next((k for k, a in enumerate(args) if is_zero(unturned(a)) and not self.dims.is_one(shapes[k])), None)
        if zero is not None:
            self.zero_product(args, shapes, zero, result)
            return result
        unknown = [k for k, s in enumerate(shapes) if not self.dims.is_one(s) and not self.dims.is_large(s)]
        if len(args) - len(unknown) == len([s for s in shapes if self.dims.is_one(s)]) and len(unknown) == 1:
            self.same(result, shapes[unknown[0]])  # scalars times one open factor
            return result
        if unknown:
            return result
        made = self.chain(args, shapes)
        if made is not None and not self.same(result, made):
            self.clash(term, f"this product is {self.text(made)} where {self.text(result)} is needed")
        return made or result

    def chain(self, args: tuple[Any, ...], shapes: list[Pair]) -> Pair | None:
        """The shape of factors that are all known to be scalars or not."""
        if any(isinstance(a, tm.Identity) and a.dim == 1 for a in args) and any(self.dims.is_large(s) for s in shapes):
            unit = next(a for a in args if isinstance(a, tm.Identity) and a.dim == 1)
            self.clash(unit, "the identity of size 1 does not fit beside a matrix", "a plain number needs no identity")
        found = arrange([(self.dims.find(r), self.dims.find(c)) for r, c in shapes], self.dims.unify)
        if isinstance(found, int):
            before = self.chain(args[:found], shapes[:found])
            self.clash(
                args[found],
                f"this factor is {self.text(shapes[found])}, what stands before it is {self.text(before or tm.SCALAR)}",
                "the inner dimensions of a product must agree",
            )
            return None
        return found[1]

    def zero_product(self, args: tuple[Any, ...], shapes: list[Pair], zero: int, result: Pair) -> None:
        """The zero takes the shape that fits between its neighbours and the product's place."""
        sides = shapes[:zero], shapes[zero + 1 :]
        for side in sides:
            if any(not self.dims.is_one(s) and not self.dims.is_large(s) for s in side):
                return
        left = self.chain(args[:zero], sides[0]) if zero else tm.SCALAR
        right = self.chain(args[zero + 1 :], sides[1]) if sides[1] else tm.SCALAR
        if left is None or right is None or not self.final:
            return
        rest = right if self.dims.is_one(left) else left if self.dims.is_one(right) else None
        wanted = tuple(self.dims.find(d) for d in result)
        if rest is not None and tuple(self.dims.find(d) for d in rest) == wanted:
            self.same(shapes[zero], tm.SCALAR)
            return
        rows = result[0] if self.dims.is_one(left) else left[1]
        columns = result[1] if self.dims.is_one(right) else right[0]
        self.same(shapes[zero], (rows, columns))


def unturned(term: Any) -> Any:
    """The term below a transpose."""
    return term.arg if isinstance(term, tm.Transpose) else term


def is_zero(term: Any) -> bool:
    return isinstance(term, tm.Constant) and term.value == 0
