"""Canonical names make equal monomials the same."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

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
