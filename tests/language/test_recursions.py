"""What holds for every t is said of t - 1 too; what is supposed of one t is not."""

import pytest

import derive
from derive.language.elaborate import elaborate
from derive.source import read_document

MODEL = "Let $y_t = \\phi y_{t-1} + \\varepsilon_t$, where $\\varepsilon_t$ is independent of $y_{t-1}$."


def readings(sentence, display="y_{t-1} = y_{t-1}"):
    document = read_document("a.md", f"{MODEL}\n\n{sentence}\n\n$$ \\mathrm{{E}}[{display}] $$\n")
    return [g.reading for g in elaborate(document).givens]


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        (r"Suppose that $\mathrm{E}(y_t) = \mu$ for all $t$.", "E[y_(t-1)] = μ"),
        (r"The process $y_t$ is stationary with $\mathrm{Var}(y_t) = \gamma_0$.", "Var(y_(t-1)) = γ_0"),
        (r"Suppose that $\mathrm{E}(y_t) = a t$ for every $t$.", "E[y_(t-1)] = a (t - 1)"),
    ],
)
def test_for_every_index(sentence, read):
    assert read in readings(sentence)


def test_noise_has_no_favourite_index():
    found = readings(r"The $\varepsilon_t$ are i.i.d. with mean $0$.", r"\varepsilon_{t-1}] = \mathrm{E}[\varepsilon_t")
    assert "E[ε_(t-1)] = 0" in found
    assert any("ε_t and ε_(t-1) are independent and identically" in r for r in found)


@pytest.mark.parametrize(
    "sentence",
    [
        r"Suppose that $\mathrm{E}(y_t) = \mu$.",
        r"Suppose that $\mathrm{E}(y_t) = \mu$ for $t = 3$.",
        r"Suppose that $\mathrm{E}(y_t) = \mu$ for all $n$.",
    ],
)
def test_one_index_is_one_index(sentence):
    assert not [r for r in readings(sentence) if "E[y_(t-1)]" in r]


def test_an_autoregression_of_order_one():
    text = rf"""{MODEL} The $\varepsilon_t$ have mean zero and variance $\sigma^2$. Suppose that $\mathrm{{E}}(y_t) = 0$ and
$\mathrm{{Var}}(y_t) = \gamma_0$ for all $t$.

$$ \mathrm{{Var}}(y_t) = \phi^2 \mathrm{{Var}}(y_{{t-1}}) + \sigma^2 = \phi^2 \gamma_0 + \sigma^2 $$

$$ \mathrm{{Cov}}(y_t, y_{{t-1}}) = \phi \gamma_0 $$
"""
    steps = [s for d in derive.check(text, simulation=False).documents[0].derivations for s in d.steps]
    assert [s.verdict for s in steps] == ["proved"] * 3
