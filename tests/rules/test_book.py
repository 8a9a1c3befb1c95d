"""One test for every rule: its example holds and is what the rule does, its wrong use is rejected, and no side
condition can be left out."""

import pytest

from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.terms import Term
from derive.rules.book import RULES
from derive.rules.compare import same
from derive.rules.context import Context
from derive.rules.rewriting import repeatedly, single
from derive.rules.rule import Rule
from derive.witnesses.finite import Abstention, Agreement, Refutation, examine
from tests.rules.reading import claim

CONDITIONS = [(name, c) for name, rule in RULES.items() for c in rule.conditions if c.given]


def results(rule: Rule, read: Claim) -> list[Term]:
    """What the rule makes of the left side: at one place, or everywhere."""
    context = Context(read.facts, frozenset(frozenset(p) for p in read.distinct))
    whole = repeatedly(rule, read.lhs, context)
    return [new for new, _ in single(rule, read.lhs, context)] + ([whole[0]] if whole else [])


def is_proved(read: Claim) -> bool:
    return isinstance(prove(read), Proof)


@pytest.mark.parametrize("name", RULES)
def test_the_example_is_what_the_rule_does(name):
    rule = RULES[name]
    read = claim(rule.example.given, rule.example.lhs, rule.example.rhs)
    if rule.notation:
        assert same(read.lhs, read.rhs)
    else:
        assert any(same(new, read.rhs) for new in results(rule, read)), results(rule, read)


@pytest.mark.parametrize("name", RULES)
def test_the_example_holds(name):
    rule = RULES[name]
    read = claim(rule.example.given, rule.example.lhs, rule.example.rhs)
    assert is_proved(read) or isinstance(examine(read), Agreement)


@pytest.mark.parametrize("name", RULES)
def test_the_wrong_use_is_rejected(name):
    rule = RULES[name]
    read = claim(rule.misuse.given, rule.misuse.lhs, rule.misuse.rhs)
    assert not is_proved(read)
    assert not any(same(new, read.rhs) for new in results(rule, read))
    assert isinstance(examine(read), Refutation | Abstention)


@pytest.mark.parametrize(("name", "condition"), CONDITIONS, ids=[f"{n}: {c.given}" for n, c in CONDITIONS])
def test_no_side_condition_can_be_left_out(name, condition):
    example = RULES[name].example
    without = tuple(condition.instead if line == condition.given else line for line in example.given)
    read = claim(tuple(line for line in without if line), example.lhs, example.rhs)
    assert not is_proved(read)
    assert isinstance(examine(read), Refutation | Abstention)
