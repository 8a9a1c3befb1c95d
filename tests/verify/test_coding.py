"""Terms and givens as JSON and back."""

import json
from dataclasses import fields
from fractions import Fraction

import pytest

from derive.language import facts as ft
from derive.language import terms as tm
from derive.verify.coding import GIVENS, READERS, TERMS, decode, encode
from derive.verify.refusal import Refused

CLASSES = [*TERMS.values(), *GIVENS.values(), ft.Member, ft.SymbolInfo, tm.Index, tm.Range]


@pytest.mark.parametrize("made", CLASSES, ids=lambda c: c.__name__)
def test_every_field_can_be_read(made):
    assert {str(f.type) for f in fields(made)} <= set(READERS)


def test_there_and_back():
    x = tm.Symbol("x", (tm.Index("i", 1),), ("m", 1))
    term = tm.Sum("i", tm.one_to("n"), tm.Expectation(tm.Mul((tm.number(Fraction(-2, 3)), tm.Transpose(x), x)), (x,)))
    assert decode(json.loads(json.dumps(encode(term))), "Term") == term


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"Index": ["$r", 0]}, "Index"),  # names that the verifier keeps for itself
        ({"Index": ["#1.0", 0]}, "Index"),
        ({"Index": ["~1", 0]}, "Index"),
        ({"Index": ["i", 10**7]}, "Index"),
        ({"Index": ["i", 1.5]}, "Index"),
        ({"Index": ["i", True]}, "Index"),
        ({"Index": ["i"]}, "Index"),
        ({"Index": ["i", 0], "Range": []}, "Index"),
        ({"Number": ["nan"]}, "Term"),
        ({"Number": ["1/0"]}, "Term"),
        ({"Number": [1]}, "Term"),
        ({"Identity": [0]}, "Term"),
        ({"Claim": []}, "Term"),
        ({"Independent": [[], "", 1, 0]}, "Given"),
    ],
)
def test_what_does_not_fit_is_refused(value, kind):
    with pytest.raises(Refused):
        decode(value, kind)
