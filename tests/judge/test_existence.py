"""Which moments are taken to exist."""

import pytest

from derive.judge.check import check_texts

CASES = [
    (
        r"X, Y \text{ random}",
        r"\operatorname{Var}(X) = \mathbb{E}[X^2] - \mathbb{E}[X]^2",
        ["$X$ has moments up to order 2"],
    ),
    (r"X \text{ random}", r"\mathbb{E}[2X] = 2\,\mathbb{E}[X]", ["$X$ has a mean"]),
    (r"X \perp Y", r"\mathbb{E}[X^2 Y] = \mathbb{E}[X^2]\,\mathbb{E}[Y]", ["$X$ and $Y$ have moments up to order 3"]),
    (r"X \sim \mathcal{N}(0, 1)", r"\mathbb{E}[X^4] = 3", []),
    (r"X \sim (0, 1)", r"\mathbb{E}[X^2] = 1", ["$X$ has moments up to order 2"]),
    (r"m \in \{0, 1\} \\ m \text{ random}", r"\mathbb{E}[m^2] = \mathbb{E}[m]", []),
    (
        r"X \text{ random}",
        r"\mathbb{E}[2e^X] = 2\,\mathbb{E}[e^X]",
        [r"$\mathbb{E}[\exp(X)]$ exists"],
    ),
    (
        r"X, Y, Z \text{ random}",
        r"\mathbb{E}[\operatorname{Var}(Y \mid |X|)] + \operatorname{Cov}(Y, Z) = \operatorname{Cov}(Y, Z)",
        ["$Y$ and $Z$ have moments up to order 2"],
    ),
    (
        r"X, Y, Z \text{ random}",
        r"\mathbb{E}[X^2 + YZ + Y] = \mathbb{E}[X^2] + \mathbb{E}[YZ] + \mathbb{E}[Y]",
        ["$X$, $Y$ and $Z$ have moments up to order 2"],
    ),
    (r"Z = X^2 \\ X \text{ random}", r"\mathbb{E}[Z^2] = \mathbb{E}[X^4]", ["$X$ has moments up to order 4"]),
    (
        r"\mathbf{x}, \mathbf{w} \in \mathbb{R}^m \\ \mathbf{x} \text{ random}",
        r"\mathbb{E}[(\mathbf{x}^\top \mathbf{w})^2] = \mathbf{w}^\top \mathbb{E}[\mathbf{x}\mathbf{x}^\top] \mathbf{w}",
        [r"$\mathbf{x}$ has moments up to order 2"],
    ),
]


def trust(given, chain):
    text = "```given\n" + given.replace(r" \\ ", "\n") + f"\n```\n\n$$ {chain} $$\n"
    return check_texts([("page.md", text)], simulation=False).documents[0].trust


@pytest.mark.parametrize(("given", "chain", "said"), CASES)
def test_moments_that_are_taken_to_exist(given, chain, said):
    assert sorted(trust(given, chain).presupposed) == sorted(said)


def test_definitions_are_told_apart():
    found = trust(r"X \perp Y \\ Z = X + Y", r"\operatorname{Var}(Z) = \operatorname{Var}(X) + \operatorname{Var}(Y)")
    assert found.definitions == ("Z = X + Y",)
    assert set(found.given_used) == {r"X \perp Y", "Z = X + Y"}


def test_what_follows_from_other_moments_is_not_said_again():
    found = trust(r"X, Y \text{ random}", r"\mathbb{E}[X^2 Y] + \mathbb{E}[X] = \mathbb{E}[X + X^2 Y]")
    assert found.presupposed == ("$X$ and $Y$ have moments up to order 3",)
