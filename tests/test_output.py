"""What is kept in output/ is what the library gives now; `make demo` writes it anew.

The Markdown pages are compared: every formula, verdict, finding and correction. Simulated numbers are left out, because their
last digits depend on the machine, and so is what stands beside a formula, because the search for the fewest assumptions
stops sooner on a busy one.
"""

import re
from pathlib import Path

import pytest

from derive import library
from derive.judge.check import check_texts
from derive.render.markdown import page
from derive.rules.book import RULES

OUTPUT = Path(__file__).parent.parent / "output"
TITLES = {name: rule.title for name, rule in RULES.items()}


@pytest.mark.parametrize("name", library.names())
def test_the_page_is_current(name):
    (report,) = check_texts([(f"{name}.md", library.text(name))], simulation=False, seconds=30).documents
    kept = (OUTPUT / f"{name}.md").read_text(encoding="utf-8")
    rows = page(report, titles=TITLES).partition("\n---\n")[0].splitlines()
    claims = [re.split(r" && |, used in |, not used", row)[0] for row in rows if row.strip()]
    stale = [claim for claim in claims if claim not in kept]
    assert claims and not stale, f"output/{name}.md is stale: make demo"


def test_nothing_is_kept_that_is_no_longer_made():
    stems = {f.stem.removesuffix("-figure") for f in OUTPUT.glob("*.*")} - {"slides", "index"}
    assert stems <= set(library.names())


@pytest.mark.parametrize("suffix", [".tex", ".html", ".md"])
def test_every_form_is_there(suffix):
    assert {f"{name}{suffix}" for name in library.names()} <= {f.name for f in OUTPUT.glob(f"*{suffix}")}
