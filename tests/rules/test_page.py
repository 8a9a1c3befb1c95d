from pathlib import Path

from derive.rules.book import RULES
from derive.rules.page import page

KEPT = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_has_every_rule():
    text = page()
    assert all(f"(`{name}`)" in text and rule.statement in text for name, rule in RULES.items())


def test_the_kept_page_is_current():
    assert KEPT.read_text(encoding="utf-8") == page(), "docs/rules.md is stale: make docs"
