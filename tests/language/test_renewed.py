"""A law that a page states anew holds from there on, and the earlier one no longer."""

import pytest

import derive


def verdicts(text):
    report = derive.check(text, simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


def page(*parts):
    """Laws, each with the claims below it."""
    return "\n\n".join(
        f"**Problem.** Let {law}.\n\n" + "\n\n".join(f"$${c}$$" for c in claims) for law, *claims in parts
    )


RENEWED = [
    (
        page(
            (r"$X \sim \mathrm{Poisson}(\lambda)$", r"E[X] = \lambda"),
            (r"$X \sim \mathrm{Exponential}(\lambda)$", r"E[X] = \frac1\lambda"),
        ),
        ["proved", "proved"],
    ),
    (
        page((r"$X \sim N(0, 1)$", "E[X^2] = 1"), (r"$X \sim \mathrm{Bernoulli}(p)$", "E[X^2] = p", "E[X^2] = 1")),
        ["proved", "proved", "wrong"],
    ),
    (  # neither law says anything of the other's part
        page(
            (r"$X \sim N(0, 1)$", "E[X^2] = E[X]"),
            (r"$X \sim \mathrm{Bernoulli}(p)$", "E[X^2] = E[X]"),
            (r"$X \sim N(a, b)$", "E[X^2] = E[X]"),
        ),
        ["wrong", "proved", "wrong"],
    ),
    (
        page(
            (r"$x_1,\dots,x_n \overset{iid}{\sim} N(\mu, \tau)$", r"E[\sum_{i=1}^n x_i] = n\mu"),
            (
                r"$x_1,\dots,x_n \overset{iid}{\sim} \mathrm{Poisson}(\theta)$",
                r"E[\sum_{i=1}^n x_i] = n\theta",
                r"E[x_1] = \mu",
            ),
        ),
        ["proved", "proved", "wrong"],
    ),
    (page((r"$X \sim (m, v)$", "E[X] = m"), (r"$X \sim N(m, v)$", "E[X] = m", "E[(X-m)^4] = 3v^2")), ["proved"] * 3),
]


@pytest.mark.parametrize("text, expected", RENEWED)
def test_the_later_law_holds_from_there_on(text, expected):
    assert verdicts(text) == expected
