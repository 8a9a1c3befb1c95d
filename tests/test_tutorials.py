"""What the tutorials show is what is printed.  `python -m tests.test_tutorials` writes them anew."""

import re
import tempfile
from pathlib import Path

import pytest

from tests.sessions import FILE, SESSION, replayed

PAGES = sorted((Path(__file__).parent.parent / "docs").glob("tutorial-*.md"))


@pytest.mark.parametrize("page", PAGES, ids=[p.stem for p in PAGES])
def test_what_a_tutorial_shows_is_what_is_printed(page, tmp_path):
    text = page.read_text(encoding="utf-8")
    assert len(SESSION.findall(text)) > 4 and FILE.search(text)
    assert replayed(text, tmp_path) == text, f"{page.name} is stale: python -m tests.test_tutorials"


@pytest.mark.parametrize("page", PAGES, ids=[p.stem for p in PAGES])
def test_every_command_of_a_tutorial_is_run(page):
    text = page.read_text(encoding="utf-8")
    assert len(re.findall(r"(?m)^\$ ", text)) == len(SESSION.findall(text))


def test_a_page_that_is_stale_is_seen(tmp_path):
    page = (
        "`a.md`:\n\n```markdown\n$$ E[X] = E[X] $$\n```\n\n```console\n$ derive check a.md --no-simulation\nold\n```\n"
    )
    now = replayed(page, tmp_path)
    assert now != page and "proved" in now and replayed(now, tmp_path) == now


if __name__ == "__main__":
    for one in PAGES:
        with tempfile.TemporaryDirectory() as place:
            one.write_text(replayed(one.read_text(encoding="utf-8"), Path(place)), encoding="utf-8")
