import pytest

from derive.language import syntax as sx
from derive.source import read_document
from tests.source.shown import shown


def chain(text, path="a.md", **more):
    found = read_document(path, text, **more)
    return next(c for c in found.items if isinstance(c, sx.Chain)), found


@pytest.mark.parametrize(
    ("definition", "use", "reading"),
    [
        (r"\newcommand{\Ex}{\mathbb{E}}", r"\Ex[X]", "E[X]"),
        (r"\newcommand{\Ex}[1]{\mathbb{E}\left[#1\right]}", r"\Ex{X^2}", "E[X^2]"),
        (r"\newcommand{\Ex}[2][x]{\mathbb{E}_{#1}[#2]}", r"\Ex{y} + \Ex[z]{y}", "(E_{x}[y] + E_{z}[y])"),
        (r"\newcommand\vx{\mathbf{x}}", r"\vx^\top\vx", r"{\mathbf{x}.T*\mathbf{x}}"),
        (r"\renewcommand{\vec}[1]{\mathbf{#1}}", r"\vec{x}", r"\mathbf{x}"),
        (r"\providecommand{\bu}{\mathbf{u}}", r"\bu", r"\mathbf{u}"),
        (r"\def\half{\frac{1}{2}}", r"\half x", "{[1 / 2]*x}"),
        (r"\def\pair#1#2{(#1 + #2)}", r"\pair{a}b", "br((a + b))"),
        (r"\DeclareMathOperator{\Var}{Var}", r"\Var(X)", "Var[X]"),
        (r"\DeclareMathOperator*{\EE}{\mathbb{E}}", r"\EE_x[x]", "E_{x}[x]"),
        (r"\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}", r"\norm{x}^2", "norm(x)^2"),
        (r"\let\eps\varepsilon", r"\eps_i", r"\varepsilon_{i}"),
    ],
)
def test_definitions(definition, use, reading):
    inside, _ = chain(f"$$\n{definition}\n$$\n\n$$ a = {use} $$\n")
    assert shown(inside.members[1].syntax) == reading
    option, _ = chain(f"$$ a = {use} $$\n", macros=definition)
    assert shown(option.members[1].syntax) == reading
    preamble, _ = chain(
        f"\\documentclass{{article}}\n{definition}\n\\begin{{document}}\\[ a = {use} \\]\\end{{document}}", "a.tex"
    )
    assert shown(preamble.members[1].syntax) == reading


def test_definitions_are_no_display():
    found = read_document("a.md", "$$\n\\newcommand{\\a}{b}\n$$\n")
    assert found.items == () and found.diagnostics == ()


def test_the_definition_in_force_is_the_last_one_before():
    found = read_document("a.md", r"\def\q{a} $$ x = \q $$ \def\q{b} $$ x = \q $$")
    assert [shown(c.members[1].syntax) for c in found.items] == ["a", "b"]


def test_positions_are_those_of_the_call():
    text = "\\newcommand{\\bad}{)}\n\n$$ a = \\bad $$"
    first, _ = chain(text)
    problem = first.members[1].problem
    assert (problem.span.line, problem.span.column) == (3, 8)


def test_argument_positions_are_their_own():
    text = "\\newcommand{\\Ex}[1]{\\mathbb{E}[#1]}\n$$ a = \\Ex{u + v} $$"
    first, _ = chain(text)
    plus = first.members[1].syntax.arguments[0]
    assert text[plus.span.start : plus.span.end] == "u + v"


@pytest.mark.parametrize(
    "text",
    [
        r"\newcommand{\a}{\a x} $$ b = \a $$",
        r"\newcommand{\a}[1]{\a{#1#1}} $$ b = \a{x} $$",
        r"\def\a{\b\b}\def\b{\a\a} $$ c = \a $$",
        "".join(rf"\def\{a}{{{(chr(92) + b) * 10}}}" for a, b in zip("abcdefg", "bcdefgh", strict=False))
        + r"\def\h{x} $$ y = \a $$",
    ],
)
def test_endless_macros_end(text):
    found = read_document("a.md", text)
    assert any("macro" in d.message for d in found.diagnostics)


def test_a_missing_argument_is_said():
    found = read_document("a.md", r"\newcommand{\Ex}[1]{(#1)} $$ a = {\Ex} $$")
    assert "takes 1 argument" in found.diagnostics[0].message
