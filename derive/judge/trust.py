"""What a document rests on: rules and givens that its proofs used, givens never needed, and what is presupposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from time import thread_time

from derive.judge.messages import listed
from derive.judge.steps import Found
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim, Distributed, Equation, Facts, Given
from derive.language.latex import latex
from derive.language.terms import Expectation, Symbol
from derive.language.typed import Elaborated
from derive.report import Trust

SECONDS = 2.0  # for trying weaker assumptions


def used_counts(elaborated: Elaborated, steps: list[Found]) -> Counter[int]:
    """How many steps used each given (by its number in the document)."""
    counts: Counter[int] = Counter()
    for found in steps:
        used = _uses(found)
        for number, read in enumerate(elaborated.givens):
            counts[number] += any(u == g for u in used for g in read.givens)
    return counts


def _uses(found: Found) -> tuple[Given, ...]:
    if found.judgement is not None:
        return found.judgement.uses
    if found.step.kind == "assumed" and found.step.claim is not None:
        pair = {found.step.claim.lhs, found.step.claim.rhs}
        return tuple(g for g in found.step.claim.facts.givens if isinstance(g, Equation) and {g.lhs, g.rhs} == pair)
    return ()


def trust_of(elaborated: Elaborated, steps: list[Found]) -> Trust:
    """The trust report; weaker assumptions are tried for a bounded time."""
    counts = used_counts(elaborated, steps)
    said = [(g.statement.latex, counts[k], g.givens) for k, g in enumerate(elaborated.givens) if g.givens]
    judged = [f.judgement for f in steps if f.judgement is not None]
    return Trust(
        rules=tuple(sorted({r for j in judged for r in j.rules})),
        given_used=tuple(dict.fromkeys(s for s, used, _ in said if used)),
        given_unused=tuple(dict.fromkeys(s for s, used, _ in said if not used)),
        presupposed=tuple(dict.fromkeys(p for j in judged for p in j.presupposed)),
        notes=tuple(_notes(elaborated, steps, counts)),
        witnesses=tuple(_witnesses(steps)),
    )


def _witnesses(steps: list[Found]) -> Iterator[str]:
    judged = [f for f in steps if f.judgement is not None]
    proved = sum(f.judgement is not None and f.judgement.verdict == "proved" for f in judged)
    yield f"rules: {proved} of {len(judged)} steps proved"
    exact = [f.judgement.exact for f in judged if f.judgement is not None and f.judgement.exact is not None]
    if exact:
        agree = sum(e.agree for e in exact)
        away = sum(bool(e.abstained) for e in exact)
        yield f"finite models: {agree} steps agree, {len(exact) - agree - away} refuted, {away} not tested"
    simulated = [f.simulation for f in judged if f.simulation is not None]
    if simulated:
        agree = sum(s.agree for s in simulated)
        yield f"simulation: {agree} of {len(simulated)} steps agree, with {max(s.samples for s in simulated)} samples"


# ------------------------------------------------------------------ weaker assumptions


def _notes(elaborated: Elaborated, steps: list[Found], counts: Counter[int]) -> Iterator[str]:
    proved = [f for f in steps if f.judgement is not None and f.judgement.verdict == "proved" and f.step.claim]
    if not proved:
        return
    until = thread_time() + SECONDS
    for number, read in enumerate(elaborated.givens):
        for given in read.givens:
            if isinstance(given, Distributed) and given.family != "Moments":
                note = _distribution_note(given, proved, until) if counts[number] else None
                if note:
                    yield note
            elif not counts[number] and _is_zero_mean(given):
                yield f"${given.source.latex}$ is never used"


def _is_zero_mean(given: Given) -> bool:
    return isinstance(given, Equation) and isinstance(given.lhs, Expectation) and isinstance(given.lhs.arg, Symbol)


def _distribution_note(given: Distributed, proved: list[Found], until: float) -> str | None:
    """Whether mean and variance, or the mean alone, are all that the proofs need of a distribution."""
    claims = [f.step.claim for f in proved if f.judgement is not None and given in f.judgement.uses]
    weaker = replace(given, family="Moments", parameters=given.parameters[:2])
    if not claims or given.family != "Normal" or thread_time() > until:
        return None
    name = latex(given.symbol)
    if all(_holds(c, given, replace(weaker, parameters=given.parameters[:1]), until) for c in claims if c):
        return f"of the distribution of ${name}$ only the mean is used"
    if all(_holds(c, given, weaker, until) for c in claims if c):
        spread = "variance" if given.symbol.shape == (1, 1) else "covariance"
        return f"normality of ${name}$ is never used, only {listed(['mean', spread])}"
    return None


def _holds(claim: Claim, given: Distributed, weaker: Distributed, until: float) -> bool:
    if thread_time() > until:
        return False
    givens = tuple(weaker if g == given else g for g in claim.facts.givens)
    facts = Facts(claim.facts.symbols, givens)
    return isinstance(prove(Claim(claim.lhs, claim.rhs, facts, claim.distinct)), Proof)
