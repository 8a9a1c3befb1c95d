from derive.language.facts import Comparison
from derive.language.terms import number
from derive.witnesses.powers import powers_named
from tests.witnesses.shorthand import E, claim, compare, const, defined, moment, mul, power, rand, sym

s, T, X = sym("s"), sym("T"), sym("X")
INFOS = [const("s"), rand("T"), rand("X")]


def test_a_power_that_is_defined_becomes_a_symbol():
    named = powers_named(claim(E(power(T, 2)), E(X), INFOS, defined(power(T, 2), X)))
    new = sym("T^2")
    assert named.lhs == E(new)
    assert [g.lhs for g in named.facts.givens if not isinstance(g, Comparison)] == [new]
    assert compare(new, "\\ge", number(0)) in named.facts.givens
    assert named.facts.role("T^2") == "random"


def test_a_symbol_that_also_stands_alone_stays():
    original = claim(mul(s, E(power(s, 2))), E(X), INFOS, defined(power(s, 2), X))
    assert powers_named(original) is original


def test_moments_are_no_definitions_of_powers():
    original = claim(power(s, 2), number(1), INFOS, moment(E(power(X, 2)), power(s, 2)))
    assert powers_named(original) is original
