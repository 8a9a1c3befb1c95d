"""The SymPy face: objects, printing, linearity, and the way to terms and back."""

import pytest
import sympy
import sympy.stats
from hypothesis import given
from hypothesis import strategies as st
from sympy import Identity, MatrixSymbol, ZeroMatrix

from derive.language.conversion import NotConvertible, from_term, name_of, symbols_of, to_term
from derive.language.expressions import (
    Cov,
    E,
    Random,
    RandomFamily,
    RandomMatrix,
    RandomVector,
    Var,
    inner,
    is_random,
    scalar,
)

X, Y, Z = Random("X"), Random("Y"), Random("Z")
a, b = sympy.symbols("a b", real=True)
m = sympy.Symbol("m", integer=True, positive=True)
n = sympy.Symbol("n", integer=True, positive=True)
x, noise = RandomVector("x", m), RandomVector("n", m)
w, A = MatrixSymbol("w", m, 1), MatrixSymbol("A", m, m)


def test_moments_are_sympy_objects():
    assert isinstance(E(X) + a, sympy.Expr)
    assert E(x).shape == (m, 1) and Var(x).shape == (m, m) and Cov(x, noise).shape == (m, m)
    assert (2 * E(X)).subs(X, Y) == 2 * E(Y)
    assert E(a * X).diff(a) == E(X)


def test_printing():
    assert sympy.latex(E(X**2)) == r"\mathbb{E}\left[X^{2}\right]"
    assert sympy.latex(Cov(X, Y, given=Z)) == r"\operatorname{Cov}\left(X, Y \mid Z\right)"
    assert str(E(Y, given=X)) == "E(Y | X)"
    assert E(X)._repr_latex_() == r"$\displaystyle \mathbb{E}\left[X\right]$"


def test_text_is_refused():
    with pytest.raises(sympy.SympifyError):
        E("X")
    with pytest.raises(sympy.SympifyError):
        Cov(X, "__import__('os')")


def test_linearity_by_hint():
    assert E(a * X + b * Y + 1).expand(expectation=True) == a * E(X) + b * E(Y) + 1
    assert E((X + a) ** 2).expand(expectation=True) == E(X**2) + 2 * a * E(X) + a**2
    assert Var(a * X - Y).expand(expectation=True) == a**2 * Var(X) + Var(Y) - 2 * a * Cov(X, Y)
    assert Var(X + a).expand(expectation=True) == Var(X)
    assert E(X * Y).expand(expectation=True) == E(X * Y)
    assert E(x + 2 * noise).expand(expectation=True) == E(x) + 2 * E(noise)


def test_conditional_expectation_is_random():
    assert is_random(E(Y, given=X)) and not is_random(E(Y)) and is_random(X * a)


def test_scalar_needs_a_one_by_one_product():
    assert scalar(x.T * w) == inner(x, w)
    with pytest.raises(ValueError, match="shape"):
        scalar(A * x)


@pytest.mark.parametrize(
    "expression",
    [
        E(X**2) - E(X) ** 2 / 3,
        Cov(a * X, Y) + sympy.exp(a),
        E(x * x.T),
        A * E(x) + w,
        inner(x, w) ** 2,
        (A * A.T).inverse() * w,
        sympy.Trace(A),
        E(Y, given=X),
        sympy.Sum(RandomFamily("X", n)[sympy.Symbol("i", integer=True)], (sympy.Symbol("i", integer=True), 1, n)),
        Identity(m) + ZeroMatrix(m, m) + A,
        sympy.ImmutableMatrix([[X, a], [0, 1]]),
    ],
)
def test_there_and_back(expression):
    assert from_term(to_term(expression), symbols_of(expression)) == expression.doit(deep=False)


LEAVES = st.sampled_from([X, Y, a, b, sympy.Integer(3), sympy.Rational(1, 2)])


def larger(smaller: st.SearchStrategy) -> st.SearchStrategy:
    pairs = st.tuples(smaller, smaller)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]), pairs.map(lambda p: p[0] * p[1]), smaller.map(E), smaller.map(Var)
    )


@given(st.recursive(LEAVES, larger, max_leaves=6))
def test_there_and_back_for_any_polynomial(expression):
    assert from_term(to_term(expression), symbols_of(expression)) == expression


def test_names_are_latex():
    assert name_of(sympy.Symbol("alpha")) == r"\alpha" and name_of(x) == r"\mathbf{x}" and name_of(A) == "A"


def test_what_terms_cannot_say():
    with pytest.raises(NotConvertible):
        to_term(sympy.Integral(a, a))
    with pytest.raises(NotConvertible):
        from_term(to_term(X), {})


def test_doit_takes_a_moment_apart():
    assert Var(a * X + b).doit() == a**2 * Var(X)
    assert (E(2 * X + E(Y)) + 1).doit() == 2 * E(X) + E(Y) + 1
    assert Cov(X, a).doit() == 0 and Var(sympy.Integer(3)).doit() == 0


def test_a_moment_without_anything_random_stays():
    assert Var(a).doit() == Var(a) and E(a * b).expand(expectation=True) == E(a * b)


def test_random_variables_of_sympy_stats_are_random():
    dice = sympy.stats.Normal("Z", 0, 1)
    assert is_random(dice) and E(a * dice + 1).doit() == a * E(dice) + 1


def test_constant_matrices_come_out_on_their_side():
    m, k = sympy.symbols("m k", integer=True, positive=True)
    x, y, M = RandomVector("x", m), RandomVector("y", m), RandomMatrix("M", m, m)
    A, B, b = sympy.MatrixSymbol("A", k, m), sympy.MatrixSymbol("B", m, k), sympy.MatrixSymbol("b", k, 1)
    for moment, parts in (
        (E(A * x + b), A * E(x) + b),
        (E(A * M * B), A * E(M) * B),
        (E(A * (x + y)), A * E(x) + A * E(y)),
        (Var(A * x + b), A * Var(x) * A.T),
        (Var(x - y), Var(x) + Var(y) - Cov(x, y) - Cov(y, x)),
        (Cov(x, 2 * A * y + b), 2 * Cov(x, y) * A.T),
        (Cov(A * x, x), A * Var(x)),
        (Cov(b, x), sympy.ZeroMatrix(k, m)),
        (Var(M * y), Var(M * y)),
    ):
        assert moment.expand(expectation=True) == parts and moment.shape == parts.shape


def test_a_product_of_moments_of_matrices_stays_as_it_was_written():
    m = sympy.Symbol("m", integer=True, positive=True)
    x, A = RandomVector("x", m), sympy.MatrixSymbol("A", m, m)
    assert str(A * Var(A * x)) == "A*Var(A*x)"  # SymPy calls doit of every factor


def test_a_covariance_with_itself_is_a_variance():
    X, Y, a = Random("X"), Random("Y"), sympy.Symbol("a")
    assert Cov(a * X, X + Y).doit() == a * Var(X) + a * Cov(X, Y)
