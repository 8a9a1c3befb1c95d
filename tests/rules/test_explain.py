"""The book as text and as a page."""

import pytest

from derive.rules.book import CHAPTERS, RULES, chapter, lookup
from derive.rules.explain import explain, overview, page


@pytest.mark.parametrize("name", RULES)
def test_every_entry_has_all_parts(name):
    text = explain(name)
    words = " ".join(text.split())
    rule = RULES[name]
    for part in (rule.title, rule.statement, "What it does", "Why", "Example", "Wrong use", "Source", rule.misuse.why):
        assert " ".join(part.split()) in words
    assert all(len(line) <= 100 or "\\" in line for line in text.splitlines())


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_complete(name):
    rule = RULES[name]
    assert rule.summary and rule.reason.endswith(".") and rule.source
    assert not rule.misuse.why.endswith(".")
    assert rule.chapter in CHAPTERS
    for condition in rule.conditions:
        assert not condition.given or condition.given in rule.example.given, condition


def test_unknown_rules_get_a_suggestion():
    with pytest.raises(KeyError, match="independence"):
        lookup("independance")


def test_overview_and_page_name_every_rule():
    listed, whole = overview(), page()
    for name in RULES:
        assert name in listed and f"### {name}" in whole
    assert all(chapter(name) for name in CHAPTERS)
