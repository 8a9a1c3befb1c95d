"""Terms put together from parts."""

from derive.language.terms import Mul, Transpose
from derive.rules.construct import factors_of
from tests.rules.world import w, x


def test_a_scalar_chain_within_a_product_of_vectors_stays_together() -> None:
    scalar = Mul((Transpose(x), w))
    assert factors_of(Mul((scalar, x))) == (scalar, x)
    assert factors_of(Mul((scalar, scalar))) == (*scalar.args, *scalar.args)
