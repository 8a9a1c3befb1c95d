from fractions import Fraction
from random import Random

import pytest

from derive.witnesses.constants import draw_matrix, draw_number, draw_singular
from derive.witnesses.exact import determinant
from derive.witnesses.field import Degenerate, Misfit, PrimeField, RationalField
from derive.witnesses.linear import determinant as linear_determinant
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


@pytest.mark.parametrize("name", ["symmetric", "antisymmetric", "idempotent", "positive definite"])
def test_what_must_be_square_has_no_other_shape(name):
    for field in FIELDS:
        for shape in ((2, 3), (3, 2)):
            with pytest.raises(Misfit):
                draw_matrix(shape, {name}, field, Random(0))


def test_columns_that_are_orthonormal_have_rows_enough():
    with pytest.raises(Misfit):
        draw_matrix((2, 3), {"orthogonal"}, PrimeField(), Random(0))


@pytest.mark.parametrize("field", FIELDS)
def test_singular_matrices(field):
    assert draw_singular((1, 1), set(), field, Random(0)) == [[0]]
    assert draw_singular((2, 1), set(), field, Random(0)) == [[0], [0]]
    for seed in range(5):
        matrix = draw_singular((3, 3), {"symmetric"}, field, Random(seed))
        assert all(
            field.reduced(a - b) == 0
            for r, s in zip(matrix, transposed(matrix), strict=True)
            for a, b in zip(r, s, strict=True)
        )
        assert field.reduced(linear_determinant(matrix, field)) == 0
