"""Shorter names for expressions, said in words, and what they mean in the claims below."""

import pytest

import derive
from derive.language.syntax import Statement
from derive.source import read_document


def equations(prose):
    document = read_document("x.md", prose + "\n\n$$ a = b $$\n")
    return [i for i in document.items if isinstance(i, Statement) and i.kind == "equation"]


def verdicts(text):
    report = derive.check(text, simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


@pytest.mark.parametrize(
    "prose, count",
    [
        ("We write $f$ for $f(x)$.", 1),
        ("We write $f$ for $f(x)$, $g$ for $g(x)$ and $h$ for $h(x)$.", 3),
        ("Write $m$ instead of $E[Y \\mid X]$.", 1),
        ("We abbreviate $f(x)$ by $f$.", 1),
        ("Throughout, $f$ is short for $f(x)$.", 1),
        ("Here $v$ stands for $\\operatorname{Var}(X)$.", 1),
        ("We use $r$ as shorthand for $\\|x\\|$.", 1),
        ("We denote $X^\\top X$ by $G$.", 1),
        ("We abbreviate $g = g(X)$.", 1),
        ("Some authors write $f$ for $f(x)$.", 0),
        ("We do not write $f$ for $f(x)$.", 0),
        ("We write $x_i$ for the $i$-th entry of $x$.", 0),
        ("We write $X$ as $AZ + b$.", 0),
        ("Write $x$ for $y$.", 0),
    ],
)
def test_forms(prose, count):
    assert len(equations(prose)) == count


RANDOM = "Let $X$ and $Y$ be random variables. "
BOTH = [
    (RANDOM + "We write $f$ for $f(X)$.", r"\operatorname{Var}(f) = E[f(X)^2] - E[f]^2", "proved"),
    (RANDOM + "We write $f$ for $f(X)$.", r"\operatorname{Var}(f) = E[f(X)^2] - f^2", "wrong"),
    (RANDOM + "We abbreviate $g = g(X)$.", "E[(Y - g(X))^2] = E[Y^2] - 2E[Yg] + E[g^2]", "proved"),
    (RANDOM + "We abbreviate $g = g(X)$.", "E[(Y - g(X))^2] = E[Y^2] + E[g^2]", "wrong"),
    (RANDOM + "Here $h$ is short for $h(X, Y)$.", r"\operatorname{Cov}(h, X) = E[X h(X, Y)] - E[h]E[X]", "proved"),
    (RANDOM + r"Write $m$ for $E[Y \mid X]$.", "E[m] = E[Y]", "proved"),
    (
        r"Let $y = f(x) + e$ with $f$ deterministic, $E[e] = 0$. For brevity $f = f(x)$ and $\hat f = \hat f(x)$, "
        r"where $e$ and $\hat f$ are independent.",
        r"E[(y - \hat f)^2] = (f - E[\hat f])^2 + \operatorname{Var}(\hat f) + \operatorname{Var}(e)",
        "proved",
    ),
]


@pytest.mark.parametrize("prose, claim, verdict", BOTH)
def test_both_names_mean_one_value(prose, claim, verdict):
    assert verdicts(f"{prose}\n\n$${claim}$$\n") == [verdict]
