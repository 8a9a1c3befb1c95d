from __future__ import annotations

import time

from derive.render.macros import macros_of, read_macros
from derive.report import DocumentReport


def test_definitions_of_all_kinds_are_read():
    macros = read_macros(
        r"\newcommand{\E}{\mathbb{E}} \renewcommand\vec[1]{\mathbf{#1}} \def\norm#1{\|#1\|} % \newcommand{\no}{x}"
        "\n" r"\DeclareMathOperator*{\argmin}{arg\,min} \providecommand{\two}[2]{#1 + {#2}}"
    )  # fmt: skip
    assert macros == {
        "E": (0, r"\mathbb{E}"),
        "vec": (1, r"\mathbf{#1}"),
        "norm": (1, r"\|#1\|"),
        "argmin": (0, r"\operatorname*{arg\,min}"),
        "two": (2, "#1 + {#2}"),
    }


def test_definitions_that_do_not_close_or_ask_for_more_than_they_take_are_left_out():
    assert read_macros(r"\newcommand{\a}{x \newcommand{\b}[1]{#2}") == {}


def test_what_the_document_defines_is_known_too():
    text = r"\newcommand{\E}{\mathbb{E}}\begin{document}\newcommand{\late}{x}"
    document = DocumentReport("a.tex", text=text, metadata={"macros": r"\newcommand{\V}{\mathrm{V}}"})
    assert macros_of(document) == {"E": (0, r"\mathbb{E}"), "V": (0, r"\mathrm{V}")}
    assert macros_of(DocumentReport("a.md", text=r"Let $\def\R{\mathbb{R}}$.")) == {"R": (0, r"\mathbb{R}")}


def test_many_definitions_are_read_in_no_time():
    start = time.process_time()
    macros_of(DocumentReport("a.md", text=r"\newcommand{\a}{" * 20_000))
    assert time.process_time() - start < 2
