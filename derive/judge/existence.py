"""Which moments a document takes to exist: those of what it writes, apart from laws that have all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.judge.messages import listed
from derive.language.facts import Claim, Distributed, Equation, Facts
from derive.language.latex import latex
from derive.language.terms import (
    Add,
    Constant,
    Correlation,
    Covariance,
    Diagonal,
    Entry,
    Expectation,
    Hadamard,
    Identity,
    Indicator,
    Line,
    Matrix,
    Mul,
    Number,
    Pow,
    SquaredNorm,
    Sum,
    Symbol,
    Term,
    Trace,
    Transpose,
    Variance,
    children,
    walk,
)

MOST = 8  # that are told
DEEPEST = 10  # definitions inside definitions
_LINEAR = (Transpose, Entry, Line, Trace, Sum, Diagonal, Matrix)


def moments_taken(claims: Iterable[Claim]) -> list[str]:
    """What is presupposed of moments, in words.

    A product asks for as many moments as it has random factors; of other functions the mean itself is named.
    """
    orders: dict[
        str, int
    ] = {}  # of each random symbol: products of k factors exist where those of each to the power k do
    named: dict[str, None] = {}
    shown: dict[str, str] = {}
    for claim in claims:
        bounded = _with_all_moments(claim.facts)
        for term in (t for side in (claim.lhs, claim.rhs) for t in walk(side)):
            for arg, times in _averaged(term):
                names = {s.name for s in _random(arg, claim.facts)}
                degree = _order(arg, claim.facts, DEEPEST)
                if degree is None:
                    named.setdefault(f"${latex(Expectation(_without_numbers(arg)))}$")
                elif not names <= bounded and degree:
                    orders.update({n: max(orders.get(n, 0), degree * times) for n in names})
                    shown.update({s.name: latex(Symbol(s.name)) for s in _random(arg, claim.facts)})
    told = [_sentence([n for n in orders if orders[n] == k], k, shown) for k in sorted(set(orders.values()))]
    told += [f"{name} exists" for name in named]
    more = len(told) - MOST
    return told[:MOST] + ([f"{more} more moments exist"] if more > 0 else [])


def _averaged(term: Term) -> Iterator[tuple[Term, int]]:
    """What stands under an expectation, and to which power its moments are needed."""
    match term:
        case Expectation(arg):
            yield arg, 1
        case Variance(arg):
            yield arg, 2
        case Covariance(left, right) | Correlation(left, right):
            yield left, 2
            yield right, 2


def _random(term: Term, facts: Facts, opened: set[str] | None = None) -> list[Symbol]:
    """The random symbols in a term, definitions put in, each once."""
    found: list[Symbol] = []
    opened = set() if opened is None else opened
    for part in _symbols(term):
        meaning = _definition(part.name, facts)
        if meaning is not None:
            if part.name not in opened:
                opened.add(part.name)
                found += _random(meaning, facts, opened)
        elif facts.role(part.name) == "random":
            found.append(part)
    return found


def _definition(name: str, facts: Facts) -> Term | None:
    for given in facts.givens:
        if isinstance(given, Equation) and given.kind == "definition":
            left = given.lhs.arg if isinstance(given.lhs, Entry) else given.lhs
            if isinstance(left, Symbol) and left.name == name and all(s.name != name for s in _symbols(given.rhs)):
                return given.rhs
    return None


def _symbols(term: Term) -> Iterator[Symbol]:
    """The symbols in a term, but for those in conditions: nothing is asked of their moments."""
    if isinstance(term, Symbol):
        yield term
    for part in _averages(term) or children(term):
        yield from _symbols(part)


def _averages(term: Term) -> tuple[Term, ...]:
    match term:
        case Expectation(arg) | Variance(arg):
            return (arg,)
        case Covariance(left, right) | Correlation(left, right):
            return (left, right)
    return ()


def _without_numbers(term: Term) -> Term:
    """A product without the numbers in it, which its mean exists with or without."""
    if not isinstance(term, Mul):
        return term
    rest = tuple(a for a in term.args if not isinstance(a, Number))
    return rest[0] if len(rest) == 1 else Mul(rest) if rest else term


def _order(term: Term, facts: Facts, depth: int) -> int | None:
    """The degree in random symbols; None of what is no polynomial in them."""
    match term:
        case Number() | Constant() | Identity() | Indicator():
            return 0
        case Symbol(name):
            meaning = _definition(name, facts) if depth else None
            if meaning is not None:
                return _order(meaning, facts, depth - 1)
            return 1 if facts.role(name) == "random" else 0
        case Add(args):
            return _largest(_order(a, facts, depth) for a in args)
        case Mul(args) | Hadamard(args):
            return _total(_order(a, facts, depth) for a in args)
        case SquaredNorm(arg):
            return _total([_order(arg, facts, depth)] * 2)
        case Pow(base, Number(value)) if value > 0 and value.denominator == 1:
            inner = _order(base, facts, depth)
            return None if inner is None else inner * int(value)
        case Expectation(arg):
            return _order(arg, facts, depth)
        case Variance(arg):
            return _total([_order(arg, facts, depth)] * 2)
        case Covariance(left, right):
            return _total([_order(left, facts, depth), _order(right, facts, depth)])
        case _ if isinstance(term, _LINEAR):
            return _largest(_order(a, facts, depth) for a in children(term))
    return None if _random(term, facts) else 0


def _largest(orders: Iterable[int | None]) -> int | None:
    found = list(orders)
    return None if None in found else max((o for o in found if o is not None), default=0)


def _total(orders: Iterable[int | None]) -> int | None:
    found = list(orders)
    return None if None in found else sum(o for o in found if o is not None)


def _with_all_moments(facts: Facts) -> set[str]:
    """The symbols that have moments of every order: by a declared law, or because their values are bounded."""
    declared = {
        g.symbol.name
        for g in facts.givens
        if isinstance(g, Distributed)
        and g.family != "Moments"
        and not any(facts.role(s.name) == "random" for p in g.parameters for s in _symbols(p))
    }
    return declared | {n for n, info in facts.symbols.items() if info.support in ("binary", "sign")}


def _sentence(names: list[str], order: int, shown: dict[str, str]) -> str:
    who = listed([f"${shown[n]}$" for n in sorted(names)])
    if order == 1:
        return f"{who} {'has a mean' if len(names) == 1 else 'have means'}"
    what = "has" if len(names) == 1 else "have"
    return f"{who} {what} moments up to order {order}"
