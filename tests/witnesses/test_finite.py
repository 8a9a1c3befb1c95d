"""True claims agree in every model; false ones are refuted by a model that satisfies every given."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from derive import check
from derive.language.facts import Identical, Independent, Member
from derive.language.terms import (
    Derivative,
    Determinant,
    Diagonal,
    Entry,
    Function,
    Hadamard,
    Identity,
    Index,
    Indicator,
    Inverse,
    Product,
    SquaredNorm,
    SupportSum,
    Trace,
    Transpose,
    number,
    one_to,
)
from derive.witnesses.finite import Abstention, Agreement, Refutation, examine
from tests.witnesses.shorthand import (
    IX,
    JX,
    SAID,
    SIZE,
    Cov,
    E,
    N,
    Var,
    add,
    claim,
    compare,
    conditionally,
    const,
    defined,
    distributed,
    each_independent,
    function,
    identical,
    independent,
    moment,
    mul,
    neg,
    over,
    power,
    premise,
    prop,
    rand,
    sym,
    total,
    uncorrelated,
    zero,
)

X, Y, Z, A1, B1 = (sym(n) for n in "XYZab")
XYZ = [rand("X"), rand("Y"), rand("Z"), const("a"), const("b")]
A = sym("A", shape=("m", "n"))
B = sym("B", shape=("n", "m"))
S = sym("S", shape=("n", "n"))
R = sym("R", shape=("n", "n"))
x = sym("x", shape=("n", 1))
w = sym("w", shape=("n", 1))
MATRICES = [const("A", ("m", "n")), const("B", ("n", "m")), const("S", ("n", "n")), const("R", ("n", "n"))]
VECTORS = [rand("x", ("n", 1)), const("w", ("n", 1)), rand("n", ("n", 1))]
xi, ei = sym("x", IX), sym("e", IX)
FAMILY = rand("x", families=(one_to("n"),))
ERRORS = rand("e", families=(one_to("n"),))
MEAN = mul(over(SIZE), total(xi))
s, v, c, p, mu = (sym(name) for name in ("s", "v", "c", "p", "mu"))
CONSTANTS = [const("s"), const("v"), const("c"), const("p"), const("mu")]
IID = (each_independent("x"), identical("x"))
DEVIATIONS = total(power(add(xi, neg(mul(over(SIZE), total(sym("x", JX), "j")))), 2))
ENSEMBLE = (
    moment(E(ei), number(0)),
    moment(E(power(ei, 2)), v),
    moment(E(mul(ei, sym("e", JX))), c, ((IX, JX),)),
)
GAUSS = distributed(X, "Normal", number(0), power(s, 2))
SPHERE = distributed(x, "Normal", zero("n", 1), Identity("n"))
NOISE = sym("n", shape=("n", 1))


TRUE = {
    "a number that does not vanish is cancelled": claim(
        mul(A1, E(X)), mul(A1, B1), XYZ, moment(E(mul(A1, X)), mul(A1, B1))
    ),
    "a projection twice": claim(mul(S, S, S), S, MATRICES, premise(mul(S, S), S)),
    "two pairs": claim(
        Var(add(X, Y)), add(Var(X), Var(Y)), XYZ, independent("X", "Y"), independent("X", "Z"), independent("Y", "Z")
    ),
    "two pairs and their sum": claim(Cov(X, add(Y, Z)), number(0), XYZ, independent("X", "Y"), independent("X", "Z")),
    "pairwise identical with a law": claim(
        Var(add(X, Y, Z)),
        mul(3, sym("p"), add(number(1), neg(sym("p")))),
        XYZ,
        independent("X", "Y", "Z", pairwise=True),
        Identical(tuple(Member(u) for u in "XYZ"), SAID),
        distributed(X, "Bernoulli", sym("p")),
    ),
    "linearity": claim(E(add(mul(A1, X), Y)), add(mul(A1, E(X)), E(Y)), XYZ),
    "independent product": claim(E(mul(X, Y)), mul(E(X), E(Y)), XYZ, independent("X", "Y")),
    "mutual": claim(E(mul(X, Y, Z)), mul(E(X), E(Y), E(Z)), XYZ, independent("X", "Y", "Z")),
    "pairs of pairwise": claim(E(mul(X, Y)), mul(E(X), E(Y)), XYZ, independent("X", "Y", "Z", pairwise=True)),
    "variance of an uncorrelated sum": claim(Var(add(X, Y)), add(Var(X), Var(Y)), XYZ, uncorrelated("X", "Y")),
    "variance of a multiple": claim(Var(mul(A1, X)), mul(power(A1, 2), Var(X)), XYZ),
    "tower": claim(E(E(Y, X)), E(Y), XYZ),
    "what is known": claim(E(mul(X, Y), X), mul(X, E(Y, X)), XYZ),
    "total variance": claim(Var(Y), add(E(Var(Y, X)), Var(E(Y, X))), XYZ),
    "conditional independence": claim(E(mul(X, Y), Z), mul(E(X, Z), E(Y, Z)), XYZ, conditionally("X", "Y", "Z")),
    "fourth moment": claim(E(power(X, 4)), mul(3, power(s, 4)), XYZ + CONSTANTS, GAUSS),
    "hutchinson": claim(E(SquaredNorm(mul(A, x))), Trace(mul(Transpose(A), A)), MATRICES + VECTORS, SPHERE),
    "transpose": claim(Transpose(mul(A, B)), mul(Transpose(B), Transpose(A)), MATRICES),
    "trace is cyclic": claim(Trace(mul(A, B)), Trace(mul(B, A)), MATRICES),
    "inverse of a product": claim(
        Inverse(mul(S, R)), mul(Inverse(R), Inverse(S)), MATRICES, prop(S, "invertible"), prop(R, "invertible")
    ),
    "determinant": claim(Determinant(mul(S, R)), mul(Determinant(S), Determinant(R)), MATRICES),
    "projection": claim(
        mul(A, Inverse(mul(Transpose(A), A)), Transpose(A), A), A, MATRICES, prop(A, "full column rank")
    ),
    "symmetric": claim(Transpose(S), S, MATRICES, prop(S, "symmetric")),
    "orthogonal": claim(mul(S, Transpose(S)), Identity("n"), MATRICES, prop(S, "orthogonal")),
    "orthonormal columns": claim(
        SquaredNorm(mul(A, w)), SquaredNorm(w), MATRICES + VECTORS, premise(mul(Transpose(A), A), Identity("n"))
    ),
    "idempotent": claim(mul(S, S, S), S, MATRICES, prop(S, "idempotent")),
    "diagonal matrices commute": claim(mul(S, R), mul(R, S), MATRICES, prop(S, "diagonal"), prop(R, "diagonal")),
    "annihilator": claim(mul(S, R, x), zero("n", 1), MATRICES + VECTORS, premise(mul(S, R), zero("n", "n"))),
    "ensemble": claim(
        E(power(mul(over(SIZE), total(ei)), 2)),
        add(mul(over(SIZE), v), mul(add(SIZE, number(-1)), over(SIZE), c)),
        [ERRORS, *CONSTANTS],
        *ENSEMBLE,
    ),
    "sample variance": claim(
        E(mul(over(add(SIZE, number(-1))), DEVIATIONS)),
        power(s, 2),
        [FAMILY, *CONSTANTS],
        *IID,
        moment(E(xi), mu),
        moment(Var(xi), power(s, 2)),
        compare(SIZE, ">", number(1)),
    ),
    "dropout": claim(
        Var(total(mul(ei, sym("u", IX)))),
        mul(p, add(number(1), neg(p)), total(power(sym("u", IX), 2))),
        [ERRORS, const("u", families=(one_to("n"),)), *CONSTANTS],
        distributed(ei, "Bernoulli", p),
        each_independent("e"),
    ),
    "noise": claim(
        E(power(mul(Transpose(add(x, NOISE)), w), 2)),
        add(E(power(mul(Transpose(x), w), 2)), mul(v, SquaredNorm(w))),
        VECTORS + CONSTANTS,
        independent("x", "n"),
        distributed(NOISE, "Normal", zero("n", 1), mul(v, Identity("n"))),
    ),
    "regression": claim(
        Var(mul(Inverse(mul(Transpose(A), A)), Transpose(A), sym("y", shape=("m", 1)))),
        mul(power(s, 2), Inverse(mul(Transpose(A), A))),
        [*MATRICES, rand("y", ("m", 1)), *CONSTANTS],
        prop(A, "full column rank"),
        moment(Var(sym("y", shape=("m", 1))), mul(power(s, 2), Identity("m"))),
    ),
    "conditional noise": claim(E(mul(Transpose(x), NOISE)), number(0), VECTORS, moment(E(NOISE, x), zero("n", 1))),
    "gradient": claim(
        Derivative(E(power(add(mul(Transpose(x), w), neg(Y)), 2)), w),
        mul(2, E(mul(x, add(mul(Transpose(x), w), neg(Y))))),
        VECTORS + XYZ,
    ),
    "second derivative": claim(Derivative(Derivative(power(A1, 3), A1), A1), mul(6, A1), XYZ),
    "chain rule": claim(
        Derivative(Function("f", (power(A1, 2),)), A1),
        mul(2, A1, Function("f", (power(A1, 2),), order=1)),
        [*XYZ, function("f")],
    ),
    "definition": claim(Var(Z), mul(power(A1, 2), Var(X)), XYZ, defined(Z, add(mul(A1, X), B1))),
    "unknown function": claim(
        E(mul(Function("f", (X,)), Y)), mul(E(Function("f", (X,))), E(Y)), [*XYZ, function("f")], independent("X", "Y")
    ),
    "event": claim(E(power(Indicator("=", X, A1), 2)), E(Indicator("=", X, A1)), XYZ),
    "product": claim(
        E(Product("i", one_to("n"), xi)), Product("i", one_to("n"), E(xi)), [FAMILY], each_independent("x")
    ),
    "outcomes": claim(
        E(X),
        SupportSum(sym("k"), number(0), number(1), mul(sym("k"), Fraction(1, 2))),
        XYZ,
        distributed(X, "Bernoulli", number(Fraction(1, 2))),
    ),
    "free index": claim(
        E(sym("o", IX)),
        number(0),
        [rand("o", families=(None,)), rand("u", families=(None, one_to("n"))), FAMILY],
        defined(sym("o", IX), total(mul(sym("u", IX, JX), sym("x", JX)), "j")),
        each_independent("u", "x"),
        moment(E(sym("u", IX, JX)), number(0)),
    ),
    "hadamard": claim(Hadamard((S, R)), Hadamard((R, S)), MATRICES),
    "diagonal of a vector": claim(mul(Diagonal(w), zero("n", 1)), zero("n", 1), VECTORS),
    "standardised": claim(Var(mul(add(X, neg(E(X))), power(Var(X), Fraction(-1, 2)))), number(1), XYZ),
    "recursion": claim(
        E(sym("x", Index("k"))),
        mul(A1, E(sym("x", Index("k", -1)))),
        [rand("x", families=(None,)), rand("u", families=(None,)), const("a")],
        defined(sym("x", Index("k")), add(mul(A1, sym("x", Index("k", -1))), sym("u", Index("k", -1)))),
        moment(E(sym("u", Index("k"))), number(0)),
    ),
}


FALSE = {
    "product without independence": claim(E(mul(X, Y)), mul(E(X), E(Y)), XYZ),
    "uncorrelated is not independent": claim(
        E(mul(power(X, 2), Y)), mul(E(power(X, 2)), E(Y)), XYZ, uncorrelated("X", "Y")
    ),
    "pairwise is not mutual": claim(
        E(mul(X, Y, Z)), mul(E(X), E(Y), E(Z)), XYZ, independent("X", "Y", "Z", pairwise=True)
    ),
    "a mean that is cancelled": claim(E(X), A1, XYZ, moment(E(mul(sym("b"), X)), mul(sym("b"), A1))),
    "a mean of means that is cancelled": claim(E(X), E(Y), XYZ, moment(mul(A1, E(X)), mul(A1, E(Y)))),
    "the other factor vanishes": claim(A1, number(0), XYZ, premise(mul(A1, B1), number(0))),
    "one of two roots": claim(A1, number(1), XYZ, premise(power(A1, 2), number(1))),
    "zero is a root": claim(A1, number(1), XYZ, premise(power(A1, 2), A1)),
    "a projection is not symmetric": claim(Transpose(S), S, MATRICES, premise(mul(S, S), S)),
    "an involution": claim(S, Identity("n"), MATRICES, premise(mul(S, S), Identity("n"))),
    "an eigenvector of a projection": claim(
        mul(S, w), zero("n", 1), [*MATRICES, *VECTORS, *XYZ], prop(S, "idempotent"), premise(mul(S, w), mul(A1, w))
    ),
    "two pairs are not one of both": claim(
        E(mul(X, Y, Z)), mul(E(X), E(mul(Y, Z))), XYZ, independent("X", "Y"), independent("X", "Z")
    ),
    "three pairs are not mutual": claim(
        E(mul(X, Y, Z)),
        number(0),
        XYZ,
        independent("X", "Y"),
        independent("X", "Z"),
        independent("Y", "Z"),
        *(moment(E(u), number(0)) for u in (X, Y, Z)),
    ),
    "a mean, given two independent ones": claim(E(X, Y, Z), E(X), XYZ, independent("X", "Y"), independent("X", "Z")),
    "pairwise with a mean and a law": claim(
        Var(add(mul(X, Y), Z)),
        add(Var(mul(X, Y)), Var(Z)),
        XYZ,
        independent("X", "Y", "Z", pairwise=True),
        distributed(X, "Bernoulli", over(number(2))),
        moment(E(Y), number(0)),
        moment(Var(Y), number(1)),
    ),
    "pairwise and identically distributed": claim(
        E(mul(X, Y, Z)),
        power(E(X), 3),
        XYZ,
        independent("X", "Y", "Z", pairwise=True),
        Identical(tuple(Member(u) for u in "XYZ"), SAID),
    ),
    "two pairs of order": claim(
        E(mul(Indicator("<", number(0), X), Y, Z)),
        mul(E(Indicator("<", number(0), X)), E(mul(Y, Z))),
        XYZ,
        independent("X", "Y"),
        independent("X", "Z"),
    ),
    "independence of others": claim(E(mul(X, Y)), mul(E(X), E(Y)), XYZ, independent("X", "Z"), independent("Y", "Z")),
    "square of the mean": claim(E(power(X, 2)), power(E(X), 2), XYZ),
    "variance is not linear": claim(Var(mul(A1, X)), mul(A1, Var(X)), XYZ),
    "cross term": claim(Var(add(X, Y)), add(Var(X), Var(Y)), XYZ),
    "zero mean is not symmetric": claim(E(power(X, 3)), number(0), XYZ, moment(E(X), number(0))),
    "conditioning": claim(E(Y, X), E(Y), XYZ),
    "conditional is not marginal": claim(E(mul(X, Y)), mul(E(X), E(Y)), XYZ, conditionally("X", "Y", "Z")),
    "total variance, half of it": claim(Var(Y), E(Var(Y, X)), XYZ),
    "fourth moment": claim(E(power(X, 4)), mul(2, power(s, 4)), XYZ + CONSTANTS, GAUSS),
    "transpose": claim(Transpose(mul(S, R)), mul(Transpose(S), Transpose(R)), MATRICES),
    "matrices commute": claim(mul(S, R), mul(R, S), MATRICES),
    "symmetric by silence": claim(Transpose(S), S, MATRICES),
    "inverse of a product": claim(
        Inverse(mul(S, R)), mul(Inverse(S), Inverse(R)), MATRICES, prop(S, "invertible"), prop(R, "invertible")
    ),
    "determinant of a sum": claim(Determinant(add(S, R)), add(Determinant(S), Determinant(R)), MATRICES),
    "ensemble without covariance": claim(
        E(power(mul(over(SIZE), total(ei)), 2)), mul(over(SIZE), v), [ERRORS, *CONSTANTS], *ENSEMBLE
    ),
    "biased sample variance": claim(
        E(mul(over(SIZE), DEVIATIONS)),
        power(s, 2),
        [FAMILY, *CONSTANTS],
        *IID,
        moment(E(xi), mu),
        moment(Var(xi), power(s, 2)),
        compare(SIZE, ">", number(1)),
    ),
    "variance of a mean": claim(
        Var(MEAN), Var(sym("x", Index(None, 1))), [FAMILY], *IID, compare(SIZE, ">", number(1))
    ),
    "dropout": claim(
        Var(total(mul(ei, sym("u", IX)))),
        mul(p, total(power(sym("u", IX), 2))),
        [ERRORS, const("u", families=(one_to("n"),)), *CONSTANTS],
        distributed(ei, "Bernoulli", p),
        each_independent("e"),
    ),
    "noise that is not independent": claim(
        E(power(mul(Transpose(add(x, NOISE)), w), 2)),
        add(E(power(mul(Transpose(x), w), 2)), mul(v, SquaredNorm(w))),
        VECTORS + CONSTANTS,
        moment(E(NOISE), zero("n", 1)),
        moment(Var(NOISE), mul(v, Identity("n"))),
    ),
    "components": claim(
        E(mul(Entry(x, Index(None, 1)), Entry(x, Index(None, 2)))),
        number(1),
        VECTORS,
        SPHERE,
        compare(SIZE, ">", number(1)),
    ),
    "uniform": claim(Var(X), number(Fraction(1, 6)), XYZ, distributed(X, "Uniform", number(0), number(1))),
    "poisson": claim(E(power(X, 2)), s, XYZ + CONSTANTS, distributed(X, "Poisson", s)),
    "gradient without the factor": claim(Derivative(SquaredNorm(w), w), w, VECTORS),
    "functions do not pass the mean": claim(E(Function("f", (X,))), Function("f", (E(X),)), [*XYZ, function("f")]),
    "identical is not equal": claim(E(mul(X, Y)), E(power(X, 2)), XYZ, independent("X", "Y"), identical("X", "Y")),
    "what is given does not decide": claim(E(Y, X), Y, XYZ),
    "no variance is left": claim(E(Var(Y, X)), number(0), XYZ),
    "absolute value": claim(E(Function("abs", (X,))), E(X), XYZ),
    "order of events": claim(E(Indicator("<", X, Y)), E(Indicator("<", Y, X)), XYZ),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_claims_agree(name):
    outcome = examine(TRUE[name], models=4, deadline=5)
    assert isinstance(outcome, Agreement), outcome
    assert outcome.models >= 4
    # where there is a condition, models with few different values follow, and each of them is looked at for itself
    assert float(outcome.bound) < (1e-12 if outcome.models > 4 else 1e-30)


@pytest.mark.parametrize("name", FALSE)
def test_false_claims_are_refuted(name):
    outcome = examine(FALSE[name], models=4, deadline=10)
    assert isinstance(outcome, Refutation), outcome
    assert outcome.counterexample.lhs != outcome.counterexample.rhs
    assert sum(Fraction(p) for p, _ in outcome.counterexample.outcomes) == 1


def test_the_answer_depends_on_the_seed_alone():
    wrong = FALSE["uncorrelated is not independent"]
    assert examine(wrong, seed=3, deadline=20) == examine(wrong, seed=3, deadline=20)


def test_contradictory_givens_are_named_or_abstained_from():
    outcome = examine(claim(E(X), number(2), XYZ, moment(E(X), number(0)), moment(E(X), number(1))))
    assert isinstance(outcome, Abstention)


def test_what_satisfies_a_part_of_the_givens_does_not_agree():
    """Y is normal around X, of which the models know the variance alone."""
    around = (distributed(Y, "Normal", X, number(1)), distributed(X, "Normal", number(0), number(1)))
    for value in (1, 2, 7):
        assert isinstance(examine(claim(Var(Y), number(value), XYZ, *around)), Abstention)


def test_transcendental_functions_refute_nothing():
    outcome = examine(claim(Function("exp", (add(A1, B1),)), mul(Function("exp", (A1,)), Function("exp", (B1,))), XYZ))
    assert isinstance(outcome, Abstention)
    assert "exp" in outcome.reason


def test_what_holds_for_every_function_holds_for_the_exponential():
    outcome = examine(claim(E(mul(2, Function("exp", (X,)))), mul(2, E(Function("exp", (X,)))), XYZ))
    assert isinstance(outcome, Agreement)


def test_normality_beyond_the_matched_moments_refutes_nothing():
    """Stein's lemma needs the whole law; a finite law with a few of its moments must not count against it."""
    f, step = Function("f", (X,)), Function("f", (X,), order=1)
    stein = claim(E(mul(X, f)), E(step), [*XYZ, function("f")], distributed(X, "Normal", number(0), number(1)))
    assert isinstance(examine(stein), Abstention)


def test_pairs_that_are_independent_of_each_other_may_be_dependent_within():
    pairs = Independent(((Member("x", each=True), Member("e", each=True)),), SAID)
    inside = claim(E(mul(xi, ei)), mul(E(xi), E(ei)), [FAMILY, ERRORS], pairs)
    across = claim(E(mul(xi, sym("e", JX))), mul(E(xi), E(sym("e", JX))), [FAMILY, ERRORS], pairs, distinct=((IX, JX),))
    assert isinstance(examine(inside), Refutation)
    assert isinstance(examine(across), Agreement)


def test_a_size_of_one_is_used_only_where_it_is_allowed():
    found = examine(FALSE["variance of a mean"], deadline=10)
    assert found.counterexample.dimensions["n"] > 1


@settings(max_examples=25, deadline=None)
@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3))
def test_polynomial_identities_are_decided(a, b, k):
    """(aX + b)² expands to a²X² + 2abX + b² under the mean, and to nothing else."""
    left = E(power(add(mul(a, X), number(b)), 2))
    right = add(mul(a * a, E(power(X, 2))), mul(2 * a * b, E(X)), number(b * b + k))
    outcome = examine(claim(left, right, XYZ), models=2, deadline=5)
    assert isinstance(outcome, Refutation if k else Agreement)


def test_powers_that_are_defined():
    """`T² = …` where T itself never occurs."""
    t_squared = power(sym("T"), 2)
    given_ = defined(t_squared, DEVIATIONS)
    outcome = examine(claim(E(t_squared), E(DEVIATIONS), [FAMILY, rand("T")], given_))
    assert isinstance(outcome, Agreement)


def test_covariances_of_definitions():
    infos = [*XYZ, rand("e"), const("r")]
    made = defined(Y, add(mul(A1, X), sym("e")))
    right = mul(A1, Var(X))
    assert isinstance(examine(claim(Cov(X, Y), right, infos, made, independent("X", "e"))), Agreement)
    assert isinstance(examine(claim(Cov(X, Y), right, infos, made)), Refutation)


def test_the_free_range_has_a_value():
    assert isinstance(examine(claim(total(number(1)), SIZE, [])), Agreement)
    assert isinstance(examine(claim(total(number(1)), add(SIZE, number(1)), [])), Refutation)
    assert N.base == "n"


def test_constants_of_two_values_are_looked_at_in_more_models():
    """The sides differ for m = k = 1 alone: a quarter of the choices."""
    m, k = sym("m", shape=(2, 1)), sym("k", shape=(2, 1))
    infos = [const("m", (2, 1), support="binary"), const("k", (2, 1), support="binary")]
    both = mul(Entry(m, Index(None, 1), Index(None, 1)), Entry(k, Index(None, 2), Index(None, 1)))
    for seed in range(20):
        assert isinstance(examine(claim(both, number(0), infos), seed=seed), Refutation)
    agreed = examine(claim(power(both, 2), both, infos))
    assert isinstance(agreed, Agreement) and agreed.models == 24
    assert agreed.bound in ("", "1e-1", "1e-2", "1e-3")


@pytest.mark.parametrize("claim", [r"\nabla_\theta f_\theta(x) = x", r"\nabla_w \mathbb{E}[L_w(x)^2] = 3"])
def test_a_variable_in_a_name_is_not_modelled(claim):
    """What f_θ makes of θ nobody knows: no derivative by θ is refuted."""
    report = derive.check(f"$$\n{claim}\n$$\n", simulation=False)
    assert [s.verdict for d in report.documents for c in d.derivations for s in c.steps] == ["unproved"]


@pytest.mark.parametrize(
    "givens, left, right, answer",
    [  # first moments say nothing of an order, and a model that differs never speaks for the claim
        ([r"X \sim \mathcal{N}(0, 1)"], r"E[|X|]", "5", "unproved"),
        ([r"X \sim \mathcal{N}(0, 1)"], r"E[X \mathbf{1}\{X > 0\}]", "0", "unproved"),
        ([r"X \sim \mathrm{Uniform}(0, 1)"], r"E[\mathbf{1}\{X > 1/2\}]", "1", "unproved"),
        ([r"X \sim \mathcal{N}(\mu, 1)", r"Y \text{ random}"], r"E[X + |Y|]", r"\mu + E[Y]", "wrong"),
        ([r"E[X] = \mu", r"Y \text{ random}"], r"E[X + |Y|]", r"\mu + E[Y]", "wrong"),  # Y takes both signs
    ],
)
def test_order_and_laws(givens, left, right, answer):
    block = "```given\n" + "\n".join(givens) + "\n```\n\n"
    step = check(f"{block}$$\n{left} = {right}\n$$\n", simulation=False).steps[0]
    assert step.verdict == answer
    assert step.exact is not None
    assert step.exact.agree is not True


@pytest.mark.parametrize("seed", [0, 19])
def test_conditions_on_absolute_values_see_more_than_ones(seed):
    """E[X] = E[Y] and a denominator left the models with X = ±1 alone, in which X⁻² is X²."""
    absolute = Function("abs", (X,), X.shape)
    sides = [E(mul(Y, Z, power(X, k)), absolute) for k in (-2, 2)]
    one = claim(*sides, XYZ, independent("X", "Y"), moment(E(X), E(Y)))
    assert isinstance(examine(one, seed=seed), Refutation)
