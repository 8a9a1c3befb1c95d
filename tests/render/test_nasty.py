r"""Documents that nobody typesets willingly: TeX takes what is written for them, and nothing leaves the page.

Long sums, wide matrices, chains of forty steps, ten assumptions, words of all alphabets, commands that must not reach TeX.
"""

from __future__ import annotations

import pytest

from derive import library
from derive.judge.check import check_texts
from derive.render import beamer, latex
from derive.render.files import Choices, build
from derive.report import DocumentReport
from derive.rules.book import RULES
from tests.render.texrun import needs_tex, too_wide, typeset

TITLES = {name: rule.title for name, rule in RULES.items()}
SUM = " + ".join(rf"\mathbb{{E}}[(\mathbf{{x}}_{{{i}}}^\top \mathbf{{w}} - y_{{{i}}})^2]" for i in range(1, 26))
NUMBERS = r" \\ ".join(" & ".join(str((i * j) % 7 - 3) for j in range(14)) for i in range(14))
LETTERS = r" \\ ".join(" & ".join(f"x_{{{i}{j}}} + y_{{{i}{j}}}" for j in range(9)) for i in range(3))
FORTY = " \\\\\n".join(f"&= {k} a + {40 - k} a + \\mathbb{{E}}[X] - \\mathbb{{E}}[X]" for k in range(1, 41))
ALPHABET = "abcdefghijklmnopqrstuvwxyz" * 5

LONG = rf"""---
title: "Très long — 100% of #1 & $\alpha_\text{{ünïcödé}}$ \input{{/etc/passwd}} 日本語 𝔼 ≤ ∑ and so on, and so on, to the next line"
author: "Ωmega & Söhne_%#"
---
# Überschrift mit `code_%` & Δ #hash

Text with 100% & $x_i$ and \input{{/etc/passwd}} here. Emoji 🎉 and ß, “quotes”, „unten“, naïve — dash – ẞ → ⇒ ∈ ℝ.

Words with 100% of $x_i$, #1, a_b, c^d, {{braces}}, ~tildes~ and 日本語.

```given
\mathbf{{x}}_1, \dots, \mathbf{{x}}_{{25}}, \mathbf{{w}} \in \mathbb{{R}}^m
\input{{/etc/passwd}}
100\% \text{{ of what is said, in a very long sentence that goes on and on and on and on and on until the margin}}
```

$$
\begin{{aligned}}
{SUM}
&= {SUM} + 0 \\
&= 2\left({SUM}\right) - \left({SUM}\right)
\end{{aligned}}
$$
"""
WIDE = rf"""# Wide matrices

```given
A = \begin{{pmatrix}} {NUMBERS} \end{{pmatrix}}
```

$$ A = \begin{{pmatrix}} {NUMBERS} \end{{pmatrix}} $$

$$ \begin{{bmatrix}} {LETTERS} \end{{bmatrix}} = \begin{{bmatrix}} {LETTERS} \end{{bmatrix}} $$
"""
CHAIN = rf"""# Forty steps

```given
X \text{{ random}}
a \text{{ constant}}
```

$$
\begin{{aligned}}
40 a {FORTY}
\end{{aligned}}
$$
"""
MANY = (
    "# Ten givens\n\n```given\n"
    + "\n".join(rf"X_{{{i}}} \text{{ random}}" for i in range(1, 11))
    + r"""
```

$$ \mathbb{E}[X_1 X_2 X_3 X_4 + X_5 X_6 + X_7 X_8 X_9 X_{10}]
 = \mathbb{E}[X_1]\mathbb{E}[X_2]\mathbb{E}[X_3]\mathbb{E}[X_4] + \mathbb{E}[X_5]\mathbb{E}[X_6] + \mathbb{E}[X_7]\mathbb{E}[X_8] $$

$$ \operatorname{Var}\left(\sum_{i=1}^{10} X_i\right) = \sum_{i=1}^{10}\operatorname{Var}(X_i) $$
"""
)
UNREAD = rf"""# What could not be read % & # _ ^ ~ \

```given
X \perp Y
f(x, y \in
\operatorname{{Var}}(X) = \sigma^2_{{\text{{very long subscript words that go on}}}}
```

$$ \mathbb{{E}}[X = \foo{{Y}} $$

$$ \mathbb{{E}}[X] \cup \weird_{{x}} = \int_0^\infty f(x) \, dx + \mathfrak{{Q}}\#\% $$

$$ \input{{/etc/passwd}} = \write18{{touch owned}} $$

$$ \mathbb{{E}}[X^2] = \underbrace{{\operatorname{{Var}}(X)}}_{{\text{{a remark that is much too long for what is under the brace}}}} $$

$$ {ALPHABET} = c $$
"""
PAPER = r"""\documentclass{article}
\newcommand{\E}{\mathbb{E}}
\newcommand{\bad}{\input{/etc/passwd}}
\title{A paper \& more}
\begin{document}
\section{First \emph{part} with $x^2$}
Some words~\cite{x}; 50\% of $X$ is ``good''.

This needs \unknown{commands} and Section~\ref{y}.
\begin{itemize}
\item one $\E X$
\item two
\end{itemize}

$X$ and $Y$ are independent.
\begin{align}
\E[(X+Y)^2] &= \E[X^2] + 2\E[XY] + \E[Y^2] \label{a}\\
&= \E[X^2] + 2\E[X]\E[Y] + \E[Y^2] \\
&= \E[X^2] + \E[Y^2]
\end{align}
\bad
Done.
\end{document}
"""
PAGES = {"long.md": LONG, "wide.md": WIDE, "chain.md": CHAIN, "many.md": MANY, "unread.md": UNREAD, "paper.tex": PAPER}


@pytest.fixture(scope="module")
def reports() -> dict[str, DocumentReport]:
    found = check_texts(list(PAGES.items()), simulation=False, detail=True).documents
    return dict(zip(PAGES, found, strict=True))


@pytest.fixture(scope="module")
def lecture() -> list[DocumentReport]:
    texts = [(f"{name}.md", library.text(name)) for name in library.names()]
    return list(check_texts(texts, simulation=False).documents)


@needs_tex
@pytest.mark.parametrize("style", ["aligned", "calculation"])
def test_articles_of_nasty_documents_stay_within_the_page(style, reports, tmp_path):
    log = typeset(latex.collection(list(reports.values()), style=style, titles=TITLES), tmp_path)
    assert too_wide(log) == []
    assert "root:" not in log


@needs_tex
@pytest.mark.parametrize("handout", [False, True])
def test_slides_of_nasty_documents_stay_within_the_frame(handout, reports, tmp_path):
    log = typeset(beamer.slides(list(reports.values()), titles=TITLES, handout=handout), tmp_path)
    assert too_wide(log) == []


@needs_tex
@pytest.mark.parametrize("style", ["aligned", "calculation"])
def test_articles_of_the_library_stay_within_the_page(style, lecture, tmp_path):
    assert too_wide(typeset(latex.collection(lecture, style=style, titles=TITLES), tmp_path)) == []


@needs_tex
@pytest.mark.parametrize("handout", [False, True])
def test_slides_of_the_library_stay_within_the_frame(handout, lecture, tmp_path):
    log = typeset(beamer.slides(lecture, titles=TITLES, handout=handout), tmp_path)
    assert too_wide(log) == []


@needs_tex
@pytest.mark.parametrize("size", ["10pt", "11pt", "12pt"])
def test_fragments_of_the_library_fit_a_page_of_an_article(size, lecture, tmp_path):
    for number, document in enumerate(lecture):
        text = latex.article(document, fragment=True, titles=TITLES)
        (tmp_path / f"f{number}.tex").write_text(text, encoding="utf-8")
    packages = "".join(rf"\usepackage{{{p}}}" for p in ("amsmath", "mathtools", "xcolor", "amssymb", "graphicx"))
    inputs = "\n\n".join(rf"We see \input{{f{number}}} as said." for number in range(len(lecture)))
    paper = rf"\documentclass[{size}]{{article}}{packages}\begin{{document}}{inputs}\end{{document}}"
    assert too_wide(typeset(paper, tmp_path)) == []


def test_macros_of_the_document_are_expanded(reports):
    shown = latex.article(reports["paper.tex"], titles=TITLES)
    assert (
        r"\mathbb{E}[X^2]" in shown
        and r"\ttfamily \textbackslash{}E" not in shown.split(r"\section")[1].split("Given")[0]
    )
    assert "/etc/passwd" not in shown


def test_words_of_a_paper_are_in_the_article(reports):
    shown = latex.article(reports["paper.tex"], titles=TITLES)
    assert r"First \emph{part} with $x^2$" in shown and r"50\% of $X$ is ``good''" in shown
    assert "This needs" not in shown


def test_building_them_leaves_no_file_but_those_asked_for(reports, tmp_path):
    build(list(reports.values()), ("article", "beamer", "markdown"), tmp_path, Choices())
    assert {f.suffix for f in tmp_path.iterdir()} == {".tex", ".md"}
