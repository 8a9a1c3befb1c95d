from fractions import Fraction
from itertools import count

import pytest

from derive.judge.minimal import least
from derive.judge.verdict import Bench
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim, Distributed
from derive.language.terms import Constant, Identity, number
from tests.judge.world import N_AND_X, SAID, ZERO_NOISE, E, T, X, a, claim, mul, n, w, x


def proved(one: Claim) -> Proof:
    proof = prove(one)
    assert isinstance(proof, Proof)
    return proof


def test_givens_that_are_not_needed_are_left_out() -> None:
    one = claim(E(mul(a, X)), mul(a, E(X)), N_AND_X, ZERO_NOISE)
    found = least(proved(one))
    assert found.uses == ()
    assert "linearity" in found.rules
    assert found.complete


def test_each_given_that_stays_is_needed() -> None:
    one = claim(E(mul(T(w), x, T(n), w)), number(0), N_AND_X, ZERO_NOISE)
    found = least(proved(one))
    assert set(found.uses) == {N_AND_X, ZERO_NOISE}
    for given in found.uses:
        without = Claim(one.lhs, one.rhs, one.facts.without(given))
        assert not isinstance(prove(without), Proof)


def test_the_stronger_of_two_givens_goes() -> None:
    normal = Distributed(n, "Normal", (Constant(Fraction(0), ("m", 1)), mul(a, Identity("m"))), SAID)
    one = claim(E(mul(T(w), n)), number(0), normal, ZERO_NOISE)
    assert least(proved(one)).uses == (ZERO_NOISE,)


def test_each_rule_that_stays_is_needed() -> None:
    one = claim(E(mul(T(w), x, T(n), w)), number(0), N_AND_X, ZERO_NOISE)
    found = least(proved(one))
    assert "independence" in found.rules
    for rule in found.rules:
        again = prove(one, disabled=frozenset({rule}))
        assert not isinstance(again, Proof) or len(again.rules) >= len(found.rules)


def test_work_is_bounded_and_what_was_not_tried_is_kept() -> None:
    normal = Distributed(n, "Normal", (Constant(Fraction(0), ("m", 1)), mul(a, Identity("m"))), SAID)
    proof = proved(claim(E(mul(T(w), n)), number(0), normal, ZERO_NOISE))
    found = least(proof, work=0)
    assert not found.complete
    assert (found.rules, set(found.uses)) == (proof.rules, set(proof.uses))


def test_the_answer_does_not_depend_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    normal = Distributed(n, "Normal", (Constant(Fraction(0), ("m", 1)), mul(a, Identity("m"))), SAID)
    one = claim(E(mul(T(w), n)), number(0), normal, ZERO_NOISE)
    expected = least(proved(one))
    ticks = count(0, 10)  # ten seconds between any two looks
    monkeypatch.setattr("derive.judge.verdict.thread_time", lambda: next(ticks))
    judged = Bench().judge(one)
    assert (set(judged.uses), judged.rules) == (set(expected.uses), expected.rules)
