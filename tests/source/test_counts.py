r"""Sums of a random number of terms: N is no dimension there."""

import pytest

from derive.source import read_document
from tests.judge.test_check import display, steps_of
from tests.source.shown import shown

GIVEN = r"""```given
X_1, X_2, \dots \text{ iid with mean } \mu \text{ and variance } \sigma^2
S = \sum_{i=1}^N X_i
%s
```
"""
RANDOM = (
    r"N \text{ random}",
    r"N \sim \mathrm{Poisson}(\lambda)",
    r"\mathbb{E}[N] = \nu",
    r"N \text{ is a random positive integer}",
)
FALSE = {
    r"\mathbb{E}[S]": r"N\mu",
    r"\operatorname{Var}(S)": r"\mathbb{E}[N]\sigma^2",
    r"\operatorname{Var}(N)": "0",
}  # fmt: skip


@pytest.mark.parametrize("said", RANDOM)
@pytest.mark.parametrize("left", FALSE)
def test_a_random_number_of_terms_is_no_constant(said: str, left: str) -> None:
    (step,) = steps_of(display(left, FALSE[left], given=GIVEN % said))
    assert step.verdict != "proved"


@pytest.mark.parametrize("said", RANDOM)
def test_wald(said: str) -> None:
    given = GIVEN % (said + "\n" + r"N \perp (X_1, X_2, \dots)")
    steps = steps_of(display(r"\mathbb{E}[S]", r"\mathbb{E}[\mathbb{E}[S \mid N]]", r"\mu\,\mathbb{E}[N]", given=given))
    assert [s.verdict for s in steps] == ["proved", "proved"]


def test_without_independence_nothing_is_known_of_the_sum() -> None:
    (step,) = steps_of(display(r"\mathbb{E}[S]", r"\mu\,\mathbb{E}[N]", given=GIVEN % r"N \text{ random}"))
    assert step.verdict != "proved"


def test_a_fixed_number_of_terms_stays_a_dimension() -> None:
    items = read_document("x.md", r"$$ \mathbb{E}\Big[\sum_{i=1}^N X_i\Big] = \sum_{i=1}^N \mathbb{E}[X_i] $$").items
    assert len(items) == 1


def test_a_member_with_a_random_index_is_not_read() -> None:
    text = r"""```given
N \text{ random}
```
$$ \sum_{i=1}^N X_i - X_N = \sum_{i=1}^{N-1} X_i $$"""
    chain = read_document("x.md", text).items[-1]
    assert "random index" in shown(chain.members[0].syntax)
