"""Theorems on a page: what they conclude is no given, and what is recalled has letters of its own."""

import derive

REGRESSION = r"""**Theorem:** Assume a linear regression model with independent observations

$$ y = X\beta + \varepsilon, \; \varepsilon \sim \mathcal{N}(0, \sigma^2 I_n) $$

Then, the estimates and the fitted values are distributed as

$$
\begin{split}
\hat{\beta} &\sim \mathcal{N}\left( \beta, \sigma^2 (X^\mathrm{T} X)^{-1} \right) \\
\hat{y} &\sim \mathcal{N}\left( X \beta, \sigma^2 P \right)
\end{split}
$$

where $P$ is the projection matrix

$$ P = X (X^\mathrm{T} X)^{-1} X^\mathrm{T} \; . $$

**Proof:** We will use the linear transformation theorem

$$ x \sim \mathcal{N}(\mu, \Sigma) \quad \Rightarrow \quad y = Ax + b \sim \mathcal{N}(A\mu + b, A \Sigma A^\mathrm{T}) \; . $$

The estimates are given by

$$ \hat{\beta} = (X^\mathrm{T} X)^{-1} X^\mathrm{T} y $$

and thus

$$ \mathrm{E}(\hat{\beta}) = (X^\mathrm{T} X)^{-1} X^\mathrm{T} \mathrm{E}(y) = \beta $$

$$ \mathrm{Cov}(\hat{\beta}) = LAST \; . $$

The fitted values are

$$ \hat{y} = X \hat{\beta} = P y $$

$$ \mathrm{Cov}(\hat{y}) = P \, \mathrm{Cov}(y) P^\mathrm{T} = \sigma^2 P $$
"""


def verdicts(text):
    report = derive.check(text, simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


def test_a_theorem_and_its_proof():
    found = verdicts(REGRESSION.replace("LAST", r"\sigma^2 (X^\mathrm{T} X)^{-1}"))
    assert len(found) == 11 and set(found) <= {"proved", "defines"}


def test_a_conclusion_proves_nothing_of_what_is_defined():
    found = verdicts(REGRESSION.replace("LAST", r"\sigma^2 X^\mathrm{T} X"))
    assert found.count("wrong") == 1


def test_a_distribution_after_then_holds_where_nothing_else_says_what_the_variable_is():
    text = "Let $a > 0$. Then\n\n$$ X \\sim \\mathcal{N}(0, a) $$\n\nand so\n\n$$ \\mathrm{Var}(2X) = 4a $$\n"
    assert verdicts(text) == ["proved"]


def test_the_first_letters_are_constants_beside_capital_variables():
    assert verdicts(r"$$ \mathrm{Var}(X + a) = \mathrm{Var}(X) $$") == ["needs"]
    assert verdicts(r"$$ \mathrm{Var}(X + Y) = \mathrm{Var}(X) $$") == ["wrong"]
    assert verdicts(r"$$ \mathrm{Var}(a X) = a \mathrm{Var}(X) $$") == ["wrong"]


def test_let_there_be_a_matrix_such_that():
    text = "Let $W$ be an $n \\times n$ matrix such that\n\n$$ W V W^\\top = I_n $$\n\nand $e \\sim \\mathcal{N}(0, V)$.\n\n"
    assert verdicts(text + "$$ \\mathrm{Cov}(W e) = I_n $$") == ["assumed", "proved"]


def test_the_scalar_in_front_of_a_covariance_matrix():
    text = (
        "Let $e, f \\in \\mathbb{R}^n$ and $e \\sim \\mathcal{N}(0, \\sigma^2 V)$"
        " and $f \\sim \\mathcal{N}(0, (\\tau \\Lambda)^{-1})$.\n\n"
    )
    assert (
        verdicts(text + "$$ a^\\top V b = b^\\top V a $$\n\n$$ a^\\top \\Lambda b = b^\\top \\Lambda a $$")
        == ["proved"] * 2
    )


def test_a_distribution_of_a_product_gives_its_moments():
    text = "Suppose $A z \\sim \\mathcal{N}(m, \\Sigma)$.\n\n"
    assert verdicts(text + "$$ \\mathbb{E}[A z] = m $$\n\n$$ \\mathrm{Cov}(A z) = \\Sigma $$") in (
        ["assumed"] * 2,
        ["proved"] * 2,
    )


def test_all_three_witnesses_know_that_a_covariance_is_symmetric():
    """The variable itself does not stand in the claim; models and simulation still draw a symmetric matrix."""
    text = "Let $u \\in \\mathbb{R}^n$ and $u \\sim \\mathcal{N}(0, \\Sigma)$.\n\n$$ a^\\top \\Sigma b = b^\\top \\Sigma a $$"
    (document,) = derive.check(text, samples=2_000).documents
    (step,) = document.derivations[0].steps
    assert (step.verdict, document.error) == ("proved", "")
