"""The gate: what reaches TeX and browsers is rebuilt from known pieces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render.commands import ABBREVIATIONS, ARITY, SYMBOLS
from derive.render.macros import Macro
from derive.render.nodes import write
from derive.render.parsing import MAX_DEPTH, MAX_LENGTH, parse


@pytest.mark.parametrize(
    ("latex", "written"),
    [
        (r"\frac12 x^\top w", r"\frac{1}{2}x^{\top}w"),
        (r"a+b % a remark", "a + b"),
        (r"[0,1) + (a", "[0, 1) + (a"),
        (r"\sum_{i=1}^{n} x_{i}", r"\sum_{i=1}^n x_i"),
        (r"\left( a \right)^2", r"\left(a\right)^2"),
        (r"\bigl[ a \bigr]", r"\bigl[a\bigr]"),
        (r"\begin{bmatrix}1&2\\[2pt]3&4\end{bmatrix}", r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"),
        (r"a & b \\ c \nonumber \label{x}", "abc"),
        (r"\textcolor{red}{x}", "{x}"),
        (r"{a \over b}", r"{\frac{a}{b}}"),
        (r"\mathbb 1", r"\mathbf{1}"),
        (r"\bm x \indep y", r"\boldsymbol{x} \perp \!\!\! \perp y"),
        ("α + β²", r"\alpha + \beta^2"),
        (r"\text{for $i \neq j$ only}", r"{\text{for }i \neq j\text{ only}}"),
        (r"x'^2", "x'^2"),
        (r"-x + (-y)", "-x + (-y)"),
        (r"a := b", "a := b"),
        (r"a \overset{\eqref{eq:1}}{=} b", "a = b"),
        (r"\left\lbrace a \right\rbrace", r"\left\lbrace a\right\rbrace"),
    ],
)
def test_what_is_read_is_written_cleanly(latex, written):
    assert write(parse(latex)) == written


@pytest.mark.parametrize(
    "latex",
    [
        r"\input{/etc/passwd}",
        r"\write18{ls}",
        r"\immediate\write18{ls}",
        r"\catcode`\%=12",
        r"\csname input\endcsname",
        r"\def\x{y}",
        r"^^5cinput{x}",
        r"\openin\x=y",
        r"\unknown",
        r"x^a^b",
        r"x^2'",
        r"\frac{a}",
        r"\left( a",
        r"a \right)",
        r"}{",
        r"{a",
        r"\begin{tikzpicture}\end{tikzpicture}",
        r"\begin{pmatrix} a",
        r"\text{a $b}",
        "$x$",
        "#1",
        "\x00",
        "{" * (MAX_DEPTH + 2) + "}" * (MAX_DEPTH + 2),
        "(" * 500 + ")" * 500,
        "x" * (MAX_LENGTH + 1),
        r"\sqrt[\input{x}]{y}",
    ],
)
def test_what_is_not_whole_and_known_is_refused(latex):
    assert parse(latex) is None


def test_macros_are_expanded_with_their_arguments():
    macros = {"norm": Macro(1, r"\|#1\|"), "R": Macro(0, r"\mathbb{R}")}
    assert write(parse(r"\norm{x}_2 \in \R^n", macros)) == r"\|x\|_2 \in \mathbb{R}^n"


def test_macros_without_end_and_dangerous_macros_are_refused():
    assert parse(r"\a", {"a": Macro(0, r"\a\a")}) is None
    assert parse(r"\a", {"a": Macro(0, r"\input{x}")}) is None
    assert parse(r"\a", {"a": Macro(1, r"#1#1")}) is None


ALPHABET = st.sampled_from(
    [*"{}()[]^_&x1+-= '%$#~", "\\\\", r"\left(", r"\right)", r"\frac", r"\sum", r"\text{a b}", r"\mathbf", r"\alpha",
     r"\begin{pmatrix}", r"\end{pmatrix}", r"\input"]
)  # fmt: skip


@given(st.lists(ALPHABET, max_size=25).map("".join))
def test_what_comes_out_is_balanced_and_known(latex):
    nodes = parse(latex)
    if nodes is None:
        return
    written = write(nodes)
    bare = re.sub(r"\\[{}]", "", written)
    assert bare.count("{") == bare.count("}")
    assert len(re.findall(r"\\left\b", written)) == len(re.findall(r"\\right\b", written))
    names = {n for n in re.findall(r"\\([A-Za-z]+)", written)}
    assert names <= SYMBOLS | set(ARITY) | set(ABBREVIATIONS) | {"left", "right", "middle", "begin", "end", "text"} | {
        "textasciicircum", "textasciitilde", "textbackslash",
    }  # fmt: skip
    assert not re.search(r"(?<!\\)[%$#]", written)


@given(st.lists(ALPHABET, max_size=25).map("".join))
def test_writing_is_stable(latex):
    nodes = parse(latex)
    if nodes is not None:
        once = write(nodes)
        again = parse(once)
        assert again is not None
        assert write(again) == once
