"""False equations in data, such as `\\operatorname{Var}(X^2) = \\operatorname{Var}(X)^2`, with letters for anything.

Letters of a pattern stand for any expression of their kind: scalar, vector, or matrix.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, permutations

from derive.judge.buggy import unfolded
from derive.judge.randomly import is_random
from derive.language.facts import Claim, Facts
from derive.language.terms import SCALAR, Add, Mul, Symbol, Term, children, walk
from derive.rules.compare import same
from derive.rules.construct import plus, times
from derive.rules.traverse import own_indices, places, replaced, transform

Values = dict[str, Term]
MOST_MATCHES = 64  # ways to match one pattern at one place


@dataclass(frozen=True, slots=True)
class FalseEquation:
    """`lhs = rhs` with its symbols as variables; a variable that is constant in the pattern matches constants only."""

    lhs: Term
    rhs: Term
    facts: Facts

    def applied(self, claim: Claim) -> Iterator[Term]:
        """The left side of the claim with the equation used at one place, as written and with definitions put in."""
        for start in dict.fromkeys((claim.lhs, unfolded(claim.lhs, claim.facts))):
            for path, part in places(start):
                for values in islice(self._matches(self.lhs, part, {}, claim.facts), MOST_MATCHES):
                    new = _filled(self.rhs, values)
                    if new.shape == part.shape:
                        yield replaced(start, path, new)

    def _matches(self, pattern: Term, term: Term, values: Values, facts: Facts) -> Iterator[Values]:
        if isinstance(pattern, Symbol):
            yield from self._bound(pattern, term, values, facts)
        elif isinstance(pattern, Add | Mul) and type(pattern) is type(term):
            yield from self._match_items(pattern, term, values, facts)
        elif type(pattern) is type(term) and own_indices(pattern) == own_indices(term):
            mine, others = children(pattern), children(term)
            if not mine:
                if pattern == term:
                    yield values
            elif len(mine) == len(others) and _same_head(pattern, term):
                yield from self._match_all(mine, others, values, facts)

    def _bound(self, pattern: Symbol, term: Term, values: Values, facts: Facts) -> Iterator[Values]:
        if _kind(pattern) != _kind(term):
            return
        if self.facts.role(pattern.name) != "random" and is_random(term, facts):
            return
        if pattern.name not in values:
            yield values | {pattern.name: term}
        elif same(values[pattern.name], term):
            yield values

    def _match_all(
        self, patterns: tuple[Term, ...], terms: tuple[Term, ...], values: Values, facts: Facts
    ) -> Iterator[Values]:
        if not patterns:
            yield values
            return
        for extended in self._matches(patterns[0], terms[0], values, facts):
            yield from self._match_all(patterns[1:], terms[1:], extended, facts)

    def _match_items(self, pattern: Add | Mul, term: Add | Mul, values: Values, facts: Facts) -> Iterator[Values]:
        """Splits a sum or a product into as many runs as the pattern has parts; few scalars or terms in any order."""
        join = plus if isinstance(pattern, Add) else times
        free = isinstance(pattern, Add) or all(a.shape == SCALAR for a in term.args)
        orders = permutations(term.args) if free and len(term.args) <= 4 else (term.args,)
        for items in orders:
            for parts in _splits(list(items), len(pattern.args)):
                yield from self._match_all(pattern.args, tuple(join(*p) for p in parts), values, facts)


def _splits(items: list[Term], count: int) -> Iterator[list[list[Term]]]:
    """All ways to cut a list into `count` non-empty runs."""
    if count == 1:
        yield [items]
        return
    for cut in range(1, len(items) - count + 2):
        for rest in _splits(items[cut:], count - 1):
            yield [items[:cut], *rest]


def _kind(term: Term) -> str:
    rows, columns = term.shape
    return "scalar" if term.shape == SCALAR else "vector" if columns == 1 else "row" if rows == 1 else "matrix"


def _same_head(pattern: Term, term: Term) -> bool:
    return getattr(pattern, "name", None) == getattr(term, "name", None)


def _filled(term: Term, values: Values) -> Term:
    return transform(term, lambda t: values.get(t.name, t) if isinstance(t, Symbol) else t)


def false_equation(latex: str) -> FalseEquation:
    """Reads a pattern.  Raises `ValueError` when it is not one equation that can be read."""
    from derive.judge.reading import read_equation

    lhs, rhs, facts = read_equation(latex)
    left = {t.name for t in walk(lhs) if isinstance(t, Symbol)}
    free = sorted({t.name for t in walk(rhs) if isinstance(t, Symbol)} - left)
    if free:
        raise ValueError(f"{', '.join(free)} stands only on the right of `false`")
    return FalseEquation(lhs, rhs, facts)
