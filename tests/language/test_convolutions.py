r"""Sums over `x_{t-j}` are turned around, so that the index is one that is followed."""

import pytest

import derive

TRUE = [  # equation, givens
    (r"\sum_{j=0}^{t-1} a^j x_{t-j} = \sum_{i=1}^{t} a^{t-i} x_i", ""),
    (r"\sum_{j=1}^{t} x_{t-j} = \sum_{i=0}^{t-1} x_i", ""),
    (r"\sum_{j=0}^{t-1} x_{t-j} y_{t-j+1} = \sum_{i=1}^{t} x_i y_{i+1}", ""),
    (r"\sum_{j=0}^{2} a_j x_{t-j} = a_0 x_t + a_1 x_{t-1} + a_2 x_{t-2}", ""),
    (r"\sum_{j=1}^{2} X^{(t-j)} = X^{(t-1)} + X^{(t-2)}", r"X^{(t)} \in \mathbb{R}"),
    (r"E\left[\sum_{j=0}^{t-1} x_{t-j}\right] = t m", r"x_i \text{ iid}; E[x_i] = m"),
    (
        r"\operatorname{Var}(\sum_{j=0}^{t-1} b^j x_{t-j}) = s \sum_{j=0}^{t-1} b^{2j}",
        r"x_i \text{ iid}; \operatorname{Var}(x_i) = s; b \text{ constant}",
    ),
]
FALSE = [
    (r"\sum_{j=0}^{t-1} a^j x_{t-j} = \sum_{i=1}^{t} a^i x_i", ""),
    (r"\sum_{j=1}^{t} x_{t-j} = \sum_{i=1}^{t} x_i", ""),
    (r"\sum_{j=0}^{2} x_{t-j} = 3 x_t", ""),
]


def step(claim: str, given: str):
    block = "```given\n" + given.replace("; ", "\n") + "\n```\n" if given else ""
    return derive.check(f"{block}\n$$ {claim} $$\n", simulation=False).steps[0]


@pytest.mark.parametrize(("claim", "given"), TRUE)
def test_true(claim, given):
    assert step(claim, given).verdict == "proved", step(claim, given).message


@pytest.mark.parametrize(("claim", "given"), FALSE)
def test_false(claim, given):
    assert step(claim, given).verdict == "wrong"
