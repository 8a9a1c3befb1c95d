"""Slides: one line a click, and no line moves."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace

import pytest

from derive.render import beamer
from derive.report import Derivation, DocumentReport, GivenLine, Step
from tests.render.examples import ALL, TITLES, ensemble, l2_noise
from tests.render.goldens import golden
from tests.render.texrun import needs_poppler, needs_tex, too_wide, typeset


def test_slides_are_as_they_were():
    assert beamer.slides([ensemble()], titles=TITLES) == golden("ensemble-slides.tex")


def frames(tex: str) -> list[str]:
    return re.findall(r"\\begin\{frame\}.*?\\end\{frame\}", tex, re.DOTALL)


def test_each_line_has_a_click_and_its_reason_comes_with_it():
    derivation = next(f for f in frames(beamer.slides([ensemble()], titles=TITLES)) if "uncover" in f)
    rows = re.findall(r"\\uncover<(\d+)->\{\{\}=.*?&& \\uncover<(\d+)->", derivation)
    assert rows and all(line == why for line, why in rows)
    clicks = [int(line) for line, _ in rows]
    assert clicks == sorted(set(clicks))
    assert r"\pause" not in derivation


def test_what_changed_lights_up_after_its_line_and_before_the_next():
    derivation = next(f for f in frames(beamer.slides([l2_noise()], titles=TITLES)) if "changed" in f)
    shown = {int(n) for n in re.findall(r"\\uncover<(\d+)->", derivation)}
    lit = {int(n) for spec in re.findall(r"\\changed<([\d,]+)>", derivation) for n in spec.split(",")}
    assert lit and not lit & shown
    assert all(n - 1 in shown for n in lit)


def test_long_derivations_go_on_from_the_line_they_ended_with():
    parts = [f for f in frames(beamer.slides([l2_noise()], titles=TITLES, handout=True)) if "flalign" in f]
    assert len(parts) > 1 and all("continued" in f for f in parts[1:])
    plain = [re.sub(r"\\textcolor\{\w+\}|\\underline|\\MoveEqLeft\[2\]|\\mathrlap|[{}\s]", "", f) for f in parts]
    last = re.findall(r"&=(.*?)(?:&&|\\\\|\\endflalign)", plain[0])[-1]
    assert last in plain[1].split("&=")[0] or last[:20] in plain[1]


def test_givens_come_first_and_the_figure_last():
    got = frames(beamer.slides([l2_noise()], figures={"l2-noise.md": "plot.pdf"}))
    assert r"\textbf{Given}" in got[0] and "A3" in got[0]
    assert "plot.pdf" in got[-1]


def test_notes_say_it_in_words():
    tex = beamer.slides([l2_noise()], titles=TITLES, explanations={"independence": "What is independent splits."})
    assert r"\note{" in tex and "Independent factors split: What is independent splits." in tex


def test_a_handout_is_all_there_at_once():
    tex = beamer.slides([l2_noise()], handout=True)
    assert ",handout]{beamer}" in tex and r"\uncover" not in tex and r"\textcolor{derivefirst}" in tex


def test_a_theme_is_a_name():
    assert r"\usetheme{Madrid}" in beamer.slides([ensemble()], theme="Madrid")
    with pytest.raises(ValueError, match="theme"):
        beamer.slides([ensemble()], theme=r"x}\input{y")


def test_each_cell_of_a_display_is_uncovered_in_its_place():
    for make in ALL.values():
        for shown in displays(beamer.slides([make()], titles=TITLES)):
            cells = [c.strip() for row in shown.split(r" \\") for c in re.split(r"(?<!\\)&", flat(row))]
            cells = [re.sub(r"\[\d+pt\]|\\hspace\{1.5em\}|\\MoveEqLeft\[\d\]", "", c).strip() for c in cells]
            bare = [c for c in cells if c and not re.fullmatch(r"\\uncover<\d+->\{.*\}", c, re.DOTALL)]
            assert bare == []
            assert r"\pause" not in shown and r"\only" not in shown and r"\onslide" not in shown


def displays(tex: str) -> list[str]:
    found = re.findall(r"\\begin\{(flalign|alignat|align)\*\}(?:\{\d\})?(.*?)\\end\{\1\*\}", tex, re.DOTALL)
    return [body for _, body in found]


def flat(row: str) -> str:
    """A row without the `&` of the matrices in it."""
    return re.sub(r"\\begin\{([a-z]*matrix)\}.*?\\end\{\1\}", "M", row, flags=re.DOTALL)


def test_reasons_between_the_lines_come_with_their_lines_too():
    wide = " + ".join(rf"\frac{{x_{{{i}}}}}{{y_{{{i}}}}} z_{{{i}}}" for i in range(30))
    steps = tuple(
        Step(i, 1, "=", a, b, "proved", ("linearity",) * 1) for i, (a, b) in enumerate([(wide, wide + "+ 1")])
    )
    document = DocumentReport("w.md", derivations=(Derivation(1, steps),))
    (shown,) = displays(beamer.slides([document], titles={"linearity": "A reason that is long " * 6}))
    assert r"\uncover<2->" in shown and "A reason" in shown


def test_a_display_in_small_letters_is_not_taken_for_a_subtitle():
    for f in frames(beamer.slides([make() for make in ALL.values()], titles=TITLES)):
        assert re.match(r"\\begin\{frame\}\[[^\]]*\]\{.*\}\{.*\}\n", f)


def test_words_stand_with_their_derivation_and_headings_over_it():
    text = "# T\n\nAbout it.\n\n```given\nX random\n```\n\n## A part\n\nWe see that\n\n$$ a = b $$\n"
    document = DocumentReport(
        "t.md", (GivenLine(6, "X", "kind", "X is random"),), (), (Derivation(13, (Step(13, 1, "=", "a", "b", "proved"),)),),
        title="T", text=text,
    )  # fmt: skip
    first, second, *_ = frames(beamer.slides([document]))
    assert "About it." in first and r"\textbf{Given}" in first
    assert "{T}{A part}" in second and "We see that" in second


def test_short_chains_share_a_frame():
    steps = [Derivation(i, (Step(i, 1, "=", f"a_{i}", f"b_{i}", "proved"),)) for i in range(1, 4)]
    deck = beamer.slides([DocumentReport("t.md", derivations=tuple(steps))])
    together = next(f for f in frames(deck) if "a_1" in f)
    assert "a_3" in together
    clicks = [int(n) for n in re.findall(r"\\uncover<(\d+)->", together)]
    assert clicks == sorted(clicks) and clicks[0] == 1 and clicks[-1] == 6


def test_a_theme_that_is_not_there_is_said_plainly(monkeypatch):
    monkeypatch.setattr(beamer.shutil, "which", lambda name: "/bin/" + name)
    found = subprocess.CompletedProcess([], 0, "/x/beamerthemeMadrid.sty\n")
    monkeypatch.setattr(beamer.subprocess, "run", lambda *a, **k: found)
    beamer.require_theme("Madrid")
    with pytest.raises(ValueError, match="no beamer theme 'madrid'; did you mean Madrid"):
        beamer.require_theme("madrid")
    found.stdout = ""
    with pytest.raises(ValueError, match="no beamer theme 'Nope'; install it"):
        beamer.require_theme("Nope")
    monkeypatch.setattr(beamer.shutil, "which", lambda name: None)
    beamer.require_theme("Nope")  # no TeX to ask


@needs_tex
@pytest.mark.parametrize("theme", ["Madrid", "Berkeley", "Warsaw"])
def test_decks_stay_within_the_frames_of_other_themes(theme, tmp_path):
    deck = beamer.slides([l2_noise(), ensemble()], titles=TITLES, theme=theme)
    assert too_wide(typeset(deck, tmp_path)) == []


@needs_tex
@pytest.mark.parametrize("handout", [False, True])
def test_a_deck_of_several_documents_compiles_within_its_frames(handout, tmp_path):
    deck = beamer.slides([make() for make in ALL.values()], titles=TITLES, handout=handout)
    assert too_wide(typeset(deck, tmp_path)) == []


@needs_tex
@needs_poppler
def test_lines_do_not_move_from_click_to_click(tmp_path):
    typeset(beamer.slides([l2_noise()], titles=TITLES), tmp_path)
    subprocess.run(["pdftoppm", "-gray", "-r", "60", "page.pdf", "p"], cwd=tmp_path, capture_output=True, check=True)
    pages = [gray(path) for path in sorted(tmp_path.glob("p-*.pgm"))]
    text = subprocess.run(
        ["pdftotext", "page.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    frame_of = [words.split()[-1] for words in text.split("\f")[:-1]]
    assert len(frame_of) == len(pages) > len(set(frame_of))
    for k in range(1, len(pages)):
        if frame_of[k - 1] == frame_of[k]:
            gone = sum(a < 90 and b > 215 for a, b in zip(pages[k - 1], pages[k], strict=True))
            assert gone == 0, f"something moved or vanished on slide {k + 1}"


def gray(path) -> bytes:
    """The pixels of a PGM picture."""
    header = re.match(rb"P5\s+\d+\s+\d+\s+255\s", path.read_bytes())
    assert header is not None
    return path.read_bytes()[header.end() :]


LONG_TITLES = (
    "Noise on the inputs is a penalty",
    "For a network that is not linear the ensemble is only approximated by its mean",
    "The covariance of a very long sum of very many very weakly dependent random vectors",
)


def test_a_headline_names_one_section_where_there_are_many():
    many = beamer.slides([ensemble(), ensemble()], theme="Berlin")
    assert "section in head/foot shaded" in many
    assert "section in head/foot shaded" not in beamer.slides([ensemble()], theme="Berlin")
    assert "section in head/foot shaded" not in beamer.slides([ensemble(), ensemble()])


@needs_tex
@pytest.mark.parametrize("theme", ["Berlin", "Copenhagen", "Hannover", "Luebeck", "Malmoe"])
def test_many_documents_fit_a_headline_or_a_sidebar(theme, tmp_path):
    if not has_theme(theme):
        pytest.skip(f"the theme {theme} is not installed")
    named = [replace(make(), title=title) for title in LONG_TITLES for make in ALL.values()]
    deck = beamer.slides(named, theme=theme, handout=True, titles=TITLES)
    assert too_wide(typeset(deck, tmp_path, runs=2)) == []


def has_theme(theme: str) -> bool:
    try:
        beamer.require_theme(theme)
    except beamer.MissingPackage:
        return False
    return True


def test_notes_count_the_lines_of_a_frame_through():
    steps = [Derivation(n, (Step(n, 1, "=", "a", "b", "proved", rules=("independence",)),)) for n in (3, 5)]
    tex = beamer.slides([DocumentReport("d.md", derivations=tuple(steps))], explanations={"independence": "It splits."})
    (note,) = re.findall(r"\\note\{.*?\\end\{itemize\}\}", tex, re.DOTALL)
    assert re.findall(r"Line (\d)", note) == ["2", "4"]
