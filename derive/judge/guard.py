"""Finite models for many proved steps at once: one model of their common givens looks at all of them.

The models only guard against a defect of the kernel.  Most of their cost is in building them, so steps under the
same facts share theirs: the claim that the row of all left sides is the row of all right sides.  The sides of a row have one shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.terms import Matrix
from derive.witnesses.finite import Agreement, examine

LARGEST = 8  # steps that share models


def together(claims: Iterable[Claim], *, models: int, seed: int, seconds: float) -> Iterator[tuple[Claim, Agreement]]:
    """What the models say of proved claims of one shape under the same facts, where they agree with all of a group.

    Nothing is said of the others: they are looked at one by one.  `seconds`: for one claim.
    """
    for group in _groups(claims):
        proved = [c for c in group if isinstance(prove(c), Proof)]
        if len(proved) < 2:
            continue
        left, right = (Matrix((tuple(side),)) for side in zip(*((c.lhs, c.rhs) for c in proved), strict=True))
        row = Claim(left, right, proved[0].facts, proved[0].distinct)
        outcome = examine(row, seed=seed, models=models, deadline=seconds * len(proved), repeats=1)
        if isinstance(outcome, Agreement) and outcome.models >= models:
            yield from ((c, outcome) for c in proved)


def _groups(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    groups: dict[Any, list[Claim]] = {}
    for claim in claims:
        if claim.lhs.shape == claim.rhs.shape:
            key = (claim.lhs.shape, id(claim.facts.symbols), tuple(map(id, claim.facts.givens)), claim.distinct)
            groups.setdefault(key, []).append(claim)
    for group in groups.values():
        for start in range(0, len(group), LARGEST):
            yield group[start : start + LARGEST]
