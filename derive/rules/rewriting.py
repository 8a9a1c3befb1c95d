"""Applying a rule inside a term: everywhere at once for a line that is read, at one place for a search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from derive.language.terms import (
    Correlation,
    Covariance,
    Derivative,
    Entries,
    Expectation,
    Product,
    Sum,
    Symbol,
    Term,
    Variance,
    one_to,
    walk,
)
from derive.rules.context import Context
from derive.rules.rule import Rule
from derive.rules.traverse import parts as subterms
from derive.rules.traverse import rebuild

Accept = Callable[[Term, Term, Context, bool], bool]  # old, new, context, inside an expectation?
MOST_REPEATS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a derivation: the term after the rule, the rule's name, and the LaTeX of the givens it used."""

    term: Term
    rule: str
    uses: tuple[str, ...] = ()


@lru_cache(maxsize=5_000)
def kinds_in(term: Term) -> frozenset[type]:
    """The kinds of terms that occur in a term."""
    return frozenset(type(t) for t in walk(term))


def anything(old: Term, new: Term, context: Context, inside: bool) -> bool:
    return True


def below(term: Term, context: Context) -> Context:
    """The context of a term's children: under a sum its index has a range, and differs from what is left out."""
    match term:
        case Derivative():
            return context.differentiated({t.name for t in walk(term.wrt) if isinstance(t, Symbol)})
        case Sum():
            return context.under(term.index, term.range, *term.excluded, *term.below)
        case Product():
            return context.under(term.index, term.range, *term.excluded)
        case Entries():
            return context.under(term.row, one_to(term.shape[0])).under(term.column, one_to(term.shape[1]))
    return context


def everywhere(
    rule: Rule, term: Term, context: Context, accept: Accept = anything, inside: bool = False
) -> tuple[Term, tuple[str, ...]] | None:
    """The rule applied at every place where it applies, outermost first; None where it applies nowhere."""
    if isinstance(term, rule.heads):
        for new, uses in rule.apply(term, context):
            if new != term and accept(term, new, context, inside):
                return new, uses
    parts = list(subterms(term))
    if not parts:
        return None
    inner = below(term, context)
    deeper = inside or isinstance(term, Expectation | Variance | Covariance | Correlation)
    used: dict[str, None] = {}
    changed = False
    for k, part in enumerate(parts):
        found = everywhere(rule, part, inner, accept, deeper)
        if found is not None:
            parts[k], changed = found[0], True
            used.update(dict.fromkeys(found[1]))
    return (rebuild(term, tuple(parts)), tuple(used)) if changed else None


def repeatedly(
    rule: Rule, term: Term, context: Context, accept: Accept = anything
) -> tuple[Term, tuple[str, ...]] | None:
    """The rule applied everywhere until it does no more: what a reader takes as one line."""
    if kinds_in(term).isdisjoint(rule.heads):
        return None
    used: dict[str, None] = {}
    current, changed = term, False
    for _ in range(MOST_REPEATS):
        found = everywhere(rule, current, context, accept)
        if found is None or found[0] == current:
            break
        current, changed = found[0], True
        used.update(dict.fromkeys(found[1]))
    return (current, tuple(used)) if changed and current != term else None


def single(rule: Rule, term: Term, context: Context) -> Iterator[tuple[Term, tuple[str, ...]]]:
    """Every result of applying the rule at one place."""
    if isinstance(term, rule.heads):
        for new, uses in rule.apply(term, context):
            if new != term:
                yield new, uses
    parts = subterms(term)
    if not parts:
        return
    inner = below(term, context)
    for k, part in enumerate(parts):
        for new, uses in single(rule, part, inner):
            yield rebuild(term, (*parts[:k], new, *parts[k + 1 :])), uses
