"""The way back: a normal form of the kernel as a term in matrix notation, the inverse of the kernel's translation.

Σ_ij w_i w_j M[n_i n_j]  →  wᵀ E[n nᵀ] w          Σ_i w_i w_i α  →  α wᵀ w
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

from derive.judge.chains import as_index, assembled, contracted, scalars_of
from derive.judge.collect import Mean, as_moment, covariances, sized
from derive.judge.lift_factors import Factors, NotLifted, Scope, contracts, moved_factor
from derive.kernel.mapping import map_poly, substitution
from derive.kernel.monomials import COLUMN, ROW, Factor, Ix, Mono, Poly, Powers, bound_names, free_indices
from derive.language.facts import Facts
from derive.language.terms import (
    SCALAR,
    Covariance,
    Expectation,
    Function,
    IndexValue,
    Mul,
    Number,
    Pow,
    Range,
    Shape,
    Sum,
    Symbol,
    Term,
    Variance,
)
from derive.rules.construct import factors_of, plus, power, times, zero
from derive.rules.traverse import free_indices as letters_of

LETTERS = "ijkl" + "abcdpqrstuv"
Powered = list[tuple[Factor, Any]]
Spans = dict[str, tuple[Ix, Ix]]


def lifted(poly: Poly, shape: Shape, facts: Facts, mean: Mean | None = None) -> Term:
    """The term of the given shape whose components are `poly` in ROW and COLUMN.  Raises `NotLifted`.

    `mean` tells known means, so that E[XY] − μ E[Y] is shown as a covariance.
    """
    whichever = {
        ix[0] for ix in free_indices(poly) if ix[0].startswith("?")
    }  # equal for all: the first stands for them
    poly = map_poly(poly, substitution({name: ("", 1) for name in whichever}))
    term = Lifter(facts, mean).term(poly, shape, frozenset())
    if letters_of(term) & {ROW[0], COLUMN[0]}:
        raise NotLifted("a component of a vector inside a function")
    return term


class Lifter:
    def __init__(self, facts: Facts, mean: Mean | None = None):
        self.facts = facts
        self.mean = mean
        self.factors = Factors(facts, self.term, self.product)

    def term(self, poly: Poly, shape: Shape, taken: frozenset[str]) -> Term:
        """`taken`: index letters that are bound outside."""
        taken = taken | {ix[0] for ix in free_indices(poly)}
        parts = [self._monomial(mono, size, shape, taken) for mono, size in sized(covariances(poly, self.mean))]
        return plus(*_ordered(parts)) if parts else zero(shape)

    def _monomial(self, mono: Mono, size: list[tuple[Powers, Any]], shape: Shape, taken: frozenset[str]) -> Term:
        powers, bounds, taken = self._named(mono, taken)
        body = self.product(list(powers), Scope(bounds, shape, taken))
        return times(_coefficient(size), *(factors_of(body) if shape == SCALAR else (body,)))

    def _named(self, mono: Mono, taken: frozenset[str]) -> tuple[Powers, Spans, frozenset[str]]:
        """The monomial with letters for its bound indices."""
        powers, ranges = mono
        names = [n for n, _ in bound_names(tuple((as_moment(f), e) for f, e in powers), len(ranges))]
        letters = [x for x in LETTERS if x not in taken and x not in self.facts.symbols]
        letters = (letters + [f"i_{{{k}}}" for k in range(len(names))])[: len(names)]
        move = substitution({n: (letter, 0) for n, letter in zip(names, letters, strict=True)})
        moved = tuple((moved_factor(f, move), e) for f, e in powers)
        bounds = {x: (move(a), move(b)) for x, (a, b) in zip(letters, ranges, strict=True)}
        return moved, bounds, taken | set(letters)

    def product(self, powers: Powered, scope: Scope) -> Term:
        """Everything of a monomial but its number, summed over what is not contracted."""
        bounds = scope.bounds
        powers = self.factors.absorbed(powers, bounds)
        inside = frozenset(
            ix for f, e in powers if f[0] == "m" and e == 1 for ix in self.factors.inner(powers, f, bounds)
        )
        atoms, scalars, diagonal = self.factors.atoms(powers, replace(scope, inside=inside))
        uses = Counter(ix for a in atoms for ix in a.legs)
        explicit = frozenset[str]().union(*(letters_of(s) for s in scalars))
        explicit |= {end[0] for span in bounds.values() for end in span}
        joints = {ix for ix, k in uses.items() if k == 2 and contracts(ix, bounds) and ix[0] not in explicit}
        paths, traces = contracted(atoms, joints)
        closed, open_ = scalars_of(paths)
        body = assembled(open_, diagonal, scope.shape)
        scalars = sorted(_powers([*scalars, *traces, *closed]), key=_rank)
        rest = {n: span for n, span in bounds.items() if (n, 0) not in joints | inside}
        return _summed(scalars, body, rest)


def _summed(scalars: list[Term], body: Term | None, bounds: Spans) -> Term:
    """Sums over the indices that stay, around what depends on them."""
    names = list(bounds)
    if not names:
        return times(*scalars, *([body] if body is not None else []))
    inner = [s for s in scalars if letters_of(s) & set(names)]
    outer = [s for s in scalars if s not in inner]
    wrapped = body is not None and bool(letters_of(body) & set(names))
    core = times(*inner, *([body] if wrapped and body is not None else []))
    for name in reversed(names):
        low, high = bounds[name]
        core = Sum(name, Range(as_index(low), as_index(high)), core)
    return times(*outer, core, *([] if wrapped or body is None else [body]))


def _coefficient(size: list[tuple[Powers, Any]]) -> Term:
    """A coefficient that is a polynomial in sizes, its highest power positive inside."""
    size = sorted(size, key=lambda part: -sum(e for _, e in part[0]))
    sign = -1 if len(size) > 1 and size[0][1] < 0 else 1
    parts = [
        times(Number(Fraction(sign * c)), *(power(IndexValue(as_index(f[1])), e) for f, e in powers))
        for powers, c in size
    ]
    return times(Number(Fraction(sign)), plus(*parts))


def _powers(scalars: list[Term]) -> list[Term]:
    """Equal scalar factors as powers."""
    counted = Counter(scalars)
    return [power(s, k) if k > 1 else s for s, k in counted.items()]


def _rank(term: Term) -> int:
    """Sizes, then symbols, then moments, then the rest."""
    base = term.base if isinstance(term, Pow) else term
    order: tuple[type, ...] = (IndexValue, Symbol, Function, Expectation, Variance, Covariance)
    return next((k for k, kind in enumerate(order) if isinstance(base, kind)), len(order))


def _ordered(parts: list[Term]) -> list[Term]:
    """Positive terms first, numbers last, else as they come."""
    return sorted(parts, key=lambda t: (isinstance(t, Number), _negative(t)))


def _negative(term: Term) -> bool:
    head = term.args[0] if isinstance(term, Mul) else term
    return isinstance(head, Number) and head.value < 0
