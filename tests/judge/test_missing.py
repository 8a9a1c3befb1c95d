import pytest

import derive
from derive.judge.missing import find_missing, statements
from derive.kernel.proof import Stuck, prove
from derive.language.facts import Claim, Equation
from derive.language.terms import Covariance, Derivative, Function, Pow, number
from tests.judge.world import (
    N_AND_X,
    SAID,
    ZERO_NOISE,
    A,
    E,
    N,
    T,
    V,
    X,
    Y,
    a,
    add,
    claim,
    mul,
    n,
    neg,
    over_n,
    sq,
    total,
    w,
    x,
    z,
)


def missing(one: Claim) -> tuple[str, ...]:
    stuck = prove(one)
    assert isinstance(stuck, Stuck)
    return statements(find_missing(one, stuck))


CANCELLED = Equation(mul(a, E(X)), mul(a, E(Y)), "moment", SAID)
CLOSED = [
    (claim(E(X), E(Y), CANCELLED), (r"a \neq 0",)),
    (claim(E(mul(X, Y)), mul(E(X), E(Y))), (r"X, Y \text{ uncorrelated}",)),
    (claim(V(add(X, neg(Y))), add(V(X), V(Y))), (r"X, Y \text{ uncorrelated}",)),
    (claim(E(mul(sq(X), sq(Y))), mul(E(sq(X)), E(sq(Y)))), (r"X \perp Y",)),
    (claim(E(add(X, a)), a), (r"\mathbb{E}[X] = 0",)),
    (claim(Derivative(mul(T(w), A, w), w), mul(number(2), A, w)), (r"A \text{ symmetric}",)),
    (
        claim(V(over_n(total(z))), mul(Pow(N, number(-2)), total(V(z)))),
        (r"z_1, \dots, z_N \text{ uncorrelated}",),
    ),
    (
        claim(E(mul(add(mul(T(x), w), neg(Y)), T(n), w)), number(0), N_AND_X, ZERO_NOISE),
        (r"Y, \mathbf{n} \text{ uncorrelated}",),
    ),
    (claim(V(X), add(E(sq(X)), neg(sq(a)))), (r"\mathbb{E}[X] = a",)),
]


@pytest.mark.parametrize(("one", "said"), CLOSED, ids=[s[0] for _, s in CLOSED])
def test_the_weakest_assumption_is_found(one: Claim, said: tuple[str, ...]) -> None:
    assert missing(one) == said


SILLY = [
    claim(V(mul(a, X)), mul(a, V(X))),
    claim(E(sq(X)), sq(E(X))),
    claim(mul(number(2), E(X)), E(X)),
    claim(V(add(X, neg(Y))), add(V(X), neg(V(Y)))),
    claim(E(Function("f", (X,))), Function("f", (E(X),))),
    claim(E(add(X, a)), E(X)),
]


@pytest.mark.parametrize("one", SILLY, ids=range(len(SILLY)))
def test_nothing_silly_is_assumed(one: Claim) -> None:
    assert missing(one) == ()


def test_what_the_givens_settle_is_not_assumed_away() -> None:
    covariance = Equation(Covariance(X, Y), a, "moment", SAID)
    assert missing(claim(E(mul(X, Y)), mul(E(X), E(Y)), covariance)) == ()
    mean = Equation(E(X), a, "moment", SAID)
    assert missing(claim(E(add(X, Y)), E(Y), mean)) == ()


def test_every_statement_is_needed() -> None:
    one = claim(E(mul(X, Y)), number(0))
    said = missing(one)
    assert said == (r"X, Y \text{ uncorrelated}", r"\mathbb{E}[X] = 0")


def test_work_is_bounded() -> None:
    one = claim(E(mul(X, Y)), mul(E(X), E(Y)))
    stuck = prove(one)
    assert isinstance(stuck, Stuck)
    assert find_missing(one, stuck, seconds=-1.0) == ()


def needed(givens: str, step: str) -> tuple[str, tuple[str, ...]]:
    block = "```given\n" + givens.replace(";; ", "\n") + "\n```\n\n"
    report = derive.check(f"{block}$$\n{step}\n$$\n", simulation=False)
    (only,) = [s for d in report.documents for c in d.derivations for s in c.steps]
    return only.verdict, tuple(only.missing)


E_XYZ = r"\mathbb{E}[XYZ]"
SQUARE = r"A, B \in \mathbb{R}^{m \times m};; "
UNSAID = [
    (SQUARE + r"A\mathbf{u} = A\mathbf{v}", r"\mathbf{u} = \mathbf{v}", (r"A \text{ invertible}",)),
    (
        SQUARE + r"A\mathbb{E}[\mathbf{x}] = \mathbf{0}",
        r"\mathbb{E}[\mathbf{x}] = \mathbf{0}",
        (r"A \text{ invertible}",),
    ),
    (SQUARE + "B A = A", "B = I", (r"A \text{ invertible}",)),
    (SQUARE[:-3], "A^{+} A = A A^{+}", (r"A \text{ invertible}",)),
    (
        r"X \in \mathbb{R}^{n \times p};; X^\top X \mathbf{u} = X^\top X \mathbf{v}",
        r"\mathbf{u} = \mathbf{v}",
        (r"X \text{ full column rank}",),
    ),
    (r"X \perp Y", rf"{E_XYZ} = \mathbb{{E}}[X]\mathbb{{E}}[YZ]", (r"X \perp (Y, Z)",)),
    (r"X \perp Y;; X \perp Z", rf"{E_XYZ} = \mathbb{{E}}[X]\mathbb{{E}}[YZ]", (r"X \perp (Y, Z)",)),
    (
        r"X \perp Y;; Y \perp Z;; X \perp Z",
        rf"{E_XYZ} = \mathbb{{E}}[X]\mathbb{{E}}[Y]\mathbb{{E}}[Z]",
        (r"X \perp (Y, Z)",),
    ),
    (
        r"X \perp Y",
        r"\operatorname{Var}(X+Y) = 2\operatorname{Var}(X)",
        (r"X, Y \text{ identically distributed}",),
    ),
    (
        r"X, Y \text{ random}",
        r"\mathbb{E}[(X-Y)^2] = 2\operatorname{Var}(X)",
        (r"X, Y \text{ uncorrelated}", r"X, Y \text{ identically distributed}"),
    ),
    (
        r"x, n \text{ random};; n \perp x",
        r"\mathbb{E}[\tilde{x}^2] = \mathbb{E}[x^2]+2\mathbb{E}[x]\mathbb{E}[n]+\mathbb{E}[n^2]",
        (r"\tilde{x} = x + n",),
    ),
    (r"P\in\mathbb{R}^{n\times n}", "(I-P)^2 = I-P", (r"P \text{ idempotent}",)),
    (
        r"Q\in\mathbb{R}^{n\times n};; \mathbf{x}\in\mathbb{R}^n",
        r"\|Q\mathbf{x}\|^2 = \|\mathbf{x}\|^2",
        (r"Q \text{ orthogonal}",),
    ),
]


@pytest.mark.parametrize(("givens", "step", "names"), UNSAID)
def test_the_weakest_assumption_that_nobody_stated(givens, step, names):
    assert needed(givens, step) == ("needs", names)


@pytest.mark.parametrize(
    ("givens", "step"),
    [
        (r"X, Y \text{ random}", r"\mathbb{E}[X] = \mathbb{E}[Y]"),
        (r"A\in\mathbb{R}^{n\times n}", "A^2 = 2A"),
        (r"X, Y, Z \text{ random}", rf"{E_XYZ} = \mathbb{{E}}[X] + \mathbb{{E}}[YZ]"),
        (r"x, n \text{ random}", r"\mathbb{E}[\tilde{x}] = \mathbb{E}[x] + 2\mathbb{E}[n]"),
    ],
)
def test_what_no_such_assumption_makes_true_is_wrong(givens, step):
    assert needed(givens, step)[0] == "wrong"
