"""The frame of assumptions: marks, words with their names as formulas, uses, one column or two."""

from __future__ import annotations

from derive.render.given_box import given_box, named, names
from derive.report import DocumentReport, GivenLine, SymbolLine
from tests.render.examples import l2_noise

SYMBOLS = tuple(
    SymbolLine(name, ("m", "1"), "random", "declared")
    for name in (r"\mathbf{n}", r"\tilde{\mathbf{x}}", "a", r"\varepsilon")
)


def box(*givens: GivenLine) -> str:
    return given_box(DocumentReport("x.md", givens, SYMBOLS), {})


def test_marks_and_uses():
    shown = given_box(l2_noise(), {})
    assert r"\textbf{A3}" in shown and "used in (6)" in shown


def test_only_what_adds_something_is_said_in_words():
    shown = box(
        GivenLine(1, r"\mathbf{n} \perp a", "dependence", "n is independent of a"),
        GivenLine(2, r"\mathbf{n} \in \mathbb{R}^m", "shape", "n is a vector with m components"),
    )
    assert r"$\mathbf{n}$ is independent of $a$" in shown and "components" not in shown


def test_names_in_words_become_formulas():
    known = names(DocumentReport("x.md", (), SYMBOLS), r"\alpha \mathbf{I}")
    assert named([("text", "x̃ has covariance nI, a bit of n")], known) == [
        ("math", r"\tilde{\mathbf{x}}"),
        ("text", " has covariance "),
        ("math", r"\mathbf{n}"),
        ("math", r"\mathbf{I}"),
        ("text", ", a bit of "),
        ("math", r"\mathbf{n}"),
    ]


def test_many_short_ones_stand_in_two_columns():
    short = [GivenLine(i, f"x_{i} > 0", "comparison", "") for i in range(9)]
    assert box(*short[:8]).count(r"\parbox[t]") == 1 and box(*short).count(r"\parbox[t]") == 2
    long = GivenLine(9, "x = " + " + ".join("abcdefghijklmnopq"), "definitions", "")
    assert box(*short, long).count(r"\parbox[t]") == 1


def test_unknowns_are_to_be_found():
    assert "to be found" in box(GivenLine(1, "a > 0", "comparison", "", origin="find"))


def test_a_sentence_is_set_as_a_sentence():
    sentence = r"Let $\mathbf{n}$ and $a$ be uncorrelated random vectors with 100% noise"
    shown = box(GivenLine(1, sentence, "dependence", "n and a are uncorrelated"))
    assert r"Let $\mathbf{n}$ and $a$ be uncorrelated random vectors with 100\% noise" in shown
    assert "ttfamily" not in shown
