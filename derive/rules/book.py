"""The book of rules: every rule by name, in the order of the chapters.

>>> RULES["independence"].title
'Independent factors split'
"""

from __future__ import annotations

from difflib import get_close_matches

from derive.rules import (
    algebra,
    algebra_names,
    calculus,
    conditioning,
    dependence,
    expectation,
    matrices,
    matrices_special,
    moments,
    sums,
    variance,
    variance_sums,
)
from derive.rules.rule import Rule

CHAPTERS: dict[str, str] = {
    "expectation": "Expectation",
    "dependence": "Dependence",
    "variance": "Variance and covariance",
    "moments": "Known moments",
    "conditioning": "Conditional expectation",
    "matrices": "Vectors and matrices",
    "sums": "Sums",
    "calculus": "Derivatives",
    "algebra": "Algebra",
}
_MODULES = (
    expectation,
    dependence,
    variance,
    variance_sums,
    moments,
    conditioning,
    matrices,
    matrices_special,
    sums,
    calculus,
    algebra,
    algebra_names,
)
RULES: dict[str, Rule] = {rule.name: rule for module in _MODULES for rule in module.RULES}


def lookup(name: str) -> Rule:
    """The rule of that name.

    Raises:
        KeyError: no such rule; the message names the nearest ones.
    """
    if name in RULES:
        return RULES[name]
    near = get_close_matches(name, RULES, n=3)
    raise KeyError(f"no rule is called {name!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))


def chapter(name: str) -> tuple[Rule, ...]:
    """The rules of a chapter, in its order."""
    return tuple(rule for rule in RULES.values() if rule.chapter == name)
