"""A search for single-rule lines that the kernel guides: what is near is what the kernel needs few rules to close.

The search starts with both sides of a claim and moves one of them by one rule at a time.  Pairs between which the kernel
needs fewer rules come first; a gap that takes one rule beside plain algebra is the last line.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from derive.kernel.algebra import Budget
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim, Equation, Facts, Given
from derive.language.terms import Term
from derive.rules.compare import key

SMALL_BUDGET = 50_000  # monomials that the kernel may build for one question
MOST_QUESTIONS = 60  # to the kernel, for one claim
MOST_MADE = 900  # terms, for one claim
TIDYING = frozenset({"expand", "collect", "factor", "cancel", "square", "group", "transpose"})
DEPTH_WEIGHT = 0.3
DISTANCE_WEIGHT = 0.02

Move = tuple[str, Term, tuple[str, ...]]  # the rule, what it makes, and the givens that it used
Moves = Callable[[Term, tuple[str, ...]], Iterator[Move]]
Distance = Callable[[Term, Term], float]


@dataclass(frozen=True, slots=True)
class Gap:
    """The rules beside plain algebra that the kernel names between two terms, and the givens."""

    rules: tuple[str, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A term reached from one side of the claim, with the moves that led there."""

    term: Term
    moves: tuple[Move, ...] = ()

    def moved(self, move: Move) -> Side:
        return Side(move[1], (*self.moves, move))


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two terms, one reached from each side, with at most one rule between them."""

    left: Side
    right: Side
    gap: Gap


class Gaps:
    """Asks the kernel what lies between two terms, definitions opened and premises used only where it must be."""

    def __init__(self, claim: Claim):
        kinds = (("definition", "premise"), ("definition",), ("premise",), ())
        known = [replace(claim.facts, givens=_without(claim.facts, *unused)) for unused in kinds]
        self.distinct = claim.distinct
        self.known: tuple[Facts, ...] = tuple(f for k, f in enumerate(known) if f not in known[:k])
        self.asked = 0

    def between(self, left: Term, right: Term) -> Gap | None:
        """None when the kernel cannot prove the two equal."""
        self.asked += 1
        for facts in self.known:
            proof = prove(Claim(left, right, facts, self.distinct), budget=Budget(SMALL_BUDGET))
            if isinstance(proof, Proof):
                rules = tuple(r for r in proof.rules if r not in TIDYING)
                return Gap(rules or proof.rules[:1] or ("collect",), tuple(g.source.latex for g in proof.uses))
        return None


def _without(facts: Facts, *kinds: str) -> tuple[Given, ...]:
    return tuple(g for g in facts.givens if not (isinstance(g, Equation) and g.kind in kinds))


def meet(claim: Claim, moves: Moves, distance: Distance, starts: Sequence[tuple[Side, Side]]) -> Meeting | None:
    """Terms reached from the two sides that one rule joins; None when the bounded search finds none.

    `starts`: pairs of terms already reached from the two sides, where the search begins.
    """
    gaps = Gaps(claim)
    if gaps.between(claim.lhs, claim.rhs) is None:
        return None
    queue: list[tuple[float, int, Side, Side]] = [(0.0, k - len(starts), *pair) for k, pair in enumerate(starts)]
    seen = {(key(one.term), key(other.term)) for one, other in starts}
    made = 0
    while queue and gaps.asked < MOST_QUESTIONS and made < MOST_MADE:
        _, _, left, right = heapq.heappop(queue)
        gap = gaps.between(left.term, right.term)
        if gap is None:  # the budget ran out on this pair
            continue
        if len(gap.rules) == 1:
            return Meeting(left, right, gap)
        for one, other in _next_pairs(left, right, gap, moves):
            name = (key(one.term), key(other.term))
            if name in seen:
                continue
            seen.add(name)
            made += 1
            depth = len(one.moves) + len(other.moves)
            cost = len(gap.rules) + DEPTH_WEIGHT * depth + DISTANCE_WEIGHT * distance(one.term, other.term)
            heapq.heappush(queue, (cost, made, one, other))
    return None


def _next_pairs(left: Side, right: Side, gap: Gap, moves: Moves) -> Iterator[tuple[Side, Side]]:
    for move in moves(left.term, gap.rules):
        yield left.moved(move), right
    for move in moves(right.term, gap.rules):
        yield left, right.moved(move)
