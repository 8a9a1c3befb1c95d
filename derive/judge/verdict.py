"""Judging one claim: the rules may prove it, finite models may refute it, and the two must never both do so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import thread_time
from typing import TYPE_CHECKING, Any, TypeGuard

from derive.judge import messages
from derive.judge.assumptions import Candidate, names_in
from derive.judge.book import Book, load_book
from derive.judge.evidence import counterexample_of, exact_of
from derive.judge.guard import together
from derive.judge.minimal import least
from derive.kernel.algebra import Budget
from derive.kernel.proof import Proof, Stuck, is_of_derivatives, prove, shows
from derive.language.facts import Claim, Comparison, Equation, Facts, Given, Property
from derive.language.terms import Symbol
from derive.report import Counterexample, Exact, Misconception
from derive.witnesses.finite import Abstention, Agreement, Refutation, examine

if TYPE_CHECKING:
    from derive.judge.store import Store

MODELS, PROVED_MODELS = 4, 2
MOST_DEFINITIONS = 6  # that are left aside, one at a time


class Disagreement(Exception):
    """The kernel proves what a finite model refutes: a defect of derive, never a verdict about the user.

    It carries both answers: the rules and givens of the proof, and the model.
    """

    def __init__(
        self,
        message: str,
        rules: tuple[str, ...] = (),
        uses: tuple[Given, ...] = (),
        model: Counterexample | None = None,
    ) -> None:
        super().__init__(message)
        self.rules, self.uses, self.model = rules, uses, model


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work one step may cost.  `step` is in seconds, `monomials` is the kernel's budget."""

    step: float = 2.0
    monomials: int = 200_000
    models: int = MODELS
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found out about one claim; the fields are those of `report.Step`, with `uses` as givens."""

    verdict: str
    rules: tuple[str, ...] = ()
    uses: tuple[Given, ...] = ()
    missing: tuple[str, ...] = ()
    difference: str | None = None
    counterexample: Counterexample | None = None
    misconception: Misconception | None = None
    correction: str | None = None
    exact: Exact | None = None
    presupposed: tuple[str, ...] = ()
    reason: str = ""
    message: str = ""
    assumptions: tuple[Candidate, ...] = ()  # what is missing, as it can be assumed later


@dataclass
class Bench:
    """Where claims are judged: the effort, the book of misconceptions (None: the built-in one), and what was judged.

    `cache` is keyed by `claim_key`; `store` keeps judgements for the documents and processes behind.
    """

    effort: Effort = field(default_factory=Effort)
    book: Book | None = None
    cache: dict[Any, Judgement] = field(default_factory=dict)
    guarded: dict[Any, Agreement] = field(default_factory=dict)  # what models said of claims looked at together
    store: Store | None = None

    def look_ahead(self, claims: list[Claim]) -> None:
        """Lets claims that will be judged share their models, where they are proved."""
        new = {claim_key(c): c for c in claims}
        self.guarded = {}
        seconds = self.effort.step * 0.25
        for claim, said in together(
            [c for key, c in new.items() if not self._known(key, c)],
            models=PROVED_MODELS,
            seed=self.effort.seed,
            seconds=seconds,
        ):
            self.guarded[claim_key(claim)] = said

    def judge(self, claim: Claim) -> Judgement:
        """The verdict on a claim.  Raises `Disagreement` when the witnesses contradict each other."""
        key = claim_key(claim)
        if not self._known(key, claim):
            self.cache[key] = _judged(claim, self.effort, self.book, self.guarded.get(key))
            if self.store is not None:
                self.store.put(claim, (*key, self.effort), self.book, self.cache[key])
        return self.cache[key]

    def _known(self, key: Any, claim: Claim) -> bool:
        """Whether the claim was judged before, here or in what the store remembers."""
        if key not in self.cache and self.store is not None:
            found = self.store.get(claim, (*key, self.effort), self.book)
            if found is not None:
                self.cache[key] = found
        return key in self.cache


def claim_key(claim: Claim) -> Any:
    """What a verdict depends on, hashable: the two sides and all facts."""
    facts = claim.facts
    return (claim.lhs, claim.rhs, tuple(sorted(facts.symbols.items())), facts.givens, claim.distinct)


def _judged(claim: Claim, effort: Effort, book: Book | None, guarded: Agreement | None = None) -> Judgement:
    until = thread_time() + effort.step
    answer = _proof_or_stuck(claim, effort)
    if isinstance(answer, Proof):  # the models only guard against a defect
        outcome = guarded or examine(
            claim, seed=effort.seed, models=PROVED_MODELS, deadline=effort.step * 0.25, repeats=1
        )
    else:
        outcome = _examined(claim, effort, until)
    match answer, outcome:
        case Proof() as proof, Refutation() as refutation:
            said = "the rules prove this step, yet an exact finite model refutes it."
            raise Disagreement(said, proof.rules, proof.uses, counterexample_of(refutation))
        case Proof() as proof, _:
            return _proved(claim, proof, outcome)
        case Stuck() as stuck, Refutation() as refutation:
            from derive.judge.explain import refuted  # explaining is not needed where all is right

            return refuted(claim, stuck, refutation, book or load_book(), until)
        case Stuck() as stuck, Agreement() as agreement:
            return still_open(stuck, agreement)
        case Stuck() as stuck, Abstention() as abstention:
            from derive.judge.explain import untested

            return untested(claim, stuck, abstention, until)
    raise TypeError(f"unknown answers {answer!r}, {outcome!r}")


def _proof_or_stuck(claim: Claim, effort: Effort) -> Proof | Stuck:
    """By all that is known; or without the definition of a symbol of which a law or dependence is given as well.

    A recursion such as E[Z_{n+1} | Z_n] = μ Z_n has no last line: it is tried without the tower law, and left aside.
    """
    answer = prove(claim, budget=Budget(effort.monomials))
    if isinstance(answer, Proof) or is_of_derivatives(claim):
        return answer
    conditional = tuple(g for g in claim.facts.givens if _is_moment(g) and getattr(g.lhs, "given", ()))
    if conditional and answer.reason:
        once = prove(claim, budget=Budget(effort.monomials), disabled=frozenset({"tower"}))
        if isinstance(once, Proof):
            return once
    for dropped in [*_spoken_of(claim.facts), *([conditional] if conditional and answer.reason else [])]:
        fewer = replace(
            claim, facts=Facts(claim.facts.symbols, tuple(g for g in claim.facts.givens if g not in dropped))
        )
        folded = prove(fewer, budget=Budget(effort.monomials))
        if isinstance(folded, Proof):
            return folded
    return answer


def _spoken_of(facts: Facts) -> list[tuple[Given, ...]]:
    """Definitions of symbols that a law, a moment or dependence is stated of: one at a time, then all."""
    stated = [g for g in facts.givens if not isinstance(g, Equation | Property | Comparison) or _is_moment(g)]
    names = set().union(*(names_in(g) for g in stated)) if stated else set()
    found = [
        g
        for g in facts.givens
        if isinstance(g, Equation) and g.kind == "definition" and isinstance(g.lhs, Symbol) and g.lhs.name in names
    ]
    return [(g,) for g in found[:MOST_DEFINITIONS]] + ([tuple(found)] if len(found) > 1 else [])


def _is_moment(given: Given) -> TypeGuard[Equation]:
    return isinstance(given, Equation) and given.kind == "moment"


def _examined(claim: Claim, effort: Effort, until: float) -> Agreement | Refutation | Abstention:
    """The finite models' answer to a claim that is not proved; other draws are tried when the first do not decide."""
    outcome = examine(claim, seed=effort.seed, models=effort.models, deadline=effort.step * 0.6)
    if isinstance(outcome, Abstention) and time_left(until, effort.step) > 0:
        return examine(claim, seed=effort.seed + 1, models=effort.models, deadline=time_left(until, effort.step))
    return outcome


def time_left(until: float, most: float) -> float:
    return max(0.0, min(most, until - thread_time()))


def _proved(claim: Claim, proof: Proof, outcome: Agreement | Abstention) -> Judgement:
    if not shows(proof, claim):
        raise TypeError("only what the kernel proved of this very claim is proved")
    found = least(proof)
    uses = tuple(g.source.latex for g in found.uses if g.source.latex)  # one that derive made itself has none
    return Judgement(
        "proved",
        rules=found.rules,
        uses=found.uses,
        exact=exact_of(outcome),
        presupposed=found.presupposed,
        message=messages.proved(found.rules, uses),
    )


def ends_meet(first: Claim | None, last: Claim | None) -> bool | None:
    """Whether the end of a chain equals its beginning, for all that went wrong between; None when it is not known."""
    if first is None or last is None or first.lhs.shape != last.rhs.shape:
        return None
    claim = Claim(first.lhs, last.rhs, last.facts, last.distinct)
    answer = prove(claim)
    if isinstance(answer, Proof):
        return True
    return None if answer.reason else False


def still_open(stuck: Stuck, outcome: Agreement | Abstention) -> Judgement:
    exact = exact_of(outcome)
    return Judgement("unproved", exact=exact, reason=stuck.reason, message=messages.unproved(stuck.reason, exact, None))
