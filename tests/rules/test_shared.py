"""What both sides of a claim share is set aside and put back."""

from derive.language.facts import Claim
from derive.language.terms import Expectation, Variance
from derive.rules.compare import same
from derive.rules.construct import plus, power, times
from derive.rules.shared import changed_part
from tests.rules.world import X, Y, a, b, facts


def test_a_shared_summand_is_set_aside_and_put_back():
    found = changed_part(Claim(plus(a, Variance(X)), plus(Expectation(power(X, 2)), a), facts()))
    assert found is not None
    part, lift = found
    assert (part.lhs, part.rhs) == (Variance(X), Expectation(power(X, 2)))
    assert same(lift(part.lhs), plus(a, Variance(X)))


def test_a_shared_scalar_factor_is_set_aside():
    found = changed_part(Claim(times(a, Expectation(X)), times(a, b), facts()))
    assert found is not None and found[0].rhs == b


def test_a_summand_that_occurs_twice_is_set_aside_once():
    found = changed_part(Claim(plus(X, X, Y), plus(X, b), facts()))
    assert found is not None and same(found[0].lhs, plus(X, Y)) and found[0].rhs == b


def test_nothing_shared():
    assert changed_part(Claim(plus(a, X), plus(b, Y), facts())) is None
    assert changed_part(Claim(X, Y, facts())) is None
