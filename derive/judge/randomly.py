"""What in a term varies with the outcome, for the false rules."""

from __future__ import annotations

from derive.language.facts import Facts
from derive.language.terms import Covariance, Expectation, Function, Symbol, Term, Variance, children


def is_random(term: Term, facts: Facts) -> bool:
    """Whether a term varies with the outcome; a conditional expectation does when its condition does."""
    match term:
        case Expectation(_, given) | Variance(_, given):
            return any(is_random(g, facts) for g in given)
        case Covariance(_, _, given):
            return any(is_random(g, facts) for g in given)
        case Symbol(name):
            return facts.role(name) == "random"
        case Function(name) if facts.role(name) == "random":
            return True
        case _:
            return any(is_random(c, facts) for c in children(term))
