"""The least that proves a claim: givens and rules are dropped one at a time, and what can be spared is."""

from __future__ import annotations

from dataclasses import dataclass

from derive.kernel.algebra import Budget
from derive.kernel.proof import SPARABLE, Proof, draft, prove
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
    IndependentGiven,
    Property,
    Uncorrelated,
)

WORK = 30_000  # monomials that drafts may build, all together

# What is tried to be spared first: a distribution says more than independence, that more than a moment.
STRENGTH = (
    Distributed,
    Identical,
    Independent,
    IndependentGiven,
    ConditionallyIndependent,
    Uncorrelated,
    Property,
    Equation,
    Comparison,
)


@dataclass(frozen=True, slots=True)
class Least:
    """An irredundant set of givens and of rules: without any one of them the kernel does not prove the claim.

    `complete` is false when the work was past its bound before everything had been tried.
    """

    rules: tuple[str, ...]
    uses: tuple[Given, ...]
    presupposed: tuple[str, ...]
    complete: bool = True


def strength(given: Given) -> int:
    """Smaller is stronger, and is dropped first."""
    return next(k for k, kind in enumerate(STRENGTH) if isinstance(given, kind))


def least(proof: Proof, *, work: int = WORK) -> Least:
    """The givens and rules that a proof cannot do without.

    What can be spared is found by drafts; what is left is proved.  The drafts build `work` monomials at most, whatever time
    that takes, so that the answer is always the same; when that is spent, what has not been tried yet is kept.
    """
    budget = Budget(work)
    proof, complete = _least_givens(proof, budget)
    rules, finished = _least_rules(proof, budget)
    return Least(rules, proof.uses, proof.presupposed, complete and finished)


def _least_givens(proof: Proof, budget: Budget) -> tuple[Proof, bool]:
    """First the strong givens are dropped where others do instead, then everything that was not used."""
    claim, uses, finished = _dropped(proof, proof.claim, proof.uses, budget, (Distributed, Identical))
    only = prove(_restricted(claim, uses))
    if not isinstance(only, Proof):  # a given may act without being logged, e.g. by fixing a shape
        return proof, False
    claim, _, complete = _dropped(only, only.claim, only.uses, budget, STRENGTH)
    if claim is not only.claim:
        shorter = prove(claim)
        only = shorter if isinstance(shorter, Proof) else only
    return only, finished and complete


def _dropped(
    proof: Proof, claim: Claim, uses: tuple[Given, ...], budget: Budget, kinds: tuple[type, ...]
) -> tuple[Claim, tuple[Given, ...], bool]:
    """Each used given of these kinds is tried to be spared, the strongest first: what is left, and what that uses."""
    for given in sorted((u for u in uses if isinstance(u, kinds)), key=strength):
        if budget.left <= 0:
            return claim, uses, False
        without = Claim(claim.lhs, claim.rhs, claim.facts.without(given), claim.distinct)
        shorter = draft(without, proof, budget)
        if shorter is not None:
            claim, uses = without, shorter.uses
    return claim, uses, True


def _least_rules(proof: Proof, budget: Budget) -> tuple[tuple[str, ...], bool]:
    spared: frozenset[str] = frozenset()
    rules = proof.rules
    for rule in filter(SPARABLE.__contains__, proof.rules):
        if budget.left <= 0:
            return rules, False
        shorter = draft(proof.claim, proof, budget, disabled=spared | {rule})
        if shorter is None or len(shorter.rules) >= len(rules):
            continue
        without = prove(proof.claim, disabled=spared | {rule})
        if isinstance(without, Proof) and len(without.rules) < len(rules):
            spared, rules = spared | {rule}, without.rules
    return rules, True


def _restricted(claim: Claim, givens: tuple[Given, ...]) -> Claim:
    """The claim under some of its givens alone, in their order: steps that need the same then share their facts."""
    kept = set(map(id, givens))
    facts = Facts(claim.facts.symbols, tuple(g for g in claim.facts.givens if id(g) in kept))
    return Claim(claim.lhs, claim.rhs, facts, claim.distinct)
