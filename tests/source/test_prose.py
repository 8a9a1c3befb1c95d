"""What plain English around formulas says, and what it does not."""

import pytest

from derive.language import syntax as sx
from derive.source import read_document
from tests.source.shown import shown


def stated(text, path="a.md"):
    found = read_document(path, text)
    return [(s.kind, s.word, " | ".join(map(shown, s.parts))) for s in found.items if isinstance(s, sx.Statement)]


PROSE = {
    "Let $U$ and $V$ be independent.": [("independent", "", "U | V")],
    "Let $U$ and $V$ be [independent](/D/i) [random variables](/D/r).": [("independent", "", "U | V"), ("kind", "random", "U, V")],
    "Assume that $\\mathbf n$ is *independent* of $\\mathbf x$.": [("independent", "", r"\mathbf{n} | \mathbf{x}")],
    "$A$ is symmetric and $B$ is invertible.": [("property", "symmetric", "A"), ("property", "invertible", "B")],
    "Here $a$ is a constant.": [("kind", "constant", "a")],
    "Let $x_1, \\dots, x_n$ be i.i.d. random variables.": [("iid", "", "x_{1}, ..., x_{n}"), ("kind", "random", "x_{1}, ..., x_{n}")],
    "Let $u$ be zero-mean noise that is independent of $v$.": [("equation", "=", "E[u], 0 | "), ("independent", "", "u | v")],
    "Let $X$ be a random variable with mean $m$ and variance $v$.": [
        ("kind", "random", "X"), ("equation", "=", "E[X], m | "), ("equation", "=", "Var[X], v | "),
    ],
    "Let $x \\in \\mathbb{R}^m$ be a random vector.": [("shape", "", r"x | opaque(\mathbb{R}^m)"), ("kind", "random", "x")],
    "Let $A$ be an $n \\times n$ random matrix.": [("shape", "", r"A | opaque(\mathbb{R}^{n \times n})"), ("kind", "random", "A")],
    "Define $z = x + n$.": [("equation", "=", "z, (x + n) | ")],
    "The noise has $\\mathbb{E}[u] = 0$.": [("equation", "=", "E[u], 0 | ")],
    "Suppose $\\mathbb{E}[u_i u_j] = c$ for $i \\neq j$.": [("equation", "=", r"E[{u_{i}*u_{j}}], c | i \neq j")],
    "If $U$ and $V$ are independent, they are uncorrelated.": [],
    "Using $x \\sim \\mathcal{N}(0, 1) \\Rightarrow E[x] = 0$ we have": [],
    "Let $U$ follow $\\mathrm{Gam}(a, b)$.": [("distribution", "Gamma", "U | a, b")],
    "The variable $U$ is distributed as $\\mathrm{Gam}(a, b)$.": [("distribution", "Gamma", "U | a, b")],
    "Let $u$ be independent of $v$ with mean zero and variance $s$.": [
        ("independent", "", "u | v"), ("equation", "=", "E[u], 0 | "), ("equation", "=", "Var[u], s | "),
    ],
    "Let $u$ have variance $s$ and mean zero.": [("equation", "=", "Var[u], s | "), ("equation", "=", "E[u], 0 | ")],
    "where $m_U$, $m_V$ are the means and $s_U$, $s_V$ the standard deviations of $U$ and $V$": [
        ("equation", "=", "E[U], m_{U} | "), ("equation", "=", "E[V], m_{V} | "),
        ("equation", "=", "Var[U], s_{U}^2 | "), ("equation", "=", "Var[V], s_{V}^2 | "),
    ],
    "where $m_U$, $m_V$ are the respective means": [("equation", "=", "E[U], m_{U} | "), ("equation", "=", "E[V], m_{V} | ")],
    "with $m$ and $S$ being the mean and covariance matrix of $x$": [("equation", "=", "E[x], m | "), ("equation", "=", "Cov[x], S | ")],
    "Let $S$ be the matrix with entries $s_{ij}$.": [("array", "matrix", "S"), ("equation", "=", "S_{i, j}, s_{i, j} | ")],
    "$S$ is diagonal with positive entries.": [("property", "diagonal", "S")],
    "Let $w$ be a vector whose entries have variance $s$.": [("array", "vector", "w"), ("equation", "=", "Var[w_{i}], s | ")],
    "Let $v$ be an error with variance $s$, uncorrelated with $x$ and $u$.": [
        ("equation", "=", "Var[v], s | "), ("uncorrelated", "", "v, x"), ("uncorrelated", "", "v, u"),
    ],
    "Let $v$ be an error with variance $s$ that is independent of $x$.": [
        ("equation", "=", "Var[v], s | "), ("independent", "", "v | x"),
    ],
    "Let $x$ be a variable whose square is independent of $y$.": [],
    "Let $x$ be a random vector with covariance matrix $C = U L U^\\top$.": [
        ("equation", "=", "C, {U*L*U.T} | "), ("kind", "random", "x"), ("array", "vector", "x"), ("equation", "=", "Cov[x], C | "),
    ],
    "For a unit vector $u$ we get": [("equation", "=", "{u.T*u}, 1 | "), ("array", "vector", "u")],
    "Let $e$ be noise of variance $s$.": [("equation", "=", "Var[e], s | ")],
    "Let $Y$ be the sum of $X$ and noise with variance $v$.": [],
    "Let $Y$ be the sum of $X$ and noise of variance $v$.": [],
    "Let $a, c > 0$ and $b$ be constants.": [
        ("comparison", ">", "a, 0"), ("comparison", ">", "c, 0"), ("kind", "constant", "a, b"),
    ],
    "where $t$ is the unknown parameter": [("kind", "constant", "t")],
    "where $s_i$, $s_j$ are the standard deviations": [],
    "Consider a matrix $A$ solving the equation $A A^\\top = S$.": [("equation", "=", "{A*A.T}, S | "), ("array", "matrix", "A")],
    "Then, $x$ can be represented as $x = A z + m$.": [("equation", "=", "x, ({A*z} + m) | ")],
    "Then $P(U = 1) = 1/n$.": [("equation", "=", "P[U = 1], [1 / n] | ")],
    "Since $P(U = 1) = p$ we count.": [("equation", "=", "P[U = 1], p | ")],
    "Let $U \\sim \\mathrm{Bernoulli}(p)$. Then $P(U = 1) = p^2$.": [("distribution", "Bernoulli", "U | p")],
    "We prove that $P(U = 1) = 1/n$.": [],
    "Let $E[u] = 0$, $u$ independent of $v$.": [("equation", "=", "E[u], 0 | "), ("independent", "", "u | v")],
    "Let $z = u + v$, $u$ independent of $v$.": [("equation", "=", "z, (u + v) | "), ("independent", "", "u | v")],
    "Let $z = a v + u$ with $E[u] = 0$, $u$ independent of $v$.": [
        ("equation", "=", "z, ({a*v} + u) | "), ("equation", "=", "E[u], 0 | "), ("independent", "", "u | v"),
    ],
    "Here $E[u] = 0$ and $u$ is independent of $v$.": [("equation", "=", "E[u], 0 | "), ("independent", "", "u | v")],
    "Let $E[u] = 0$, $u$ and $v$ uncorrelated.": [("equation", "=", "E[u], 0 | "), ("uncorrelated", "", "u, v")],
    "Here $v$ is the variance of $U$.": [("equation", "=", "Var[U], v | ")],
    "The mean of $U$ is $m$ and the variance of $U$ is $s^2$.": [("equation", "=", "E[U], m | "), ("equation", "=", "Var[U], s^2 | ")],
    "Let $r$ be the correlation between $U$ and $V$.": [("equation", "=", "Corr[U, V], r | ")],
    "Let $U$ and $V$ have variances $a$ and $b$ and correlation $r$.": [
        ("equation", "=", "Var[U], a | "), ("equation", "=", "Var[V], b | "), ("equation", "=", "Corr[U, V], r | "),
    ],
    "The variance of $\\bar U$ is $v / n$.": [],
    "The variance of $U$ is not $v$.": [],
    "Thus the mean of $U$ is $m$.": [],
    # nothing is said
    "The variables $U$ and $V$ are not independent.": [],
    "Are $U$ and $V$ independent?": [],
    "$U$ and $V$ are dependent.": [],
    "$U$ and $V$ are uncorrelated if they are independent.": [],
    "Thus, $U$ and $V$ are uncorrelated.": [],
    "If $c = 0$ then the sum is small.": [],
    "We show that $E[U] = 0$.": [],
    "The minimum is achieved by $D = 0$.": [],
    "Let $f(x)$ be the density function of $X$.": [],
    "The expected values of $U$ and $V$ exist.": [],
    "Each row of $X$ is a scalar multiple of $V$.": [],
    "It is constant as a function of $t$.": [],
    "It costs $5 and $10.": [],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PROSE.items())
def test_prose(text, expected):
    assert stated(text) == expected


def test_origins():
    found = read_document(
        "a.md",
        "Let $x \\in \\mathbb{R}$ be random.\n\n$$ y \\sim \\mathcal{N}(0, 1) $$\n\n```given\nz \\text{ random}\n```",
    )
    assert [i.origin for i in found.items] == ["inline", "prose", "display", "block"]


def test_order_is_that_of_the_text():
    found = read_document("a.md", "$$ a = b $$\nLet $u$ be random.\n$$ c = d $$")
    assert [type(i).__name__ for i in found.items] == ["Chain", "Statement", "Chain"]


def test_bold_letters_of_markdown():
    assert stated("Let $\\mathbf{n}$ be independent of **x**. Use $\\mathbf{x}$.") == [
        ("independent", "", r"\mathbf{n} | \mathbf{x}")
    ]
    assert stated("Let $\\mathbf{n}$ be independent of **x**.") == []


def test_two_laws_of_one_symbol_are_no_given():
    found = read_document("a.md", "$$ P: X \\sim \\mathcal{N}(a, b) $$\n$$ Q: X \\sim \\mathcal{N}(c, d) $$")
    assert [s.kind for s in found.items] == ["unread", "unread"]


def test_what_is_supposed_holds_for_the_next_display_alone():
    text = "If $U$ and $V$ are independent, then $$ E[UV] = E[U] E[V] $$ and so $$ = c $$ Now $$ a = b $$"
    first, second, third = read_document("a.md", text).items
    assert [h.kind for h in first.hypotheses] == ["independent"]
    assert second.hypotheses == first.hypotheses and third.hypotheses == ()
    spaced = read_document(
        "a.md", "If $x \\sim N(m, v)$, then\n\n$$ E[x] = m $$\n\nand also\n\n$$ a = b $$\n\nNow\n\n$$ c = d $$"
    )
    assert [len(i.hypotheses) for i in spaced.items] == [1, 1, 0]
    (law,) = read_document("a.md", r"If $x \sim \mathcal{N}(m, v)$, then its mean is $$ E[x] = m $$").items
    assert [h.word for h in law.hypotheses] == ["Normal"]


def test_what_follows_from_a_hypothesis_is_no_given():
    assert stated(r"$$ X \sim \mathcal{N}(0, 1) \Rightarrow -X \sim \mathcal{N}(0, 1) $$") == []


def test_a_definition_is_no_member_of_an_independent_list():
    text = r"Let $X_1, \dots, X_n$ be independent variables $X_i \sim \mathrm{Bern}(p)$ and $X = \sum_{i=1}^n X_i$."
    statements = [s for s in read_document("a.md", text).items if s.kind == "independent"]
    assert statements and all(
        "Big(" not in repr(s.parts) and "Name(letter='X', subscripts=()" not in repr(s.parts) for s in statements
    )


def test_a_sentence_is_kept_with_its_formulas_between_dollars() -> None:
    text = "\\begin{theorem}\nLet \\(u\\) and $v$ be uncorrelated [vectors](/D/v).\\end{theorem}"
    found = [s.latex for s in read_document("page.tex", text).items if isinstance(s, sx.Statement)]
    assert set(found) == {"Let $u$ and $v$ be uncorrelated vectors."}
