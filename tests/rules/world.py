"""A small world of symbols and givens for the tests of the rules, built without the reader."""

from __future__ import annotations

from fractions import Fraction

from derive.language.facts import (
    Distributed,
    Equation,
    Facts,
    Given,
    Independent,
    Member,
    Property,
    Source,
    SymbolInfo,
    Uncorrelated,
)
from derive.language.terms import (
    SCALAR,
    Constant,
    Identity,
    Index,
    IndexValue,
    Mul,
    Range,
    Shape,
    Sum,
    Symbol,
    Term,
    Transpose,
)

VECTOR: Shape = ("m", 1)
SQUARE: Shape = ("m", "m")
TO_N = Range(Index(None, 1), Index("n"))

X, Y, Z = Symbol("X"), Symbol("Y"), Symbol("Z")
a, b, c, v, mu, sigma2, alpha = map(Symbol, ("a", "b", "c", "v", "mu", "s", "alpha"))
x, noise, w, z = (Symbol(name, (), VECTOR) for name in ("x", "noise", "w", "z"))
A, B = Symbol("A", (), SQUARE), Symbol("B", (), SQUARE)
n = IndexValue(Index("n"))

SYMBOLS = {
    **{s: SymbolInfo(s, SCALAR, "random") for s in ("X", "Y", "Z")},
    **{s: SymbolInfo(s, SCALAR, "constant") for s in ("a", "b", "c", "v", "mu", "s", "alpha")},
    **{s: SymbolInfo(s, VECTOR, "random") for s in ("x", "noise")},
    **{s: SymbolInfo(s, VECTOR, "constant") for s in ("w", "z")},
    **{s: SymbolInfo(s, SQUARE, "constant") for s in ("A", "B")},
    **{s: SymbolInfo(s, SCALAR, "dimension") for s in ("m", "n")},
    "e": SymbolInfo("e", SCALAR, "random", (TO_N,)),
}


def facts(*givens: Given) -> Facts:
    return Facts(SYMBOLS, givens)


def source(text: str) -> Source:
    return Source(text, text)


def e(index: str | int) -> Symbol:
    return Symbol("e", (Index(index) if isinstance(index, str) else Index(None, index),))


def over(index: str, body: Term, *excluded: str) -> Sum:
    return Sum(index, TO_N, body, tuple(Index(i) for i in excluded))


def inner(left: Term, right: Term) -> Term:
    return Mul((Transpose(left), right))


def independent(*groups: str | tuple[str, ...]) -> Independent:
    sets = tuple((g,) if isinstance(g, str) else g for g in groups)
    members = tuple(tuple(Member(name, each=name == "e") for name in group) for group in sets)
    return Independent(members, source(" ⊥ ".join(map(str, groups))))


def uncorrelated(*names: str) -> Uncorrelated:
    return Uncorrelated(tuple(Member(name) for name in names), source(f"{names} uncorrelated"))


def moment(lhs: Term, rhs: Term, *distinct: tuple[Index, Index]) -> Equation:
    return Equation(lhs, rhs, "moment", source(f"{lhs} = {rhs}"), distinct)


def defined(lhs: Term, rhs: Term) -> Equation:
    return Equation(lhs, rhs, "definition", source("definition"))


def normal(symbol: Symbol, mean: Term, spread: Term) -> Distributed:
    return Distributed(symbol, "Normal", (mean, spread), source(f"{symbol.name} normal"))


def has(term: Term, name: str) -> Property:
    return Property(term, name, source(name))


WHITE = normal(noise, Constant(Fraction(0), VECTOR), Mul((alpha, Identity("m"))))
