"""The separate checker accepts models that satisfy the givens, and no others."""

from fractions import Fraction as F

import pytest

from derive.language.facts import Independent, Member
from derive.language.terms import (
    Derivative,
    Determinant,
    Function,
    Identity,
    Indicator,
    Inverse,
    Transpose,
    number,
    one_to,
)
from derive.witnesses.checker import Checker, Concrete
from derive.witnesses.verify import CHECKS, holds
from tests.witnesses.shorthand import (
    IX,
    SAID,
    E,
    Var,
    add,
    claim,
    compare,
    conditionally,
    const,
    distributed,
    each_independent,
    function,
    identical,
    independent,
    moment,
    mul,
    neg,
    power,
    premise,
    prop,
    rand,
    sym,
    uncorrelated,
    zero,
)

X, Y, Z, A1 = sym("X"), sym("Y"), sym("Z"), sym("a")
S = sym("S", shape=("n", "n"))
INFOS = [
    rand("X"),
    rand("Y"),
    rand("Z"),
    const("a"),
    const("S", ("n", "n")),
    rand("x", families=(one_to("n"),)),
    function("f"),
]
FACTS = claim(X, Y, INFOS).facts


def concrete(rows, names="XYZ", constants=None, **more):
    """Outcomes (probability, values of X, Y, Z)."""
    outcomes = [(F(p), {(n, ()): [[F(v)]] for n, v in zip(names, values, strict=False)}) for p, *values in rows]
    given = {("a", ()): [[F(5)]]} if constants is None else constants
    return Concrete(FACTS, {"n": 2}, given, outcomes, more.get("tables", {}), more.get("matched", {}))


COINS = [(F(1, 4), 0, 0), (F(1, 4), 0, 1), (F(1, 4), 1, 0), (F(1, 4), 1, 1)]
PARITY = [(F(1, 4), a, b, (a + b) % 2) for a in (0, 1) for b in (0, 1)]
LINE = [(F(1, 4), -1, 1), (F(1, 2), 0, 0), (F(1, 4), 1, 1)]


def check(model, given):
    return CHECKS[type(given)](Checker(model), given)


@pytest.mark.parametrize(
    ("rows", "given", "expected"),
    [
        (COINS, independent("X", "Y"), True),
        (LINE, independent("X", "Y"), False),
        (LINE, uncorrelated("X", "Y"), True),
        ([(F(1, 2), 0, 0), (F(1, 2), 1, 1)], uncorrelated("X", "Y"), False),
        (PARITY, independent("X", "Y", "Z"), False),
        (PARITY, independent("X", "Y", "Z", pairwise=True), True),
        (COINS, identical("X", "Y"), True),
        (LINE, identical("X", "Y"), False),
        (PARITY, conditionally("X", "Y", "Z"), False),
        ([(p, a, b, a) for p, a, b in COINS], conditionally("X", "Y", "Z"), True),
        (LINE, moment(E(X), number(0)), True),
        (LINE, moment(Var(X), number(F(1, 2))), True),
        (LINE, moment(E(X), number(1)), False),
        (COINS, distributed(X, "Bernoulli", number(F(1, 2))), True),
        (COINS, distributed(X, "Bernoulli", number(F(1, 3))), False),
        (LINE, distributed(X, "Binomial", number(2), number(F(1, 2))), False),
        ([(F(1, 4), 0), (F(1, 2), 1), (F(1, 4), 2)], distributed(X, "Binomial", number(2), number(F(1, 2))), True),
        ([(F(1, 2), -1), (F(1, 2), 1)], distributed(X, "Rademacher"), True),
        (LINE, distributed(X, "Normal", number(0), number(F(1, 2))), True),
        (LINE, distributed(X, "Normal", number(0), number(1)), False),
        (LINE, distributed(X, "Moments", number(0), number(F(1, 2))), True),
        (COINS, compare(A1, ">", number(4)), True),
        (COINS, compare(A1, "<", number(4)), False),
        (COINS, premise(mul(X, X), X), True),
        (LINE, premise(mul(X, X), X), False),
    ],
)
def test_givens(rows, given, expected):
    assert check(concrete(rows), given) is expected


def test_matched_moments_are_checked_to_their_order():
    normal = distributed(X, "Normal", number(0), number(1))
    six = [(F(1, 12), -2), (F(1, 6), -1), (F(1, 2), 0), (F(1, 6), 1), (F(1, 12), 2)]
    assert check(concrete(six, matched={"X": 4}), normal)
    assert not check(concrete(six, matched={"X": 6}), normal)
    assert check(concrete([(F(1, 2), -1), (F(1, 2), 1)], matched={"X": 2}), normal)


@pytest.mark.parametrize(
    ("family", "parameters", "moments"),
    [
        ("Uniform", (0, 1), (F(1, 2), F(1, 3), F(1, 4), F(1, 5))),
        ("Exponential", (2,), (F(1, 2), F(1, 2), F(3, 4), F(3, 2))),
        ("Poisson", (2,), (2, 6, 22, 94)),
        ("Gamma", (3, 1), (3, 12, 60, 360)),
        ("Beta", (1, 1), (F(1, 2), F(1, 3), F(1, 4), F(1, 5))),
        ("Laplace", (0, 1), (0, 2, 0, 24)),
    ],
)
def test_raw_moments_agree_with_those_of_the_builder(family, parameters, moments):
    from derive.witnesses.distributions import raw_moments
    from derive.witnesses.field import RationalField
    from derive.witnesses.fits import MOMENTS
    from derive.witnesses.spaces import Space

    own = tuple(MOMENTS[family]([F(p) for p in parameters], k) for k in range(1, 5))
    built = raw_moments(family, [[[F(p)]] for p in parameters], 4, Space(RationalField()))
    assert own == tuple(built) == moments


@pytest.mark.parametrize(
    ("matrix", "good", "bad"),
    [
        (
            [[2, 1], [1, 2]],
            ["symmetric", "invertible", "positive definite", "full column rank", "nonzero"],
            ["diagonal"],
        ),
        ([[1, 2], [3, 4]], ["invertible"], ["symmetric", "antisymmetric", "orthogonal", "idempotent"]),
        (
            [[1, 1], [1, 1]],
            ["symmetric", "positive semidefinite"],
            ["invertible", "positive definite", "full column rank"],
        ),
        ([[0, 1], [-1, 0]], ["orthogonal", "antisymmetric"], ["symmetric", "diagonal"]),
        ([[1, 0], [0, 0]], ["idempotent", "diagonal"], ["orthogonal"]),
    ],
)
def test_properties(matrix, good, bad):
    model = concrete(COINS, constants={("S", ()): [[F(v) for v in row] for row in matrix]})
    assert all(check(model, prop(S, name)) for name in good)
    assert not any(check(model, prop(S, name)) for name in bad)


def test_families_are_taken_one_by_one():
    outcomes = [(F(1, 2), {("x", (1,)): [[F(v)]], ("x", (2,)): [[F(v)]]}) for v in (0, 1)]
    model = Concrete(FACTS, {"n": 2}, {}, outcomes, {}, {})
    assert not check(model, each_independent("x"))
    assert check(model, identical("x"))
    assert check(model, moment(E(sym("x", IX)), number(F(1, 2))))
    whole = Independent(((Member("x"),), (Member("X"),)), SAID)
    assert check(model, whole)


def test_a_claim_counts_only_with_its_givens():
    wrong = claim(E(mul(X, Y)), mul(E(X), E(Y)), INFOS)
    together = concrete([(F(1, 2), 0, 0), (F(1, 2), 1, 1)])
    assert holds(together, wrong, [], {})
    assert not holds(together, wrong, [independent("X", "Y")], {})
    assert not holds(concrete(COINS), wrong, [], {})
    assert not holds(concrete([(F(1, 2), 0, 0)]), wrong, [], {})


def test_values_of_terms():
    model = concrete(COINS, constants={("a", ()): [[F(3)]], ("S", ()): [[F(1), F(2)], [F(3), F(5)]]})
    checker = Checker(model)
    assert checker.at(Inverse(S), {}, 0) == [[-5, 2], [3, -1]]
    assert checker.at(Determinant(S), {}, 0) == [[-1]]
    assert checker.at(E(Indicator("<", X, Y)), {}, 0) == [[F(1, 4)]]
    assert checker.at(E(Y, X), {}, 3) == [[F(1, 2)]]
    assert checker.at(Derivative(power(A1, 3), A1), {}, 0) == [[27]]
    assert checker.at(Derivative(Derivative(power(A1, 3), A1), A1), {}, 0) == [[18]]
    assert checker.at(add(mul(S, Inverse(S)), neg(Identity("n"))), {}, 0) == checker.at(zero("n", "n"), {}, 0)
    assert checker.at(Transpose(S), {}, 0) == [[1, 3], [2, 5]]


def test_a_model_that_lacks_something_does_not_count():
    wrong = claim(Function("f", (A1,)), number(0), INFOS)
    assert not holds(concrete(COINS), wrong, [], {})
    assert holds(concrete(COINS, tables={("f", (), 0, F(5)): [[F(1)]]}), wrong, [], {})
