from fractions import Fraction

from derive.judge.minimal import least
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


def test_time_is_bounded() -> None:
    one = claim(E(mul(T(w), x, T(n), w)), number(0), N_AND_X, ZERO_NOISE)
    found = least(proved(one), seconds=-1.0)
    assert not found.complete
    assert found.rules == proved(one).rules
