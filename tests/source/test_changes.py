r"""`\delta x` is one quantity where the δ never stands by itself."""

import pytest

import derive


def checked(text):
    report = derive.check(text, simulation=False)
    (document,) = report.documents
    return [s.verdict for c in document.derivations for s in c.steps], {s.latex for s in document.symbols}


ERRORS = r"Let $\delta x$ and $\delta y$ be independent errors with mean zero."
PAGES = [
    (ERRORS, r"E[(y\,\delta x + x\,\delta y)^2] = y^2 E[(\delta x)^2] + x^2 E[(\delta y)^2]", "proved", r"\delta x"),
    (
        ERRORS.replace("delta", "Delta"),
        r"\operatorname{Var}(a\Delta x + b\Delta y) = a^2\operatorname{Var}(\Delta x) + b^2\operatorname{Var}(\Delta y)",
        "proved",
        r"\Delta x",
    ),
    (ERRORS, r"E[(\delta x)^2] = E[\delta x]", "wrong", r"\delta x"),
    ("", r"(A + \delta A)(B + \delta B) = AB + A\,\delta B + \delta A\,B + \delta A\,\delta B", "proved", r"\delta A"),
    (
        r"The $\Delta W_i$ are independent with mean $0$ and variance $\Delta t$.",
        r"E[\sum_{i=1}^n (\Delta W_i)^2] = n\Delta t",
        "proved",
        r"\Delta t",
    ),
    (
        r"Let $E[\delta\mathbf x] = \mathbf 0$ and $\operatorname{Cov}(\delta\mathbf x) = \Sigma$.",
        r"E[\|\delta\mathbf x\|^2] = \operatorname{tr}(\Sigma)",
        "proved",
        r"\delta \mathbf{x}",
    ),
    (
        r"Let $\delta \in \mathbb{R}$ and $Z \sim N(0, 1)$.",
        r"\operatorname{Var}(\delta Z) = \delta^2",
        "proved",
        r"\delta",
    ),
    (r"Let $Z \sim N(0, 1)$.", r"E[(\delta Z)^2] = \delta^2", "proved", r"\delta"),
    (
        r"Let $Z \sim N(0, 1)$.",
        r"\operatorname{Var}(\delta \cdot Z) = \operatorname{Var}(Z\delta)",
        "proved",
        r"\delta",
    ),
]


@pytest.mark.parametrize("prose, claim, verdict, name", PAGES)
def test_changes(prose, claim, verdict, name):
    verdicts, names = checked(f"{prose}\n\n$${claim}$$\n")
    assert verdicts == [verdict]
    assert name in names
