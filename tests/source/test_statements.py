"""Givens: kind, word, flags, parts and dimensions of what one line says."""

import pytest

from derive.source import read_statement, read_statements
from tests.source.shown import shown

# latex: list of (kind, word, parts)
STATEMENTS = {
    r"a, b \in \mathbb{R}": [("shape", "", r"a, b | opaque(\mathbb{R})")],
    r"n \in \mathbb{N}": [("shape", "natural", r"n | opaque(\mathbb{N})")],
    r"k \in \mathbb{Z}": [("shape", "integer", r"k | opaque(\mathbb{Z})")],
    r"y \in \{0,1\}": [("shape", "binary", r"y | opaque(\{0,1\})")],
    r"p \in [0,1]": [("shape", "unit", "p | opaque([0,1])")],
    r"s \in \mathbb{R}_{>0}": [("shape", "positive", r"s | opaque(\mathbb{R}_{>0})")],
    r"\mathcal{B} = \{1,\dots,b\}": [("shape", "indexset", r"\mathcal{B} | opaque(\{1,\dots,b\})")],
    r"i \in \{1,\dots,n\}": [("shape", "indexset", r"i | opaque(\{1,\dots,n\})")],
    r"\mathbf{x} \text{ random}": [("kind", "random", r"\mathbf{x}")],
    r"X, Y \text{ jointly random}": [("kind", "random", "X, Y")],
    r"X, Y \text{ random}, \text{independent}": [("kind", "random", "X, Y"), ("independent", "", "X | Y")],
    r"a, b \text{ constants}": [("kind", "constant", "a, b")],
    r"a \text{ is fixed}": [("kind", "constant", "a")],
    r"w \text{ non-random}": [("kind", "constant", "w")],
    r"g \text{ is a deterministic function}": [("kind", "function", "g")],
    r"u \sim \mathcal{N}(\mathbf{0}, a\mathbf{I})": [("distribution", "Normal", r"u | \mathbf{0}, {a*\mathbf{I}}")],
    r"m_i \sim \mathrm{Bernoulli}(p)": [("distribution", "Bernoulli", "m_{i} | p")],
    r"X \sim U[a,b]": [("distribution", "Uniform", "X | a, b")],
    r"X \sim \mathrm{Exp}(r)": [("distribution", "Exponential", "X | r")],
    r"X \sim \mathrm{Pois}(r)": [("distribution", "Poisson", "X | r")],
    r"X \sim \mathrm{Bin}(n, p)": [("distribution", "Binomial", "X | n, p")],
    r"X \sim \mathrm{Gam}(a, b)": [("distribution", "Gamma", "X | a, b")],
    r"X \sim \mathrm{Bet}(a, b)": [("distribution", "Beta", "X | a, b")],
    r"X \sim \mathrm{Laplace}(0, b)": [("distribution", "Laplace", "X | 0, b")],
    r"s \sim \mathrm{Rademacher}": [("distribution", "Rademacher", "s | ")],
    r"X \sim \mathcal{MN}(M, U, V)": [("distribution", "MatrixNormal", "X | M, U, V")],
    r"X \sim (m, S)": [("distribution", "Moments", "X | m, S")],
    r"x \sim P": [("kind", "random", "x")],
    r"X, Y \sim \mathcal{N}(0, 1) \text{ independent}": [("distribution", "Normal", "X, Y | 0, 1"), ("independent", "", "X | Y")],
    r"\mathbb{E}[u] = \mathbf{0}": [("equation", "=", r"E[u], \mathbf{0} | ")],
    r"\mathbb{E}[e_i e_j] = c \quad (i \neq j)": [("equation", "=", r"E[{e_{i}*e_{j}}], c | i \neq j")],
    r"\mathbb{E}[e_i e_j] = c \text{ for $i \neq j$}": [("equation", "=", r"E[{e_{i}*e_{j}}], c | i \neq j")],
    r"\mathbb{E}[e_i e_j] = c \text{ for all } i \neq j": [("equation", "=", r"E[{e_{i}*e_{j}}], c | i \neq j")],
    r"E[X] = E[Y] = 0": [("equation", "=", "E[X], 0 | "), ("equation", "=", "E[Y], 0 | ")],
    r"\operatorname{Var}(a) = \operatorname{Var}(b) = s^2": [
        ("equation", "=", "Var[a], s^2 | "),
        ("equation", "=", "Var[b], s^2 | "),
    ],
    r"y = Ax = Bx": [("equation", "=", "y, {A*x} | "), ("equation", "=", "{A*x}, {B*x} | ")],
    r"X \text{ a random vector}": [("kind", "random", "X"), ("array", "vector", "X")],
    r"a, b \text{ random scalars}": [("kind", "random", "a, b"), ("shape", "", "a, b | opaque(\\mathbb{R})")],
    r"a \text{ known, fixed constant}": [("kind", "constant", "a")],
    r"\theta \text{ an unknown parameter}": [("kind", "constant", "\\theta")],
    r"u \perp (x, y)": [("independent", "", "u | x, y")],
    r"u \perp\!\!\!\perp x": [("independent", "", "u | x")],
    r"u \indep x": [("independent", "", "u | x")],
    r"u \mathrel{\perp\!\!\!\perp} x": [("independent", "", "u | x")],
    r"X | Y \sim N(0, 1)": [("distribution", "Normal", "X | 0, 1 | Y")],
    r"K \mid N, q \sim \mathrm{Bin}(N, q)": [("distribution", "Binomial", "K | N, q | N, q")],
    r"X, Y, Z \text{ mutually independent}": [("independent", "", "X | Y | Z")],
    r"x_1,\dots,x_n \text{ independent}": [("independent", "", "x_{1} | ... | x_{n}")],
    r"X \text{ and } Y \text{ are independent}": [("independent", "", "X | Y")],
    r"u \text{ is independent of } x \text{ and } y": [("independent", "", "u | x, y")],
    r"X, Y \text{ uncorrelated}": [("uncorrelated", "", "X, Y")],
    r"X, Y \text{ uncorrelated with } Z": [("uncorrelated", "", "X, Z"), ("uncorrelated", "", "Y, Z")],
    r"x_1,\dots,x_n \text{ i.i.d.}": [("iid", "", "x_{1}, ..., x_{n}")],
    r"X_i \text{ iid copies of } X": [("iid", "", "X_{i}, X")],
    r"Y \perp Z \mid X": [("conditional", "", "Y | Z | X")],
    r"Y, Z \text{ are conditionally independent given } X": [("conditional", "", "Y | Z | X")],
    r"u \text{ zero-mean}": [("equation", "=", "E[u], 0 | ")],
    r"u \text{ with mean } m \text{ and covariance matrix } S": [("equation", "=", "E[u], m | "), ("equation", "=", "Cov[u], S | ")],
    r"e_1, \dots, e_n \text{ iid with mean } 0 \text{ and variance } v": [
        ("iid", "", "e_{1}, ..., e_{n}"), ("equation", "=", "E[e_{i}], 0 | "), ("equation", "=", "Var[e_{i}], v | "),
    ],
    r"X \text{ i.i.d. } \mathcal{N}(0,1)": [("iid", "", "X"), ("distribution", "Normal", "X | 0, 1")],
    r"X_i \text{ i.i.d. Bernoulli}(p)": [("iid", "", "X_{i}"), ("distribution", "Bernoulli", "X_{i} | p")],
    r"X_i \sim \text{ i.i.d. } \mathcal{N}(0, 1)": [("distribution", "Normal", "X_{i} | 0, 1")],
    r"X, Y \text{ are independent Poisson}(v)": [("independent", "", "X | Y"), ("distribution", "Poisson", "X, Y | v")],
    r"X, Y \text{ independent Rademacher variables}": [("independent", "", "X | Y"), ("distribution", "Rademacher", "X, Y | ")],
    r"I_1, \dots, I_n \text{ indicators}": [("shape", "binary", r"I_{1}, ..., I_{n} | opaque(\{0, 1\})")],
    r"X \text{ is Uniform}(0, 1)": [("distribution", "Uniform", "X | 0, 1")],
    r"X \text{ has a Poisson}(v)\text{ distribution}": [("distribution", "Poisson", "X | v")],
    r"X \text{ follows } \mathrm{Exponential}(v)": [("distribution", "Exponential", "X | v")],
    r"A = A^\top": [("property", "symmetric", "A")],
    r"A \text{ symmetric positive definite}": [("property", "symmetric", "A"), ("property", "positive definite", "A")],
    r"A \text{ invertible}, B \text{ diagonal}": [("property", "invertible", "A"), ("property", "diagonal", "B")],
    r"X \text{ has full column rank}": [("property", "full column rank", "X")],
    r"A \succ 0": [("property", "positive definite", "A")],
    r"x, y \in \mathbb{R}, \; x \neq y": [("shape", "", r"x, y | opaque(\mathbb{R})"), ("comparison", r"\neq", "x, y")],
    r"(X_i, Y_i) \text{ iid}": [("iid", "", "br(<X_{i}, Y_{i}>)")],
    r"\{X_i\}_{i=1}^n \text{ iid}": [
        ("shape", "indexset", "i | opaque(\\{X_i\\}_{i=1}^n \\text{ iid})"),
        ("iid", "", "X_{i}"),
    ],
    r"1 \le i \le n": [("shape", "indexset", "i | opaque(1 \\le i \\le n)")],
    r"X \overset{d}{=} Y": [("iid", "", "X, Y")],
    r"f: \mathbb{R}^n \to \mathbb{R}": [("kind", "function", "f")],
    r"X \text{ random vector in } \mathbb{R}^n": [("kind", "random", "X"), ("shape", "", r"X | opaque(\mathbb{R}^n)")],
    r"n, m \text{ positive integers}": [("shape", "natural", r"n, m | opaque(\mathbb{N})")],
    r"\text{for all } i: \mathbb{E}[X_i] = m": [("equation", "=", "E[X_{i}], m | ")],
    r"n > 1": [("comparison", ">", "n, 1")],
    r"0 < p < 1": [("comparison", "<", "0, p"), ("comparison", "<", "p, 1")],
    r"z = x + u": [("equation", "=", "z, (x + u) | ")],
    r"f(w) := \mathbb{E}[w X]": [("equation", ":=", "{f@br(w)}, E[{w*X}] | ")],
    r"A \text{ is } n \times m": [("shape", "", r"A | opaque(\mathbb{R}^{n \times m})")],
    r"X_i \perp X_j \quad \forall i \neq j": [("independent", "", "X_{i} | X_{j}")],
    r"X \sim \mathcal{N}(m, S), \ Y = AX + b": [("distribution", "Normal", "X | m, S"), ("equation", "=", "Y, ({A*X} + b) | ")],
}  # fmt: skip

UNREAD = {
    r"X \text{ gibberish}": "gibberish",
    r"X \text{ random and gibberish}": "gibberish",
    r"X \text{ and } Y \text{ not independent}": "denial",
    r"X, Y \text{ dependent}": "not understood",
    r"X \text{ is the Rademacher complexity}": "not understood",
    r"X \text{ is no Poisson}(v)": "not understood",
    r"X \text{ is not Poisson}(v)": "denial",
    r"X, Y \text{ correlated}": "not understood",
    r"X \not\perp Y": "states nothing",
    r"X =": "nothing stands behind",
    r"\sim N(0,1)": "both sides",
    r"X | Y = y \sim N(0, 1)": "conditional distribution",
    r"x \in \mathcal{X}": "not known",
    r"x \sim \mathrm{Weibull}(a)": "not known",
    r"X \sim \mathcal{N}(a)": "parameters",
    r"X": "states nothing",
    r"": "nothing is stated",
    r"X \Rightarrow Y": "states nothing",
    r"E[(X] = 0": "not closed",
}  # fmt: skip


@pytest.mark.parametrize(("latex", "expected"), STATEMENTS.items())
def test_statement(latex, expected):
    found = read_statements(latex)
    assert [(s.kind, s.word, " | ".join(map(shown, s.parts))) for s in found] == expected
    assert all(s.origin == "option" and s.problem is None for s in found)


@pytest.mark.parametrize(("latex", "why"), UNREAD.items())
def test_unread(latex, why):
    problems = [s.problem.message for s in read_statements(latex) if s.kind == "unread"]
    assert any(why in p for p in problems), problems


@pytest.mark.parametrize(
    ("latex", "dims"),
    [
        (r"x \in \mathbb{R}", ""), (r"x \in \mathbb{R}^m", "m"), (r"A \in \mathbb{R}^{m \times n}", "m, n"),
        (r"A \in \mathbb{R}^{2n \times (p+1)}", "{2*n}, br((p + 1))"), (r"x \in \R^{m \cdot n}", "{m*n}"),
        (r"x \in \mathbb{R}^{n_{\text{in}}}", "n_{'in'}"),
    ],
)  # fmt: skip
def test_dimensions(latex, dims):
    assert shown(read_statement(latex).dims) == dims


@pytest.mark.parametrize(
    ("latex", "flags"),
    [
        (r"x_i \overset{\text{iid}}{\sim} \mathcal{N}(0, 1)", {"iid"}), (r"x_i \stackrel{iid}{\sim} N(0, 1)", {"iid"}),
        (r"x_i \overset{\text{i.i.d.}}{\sim} (0, v)", {"iid"}), (r"x_i \overset{\text{ind.}}{\sim} N(0, 1)", {"independent"}),
        (r"x_i \sim \text{iid } N(0, 1)", {"iid"}), (r"x_i \sim \text{ind. } N(0, 1)", {"independent"}),
        (r"X, Y \text{ pairwise independent}", {"pairwise"}), (r"X_i \perp X_j", set()),
        (r"X, Y \text{ identically distributed}", {"identical"}), (r"x \sim N(0, 1)", set()),
    ],
)  # fmt: skip
def test_flags(latex, flags):
    assert read_statement(latex).flags == flags


def test_uncorrelated_is_not_independent():
    assert read_statement(r"X, Y \text{ uncorrelated}").kind == "uncorrelated"


def test_an_index_range_is_a_statement_of_its_own():
    found = read_statements(r"x_i \sim N(0, 1), \quad i = 1, \ldots, n")
    assert [(s.kind, s.word) for s in found] == [("distribution", "Normal"), ("shape", "indexset")]
    assert shown(found[1].dims) == "n"
