"""An assumption that an earlier step lacked is not lacked anew: the first gap is not echoed down the page."""

from __future__ import annotations

from dataclasses import replace

from derive.judge import messages
from derive.judge.assumptions import Candidate, assuming
from derive.judge.missing import statements
from derive.judge.verdict import Judgement
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim

MOST = 8  # assumptions that are remembered


def in_the_light_of(claim: Claim, judged: Judgement, earlier: list[Candidate]) -> Judgement:
    """`needs` instead of `wrong` for a step that follows once what was missing before is assumed."""
    if judged.verdict != "wrong" or not earlier:
        return judged
    needed = tuple(earlier[-MOST:])
    if not _follows(claim, needed):
        return judged
    for one in needed:
        fewer = tuple(c for c in needed if c is not one)
        if fewer and _follows(claim, fewer):
            needed = fewer
    said = statements(needed)
    return replace(
        judged,
        verdict="needs",
        missing=said,
        misconception=None,
        correction=None,
        assumptions=needed,
        message=messages.needs(said, True),
    )


def _follows(claim: Claim, extra: tuple[Candidate, ...]) -> bool:
    known = set(claim.facts.symbols)
    return all(set(c.about) <= known for c in extra) and isinstance(prove(assuming(claim, extra)), Proof)
