"""Derivatives of terms: in one direction at a time, and gradients as the directions of all components."""

from __future__ import annotations

from fractions import Fraction

from derive.language import terms as t
from derive.language.terms import SCALAR, Index, IndexValue, Indicator, Mul, Number, Pow, Symbol, Term, number
from derive.witnesses.arrays import Abstain
from derive.witnesses.sim_functions import KNOWN, directional_name, directions_of

ROW_NAME, COLUMN_NAME = "∂row", "∂column"


def derivative(arg: Term, wrt: Term) -> Term:
    """The gradient of a scalar (shape of `wrt`), or the derivative of anything with respect to a scalar."""
    depth = sum(1 for s in t.walk(arg) if isinstance(s, t.Entries) and s.row.startswith(ROW_NAME))
    row, column = f"{ROW_NAME}{depth}", f"{COLUMN_NAME}{depth}"
    if wrt.shape == SCALAR:
        return _derive(arg, *_target(wrt, None)) or _zero(arg)
    if arg.shape != SCALAR:
        raise Abstain("the derivative of a vector by a vector is not simulated")
    body = _derive(arg, *_target(wrt, (Index(row), Index(column)))) or number(0)
    return t.Entries(row, column, body, wrt.shape)


def _target(wrt: Term, place: tuple[Index, Index] | None) -> tuple[Symbol, Term]:
    """The symbol that varies, and the direction in which it does: one component, or all of a scalar."""
    match wrt:
        case Symbol():
            return wrt, _unit(wrt, *place) if place else number(1)
        case t.Entry(Symbol() as symbol, row, column):
            return symbol, _unit(symbol, row, column)
        case t.Line(Symbol() as symbol, index, axis) if place:
            return symbol, _unit(symbol, *((index, place[0]) if axis == "row" else (place[0], index)))
    raise Abstain("a derivative by something that is not a symbol")


def _unit(symbol: Symbol, row: Index, column: Index) -> Term:
    """The matrix that is 1 at one place."""
    here = [_same(Index("∂a"), row)] if symbol.shape[0] != 1 else []
    here += [_same(Index("∂b"), column)] if symbol.shape[1] != 1 else []
    return t.Entries("∂a", "∂b", Mul(tuple(here)) if len(here) > 1 else here[0], symbol.shape)


def _same(left: Index, right: Index) -> Term:
    return Indicator("=", IndexValue(left), IndexValue(right))


def _zero(term: Term) -> Term:
    return number(0) if term.shape == SCALAR else t.Constant(Fraction(0), term.shape)


def _times(*factors: Term) -> Term:
    return Mul(factors)


def _sum_of(parts: list[Term]) -> Term | None:
    return None if not parts else parts[0] if len(parts) == 1 else t.Add(tuple(parts))


def _derive(term: Term, symbol: Symbol, direction: Term) -> Term | None:
    """The change of `term` along the direction; None where it does not change."""

    def d(sub: Term) -> Term | None:
        return _derive(sub, symbol, direction)

    match term:
        case Symbol():
            if term.name != symbol.name:
                return None
            same = [_same(i, j) for i, j in zip(term.indices, symbol.indices, strict=True) if i != j]
            return _times(*same, direction) if same else direction
        case t.Add(args):
            return _sum_of([x for x in map(d, args) if x is not None])
        case Mul(args) | t.Hadamard(args):
            changed = [(k, d(a)) for k, a in enumerate(args)]
            return _sum_of([type(term)((*args[:k], x, *args[k + 1 :])) for k, x in changed if x is not None])
        case Pow():
            return _power(term, d(term.base), d(term.exponent))
        case t.Transpose() | t.Trace() | t.Entry() | t.Line() | t.Diagonal() | t.Sum() | t.Entries() | t.Matrix():
            return _linear(term, d)
        case t.Expectation() | t.Variance() | t.Covariance() | t.Correlation():
            return _moment(term, d)
        case t.Inverse() | t.Determinant() | t.SquaredNorm() | t.Kronecker() | t.Product():
            return _matrix_function(term, d)
        case t.Function():
            return _function(term, d)
        case _ if all(d(c) is None for c in t.children(term)) or isinstance(term, Indicator):
            return None
    raise Abstain(f"the derivative of {type(term).__name__} is not simulated")


def _power(term: Pow, base: Term | None, exponent: Term | None) -> Term | None:
    parts: list[Term] = []
    if base is not None:
        lower = Pow(term.base, t.Add((term.exponent, number(-1))))
        if isinstance(term.exponent, Number):
            lower = Pow(term.base, Number(term.exponent.value - 1))
        parts.append(_times(term.exponent, lower, base))
    if exponent is not None:
        parts.append(_times(term, t.Function("log", (term.base,)), exponent))
    return _sum_of(parts)


def _linear(term: Term, d) -> Term | None:
    """Nodes that are linear in their direct subterms."""
    from derive.witnesses.sim_expand import rebuild

    if all(d(c) is None for c in t.children(term)):
        return None
    return rebuild(term, lambda c: d(c) or _zero(c))


def _moment(term: Term, d) -> Term | None:
    if any(d(g) is not None for g in term.given):
        raise Abstain("the derivative of a conditional expectation by its condition is not simulated")
    match term:
        case t.Expectation(arg, given):
            change = d(arg)
            return None if change is None else t.Expectation(change, given)
        case t.Variance(arg, given):
            left = right = arg
        case t.Covariance(left, right, given):
            pass
        case _:
            if all(d(c) is None for c in t.children(term)):
                return None
            raise Abstain("the derivative of a correlation is not simulated")
    first, second = d(left), d(right)
    parts: list[Term] = [] if first is None else [t.Covariance(first, right, given)]
    return _sum_of(parts if second is None else [*parts, t.Covariance(left, second, given)])


def _matrix_function(term: Term, d) -> Term | None:
    if all(d(c) is None for c in t.children(term)):
        return None
    match term:
        case t.Inverse(arg, False):
            return _times(number(-1), term, d(arg), term)
        case t.Determinant(arg):
            return _times(term, t.Trace(_times(t.Inverse(arg), d(arg))))
        case t.SquaredNorm(arg):
            return _times(
                number(2),
                t.Trace(_times(t.Transpose(arg), d(arg))) if arg.shape[1] != 1 else _times(t.Transpose(arg), d(arg)),
            )
        case t.Kronecker(a, b):
            parts = [t.Kronecker(x, b) for x in [d(a)] if x is not None]
            return _sum_of(parts + [t.Kronecker(a, x) for x in [d(b)] if x is not None])
        case t.Product(index, range_, body, excluded):
            return _times(term, t.Sum(index, range_, _times(d(body), Pow(body, number(-1))), excluded))
    raise Abstain("the derivative of a pseudo-inverse is not simulated")


def _function(term: t.Function, d) -> Term | None:
    changes = [d(a) for a in term.args]
    if all(c is None for c in changes):
        return None
    if term.name in KNOWN and term.order == 0 and not term.indices:
        if len(changes) != 1:
            raise Abstain(f"the derivative of {term.name} is not simulated")
        return _chain(term, term.args[0], changes[0])
    if term.entrywise or term.order:
        if len(changes) == 1:
            outer = t.Function(term.name, term.args, term.shape, term.indices, term.entrywise, term.order + 1)
            return (
                t.Hadamard((outer, changes[0]))
                if term.entrywise and term.shape != SCALAR
                else _times(outer, changes[0])
            )
        raise Abstain(f"the derivative of {term.name} is not simulated")
    _, along = directions_of(term.name)
    count = len(changes) // (along + 1)
    if any(c is not None for c in changes[count:]):
        raise Abstain(f"the second derivative of {term.name} is not simulated")
    directions = tuple(c or _zero(a) for a, c in zip(term.args[:count], changes[:count], strict=True))
    return t.Function(directional_name(term.name), (*term.args, *directions), term.shape, term.indices)


def _chain(term: t.Function, x: Term, change: Term) -> Term:
    """Derivatives of elementary functions of one argument."""
    one = number(1)
    if term.name in ("norm", "norm2", "normF"):
        inner = _times(t.Transpose(x), change)
        return _times(Pow(term, number(-1)), inner if x.shape[1] == 1 else t.Trace(inner))
    if x.shape != SCALAR:
        raise Abstain(f"the derivative of {term.name} of a vector is not simulated")

    def f(name: str) -> Term:
        return t.Function(name, (x,))

    table: dict[str, Term] = {
        "log": Pow(x, number(-1)), "ln": Pow(x, number(-1)), "exp": term, "sin": f("cos"),
        "cos": _times(number(-1), f("sin")), "tan": Pow(f("cos"), number(-2)), "sinh": f("cosh"), "cosh": f("sinh"),
        "tanh": t.Add((one, _times(number(-1), Pow(term, number(2))))), "abs": f("sign"),
        "sqrt": _times(number(Fraction(1, 2)), Pow(term, number(-1))),
        "sigmoid": _times(term, t.Add((one, _times(number(-1), term)))),
        "relu": Indicator(">", x, number(0)), "arctan": Pow(t.Add((one, Pow(x, number(2)))), number(-1)),
    }  # fmt: skip
    if term.name not in table:
        raise Abstain(f"the derivative of {term.name} is not simulated")
    return _times(table[term.name], change)
