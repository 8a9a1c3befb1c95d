import pytest

from derive.judge.figures import BadFigure, figure_of, parse
from derive.report import DocumentReport

FALSE = "```given\n\\mathbb{E}[X] = 0\n\\operatorname{Var}(X) = v\n```\n\n$$ \\mathbb{E}[X^2] = 0 $$\n"


def page(figure: str, text: str = FALSE) -> DocumentReport:
    return DocumentReport("a.md", text=text, metadata={"figure": figure})


def test_no_figure_is_asked_for():
    assert figure_of(DocumentReport("a.md", text=FALSE)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a nice one",
        "gap over v",
        "gap over v = 1; import os",
        "gap over v = x",
        "gap over v = 1/0",
        "gap over v = " + "1, " * 300,
    ],
)
def test_what_is_not_understood(text):
    with pytest.raises(BadFigure):
        parse(text)


def test_a_gap_grows_with_the_parameter():
    figure = figure_of(page("gap over v = 1, 2, 4"), samples=20_000)
    (row,) = figure.rows
    assert row.x == (1.0, 2.0, 4.0)
    assert all(abs(y - x) < 6 * e for x, y, e in zip(row.x, row.y, row.error, strict=True))


def test_values_have_a_formula_and_points():
    text = FALSE.replace("X^2] = 0", "(X + c)^2] = v + c^2")
    figure = figure_of(page("values over v = 1, 2 for c = 0, 1/2", text), samples=20_000)
    assert [r.label for r in figure.rows] == ["0", "", "1/2", ""]
    assert [r.y for r in figure.rows if not r.error] == [(1.0, 2.0), (1.25, 2.25)]
    assert all(
        abs(a - b) < 6 * e
        for f, s in zip(figure.rows[::2], figure.rows[1::2], strict=True)
        for a, b, e in zip(f.y, s.y, s.error, strict=True)
    )


def test_a_document_without_a_derivation_has_no_figure():
    with pytest.raises(BadFigure, match="derivation"):
        figure_of(page("gap over v = 1, 2", "nothing here\n"))
