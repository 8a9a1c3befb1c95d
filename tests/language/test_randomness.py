"""Which symbols are random: what a page says of some says something of the others."""

import pytest

import derive


def roles(text):
    report = derive.check(text, simulation=False)
    return {s.latex: s.kind for d in report.documents for s in d.symbols}


VARIABLES = "Let $X$ and $Y$ be random variables"
CONSTANTS = [
    (
        VARIABLES + r" and $a, b, c, d \in \mathbb{R}$.",
        r"\operatorname{Cov}(aX + b, cY + d) = ac\operatorname{Cov}(X, Y)",
        "bd",
    ),
    (VARIABLES + r". For $s, t \in \mathbb{R}$ we have", r"E[sX + t] = s E[X] + t", "st"),
    (r"Let $X \sim N(0, 1)$ and $\alpha \in \mathbb{R}$.", r"\operatorname{Var}(X + \alpha) = 1", [r"\alpha"]),
    (VARIABLES + r", $k > 0$, $k \in \mathbb{R}$.", r"\operatorname{Var}(X + k) = \operatorname{Var}(X)", "k"),
]
PARAMETERS = [
    (r"Let $X = \mu + \sigma Z$ with $Z \sim N(0, 1)$.", r"\operatorname{Var}(X) = \sigma^2", [r"\mu"]),
    (r"Let $Z_1, Z_2$ be independent.", r"\operatorname{Var}(\mu_1 + Z_1) = \operatorname{Var}(Z_1)", [r"\mu_1"]),
]
CONSTANTS += PARAMETERS
VARYING = [
    (r"Let $Y \sim N(0, 1)$ and $E[\mu] = m$.", r"E[Y + \mu] = m", [r"\mu"]),
    (r"Let $Y \sim N(0, 1)$.", r"E[Y \mid \mu] = E[Y]", [r"\mu"]),
    (r"Let $Y \sim N(0, 1)$.", r"E[Y + \varepsilon] = E[\varepsilon]", [r"\varepsilon"]),
    ("", r"\operatorname{Var}(\mu + Z) = \operatorname{Var}(Z)", [r"\mu"]),  # nothing is said to be random
    (r"Let $a \in \mathbb{R}$ and $b \in \mathbb{R}$.", r"E[ab] = E[ba]", "ab"),  # nothing is said to be random
    (r"Let $n \sim N(0, 1)$ and $x, w \in \mathbb{R}$.", r"E[xwn] = w E[xn]", "x"),  # x may be data
    (r"Let $n \sim N(0, 1)$ and $U, c \in \mathbb{R}$.", r"E[cUn] = c E[Un]", "U"),
    (r"Let $a, b \in \mathbb{R}$ be random and $X \sim N(0, 1)$.", r"E[aX + b] = E[aX] + E[b]", "ab"),
]


@pytest.mark.parametrize("prose, claim, names", CONSTANTS)
def test_real_numbers_beside_random_variables_are_constants(prose, claim, names):
    found = roles(f"{prose}\n\n$${claim}$$\n")
    assert {found[n] for n in names} == {"constant"}


@pytest.mark.parametrize("prose, claim, names", VARYING)
def test_what_may_be_random_is_not_held_constant(prose, claim, names):
    found = roles(f"{prose}\n\n$${claim}$$\n")
    assert {found[n] for n in names} == {"random"}
