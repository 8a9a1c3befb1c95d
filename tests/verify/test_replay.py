"""Certificates are replayed; what was changed in one is refused, with its place."""

import copy
import json

import pytest

from derive.verify.refusal import Refused
from derive.verify.replay import verify
from tests.verify.makers import certificate, page

NOISE = page(
    r"\mathbb{E}[(X+N)^2] = \mathbb{E}[X^2] + 2\,\mathbb{E}[XN] + \mathbb{E}[N^2] = \mathbb{E}[X^2] + \sigma^2",
    r"X \perp N",
    r"\mathbb{E}[N] = 0",
    r"\operatorname{Var}(N) = \sigma^2",
)
PAGES = {
    "linearity": page(
        r"\mathbb{E}[3X - 2Y + c] = 3\,\mathbb{E}[X] - 2\,\mathbb{E}[Y] + c",
        r"X, Y \text{ random}",
        r"c \text{ constant}",
    ),
    "variance": page(
        r"\operatorname{Var}(aX + bY) = a^2 \operatorname{Var}(X) + b^2 \operatorname{Var}(Y) + 2ab \operatorname{Cov}(X, Y)",
        r"a, b \text{ constant}",
    ),
    "independence": NOISE,
    "uncorrelated": page(
        r"\operatorname{Var}(X - Y) = \operatorname{Var}(X) + \operatorname{Var}(Y)", r"X, Y \text{ uncorrelated}"
    ),
    "vectors": page(
        r"\mathbb{E}[(\mathbf{n}^\top \mathbf{w})^2] = \mathbf{w}^\top \mathbb{E}[\mathbf{n}\mathbf{n}^\top] \mathbf{w}"
        r" = \alpha\,\mathbf{w}^\top\mathbf{w}",
        r"\mathbf{n} \in \mathbb{R}^m",
        r"\mathbf{w} \text{ constant}",
        r"\mathbf{n} \sim \mathcal{N}(\mathbf{0}, \alpha\mathbf{I})",
    ),
    "sums": page(
        r"\operatorname{Var}(\bar x) = \frac{1}{n^2} \sum_{i=1}^n \operatorname{Var}(x_i) = \frac{\sigma^2}{n}",
        r"x_1, \dots, x_n \text{ iid}",
        r"\mathbb{E}[x_i] = \mu",
        r"\operatorname{Var}(x_i) = \sigma^2",
        r"\bar x = \frac1n \sum_{i=1}^n x_i",
    ),
    "sample variance": page(
        r"\mathbb{E}\left[\sum_{i=1}^n (x_i - \bar x)^2\right] = (n-1)\sigma^2",
        r"x_1, \dots, x_n \text{ iid}",
        r"\mathbb{E}[x_i] = \mu",
        r"\operatorname{Var}(x_i) = \sigma^2",
        r"\bar x = \frac1n \sum_{i=1}^n x_i",
    ),
    "conditions": page(
        r"\mathbb{E}[X \varepsilon] = \mathbb{E}[X\,\mathbb{E}[\varepsilon \mid X]] = 0",
        r"\mathbb{E}[\varepsilon \mid X] = 0",
    ),
    "laws": page(
        r"\mathbb{E}[m X^2] = p\,\sigma^2",
        r"m \sim \mathrm{Bernoulli}(p)",
        r"X \sim \mathcal{N}(0, \sigma^2)",
        r"m \perp X",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_proved_steps_are_replayed(name):
    data = certificate(PAGES[name])
    assert data["steps"] and not data["uncertified"]
    assert len(verify(json.dumps(data)).replayed) == len(data["steps"])


# ------------------------------------------------------------------ what was changed is refused


def refusal(data) -> Refused:
    with pytest.raises(Refused) as caught:
        verify(data if isinstance(data, str) else json.dumps(data))
    return caught.value


def test_the_place_is_told():
    data = certificate(NOISE)
    data["steps"][1]["proof"][0][1]["rule"] = "magic"
    problem = refusal(data)
    assert problem.where == "steps[1].proof[0][1]"
    assert "'magic' is unknown" in problem.reason


def test_another_claim_is_refused():
    data = certificate(NOISE)
    data["steps"][1]["rhs"]["Add"][0][1]["Pow"][1] = {"Number": ["4"]}
    data["steps"][1]["latex"] = data["steps"][1]["latex"].replace(r"\sigma^2", r"\sigma^4")
    assert refusal(data).where == "steps[1].proof[0]"


def test_latex_that_is_not_the_claim_is_refused():
    data = certificate(NOISE)
    data["steps"][0]["latex"] = "1 = 0"
    assert "not the claim" in refusal(data).reason


def test_without_the_given_nothing_is_proved():
    data = certificate(NOISE)
    data["steps"][1]["givens"] = data["steps"][1]["givens"][1:]
    assert refusal(data).where == "steps[1].proof[0][0]"


def test_another_given_is_no_independence():
    data = certificate(NOISE)
    data["steps"][1]["proof"][0][0]["given"] = 1
    assert "no Independent" in refusal(data).reason


def test_a_move_less_leaves_a_difference():
    data = certificate(NOISE)
    data["steps"][1]["proof"][0].pop()
    assert "still differ" in refusal(data).reason


def test_a_constant_said_to_be_random_is_refused():
    data = certificate(PAGES["linearity"])
    text = json.dumps(data).replace('["c", [1, 1], "constant"', '["c", [1, 1], "random"')
    assert "still differ" in refusal(text).reason


# ------------------------------------------------------------------ hostile files


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        "[" * 100_000,
        '{"format": "derive-certificate", "version": 2}',
        '{"format": "derive-certificate", "version": 1}',
        '{"format": "derive-certificate", "version": 1, "symbols": [{}], "givens": [], "steps": []}',
        '{"format": "derive-certificate", "version": NaN}',
        "9" * 10_000,
    ],
)
def test_what_is_no_certificate_is_refused(text):
    assert refusal(text).reason


def changed(data: dict, **parts) -> dict:
    data = copy.deepcopy(data)
    data["steps"][1] |= parts
    return data


def test_hostile_steps_are_refused():
    data = certificate(NOISE)
    deep: object = {"Number": ["1"]}
    for _ in range(5000):
        deep = {"Transpose": [deep]}
    wide = {"Pow": [{"Add": [[{"Symbol": ["X", [], [1, 1]]}, {"Symbol": ["N", [], [1, 1]]}]]}, {"Number": ["999999"]}]}
    for parts in (
        {"lhs": {"Number": ["1" * 5000]}},
        {"lhs": {"Number": ["1/0"]}},
        {"lhs": {"Number": ["1"] * 3}},
        {"lhs": {"Nothing": []}},
        {"lhs": {"Symbol": ["Z", [], [1, 1]]}},
        {"lhs": {"Symbol": ["X", [], [10**9, 1]]}},
        {"lhs": wide},
        {"givens": [99]},
        {"unfold": [0]},
        {"proof": []},
        {"proof": [[{"rule": "independence", "at": [0, 0, 0, 0, 0], "given": 0}]]},
        {"proof": [[{"rule": ["independence"], "at": [0]}]]},
        {"proof": [[{"rule": "independence", "at": [True], "given": 0}]]},
        {"proof": [[{"rule": "split", "at": [0], "indices": [["i", 10**12], ["j", 0]]}]]},
        {"proof": [[{}] * 3000]},
    ):
        assert refusal(changed(data, **parts)).where.startswith("steps[1]")
    with pytest.raises((Refused, RecursionError)):
        verify(json.dumps(changed(data, lhs=deep)))
