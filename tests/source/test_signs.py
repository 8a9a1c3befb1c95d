r"""`\pm` and `\mp`: one line for two claims."""

import pytest

import derive


def verdicts(claim):
    report = derive.check(f"$$\n{claim}\n$$\n", simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


@pytest.mark.parametrize(
    "claim",
    [
        r"\operatorname{Var}(X \pm Y) = \operatorname{Var}(X) + \operatorname{Var}(Y) \pm 2 \operatorname{Cov}(X, Y)",
        r"\mathbb{E}[X \mp Y] = \mathbb{E}[X] \mp \mathbb{E}[Y]",
        r"(a \pm b)(a \mp b) = a^2 - b^2",
        r"(x ± y)^2 = x^2 ± 2xy + y^2",
    ],
)
def test_both_hold(claim):
    assert verdicts(claim) == ["proved"]


@pytest.mark.parametrize(
    "claim",
    [
        r"\operatorname{Var}(X \pm Y) = \operatorname{Var}(X) \pm \operatorname{Var}(Y) \pm 2 \operatorname{Cov}(X, Y)",  # lower
        r"\mathbb{E}[(X \pm Y)^2] = \mathbb{E}[X^2] \mp 2 \mathbb{E}[X Y] + \mathbb{E}[Y^2]",
        r"(a \pm b)(a \mp b) = a^2 \mp b^2",  # with the lower signs
    ],
)
def test_one_that_fails_is_enough(claim):
    assert verdicts(claim) == ["wrong"]


def test_a_chain_goes_on_with_its_own_signs():
    text = "(x \\pm y)^2 \\\\\n&= x^2 \\pm 2xy + y^2 \\\\\n&= (y \\pm x)^2"
    assert verdicts(f"\\begin{{aligned}}\n{text}\n\\end{{aligned}}") == ["proved", "proved"]


def test_two_values_in_a_sentence():
    text = "Let $P(s = \\pm 1) = 1/2$.\n\n$$ \\mathbb{E}[s^2] = 1 $$\n"
    report = derive.check(text, simulation=False)
    assert report.documents[0].derivations[0].steps[0].verdict == "proved"
