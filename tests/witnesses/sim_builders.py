"""Short names for terms and facts, for the tests of the simulation."""

from __future__ import annotations

from fractions import Fraction

from derive.language import facts as f
from derive.language import terms as t
from derive.language.terms import (
    Add,
    Expectation,
    Index,
    IndexValue,
    Mul,
    Pow,
    Sum,
    Symbol,
    Transpose,
    Variance,
    number,
)

SOURCE = f.Source("the given", "the given")
I, J, K = Index("i"), Index("j"), Index("k")  # noqa: E741
N = IndexValue(Index("n"))
TO_N = t.one_to("n")


def s(name: str, *indices: t.Index, shape: t.Shape = t.SCALAR) -> Symbol:
    return Symbol(name, indices, shape)


def vec(name: str, *indices: t.Index, dim: t.Dim = "m") -> Symbol:
    return Symbol(name, indices, (dim, 1))


def mat(name: str, rows: t.Dim = "m", columns: t.Dim = "m") -> Symbol:
    return Symbol(name, (), (rows, columns))


def E(x: t.Term, *given: t.Term) -> t.Term:
    return Expectation(x, given)


def Var(x: t.Term, *given: t.Term) -> t.Term:
    return Variance(x, given)


def Cov(x: t.Term, y: t.Term) -> t.Term:
    return t.Covariance(x, y)


def plus(*items: t.Term) -> t.Term:
    return Add(items)


def times(*items: t.Term | int) -> t.Term:
    return Mul(tuple(number(x) if isinstance(x, int) else x for x in items))


def minus(x: t.Term) -> t.Term:
    return times(-1, x)


def power(x: t.Term, exponent: int | Fraction) -> t.Term:
    return Pow(x, number(exponent))


def T(x: t.Term) -> t.Term:
    return Transpose(x)


def over(x: t.Term) -> t.Term:
    return power(x, -1)


def total(body: t.Term, index: str = "i", dim: str = "n", excluded: tuple[t.Index, ...] = ()) -> t.Term:
    return Sum(index, t.one_to(dim), body, excluded)


def fn(name: str, *args: t.Term) -> t.Term:
    return t.Function(name, args)


def zero(rows: t.Dim = "m", columns: t.Dim = 1) -> t.Term:
    return t.Constant(Fraction(0), (rows, columns))


def random(*symbols: Symbol, family: t.Range | None = TO_N, support: str = "real") -> dict[str, f.SymbolInfo]:
    return {x.name: f.SymbolInfo(x.name, x.shape, "random", tuple(family for _ in x.indices), support) for x in symbols}


def constant(*symbols: Symbol, family: t.Range | None = TO_N) -> dict[str, f.SymbolInfo]:
    return {x.name: f.SymbolInfo(x.name, x.shape, "constant", tuple(family for _ in x.indices)) for x in symbols}


def function(*names: str) -> dict[str, f.SymbolInfo]:
    return {name: f.SymbolInfo(name, t.SCALAR, "function") for name in names}


def facts(symbols: dict[str, f.SymbolInfo], *givens: f.Given) -> f.Facts:
    return f.Facts(symbols, givens)


def independent(*groups: str | tuple[str, ...], each: bool = False, pairwise: bool = False) -> f.Independent:
    parts = tuple((g,) if isinstance(g, str) else g for g in groups)
    return f.Independent(tuple(tuple(f.Member(n, each=each) for n in g) for g in parts), SOURCE, pairwise)


def identical(*names: str) -> f.Identical:
    return f.Identical(tuple(f.Member(n, each=True) for n in names), SOURCE)


def uncorrelated(*names: str) -> f.Uncorrelated:
    return f.Uncorrelated(tuple(f.Member(n) for n in names), SOURCE)


def moment(lhs: t.Term, rhs: t.Term, *distinct: tuple[t.Index, t.Index]) -> f.Equation:
    return f.Equation(lhs, rhs, "moment", SOURCE, distinct)


def define(lhs: t.Term, rhs: t.Term) -> f.Equation:
    return f.Equation(lhs, rhs, "definition", SOURCE)


def premise(lhs: t.Term, rhs: t.Term) -> f.Equation:
    return f.Equation(lhs, rhs, "premise", SOURCE)


def has(symbol: Symbol, family: str, *parameters: t.Term) -> f.Distributed:
    return f.Distributed(symbol, family, parameters, SOURCE)


def prop(term: t.Term, name: str) -> f.Property:
    return f.Property(term, name, SOURCE)


def compare(left: t.Term, relation: str, right: t.Term) -> f.Comparison:
    return f.Comparison(left, relation, right, SOURCE)
