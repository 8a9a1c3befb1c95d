"""What does not fit is refuted where the dimensions are the same, and never called anything but a finding."""

from __future__ import annotations

from derive.judge.check import check_texts

GIVEN = r"""
```given
A, B \in \mathbb{R}^{m \times n}
A, B \text{ constant}
```

$$ %s $$
"""


def only_step(claim):
    report = check_texts([("x.md", GIVEN % claim)], simulation=False).documents[0]
    assert not report.error
    (step,) = [s for c in report.derivations for s in c.steps]
    return step


def test_a_lost_transpose_is_wrong_even_for_square_matrices():
    step = only_step(r"(A + B)^\top A = A^\top A + B A")
    assert step.verdict == "wrong" and step.counterexample is not None
    assert "does not fit" in step.message


def test_what_holds_for_square_matrices_is_still_a_finding():
    step = only_step(r"A B = A B")
    assert step.verdict == "unread"
