"""What is known about a claim before any model is built: which givens matter, what is defined, traits, degrees."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from derive.language import terms as t
from derive.language.facts import (
    Claim,
    Comparison,
    ConditionallyIndependent,
    Distributed,
    Equation,
    Given,
    Identical,
    IndependentGiven,
    Property,
    Uncorrelated,
)
from derive.language.terms import walk
from derive.witnesses.elementary import ELEMENTARY
from derive.witnesses.model import MOMENT, Definition, Known, defined_name, definitions_of
from derive.witnesses.powers import powers_named

UNBOUNDED = 99
LONGEST = 6  # the largest dimension of a model


def symbol_names(term: Any) -> set[str]:
    """Names of all symbols and functions in a term."""
    return {s.name for s in walk(term) if isinstance(s, (t.Symbol, t.Function))}


class Analysis:
    """One claim with the givens that bear on it."""

    def __init__(self, claim: Claim):
        claim = powers_named(claim)
        self.claim = claim
        self.facts = claim.facts
        self.known = Known()
        self.givens = relevant(claim)
        equations = [g for g in self.givens if isinstance(g, Equation)]
        equations = [g for g in equations if orthogonal_symbol(g) is None]
        self.definitions, self.equations = definitions_of(equations)
        self.names = symbol_names(claim.lhs) | symbol_names(claim.rhs)
        for given in self.givens:
            self.names |= names_of(given)
        self.conditions = any(getattr(part, "given", ()) for term in self.terms() for part in walk(term))
        self.traits = self._traits()
        self.labels = {  # whose values are only told apart: 0, 1, 2; what |·| or max is of needs both signs
            s.name
            for term in self.terms()
            for f in walk(term)
            if isinstance(f, t.Function) and f.name not in ELEMENTARY
            for arg in f.args
            for s in walk(arg)
            if isinstance(s, t.Symbol)
        }
        self._degrees: dict[str, int] = {}

    def of(self, kind: type) -> list[Any]:
        return [g for g in self.givens if isinstance(g, kind)]

    def is_random(self, name: str) -> bool:
        return self.facts.role(name) == "random"

    def partitions(self) -> bool:
        """Whether it matters that different outcomes have the same value: conditions, and events of equality."""
        return self.conditions or any(
            isinstance(part, t.Indicator) and part.relation in ("=", "\\ne", "\\neq")
            for term in self.terms()
            for part in walk(term)
        )

    def _traits(self) -> dict[str, set[str]]:
        """Of each name the words that say how its values are to be drawn."""
        traits = {name: traits_of(name, self) for name in self.names}
        found = {
            frozenset({"whole"}): _in_exponents(self),
            frozenset({"binary"}): {_event_of(part) for term in self.terms() for part in walk(term)},
            frozenset({"square", "positive"}): _under_roots(self),
        }
        for words, names in found.items():
            for name in names & self.names:
                traits[name] |= words
        return traits

    def terms(self) -> Iterator[t.Term]:
        """Both sides, and every term of the givens."""
        yield self.claim.lhs
        yield self.claim.rhs
        for given in self.givens:
            yield from terms_of(given)

    def degree(self, name: str) -> int:
        """An upper bound of the order of the moments of `name` that the claim and the moment givens use."""
        if name not in self._degrees:
            counter = Degree(name, self.definitions)
            sides = [self.claim.lhs, self.claim.rhs]
            sides += [side for e in self.equations for side in (e.lhs, e.rhs)]
            self._degrees[name] = max(max(counter.inside(s), counter.of(s)) for s in sides)
            for other in self.alike(name):  # what a law says of one holds of all that have it
                self._degrees[name] = max(self._degrees[name], self.degree(other))
        return self._degrees[name]

    def alike(self, name: str) -> set[str]:
        """The others that are said to have the law of that name."""
        classes = ({m.name for m in given.members} for given in self.of(Identical))
        return {n for names in classes if name in names for n in names} - {name, ""}

    def elementary(self, names: frozenset[str]) -> list[str]:
        """Which of these functions (or families) stand in the claim or in a definition that matters."""
        sides = [self.claim.lhs, self.claim.rhs, *(d.rhs for ds in self.definitions.values() for d in ds)]
        return sorted(
            {s.name for side in sides for s in walk(side) if isinstance(s, (t.Function, t.Symbol)) and s.name in names}
        )


def heavy_names(analysis: Analysis) -> set[str]:
    """Dimensions along which the number of outcomes grows: ranges of random families, sizes of random vectors."""
    found: set[str] = set()
    for name in analysis.names:
        info = analysis.facts.symbols.get(name)
        if info is not None and info.role == "random":
            found |= {b for r in info.families if r is not None for b in (r.lower.base, r.upper.base) if b}
            found |= {d for d in info.shape if isinstance(d, str)}
    return found


def terms_of(given: Given) -> list[t.Term]:
    match given:
        case Equation(lhs, rhs):
            return [lhs, rhs]
        case Distributed():
            return [given.symbol, *given.parameters]
        case Property():
            return [given.term]
        case Comparison():
            return [given.left, given.right]
    return []


def members_of(given: Given) -> list[Any]:
    match given:
        case Identical(members) | Uncorrelated(members):
            return list(members)
        case ConditionallyIndependent():
            return [*given.left, *given.right, *given.given]
        case IndependentGiven():
            return [*given.given, *(m for group in given.groups for m in group)]
    return [m for group in getattr(given, "groups", ()) for m in group]


def names_of(given: Given) -> set[str]:
    names = {n for term in terms_of(given) for n in symbol_names(term)}
    for member in members_of(given):
        names |= {member.name} if member.term is None else symbol_names(member.term)
    return names - {""}


BINDING = (Equation, Distributed, Property, Comparison, Identical, ConditionallyIndependent, IndependentGiven)


def relevant(claim: Claim) -> list[Given]:
    """The givens that are connected with the claim through the symbols that they constrain.

    A definition of a symbol that nothing else uses can always be satisfied afterwards, and so can a statement
    about symbols that do not occur; they are left out.
    """
    return connected(claim)[0]


def connected(claim: Claim) -> tuple[list[Given], set[str]]:
    """The relevant givens, and the names that are connected with the claim.

    What is only said to be independent of a connected variable is not connected itself: it can be added afterwards.
    """
    names = symbol_names(claim.lhs) | symbol_names(claim.rhs)
    names |= {b for side in (claim.lhs, claim.rhs) for b in index_bases(side)}
    constrained = _constrained(claim.facts.givens)
    chosen: set[int] = set()
    grown = True
    while grown:
        grown = False
        for k, given in enumerate(claim.facts.givens):
            if k in chosen or not _bears_on(given, names, constrained):
                continue
            chosen.add(k)
            if isinstance(given, BINDING):
                added = names_of(given) | {b for term in terms_of(given) for b in index_bases(term)}
                grown = grown or not added <= names
                names |= added
            grown = True
    return [g for k, g in enumerate(claim.facts.givens) if k in chosen], names


def index_bases(term: t.Term) -> set[str]:
    """Index and dimension names in a term."""
    return {n for n in Known().names(term) if not n.startswith("$")}


def _constrained(givens: tuple[Given, ...]) -> set[str]:
    """Names that some given constrains, other than by defining them, and the names behind their definitions."""
    definitions = [g for g in givens if isinstance(g, Equation) and g.kind == "definition" and defined_name(g.lhs)]
    found = {n for g in givens if g not in definitions for n in names_of(g)}
    grown = True
    while grown:
        behind = {n for g in definitions if defined_name(g.lhs) in found for n in names_of(g)}
        grown = not behind <= found
        found |= behind
    return found


def _bears_on(given: Given, names: set[str], constrained: set[str]) -> bool:
    if isinstance(given, Equation) and given.kind == "definition" and defined_name(given.lhs):
        name = defined_name(given.lhs)
        return name in names or (name in constrained and bool(symbol_names(given.rhs) & names))
    if isinstance(given, Distributed):
        return given.symbol.name in names
    if isinstance(given, Comparison):
        return bool((names_of(given) | {b for x in terms_of(given) for b in index_bases(x)}) & names)
    return bool(names_of(given) & names)


def orthogonal_symbol(given: Equation) -> str | None:
    """The name of Q when the equation says QᵀQ = I or QQᵀ = I."""
    match given:
        case Equation(t.Mul((t.Transpose(t.Symbol() as a), t.Symbol() as b)), t.Identity()) if a == b:
            return a.name
        case Equation(t.Mul((t.Symbol() as a, t.Transpose(t.Symbol() as b))), t.Identity()) if a == b:
            return a.name if a.shape[0] == a.shape[1] else None
    return None


def traits_of(name: str, analysis: Analysis) -> set[str]:
    """Words with which what is known of a symbol says how its values are to be drawn."""
    found: set[str] = set()
    info = analysis.facts.symbols.get(name)
    if info is not None:
        found |= {"natural": {"whole"}, "integer": {"whole"}}.get(info.support, {info.support})
    apart = [g for g in analysis.facts.givens if isinstance(g, Distributed) and g not in analysis.givens]
    for given in [*analysis.givens, *apart]:  # a distribution says something of its parameters, whoever has it
        match given:
            case Property(t.Symbol(name=n), word) if n == name:
                found.add(word)
            case Comparison(t.Symbol(name=n), relation, t.Number(value)) if n == name:
                found |= _sign(relation, value)
            case Comparison(t.Number(value), relation, t.Symbol(name=n)) if n == name:
                found |= _sign({"<": ">", ">": "<"}.get(relation, relation), value)
            case Equation() if orthogonal_symbol(given) == name:
                found.add("orthogonal")
            case Equation(t.Variance() as spread, rhs) if rhs.shape == spread.shape and not isinstance(rhs, t.Symbol):
                found |= covariance_traits(name, rhs)
            case Distributed():
                found |= _parameter_traits(name, given.family, given.parameters)
    return found - {"real"}


def _event_of(term: t.Term) -> str | None:
    """The letter of which the term is the indicator."""
    match term:
        case t.Indicator("", t.Symbol(name)):
            return name
    return None


def _sign(relation: str, value: Fraction) -> set[str]:
    if relation in (">", "\\ge", "\\geq") and value >= 0:
        return {"positive"}
    if relation in ("<", "\\le", "\\leq") and value == 1:
        return {"unit"}
    if relation in (">", "\\ge", "\\geq") and value == -1:
        return {"signed"}
    return {"nonzero"} if relation in ("\\neq", "\\ne") and value == 0 else set()


def _parameter_traits(name: str, family: str, parameters: tuple[t.Term, ...]) -> set[str]:
    found = set()
    for k, term in enumerate(parameters):
        if name not in symbol_names(term):
            continue
        if family in ("Categorical", "Multinomial") and isinstance(term, t.Symbol) and term.shape != t.SCALAR:
            found.add("simplex")
        elif family in ("Binomial", "Multinomial") and k == 0:
            found.add("whole")
        elif family in ("Bernoulli", "Binomial"):
            found.add("unit")
        elif family == "Finite":
            found |= {"unit"} if 2 * k >= len(parameters) else set()
        elif family in ("Normal", "Moments", "MatrixNormal") and k >= 1:
            found |= covariance_traits(name, term)
        elif family in ("Exponential", "Poisson", "Gamma", "Beta") or (family == "Laplace" and k == 1):
            found.add("positive")
    return found


def covariance_traits(name: str, term: t.Term) -> set[str]:
    """What a symbol must be for a term such as `s² V` or `A V Aᵀ` to be a variance: V positive definite, s positive."""
    if isinstance(term, t.Symbol):
        wanted = "positive" if term.shape == t.SCALAR else "positive definite"
        return {wanted} if term.name == name else set()
    if isinstance(term, t.Inverse) and term.shape != t.SCALAR:
        return covariance_traits(name, term.arg)
    if not isinstance(term, t.Mul):
        return {"positive"} if term.shape == t.SCALAR and name in symbol_names(term) else set()
    scalars = [a for a in term.args if a.shape == t.SCALAR]
    inner = [a for a in term.args if a.shape != t.SCALAR]
    while len(inner) > 2 and t.Transpose(inner[0]) == inner[-1]:
        inner = inner[1:-1]
    found = {"positive"} if any(name in symbol_names(s) for s in scalars) else set()
    return found | (covariance_traits(name, inner[0]) if len(inner) == 1 else set())


def _in_exponents(analysis: Analysis) -> set[str]:
    found = set()
    for term in analysis.terms():
        for part in walk(term):
            if isinstance(part, t.Pow) and not isinstance(part.exponent, t.Number):
                found |= {s.name for s in walk(part.exponent) if isinstance(s, t.Symbol)}
    return {n for n in found if not analysis.is_random(n)}


def _under_roots(analysis: Analysis) -> set[str]:
    found = set()
    for term in analysis.terms():
        for part in walk(term):
            match part:
                case t.Pow(t.Symbol(name=name), t.Number(value)) if value.denominator == 2:
                    found.add(name)
                case t.Function("sqrt", (t.Symbol(name=name),)):
                    found.add(name)
    return {n for n in found if not analysis.is_random(n)}


class Degree:
    """Bounds of the degree of terms as polynomials in one random symbol (all members and components together)."""

    def __init__(self, name: str, definitions: dict[str, list[Definition]]):
        self.name = name
        self.definitions = definitions
        self._of: dict[int, int] = {}
        self._inside: dict[int, int] = {}
        self._active: set[str] = set()

    def inside(self, term: t.Term) -> int:
        """The largest degree under an expectation that stands in the term."""
        found = self._inside.get(id(term))
        if found is None:
            own = 0
            if isinstance(term, MOMENT):
                own = self.moment(term)
            elif isinstance(term, (t.Symbol, t.Function)) and term.name not in self._active:
                own = self._through(term.name, self.inside)
            found = self._inside[id(term)] = max([own, *(self.inside(c) for c in t.children(term))])
        return found

    def _through(self, name: str, measure: Any) -> int:
        if name not in self.definitions or name in self._active:
            return 0
        self._active.add(name)
        found = max(measure(d.rhs) for d in self.definitions[name])
        self._active.discard(name)
        return found

    def moment(self, term: t.Term) -> int:
        if any(self.of(g) for g in term.given):
            return UNBOUNDED
        if isinstance(term, t.Expectation):
            return self.of(term.arg)
        if isinstance(term, t.Variance):
            return 2 * self.of(term.arg)
        return self.of(term.left) + self.of(term.right)

    def of(self, term: t.Term) -> int:
        """The degree of the value of the term itself."""
        found = self._of.get(id(term))
        if found is None:
            found = self._of[id(term)] = min(UNBOUNDED, self._degree(term))
        return found

    def _degree(self, term: t.Term) -> int:
        match term:
            case t.Symbol(name=name) if name == self.name:
                return 1
            case t.Symbol(name=name):
                return self._through(name, self.of)
            case t.Add(args):
                return max(map(self.of, args))
            case t.Mul(args) | t.Hadamard(args):
                return sum(map(self.of, args))
            case t.Kronecker(a, b):
                return self.of(a) + self.of(b)
            case t.SquaredNorm(arg):
                return 2 * self.of(arg)
            case t.Pow(base, t.Number(value)) if value.denominator == 1 and value >= 0:
                return self.of(base) * int(value)
            case t.Product():
                return LONGEST * self.of(term.body)
            case t.Pow() | t.Inverse() | t.Determinant() | t.Indicator():
                return UNBOUNDED if any(map(self.of, t.children(term))) else 0
            case t.Function(name=name):
                inner = UNBOUNDED if any(map(self.of, term.args)) else 0
                return max(inner, self._through(name, self.of))
            case t.Expectation() | t.Variance() | t.Covariance() | t.Correlation():
                return self.moment(term) if term.given else 0
        return max((self.of(c) for c in t.children(term)), default=0)
