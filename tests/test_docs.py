"""The site is built without a warning, is read without network, and shows what there is."""

import re
from pathlib import Path

import pytest
from sphinx.application import Sphinx

from derive import library
from derive.rules.book import RULES

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
DOCS = Path(__file__).parent.parent / "docs"
PICTURES = DOCS / "gallery"
LOADED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"(?:https?:)?//|<link\b[^>]*rel=\"stylesheet\"[^>]*//|@import"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    app = Sphinx(DOCS, DOCS, folder, folder / "doctrees", "html", status=None, warningiserror=True)
    app.build()
    assert app.statuscode == 0
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}


def test_nothing_is_loaded_from_elsewhere(site):
    assert len(site) > 10
    assert [name for name, text in site.items() if LOADED.search(text)] == []


def test_rules_commands_and_functions_are_there(site):
    assert all(f">{name}</span>" in site["rules.html"] for name in RULES)
    assert site["rules.html"].count("<math") > 3 * len(RULES) - 5
    commands = re.sub(r"<[^>]*>", "", site["cli.html"])
    assert "$ derive build l2-noise --to article --pdf" in commands and "--explain-reading" in commands
    assert 'id="derive.expand"' in site["api.html"] and 'class="derive"' in site["notebook.html"]
    assert "```" not in site["rules.html"] and "$`" not in site["rules.html"]


def test_the_gallery_shows_the_library_and_is_small():
    page = (PICTURES / "index.md").read_text(encoding="utf-8")
    shown = re.findall(r"\((\S+\.png)\)", page)
    assert {f"{name}.png" for name in library.names()} <= set(shown)
    assert sorted(shown) == sorted(p.name for p in PICTURES.glob("*.png"))
    assert all((PICTURES / name).stat().st_size < 60_000 for name in shown)
