from __future__ import annotations

from derive.render.nodes import classes, write
from derive.render.parsing import parse


def test_signs_are_unary_after_operators_and_openings():
    assert classes(parse("-a - b = -c")) == ["sign", "ord", "bin", "ord", "rel", "sign", "ord"]


def test_an_overset_relation_is_a_relation():
    assert classes(parse(r"a \overset{!}{=} b")) == ["ord", "rel", "ord"]


def test_nodes_compare_by_identity_so_that_equal_symbols_can_be_told_apart():
    first, _, second = parse("x + x")
    assert first != second


def test_blanks_keep_commands_from_swallowing_letters():
    assert write(parse(r"\alpha a \cdot b")) == r"\alpha a \cdot b"
