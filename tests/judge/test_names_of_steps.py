"""Unfolded steps are named for what was done on the line, not for how the kernel came to its normal form."""

from itertools import pairwise

import pytest

from derive.judge.check import check_texts

PAGE = "```given\n{givens}\n```\n\n$$\n{claim}\n$$\n"
CASES = {
    "a variance solved for the mean square": ("Y random", r"E[Y^2] = Var(Y) + E[Y]^2", {"variance", "mean-square"}),
    "a centred square": ("X random", r"E[(X - E[X])^2] = Var(X)", {"variance"}),
    "a distance from a constant": ("T random\nc constant", r"E[(T - c)^2] = Var(T) + (E[T] - c)^2", {"mse"}),
    "total variance": (
        "X, Y random",
        r"E[Y^2] - E[Y]^2 = E[Var(Y \mid X) + E[Y \mid X]^2] - E[Y]^2",
        {"tower", "conditional-variance", "collect", "linearity"},
    ),
    "equal terms counted": (
        "v, c constant\nn \\in \\mathbb{N}",
        r"\frac{1}{n^2}(\sum_{i=1}^n v + \sum_{i=1}^n \sum_{j \neq i} c) = \frac{nv + (n-1)nc}{n^2}",
        {"sum-of-constant", "expand", "collect"},
    ),
    "a definition that nobody needs": (
        "A \\in \\mathbb{R}^{n \\times n}\n\\mathbf{x}, \\mathbf{e} \\in \\mathbb{R}^n\n\\mathbf{e} = A\\mathbf{x}",
        r"(A^\top\mathbf{e}\,\mathbf{x}^\top)^\top = \mathbf{x}\,\mathbf{e}^\top A",
        {"transpose"},
    ),
    "numbers in matrices": (
        r"A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"A \begin{pmatrix} 1 \\ 1 \end{pmatrix} = \begin{pmatrix} 3 \\ 7 \end{pmatrix}",
        {"definition", "block-matrix"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_step_is_named_for_what_was_done(name: str):
    givens, claim, rules = CASES[name]
    (report,) = check_texts(
        [("p.md", PAGE.format(givens=givens, claim=claim))], simulation=False, detail=True
    ).documents
    (step,) = report.derivations[0].steps
    assert step.verdict == "proved" and step.detail and {line.rule for line in step.detail} <= rules


def test_a_line_that_changes_nothing_to_be_seen_is_left_out():
    page = PAGE.format(
        givens="M \\in \\mathbb{R}^{n \\times d}\nM_{ij} \\overset{\\text{iid}}{\\sim} \\mathrm{Bernoulli}(p)",
        claim=r"\sum_{j=1}^d \sum_{k=1}^d E[M_{ij} M_{ik}] = dp + d(d-1)p^2",
    )
    (report,) = check_texts([("p.md", page)], simulation=False, detail=True).documents
    (step,) = report.derivations[0].steps
    shown = [line.latex for line in step.detail]
    assert len(shown) > 2 and all(a != b for a, b in pairwise(shown))
