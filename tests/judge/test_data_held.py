"""Derivatives beside a model with noise are taken with the data as they are."""

import pytest

import derive


def steps(prose, claim):
    report = derive.check(f"{prose}\n\n$${claim}$$\n", simulation=False)
    return [s for d in report.documents for c in d.derivations for s in c.steps]


LINEAR = "Let $y = Xw + e$ with noise $e$."
SIMPLE = "Let $y_i = w x_i + e_i$."
HELD = [
    (LINEAR, r"\nabla_w \|Xw - y\|^2 = 2X^\top(Xw - y)", "needs"),
    (LINEAR, r"\nabla_w \|Xw - y\|^2 = X^\top(Xw - y)", "wrong"),
    (LINEAR, r"\nabla_w (y^\top y) = 0", "wrong"),  # nothing else in it moves
    (SIMPLE, r"\frac{d}{dw}\sum_{i=1}^n (y_i - w x_i)^2 = -2\sum_{i=1}^n x_i(y_i - w x_i)", "needs"),
    (SIMPLE, r"\frac{d}{dw}\sum_{i=1}^n (y_i - w x_i)^2 = 2\sum_{i=1}^n x_i(y_i - w x_i)", "wrong"),
    (
        r"Suppose $\mathbf y = \mathbf X\boldsymbol\beta + \boldsymbol\varepsilon$ with $E[\boldsymbol\varepsilon] = 0$.",
        r"\frac{\partial}{\partial\boldsymbol\beta} \|\mathbf y - \mathbf X\boldsymbol\beta\|^2"
        r" = -2\mathbf X^\top(\mathbf y - \mathbf X\boldsymbol\beta)",
        "needs",
    ),
    ("Let $r = Xw - y$.", r"\nabla_w \|r\|^2 = 2X^\top r", "proved"),
    ("Let $r = Xw - y$.", r"\nabla_w (\|r\|^2 + w^\top w) = 2w", "wrong"),
    ("Let $v = w^2$.", r"\frac{d}{dw} (v w) = v", "wrong"),
]


@pytest.mark.parametrize("prose, claim, verdict", HELD)
def test_data_stay(prose, claim, verdict):
    (step,) = steps(prose, claim)
    assert step.verdict == verdict, step.message


def test_what_is_held_is_said():
    (step,) = steps(LINEAR, HELD[0][1])
    assert step.missing == (r"y \text{ held fixed}",)
    (step,) = steps(LINEAR, HELD[1][1])
    assert step.correction == "2 X^\\top (X w - y)"
