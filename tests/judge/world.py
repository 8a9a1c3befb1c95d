"""A small world of symbols and givens for the tests of the judge."""

from __future__ import annotations

from fractions import Fraction

from derive.language.facts import Claim, Equation, Facts, Given, Independent, Member, Source, SymbolInfo
from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Expectation,
    Identity,
    Index,
    IndexValue,
    Mul,
    Pow,
    Sum,
    Symbol,
    Term,
    Transpose,
    Variance,
    number,
    one_to,
)

SAID = Source("said", "as said")
E, T, V = Expectation, Transpose, Variance
X, Y, a, b = (Symbol(name) for name in ("X", "Y", "a", "b"))
x, n, w = (Symbol(name, (), ("m", 1)) for name in (r"\mathbf{x}", r"\mathbf{n}", r"\mathbf{w}"))
A, B = Symbol("A", (), ("m", "m")), Symbol("B", (), ("m", "k"))
N = IndexValue(Index("N"))
z = Symbol("z", (Index("i"),))


def info(symbol: Symbol, role: str) -> SymbolInfo:
    return SymbolInfo(symbol.name, symbol.shape, role)


SYMBOLS = {
    i.name: i
    for i in (
        *(info(s, "random") for s in (X, Y, x, n)),
        *(info(s, "constant") for s in (a, b, w, A, B)),
        *(SymbolInfo(d, SCALAR, "dimension") for d in ("m", "k", "N")),
        SymbolInfo("z", SCALAR, "random", (one_to("N"),)),
    )
}


def mul(*args: Term) -> Term:
    return Mul(args)


def add(*args: Term) -> Term:
    return Add(args)


def sq(term: Term) -> Term:
    return Pow(term, number(2))


def neg(term: Term) -> Term:
    return Mul((number(-1), term))


def over_n(term: Term) -> Term:
    return Mul((Pow(N, number(-1)), term))


def total(body: Term) -> Term:
    return Sum("i", one_to("N"), body)


def facts(*givens: Given) -> Facts:
    return Facts(SYMBOLS, givens)


def claim(lhs: Term, rhs: Term, *givens: Given) -> Claim:
    return Claim(lhs, rhs, facts(*givens))


ZERO_NOISE = Equation(
    E(n), Constant(Fraction(0), ("m", 1)), "moment", Source(r"\mathbb{E}[\mathbf{n}] = \mathbf{0}", "")
)
NOISE = Equation(V(n), mul(a, Identity("m")), "moment", Source(r"\operatorname{Cov}(\mathbf{n}) = a I", ""))
N_AND_X = Independent(((Member(n.name),), (Member(x.name),)), Source(r"\mathbf{n} \perp \mathbf{x}", ""))
MEMBERS = Independent(((Member("z", each=True),),), Source(r"z_1, \dots, z_N \text{ independent}", ""))
