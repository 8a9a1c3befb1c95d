"""The whole book audited: each rule holds in many instances, and is false without any one of its side conditions.

What is claimed of each rule stands in `audit.txt`.  Instances are tried with letters drawn at random, in exact models of
several sizes; `AUDIT_ROUNDS` says how many times.
"""

import os
import re
from pathlib import Path
from random import Random

import pytest

from derive.judge.reading import read
from derive.judge.verdict import Effort, _proof_or_stuck
from derive.kernel.proof import Proof
from derive.language.elaborate import elaborate
from derive.rules.book import RULES
from derive.witnesses.finite import Agreement, Refutation, examine

from .reading import page

ROUNDS = int(os.environ.get("AUDIT_ROUNDS", "1"))
TOKENS = re.compile(
    r"\\(?:text|operatorname|mathbb|mathrm|mathcal|begin|end)\{[^}]*\}|\\mathbf\{[a-z]\}|\\[A-Za-z]+|[A-Za-z]|."
)
POOLS = ("ABCGHJKLMRSTUWXYZ", "abcpqrsuvwyz")  # letters that stand for nothing in particular
FIXED = {"m", "n", "k", "l", "i", "j", "d", "N"}  # sizes, indices, d/dw


def book():
    found, name = {}, ""
    for line in (Path(__file__).parent / "audit.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line and line[0] != "#":
            kind, _, rest = line.partition(": ")
            condition, mark, claim = rest.partition(" :: ")
            if kind == "exists":
                condition, claim = rest, ""
            elif not mark:
                condition, claim = "", rest
            found[name].append((kind, condition.strip(), claim.strip()))
    return found


BOOK = book()


def cases(*kinds):
    return [pytest.param(c, id=f"{name}: {c[1]}{c[2][-40:]}") for name in BOOK for c in BOOK[name] if c[0] in kinds]


def renamed(text, random):
    """The same claim about other letters: bold ones, capitals and small ones each among themselves."""
    tokens = TOKENS.findall(text)
    if r"\mathbf" in text and "_i" in text:
        return text  # x_i is the component of the vector of the same letter
    bold = [t for t in dict.fromkeys(tokens) if t.startswith(r"\mathbf{") and t != r"\mathbf{d}"]
    new = dict(zip(bold, random.sample([rf"\mathbf{{{c}}}" for c in "abnpquvwxyz"], len(bold)), strict=True))
    for pool in POOLS:
        own = [t for t in dict.fromkeys(tokens) if len(t) == 1 and t in pool and t not in FIXED]
        new |= dict(zip(own, random.sample([c for c in pool if c not in FIXED], len(own)), strict=True))
    return "".join(new.get(t, t) for t in tokens)


def claims(text):
    given, _, step = text.rpartition("||")
    lhs, rhs = _cut(step)
    lines = tuple(g.strip() for g in given.split(";;") if g.strip())
    understood = elaborate(read(page(lines, lhs, rhs), "audit.md"))
    problems = [g for g in understood.givens if g.problem is not None]
    assert not problems, problems
    return [s.claim for c in understood.chains for s in c.steps if s.claim and s.claim.lhs.shape == s.claim.rhs.shape]


def _cut(step):
    """At the equals sign outside of all brackets."""
    depth = 0
    for k, letter in enumerate(step):
        depth += (letter in "{[(") - (letter in "}])")
        if letter == "=" and depth == 0:
            return step[:k].strip(), step[k + 1 :].strip()
    raise AssertionError(step)


def is_proved(claim):
    return isinstance(_proof_or_stuck(claim, Effort()), Proof)


def test_no_rule_and_no_condition_is_left_out():
    assert list(BOOK) == list(RULES)
    for name, rule in RULES.items():
        assert [c.text for c in rule.conditions] == [c for kind, c, _ in BOOK[name] if kind != "holds"], name


@pytest.mark.parametrize("case", cases("holds"))
def test_the_rule_holds(case):
    random = Random(case[2])
    for _ in range(ROUNDS):
        text = renamed(case[2], random)
        (claim,) = claims(text)
        outcome = examine(claim, seed=random.randrange(10**6), models=2, deadline=2.0)
        assert not isinstance(outcome, Refutation), text
        assert is_proved(claim) or isinstance(outcome, Agreement), text


@pytest.mark.parametrize("case", cases("drop"))
def test_without_the_condition_it_is_false(case):
    random = Random(case[2])
    for _ in range(ROUNDS):
        text = renamed(case[2], random)
        (claim,) = claims(text)
        assert not is_proved(claim), text
        outcomes = [examine(claim, seed=seed) for seed in range(3)]
        assert any(isinstance(o, Refutation) for o in outcomes), (text, outcomes)


@pytest.mark.parametrize("case", cases("shape"))
def test_without_the_condition_nothing_is_written(case):
    assert not claims(case[2]), case[2]


def test_what_only_says_that_it_exists():
    words = re.compile(r"exist|mean|moment|differentiable|exchanged|positive")
    assert all(words.search(c) for name in BOOK for kind, c, _ in BOOK[name] if kind == "exists")
