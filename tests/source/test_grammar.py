"""What expressions are read as, and what is refused and why."""

import pytest

from derive.source import read_expression
from tests.source.shown import shown

READINGS = {
    # expectations and their kin
    r"\mathbb E[X]^2": "E[X]^2",
    r"\mathbb{E}^2[X]": "E[X]^2",
    r"\operatorname{E}\left[\left(X-\mathrm{E}X\right)^2\right]": "E[br((X + -E[X]))^2]",
    r"\mathsf{E}\{X\} + \mathcal{E}[X]": "(E[X] + E[X])",
    r"\operatorname*{\mathbb E}_{z}\Big[z\Big]": "E_{z}[z]",
    r"\underset{z \sim q}{\mathbb{E}}[z]": "E_{z}[z]",
    r"E[x+y]": "E[(x + y)]",
    r"E U^2": "E[U^2]",
    r"\mathbb{E} U V + \mathbb{E} U \mathbb{E} W": "(E[{U*V}] + {E[U]*E[W]})",
    r"\mathbb{E}_{u \sim p}[h(u)]": "E_{u}[{h@br(u)}]",
    r"\mathbb{E}_{p(u,v\mid z)}[uv]": "E_{u, v}[{u*v}]",
    r"\langle u^2 \rangle_{q(u)} - \langle a, b\rangle": "(E_{u}[u^2] + -inner(a, b))",
    r"\mathbb{E}\left[Y \middle| X\right] + \mathbb{E}[Y \vert X=x]": "(E[Y | X] + E[Y | X = x])",
    r"\mathbb{E}[|X|] + \mathbb{E}[|X| | Y] + E[Y | |X|]": "(E[br|X)] + E[br|X) | Y] + E[Y | br|X)])",
    r"\operatorname{Var}(X\mid Y) + \mathbb{V}[X] + V(X) + \text{Var} X": "(Var[X | Y] + Var[X] + Var[X] + Var[X])",
    r"\mathbb{C}\mathrm{ov}(X,Y) + cov(X,Y) + \operatorname{Cov}[X, Y \mid Z]": "(Cov[X, Y] + Cov[X, Y] + Cov[X, Y | Z])",
    r"2aCov(X,Y)": "{2*a*Cov[X, Y]}",
    r"\Pr(X \le a) + P(X=1, Y=0) + \mathbb{P}(A)": r"(P[X \le a] + P[X = 1, Y = 0] + P[A])",
    r"\mathrm{sd}(X)^2 + \operatorname{Corr}(X, Y)": "(Std[X]^2 + Corr[X, Y])",
    r"\mathrm{MSE}(\hat\tau,\tau) + \text{bias}(\hat\tau)": r"(MSE[\hat{\tau}, \tau] + Bias[\hat{\tau}])",
    r"\mathbb{E}{\left[X\right]}": "E[X]",
    # scripts
    r"x' + x^t y": "(x^{'''} + {x^{'t'}*y})",
    r"x^T y + A^{-\top} B^{-T} C^{-1} D^+ F^\dagger": "({x.T*y} + {A.inv.T*B.inv.T*C.inv*D.pinv*F.pinv})",
    r"(AB)' + (AB)^\intercal + A^{\mathrm T} + A^{\mathsf{T}}": "(br({A*B}).T + br({A*B}).T + A.T + A.T)",
    r"{Z_i^*}^2 w^2_{ij} \sigma^2_f": r"{Z_{i}^{'*'}^2*w_{i, j}^2*\sigma_{f}^2}",
    r"X^{(i)} W^{(l)}_{ij} \theta^{x^{(i)}}": r"{X^{i}*W_{i, j}^{l}*\theta^x^{i}}",
    r"Z^{*\top} Z^{(i)\top} K^T_k": "{Z^{'*'}.T*Z^{i}.T*K_{k}.T}",
    r"q^{(1-x)} x^{(l-1)}": "{q^br((1 + -x))*x^{(l + -1)}}",
    r"n_{in} + n_\text{in} + x_{k-1} + \Sigma_{X,Y|Z} + x_{i,\bullet} + x_{1:n} + \bar{x}_{i\cdot}": (
        r"(n_{'in'} + n_{'in'} + x_{(k + -1)} + \Sigma_{'X,Y|Z'} + x_{i, '\bullet'} + x_{'1:n'} + \bar{x}_{i, '\cdot'})"
    ),
    r"\hat{G_n}(x) + \overline{X}_n^* + \tilde{\mathbf x} + \overline{UV}": (
        r"({\hat{G}_{n}@br(x)} + \overline{X}_{n}^{'*'} + \tilde{\mathbf{x}} + \overline{UV})"
    ),
    r"\mathbf x + \bm{x} + \mathbf{\hat{x}} + \boldsymbol{\mathit{X}}": (
        r"(\mathbf{x} + \boldsymbol{x} + \hat{\mathbf{x}} + \boldsymbol{\mathit{X}})"
    ),
    r"(A b)_i + [A]_{ij} + {x_i}_a": "(sub(br({A*b}); i) + sub(br[A); i, j) + sub(x_{i}; a))",
    # products, quotients, functions
    r"f(x)^2 g(x)^\top h_i(x)": "{f@br(x)^2*g@br(x).T*h_{i}@br(x)}",
    r"1/2 \sigma^2 + x/y z + a/(bc) + u(g/d) + 1/n \sum_i x_i": (
        r"({[1 / 2]*\sigma^2} + {[x / y]*z} + [a / br({b*c})] + {u@br([g / d])} + {[1 / n]*sum<i>x_{i}})"
    ),
    r"2\cdot-3 + a \times b": "({2*-3} + {a*b})",
    r"\frac12 + \tfrac{1}{3}": "([1 / 2] + [1 / 3])",
    r"\exp(-x^2/2) \log x + \ln|A| + \log \frac{a}{b} + \log 2\pi": (
        r"({exp(-[x^2 / 2])*log(x)} + log(br|A)) + log([a / b]) + log({2*\pi}))"
    ),
    r"\operatorname{tr}(AB) + tr(A) + \text{Tr}[A] + \mathrm{tr} A": "(tr({A*B}) + tr(A) + tr(A) + tr(A))",
    r"\mathrm{diag}(X^TX) + \mathrm{Acc}(m) + \mathrm{KL}[P||Q]": r"(diag({X.T*X}) + {\text{Acc}@br(m)} + {\text{KL}@br[P \Vert Q)})",
    r"p(y|x) + \log p(y|x)": r"({p@br(y \mid x)} + log({p@br(y \mid x)}))",
    r"A \odot B + C \otimes D + x \circ y": "(odot(A, B) + otimes(C, D) + odot(x, y))",
    r"\binom{n}{k} k! (n-k)!": "{binom(n, k)*factorial(k)@factorial(br((n + -k)))}",
    r"\sqrt{2\pi} + \sqrt[3]{x} + \sqrt\frac{a}{b}": r"(sqrt({2*\pi}) + br(x)^[1 / 3] + sqrt([a / b]))",
    # bars
    r"|A| + \|x\|_2^2 + \lVert x \rVert^2 + ||x||^2 + \|A\|_F^2 + |x||y|": (
        "(br|A) + norm2(x)^2 + norm(x)^2 + norm(x)^2 + normF(A)^2 + {br|x)*br|y)})"
    ),
    # sums
    r"\sum_i a_i + b_i": "(sum<i>a_{i} + b_{i})",
    r"\sum w_i x_i": "sum<>{w_{i}*x_{i}}",
    r"\sum_{i,j} x_i x_j + \sum_{i\neq j} x_i x_j + \sum_{i<j} x_{ij}": (
        "(sum<i; j>{x_{i}*x_{j}} + sum<i; j!=i>{x_{i}*x_{j}} + sum<j; i<j>x_{i, j})"
    ),
    r"\sum_{j=1, j\neq i}^n x_j + \sum_{j=1; j \ne i}^n x_j": "(sum<j=1..n!=i>x_{j} + sum<j=1..n!=i>x_{j})",
    r"\sum_{\substack{l=1\\l\ne k}}^n x_l": "sum<l=1..n!=k>x_{l}",
    r"\sum_{1\le i<j\le n} a_{ij}": "sum<j=1..n; i=1..none<j>a_{i, j}",
    r"\sum_{i\in\mathcal{B}} x_i + \sum_{s,t=1}^T x_{st} + \sum_{x=0}^1 x p^x": (
        r"(sum<i in \mathcal{B}>x_{i} + sum<s=1..T; t=1..T>x_{s, t} + sum<x=0..1>{x*p^x})"
    ),
    r"\sum_{i=1}^n \sum_{j\neq i} x_i x_j": "sum<i=1..n>sum<j!=i>{x_{i}*x_{j}}",
    r"\prod_{i=1}^n p_i (1-p_i)": "prod<i=1..n>{p_{i}@br((1 + -p_{i}))}",
    r"x_1 + \dots + x_n": "(x_{1} + ... + x_{n})",
    r"x_1 x_2 \cdots x_n": "{x_{1}*x_{2}*...*x_{n}}",
    # matrices
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "[1, 2; 3, 4]",
    r"\left[\begin{matrix} a \\ -b \end{matrix}\right]": "[a; -b]",
    r"[1, 2, 3]^\top + [a; b]": "([1, 2, 3].T + [a; b])",
    r"\begin{bmatrix} a & \ldots & b \\ \vdots & \ddots & \vdots \\ c & \dots & d \end{bmatrix}": (
        "[a, ..., b; ..., ..., ...; c, ..., d]..."
    ),
    r"\left[\begin{array}{c} a + b + \\ \ldots \\ + c \end{array}\right]": "br[(a + b + ... + c))",
    r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}": "br|[a, b; c, d])",
    r"\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}": "cases(1 if x > 0; 0 if none)",
    # calculus, indicators
    r"\frac{d}{dw} (w^2 + 1) + \frac{\partial f}{\partial w}": "(grad_{w}(br((w^2 + 1))) + grad_{w}(f))",
    r"\frac{\mathrm{d}f(x)}{\mathrm{d}x} + \frac{\partial^2 f}{\partial x \partial y} + \frac{d^2}{dx^2} f": (
        "(grad_{x}({f@br(x)}) + grad_{x}(grad_{y}(f)) + grad2_{x}(f))"
    ),
    r"\frac{d_j^2}{d_j^2 + l} + \frac{d}{n}": "([d_{j}^2 / (d_{j}^2 + l)] + [d / n])",
    r"\nabla_w f(w)^\top v + \nabla f(w) + \nabla_w \frac12 \|w\|^2": (
        "({grad_{w}({f@br(w)}).T*v} + grad_{''}({f@br(w)}) + grad_{w}({[1 / 2]*norm(w)^2}))"
    ),
    r"\mathbf{1}\{X \le a\} + \mathbb{1}_{X>0} + \mathbb{I}(X=1) + I(X \leq a)": r"(1{X \le a} + 1{X > 0} + 1{X = 1} + 1{X \le a})",
    r"\left.f(x)\right|_{x=a}": "at({f@br(x)}; x = a)",
    r"\int_0^a x^2 \,\mathrm{d}x + 1": r"(opaque(\int_0^a x^2 \,\mathrm{d}x) + 1)",
    # typography
    r"\underbrace{a+b}_{=c} + d": "((a + b) + d)",
    r"\mathrm{Var}\!\left( X \right)\;\textcolor{red}{Y}~Z \label{a}": "{Var[X]*Y*Z}",
    r"\boxed{a} + \cancel{b} + \displaystyle c \nonumber": "(a + b + c)",
    r"{\rm Var}(X) + {\bf x}": r"(Var[X] + \mathbf{x})",
    r"α_i + σ²": r"(\alpha_{i} + \sigma^2)",
}  # fmt: skip

REFUSED = {
    # latex: (part of the message, column)
    r"(a + b": ("`(` is not closed", 1),
    r"a + b)": ("`)` closes nothing", 6),
    r"\mathbb{E}[((x - y)^2] + 1": ("`(` is not closed", 12),
    r"[a, b)": ("`[` is not closed", 1),
    r"a +": ("nothing stands behind `+`", 3),
    r"a \foo b": (r"`\foo` is not known", 3),
    r"\aplha + 1": (r"`\aplha` is not known", 1),
    r"\frac{a}": ("argument is missing", 9),
    r"x_": ("subscript is missing", 2),
    r"x_i^2_j": ("double subscript", 6),
    r"x^23": ("several digits", 3),
    r"x_10": ("several digits", 3),
    r"1/2\pi": ("divided by", 2),
    r"\mathbb{E}X(Y-1)": ("takes in", 1),
    r"\operatorname{tr} A B": ("takes in", 1),
    r"A \odot B C": ("takes in", 3),
    r"a - {b + c}": ("braces", 6),
    r"\operatorname{Var}(X, Y)": ("takes one argument", 19),
    r"a \pm b": ("two expressions", 3),
    r"a \text{ if } b": ("does not fit", 3),
    r"": ("nothing stands here", 1),
    r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}": ("row 2", 1),
    r"\begin{pmatrix} 1 \end{bmatrix}": ("ends with", 19),
    r"|a": ("`|` is not closed", 1),
    r"\sum_{1}^n x": ("no index", 1),
    r"\hat{x": ("`{` is not closed", 5),
    r"\int x": ("no differential", 1),
}  # fmt: skip


@pytest.mark.parametrize(("latex", "reading"), READINGS.items())
def test_reading(latex, reading):
    found = read_expression(latex)
    assert found.problem is None, found.problem
    assert shown(found.syntax) == reading


@pytest.mark.parametrize(("latex", "why"), REFUSED.items())
def test_refused_with_place(latex, why):
    found = read_expression(latex)
    assert found.syntax is None
    assert why[0] in found.problem.message
    assert (found.problem.span.line, found.problem.span.column) == (1, why[1])


def test_hints():
    assert read_expression(r"\aplha").problem.hint == r"did you mean `\alpha`?"
    assert "newcommand" in read_expression(r"\foo").problem.hint
    assert read_expression(r"\mathbb{E}[(x]").problem.expected == "`)` before `]`"


def test_products_keep_their_order():
    assert read_expression("A B").syntax != read_expression("B A").syntax


def test_spans_are_not_part_of_equality():
    assert read_expression("x + y").syntax == read_expression("x  +\n y").syntax


def test_spans_of_nodes():
    text = r"a + \mathbb{E}[x^2]"
    plus = read_expression(text).syntax
    operator = plus.items[1]
    assert text[operator.span.start : operator.span.end] == r"\mathbb{E}[x^2]"
    power = operator.arguments[0]
    assert text[power.span.start : power.span.end] == "x^2"


@pytest.mark.parametrize(
    ("latex", "squared_inside"),
    [
        (r"E(X - \mu)^2", True),
        (r"\mathbb{E}\left(X + Y\right)^2", True),
        (r"E(X)^2", False),
        (r"E(XY)^2", False),
        (r"E[X - \mu]^2", False),
        (r"E(X + Y)^2 - E[(X + Y)^2]", False),  # the document has another sign for the mean of a square
    ],
)
def test_a_power_behind_the_round_bracket_of_a_sum(latex: str, squared_inside: bool) -> None:
    first = repr(read_expression(latex).syntax).partition("Operator(kind='E', arguments=(")[2]
    assert first.startswith("Power(") == squared_inside
