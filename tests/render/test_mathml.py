from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render import mathml
from derive.render.commands import ARITY, SYMBOLS
from derive.render.macros import Macro
from derive.render.mathml import convert, safe

pytest.importorskip("math_core")


@pytest.mark.parametrize(
    ("latex", "has"),
    [
        (r"\mathbb{E}[\mathbf{x}^\top]", ["𝔼", "𝐱", "⊤"]),
        (r"\operatorname{Var}(X)", ["Var"]),
        (r"X \overset{\text{iid}}{\sim} N", ["<mover>", "iid"]),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", ["<mtable", "<mtr>"]),
        (r"\underbrace{a+b}_{\text{cross}}", ["<munder>", "cross"]),
        (r"\begin{aligned}a&=b\\&=c\end{aligned}", ["<mtable"]),
        (r"\widetilde{ab}", ["<mover"]),
        (r"\mathds{1}_A", ["𝟏"]),
        (r"\sum_{\substack{i\\j}} x", ["∑"]),
        (r"\mathop{E}\limits_x y", ["<m"]),
        (r"\text{<b>}", ["&lt;", "<mtext>b", "&gt;"]),
    ],
)
def test_notations_come_out_as_mathml(latex, has):
    markup = convert(latex)
    assert markup.startswith("<math") and safe(markup)
    for piece in has:
        assert piece in markup


def test_every_command_that_passes_the_gate_is_known_to_the_library():
    for name in sorted(SYMBOLS - {"limits", "nolimits", "over"}):
        assert not convert(rf"\{name} x").startswith("<code"), name
    for name, count in sorted(ARITY.items()):
        assert not convert(rf"\{name}" + "{x}" * count).startswith("<code"), name


def test_macros_are_expanded():
    assert "ℝ" in convert(r"\R^n", {"R": Macro(0, r"\mathbb{R}")})


@pytest.mark.parametrize(
    "latex", [r"\input{x}", "<script>", r"\foo", r"\href{javascript:1}{x}", "{", "\x00", "(" * 5000]
)
def test_anything_else_is_shown_as_code_or_as_formula_without_markup(latex):
    markup = convert(latex)
    assert "<script" not in markup and "href=" not in markup
    assert markup.startswith(("<code>", "<math"))


@pytest.mark.parametrize(
    "markup",
    ["<script>x</script>", '<math onclick="x">', '<mi style="background:url(x)">', '<a href="x">', "<!-- x -->",
     "<img src=x>", '<mi style="color:red;position:fixed">', '<mi class="verdict">'],
)  # fmt: skip
def test_the_sieve_lets_only_mathml_through(markup):
    assert not safe(markup)


BITS = st.sampled_from([*"\\{}[]()^_&<>\"'xab12+=- ", r"\frac", r"\text", r"\mathbf", r"\left(", r"\right)"])


@given(st.lists(BITS, max_size=40).map("".join))
def test_conversion_never_raises_and_is_always_safe(latex):
    markup = convert(latex)
    assert markup == "" or markup.startswith("<code>") or safe(markup)


def test_without_the_library_formulas_are_code(monkeypatch):
    monkeypatch.setattr(mathml, "_converter", lambda: None)
    assert convert("x<y") == "<code>x&lt;y</code>"


def test_a_definition_sign_is_one_sign():
    assert "<mo>≔</mo>" in convert("f(w) := E[x]")
