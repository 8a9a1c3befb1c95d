"""Moment generating functions by the distribution."""

import pytest

import derive

GIVEN = r"""X \sim \mathcal{N}(\mu, \sigma^2)
x \sim \mathcal{N}(m, \Sigma)
x, a \in \mathbb{R}^n
a \text{ constant}
N \sim \mathrm{Poisson}(\lambda)
B \sim \mathrm{Bernoulli}(p)
G \sim \mathrm{Gamma}(\alpha, \beta)
u_1, \dots, u_n \overset{iid}{\sim} \mathcal{N}(0, 1)
v_i \sim \mathcal{N}(0, 1)
K \sim \mathrm{Binomial}(k, p)
R \sim \mathrm{Rademacher}
T \sim \mathrm{Exponential}(\lambda)"""
TRUE = [
    r"\mathbb{E}[e^{tX}] = e^{t\mu + \sigma^2 t^2/2}",
    r"\operatorname{Var}(e^{X}) = (e^{\sigma^2} - 1) e^{2\mu + \sigma^2}",
    r"\mathbb{E}[\exp(a^\top x)] = \exp(a^\top m + \frac12 a^\top \Sigma a)",
    r"\mathbb{E}[e^{tN}] = e^{\lambda(e^t - 1)}",
    r"\mathbb{E}[e^{tB}] = 1 - p + p e^t",
    r"\mathbb{E}[e^{tG}] = \left(\frac{\beta}{\beta - t}\right)^\alpha",
    r"\mathbb{E}[e^{tK}] = (1-p+pe^t)^k",
    r"\mathbb{E}[e^{tR}] = \frac{e^t + e^{-t}}{2}",
    r"\mathbb{E}[e^{tT}] = \frac{\lambda}{\lambda - t}",
    r"\mathbb{E}[e^{\sum_{i=1}^n u_i}] = \mathbb{E}[e^{\sum_{i=1}^n u_i}]",
]
FALSE = [
    r"\mathbb{E}[e^{tX}] = e^{t\mu + \sigma^2 t/2}",
    r"\mathbb{E}[e^{tX}] = e^{t\mu + \sigma^2 t^2}",
    r"\mathbb{E}[e^{\sum_{i=1}^n v_i}] = e^{n/2}",  # of the v nothing is said of their dependence
    r"\mathbb{E}[e^{v_1 + v_2}] = 1 + \mathbb{E}[v_1]",
    r"\mathbb{E}[e^{X^2}] = e^{\mu^2+\sigma^2/2}",
    r"\mathbb{E}[e^{X N}] = e^{\mu + \sigma^2/2}",
    r"\mathbb{E}[X e^{X}] = \mu e^{\mu + \sigma^2/2}",
    r"\mathbb{E}[e^{tX}] = e^{t \mathbb{E}[X]}",
    r"\mathbb{E}[e^{tK}] = (1-p+pe^{tk})",
    r"\mathbb{E}[e^{X} e^{N}] = \mathbb{E}[e^X] \mathbb{E}[e^N]",
]


def verdict(claim):
    report = derive.check(f"```given\n{GIVEN}\n```\n\n$$\n{claim}\n$$\n", simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


@pytest.mark.parametrize("claim", TRUE)
def test_proved(claim):
    assert verdict(claim) == ["proved"]


@pytest.mark.parametrize("claim", FALSE)
def test_not_proved(claim):
    assert verdict(claim) in (["unproved"], ["needs"], ["wrong"])


@pytest.mark.parametrize(
    ("claim", "proved"), [("P(2s + 1 > 0) = 1/2", True), ("P(2s + 1 > 0) = 1", False), ("P(1 - 3s > 0) = 1/2", True)]
)
def test_an_indicator_of_a_variable_with_two_values(claim, proved):
    text = f"```given\nP(s = 1) = 1/2\nP(s = -1) = 1/2\n```\n\n$$ {claim} $$\n"
    (step,) = derive.check(text, simulation=False).documents[0].derivations[0].steps
    assert (step.verdict == "proved") is proved
