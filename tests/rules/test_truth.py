"""Whatever a rule makes of a term is equal to it: by the kernel, or at least in every finite model.

The rules, the kernel and the finite models share no code, so that each is a check of the others.
"""

import pytest

from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim, Facts
from derive.language.terms import Term
from derive.rules.book import RULES
from derive.rules.context import Context
from derive.rules.rewriting import single
from derive.witnesses.finite import Refutation, examine
from tests.rules.cases import CASES

SECOND_ROUND = 8  # results of the first round that are rewritten once more


def results(term: Term, known: Facts) -> list[tuple[str, Term]]:
    context = Context(known)
    return [(name, new) for name, rule in RULES.items() for new, _ in single(rule, term, context)]


def holds(claim: Claim) -> bool:
    return isinstance(prove(claim), Proof) or not isinstance(examine(claim), Refutation)


@pytest.mark.parametrize("case", CASES)
def test_every_rewrite_is_true(case):
    term, known = CASES[case]
    first = results(term, known)
    for name, new in first:
        assert new.shape == term.shape, name
        assert holds(Claim(term, new, known)), name
    for _, start in first[:: max(1, len(first) // SECOND_ROUND)]:
        for name, new in results(start, known):
            assert new.shape == start.shape, name
            assert holds(Claim(start, new, known)), name


def test_every_rule_finds_something_to_do():
    found = {name for term, known in CASES.values() for name, _ in results(term, known)}
    for term, known in CASES.values():
        for _, new in results(term, known):
            found |= {name for name, _ in results(new, known)}
    assert found | {name for name, rule in RULES.items() if rule.notation} == set(RULES)


def test_independence_of_two_does_not_split_three():
    term, known = CASES["two of three"]
    assert not list(RULES["independence"].apply(term, Context(known)))
    term, known = CASES["pairwise"]
    assert not list(RULES["independence"].apply(term, Context(known)))


def test_members_with_unrelated_indices_are_not_taken_to_differ():
    term, known = CASES["free indices"]
    assert not list(RULES["independence"].apply(term, Context(known)))
