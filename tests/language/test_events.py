"""Conditions that are events: E[X | Z = 1] is E[X 1{Z = 1}] / P(Z = 1)."""

import pytest

import derive

MIXTURE = (
    "```given\nZ \\sim \\mathrm{Bernoulli}(\\pi)\n\\mathbb{E}[X \\mid Z = 1] = \\mu_1\n"
    "\\mathbb{E}[X \\mid Z = 0] = \\mu_0\n```\n"
)
TRIAL = "```given\nT \\in \\{0, 1\\}\nT \\perp (Y_1, Y_0)\nY = T Y_1 + (1 - T) Y_0\n```\n"


@pytest.mark.parametrize(
    ("given", "claim", "verdict"),
    [
        (MIXTURE, r"\mathbb{E}[X] = \pi\mu_1 + (1-\pi)\mu_0", "proved"),
        (MIXTURE, r"\mathbb{E}[X] = \mu_1 + \mu_0", "wrong"),
        (MIXTURE, r"\operatorname{Cov}(X, Z) = \pi(1-\pi)(\mu_1 - \mu_0)", "proved"),
        (MIXTURE, r"\operatorname{Var}(Z \mid Z = 1) = 0", "proved"),
        (MIXTURE, r"\mathbb{E}[X] = \Pr(Z = 1)\mathbb{E}[X \mid Z = 1] + \Pr(Z = 0)\mathbb{E}[X \mid Z = 0]", "proved"),
        (TRIAL, r"\mathbb{E}[Y \mid T = 1] - \mathbb{E}[Y \mid T = 0] = \mathbb{E}[Y_1] - \mathbb{E}[Y_0]", "proved"),
        (TRIAL, r"\mathbb{E}[Y \mid T = 1] = \mathbb{E}[Y_0]", "wrong"),
        (TRIAL, r"\operatorname{Var}(Y \mid T = 1) = \operatorname{Var}(Y_1)", "proved"),
        (TRIAL, r"\operatorname{Cov}(Y, Y_0 \mid T = 1) = \operatorname{Cov}(Y_1, Y_0)", "proved"),
        (TRIAL, r"\Pr(T = 1 \mid T = 1) = 1", "proved"),
        ("", r"\mathbb{E}[X] = \mathbb{E}[X \mid Y > c]\Pr(Y > c) + \mathbb{E}[X \mid Y \le c]\Pr(Y \le c)", "proved"),
        ("", r"\mathbb{E}[X] = \mathbb{E}[X \mid Y > c] + \mathbb{E}[X \mid Y \le c]", "wrong"),
        (TRIAL, r"\mathbb{E}[Y \mid T = t] = \mathbb{E}[Y_1]", "unread"),  # t may have the probability zero
    ],
)
def test_conditional_on_an_event(given: str, claim: str, verdict: str) -> None:
    report = derive.check(f"{given}\n$$ {claim} $$\n", simulation=False)
    assert [s.verdict for d in report.documents for c in d.derivations for s in c.steps] == [verdict]
