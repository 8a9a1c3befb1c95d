"""An assumption that an earlier step lacked is not lacked anew: the first gap is not echoed down the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.judge import messages
from derive.judge.assumptions import Candidate, assuming
from derive.judge.missing import statements
from derive.judge.verdict import Judgement
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.terms import Symbol, walk

MOST = 8  # assumptions that are remembered


def in_the_light_of(
    claim: Claim, judged: Judgement, earlier: list[Candidate], judge: Callable[[Claim], Judgement]
) -> Judgement:
    """`needs` instead of `wrong` for a step that follows once what was missing before is assumed.

    A name that an earlier step needs to mean something means the same here.
    """
    if judged.verdict not in ("wrong", "needs") or not earlier:
        return judged
    needed = tuple(earlier[-MOST:])
    if judged.verdict == "needs" or not _follows(claim, needed):
        return _as_meant(claim, judged, earlier, judge)
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


def _as_meant(
    claim: Claim, judged: Judgement, earlier: list[Candidate], judge: Callable[[Claim], Judgement]
) -> Judgement:
    """The step with the definitions that were missing before, unless it lacks nothing else itself."""
    names = {t.name for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Symbol)}
    meant = tuple(c for c in earlier if c.kind in ("definition", "fact") and names & set(c.about))
    other = [a for a in judged.assumptions if a.kind in ("definition", "fact") and a not in earlier]
    if not meant or (judged.verdict == "needs" and not any(set(a.about) & set(c.about) for a in other for c in meant)):
        return judged
    again = judge(assuming(claim, meant))
    if again.verdict != "wrong":
        return judged
    return replace(again, message=messages.as_meant(statements(meant), again.message))


def _follows(claim: Claim, extra: tuple[Candidate, ...]) -> bool:
    known = set(claim.facts.symbols)
    return all(set(c.about) <= known for c in extra) and isinstance(prove(assuming(claim, extra)), Proof)
