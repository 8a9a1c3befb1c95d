"""How factors stand together."""

from derive.language.products import arrange


def same(a, b):
    return a == b


def test_a_plain_chain():
    assert arrange([("m", "n"), ("n", 1)], same) == ([0, 1], ("m", 1))


def test_scalars_stand_anywhere():
    assert arrange([(1, 1), ("m", "n"), (1, 1), ("n", 1)], same) == ([0, 1, 2, 3], ("m", 1))


def test_a_closed_scalar_in_front_becomes_one_factor():
    assert arrange([(1, "m"), ("m", 1), ("m", 1)], same) == ([(0, 1), 2], ("m", 1))


def test_an_inner_product_in_the_middle():
    assert arrange([("k", "k"), (1, "m"), ("m", 1), ("k", 1)], same) == ([0, (1, 2), 3], ("k", 1))


def test_the_first_factor_that_does_not_fit():
    assert arrange([("m", "n"), ("m", 1), (1, "n")], same) == 1
