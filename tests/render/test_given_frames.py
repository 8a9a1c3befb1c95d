from __future__ import annotations

import re
from itertools import chain

import pytest

from derive.render import beamer
from derive.report import Counterexample, Derivation, DocumentReport, GivenLine, Step
from tests.render.texrun import needs_tex, too_wide, typeset


def deck(latexes: list[str], metadata: dict[str, str] | None = None, text: str = "") -> str:
    givens = tuple(GivenLine(5 + n, latex, "shape", "") for n, latex in enumerate(latexes))
    document = DocumentReport("d.md", givens=givens, metadata=metadata or {}, title="T", text=text)
    return beamer.slides([document], handout=True)


def givens_of(tex: str) -> list[list[str]]:
    """The marks of the givens on each frame that has some."""
    shown = [
        re.findall(r"\\item\[(A\d+)\]", f) for f in re.findall(r"\\begin\{frame\}.*?\\end\{frame\}", tex, re.DOTALL)
    ]
    return [marks for marks in shown if marks]


SHORT = [rf"x_{{{n}}} \in \mathbb{{R}}" for n in range(1, 17)]
LONG = r"\hat{\mathbf{w}} = (X^\top X + \lambda\mathbf{I})^{-1}(X^\top\mathbf{y} + \lambda\mathbf{w}_0)"


@pytest.mark.parametrize("count", [1, 7, 8, 14])
@pytest.mark.parametrize("metadata", [{}, {"network": "3-3-2 dropped 1:2"}])
def test_givens_stand_on_the_first_frame_in_order(count: int, metadata: dict[str, str]):
    (marks,) = givens_of(deck(SHORT[:count], metadata))
    assert marks == [f"A{n}" for n in range(1, count + 1)]


def test_one_wide_given_does_not_hinder_two_columns():
    tex = deck([*SHORT[:9], LONG])
    assert len(givens_of(tex)) == 1 and r"\begin{column}{0.50" not in tex and tex.count(r"\begin{column}") == 2


def test_what_does_not_fit_goes_on_and_nothing_is_lost():
    matrix = r"A = \begin{pmatrix} 1 \\ 2 \\ 3 \\ 4 \end{pmatrix}"
    frames = givens_of(deck([matrix] * 12))
    assert len(frames) > 1 and list(chain(*frames)) == [f"A{n}" for n in range(1, 13)]


def test_a_picture_stands_beside_narrow_givens_and_behind_wide_ones():
    beside = deck(SHORT[:5], {"network": "2-2"})
    assert beside.index("tikzpicture") < beside.index(r"\end{frame}")
    behind = deck([rf"{LONG} + {LONG}"], {"network": "2-2"})
    assert behind.index("tikzpicture") > behind.index(r"\end{frame}")


@needs_tex
@pytest.mark.parametrize("network", ["3-3-2", "12-2", "2-2-2-2-2-2-2-2"])
def test_frames_of_givens_and_networks_keep_within_the_slide(network: str, tmp_path):
    parts = [deck([*SHORT[:n], LONG][-n:], {"network": network}) for n in (0, 3, 12)]
    bodies = [re.search(r"\\section.*(?=\\end\{document\})", p, re.DOTALL)[0] for p in parts]  # type: ignore[index]
    body = "".join(b.replace("label=d1", f"label=e{n}") for n, b in enumerate(bodies))
    assert not too_wide(
        typeset(re.sub(r"\\section.*", lambda _: body + r"\end{document}", parts[1], flags=re.DOTALL), tmp_path)
    )


def test_a_finding_keeps_its_letters_where_it_has_room():
    model = Counterexample({}, {}, (("1/2", {"x": "1"}), ("1/2", {"x": "2"})), "1", "2")
    long = r" + ".join(rf"4\alpha w^{{{n}}}\mathbb{{E}}[n^{{{n}}}]\mathbb{{E}}[x^{{{n}}}]" for n in range(1, 6))
    few = Step(9, 1, "=", "a", "b", "wrong", difference=long, correction=long, counterexample=model)
    assert "shrink" not in _slides(few)
    rows = tuple((r"1/20", {"x": str(n)}) for n in range(20))
    assert "t,shrink]" in _slides(
        Step(9, 1, "=", "a", "b", "wrong", counterexample=Counterexample({}, {}, rows, "1", "2"))
    )


def _slides(step: Step) -> str:
    return beamer.slides([DocumentReport("d.md", derivations=(Derivation(9, (step,)),), title="T")])
