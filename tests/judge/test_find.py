"""Unknowns in a `find` block: all values that make the equation true."""

from __future__ import annotations

from derive.judge.check import check_texts


def steps(text):
    report = check_texts([("x.md", text)], simulation=False)
    assert not report.documents[0].error
    return [s for d in report.documents[0].derivations for s in d.steps]


MASKS = r"""
```find
m \in \{0,1\}^2
```

$$ \begin{bmatrix} 1 & 2 \end{bmatrix} \operatorname{diag}(m) \begin{bmatrix} %s \\ %s \end{bmatrix} = %s $$
"""


def test_one_mask_fits():
    (step,) = steps(MASKS % (3, 4, 8))
    assert step.verdict == "proved"
    assert "one of the 4" in step.message and "[0, 1]" in step.message


def test_several_masks_fit():
    (step,) = steps(MASKS % (0, 4, 8))
    assert step.verdict == "proved" and "2 of the 4" in step.message


def test_no_mask_fits():
    (step,) = steps(MASKS % (3, 4, 7))
    assert step.verdict == "wrong" and "No value" in step.message
    assert step.counterexample is not None


SOLVED = r"""
```given
a, b \in \mathbb{R}
```

```find
v \in \mathbb{R}^2
```

$$ v^\top \begin{bmatrix} a + b \\ a - b \end{bmatrix} = %s $$

$$ 2 v_1 + v_2 = \frac{7}{2} $$
"""


def test_a_linear_unknown_is_solved_for_and_then_known():
    first, second = steps(SOLVED % "2a + b")
    assert first.verdict == "proved" and "[3/2, 1/2]" in first.message
    assert second.verdict == "proved"


def test_an_equation_without_solution():
    first, _ = steps(SOLVED % "a^2")
    assert first.verdict == "wrong"
