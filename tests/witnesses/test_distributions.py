from fractions import Fraction as F

import pytest

from derive.witnesses.distributions import discrete_rows, grid, normal_product, raw_moments, support
from derive.witnesses.field import Degenerate, PrimeField, RationalField
from derive.witnesses.spaces import Rand, Space

P = [[[F(1, 3)]]]


def on_support(family, parameters, weights, shape=(1, 1)):
    """A space of one axis with the support of a distribution, and the value on it."""
    space = Space(RationalField())
    places = support(family, parameters, shape, space)
    axis = space.new_axis(weights)
    return space, [[Rand((axis,), [v[i][j] for v in places]) for j in range(shape[1])] for i in range(shape[0])]


@pytest.mark.parametrize(
    ("family", "parameters", "weights", "shape"),
    [
        ("Bernoulli", P, [F(2, 3), F(1, 3)], (1, 1)),
        ("Rademacher", [], [F(1, 2), F(1, 2)], (1, 1)),
        ("Binomial", [[[F(2)]], *P], [F(4, 9), F(4, 9), F(1, 9)], (1, 1)),
        ("Categorical", [[[F(1, 4)], [F(3, 4)]]], [F(1, 4), F(3, 4)], (1, 1)),
        ("Categorical", [[[F(1, 4)], [F(3, 4)]]], [F(3, 4), F(1, 4)], (2, 1)),
        ("Multinomial", [[[F(2)]], [[F(1, 4)], [F(3, 4)]]], [F(9, 16), F(6, 16), F(1, 16)], (2, 1)),
    ],
)
def test_the_rows_vanish_exactly_at_the_right_weights(family, parameters, weights, shape):
    space, value = on_support(family, parameters, weights, shape)
    assert not any(space.expect(row) for row in discrete_rows(family, parameters, value, space))
    wrong = [weights[0] - F(1, 100), *weights[1:-1], weights[-1] + F(1, 100)]
    space.set_weights(0, wrong)
    assert any(space.expect(row) for row in discrete_rows(family, parameters, value, space))


def test_moments_over_both_fields_agree():
    for family, parameters in {
        "Normal": (2, 3),
        "Uniform": (1, 4),
        "Beta": (2, 3),
        "Laplace": (1, 2),
        "Gamma": (2, 5),
    }.items():
        exact = raw_moments(family, [[[F(p)]] for p in parameters], 5, Space(RationalField()))
        modular = raw_moments(family, [[[p]] for p in parameters], 5, Space(PrimeField()))
        assert all(PrimeField().equal(PrimeField().of(a), b) for a, b in zip(exact, modular, strict=True))


def test_isserlis():
    space = Space(RationalField())
    covariance = [[F(2), F(1)], [F(1), F(5)]]
    assert normal_product((0, 0), covariance, space) == 2
    assert normal_product((0, 0, 0), covariance, space) == 0
    assert normal_product((0, 0, 1, 1), covariance, space) == 2 * 5 + 2 * 1
    assert normal_product((0,) * 6, covariance, space) == 15 * 8


def test_grids_lie_in_the_support():
    assert all(0 <= v <= 1 for v in grid("Beta", [[[F(2)]], [[F(3)]]]))
    assert all(3 <= v <= 7 for v in grid("Uniform", [[[F(3)]], [[F(7)]]]))
    assert all(v >= 0 for family in ("Poisson", "Exponential") for v in grid(family, [[[F(2)]]]))


def test_too_many_trials_are_refused():
    with pytest.raises(Degenerate):
        support("Binomial", [[[F(50)]], *P], (1, 1), Space(RationalField()))
