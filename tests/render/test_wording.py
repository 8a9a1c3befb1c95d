from __future__ import annotations

from dataclasses import replace

import pytest

from derive.render.wording import (
    Line,
    assumptions,
    chains,
    counts,
    estimate,
    findings,
    marks_of,
    models,
    numbered,
    phrase,
    reason,
    steps_using,
    title_for,
    trust,
)
from derive.report import Derivation, DocumentReport, Exact, GivenLine, RuleLine, Simulation, Step
from tests.render.examples import TITLES, l2_noise, mean_of_square, variance_of_sum


def text(words) -> str:
    return "".join(content for _, content in words)


def test_formulas_stand_between_dollars_or_carry_a_backslash():
    assert phrase("so $x$ is 0") == [("text", "so "), ("math", "x"), ("text", " is 0")]
    assert ("math", r"\mathbf{n}") in phrase(r"mean of \mathbf{n}.")


def test_reasons_name_rules_and_cite_assumptions():
    document = l2_noise()
    step = document.derivations[0].steps[5]
    said = text(reason(step, TITLES, marks_of(document)))
    assert said == "linearity of expectation, independent factors split (A3)"
    assert steps_using(document)["A3"] == [6]


def test_a_step_that_does_not_go_on_starts_a_new_chain():
    steps = (
        Step(1, 1, "=", "a", "b", "proved"),
        Step(2, 1, "=", "b .", "c", "proved"),
        Step(3, 1, "=", "d", "e", "proved"),
    )
    got = chains(Derivation(1, steps), {})
    assert [[line.latex for line in chain] for chain in got] == [["a", "b", "c"], ["d", "e"]]
    assert isinstance(got[0][0], Line)


def test_the_authors_overset_goes_when_the_reason_is_told():
    step = Step(1, 1, r"\overset{(1)}{=}", "a", "b", "proved", ("linearity",))
    assert chains(Derivation(1, (step,)), {})[0][1].relation == "="
    bare = Step(1, 1, r"\overset{\text{def}}{=}", "a", "b", "defines")
    assert "overset" in chains(Derivation(1, (bare,)), {})[0][1].relation


def test_findings_are_not_said_twice():
    wrong, _ = mean_of_square().derivations[0].steps
    assert len(findings(wrong)) == 1
    needs = variance_of_sum().derivations[0].steps[0]
    assert [text(p) for p in findings(needs)][1] == r"Left side minus right side: 2\operatorname{Cov}(X, Y)."


def test_trust_counts_what_was_claimed():
    assert text(trust(l2_noise(), TITLES)[0]) == "Checked by derive: all 8 steps are proved."
    assert text(trust(variance_of_sum(), TITLES)[0]) == (
        "Checked by derive: 0 of 3 steps are proved; "
        "step (1) needs an assumption, step (2) is not proved, step (3) could not be read."
    )
    wrong = Derivation(1, (Step(1, 1, "=", "a", "b", "wrong"),))
    assert text(trust(DocumentReport("x", derivations=(wrong,)), {})[0]) == "Checked by derive: step (1) is wrong."


def test_trust_says_what_the_witnesses_found():
    agree, refuted = Exact(6, True), Exact(6, False)
    run = Simulation(1000, 1, True, 0.1, 1.0, 0.1, 1.0, 0.1)
    steps = (
        Step(1, 1, "=", "a", "b", "proved", exact=agree, simulation=run),
        Step(2, 1, "=", "b", "c", "wrong", exact=refuted, simulation=replace(run, agree=False, samples=2_000_000)),
    )
    said = text(trust(DocumentReport("x", derivations=(Derivation(1, steps),)), {})[-1])
    assert said == (
        "Exact finite models agree with 1 step and refute 1. "
        "A simulation of 2,000,000 samples agrees with 1 step and contradicts 1."
    )


def test_what_every_reader_does_in_passing_stands_behind():
    step = Step(1, 1, "=", r"a^\top b", "b a", "proved", ("transpose", "expand", "linearity", "independence"))
    assert text(reason(step, {}, {})) == "linearity, independence, expand"
    four = replace(step, rules=("transpose", "linearity", "independence", "mean", "square"))
    assert text(reason(four, {}, {})) == "linearity, independence, mean"
    assert text(reason(replace(four, rules=(*four.rules, "tower")), {}, {})).endswith("mean, …")
    unfolded = replace(four, detail=(RuleLine("x", "mean"), RuleLine("y", "mean")))
    assert text(reason(unfolded, {}, {})) == "mean"


def test_a_line_without_rules_has_a_reason_too():
    assert text(reason(Step(1, 1, "=", "a - a", "0", "proved"), {}, {})) == "algebra"
    assert text(reason(Step(1, 1, "=", "(a + b) + c", "a + (b + c)", "proved", ("expand",)), {}, {})) == "rearranging"


def test_what_a_step_defines_or_finds_is_cited_by_its_number():
    steps = (
        Step(1, 1, ":=", "e", "a + b", "defines"),
        Step(2, 1, "=", "v + a", "0", "proved", message="Holds exactly for $v = -1$."),
        Step(3, 1, "=", "e + v", "0", "proved", ("definition",), ("v = -1", "e := a + b")),
    )
    document = DocumentReport("x", derivations=(Derivation(1, steps),))
    assert text(reason(steps[2], {}, marks_of(document))) == "definition (step 1, step 2)"
    assert counts(variance_of_sum()) == {"unread": 1, "unproved": 1, "needs": 1, "skipped": 1}


def test_titles_and_numbers():
    assert title_for(DocumentReport("proofs/l2-noise.md")) == "L2 noise"
    assert estimate(2.0, 0.0) == "2" and estimate(1234.5678, 12.3) == "1235 ± 12"
    document = mean_of_square()
    assert sorted(numbered(document).values()) == [1, 2]


def test_a_given_is_known_by_its_latex_or_its_reading():
    document = DocumentReport("a", (GivenLine(1, r"X \perp Y", "dependence", "X is independent of Y"),))
    assert marks_of(document)[r"X\perpY"] == "A1" and marks_of(document)["XisindependentofY"] == "A1"


@pytest.mark.parametrize(
    ("exact", "said"),
    [
        (Exact(6, True, "1e-17"), "6 exact finite models agree (a false claim passes with probability at most 1e-17)."),
        (Exact(6, True), "6 exact finite models agree (no bound is known for what a false claim passes with)."),
        (Exact(1, False), "1 exact finite model disagrees."),
        (Exact(0, None, "", "not modelled: order"), "Finite models: not modelled: order."),
    ],
)
def test_what_the_finite_models_may_have_missed_is_said(exact, said):
    assert models(exact) == said


def test_a_statement_that_says_two_things_has_one_mark():
    text = r"X \in \mathbb{R}^n \text{ random}"
    two = (GivenLine(3, text, "shape", "X has n parts"), GivenLine(3, text, "kind", "X is random"))
    other = GivenLine(4, r"\mathbb{E}[X] = 0", "moment", "E[X] = 0")
    found = assumptions(DocumentReport("x.md", (*two, other)))
    assert [(a.mark, a.given.reading) for a in found] == [("A1", "X has n parts; X is random"), ("A2", "E[X] = 0")]
    assert marks_of(DocumentReport("x.md", (*two, other)))["Xisrandom"] == "A1"
