"""Numbered letters beside an array: its components where nothing else is said of them, names of their own where it is."""

import pytest

import derive


def verdicts(prose, *claims):
    text = prose + "".join(f"\n\n$${c}$$\n" for c in claims)
    report = derive.check(text, simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


PAIR = r"Let $\mathbf x \in \mathbb{R}^2$ be random with $E[\mathbf x] = \boldsymbol\mu$."
VECTORS = r"Let $\mathbf x_1, \dots, \mathbf x_n$ be iid random vectors with mean $\boldsymbol\mu$."
NUMBERS = r"Let $x_1 \sim N(0, 1)$, $x_2 \sim N(0, 1)$ be independent and $\mathbf x \in \mathbb{R}^2$."
NORMAL = r"Let $\mathbf X \sim N(\boldsymbol\mu, \boldsymbol\Sigma)$."
COMPONENTS = [
    (
        PAIR,
        r"E\|\mathbf x\|^2 = E[x_1^2] + E[x_2^2]",
        "proved",
    ),
    (
        PAIR,
        r"E[x_1 - x_2] = \mu_1 - \mu_2",
        "proved",
    ),
    (r"Let $\mathbf w, \mathbf x \in \mathbb{R}^3$.", r"\mathbf w^\top\mathbf x = w_1x_1 + w_2x_2 + w_3x_3", "proved"),
    (r"Let $\mathbf w, \mathbf x \in \mathbb{R}^3$.", r"\mathbf w^\top\mathbf x = w_1x_1 + w_2x_2 + w_3x_2", "wrong"),
    (NORMAL, r"\operatorname{Var}(X_1 - X_2) = \Sigma_{11} + \Sigma_{22} - 2\Sigma_{12}", "proved"),
    (NORMAL, r"\operatorname{Var}(X_1 - X_2) = \Sigma_{11} + \Sigma_{22} + 2\Sigma_{12}", "wrong"),
    (r"Let $\mathbf Z = (Z_1, Z_2)$ with $\mathbf Z \sim N(\mathbf 0, I)$.", "E[(Z_1 + Z_2)^2] = 2", "proved"),
    (r"Let $\mathbf y = A\mathbf x$ with $A$ a $2 \times 2$ matrix.", "y_1 = a_{11}x_1 + a_{12}x_2", "proved"),
    (r"Let $\mathbf A$ be a $2 \times 2$ matrix.", r"\det(\mathbf A) = a_{11}a_{22} - a_{12}a_{21}", "proved"),
    (r"Let $\mathbf A$ be a $2 \times 2$ matrix.", r"\operatorname{tr}(\mathbf A) = a_{11} + a_{21}", "wrong"),
]
OTHERS = [
    # scalars that are declared beside a bold letter, and a plain letter of its own
    (NUMBERS, r"E[(x_1 + x_2)^2] = 2", "proved"),
    (VECTORS, r"E[\mathbf x_1 + \mathbf x_2] = 2\boldsymbol\mu", "proved"),
    (r"Let $\mathbf x$ be a random vector, $x$ a random scalar.", r"E[x\mathbf a^\top\mathbf x] = \mathbf a^\top E[x\mathbf x]", "proved"),
]  # fmt: skip


@pytest.mark.parametrize("prose, claim, verdict", [*COMPONENTS, *OTHERS])
def test_numbered_letters(prose, claim, verdict):
    assert verdicts(prose, claim) == [verdict]
