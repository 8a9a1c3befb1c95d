"""What a rule may ask about the givens: what is random, what is independent, which moments are known.

Independent of the kernel on purpose: every line that the rules produce is checked by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.language.facts import Distributed, Equation, Facts, Given, Property
from derive.language.terms import (
    Correlation,
    Covariance,
    Expectation,
    Function,
    Index,
    Range,
    Symbol,
    Term,
    Variance,
    children,
    walk,
)
from derive.rules.compare import key, same
from derive.rules.matching import instance, match, schematic
from derive.rules.traverse import substitute_indices


def names_in(given: Equation) -> set[str]:
    return {t.name for side in (given.lhs, given.rhs) for t in walk(side) if isinstance(t, Symbol | Function)}


def latex_of(given: Given) -> str:
    return given.source.latex


@dataclass(frozen=True)
class Context:
    """The facts in front of a derivation, and the pairs of free indices that are known to differ.

    `bound`: the indices of the sums around the place at hand, with their ranges.
    `varied`: what the derivatives around the place are by: a premise about it holds at a point only.
    """

    facts: Facts
    distinct: frozenset[frozenset[Index]] = frozenset()
    bound: tuple[tuple[str, Range], ...] = ()
    varied: frozenset[str] = frozenset()

    def differ(self, left: Index, right: Index) -> bool:
        """True when the two indices are known to have different values."""
        if left.base == right.base:
            return left.offset != right.offset
        return frozenset((left, right)) in self.distinct

    def apart(self, *pairs: tuple[Index, Index]) -> Context:
        """The context in which the two indices of each pair are known to differ."""
        return replace(self, distinct=self.distinct | {frozenset(p) for p in pairs})

    def under(self, index: str, span: Range, *excluded: Index) -> Context:
        """The context inside a sum or product over `index` that leaves out the values in `excluded`."""
        stale = {p for p in self.distinct if any(i.base == index for i in p)}
        pairs = {frozenset((Index(index), i)) for i in excluded}
        kept = tuple(b for b in self.bound if b[0] != index)
        return replace(self, distinct=(self.distinct - stale) | pairs, bound=(*kept, (index, span)))

    def differentiated(self, names: set[str]) -> Context:
        """The context below a derivative by symbols of these names."""
        return replace(self, varied=self.varied | names)

    def range_of(self, index: str) -> Range | None:
        """The range of an index that a surrounding sum binds."""
        return dict(self.bound).get(index)

    def is_random(self, term: Term) -> bool:
        return bool(self.atoms(term))

    def atoms(self, term: Term) -> frozenset[Symbol]:
        """The random symbols, with their family indices, that the value of `term` depends on."""
        match term:
            case Symbol(name, indices, _):
                return frozenset({Symbol(name, indices)}) if self.facts.role(name) == "random" else frozenset()
            case Expectation() | Variance() | Covariance() | Correlation():
                return frozenset().union(*(self.atoms(g) for g in term.given))
            case Function(name, args):
                own = frozenset({Symbol(name)}) if self.facts.role(name) == "random" else self._hidden(term)
                return own.union(*(self.atoms(a) for a in args))
            case _:
                return frozenset().union(*(self.atoms(c) for c in children(term)))

    def _hidden(self, term: Function) -> frozenset[Symbol]:
        """The random symbols in the definitions of a function: `f(x) = W x` is random although f is not declared so."""
        found: frozenset[Symbol] = frozenset()
        for given in self.facts.givens:
            if isinstance(given, Equation) and given.kind == "definition" and isinstance(given.lhs, Function):
                recursive = any(isinstance(t, Function) and t.name == term.name for t in walk(given.rhs))
                if given.lhs.name == term.name and not recursive:
                    found |= self.atoms(given.rhs)
        return found

    def mentions(self, term: Term) -> bool:
        """True when a given moment speaks of `term`, other than as a bare symbol."""
        name = key(term)
        return not isinstance(term, Symbol) and any(
            isinstance(g, Equation) and g.kind == "moment" and any(key(t) == name for t in walk(g.lhs))
            for g in self.facts.givens
        )

    def moments(self, term: Term) -> Iterator[tuple[Term, str]]:
        """Other sides of given moment equations of which `term` is the left side."""
        for given in self.facts.givens:
            if isinstance(given, Equation) and given.kind == "moment":
                found = instance(given, term, self.facts)
                if found is not None and self.admits(given, found[1]):
                    yield found[0], latex_of(given)

    def admits(self, given: Equation, binding: dict[str, Index]) -> bool:
        """True when the indices that the given wants different are known to differ."""
        pairs = [tuple(binding.get(i.base or "", i) for i in pair) for pair in given.distinct]
        return all(self.differ(a, b) for a, b in pairs)

    def definitions(self, term: Term) -> Iterator[tuple[Term, str]]:
        """What a symbol is defined to be."""
        for given in self.facts.givens:
            if isinstance(given, Equation) and given.kind == "definition":
                found = instance(given, term, self.facts)
                if found is not None and self.admits(given, found[1]):
                    yield found[0], latex_of(given)

    def abbreviations(self, term: Term) -> Iterator[tuple[Term, str]]:
        """Defined symbols of which `term` is the definition."""
        for given in self.facts.givens:
            if isinstance(given, Equation) and given.kind == "definition":
                found = instance(given, term, self.facts, backwards=True)
                if found is not None and self.admits(given, found[1]):
                    yield found[0], latex_of(given)

    def premises(self, term: Term) -> Iterator[tuple[Term, str]]:
        for given in self.facts.givens:
            if isinstance(given, Equation) and given.kind == "premise" and self.varied.isdisjoint(names_in(given)):
                found = instance(given, term, self.facts)
                if found is not None and self.admits(given, found[1]):
                    yield found[0], latex_of(given)

    def has(self, term: Term, *names: str) -> str | None:
        """The LaTeX of a given that declares one of the properties of `term`, or None."""
        for given in self.facts.givens:
            if isinstance(given, Property) and given.name in names and same(given.term, term):
                return latex_of(given)
        return None

    def distribution(self, symbol: Term) -> tuple[str, tuple[Term, ...], str] | None:
        """`(family, parameters, LaTeX of the given)` of a symbol's declared distribution.

        A declaration that names one member of a family is about every member, unless there are several.
        """
        if not isinstance(symbol, Symbol):
            return None
        declared = [g for g in self.facts.givens if isinstance(g, Distributed) and g.symbol.name == symbol.name]
        for given in declared:
            binding = match(given.symbol, symbol, schematic(self.facts, given.symbol))
            if binding is not None:
                parameters = tuple(substitute_indices(p, binding) for p in given.parameters)
                return given.family, parameters, latex_of(given)
            if len(declared) == 1 and not schematic(self.facts, given.symbol, *given.parameters):
                return given.family, given.parameters, latex_of(given)
        return None

    def knows_moments(self, term: Term) -> bool:
        """True when some moment of a random symbol in `term` is given, directly or by a distribution."""
        names = {a.name for a in self.atoms(term)}
        for given in self.facts.givens:
            match given:
                case Distributed(symbol=symbol) if symbol.name in names:
                    return True
                case Equation(lhs=lhs, kind="moment"):
                    if names & {t.name for t in walk(lhs) if isinstance(t, Symbol)}:
                        return True
        return False

    def key(self, term: Term) -> tuple:
        return key(term)
