"""False steps of many kinds, none of which may be proved, and true ones that look like them.

One step a line: `given ;; given || lhs = rhs`.  What a false step needs is a place where a careless kernel goes wrong: an
independence used of other indices, a condition that tells less, a factor that may be zero.
"""

from functools import cache
from pathlib import Path

import pytest

from derive.judge.reading import read
from derive.judge.verdict import Effort, _proof_or_stuck
from derive.kernel.proof import Proof
from derive.language.elaborate import elaborate

HERE = Path(__file__).parent


def lines(name):
    return [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


@cache
def claims(line):
    given, _, step = line.rpartition("||")
    block = "\n".join(g.strip() for g in given.split(";;"))
    text = f"```given\n{block}\n```\n\n$$\n{step.strip()}\n$$\n" if block.strip() else f"$$\n{step.strip()}\n$$\n"
    return [s.claim for c in elaborate(read(text, "step.md")).chains for s in c.steps if s.claim is not None]


def proved(line):
    return [isinstance(_proof_or_stuck(claim, Effort()), Proof) for claim in claims(line)]


@pytest.mark.parametrize("line", lines("false_steps.txt"))
def test_a_false_step_is_not_proved(line):
    assert not any(proved(line))


@pytest.mark.parametrize("line", lines("true_steps.txt"))
def test_a_true_step_is_proved(line):
    assert proved(line) == [True]


def test_false_steps_are_read():
    """A step that is not understood would pass for nothing: nearly all of them are claims."""
    unread = [line for line in lines("false_steps.txt") if not claims(line)]
    assert len(unread) <= len(lines("false_steps.txt")) // 20, unread
