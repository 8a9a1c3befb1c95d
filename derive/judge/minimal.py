"""The least that proves a claim: givens and rules are dropped one at a time, and what can be spared is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time

from derive.kernel.proof import SPARABLE, Proof, prove
from derive.language.facts import (
    Claim,
    Comparison,
    ConditionallyIndependent,
    Distributed,
    Equation,
    Facts,
    Given,
    Identical,
    Independent,
    Property,
    Uncorrelated,
)

# What is tried to be spared first: a distribution says more than independence, that more than a moment.
STRENGTH = (Distributed, Identical, Independent, ConditionallyIndependent, Uncorrelated, Property, Equation, Comparison)


@dataclass(frozen=True, slots=True)
class Least:
    """An irredundant set of givens and of rules: without any one of them the kernel does not prove the claim.

    `complete` is false when the time was up before everything had been tried.
    """

    rules: tuple[str, ...]
    uses: tuple[Given, ...]
    presupposed: tuple[str, ...]
    complete: bool = True


def strength(given: Given) -> int:
    """Smaller is stronger, and is dropped first."""
    return next(k for k, kind in enumerate(STRENGTH) if isinstance(given, kind))


def least(claim: Claim, proof: Proof, *, seconds: float = 0.5, clock: Callable[[], float] = thread_time) -> Least:
    """The givens and rules that a proof cannot do without.

    Work is bounded by `seconds`; when time is up, what has not been tried yet is kept.
    """
    until = clock() + seconds
    claim, proof, complete = _least_givens(claim, proof, until, clock)
    rules, finished = _least_rules(claim, proof, until, clock)
    return Least(rules, proof.uses, proof.presupposed, complete and finished)


def _least_givens(claim: Claim, proof: Proof, until: float, clock: Callable[[], float]) -> tuple[Claim, Proof, bool]:
    """First the strong givens are dropped where others do instead, then everything that was not used."""
    claim, proof, finished = _dropped(claim, proof, until, clock, lambda g: isinstance(g, Distributed | Identical))
    only = _restricted(claim, proof.uses)
    again = prove(only)
    if not isinstance(again, Proof):  # a given may act without being logged, e.g. by fixing a shape
        return claim, proof, False
    claim, proof, complete = _dropped(only, again, until, clock, lambda g: True)
    return claim, proof, finished and complete


def _dropped(
    claim: Claim, proof: Proof, until: float, clock: Callable[[], float], which: Callable[[Given], bool]
) -> tuple[Claim, Proof, bool]:
    """Each used given that is of the sort is tried to be spared, the strongest first."""
    for given in sorted(filter(which, proof.uses), key=strength):
        if clock() > until:
            return claim, proof, False
        without = Claim(claim.lhs, claim.rhs, claim.facts.without(given), claim.distinct)
        shorter = prove(without)
        if isinstance(shorter, Proof):
            claim, proof = without, shorter
    return claim, proof, True


def _least_rules(claim: Claim, proof: Proof, until: float, clock: Callable[[], float]) -> tuple[tuple[str, ...], bool]:
    spared: frozenset[str] = frozenset()
    rules = proof.rules
    for rule in filter(SPARABLE.__contains__, proof.rules):
        if clock() > until:
            return rules, False
        without = prove(claim, disabled=spared | {rule})
        if isinstance(without, Proof) and len(without.rules) < len(rules):
            spared, rules = spared | {rule}, without.rules
    return rules, True


def _restricted(claim: Claim, givens: tuple[Given, ...]) -> Claim:
    return Claim(claim.lhs, claim.rhs, Facts(claim.facts.symbols, givens), claim.distinct)
