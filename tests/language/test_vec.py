r"""`vec` and Kronecker products: true claims about them are never refuted, and false ones never proved."""

import pytest

from tests.judge.test_check import display, steps_of

GIVEN = """```given
A \\in \\mathbb{R}^{m \\times n}, B \\in \\mathbb{R}^{n \\times p}, C \\in \\mathbb{R}^{p \\times q}
a \\in \\mathbb{R}^m, b \\in \\mathbb{R}^n
```
"""
TRUE = [
    (r"\operatorname{vec}(ABC)", r"(C^\top \otimes A)\operatorname{vec}(B)"),
    (r"\operatorname{vec}(ab^\top)", r"b \otimes a"),
    (r"\operatorname{vec}(A)^\top\operatorname{vec}(A)", r"\operatorname{tr}(A^\top A)"),
]
FALSE = [
    (r"\operatorname{vec}(ABC)", r"(A \otimes C^\top)\operatorname{vec}(B)"),
    (r"\operatorname{vec}(ab^\top)", r"a \otimes b"),
]


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_what_is_true_is_not_refuted(left: str, right: str) -> None:
    assert next(s.verdict for s in steps_of(display(left, right, given=GIVEN))) in ("proved", "unproved")


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_what_is_false_is_not_proved(left: str, right: str) -> None:
    assert next(s.verdict for s in steps_of(display(left, right, given=GIVEN))) not in ("proved", "assumed")
