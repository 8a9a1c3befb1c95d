"""Sizes that a page counts with and does not name are missing; what holds for no size is wrong."""

import pytest

import derive


def steps(text):
    report = derive.check(text, simulation=False)
    return [s for d in report.documents for c in d.derivations for s in c.steps]


MODEL = r"Let $y = X\beta + \varepsilon$ with $\varepsilon \sim N(0, \sigma^2 I)$ and $P = X(X^\top X)^{-1}X^\top$."
NOISE = r"Let $\mathbf x \sim N(\mathbf 0, \sigma^2\mathbf I)$."
SIZES = [
    ("", r"\|\mathbf x\|^2 = x_1^2 + x_2^2", [r"\mathbf{x} \in \mathbb{R}^{2}"]),
    ("", r"\mathbf u^\top\mathbf v = u_1v_1 + u_2v_2 + u_3v_3", [r"\mathbf{u} \in \mathbb{R}^{3}"]),
    ("", r"\mathbf u^\top\mathbf v = u_1v_1 + u_2v_2 + u_3v_1", None),
    (r"Let $\mathbf x \in \mathbb{R}^3$.", r"\|\mathbf x\|^2 = x_1^2 + x_2^2", None),
    (MODEL, r"E[\varepsilon^\top(I - P)\varepsilon] = (n-p)\sigma^2", [r"X \in \mathbb{R}^{n \times p}"]),
    (MODEL, r"E[\varepsilon^\top(I - P)\varepsilon] = (n-p-1)\sigma^2", None),
    (
        MODEL + r" Let $s = \frac1n\|\varepsilon - P\varepsilon\|^2$.",
        r"E[s] = \frac{n-p}{n}\sigma^2",
        [r"X \in \mathbb{R}^{n \times p}"],
    ),
    (MODEL, r"E[\varepsilon^\top\varepsilon] = n\sigma^2", [r"\varepsilon \in \mathbb{R}^{n}"]),
    (NOISE, r"E[\mathbf x^\top\mathbf x] = k\sigma^2", [r"\mathbf{x} \in \mathbb{R}^{k}"]),
    (NOISE, r"E[\mathbf x^\top\mathbf x] = 3\sigma^2", None),
    (NOISE + " Let $k = 3$.", r"E[\mathbf x^\top\mathbf x] = k\sigma^2", None),
]


@pytest.mark.parametrize("prose, claim, missing", SIZES)
def test_sizes(prose, claim, missing):
    (step,) = steps(f"{prose}\n\n$${claim}$$\n")
    assert step.verdict == ("needs" if missing else "wrong"), step.message
    assert list(step.missing) == (missing or [])
