from derive.judge.guard import LARGEST, together
from derive.judge.verdict import Bench
from derive.language.facts import Claim, Facts
from derive.language.terms import Add, Expectation, Term, Transpose, number
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


def test_nothing_is_said_of_a_single_claim() -> None:
    vector = under(FACTS, E(noise), E(noise))
    assert said(DRAWN_OUT) == []
    assert said(DRAWN_OUT, vector) == []  # one of each shape


def test_vectors_and_matrices_share_theirs_with_what_has_their_shape() -> None:
    facts = claim(E(X), E(X), N_AND_X).facts
    sum_ = under(facts, E(Add((noise, noise))), mul(number(2), E(noise)))
    outer = under(facts, E(mul(a, noise, Transpose(noise))), mul(a, E(mul(noise, Transpose(noise)))))
    turned = under(facts, Transpose(E(mul(noise, Transpose(noise)))), E(mul(noise, Transpose(noise))))
    again = under(facts, E(noise), E(noise))
    assert said(sum_, outer, turned, again) == [sum_, again, outer, turned]


def test_where_equal_values_matter_the_models_of_each_support_are_shared_too() -> None:
    given = Expectation(X, (X,))
    answers = list(
        together([under(FACTS, given, X), under(FACTS, Add((given, a)), Add((X, a)))], models=2, seed=0, seconds=5.0)
    )
    assert len(answers) == 2
    assert all(outcome.models > 2 for _, outcome in answers)


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
