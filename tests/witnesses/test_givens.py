"""Every kind of given that the language knows is satisfied exactly by the finite models, or named as not modelled.

Each row has a claim that is true because of its givens: the models agree, all givens hold in them, and without the
last given a model refutes the claim.
"""

import pytest

from benchmarks.soundness import claims_of
from derive.witnesses.finite import Abstention, Agreement, Refutation, examine

VECTOR = r"\mathbf{x}, \mathbf{y} \in \mathbb{R}^n", r"\mathbf{x}, \mathbf{y} \text{ random}"
SQUARE = (r"A, B \in \mathbb{R}^{n \times n}",)
TALL = (r"X \in \mathbb{R}^{m \times n}",)
SAMPLE = r"x_1, \dots, x_n \text{ random}"
THREE = r"X, Y, Z \text{ random}"
MEAN = r"\frac{1}{n}\sum_{i=1}^n x_i"

MODELLED = {
    "values 0 and 1": ((r"X \text{ random}", r"X \in \{0, 1\}"), r"\mathbb{E}[X^2] = \mathbb{E}[X]"),
    "constant": ((r"X \text{ random}", r"c \text{ constant}"), r"\operatorname{Var}(X + c) = \operatorname{Var}(X)"),
    "function": (
        (r"f \text{ function}", r"X, Y \text{ independent}"),
        r"\mathbb{E}[f(X) Y] = \mathbb{E}[f(X)] \mathbb{E}[Y]",
    ),
    "normal": ((r"X \sim \mathcal{N}(\mu, \sigma^2)",), r"\mathbb{E}[(X - \mu)^4] = 3\sigma^4"),
    "normal vector": (
        (*VECTOR, r"\mathbf{x} \sim \mathcal{N}(\mathbf{0}, \alpha\mathbf{I})"),
        r"\mathbb{E}[\mathbf{x}\mathbf{x}^\top] = \alpha\mathbf{I}",
    ),
    "Bernoulli": ((r"X \sim \mathrm{Bernoulli}(p)",), r"\operatorname{Var}(X) = p(1 - p)"),
    "uniform": ((r"X \sim \mathrm{Uniform}(0, 1)",), r"\operatorname{Var}(X) = \frac{1}{12}"),
    "exponential": ((r"X \sim \mathrm{Exponential}(\lambda)",), r"\mathbb{E}[X^2] = \frac{2}{\lambda^2}"),
    "Poisson": ((r"X \sim \mathrm{Poisson}(\lambda)",), r"\mathbb{E}[X(X - 1)] = \lambda^2"),
    "binomial": ((r"X \sim \mathrm{Binomial}(3, p)",), r"\operatorname{Var}(X) = 3p(1 - p)"),
    "gamma": ((r"X \sim \mathrm{Gamma}(a, b)",), r"\operatorname{Var}(X) = \frac{a}{b^2}"),
    "beta": ((r"X \sim \mathrm{Beta}(2, 3)",), r"\mathbb{E}[X] = \frac{2}{5}"),
    "Laplace": ((r"X \sim \mathrm{Laplace}(\mu, b)",), r"\operatorname{Var}(X) = 2 b^2"),
    "Rademacher": ((r"X \sim \mathrm{Rademacher}",), r"\mathbb{E}[X^4] = 1"),
    "categorical": (
        (r"\mathbf{y} \in \mathbb{R}^k", r"\mathbf{y} \sim \mathrm{Categorical}(\boldsymbol{\pi})"),
        r"\mathbb{E}[\mathbf{y}] = \boldsymbol{\pi}",
    ),
    "mean and covariance alone": (
        (*VECTOR, r"\mathbf{x} \sim (\boldsymbol{\mu}, \Sigma)"),
        r"\mathbb{E}[\mathbf{x}\mathbf{x}^\top] = \Sigma + \boldsymbol{\mu}\boldsymbol{\mu}^\top",
    ),
    "a sample of a distribution": (
        (r"x_1, \dots, x_n \overset{\text{iid}}{\sim} \mathcal{N}(\mu, \sigma^2)",),
        rf"\operatorname{{Var}}({MEAN}) = \frac{{\sigma^2}}{{n}}",
    ),
    "mean": ((r"X \text{ random}", r"\mathbb{E}[X] = 0"), r"\operatorname{Var}(X) = \mathbb{E}[X^2]"),
    "variance": ((r"X \text{ random}", r"\operatorname{Var}(X) = \sigma^2"), r"\operatorname{Var}(2X) = 4\sigma^2"),
    "covariance matrix": (
        (*VECTOR, r"\operatorname{Cov}(\mathbf{x}) = \alpha\mathbf{I}"),
        r"\operatorname{tr}(\operatorname{Cov}(\mathbf{x})) = \alpha n",
    ),
    "moments of a family": (
        (SAMPLE, r"\mathbb{E}[x_i] = 0", r"\mathbb{E}[x_i x_j] = c \quad (i \neq j)", r"\mathbb{E}[x_i^2] = v"),
        r"\mathbb{E}[(\sum_{i=1}^n x_i)^2] = n v + n(n-1) c",
    ),
    "conditional mean": ((THREE, r"\mathbb{E}[Y \mid X] = a X"), r"\mathbb{E}[X Y] = a \mathbb{E}[X^2]"),
    "independence of a pair": (
        (THREE, r"X \perp (Y, Z)"),
        r"\mathbb{E}[X Y Z] = \mathbb{E}[X] \mathbb{E}[Y Z]",
    ),
    "mutual independence": (
        (THREE, r"X, Y, Z \text{ independent}"),
        r"\mathbb{E}[X Y Z] = \mathbb{E}[X] \mathbb{E}[Y] \mathbb{E}[Z]",
    ),
    "pairwise independence": (
        (THREE, r"X, Y, Z \text{ pairwise independent}"),
        r"\mathbb{E}[X^2 Y^2] = \mathbb{E}[X^2] \mathbb{E}[Y^2]",
    ),
    "uncorrelated": ((THREE, r"X, Y \text{ uncorrelated}"), r"\mathbb{E}[X Y] = \mathbb{E}[X] \mathbb{E}[Y]"),
    "iid": ((SAMPLE, r"x_1, \dots, x_n \text{ iid}"), rf"\mathbb{{E}}[{MEAN}] = \mathbb{{E}}[x_1]"),
    "conditional independence": (
        (THREE, r"Y \perp Z \mid X"),
        r"\mathbb{E}[Y Z \mid X] = \mathbb{E}[Y \mid X] \mathbb{E}[Z \mid X]",
    ),
    "symmetric, as an equation": ((*SQUARE, r"A = A^\top"), r"(A B)^\top = B^\top A"),
    "symmetric": ((*SQUARE, r"A \text{ symmetric}"), r"(A B)^\top = B^\top A"),
    "diagonal": ((*SQUARE, r"A \text{ diagonal}", r"B \text{ diagonal}"), r"A B = B A"),
    "idempotent": ((*SQUARE, r"A \text{ idempotent}"), r"A^3 = A"),
    "orthogonal": ((*SQUARE, r"A \text{ orthogonal}"), r"A A^\top = \mathbf{I}"),
    "orthogonal, as an equation": ((*SQUARE, r"A^\top A = \mathbf{I}"), r"\|A B\|_F^2 = \|B\|_F^2"),
    "positive definite": ((*SQUARE, r"A \text{ positive definite}"), r"A^\top B = A B"),
    "definition": ((THREE, r"Z = X + Y"), r"\mathbb{E}[Z] = \mathbb{E}[X] + \mathbb{E}[Y]"),
    "definition of a mean": (
        (SAMPLE, r"\bar{x} = \frac{1}{n}\sum_{i=1}^n x_i"),
        r"\sum_{i=1}^n x_i = n \bar{x}",
    ),
    "definition of a function": (
        (*VECTOR, r"f(\mathbf{x}) := \mathbf{x}^\top \mathbf{x}"),
        r"f(\mathbf{x}) = \|\mathbf{x}\|^2",
    ),
    "premise": ((*SQUARE, r"A B = \mathbf{0}"), r"\operatorname{tr}(B A) = 0"),
}

# givens whose absence only takes away that the sides exist, or that other models would have to have other sizes
PRESUPPOSED = {
    "invertible": ((*SQUARE, r"A \text{ invertible}"), r"A^{-1} A B = B"),
    "full column rank": ((*TALL, r"X \text{ full column rank}"), r"(X^\top X)^{-1} X^\top X = \mathbf{I}"),
    "a comparison": ((SAMPLE, r"n > 1"), r"\sum_{i=1}^n \frac{x_i}{n - 1} = \frac{1}{n - 1} \sum_{i=1}^n x_i"),
}

NOT_MODELLED = {
    "transcendental functions": ((r"X \text{ random}",), r"\mathbb{E}[\log |X|] = \mathbb{E}[X]", "log"),
    "normality given another": (
        (r"X, Y \text{ independent}", r"X \sim \mathcal{N}(0, 1)", r"Y \sim \mathcal{N}(0, 1)"),
        r"\mathbb{E}[X \mid X + Y^2] = X",
        "X, Y, whose distribution is continuous",
    ),
    "independence of one variable from itself": (
        (THREE, r"(X + Y) \perp (X - Y)"),
        r"\operatorname{Cov}(X + Y, X - Y) = 0",
        "the same random variables",
    ),
}


def claim_of(givens, equation):
    (claim,) = claims_of("```given\n" + "\n".join(givens) + f"\n```\n\n$$\n{equation}\n$$\n", "page.md")
    return claim


@pytest.mark.parametrize("name", [*MODELLED, *PRESUPPOSED])
def test_the_models_satisfy_what_is_given(name):
    outcome = examine(claim_of(*{**MODELLED, **PRESUPPOSED}[name]), deadline=10)
    assert isinstance(outcome, Agreement), outcome


@pytest.mark.parametrize("name", MODELLED)
def test_without_the_last_given_a_model_refutes_the_claim(name):
    claim = claim_of(*MODELLED[name])
    *_, last = claim.facts.givens or (None,)
    if last is None:  # "values 0 and 1", "constant": roles of symbols, which are no statements
        assert name in ("values 0 and 1", "constant")
        return
    bare = claim.facts
    for given in [g for g in claim.facts.givens if g.source.latex == last.source.latex]:
        bare = bare.without(given)
    outcome = examine(type(claim)(claim.lhs, claim.rhs, bare, claim.distinct), deadline=10)
    assert isinstance(outcome, Refutation), outcome


@pytest.mark.parametrize("name", NOT_MODELLED)
def test_what_is_not_modelled_is_named(name):
    givens, equation, said = NOT_MODELLED[name]
    outcome = examine(claim_of(givens, equation), deadline=10)
    assert isinstance(outcome, Abstention), outcome
    assert outcome.reason.startswith("not modelled: ") and said in outcome.reason
