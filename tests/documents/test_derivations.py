"""Derivations as lecture notes have them, each step of which is true: every one is proved.

A line of `derivations.jsonl` is {id, given: statements, chain: expressions}.
"""

import json
from pathlib import Path

import pytest

from tests.judge.test_check import display, steps_of

CASES = [json.loads(line) for line in (Path(__file__).parent / "derivations.jsonl").read_text("utf-8").splitlines()]


def given_block(case: dict) -> str:
    return "```given\n" + "\n".join(case["given"]) + "\n```\n"


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_every_step_is_proved(case: dict) -> None:
    found = steps_of(display(*case["chain"], given=given_block(case)))
    assert len(found) == len(case["chain"]) - 1
    assert [(s.rhs, s.verdict, s.message) for s in found if s.verdict not in ("proved", "assumed")] == []
