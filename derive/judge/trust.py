"""What a document rests on: rules and givens that its proofs used, givens never needed, and what is presupposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from time import thread_time

from derive.judge.existence import moments_taken
from derive.judge.messages import listed, quoted
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


def trust_of(elaborated: Elaborated, steps: list[Found], simulation: bool = False) -> Trust:
    """The trust report; weaker assumptions are tried for a bounded time.  `simulation`: whether there was to be one."""
    counts = used_counts(elaborated, steps)
    said = [(g.statement.latex, counts[k], g.givens) for k, g in enumerate(elaborated.givens) if g.givens]
    used = {latex for latex, count, _ in said if count}  # a sentence states several facts: one that is used is enough
    judged = [f.judgement for f in steps if f.judgement is not None]
    return Trust(
        rules=tuple(sorted({r for j in judged for r in j.rules})),
        given_used=tuple(dict.fromkeys(s for s, _, _ in said if s in used)),
        given_unused=tuple(dict.fromkeys(s for s, _, _ in said if s not in used)),
        presupposed=(*dict.fromkeys(p for j in judged for p in j.presupposed), *moments_taken(_relied_on(steps))),
        notes=(*_not_understood(elaborated), *_notes(elaborated, steps, counts)),
        witnesses=tuple(_witnesses(steps, simulation)),
        definitions=tuple(dict.fromkeys(s for s, count, givens in said if count and all(map(_defines, givens)))),
    )


def _defines(given: Given) -> bool:
    return isinstance(given, Equation) and given.kind == "definition"


def _relied_on(steps: list[Found]) -> Iterator[Claim]:
    """The claims that were judged: what is written in them is taken to exist."""
    return (f.step.claim for f in steps if f.judgement is not None and f.step.claim is not None)


def _witnesses(steps: list[Found], asked: bool) -> Iterator[str]:
    """What each of the three says, in words that no zero stands in.  `asked`: whether there was to be a simulation."""
    judged = [f for f in steps if f.judgement is not None]
    if not judged:
        return
    proved = sum(f.judgement is not None and f.judgement.verdict == "proved" for f in judged)
    yield f"rules prove {_of(proved, len(judged))}"
    exact = [f.judgement.exact for f in judged if f.judgement is not None and f.judgement.exact is not None]
    away = sum(bool(e.abstained) for e in exact)
    agree = sum(e.agree is True for e in exact)
    if exact:
        yield f"finite models {_said(agree, len(exact) - agree - away, away, ('agree with', 'refute', 'do not apply'))}"
    runs = [f.simulation for f in judged if f.simulation is not None]
    agree = sum(run.agree for run in runs)
    if runs:
        told = _said(
            agree, len(runs) - agree, len(judged) - len(runs), ("agrees with", "contradicts", "does not apply")
        )
        yield f"simulation {told}, with {max(run.samples for run in runs):,} samples"
    elif asked:
        yield "simulation does not apply"


def _of(some: int, all_: int) -> str:
    """
    >>> _of(0, 1), _of(1, 1), _of(2, 2), _of(3, 3), _of(2, 3)
    ('no step', 'the step', 'both steps', 'all 3 steps', '2 of 3 steps')
    """
    if not some:
        return "no step"
    if some < all_:
        return f"{some} of {all_} steps"
    return {1: "the step", 2: "both steps"}.get(all_, f"all {all_} steps")


def _said(agree: int, against: int, away: int, verbs: tuple[str, str, str]) -> str:
    """
    >>> verbs = ("agree with", "refute", "do not apply")
    >>> _said(2, 1, 0, verbs), _said(3, 0, 0, verbs), _said(2, 0, 1, verbs)
    ('agree with 2 of 3 steps, refute 1', 'agree with all 3 steps', 'agree with 2 of 3 steps, do not apply to 1')
    >>> _said(0, 1, 0, verbs), _said(0, 0, 1, verbs)
    ('refute the step', 'do not apply')
    """
    for_it, against_it, neither = verbs
    total = agree + against + away
    parts = [f"{for_it} {_of(agree, total)}"] * bool(agree)
    parts += [f"{against_it} {_of(against, total) if not agree else against}"] * bool(against)
    parts += [f"{neither} to {away}" if parts else neither] * bool(away)
    return ", ".join(parts)


def _not_understood(elaborated: Elaborated) -> Iterator[str]:
    lines = sorted({g.statement.span.line for g in elaborated.givens if g.problem is not None})
    if lines:
        where = (
            f"the given in line {lines[0]} was"
            if len(lines) == 1
            else f"givens in lines {listed([str(n) for n in lines])} were"
        )
        yield f"{where} not understood in whole or in part; nothing rests on what was not"


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
                yield f"{quoted(given.source)} is never used"


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
