"""What an ellipsis stands for."""

from fractions import Fraction

from derive.language import syntax as sx
from derive.language.patterns import dotted_matrix, dotted_sum, run_of


def number(value):
    return sx.Numeral(Fraction(value))


def x(*scripts, letter="x"):
    return sx.Name(letter, tuple(number(s) if isinstance(s, int) else sx.Name(s) for s in scripts))


def test_a_run_is_generalised():
    pattern, lower, upper = run_of(x(1), x("n"), "i")
    assert (pattern, lower, upper) == (x("i"), number(1), sx.Name("n"))


def test_two_places_must_run_alike():
    first = sx.Juxtaposition((x(1), x(2)))
    assert run_of(first, sx.Juxtaposition((x("n"), x("m"))), "i") is None
    assert run_of(sx.Juxtaposition((x(1), x(1))), sx.Juxtaposition((x("n"), x("n"))), "i") is not None


def test_a_sum_keeps_what_stands_beside_the_run():
    made = dotted_sum((sx.Name("a"), x(1), x(2), sx.Dots(), x("n")))
    assert isinstance(made, sx.Plus) and made.items[0] == sx.Name("a")
    assert made.items[1].kind == "sum" and made.items[1].body == x("i")


def test_items_that_break_the_pattern_are_not_guessed():
    assert dotted_sum((x(1), x(3), sx.Dots(), x("n"))).items[0] == x(1)
    assert dotted_sum((x(1), sx.Dots(), sx.Name("y"))) is None


def test_a_matrix_by_its_corners():
    dots = sx.Dots()
    rows = ((x(1, 1), dots, x(1, "n")), (dots, dots, dots), (x("m", 1), dots, x("m", "n")))
    row, column, body, diagonal = dotted_matrix(rows)
    assert (row[1], column[1], diagonal) == (sx.Name("m"), sx.Name("n"), False)
    assert body == sx.Name("x", (sx.Name(row[0]), sx.Name(column[0])))


def test_a_diagonal_matrix():
    dots = sx.Dots()
    rows = ((x(1), dots, number(0)), (dots, dots, dots), (number(0), dots, x("n")))
    row, column, body, diagonal = dotted_matrix(rows)
    assert diagonal and column is None and body == x(row[0])
