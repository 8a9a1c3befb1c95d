from pathlib import Path

import pytest

from derive.judge import check, steps
from derive.judge.check import check_texts
from derive.judge.misconceptions import BadBook
from derive.judge.verdict import Disagreement
from derive.report import DocumentReport, Step

GIVEN = """```given
X, Y, a, b \\in \\mathbb{R}
X, Y \\text{ random}
a, b \\text{ constant}
```
"""


def document(text: str, **options: object) -> DocumentReport:
    return check_texts([("page.md", text)], simulation=False, **options).documents[0]  # type: ignore[arg-type]


def display(*members: str, given: str = GIVEN) -> str:
    rows = " \\\\\n".join([f"{members[0]} &= {members[1]}", *(f"&= {m}" for m in members[2:])])
    return f"{given}\n$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$\n"


def steps_of(text: str, **options: object) -> list[Step]:
    return [s for d in document(text, **options).derivations for s in d.steps]


def test_every_verdict_in_one_page() -> None:
    text = (
        GIVEN
        + r"""
$$ \operatorname{Var}(aX + b) = a^2 \operatorname{Var}(X) $$

$$ \operatorname{Var}(aX + b) = a \operatorname{Var}(X) $$

$$ \mathbb{E}[XY] = \mathbb{E}[X]\,\mathbb{E}[Y] $$

$$ S := X + Y $$

$$ \mathbb{E}[X] \le \mathbb{E}[Y] $$

$$ \mathbb{E}[X = \mathbb{E}[X] $$
"""
    )
    report = check_texts([("page.md", text)], simulation=False)
    verdicts = [s.verdict for d in report.documents[0].derivations for s in d.steps]
    assert verdicts[:5] == ["proved", "wrong", "needs", "defines", "skipped"]
    assert "unread" in verdicts[5:]
    assert report.summary["proved"] == 1
    assert not report.clean


def test_positions_are_those_of_the_file() -> None:
    text = display(r"\mathbb{E}[2X]", r"2\mathbb{E}[X]", r"3\mathbb{E}[X]")
    first, second = steps_of(text)
    lines = text.splitlines()
    for step, shown in ((first, r"2\mathbb{E}[X]"), (second, r"3\mathbb{E}[X]")):
        assert lines[step.line - 1][step.column - 1 :].startswith(shown)


def test_after_a_wrong_step_the_chain_goes_on_from_what_was_written() -> None:
    text = display(r"\mathbb{E}[X + Y]", r"\mathbb{E}[X] - \mathbb{E}[Y]", r"\mathbb{E}[X - Y]")
    assert [s.verdict for s in steps_of(text)] == ["wrong", "proved"]


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (r"\mathbb{E}[Y] + \mathbb{E}[X]", "yet the last expression equals the first"),
        (r"\mathbb{E}[X - Y]", "does not equal the first"),
    ],
)
def test_the_summary_says_whether_the_ends_meet(last: str, says: str) -> None:
    text = display(r"\mathbb{E}[X + Y]", r"\mathbb{E}[X] - \mathbb{E}[Y]", last)
    assert says in document(text).derivations[0].summary


def test_no_summary_without_a_wrong_step() -> None:
    assert document(display(r"\mathbb{E}[2X]", r"2\mathbb{E}[X]")).derivations[0].summary == ""


def test_givens_are_counted_and_named() -> None:
    given = GIVEN.replace("```\n", "X \\perp Y\n\\mathbb{E}[X] = 0\n```\n", 1).replace("```given", "```given", 1)
    given = GIVEN[:-4] + "X \\perp Y\n\\mathbb{E}[X] = 0\n```\n"
    page = document(display(r"\mathbb{E}[XY]", r"\mathbb{E}[X]\mathbb{E}[Y]", given=given))
    used = {g.latex: g.used for g in page.givens}
    assert used[r"X \perp Y"] == 1
    assert used[r"\mathbb{E}[X] = 0"] == 0
    assert page.trust.given_used == (r"X \perp Y",)
    assert r"\mathbb{E}[X] = 0" in page.trust.given_unused


def test_a_defect_is_not_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def contradicts(*_: object) -> None:
        raise Disagreement("the witnesses contradict each other.")

    monkeypatch.setattr(check.Bench, "judge", contradicts)
    page = document(display(r"\mathbb{E}[2X]", r"2\mathbb{E}[X]"))
    assert "contradict each other" in page.error
    assert [s.verdict for d in page.derivations for s in d.steps] == ["unproved"]


def test_a_crash_in_one_step_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = check.Bench.judge
    calls: list[object] = []

    def crashes_once(self: check.Bench, claim: object) -> object:
        calls.append(claim)
        if len(calls) == 1:
            raise KeyError("lost")
        return judge(self, claim)  # type: ignore[arg-type]

    monkeypatch.setattr(check.Bench, "judge", crashes_once)
    page = document(display(r"\mathbb{E}[2X]", r"2\mathbb{E}[X]", r"\mathbb{E}[X] + \mathbb{E}[X]"))
    assert [s.verdict for s in page.derivations[0].steps] == ["unproved", "proved"]
    assert "KeyError" in page.error


def test_a_crash_in_one_document_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    elaborate = check.elaborate

    def crashes(read: object) -> object:
        if read.path == "bad.md":  # type: ignore[attr-defined]
            raise ValueError("no")
        return elaborate(read)  # type: ignore[arg-type]

    monkeypatch.setattr(check, "elaborate", crashes)
    page = display(r"\mathbb{E}[2X]", r"2\mathbb{E}[X]")
    bad, good = check_texts([("bad.md", page), ("good.md", page)], simulation=False).documents
    assert "ValueError" in bad.error
    assert good.error == ""
    assert good.derivations[0].verdict == "proved"


def test_progress_is_told() -> None:
    seen: list[tuple[str, int, int]] = []
    document(display(r"\mathbb{E}[2X]", r"2\mathbb{E}[X]", r"\mathbb{E}[X + X]"), progress=lambda *a: seen.append(a))
    assert seen == [("page.md", 1, 2), ("page.md", 2, 2)]


def test_givens_of_the_command_line_hold() -> None:
    text = display(r"\mathbb{E}[XY]", r"\mathbb{E}[X]\mathbb{E}[Y]")
    assert [s.verdict for s in steps_of(text)] == ["needs"]
    assert [s.verdict for s in steps_of(text, givens=[r"X \perp Y"])] == ["proved"]


def test_missing_statements_close_the_gap_when_given() -> None:
    for text in (
        display(r"\mathbb{E}[XY]", r"\mathbb{E}[X]\mathbb{E}[Y]"),
        display(r"\mathbb{E}[X + a]", "a"),
        display(r"\operatorname{Var}(X - Y)", r"\operatorname{Var}(X) + \operatorname{Var}(Y)"),
        display(r"\mathbb{E}[X^2Y^2]", r"\mathbb{E}[X^2]\mathbb{E}[Y^2]"),
    ):
        (step,) = steps_of(text)
        assert step.verdict == "needs"
        assert [s.verdict for s in steps_of(text, givens=step.missing)] == ["proved"]


def test_detail_unfolds_proved_steps() -> None:
    text = display(r"\mathbb{E}[aX + b]", r"a\mathbb{E}[X] + b", r"a\mathbb{E}[X]")
    plain, _ = steps_of(text)
    proved, wrong = steps_of(text, detail=True)
    assert plain.detail == ()
    assert proved.detail
    assert all(line.rule for line in proved.detail)
    assert wrong.detail == ()


def test_an_instructors_mistake_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        "[cubed]\ntitle = 'Cubes are not linear'\nmessage = 'See chapter 2.'\n"
        r"false = '\mathbb{E}[(X + Y)^3] = \mathbb{E}[X^3] + \mathbb{E}[Y^3]'"
    )
    text = display(r"\mathbb{E}[(X + a)^3]", r"\mathbb{E}[X^3] + \mathbb{E}[a^3]")
    (step,) = steps_of(text, misconceptions=path)
    assert step.misconception is not None
    assert step.misconception.name == "cubed"
    assert "See chapter 2." in step.message


def test_a_pattern_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[odd]\ntitle = 't'\nmessage = 'm'\nfalse = 'X + = Y'")
    with pytest.raises(BadBook, match="odd"):
        document(GIVEN, misconceptions=path)


def test_a_pattern_with_a_free_right_side_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(r"[odd]" "\ntitle = 't'\nmessage = 'm'\n" r"false = '\mathbb{E}[X] = \mathbb{E}[X] + Z'")
    with pytest.raises(BadBook, match="Z stands only on the right"):
        document(GIVEN, misconceptions=path)


def test_sides_of_different_shape_are_wrong() -> None:
    given = "```given\n\\mathbf{x}, \\mathbf{w} \\in \\mathbb{R}^m\n```\n"
    text = display(r"\mathbf{w}^\top \mathbf{x}", r"\mathbf{w} \mathbf{x}^\top", given=given)
    (step,) = steps_of(text)
    assert step.verdict == "wrong"
    assert step.remarks


def test_the_simulation_takes_part() -> None:
    text = display(r"\mathbb{E}[2X]", r"2\mathbb{E}[X]", r"3\mathbb{E}[X]")
    page = check_texts([("page.md", text)], samples=20_000, seed=3).documents[0]
    first, second = page.derivations[0].steps
    assert first.simulation is not None
    assert first.simulation.agree
    assert second.simulation is not None
    assert not second.simulation.agree


def test_a_proof_that_the_simulation_refutes_is_a_defect() -> None:
    found = steps.Found.__new__(steps.Found)
    elaborated = check.elaborate(check.read(display(r"\mathbb{E}[2X]", r"2\mathbb{E}[X]"), "page.md"))
    found = steps.found_of(elaborated.chains[0].steps[0], check.Bench())
    steps.contradicted(found)
    assert found.defect
    assert steps.step_report(found).verdict == "unproved"
