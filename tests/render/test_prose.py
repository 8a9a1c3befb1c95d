"""Words between derivations: what is taken from Markdown and from LaTeX, and what is left out."""

from __future__ import annotations

import pytest

from derive.render.prose import before, phrase_of, words
from derive.report import Derivation, DocumentReport, Step

MARKDOWN = r"""---
title: A title
---

# A title

Some *words* about $x_1 * x_2$ and
more of them.

```given
X \text{ random}
```

| a | table |

- first
- second

$$
a = b
$$

## Second part

<!-- hidden -->
Words before $$ c = d $$ and after, a "quoted" one, 5\% of `code`.
"""
TEX = r"""\documentclass{article}
\title{A title}
\begin{document}
\section{A title}
First \emph{words}, 100\% of them, with \(x\) and ``quotes''. % a comment

\subsection*{More}
\begin{given} X \text{ random} \end{given}
This has \unknown{commands}.

Ends here:\label{x}
\begin{align*}
a &= b
\end{align*}
Behind.
\end{document}
"""


def document(text: str, path: str, *lines: int) -> DocumentReport:
    steps = (Step(1, 1, "=", "a", "b", "proved"),)
    return DocumentReport(path, derivations=tuple(Derivation(n, steps) for n in lines), title="A title", text=text)


def said(found) -> list[str]:
    return ["".join(c for _, c in w.said) for w in found]


def test_markdown_paragraphs_headings_and_items():
    found = words(document(MARKDOWN, "a.md"))
    assert said(found) == [
        "Some words about x_1 * x_2 and more of them.",
        "first",
        "second",
        "Second part",
        "Words before",
        "and after, a “quoted” one, 5% of code.",
    ]
    assert [w.level for w in found] == [0, 0, 0, 2, 0, 0]
    assert [w.item for w in found] == [False, True, True, False, False, False]
    assert ("emph", "words") in found[0].said and ("math", "x_1 * x_2") in found[0].said


def test_places_are_those_of_the_file():
    lines = MARKDOWN.splitlines()
    for w in words(document(MARKDOWN, "a.md")):
        first = "".join(c for _, c in w.said).split()[0]
        assert first in lines[w.line - 1]


def test_tex_paragraphs_and_headings():
    found = words(document(TEX, "a.tex"))
    assert said(found) == ["First words, 100% of them, with x and “quotes”.", "More", "Ends here:", "Behind."]
    assert [w.level for w in found] == [0, 2, 0, 0]


def test_words_belong_to_the_derivation_that_follows():
    found = before(document(MARKDOWN, "a.md", 19, 26))
    assert said(found[0])[0].startswith("Some words") and said(found[1]) == ["Second part", "Words before"]
    assert said(found[2])[0].startswith("and after")


def test_of_many_paragraphs_the_last_are_told_under_their_heading():
    text = "## Part\n\n" + "\n\n".join(f"Paragraph {i}." for i in range(20)) + "\n\n$$a = b$$\n"
    assert said(before(document(text, "a.md", 43))[0]) == ["Part", *(f"Paragraph {i}." for i in range(16, 20))]


@pytest.mark.parametrize("text", [r"\input{x}", r"a \write18{y} b", r"**\foo**", "\\"])
def test_commands_that_are_not_known_are_left_out(text):
    assert phrase_of(text) == []
    assert words(document(text, "a.md")) == []


def test_there_may_be_no_words():
    assert words(document("", "a.md")) == [] and before(document("", "a.md", 3)) == {}
