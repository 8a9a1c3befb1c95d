"""False steps of kinds that finite models cannot refute, or hardly: only the rules stand between them and `proved`."""

import json
from pathlib import Path

import pytest

import derive

CASES = [json.loads(line) for line in (Path(__file__).parent / "unmodelled.jsonl").read_text().splitlines()]
GROUPS = sorted({case["given"] for case in CASES})


@pytest.mark.parametrize("given", GROUPS, ids=[g[:40] or "nothing" for g in GROUPS])
def test_none_is_proved(given):
    head = f"```given\n{given}\n```\n\n" if given else ""
    for case in (c for c in CASES if c["given"] == given):
        (document,) = derive.check(f"{head}$$\n{case['claim']}\n$$\n", simulation=False).documents
        found = [s.verdict for c in document.derivations for s in c.steps]
        assert found and not document.error and set(found) <= {"wrong", "needs", "unproved", "unread"}, case["claim"]
