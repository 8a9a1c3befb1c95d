"""`(x_i, y_i)` iid: the pairs are, and inside a pair nothing is said."""

import pytest

from derive.judge.reading import read
from derive.language.elaborate import elaborate
from derive.language.facts import Identical, Independent


def givens(statement):
    text = f"```given\n{statement}\n```\n\n$$\nE[x_1 + y_1 + X + Y] = 1\n$$\n"
    elaborated = elaborate(read(text, "a.md"))
    return [g for c in elaborated.chains for s in c.steps if s.claim for g in s.claim.facts.givens]


@pytest.mark.parametrize(
    "statement",
    [r"(x_i, y_i) \text{ iid}", r"\{(x_i, y_i)\}_{i=1}^n \text{ iid}", r"(x_i, y_i) \text{ iid}, i = 1, \dots, n"],
)
def test_pairs_of_families_side_by_side(statement):
    found = givens(statement)
    (apart,) = [g for g in found if isinstance(g, Independent)]
    assert [[m.name for m in group] for group in apart.groups] == [["x", "y"]]
    assert apart.alike and all(m.each for group in apart.groups for m in group)
    assert [[m.name for m in g.members] for g in found if isinstance(g, Identical)] == [["x"], ["y"]]


def test_pairs_that_are_only_independent():
    (apart,) = [g for g in givens(r"(x_i, y_i) \text{ are independent}") if isinstance(g, Independent)]
    assert [[m.name for m in group] for group in apart.groups] == [["x", "y"]] and not apart.alike


def test_pairs_written_out():
    found = givens(r"(X, Y), (X', Y') \text{ iid}")
    (apart,) = [g for g in found if isinstance(g, Independent)]
    assert [[m.name for m in group] for group in apart.groups] == [["X", "Y"], ["X'", "Y'"]] and apart.alike
    assert [[m.name for m in g.members] for g in found if isinstance(g, Identical)] == [["X", "X'"], ["Y", "Y'"]]


@pytest.mark.parametrize("statement", [r"x_i, y_i \text{ iid}", r"X, Y \text{ iid}"])
def test_a_list_without_brackets_is_no_pair(statement):
    (apart,) = [g for g in givens(statement) if isinstance(g, Independent)]
    assert len(apart.groups) == 2


def test_indices_that_differ():
    (apart,) = [g for g in givens(r"x_i \perp y_j \text{ for } i \neq j") if isinstance(g, Independent)]
    assert [[i.base for i in pair] for pair in apart.distinct] == [["i", "j"]]
