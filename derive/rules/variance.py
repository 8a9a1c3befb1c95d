"""Chapter: variance, covariance and their relatives."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.language.terms import SCALAR, Correlation, Covariance, Expectation, Pow, Term, Variance
from derive.rules.compare import same
from derive.rules.construct import (
    expectation,
    integer_power,
    is_zero,
    minus,
    plus,
    power,
    terms_of,
    times,
    transposed,
    zero,
)
from derive.rules.context import Context
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule


@rule(
    "variance",
    title="Definition of the variance",
    statement=r"\operatorname{Var}(X) = \mathbb{E}[(X - \mathbb{E}[X])^2] = \mathbb{E}[X^2] - \mathbb{E}[X]^2",
    reason=(
        "The variance is the mean squared distance from the mean; multiplied out, it is the mean square "
        "minus the squared mean."
    ),
    conditions=(Condition("the second moment exists"),),
    example=Example((r"X \text{ random}",), r"\operatorname{Var}(X)", r"\mathbb{E}[X^2] - \mathbb{E}[X]^2"),
    misuse=Misuse(
        (r"X \text{ random}",),
        r"\operatorname{Var}(X)",
        r"\mathbb{E}[X^2]",
        "the squared mean is missing; the two agree only when E[X] = 0",
    ),
    heads=(Variance, Expectation),
    source="Casella & Berger, Statistical Inference, 2nd ed., Definition 2.3.2",
)
def variance(term: Term, context: Context):
    """Replaces a variance (of a vector: the covariance matrix) by moments; the variance of a constant is zero."""
    if isinstance(term, Expectation):
        split = _mean_square(term, context)
        if split is not None and is_zero(split.mean):
            yield Variance(split.random, term.given), ()
        return
    if not isinstance(term, Variance):
        return
    arg, given = term.arg, term.given
    if not context.is_random(arg):
        yield zero(term.shape), ()
        return
    mean = expectation(arg, given)
    if term.shape == SCALAR:
        yield minus(expectation(power(arg, 2), given), power(mean, 2)), ()
        yield expectation(power(minus(arg, mean), 2), given), ()
        return
    outer = times(arg, transposed(arg))
    yield minus(expectation(outer, given), times(mean, transposed(mean))), ()
    centred = minus(arg, mean)
    yield expectation(times(centred, transposed(centred)), given), ()


@rule(
    "covariance",
    title="Definition of the covariance",
    statement=(
        r"\operatorname{Cov}(X, Y) = \mathbb{E}[(X - \mathbb{E}[X])(Y - \mathbb{E}[Y])^\top] = "
        r"\mathbb{E}[XY^\top] - \mathbb{E}[X]\,\mathbb{E}[Y]^\top"
    ),
    reason="The covariance is the mean product of the distances from the two means.",
    conditions=(Condition("the second moments exist"),),
    example=Example(
        (r"X, Y \text{ random}",),
        r"\operatorname{Cov}(X, Y)",
        r"\mathbb{E}[XY] - \mathbb{E}[X]\,\mathbb{E}[Y]",
    ),
    misuse=Misuse(
        (r"X, Y \text{ random}",),
        r"\operatorname{Cov}(X, Y)",
        r"\mathbb{E}[XY]",
        "the product of the means is missing; the two agree only when one of the means is zero",
    ),
    heads=(Covariance,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Definition 4.5.1 and Theorem 4.5.3",
)
def covariance(term: Term, context: Context):
    """Replaces a covariance by moments; `Cov(X, X)` is `Var(X)`, and a covariance with a constant is zero."""
    if not isinstance(term, Covariance):
        return
    left, right, given = term.left, term.right, term.given
    if not (context.is_random(left) and context.is_random(right)):
        yield zero(term.shape), ()
        return
    if same(left, right):
        yield Variance(left, given), ()
    m, n = expectation(left, given), expectation(right, given)
    yield minus(expectation(times(left, transposed(right)), given), times(m, transposed(n))), ()
    yield expectation(times(minus(left, m), transposed(minus(right, n))), given), ()


@rule(
    "correlation",
    title="Definition of the correlation",
    statement=(
        r"\operatorname{Corr}(X, Y) = \frac{\operatorname{Cov}(X, "
        r"Y)}{\sqrt{\operatorname{Var}(X)\operatorname{Var}(Y)}}"
    ),
    reason="The correlation is the covariance measured in units of the two standard deviations.",
    conditions=(Condition("both variances are positive"),),
    example=Example(
        (r"X, Y \text{ random}",),
        r"\operatorname{Corr}(X, Y)",
        r"\frac{\operatorname{Cov}(X, Y)}{\sqrt{\operatorname{Var}(X)}\sqrt{\operatorname{Var}(Y)}}",
    ),
    misuse=Misuse(
        (r"X, Y \text{ random}",),
        r"\operatorname{Corr}(X, Y)",
        r"\frac{\operatorname{Cov}(X, Y)}{\operatorname{Var}(X)\operatorname{Var}(Y)}",
        "the denominator has standard deviations, not variances",
    ),
    heads=(Correlation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Definition 4.5.2",
)
def correlation(term: Term, context: Context):
    """Replaces a correlation by the covariance over the two standard deviations."""
    if isinstance(term, Correlation):
        half = Fraction(-1, 2)
        spread = [power(Variance(t, term.given), half) for t in (term.left, term.right)]
        yield times(Covariance(term.left, term.right, term.given), *spread), ()


@rule(
    "bias",
    title="Definition of the bias",
    statement=r"\operatorname{Bias}(T) = \mathbb{E}[T] - \theta",
    reason="The bias is how far an estimator is off on average.",
    conditions=(Condition("θ is the constant that T estimates"),),
    example=Example(
        (r"T \text{ random}", r"\theta \text{ constant}"),
        r"\operatorname{Bias}(T, \theta)",
        r"\mathbb{E}[T] - \theta",
    ),
    misuse=Misuse(
        (r"T \text{ random}", r"\theta \text{ constant}"),
        r"\operatorname{Bias}(T, \theta)^2",
        r"\mathbb{E}[(T - \theta)^2]",
        "the mean squared error also contains the variance of T",
    ),
    heads=(),
    source="Casella & Berger, Statistical Inference, 2nd ed., Definition 7.3.2",
    notation=True,
)
def bias(term: Term, context: Context):
    """Reads `Bias(T, θ)` as `E[T] − θ`."""
    return ()


@rule(
    "mse",
    title="Mean squared error",
    statement=(
        r"\operatorname{MSE}(T) = \mathbb{E}[(T - \theta)^2] = \operatorname{Var}(T) + (\mathbb{E}[T] - "
        r"\theta)^2"
    ),
    reason=(
        "The mean squared distance from θ is the variance around the mean plus the squared distance of the mean from θ."
    ),
    conditions=(Condition("θ is constant", r"\theta \text{ constant}", instead=r"\theta \text{ random}"),),
    example=Example(
        (r"T \text{ random}", r"\theta \text{ constant}"),
        r"\mathbb{E}[(T - \theta)^2]",
        r"\operatorname{Var}(T) + (\mathbb{E}[T] - \theta)^2",
    ),
    misuse=Misuse(
        (r"T, \theta \text{ random}",),
        r"\mathbb{E}[(T - \theta)^2]",
        r"\operatorname{Var}(T) + (\mathbb{E}[T] - \mathbb{E}[\theta])^2",
        "when θ is random, its variance and the covariance with T enter as well",
    ),
    heads=(Expectation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Section 7.3.1",
)
def mse(term: Term, context: Context):
    """Splits the mean squared distance from a constant, not the mean, into the variance and the squared bias."""
    split = _mean_square(term, context)
    if split is not None and split.fixed and not is_zero(split.mean):
        yield plus(Variance(split.random, term.given), power(split.mean, 2)), ()


@rule(
    "mean-square",
    title="Variance plus squared mean",
    statement=r"\mathbb{E}[X^2] = \operatorname{Var}(X) + \mathbb{E}[X]^2",
    reason="The mean square is the variance plus the square of the mean.",
    conditions=(Condition("the second moment exists"),),
    example=Example((r"X \text{ random}",), r"\mathbb{E}[X^2]", r"\operatorname{Var}(X) + \mathbb{E}[X]^2"),
    misuse=Misuse(
        (r"X \text{ random}",),
        r"\mathbb{E}[X^2]",
        r"\mathbb{E}[X]^2",
        "the variance is missing; the two agree only when X is constant",
    ),
    heads=(Expectation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., equation (2.3.1)",
)
def mean_square(term: Term, context: Context):
    """Splits a mean square into the variance and the squared mean."""
    split = _mean_square(term, context)
    if split is not None and not split.fixed:
        yield plus(Variance(split.random, term.given), power(split.mean, 2)), ()


@dataclass(frozen=True)
class _Square:
    """E[(random + fixed)²]: what is random, whether anything else stands beside it, and the mean of both."""

    random: Term
    fixed: bool
    mean: Term


def _mean_square(term: Term, context: Context) -> _Square | None:
    if not (isinstance(term, Expectation) and isinstance(term.arg, Pow) and integer_power(term.arg)[1] == 2):
        return None
    parts = terms_of(term.arg.base)
    random = [t for t in parts if context.is_random(t)]
    fixed = [t for t in parts if not context.is_random(t)]
    if not random:
        return None
    means = plus(*(expectation(t, term.given) for t in random))
    mean = zero(SCALAR) if same(means, minus(zero(SCALAR), plus(*fixed))) else plus(means, *fixed)
    return _Square(plus(*random), bool(fixed), mean)


@rule(
    "standard-deviation",
    title="Definition of the standard deviation",
    statement=r"\operatorname{sd}(X) = \sqrt{\operatorname{Var}(X)}",
    reason="The standard deviation measures spread in the units of X itself.",
    conditions=(Condition("the variance exists"),),
    example=Example((r"X \text{ random}",), r"\operatorname{sd}(X)^2", r"\operatorname{Var}(X)"),
    misuse=Misuse(
        (r"X, Y \text{ random}", r"X \perp Y"),
        r"\operatorname{sd}(X + Y)",
        r"\operatorname{sd}(X) + \operatorname{sd}(Y)",
        "variances of independent variables add, standard deviations do not",
    ),
    heads=(),
    source="Casella & Berger, Statistical Inference, 2nd ed., Definition 2.3.2",
    notation=True,
)
def standard_deviation(term: Term, context: Context):
    """Reads `sd(X)` as the square root of the variance."""
    return ()


@rule(
    "probability",
    title="A probability is the mean of an indicator",
    statement=r"\Pr(A) = \mathbb{E}[\mathbf{1}\{A\}]",
    reason="The indicator is one with probability Pr(A) and zero otherwise, so its mean is Pr(A).",
    conditions=(Condition("A is an event"),),
    example=Example(
        (r"X \text{ random}", r"c \text{ constant}"), r"\Pr(X \le c)", r"\mathbb{E}[\mathbf{1}\{X \le c\}]"
    ),
    misuse=Misuse(
        (r"X, Y \text{ random}", r"c \text{ constant}"),
        r"\mathbb{E}[\mathbf{1}\{X \le c\} \mathbf{1}\{Y \le c\}]",
        r"\Pr(X \le c) \Pr(Y \le c)",
        "the probability of both is the product only for independent events",
    ),
    heads=(),
    source="Wasserman, All of Statistics, Section 3.1",
    notation=True,
)
def probability(term: Term, context: Context):
    """Reads `Pr(A)` as the expectation of the indicator of A."""
    return ()


RULES = chapter_rules(globals())
