from __future__ import annotations

import re
import subprocess

import pytest

from derive.render.annotations import annotated
from derive.render.setting import Setting
from derive.render.wording import Line
from derive.report import Step
from tests.render.texrun import needs_poppler, needs_tex, too_wide, typeset

STEP = Step(1, 1, "=", "a", "b", "proved")
BECAUSE = [("text", "because")]


def noted(*lines: str, why: str = "because", room: float = 40.0) -> str:
    chain = [Line(lines[0]), *(Line(text, "=", STEP, n) for n, text in enumerate(lines[1:], 1))]
    return annotated(Setting(chain, [[], *[[("text", why)]] * (len(chain) - 1)], room))


def pointed(tex: str) -> list[str]:
    """What the arrows of a display point at, in its order, without colours."""
    found = []
    for match in re.finditer(r"\\tikzmarknode\{d\w+-\d+\}(?=\{)", tex):
        depth, end = 0, match.end()
        while depth or end == match.end():
            depth += {"{": 1, "}": -1}.get(tex[end], 0)
            end += 1
        content = re.sub(r"\\textcolor\{\w+\}|\\underline", "", tex[match.end() : end])
        found.append(content.replace("{", "").replace("}", ""))
    return found


@pytest.mark.parametrize(
    "before, after, what",
    [
        (r"a + \mathbb{E}[n^2] + c + d", "a + v + c + d", "v"),
        (r"a + c + \mathbb{E}[(x + n)^2]", r"a + c + \mathbb{E}[(x + m)^2]", "m"),
        (r"\left(\sum_{i=1}^n (y_i - t)\right)^2 + c", r"\left(\sum_{i=1}^n u_i\right)^2 + c", "u_i"),
        (r"\frac{\|0 - w\| + d}{n} + c", r"\frac{\|w\| + d}{n} + c", r"\frac\|w\| + dn"),  # not through a denominator
        (r"\frac{w + d}{n} + c", r"\frac{w + d}{m} + c", "m"),
        ("a + b + c", "x y z", "="),  # all is new: the whole line, by its relation
    ],
)
def test_an_arrow_points_at_what_changed(before: str, after: str, what: str):
    assert pointed(noted(before, after)) == [what]


def test_each_line_points_at_what_its_own_step_wrote():
    assert pointed(noted("a + b + c", "a + d + c", "e + d + c")) == ["d", "e"]


def test_each_note_stands_in_the_row_of_its_mark():
    tex = noted("a + b + c", "a + d + c", "e + d + c")
    for row in tex.split("\\\\\n")[1:]:
        (name,) = re.findall(r"\\tikzmarknode\{(\S+?)\}", row)
        assert rf"{{{name}}}{{because}}" in row and "@" not in row


def test_a_note_near_the_right_margin_stands_to_the_left():
    long = " + ".join(f"a_{{{n}}}" for n in range(16))
    assert "{below, right}" in noted("b + " + long, "c + " + long)
    assert "{below, left}" in noted(long + " + b", long + " + c", why="because of what was said before this")


@needs_tex
@needs_poppler
def test_the_marks_and_notes_come_out_in_tex(tmp_path):
    body = noted(*[rf"a + \frac{{b_{{{n}}}}}{{c}} + \left(\sum_{{i=1}}^n u_i\right)^2" for n in range(40)])
    head = r"\documentclass[11pt]{article}\usepackage{amsmath,mathtools,xcolor,annotate-equations}\allowdisplaybreaks"
    colours = "".join(rf"\definecolor{{derive{c}}}{{gray}}{{0.4}}" for c in ("first", "second", "fault", "quiet"))
    log = typeset(head + colours + r"\begin{document}" + body + r"\end{document}", tmp_path, runs=2)
    assert not too_wide(log)
    pages = subprocess.run(["pdftotext", "page.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True)
    counts = [page.count("because") for page in pages.stdout.split("\f")[:-1]]
    assert sum(counts) == 39 and len(counts) >= 3 and min(counts) > 0
