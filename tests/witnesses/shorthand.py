"""Short names for building claims by hand."""

from fractions import Fraction

from derive.language.facts import (
    Claim,
    Comparison,
    ConditionallyIndependent,
    Distributed,
    Equation,
    Facts,
    Identical,
    Independent,
    Member,
    Property,
    Source,
    SymbolInfo,
    Uncorrelated,
)
from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Covariance,
    Expectation,
    Index,
    IndexValue,
    Mul,
    Pow,
    Sum,
    Symbol,
    Variance,
    number,
    one_to,
)

SAID = Source("", "a given")
IX, JX, N = Index("i"), Index("j"), Index("n")
SIZE = IndexValue(N)


def sym(name, *indices, shape=SCALAR):
    return Symbol(name, tuple(indices), shape)


def const(name, shape=SCALAR, families=(), support="real"):
    return SymbolInfo(name, shape, "constant", families, support)


def rand(name, shape=SCALAR, families=(), support="real"):
    return SymbolInfo(name, shape, "random", families, support)


def function(name):
    return SymbolInfo(name, SCALAR, "function")


def claim(lhs, rhs, infos, *givens, distinct=()):
    return Claim(lhs, rhs, Facts({i.name: i for i in infos}, givens), distinct)


def add(*args):
    return Add(args)


def mul(*args):
    return Mul(tuple(number(a) if isinstance(a, int | Fraction) else a for a in args))


def neg(term):
    return mul(-1, term)


def power(term, n):
    return Pow(term, number(n))


def over(term):
    return power(term, -1)


def E(term, *given):
    return Expectation(term, given)


def Var(term, *given):
    return Variance(term, given)


def Cov(left, right):
    return Covariance(left, right)


def total(body, index="i", dim="n"):
    return Sum(index, one_to(dim), body)


def zero(*shape):
    return Constant(Fraction(0), shape)


def moment(lhs, rhs, distinct=()):
    return Equation(lhs, rhs, "moment", SAID, distinct)


def defined(lhs, rhs):
    return Equation(lhs, rhs, "definition", SAID)


def premise(lhs, rhs):
    return Equation(lhs, rhs, "premise", SAID)


def independent(*names, pairwise=False):
    return Independent(tuple((Member(n),) for n in names), SAID, pairwise)


def each_independent(*names):
    return Independent(tuple((Member(n, each=True),) for n in names), SAID)


def identical(*names):
    return Identical(tuple(Member(n, each=True) for n in names), SAID)


def uncorrelated(*names):
    return Uncorrelated(tuple(Member(n) for n in names), SAID)


def conditionally(left, right, given):
    return ConditionallyIndependent((Member(left),), (Member(right),), (Member(given),), SAID)


def distributed(symbol, family, *parameters):
    return Distributed(symbol, family, parameters, SAID)


def prop(term, name):
    return Property(term, name, SAID)


def compare(left, relation, right):
    return Comparison(left, relation, right, SAID)
