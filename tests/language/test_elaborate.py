"""What documents mean: givens and one expression to terms, written back as LaTeX."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from derive.language import facts as ft
from derive.language import terms as tm
from derive.language.elaborate import elaborate, elaborate_expression, latex
from derive.source import read_document, read_expression


def page(givens, *members):
    """A Markdown page with a given block and one chain."""
    block = "```given\n" + "\n".join(givens) + "\n```\n\n"
    return (
        block
        + "$$\n\\begin{aligned}\n"
        + " \\\\\n".join((members[0] if not k else "") + " &= " + m for k, m in enumerate(members[1:]))
        + "\n\\end{aligned}\n$$\n"
    )


def understood(givens, *members):
    return elaborate(read_document("page.md", page(givens, *members)))


def steps(done):
    return [s for c in done.chains for s in c.steps]


# givens, expression, the term as it is written back
READINGS = [
    ([r"X, Y \text{ random}"], r"E[X + Y]", r"\mathbb{E}[X + Y]"),
    ([r"a, b, c \in \mathbb{R}"], r"a(b+c)", r"a (b + c)"),
    ([r"f \text{ function}", r"x \text{ random}"], r"E[f(x)^2]", r"\mathbb{E}[f(x)^2]"),
    ([r"f \text{ function}", r"x \text{ random}"], r"E[f^2(x)]", r"\mathbb{E}[f(x)^2]"),
    ([r"u, v \in \mathbb{R}^n"], r"\|u - v\|^2", r"\|u - v\|^2"),
    ([r"u, v \in \mathbb{R}^n"], r"\|u\|", r"\|u\|"),
    ([r"x \in \mathbb{R}"], r"\|x\|^2", r"x^2"),
    ([r"u, v \in \mathbb{R}^n"], r"\langle u, v\rangle", r"u^\top v"),
    ([r"A \in \mathbb{R}^{n \times n}"], r"A^3 + A^{-2}", r"A^3 + A^{-2}"),
    ([r"A \in \mathbb{R}^{m \times n}", r"x \in \mathbb{R}^n"], r"(A x)^\top A x", r"(A x)^\top A x"),
    ([r"A \in \mathbb{R}^{n \times n}"], r"|A| + \det(A)", r"\det(A) + \det(A)"),
    ([r"x \in \mathbb{R}"], r"|x|", r"\left|x\right|"),
    ([r"u \in \mathbb{R}^n"], r"u u^\top u", r"u u^\top u"),
    ([r"u, w \in \mathbb{R}^n"], r"u^\top w u", r"u^\top w u"),
    ([r"Z \in \mathbb{R}^n", r"Z \text{ random}"], r"\operatorname{Cov}(Z)", r"\operatorname{Cov}(Z)"),
    ([r"Z \in \mathbb{R}", r"Z \text{ random}"], r"\operatorname{Cov}(Z)", r"\operatorname{Var}(Z)"),
    ([r"Z \text{ random}"], r"P(Z > 1)", r"\mathbb{E}[\mathbf{1}\{Z > 1\}]"),
    ([r"Y, Z \text{ random}"], r"P(Y = 0, Z = 1)", r"\mathbb{E}[\mathbf{1}\{Y = 0\} \mathbf{1}\{Z = 1\}]"),
    ([r"\hat\theta \text{ random}"], r"\operatorname{MSE}(\hat\theta)", r"\mathbb{E}[(\hat{\theta} - \theta)^2]"),
    ([r"\hat\theta \text{ random}"], r"\operatorname{Bias}(\hat\theta)", r"\mathbb{E}[\hat{\theta}] - \theta"),
    ([r"x_1, \dots, x_n \text{ iid}"], r"x_1 + x_2 + \dots + x_n", r"\sum_{i=1}^{n} x_i"),
    ([r"x_1, \dots, x_n \text{ iid}"], r"\frac{1}{n}\sum_i x_i", r"\frac{1}{n} \sum_{i=1}^{n} x_i"),
    ([r"x_1, \dots, x_n \text{ iid}", r"a_i \in \mathbb{R}"], r"\sum a_i x_i", r"\sum_{i=1}^{n} a_i x_i"),
    ([r"p \in \mathbb{R}"], r"\sum_{y=0}^{1} y\,p^y", r"\sum_{y=0}^{1} y p^y"),
    ([r"X, Y \text{ random}"], r"E_{X}[X Y]", r"\mathbb{E}[X Y \mid Y]"),
    ([r"X, Y \text{ random}"], r"E_{X,Y}[X Y]", r"\mathbb{E}[X Y]"),
    ([r"w \in \mathbb{R}^d"], r"\nabla_w (w^\top w)", r"\nabla_{w} w^\top w"),
    ([r"b \in \mathbb{R}"], r"\frac{d}{db} b^2", r"\frac{\partial}{\partial b} b^2"),
    (
        [r"d_1, \dots, d_p \in \mathbb{R}"],
        r"\operatorname{diag}(d_1, \dots, d_p)",
        r"\operatorname{diag}(d_1, \dots, d_p)",
    ),
    ([r"B \in \mathbb{R}^{n \times n}"], r"B' B", r"B^\top B"),
    ([r"s, s' \in \mathbb{R}"], r"s s'", r"s s'"),
    ([r"V \in \mathbb{R}^{m \times m}", r"u \in \mathbb{R}^k"], r"V u^\top u V", r"V u^\top u V"),
]


@pytest.mark.parametrize("givens, written, meant", READINGS)
def test_an_expression_is_read_as_meant(givens, written, meant):
    context = read_document("page.md", "```given\n" + "\n".join(givens) + "\n```\n")
    term, _, problems = elaborate_expression(read_expression(written), context)
    assert not problems
    assert latex(term) == meant


def test_scalars_in_the_middle_stand_as_one_factor():
    term, _, _ = elaborate_expression(
        read_expression(r"V u^\top u V"),
        read_document("p.md", "```given\nV \\in \\mathbb{R}^{m \\times m}\nu \\in \\mathbb{R}^k\n```\n"),
    )
    assert term.shape == ("m", "m")
    assert [f.shape for f in term.args] == [("m", "m"), (1, 1), ("m", "m")]


class TestShapes:
    def test_are_found_by_use(self):
        done = understood([r"x \in \mathbb{R}^n"], r"\operatorname{Cov}(B x)", r"B \operatorname{Cov}(x) B^\top")
        assert done.symbols["B"].shape[1] == "n"
        assert done.symbols["B"].shape[0] not in (1, "n")

    def test_bold_letters_are_arrays_by_convention(self):
        done = understood([], r"E[\mathbf{u}^\top \mathbf{v}]", r"E[\mathbf{v}^\top \mathbf{u}]")
        assert done.symbols[r"\mathbf{u}"].origin == "convention"
        assert done.symbols[r"\mathbf{u}"].shape[1] == 1

    def test_plain_letters_are_numbers(self):
        assert understood([], r"E[x y]", r"E[y x]").symbols["x"].shape == (1, 1)

    def test_a_number_and_a_vector_do_not_add(self):
        step = steps(understood([r"u \in \mathbb{R}^n", r"s \in \mathbb{R}"], r"u + s", r"s + u"))[0]
        assert step.kind == "unread" and step.misfit
        assert "a sum of" in step.problems[0].message

    def test_a_product_that_does_not_fit_has_a_place(self):
        done = understood([r"A \in \mathbb{R}^{m \times n}", r"x \in \mathbb{R}^m"], r"E[x]", r"A x")
        problem = steps(done)[0].problems[-1]
        assert problem.span.line > 4 and "stands before it" in problem.message

    def test_sides_of_different_shape_are_a_claim_with_a_finding(self):
        step = steps(understood([r"x \in \mathbb{R}^n"], r"x^\top x", r"x x^\top"))[0]
        assert step.kind == "claim" and "the left side is a scalar" in step.problems[-1].message

    def test_a_column_zero_in_place_of_a_row_is_read_as_the_zero_that_fits(self):
        givens = [r"\mathbf{x}, \mathbf{w} \in \mathbb{R}^m", r"y \in \mathbb{R}"]
        step = steps(understood(givens, r"E[y]", r"E[\mathbf{x}^\top]\mathbf{w} \cdot \mathbf{0} \cdot \mathbf{w}"))[0]
        assert step.kind == "claim"
        assert [p.hint for p in step.problems] == ["0ᵀ"]
        assert tm.Constant(tm.number(0).value, (1, "m")) in list(tm.walk(step.claim.rhs))

    def test_one_false_line_does_not_bend_the_others(self):
        done = understood(
            [r"\mathbf{x} \in \mathbb{R}^m"],
            r"E[\mathbf{x}^\top \mathbf{w}]",
            r"\mathbf{w} + 1",
            r"E[\mathbf{w}^\top \mathbf{x}]",
        )
        assert done.symbols[r"\mathbf{w}"].shape == ("m", 1)

    def test_the_identity_takes_its_size(self):
        done = understood([r"A \in \mathbb{R}^{n \times n}"], r"A + I", r"I + A")
        assert tm.Identity("n") in list(tm.walk(steps(done)[0].claim.lhs))


class TestRoles:
    def test_only_under_averages_is_random(self):
        assert understood([], r"E[Q]", r"E[Q]").symbols["Q"].role == "random"

    def test_also_outside_is_constant(self):
        done = understood([], r"E[c Q]", r"c E[Q]")
        assert (done.symbols["c"].role, done.symbols["Q"].role) == ("constant", "random")

    def test_a_given_decides(self):
        assert understood([r"Q \text{ constant}"], r"E[Q]", r"E[Q]").symbols["Q"].role == "constant"

    def test_a_condition_is_random(self):
        assert understood([], r"E[Y \mid G] + G", r"G + E[Y \mid G]").symbols["G"].role == "random"

    def test_what_is_made_of_random_is_random(self):
        done = understood([r"X \text{ random}", r"a \text{ constant}", r"Y = a X"], r"E[Y]", r"a E[X]")
        assert done.symbols["Y"].role == "random"

    def test_a_random_function_at_a_fixed_place_is_a_symbol(self):
        done = understood([r"\hat{g}(t) \text{ random}", r"t \text{ constant}"], r"E[\hat{g}(t)]", r"E[\hat{g}(t)]")
        assert done.symbols[r"\hat{g}(t)"].role == "random"
        assert steps(done)[0].claim.lhs == tm.Expectation(tm.Symbol(r"\hat{g}(t)"))

    def test_dimensions_are_dimensions(self):
        done = understood([r"x_1, \dots, x_n \text{ iid}"], r"\sum_{i=1}^n E[x_i]", r"n E[x_1]")
        assert done.symbols["n"].role == "dimension"
        assert done.symbols["x"].families == (tm.one_to("n"),)


class TestIndices:
    def test_components_of_a_declared_vector(self):
        step = steps(understood([r"w \in \mathbb{R}^d"], r"\sum_i w_i^2", r"w^\top w"))[0]
        assert step.claim.lhs.range == tm.one_to("d")
        assert step.claim.lhs.body.base == tm.Entry(tm.Symbol("w", (), ("d", 1)), tm.Index("i"))

    def test_components_of_a_vector_whose_shape_is_inferred(self):
        done = understood(
            [r"A \in \mathbb{R}^{n \times n}", r"v = A u", r"u \in \mathbb{R}^n"], r"\sum_{i=1}^n v_i^2", r"v^\top v"
        )
        assert "v_{\\bullet}" not in done.symbols

    def test_rows_of_a_matrix(self):
        givens = [r"X \in \mathbb{R}^{n \times d}", r"X_i \in \mathbb{R}^d", r"w \in \mathbb{R}^d"]
        lines = [
            t
            for t in tm.walk(steps(understood(givens, r"X_i^\top w", r"w^\top X_i"))[0].claim.lhs)
            if isinstance(t, tm.Line)
        ]
        assert lines == [tm.Line(tm.Symbol("X", (), ("n", "d")), tm.Index("i"))]

    def test_a_plain_letter_beside_its_bold_version_is_a_component(self):
        done = understood([r"\mathbf{v} \in \mathbb{R}^n"], r"\sum_i v_i", r"\sum_{j} v_j")
        assert tm.Entry(tm.Symbol(r"\mathbf{v}", (), ("n", 1)), tm.Index("i")) in list(
            tm.walk(steps(done)[0].claim.lhs)
        )

    def test_families_and_their_plain_copy_are_two_symbols(self):
        done = understood([r"X, X_i \in \mathbb{R}", r"X_1, \dots, X_n, X \text{ iid}"], r"E[X_i]", r"E[X]")
        assert {"X", r"X_{\bullet}"} <= set(done.symbols)

    def test_labels_are_part_of_the_name(self):
        assert r"\sigma_{f}" in understood([], r"\sigma_f + c", r"c + \sigma_f").symbols

    def test_neighbours_in_time(self):
        done = understood(
            [r"\varepsilon_i \text{ iid}"], r"E[\varepsilon_i \varepsilon_{i+1}]", r"E[\varepsilon_{i+1} \varepsilon_i]"
        )
        found = {t.indices for t in tm.walk(steps(done)[0].claim.lhs) if isinstance(t, tm.Symbol)}
        assert found == {(tm.Index("i"),), (tm.Index("i", 1),)}

    def test_side_conditions(self):
        done = understood([r"x_1, \dots, x_n \text{ random}"], r"\sum_{i \neq j} x_i x_j", r"2 \sum_{i < j} x_i x_j")
        left, right = steps(done)[0].claim.lhs, steps(done)[0].claim.rhs
        assert left.body.excluded == (tm.Index("i"),)
        sums = [t for t in tm.walk(right) if isinstance(t, tm.Sum)]
        assert any(s.below for s in sums)

    def test_a_sum_reaches_to_what_uses_its_index(self):
        step = steps(
            understood(
                [r"a_1, \dots, a_n, b_1, \dots, b_n \in \mathbb{R}"],
                r"\sum_{i=1}^n a_i - b_i",
                r"\sum_{i=1}^n (a_i - b_i)",
            )
        )[0]
        assert step.claim.lhs == step.claim.rhs
        assert "reaching to the end" in step.problems[0].message


class TestDefinitions:
    def test_an_undefined_symbol_alone_is_defined(self):
        first, second = steps(understood([r"X \text{ random}"], r"S", r"X + 1", r"1 + X"))
        assert (first.kind, first.defines) == ("defines", "S")
        assert any(isinstance(g, ft.Equation) and g.lhs == tm.Symbol("S") for g in second.claim.facts.givens)

    def test_what_a_given_says_is_not_defined_again(self):
        assert steps(understood([r"S = X + 1"], r"S", r"X + 2"))[0].kind == "claim"

    def test_a_given_that_is_restated_is_assumed(self):
        assert steps(understood([r"E[X] = \mu"], r"E[X]", r"\mu"))[0].kind == "assumed"

    def test_a_square_can_be_defined(self):
        done = understood(
            [r"x_1, \dots, x_n \text{ iid}", r"S_n^2 = \frac{1}{n} \sum_{i=1}^n x_i^2"], r"E[S_n^2]", r"E[x_1^2]"
        )
        equation = next(g for r in done.givens for g in r.givens if isinstance(g, ft.Equation))
        assert equation.kind == "definition"
        assert equation.lhs == tm.Pow(tm.Symbol("S_{n}"), tm.number(2))

    def test_givens_of_a_block_hold_everywhere_and_prose_from_where_it_stands(self):
        text = "$$ E[X] = \\mu $$\n\n```given\nE[X] = \\mu\n```\n"
        assert steps(elaborate(read_document("p.md", text)))[0].kind == "assumed"

    def test_an_inequality_is_skipped(self):
        done = elaborate(read_document("p.md", "$$ E[X^2] \\ge E[X]^2 $$"))
        assert [s.kind for s in steps(done)] == ["skipped"]


PIECES = [
    "E[", "]", "(", ")", "x", "_i", "^2", r"\sum_i", r"\frac{", "}{", "}", "+", "-", "=", r"\mathbf{w}", r"^\top", "A", "^{-1}",
    r"\perp", r"\sim", r"\mathcal{N}(0,1)", "|", ",", r"\dots", r"\in \mathbb{R}^n", r"\text{ iid}", r"\nabla", r"\odot", "1_n", "I",
    r"\begin{pmatrix}", r"\end{pmatrix}", "&", r"\\", r"\operatorname{Var}(", r"x_1, \dots, x_n", "0", "f(x)", r"\to",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.lists(st.sampled_from(PIECES), max_size=14))
def test_nothing_that_is_written_raises(first, second):
    text = "```given\n" + " ".join(first) + "\n```\n\n$$ " + " ".join(second) + " $$\n"
    done = elaborate(read_document("page.md", text))
    for step in steps(done):
        assert step.kind in {"claim", "defines", "assumed", "skipped", "unread"}
        assert (step.claim is None) == (step.kind in {"skipped", "unread"})


ABSOLUTE = tm.Function("abs", (tm.Symbol("X"),))


@pytest.mark.parametrize("bars", ["|X|", r"\left|X\right|", r"\lvert X \rvert"])
def test_a_condition_keeps_its_absolute_value(bars):
    (step,) = steps(understood([], rf"\mathbb{{E}}[X \mid {bars}]", "X"))
    assert step.claim.lhs == tm.Expectation(tm.Symbol("X"), (ABSOLUTE,))


@pytest.mark.parametrize("said", [r"|X|, Y \text{ independent}", r"|X|, Y \text{ uncorrelated}", r"Z \perp Y \mid |X|"])
def test_what_is_said_of_an_absolute_value_is_not_said_of_the_variable(said):
    (step,) = steps(understood([said], r"\mathbb{E}[XYZ]", "0"))
    (given,) = step.claim.facts.givens
    members = [m for g in getattr(given, "groups", ()) for m in g] + list(getattr(given, "members", ()))
    members += getattr(given, "given", ())
    assert ABSOLUTE in [m.term for m in members]
    assert "X" not in [m.name for m in members]


def test_what_makes_a_random_symbol_vary_is_random():
    """Y is said to be iid and is X − μ: X varies, though it stands under no expectation."""
    text = "```given\nY_1, \\dots, Y_n \\text{ iid}\nY_i = X_i - \\mu\n```\n\n$$ \\mathbb{E}[Y_1^2] = \\mathbb{E}[Y_2^2] $$\n"
    (document,) = derive.check(text, simulation=False).documents
    assert {s.latex: s.kind for s in document.symbols if s.latex in ("X", "Y", r"\mu")} == {
        "X": "random",
        "Y": "random",
        r"\mu": "constant",
    }
