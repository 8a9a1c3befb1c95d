"""Canonical names make equal monomials the same."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.kernel import canonical
from derive.kernel.algebra import build, factor_poly, multiply, power, sum_over
from derive.kernel.monomials import ONE

SPAN = (("", 1), ("n", 0))


@st.composite
def monomials(draw):
    """Random products of components over up to five bound indices."""
    letters = [f"i{k}" for k in range(draw(st.integers(1, 5)))]
    index = st.sampled_from(letters).map(lambda name: (name, 0))
    factor = st.one_of(
        st.tuples(st.just("s"), st.sampled_from("vw"), st.tuples(index)),
        st.tuples(st.just("s"), st.sampled_from("AB"), st.tuples(index, index)),
    )
    return letters, draw(st.lists(factor, min_size=1, max_size=6))


@given(monomials(), st.randoms())
def test_renaming_changes_nothing(case, chance: random.Random):
    letters, factors = case
    fresh = [f"k{n}" for n in range(len(letters))]
    chance.shuffle(fresh)
    names = dict(zip(letters, fresh, strict=True))
    renamed = [(f[0], f[1], tuple((names[i[0]], 0) for i in f[2])) for f in factors]
    chance.shuffle(renamed)
    bounds = [(name, SPAN) for name in letters]
    other = [(names[name], SPAN) for name in letters]
    chance.shuffle(other)
    assert build([(f, 1) for f in factors], bounds) == build([(f, 1) for f in renamed], other)


def test_different_graphs_stay_different():
    path = [("s", "A", (("i", 0), ("j", 0))), ("s", "A", (("j", 0), ("k", 0)))]
    fork = [("s", "A", (("i", 0), ("j", 0))), ("s", "A", (("i", 0), ("k", 0)))]
    bounds = [(n, SPAN) for n in "ijk"]
    assert build([(f, 1) for f in path], bounds) != build([(f, 1) for f in fork], bounds)


def test_symmetric_products_are_fast():
    """Eight interchangeable indices: no search over their 40,320 orders."""
    line = sum_over(factor_poly(("s", "w", (("i", 0),))), "i", SPAN)
    assert power(line, 8) == multiply(power(line, 4), power(line, 4))


def test_a_sum_of_one_counts():
    assert sum_over(ONE, "i", SPAN) == factor_poly(("v", ("n", 0)))


def cycle(size: int) -> list[tuple[int, int]]:
    return [(k, (k + 1) % size) for k in range(size)]


PETERSEN = [*cycle(5), *((k, k + 5) for k in range(5)), *((k + 5, (k + 2) % 5 + 5) for k in range(5))]
CUBE = [(k, k ^ 1 << b) for k in range(8) for b in range(3) if k < k ^ 1 << b]
GRAPHS = {
    "cycle of 10": cycle(10),
    "two cycles of 5": [*cycle(5), *((a + 5, b + 5) for a, b in cycle(5))],
    "complete on 9": [(a, b) for a in range(9) for b in range(a)],
    "complete on 5 and 5": [(a, b + 5) for a in range(5) for b in range(5)],
    "Petersen": PETERSEN,
    "prism of 5": [*cycle(5), *((a + 5, b + 5) for a, b in cycle(5)), *((k, k + 5) for k in range(5))],
    "Möbius ladder of 10": [*cycle(10), *((k, k + 5) for k in range(5))],
    "cube": CUBE,
    "matching of 12": [(2 * k, 2 * k + 1) for k in range(6)],
    "four triangles": [(3 * k + a, 3 * k + b) for k in range(4) for a, b in ((0, 1), (1, 2), (0, 2))],
    "rook's 3 by 3": [(a, b) for a in range(9) for b in range(a) if a // 3 == b // 3 or a % 3 == b % 3],
}


def drawn(edges: list[tuple[int, int]], chance: random.Random, tag: tuple[str, ...] = ("sym",)):
    """Σ Π x_i Π A_ij over a graph's vertices and edges, the indices named and the factors ordered by chance."""
    vertices = sorted({v for edge in edges for v in edge})
    names = [f"i{k}" for k in vertices]
    chance.shuffle(names)
    named = dict(zip(vertices, names, strict=True))
    factors = [("s", "A", tuple(sorted(((named[a], 0), (named[b], 0)))), *tag) for a, b in edges]
    factors += [("s", "x", ((name, 0),)) for name in names]
    chance.shuffle(factors)
    return build([(f, 1) for f in factors], [(name, SPAN) for name in names])


@pytest.mark.parametrize("name", GRAPHS)
def test_symmetric_graphs_have_one_form(name: str):
    chance = random.Random(1)
    assert len({repr(drawn(GRAPHS[name], chance)) for _ in range(8)}) == 1


def test_graphs_that_differ_have_different_forms():
    """Among them regular ones of the same degree, which colours alone do not tell apart."""
    chance = random.Random(2)
    assert len({repr(drawn(edges, chance)) for edges in GRAPHS.values()}) == len(GRAPHS)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_search_is_short(name: str, monkeypatch):
    """Automorphisms cut the search: a few orders are looked at, of up to 12! that there are."""
    seen = []
    leaf = canonical._Part._leaf
    monkeypatch.setattr(canonical._Part, "_leaf", lambda self, *said: (seen.append(said), leaf(self, *said)))
    drawn(GRAPHS[name], random.Random(3))
    assert len(seen) <= 20


def test_directed_edges_and_ranges_count():
    straight = drawn(cycle(6), random.Random(4), ())
    turned = drawn([(b, a) if (a, b) == (2, 3) else (a, b) for a, b in cycle(6)], random.Random(5), ())
    assert straight != turned
    both = [("s", "x", (("i", 0),)), ("s", "x", (("j", 0),))]
    long, short = (("", 1), ("n", 0)), (("", 1), ("n", -1))
    one = build([(f, 1) for f in both], [("i", long), ("j", short)])
    assert one == build([(f, 1) for f in both], [("j", long), ("i", short)])
    assert one != build([(f, 1) for f in both], [("i", long), ("j", long)])


def test_a_range_that_ends_at_another_index_is_told_apart():
    a, b = ("s", "x", (("i", 0),)), ("s", "x", (("j", 0),))
    one = build([(a, 1), (b, 1)], [("i", SPAN), ("j", (("", 1), ("i", 0)))])
    other = build([(a, 1), (b, 1)], [("j", SPAN), ("i", (("", 1), ("j", 0)))])
    assert one == other
    assert one != build([(a, 1), (b, 1)], [("i", SPAN), ("j", SPAN)])
