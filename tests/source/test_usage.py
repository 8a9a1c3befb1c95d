"""Letters whose meaning depends on the document."""

import pytest

from derive.language import syntax as sx
from derive.source import read_document
from tests.source.shown import shown


def members(text):
    found = read_document("a.md", text)
    return [shown(m.syntax) for i in found.items if isinstance(i, sx.Chain) for m in i.members]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$ E[X] = E X $$", ["E[X]", "E[X]"]),
        ("$$ Y = X B + E $$", ["Y", "({X*B} + E)"]),
        ("$$ Y = X B + E $$ $$ a = E(b) $$", ["Y", "({X*B} + E)", "a", "{E@br(b)}"]),
        ("$$ \\mathbb{E}[X] = E X $$", ["E[X]", "{E*X}"]),
        ("$$ V(X) = a $$", ["Var[X]", "a"]),
        ("$$ V(X) = V $$", ["{V@br(X)}", "V"]),
        ("$$ P(X = 1) = P(A) $$", ["P[X = 1]", "{P@br(A)}"]),
        ("$$ p(X = 1) = p(x) $$", ["P[X = 1]", "{p@br(x)}"]),
        ("$$ x^T y = a $$", ["{x.T*y}", "a"]),
        ("$$ \\gamma^T = \\frac{1}{T} $$", [r"\gamma^T", "[1 / T]"]),
        ("$$ a^T b = \\frac{1}{T} $$", ["{a.T*b}", "[1 / T]"]),
        ("$a \\in \\mathbb{R}$ $$ a^T = T $$", ["a^T", "T"]),
        (
            "$\\beta, x_t \\in \\mathbb{R}^d$ $$ \\beta^T x_t = (x_t - b)^T E[x_t]^T T $$",
            [r"{\beta.T*x_{t}}", "{br((x_{t} + -b)).T*E[x_{t}].T*T}"],
        ),
        ("$$ (1 - p)^T = T $$", ["br((1 + -p))^T", "T"]),
        ("$$ \\mathbf{a}^T X^T = \\sum_{t=1}^T b $$", [r"{\mathbf{a}.T*X.T}", "sum<t=1..T>b"]),
        ("$$ g^t = x_t $$", ["g^t", "x_{t}"]),
        ("$$ \\Gamma(a) = b $$", ["gamma(a)", "b"]),
        ("$$ \\Gamma(a) = \\Gamma $$", [r"{\Gamma@br(a)}", r"\Gamma"]),
    ],
)
def test_letters(text, expected):
    assert members(text) == expected


def test_a_declared_matrix_is_no_operator():
    assert members("```given\nE \\in \\mathbb{R}^{n \\times m}\n```\n$$ E(a) = E b $$") == ["{E@br(a)}", "{E*b}"]
