"""Short ways to write terms and facts in tests."""

from __future__ import annotations

from fractions import Fraction

from derive.language.facts import (
    Claim,
    Distributed,
    Equation,
    Facts,
    Given,
    Identical,
    Independent,
    Member,
    Source,
    SymbolInfo,
)
from derive.language.terms import SCALAR, Add, Index, IndexValue, Mul, Pow, Range, Shape, Sum, Symbol, Term, number

SOURCE = Source("", "")
TWO, MINUS = number(2), number(-1)


def plus(*terms: Term) -> Term:
    return Add(terms)


def times(*terms: Term) -> Term:
    return Mul(terms)


def minus(left: Term, right: Term) -> Term:
    return Add((left, Mul((MINUS, right))))


def square(term: Term) -> Term:
    return Pow(term, TWO)


def over(top: Term, bottom: Term) -> Term:
    return Mul((top, Pow(bottom, MINUS)))


def num(value: int | str) -> Term:
    return number(Fraction(value))


def size(name: str) -> Term:
    return IndexValue(Index(name))


def upto(name: str) -> Range:
    return Range(Index(None, 1), Index(name))


def total(index: str, end: str, body: Term, excluded: tuple[str, ...] = ()) -> Term:
    return Sum(index, upto(end), body, tuple(Index(e) for e in excluded))


def member(name: str, index: str, shape: Shape = SCALAR) -> Term:
    return Symbol(name, (Index(index),), shape)


def facts(
    random: dict[str, Shape] | None = None,
    constant: dict[str, Shape] | None = None,
    families: dict[str, str] | None = None,
    givens: tuple[Given, ...] = (),
) -> Facts:
    """Symbols by role and shape; `families` says over which dimension a family runs; dimensions are found in shapes."""
    symbols = {}
    for role, names in (("random", random or {}), ("constant", constant or {})):
        for name, shape in names.items():
            ranges = (upto((families or {})[name]),) if name in (families or {}) else ()
            symbols[name] = SymbolInfo(name, shape, role, ranges)
            for dim in shape:
                if isinstance(dim, str):
                    symbols.setdefault(dim, SymbolInfo(dim, SCALAR, "dimension"))
    for dim in (families or {}).values():
        symbols.setdefault(dim, SymbolInfo(dim, SCALAR, "dimension"))
    return Facts(symbols, givens)


def independent(*groups: str | tuple[str, ...]) -> Given:
    sets = tuple(tuple(Member(n) for n in ((g,) if isinstance(g, str) else g)) for g in groups)
    return Independent(sets, SOURCE)


def iid(name: str) -> tuple[Given, Given]:
    return Independent(((Member(name, each=True),),), SOURCE), Identical((Member(name),), SOURCE)


def law(symbol: Symbol, family: str, *parameters: Term) -> Given:
    return Distributed(symbol, family, parameters, SOURCE)


def equal(lhs: Term, rhs: Term, kind: str = "moment", differ: tuple[tuple[str, str], ...] = ()) -> Given:
    return Equation(lhs, rhs, kind, SOURCE, tuple((Index(a), Index(b)) for a, b in differ))


def claim(lhs: Term, rhs: Term, known: Facts | None = None) -> Claim:
    return Claim(lhs, rhs, known or facts())
