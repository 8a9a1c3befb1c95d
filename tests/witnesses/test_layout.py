"""Members, values of free indices, and dimensions."""

import pytest

from derive.language.terms import Entry, Identity, Index, Line, Range, Sum, number, one_to
from derive.witnesses.analysis import Analysis
from derive.witnesses.field import Unmodelled
from derive.witnesses.layout import Layout, comparisons_hold, dimension_names, free_indices
from tests.witnesses.shorthand import (
    IX,
    JX,
    SIZE,
    E,
    add,
    claim,
    compare,
    const,
    defined,
    moment,
    mul,
    power,
    rand,
    sym,
    total,
)

x, y = sym("x", IX), sym("y", IX)
FAMILY = [
    rand("x", families=(one_to("n"),)),
    rand("y", families=(None,)),
    const("u", ("n", 1)),
    const("c"),
    rand("z", families=(one_to("n"),)),
]
u = sym("u", shape=("n", 1))


def layout(problem, **dims):
    return Layout(Analysis(problem), dims)


def test_free_and_bound_indices():
    assert free_indices(mul(x, sym("y", JX))) == {"i", "j"}
    assert free_indices(total(mul(x, sym("y", JX)))) == {"n", "j"}
    assert free_indices(Sum("j", Range(Index(None, 1), IX), sym("x", JX))) == {"i"}
    assert free_indices(Line(u, IX)) == {"i"}


def test_members_are_those_that_occur():
    found = layout(claim(E(total(x)), number(0), FAMILY), n=3)
    assert found.members["x"] == {(1,), (2,), (3,)}
    pair = layout(claim(E(mul(sym("x", Index(None, 1)), sym("x", Index(None, 4)))), number(0), FAMILY), n=5)
    assert pair.members["x"] == {(1,), (4,)}


def test_free_indices_run_over_what_exists():
    found = layout(claim(E(x), number(0), FAMILY), n=2)
    assert [env["i"] for env in found.choices] == [1, 2]
    entries = layout(claim(Entry(u, IX), number(0), FAMILY), n=3)
    assert [env["i"] for env in entries.choices] == [1, 2, 3]
    apart = layout(claim(mul(x, sym("x", JX)), number(0), FAMILY, distinct=((IX, JX),)), n=3)
    assert all(env["i"] != env["j"] for env in apart.choices)


def test_indices_beyond_the_range_are_left_out():
    shifted = layout(claim(mul(Entry(u, IX), Entry(u, Index("i", 1))), number(0), FAMILY), n=3)
    assert [env["i"] for env in shifted.choices] == [1, 2]


def test_an_index_without_values():
    with pytest.raises(Unmodelled):
        layout(claim(mul(x, sym("x", JX)), number(0), FAMILY, distinct=((IX, JX),)), n=1)


def test_givens_are_instantiated_where_members_occur():
    given = moment(E(mul(x, sym("x", JX))), sym("c"), ((IX, JX),))
    found = layout(claim(E(power(total(x), 2)), number(0), FAMILY, given), n=3)
    assert len(found.ground) == 6
    single = layout(claim(E(sym("x", Index(None, 2))), number(0), FAMILY, moment(E(x), sym("c"))), n=3)
    assert [env for _, env in single.ground] == [{"i": 2}]


def test_definitions_lead_to_what_they_are_made_of():
    made = defined(sym("z", IX), add(x, sym("x", Index("i", 1))))
    found = layout(claim(E(sym("z", Index(None, 2))), number(0), FAMILY, made), n=4)
    assert set(found.variables) == {("x", (2,)), ("x", (3,))}
    assert found.bases(sym("z", Index(None, 3)), {}) == {("x", (3,)), ("x", (4,))}


def test_dimensions_and_indices_are_told_apart():
    problem = claim(
        mul(total(x), SIZE, Entry(u, sym("k", Index("k")).indices[0])), mul(Identity("m"), number(1)), FAMILY
    )
    assert dimension_names(Analysis(problem)) == {"n", "m"}


def test_comparisons_of_dimensions():
    analysis = Analysis(claim(total(number(1)), total(number(1), dim="p"), [], compare(SIZE, ">", sym("p"))))
    assert comparisons_hold(analysis, {"n": 3, "p": 2})
    assert not comparisons_hold(analysis, {"n": 2, "p": 2})
