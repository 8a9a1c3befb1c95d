"""Displays to chains."""

import pytest

import derive
from derive.language import syntax as sx
from derive.source import read_document
from tests.source.shown import shown


def chains(text, path="a.md"):
    return [i for i in read_document(path, text).items if isinstance(i, sx.Chain)]


def brief(chain):
    text = shown(chain.members[0].syntax)
    for link, member in zip(chain.links, chain.members[1:], strict=False):
        text += f" {link.symbol} {shown(member.syntax)}"
    return text


CHAINS = [
    (r"$$ a = b = c $$", ["a = b = c"]),
    (r"\[ a = b \]", ["a = b"]),
    (r"\begin{equation} a = b \end{equation}", ["a = b"]),
    (r"\begin{align*} a &= b \\ &= c \end{align*}", ["a = b = c"]),
    (r"$$\begin{aligned} a &= b \\ &= c, \end{aligned}$$", ["a = b = c"]),
    (r"\begin{equation}\begin{split} a &= b \\ &= c \end{split}\end{equation}", ["a = b = c"]),
    (r"\begin{eqnarray} a & = & b \\ & = & c \end{eqnarray}", ["a = b = c"]),
    (r"$$\begin{array}{rcl} a & = & b \\ & = & c \end{array}$$", ["a = b = c"]),
    (r"\begin{gather*} a = b \\ c = d \end{gather*}", ["a = b", "c = d"]),
    (r"\begin{alignat}{2} a &= b &\quad c &= d \\ &= e & &= f \end{alignat}", ["a = b = e", "c = d = f"]),
    (r"\begin{multline} a = b \\ + c \\ + d \end{multline}", ["a = (b + c + d)"]),
    (r"\begin{flalign} a &= b && \text{by law} \\ &= c && \text{by rule} \end{flalign}", ["a = b = c"]),
    ("$$ a = b $$\nThen\n$$ = c $$", ["a = b", "b = c"]),
    ("$$ a $$\n$$ = c $$", ["a = c"]),
    (r"$$ a \overset{(1)}{=} b \stackrel{x}{=} c \equiv d $$", ["a = b = c = d"]),
    (r"$$ a := b $$", ["a := b"]),
    (r"$$ a \triangleq b \coloneqq c \overset{\text{def}}{=} d \overset{\Delta}{=} e $$", ["a := b := c := d := e"]),
    (r"$$ a \le b = c \approx d \propto e $$", [r"a \le b = c \approx d \propto e"]),
    (r"$$ a \overset{d}{=} b $$", [r"a \overset{d}{=} b"]),
    (r"$$ a \to b $$", [r"a \to b"]),
    (r"\begin{align} a &= b \\ c &= d \end{align}", ["a = b", "c = d"]),
    (r"$$ a = b \quad\text{and}\quad c = d $$", ["a = b", "c = d"]),
    (r"$$ a = b, \qquad c = d $$", ["a = b", "c = d"]),
    (r"$$ a = b, c = d $$", ["a = b", "c = d"]),
    (r"\begin{align} a &= b \\ &\quad + c \\ &= d \end{align}", ["a = (b + c) = d"]),
    (r"\begin{align} a &= b \\ &- c \end{align}", ["a = (b + -c)"]),
    (r"\begin{align} a &= b \\ -c &= d \end{align}", ["a = b", "-c = d"]),
    (r"\begin{align} a &= b + \\ &\phantom{=} c \end{align}", ["a = (b + c)"]),
    (r"\begin{split} a &= \left( b + \right. \\ &\hphantom{=} \left. c \right) \end{split}", ["a = br((b + c))"]),
    (r"\begin{align} a = \\ b \end{align}", ["a = b"]),
    (r"$$ a = b . $$", ["a = b"]),
    (r"$$ a = b \; , $$", ["a = b"]),
    (r"$$ a = b \label{eq:x} \tag{3} $$", ["a = b"]),
    (r"$$ a = \boxed{b} $$", ["a = b"]),
    (r"$$ \boxed{a = b} $$", ["a = b"]),
    (r"$$ X \sim \mathcal{N}(0, 1) \quad \Rightarrow \quad \mathrm{E}(X) = 0 $$", ["E[X] = 0"]),
    (r"$$ a = b \quad \Leftrightarrow \quad c = d $$", ["a = b", "c = d"]),
    (r"$$ a = \begin{cases} 1 & x = 0 \\ 2 & \text{else} \end{cases} $$", ["a = cases(1 if x = 0; 2 if none)"]),
    (r"$$ p(X = 0) = p(X = 1) = \frac{1}{2} $$", ["P[X = 0] = P[X = 1] = [1 / 2]"]),
    (r"$$ W = A V \sim \mathcal{N}(0, S) $$", ["W = {A*V}"]),
    ("> $$\n> a = b\n> $$", ["a = b"]),
    ("- item\n  $$ a = b $$\n", ["a = b"]),
    ("```math\na = b\n```", ["a = b"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CHAINS)
def test_chain(text, expected):
    assert [brief(c) for c in chains(text)] == expected
    assert all(len(c.links) == len(c.members) - 1 for c in chains(text))


@pytest.mark.parametrize(
    "text",
    [
        "$$ a $$",
        r"$$ \newcommand{\q}{r} $$",
        "```\n$$ a = b $$\n```",
        "`$$ a = b $$`",
        "<!-- $$ a = b $$ -->",
        "$a = b = c$",
        "$$ X \\sim \\mathcal{N}(0, 1) $$",
    ],
)
def test_no_chain(text):
    assert chains(text) == []


def test_tex_comments_and_verbatim_are_no_mathematics():
    text = (
        "% $$ a = b $$\n\\begin{verbatim}\n$$ a = b $$\n\\end{verbatim}\n\\verb|$$ a = b $$| 50\\% \\[ c = d % x\n\\]"
    )
    assert [brief(c) for c in chains(text, "a.tex")] == ["c = d"]


def test_continuing_displays():
    first, second = chains("$$ a = b $$\n\n$$ = c $$")
    assert not first.continues and second.continues
    assert second.members[0].syntax == first.members[-1].syntax


def test_nothing_to_continue():
    (only,) = chains("$$ = c $$")
    assert only.members[0].syntax is None and "nothing stands before" in only.members[0].problem.message


def test_reasons():
    (chain,) = chains(
        r"\begin{align} a &\overset{\text{linearity}}{=} b \\ &= c && \text{(by independence)} \end{align}"
    )
    assert [link.reason for link in chain.links] == ["linearity", "(by independence)"]


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        (r"$$ a = b \quad (i \neq j) $$", [r"i \neq j"]),
        (r"$$ a = b, \quad i \neq j $$", [r"i \neq j"]),
        (r"$$ a = b \quad \text{for all } i \neq j $$", [r"i \neq j"]),
        (r"$$ a = b \quad \text{if $n > 1$} $$", ["n > 1"]),
        (r"$$ a = b, \quad i = 1, \ldots, n $$", [r"i \in br{<1, ..., n>)"]),
        (r"$$ a = b \quad \forall i $$", []),
    ],
)
def test_conditions(text, conditions):
    (chain,) = chains(text)
    assert brief(chain) == "a = b"
    assert [shown(c) for c in chain.conditions] == conditions


def test_hypotheses():
    (chain,) = chains(r"$$ X, Y \; \text{independent} \quad \Rightarrow \quad \mathrm{Cov}(X, Y) = 0 $$")
    (hypothesis,) = chain.hypotheses
    assert hypothesis.kind == "independent" and brief(chain) == "Cov[X, Y] = 0"
    (chain,) = chains(r"$$ X \sim \mathcal{N}(m, v) \Rightarrow \mathrm{E}(X) = m $$")
    assert [h.word for h in chain.hypotheses] == ["Normal"]


def test_one_bad_member_does_not_spoil_the_rest():
    (chain,) = chains(r"\begin{align} a &= ((b \\ &= c) \\ &= d \end{align}")
    assert [m.problem is None for m in chain.members] == [True, False, False, True]


def test_latex_of_members():
    (chain,) = chains(
        "\\begin{align}\n \\mathbb{E}[X] &= a \\nonumber \\\\\n &\\quad + b \\\\\n &= \\begin{pmatrix} 1 & 2 \\end{pmatrix}\n\\end{align}"
    )
    assert [m.latex for m in chain.members] == [
        r"\mathbb{E}[X]",
        r"a \quad + b",
        r"\begin{pmatrix} 1 & 2 \end{pmatrix}",
    ]


def test_positions():
    text = "# Title\n\n$$\n\\begin{aligned}\n  a &= b \\\\\n    &= c\n\\end{aligned}\n$$\n"
    (chain,) = chains(text)
    assert [(k.span.line, k.span.column) for k in chain.links] == [(5, 6), (6, 6)]
    assert [text[m.span.start : m.span.end] for m in chain.members] == ["a", "b", "c"]
    assert (chain.span.line, chain.span.column) == (5, 3)


def test_a_case_of_a_law_is_supposed():
    text = "$$X \\sim \\mathrm{Bin}(n, p) \\text{ and } n = 1 \\quad\\Rightarrow\\quad E[X] = p$$\n\n$$E[X] = np$$\n"
    law = "Let $X \\sim \\mathrm{Bin}(n, p)$.\n\n"
    report = derive.check(law + text, simulation=False)
    assert [s.verdict for d in report.documents for c in d.derivations for s in c.steps] == [
        "assumed",
        "proved",
        "proved",
    ]
