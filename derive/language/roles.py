"""Which symbols are random: what a given makes so, and what stands only under expectations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from derive.language import terms as tm
from derive.language.building import Over
from derive.language.latex import latex
from derive.language.traverse import everywhere, rebuilt, subterms

CONSTANTS = frozenset(
    {*"abcdk", r"\alpha", r"\beta", r"\gamma", r"\lambda"}
)  # letters that nobody uses for a random variable
AVERAGING = (tm.Expectation, tm.Variance, tm.Covariance, tm.Correlation)


@dataclass
class Uses:
    """Symbols by where they stand: under an average, outside of all, behind a condition's bar, below an operator."""

    inside: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)
    customary: set[str] = field(default_factory=set)  # taken for constants by their letters
    averages: list[set[str]] = field(default_factory=list)  # the symbols of each outermost average
    operators: frozenset[str] = frozenset()  # functions that are averages of their arguments

    def note(self, term: Any, averaged: bool = False) -> None:
        match term:
            case tm.Function(name, args) if name in self.operators:
                for part in args:
                    self.note(part, True)
            case tm.Symbol(name):
                (self.inside if averaged else self.outside).add(name)
            case (
                tm.Expectation(_, given)
                | tm.Variance(_, given)
                | tm.Covariance(_, _, given)
                | tm.Correlation(_, _, given)
            ):
                if not averaged:
                    self.averages.append(symbols_in(term))
                for part in given:
                    self.conditions.update(symbols_in(part))
                for part in subterms(term):
                    if all(part is not g for g in given):
                        self.note(part, True)
            case Over(inner, over):
                self.over.update(over)
                self.note(inner, averaged)
            case _:
                for part in subterms(term):
                    self.note(part, averaged)


def parameters_of(term: Any, side: Any) -> set[str]:
    """The arguments of a function that an average in its definition holds fixed: w of L(w) = E[(y − wᵀx)²], not X of E[Y | X]."""
    if not isinstance(term, tm.Function) or averages_its_arguments(term, side):
        return set()
    uses = Uses()
    uses.note(side)
    return {a.name for a in term.args if isinstance(a, tm.Symbol)} & uses.inside - uses.conditions


def averages_its_arguments(function: tm.Function, side: Any) -> bool:
    """Whether a function that is defined by `side` is an operator, as K(X, Y) = E[XY] − E[X] E[Y] is.

    In L(w) = E[(y − wᵀx)²] something else is random, and the argument is a parameter.
    """
    averages = [t for t in everywhere(side) if isinstance(t, AVERAGING)]
    arguments = {a.name for a in function.args if isinstance(a, tm.Symbol)}
    inside = {name for t in averages for name in symbols_in(t)}
    return bool(inside) and inside == arguments and not arguments & outside_symbols(side)


@dataclass
class RandomValues:
    """Symbols that stand for values of random functions.  `origin`: the function's name for each symbol."""

    functions: set[str] = field(default_factory=set)
    symbols: dict[str, tm.Shape] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)

    def replaced(self, term: Any) -> Any:
        """The term with the values, and the gradients of them, as symbols."""
        if not self.functions:
            return term
        match term:
            case tm.Derivative(tm.Function() as inner, wrt) if inner.name in self.functions and wrt in inner.args:
                return self.symbol(rf"\nabla {self.written(inner)}", inner, term.shape)
            case tm.Function() if term.name in self.functions:
                return self.symbol(self.written(term), term, term.shape)
        return rebuilt(term, self.replaced)

    def written(self, function: tm.Function) -> str:
        marks = r"_{\bullet}" * len(function.indices)
        return f"{function.name}{marks}({', '.join(latex(a) for a in function.args)})"

    def symbol(self, key: str, function: tm.Function, shape: tm.Shape) -> tm.Symbol:
        self.symbols[key] = shape
        self.origin[key] = function.name
        return tm.Symbol(key, function.indices, shape)


def find_random_values(candidates: set[str], stated: set[str], terms: list[Any], is_random: Any) -> RandomValues:
    """Functions without a definition whose arguments are all constants, and which are said to be random or stand only under averages."""
    fixed: dict[str, bool] = {}
    inside: set[str] = set()
    outside: set[str] = set()
    for term in terms:
        _note_functions(term, False, inside, outside)
        for t in everywhere(term):
            if isinstance(t, tm.Function):
                constant = not any(is_random(n) for a in t.args for n in symbols_in(a))
                fixed[t.name] = fixed.get(t.name, True) and constant
    found = {n for n in candidates if fixed.get(n) and (n in stated or n in inside - outside)}
    return RandomValues(found)


def averaged_symbol(term: Any) -> str:
    """The symbol whose mean, variance or covariance matrix a term is; '' for anything else."""
    match term:
        case tm.Expectation(tm.Symbol(name)) | tm.Variance(tm.Symbol(name)):
            return name
        case tm.Expectation(tm.Entry(tm.Symbol(name))) | tm.Variance(tm.Entry(tm.Symbol(name))):
            return name
    return ""


def _note_functions(term: Any, averaged: bool, inside: set[str], outside: set[str]) -> None:
    if isinstance(term, tm.Function):
        (inside if averaged else outside).add(term.name)
    for part in subterms(term):
        _note_functions(part, averaged or isinstance(term, AVERAGING), inside, outside)


def symbols_in(term: Any) -> set[str]:
    return {t.name for t in everywhere(term) if isinstance(t, tm.Symbol)}


def outside_symbols(term: Any) -> set[str]:
    """Symbols that stand outside of every average in the term."""
    uses = Uses()
    uses.note(term)
    return uses.outside


def outside_functions(term: Any) -> set[str]:
    """Functions that are applied outside of every average in the term."""
    outside: set[str] = set()
    _note_functions(term, False, set(), outside)
    return outside


def decide(
    keys: Iterable[str],
    random: set[str],
    constant: set[str],
    uses: Uses,
    definitions: dict[str, Any],
    functions: set[str],
) -> dict[str, str]:
    """The role of each key: 'random' or 'constant'.  `definitions` maps a defined key to its right-hand side,
    `functions` holds those with random values."""
    roles: dict[str, str] = {}
    keys = list(keys)
    for key in keys:
        if key in constant:
            roles[key] = "constant"
        elif key in random or key.split(r"_{\bullet}")[0] in uses.over:
            roles[key] = "random"
    for key in keys:
        if key not in roles and key not in definitions:
            conditioned = key in uses.conditions
            only_inside = key in uses.inside and key not in uses.outside
            roles[key] = "random" if conditioned or only_inside else "constant"
    for key in sorted(random & set(definitions)):
        if not functions & outside_functions(definitions[key]):
            roles |= _moved_by(definitions[key], roles, constant, definitions)
    for side in definitions.values():
        names = outside_symbols(side)
        moving = {n for n in names if roles.get(n) == "random"}
        if moving - CONSTANTS:  # in Y = a + bX + e nobody means a and b to vary
            uses.customary |= (moving & CONSTANTS) - random - uses.conditions
    roles |= dict.fromkeys(uses.customary, "constant")
    _pass_on(roles, random, constant, definitions, functions)
    still = [names for names in uses.averages if all(roles.get(name) != "random" for name in names)]
    for key in sorted(set().union(*still) & set(definitions) - constant):  # nobody averages what does not vary
        if not functions & outside_functions(definitions[key]):
            roles |= _moved_by(definitions[key], roles, constant, definitions)
    if still:
        _pass_on(roles, random, constant, definitions, functions)
    return {key: roles.get(key, "constant") for key in keys}


def _pass_on(
    roles: dict[str, str], random: set[str], constant: set[str], definitions: dict[str, Any], functions: set[str]
) -> None:
    """What is defined by something random is random; the definitions may stand in any order."""
    for _ in range(len(definitions) + 1):
        for key, side in definitions.items():
            if roles.get(key) != "random" and key not in constant:
                random_now = any(roles.get(s) == "random" for s in outside_symbols(side) | conditions_outside(side))
                random_now |= bool(functions & outside_functions(side))
                roles[key] = "random" if random_now or key in random else "constant"


def _moved_by(side: Any, roles: dict[str, str], constant: set[str], definitions: dict[str, Any]) -> dict[str, str]:
    """What makes a symbol vary that is said to be random and defined by `side`, when nothing in it does.

    In Y = X − μ that is X: nobody said that it is constant, and Greek letters are parameters.
    """
    made_of = outside_symbols(side) | conditions_outside(side)
    if any(roles.get(s) == "random" or s in definitions for s in made_of):
        return {}
    free = made_of - constant
    return dict.fromkeys(sorted(s for s in free if not s.startswith("\\")) or sorted(free), "random")


def conditions_outside(term: Any) -> set[str]:
    """What a conditional average is a function of."""
    found: set[str] = set()
    for t in everywhere(term):
        if isinstance(t, AVERAGING):
            for part in t.given:
                found |= symbols_in(part)
    return found
