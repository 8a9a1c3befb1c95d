"""SymPy objects: what their types and the keywords say, the derivation, and the way back."""

import pytest
import sympy
from sympy import Eq, Identity, MatrixSymbol, ZeroMatrix
from sympy.stats import Bernoulli, Exponential, Gamma, Normal, Rademacher
from sympy.stats import Beta as BetaVariable

from derive.judge.declarations import declared, known
from derive.judge.expansion import NotAnExpression
from derive.judge.symbolic import document_of, expand_object
from derive.language.conversion import NotConvertible, symbols_of
from derive.language.expressions import Cov, E, Random, RandomFamily, RandomVector, Var, inner

X, Y, N = Random("X"), Random("Y"), Random("N")
a, b, v, sigma = sympy.symbols("a b v sigma")
m, n = sympy.symbols("m n", integer=True, positive=True)
x, noise = RandomVector("x", m), RandomVector("n", m)
w, A = MatrixSymbol("w", m, 1), MatrixSymbol("A", m, m)


def simplest(expression, *givens, **words):
    found, result = expand_object(expression, givens, words)
    assert {s.verdict for s in found.derivation.steps} <= {"proved"}
    return result()


def test_plain_symbols_are_constants_beside_random_ones():
    assert simplest(Var(a * X + b)) == a**2 * Var(X)
    assert simplest(E(A * x + w)) == A * E(x) + w


def test_a_given_makes_a_plain_symbol_random():
    p, q = sympy.symbols("p q")
    assert simplest(E(a * p + b), random=p) == a * E(p) + b
    assert simplest(Var(p - q), independent=[p, q]) == Var(p) + Var(q)
    assert simplest(Var(X + q), r"q \text{ random}", r"X \perp q") == Var(X) + Var(q)


def test_nobody_said_what_is_random():
    p, q = sympy.symbols("p q")
    assert simplest(E(p + q)) == E(p) + E(q)


def test_givens_as_statements_as_equations_and_by_name():
    wanted = a**2 * E(X**2) + v
    assert simplest(E((a * X + N) ** 2), r"X \perp N", r"\mathbb{E}[N] = 0", r"\operatorname{Var}(N) = v") == wanted
    assert simplest(E((a * X + N) ** 2), Eq(E(N), 0), Eq(Var(N), v), independent=[X, N]) == wanted
    assert simplest(E((a * X + N) ** 2), uncorrelated=[X, N], mean={N: 0}, var={N: v}) == wanted
    assert simplest(Cov(X, Y), cov={(X, Y): a}) == a


def test_noise_on_the_inputs_is_ridge_regression():
    y, alpha = Random("y"), sympy.Symbol("alpha")
    loss = E((inner(x + noise, w) - y) ** 2)
    law = {noise: ("Normal", ZeroMatrix(m, 1), alpha * Identity(m))}
    assert simplest(loss, independent=[noise, (x, y)], distribution=law) == (
        E((inner(x, w) - y) ** 2) + alpha * inner(w, w)
    )


def test_mean_of_a_family():
    family, i = RandomFamily("X", n), sympy.Symbol("i", integer=True)
    mean = sympy.Sum(family[i], (i, 1, n)) / n
    assert simplest(Var(mean), Eq(Var(family[i]), sigma**2), independent=family) == sigma**2 / n
    assert simplest(E(mean), iid=family, mean={family[i]: a}) == a


def test_random_variables_of_sympy_stats_bring_their_distributions():
    z, chosen = Normal("Z", 1, sigma), Bernoulli("B", sympy.Rational(1, 4))
    assert simplest(E(z**2)) == sigma**2 + 1
    assert simplest(E(z * chosen)) == sympy.Rational(1, 4)
    assert simplest(E(Gamma("G", 3, 2))) == 6 and simplest(E(Exponential("T", 4))) == sympy.Rational(1, 4)
    assert simplest(E(Rademacher("S") ** 2)) == 1 and simplest(E(BetaVariable("P", 1, 3))) == sympy.Rational(1, 4)
    assert simplest(E(a * z)) == a and simplest(Var(z + X), uncorrelated=[z, X]) == sigma**2 + Var(X)


@pytest.mark.parametrize("variable", [Bernoulli("C", sympy.Rational(1, 4), 5, 2), sympy.stats.StudentT("T", 5)])
def test_a_distribution_that_derive_does_not_know_says_nothing(variable):
    assert simplest(E(a * variable)) == a * E(variable)


def test_a_joint_distribution_is_refused_with_advice():
    joint = Normal("V", [0, 0], [[1, 0], [0, 1]])
    with pytest.raises(NotConvertible, match="Random"):
        expand_object(E(joint))


def test_names_of_every_kind_come_back():
    gain, first, hat = sympy.Symbol("gain"), sympy.Symbol("x_1"), sympy.Symbol("xhat")
    assert simplest(E(gain * X + first * hat)) == gain * E(X) + first * hat
    weight = MatrixSymbol("weight_1", m, 1)
    assert simplest(E(inner(x, weight) + Random("beta0"))) == simplest(E(Random("beta0"))) + simplest(
        E(inner(x, weight))
    )


def test_names_that_only_givens_speak_of_become_symbols():
    assert simplest(Var(X), r"\operatorname{Var}(X) = \tau") == sympy.Symbol("tau")
    result = simplest(Var(A * x), r"\operatorname{Cov}(\mathbf{x}) = \Sigma")
    assert result == A * MatrixSymbol("Sigma", m, m) * A.T


def test_a_name_that_means_something_else_is_refused():
    with pytest.raises(NotConvertible, match="name"):
        expand_object(E(X) + 2 * sympy.Symbol("I") * X * sympy.Symbol("e") ** X)


def test_two_symbols_of_one_name_are_refused():
    with pytest.raises(NotConvertible, match="called X"):
        expand_object(E(X * sympy.Symbol("X")))


def test_words_are_checked():
    with pytest.raises(TypeError, match="did you mean 'independent'"):
        list(known({"independant": [X, Y]}))
    with pytest.raises(TypeError, match="known are random, constant"):
        list(known({"zzz": X}))
    with pytest.raises(TypeError, match="mean takes a dictionary"):
        list(known({"mean": 0}))
    with pytest.raises(TypeError, match=r"a sympy\.Eq"):
        expand_object(E(X), [5])
    with pytest.raises(NotAnExpression):
        expand_object(E(X), [r"X \sim"])
    with pytest.raises(sympy.SympifyError):
        expand_object("E[X]")


def test_types_and_properties_as_statements():
    assert list(declared(symbols_of(A * x))) == [
        r"A \in \mathbb{R}^{m \times m}",
        r"\mathbf{x} \in \mathbb{R}^{m}",
        r"\mathbf{x} \text{ random}",
    ]
    assert list(known({"positive_definite": A, "independent": [N, (X, Y)]})) == [
        r"A \text{ positive definite}",
        r"N \perp (X, Y)",
    ]
    assert simplest(inner(A.T * w, w) - inner(A * w, w), symmetric=A) == 0


def test_an_equation_is_a_document():
    text, givens = document_of(Eq(Var(a * X), a**2 * Var(X)))
    assert text.count("$$") == 2 and r"X \text{ random}" in givens
