"""An example of the book read as a user's document: givens in a given block, the claim in a display."""

from __future__ import annotations

from derive.language.elaborate import elaborate
from derive.language.facts import Claim
from derive.source.document import read_document


def page(given: tuple[str, ...], lhs: str, rhs: str) -> str:
    block = "```given\n" + "\n".join(given) + "\n```\n\n" if given else ""
    return f"{block}$$\n{lhs} = {rhs}\n$$\n"


def claim(given: tuple[str, ...], lhs: str, rhs: str) -> Claim:
    """The claim as it was read; fails with the problems when it was not."""
    understood = elaborate(read_document("example.md", page(given, lhs, rhs)))
    assert len(understood.chains) == 1, understood.remarks
    for read in understood.givens:
        assert read.problem is None, read
    (step,) = understood.chains[0].steps
    assert step.claim is not None, (step.kind, step.problems)
    assert step.claim.lhs.shape == step.claim.rhs.shape, step.problems
    return step.claim
