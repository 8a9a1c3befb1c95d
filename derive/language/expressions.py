"""Expectations as SymPy objects: `E`, `Var`, `Cov` over random symbols, and the way to terms and back.

SymPy is imported here and nowhere else on the way of a check.  Shapes follow SymPy: scalars are `Expr`, vectors and
matrices `MatrixExpr`; a 1×1 product such as `x.T*w` becomes a scalar by `scalar(x.T*w)` or `inner(x, w)`.

>>> X, a = Random("X"), sympy.Symbol("a")
>>> E(a*X + 1).expand(expectation=True)
a*E(X) + 1
>>> sympy.latex(Var(X))
'\\\\operatorname{Var}\\\\left(X\\\\right)'
"""

# SymPy has no types of its own.
# mypy: disable-error-code="misc, no-any-return"

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy
from sympy.core.expr import Expr
from sympy.matrices.expressions.matexpr import MatrixExpr, MatrixSymbol


class Random(sympy.Symbol):
    """A real random scalar.  `Random("X")` behaves like any other SymPy symbol.

    >>> E(Random("X") ** 2)
    E(X**2)
    """

    __slots__ = ()

    def __new__(cls, name: str, **assumptions: bool) -> Random:
        return super().__new__(cls, name, **({"real": True} | assumptions))


class RandomMatrix(MatrixSymbol):
    """A random matrix of `rows` × `columns`."""

    def __new__(cls, name: str, rows: Any, columns: Any) -> RandomMatrix:
        return super().__new__(cls, name, rows, columns)


class RandomVector(RandomMatrix):
    """A random column vector with `dim` components.

    >>> m = sympy.Symbol("m", integer=True, positive=True)
    >>> E(RandomVector("x", m)).shape
    (m, 1)
    """

    def __new__(cls, name: str, dim: Any, columns: Any = 1) -> RandomVector:
        return super().__new__(cls, name, dim, columns)


class RandomFamily(sympy.IndexedBase):
    """Random scalars `X[1], …, X[n]`, written `X[i]` in sums."""

    def __new__(cls, name: str, size: Any) -> RandomFamily:
        return super().__new__(cls, name, shape=(size,), real=True)


RANDOM = (Random, RandomMatrix)


def of_stats(node: Any) -> bool:
    """True for a random variable of `sympy.stats`, which is not imported for this."""
    return type(node).__module__.startswith("sympy.stats.") and hasattr(node, "pspace")


def is_random(expr: Any) -> bool:
    """True when the value of `expr` is random: outside of unconditional moments stands a random symbol."""
    if isinstance(expr, (*RANDOM, RandomFamily)) or of_stats(expr):
        return True
    if isinstance(expr, _Moment):
        return any(is_random(g) for g in expr.given)
    return any(is_random(a) for a in getattr(expr, "args", ()))


def _strict(value: Any) -> Any:
    """SymPy objects and numbers; text is refused, so that nothing is evaluated."""
    return sympy.sympify(value, strict=True)


class _Moment:
    """What `E`, `Var` and `Cov` share: `operands`, what is conditioned on (`given`), and printing."""

    args: tuple[Any, ...]
    operator = ""
    name = ""
    brackets = ("(", ")")
    arity = 1

    @property
    def operands(self) -> tuple[Any, ...]:
        return self.args[: self.arity]

    @property
    def given(self) -> tuple[Any, ...]:
        """What is conditioned on."""
        return self.args[self.arity :]

    def _written(self, printer: Any) -> str:
        inside = ", ".join(printer._print(a) for a in self.operands)
        return inside

    def _latex(self, printer: Any, *_: Any) -> str:
        left, right = self.brackets
        behind = r" \mid " + ", ".join(printer._print(g) for g in self.given) if self.given else ""
        return rf"{self.operator}\left{left}{self._written(printer)}{behind}\right{right}"

    def _sympystr(self, printer: Any, *_: Any) -> str:
        behind = " | " + ", ".join(printer._print(g) for g in self.given) if self.given else ""
        return f"{self.name}({self._written(printer)}{behind})"

    @property
    def free_symbols(self) -> set[Any]:
        return set().union(*(a.free_symbols for a in self.args))


class _ScalarMoment(_Moment, Expr):
    is_commutative = True
    is_real = True

    def doit(self, **hints: Any) -> Any:
        """Taken apart by linearity, the operands first."""
        return linear(_done(self, hints))

    def _eval_expand_expectation(self, **_: Any) -> Any:
        return linear(self)


class _MatrixMoment(_Moment, MatrixExpr):
    # No `doit`: SymPy calls it of every factor whenever matrices are multiplied, and `A*Var(B*x)` is to stay as written.
    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        return sympy.matrices.expressions.matexpr.MatrixElement(self, i, j)

    def _eval_expand_expectation(self, **_: Any) -> Any:
        return linear(self)


def _done(moment: Any, hints: dict[str, Any]) -> Any:
    deep = hints.get("deep", True)
    return moment.func(*(a.doit(**hints) for a in moment.args)) if deep else moment


class E(_ScalarMoment):
    r"""Expectation of a scalar, `E(x)`, or conditional on others, `E(y, given=x)`; of a matrix, entry by entry.

    >>> E(Random("X") + 2)
    E(X + 2)
    >>> sympy.latex(E(Random("Y"), given=Random("X")))
    '\\mathbb{E}\\left[Y \\mid X\\right]'
    """

    operator, name, brackets = r"\mathbb{E}", "E", ("[", "]")

    def __new__(cls, arg: Any, *more: Any, given: Any = ()) -> Any:
        arg, given = _strict(arg), (*map(_strict, more), *_tuple(given))
        if arg.is_Matrix:
            return MatrixE(arg, *given)
        return Expr.__new__(cls, arg, *given)

    def _eval_derivative(self, symbol: Any) -> Any:
        return E(self.args[0].diff(symbol), *self.given)


class MatrixE(_MatrixMoment):
    """Expectation of a vector or matrix; made by `E`."""

    operator, name, brackets = r"\mathbb{E}", "E", ("[", "]")

    def __new__(cls, arg: Any, *given: Any) -> Any:
        return MatrixExpr.__new__(cls, arg, *given)

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[0].shape


class Var(_ScalarMoment):
    """Variance of a scalar; of a column vector its covariance matrix.

    >>> Var(3 * Random("X")).expand(expectation=True)
    9*Var(X)
    """

    operator, name = r"\operatorname{Var}", "Var"

    def __new__(cls, arg: Any, *more: Any, given: Any = ()) -> Any:
        arg, given = _strict(arg), (*map(_strict, more), *_tuple(given))
        if arg.is_Matrix:
            return MatrixVar(arg, *given)
        return Expr.__new__(cls, arg, *given)


class MatrixVar(_MatrixMoment):
    """Covariance matrix of a column vector; made by `Var`."""

    operator, name = r"\operatorname{Var}", "Var"

    def __new__(cls, arg: Any, *given: Any) -> Any:
        return MatrixExpr.__new__(cls, arg, *given)

    @property
    def shape(self) -> tuple[Any, Any]:
        return (self.args[0].shape[0], self.args[0].shape[0])


class Cov(_ScalarMoment):
    """Covariance of two scalars; of two column vectors the matrix of covariances.

    >>> X, Y, a = Random("X"), Random("Y"), sympy.Symbol("a")
    >>> Cov(a * X, Y + 1).expand(expectation=True)
    a*Cov(X, Y)
    """

    operator, name, arity = r"\operatorname{Cov}", "Cov", 2

    def __new__(cls, left: Any, right: Any, *more: Any, given: Any = ()) -> Any:
        left, right, given = _strict(left), _strict(right), (*map(_strict, more), *_tuple(given))
        if left.is_Matrix or right.is_Matrix:
            return MatrixCov(left, right, *given)
        left, right = sorted((left, right), key=sympy.default_sort_key)  # Cov(X, Y) is Cov(Y, X)
        return Expr.__new__(cls, left, right, *given)


class MatrixCov(_MatrixMoment):
    """Matrix of the covariances of two column vectors; made by `Cov`."""

    operator, name, arity = r"\operatorname{Cov}", "Cov", 2

    def __new__(cls, left: Any, right: Any, *given: Any) -> Any:
        return MatrixExpr.__new__(cls, left, right, *given)

    @property
    def shape(self) -> tuple[Any, Any]:
        return (self.args[0].shape[0], self.args[1].shape[0])


class Scalar(Expr):
    """A 1×1 matrix product as a number, so that it can be added to numbers and squared."""

    is_commutative = True

    def __new__(cls, product: Any) -> Any:
        product = _strict(product)
        if not product.is_Matrix:
            return product
        if product.shape != (1, 1):
            raise ValueError(f"a scalar needs shape (1, 1), got {product.shape}")
        return Expr.__new__(cls, product)

    def _latex(self, printer: Any, *_: Any) -> str:
        return printer._print(self.args[0])

    def _sympystr(self, printer: Any, *_: Any) -> str:
        return printer.parenthesize(self.args[0], sympy.printing.precedence.PRECEDENCE["Mul"])


def scalar(product: Any) -> Any:
    """The 1×1 product as a number.

    Raises:
        ValueError: the shape is not (1, 1).
    """
    return Scalar(product)


def inner(left: Any, right: Any) -> Any:
    """`left.T * right` of two column vectors, as a number."""
    return Scalar(left.T * right)


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(map(_strict, value)) if isinstance(value, tuple | list) else (_strict(value),)


# ---------------------------------------------------------------------------------------------
# Linearity: the hint expand(expectation=True), which needs no givens


def linear(moment: Any) -> Any:
    """A moment taken apart by linearity: sums, and constant factors, which a variance gives up squared.

    Where nothing is declared to be random, nobody has said which symbols are constants: the moment stays.

    >>> x = RandomVector("x", 3)
    >>> linear(E(2 * E(x))), linear(Var(E(Random("X")))), linear(E(sympy.Symbol("a")))
    (2*E(x), 0, E(a))
    """
    if moment.free_symbols and not any(map(is_random, (*moment.operands, *moment.free_symbols))):
        return moment
    parts = [_pieces(a) for a in moment.operands]
    given = moment.given
    if isinstance(moment, E | MatrixE):
        return _added([p.around(E(p.core, *given) if is_random(p.core) else p.core) for p in parts[0]], moment)
    moving = [[p for p in side if is_random(p.core)] for side in parts]
    if isinstance(moment, Cov | MatrixCov):
        return _added([_covariance(p, q, given) for p in moving[0] for q in moving[1]], moment)
    (terms,) = moving
    pairs = [(p, q) for k, p in enumerate(terms) for q in terms[k + 1 :]]
    if moment.is_Matrix:
        pairs = [both for p, q in pairs for both in ((p, q), (q, p))]
    mixed = [_covariance(p, q, given) for p, q in pairs]
    return _added([_covariance(p, p, given) for p in terms] + [m if moment.is_Matrix else 2 * m for m in mixed], moment)


@dataclass(frozen=True)
class _Piece:
    """A summand `factor * left * core * right`, of which the factor and the matrices `left` and `right` are constant."""

    factor: Any
    core: Any
    left: tuple[Any, ...] = ()
    right: tuple[Any, ...] = ()

    def around(self, core: Any) -> Any:
        """The constants of the piece around what has become of its core."""
        if not core.is_Matrix:
            return self.factor * core
        return (self.factor * sympy.MatMul(*self.left, core, *self.right)).doit(deep=False)


def _covariance(p: _Piece, q: _Piece, given: tuple[Any, ...]) -> Any:
    """The covariance of two pieces, their constants in front and behind."""
    u, v = (sympy.MatMul(x.core, *x.right).doit(deep=False) if x.right else x.core for x in (p, q))
    inside = Var(u, *given) if u == v else Cov(u, v, *given)
    behind = tuple(m.T for m in reversed(q.left))
    return _Piece(p.factor * q.factor, None, p.left, behind).around(inside)


def _pieces(expr: Any) -> list[_Piece]:
    """The summands with their constants apart."""
    expanded = expr.expand()
    summands = expanded.args if isinstance(expanded, sympy.Add | sympy.MatAdd) else (expanded,)
    return [_piece(s, expr.is_Matrix) for s in summands]


def _piece(summand: Any, matrix: bool) -> _Piece:
    factors = summand.args if isinstance(summand, sympy.Mul | sympy.MatMul) else (summand,)
    constant = sympy.Mul(*(f for f in factors if not f.is_Matrix and not is_random(f)))
    rest = [f for f in factors if f.is_Matrix or is_random(f)]
    if not matrix:
        return _Piece(constant, sympy.Mul(*rest))
    random = [k for k, f in enumerate(rest) if is_random(f)]
    if not random or not all(f.is_Matrix for f in rest):
        return _Piece(constant, sympy.MatMul(*rest).doit(deep=False))
    first, last = random[0], random[-1] + 1
    core = sympy.MatMul(*rest[first:last]).doit(deep=False)
    return _Piece(constant, core, tuple(rest[:first]), tuple(rest[last:]))


def _added(parts: list[Any], moment: Any) -> Any:
    if not parts:
        return sympy.ZeroMatrix(*moment.shape) if moment.is_Matrix else sympy.S.Zero
    return sum(parts[1:], parts[0])
