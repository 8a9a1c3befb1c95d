import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render.pieces import to_ascii, width
from derive.render.unicode import sentence, to_unicode

READABLE = [
    (r"\mathbf{w}^\top \mathbf{x}", "wᵀx"),
    (r"\mathbf w^{T}\mathbf x", "wᵀx"),
    (r"\mathbb{E}[X^{2}] - \mathbb{E}[X]^2", "E[X²] − E[X]²"),
    (r"\operatorname{Var}\left(aX+b\right)", "Var(aX + b)"),
    (r"\mathbb{E} X Y", "E XY"),
    (r"\frac{1}{n}\sum_{i=1}^{n} x_i", "(1/n) Σᵢ₌₁ⁿ xᵢ"),
    (r"\frac12 x", "½x"),
    (r"\frac{a+b}{c d}", "(a + b)/(cd)"),
    (r"\sum_{i \neq j} \varepsilon_i \varepsilon_j", "Σ_{i≠j} εᵢεⱼ"),
    (r"A^{-1} + A^{-\top}", "A⁻¹ + A⁻ᵀ"),
    (r"\hat{\theta}_{\text{MLE}}", "θ̂_{MLE}"),
    (r"-2x + (-y)", "−2x + (−y)"),
    (r"\begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}", "[1 2; 3 4]"),
    (r"\begin{bmatrix}a+b & 2\\3 & 4\end{bmatrix}", "[a + b, 2; 3, 4]"),
    (r"\sqrt{x}\,\sqrt[3]{a+b}", "√x³√(a + b)"),
    (r"\|X\mathbf w\|_2^2", "‖Xw‖₂²"),
    (r"\nabla_{\mathbf w} f(\mathbf w)", "∇_w f(w)"),
    (r"\mathbf{n} \sim \mathcal{N}(\mathbf{0}, \alpha\mathbf{I})", "n ∼ 𝒩(0, αI)"),
    (r"X \perp\!\!\!\perp Y", "X ⫫ Y"),
    (r"\mathbf{x} \in \mathbb{R}^{m \times n}", "x ∈ ℝ^(m×n)"),
    (r"\underbrace{\mathbb{E}[n]}_{=0} w", "E[n] w"),
    (r"\underbrace{a+b}_{c} w", "(a + b) w"),
    (r"{a+b}^2", "(a + b)²"),
    (r"x\stackrel{\text{def}}{=}y", "x := y"),
    (r"\mathbb{E}[Y \mid X]", "E[Y | X]"),
    (r"X, Y \text{ uncorrelated}", "X, Y uncorrelated"),
]


@pytest.mark.parametrize(("latex", "shown"), READABLE)
def test_readable(latex, shown):
    assert to_unicode(latex) == shown


@pytest.mark.parametrize("latex", [latex for latex, _ in READABLE])
def test_ascii_is_ascii(latex):
    assert to_unicode(latex, ascii=True).isascii()


def test_ascii_keeps_names_apart():
    assert to_unicode(r"\alpha\beta \mathbf{w}^\top \mathbf{x}", ascii=True) == "alpha beta w^T x"


def test_bold_where_it_tells_letters_apart():
    assert to_unicode(r"\mathbf{x} + x", bold=True) == "𝐱 + x"


def test_what_is_not_known_stays():
    assert to_unicode(r"\mystery{x} + 1") == r"\mystery{x} + 1"


def test_fractions_beside_factors_are_bracketed():
    assert to_unicode(r"a\frac{b}{c}") == "a (b/c)"
    assert to_unicode(r"\frac{b}{c} + a") == "b/c + a"


def test_a_slash_in_front_of_a_fraction_is_bracketed():
    assert to_unicode(r"a/\frac{b}{c}") == "a/(b/c)"


def test_terminal_escapes_do_not_pass():
    assert "\x1b" not in to_unicode("x\x1b[31m") + sentence("a \x1b[2J $x$")


def test_sentences():
    assert sentence(r"Write $\alpha$ for $5.") == r"Write $\alpha$ for $5."
    assert sentence(r"Write $\alpha$.") == "Write α."


def test_text_in_ascii():
    assert to_ascii("σ² ≠ ½ — naïve ❄") == "sigma^2 != 1/2 - naive ?"


def test_width_counts_columns():
    assert width("x̃ᵀw − 1") == 7
    assert width("漢") == 2


def test_depth_and_length_are_bounded():
    assert to_unicode("{" * 5000 + "x" + "}" * 5000)
    assert to_unicode(r"\frac{" * 5000)
    assert len(to_unicode("x" * 10**6)) == 10**6


LATEX = st.lists(
    st.sampled_from(
        (
            r"\frac { } ^ _ & \\ \begin{array} \end{array} \sqrt [ ] ( ) \left \right | \| x 1 + = \mathbb E \text $ "
            r"\tilde ' ~ \sum \over % \not \begin \end \overset"
        ).split()
    ),
    max_size=25,
)


@given(LATEX, st.booleans())
def test_nothing_fails(tokens, ascii):
    shown = to_unicode(" ".join(tokens), ascii=ascii)
    assert "\n" not in shown
    assert not ascii or shown.isascii()


@given(st.text(max_size=60))
def test_no_text_fails(text):
    assert "\n" not in to_unicode(text) and to_unicode(text, ascii=True).isascii()
