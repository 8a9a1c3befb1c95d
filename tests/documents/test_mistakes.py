"""Steps as students get them wrong: each is refuted with a counterexample, or said to need what was not given."""

import json
from pathlib import Path

import pytest

from tests.documents.test_derivations import given_block
from tests.judge.test_check import display, steps_of

CASES = [json.loads(line) for line in (Path(__file__).parent / "mistakes.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_a_mistake_is_shown(case: dict) -> None:
    (step,) = steps_of(display(*case["chain"], given=given_block(case)))
    assert step.verdict in ("wrong", "needs")
    assert step.counterexample is not None
    assert (step.verdict == "needs") == bool(step.missing)


@pytest.mark.parametrize("case", [c for c in CASES if "name" in c], ids=[c["id"] for c in CASES if "name" in c])
def test_a_mistake_is_named(case: dict) -> None:
    (step,) = steps_of(display(*case["chain"], given=given_block(case)))
    assert step.misconception is not None
    assert step.misconception.name == case["name"]
