"""Slides: one line a click, and no line moves."""

from __future__ import annotations

import re
import subprocess

import pytest

from derive.render import beamer
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
    parts = [f for f in frames(beamer.slides([l2_noise()], titles=TITLES, handout=True)) if "alignat" in f]
    assert len(parts) > 1 and all("continued" in f for f in parts[1:])
    plain = [re.sub(r"\\textcolor\{\w+\}|\\underline|\\MoveEqLeft\[2\]|\\mathrlap|[{}\s]", "", f) for f in parts]
    last = re.findall(r"&=(.*?)(?:&&|\\\\|\\endalignat)", plain[0])[-1]
    assert last in plain[1].split("&=")[0] or last[:20] in plain[1]


def test_givens_come_first_and_the_figure_last():
    got = frames(beamer.slides([l2_noise()], figures={"l2-noise.md": "plot.pdf"}))
    assert r"\textbf{Given}" in got[0] and "A3" in got[0]
    assert "plot.pdf" in got[-1]


def test_notes_say_it_in_words():
    tex = beamer.slides([l2_noise()], titles=TITLES, explanations={"independence": "What is independent splits."})
    assert r"\note{" in tex and "independent factors split: What is independent splits." in tex


def test_a_handout_is_all_there_at_once():
    tex = beamer.slides([l2_noise()], handout=True)
    assert ",handout]{beamer}" in tex and r"\uncover" not in tex and r"\textcolor{derivefirst}" in tex


def test_a_theme_is_a_name():
    assert r"\usetheme{Madrid}" in beamer.slides([ensemble()], theme="Madrid")
    with pytest.raises(ValueError, match="theme"):
        beamer.slides([ensemble()], theme=r"x}\input{y")


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
