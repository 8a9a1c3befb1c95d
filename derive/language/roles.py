"""Which symbols are random: what a given makes so, and what stands only under expectations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from derive.language import terms as tm
from derive.language.building import Over
from derive.language.traverse import everywhere, subterms

AVERAGING = (tm.Expectation, tm.Variance, tm.Covariance, tm.Correlation)


@dataclass
class Uses:
    """Symbols by where they stand: under an average, outside of all, behind a condition's bar, below an operator."""

    inside: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)

    def note(self, term: Any, averaged: bool = False) -> None:
        match term:
            case tm.Symbol(name):
                (self.inside if averaged else self.outside).add(name)
            case (
                tm.Expectation(_, given)
                | tm.Variance(_, given)
                | tm.Covariance(_, _, given)
                | tm.Correlation(_, _, given)
            ):
                for part in given:
                    self.conditions.update(symbols_in(part))
                for part in subterms(term):
                    if all(part is not g for g in given):
                        self.note(part, True)
            case Over(inner, over):
                for part in over:
                    self.over.update(symbols_in(part))
                self.note(inner, averaged)
            case _:
                for part in subterms(term):
                    self.note(part, averaged)


def symbols_in(term: Any) -> set[str]:
    return {t.name for t in everywhere(term) if isinstance(t, tm.Symbol)}


def outside_symbols(term: Any) -> set[str]:
    """Symbols that stand outside of every average in the term."""
    uses = Uses()
    uses.note(term)
    return uses.outside


def decide(
    keys: Iterable[str],
    random: set[str],
    constant: set[str],
    uses: Uses,
    definitions: dict[str, Any],
) -> dict[str, str]:
    """The role of each key: 'random' or 'constant'.  `definitions` maps a defined key to its right-hand side."""
    roles: dict[str, str] = {}
    keys = list(keys)
    for key in keys:
        if key in constant:
            roles[key] = "constant"
        elif key in random or key in uses.over:
            roles[key] = "random"
    for key in keys:
        if key not in roles and key not in definitions:
            conditioned = key in uses.conditions
            only_inside = key in uses.inside and key not in uses.outside
            roles[key] = "random" if conditioned or only_inside else "constant"
    for _ in range(len(definitions) + 1):  # definitions may stand in any order
        for key, side in definitions.items():
            if roles.get(key) != "random" and key not in constant:
                random_now = any(roles.get(s) == "random" for s in outside_symbols(side) | conditions_outside(side))
                roles[key] = "random" if random_now or key in random else "constant"
    return {key: roles.get(key, "constant") for key in keys}


def conditions_outside(term: Any) -> set[str]:
    """What a conditional average is a function of."""
    found: set[str] = set()
    for t in everywhere(term):
        if isinstance(t, AVERAGING):
            for part in t.given:
                found |= symbols_in(part)
    return found
