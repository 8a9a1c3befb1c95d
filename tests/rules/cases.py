"""Terms with givens under which every rule of the book finds something to do."""

from __future__ import annotations

from derive.language.facts import ConditionallyIndependent, Distributed, Equation, Identical, Independent, Member
from derive.language.terms import (
    Correlation,
    Covariance,
    Derivative,
    Determinant,
    Diagonal,
    Entry,
    Expectation,
    Function,
    Hadamard,
    Identity,
    Index,
    IndexValue,
    Indicator,
    Inverse,
    Kronecker,
    Matrix,
    Pow,
    Range,
    SquaredNorm,
    Sum,
    Term,
    Trace,
    Transpose,
    Variance,
    number,
)
from derive.rules.construct import ONE, ZERO, minus, plus, power, times
from tests.rules import world as o
from tests.rules.world import (
    WHITE,
    A,
    B,
    X,
    Y,
    Z,
    a,
    b,
    c,
    e,
    facts,
    has,
    independent,
    inner,
    n,
    noise,
    over,
    v,
    w,
    x,
    z,
)

NOISE = independent("noise", ("x", "Y"))


def distributed(family: str, *parameters: Term) -> Distributed:
    return Distributed(X, family, parameters, o.source(family))


def premise(lhs: Term, rhs: Term) -> Equation:
    return Equation(lhs, rhs, "premise", o.source("premise"))


def over_m(left: Term, right: Term) -> Term:
    span = Range(Index(None, 1), Index("m"))
    return Sum("i", span, Sum("j", span, times(left, right)))


COIN = Distributed(Z, "Bernoulli", (a,), o.source("coin"))
GIVEN_Z = ConditionallyIndependent((Member("Y"),), (Member("X"),), (Member("Z"),), o.source("Y ⊥ X | Z"))
PAIRWISE = Independent(((Member("X"),), (Member("Y"),), (Member("Z"),)), o.source("pairwise"), pairwise=True)

CASES = {
    "noise": (Expectation(power(minus(inner(plus(x, noise), w), Y), 2)), facts(NOISE, WHITE)),
    "fourth order": (Expectation(times(power(inner(noise, w), 2), Y)), facts(NOISE, WHITE)),
    "between": (Expectation(times(Transpose(x), noise, Transpose(noise), x)), facts(NOISE, WHITE)),
    "bilinear": (Expectation(times(Transpose(x), A, noise)), facts(NOISE)),
    "components": (Expectation(over_m(Entry(noise, Index("i")), Entry(noise, Index("j")))), facts(WHITE)),
    "component moments": (
        plus(
            Expectation(power(Entry(noise, Index("i")), 2)),
            Expectation(times(Entry(x, Index("i")), Entry(x, Index("j")))),
        ),
        facts(WHITE, o.moment(Variance(x), B), o.moment(Expectation(x), w)),
    ),
    "zero mean": (times(Transpose(Expectation(noise)), w), facts(WHITE)),
    "constant": (Expectation(power(a, 2)), facts()),
    "identity": (times(Transpose(w), a, Identity("m"), z), facts()),
    "trace": (Expectation(Trace(times(A, x, Transpose(x)))), facts()),
    "norm": (Expectation(SquaredNorm(plus(x, noise))), facts(independent("x", "noise"), WHITE)),
    "transpose": (Transpose(times(A, plus(x, w))), facts()),
    "inverse": (times(Inverse(times(A, B)), A, x), facts(has(A, "invertible"), has(B, "invertible"))),
    "determinant": (Determinant(times(A, B, Transpose(A))), facts()),
    "entrywise": (Hadamard((plus(w, x), times(a, z))), facts()),
    "diagonal": (times(Diagonal(w), x), facts()),
    "component": (Entry(times(A, plus(x, w)), Index("i")), facts()),
    "gradient": (Derivative(power(minus(inner(w, z), a), 2), w), facts()),
    "gradient of form": (Derivative(times(Transpose(w), A, w), w), facts()),
    "gradient of mean": (Derivative(Expectation(power(minus(inner(x, w), Y), 2)), w), facts()),
    "blocks": (times(Matrix(((A, B),)), Matrix(((x,), (w,)))), facts()),
    "kronecker": (times(Kronecker(A, B), Kronecker(B, A)), facts()),
    "double sum": (Expectation(over("i", over("j", times(e("i"), e("j"))))), facts(independent("e"))),
    "off diagonal": (Expectation(over("i", over("j", times(e("i"), e("j")), "i"))), facts(independent("e"))),
    "powers in family": (Expectation(over("i", over("j", times(power(e("i"), 2), e("j"))))), facts(independent("e"))),
    "free indices": (Expectation(times(e("i"), e("j"))), facts(independent("e"))),
    "repeated member": (Expectation(times(e(1), e(2), power(e(1), 2))), facts(independent("e"))),
    "affine sum": (over("i", plus(times(a, e("i")), b)), facts()),
    "variance of sum": (Variance(over("i", times(a, e("i")))), facts()),
    "numbers": (Sum("i", Range(Index(None, 1), Index("N")), IndexValue(Index("i"))), facts()),
    "powers of one": (
        Sum("i", Range(Index(None, 1), Index("N")), Pow(number(3), IndexValue(Index("i")))),
        facts(),
    ),
    "short sum": (Sum("i", Range(Index(None, 0), Index(None, 3)), times(IndexValue(Index("i")), e("i"))), facts()),
    "fraction": (times(power(n, -2), plus(times(n, v), times(n, minus(n, ONE), c))), facts()),
    "copies": (Expectation(power(e(3), 2)), facts(Identical((Member("e"),), o.source("identical")))),
    "covariance": (Covariance(plus(times(a, X), b), minus(Y, X)), facts(independent("X", "Y"))),
    "covariance matrix": (Covariance(times(A, x), times(B, noise)), facts()),
    "variance of projection": (Variance(times(Transpose(w), x)), facts()),
    "variance of difference": (Variance(minus(x, noise)), facts(independent("x", "noise"))),
    "correlation": (Correlation(X, Y), facts()),
    "centred": (Expectation(times(minus(x, w), Transpose(minus(x, w)))), facts()),
    "conditional variance": (Variance(Y, (X,)), facts()),
    "known factor": (Expectation(times(power(X, 2), Y), (X,)), facts()),
    "total variance": (plus(Expectation(Variance(Y, (X,))), Variance(Expectation(Y, (X,)))), facts()),
    "conditional split": (Expectation(times(power(Y, 2), X, Z), (Z,)), facts(GIVEN_Z)),
    "indicator": (Expectation(power(Indicator("\\le", X, a), 2)), facts()),
    "exponential": (Function("exp", (plus(a, b),)), facts()),
    "square": (power(plus(a, times(number(-2), b), c), 2), facts()),
    "common factor": (plus(times(a, b), times(c, b)), facts()),
    "coin": (Expectation(times(power(Z, 2), X)), facts(COIN, independent("Z", "X"))),
    "masked": (Variance(times(Z, X)), facts(COIN, independent("Z", "X"))),
    "poisson": (Variance(plus(times(a, X), b)), facts(distributed("Poisson", v))),
    "exponential law": (Expectation(power(plus(X, a), 3)), facts(distributed("Exponential", v))),
    "uniform": (Expectation(power(X, 3)), facts(distributed("Uniform", a, b))),
    "laplace": (Expectation(power(X, 4)), facts(distributed("Laplace", a, b))),
    "gamma": (Variance(X), facts(distributed("Gamma", a, b))),
    "beta": (Variance(X), facts(distributed("Beta", a, b))),
    "rademacher": (Expectation(power(X, 4)), facts(distributed("Rademacher"))),
    "normal": (Expectation(power(X, 5)), facts(distributed("Normal", a, b))),
    "uncorrelated": (Covariance(plus(X, Y), minus(X, Y)), facts(o.uncorrelated("X", "Y"))),
    "uncorrelated product": (Expectation(times(plus(X, a), Y)), facts(o.uncorrelated("X", "Y"))),
    "symmetric": (times(Transpose(w), Transpose(A), B, z), facts(has(A, "symmetric"))),
    "orthogonal": (times(Transpose(w), Transpose(A), A, z), facts(has(A, "orthogonal"))),
    "premise": (times(B, A, w), facts(premise(times(A, w), z))),
    "definition": (Expectation(power(Z, 2)), facts(o.defined(Z, plus(X, a)))),
    "known variance": (
        Variance(minus(X, Y)),
        facts(o.moment(Variance(X), a), o.moment(Expectation(X), ZERO), independent("X", "Y")),
    ),
    "known covariance": (Variance(times(A, x)), facts(o.moment(Variance(x), B), o.moment(Expectation(x), w))),
    "quadratic form": (
        Expectation(times(Transpose(x), A, x)),
        facts(o.moment(Variance(x), B), o.moment(Expectation(x), w)),
    ),
    "pairwise": (Expectation(times(X, Y, Z)), facts(PAIRWISE)),
    "pairwise variance": (Variance(plus(X, Y, Z)), facts(PAIRWISE)),
    "two of three": (Expectation(times(X, Y, Z)), facts(independent("X", "Y"))),
    "one against two": (Expectation(times(X, Y, Z)), facts(independent("X", ("Y", "Z")))),
    "chained": (Expectation(times(X, Y, Z)), facts(independent("X", ("Y", "Z")), independent("Y", "Z"))),
}
