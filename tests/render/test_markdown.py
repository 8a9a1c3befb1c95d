from __future__ import annotations

import re

import pytest

from derive.render import markdown
from derive.render.macros import NO_MACROS
from derive.report import Counterexample, Derivation, DocumentReport, GivenLine, Step
from tests.render.examples import ALL, TITLES, l2_noise, variance_of_sum
from tests.render.goldens import PAGES, golden


@pytest.mark.parametrize("name", [n for n in PAGES if n.endswith(".md")])
def test_pages_are_as_they_were(name):
    assert PAGES[name]() == golden(name)


@pytest.mark.parametrize("name", sorted(ALL))
def test_fences_and_formulas_are_closed(name):
    text = markdown.page(ALL[name](), titles=TITLES)
    assert text.count("```math") * 2 == text.count("```")
    outside = re.sub(r"```math.*?```", "", text, flags=re.DOTALL)
    assert outside.count("$`") == outside.count("`$")
    assert r"\operatorname" not in text


def test_rows_have_their_reasons_and_numbers():
    text = markdown.page(l2_noise(), titles=TITLES)
    assert r"&& \text{linearity of expectation, independent factors split (A3)} && \text{(6)}" in text


def test_findings_stand_in_a_quotation_with_their_table():
    text = markdown.page(variance_of_sum())
    assert "> **Step (1), line 5: needs an assumption.**" in text
    assert "| 1/2 | 1 | 1 |" in text


def test_words_cannot_become_markup():
    document = DocumentReport("x", (GivenLine(1, "a`b", "k", "<script> [x](y) *z* `q` $"),), title="a\n# b")
    text = markdown.page(document)
    assert "<script>" not in text and "\n# b" not in text and r"\[x\](y)" in text


def test_words_of_the_document_and_solutions_are_told():
    text = "# T\n\nAbout *it*.\n\n```given\nX random\n```\n\n## A part\n\nWe see $x_1$ that\n\n$$ a = b $$\n"
    step = Step(13, 1, "=", "a", "b", "proved", message="Holds exactly for $a = 1$.")
    document = DocumentReport(
        "t.md", (GivenLine(6, "X", "kind", "X is random"),), (), (Derivation(13, (step,)),), title="T", text=text
    )
    shown = markdown.page(document)
    places = [
        shown.index(w)
        for w in ("About *it*.", "**Given**", "## A part", "We see $`x_1`$ that", "```math", "Holds exactly")
    ]
    assert places == sorted(places)


def test_wide_matrices_are_not_scaled_which_github_cannot():
    wide = r"\begin{bmatrix} " + " & ".join(f"x_{{{i}}} + y_{{{i}}}" for i in range(20)) + r" \end{bmatrix}"
    step = Step(1, 1, "=", wide, wide, "proved")
    shown = markdown.page(DocumentReport("t.md", derivations=(Derivation(1, (step,)),)))
    assert "scalebox" not in shown and "displaystyle" not in shown and "x_{19} + y_{19}" in shown


def test_a_bar_in_a_name_ends_no_cell_of_a_table():
    model = Counterexample({}, {"a": "2"}, (("1", {r"|x|": "1", "y": "2"}),), "1", "-1/2")
    rows = markdown._counterexample(model, NO_MACROS)
    head, rule, row = rows[1].splitlines()
    assert head.count("|") == rule.count("|") == row.count("|") == 4
    assert rows[2] == r"With $`a`$ = 2 the left side is 1 and the right side -1/2."


def test_operators_with_letters_of_their_own_are_let_through():
    shown = markdown.inline(r"\operatorname{\mathbb{E}} \|x\|^2 + \operatorname*{arg\,min}_w f(w)")
    assert r"\operatorname" not in shown and r"\mathop{\mathrm{\mathbb{E}}}\nolimits" in shown


def test_what_markdown_takes_for_its_own_stays_a_formula():
    latex = r"a_1 * b_2 * c_3 + \{x < y\} | z | \\ w"
    shown = markdown.inline(latex)
    assert shown.startswith("$`") and shown.endswith("`$") and "\n" not in shown and shown.count("`") == 2


def test_a_model_without_random_variables_has_no_table():
    model = Counterexample({"m": 1}, {"a": "2"}, (("1", {}),), "1", "2")
    rows = markdown._counterexample(model, NO_MACROS)
    assert rows[1:] == ["With $`m`$ = 1, $`a`$ = 2 the left side is 1 and the right side 2."]
