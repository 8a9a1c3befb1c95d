from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render.changes import MOST, compare, mark_lines
from derive.render.layout import assemble, pieces
from derive.render.parsing import parse
from tests.render.examples import ALL


def shown(before: str, after: str, most: float = 2.0) -> tuple[str, str]:
    """Both lines with what changed in angle brackets."""
    lines = [parse(before), parse(after)]
    marks = mark_lines(lines, most)
    return tuple(assemble(pieces(line, m, paint), paint) for line, m in zip(lines, marks, strict=True))  # type: ignore[return-value]


def paint(latex, labels):
    return f"<{latex}>"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a + b + c", "a + d + c", ("a + <b> + c", "a + <d> + c")),
        (r"E[(\tilde{x} - y)^2]", r"E[((x + n) - y)^2]", (r"E[(<\tilde{x}> - y)^2]", "E[(<(x + n)> - y)^2]")),
        (r"\frac{a}{b}", r"\frac{a}{c}", (r"\frac{a}{<b>}", r"\frac{a}{<c>}")),
        ("x^2 y", "x^3 y", ("x^{<2>}y", "x^{<3>}y")),
        (r"\hat{x}^\top w", r"z^\top w", (r"<\hat{x}>^{\top}w", r"<z>^{\top}w")),
        ("a - b", "a + b", (r"a \mathbin{<->} b", r"a \mathbin{<+>} b")),
        (r"\left(a + b\right)^2", r"\left(a + c\right)^2", (r"\left(a + <b>\right)^2", r"\left(a + <c>\right)^2")),
        ("a + b", "b + a", (r"a \mathbin{<+>} <b>", "<b> + a")),
        (r"\begin{pmatrix}1&2\end{pmatrix} + a", r"\begin{pmatrix}1&3\end{pmatrix} + a",
         (r"<\begin{pmatrix} 1 & 2 \end{pmatrix}> + a", r"<\begin{pmatrix} 1 & 3 \end{pmatrix}> + a")),
    ],
)  # fmt: skip
def test_what_changed_is_marked_in_whole_pieces(before, after, expected):
    assert shown(before, after) == expected


def test_equal_lines_and_wholly_different_lines_are_left_alone():
    assert compare(parse("a + b"), parse("a  +  b")) == ([], [])
    assert compare(parse("a + b"), parse(r"\int f"), MOST) == ([], [])


def test_an_unreadable_line_has_no_marks():
    assert mark_lines([parse("a"), None, parse("b")]) == [{}, {}, {}]


def test_a_piece_that_is_new_and_changed_again_belongs_to_both_steps():
    lines = [parse(s) for s in ("a + b + c + d", "a + b + c + e", "a + b + c + f")]
    assert {label for labels in mark_lines(lines)[1].values() for label in labels} == {1, 2}


@pytest.mark.parametrize("name", sorted(ALL))
def test_colours_never_split_a_group(name):
    for derivation in ALL[name]().derivations:
        lines = [parse(s.rhs) for s in derivation.steps]
        for line, marks in zip(lines, mark_lines(lines), strict=True):
            if line is not None:
                painted = assemble(pieces(line, marks, lambda s, _: rf"\textcolor{{red}}{{{s}}}"), lambda s, _: s)
                assert parse(painted) is not None


ATOMS = st.sampled_from(["a", "b", "(a + b)", "x^2", r"\frac{a}{b}", r"E[x]", r"\left(c\right)^2", "2", r"w^\top n"])
SUMS = st.lists(st.lists(ATOMS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=5).map(" + ".join)


@given(SUMS, SUMS)
def test_any_two_sums_can_be_compared_and_painted(before, after):
    first, second = shown(before, after)
    for text, source in ((first, before), (second, after)):
        unpainted = text.replace("<", "").replace(">", "").replace(r"\mathbin{+}", "+")
        assert parse(unpainted) is not None
        assert "".join(unpainted.split()) == "".join(assemble(pieces(parse(source), {}, paint), paint).split())
