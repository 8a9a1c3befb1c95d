"""What the kernel proves and what it must not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive.kernel.proof import Proof, Stuck, prove
from derive.language.facts import Property
from derive.language.terms import (
    SCALAR,
    Constant,
    Correlation,
    Covariance,
    Derivative,
    Diagonal,
    Expectation,
    Hadamard,
    Identity,
    Index,
    Inverse,
    Range,
    SquaredNorm,
    Sum,
    Symbol,
    Trace,
    Transpose,
    Variance,
)

from .builders import (
    MINUS,
    SOURCE,
    claim,
    equal,
    facts,
    iid,
    independent,
    law,
    member,
    minus,
    num,
    over,
    plus,
    size,
    square,
    times,
    total,
    upto,
)

E, V, T = Expectation, Variance, Transpose
X, Y, Z, a, b = (Symbol(n) for n in "XYZab")
PLAIN = facts(random={"X": SCALAR, "Y": SCALAR, "Z": SCALAR}, constant={"a": SCALAR, "b": SCALAR})
JOINT = facts(random={"X": SCALAR, "Y": SCALAR, "Z": SCALAR}, givens=(independent("X", "Y", "Z"),))
Xi = member("X", "i")
MEAN = times(over(num(1), size("n")), total("i", "n", Xi))
SAMPLE = facts(
    random={"X": SCALAR, "M": SCALAR},
    constant={"m": SCALAR, "s": SCALAR},
    families={"X": "n"},
    givens=(
        *iid("X"),
        equal(E(Xi), Symbol("m")),
        equal(V(Xi), square(Symbol("s"))),
        equal(Symbol("M"), MEAN, "definition"),
    ),
)
M, s = Symbol("M"), Symbol("s")
A, B = Symbol("A", (), ("n", "n")), Symbol("B", (), ("n", "n"))
MATRICES = facts(constant={"A": ("n", "n"), "B": ("n", "n"), "w": ("n", 1)})
w = Symbol("w", (), ("n", 1))
Zi = member("Z", "i")
CHI = total("i", "k", square(Zi))
NORMAL = facts(random={"Z": SCALAR}, families={"Z": "k"}, givens=(*iid("Z"), law(Zi, "Normal", num(0), num(1))))
EXCHANGEABLE = facts(
    random={"X": SCALAR},
    constant={"v": SCALAR, "c": SCALAR},
    families={"X": "n"},
    givens=(
        equal(E(square(Xi)), Symbol("v")),
        equal(E(times(Xi, member("X", "j"))), Symbol("c"), differ=(("i", "j"),)),
    ),
)

TRUE = {
    "variance": claim(V(X), minus(E(square(X)), square(E(X))), PLAIN),
    "variance of a sum": claim(V(plus(X, Y)), plus(V(X), V(Y), times(num(2), Covariance(X, Y))), PLAIN),
    "scaling": claim(V(plus(times(a, X), b)), times(square(a), V(X)), PLAIN),
    "product": claim(E(times(X, Y, Z)), times(E(X), E(Y), E(Z)), JOINT),
    "total variance": claim(V(Y), plus(E(V(Y, (X,))), V(E(Y, (X,)))), PLAIN),
    "tower": claim(E(times(X, Y)), E(times(X, E(Y, (X,)))), PLAIN),
    "known out": claim(E(times(X, Y), (X,)), times(X, E(Y, (X,))), PLAIN),
    "irrelevant condition": claim(E(Y, (X,)), E(Y), JOINT),
    "correlation": claim(square(Correlation(X, Y)), over(square(Covariance(X, Y)), times(V(X), V(Y))), PLAIN),
    "sample variance": claim(
        E(over(total("i", "n", square(minus(Xi, M))), minus(size("n"), num(1)))), square(s), SAMPLE
    ),
    "variance of the mean": claim(V(M), over(square(s), size("n")), SAMPLE),
    "chi squared, third moment": claim(
        E(times(CHI, CHI, CHI)), times(size("k"), plus(size("k"), num(2)), plus(size("k"), num(4))), NORMAL
    ),
    "ensemble": claim(
        E(square(MEAN)),
        plus(over(Symbol("v"), size("n")), over(times(minus(size("n"), num(1)), Symbol("c")), size("n"))),
        EXCHANGEABLE,
    ),
    "transpose of a product": claim(T(times(A, B)), times(T(B), T(A)), MATRICES),
    "cyclic trace": claim(Trace(times(A, B)), Trace(times(B, A)), MATRICES),
    "inverse of a product": claim(Inverse(times(A, B)), times(Inverse(B), Inverse(A)), MATRICES),
    "push through": claim(
        times(Inverse(plus(Identity("n"), times(A, B))), A),
        times(A, Inverse(plus(Identity("n"), times(B, A)))),
        MATRICES,
    ),
    "gradient": claim(Derivative(times(T(w), A, w), w), plus(times(A, w), times(T(A), w)), MATRICES),
}

TRUE |= {
    "shifted index": claim(
        Sum("k", Range(Index(None, 0), Index("n", -1)), Symbol("X", (Index("k", 1),))), total("i", "n", Xi), SAMPLE
    ),
    "residual of the conditional mean": claim(
        E(square(minus(Y, E(Y, (X,))))), minus(E(square(Y)), E(square(E(Y, (X,))))), PLAIN
    ),
    "law of total variance, inner form": claim(
        E(E(square(minus(Y, E(Y, (X,)))), (X,))), minus(E(square(Y)), E(square(E(Y, (X,))))), PLAIN
    ),
}

FALSE = {
    "square of the mean": claim(E(square(X)), square(E(X)), PLAIN),
    "product without independence": claim(E(times(X, Y)), times(E(X), E(Y)), PLAIN),
    "linear variance": claim(V(times(a, X)), times(a, V(X)), PLAIN),
    "covariance forgotten": claim(V(plus(X, Y)), plus(V(X), V(Y)), PLAIN),
    "order of factors": claim(times(A, B), times(B, A), MATRICES),
    "order under transposition": claim(T(times(A, B)), times(T(A), T(B)), MATRICES),
    "order under inversion": claim(Inverse(times(A, B)), times(Inverse(A), Inverse(B)), MATRICES),
    "inverse of a sum": claim(Inverse(plus(A, B)), plus(Inverse(A), Inverse(B)), MATRICES),
    "trace of three": claim(Trace(times(A, B, A, B)), Trace(times(A, A, B, B)), MATRICES),
    "gradient doubled": claim(Derivative(times(T(w), A, w), w), times(num(2), A, w), MATRICES),
    "biased sample variance": claim(E(over(total("i", "n", square(minus(Xi, M))), size("n"))), square(s), SAMPLE),
    "coinciding indices forgotten": claim(E(square(MEAN)), Symbol("c"), EXCHANGEABLE),
    "fourth moment": claim(E(times(CHI, CHI)), square(size("k")), NORMAL),
    "a law for one member only": claim(
        E(member("Z", "j")),
        num(5),
        facts(
            random={"Z": SCALAR}, families={"Z": "k"}, givens=(law(Symbol("Z", (Index(None, 1),)), "Moments", num(5)),)
        ),
    ),
    "variance of the conditional mean": claim(V(Y), V(E(Y, (X,))), PLAIN),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_claims_are_proved(name):
    result = prove(TRUE[name])
    assert isinstance(result, Proof), result


@pytest.mark.parametrize("name", FALSE)
def test_false_claims_are_not_proved(name):
    result = prove(FALSE[name])
    assert isinstance(result, Stuck)
    assert result.reason == "" and result.difference


def test_pairwise_independence_is_not_mutual():
    from derive.language.facts import Independent, Member

    groups = ((Member("X"),), (Member("Y"),), (Member("Z"),))
    pairs = facts(random={"X": SCALAR, "Y": SCALAR, "Z": SCALAR}, givens=(Independent(groups, SOURCE, pairwise=True),))
    assert isinstance(prove(claim(E(times(X, Y)), times(E(X), E(Y)), pairs)), Proof)
    assert isinstance(prove(claim(E(times(X, Y, Z)), times(E(X), E(Y), E(Z)), pairs)), Stuck)


def test_two_independences_are_not_joint():
    two = facts(random={"X": SCALAR, "Y": SCALAR, "Z": SCALAR}, givens=(independent("X", "Y"), independent("X", "Z")))
    assert isinstance(prove(claim(E(times(X, Y, Z)), times(E(X), E(times(Y, Z))), two)), Stuck)


def test_symmetry_is_used_when_given():
    known = MATRICES.with_(Property(A, "symmetric", SOURCE))
    proof = prove(claim(Derivative(times(T(w), A, w), w), times(num(2), A, w), known))
    assert isinstance(proof, Proof)
    assert [g.name for g in proof.uses] == ["symmetric"]


def test_dropout_is_weighted_ridge():
    mask, x = Symbol("M", (), ("n", "d")), Symbol("X", (), ("n", "d"))
    y, v, p = Symbol("y", (), ("n", 1)), Symbol("v", (), ("d", 1)), Symbol("p")
    from derive.language.facts import Independent, Member
    from derive.language.terms import Index

    known = facts(
        random={"M": ("n", "d")},
        constant={"X": ("n", "d"), "y": ("n", 1), "v": ("d", 1), "p": SCALAR},
        givens=(
            Independent(((Member("M", each=True),),), SOURCE),
            law(Symbol("M", (Index("i"), Index("j"))), "Bernoulli", p),
        ),
    )
    lhs = E(SquaredNorm(minus(y, times(Hadamard((mask, x)), v))))
    ridge = times(p, minus(num(1), p), T(v), Diagonal(times(T(x), x)), v)
    assert isinstance(prove(claim(lhs, plus(SquaredNorm(minus(y, times(p, x, v))), ridge), known)), Proof)
    assert isinstance(prove(claim(lhs, SquaredNorm(minus(y, times(p, x, v))), known)), Stuck)


def test_conditional_moments_of_least_squares():
    x, e, beta = Symbol("X", (), ("n", "k")), Symbol("e", (), ("n", 1)), Symbol("b", (), ("k", 1))
    known = facts(
        random={"X": ("n", "k"), "e": ("n", 1), "b": ("k", 1)},
        constant={"s": SCALAR},
        givens=(
            equal(E(e, (x,)), Constant(Fraction(0), ("n", 1))),
            equal(E(times(e, T(e)), (x,)), times(square(s), Identity("n"))),
            equal(beta, times(Inverse(times(T(x), x)), T(x), e), "definition"),
        ),
    )
    gram = Inverse(times(T(x), x))
    assert isinstance(prove(claim(V(beta, (x,)), times(square(s), gram), known)), Proof)
    assert isinstance(prove(claim(V(beta), times(square(s), E(gram)), known)), Proof)
    assert isinstance(prove(claim(V(beta), times(square(s), gram), known)), Stuck)


def test_sums_over_ordered_pairs():
    from derive.language.terms import Index, Sum

    ordered = Sum("j", upto("k"), Sum("i", upto("k"), times(Zi, member("Z", "j")), (), (Index("j"),)))
    whole = plus(total("i", "k", square(Zi)), times(num(2), ordered))
    assert isinstance(prove(claim(square(total("i", "k", Zi)), whole, NORMAL)), Proof)


def test_work_is_bounded():
    from derive.kernel.algebra import Budget

    big = square(plus(*(Symbol(f"x{k}") for k in range(60))))
    result = prove(claim(times(big, big, big), times(MINUS, big)), budget=Budget(2_000))
    assert isinstance(result, Stuck) and "bound" in result.reason


def test_a_partial_sum_does_not_contain_every_index():
    """Σ_{i≤k} X_i has X_j in it only when j ≤ k."""
    xj = member("X", "j")
    partial = E(times(total("i", "k", Xi), xj))
    alone = plus(times(minus(size("k"), num(1)), square(Symbol("m"))), plus(square(Symbol("m")), square(s)))
    assert isinstance(prove(claim(partial, alone, SAMPLE)), Stuck)
    whole = E(times(total("i", "n", Xi), xj))
    full = plus(times(minus(size("n"), num(1)), square(Symbol("m"))), plus(square(Symbol("m")), square(s)))
    assert isinstance(prove(claim(whole, full, SAMPLE)), Proof)


def test_the_law_may_depend_on_what_is_differentiated():
    theta = Symbol("t")
    known = facts(random={"X": SCALAR}, constant={"t": SCALAR}, givens=(law(X, "Moments", theta, num(1)),))
    from derive.language.terms import Function

    score = Derivative(E(Function("g", (X,))), theta)
    result = prove(claim(score, num(0), known))
    assert isinstance(result, Stuck) and result.reason


def test_logarithms():
    from derive.language.terms import Function

    def log(term):
        return Function("log", (term,))

    known = facts(constant={"x": SCALAR, "y": SCALAR, "z": SCALAR})
    x, y, z = Symbol("x"), Symbol("y"), Symbol("z")
    proved = [
        (log(over(square(x), square(y))), minus(log(square(x)), log(square(y)))),
        (log(over(x, y)), times(num(-1), log(over(y, x)))),
        (log(times(x, y)), plus(log(x), log(y))),  # what is written exists: x and y are positive
        (log(times(num(6), x)), plus(log(num(2)), log(num(3)), log(x))),
    ]
    for lhs, rhs in proved:
        assert isinstance(prove(claim(lhs, rhs, known)), Proof), lhs
    stuck = [
        (log(square(x)), log(times(x, z))),
        (log(plus(x, y)), plus(log(x), log(y))),
        (log(times(x, y)), times(log(x), log(y))),
    ]
    for lhs, rhs in stuck:
        assert isinstance(prove(claim(lhs, rhs, known)), Stuck), lhs
