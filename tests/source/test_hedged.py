"""Words in front of “independent” that say less, or something else: nothing stronger may be read than is written."""

import pytest

from derive.language import syntax as sx
from derive.source import read_document
from tests.source.shown import shown


def stated(text):
    items = read_document("a.md", text).items
    found = [s for s in items if isinstance(s, sx.Statement) and s.kind not in ("unread", "kind")]
    return [(s.kind, tuple(sorted(s.flags)), " | ".join(map(shown, s.parts))) for s in found]


def given(words):
    return stated(f"```given\n{words}\n```")


PAIRWISE = [("independent", ("pairwise",), "U | V | W")]
NOTHING = [
    "linearly independent", "almost independent", "nearly uncorrelated", "mean independent", "mean-independent", "logically independent",
    "3-wise independent", "non-independent", "conditionally independent", "serially uncorrelated", "piecewise constant",
    "approximately iid",
]  # fmt: skip


@pytest.mark.parametrize("words", NOTHING)
def test_what_says_less_states_nothing(words):
    assert given(rf"U, V, W \text{{ {words}}}") == []
    assert stated(f"The variables $U, V, W$ are {words}.") == []


@pytest.mark.parametrize("words", ["nearly", "linearly", "mean", "approximately", "conditionally", "mean-"])
def test_nearly_independent_of_another(words):
    space = "" if words.endswith("-") else " "
    assert given(rf"U \text{{ is {words}{space}independent of }} V") == []
    assert stated(f"Suppose that $U$ is {words}{space}independent of $V$.") == []


@pytest.mark.parametrize(
    "words",
    [
        "pairwise independent",
        "independent in pairs",
        "independent pairwise",
        "two by two independent",
        "2-wise independent",
    ],
)
def test_pairwise_in_other_words(words):
    assert given(rf"U, V, W \text{{ {words}}}") == PAIRWISE


@pytest.mark.parametrize(
    "words", ["pairwise iid", "pairwise i.i.d.", "pairwise independent and identically distributed"]
)
def test_pairwise_iid_is_not_iid(words):
    expected = [("iid", ("identical",), "U, V, W"), *PAIRWISE]
    assert given(rf"U, V, W \text{{ {words}}}") == expected
    assert stated(f"Let $U, V, W$ be {words}.") == expected


def test_pairwise_independent_of_several():
    expected = [("independent", (), "U | V"), ("independent", (), "U | W")]
    assert given(r"U \text{ pairwise independent of } V, W") == expected
    assert stated("Suppose that $U$ is pairwise independent of $V$ and $W$.") == expected


@pytest.mark.parametrize(
    "text",
    [
        "Given $W$, $U$ and $V$ are independent.",
        "Given $W$, the variables $U$ and $V$ are independent.",
        "Conditionally on $W$, $U$ and $V$ are independent.",
        "Conditional on $W$, the variables $U$ and $V$ are independent.",
        "$U$ and $V$ are conditionally independent given $W$.",
        "$U$ is conditionally independent of $V$ given $W$.",
    ],
)
def test_independence_behind_a_condition_is_conditional(text):
    assert stated(text) == [("conditional", (), "U | V | W")]


@pytest.mark.parametrize(
    "text",
    [
        r"Given $\theta$, the $x_1, \dots, x_n$ are iid.",
        r"Let $x_1, \dots, x_n$ be iid given $\theta$.",
        r"Let $x_1, \dots, x_n$ be conditionally i.i.d. given $\theta$.",
        r"Conditionally on $\theta$, the variables $x_1, \dots, x_n$ are i.i.d.",
        r"Let $x_1, \dots, x_n \mid \theta$ be i.i.d.",
    ],
)
def test_iid_under_a_condition_holds_under_it_only(text):
    assert stated(text) == [("conditionally", (), r"x_{1}, ..., x_{n} | \theta")]


def test_conditionally_iid_without_a_condition_states_nothing():
    assert stated(r"Let $x_1, \dots, x_n$ be conditionally i.i.d.") == []


@pytest.mark.parametrize(
    "text",
    [
        "$U$ or $V$ is independent of $W$.",
        "Either $U$ or $V$ has mean zero.",
        "$U$ is independent of $V$ up to its mean.",
        "$U$ and $V$ are independent on the event $W > 0$.",
    ],
)
def test_alternatives_and_reservations_state_nothing(text):
    assert stated(text) == []


def test_what_strengthens_changes_nothing():
    for words in ("mutually", "statistically", "jointly", "completely"):
        assert given(rf"U, V, W \text{{ {words} independent}}") == [("independent", (), "U | V | W")]
    assert given(r"U, V \text{ zero-mean independent}")[-1] == ("independent", (), "U | V")
