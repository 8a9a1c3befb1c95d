"""Whatever is thrown at the reader: it answers, soon, and never raises."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import check
from derive.source import read_document, read_expression, read_statements

SECONDS = 10.0  # generous: these take well under a second on an idle machine

HOSTILE = {
    "long line": "x" * 10**6,
    "long sum": "$$ a = " + "x +" * 300_000 + "x $$",
    "deep brackets": "$$ a = " + "(" * 10**5 + "x" + ")" * 10**5 + " $$",
    "brackets": "$$ a = " + "(" * 5_000 + "x" + ")" * 5_000 + " $$",
    "braces": "$$ a = " + "{" * 5_000 + "x" + "}" * 5_000 + " $$",
    "fractions": "$$ a = " + r"\frac{" * 1_000 + "x" + "}{y}" * 1_000 + " $$",
    "mixed brackets": "$$ a = " + "([" * 3_000 + ")]" * 3_000 + " $$",
    "bars": "$$ a = " + "|x" * 5_000 + " $$",
    "dollars": "$" * 200_000,
    "openers": r"\begin{align}" * 20_000,
    "comments": "<!--" * 50_000,
    "backticks": "`" * 100_000 + " ` x" * 20_000,
    "fences": "```\n" * 50_000,
    "givens": "```given\nX \\perp Y\n```\n" * 5_000,
    "power": "$$ y = (a+b)^{1000000} $$",
    "digits": "$$ a = " + "9" * 30_000 + " $$",
    "primes": "$$ a = x" + "'" * 10_000 + " $$",
    "signs": "$$ a = " + "-" * 10_000 + "x $$",
    "quotients": "$$ a = x" + "/y" * 5_000 + " $$",
    "subscripts": "$$ a = x" + "_{x" * 1_000 + "}" * 1_000 + " $$",
    "sums": "$$ a = " + r"\sum_i " * 2_000 + "x $$",
    "expectations": "$$ a = " + r"\mathbb{E} " * 2_000 + "x $$",
    "roots": "$$ a = " + r"\sqrt " * 2_000 + "x $$",
    "accents": "$$ a = " + r"\hat{" * 2_000 + "x" + "}" * 2_000 + " $$",
    "fonts": "$$ a = " + r"\mathbf{" * 2_000 + "x" + "}" * 2_000 + " $$",
    "relations": "$$ a " + "= b " * 4_000 + " $$",
    "matrix": r"$$ a = \begin{pmatrix}" + "1 & " * 5_000 + r"1 \end{pmatrix} $$",
    "definitions": r"\newcommand{\a}{" * 20_000,
    "sentences": "Let $x$ be random. " * 5_000,
    "links": "$x$ " + "[" * 50_000 + "](" * 5_000,
    "null": "$$ a \0= b\0 $$ \ud800",
    "spaces": "$$ a = " + " " * 35_000 + "b $$",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("path", ["a.md", "a.tex"])
def test_bounded(name, path):
    begun = time.perf_counter()
    read_document(path, HOSTILE[name])
    assert time.perf_counter() - begun < SECONDS


@pytest.mark.parametrize(
    "name", ["brackets", "braces", "fractions", "subscripts", "sums", "expectations", "roots", "accents"]
)
def test_too_deep_is_said(name):
    found = read_document("a.md", HOSTILE[name])
    problems = [m.problem for i in found.items for m in i.members if m.problem]
    assert any("too" in p.message for p in problems)


SAMPLE = r"""# Sample
Let $\mathbf{x} \in \mathbb{R}^m$ be random, $E[\varepsilon_i] = 0$ and $U$ independent of $V$.

```given
X_1, \dots, X_n \overset{\text{iid}}{\sim} \mathcal{N}(\mu, \sigma^2)
A \text{ symmetric}
```

$$
\begin{aligned}
\mathbb{E}\left[\left(\frac{1}{n}\sum_{i=1}^n X_i - \mu\right)^2\right] &= \operatorname{Var}(\bar{X} \mid Y) \\
&\overset{(a)}{=} \frac{\sigma^2}{n} + \|\mathbf{w}\|_2^2 \quad \text{for } i \neq j
\end{aligned}
$$
"""
PIECES = [
    "{", "}", "$", "$$", "\\", "&", "\\\\", "^", "_", "(", ")", "[", "]", "|", "\\left", "\\right", "\\begin{pmatrix}", "\\end{pmatrix}",
    "=", "+", "-", "\\frac", "\\sum_", "\\text{", "%", "#", "\\def\\a", "\\a", ",", "\\sim", "\\perp", "\n\n", "```", "\\mathbb{E}",
    "'", "\\hat", "⟦1⟧", "‹0›",
]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 12), st.sampled_from(PIECES)), min_size=1, max_size=6
    )
)
@settings(max_examples=150, deadline=None)
def test_mutated_text_never_crashes(edits):
    text = SAMPLE
    for place, cut, piece in edits:
        text = text[:place] + piece + text[place + cut :]
    for path in ("a.md", "a.tex"):
        found = read_document(path, text)
        for item in found.items:
            assert 0 <= item.span.start <= item.span.end <= len(text)


@given(
    st.lists(
        st.sampled_from([*PIECES, "x", "y_i", "2", "E", "Var(", "\\cdot", "\\mid", "\\in", "\\mathbb{R}", " "]),
        max_size=25,
    )
)
@settings(max_examples=150, deadline=None)
def test_random_latex_never_crashes(pieces):
    text = "".join(pieces)
    found = read_expression(text)
    assert (found.syntax is None) == (found.problem is not None)
    assert read_statements(text)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_never_crashes(text):
    for path in ("a.md", "a.tex", "a.ipynb"):
        read_document(path, text)


def test_a_page_takes_milliseconds():
    read_document("a.md", SAMPLE)
    begun = time.perf_counter()
    read_document("a.md", SAMPLE * 5)
    assert time.perf_counter() - begun < 1.0


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_page_is_checked_without_a_failure(seed):
    from pathlib import Path
    from random import Random

    import derive

    draw = Random(seed)
    pages = sorted((Path(__file__).parents[1] / "documents" / "pages").glob("*.md"))
    page = draw.choice(pages)
    text = page.read_text(encoding="utf-8")
    for _ in range(4):
        place = draw.randrange(len(text))
        text = text[:place] + draw.choice(PIECES) + text[place + draw.randint(0, 12) :]
    (report,) = derive.check(text, path=page.name, simulation=False, seconds=0.2).documents
    assert report.error == ""


@pytest.mark.parametrize(
    "text",
    [
        "Let ⟦1⟧ and $X$ be independent.\n\n$$\nE[XY] = E[X]E[Y]\n$$\n",
        "Suppose $X$, ⟦7⟧ are independent with mean ⟦0⟧.\n\n$$\nE[X] = 0\n$$\n",
        "```given\nX \\text{ independent of ⟦5⟧ and } Y\n```\n\n$$\nE[XY] = E[X]E[Y]\n$$\n",
    ],
)
def test_signs_of_our_own_in_the_text_stand_for_nothing(text):
    report = check(text, simulation=False)
    assert not report.documents[0].error
    assert report.steps[0].verdict != "proved"
