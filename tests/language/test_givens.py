"""Every kind of given: what it adds to the facts, and how it is read back."""

import pytest

from derive.language import facts as ft
from derive.language import terms as tm
from derive.language.elaborate import elaborate
from derive.source import read_document


def read(*lines):
    return elaborate(read_document("page.md", "```given\n" + "\n".join(lines) + "\n```\n"))


# statement, JSON kind, reading
SENTENCES = [
    (r"a, b \in \mathbb{R}", "shape", "a and b are real numbers"),
    (r"\mathbf{x} \in \mathbb{R}^m", "shape", "x is a vector with m components"),
    (r"A \in \mathbb{R}^{m \times n}", "shape", "A is an m×n matrix"),
    (r"y \in \{0, 1\}", "shape", "y is 0 or 1"),
    (r"\mathbf{x} \text{ random}", "kind", "x is random"),
    (r"\mathbf{n} \perp (\mathbf{x}, y)", "dependence", "n is independent of (x, y)"),
    (r"x_1, \dots, x_n \text{ independent}", "dependence", "x_1, …, x_n are independent"),
    (r"X, Y, Z \text{ independent}", "dependence", "X, Y and Z are mutually independent"),
    (r"X, Y \text{ uncorrelated}", "dependence", "X and Y are uncorrelated"),
    (r"q_i \perp k_i", "dependence", "q_i is independent of k_i, for every index"),
    (r"Y \perp Z \mid X", "dependence", "Y is independent of Z given X"),
    (r"x_1, \dots, x_n \text{ iid}", "dependence", "x_1, …, x_n are independent and identically distributed"),
    (r"m_i \sim \mathrm{Bernoulli}(p)", "distribution", "m_i is Bernoulli with probability p"),
    (r"X \sim \mathcal{N}(\mu, \sigma^2)", "distribution", "X is normally distributed with mean μ and variance σ²"),
    (r"X \sim (\mu, \sigma^2)", "distribution", "X has mean μ and covariance σ²"),
    (r"\mathbb{E}[\varepsilon_i^2] = v", "moments", "E[ε_i²] = v"),
    (r"\mathbb{E}[\varepsilon_i \varepsilon_j] = c \quad (i \neq j)", "moments", "E[ε_i ε_j] = c for i ≠ j"),
    (r"A = A^\top", "properties", "A is symmetric"),
    (r"A \text{ positive definite}", "properties", "A is positive definite"),
    (r"n > 1", "properties", "n > 1"),
    (r"\tilde{x} = x + n", "definitions", "x̃ = x + n"),
]


@pytest.mark.parametrize("written, kind, reading", SENTENCES)
def test_a_given_is_read_back_in_plain_words(written, kind, reading):
    found = read(written).givens[0]
    assert (found.kind, found.reading) == (kind, reading)
    assert found.problem is None


def only(done, kind):
    return [g for r in done.givens for g in r.givens if isinstance(g, kind)]


def test_groups_of_an_independence_stay_joint():
    (given,) = only(read(r"\mathbf{n} \perp (\mathbf{x}, y)"), ft.Independent)
    assert given.groups == ((ft.Member(r"\mathbf{n}"),), (ft.Member(r"\mathbf{x}"), ft.Member("y")))


def test_a_family_is_independent_member_by_member():
    (given,) = only(read(r"x_1, \dots, x_n, y_1, \dots, y_n \text{ independent}"), ft.Independent)
    assert given.groups == ((ft.Member("x", (), True),), (ft.Member("y", (), True),))


def test_a_family_in_brackets_is_meant_jointly():
    (given,) = only(read(r"(x_1, \dots, x_n) \perp (y_1, \dots, y_n)"), ft.Independent)
    assert given.groups == ((ft.Member("x"),), (ft.Member("y"),))


def test_a_schematic_independence_keeps_its_index():
    (given,) = only(read(r"q_i \perp k_i"), ft.Independent)
    assert given.schematic
    assert given.groups == ((ft.Member("q", (tm.Index("i"),)),), (ft.Member("k", (tm.Index("i"),)),))


def test_iid_is_independent_and_identical():
    done = read(r"X_1, \dots, X_n, X \text{ iid}")
    (same,) = only(done, ft.Identical)
    assert same.members == (ft.Member(r"X_{\bullet}", (), True), ft.Member("X"))
    assert only(done, ft.Independent)[0].groups == tuple((m,) for m in same.members)


def test_a_normal_vector_has_a_vector_mean_and_a_covariance_matrix():
    (given,) = only(
        read(r"\mathbf{n} \in \mathbb{R}^m", r"\mathbf{n} \sim \mathcal{N}(\mathbf{0}, \alpha\mathbf{I})"),
        ft.Distributed,
    )
    assert [p.shape for p in given.parameters] == [("m", 1), ("m", "m")]


def test_iid_components_define_the_array():
    done = read(r"N \in \mathbb{R}^{n \times d}", r"N_{ij} \overset{\text{iid}}{\sim} \mathcal{N}(0, s^2)")
    family = r"N_{\bullet}_{\bullet}"
    assert done.symbols[family].families == (tm.one_to("n"), tm.one_to("d"))
    assert only(done, ft.Distributed)[0].symbol.name == family
    assert any(isinstance(g, ft.Equation) and isinstance(g.lhs, tm.Entry) for g in done.facts.givens)


def test_a_moment_keeps_what_must_differ():
    (given,) = only(read(r"E[e_i e_j] = c \quad (i \neq j)"), ft.Equation)
    assert (given.kind, given.distinct) == ("moment", ((tm.Index("i"), tm.Index("j")),))


def test_a_square_orthogonal_matrix_is_a_property_too():
    done = read(r"Q \in \mathbb{R}^{n \times n}", r"Q^\top Q = I")
    assert [p.name for p in only(done, ft.Property)] == ["orthogonal"]


def test_a_tall_one_is_only_a_premise():
    done = read(r"U \in \mathbb{R}^{n \times p}", r"U^\top U = I_p")
    assert not only(done, ft.Property)
    assert [e.kind for e in only(done, ft.Equation)] == ["premise"]


def test_a_definition_of_something_with_facts_is_turned():
    done = read(r"Y_1, \dots, Y_n \text{ iid}", r"X_i \text{ random}", r"m \text{ constant}", r"Y_i = X_i - m")
    (given,) = only(done, ft.Equation)
    assert given.lhs == tm.Symbol("X", (tm.Index("i"),))


def test_an_unread_statement_leaves_the_rest():
    done = read(r"X \text{ is somehow nice}", r"E[X] = 0")
    assert [r.kind for r in done.givens if r.problem] == ["unread"]
    assert len(only(done, ft.Equation)) == 1


def test_a_clash_of_shapes_in_a_given_is_reported_there():
    found = read(r"x \in \mathbb{R}^n", r"A \in \mathbb{R}^{m \times m}", r"y = A x").givens[-1]
    assert found.kind == "unread" and "stands before it" in found.problem.message


def test_a_distribution_of_a_dotted_family_is_that_of_every_member():
    (given,) = only(read(r"x_1, \dots, x_n \overset{\text{iid}}{\sim} \mathcal{N}(0, s^2)"), ft.Distributed)
    assert given.symbol == tm.Symbol("x", (tm.Index("i"),))
