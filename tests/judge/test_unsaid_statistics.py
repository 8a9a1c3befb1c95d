"""Statistics and facts that a page takes for granted: the step needs them, it is not wrong."""

import pytest

import derive


def steps(text):
    report = derive.check(text, simulation=False)
    return [s for d in report.documents for c in d.derivations for s in c.steps]


SAMPLE = r"Let $X_1, \dots, X_n$ be i.i.d. with mean $\mu$ and variance $\sigma^2$."
MODEL = r"Let $y = X\beta + \varepsilon$ with $E[\varepsilon] = 0$ and $\operatorname{Cov}(\varepsilon) = \sigma^2 I$."
COIN = r"Let $X_i \in \{0, 1\}$ be random."
NEEDED = [
    (SAMPLE, r"E[S^2] = \sigma^2", r"S^2 = \frac{1}{n - 1}"),
    (SAMPLE, r"E[(n-1)s^2] = (n-1)\sigma^2", r"s^2 = \frac{1}{n - 1}"),
    (SAMPLE, r"E[s_X^2] = \sigma^2", r"s_X^2 = \frac{1}{n - 1}"),
    (SAMPLE, r"E[\hat\sigma^2] = \frac{n-1}{n}\sigma^2", r"\hat{\sigma}^2 = \frac{1}{n}"),
    (SAMPLE, r"E[S_{xx}] = (n-1)\sigma^2", r"S_{xx} = \sum"),
    ("", r"\sum_{i=1}^n (x_i - \bar x)^2 = (n-1)s_x^2", r"s_x^2 = \frac{1}{n - 1}"),
    ("", r"\sum_{i=1}^n (x_i - \bar x)(y_i - \bar y) = S_{xy}", None),
    ("", r"\frac{\sum_{i=1}^n (x_i - \bar x)(y_i - \bar y)}{n-1} = 2 s_{xy} - s_{xy}", r"s_{xy} = \frac{1}{n - 1}"),
    ("", r"\sum_{i=1}^n (x_i - \bar x) y_i + S_{xx} = S_{xy} + S_{xx}", r"S_{xy} = \sum"),
    (MODEL, r"E[\hat\beta] = \beta", r"\hat{\beta} = (X^\top X)^{-1} X^\top y"),
    (MODEL, r"\operatorname{Cov}(\hat\beta) = \sigma^2(X^\top X)^{-1}", r"\hat{\beta} = (X^\top X)^{-1} X^\top y"),
    (COIN, r"P(X_i = 1) = \frac1n", r"\mathbb{E}[\mathbf{1}\{X_i = 1\}] = \frac{1}{n}"),
    ("Let $T$ be random.", r"E[T] = \frac{1}{3}", r"\mathbb{E}[T] = \frac{1}{3}"),
    ("Let $T$ be random.", r"\operatorname{Var}(T) = \frac{a}{b}", r"\operatorname{Var}(T) = \frac{a}{b}"),
]
WRONG = [
    (
        SAMPLE + r" Let $\bar X = \frac1n\sum_{i=1}^n X_i$ and $S^2 = \frac1n\sum_{i=1}^n (X_i - \bar X)^2$.",
        r"E[S^2] = \sigma^2",
    ),
    (COIN, "P(X_i = 1) = 2"),
    ("Let $T$ be random.", r"\operatorname{Var}(T) = -1"),
    ("Let $T$ be random.", "E[T^2] = -1"),
    ("Let $T$ be random with mean $m$.", "E[T] = m + 1"),
    (r"Let $T \sim N(0, 1)$.", "E[T^4] = 4"),
    ("Let $T$ be random.", "E[T^2] = E[T]"),
    (
        r"Let $b_i \sim \mathrm{Bernoulli}(q)$.",
        r"\sum_{i=1}^n E[b_i] = \sum_{i=1}^n \sum_{b_i=0}^1 2 b_i q^{b_i}(1-q)^{1-b_i}",
    ),
    (SAMPLE, r"\sum_{i=1}^n (X_i - \bar X)^2 = \sum_{i=1}^n X_i^2 - 2n\bar X^2"),
]


@pytest.mark.parametrize("prose, claim, missing", NEEDED)
def test_what_is_taken_for_granted_is_missing(prose, claim, missing):
    (step,) = steps(f"{prose}\n\n$${claim}$$\n")
    assert step.verdict == ("needs" if missing else "defines"), step.message
    assert missing is None or any(m.startswith(missing) for m in step.missing), step.missing


@pytest.mark.parametrize("prose, claim", WRONG)
def test_what_is_known_is_not_assumed_to_be_otherwise(prose, claim):
    (step,) = steps(f"{prose}\n\n$${claim}$$\n")
    assert step.verdict == "wrong", step.message


def test_a_name_means_the_same_all_over_a_page():
    found = steps(
        SAMPLE + "\n\n$$E[S^2] = \\sigma^2$$\n\n$$E[S^2] = \\frac{n-1}{n}\\sigma^2$$\n\n$$E[2S^2] = 2\\sigma^2$$\n"
    )
    assert [s.verdict for s in found] == ["needs", "wrong", "needs"]
    assert found[1].message.startswith("With $S^2 =")
