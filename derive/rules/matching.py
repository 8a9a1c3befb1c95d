"""Matching a given's left side against a term: free indices of the given stand for any index."""

from __future__ import annotations

from derive.language.facts import Equation, Facts
from derive.language.terms import (
    Add,
    Entry,
    Index,
    IndexValue,
    Mul,
    Symbol,
    Term,
    children,
)
from derive.rules.compare import key
from derive.rules.traverse import bound_index, free_indices, own_indices, substitute_indices

Binding = dict[str, Index]


def schematic(facts: Facts, *terms: Term) -> frozenset[str]:
    """The free indices of a given that are universally quantified: all but dimensions and declared constants."""
    free = frozenset().union(*map(free_indices, terms))
    if not free:
        return free
    return frozenset(i for i in free if i not in facts.symbols or facts.symbols[i].role == "index")


def match_index(pattern: Index, index: Index, variables: frozenset[str], binding: Binding) -> Binding | None:
    """The binding extended so that `pattern` becomes `index`, or None."""
    if pattern.base not in variables:
        return binding if pattern == index else None
    value = Index(index.base, index.offset - pattern.offset)
    if pattern.base in binding:
        return binding if binding[pattern.base] == value else None
    return binding | {pattern.base: value}


def match(pattern: Term, term: Term, variables: frozenset[str], binding: Binding | None = None) -> Binding | None:
    """A binding of `variables` that turns `pattern` into `term`, or None.

    Sums and scalar products are matched in any order; what stands in them is matched piece by piece.
    """
    binding = {} if binding is None else binding
    if not variables & free_indices(pattern):
        return binding if key(pattern) == key(term) else None
    if type(pattern) is not type(term) or bound_index(pattern):
        return None
    if isinstance(pattern, Symbol) and pattern.name != getattr(term, "name", None):
        return None
    for mine, other in zip(own_indices(pattern), own_indices(term), strict=False):
        extended = match_index(mine, other, variables, binding)
        if extended is None:
            return None
        binding = extended
    if len(own_indices(pattern)) != len(own_indices(term)):
        return None
    if isinstance(pattern, Symbol | IndexValue):
        return binding
    unordered = isinstance(pattern, Add) or (isinstance(pattern, Mul) and all(c.shape == (1, 1) for c in pattern.args))
    if unordered:
        return _match_any_order(list(children(pattern)), list(children(term)), variables, binding)
    if len(children(pattern)) != len(children(term)):
        return None
    for mine, other in zip(children(pattern), children(term), strict=True):
        extended = match(mine, other, variables, binding)
        if extended is None:
            return None
        binding = extended
    if not isinstance(pattern, Entry) and key(substitute_indices(pattern, binding)) != key(term):
        return None
    return binding


def _match_any_order(
    patterns: list[Term], terms: list[Term], variables: frozenset[str], binding: Binding
) -> Binding | None:
    if len(patterns) != len(terms):
        return None
    if not patterns:
        return binding
    for k, term in enumerate(terms):
        extended = match(patterns[0], term, variables, binding)
        if extended is not None:
            rest = _match_any_order(patterns[1:], terms[:k] + terms[k + 1 :], variables, extended)
            if rest is not None:
                return rest
    return None


def instance(equation: Equation, term: Term, facts: Facts, backwards: bool = False) -> tuple[Term, Binding] | None:
    """The other side of `equation` when `term` is an instance of its left side (right side if `backwards`)."""
    pattern, result = (equation.rhs, equation.lhs) if backwards else (equation.lhs, equation.rhs)
    if pattern.shape != term.shape:
        return None
    variables = schematic(facts, equation.lhs, equation.rhs)
    binding = match(pattern, term, variables)
    if binding is None or not (variables & free_indices(result)) <= set(binding):
        return None
    return substitute_indices(result, binding), binding
