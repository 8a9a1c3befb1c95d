"""The page: whole, self-contained, without scripts; that a browser shows it in light and dark."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import tempfile
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from derive.render import html
from derive.render.macros import NO_MACROS
from derive.report import Counterexample, Derivation, DocumentReport, GivenLine, Step
from tests.render.examples import ALL, TITLES, l2_noise, mean_of_square

pytest.importorskip("math_core")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
VOID = {"meta", "br", "line", "circle", "img", "hr", "mspace", "none"}


class Outline(HTMLParser):
    """Checks nesting and collects ids, links and elements."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.seen: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        names = dict(attrs)
        self.attributes |= set(names)
        self.ids += [names["id"]] if "id" in names else []
        self.links += [names["href"]] if "href" in names else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


@pytest.mark.parametrize("name", sorted(ALL))
def test_pages_are_well_formed_and_self_contained(name):
    page = html.page(ALL[name](), titles=TITLES)
    got = outline(page)
    assert page.startswith("<!doctype html>") and 'lang="en"' in page
    assert not {"script", "link", "iframe", "img", "object"} & set(got.seen)
    assert not any(a.startswith("on") for a in got.attributes)
    assert len(got.ids) == len(set(got.ids))
    assert all(link.startswith("#") and link[1:] in got.ids for link in got.links)
    assert "<code>" not in page or name == "sum"


def test_every_step_has_its_verdict_in_words_and_can_be_unfolded():
    page = html.page(l2_noise(), titles=TITLES)
    assert page.count('<li class="step proved"') == 8 == page.count("<details")
    assert page.count("</span> proved</span>") == 8
    assert '<ol class="single">' in page and "independent factors split" in page


def test_findings_are_open_and_show_their_counterexample():
    page = html.page(mean_of_square())
    assert "<details open>" in page
    assert "<caption>A case in which everything given holds and the two sides differ</caption>" in page
    assert "<strong>25/16</strong>" in page


def test_changes_are_classes_that_light_and_dark_colour():
    page = html.page(l2_noise())
    assert 'class="change-1"' in page and 'class="change-2"' in page
    assert "prefers-color-scheme: dark" in page and "@media print" in page
    assert "#0072B2" not in page


def test_a_figure_is_inlined_and_an_unsafe_one_refused():
    svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
    assert '<figure><svg xmlns="http://www.w3.org/2000/svg">' in html.page(l2_noise(), figures={"l2-noise.md": svg})
    for bad in ("<svg onload=x>", "<svg><script/></svg>", '<svg><a href="http://x"/></svg>', "plain"):
        with pytest.raises(ValueError, match="SVG"):
            html.page(l2_noise(), figures={"": bad})


def test_what_a_user_wrote_cannot_become_markup():
    evil = '<script>alert(1)</script><img src=x onerror="y">'
    steps = (Step(1, 1, evil, evil, evil, "unread", (evil,), (evil,), message=evil, reason=evil),)
    document = DocumentReport(evil, (GivenLine(1, evil, evil, evil),), (), (Derivation(1, steps, evil),), title=evil)
    got = outline(html.page(document))
    assert not {"script", "img"} & set(got.seen) and "onerror" not in got.attributes


def test_the_index_lists_documents_with_their_verdicts():
    page = html.index([make() for make in ALL.values()], {"square.md": "square.html"})
    got = outline(page)
    assert got.links == ["square.html"]
    assert page.count('<th scope="row">') == len(ALL) and "1 wrong" in page


def test_a_document_without_anything_is_a_page():
    outline(html.page(replace(DocumentReport("empty.md"))))


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_browser_shows_the_page_in_light_and_dark(tmp_path):
    source = tmp_path / "page.html"
    source.write_text(html.page(l2_noise(), titles=TITLES), encoding="utf-8")
    shots = []
    for scheme in ("0", "1"):  # dark, light
        with tempfile.TemporaryDirectory() as profile:
            shot = tmp_path / f"{scheme}.png"
            command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
                       "--disable-background-networking", "--disable-component-update", "--disable-quic",
                       f"--user-data-dir={profile}", f"--blink-settings=preferredColorScheme={scheme}",
                       "--window-size=1000,1400", f"--screenshot={shot}", source.as_uri()]  # fmt: skip
            subprocess.run(command, capture_output=True, timeout=120, check=True)
            shots.append(shot.read_bytes())
    assert all(len(s) > 20_000 for s in shots)
    assert shots[0] != shots[1]


def test_every_formula_can_be_spoken():
    page = html.page(mean_of_square(), titles=TITLES)
    spoken = re.findall(r'<math alttext="([^"]*)"', page)
    assert len(spoken) == page.count("<math") > 3
    assert "= E[X]² + a" in spoken and not any("\\" in text or "color" in text for text in spoken)


def test_a_stop_stays_with_its_formula():
    shown = html.words([("math", "x"), ("text", "; and"), ("math", "y"), ("text", " then")], {})
    assert re.fullmatch(r'<span class="whole"><math.*</math>;</span> and<math.*</math> then', shown)


def test_a_page_leads_to_the_list_that_it_stands_in():
    assert '<nav aria-label="Other derivations"><a href="index.html">' in html.page(l2_noise(), home="index.html")
    assert "<nav" not in html.page(l2_noise())


def test_a_document_on_which_derive_failed_says_so():
    page = html.page(DocumentReport("x.md", error="It went <wrong>."))
    assert '<p class="failed" role="alert">' in page and "It went &lt;wrong&gt;." in page


def test_headings_go_down_one_by_one():
    levels = [int(n) for n in re.findall(r"<h([1-6])", html.page(l2_noise(), titles=TITLES))]
    assert levels[0] == 1 and levels.count(1) == 1 and all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_a_model_without_random_variables_has_no_table():
    model = Counterexample({}, {"a": "2"}, (("1", {}),), "1", "2")
    shown = html._counterexample(model, NO_MACROS)
    assert "<table" not in shown and "the two sides differ:" in shown and "the right side <strong>2</strong>" in shown
