from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from derive.render.layout import assemble, break_rows, pieces, row_width
from derive.render.parsing import parse


def plain(latex, labels):
    return latex


def broken(latex: str, width: float, opened: bool = False) -> list[str]:
    return [assemble(row, plain) for row in break_rows(pieces(parse(latex), {}, plain, opened=opened), width, width)]


def test_lines_break_before_the_signs_of_their_sums():
    assert broken("aaaa + bbbb - cccc", 4.0) == ["aaaa", "+ bbbb", "- cccc"]


def test_the_outer_sum_is_broken_before_the_inner():
    assert broken("E[a + b + c + d] + E[e]", 10.0)[1] == "+ E[e]"


def test_brackets_are_broken_inside_when_nothing_else_will_do():
    assert broken("E[aaaa + bbbb]", 4.5) == ["E[aaaa", "+ bbbb]"]


def test_left_and_right_are_never_separated_unless_opened_up():
    latex = r"\left(\frac{aaaa}{b} + cccc\right)"
    assert broken(latex, 4.0) == [r"\left(\frac{aaaa}{b} + cccc\right)"]
    assert broken(latex, 4.0, opened=True) == [r"\biggl(\frac{aaaa}{b}", r"+ cccc\biggr)"]


def test_a_coloured_run_does_not_swallow_the_operator_at_its_edge():
    nodes = parse("a + b")
    marks = {(id(n), "whole"): frozenset({1}) for n in nodes[1:]}
    assert assemble(pieces(nodes, marks, lambda s, _: f"<{s}>"), lambda s, _: f"<{s}>") == r"a \mathbin{<+>} <b>"


@given(st.lists(st.sampled_from(["a", "bb", "(c + d)", r"\frac{a}{b}"]), min_size=1, max_size=12), st.floats(2, 30))
def test_breaking_loses_nothing_and_fits_where_it_can(terms, width):
    line = pieces(parse(" + ".join(terms)), {}, plain)
    rows = break_rows(line, width, width)
    assert [p for row in rows for p in row] == line
    for row in rows:
        assert row_width(row) <= 1.03 * width or not any(p.kind == "bin" for p in row[1:])
