import pytest

from derive.judge import verdict
from derive.judge.misconceptions import load_book
from derive.judge.verdict import Bench, Disagreement, Effort, claim_key, ends_meet
from derive.language.terms import Derivative, Function, number
from derive.witnesses.finite import Abstention, Agreement
from tests.judge.world import N_AND_X, ZERO_NOISE, A, E, T, V, X, Y, a, add, claim, mul, n, neg, sq, w, x


def test_proved() -> None:
    found = Bench().judge(claim(E(mul(T(w), x, T(n), w)), number(0), N_AND_X, ZERO_NOISE))
    assert found.verdict == "proved"
    assert set(found.uses) == {N_AND_X, ZERO_NOISE}
    assert "independence" in found.rules
    assert found.exact is not None
    assert found.exact.agree
    assert found.message.startswith("Follows by ")


def test_wrong() -> None:
    found = Bench().judge(claim(V(mul(a, X)), mul(a, V(X))))
    assert found.verdict == "wrong"
    assert found.misconception is not None
    assert found.misconception.name == "variance-linear"
    assert found.correction == r"a^2 \operatorname{Var}(X)"
    assert found.difference == r"a^2 \operatorname{Var}(X) - a \operatorname{Var}(X)"
    assert found.counterexample is not None
    assert found.counterexample.lhs != found.counterexample.rhs


def test_needs() -> None:
    found = Bench().judge(claim(E(mul(X, Y)), mul(E(X), E(Y))))
    assert found.verdict == "needs"
    assert found.missing == (r"X, Y \text{ uncorrelated}",)
    assert found.counterexample is not None


def test_a_named_mistake_is_preferred_to_several_assumptions() -> None:
    found = Bench().judge(claim(E(sq(add(X, Y))), add(E(sq(X)), E(sq(Y)))))
    assert found.verdict == "wrong"
    assert found.misconception is not None
    assert found.misconception.name == "square-of-sum"


def test_a_symmetric_matrix_is_an_assumption() -> None:
    found = Bench().judge(claim(Derivative(mul(T(w), A, w), w), mul(number(2), A, w)))
    assert (found.verdict, found.missing) == ("needs", (r"A \text{ symmetric}",))


def test_unproved_when_models_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "examine", lambda *_, **__: Agreement(3, "1e-40"))
    found = Bench().judge(claim(E(mul(X, Y)), mul(E(X), E(Y))))
    assert found.verdict == "unproved"
    assert found.missing == ()
    assert "3 exact finite models find no difference" in found.message


def test_unproved_when_nothing_can_be_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "examine", lambda *_, **__: Abstention("not modelled: a function"))
    found = Bench().judge(claim(E(Function("f", (X,))), Function("f", (E(X),))))
    assert found.verdict == "unproved"
    assert found.exact is not None
    assert found.exact.abstained


def test_a_proof_that_a_model_refutes_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    refuted = verdict.examine(claim(E(X), E(Y)))
    monkeypatch.setattr(verdict, "examine", lambda *_, **__: refuted)
    with pytest.raises(Disagreement):
        Bench().judge(claim(E(mul(a, X)), mul(a, E(X))))


def test_equal_claims_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    first = bench.judge(claim(E(mul(a, X)), mul(a, E(X))))
    monkeypatch.setattr(verdict, "prove", lambda *_, **__: pytest.fail("judged again"))
    assert bench.judge(claim(E(mul(a, X)), mul(a, E(X)))) is first


def test_the_key_of_a_claim_tells_facts_apart() -> None:
    assert claim_key(claim(X, Y)) == claim_key(claim(X, Y))
    assert claim_key(claim(X, Y)) != claim_key(claim(X, Y, ZERO_NOISE))


def test_a_small_budget_is_named_as_the_reason() -> None:
    bench = Bench(Effort(monomials=1), load_book())
    found = bench.judge(claim(E(sq(add(X, Y, a))), E(sq(add(Y, X, a)))))
    assert found.verdict == "unproved"
    assert "bound" in found.reason


def test_ends_of_a_chain() -> None:
    wrong = claim(E(add(X, Y)), add(E(X), neg(E(Y))))
    back = claim(add(E(X), neg(E(Y))), add(E(Y), E(X)))
    assert ends_meet(wrong, back) is True
    assert ends_meet(wrong, claim(E(X), E(X))) is False
    assert ends_meet(wrong, claim(E(x), E(x))) is None
    assert ends_meet(None, wrong) is None


def test_a_categorical_scalar_is_a_label_without_known_moments() -> None:
    from tests.judge.test_check import document

    given = "```given\nX_i \\sim \\mathrm{Categorical}(p)\nY \\sim \\mathrm{Categorical}(p)\np \\in \\mathbb{R}\n```\n"
    claims = (r"\mathbb{E}[Y] = p", r"\mathbb{E}[X_1 X_2] = 0", r"\mathbb{E}[X_1^2] = \mathbb{E}[X_1]")
    report = document(given + "".join(f"\n$$ {c} $$\n" for c in claims))
    assert report.error == ""
    assert all(s.verdict != "proved" for d in report.derivations for s in d.steps)
