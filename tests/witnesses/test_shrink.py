"""What is printed is small, exact, and names things as the reader writes them."""

from fractions import Fraction

from derive.language.terms import Function, Transpose, number, one_to
from derive.witnesses.finite import Refutation, examine
from derive.witnesses.shrink import member_name, shown
from tests.witnesses.shorthand import (
    IX,
    E,
    Var,
    add,
    claim,
    compare,
    const,
    distributed,
    each_independent,
    function,
    identical,
    mul,
    power,
    rand,
    sym,
    total,
    uncorrelated,
)

X, Y, A1 = sym("X"), sym("Y"), sym("a")
XY = [rand("X"), rand("Y"), const("a"), const("unused")]


def example(problem, **more):
    outcome = examine(problem, deadline=10, **more)
    assert isinstance(outcome, Refutation), outcome
    return outcome.counterexample


def test_two_outcomes_are_enough_for_a_covariance():
    found = example(claim(E(mul(X, Y)), mul(E(X), E(Y)), XY))
    assert len(found.outcomes) == 2
    weights = [Fraction(p) for p, _ in found.outcomes]
    mean = sum(w * Fraction(v["X"]) * Fraction(v["Y"]) for w, (_, v) in zip(weights, found.outcomes, strict=True))
    assert Fraction(found.lhs) == mean


def test_constants_that_are_not_used_are_not_shown():
    found = example(claim(Var(mul(A1, X)), mul(A1, Var(X)), XY))
    assert set(found.constants) == {"a"}


def test_probabilities_of_merged_outcomes_add_up():
    found = example(claim(E(mul(power(X, 2), Y)), mul(E(power(X, 2)), E(Y)), XY, uncorrelated("X", "Y")))
    assert sum(Fraction(p) for p, _ in found.outcomes) == 1
    assert len({str(v) for _, v in found.outcomes}) == len(found.outcomes)


def test_dimensions_are_as_small_as_they_may_be():
    S, R = sym("S", shape=("n", "n")), sym("R", shape=("n", "n"))
    infos = [const("S", ("n", "n")), const("R", ("n", "n"))]
    assert example(claim(mul(S, R), mul(R, S), infos)).dimensions == {"n": 2}
    assert example(claim(Transpose(S), mul(2, S), infos)).dimensions == {"n": 1}


def test_members_are_named_with_their_indices():
    assert member_name(("x", (2,))) == "x_2"
    assert member_name((r"w_{\bullet}", (1, 3))) == "w_{13}"
    x = sym("x", IX)
    infos = [rand("x", families=(one_to("n"),))]
    size = compare(sym("n"), ">", number(1))
    found = example(
        claim(Var(total(x)), Var(sym("x", one_to(1).lower)), infos, each_independent("x"), identical("x"), size)
    )
    assert {name for _, values in found.outcomes for name in values} == {"x_1", "x_2"}


def test_values_of_unknown_functions_are_shown_where_they_are_used():
    f = claim(E(Function("f", (X,))), Function("f", (E(X),)), [*XY, function("f")])
    found = example(f)
    assert all(name.startswith("f(") for name in found.constants)
    assert found.constants


def test_a_matched_law_is_said_to_be_one():
    found = example(claim(E(power(X, 4)), number(1), XY, distributed(X, "Normal", number(0), number(1))))
    assert "order 4" in found.note
    assert Fraction(found.lhs) == 3


def test_random_sides_are_shown_where_they_differ():
    found = example(claim(E(Y, X), Y, XY))
    assert found.lhs != found.rhs


def test_matrices_are_rows_of_strings():
    assert shown([[Fraction(1, 2)]]) == "1/2"
    assert shown([[1, 2], [3, Fraction(4)]]) == [["1", "2"], ["3", "4"]]
    assert add(X, Y) == add(X, Y)
