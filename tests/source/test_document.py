"""Whole files: blocks, places, titles, options."""

import json

import pytest

from derive.language import syntax as sx
from derive.source import read_document
from tests.source.shown import shown


def given(text, path="a.md"):
    return [s for s in read_document(path, text).items if isinstance(s, sx.Statement)]


def test_markdown_block():
    text = "```given\nX, Y \\text{ random}\n- $X \\perp Y$\n\n% remark\nn > 1,\n```\n"
    found = given(text)
    assert [(s.kind, s.span.line, s.origin) for s in found] == [
        ("kind", 2, "block"),
        ("independent", 3, "block"),
        ("comparison", 6, "block"),
    ]
    assert found[2].latex == "n > 1"


def test_block_in_words():
    assert [s.kind for s in given("```given\n$X$ and $Y$ are independent\n```\n")] == ["independent"]


@pytest.mark.parametrize(
    "body",
    [
        "X \\perp Y \\\\\n n > 1",
        "\\item $X \\perp Y$\n\\item $n > 1$",
        "X \\perp Y\n n > 1",
        "\\[ X \\perp Y \\\\ n > 1 \\]",
    ],
)
def test_latex_block(body):
    text = f"\\begin{{document}}\n\\begin{{given}}\n{body}\n\\end{{given}}\n\\[ a = b \\]\n\\end{{document}}"
    assert [s.kind for s in given(text, "a.tex")] == ["independent", "comparison"]


def test_options():
    found = read_document("a.md", "$$ a = b $$", givens=[r"X \perp Y", r"X \text{ gibberish}"])
    assert [(i.kind, i.origin) for i in found.items[:2]] == [("independent", "option"), ("unread", "option")]


def test_macros_reach_options():
    found = read_document("a.md", "", givens=[r"\X \perp Y"], macros=r"\newcommand{\X}{\mathbf{x}}")
    assert shown(found.items[0].parts[0]) == r"\mathbf{x}"


@pytest.mark.parametrize(
    ("text", "path", "title"),
    [
        ('---\ntitle: "A title"\n---\n# Other', "a.md", "A title"),
        ("# Heading #\n## Second", "a.md", "Heading"),
        ("\\title{In \\textbf{bold}}", "a.tex", ""),
        ("\\title{Plain}", "a.tex", "Plain"),
        ("none", "a.md", ""),
    ],
)
def test_title(text, path, title):
    assert read_document(path, text).title == title


def test_front_matter():
    found = read_document("a.md", "---\ncourse: CS 1\nlecture: 14\n---\n\n$$ a = b $$")
    assert found.metadata == {"course": "CS 1", "lecture": "14"}
    assert found.items[0].span.line == 6


def test_unclosed_display():
    found = read_document("a.md", "$$ a = b\n\nText $$ c = d $$")
    (problem,) = found.diagnostics
    assert "not closed" in problem.message and (problem.span.line, problem.span.column) == (1, 1)
    assert shown(found.items[0].members[0].syntax) == "c"


def test_unclosed_environment():
    found = read_document("a.tex", "text \\begin{align} a = b")
    assert found.diagnostics[0].expected == r"`\end{align}`"


def test_only_the_body_of_a_latex_file():
    text = "$$ a = b $$\n\\begin{document}\n$$ c = d $$\n\\end{document}\n$$ e = f $$"
    assert [shown(i.members[0].syntax) for i in read_document("a.tex", text).items] == ["c"]


def test_notebook_places():
    cells = [
        {"cell_type": "code", "source": ["$$ q = r $$"], "metadata": {}, "outputs": []},
        {"cell_type": "markdown", "source": ["# Title\n", "$$ \\alpha = \\beta $$"], "metadata": {"tags": ["x"]}},
        {"cell_type": "markdown", "source": "Then\n$$ = c + ) $$"},
    ]
    text = json.dumps({"cells": cells, "nbformat": 4}, indent=1)
    found = read_document("a.ipynb", text)
    first, second = found.items
    assert found.title == "Title" and found.text == text
    assert text[first.members[0].span.start : first.members[0].span.end] == r"\\alpha"
    line = text.splitlines()[first.span.line - 1]
    assert line[first.span.column - 1 :].startswith(r"\\alpha")
    assert shown(second.members[0].syntax) == r"\beta"
    problem = second.members[1].problem
    assert text[problem.span.start] == ")" or "behind" in problem.message


def test_a_broken_notebook_is_said():
    assert "not a notebook" in read_document("a.ipynb", "{").diagnostics[0].message


def test_places_behind_umlauts_and_tabs():
    text = "Größe: $x$\n\t$$ a = ) $$"
    problem = read_document("a.md", text).items[0].members[1].problem
    assert (problem.span.line, problem.span.column) == (2, 9)
