"""What the repairs share: places of summands, edits at one place or at all, and a check of shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from derive.language.facts import Claim
from derive.language.terms import SCALAR, Add, Mul, Pow, Term, children
from derive.rules.construct import factors_of, integer_power, plus, power, times
from derive.rules.traverse import Path, places, replaced, transform

Edit = tuple[str, Term]  # the name of the mistake, and the right side without it
Local = Callable[[Term], Iterable[Edit]]  # edits of one subterm


def sum_places(term: Term) -> Iterator[tuple[Path, tuple[Term, ...]]]:
    """Where a term may be edited as a summand: the parts of each sum, and the whole."""
    yield (), (term,)
    for path, part in places(term):
        if isinstance(part, Add):
            yield path, part.args


def with_summand(claim: Claim, path: Path, items: tuple[Term, ...], k: int, new: Term) -> Term:
    return replaced(claim.rhs, path, plus(*items[:k], new, *items[k + 1 :]))


def edited(term: Term, local: Local) -> Iterator[Edit]:
    """A local edit at one place, and, when it fits in several, at all of them."""
    found: dict[str, int] = {}
    for path, part in places(term):
        for name, new in local(part):
            found[name] = found.get(name, 0) + 1
            yield name, replaced(term, path, new)
    for name, count in found.items():
        if count > 1:
            yield name, transform(term, lambda part, name=name: _first(local, part, name))


def _first(local: Local, part: Term, wanted: str) -> Term:
    return next((new for name, new in local(part) if name == wanted), part)


def scaled(factor: Term, item: Term) -> Term:
    """`factor · item` with equal scalar factors written as powers: a · a Var(X) is a² Var(X)."""
    base, exponent = integer_power(factor)
    factors = list(factors_of(item))
    for k, have in enumerate(factors):
        other, count = integer_power(have)
        if other == base and base.shape == SCALAR:
            factors[k] = power(base, count + exponent)
            return times(*factors)
    return times(factor, item)


def fits(factors: Iterable[Term]) -> bool:
    """Whether the matrix factors of a product fit together."""
    rest = [f for f in factors if f.shape != SCALAR]
    return all(a.shape[1] == b.shape[0] for a, b in pairwise(rest))


def well_shaped(term: Term) -> bool:
    """Whether sums are of one shape and products fit, everywhere in a term that was edited."""
    match term:
        case Add(args) if len({a.shape for a in args}) > 1:
            return False
        case Mul(args) if not _multiplies(args):
            return False
        case Pow(base, _) if base.shape != SCALAR:
            return False
    return all(well_shaped(c) for c in children(term))


def _multiplies(args: tuple[Term, ...]) -> bool:
    """A product whose factors chain, with scalar chains (`xᵀw`) closing inside."""
    columns = None
    for factor in args:
        rows, own = factor.shape
        if factor.shape == SCALAR:
            continue
        if columns is not None and columns != rows:
            return False
        columns = own if not (columns is None and rows == 1 and own == 1) else None
        if columns == 1 and rows != 1 and _opened(args, factor):
            columns = None
    return True


def _opened(args: tuple[Term, ...], last: Term) -> bool:
    """Whether a column closes a scalar chain that a row has opened."""
    place = next(k for k, a in enumerate(args) if a is last)
    return any(a.shape[0] == 1 and a.shape[1] != 1 for a in args[:place])
