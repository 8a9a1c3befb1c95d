"""Terms as LaTeX: exact strings, and the way back through the reader."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from derive.language import terms as tm
from derive.language.elaborate import elaborate_expression
from derive.language.latex import latex
from derive.source import read_document, read_expression

a, b, n = tm.Symbol("a"), tm.Symbol("b"), tm.Symbol("n")
x, w = tm.Symbol("x", (), ("m", 1)), tm.Symbol("w", (), ("m", 1))
A = tm.Symbol("A", (), ("m", "m"))
half = tm.Number(Fraction(1, 2))


def power(base, exponent):
    return tm.Pow(base, tm.number(exponent))


def test_products_and_signs():
    assert latex(tm.Mul((tm.number(2), a, b))) == "2 a b"
    assert latex(tm.Add((a, tm.Mul((tm.number(-1), b))))) == "a - b"
    assert latex(tm.Mul((tm.number(-1), tm.Add((a, b))))) == "-(a + b)"
    assert latex(tm.Add((a, tm.Mul((tm.number(-1), tm.Add((a, b))))))) == "a - (a + b)"
    assert latex(tm.Mul((tm.number(1), a))) == "a"


def test_fractions():
    assert latex(tm.Mul((a, power(n, -1)))) == r"\frac{a}{n}"
    assert latex(tm.Mul((half, a))) == r"\frac{a}{2}"
    assert latex(tm.Mul((tm.Number(Fraction(-3, 2)), a, power(b, -2)))) == r"-\frac{3 a}{2 b^2}"
    total = tm.Sum("i", tm.one_to("n"), tm.Symbol("x", (tm.Index("i"),)))
    assert latex(tm.Mul((power(n, -1), total))) == r"\frac{1}{n} \sum_{i=1}^{n} x_i"


def test_matrices():
    assert latex(tm.Mul((tm.Transpose(x), A, w))) == r"x^\top A w"
    assert latex(tm.Transpose(tm.Mul((A, x)))) == r"(A x)^\top"
    assert latex(tm.Transpose(tm.Inverse(A))) == r"A^{-\top}"
    assert latex(tm.Mul((A, A, x))) == "A^2 x"
    assert latex(tm.Mul((tm.Inverse(A), tm.Inverse(A)))) == "A^{-2}"
    assert latex(tm.Inverse(tm.Add((A, A)))) == "(A + A)^{-1}"


def test_powers_take_brackets_where_needed():
    assert latex(power(tm.Add((a, b)), 2)) == "(a + b)^2"
    assert latex(power(tm.Symbol("Y^{*}", (tm.Index("i"),)), 2)) == "(Y_i^*)^2"
    assert latex(power(tm.Expectation(a), 2)) == r"\mathbb{E}[a]^2"
    assert latex(tm.Pow(a, half)) == r"\sqrt{a}"


def test_sums_take_brackets_where_needed():
    body = tm.Add((tm.Symbol("x", (tm.Index("i"),)), a))
    total = tm.Sum("i", tm.one_to("n"), body)
    assert latex(total) == r"\sum_{i=1}^{n} (x_i + a)"
    assert latex(tm.Mul((total, b))) == r"\left(\sum_{i=1}^{n} (x_i + a)\right) b"


def test_names_and_indices():
    assert latex(tm.Symbol(r"x^{(\bullet)}", (tm.Index("i"),))) == "x^{(i)}"
    assert latex(tm.Symbol(r"\sigma_{f}")) == r"\sigma_f"
    assert latex(tm.Entry(A, tm.Index("i"), tm.Index("j", 1))) == "A_{i,j+1}"
    assert latex(tm.Symbol(r"\nabla f_{\bullet}(w)", (tm.Index("i"),), ("m", 1))) == r"\nabla f_i(w)"


def test_dotted_columns_and_matrices():
    column = tm.Entries("i", "_", tm.Symbol("x", (tm.Index("i"),)), ("n", 1))
    assert latex(column) == r"\begin{pmatrix} x_1 \\ \vdots \\ x_n \end{pmatrix}"
    assert latex(tm.Diagonal(column)) == r"\operatorname{diag}(x_1, \dots, x_n)"
    assert latex(tm.Expectation(a, (column,))) == r"\mathbb{E}[a \mid x_1, \dots, x_n]"


scalars = st.sampled_from([a, b, n, tm.number(2), tm.number(3), half])


def grown(children):
    return st.one_of(
        st.lists(children, min_size=2, max_size=3).map(lambda ts: tm.Add(tuple(ts))),
        st.lists(children, min_size=2, max_size=3).map(lambda ts: tm.Mul(tuple(ts))),
        children.map(lambda t: power(t, 2)),
        children.map(lambda t: tm.Mul((tm.number(-1), t))),
        children.map(lambda t: tm.Mul((a, power(t, -1)))),
        children.map(lambda t: tm.Mul((t, tm.Transpose(x), A, w))),
        children.map(lambda t: tm.Expectation(tm.Mul((t, tm.Symbol("Q"))))),
    )


CONTEXT = read_document(
    "p.md", "```given\nx, w \\in \\mathbb{R}^m\nA \\in \\mathbb{R}^{m \\times m}\nQ \\text{ random}\n```\n"
)


def entries(name, seed, rows, columns):
    return [[Fraction(sum(map(ord, name)) % 7 + seed + 2 * i + 3 * j, 3) for j in range(columns)] for i in range(rows)]


def value(term, seed):
    """The term as a matrix of numbers at a point: enough to see that two terms are the same polynomial."""
    match term:
        case tm.Number(number):
            return [[number]]
        case tm.Symbol(name, _, (rows, columns)):
            return entries(name, seed, 2 if rows == "m" else 1, 2 if columns == "m" else 1)
        case tm.Add(args):
            return [
                [sum(cells) for cells in zip(*rows, strict=True)]
                for rows in zip(*(value(t, seed) for t in args), strict=True)
            ]
        case tm.Mul(args):
            made = [[Fraction(1)]]
            for t in args:
                made = times(made, value(t, seed))
            return made
        case tm.Pow(base, tm.Number(exponent)):
            return [[value(base, seed)[0][0] ** int(exponent)]]
        case tm.Transpose(arg):
            return [list(row) for row in zip(*value(arg, seed), strict=True)]
        case tm.Expectation(arg):
            return [[value(arg, seed)[0][0] + 1]]
    raise AssertionError(term)


def times(left, right):
    for scalar, other in ((left, right), (right, left)):
        if len(scalar) == len(scalar[0]) == 1:
            return [[scalar[0][0] * cell for cell in row] for row in other]
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*right, strict=True)] for row in left
    ]


@settings(max_examples=120, deadline=None)
@given(st.recursive(scalars, grown, max_leaves=6))
def test_what_is_written_is_read_back_as_the_same(term):
    back, _, problems = elaborate_expression(read_expression(latex(term)), CONTEXT)
    assert not problems, latex(term)
    for seed in (2, 5):
        try:
            wanted = value(term, seed)
        except ZeroDivisionError:  # the point of this seed is a pole: it says nothing
            continue
        assert value(back, seed) == wanted, latex(term)
