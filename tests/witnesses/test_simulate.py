"""The Monte-Carlo witness: true claims agree, false ones alarm, and the statistics are what they say."""

from __future__ import annotations

import doctest
import importlib
import math
from fractions import Fraction

import numpy as np
import pytest

from benchmarks.soundness import claims_of
from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.sim_statistics import Running, holm, normal_score, tail, threshold
from derive.witnesses.simulate import Abstention, SimulationResult, simulate, simulate_many
from tests.witnesses.sim_builders import (
    Cov,
    E,
    I,
    J,
    N,
    T,
    Var,
    compare,
    constant,
    define,
    facts,
    fn,
    function,
    has,
    identical,
    independent,
    mat,
    minus,
    moment,
    number,
    over,
    plus,
    power,
    random,
    s,
    times,
    total,
    uncorrelated,
    vec,
    zero,
)  # fmt: skip

x, y, z, w = s("x"), s("y"), s("z"), s("w")
a, b, c, p, v, mu, sigma, alpha = (s(k) for k in ("a", "b", "c", "p", "v", "mu", "sigma", "alpha"))
xi, xj, yi, ei = s("x", I), s("x", J), s("y", I), s("e", I)
vx, vn, vw, va = vec("x"), vec("n"), vec("w"), vec("a")
A, B, S = mat("A"), mat("B"), mat("S")
iid = (independent("x", each=True), identical("x"))
normal = has(x, "Normal", mu, power(sigma, 2))
SAMPLES = 20_000


def claim(lhs: t.Term, rhs: t.Term, given: f.Facts, *distinct: tuple[t.Index, t.Index]) -> f.Claim:
    return f.Claim(lhs, rhs, given, distinct)


def run(lhs: t.Term, rhs: t.Term, given: f.Facts, *distinct, samples: int = SAMPLES) -> SimulationResult:
    result = simulate(claim(lhs, rhs, given, *distinct), samples=samples)
    assert isinstance(result, SimulationResult), result
    return result


square = lambda term: power(term, 2)  # noqa: E731
residual = plus(times(T(vx), vw), minus(y))
noisy = plus(times(T(plus(vx, vn)), vw), minus(y))
noise = facts(
    random(vx, vn, y) | constant(vw, alpha),
    has(vn, "Normal", zero(), times(alpha, t.Identity("m"))),
    independent("n", ("x", "y")),
)
errors = facts(random(ei) | constant(v, c), moment(E(square(ei)), v), moment(E(times(ei, s("e", J))), c, (I, J)))
mean_error = times(over(N), total(ei))
mean_x = times(over(N), total(xi))
two = facts(random(x, y) | constant(a, b, mu, sigma))
apart = facts(random(x, y) | constant(a, b), independent("x", "y"))
gaussian = facts(random(x) | constant(mu, sigma), normal)
sample = facts(random(xi) | constant(mu, v), *iid, moment(E(xi), mu), moment(Var(xi), v))
matrix = facts(random(vx) | constant(va, A, B, vec("mu"), S), moment(E(vx), vec("mu")), moment(Var(vx), S))
coin = facts(random(x) | constant(p), has(x, "Bernoulli", p))

TRUE = {
    "noise is weight decay": (E(square(noisy)), plus(E(square(residual)), times(alpha, T(vw), vw)), noise),
    "ensemble": (E(square(mean_error)), plus(times(v, over(N)), times(plus(N, number(-1)), over(N), c)), errors),
    "variance as moments": (Var(x), plus(E(square(x)), minus(square(E(x)))), two),
    "variance as defined": (Var(x), E(square(plus(x, minus(E(x))))), two),
    "covariance as defined": (Cov(x, y), E(times(plus(x, minus(E(x))), plus(y, minus(E(y))))), two),
    "variance of a sum": (Var(plus(x, y)), plus(Var(x), Var(y), times(2, Cov(x, y))), two),
    "variance of a sum, independent": (Var(plus(x, y)), plus(Var(x), Var(y)), apart),
    "product, independent": (E(times(square(x), y)), times(E(square(x)), E(y)), apart),
    "product, uncorrelated": (E(times(x, y)), times(E(x), E(y)), facts(random(x, y), uncorrelated("x", "y"))),
    "affine": (Var(plus(times(a, x), b)), times(square(a), Var(x)), two),
    "correlation": (t.Correlation(x, y), times(Cov(x, y), power(times(Var(x), Var(y)), Fraction(-1, 2))), two),
    "sample mean": (Var(mean_x), times(over(N), v), sample),
    "sample variance": (
        E(times(over(plus(N, number(-1))), total(square(plus(xi, minus(times(over(N), total(xj, "j")))))))), v, sample,
    ),
    "fourth moment of a normal": (E(power(plus(x, minus(mu)), 4)), times(3, power(sigma, 4)), gaussian),
    "log-normal mean": (E(fn("exp", x)), fn("exp", plus(mu, times(power(number(2), -1), square(sigma)))), gaussian),
    "logarithms of something positive": (E(fn("log", square(x))), times(2, E(fn("log", x))), two),
    "definitions in a circle": (
        times(a, b), number(1), facts(constant(a, b), define(a, over(b)), define(b, over(a))),
    ),
    "idempotent coin": (E(power(x, 3)), p, coin),
    "quadratic form": (
        E(times(T(vx), A, vx)), plus(t.Trace(times(A, S)), times(T(vec("mu")), A, vec("mu"))), matrix,
    ),
    "covariance of an image": (Var(times(A, vx)), times(A, S, T(A)), matrix),
    "cross covariance": (Cov(times(A, vx), times(B, vx)), times(A, S, T(B)), matrix),
    "norm": (E(t.SquaredNorm(vx)), E(t.Trace(times(vx, T(vx)))), matrix),
    "tower": (E(E(y, x)), E(y), two),
    "total variance": (Var(y), plus(E(Var(y, x)), Var(E(y, x))), two),
    "taking out what is known": (E(times(x, y), x), times(x, E(y, x)), two),
    "independence, conditional": (E(y, x), E(y), apart),
    "probability": (E(t.Indicator("<", x, a)), plus(number(1), minus(E(t.Indicator("\\ge", x, a)))), two),
    "gradient of a mean": (
        t.Derivative(E(square(residual)), vw), times(2, E(times(residual, vx))), noise,
    ),
    "second derivative": (
        t.Derivative(t.Entry(t.Derivative(times(T(vw), A, vw), vw), t.Index(None, 1)), vw),
        t.Line(plus(A, T(A)), t.Index(None, 1)), facts(constant(vw, A)),
    ),
    "chain rule": (
        t.Derivative(E(square(fn("g", times(a, x)))), a),
        E(times(2, fn("g", times(a, x)), t.Function("g", (times(a, x),), order=1), x)),
        facts(random(x) | constant(a) | function("g")),
    ),
    "unknown function of independent": (
        E(times(fn("g", x), y)), times(E(fn("g", x)), E(y)),
        facts(random(x, y) | function("g"), independent("x", "y")),
    ),
    "given mean of a function": (E(times(2, fn("g", x))), times(2, mu), facts(
        random(x) | constant(mu) | function("g"), moment(E(fn("g", x)), mu))),
    "defined function": (
        plus(fn("f", a), minus(square(a))), plus(E(square(x)), times(-2, a, E(x))),
        facts(random(x) | constant(a, w) | function("f"), define(fn("f", w), E(square(plus(x, minus(w)))))),
    ),
    "transpose": (times(T(vx), A, va), times(T(va), T(A), vx), matrix),
    "inverse": (t.Inverse(times(A, B)), times(t.Inverse(B), t.Inverse(A)), matrix),
    "determinant": (t.Determinant(times(A, B)), times(t.Determinant(A), t.Determinant(B)), matrix),
    "double sum": (
        total(t.Sum("j", t.one_to("n"), times(ei, s("e", J)), (I,))),
        plus(square(total(ei)), minus(total(square(ei)))), errors,
    ),
    "sum over outcomes": (
        E(x), t.SupportSum(s("k"), number(0), number(1), times(
            s("k"), t.Pow(p, s("k")), t.Pow(plus(number(1), minus(p)), plus(number(1), minus(s("k")))))),
        coin,
    ),
    "blocks": (
        Var(t.Matrix(((vx,), (y,)))), t.Matrix(((Var(vx), Cov(vx, y)), (Cov(y, vx), Var(y)))), facts(random(vx, y)),
    ),
    "kronecker": (times(t.Kronecker(A, B), t.Kronecker(S, A)), t.Kronecker(times(A, S), times(B, A)), matrix),
}  # fmt: skip

FALSE = {
    "noise, wrong power": (E(square(noisy)), plus(E(square(residual)), times(square(alpha), T(vw), vw)), noise),
    "noise that depends on y": (
        E(square(noisy)), plus(E(square(residual)), times(alpha, T(vw), vw)),
        facts(noise.symbols, noise.givens[0], independent("n", "x")),
    ),
    "ensemble, off by one": (E(square(mean_error)), plus(times(v, over(N)), times(plus(N, number(-2)), over(N), c)), errors),
    "square of a mean": (E(square(x)), square(E(x)), two),
    "variance of a sum": (Var(plus(x, y)), plus(Var(x), Var(y)), two),
    "variance of a multiple": (Var(times(a, x)), times(a, Var(x)), two),
    "product": (E(times(x, y)), times(E(x), E(y)), two),
    "uncorrelated squares": (
        E(times(square(x), y)), times(E(square(x)), E(y)), facts(random(x, y), uncorrelated("x", "y"))
    ),
    "pairwise triple": (
        E(times(x, y, z)), times(E(x), E(y), E(z)), facts(random(x, y, z), independent("x", "y", "z", pairwise=True))
    ),
    "sample variance with n": (
        E(times(over(N), total(square(plus(xi, minus(times(over(N), total(xj, "j")))))))), v, sample,
    ),
    "fourth moment without normality": (
        E(power(plus(x, minus(mu)), 4)), times(3, power(sigma, 4)),
        facts(random(x) | constant(mu, sigma), has(x, "Moments", mu, square(sigma))),
    ),
    "order of factors": (times(A, B), times(B, A), matrix),
    "asymmetric": (times(T(va), A), times(T(va), T(A)), matrix),
    "conditional mean": (E(y, x), E(y), two),
    "total variance without the second part": (Var(y), E(Var(y, x)), two),
    "conditional mean zero is not independence": (
        E(times(square(s("e")), x)), times(E(square(s("e"))), E(x)),
        facts(random(x, s("e")), moment(E(s("e"), x), number(0))),
    ),
    "exponential": (E(fn("exp", x)), fn("exp", E(x)), two),
    "pointwise": (plus(x, y), plus(x, times(2, y)), two),
    "numbers": (times(a, b), plus(a, b), two),
    "free indices may coincide": (E(times(xi, xj)), square(mu), sample),
    "gradient without the factor": (t.Derivative(E(square(residual)), vw), E(times(residual, vx)), noise),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_true_claims_agree(name):
    result = run(*TRUE[name])
    assert result.agree and abs(result.z) < 5
    assert result.detectable > 0 or result.lhs_error == 0


@pytest.mark.parametrize("name", FALSE)
def test_false_claims_alarm(name):
    result = run(*FALSE[name])
    assert not result.agree and abs(result.z) > threshold(1e-9)


def test_distinct_free_indices():
    assert run(E(times(xi, xj)), square(mu), sample, (I, J)).agree


def test_conditional_mean_zero():
    e = s("e")
    given = facts(random(x, e), moment(E(e, x), number(0)))
    assert run(E(times(e, power(x, 2))), number(0), given).agree


# -- what it abstains from -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lhs", "rhs", "given", "reason"),
    [
        (E(fn("log", minus(square(x)))), a, two, "not finite"),
        (E(y, x), E(y), facts(random(x, y), has(x, "Normal", number(0), number(1))), "too many values"),
        (x, y, facts(random(x, y), moment(Var(x), number(-1))), "the given"),
        (E(x), a, facts(random(x) | constant(a), compare(a, ">", number(1)), compare(a, "<", number(0))), "comparisons"),
        (t.Derivative(fn("floor", a), a), number(0), two, "derivative"),
        (t.Inverse(plus(A, minus(A))), A, matrix, "singular"),
    ],
)  # fmt: skip
def test_abstentions_say_why(lhs, rhs, given, reason):
    result = simulate(claim(lhs, rhs, given), samples=2000)
    assert isinstance(result, Abstention) and reason in result.reason


def test_deep_nesting_is_no_crash():
    term: t.Term = x
    for _ in range(5000):
        term = t.Transpose(term)
    assert isinstance(simulate(claim(E(term), E(x), two), samples=1000), Abstention)


def test_a_needless_given_of_other_symbols_is_left_out():
    given = facts(random(x, y), moment(Var(y), number(-1)))
    assert run(E(times(2, x)), times(2, E(x)), given).agree


# -- statistics ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (Var(x), square(sigma)),
        (square(E(x)), square(mu)),
        (times(E(power(x, 3)), E(x)), times(plus(power(mu, 3), times(3, mu, square(sigma))), mu)),
        (E(square(x)), plus(square(mu), square(sigma))),
    ],
)
def test_scores_are_standard_normal_whatever_the_function_of_means(lhs, rhs):
    """No bias and the right error: over many seeds the scores have mean 0 and variance 1."""
    scores = [simulate(claim(lhs, rhs, gaussian), samples=4000, seed=k).z for k in range(60)]
    assert abs(np.mean(scores)) < 4 / math.sqrt(60)
    assert 0.6 < np.std(scores) < 1.4


def test_what_is_detectable_is_detected():
    quiet = run(E(x), mu, gaussian)
    shifted = run(E(x), plus(mu, number(Fraction(1.5 * quiet.detectable).limit_denominator(10**9))), gaussian)
    hidden = run(E(x), plus(mu, number(Fraction(0.2 * quiet.detectable).limit_denominator(10**9))), gaussian)
    assert not shifted.agree and hidden.agree


def test_errors_are_those_of_the_mean():
    given = facts(random(x), has(x, "Normal", number(1), number(4)))
    result = run(E(x), number(1), given)
    assert result.lhs_error == pytest.approx(2 / math.sqrt(result.samples), rel=0.15)
    assert result.rhs_error == pytest.approx(0, abs=1e-12)


def test_equal_calls_give_equal_answers_and_seeds_differ():
    first, again, other = (simulate(claim(E(x), mu, gaussian), samples=2000, seed=k) for k in (4, 4, 5))
    assert first == again and first.trace == again.trace and first.z != other.z


def test_an_alarm_is_repeated_with_ten_times_the_samples():
    result = run(*FALSE["square of a mean"], samples=2000)
    assert result.samples >= 20_000
    assert run(*TRUE["variance as moments"], samples=2000).samples < 3000


def test_a_document_is_tested_as_a_family():
    lines = [
        claim(*TRUE["affine"]),
        claim(*FALSE["square of a mean"]),
        claim(E(fn("log", minus(square(x)))), a, two),
        claim(*TRUE["tower"]),
    ]
    results = simulate_many(lines, samples=4000)
    assert [isinstance(r, Abstention) for r in results] == [False, False, True, False]
    assert [r.agree for r in results if isinstance(r, SimulationResult)] == [True, False, True]
    assert simulate_many([]) == []


def test_precision_stops_early_and_progress_is_told():
    seen: list[tuple[int, int]] = []
    result = simulate(
        claim(E(x), mu, gaussian),
        samples=2_000_000,
        precision=0.01,
        progress=lambda done, all_: seen.append((done, all_)),
    )
    assert isinstance(result, SimulationResult) and result.samples < 1_000_000 and result.difference_error <= 0.01
    assert [n for n, _ in seen] == sorted({n for n, _ in seen}) and len({m for _, m in seen}) == 1
    assert seen[-1][0] == result.samples


def test_the_trace_ends_with_the_result():
    result = run(*TRUE["noise is weight decay"])
    samples = [point[0] for point in result.trace]
    assert samples == sorted(set(samples)) and samples[-1] == result.samples and len(samples) > 20
    assert result.trace[-1][1:6] == pytest.approx(
        (result.lhs, result.lhs_error, result.rhs, result.rhs_error, result.difference)
    )


def test_too_few_samples_are_an_error_of_the_caller():
    with pytest.raises(ValueError, match="at least"):
        simulate(claim(E(x), mu, gaussian), samples=10)


def test_running_sums_combine_exactly():
    rng = np.random.default_rng(0)
    batches = rng.normal(1e6, 1.0, (500, 3))
    running = Running()
    for part in np.split(batches, [7, 100, 101, 450]):
        running.add(part)
    assert np.allclose(running.mean, batches.mean(axis=0))
    assert np.allclose(running.error, batches.std(axis=0, ddof=1) / math.sqrt(500))


def test_one_batch_that_decides_everything_is_seen():
    running = Running()
    running.add(np.r_[np.zeros(999), 1e6][:, None])
    assert running.dominance[0] > 0.9


def test_heavy_tails_lead_to_no_alarm():
    """The mean of exp(6 x) for a standard normal x is never seen in a sample."""
    given = facts(random(x), has(x, "Normal", number(0), number(36)))
    result = simulate(claim(E(fn("exp", x)), fn("exp", number(18)), given), samples=20_000)
    assert isinstance(result, Abstention) or result.agree


def test_tails_and_thresholds():
    assert tail(threshold(1e-9)) == pytest.approx(1e-9, rel=1e-6)
    assert abs(normal_score(-7.0, 50)) < 7 and normal_score(-7.0, 50) < 0
    assert holm([0.5, 1e-10, 3e-10, 1e-3], 1e-9) == [False, True, True, False]


@pytest.mark.parametrize("name", ["arrays", "sim_functions", "sim_laws", "sim_statistics"])
def test_examples_in_docstrings(name):
    outcome = doctest.testmod(importlib.import_module(f"derive.witnesses.{name}"))
    assert outcome.attempted and not outcome.failed


PAGES = {
    "inverse of an idempotent matrix": (
        "A \\in \\mathbb{R}^{n \\times n}\nA \\text{ idempotent}",
        r"(A^{-1})^\top = (A^\top)^{-1}",
    ),
    "copies": (
        "X, Y \\text{ iid}\n(X, Y) \\perp Z",
        r"\mathbb{E}[Y Z^3 \mid X] - \operatorname{Cov}(X, X Y) = \mathbb{E}[Y Z^3] - \operatorname{Cov}(X, X Y)",
    ),
}


def simulated(name):
    given, equation = PAGES[name]
    (one,) = claims_of(f"```given\n{given}\n```\n\n$$\n{equation}\n$$\n", "page.md")
    return simulate(one, samples=SAMPLES)


def test_a_matrix_that_only_rounding_makes_invertible_is_abstained_from():
    outcome = simulated("inverse of an idempotent matrix")
    assert isinstance(outcome, Abstention) and "singular" in outcome.reason


def test_a_copy_of_what_a_condition_fixes():
    outcome = simulated("copies")
    assert isinstance(outcome, Abstention) or outcome.agree
