from __future__ import annotations

import time

import pytest

from derive import check
from derive.render.html import page as html
from derive.render.macros import Macro, expanded, macros_of, read_macros
from derive.render.terminal import document_lines
from derive.render.terminal_layout import Page
from derive.report import DocumentReport


def test_definitions_of_all_kinds_are_read():
    macros = read_macros(
        r"\newcommand{\E}{\mathbb{E}} \renewcommand\vec[1]{\mathbf{#1}} \def\norm#1{\|#1\|} % \newcommand{\no}{x}"
        "\n" r"\DeclareMathOperator*{\argmin}{arg\,min} \providecommand{\two}[2]{#1 + {#2}}"
    )  # fmt: skip
    assert macros == {
        "E": Macro(0, r"\mathbb{E}"),
        "vec": Macro(1, r"\mathbf{#1}"),
        "norm": Macro(1, r"\|#1\|"),
        "argmin": Macro(0, r"\operatorname*{arg\,min}"),
        "two": Macro(2, "#1 + {#2}"),
    }


def test_definitions_that_do_not_close_or_ask_for_more_than_they_take_are_left_out():
    assert read_macros(r"\newcommand{\a}{x \newcommand{\b}[1]{#2}") == {}


def test_what_the_document_defines_is_known_too():
    text = r"\newcommand{\E}{\mathbb{E}}\begin{document}\newcommand{\late}{x}"
    document = DocumentReport("a.tex", text=text, metadata={"macros": r"\newcommand{\V}{\mathrm{V}}"})
    assert macros_of(document) == {"E": Macro(0, r"\mathbb{E}"), "V": Macro(0, r"\mathrm{V}")}
    assert macros_of(DocumentReport("a.md", text=r"Let $\def\R{\mathbb{R}}$.")) == {"R": Macro(0, r"\mathbb{R}")}


def test_many_definitions_are_read_in_no_time():
    start = time.process_time()
    macros_of(DocumentReport("a.md", text=r"\newcommand{\a}{" * 20_000))
    assert time.process_time() - start < 2


CALLS = [  # definitions, formula, the formula without them
    (r"\newcommand{\V}[1]{\operatorname{Var}(#1)}", r"\V{X+Y}", r"\operatorname{Var}(X+Y)"),
    (r"\newcommand{\E}[2][X]{E_{#1}[#2]}", r"\E{Y} + \E[Z]{Y}", r"E_{X}[Y] + E_{Z}[Y]"),
    (r"\newcommand{\sq}[1]{#1^2}\newcommand{\x}{\mathbf{x}}", r"\sq{\x} + \sq y", r"\mathbf{x}^2 + y^2"),
    (r"\newcommand{\lam}{\lambda}", r"\lam x", r"\lambda x"),
    (r"\newcommand{\a}{\a\a}", r"\a + 1", r"\a + 1"),  # has no end: as it is
    (r"\newcommand{\f}[2]{#1/#2}", r"\f{x}", r"\f{x}"),  # an argument is missing
    (r"\newcommand{\E}{E}", r"\Ex", r"\Ex"),
]


@pytest.mark.parametrize("definitions, formula, plain", CALLS)
def test_calls_are_replaced_by_what_they_stand_for(definitions, formula, plain):
    assert expanded(formula, read_macros(definitions)) == plain


def test_no_output_shows_a_call():
    head = "\\newcommand{\\V}[1]{\\operatorname{Var}\\left(#1\\right)}\n\\newcommand{\\sq}[1]{#1^2}\n\n"
    report = check(f"{head}$$\n\\V{{X + Y}} = E[\\sq{{(X+Y)}}] - \\sq{{E[X+Y]}}\n$$\n", simulation=False)
    step = report.steps[0]
    assert (step.lhs, step.rhs) == (r"\V{X + Y}", r"E[\sq{(X+Y)}] - \sq{E[X+Y]}")  # whole calls, as the user wrote them
    document = report.documents[0]
    told = "\n".join("".join(text for text, _ in line) for line in document_lines(document, Page()))
    assert "Var(X + Y)" in told
    assert "\\V" not in told
    assert "<code>" not in html(document)
