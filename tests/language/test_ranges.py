"""Where the indices of sums and families run."""

import pytest

import derive


def verdicts(text: str) -> list[str]:
    report = derive.check(text, simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


MEAN = "\n\\bar x = \\frac1n\\sum_i x_i\n```\n\n$$ \\mathbb{E}[\\bar x] = \\mathbb{E}[x_1] $$\n"


@pytest.mark.parametrize(
    "given",
    [
        r"\{x_i\}_{i=1}^n \text{ iid}",
        r"(x_i)_{i=1}^n \text{ iid}",
        r"(x_i, y_i)_{i=1}^n \text{ iid}",
        r"\{(x_i, y_i)\}_{i=1}^{n} \text{ iid}",
        r"x_i \text{ iid}, \quad 1 \le i \le n",
        r"x_i \text{ iid for } i = 1, \dots, n",
    ],
)
def test_the_range_of_a_family_is_that_of_sums_without_limits(given):
    assert verdicts("```given\n" + given + MEAN) == ["proved"]


@pytest.mark.parametrize("subject", [r"$\{x_i\}_{i=1}^n$", r"$x_i$, $1 \le i \le n$,", r"$(x_i, y_i)_{i=1}^n$"])
def test_in_prose(subject):
    text = f"Let {subject} be i.i.d. Let $\\bar x = \\frac1n\\sum_i x_i$.\n\n$$ \\mathbb{{E}}[\\bar x] = \\mathbb{{E}}[x_1] $$\n"
    assert verdicts(text) == ["proved"]


@pytest.mark.parametrize(
    "claim",
    [
        r"\sum_{1 \le i < j \le n} c = \frac{n(n-1)}{2} c",
        r"\sum_{i < j \le n} c = \frac{n(n-1)}{2} c",
        r"\sum_{j=1}^n \sum_{i \ne j} c = n(n-1)c",
        r"x_j + \sum_{i \ne j} x_i = \sum_{i=1}^n x_i",
        r"\left(I_n - \frac1n\mathbf{1}\mathbf{1}^\top\right)^2 = I_n - \frac1n\mathbf{1}\mathbf{1}^\top",
        r"\mathbf{1}_n^\top \mathbf{1} = n",
    ],
)
def test_true(claim):
    assert verdicts(f"$$ {claim} $$\n") == ["proved"]


def test_a_family_that_is_made_of_another_has_its_range():
    text = "```given\nx_1, \\dots, x_m \\text{ random}\n\\hat x_i = x_i - \\mu\n```\n"
    assert verdicts(text + "$$ \\sum_i \\hat x_i = \\sum_i x_i - m\\mu $$\n") == ["proved"]


def test_two_subscripts_in_digits():
    text = "```given\nY_{it} = \\alpha_i + \\delta_t + u_{it}\n\\mathbb{E}[u_{it}] = 0\n\\alpha_i, \\delta_t \\text{ constants}\n```\n"
    assert verdicts(text + "$$ \\mathbb{E}[Y_{11}] - \\mathbb{E}[Y_{10}] = \\delta_1 - \\delta_0 $$\n") == ["proved"]
