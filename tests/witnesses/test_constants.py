from fractions import Fraction
from random import Random

import pytest

from derive.witnesses.constants import draw_matrix, draw_number
from derive.witnesses.exact import determinant
from derive.witnesses.field import Degenerate, PrimeField, RationalField
from derive.witnesses.linear import product, transposed
from derive.witnesses.verify import PROPERTIES

FIELDS = (PrimeField(), RationalField())


@pytest.mark.parametrize("name", sorted(set(PROPERTIES) - {"invertible", "full column rank", "nonzero"}))
def test_matrices_have_the_properties_that_were_asked_for(name):
    for seed in range(10):
        for n in (1, 2, 3):
            try:
                matrix = draw_matrix((n, n), {name}, RationalField(), Random(seed))
            except Degenerate:  # small whole numbers may be singular by chance; another draw is taken then
                continue
            assert PROPERTIES[name]([[Fraction(x) for x in row] for row in matrix]), (name, matrix)


@pytest.mark.parametrize("field", FIELDS)
def test_orthonormal_columns(field):
    q = draw_matrix((4, 2), {"orthogonal"}, field, Random(3))
    gram = product(transposed(q), q, field)
    assert all(field.equal(gram[i][j], int(i == j)) for i in range(2) for j in range(2))


@pytest.mark.parametrize("field", FIELDS)
def test_probability_vectors(field):
    p = draw_matrix((4, 1), {"simplex"}, field, Random(3))
    assert field.equal(sum(x for [x] in p), 1)


def test_plain_matrices_are_not_symmetric_over_the_prime_field():
    m = draw_matrix((3, 3), set(), PrimeField(), Random(0))
    assert m != transposed(m)
    assert determinant([[Fraction(x) for x in row] for row in m])


def test_numbers():
    for seed in range(20):
        rng = Random(seed)
        assert draw_number({"binary"}, RationalField(), rng) in (0, 1)
        assert 0 < draw_number({"unit"}, RationalField(), rng) < 1
        assert draw_number({"positive"}, RationalField(), rng) > 0
        assert draw_number({"square"}, RationalField(), rng) in (1, 4, 9)
        assert PrimeField().positive(draw_number({"positive"}, PrimeField(), rng))
