"""Names that a text uses without having introduced them, from whole pages."""

import pytest

from derive.judge.check import check_texts
from derive.report import Step


def step(chain: str, given: str = "") -> Step:
    head = f"```given\n{given}\n```\n\n" if given else ""
    report = check_texts([("page.md", f"{head}$$ {chain} $$\n")], simulation=False).documents[0]
    assert report.error == ""
    return report.derivations[-1].steps[-1]


RANDOM = r"X, Y \in \mathbb{R}" + "\n" + r"X, Y \text{ random}"
CLOSED = [
    (r"\operatorname{Var}(X) = \mathbb{E}[X^2] - \mu^2", (r"\mathbb{E}[X] = \mu",)),
    (r"\mathbb{E}[(X - \mu)^2] = \operatorname{Var}(X)", (r"\mathbb{E}[X] = \mu",)),
    (r"\operatorname{Var}(2X + 1) = 4\sigma^2", (r"\operatorname{Var}(X) = \sigma^2",)),
    (r"\mathbb{E}[XY] - \mathbb{E}[X]\mathbb{E}[Y] = 2\gamma - \gamma", (r"\operatorname{Cov}(X, Y) = \gamma",)),
]


@pytest.mark.parametrize(("chain", "missing"), CLOSED, ids=[m[0] for _, m in CLOSED])
def test_a_constant_stands_for_a_moment(chain: str, missing: tuple[str, ...]) -> None:
    found = step(chain, RANDOM)
    assert (found.verdict, found.missing) == ("needs", missing)
    assert found.counterexample is not None


def test_a_constant_of_which_something_else_is_said_does_not() -> None:
    found = step(r"\mathbb{E}[X + 1] = b + 1", RANDOM + "\n" + r"\mathbb{E}[X] = a" + "\n" + r"b \text{ constant}")
    assert found.verdict == "wrong"


def test_a_symbol_stands_for_an_expression() -> None:
    given = r"X, Y, Z \in \mathbb{R}" + "\n" + r"X, Y, Z \text{ random}"
    found = step(r"\mathbb{E}[Z^2] = \mathbb{E}[(X + Y)^2]", given)
    assert (found.verdict, found.missing) == ("needs", ("Z = X + Y",))


def test_a_name_together_with_an_assumption() -> None:
    given = r"x_1, \dots, x_n \in \mathbb{R}" + "\n" + r"x_1, \dots, x_n, \bar{x} \text{ random}"
    found = step(r"\operatorname{Var}(\bar{x}) = \frac{1}{n^2} \sum_{i=1}^n \operatorname{Var}(x_i)", given)
    assert found.verdict == "needs"
    assert len(found.missing) == 2
    assert found.missing[0].startswith(r"\bar{x} = ")
    assert "uncorrelated" in found.missing[1]
