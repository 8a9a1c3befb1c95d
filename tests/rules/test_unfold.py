"""Proved steps taken apart: every line true, the last one the right side, and each line one rule."""

import pytest

from derive import library
from derive.judge.check import check_texts
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.terms import Covariance, Expectation, Pow, Term, Transpose, Variance, number
from derive.rules.book import RULES
from derive.rules.construct import ONE, minus, plus, power, times
from derive.rules.unfold import unfold
from tests.rules import world as o
from tests.rules.test_expand import DISTINCT, LOSS, MEAN
from tests.rules.world import X, Y, a, b, facts, w, x

ENSEMBLE = facts(
    o.moment(Expectation(Pow(o.e("i"), number(2))), o.v),
    o.moment(Expectation(times(o.e("i"), o.e("j"))), o.c, DISTINCT),
)
TWO_TERMS = plus(times(power(o.n, -1), o.v), times(minus(o.n, ONE), power(o.n, -1), o.c))
STEPS: dict[str, tuple[Term, Term, object]] = {
    "one rule": (Variance(plus(times(a, X), b)), times(power(a, 2), Variance(X)), facts()),
    "definition": (Variance(X), minus(Expectation(power(X, 2)), power(Expectation(X), 2)), facts()),
    "reversed": (minus(Expectation(times(X, Y)), times(Expectation(X), Expectation(Y))), Covariance(X, Y), facts()),
    "three rules": (Expectation(times(X, minus(Y, Expectation(Y)))), Covariance(X, Y), facts()),
    "variance of normal": (
        Expectation(power(minus(X, o.mu), 2)), o.sigma2, facts(o.normal(X, o.mu, o.sigma2)),
    ),
    "noise": (
        LOSS,
        plus(Expectation(power(minus(o.inner(x, w), Y), 2)), times(o.alpha, Transpose(w), w)),
        facts(o.independent("noise", ("x", "Y")), o.WHITE),
    ),
    "ensemble": (Expectation(power(MEAN, 2)), TWO_TERMS, ENSEMBLE),
    "turned": (o.inner(x, w), o.inner(w, x), facts()),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_steps_unfold(name):
    lhs, rhs, known = STEPS[name]
    lines = unfold(Claim(lhs, rhs, known))
    assert lines and lines[-1].term == rhs
    for line in lines:
        assert line.rule in RULES
        assert isinstance(prove(Claim(lhs, line.term, known)), Proof), line
        lhs = line.term


def test_a_single_rule_stays_a_single_line():
    lhs, rhs, known = STEPS["one rule"]
    assert [line.rule for line in unfold(Claim(lhs, rhs, known))] == ["variance-scaling"]


def test_a_false_step_does_not_unfold():
    assert unfold(Claim(Expectation(times(X, Y)), times(Expectation(X), Expectation(Y)), facts()), visits=20) is None


def test_the_search_is_bounded():
    sums = plus(*(times(number(k), X, power(Y, k)) for k in range(1, 12)))
    assert unfold(Claim(Expectation(power(sums, 2)), o.v, facts()), visits=6) is None


@pytest.mark.parametrize("name", library.names())
def test_every_proved_step_of_the_library_unfolds(name: str) -> None:
    (report,) = check_texts([(name, library.text(name))], simulation=False, detail=True).documents
    proved = [s for d in report.derivations for s in d.steps if s.verdict == "proved"]
    assert [s.line for s in proved if not s.detail] == []
