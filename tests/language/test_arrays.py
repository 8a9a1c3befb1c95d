r"""Which undeclared symbols are arrays: what is transposed, traced, inverted, and the components `\mu_1`, `\Sigma_{12}`."""

import pytest

from derive import check
from tests.language.test_elaborate import page, understood

SHAPES = [  # left side, right side, (symbol, rows, columns or None for any) as read
    (r"\operatorname{tr}(AB)", r"\operatorname{tr}(A)\operatorname{tr}(B)", {"A": 2, "B": 2}),
    (r"\nabla_A \operatorname{tr}(AB)", r"B^\top", {"A": 2, "B": 2}),
    (r"(AB)^\top", r"A^\top B^\top", {"A": 2, "B": 2}),
    (r"(AB)^{-1}", r"A^{-1} B^{-1}", {"A": 2, "B": 2}),
    (r"(\Lambda + \Omega)^{-1}", r"\Lambda^{-1} + \Omega^{-1}", {r"\Lambda": 2, r"\Omega": 2}),
    (r"x x^\top", r"\|x\|^2", {"x": 1}),
    (r"x^\top y", r"y^\top x", {"x": 1, "y": 1}),
    (r"\operatorname{tr}(x^\top A x)", r"x^\top A x", {"x": 1, "A": 2}),
    (r"\mu_1 + \Sigma_{12}\Sigma_{22}^{-1}(x - \mu)", r"c", {r"\Sigma_{12}": 2, "x": 1, r"\mu": 1}),
    (r"\frac{1}{N}", r"N^{-1}", {"N": 0}),
    (r"E[(X+Y)^{-1}]", r"E[X^{-1}] + E[Y^{-1}]", {"X": 0, "Y": 0}),  # random: reciprocals of numbers
]


@pytest.mark.parametrize("left, right, ranks", SHAPES)
def test_undeclared_symbols_are_arrays_where_they_are_used_so(left, right, ranks):
    symbols = understood([], left, right).facts.symbols
    found = {key: sum(d != 1 for d in symbols[key].shape) for key in ranks}
    assert found == ranks


COMPONENTS = [  # givens, left side, right side: all true when the numbers are places
    ([r"x \in \mathbb{R}^n \text{ random}", r"E[x] = \mu"], r"E[x_1 + x_2]", r"\mu_1 + \mu_2"),
    (
        [r"x \in \mathbb{R}^n \text{ random}", r"\operatorname{Var}(x) = \Sigma"],
        r"\operatorname{Var}(x_1 + x_2)",
        r"\Sigma_{11} + \Sigma_{22} + 2\Sigma_{12}",
    ),
    (
        [r"x \in \mathbb{R}^n \text{ random}", r"\operatorname{Var}(x) = \Sigma"],
        r"\operatorname{Cov}(x_1, x_2)",
        r"\Sigma_{1,2}",
    ),
    ([r"x \sim \mathcal{N}(m, S)", r"x \in \mathbb{R}^p"], r"E[x_1 x_3]", r"S_{13} + m_1 m_3"),
]


@pytest.mark.parametrize("givens, left, right", COMPONENTS)
def test_numbers_below_an_inferred_array_are_places(givens, left, right):
    report = check(page(givens, left, right), simulation=False)
    assert [s.verdict for s in report.steps] == ["proved"]


OTHERS = [  # nothing of this is a component
    ([r"x \in \mathbb{R}^n \text{ random}", r"E[x] = \beta"], r"\beta_0 + \beta_1", r"\beta_1 + \beta_0", r"\beta_{1}"),
    ([r"A^\top B = C"], r"A_1 + A", r"A + A_1", r"A_{1}"),
    ([r"u^\top v = 1", r"v_1, v_2 \in \mathbb{R}"], r"v_1", r"v_1", r"v_{1}"),
    ([r"u^\top S u = 1", r"S = \begin{pmatrix} S_{11} & S_{12} \\ S_{21} & S_{22} \end{pmatrix}"], "S", "S", "S_{12}"),
]


@pytest.mark.parametrize("givens, left, right, symbol", OTHERS)
def test_numbered_symbols_that_are_none(givens, left, right, symbol):
    assert symbol in understood(givens, left, right).facts.symbols


def test_the_difference_shows_no_transposed_inverse_of_a_transpose():
    report = check("$$\n(A+B)^{-1} = A^{-1} + B^{-1}\n$$\n", simulation=False)
    assert report.steps[0].verdict == "wrong"
    assert r"\top" not in report.steps[0].message


DOTS = [  # a product with dots, what it is, whether that is so
    (r"\vec{x} \cdot \vec{y}", r"\vec{y} \cdot \vec{x}", True),
    (r"\mathbf{x} \cdot \mathbf{y}", r"\mathbf{x}^\top \mathbf{y}", True),
    (r"(\mathbf{x} + \mathbf{y}) \cdot \mathbf{x}", r"\|\mathbf{x}\|^2 + \mathbf{x} \cdot \mathbf{y}", True),
    (r"2 \cdot \mathbf{w} \cdot \mathbf{x}", r"2 \mathbf{x}^\top \mathbf{w}", True),
    (r"\mathbf{w} \cdot \mathbf{x} \cdot \mathbf{y}", r"(\mathbf{w}^\top \mathbf{x}) \mathbf{y}", True),
    (r"\mathbf{A}\mathbf{x} \cdot \mathbf{y}", r"\mathbf{x}^\top \mathbf{A}^\top \mathbf{y}", True),
    (r"\mathbf{x}^\top \cdot \mathbf{y}", r"\mathbf{y}^\top \mathbf{x}", True),
    (r"\mathbf{x} \cdot \mathbf{y}^\top", r"\mathbf{x} \mathbf{y}^\top", True),
    (r"\mathbf{x} \cdot \mathbf{y}^\top", r"\mathbf{y} \mathbf{x}^\top", False),
    (r"\mathbf{A} \cdot \mathbf{B}", r"\mathbf{B} \mathbf{A}", False),
    (r"\mathbf{x} \cdot \mathbf{y} \, \mathbf{x}", r"\mathbf{x} \mathbf{x}^\top \mathbf{y}", True),
    (r"\mathbf{x} \cdot \mathbf{y} \, \mathbf{x}", r"\mathbf{x} \cdot \mathbf{x} \, \mathbf{y}", False),
    (r"\mathbf{z} \, \mathbf{x} \cdot \mathbf{y}", r"\mathbf{z} \mathbf{x}^\top \mathbf{y}", True),
    (
        r"\mathbf{A} \mathbf{x} \cdot \mathbf{B} \mathbf{y}",
        r"\mathbf{x}^\top \mathbf{A}^\top \mathbf{B} \mathbf{y}",
        True,
    ),
    (r"\mathbf{A} \cdot \mathbf{B} \cdot 3", r"3 \mathbf{A} \mathbf{B}", True),
    (r"\sigma^2 (1 - \rho)", r"\sigma^2 - \rho \sigma^2", True),
    (r"\sigma^2(z)", r"\sigma(z) \sigma(z)", True),
    (r"\nabla_w f(w^\top x)", r"f'(w^\top x) x", True),
    (r"\frac{d}{dx} \phi(x^2)", r"2 x \phi'(x^2)", True),
]


@pytest.mark.parametrize("left, right, true", DOTS)
def test_dots_powers_and_primes_mean_what_they_stand_beside(left, right, true):
    report = check(f"$$\n{left} = {right}\n$$\n", simulation=False)
    assert [s.verdict == "proved" for s in report.steps] == [true]
    assert report.steps[0].verdict in ("proved", "wrong", "needs")


@pytest.mark.parametrize(
    "claim, remarked",
    [
        (r"(A+B)(A-B) = A^2 - B^2", True),
        (r"A B = B A", True),
        (r"\mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{A}", False),
        (r"\operatorname{tr}(AB) = \operatorname{tr}(BA)", False),
        (r"E[XY] = E[YX]", False),
        (r"a b = b a", False),
    ],
)
def test_capitals_that_are_read_as_numbers_are_named(claim, remarked):
    remarks = check(f"$$\n{claim}\n$$\n", simulation=False).documents[0].remarks
    assert any("read as numbers" in r.message for r in remarks) is remarked


@pytest.mark.parametrize(
    "claim",
    [
        r"\mathbf{x} \mathbf{y} = \mathbf{y} \mathbf{x}",
        r"E[\mathbf{x} \mathbf{y}] = E[\mathbf{y} \mathbf{x}]",
        r"\mathbf{A} \mathbf{x} \mathbf{y} = \mathbf{y} \mathbf{A} \mathbf{x}",
    ],
)
def test_bold_letters_that_do_not_fit_are_no_numbers_for_that(claim):
    report = check(f"$$\n{claim}\n$$\n", simulation=False)
    assert [s.verdict for s in report.steps] == ["unread"]


def test_a_bold_letter_that_is_added_to_a_number_is_one():
    claim = r"E[(\mathbf{w}^\top \mathbf{x} - \mathbf{y})^2] = E[(\mathbf{y} - \mathbf{w}^\top \mathbf{x})^2]"
    report = check(f"$$\n{claim}\n$$\n", simulation=False)
    assert [s.verdict for s in report.steps] == ["proved"]
