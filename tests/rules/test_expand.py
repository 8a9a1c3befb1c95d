"""Derivations that write themselves: the rules in a lecturer's order, each line true by the kernel."""

import pytest

from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim, Facts
from derive.language.terms import Covariance, Expectation, Index, Pow, Symbol, Term, Transpose, Variance, number
from derive.rules.compare import same
from derive.rules.construct import minus, plus, power, times
from derive.rules.expand import MOST_LINES, expand
from tests.rules import world as o
from tests.rules.world import A, X, Y, a, b, facts, noise, w, x

MEAN = times(power(o.n, -1), o.over("i", o.e("i")))
LOSS = Expectation(power(minus(o.inner(plus(x, noise), w), Y), 2))
DISTINCT = (Index("i"), Index("j"))


def names(term: Term, known: Facts) -> list[str]:
    return [line.rule for line in expand(term, known)]


def last(term: Term, known: Facts) -> Term:
    lines = expand(term, known)
    return lines[-1].term if lines else term


def test_the_lecture_on_noise():
    known = facts(o.independent("noise", ("x", "Y")), o.WHITE)
    lines = expand(LOSS, known)
    assert [line.rule for line in lines] == [
        "transpose", "group", "square", "linearity", "independence", "linearity",
        "zero-mean", "second-moment", "identity",
    ]  # fmt: skip
    loss = Expectation(power(minus(o.inner(x, w), Y), 2))
    assert same(lines[-1].term, plus(loss, times(o.alpha, Transpose(w), w)))
    assert lines[4].uses == ("noise ⊥ ('x', 'Y')",)


def test_noise_that_depends_on_the_label_keeps_its_cross_term():
    known = facts(o.independent("noise", "x"), o.WHITE)
    kept = times(number(-2), Expectation(times(Y, Transpose(noise))), w)
    assert any(same(kept, t) for t in last(LOSS, known).args)


def test_the_lecture_on_ensembles():
    known = facts(
        o.moment(Expectation(Pow(o.e("i"), number(2))), o.v),
        o.moment(Expectation(times(o.e("i"), o.e("j"))), o.c, DISTINCT),
    )
    result = last(Expectation(power(MEAN, 2)), known)
    assert same(result, times(power(o.n, -1), plus(o.v, times(minus(o.n, number(1)), o.c))))


def test_variance_of_the_mean():
    known = facts(o.independent("e"), o.moment(Variance(o.e("i")), o.sigma2))
    assert names(Variance(MEAN), known) == [
        "variance-scaling", "variance-of-sum", "given-moment", "sum-of-constant", "cancel",
    ]  # fmt: skip
    assert same(last(Variance(MEAN), known), times(power(o.n, -1), o.sigma2))


def test_variances_stay_variances():
    term = Variance(minus(times(a, X), times(b, Y)))
    assert same(
        last(term, facts()),
        plus(
            times(power(a, 2), Variance(X)),
            times(number(-2), a, b, Covariance(X, Y)),
            times(power(b, 2), Variance(Y)),
        ),
    )


def test_definitions_are_put_in_and_named_moments_kept():
    sum_of_two = o.defined(o.Z, plus(X, a))
    assert same(last(Expectation(o.Z), facts(sum_of_two)), plus(Expectation(X), a))
    known = facts(o.defined(o.Z, minus(X, Y)), o.moment(Expectation(power(o.Z, 2)), o.v))
    assert same(last(Expectation(power(minus(X, Y), 2)), known), o.v)


CASES = {
    "noise": (LOSS, facts(o.independent("noise", ("x", "Y")), o.WHITE)),
    "vectors": (Variance(plus(times(A, x), w)), facts()),
    "quadratic form": (Expectation(times(Transpose(noise), A, noise)), facts(o.WHITE)),
    "normal": (Expectation(power(plus(X, a), 4)), facts(o.normal(X, o.mu, o.sigma2))),
    "product": (Variance(times(X, Y)), facts(o.independent("X", "Y"))),
    "covariance": (Covariance(plus(X, Y), minus(X, Y)), facts()),
    "tower": (Expectation(times(X, Expectation(Y, (X,)))), facts()),
    "known": (Expectation(times(X, Y), (X,)), facts()),
    "mean of family": (Expectation(MEAN), facts(o.moment(Expectation(o.e("i")), o.mu))),
    "family": (Expectation(power(MEAN, 2)), facts(o.independent("e"), o.moment(Expectation(o.e("i")), o.mu))),
    "uncorrelated": (Variance(plus(X, Y)), facts(o.uncorrelated("X", "Y"))),
    "symbol": (Symbol("a"), facts()),
}


@pytest.mark.parametrize("thorough", [False, True], ids=["readable", "thorough"])
@pytest.mark.parametrize("name", CASES)
def test_every_line_is_true(name, thorough):
    term, known = CASES[name]
    lines = expand(term, known, thorough=thorough)
    assert len(lines) < MOST_LINES
    for line in lines:
        assert isinstance(prove(Claim(term, line.term, known)), Proof), line
        term = line.term


def test_nothing_to_do_gives_no_lines():
    assert expand(Expectation(X), facts()) == []
