from derive.judge.guard import LARGEST, together
from derive.judge.verdict import Bench
from derive.language.facts import Claim, Facts
from derive.language.terms import Add, Term, number
from tests.judge.world import N_AND_X, E, X, a, claim, mul
from tests.judge.world import n as noise


def under(facts: Facts, lhs: Term, rhs: Term) -> Claim:
    return Claim(lhs, rhs, facts)


FACTS = claim(E(X), E(X)).facts
DRAWN_OUT = under(FACTS, E(mul(a, X)), mul(a, E(X)))
SPLIT = under(FACTS, E(Add((X, a))), Add((E(X), a)))
FALSE = under(FACTS, E(mul(X, X)), mul(E(X), E(X)))


def said(*claims: Claim) -> list[Claim]:
    return [c for c, _ in together(claims, models=2, seed=0, seconds=5.0)]


def test_proved_claims_share_their_models() -> None:
    answers = list(together([DRAWN_OUT, SPLIT], models=2, seed=0, seconds=5.0))
    assert [c for c, _ in answers] == [DRAWN_OUT, SPLIT]
    assert all(outcome.models == 2 for _, outcome in answers)


def test_nothing_is_said_of_what_is_not_proved() -> None:
    assert said(DRAWN_OUT, FALSE, SPLIT) == [DRAWN_OUT, SPLIT]


def test_nothing_is_said_of_a_single_claim_or_of_vectors() -> None:
    vector = under(FACTS, E(noise), E(noise))
    assert said(DRAWN_OUT) == []
    assert said(DRAWN_OUT, vector) == []


def test_other_facts_are_another_group() -> None:
    alone = claim(E(Add((X, number(1)))), Add((E(X), number(1))), N_AND_X)
    assert said(DRAWN_OUT, alone) == []


def test_large_groups_are_cut() -> None:
    claims = [under(FACTS, E(mul(number(k), X)), mul(number(k), E(X))) for k in range(2, LARGEST + 3)]
    assert said(*claims) == claims[:LARGEST]


def test_a_bench_takes_what_was_said_together() -> None:
    bench = Bench()
    bench.look_ahead([DRAWN_OUT, SPLIT])
    assert bench.judge(DRAWN_OUT).verdict == "proved"
    assert bench.judge(FALSE).verdict == "wrong"
