"""“The sample mean” is the mean of the list that fits; of no list, or of two, it is nothing."""

import pytest

from derive.language.elaborate import elaborate
from derive.source import read_document

LIST = r"Let $X_1, \dots, X_n$ be i.i.d. with mean $\mu$"
MEAN = "X̄_n = 1/n Σ_(i=1)^n X_i"


def readings(sentence):
    document = read_document("a.md", f"{sentence}\n\n$$ \\mathrm{{E}}[\\bar X_n] = \\mu $$\n")
    return [g.reading for g in elaborate(document).givens]


@pytest.mark.parametrize(
    "words",
    [
        r", and let $\bar X_n$ denote the sample mean.",
        r". The sample mean $\bar X_n$ is an estimator of $\mu$.",
        r", and $\bar X_n$ the sample mean.",
        r", where $\bar X_n$ is the empirical average of the data.",
        r". Let $Y_1, \dots, Y_m$ be given too, and let $\bar X_n$ be the sample mean.",
    ],
)
def test_the_mean_of_the_list(words):
    assert MEAN in readings(LIST + words)


@pytest.mark.parametrize(
    "sentence",
    [
        LIST + r". Then $\bar X_n$ is not the sample mean.",
        LIST + r", and let $\bar X_n$ be the sample mean of the first half.",
        LIST + r", and let $\bar X_k$ be the sample mean.",
        r"Let $Y_1, \dots, Y_n$ be i.i.d. with mean $\mu$ and let $\bar X_n$ be the sample mean.",
        r"Let $\bar X_n$ be the sample mean.",
        LIST + r", and let $M$ be the sample mean.",
    ],
)
def test_no_list_no_mean(sentence):
    assert not [r for r in readings(sentence) if "Σ" in r]
