"""Built models satisfy what they were built for, over both fields."""

from fractions import Fraction
from random import Random

import pytest

from derive.language.terms import Identity, Indicator, Transpose, number, one_to
from derive.witnesses.analysis import Analysis
from derive.witnesses.build import Builder
from derive.witnesses.dependence import dependence
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import Degenerate, PrimeField, RationalField
from derive.witnesses.layout import Layout
from derive.witnesses.spaces import Rand
from tests.witnesses.shorthand import (
    IX,
    JX,
    E,
    Var,
    add,
    claim,
    const,
    distributed,
    each_independent,
    identical,
    independent,
    moment,
    mul,
    power,
    premise,
    rand,
    sym,
    total,
    uncorrelated,
    zero,
)

FIELDS = (PrimeField(), RationalField())
X, Y, A1, V = sym("X"), sym("Y"), sym("a"), sym("v")
x = sym("x", shape=("n", 1))
S, R = sym("S", shape=("n", "n")), sym("R", shape=("n", "n"))
e = sym("e", IX)
INFOS = [
    rand("X"),
    rand("Y"),
    const("a"),
    const("v"),
    rand("x", ("n", 1)),
    rand("e", families=(one_to("n"),)),
    const("S", ("n", "n")),
    const("R", ("n", "n")),
]

GIVENS = {
    "zero mean": (E(mul(X, Y)), [moment(E(X), number(0))]),
    "a free mean": (E(mul(X, Y)), [moment(E(X), A1)]),
    "mean and variance": (E(mul(X, Y)), [moment(E(X), A1), moment(Var(X), V)]),
    "unit variance": (E(mul(X, Y)), [moment(Var(X), number(1))]),
    "uncorrelated": (E(mul(X, Y)), [uncorrelated("X", "Y")]),
    "spherical": (E(mul(Transpose(x), x)), [moment(E(x), zero("n", 1)), moment(Var(x), mul(V, Identity("n")))]),
    "a covariance matrix": (E(mul(Transpose(x), x)), [moment(Var(x), S)]),
    "exchangeable": (
        E(power(total(e), 2)),
        [moment(E(power(e, 2)), V), moment(E(mul(e, sym("e", JX))), A1, ((IX, JX),))],
    ),
    "iid": (
        E(power(total(e), 2)),
        [each_independent("e"), identical("e"), moment(E(e), A1), moment(Var(e), number(1))],
    ),
    "identical only": (E(power(total(e), 2)), [identical("e"), moment(E(e), A1)]),
    "conditional": (E(mul(X, Y)), [moment(E(Y, X), number(0)), moment(E(power(Y, 2), X), number(1))]),
    "bernoulli": (E(mul(X, Y)), [distributed(X, "Bernoulli", number(Fraction(1, 3)))]),
    "normal": (E(power(X, 4)), [distributed(X, "Normal", number(0), number(1))]),
    "uniform": (E(power(X, 3)), [distributed(X, "Uniform", number(0), number(1))]),
    "a premise": (mul(S, R, x), [premise(mul(S, R), zero("n", "n"))]),
    "pairwise": (E(mul(X, Y, sym("Z"))), [independent("X", "Y", "Z", pairwise=True)]),
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", GIVENS)
def test_models_satisfy_their_givens(name, field):
    term, givens = GIVENS[name]
    layout = Layout(Analysis(claim(term, term, [*INFOS, rand("Z")], *givens)), {"n": 2})
    builder = Builder(layout, dependence(layout, Random(0)), field, Random(0))
    plan = builder.plan(2)
    built = 0
    for _ in range(30):
        try:
            model = builder.build(plan)
        except Degenerate:
            continue
        assert not builder.violated(model)
        built += 1
        if field.ordered:
            assert all(w >= 0 for axis in model.space.axes for w in axis)
        if built == 3:
            return
    pytest.fail("no model was built")


def test_zero_means_do_not_make_symmetry():
    """Over the prime field a variable of mean zero has a third moment."""
    layout = Layout(Analysis(claim(E(power(X, 3)), number(0), INFOS, moment(E(X), number(0)))), {"n": 2})
    builder = Builder(layout, dependence(layout, Random(0)), PrimeField(), Random(0))
    model = builder.build(builder.plan(3))
    assert Evaluator(model).value(E(power(X, 3)), {}) % PrimeField.modulus


def test_a_constraint_that_no_weights_can_meet_is_seen():
    """X is 0 or 1, so its mean is no two."""
    layout = Layout(
        Analysis(claim(E(X), number(0), INFOS, distributed(X, "Rademacher"), moment(E(power(X, 2)), number(2)))),
        {"n": 2},
    )
    builder = Builder(layout, dependence(layout, Random(0)), PrimeField(), Random(0))
    with pytest.raises(Degenerate):
        builder.build(builder.plan(2))


def test_random_values_are_stored_where_they_depend():
    layout = Layout(Analysis(claim(E(mul(X, Y)), number(0), INFOS, independent("X", "Y"))), {"n": 2})
    builder = Builder(layout, dependence(layout, Random(0)), PrimeField(), Random(0))
    model = builder.build(builder.plan(3))
    x_value, y_value = (model.variables[(n, ())][0][0] for n in "XY")
    assert isinstance(x_value, Rand)
    assert not set(x_value.axes) & set(y_value.axes)
    assert Evaluator(model).value(E(Indicator("=", X, X)), {}) == 1
    assert Evaluator(model).value(E(add(X, Y)), {}) % PrimeField.modulus
