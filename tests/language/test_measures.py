"""Distributions below an expectation: they are givens, and different ones have different variables."""

import pytest

import derive


def verdicts(text):
    report = derive.check(text, simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


def step(claim):
    return verdicts(f"$$\n{claim}\n$$\n")


E = r"\mathbb{E}"
PROVED = [
    rf"{E}_{{x \sim \mathcal{{N}}(\mu, \Sigma)}}[(a^\top x)^2] = a^\top(\Sigma + \mu\mu^\top)a",
    r"\langle (z-c)^2 \rangle_{\mathcal{N}(z; m, v)} = v + (m-c)^2",
    rf"{E}_{{\mathcal{{N}}(z \mid m, v)}}[z^2] = v + m^2",
    r"\operatorname{Var}_{u \sim U(0, 1)}[u] = \frac{1}{12}",
    rf"{E}_{{k \sim \mathrm{{Poisson}}(\lambda)}}[k(k-1)] = \lambda^2",
    r"\langle \tau c \rangle_{\mathrm{Gam}(\tau; a, b)} = \frac{a c}{b}",
    rf"{E}_{{\epsilon \sim \mathcal{{N}}(0, I_d)}}[\|c + s\epsilon\|^2] = \|c\|^2 + s^2 d",
    rf"{E}_{{x \sim \mathcal{{N}}(0, 1)}}[x] - {E}_{{x \sim \mathcal{{N}}(5, 1)}}[x] = -5",
    rf"{E}_{{z \sim q(z \mid x)}}[b z + c] = b {E}_{{q(z \mid x)}}[z] + c",
    rf"{E}_{{p(u)}}[{E}_{{q(v \mid u)}}[g(v)]] = {E}[g(v)]",
    rf"{E}_{{a \sim \pi(\cdot \mid s)}}[Q(s,a) - b(s)] = {E}_{{a \sim \pi(\cdot \mid s)}}[Q(s,a)] - b(s)",
    r"\langle \langle \tau (z - \mu)^2 \rangle_{\mathcal{N}(\mu; m, (\tau \kappa)^{-1})} \rangle_{\mathrm{Gam}(\tau; a, b)}"
    r" = \frac{a}{b} (z-m)^2 + \frac{1}{\kappa}",
]
NOT_PROVED = [
    rf"{E}_{{x \sim p}}[x^2] = {E}_{{x \sim q}}[x^2]",
    rf"{E}_{{p}}[x^2] = {E}_{{q}}[x^2]",
    r"\langle x^2 \rangle_{p(x)} = \langle x^2 \rangle_{q(x)}",
    rf"{E}_{{x \sim \mathcal{{N}}(0, 1)}}[x^2] = {E}_{{x \sim \mathcal{{N}}(5, 1)}}[x^2]",
    rf"{E}_{{q(v \mid u)}}[g(v)] = {E}_{{q(v)}}[g(v)]",
]


@pytest.mark.parametrize("claim", PROVED)
def test_the_subscript_is_a_given(claim):
    assert set(step(claim)) == {"proved"}


@pytest.mark.parametrize("claim", NOT_PROVED)
def test_different_distributions_are_kept_apart(claim):
    assert step(claim)[0] in ("wrong", "needs")


def test_densities_are_tied_to_the_expectation():
    """True by a change of measure, which no rule knows; no model may refute it."""
    assert step(rf"{E}_{{x \sim q}}\left[f(x) \frac{{p(x)}}{{q(x)}}\right] = {E}_{{x \sim p}}[f(x)]") == ["unproved"]


def test_a_shape_holds_under_every_distribution():
    text = "Let $x \\in \\mathbb{R}^d$ and $a \\in \\mathbb{R}^d$ constant.\n\n"
    claim = (
        rf"{E}_{{x \sim p}}[a^\top x] - {E}_{{x \sim q}}[a^\top x] = a^\top({E}_{{x \sim p}}[x] - {E}_{{x \sim q}}[x])"
    )
    assert verdicts(f"{text}$$\n{claim}\n$$\n") == ["proved"]


CONDITIONAL = r"""Let $y \mid x \sim \mathcal{N}(w^\top x, \sigma^2)$ with $w, x \in \mathbb{R}^d$ and $w$ constant,
$N \sim \mathrm{Poisson}(\lambda)$ and $K | N \sim \mathrm{Bin}(N, r)$.

$$ CLAIM $$
"""


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\operatorname{Var}(y) = \sigma^2 + w^\top \operatorname{Var}(x) w", "proved"),
        (r"\mathbb{E}[x y] = \mathbb{E}[x x^\top] w", "proved"),
        (r"\mathbb{E}[(y - w^\top x)^2] = \sigma^2", "proved"),
        (r"\operatorname{Var}(K) = \lambda r", "proved"),
        (r"\operatorname{Var}(y) = \sigma^2", "wrong"),
        (r"\operatorname{Var}(K) = \lambda r (1 - r)", "unproved"),  # no finite model is a Poisson variable
    ],
)
def test_a_conditional_distribution_gives_its_moments(claim, verdict):
    assert verdicts(CONDITIONAL.replace("CLAIM", claim)) == [verdict]


@pytest.mark.parametrize(
    "claim",
    [
        r"\nabla_\theta \mathbb{E}_{x \sim p_\theta}[f(x)] = 0",
        r"\nabla_\theta \mathbb{E}_{x \sim p_\theta}[f(x)] = \mathbb{E}_{x \sim p_\theta}[\nabla_\theta f(x)]",
        r"\nabla_\theta \mathbb{E}_{x \sim p(x; \theta)}[f(x)] = 0",
        r"\frac{d}{d\theta} \mathbb{E}_\theta[Z] = 0",
        r"\nabla_\phi \mathbb{E}_{q_\phi(z \mid x)}[g(z)] = 0",
    ],
)
def test_a_law_that_depends_on_the_parameter_is_not_differentiated_under(claim):
    assert step(claim) == ["unproved"]


@pytest.mark.parametrize(
    "law",
    [r"X \sim p_\theta", r"X \sim f(x; \theta)", r"X \sim P(\cdot \mid \theta)", r"X \sim \mathcal{N}(\theta, 1)"],
)
def test_nor_is_one_that_is_given(law):
    assert verdicts(f"Let ${law}$.\n\n$$\n\\frac{{d}}{{d \\theta}} \\mathbb{{E}}[X^2] = 0\n$$\n") == ["unproved"]


def test_the_derivative_of_a_moment_that_the_law_gives():
    text = "Let $X \\sim \\mathcal{N}(\\theta, 1)$.\n\n$$\n\\frac{d}{d \\theta} \\mathbb{E}[X^2] = 2 \\theta\n$$\n"
    assert verdicts(text) == ["proved"]


def test_a_mean_under_a_parameter():
    text = r"""Let $X_1, \dots, X_n$ be i.i.d. with $\mathbb{E}_\theta[X_i] = \theta$,
and let $\bar{X} = \frac{1}{n} \sum_{i=1}^n X_i$.

$$
\mathbb{E}_\theta[\bar{X} - \theta] = \mathbb{E}_\theta\left[\frac{1}{n} \sum_{i=1}^n X_i\right] - \theta = 0
$$
"""
    assert verdicts(text) == ["proved", "proved"]


def test_a_mask_below_an_expectation_is_no_density():
    given = (
        "```given\nx, w \\in \\mathbb{R}^d\nx, w \\text{ constant}\ns_i \\overset{iid}{\\sim} \\mathrm{Bernoulli}(q)\n"
    )
    given += "\\tilde{x}_i = s_i x_i\n```\n\n"
    report = derive.check(
        given + "$$\n\\mathbb{E}_s[\\sum_{i=1}^d \\tilde{x}_i w_i] = q^2 x^\\top w\n$$\n", simulation=False
    )
    assert [s.verdict for s in report.steps] == ["wrong"]
