"""Laws of which only mean and variance are used, and laws that are only known by name."""

import pytest

import derive


def verdict(text: str) -> str:
    report = derive.check(text, simulation=False)
    (step,) = [s for d in report.documents for c in d.derivations for s in c.steps]
    return step.verdict


def block(given: str, claim: str) -> str:
    return f"```given\n{given}\n```\n\n$$ {claim} $$\n"


@pytest.mark.parametrize(
    ("given", "claim"),
    [
        (r"X \sim \mathrm{LogNormal}(\mu, \sigma^2)", r"\mathbb{E}[X^2] = e^{2\mu + 2\sigma^2}"),
        (r"X \sim \ln \mathcal{N}(\mu, \sigma^2)", r"\mathbb{E}[2X] = 2\exp(\mu + \sigma^2/2)"),
        (r"X \sim \mathrm{InvGamma}(a, b)", r"\operatorname{Var}(2X) = \frac{4b^2}{(a-1)^2(a-2)}"),
        (r"X \sim \mathrm{DiscreteUniform}(1, n)", r"\mathbb{E}[2X] = n + 1"),
        (r"X \sim \mathrm{Geometric}(p)", r"\operatorname{Var}(X + 1) = \operatorname{Var}(X)"),
    ],
)
def test_proved(given: str, claim: str) -> None:
    assert verdict(block(given, claim)) == "proved"


@pytest.mark.parametrize(
    "text",
    [
        block(r"X \sim \mathrm{Geometric}(p)", r"\mathbb{E}[X] = \frac1p"),
        block(r"X \sim \mathrm{LogNormal}(\mu, \sigma^2)", r"\mathbb{E}[X] = e^\mu"),
        "Let $X$ have a geometric distribution with parameter $p$.\n\n$$ \\mathbb{E}[X] = \\frac1p $$\n",
        "Suppose that $X_1, \\dots, X_n$ are Weibull random variables.\n\n$$ \\operatorname{Var}(X_1) = \\mathbb{E}[X_1]^2 $$\n",
    ],
)
def test_nothing_is_refuted_by_a_model_that_has_another_law(text: str) -> None:
    assert verdict(text) == "unproved"


def test_the_text_says_whether_a_uniform_distribution_is_discrete() -> None:
    text = "Let $X$ follow a {} uniform distribution, $X \\sim \\mathcal{{U}}(a, b)$.\n\n$$ \\operatorname{{Var}}(X) = {} $$\n"
    assert verdict(text.format("discrete", r"\frac{(b-a+1)^2-1}{12}")) in ("proved", "assumed")
    assert verdict(text.format("continuous", r"\frac{(b-a)^2}{12}")) in ("proved", "assumed")
    assert verdict(text.format("continuous", r"\frac{(b-a+1)^2-1}{12}")) == "wrong"
