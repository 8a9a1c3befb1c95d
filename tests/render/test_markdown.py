from __future__ import annotations

import re

import pytest

from derive.render import markdown
from derive.report import DocumentReport, GivenLine
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
