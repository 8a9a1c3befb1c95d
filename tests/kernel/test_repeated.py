"""Products over an index and their means."""

import pytest

import derive

ALIKE = r"X_1, \dots, X_n \text{ iid with } \mathbb{E}[X_i] = \mu"
APART = r"Y_1, \dots, Y_n \text{ independent}"
TRUE = [
    ("", r"\prod_{i=1}^n c = c^n"),
    ("", r"\prod_{i=1}^n (2 x_i) = 2^n \prod_{i=1}^n x_i"),
    ("", r"\prod_{i=2}^n (c x_i) = c^{n-1} \prod_{i=2}^n x_i"),
    (ALIKE, r"\mathbb{E}\left[\prod_{i=1}^n X_i\right] = \mu^n"),
    (ALIKE + "\nt \\text{ constant}", r"\mathbb{E}\left[\prod_{i=1}^n e^{tX_i}\right] = \mathbb{E}[e^{tX_1}]^n"),
    (ALIKE, r"\operatorname{Var}\left(\prod_{i=1}^n X_i\right) = \mathbb{E}[X_1^2]^n - \mu^{2n}"),
    (APART, r"\mathbb{E}\left[\prod_{i=1}^n Y_i^2\right] = \prod_{i=1}^n \mathbb{E}[Y_i^2]"),
]
NOT = [
    ("", r"\prod_{i=1}^n c = c^{n+1}"),
    (ALIKE, r"\mathbb{E}\left[\prod_{i=1}^n X_i\right] = n\mu"),
    (ALIKE, r"\mathbb{E}\left[\prod_{i=1}^n X_i X_1\right] = \mu^{2n}"),
    (ALIKE, r"\mathbb{E}\left[\prod_{i=1}^{n-1} X_i X_{i+1}\right] = \mu^{2n-2}"),
    (f"{ALIKE}\n{APART}", r"\mathbb{E}\left[\prod_{i=1}^n X_i Y_i\right] = \mu^n \prod_{i=1}^n \mathbb{E}[Y_i]"),
    (
        r"Y_1, \dots, Y_n \text{ pairwise independent}",
        r"\mathbb{E}\left[\prod_{i=1}^n Y_i\right] = \prod_{i=1}^n \mathbb{E}[Y_i]",
    ),
    (
        r"Y_1, \dots, Y_n \text{ uncorrelated}",
        r"\mathbb{E}\left[\prod_{i=1}^n Y_i\right] = \prod_{i=1}^n \mathbb{E}[Y_i]",
    ),
]


def verdict(given: str, claim: str) -> str:
    report = derive.check(f"```given\n{given}\n```\n\n$$\n{claim}\n$$\n", simulation=False)
    (step,) = report.documents[0].derivations[0].steps
    return step.verdict


@pytest.mark.parametrize("case", TRUE)
def test_proved(case):
    assert verdict(*case) == "proved"


@pytest.mark.parametrize("case", NOT)
def test_never_proved(case):
    assert verdict(*case) in ("wrong", "needs")
