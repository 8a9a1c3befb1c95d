"""Explaining a step that is not proved: what is missing, or what went wrong, with the correction."""

from __future__ import annotations

from dataclasses import dataclass

from derive.judge import corrections, messages
from derive.judge.book import Book
from derive.judge.data_held import data_held
from derive.judge.evidence import counterexample_of, exact_of
from derive.judge.messages import listed
from derive.judge.misconceptions import Recognised, recognise
from derive.judge.missing import find_means, find_missing, statements
from derive.judge.repairs import coefficients
from derive.judge.unsaid_names import never_introduced, unsaid_pairs
from derive.judge.unsaid_sizes import unsaid_sizes
from derive.judge.unsaid_statistics import fact_of_its_own
from derive.judge.verdict import Judgement, still_open, time_left
from derive.kernel.proof import Proof, Stuck, prove
from derive.language.facts import Claim
from derive.report import Counterexample, Exact
from derive.witnesses.finite import Abstention, Refutation, examine

SHARE = 0.8  # seconds at most for each search


def untested(claim: Claim, stuck: Stuck, outcome: Abstention, until: float) -> Judgement:
    """Neither proved nor tested: an unsaid assumption that closes the gap is named all the same."""
    missing = find_missing(claim, stuck, seconds=time_left(until, SHARE))
    if not missing:
        return still_open(stuck, outcome)
    said, exact = statements(missing), exact_of(outcome)
    shown = corrections.difference(claim, stuck)
    return Judgement("needs", missing=said, difference=shown, exact=exact, message=messages.needs(said, False))


@dataclass(frozen=True)
class Needed:
    """Why something is needed: how the sides differ without it, and where."""

    difference: str | None
    model: Counterexample | None
    exact: Exact


def _with_data_held(claim: Claim, names: tuple[str, ...], why: Needed, book: Book, until: float) -> Judgement:
    """The step is right when it holds for data that stay as they are, and wrong when it does not hold for them either."""
    said = tuple(rf"{n} \text{{ held fixed}}" for n in names)
    answer = prove(claim)
    if isinstance(answer, Proof):
        message = messages.needs(said, True)
        return Judgement(
            "needs", missing=said, difference=why.difference, counterexample=why.model, exact=why.exact, message=message
        )
    outcome = examine(claim, deadline=time_left(until, SHARE))
    if isinstance(outcome, Refutation):
        return refuted(claim, answer, outcome, book, until)
    return still_open(answer, outcome)


def refuted(claim: Claim, stuck: Stuck, refutation: Refutation, book: Book, until: float) -> Judgement:
    """`needs` when one unsaid assumption closes the gap, or several do and no false rule explains the step."""
    strangers = never_introduced(claim)
    if strangers:
        reason = f"nothing says what {listed([f'${n}$' for n in strangers])} {'is' if len(strangers) == 1 else 'are'}"
        return Judgement("unproved", reason=reason, message=messages.unproved(reason, None, None))
    exact, model = exact_of(refutation), counterexample_of(refutation)
    if (data := data_held(claim)) is not None:
        return _with_data_held(*data, Needed(corrections.difference(claim, stuck), model, exact), book, until)
    slip = any(factor for _, factor, _ in coefficients(claim))  # a wrong number in front of what is written
    apart = unsaid_pairs(claim) or unsaid_sizes(claim)
    if apart:
        return Judgement(
            "needs",
            missing=apart,
            difference=corrections.difference(claim, stuck),
            counterexample=model,
            exact=exact,
            message=messages.needs(apart, True),
        )
    missing = find_means(claim, time_left(until, SHARE))
    if not missing and not slip:
        missing = find_missing(claim, stuck, seconds=time_left(until, SHARE))
    recognised: Recognised | None = None
    if len(missing) != 1 or missing[0].kind == "symmetric":
        recognised = recognise(claim, book, seconds=time_left(until, SHARE))
    slipped: Recognised | None = None
    if missing and recognised and recognised.misconception.name == "lost-transpose":
        slipped, recognised = recognised, None  # a symmetric matrix that was not declared explains that better
    if not missing and recognised is None and (fact := fact_of_its_own(claim)) is not None:
        missing = (fact,)
    difference = corrections.difference(claim, stuck)
    if missing and recognised is None:
        said = statements(missing)
        slipped = slipped or recognise(claim, book, seconds=time_left(until, SHARE), rules_only=True)
        return Judgement(
            "needs",
            missing=said,
            difference=difference,
            counterexample=model,
            exact=exact,
            misconception=slipped.misconception if slipped else None,
            message=messages.needs(said, True),
            assumptions=missing,
        )
    named = recognised.misconception if recognised else None
    correction = corrections.right_side(claim, recognised.corrected if recognised else None)
    return Judgement(
        "wrong",
        difference=difference,
        counterexample=model,
        misconception=named,
        correction=correction,
        exact=exact,
        message=messages.wrong(named, difference, correction),
    )
