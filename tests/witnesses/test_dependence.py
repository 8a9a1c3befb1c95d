"""Variables share axes unless a given separates them."""

from random import Random

import pytest

from derive.language.facts import ConditionallyIndependent, Independent, Member
from derive.language.terms import Index, number, one_to
from derive.witnesses.analysis import Analysis
from derive.witnesses.dependence import dependence
from derive.witnesses.field import Unmodelled
from derive.witnesses.layout import Layout
from tests.witnesses.shorthand import (
    IX,
    SAID,
    E,
    add,
    claim,
    conditionally,
    defined,
    each_independent,
    identical,
    independent,
    moment,
    mul,
    rand,
    sym,
    total,
)

X, Y, Z = sym("X"), sym("Y"), sym("Z")
XYZ = [rand("X"), rand("Y"), rand("Z")]
FAMILIES = [rand("q", families=(one_to("n"),)), rand("k", families=(one_to("n"),))]
q, k = sym("q", IX), sym("k", IX)


def axes(problem, dims=None):
    layout = Layout(Analysis(problem), dims or {})
    found = dependence(layout, Random(0))
    return found, {u[0] + "".join(map(str, u[1])): set(found.of(u)) for u in found.units}


def test_silence_means_dependence():
    _, on = axes(claim(E(mul(X, Y, Z)), number(0), XYZ))
    assert on["X"] & on["Y"] & on["Z"]


def test_groups_share_nothing():
    _, on = axes(
        claim(E(mul(X, Y, Z)), number(0), XYZ, Independent(((Member("X"),), (Member("Y"), Member("Z"))), SAID))
    )
    assert not on["X"] & (on["Y"] | on["Z"])
    assert on["Y"] & on["Z"]


def test_two_statements_do_not_make_three():
    """X ⟂ Z and Y ⟂ Z leave X and Y dependent."""
    _, on = axes(claim(E(mul(X, Y, Z)), number(0), XYZ, independent("X", "Z"), independent("Y", "Z")))
    assert on["X"] & on["Y"]
    assert not on["Z"] & (on["X"] | on["Y"])


def test_a_variable_between_two_independent_ones():
    """X ⟂ Y alone: Z may depend on both."""
    _, on = axes(claim(E(mul(X, Y, Z)), number(0), XYZ, independent("X", "Y")))
    assert not on["X"] & on["Y"]
    assert on["Z"] & on["X"]
    assert on["Z"] & on["Y"]


def test_conditional_independence_shares_the_condition_only():
    given = ConditionallyIndependent((Member("X"),), (Member("Y"),), (Member("Z"),), SAID)
    _, on = axes(claim(E(mul(X, Y, Z)), number(0), XYZ, given))
    assert len(on["Z"]) == 1
    assert on["X"] & on["Y"] == on["Z"]


def test_members_of_independent_families():
    _, on = axes(claim(E(total(mul(q, k))), number(0), FAMILIES, each_independent("q", "k")), {"n": 2})
    names = ["q1", "q2", "k1", "k2"]
    assert all(not on[a] & on[b] for a in names for b in names if a != b)


def test_schematic_independence_is_index_by_index():
    given = Independent(((Member("q", (IX,)),), (Member("k", (IX,)),)), SAID, schematic=True)
    _, on = axes(claim(E(total(mul(q, k))), number(0), FAMILIES, given), {"n": 2})
    assert not on["q1"] & on["k1"]
    assert on["q1"] & on["k2"]
    assert on["q1"] & on["q2"]


def test_pairwise_groups_have_an_axis_of_their_own_each():
    found, on = axes(claim(E(mul(X, Y, Z)), number(0), XYZ, independent("X", "Y", "Z", pairwise=True)))
    assert len(found.pairwise) == 1
    assert all(len(on[name]) == 1 for name in "XYZ")
    assert not (on["X"] & on["Y"] | on["X"] & on["Z"] | on["Y"] & on["Z"])


LOOSE = {
    "two pairs": ([independent("X", "Y"), independent("X", "Z")], 1),
    "three pairs": ([independent("X", "Y"), independent("X", "Z"), independent("Y", "Z")], 1),
    "together": ([independent("X", "Y", "Z"), independent("X", "Y")], 0),
    "with both": (
        [Independent(((Member("X"),), (Member("Y"), Member("Z"))), SAID), independent("X", "Y"), independent("X", "Z")],
        0,
    ),
    "one pair": ([independent("X", "Y")], 0),
    "given one of them": (
        [independent("X", "Y"), independent("X", "Z"), conditionally("X", "Y", "Z")],
        0,
    ),
    "two pairs of four": ([independent("X", "Y"), independent("Z", "W")], 0),
}


@pytest.mark.parametrize("name", LOOSE)
def test_what_is_independent_in_pairs_by_several_statements_may_depend_together(name):
    givens, count = LOOSE[name]
    found, _ = axes(claim(E(mul(X, Y, Z, sym("W"))), number(0), [*XYZ, rand("W")], *givens))
    assert len(found.loose) == count


def test_conditional_moments_get_an_axis_of_their_own():
    found, on = axes(claim(E(mul(X, Y)), number(0), XYZ, moment(E(Y, X), number(0))))
    assert found.extras
    assert on["Y"] - on["X"]
    assert not found.extras & on["X"]


def test_independence_of_definitions_falls_on_what_they_are_made_of():
    _, on = axes(claim(E(mul(X, Y)), number(0), XYZ, defined(Y, add(Z, number(1))), independent("X", "Y")))
    assert not on["X"] & on["Z"]


def test_independence_of_things_that_share_a_variable_is_not_modelled():
    with pytest.raises(Unmodelled):
        axes(claim(E(mul(X, Y)), number(0), XYZ, defined(Y, add(X, Z)), independent("X", "Y")))


def test_identical_classes():
    found, _ = axes(claim(E(total(q)), number(0), FAMILIES, identical("q")), {"n": 3})
    assert [len(c) for c in found.identical] == [3]
    assert Index("i") == IX
