"""Distributions that words name, in given lines and in prose."""

import pytest

from derive.source import read_document
from tests.source.shown import shown

SENTENCES = {
    r"Let $X$ be normally distributed with mean $m$ and variance $v$.": ("Normal", "X", "m, v"),
    r"Let $X$ be a Gaussian random variable with zero mean and variance $v$.": ("Normal", "X", "0, v"),
    r"The noise $e$ is Gaussian with mean zero and unit variance.": ("Normal", "e", "0, 1"),
    r"$x$ is multivariate normal with mean $m$ and covariance matrix $S$.": ("Normal", "x", "m, S"),
    r"$X$ is normal with mean $m$ and standard deviation $s$.": ("Normal", "X", "m, s^2"),
    r"Let $m_1,\dots,m_d$ be i.i.d. Bernoulli random variables with success probability $p$.": ("Bernoulli", "m_{1}, ..., m_{d}", "p"),
    r"Let $N$ be a Poisson random variable with parameter $r$.": ("Poisson", "N", "r"),
    r"Suppose $T$ is exponential with rate $r$.": ("Exponential", "T", "r"),
    r"Suppose $T$ is exponentially distributed with mean $m$.": ("Exponential", "T", "[1 / m]"),
    r"$X$ is binomial with parameters $n$ and $p$.": ("Binomial", "X", "n, p"),
    r"$X$ has a gamma distribution with parameters $(a,b)$.": ("Gamma", "X", "a, b"),
    r"$U$ is uniformly distributed on $[0,1]$.": ("Uniform", "U", "0, 1"),
    r"$X$ is uniform over the interval $(a,b)$.": ("Uniform", "X", "a, b"),
}  # fmt: skip
NONE = [
    r"$X$ is not normal with mean $m$ and variance $v$.",
    r"If $X$ is normal with mean $m$ and variance $v$, we are done.",
    r"$X$ is independent of the normal variable with mean $m$ and variance $v$.",
    r"$X$ is normal.",
    r"$X$ is Bernoulli with mean.",
    r"$X$ is binomial with parameter $p$.",
    r"The normal equations with $X$ and $Y$ are solved.",
]


def laws(text: str) -> list[tuple[str, str, str]]:
    items = [s for s in read_document("x.md", text).items if s.kind == "distribution"]
    return [
        (s.word, *(", ".join(map(shown, part)).replace("{", "").replace("}", "") for part in s.parts)) for s in items
    ]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_distribution_that_words_name(sentence: str) -> None:
    word, subjects, parameters = SENTENCES[sentence]
    assert laws(sentence) == [(word, subjects.replace("{", "").replace("}", ""), parameters)]


@pytest.mark.parametrize("sentence", NONE)
def test_no_distribution(sentence: str) -> None:
    assert laws(sentence) == []


def test_in_a_given_block() -> None:
    text = "```given\n" + r"X_1, \dots, X_n \text{ iid normal with mean } m \text{ and variance } v" + "\n```\n"
    items = read_document("x.md", text).items
    assert {"distribution", "iid"} <= {s.kind for s in items}
