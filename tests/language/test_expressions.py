"""The SymPy face: objects, printing, linearity, and the way to terms and back."""

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import Identity, MatrixSymbol, ZeroMatrix

from derive.language.conversion import NotConvertible, from_term, name_of, symbols_of, to_term
from derive.language.expressions import Cov, E, Random, RandomFamily, RandomVector, Var, inner, is_random, scalar
from derive.rules.symbolic import derivation, distributed, has_property, independent, proved, simplest, uncorrelated

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
    assert Var(a).expand(expectation=True) == 0
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


def test_rules_on_sympy_objects():
    alpha = sympy.Symbol("alpha")
    y = Random("y")
    givens = (independent(noise, (x, y)), distributed(noise, "Normal", ZeroMatrix(m, 1), alpha * Identity(m)))
    loss = E((inner(x + noise, w) - y) ** 2)
    assert simplest(loss, *givens) == E((inner(x, w) - y) ** 2) + alpha * inner(w, w)
    assert "independence" in [line.rule for line in derivation(loss, *givens)]
    assert proved(loss, E((inner(x, w) - y) ** 2) + alpha * inner(w, w), *givens)
    assert not proved(loss, E((inner(x, w) - y) ** 2), *givens)


def test_mean_of_a_family():
    family, i, sigma = RandomFamily("X", n), sympy.Symbol("i", integer=True), sympy.Symbol("sigma")
    mean = sympy.Sum(family[i], (i, 1, n)) / n
    givens = (independent(family), sympy.Eq(Var(family[i]), sigma**2))
    assert simplest(Var(mean), *givens) == sigma**2 / n
    assert proved(Var(mean), sigma**2 / n, *givens)


def test_givens_about_sympy_objects():
    assert proved(E(X * Y), E(X) * E(Y), uncorrelated(X, Y))
    assert not proved(E(X**2 * Y), E(X**2) * E(Y), uncorrelated(X, Y))
    assert proved(inner(A.T * w, w), inner(A * w, w), has_property(A, "symmetric"))
    with pytest.raises(ValueError, match="unknown family"):
        distributed(X, "Cauchy", 0, 1)
    with pytest.raises(ValueError, match="unknown property"):
        has_property(A, "nice")
