"""Which givens matter, what is drawn how, and how high the moments are that a claim uses."""

from fractions import Fraction

from derive.language.terms import Function, Inverse, Pow, Transpose, number, one_to
from derive.witnesses.analysis import UNBOUNDED, Analysis
from tests.witnesses.shorthand import (
    IX,
    E,
    Var,
    add,
    claim,
    compare,
    const,
    defined,
    distributed,
    function,
    identical,
    independent,
    moment,
    mul,
    power,
    prop,
    rand,
    sym,
    total,
)

X, Y, Z, A1 = sym("X"), sym("Y"), sym("Z"), sym("a")
S, V = sym("S", shape=("n", "n")), sym("V", shape=("n", "n"))
x = sym("x", shape=("n", 1))
INFOS = [
    rand("X"),
    rand("Y"),
    rand("Z"),
    const("a"),
    const("S", ("n", "n")),
    const("V", ("n", "n")),
    rand("x", ("n", 1)),
    function("f"),
]


def test_only_givens_that_are_connected_with_the_claim_matter():
    far, near, link = moment(E(Z), number(1)), moment(E(X), A1), compare(A1, ">", number(0))
    assert Analysis(claim(E(X), A1, INFOS, far, near, link)).givens == [near, link]
    joined = identical("X", "Z")
    assert far in Analysis(claim(E(X), A1, INFOS, far, near, joined)).givens


def test_definitions_of_what_is_not_used_do_not_matter():
    unused = defined(Z, add(X, Y))
    assert Analysis(claim(E(X), A1, INFOS, unused)).givens == []
    assert Analysis(claim(E(Z), A1, INFOS, unused)).givens == [unused]


def test_definitions_of_what_is_constrained_do_matter():
    """Z = X + Y and Var(Z) = 0 say something about X, also where a further definition stands between."""
    made, still = defined(Z, add(X, Y)), moment(Var(Z), number(0))
    assert Analysis(claim(E(X), A1, INFOS, made, still)).givens == [made, still]
    square = defined(sym("q"), power(Z, 2))
    fixed = moment(E(sym("q")), number(5))
    assert Analysis(claim(E(X), A1, INFOS, made, square, fixed)).givens == [made, square, fixed]


def test_degrees():
    def degree(term, *givens, of="X"):
        return Analysis(claim(term, number(0), INFOS, *givens)).degree(of)

    assert degree(E(X)) == 1
    assert degree(Var(mul(X, Y))) == 4 - 2
    assert degree(E(power(add(X, Y), 3))) == 3
    assert degree(mul(E(power(X, 2)), E(power(X, 3)))) == 3
    assert degree(E(Y)) == 0
    assert degree(E(power(Z, 2)), defined(Z, power(X, 2))) == 4
    assert degree(E(mul(Transpose(x), S, x)), of="x") == 2
    assert degree(E(Function("f", (X,)))) >= UNBOUNDED
    assert degree(E(power(X, -1))) >= UNBOUNDED
    assert degree(E(Y, X)) >= UNBOUNDED
    assert degree(E(mul(X, E(power(X, 2))))) >= 2


def test_traits():
    given = (
        prop(S, "symmetric"),
        compare(A1, ">", number(0)),
        distributed(x, "Normal", sym("m", shape=("n", 1)), mul(A1, V)),
    )
    traits = Analysis(claim(mul(S, x), mul(V, x), INFOS, *given)).traits
    assert traits["S"] == {"symmetric"}
    assert traits["V"] == {"positive definite"}
    assert traits["a"] == {"positive"}


def test_what_stands_under_a_root_is_a_square():
    half = Analysis(claim(Pow(A1, number(Fraction(1, 2))), number(1), INFOS))
    assert half.traits["a"] == {"positive", "square"}
    assert not Analysis(claim(Inverse(S), S, INFOS)).traits["S"]


def test_exponents_are_whole():
    assert "whole" in Analysis(claim(Pow(number(2), A1), number(1), INFOS)).traits["a"]


def test_statements_about_others_pull_nothing_in():
    kept = Analysis(claim(E(X), number(0), INFOS, independent("X", "Z"), moment(E(Z), number(3))))
    assert "Z" in kept.names
    assert moment(E(Z), number(3)) not in kept.givens
    family = [rand("e", families=(one_to("n"),))]
    assert Analysis(claim(E(total(sym("e", IX))), number(0), family)).degree("e") == 1
