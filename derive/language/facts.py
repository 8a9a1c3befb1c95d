"""What is known: symbols with their shapes and roles, and givens as typed data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

from derive.language.syntax import NOWHERE, Span
from derive.language.terms import Index, Range, Shape, Symbol, Term


@dataclass(frozen=True, slots=True)
class SymbolInfo:
    """One symbol.

    `role`: 'random', 'constant', 'function' (a deterministic unknown function), 'index', 'dimension' (a positive integer).
    `families`: one range per family index (`x_i`, i = 1..n has one), None where the range is not known.
    `support`: 'real', 'binary' ({0,1}), 'sign' ({-1,1}), 'natural', 'integer', 'positive', 'unit' ([0,1]); of a function
    'density' where an expectation names it as the distribution of its variable.
    `parameters`: constants that the distribution of a random symbol is named by, θ in `x \\sim p_\\theta`.
    `labels`: symbols that something is differentiated by and that stand in its own name, θ in `f_\\theta(x)`: it may depend on them.
    `origin`: 'declared', 'inferred' (from use) or 'convention' (typography, the last resort).
    """

    name: str
    shape: Shape
    role: str
    families: tuple[Range | None, ...] = ()
    support: str = "real"
    origin: str = "inferred"
    parameters: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a given stands in the user's text.  `reading` is one plain English sentence."""

    latex: str
    reading: str
    span: Span = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Member:
    """A random quantity in a dependence statement.

    `Member('x')` is all of x: a whole vector, or the whole family `x_1, …, x_n` jointly.
    `Member('x', each=True)` stands for the members of the family one by one: "x_1, …, x_n independent" is
    `Independent(groups=((Member('x', each=True),),))`, and "x_1..x_n, y_1..y_n independent" has both with `each=True`.
    `indices` are set when one particular member is meant, `x_3` or `x_{k-1}`; a schematic `q_i \\perp k_i` (i not otherwise
    bound) has `indices=(Index('i'),)` in both with `schematic=True` on the statement: it holds for every value of i.
    `term` is set instead of a name when a compound is meant (`f(X)`, `x - \\mu`).
    """

    name: str
    indices: tuple[Index, ...] = ()
    each: bool = False
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Independent:
    """The groups are mutually independent; inside a group nothing is said.

    A group with a single `each` member contributes every member of that family as a group of its own; one of several
    families, their members side by side: (x_1, y_1), (x_2, y_2), ….  `alike`: these are identically distributed, jointly.
    `pairwise`: only any two of them are.  `schematic`: the free indices are universally quantified, where `distinct` pairs of them differ.
    """

    groups: tuple[tuple[Member, ...], ...]
    source: Source
    pairwise: bool = False
    schematic: bool = False
    alike: bool = False
    distinct: tuple[tuple[Index, Index], ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionallyIndependent:
    left: tuple[Member, ...]
    right: tuple[Member, ...]
    given: tuple[Member, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class IndependentGiven:
    """The groups are mutually independent, given what is in `given`; `alike`: the members of a family have one law there.

    The groups are as in `Independent`.
    """

    groups: tuple[tuple[Member, ...], ...]
    given: tuple[Member, ...]
    source: Source
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Uncorrelated:
    """Pairwise uncorrelated: Cov = 0 between any two of the members."""

    members: tuple[Member, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Identical:
    """Identically distributed: all members of each family, and the families and single variables with each other."""

    members: tuple[Member, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Distributed:
    """`symbol` (each member of its family, when it has one) has a distribution.

    `family`: 'Normal' (mean, variance or covariance matrix), 'Moments' (mean, covariance: nothing else is known),
    'Bernoulli' (p), 'Uniform' (a, b), 'Exponential' (rate), 'Poisson' (rate), 'Binomial' (n, p), 'Gamma' (shape, rate),
    'Beta' (a, b), 'Laplace' (location, scale), 'Rademacher' (), 'Categorical' (p vector), 'Multinomial' (n, p vector),
    'MatrixNormal' (M, U, V),
    'Dirichlet' (vector), 'Wishart' (degrees of freedom, scale), 'Finite' (values, then their probabilities),
    'LogNormal' (mean and variance of the logarithm), 'InverseGamma' (shape, scale), 'DiscreteUniform' (lower and upper end),
    'Unknown' ().
    Says nothing about dependence: iid is a separate `Independent`.
    """

    symbol: Symbol
    family: str
    parameters: tuple[Term, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Equation:
    """`lhs = rhs` holds.  Free indices are universally quantified, subject to `distinct` (pairs that differ).

    `kind`: 'moment' (lhs is a moment), 'definition' (lhs is a `Symbol`, or an `Entry`/`Function` of one, that the right side does
    not contain), 'premise' (anything else).
    """

    lhs: Term
    rhs: Term
    kind: str
    source: Source
    distinct: tuple[tuple[Index, Index], ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """`name`: 'symmetric', 'invertible', 'diagonal', 'orthogonal', 'positive definite', 'positive semidefinite',
    'full column rank', 'idempotent', 'nonzero', 'antisymmetric'."""

    term: Term
    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left relation right` for deterministic scalars: `n > 1`, `d_j > 0`, `i \\neq j`."""

    left: Term
    relation: str
    right: Term
    source: Source


Given = Union[
    Independent,
    ConditionallyIndependent,
    IndependentGiven,
    Uncorrelated,
    Identical,
    Distributed,
    Equation,
    Property,
    Comparison,
]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known in front of a claim.  Order of givens is that of the document."""

    symbols: dict[str, SymbolInfo]
    givens: tuple[Given, ...] = ()

    def role(self, name: str) -> str:
        info = self.symbols.get(name)
        return info.role if info else "constant"

    def labels(self, name: str) -> tuple[str, ...]:
        info = self.symbols.get(name)
        return info.labels if info else ()

    def without(self, given: Given) -> Facts:
        return Facts(self.symbols, tuple(g for g in self.givens if g is not given))

    def with_(self, *extra: Given) -> Facts:
        return Facts(self.symbols, self.givens + extra)


@dataclass(frozen=True, slots=True)
class Claim:
    """`lhs = rhs` is claimed under the facts; `distinct`: pairs of free indices that are known to differ."""

    lhs: Term
    rhs: Term
    facts: Facts
    distinct: tuple[tuple[Index, Index], ...] = ()
