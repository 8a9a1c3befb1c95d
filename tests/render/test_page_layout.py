"""The page laid out by a browser as narrow as a telephone: nothing sticks out, every formula has a size."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from html import escape

import pytest

from derive.render import html
from derive.report import Counterexample
from tests.render.examples import l2_noise, mean_of_square

pytest.importorskip("math_core")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDE = " + ".join(rf"\mathbb{{E}}[X_{{{i}}}Y_{{{i}}}]" for i in range(30))
MEASURE = """<pre id="out"></pre><script>
frames[0].frameElement.onload = () => {
  const page = frames[0].document, root = page.documentElement;
  const seen = [...page.querySelectorAll("math")].filter(m => m.checkVisibility());
  const sized = seen.filter(m => m.getBoundingClientRect().width * m.getBoundingClientRect().height > 0);
  out.textContent = [root.scrollWidth, root.clientWidth, seen.length, sized.length].join(" ");
};
</script>"""


def measured(page: str, folder) -> tuple[int, ...]:
    """Width of the content, width of the window, formulas to be seen, formulas with a size."""
    frame = folder / "frame.html"
    inner = f'<iframe style="width:380px;height:800px;border:0" srcdoc="{escape(page)}"></iframe>'
    frame.write_text(f'<!doctype html><meta charset="utf-8">{inner}{MEASURE}', encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
               "--disable-background-networking", "--disable-component-update", "--disable-quic",
               f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=3000", "--dump-dom", frame.as_uri()]  # fmt: skip
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r'<pre id="out">([\d ]+)</pre>', shown)
    assert found, "the browser measured nothing"
    return tuple(int(number) for number in found[1].split())


def wide_findings():
    """A finding whose difference and whose counterexample are much wider than a telephone."""
    document = mean_of_square()
    (derivation,) = document.derivations
    names = {rf"X_{{{i}}}": "123/456" for i in range(20)}
    model = Counterexample(outcomes=(("1", names),), dimensions={}, constants={}, lhs="1", rhs="2")
    steps = tuple(replace(step, difference=WIDE, counterexample=model) for step in derivation.steps)
    return replace(document, derivations=(replace(derivation, steps=steps),))


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("make", [l2_noise, mean_of_square, wide_findings])
def test_a_page_fits_a_telephone(make, tmp_path):
    content, window, formulas, sized = measured(html.page(make()), tmp_path)
    assert content <= window
    assert 0 < formulas == sized


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_the_index_fits_a_telephone(tmp_path):
    documents = [l2_noise(), replace(mean_of_square(), path="a_rather_long_name_of_a_file_of_a_lecture.md")]
    content, window, *_ = measured(html.index(documents, {}), tmp_path)
    assert content <= window
