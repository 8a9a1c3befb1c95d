from fractions import Fraction
from functools import reduce
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.witnesses import exact, linear
from derive.witnesses.field import Degenerate, PrimeField, RationalField

FIELDS = (PrimeField(), RationalField())


def matrices(n):
    entry = st.integers(-9, 9).map(Fraction)
    return st.lists(st.lists(entry, min_size=n, max_size=n), min_size=n, max_size=n)


@pytest.mark.parametrize("field", FIELDS)
@settings(deadline=None)
@given(matrix=matrices(3))
def test_inverse_and_determinant(field, matrix):
    rows = [[field.of(x) for x in row] for row in matrix]
    value = linear.determinant(rows, field)
    if field.equal(value, field.of(0)):
        with pytest.raises(Degenerate):
            linear.inverse(rows, field)
        return
    product = linear.product(rows, linear.inverse(rows, field), field)
    assert all(field.equal(product[i][j], int(i == j)) for i in range(3) for j in range(3))


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "matrix",
    [[[1, 2], [2, 4]], [[0, 0], [0, 3]], [[0, 0, 0]], [[1, 2, 3], [2, 4, 6]], [[1, 2], [3, 5]], [[1], [2], [0]]],
    ids=str,
)
def test_pseudo_inverses_of_any_rank_satisfy_penrose(field, matrix):
    a = [[field.of(x) for x in row] for row in matrix]
    p = linear.pseudo_inverse(a, field)

    def times(*factors):
        return reduce(lambda x, y: linear.product(x, y, field), factors)

    for left, right in ((times(a, p, a), a), (times(p, a, p), p)):
        assert all(field.equal(x, y) for u, v in zip(left, right, strict=True) for x, y in zip(u, v, strict=True))
    if field is FIELDS[1]:
        assert exact.pseudo_inverse(a) == p
    for both in (times(a, p), times(p, a)):
        assert all(field.equal(both[i][j], both[j][i]) for i in range(len(both)) for j in range(len(both)))


@pytest.mark.parametrize("field", FIELDS)
def test_random_solutions_solve(field):
    rows = [[1, 2, 3, 6], [2, 4, 7, 13]]
    for seed in range(5):
        x = linear.random_solution(rows, 3, field, Random(seed))
        assert all(field.equal(sum(a * b for a, b in zip(row, x, strict=False)), row[-1]) for row in rows)
    with pytest.raises(Degenerate):
        linear.random_solution([[1, 1, 1], [2, 2, 3]], 2, field, Random(0))


@settings(deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=4, max_size=9, unique=True))
def test_vertices_are_probabilities_with_the_moments_asked_for(places):
    """Weights on these places with mean 0 and variance 2: a vertex has at most three of them."""
    rows = [[1] * len(places) + [1], [*places, 0], [*(p * p for p in places), 2]]
    found = linear.feasible_vertex(rows, len(places))
    if found is None:
        return
    assert min(found) >= 0
    assert sum(found) == 1
    assert sum(w * p for w, p in zip(found, places, strict=True)) == 0
    assert sum(w * p * p for w, p in zip(found, places, strict=True)) == 2
    assert sum(map(bool, found)) <= 3


def test_infeasible_systems_have_no_vertex():
    assert linear.feasible_vertex([[1, 1, 1], [1, 2, 5]], 2) is None


@pytest.mark.parametrize("field", FIELDS)
def test_triangles(field):
    matrix = [[field.of(x) for x in row] for row in ([4, 2, 6], [2, 5, 1], [6, 1, 14])]
    lower, pivots = linear.triangle(matrix, field)
    scaled = [[x * d for x, d in zip(row, pivots, strict=True)] for row in lower]
    again = linear.product(scaled, linear.transposed(lower), field)
    assert all(field.equal(a, b) for r, s in zip(matrix, again, strict=True) for a, b in zip(r, s, strict=True))
