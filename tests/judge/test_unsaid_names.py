"""Names that a text uses without having introduced them, from whole pages."""

import pytest

from derive.judge.check import check_texts
from derive.report import Step
from tests.judge.test_check import steps_of


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


def test_a_bar_over_a_family_is_its_mean() -> None:
    given = (
        "```given\ny_1, \\dots, y_n \\text{ iid}\n\\mathbb{E}[y_i] = \\mu\n\\operatorname{Var}(y_i) = \\sigma^2\n```\n"
    )
    right = r"\mathbb{E}\left[\sum_{i=1}^n (y_i - \bar{y})^2\right] = (n-1)\sigma^2"
    (step,) = steps_of(f"{given}\n$$ {right} $$\n")
    assert (step.verdict, step.missing) == ("needs", (r"\bar{y} = \frac{1}{n} \sum_{i=1}^{n} y_i",))
    wrong = right.replace("(n-1)", "n")
    (step,) = steps_of(f"{given}\n$$ {wrong} $$\n")
    assert step.verdict == "wrong"


def test_a_word_of_which_nothing_is_said_is_not_refuted() -> None:
    (step,) = steps_of(r"""$$ 2 x = \mathrm{RSS} + x $$""" + "\n")
    assert step.verdict == "unproved" and "RSS" in step.message


def test_letters_that_must_differ() -> None:
    given = "```given\n\\operatorname{Cov}(e_i, e_j) = 0 (i \\neq j)\nx_i = a + e_i\na \\text{ constant}\n```\n"
    (step,) = steps_of(f"{given}\n$$ \\operatorname{{Cov}}(x_i, x_j) = 0 $$\n")
    assert (step.verdict, step.missing) == ("needs", (r"i \neq j",))
    (step,) = steps_of(f"{given}\n$$ \\operatorname{{Cov}}(x_i, x_j) = 0 \\quad (i \\neq j) $$\n")
    assert step.verdict == "proved"
