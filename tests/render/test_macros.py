from __future__ import annotations

from derive.render.macros import read_macros


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
