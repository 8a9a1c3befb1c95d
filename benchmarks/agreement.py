"""Whether the three witnesses agree on random claims: the kernel, the finite models and, for a share, the simulation.

Expressions are made up over the whole language (`worlds`), or are sides of the claims of the library and of the book of
rules. Half of the claims are true: an expression, and what random rules make of it. Half are edits of such claims that
people get wrong; most of them are false, and a model says which. It is a disagreement when a claim that is proved or
made by rules is refuted by a model or by the simulation, and when all models agree to what the simulation refutes; it
is printed as a ready-made report. So is a claim on which a witness fails. Either makes the exit status 1.

    python -m benchmarks.agreement [--claims 100000] [--seed 0] [--simulated 0.1] [--processes 0]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice
from random import Random
from traceback import format_exc

from benchmarks.soundness import changed_claims, claims_of, documents
from benchmarks.worlds import world
from derive.judge.evidence import counterexample_of, simulation_of
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.latex import latex
from derive.language.terms import Term, walk
from derive.render.defects import defect_text
from derive.report import Counterexample, Defect, DocumentReport, Simulation
from derive.rules.book import RULES
from derive.rules.context import Context
from derive.rules.rewriting import kinds_in, single
from derive.witnesses.finite import Abstention, Agreement, Refutation, examine
from derive.witnesses.simulate import simulate

MOST_RULES = 3  # in a row
MOST_PLACES = 12  # of a term that one rule may be applied at
LARGEST = 150  # nodes of a term
SAMPLES = 20_000
AT_ONCE = 16  # claims that a process is given at a time
MADE_UP = 0.7  # share of the claims whose expression is made up


@dataclass(frozen=True)
class Specimen:
    """A random claim; `rules` made it, and none for an edit."""

    origin: str
    claim: Claim
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What was found out about a claim: words to count it by, and the report where the witnesses disagree."""

    words: tuple[str, ...]
    report: str = ""
    failed: bool = False


@lru_cache(maxsize=1)
def stock() -> tuple[tuple[str, Claim], ...]:
    """The claims of the library and of the book of rules."""
    return tuple((name, claim) for name, text in documents([]) for claim in claims_of(text, name))


def specimen(number: int, seed: int) -> Specimen:
    """The claim of that number: even ones are made by rules, odd ones are edited."""
    random = Random(f"{seed} {number}")
    while True:
        origin, claim = start(random)
        side = random.choice((claim.lhs, claim.rhs))
        other, rules = rewritten(side, Context(claim.facts, frozenset(map(frozenset, claim.distinct))), random)
        if not rules:
            continue
        true = replace(claim, lhs=side, rhs=other)
        if number % 2 == 0:
            return Specimen(origin, true, rules)
        edits = list(islice(changed_claims(true), 200))
        if edits:
            return Specimen(origin, random.choice(edits), ())


def start(random: Random) -> tuple[str, Claim]:
    """A claim whose sides others are made of."""
    while random.random() < MADE_UP:
        text = world(random)
        for claim in claims_of(text, "made-up.md"):
            return text, claim
    return random.choice(stock())


def rewritten(term: Term, context: Context, random: Random) -> tuple[Term, tuple[str, ...]]:
    """The term after up to MOST_RULES random rules, and their names."""
    names: list[str] = []
    for _ in range(random.randint(1, MOST_RULES)):
        rules = [rule for rule in RULES.values() if not kinds_in(term).isdisjoint(rule.heads)]
        random.shuffle(rules)
        for rule in rules:
            results = [new for new, _ in islice(single(rule, term, context), MOST_PLACES) if _small(new)]
            if results:
                term = random.choice(results)
                names.append(rule.name)
                break
    return term, tuple(names)


def _small(term: Term) -> bool:
    return sum(1 for _ in islice(walk(term), LARGEST + 1)) <= LARGEST


def asked(number: int, seed: int = 0, simulated: float = 0.1) -> Answer:
    """All witnesses' answers to the claim of that number, or what failed there: one failure does not end the run."""
    one: Specimen | None = None
    try:
        one = specimen(number, seed)
        return _asked(one, number, seed, simulated)
    except Exception:
        said = "" if one is None else f"{latex(one.claim.lhs)} = {latex(one.claim.rhs)}\n{one.origin}\n"
        return Answer(("failed",), f"claim {number} of seed {seed} fails\n{said}{format_exc()}", failed=True)


def _asked(one: Specimen, number: int, seed: int, simulated: float) -> Answer:
    proof = prove(one.claim)
    outcome = examine(one.claim, seed=seed)
    run = None
    if Random(f"simulate {seed} {number}").random() < simulated:
        run = simulation_of(simulate(one.claim, samples=SAMPLES, seed=seed))
    model = counterexample_of(outcome) if isinstance(outcome, Refutation) else None
    words = (
        "made by rules" if one.rules else "edited",
        "proved" if isinstance(proof, Proof) else "not proved",
        _word(outcome),
        *(() if run is None else ("simulation agrees" if run.agree else "simulation refutes",)),
    )
    held = isinstance(proof, Proof) or one.rules or isinstance(outcome, Agreement)
    if held and (model is not None or (run is not None and not run.agree)):
        return Answer(words, _report(one, proof if isinstance(proof, Proof) else None, model, run, number, seed))
    return Answer(words)


def _word(outcome: Agreement | Refutation | Abstention) -> str:
    match outcome:
        case Agreement():
            return "models agree"
        case Refutation():
            return "models refute"
    return "models abstain"


def _report(
    one: Specimen, proof: Proof | None, model: Counterexample | None, run: Simulation | None, number: int, seed: int
) -> str:
    lhs, rhs = latex(one.claim.lhs), latex(one.claim.rhs)
    givens = tuple(g.source.latex for g in one.claim.facts.givens if g.source.latex)
    said = "the kernel proves this" if proof else "the book of rules makes this, the kernel does not prove it"
    if not proof and not one.rules:
        said = "all models agree to this"
    rules = one.rules if proof is None else proof.rules
    defect = Defect(
        f"claim {number}: {said}; another witness refutes it.", seed, 1, lhs, rhs, rules, givens, model, run
    )
    block = "```given\n" + "\n".join(givens) + "\n```\n\n" if givens else ""
    return defect_text(DocumentReport(one.origin, text=f"{block}$$\n{lhs} = {rhs}\n$$\n", defects=(defect,)))


def answers(claims: int, seed: int, simulated: float, processes: int) -> Iterator[Answer]:
    """In the order of the claims' numbers; `processes`: 0 for as many as there are cores."""
    ask = partial(asked, seed=seed, simulated=simulated)
    if processes == 1:
        yield from map(ask, range(claims))
        return
    with ProcessPoolExecutor(processes or os.cpu_count()) as pool:
        yield from pool.map(ask, range(claims), chunksize=AT_ONCE)


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--claims", type=int, default=100_000)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--simulated", type=float, default=0.1, help="share of the claims that are simulated too")
    ask.add_argument("--processes", type=int, default=0, help="0 for as many as there are cores")
    opts = ask.parse_args()
    counts: Counter[str] = Counter()
    found = failures = 0
    every = max(1, opts.claims // 100)
    for done, answer in enumerate(answers(opts.claims, opts.seed, opts.simulated, opts.processes), 1):
        counts[", ".join(answer.words)] += 1
        if answer.report:
            found += not answer.failed
            failures += answer.failed
            print(answer.report, flush=True)
        if done % every == 0:
            print(
                f"{done} of {opts.claims} claims, {found} disagreements, {failures} failures",
                file=sys.stderr,
                flush=True,
            )
    for words, count in sorted(counts.items()):
        print(f"{count:>8}  {words}")
    print(f"{opts.claims} claims, {found} disagreements, {failures} failures (seed {opts.seed})")
    return 1 if found or failures else 0


if __name__ == "__main__":
    sys.exit(main())
