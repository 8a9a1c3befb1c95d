import io
import re
from dataclasses import replace

import pytest

from derive.render.pieces import width
from derive.render.terminal import document_lines, library_lines, simulation_lines, summary_lines
from derive.render.terminal_findings import excerpt
from derive.render.terminal_layout import Page, draw, wrapped_math
from derive.report import Counterexample, Derivation, DocumentReport, Report, Step
from tests.render.hand_made import FALSE, FINE, REMARK, WANTING, document


def shown(report: DocumentReport, page: Page | None = None, colour: bool = False) -> str:
    page = page or Page()
    out = io.StringIO()
    draw(document_lines(report, page), out, colour=colour, ascii=page.ascii)
    return out.getvalue()


def test_a_chain_with_its_rules_beside_it():
    text = shown(document(FINE))
    assert re.search(r"^ +5  E\[\(X \+ Y\)²\]$", text, re.M)
    assert re.search(r"^ +5    = E\[X²\] \+ E\[Y²\] +✓ linearity, independence$", text, re.M)


def test_rules_stand_in_one_column():
    long = Step(7, 1, "=", r"\mathbb{E}[X^2] + \mathbb{E}[Y^2]", "v", "proved", rules=("zero-mean",))
    rows = [row for row in shown(document(FINE, long)).splitlines() if "✓" in row]
    assert len({width(row[: row.index("✓")]) for row in rows}) == 1


def test_the_first_member_is_not_repeated():
    assert shown(document(FINE, FALSE)).count("E[X²] + E[Y²]") == 1


def test_carets_point_into_the_users_line():
    lines = shown(document(FALSE)).splitlines()
    at = next(k for k, row in enumerate(lines) if "^^^" in row)
    assert lines[at - 2].strip() == "squares.md:6:6"
    column = lines[at].index("^")
    assert lines[at - 1][column:] == r"\mu^2 + v"
    assert lines[at].count("^") == len(r"\mu^2 + v")


def test_carets_under_wide_and_combining_characters():
    source = "漢 x̃ = y"
    step = Step(
        1,
        8,
        "=",
        "x",
        "y",
        "wrong",
        message="no",
        rhs_place=(1, source.index("y") + 1, source.index("y"), source.index("y") + 1),
    )
    lines = shown(document(step, text=source)).splitlines()
    at = next(k for k, row in enumerate(lines) if row.endswith("^"))
    assert width(lines[at][:-1]) == width(lines[at - 1][: lines[at - 1].index("y")])


def test_a_line_of_a_million_characters_is_cut():
    source = "a" * 500_000 + "=b" + "c" * 500_000
    step = Step(1, 1, "=", "a", "b", "wrong", message="no", rhs_place=(1, 500_002, 500_001, 500_002))
    assert max(map(len, shown(document(step, text=source)).splitlines())) < 200


@pytest.mark.parametrize("place", [(0, 0, 0, 0), (99, 1, 5, 6), (1, 10**6, 5, 6), (-3, -3, 0, 0)])
def test_places_outside_the_file_do_no_harm(place):
    assert "wrong" in shown(document(Step(place[0], place[1], "=", "a", "b", "wrong", message="no", rhs_place=place)))


def test_the_counterexample_with_both_values():
    text = shown(document(FALSE))
    for piece in (
        "m = 2",
        "μ = 1/2",
        "a = (1, 2)",
        "[1 0; 0 1]",
        "left side = 1/2",
        "right side = 1/4",
        "X is a fair coin",
    ):
        assert piece in text
    assert re.search(r"probability +X +X̃", text)


def test_what_would_help_can_be_pasted():
    text = shown(document(WANTING))
    assert "n ⟂ y" in text and r"write  \mathbf{n} \perp y" in text
    assert r"write  \mu^2 + \sigma^2 + v" in shown(document(FALSE))


def test_a_shown_derivation_has_its_assumptions_and_simulation():
    text = shown(document(FINE), Page(uses=True, simulation=True, detail=True))
    assert "using X ⟂ Y" in text
    assert "simulated 100,000 times (seed 0): 2.000 ± 0.010 and 2.001 ± 0.010, z = 0.41, agree" in text
    assert "E[X² + 2XY + Y²]" in text and "square" in text
    assert "using X ⟂ Y" not in shown(document(FINE))


def test_the_reading_is_shown():
    text = shown(document(FINE), Page(reading=True))
    assert "X and Y are independent" in text
    assert re.search(r"x +vector of length m +random +inferred", text)
    assert re.search(r"a +scalar +constant +declared", text)


def test_quiet_leaves_out_what_is_fine():
    assert shown(document(FINE), Page(quiet=True)) == ""
    assert "wrong" in shown(document(FALSE), Page(quiet=True))
    assert REMARK.message in shown(document(FINE, remarks=(REMARK,)), Page(quiet=True))
    assert "it broke" in shown(document(FINE, error="it broke"), Page(quiet=True))


def test_a_document_without_derivations_says_so():
    assert "no derivation found" in shown(document())


@pytest.mark.parametrize("columns", [50, 80, 120])
def test_mathematics_is_wrapped_to_the_width(columns):
    long = " + ".join(rf"\mathbb{{E}}[x_{{{k}}}^2 w]" for k in range(40))
    step = Step(1, 1, "=", long, long, "proved", rules=("linearity", "collect", "independence"))
    text = shown(document(step, trust=document().trust), Page(width=columns))
    assert max(width(row) for row in text.splitlines()) <= columns
    assert "x₃₉" in text


def test_a_break_is_where_few_brackets_are_open():
    assert wrapped_math("f(aaaa + bbbb) + g(cccc + dddd)", 20) == ["f(aaaa + bbbb)", "  + g(cccc + dddd)"]


def test_ascii():
    text = shown(
        document(FALSE, FINE, WANTING, remarks=(REMARK,)), Page(ascii=True, reading=True, uses=True, detail=True)
    )
    assert text.isascii()
    assert "E[X^2] + E[Y^2]" in text and "?" not in text


def test_colour_only_when_wanted():
    assert "\x1b[" not in shown(document(FALSE))
    coloured = shown(document(FALSE), colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == shown(document(FALSE))


def test_markup_of_the_user_is_not_markup():
    report = document(FINE, path="[red]x[/red].md")
    assert "[red]x[/red].md" in re.sub(r"\x1b\[[0-9;]*m", "", shown(report, colour=True))


def test_escapes_in_the_users_text_do_not_reach_the_terminal():
    step = Step(1, 1, "=", "a\x1b[2J", "b\x1b]0;x\x07", "wrong", message="\x1b[31mno", rhs_place=(1, 1, 0, 3))
    text = shown(document(step, text="\x1b[31m = b", path="\x1b[1ma.md", title="\x1b[1mt"))
    assert "\x1b" not in text and "\x07" not in text


def test_what_a_model_leaves_open_is_said_once():
    note = "X: the moments up to order 2"
    summary = f"the left side is [[1], [2]], the right side is [[3], [4]] ({note})"
    model = Counterexample({}, {"a": "2"}, (), [["1"], ["2"]], [["3"], ["4"]], summary)
    text = shown(document(replace(FALSE, counterexample=model)))
    assert note in text and "[[1]" not in text and "left side = (1, 2)" in text


def test_the_summary():
    counts = Report((document(FINE, FALSE),)).summary
    assert text_of(summary_lines(counts, 1, Page())) == ["2 steps in 1 document: 1 proved, 1 wrong"]
    assert text_of(summary_lines(counts, 1, Page(width=30))) == ["2 steps in 1 document: 1", "proved, 1 wrong"]


def test_the_library_is_in_the_order_of_the_lecture():
    first = document(FINE, path="b.md", title="B", metadata={"order": "1", "source": "slide 3"})
    second = document(FALSE, path="a.md", title="A", metadata={"order": "2", "expects": "wrong"})
    lines = ["".join(t for t, _ in row) for row in library_lines([second, first], Page())]
    assert re.fullmatch(r"b +1 step  proved", lines[0])
    assert lines[1:3] == ["    B", "    slide 3"]
    assert lines[3].endswith("wrong, as meant")


def test_a_simulation_shows_both_sides():
    text = "\n".join("".join(t for t, _ in row) for row in simulation_lines(document(FINE, WANTING), Page()))
    assert "E[(X + Y)²]" in text and "= E[X²] + E[Y²]" in text and "not simulated" in text


def test_the_summary_of_a_derivation():
    report = document(
        derivations=(Derivation(4, (FALSE,), "line 6 is wrong, yet the last expression equals the first"),)
    )
    assert "line 6 is wrong, yet" in shown(report)


def text_of(lines) -> list[str]:
    return ["".join(text for text, _ in row) for row in lines]


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("ascii", [False, True])
def test_nothing_is_wider_than_the_terminal(columns, ascii):
    wide = Counterexample(
        {"m": 2}, {"W": [["1", "2"], ["3", "4"]]},
        tuple(("1/4", {name: ["1", "2", "3"] for name in "abcdefgh"}) for _ in range(4)), "1234567890" * 8, "1/2",
    )  # fmt: skip
    long = r"\mathbb{E}[(\mathbf{x}^\top\mathbf{w} - y)^2] + " * 4 + "0"
    finding = replace(FALSE, counterexample=wide, correction=long, difference=long, missing=(long,), lhs=long, rhs=long)
    page = Page(columns, ascii, detail=True, uses=True, simulation=True, reading=True)
    report = document(FINE, finding, path="a/long/path/" * 12 + "x.md", title="A long title with many words " * 4)
    rows = text_of(document_lines(report, page)) + text_of(library_lines([report], page))
    assert len(rows) > 40
    assert [row for row in rows if width(row) > columns] == []


@pytest.mark.parametrize("source", ["漢字 = $ab$", "\tab\t= $ab$", "é́ = $ab$"])
def test_carets_stand_under_the_place(source):
    at = source.index("ab")
    report = document(FALSE, text=source)
    rows = text_of(excerpt(report, 1, at + 1, 2, Page(width=80)))
    assert width(rows[1][: rows[1].index("ab", 16)]) == rows[2].index("^^")


def test_a_long_line_with_wide_characters_is_cut_by_columns():
    source = "漢" * 60 + "ab" + "字" * 60
    for columns in (40, 80):
        for ascii in (False, True):
            rows = text_of(excerpt(document(FALSE, text=source), 1, 61, 2, Page(columns, ascii)))
            assert all(width(row) <= columns for row in rows) and "ab" in rows[1] and "^^" in rows[2]


def test_a_correction_that_the_message_tells_is_not_told_twice():
    said = Step(3, 1, "=", "a", "b", "wrong", message="The right side should be $c + d$.", correction="c + d")
    told = shown(DocumentReport("d.md", derivations=(Derivation(3, (said,)),)))
    assert told.count("c + d") == 2 and "right would be" not in told and "write" in told
    untold = Step(3, 1, "=", "a", "b", "wrong", message="No.", correction="c + d")
    assert "right would be: c + d" in shown(DocumentReport("d.md", derivations=(Derivation(3, (untold,)),)))
