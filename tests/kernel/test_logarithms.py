"""The laws of the logarithm, as log-likelihoods use them."""

import pytest

import derive

NORMAL = "x \\sim \\mathcal{N}(\\mu, V)\nx, \\mu \\in \\mathbb{R}^n\nV \\text{ positive definite}"
DEFINED = (
    "V \\in \\mathbb{R}^{n \\times n} \\text{ symmetric positive definite}\n"
    "P = V^{-1}\n\\tau = 1/\\sigma^2\nx, \\mu \\in \\mathbb{R}^n"
)
PLAIN = "x, y, z, \\lambda, p \\text{ constant}\na_1, \\dots, a_n \\text{ constant}"
TRUE = [
    (PLAIN, r"\log(xy) = \log x + \log y"),
    (PLAIN, r"\log\frac{x^2}{y} = 2\log x - \log y"),
    (PLAIN, r"\log(2x+2y) = \log 2 + \log(x+y)"),
    (PLAIN, r"\log(x^2+xy) = \log x + \log(x+y)"),
    (PLAIN, r"\log(x e^{y}) = \log x + y"),
    (PLAIN, r"\log\prod_{i=1}^n a_i = \sum_{i=1}^n \log a_i"),
    (PLAIN, r"\log\prod_{i=1}^n p^{a_i} (1-p)^{1-a_i} = \sum_{i=1}^n a_i \log p + (n - \sum_{i=1}^n a_i) \log (1-p)"),
    (PLAIN, r"\log\prod_{i=1}^n \lambda e^{-\lambda a_i} = n \log\lambda - \lambda \sum_{i=1}^n a_i"),
    (DEFINED, r"\log |P| = -\log |V|"),
    (
        DEFINED,
        r"\log\left(\sqrt{\frac{1}{(2\pi)^n |\sigma^2 V|}}\right) = \frac12\log|P| + \frac{n}{2}\log\tau - \frac{n}{2}\log(2\pi)",
    ),
    (
        NORMAL,
        r"\mathbb{E}\left[\log\left(\frac{1}{\sqrt{(2\pi)^n |V|}} \exp\left(-\frac12 (x-\mu)^\top V^{-1} (x-\mu)\right)\right)\right]"
        r" = -\frac{n}{2}\log(2\pi) - \frac12\log|V| - \frac{n}{2}",
    ),
]
FALSE = [
    *((PLAIN, claim) for claim in (
        r"\log(x^2+xy) = \log x + \log(x-y)", r"\log(2x+2y) = 2\log(x+y)", r"\log(xy+xz) = \log(x)\log(y+z)", r"\log((x+y)^2) = \log(x+y)",
        r"\log(x+x) = 2\log x", r"\log(x^2-y^2) = \log(x+y)", r"\log\prod_{i=1}^n a_i = \prod_{i=1}^n\log a_i",
        r"\log\sum_{i=1}^n a_i = \sum_{i=1}^n\log a_i",
        r"\log\prod_{i=1}^n a_i^2 = \sum_{i=1}^n \log a_i", r"\exp(\frac12\log(x^2)) = x", r"\log(e^x+e^y) = x+y", r"\log(e^x y) = xy",
        r"\log|x|^2 = \log|x|", r"\log\frac{x}{y} = \frac{\log x}{\log y}",
    )),
    (NORMAL, r"\log|2V| = 2\log|V|"),
    (NORMAL, r"\log|V^{-1}| = \frac{1}{\log|V|}"),
    (NORMAL, r"\mathbb{E}[\log(|V|^{-1/2} \exp(-\frac12 (x-\mu)^\top V^{-1} (x-\mu)))] = -\frac12 \log|V|"),
]  # fmt: skip


def verdicts(given, claim):
    report = derive.check(f"```given\n{given}\n```\n\n$$\n{claim}\n$$\n", simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


@pytest.mark.parametrize("case", TRUE)
def test_proved(case):
    assert verdicts(*case) == ["proved"]


@pytest.mark.parametrize("case", FALSE)
def test_not_proved(case):
    assert verdicts(*case) in (["unproved"], ["wrong"])
