r"""The article: what it says, that TeX sets it within the page, and that nothing hostile reaches TeX."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import derive.render
from derive.render import latex, styles
from derive.render.pdf import compile as compile_pdf
from derive.report import Derivation, DocumentReport, GivenLine, Remark, Step
from tests.render.examples import ALL, TITLES, l2_noise, mean_of_square
from tests.render.goldens import PAGES, golden
from tests.render.texrun import needs_poppler, needs_tex, too_wide, typeset

HOSTILE = [
    r"\input{/etc/passwd}", r"\write18{touch owned}", r"\end{document}", r"} \def\x{y}", r"\csname @@input\endcsname x",
    r"^^5cinput{x}", "$x$", "\\", "{", "}", "%", "#", "&", "~", "^", "_", r"\begin{verbatim}", r"\loop\repeat", "\n\n",
    "\x00",     r"\def\a{\a\a}\a", r"\catcode`\@=11", r"\text{\input{x}}", r"\left( ", "é∑日本", r"\mathbf{\input x}",
]  # fmt: skip
FORBIDDEN = re.compile(
    r"\\(input|write|def|csname|catcode|openin|openout|read|immediate|loop|include\b|end\{document\}.)"
)


@pytest.mark.parametrize("name", [n for n in PAGES if n.endswith(".tex")])
def test_pages_are_as_they_were(name):
    assert PAGES[name]() == golden(name)


@needs_tex
@pytest.mark.parametrize("style", ["aligned", "calculation"])
@pytest.mark.parametrize("name", sorted(ALL))
def test_articles_compile_and_stay_within_the_page(name, style, tmp_path):
    log = typeset(latex.article(ALL[name](), style=style, titles=TITLES), tmp_path)
    assert too_wide(log) == []


@needs_tex
def test_long_lines_are_broken_and_stay_within_the_page(tmp_path):
    terms = [rf"\mathbb{{E}}[(\mathbf{{x}}_{{{i}}}^\top\mathbf{{w}} - y_{{{i}}})^2]" for i in range(24)]
    nested = r"\left(\frac{1}{n}\sum_{i=1}^n \left(" + " - ".join(terms[:9]) + r"\right)\right)^2"
    matrix = r"\begin{pmatrix}" + " & ".join("abcdefghijklmnopqr") + r"\end{pmatrix}"
    lines = [" + ".join(terms), r"\frac{1}{2} \left[" + " + ".join(terms) + r"\right]", nested, matrix, "x" * 150, "c"]
    rules = ("linearity", "independence", "split-coincidence")
    steps = tuple(Step(i, 1, "=", a, b, "proved", rules) for i, (a, b) in enumerate(pairwise(lines)))
    givens = (
        GivenLine(1, " + ".join(terms) + " = 0", "moments", "a long one " * 12),
        GivenLine(2, r"\nope " * 60, "x", "x"),
    )
    document = DocumentReport("long.md", givens, (), (Derivation(1, steps),))
    for style in ("aligned", "calculation"):
        assert too_wide(typeset(latex.article(document, style=style, titles=TITLES), tmp_path)) == []


@needs_tex
def test_a_fragment_goes_into_a_paper(tmp_path):
    (tmp_path / "display.tex").write_text(latex.article(l2_noise(), fragment=True, titles=TITLES), encoding="utf-8")
    packages = "".join(rf"\usepackage{{{p}}}" for p in ("amsmath", "mathtools", "xcolor", "amssymb"))
    head = rf"\documentclass[a4paper,11pt]{{amsart}}{packages}"
    paper = head + r"\begin{document}Thus \input{display} as said.\end{document}"
    typeset(paper, tmp_path)


def test_only_what_is_used_is_asked_for():
    plain = DocumentReport("a", derivations=(Derivation(1, (Step(1, 1, "=", "a", "b", "proved"),)),))
    packages = re.findall(r"\\usepackage\{(\w+)\}", latex.article(plain))
    assert packages == ["amsmath", "mathtools", "xcolor"]
    with_figure = latex.article(plain, figures={"a": "plot.pdf"})
    assert r"\usepackage{graphicx}" in with_figure and "{plot.pdf}" in with_figure


def test_the_changed_parts_of_two_lines_have_one_colour():
    tex = latex.article(l2_noise(), fragment=True)
    colour = r"\textcolor{derivefirst}{\tilde{\mathbf{x}}}"
    assert colour in tex
    assert r"\textcolor{derivefirst}{(\mathbf{x} + \mathbf{n})}" in tex


def test_assumptions_are_marked_where_they_are_used():
    tex = latex.article(l2_noise(), titles=TITLES)
    assert r"\textbf{A3}" in tex and "used in (6)" in tex
    assert "independent factors split (A3)" in tex


def test_a_wrong_step_shows_its_counterexample_and_correction():
    tex = latex.article(mean_of_square())
    assert "Step (1), line 7: wrong." in tex
    assert r"$\tfrac{25}{16}$" in tex and r"\operatorname{Var}(X) + \mathbb{E}[X]^2 + a" in tex
    assert r"\mathrel{\textcolor{derivefault}{=}}" in tex


def test_remarks_are_told():
    document = replace(mean_of_square(), remarks=(Remark("$0$ stands for $\\mathbf{0}$", 4, 2, "write it bold"),))
    assert r"Line 4: $0$ stands for $\mathbf{0}$. Write it bold." in latex.article(document)


def test_unknown_styles_and_missing_packages_are_said_plainly(monkeypatch):
    with pytest.raises(ValueError, match="unknown style 'nice'; there are aligned, calculation, witharrows, annotate"):
        latex.article(l2_noise(), style="nice")
    monkeypatch.setattr(styles.shutil, "which", lambda name: None)
    with pytest.raises(styles.MissingPackage, match="needs the LaTeX package witharrows"):
        latex.article(l2_noise(), style="witharrows")


def has(package: str) -> bool:
    if shutil.which("kpsewhich") is None:
        return False
    return bool(subprocess.run(["kpsewhich", f"{package}.sty"], capture_output=True, check=False).stdout)


@pytest.mark.parametrize("style", ["witharrows", "annotate-equations"])
def test_arrows_and_notes_compile(style, tmp_path):
    if not has(style):
        pytest.skip(f"the package {style} is not installed")
    assert too_wide(typeset(latex.article(l2_noise(), style=style, titles=TITLES), tmp_path, runs=2)) == []


def test_a_fragment_is_as_wide_as_it_is_told():
    rows = [latex.article(l2_noise(), fragment=True, width=w).count(r"\\") for w in ("6cm", "", "30cm")]
    assert rows[0] > rows[1] >= rows[2]
    for wrong in ("3", "12", "1cm", "-3cm", "12 furlongs", "90in"):
        with pytest.raises(ValueError, match="width"):
            latex.article(l2_noise(), fragment=True, width=wrong)


@needs_tex
def test_the_same_source_makes_the_same_file_anywhere(tmp_path):
    made = []
    for name in ("a", "b/c"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "page.tex").write_text(latex.article(mean_of_square(), titles=TITLES), encoding="utf-8")
        result = compile_pdf(folder / "page.tex")
        assert result.path is not None, result.message
        made.append(result.path.read_bytes())
    assert made[0] == made[1]


def test_a_figure_with_a_name_for_tex_is_refused():
    with pytest.raises(ValueError, match="plain"):
        latex.article(l2_noise(), figures={"": r"\input{x}"})


def hostile(text: str) -> DocumentReport:
    steps = (
        Step(1, 1, "=", text, "b" + text, "wrong", (text,), (text,), (text,), text, message=text, correction=text),
        Step(2, 1, text, "b" + text, text, "proved", reason=text),
    )
    return DocumentReport(
        text, (GivenLine(1, text, text, text),), (), (Derivation(1, steps, text),), (Remark(text, 1, 1, text),),
        title=text, metadata={"author": text, "macros": text},
    )  # fmt: skip


@given(st.lists(st.sampled_from([*HOSTILE, "x", "=", " "]), min_size=1, max_size=4).map("".join))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_nothing_hostile_reaches_tex(text):
    body = latex.article(hostile(text)).split(r"\begin{document}")[1]
    commands = body.replace(r"\textbackslash", "")
    assert FORBIDDEN.search(commands) is None
    assert body.count(r"\end{document}") == 1 or r"\textbackslash" in body


@needs_tex
def test_hostile_documents_still_compile(tmp_path):
    documents = [hostile(text) for text in HOSTILE]
    typeset(latex.collection(documents), tmp_path)
    assert not (tmp_path / "owned").exists()


@needs_tex
@needs_poppler
def test_given_blocks_compile_with_the_package(tmp_path):
    shutil.copy(Path(derive.render.__file__).with_name("derive.sty"), tmp_path)
    page = r"""\documentclass{article}\usepackage{derive}\begin{document}
\begin{given}
  \mathbf{x} \in \mathbb{R}^m

  $a, b$ are constants
  A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}
  m > 1 \\ n > 2
  \item p \text{ constant}
\end{given}
Then \(x\). \begin{given} X \text{ random} \end{given}
\end{document}"""
    typeset(page, tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", "page.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    for expected in ("are", "constants", "m>1", "n>2", "p constant", "Then x.", "X random"):
        assert expected in text
    assert "m > 1 n > 2" not in re.sub(r"\s+", " ", text)
