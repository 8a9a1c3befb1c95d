"""From SymPy objects to terms and back.

`to_term` reads an expression made of SymPy symbols, matrices and the objects of `derive.language.expressions`;
`from_term` needs the symbols by their names in the terms, as `symbols_of` lists them.

>>> import sympy
>>> from derive.language.expressions import E, Random
>>> X, a = Random("X"), sympy.Symbol("a")
>>> expression = E(a * X) + 1
>>> from_term(to_term(expression), symbols_of(expression)) == expression
True
"""

# SymPy has no types of its own.
# mypy: disable-error-code="misc, no-any-return"

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import sympy
from sympy.matrices import expressions as matrices
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixSymbol

from derive.language import expressions as ex
from derive.language import terms as t

FUNCTIONS = {"exp": sympy.exp, "log": sympy.log, "sin": sympy.sin, "cos": sympy.cos, "tanh": sympy.tanh}
DEEPEST = 200
WORD = re.compile(r"[A-Za-z]{2,}")  # several letters that are one name


class NotConvertible(ValueError):
    """The expression has a part that has no counterpart on the other side."""


def name_of(symbol: Any) -> str:
    """The symbol's name as LaTeX.

    >>> [name_of(sympy.Symbol(name)) for name in ("alpha", "gain_1")]
    ['\\\\alpha', '\\\\mathrm{gain}_{1}']
    >>> name_of(MatrixSymbol("x_1", 3, 1))  # a column vector is bold
    '\\\\mathbf{x}_{1}'
    """
    written = sympy.latex(symbol.label if isinstance(symbol, sympy.IndexedBase) else symbol)
    stem = re.match(r"[^_^]*", written)
    assert stem is not None
    letter, scripts = stem[0], written[stem.end() :]
    if WORD.fullmatch(letter):
        return rf"\mathrm{{{letter}}}{scripts}"
    column = isinstance(symbol, MatrixSymbol) and symbol.shape[1] == 1
    return rf"\mathbf{{{letter}}}{scripts}" if column else written


def symbols_of(*expressions: Any) -> dict[str, Any]:
    """Every symbol of the expressions by its name in terms; dimensions and index names are among them."""
    found: dict[str, Any] = {}
    for expression in expressions:
        for node in sympy.preorder_traversal(expression):
            if isinstance(node, sympy.Symbol | MatrixSymbol | sympy.IndexedBase):
                found.setdefault(name_of(node), node)
            elif getattr(node, "is_Matrix", False):
                for dim in node.shape:
                    if isinstance(dim, sympy.Symbol):
                        found.setdefault(str(dim), dim)
    return found


def _dim(value: Any) -> t.Dim:
    if value.is_Integer:
        return int(value)
    if isinstance(value, sympy.Symbol):
        return str(value)
    raise NotConvertible(f"a dimension must be an integer or a symbol, got {value}")


def _shape(matrix: Any) -> t.Shape:
    return (_dim(matrix.shape[0]), _dim(matrix.shape[1]))


def _index(value: Any, shift: int = 0) -> t.Index:
    """`i`, `i + 2` or `3` as an index; `shift` goes from counting from zero to counting from one."""
    offset, rest = value.as_coeff_Add()
    if not offset.is_Integer:
        raise NotConvertible(f"{value} is not an index")
    if rest == 0:
        return t.Index(None, int(offset) + shift)
    if isinstance(rest, sympy.Symbol):
        return t.Index(str(rest), int(offset) + shift)
    raise NotConvertible(f"{value} is not an index")


def to_term(expression: Any) -> t.Term:
    """The expression as a term.

    Raises:
        NotConvertible: it has a part that terms do not have, or is nested too deeply.
    """
    return _Reader().read(sympy.sympify(expression, strict=True), 0)


class _Reader:
    """Reads SymPy trees; one method a kind of node."""

    def read(self, node: Any, depth: int) -> t.Term:
        if depth > DEEPEST:
            raise NotConvertible("the expression is nested too deeply")
        parts = [self.read(a, depth + 1) for a in node.args] if _generic(node) else []
        for kinds, make in _PLAIN:
            if isinstance(node, kinds):
                return make(node, parts)
        if isinstance(node, sympy.Sum | sympy.Product):
            return self._big(node, depth)
        if isinstance(node, ex._Moment):
            return self._moment(node, depth)
        if isinstance(node, MatrixElement):
            inner = self.read(node.parent, depth + 1)
            return t.Entry(inner, _index(node.i, 1), _index(node.j, 1))
        if isinstance(node, sympy.MatrixBase):
            rows = node.tolist()
            return t.Matrix(tuple(tuple(self.read(c, depth + 1) for c in row) for row in rows))
        if isinstance(node, sympy.Function) and len(parts) == 1:
            return t.Function(type(node).__name__, tuple(parts))
        raise NotConvertible(f"{node} ({type(node).__name__}) cannot be read as a term")

    def _big(self, node: Any, depth: int) -> t.Term:
        body = self.read(node.function, depth + 1)
        for index, lower, upper in node.limits:
            span = t.Range(_index(lower), _index(upper))
            kind = t.Sum if isinstance(node, sympy.Sum) else t.Product
            body = kind(str(index), span, body)
        return body

    def _moment(self, node: Any, depth: int) -> t.Term:
        operands = [self.read(a, depth + 1) for a in node.operands]
        given = tuple(self.read(g, depth + 1) for g in node.given)
        kind = {"E": t.Expectation, "Var": t.Variance, "Cov": t.Covariance}[node.name]
        return kind(*operands, given)


def _generic(node: Any) -> bool:
    """True when the arguments of the node are terms of their own."""
    special = (sympy.Sum, sympy.Product, ex._Moment, MatrixElement, sympy.MatrixBase, MatrixSymbol, sympy.Indexed)
    shaped = (matrices.Identity, matrices.ZeroMatrix, matrices.OneMatrix, sympy.IndexedBase)
    return not isinstance(node, special + shaped)


def _power(node: Any, parts: list[Any]) -> t.Term:
    return t.Pow(parts[0], parts[1])


def _matrix_power(node: Any, parts: list[Any]) -> t.Term:
    exponent = node.exp
    if not exponent.is_Integer or not 1 <= abs(int(exponent)) <= 8:
        raise NotConvertible(f"{node}: only small integer powers of matrices")
    base = parts[0] if exponent > 0 else t.Inverse(parts[0])
    return base if abs(exponent) == 1 else t.Mul((base,) * abs(int(exponent)))


def _rational(node: Any, parts: list[Any]) -> t.Term:
    return t.Number(Fraction(int(node.p), int(node.q)))


_PLAIN: tuple[tuple[Any, Any], ...] = (
    (sympy.Rational, _rational),
    (sympy.Float, lambda n, p: t.Number(Fraction(str(n)))),
    (sympy.Indexed, lambda n, p: t.Symbol(name_of(n.base), tuple(_index(i) for i in n.indices))),
    (sympy.Symbol, lambda n, p: t.Symbol(name_of(n))),
    (MatrixSymbol, lambda n, p: t.Symbol(name_of(n), (), _shape(n))),
    ((sympy.Add, sympy.MatAdd), lambda n, p: t.Add(tuple(p))),
    ((sympy.Mul, sympy.MatMul), lambda n, p: t.Mul(tuple(p))),
    (sympy.Pow, _power),
    (sympy.exp, lambda n, p: t.Function("exp", tuple(p))),
    (matrices.Transpose, lambda n, p: t.Transpose(p[0])),
    (matrices.Inverse, lambda n, p: t.Inverse(p[0])),
    (matrices.MatPow, _matrix_power),
    (matrices.Trace, lambda n, p: t.Trace(p[0])),
    (matrices.Determinant, lambda n, p: t.Determinant(p[0])),
    (matrices.HadamardProduct, lambda n, p: t.Hadamard(tuple(p))),
    (matrices.KroneckerProduct, lambda n, p: _nested(p)),
    (matrices.DiagMatrix, lambda n, p: t.Diagonal(p[0])),
    (matrices.Identity, lambda n, p: t.Identity(_dim(n.shape[0]))),
    (matrices.ZeroMatrix, lambda n, p: t.Constant(Fraction(0), _shape(n))),
    (matrices.OneMatrix, lambda n, p: t.Constant(Fraction(1), _shape(n))),
    (ex.Scalar, lambda n, p: p[0]),
)


def _nested(parts: list[Any]) -> t.Term:
    out = parts[0]
    for part in parts[1:]:
        out = t.Kronecker(out, part)
    return out


# ---------------------------------------------------------------------------------------------
# Back


def from_term(term: t.Term, symbols: dict[str, Any]) -> Any:
    """The term as a SymPy object; `symbols` are those of `symbols_of`.

    Raises:
        NotConvertible: a symbol is not among them, or SymPy has no counterpart.
    """
    match term:
        case t.Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case t.Symbol(name, indices):
            symbol = _known(name, symbols)
            return symbol[tuple(_sympy_index(i, symbols) for i in indices)] if indices else symbol
        case t.IndexValue(index):
            return _sympy_index(index, symbols)
        case t.Add():
            parts = [from_term(a, symbols) for a in term.args]
            return sympy.Add(*parts) if term.shape == t.SCALAR else sympy.MatAdd(*parts).doit(deep=False)
        case t.Mul():
            return _product(term, symbols)
        case t.Pow(base, exponent):
            return from_term(base, symbols) ** from_term(exponent, symbols)
        case t.Expectation(arg, given):
            return ex.E(from_term(arg, symbols), *(from_term(g, symbols) for g in given))
        case t.Variance(arg, given):
            return ex.Var(from_term(arg, symbols), *(from_term(g, symbols) for g in given))
        case t.Covariance(left, right, given):
            more = (from_term(g, symbols) for g in given)
            return ex.Cov(from_term(left, symbols), from_term(right, symbols), *more)
        case t.Sum(index, span, body, (), ()):
            i = _index_symbol(index, symbols)
            limits = (i, _sympy_index(span.lower, symbols), _sympy_index(span.upper, symbols))
            return sympy.Sum(from_term(body, symbols | {index: i}), limits)
        case t.Entry(arg, row, column):
            i, j = (_sympy_index(k, symbols) - 1 for k in (row, column))
            return MatrixElement(from_term(arg, symbols), i, j)
        case t.Function(name, (arg,)) if name in FUNCTIONS:
            return FUNCTIONS[name](from_term(arg, symbols))
        case _:
            return _matrix_from(term, symbols)


def _matrix_from(term: t.Term, symbols: dict[str, Any]) -> Any:
    match term:
        case t.Transpose(arg):
            return matrices.Transpose(from_term(arg, symbols)).doit(deep=False)
        case t.Inverse(arg, False):
            return matrices.Inverse(from_term(arg, symbols))
        case t.Trace(arg):
            return matrices.Trace(from_term(arg, symbols))
        case t.Determinant(arg):
            return matrices.Determinant(from_term(arg, symbols))
        case t.SquaredNorm(arg):
            inside = from_term(arg, symbols)
            return matrices.Trace(inside.T * inside) if term.arg.shape[1] != 1 else ex.inner(inside, inside)
        case t.Hadamard(args):
            return matrices.HadamardProduct(*(from_term(a, symbols) for a in args))
        case t.Kronecker(left, right):
            return matrices.KroneckerProduct(from_term(left, symbols), from_term(right, symbols))
        case t.Diagonal(arg, False):
            return matrices.DiagMatrix(from_term(arg, symbols))
        case t.Identity(dim):
            return matrices.Identity(_sympy_dim(dim, symbols))
        case t.Constant(value, (rows, columns)) if value in (0, 1):
            kind = matrices.ZeroMatrix if value == 0 else matrices.OneMatrix
            return kind(_sympy_dim(rows, symbols), _sympy_dim(columns, symbols))
        case t.Matrix(rows):
            return sympy.ImmutableMatrix([[from_term(c, symbols) for c in row] for row in rows])
    raise NotConvertible(f"SymPy has no counterpart for {type(term).__name__} here")


def _product(term: t.Mul, symbols: dict[str, Any]) -> Any:
    """Scalars times the matrix product; a matrix product of shape (1, 1) becomes a number."""
    scalars = sympy.Mul(*(from_term(a, symbols) for a in term.args if a.shape == t.SCALAR))
    chain = [from_term(a, symbols) for a in term.args if a.shape != t.SCALAR]
    if not chain:
        return scalars
    if term.shape == t.SCALAR:
        return scalars * sympy.Mul(*(ex.Scalar(sympy.MatMul(*c).doit(deep=False)) for c in _closed(chain)))
    return scalars * sympy.MatMul(*chain).doit(deep=False)


def _closed(chain: list[Any]) -> list[list[Any]]:
    """The factors cut where a product of shape (1, 1) is complete and no longer chain is needed."""
    groups: list[list[Any]] = [[]]
    for factor in chain:
        groups[-1].append(factor)
        if groups[-1][0].shape[0] == 1 and factor.shape[1] == 1:
            groups.append([])
    return [g for g in groups if g]


def _known(name: str, symbols: dict[str, Any]) -> Any:
    if name not in symbols:
        raise NotConvertible(f"no SymPy symbol is known for {name}")
    return symbols[name]


def _index_symbol(name: str, symbols: dict[str, Any]) -> Any:
    return symbols.get(name, sympy.Symbol(name, integer=True))


def _sympy_index(index: t.Index, symbols: dict[str, Any]) -> Any:
    if index.base is None:
        return sympy.Integer(index.offset)
    return _index_symbol(index.base, symbols) + index.offset


def _sympy_dim(dim: t.Dim, symbols: dict[str, Any]) -> Any:
    if isinstance(dim, int):
        return sympy.Integer(dim)
    if isinstance(dim, str):
        return _index_symbol(dim, symbols)
    return sum(_sympy_dim(d, symbols) for d in dim)
