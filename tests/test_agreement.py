"""The three witnesses agree on a sample of random claims, and a disagreement is noticed."""

from collections import Counter
from dataclasses import replace

import pytest

from benchmarks import agreement
from derive.language.terms import Add, Number
from derive.witnesses.finite import Refutation


def test_the_witnesses_agree_on_a_sample() -> None:
    answers = list(agreement.answers(200, seed=1, simulated=0.1, processes=1))
    assert [a.report for a in answers if a.report] == []
    words = Counter(w for a in answers for w in a.words)
    assert words["made by rules"] == words["edited"] == 100
    assert words["proved"] > 90 and words["models refute"] > 50
    assert words["simulation agrees"] > 0


def test_equal_numbers_give_equal_claims() -> None:
    assert [agreement.specimen(k, 5) for k in range(6)] == [agreement.specimen(k, 5) for k in range(6)]


def test_a_false_claim_that_rules_are_said_to_make_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = agreement.specimen

    def broken(number: int, seed: int) -> agreement.Specimen:
        one = honest(number, seed)
        return replace(one, claim=replace(one.claim, rhs=Add((one.claim.lhs, Number(1))))) if number == 0 else one

    monkeypatch.setattr(agreement, "specimen", broken)
    assert isinstance(agreement.examine(broken(0, 0).claim), Refutation)
    answer = agreement.asked(0, 0, 0.0)
    assert "another witness refutes it" in answer.report and "the model says: " in answer.report
    assert agreement.asked(2, 0, 0.0).report == ""
