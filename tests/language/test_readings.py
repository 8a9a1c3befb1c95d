"""Plain words for LaTeX."""

import pytest

from derive.language.readings import listed, plain


@pytest.mark.parametrize(
    "latex, text",
    [
        (r"\mathbf{x}^\top \mathbf{w}", "xᵀ w"),
        (r"\frac{1}{n} \sum_{i=1}^{n} x_i", "1/n Σ_(i=1)^n x_i"),
        (r"\mathbb{E}[\varepsilon_i^2]", "E[ε_i²]"),
        (r"\{1, 2\}", "{1, 2}"),
        (r"\|x\|^2", "‖x‖²"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "[a, b; c, d]"),
        (r"\hat{\theta}_n", "θ̂_n"),
        (r"\sqrt{d_k}", "√(d_k)"),
        ("{" * 40, ""),
        (r"\frac{", "()/()"),
    ],
)
def test_plain(latex, text):
    assert plain(latex) == text


def test_lists():
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b and c")
