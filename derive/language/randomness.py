"""The roles of a whole document's symbols, and what hangs on them: values of random functions, operators with a subscript."""

from __future__ import annotations

import re
from typing import Any

from derive.language import terms as tm
from derive.language.building import Builder, Over
from derive.language.definitions import Place, defined_name, heads_in, is_abbreviation, main_symbol
from derive.language.roles import (
    AVERAGING,
    CONSTANTS,
    RandomValues,
    Uses,
    averaged_symbol,
    averages_its_arguments,
    decide,
    find_random_values,
    outside_symbols,
    parameters_of,
    symbols_in,
)
from derive.language.stated import RawGiven
from derive.language.symbols import bare, bold_letter, strip_accents
from derive.language.traverse import everywhere, subterms

PARAMETERS = frozenset({r"\mu", r"\sigma", r"\tau", r"\rho", r"\kappa", r"\lambda", r"\Sigma"})
VARIABLES = re.compile(r"[A-Zu-z]|\\(?:var)?epsilon|\\(?:eta|xi|zeta|nu|omega)(?![a-z])")


class Randomness:
    """`raws` are all statements, `members` the raw terms of the chains, `defined` the links that define."""

    def __init__(self, builder: Builder, raws: list[RawGiven], members: dict[Place, Any], defined: dict[Place, Any]):
        self.builder = builder
        self.raws = raws
        self.members = members
        self.defined = defined
        self.roles: dict[str, str] = {}
        self.customary: frozenset[str] = frozenset()  # constants by the custom of letters
        self.decide(set())
        self.values = self.random_values()
        if self.values.functions:
            self.decide(self.values.functions)

    def decide(self, random_functions: set[str]) -> None:
        random, constant = set(self.builder.randoms), set()
        uses = Uses(operators=self.operators())
        definitions: dict[str, Any] = {}
        stated: set[str] = set()  # symbols whose mean or variance is given: they are random unless said constant
        for raw in self.raws:
            self.note_roles(raw, random, constant, stated, uses, definitions)
        for (place, k), one in self.defined.items():
            a, b = self.members[place, k], self.members[place, k + 1]
            name = defined_name(one)
            if name is not None:
                definitions.setdefault(name, b if one is a else a)
            uses.outside |= parameters_of(one, b if one is a else a)
        for (place, k), term in self.members.items():
            if defined_name(term) is None or not ({(place, k), (place, k - 1)} & set(self.defined)):
                uses.note(term)
        random |= {s for s in stated if s and s not in constant and s not in definitions}
        constant |= self.fixed_arguments() - random
        if random:
            constant |= {k for k in self.builder.symbol_shapes if is_parameter(k)} - random - uses.conditions
        constant |= listed_constants(self.raws, random | uses.conditions, uses)
        self.roles = decide(self.builder.symbol_shapes, random, constant - random, uses, definitions, random_functions)
        self.inherit(constant, random)
        self.customary = frozenset(uses.customary)

    def operators(self) -> frozenset[str]:
        """Functions of random variables, by their definitions."""
        links = [(self.members[place, k], self.members[place, k + 1]) for place, k in self.defined]
        stated = [raw.sides for raw in self.raws if raw.sides is not None and raw.statement.kind == "equation"]
        pairs = [*links, *stated]
        return frozenset(a.name for a, b in pairs if isinstance(a, tm.Function) and averages_its_arguments(a, b))

    def note_roles(
        self,
        raw: RawGiven,
        random: set[str],
        constant: set[str],
        stated: set[str],
        uses: Uses,
        definitions: dict[str, Any],
    ) -> None:
        statement = raw.statement
        names = {s for m in raw.members for s in [main_symbol(m.term)] if s}
        match statement.kind:
            case "kind":
                {"random": random, "constant": constant}.get(statement.word, set()).update(names)
            case "distribution" | "independent" | "uncorrelated" | "iid" | "conditional" | "conditionally":
                random.update(names)
                for p in raw.parameters:
                    uses.note(p)
                for g in raw.given:
                    uses.conditions |= symbols_in(g)
            case "law":
                random.update(names)
                for p in raw.parameters:
                    uses.note(p)
            case "equation" if raw.sides is not None:
                left, right = raw.sides
                stated.update(averaged_symbol(side) for side in raw.sides)
                name = defined_name(left)
                if name is not None and (name not in heads_in(right) or is_abbreviation(left, right)):
                    definitions.setdefault(name, right)
                    uses.outside |= parameters_of(left, right)
                    uses.inside |= {s for s in symbols_in(right) if s not in outside_symbols(right)}
                else:
                    uses.note(left)
                    uses.note(right)

    def random_values(self) -> RandomValues:
        """Values of functions that are random themselves, `\\hat f(x)` at a fixed x, are symbols of their own."""
        functions = set(self.builder.function_shapes)
        defined = {defined_name(raw.sides[0]) for raw in self.raws if raw.sides and raw.statement.kind == "equation"}
        defined |= {defined_name(one) for one in self.defined.values()}
        stated = {t.name for t in self.stated_functions()}
        return find_random_values(functions - defined, stated, self.all_terms(), self.is_random)

    def stated_functions(self) -> list[tm.Function]:
        """Applications that a statement makes random, such as those in “`f_1(w), …, f_n(w)` independent”."""
        return [
            t
            for raw in self.raws
            if raw.statement.word == "random"
            or raw.statement.kind in {"distribution", "independent", "iid", "uncorrelated"}
            for m in raw.members
            for t in everywhere(m.term)
            if isinstance(t, tm.Function)
        ]

    def fixed_arguments(self) -> set[str]:
        return {name for t in self.stated_functions() if t.indices for a in t.args for name in symbols_in(a)}

    def all_terms(self) -> list[Any]:
        return [t for raw in self.raws for t in raw.terms()] + list(self.members.values())

    def inherit(self, constant: set[str], random: set[str]) -> None:
        """A family beside a declared plain symbol of the same letter has its role."""
        for key in self.roles:
            base = key.replace(r"_{\bullet}", "")
            if base != key and key not in constant | random and base in constant:
                self.roles[key] = "constant"

    def is_random(self, name: str) -> bool:
        return self.roles.get(name) == "random"

    def averaged(self, raw: Over) -> Any:
        """An operator with a subscript: what is random inside and not made of what is named below it is held fixed."""
        named = {bare_name(n) for n in raw.over}
        inner = raw.inner
        inside = {t: self.made_of(t.name, named, 0) for t in moving(inner) if self.is_random(t.name)}
        held = getattr(inner, "given", ())
        fixed = tuple(t for t, moves in inside.items() if not moves and t not in held)
        if not fixed or len(fixed) == len(inside):
            return inner
        if isinstance(inner, (tm.Expectation, tm.Variance)):
            return type(inner)(inner.arg, (*inner.given, *fixed))
        if isinstance(inner, (tm.Covariance, tm.Correlation)):
            return type(inner)(inner.left, inner.right, (*inner.given, *fixed))
        return inner

    def made_of(self, name: str, named: set[str], depth: int) -> bool:
        """Whether a random symbol is one of the named ones, or defined by them."""
        if bare_name(name) in named:
            return True
        side = self.definition_sides().get(name)
        return side is not None and depth < 20 and any(self.made_of(n, named, depth + 1) for n in symbols_in(side))

    def definition_sides(self) -> dict[str, Any]:
        sides = {}
        for raw in self.raws:
            if raw.sides is not None and raw.statement.kind == "equation" and (name := defined_name(raw.sides[0])):
                sides[name] = raw.sides[1]
        return sides

    def stated(self) -> set[str]:
        """Symbols about which something probabilistic is said: a distribution, dependence, a moment."""
        found: set[str] = set()
        for raw in self.raws:
            if raw.statement.kind in {
                "distribution",
                "iid",
                "independent",
                "uncorrelated",
                "conditional",
                "conditionally",
            }:
                found |= {name for m in raw.members if (name := main_symbol(m.term))}
            elif raw.sides is not None and isinstance(raw.sides[0], (tm.Expectation, tm.Variance, tm.Covariance)):
                found |= symbols_in(raw.sides[0])
        return found


def is_parameter(key: str) -> bool:
    r"""Whether a letter, perhaps bold, with a number or a family index names a parameter by custom: `\mu`, `\sigma_1`."""
    letter = strip_accents(bare(key)) if bold_letter(key) else bare(key)
    return (
        letter in PARAMETERS
        and re.fullmatch(r"(?:_\{?(?:\d|\\bullet|[a-zA-Z])\}?)?", key[len(bare(key)) :]) is not None
    )


def listed_constants(raws: list[RawGiven], random: set[str], uses: Uses) -> set[str]:
    r"""What `a, b \in \mathbb{R}` says beside variables that are called random: customary letters are constants there, and so
    is what stands in one list with a constant."""
    if not any(raw.statement.word == "random" or raw.statement.kind == "distribution" for raw in raws):
        return set()
    found: set[str] = set()
    for raw in raws:
        names = {name for m in raw.members if (name := main_symbol(m.term))}
        if (
            raw.statement.kind != "shape"
            or raw.shape != tm.SCALAR
            or raw.statement.word not in ("", "positive")
            or names & random
        ):
            continue
        if not any(VARIABLES.match(strip_accents(name)) for name in names):
            found |= names if names & uses.outside else names & CONSTANTS
    return found


def moving(operator: Any) -> list[tm.Symbol]:
    """What the operands and the conditions of an operator depend on; what is averaged inside of them has no value."""
    found: dict[tm.Symbol, None] = {}
    stack = list(reversed(list(subterms(operator))))
    while stack:
        top = stack.pop()
        if isinstance(top, tm.Symbol):
            found.setdefault(top)
        stack.extend(reversed(top.given if isinstance(top, AVERAGING) else list(subterms(top))))
    return list(found)


def bare_name(key: str) -> str:
    """A key without the marks of a family, and without bold: what stands below an operator is often plain."""
    key = key.replace(r"_{\bullet}", "").replace(r"^{(\bullet)}", "")
    return bold_letter(key) or key
