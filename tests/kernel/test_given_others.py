"""Variables that are independent, or alike too, given another one: X_i | θ ~ N(θ, σ²), iid."""

import pytest

import derive

NORMAL = (
    "X_1, \\dots, X_n \\mid \\theta \\overset{\\text{iid}}{\\sim} \\mathcal{N}(\\theta, \\sigma^2)\n"
    "\\theta \\sim (0, \\tau^2)\n\\bar X = \\frac1n \\sum_{i=1}^n X_i"
)
ALIKE = r"X_1, \dots, X_n \text{ iid given } Z"
APART = r"X_1, \dots, X_n \text{ conditionally independent given } Z"
MEAN = r"\frac1n\sum_{i=1}^n X_i"
TRUE = [
    (NORMAL, r"\operatorname{Cov}(X_1, X_2 \mid \theta) = 0"),
    (NORMAL, r"\operatorname{Cov}(X_1, X_2) = \tau^2"),
    (NORMAL, r"\operatorname{Var}(X_1) = \sigma^2 + \tau^2"),
    (NORMAL, r"\operatorname{Var}(\bar X \mid \theta) = \frac{\sigma^2}{n}"),
    (NORMAL, r"\operatorname{Var}(\bar X) = \frac{\sigma^2}{n} + \tau^2"),
    (NORMAL, r"\mathbb{E}[X_1 X_2 X_3 \mid \theta] = \theta^3"),
    (ALIKE, r"\operatorname{Cov}(X_1, X_2) = \operatorname{Var}(\mathbb{E}[X_1 \mid Z])"),
    (ALIKE, r"\mathbb{E}[X_1 X_2 \mid Z] = \mathbb{E}[X_1 \mid Z]^2"),
    (ALIKE, r"\mathbb{E}[X_3 \mid X_1, X_2, Z] = \mathbb{E}[X_1 \mid Z]"),
    (ALIKE, rf"\operatorname{{Var}}({MEAN} \mid Z) = \frac1n \operatorname{{Var}}(X_1 \mid Z)"),
    (APART, r"\mathbb{E}[X_1 X_2 \mid Z] = \mathbb{E}[X_1 \mid Z]\,\mathbb{E}[X_2 \mid Z]"),
    (APART, rf"\operatorname{{Var}}({MEAN} \mid Z) = \frac{{1}}{{n^2}}\sum_{{i=1}}^n \operatorname{{Var}}(X_i \mid Z)"),
]
FALSE = [
    (ALIKE, r"\operatorname{Cov}(X_1, X_2) = 0"),
    (ALIKE, rf"\operatorname{{Var}}({MEAN}) = \frac1n \operatorname{{Var}}(X_1)"),
    (ALIKE, r"\mathbb{E}[X_1 X_2] = \mathbb{E}[X_1]^2"),
    (APART, r"\mathbb{E}[X_1 \mid Z] = \mathbb{E}[X_2 \mid Z]"),
    (APART, r"\mathbb{E}[X_1 X_2] = \mathbb{E}[X_1]\,\mathbb{E}[X_2]"),
    (APART, r"\mathbb{E}[X_1^2 \mid Z] = \mathbb{E}[X_1 \mid Z]^2"),
]


def verdict(given: str, claim: str) -> str:
    report = derive.check(f"```given\n{given}\n```\n\n$$\n{claim}\n$$\n", simulation=False)
    (step,) = report.documents[0].derivations[0].steps
    return step.verdict


@pytest.mark.parametrize("case", TRUE)
def test_what_follows_is_proved(case):
    assert verdict(*case) == "proved"


@pytest.mark.parametrize("case", FALSE)
def test_what_holds_without_the_condition_only_is_not(case):
    assert verdict(*case) in ("wrong", "needs")


def test_another_condition_is_none():
    """Neither a function of Z nor another variable stands in for Z."""
    assert verdict(ALIKE, r"\operatorname{Cov}(X_1, X_2 \mid W) = 0") != "proved"
    assert verdict(ALIKE, r"\operatorname{Cov}(X_1, X_2 \mid Z^2) = 0") != "proved"
    assert verdict(ALIKE, r"\operatorname{Cov}(X_1, X_2 \mid Z, X_1 + X_2) = 0") != "proved"
    assert verdict(ALIKE, r"\mathbb{E}[X_1 \mid X_2] = \mathbb{E}[X_1]") != "proved"
