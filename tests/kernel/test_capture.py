"""Indices that a given brings in stay apart from those of the moment around it."""

import pytest

import derive

VECTORS = "x, w \\in \\mathbb{R}^d\nw \\text{ constant}\n\\mathbb{E}[y \\mid x] = w^\\top x\n"
FALSE = [
    (VECTORS, r"\mathbb{E}[y w^\top x] = \sum_{i=1}^d w_i \mathbb{E}[x_i^2] \sum_{j=1}^d w_j"),
    (VECTORS, r"\mathbb{E}[y (w^\top x)^2] = \mathbb{E}[\sum_i w_i x_i^3] \sum_j w_j \sum_k w_k"),
    (VECTORS + r"v \in \mathbb{R}^d", r"\mathbb{E}[y v^\top x] = \sum_{i=1}^d v_i w_i \mathbb{E}[x_i^2]"),
]
PRODUCTS = "x_1, \\dots, x_n, y_1, \\dots, y_n \\text{ constant}"
FALSE += [
    (PRODUCTS, r"\prod_{i=1}^n \prod_{j=1}^n (x_i + y_j) = \prod_{i=1}^n \prod_{j=1}^n (x_j + y_j)"),
    (PRODUCTS, r"\prod_{i=1}^n \prod_{j=1}^n (x_i + y_j) = \prod_{i=1}^n \prod_{j=1}^n (x_i + y_i)"),
    (
        PRODUCTS,
        r"\prod_{i=1}^n \sum_{j=1}^n \prod_{k=1}^n (x_i + y_k) = \prod_{i=1}^n \sum_{j=1}^n \prod_{k=1}^n (x_k + y_k)",
    ),
]
TRUE = [
    (PRODUCTS, r"\prod_{i=1}^n (x_i + y_i)^2 = \prod_{j=1}^n (x_j^2 + 2 x_j y_j + y_j^2)"),
    (VECTORS, r"\mathbb{E}[y w^\top x] = \mathbb{E}[(w^\top x)^2]"),
    (VECTORS + r"\operatorname{Var}(y \mid x) = \sigma^2", r"\mathbb{E}[(y - w^\top x)^2] = \sigma^2"),
    (
        VECTORS + r"A \in \mathbb{R}^{d \times d} \text{ constant}",
        r"\mathbb{E}[y x^\top A x] = \mathbb{E}[w^\top x \, x^\top A x]",
    ),
]


def verdicts(given, claim):
    report = derive.check(f"```given\n{given}\n```\n\n$$\n{claim}\n$$\n", simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


@pytest.mark.parametrize("case", FALSE)
def test_no_index_is_captured(case):
    assert verdicts(*case) == ["wrong"]


@pytest.mark.parametrize("case", TRUE)
def test_sums_in_conditional_means_are_used(case):
    assert verdicts(*case) == ["proved"]


GRADIENTS = "x, a \\in \\mathbb{R}^n\nx, a \\text{ constant}\ng, h \\text{ functions}"


@pytest.mark.parametrize(
    "claim",
    [
        r"\nabla_x g(x) (\nabla_x h(x))^\top = \nabla_x h(x) (\nabla_x g(x))^\top",
        r"\frac{\partial g(x)}{\partial x_1} \frac{\partial h(x)}{\partial x_2}"
        r" = \frac{\partial g(x)}{\partial x_2} \frac{\partial h(x)}{\partial x_1}",
        r"(a^\top \nabla_x g(x)) \nabla_x h(x) = (a^\top \nabla_x h(x)) \nabla_x g(x)",
        r"\nabla_x g(A x) = A \nabla_x g(x)",
    ],
)
def test_the_partial_derivatives_of_two_functions_stay_apart(claim):
    assert "proved" not in verdicts(GRADIENTS, claim)


@pytest.mark.parametrize(
    "claim",
    [
        r"\nabla_x (g(x) h(x)) = g(x) \nabla_x h(x) + h(x) \nabla_x g(x)",
        r"a^\top \nabla_x g(x) = (\nabla_x g(x))^\top a",
        r"\nabla_x (3 g(x) + a^\top x) = 3 \nabla_x g(x) + a",
        r"\frac{\partial}{\partial x_1} \frac{g(x)^2}{2} = g(x) \frac{\partial g(x)}{\partial x_1}",
    ],
)
def test_the_product_rule_holds_for_functions_of_vectors(claim):
    assert verdicts(GRADIENTS, claim) == ["proved"]


def test_a_random_value_is_not_averaged_in_the_place_of_a_parameter():
    """L(W) is the value of L at W, a random variable, not the number that an average over W would be."""
    given = "y, W \\text{ random}\nL(w) = \\mathbb{E}[(y - w)^2]"
    assert verdicts(given, r"L(W) = \mathbb{E}[(y - W)^2]") != ["proved"]
    assert verdicts(given, r"\mathbb{E}[L(W)] = \mathbb{E}[(y - W)^2]") != ["proved"]
    assert verdicts(given, r"L(w) = \mathbb{E}[y^2] - 2w\mathbb{E}[y] + w^2") == ["proved"]
