"""Sentences in which a careless reader would find givens that nobody stated."""

import pytest

import derive
from derive.language.elaborate import elaborate
from derive.source import read_document

NEVER = {  # sentence: what must not be read
    r"Given data $X_1, \dots, X_n$, let $Y$ have mean $m$.": "E[Y] = m",
    r"Given the observed data $D$, the variables $U$ and $V$ are independent.": "U is independent of V",
    r"Let $X_1, \ldots, X_n$ be random variables with means $\mu_1, \ldots, \mu_n$.": "E[X_i] = μ_1",
    r"Let $X_1, \ldots, X_n$ be random variables with mean $a, b$.": "E[X_i] = a",
    r"Neither $X$ nor $Y$ has mean zero.": "E[Y] = 0",
    r"The errors $e_i$ have mean zero, constant variance $\sigma^2$ and are uncorrelated.": "e_i is constant",
    r"Suppose $x$ is a random vector with mean $\mu$ and covariance matrix $\Sigma$, and $A$ is a fixed matrix.": "x is constant",
    r"Assume $x$ has known covariance $\Sigma$.": "x is constant",
    r"Given $X = x$, the variable $Y$ is normal with mean $\beta x$ and variance $\sigma^2$.": "Y is normally",
    r"The variables $X_i$ and $X_j$ have covariance $c$, and each has variance $v$.": "Var(X_i) = c",
    r"Let $\bar X$ be the mean of $n$ independent copies of $X$.": "n and X",
    r"Let $u$ and $v$ be uncorrelated random vectors with covariance matrices $A$ and $B$.": "A and B are",
    r"Let $\theta$ be fixed, and let $\hat\theta$ be an unbiased estimator of $\theta$ with variance $v$.": "Var(θ) = v",
    r"Let $X_i$ be independent variables $X_i \sim \mathrm{Bern}(p)$ and $X = X_1 + X_2$.": "independent of X",
    r"Although $X$ and $Y$ are uncorrelated, they need not be independent.": "X is independent",
    r"Suppose $A$ is symmetric and $B$ is not.": "B is symmetric",
    r"We assume that $y$ is known to be noisy.": "y is constant",
    r"The vector $y$ is known only through $x$.": "y is constant",
    r"Let $X$ and $Y$ be independent only of $Z$.": "X is independent of Y",
    r"The variables $X$ and $Y$ are independent except at zero.": "X is independent",
    r"Without $X$ and $Y$ being independent, nothing holds.": "X is independent",
    r"Suppose for contradiction that $X$ and $Y$ are independent.": "X is independent",
    r"The estimator $T$ is asymptotically normal with mean $\theta$ and variance $v$.": "E[T] = θ",
    r"Consider a random sample $X_1, \dots, X_k$ of size $k$ from a distribution with mean $\mu$.": "E[k]",
    r"Let $X_i$, $i = 1, \dots, n$, be i.i.d. with mean $\mu$.": "E[i]",
    r"Let $X_1, \dots, X_n$ be a simple random sample.": "independent",
    r"Let $X_1, \dots, X_n$ be a random sample drawn without replacement.": "X_n are independent",
    r"Let $X_1, \dots, X_n$ and $Y_1, \dots, Y_m$ be random samples.": "Y_m are independent and identically distributed and",
    r"Let $x$ be a random sample.": "independent",
    r"Let $X_1, \dots, X_n$ be uncorrelated with $\mathrm{E}[X_i] = \mu$ for each $i$.": "E[X_i] are uncorrelated",
    r"Let $X \sim Bin(n, p)$ and $Y \sim Exp(1)$, not independent.": "independent",
    r"Let $X \sim Rest(n, p)$.": "binomial",
    r"Let $X_i$ be the indicator function that we study.": "X_i is 0 or 1",
    r"The sum of $n$ independent, bounded terms is small.": "independent",
}
READ = {  # sentence: what must be read
    r"Let $T_1, \dots, T_B$ have variance $v$ and pairwise correlation $\rho$.": "Corr(T_i, T_j) = ρ for i ≠ j",
    r"Let $X_1, \dots, X_n$ have equal variance $v$ and pairwise covariance $c$.": "Cov(X_i, X_j) = c for i ≠ j",
    r"Let $X_1$ and $X_2$ be two independent Poisson variables with rates $a$ and $b$.": "X_2 is Poisson distributed with rate b",
    r"Let $X, Y$ be exponential random variables with means $a$ and $b$.": "Y is exponentially distributed with rate 1/b",
    r"Let $X_1, \ldots, X_n$ be normal with means $m_1, \ldots, m_n$ and variances $v^2_1, \ldots, v^2_n$.": "mean m_i and variance v_i²",
    r"Let $X_1, \ldots, X_n$ be independent random variables with means $\mu_1, \ldots, \mu_n$.": "E[X_i] = μ_i",
    r"Let $X = [X_1, \ldots, X_n]$ be a set of i.i.d. random variables with unknown mean $\mu$.": "E[X_i] = μ",
    r"Let $X$ and $Y$ have means $\mu_X$, $\mu_Y$ and standard deviations $\sigma_X$, $\sigma_Y$.": "Var(Y) = σ_Y²",
    r"Let $X$ follow a Gamma distribution with shape $a$ and scale $b$.": "shape a and rate 1/b",
    r"Let $X$ be a random variable with mean $\mu$ and variance $v < \infty$.": "Var(X) = v",
    r"Suppose $x$ is a random vector with mean $\mu$ and covariance matrix $\Sigma$, and $A$ is a fixed matrix.": "A is constant",
    r"The errors $e_i$ have mean zero, constant variance $\sigma^2$ and are uncorrelated.": "Var(e_i) = σ²",
    r"The variables $X_i$ and $X_j$ have covariance $c$, and each has variance $v$.": "Cov(X_i, X_j) = c",
    r"Let $\theta$ be fixed, and let $\hat\theta$ be an unbiased estimator of $\theta$ with variance $v$.": "Var(θ̂) = v",
    r"Let $u$ and $v$ be uncorrelated random vectors with covariance matrices $A$ and $B$.": "Cov(v) = B",
    r"Consider a random sample $X_1, \dots, X_k$ of size $k$ from a distribution with mean $\mu$.": "E[X_i] = μ",
    r"Let $X_1, X_2, \dots, X_n$ be random variables, each having mean $\mu$.": "E[X_i] = μ",
    r"Let $X_1, \dots, X_n$ be a random sample.": "X_n are independent and identically",
    r"Let $(X_i)_{i=1}^n$ be i.i.d. with mean $\mu$.": "X_i are independent",
    r"Suppose $X_1, \ldots, X_n \in \mathbb{R}$ are drawn i.i.d. from a population.": "X_n are independent",
    r"Let $X_1, \dots, X_n$ be uncorrelated with $\mathrm{E}[X_i] = \mu$ for each $i$.": "X_n are uncorrelated",
    r"Let $X \sim Bin(n, p)$, $Y \sim Poisson(\lambda)$ indep.": "X is binomially",
    r"Let $X \sim Exp(2)$, $Y \sim Unif(0,1)$, independent.": "X is independent of Y",
    r"Let $X_i$ be the indicator of the event that person $i$ wins.": "X_i is 0 or 1",
    r"Let $X_1, \dots, X_n$ i.i.d. with mean $\mu$.": "E[X_i] = μ",
    r"We draw $X_1, \dots, X_n$ independently from $\mathcal{N}(\mu, \sigma^2)$.": "independent",
}


def readings(sentence):
    document = read_document("a.md", f"{sentence}\n\n$$ \\mathrm{{E}}[Q] = \\mathrm{{E}}[Q] $$\n")
    return [g.reading for g in elaborate(document).givens]


@pytest.mark.parametrize(("sentence", "wrong"), NEVER.items())
def test_never_read(sentence, wrong):
    assert not [r for r in readings(sentence) if wrong in r]


@pytest.mark.parametrize(("sentence", "right"), READ.items())
def test_read(sentence, right):
    assert [r for r in readings(sentence) if right in r]


def test_what_is_not_said_proves_nothing():
    text = "Neither $X$ nor $Y$ has mean zero.\n\n$$ \\mathrm{Var}(Y) = \\mathrm{E}[Y^2] $$\n"
    (step,) = derive.check(text, simulation=False).documents[0].derivations[0].steps
    assert step.verdict != "proved"


@pytest.mark.parametrize(
    "sentence",
    [
        r"Let $X_1, \dots, X_n$ be i.i.d. given $\theta$ with mean $\theta$ and variance $v$.",
        r"Let $X_1, \dots, X_n$ be i.i.d. with mean $\theta$ and variance $v$ given $\theta$.",
        r"Given $\theta$, let $X_1, \dots, X_n$ be i.i.d. with mean $\theta$ and variance $v$.",
        r"Given $\theta$, the $X_i$ are i.i.d. with mean $\theta$ and variance $v$.",
    ],
)
def test_moments_under_a_condition_hold_under_it_only(sentence):
    found = readings(sentence)
    assert "E[X_i |θ] = θ" in found and "Var(X_i |θ) = v" in found
    assert "E[X_i] = θ" not in found and "Var(X_i) = v" not in found
