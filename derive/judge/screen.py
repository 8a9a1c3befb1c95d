"""A quick look before a proof is tried: expressions that differ in a finite model are not equal.

Many candidates are compared with one side of a claim; nearly all of them differ from it, and a model over a prime field
tells so much faster than the kernel.  What survives is proved as ever.
"""

from __future__ import annotations

from time import thread_time

from derive.language.facts import Claim
from derive.language.terms import Term
from derive.witnesses.field import Degenerate, TooLarge, Unmodelled
from derive.witnesses.finite import Examination, difference

SECONDS = 0.3  # for building the model


class Screen:
    """One model of a claim's givens; none when it cannot be built in time, and then nothing is told apart."""

    def __init__(self, claim: Claim, seed: int = 0):
        self.claim = claim
        try:
            examination = Examination(claim, seed, thread_time() + SECONDS)
            self._builder, self._model, _ = examination.trial(0)
        except (Unmodelled, TooLarge, Degenerate, RecursionError):
            self._model = None

    def differ(self, lhs: Term, rhs: Term) -> bool:
        """Whether the two have different values in the model, or none there; False when there is no model."""
        if self._model is None or lhs.shape != rhs.shape:
            return False
        claim = Claim(lhs, rhs, self.claim.facts, self.claim.distinct)
        try:
            return any(difference(claim, self._model, env) is not None for env in self._builder.layout.choices)
        except (Unmodelled, TooLarge, Degenerate, RecursionError):
            return True
