"""Derivatives of moments with respect to what the distribution depends on: a fixed sample knows nothing of them."""

from __future__ import annotations

from collections.abc import Iterator

from derive.language import terms as t
from derive.language.facts import Claim, Distributed, Equation, Facts, Identical
from derive.language.ties import moving

MOMENTS = (t.Expectation, t.Variance, t.Covariance, t.Correlation)


def moved_law(claim: Claim) -> bool:
    r"""Whether a derivative is taken of a moment with respect to a parameter of the distribution in it.

    Or of something by what its name alone says that it may depend on, as `f_\theta(x)` on θ.
    """
    definitions = [g for g in claim.facts.givens if isinstance(g, Equation) and g.kind == "definition"]
    sides = [claim.lhs, claim.rhs, *(d.rhs for d in definitions)]
    derivatives = [d for side in sides for d in t.walk(side) if isinstance(d, t.Derivative)]
    if not derivatives:
        return False
    ties = parameters(claim.facts)
    defined = {d.lhs.name for d in definitions if isinstance(d.lhs, (t.Symbol, t.Function))}
    for derivative in derivatives:
        by = {s.name for s in t.walk(derivative.wrt) if isinstance(s, t.Symbol)}
        written = made_of(set(names(derivative.arg)), definitions) - defined
        if any(by & set(claim.facts.labels(name)) for name in written):
            return True
        inside = {s for m in t.walk(derivative.arg) if isinstance(m, MOMENTS) for s in names(m)}
        if any(by & ties.get(name, set()) for name in made_of(inside, definitions)):
            return True
    return False


def moved_constant(claim: Claim) -> bool:
    """Whether a derivative is taken of a constant that a premise makes depend on the variable."""
    definitions = [g for g in claim.facts.givens if isinstance(g, Equation) and g.kind == "definition"]
    sides = [claim.lhs, claim.rhs, *(d.rhs for d in definitions)]
    for derivative in (d for side in sides for d in t.walk(side) if isinstance(d, t.Derivative)):
        moved = {n for by in names(derivative.wrt) for n in moving(claim.facts, by)}
        if moved & made_of(set(names(derivative.arg)), definitions):
            return True
    return False


def parameters(facts: Facts) -> dict[str, set[str]]:
    """Which constants the distribution of each random symbol may depend on, by what is given of it."""
    found = {name: set(info.parameters) for name, info in facts.symbols.items() if info.parameters}
    for given in facts.givens:
        if isinstance(given, Distributed):
            terms: tuple[t.Term, ...] = (given.symbol, *given.parameters)
        elif isinstance(given, Equation) and given.kind != "definition":
            terms = (given.lhs, given.rhs)
        elif isinstance(given, Identical):
            terms = tuple(t.Symbol(m.name) for m in given.members if m.name)
        else:
            continue
        mentioned = {n for term in terms for n in names(term)}
        for name in mentioned:
            if facts.role(name) == "random":
                found.setdefault(name, set()).update(mentioned - {name})
    for _ in found:  # a law that depends on another one depends on its parameters
        for known in found.values():
            known.update(*(found.get(other, set()) for other in list(known)))
    return found


def names(term: t.Term) -> Iterator[str]:
    return (s.name for s in t.walk(term) if isinstance(s, (t.Symbol, t.Function)))


def made_of(inside: set[str], definitions: list[Equation]) -> set[str]:
    """The names, and those in the definitions of them."""
    found, new = set(inside), set(inside)
    while new:
        new = {n for d in definitions if new & set(names(d.lhs)) for n in names(d.rhs)} - found
        found |= new
    return found
