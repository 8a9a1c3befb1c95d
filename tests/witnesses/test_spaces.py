from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.witnesses.field import RationalField, TooLarge
from derive.witnesses.spaces import Parts, Rand, Space

HALF = Fraction(1, 2)
values = st.lists(st.integers(-5, 5).map(Fraction), min_size=2, max_size=2)


def coins(count):
    space = Space(RationalField())
    for _ in range(count):
        space.new_axis([HALF, HALF])
    return space


@settings(deadline=None)
@given(values, values, values)
def test_independent_axes_multiply(a, b, c):
    space = coins(2)
    x, y, z = Rand((0,), a), Rand((1,), b), Rand((0,), c)
    assert space.expect(space.mul(x, y)) == space.expect(x) * space.expect(y)
    assert space.expect(space.add(x, y)) == space.expect(x) + space.expect(y)
    assert space.expect(space.mul(x, z)) == sum(p * q for p, q in zip(a, c, strict=True)) / 2


@settings(deadline=None, max_examples=20)
@given(st.lists(values, min_size=9, max_size=9))
def test_sums_kept_apart_are_the_same_sums(lists):
    """Σ xᵢ over nine coins has 512 outcomes and is kept as nine parts; its square's mean is known in closed form."""
    space = coins(9)
    parts = [Rand((k,), v) for k, v in enumerate(lists)]
    total = space.total(parts)
    assert isinstance(total, Parts)
    means = [space.expect(p) for p in parts]
    squares = [space.expect(space.mul(p, p)) for p in parts]
    expected = sum(squares) + sum(means) ** 2 - sum(m * m for m in means)
    assert space.expect(space.mul(total, total)) == expected
    assert space.expect(Rand(total.axes, total.values)) == sum(means)
    assert space.expect(space.add(total, Fraction(3))) == sum(means) + 3
    assert space.is_zero(space.add(total, space.negate(total)))


@settings(deadline=None)
@given(values, values)
def test_conditioning(a, b):
    space = coins(2)
    x, y = Rand((0,), a), Rand((1,), b)
    product = space.condition(space.mul(x, y), [x])
    assert space.expect(product) == space.expect(x) * space.expect(y)
    merged = space.condition(x, [space.mul(x, Fraction(0))])
    entries = merged.values if isinstance(merged, Rand) else [merged]
    assert set(entries) == {space.expect(x)}


def test_large_spaces_are_refused():
    space = coins(20)
    with pytest.raises(TooLarge):
        space.size(tuple(range(20)))


def test_changing_probabilities_changes_means():
    space = coins(1)
    x = Rand((0,), [Fraction(0), Fraction(4)])
    assert space.expect(x) == 2
    space.set_weights(0, [Fraction(1, 4), Fraction(3, 4)])
    assert space.expect(x) == 3
