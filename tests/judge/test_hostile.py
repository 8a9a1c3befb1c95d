"""Documents that ask for work without end get an answer all the same: it took minutes, or for ever, before."""

from __future__ import annotations

from time import process_time

import pytest

from benchmarks.documents import document
from derive.judge.check import check_texts

RANDOM = [r"X, Y \in \mathbb{R}", r"X, Y \text{ random}"]
DOUBLING = [r"S_0 = X + Y", *(rf"S_{{{k}}} = S_{{{k - 1}}} + S_{{{k - 1}}}" for k in range(1, 50))]
HOSTILE = [
    (RANDOM, r"\mathbb{E}[X^{9^{9^{9}}}]"),
    (RANDOM, r"\mathbb{E}[9^{9^{9}} X]"),
    (RANDOM, r"\mathbb{E}[((2^{999})^{999})^{999} X]"),
    ([*RANDOM, *DOUBLING], r"\mathbb{E}[S_{49}]"),
    ([r"x_1, \dots, x_n \text{ iid}", r"x_i \in \mathbb{R}"], r"\mathbb{E}[(\sum_{i=1}^n x_i)^{10}]"),
]


@pytest.mark.parametrize(("given", "expression"), HOSTILE, ids=[e for _, e in HOSTILE])
def test_an_answer_in_bounded_time(given: list[str], expression: str) -> None:
    begun = process_time()
    (report,) = check_texts(
        [("hostile.md", document(given, [expression, r"\mathbb{E}[Y]"]))], simulation=False
    ).documents
    assert process_time() - begun < 8
    (step,) = report.derivations[0].steps
    assert step.verdict in ("unproved", "wrong", "needs") and not report.error
