"""Models satisfy their givens: moments, dependence, properties and premises, and nothing beyond them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.arrays import Abstain, Axis, Labelled, contract, pick
from derive.witnesses.sampling import Model, build
from derive.witnesses.sim_dependence import Separation, parents, triples
from tests.witnesses.sim_builders import (
    Cov,
    E,
    I,
    J,
    K,
    N,
    T,
    Var,
    compare,
    constant,
    define,
    facts,
    has,
    identical,
    independent,
    mat,
    minus,
    moment,
    number,
    over,
    plus,
    power,
    premise,
    prop,
    random,
    s,
    times,
    total,
    uncorrelated,
    vec,
    zero,
)  # fmt: skip

DRAWS = 200_000
x, y, z, w = s("x"), s("y"), s("z"), s("w")
a, b, c, p, v, mu, sigma = (s(k) for k in ("a", "b", "c", "p", "v", "mu", "sigma"))
xi, xj, yi = s("x", I), s("x", J), s("y", I)


def model_of(*sides: t.Term, given: f.Facts, seed: int = 3) -> Model:
    lhs = sides[0] if len(sides) == 1 else plus(*sides)
    return build(f.Claim(lhs, number(0), given), seed)


def draws(model: Model, *names: str, n: int = DRAWS) -> list[np.ndarray]:
    symbols = model.draw(np.random.default_rng(1), n)
    return [symbols[name].value.data for name in names]


def numbers(model: Model, name: str) -> np.ndarray:
    return model.constants[name].value.data


def close(estimate: np.ndarray, exact: np.ndarray, spread: float = 1.0) -> bool:
    """Within six standard errors of averages of things of size `spread`."""
    return bool(np.all(np.abs(np.asarray(estimate) - exact) < 6 * spread / math.sqrt(DRAWS)))


# -- declared distributions ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "parameters", "mean", "variance"),
    [
        ("Normal", (number(2), number(9)), 2, 9),
        ("Bernoulli", (power(number(4), -1),), 0.25, 0.1875),
        ("Uniform", (number(-1), number(5)), 2, 3),
        ("Exponential", (number(2),), 0.5, 0.25),
        ("Poisson", (number(3),), 3, 3),
        ("Binomial", (number(6), power(number(3), -1)), 2, 4 / 3),
        ("Gamma", (number(3), number(2)), 1.5, 0.75),
        ("Beta", (number(2), number(3)), 0.4, 0.04),
        ("Laplace", (number(1), number(2)), 1, 8),
        ("Rademacher", (), 0, 1),
    ],
)
def test_mean_and_variance_of_declared_distributions(family, parameters, mean, variance):
    (drawn,) = draws(model_of(E(x), given=facts(random(x), has(x, family, *parameters))), "x")
    assert drawn.shape == (DRAWS,)
    assert close(drawn.mean(), mean, math.sqrt(variance))
    assert drawn.var() == pytest.approx(variance, rel=0.03)


def test_normal_vector_with_any_covariance():
    given = facts(random(vec("x")) | constant(vec("mu"), mat("S")), has(vec("x"), "Normal", vec("mu"), mat("S")))
    model = model_of(t.SquaredNorm(vec("x")), given=given)
    (drawn,) = draws(model, "x")
    covariance = numbers(model, "S")
    assert np.count_nonzero(np.abs(covariance) > 1e-3) > covariance.shape[0]
    assert close(drawn.mean(axis=0), numbers(model, "mu"), 2)
    assert np.allclose(np.cov(drawn.T), covariance, atol=0.03)


def test_categorical_and_multinomial():
    probabilities = vec("q", dim="k")
    one_hot = model_of(
        E(vec("x", dim="k")),
        given=facts(
            random(vec("x", dim="k")) | constant(probabilities), has(vec("x", dim="k"), "Categorical", probabilities)
        ),
    )
    (drawn,) = draws(one_hot, "x")
    assert np.all(drawn.sum(axis=1) == 1)
    assert close(drawn.mean(axis=0), numbers(one_hot, "q"))
    counts = model_of(
        E(vec("x", dim="k")),
        given=facts(
            random(vec("x", dim="k")) | constant(probabilities),
            has(vec("x", dim="k"), "Multinomial", number(4), probabilities),
        ),
    )
    (drawn,) = draws(counts, "x")
    assert np.all(drawn.sum(axis=1) == 4)
    assert close(drawn.mean(axis=0), 4 * numbers(counts, "q"), 2)


def test_matrix_normal():
    X = mat("X", "n", "p")
    given = facts(
        random(X) | constant(mat("M", "n", "p"), mat("U", "n", "n"), mat("V", "p", "p")),
        has(X, "MatrixNormal", mat("M", "n", "p"), mat("U", "n", "n"), mat("V", "p", "p")),
    )
    model = model_of(t.SquaredNorm(X), given=given)
    (drawn,) = draws(model, "X")
    columns = drawn.transpose(0, 2, 1).reshape(DRAWS, -1)
    assert np.allclose(np.cov(columns.T), np.kron(numbers(model, "V"), numbers(model, "U")), atol=0.06)


def test_mean_and_covariance_alone_leave_the_shape_open():
    given = facts(random(x) | constant(mu, v), has(x, "Moments", mu, v))
    model = model_of(E(x), given=given)
    (drawn,) = draws(model, "x")
    assert close(drawn.mean(), float(numbers(model, "mu")), 2)
    assert drawn.var() == pytest.approx(float(numbers(model, "v")), rel=0.03)
    assert abs(np.mean((drawn - drawn.mean()) ** 3)) > 0.01 * drawn.std() ** 3


def test_parameters_that_do_not_fit_are_refused():
    given = facts(random(vec("x")), has(vec("x"), "Normal", zero(), number(2)))
    with pytest.raises(Abstain, match="do not fit"):
        model_of(t.SquaredNorm(vec("x")), given=given)


# -- dependence ----------------------------------------------------------------------------------


def test_nothing_declared_means_dependent_and_skew():
    one, two = draws(model_of(E(times(x, y)), given=facts(random(x, y))), "x", "y")
    assert abs(np.corrcoef(one, two)[0, 1]) > 0.05
    assert abs(np.mean((one - one.mean()) ** 3)) > 0.01 * one.std() ** 3


@pytest.mark.parametrize("families", [("Normal", "Normal"), ("Exponential", "Poisson"), ("Normal", None)])
def test_declared_distributions_are_dependent_unless_independence_is_declared(families):
    parameters = {"Normal": (number(0), number(1)), "Exponential": (number(1),), "Poisson": (number(2),)}
    givens = [has(q, k, *parameters[k]) for q, k in zip((x, y), families, strict=True) if k]
    one, two = draws(model_of(E(times(x, y)), given=facts(random(x, y), *givens)), "x", "y")
    assert abs(np.corrcoef(one, two)[0, 1]) > 0.2
    one, two = draws(model_of(E(times(x, y)), given=facts(random(x, y), *givens, independent("x", "y"))), "x", "y")
    for g in (lambda q: q, np.square, np.tanh):
        assert close(np.cov(g(one), g(two))[0, 1], 0, g(one).std() * g(two).std())


def test_ordering_keeps_the_distribution():
    given = facts(random(x, y), has(x, "Normal", number(0), number(1)), has(y, "Exponential", number(1)))
    _, two = draws(model_of(E(times(x, y)), given=given), "x", "y")
    for q in (0.1, 0.5, 0.9):
        assert np.quantile(two, q) == pytest.approx(-math.log(1 - q), abs=0.02)


def test_noise_independent_of_a_group_that_hangs_together():
    given = facts(random(x, y, z), independent("z", ("x", "y")))
    one, two, three = draws(model_of(E(times(x, y, z)), given=given), "x", "y", "z")
    assert abs(np.corrcoef(one, two)[0, 1]) > 0.05
    assert close(np.cov(one * two, three)[0, 1], 0, (one * two).std() * three.std())


def test_independence_of_one_says_nothing_of_another():
    """z is independent of x alone: y may hang together with both."""
    given = facts(random(x, y, z), independent("z", "x"))
    one, two, three = draws(model_of(E(times(x, y, z)), given=given), "x", "y", "z")
    assert close(np.cov(one, three)[0, 1], 0, one.std() * three.std())
    assert abs(np.corrcoef(one, two)[0, 1]) > 0.1
    assert abs(np.corrcoef(three, two)[0, 1]) > 0.1


def test_pairwise_independence_is_not_mutual():
    given = facts(random(x, y, z), independent("x", "y", "z", pairwise=True))
    drawn = [q - q.mean() for q in draws(model_of(E(times(x, y, z)), given=given), "x", "y", "z")]
    scale = np.prod([q.std() for q in drawn])
    for k, m in ((0, 1), (0, 2), (1, 2)):
        assert close(np.mean(drawn[k] * drawn[m]), 0, drawn[k].std() * drawn[m].std())
    assert abs(np.mean(np.prod(drawn, axis=0))) > 0.05 * scale
    given = facts(random(x, y, z), independent("x", "y", "z"))
    drawn = [q - q.mean() for q in draws(model_of(E(times(x, y, z)), given=given), "x", "y", "z")]
    assert close(np.mean(np.prod(drawn, axis=0)), 0, scale)


def test_uncorrelated_is_not_independent():
    one, two = draws(model_of(E(times(x, y)), given=facts(random(x, y), uncorrelated("x", "y"))), "x", "y")
    assert close(np.cov(one, two)[0, 1], 0, one.std() * two.std())
    assert abs(np.cov(np.square(one - one.mean()), two)[0, 1]) > 0.02


def test_iid_members_have_one_law_and_hang_together_with_others_only_where_allowed():
    given = facts(random(xi, y), independent("x", each=True), identical("x"))
    family, other = draws(model_of(E(times(xi, y)), given=given), "x", "y")
    assert np.ptp(family.mean(axis=0)) < 0.02 and np.ptp(family.var(axis=0)) < 0.03
    correlations = np.corrcoef(family.T)
    assert np.max(np.abs(correlations - np.eye(len(correlations)))) < 0.02
    assert np.max(np.abs([np.corrcoef(family[:, k], other)[0, 1] for k in range(family.shape[1])])) > 0.05


def test_independent_members_need_not_be_alike():
    (family,) = draws(model_of(E(xi), given=facts(random(xi), independent("x", each=True))), "x")
    assert np.ptp(family.mean(axis=0)) > 0.1


def test_a_schematic_statement_holds_for_each_value():
    statement = f.Independent(((f.Member("x", (I,)),), (f.Member("y", (I,)),)), f.Source("", ""), schematic=True)
    one, two = draws(model_of(E(times(xi, yi)), given=facts(random(xi, yi), statement)), "x", "y")
    for k in range(one.shape[1]):
        assert close(np.cov(one[:, k], two[:, k])[0, 1], 0, one[:, k].std() * two[:, k].std())
    assert max(abs(np.corrcoef(one[:, 0], two[:, k])[0, 1]) for k in range(1, one.shape[1])) > 0.02


def test_conditional_independence():
    statement = f.ConditionallyIndependent((f.Member("y"),), (f.Member("z"),), (f.Member("x"),), f.Source("", ""))
    given = facts(random(x, y, z), statement)
    one, two, three = draws(model_of(E(times(y, z), x), given=given), "x", "y", "z")
    assert abs(np.corrcoef(two, three)[0, 1]) > 0.02
    for value in np.unique(one):
        here = one == value
        assert abs(np.corrcoef(two[here], three[here])[0, 1]) < 0.02


def test_sharing_a_part_is_no_independence():
    given = facts(random(x, y, z), define(z, plus(x, y)), independent("z", "x"))
    with pytest.raises(Abstain, match="share a part"):
        model_of(E(times(z, x)), given=given)


@settings(max_examples=60, deadline=None)
@for_all(
    st.integers(2, 6).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))))
    )
)
def test_separated_units_never_share_an_ancestor(case):
    count, pairs = case
    separation = Separation({frozenset(pair) for pair in pairs if pair[0] != pair[1]})
    above = parents(count, separation)
    ancestors: dict[int, set[int]] = {}
    for unit, chosen in above.items():
        ancestors[unit] = {unit}.union(*(ancestors[p] for p in chosen))
    for left, right in separation.pairs and map(tuple, separation.pairs):
        assert not ancestors[left] & ancestors[right]


def test_triples_are_of_units_that_nothing_else_separates():
    separation = Separation(only_pairwise=[[0, 1, 2, 3]])
    assert triples(separation, set()) == [(0, 1, 2)]
    assert triples(separation, {frozenset((0, 1))}) == [(0, 2, 3)]


# -- moments -------------------------------------------------------------------------------------


def test_exchangeable_errors():
    given = facts(random(xi) | constant(v, c), moment(E(power(xi, 2)), v), moment(E(times(xi, xj)), c, (I, J)))
    model = model_of(E(power(total(xi), 2)), given=given)
    (family,) = draws(model, "x")
    products = family.T @ family / DRAWS
    expected = np.full(products.shape, float(numbers(model, "c")))
    np.fill_diagonal(expected, float(numbers(model, "v")))
    assert close(products, expected, 3)
    assert abs(float(numbers(model, "c"))) > 1e-3


def test_zero_mean_and_scaled_identity():
    given = facts(
        random(vec("x")) | constant(a), moment(E(vec("x")), zero()), moment(Var(vec("x")), times(a, t.Identity("m")))
    )
    model = model_of(t.SquaredNorm(vec("x")), given=given)
    (drawn,) = draws(model, "x")
    assert float(numbers(model, "a")) > 0
    assert close(drawn.mean(axis=0), 0, 2)
    assert close(np.cov(drawn.T), float(numbers(model, "a")) * np.eye(drawn.shape[1]), 3)


def test_blocks_of_a_covariance():
    one, two = vec("x", dim="p"), vec("y", dim="q")
    given = facts(
        random(one, two) | constant(mat("A", "p", "p"), mat("B", "q", "q"), mat("C", "q", "p")),
        moment(Var(one), mat("A", "p", "p")), moment(Var(two), mat("B", "q", "q")), moment(Cov(two, one), mat("C", "q", "p")),
    )  # fmt: skip
    model = model_of(E(t.SquaredNorm(one)), t.SquaredNorm(two), given=given)
    first, second = draws(model, "x", "y")
    joint = np.cov(np.hstack([second, first]).T)
    q = second.shape[1]
    assert close(joint[:q, q:], numbers(model, "C"), 3)
    assert close(joint[:q, :q], numbers(model, "B"), 3)
    assert np.max(np.abs(numbers(model, "C"))) > 1e-2


def test_moments_of_what_is_defined():
    """e_i = x_i - y with E[e_i^2] = v, E[e_i e_j] = c."""
    e = lambda k: s("e", k)  # noqa: E731
    given = facts(
        random(xi, y, s("e", I)) | constant(v, c),
        define(e(I), plus(xi, minus(y))), moment(E(power(e(I), 2)), v), moment(E(times(e(I), e(J))), c, (I, J)),
    )  # fmt: skip
    model = model_of(E(power(total(e(I)), 2)), given=given)
    family, other = draws(model, "x", "y")
    errors = family - other[:, None]
    products = errors.T @ errors / DRAWS
    assert close(np.diag(products), float(numbers(model, "v")), 5)
    assert close(products[0, 1:], float(numbers(model, "c")), 5)


def test_moments_equal_to_moments():
    given = facts(random(xi, y), moment(E(power(xi, 2)), E(power(y, 2))))
    family, other = draws(model_of(E(times(xi, y)), given=given), "x", "y")
    assert close(np.mean(family**2, axis=0), np.mean(other**2), 5)


def test_numbers_for_second_moments_leave_room_for_means():
    given = facts(random(vec("x")), moment(E(times(vec("x"), T(vec("x")))), t.Identity("m")))
    (drawn,) = draws(model_of(t.SquaredNorm(vec("x")), given=given), "x")
    assert close(drawn.T @ drawn / DRAWS, np.eye(drawn.shape[1]), 3)


def test_conditional_mean_zero():
    """E[e | X] = 0 without independence: the spread of e depends on X."""
    e = s("e")
    given = facts(random(x, e), moment(E(e, x), number(0)))
    model = model_of(E(power(s("e"), 2), x), given=given)
    symbols = model.draw(np.random.default_rng(1), DRAWS)
    (noise,) = (symbols[k].value.data for k in symbols if k == "e°")
    assert close(noise.mean(), 0, 2)
    assert "spread of e" in repr(model.lhs)


def test_what_cannot_be_satisfied_is_named():
    with pytest.raises(Abstain, match="the given"):
        model_of(E(x), given=facts(random(x), moment(E(x), number(1)), moment(E(x), number(2))))
    with pytest.raises(Abstain):
        model_of(E(x), given=facts(random(x), moment(Var(x), number(-1))))


# -- constants -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "test"),
    [
        (("symmetric",), lambda A: np.allclose(A, A.T)),
        (("antisymmetric",), lambda A: np.allclose(A, -A.T)),
        (("orthogonal",), lambda A: np.allclose(A.T @ A, np.eye(len(A)))),
        (("positive definite",), lambda A: np.allclose(A, A.T) and np.linalg.eigvalsh(A)[0] > 0),
        (("diagonal",), lambda A: np.allclose(A, np.diag(np.diag(A)))),
        (("invertible",), lambda A: abs(np.linalg.det(A)) > 1e-3),
        (("idempotent",), lambda A: np.allclose(A @ A, A)),
        (("idempotent", "symmetric"), lambda A: np.allclose(A @ A, A) and np.allclose(A, A.T)),
        ((), lambda A: not np.allclose(A, A.T)),
    ],
)
def test_properties_of_matrices(words, test):
    A = mat("A")
    model = model_of(t.Trace(A), given=facts(constant(A), *(prop(A, word) for word in words)))
    assert test(numbers(model, "A"))


def test_comparisons_hold():
    given = facts(
        constant(s("rho"), a, b), compare(s("rho"), "<", number(1)), compare(s("rho"), ">", number(-1)),
        compare(a, "<", b), compare(N, ">", number(1)),
    )  # fmt: skip
    for seed in range(20):
        model = model_of(times(s("rho"), a, b), given=given, seed=seed)
        assert -1 < numbers(model, "rho") < 1 and numbers(model, "a") < numbers(model, "b")


def test_dimensions_are_small_distinct_and_high_enough():
    X = mat("X", "n", "p")
    model = model_of(t.Trace(t.Inverse(times(T(X), X))), given=facts(constant(X)))
    assert model.dims["n"] > model.dims["p"]
    model = model_of(t.SquaredNorm(X), given=facts(constant(X), compare(t.IndexValue(t.Index("p")), ">", N)))
    assert model.dims["p"] > model.dims["n"]


def test_premises_are_solved():
    """B X = 0, and X = U D W' with U'U = I and W orthogonal."""
    B, X = mat("B", "n", "n"), mat("X", "n", "p")
    model = model_of(t.Trace(times(B, X, T(X))), given=facts(constant(B, X), premise(times(B, X), zero("n", "p"))))
    assert np.allclose(numbers(model, "B") @ numbers(model, "X"), 0, atol=1e-8)
    assert np.max(np.abs(numbers(model, "B"))) > 0.1 and np.max(np.abs(numbers(model, "X"))) > 0.1
    U, W = mat("U", "n", "p"), mat("W", "p", "p")
    given = facts(
        constant(X, U, W), premise(X, times(U, W)), premise(times(T(U), U), t.Identity("p")), prop(W, "orthogonal")
    )
    model = model_of(t.Trace(times(T(X), X)), given=given)
    assert np.allclose(numbers(model, "X"), numbers(model, "U") @ numbers(model, "W"), atol=1e-8)
    assert np.allclose(numbers(model, "U").T @ numbers(model, "U"), np.eye(model.dims["p"]), atol=1e-8)
    assert np.allclose(numbers(model, "W").T @ numbers(model, "W"), np.eye(model.dims["p"]), atol=1e-8)


def test_premises_without_solution_are_named():
    with pytest.raises(Abstain, match="equations"):
        model_of(a, given=facts(constant(a), premise(power(a, 2), number(-1))))


def test_definitions_are_evaluated_also_where_indices_would_be_captured():
    """o_i = sum_j w_ij x_j, used under a sum over j."""
    o, wij = s("o", I), s("w", I, J)
    given = facts(
        random(s("x", J)) | constant(wij) | {"o": f.SymbolInfo("o", t.SCALAR, "random", (t.one_to("n"),))},
        define(o, t.Sum("j", t.one_to("n"), times(wij, s("x", J)))),
    )
    lhs = E(t.Sum("j", t.one_to("n"), s("o", J)))
    model = build(f.Claim(lhs, number(0), given), 0)
    assert "o" not in {node.name for node in t.walk(model.lhs) if isinstance(node, t.Symbol)}
    inner = next(node for node in t.walk(model.lhs) if isinstance(node, t.Symbol) and node.name == "w")
    assert inner.indices[0] != inner.indices[1]


def test_recursive_definitions_unfold_to_their_start():
    step = s("x", K)
    given = facts(
        random(step, s("e", K)) | constant(a), define(step, plus(times(a, s("x", t.Index("k", -1))), s("e", K)))
    )
    model = build(f.Claim(E(step), number(0), given), 0)
    assert {
        node.indices[0].offset for node in t.walk(model.lhs) if isinstance(node, t.Symbol) and node.name == "x"
    } == {1}


def test_equal_seeds_give_equal_draws_and_other_seeds_others():
    given = facts(random(x, y), has(x, "Normal", number(0), number(1)))
    first, again, other = (model_of(E(times(x, y)), given=given, seed=k) for k in (1, 1, 2))
    assert np.array_equal(draws(first, "y", n=400)[0], draws(again, "y", n=400)[0])
    assert not np.array_equal(draws(first, "y", n=400)[0], draws(other, "y", n=400)[0])


# -- labelled arrays -----------------------------------------------------------------------------


def test_contraction_agrees_with_einsum():
    rng = np.random.default_rng(0)
    i, j = Axis("i", 1, 3), Axis("j", 1, 4)
    A, u, q = rng.random((5, 3, 4)), rng.random(4), rng.random((5, 3))
    got = contract([Labelled(A, ("s", i, j)), Labelled(u, (j,)), Labelled(q, ("s", i))], [i, j])
    assert got.axes == ("s",) and np.allclose(got.data, np.einsum("sij,j,si->s", A, u, q))
    assert contract([Labelled(u, (j,))], [i, j]).data == pytest.approx(3 * u.sum())


def test_picking_gives_slices_and_diagonals():
    A = np.arange(16.0).reshape(4, 4)
    i = Axis("i", 1, 3)
    rows = pick(Labelled(A, ("r", "c")), "r", 1, (i, 1))
    assert np.array_equal(rows.data, A[1:4])
    diagonal = pick(rows, "c", 1, (i, 0))
    assert diagonal.axes == (i,) and np.array_equal(diagonal.data, [A[1, 0], A[2, 1], A[3, 2]])
    with pytest.raises(Abstain, match="outside"):
        pick(Labelled(A, ("r", "c")), "r", 1, 5)
    assert over(a) == power(a, -1) and p != sigma != w
