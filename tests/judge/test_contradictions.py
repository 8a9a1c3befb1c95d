"""Givens that no model satisfies are remarked, as everything follows from them."""

import pytest

from derive import check

SQUARE = r"A \in \mathbb{R}^{n \times n}"
CONTRADICTORY = {
    "a law and a mean": ((r"X \sim \mathcal{N}(0, 1)", r"\mathbb{E}[X] = 2"), r"\mathbb{E}[X] = 2"),
    "a constant that varies": ((r"x \text{ constant}", r"\operatorname{Var}(x) = 1"), r"\operatorname{Var}(x) = 0"),
    "invertible and singular": ((SQUARE, r"A \text{ invertible}", r"\det A = 0"), r"A = A"),
    "two values": (("a = 1", "a = 2"), "a = 3"),
    "independent and correlated": ((r"X \perp Y", r"\operatorname{Cov}(X, Y) = 1"), r"\operatorname{Cov}(X, Y) = 0"),
    "a negative variance": ((r"\operatorname{Var}(X) = -1",), r"\operatorname{Var}(X + a) = -1"),
    "no probability": ((r"X \sim \mathrm{Bernoulli}(2)",), r"\mathbb{E}[X] = 2"),
    "zero and not": ((r"a \neq 0", "a = 0"), "a b = 0"),
    "an order": (("a > 0", "a = -1"), "a + 1 = 0"),
    "a size": (("n > 1", "n = 1"), "n = 1"),
    "squares below the square of the mean": ((r"\mathbb{E}[X^2] = 0", r"\mathbb{E}[X] = 1"), r"\mathbb{E}[X + 1] = 2"),
    "two matrices": ((SQUARE, "A = I", r"A = \mathbf{0}"), r"A = I"),
    "different members": (
        (r"x_1, \dots, x_n \text{ iid}", r"\mathbb{E}[x_i] = 0", r"\mathbb{E}[x_i x_j] = 1 \quad (i \neq j)"),
        r"\mathbb{E}[x_1] = 0",
    ),
}
CONSISTENT = {
    "said twice": (
        (r"X \sim \mathcal{N}(0, 1)", r"\mathbb{E}[X] = 0", r"\operatorname{Var}(X) = 1"),
        r"\mathbb{E}[X] = 0",
    ),
    "another name": ((r"X \sim \mathcal{N}(\mu, \sigma^2)", r"\operatorname{Var}(X) = v"), r"\mathbb{E}[X] = \mu"),
    "a root": ((r"a^2 = 1", r"a \neq 1"), "a^2 = 1"),
    "different members": (
        (r"x_1, \dots, x_n \text{ uncorrelated}", r"\mathbb{E}[x_i] = 0", r"\mathbb{E}[x_i^2] = 1"),
        r"\mathbb{E}[x_1] = 0",
    ),
    "a projection": ((SQUARE, r"A \text{ idempotent}", r"\det A = 0"), r"A A = A"),
}


def remarks(givens, step):
    (document,) = check("```given\n" + "\n".join(givens) + f"\n```\n\n$$\n{step}\n$$\n", samples=0).documents
    assert not document.error
    return [r for r in document.remarks if r.message.startswith("no model satisfies the givens")]


@pytest.mark.parametrize("name", CONTRADICTORY)
def test_contradictory_givens_are_remarked(name):
    givens, step = CONTRADICTORY[name]
    found = remarks(givens, step)
    assert found
    assert all(2 <= r.line <= 1 + len(givens) for r in found)


@pytest.mark.parametrize("name", CONSISTENT)
def test_consistent_givens_are_not(name):
    givens, step = CONSISTENT[name]
    assert remarks(givens, step) == []


def test_what_it_contradicts_is_named():
    (found,) = remarks(*CONTRADICTORY["a law and a mean"])
    assert r"$\mathbb{E}[X] = 2$, but it contradicts $X \sim \mathcal{N}(0, 1)$" in found.message
