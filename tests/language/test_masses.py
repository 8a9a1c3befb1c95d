r"""Sums over values: E[g(X)] = Σ_x g(x) p(x) where p is said to be the mass function of X; else nobody refutes it."""

import pytest

import derive


def verdicts(claim, *givens):
    block = "```given\n" + "\n".join(givens) + "\n```\n\n" if givens else ""
    report = derive.check(f"{block}$$\n{claim}\n$$\n", simulation=False)
    return {s.verdict for d in report.documents for c in d.derivations for s in c.steps}


MASS = r"p(x) = \Pr(X = x)"
JOINT = r"p(x, y) = \Pr(X = x, Y = y)"
PROVED = [
    (r"\mathbb{E}[X] = \sum_x x\,p(x)", MASS),
    (r"\mathbb{E}[g(X)] = \sum_x g(x) p(x)", MASS, r"g \text{ function}"),
    (r"\mathbb{E}[g(X)] = \sum_x g(x) \Pr(X = x)", r"g \text{ function}"),
    (r"\mathbb{E}[aX+b] = \sum_x (ax+b) p(x) = a\sum_x x p(x) + b \sum_x p(x) = a\,\mathbb{E}[X] + b", MASS),
    (r"\mathbb{E}[XY] = \sum_{x,y} x y\,p(x, y)", JOINT),
    (r"\mathbb{E}[X] = \sum_{x \in \mathcal{X}} x\,p_X(x)",),
    (r"\mathbb{E}[X+Y] = \sum_x\sum_y (x+y)\,p_{X,Y}(x,y)",),
    (r"\mathbb{E}[XY] = \sum_x\sum_y x y\,p_X(x) p_Y(y)", r"X \perp Y"),
    (r"\sum_x (x-a)^2 p_X(x) = \operatorname{Var}(X) + (\mathbb{E}[X]-a)^2",),
    (r"\sum_x (ax+b) p(x) = a\sum_x x p(x) + b\sum_x p(x)",),
]
REFUTED = [
    (r"\mathbb{E}[X^2] = \sum_x x\,p(x)", MASS),
    (r"\mathbb{E}[X] = \sum_x x\,p_Y(x)",),
    (r"\mathbb{E}[g(X)] = g(\sum_x x p_X(x))", r"g \text{ function}"),
    (r"\mathbb{E}[XY] = \sum_x\sum_y x y\,p_X(x) p_Y(y)",),
    (r"\mathbb{E}[X] = \sum_{i=1}^n x_i p_i^2", r"m_i \sim \mathrm{Bernoulli}(p_i)", r"X = \sum_{i=1}^n x_i m_i"),
    (r"\sum_{i=1}^n p_i x_i = \sum_{i=1}^n p_i",),
]
OPEN = [
    (r"\mathbb{E}[X] = \sum_x x\,p(x)",),
    (r"\mathbb{E}[g(X)] = \sum_{x \in \mathcal{X}} g(x) p(x)", r"g \text{ function}"),
    (r"\mathbb{E}[X] = \sum_x x\,p(x)", r"p(x) = x/6"),
    (r"\sum_x p(x) = 1",),
    (r"\sum_x (ax+b) p(x) = a\sum_x x p(x) + b",),
    (r"\mathbb{E}[X] = \sum_i x_i p_i",),
    (r"\mathbb{E}[X^2] = \sum_{i=1}^n x_i^2 p_i", r"\Pr(X = x_i) = p_i"),
    (r"\mathbb{E}_p[f(x)] = \mathbb{E}_q\left[f(x)\frac{p(x)}{q(x)}\right]",),
]


@pytest.mark.parametrize("case", PROVED)
def test_a_mass_function_weighs_values(case):
    assert verdicts(*case) == {"proved"}


@pytest.mark.parametrize("case", REFUTED)
def test_a_wrong_sum_is_refuted(case):
    assert verdicts(*case) <= {"wrong", "needs"}


@pytest.mark.parametrize("case", OPEN)
def test_a_law_of_which_nothing_is_said_is_neither_proved_nor_refuted(case):
    assert verdicts(*case) == {"unproved"}


@pytest.mark.parametrize("claim", [r"\Pr(X = Y) = \sum_x \Pr(X = x)\Pr(Y = x)", r"\sum_x p_X(x) p_Y(x) = a"])
def test_other_sums_of_probabilities_are_not_read(claim):
    """Their letter runs over all values, which an index from 1 on does not: a model could refute what is true."""
    assert verdicts(claim, r"X \perp Y") == {"unread"}
