import json

import pytest

from derive.render.json import as_json, stream, text
from derive.report import VERDICTS, Exact, Report, Simulation, Step
from tests.render.hand_made import FALSE, FINE, REMARK, WANTING, document

STEP_KEYS = (
    "line column relation lhs rhs verdict rules uses missing difference counterexample misconception correction "
    "message evidence"
).split()


def only(report: dict) -> dict:
    return report["documents"][0]["derivations"][0]["steps"][0]


def test_the_keys_are_those_of_the_contract():
    out = as_json(Report((document(FINE, FALSE),)))
    assert list(out) == ["version", "documents", "summary"]
    assert out["version"] == 1
    one = out["documents"][0]
    assert list(one) == ["path", "givens", "symbols", "derivations"]
    assert list(one["givens"][0]) == ["line", "latex", "kind", "reading"]
    assert one["symbols"][0] == {"latex": r"\mathbf{x}", "shape": ["m", "1"], "kind": "random", "origin": "inferred"}
    assert list(one["derivations"][0]) == ["line", "verdict", "steps"]
    assert one["derivations"][0]["verdict"] == "wrong"
    assert all(list(s) == STEP_KEYS for s in one["derivations"][0]["steps"])
    assert out["summary"] == {"steps": 2} | {v: int(v in ("proved", "wrong")) for v in VERDICTS}


def test_evidence():
    assert only(as_json(Report((document(FINE),))))["evidence"] == {
        "exact": {"models": 4, "agree": True, "bound": "1e-17"},
        "simulation": {"samples": 100_000, "z": 0.41, "agree": True},
    }
    assert only(as_json(Report((document(WANTING),))))["evidence"] == {"exact": None, "simulation": None}


@pytest.mark.parametrize(
    ("exact", "said"),
    [
        (Exact(6, True, ""), {"models": 6, "agree": True, "bound": None}),
        (Exact(1, False), {"models": 1, "agree": False}),
        (Exact(0, None, "", "not modelled: order"), {"models": 0, "agree": None, "reason": "not modelled: order"}),
    ],
)
def test_models_that_decide_nothing_neither_agree_nor_disagree(exact, said):
    step = Step(1, 1, "=", "a", "b", "unproved", exact=exact)
    assert only(as_json(Report((document(step),))))["evidence"]["exact"] == said


def test_a_z_that_is_no_number_is_null():
    run = Simulation(1000, 0, False, float("inf"))
    step = Step(1, 1, "=", "a", "b", "unproved", simulation=run)
    assert (
        json.loads(text(Report((document(step),))))["documents"][0]["derivations"][0]["steps"][0]["evidence"][
            "simulation"
        ]["z"]
        is None
    )


def test_a_refutation_carries_its_model():
    step = only(as_json(Report((document(FALSE),))))
    assert step["difference"] == r"\operatorname{Var}(X)"
    assert step["misconception"] == "square-of-mean"
    assert step["counterexample"]["outcomes"][0] == {
        "probability": "1/2",
        "values": {"X": "0", r"\tilde{X}": [["1", "0"], ["0", "1"]]},
    }
    assert (step["counterexample"]["lhs"], step["counterexample"]["rhs"]) == ("1/2", "1/4")


def test_what_was_noticed_is_not_lost():
    out = as_json(Report((document(FINE, remarks=(REMARK,), error="it broke"),)))["documents"][0]
    assert out["remarks"] == [{"line": 5, "column": 6, "message": REMARK.message, "hint": REMARK.hint}]
    assert out["error"] == "it broke"


def test_the_stream_is_the_same_answer():
    documents = (document(FINE), document(FALSE, WANTING), document())
    assert json.loads("".join(stream(iter(documents)))) == as_json(Report(documents))
    assert json.loads("".join(stream(iter(())))) == as_json(Report(()))


def test_the_text_is_json_again():
    report = Report((document(FINE, FALSE),))
    assert json.loads(text(report)) == as_json(report)
