"""Reports as a piece of somebody else's page."""

import re

import pytest

from derive.render.fragment import fragment, style
from derive.report import DocumentReport
from tests.render.examples import ALL, TITLES
from tests.render.test_html import outline


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_fragment_is_well_formed_and_its_links_stay_in_it(name):
    seen = outline(fragment((ALL[name](),), titles=TITLES))
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert not {"script", "iframe", "h1", "h2", "main", "body"} & set(seen.seen)


def test_ids_of_different_documents_differ():
    one, other = (set(outline(fragment((d(),))).ids) for d in list(ALL.values())[:2])
    assert one and other and not one & other


def test_the_style_says_nothing_of_the_page_around():
    text = style()
    assert text.startswith(".derive {") and text.endswith("}") and text.count("{") == text.count("}")
    assert "background: var(--paper)" not in text and ":root" not in text
    assert not re.search(r"[{}] (?:body|main|h1|a) \{", text)


def test_a_failure_is_told():
    shown = fragment((DocumentReport("x.md", error="It went wrong: <b>."),))
    assert "It went wrong: &lt;b&gt;." in shown and "no derivation found" not in shown
    assert "no derivation found" in fragment((DocumentReport("x.md"),))
