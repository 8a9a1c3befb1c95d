"""What moves when a variable does: with w² = v, or w + v = 1, among the givens, v is not held fixed in d/dw."""

from __future__ import annotations

from derive.language.facts import Equation, Facts
from derive.language.terms import SCALAR, Entry, Function, Line, Symbol, Term, walk


def moving(facts: Facts, name: str) -> frozenset[str]:
    """The constants that the premises make depend on the variable of that name; it is none of them itself.

    A premise says so of a symbol that stands alone on one side, and, between scalars, of every single one in it.
    Equations of vectors that are solved for nothing, such as XᵀX w = Xᵀy, hold at a point: the data stay fixed.
    """
    found, before = {name}, 0
    while len(found) > before:
        before = len(found)
        for given in facts.givens:
            if isinstance(given, Equation) and _ties(given, name, facts):
                found |= {n for n in _tied(given, found) if facts.role(n) == "constant"}
    return frozenset(found - {name})


def _ties(given: Equation, name: str, facts: Facts) -> bool:
    """Whether the equation relates constants and defines nothing, unless it is the variable itself."""
    lhs = given.lhs
    while isinstance(lhs, Entry | Line):
        lhs = lhs.arg
    defines = given.kind == "definition" and isinstance(lhs, Symbol | Function)  # `w^2 = v` is no definition of w
    if given.kind == "moment" or (defines and not (isinstance(lhs, Symbol) and lhs.name == name)):
        return False
    return not any(facts.role(n) == "random" for side in (given.lhs, given.rhs) for n in _names(side))


def _tied(given: Equation, moved: set[str]) -> set[str]:
    left, right = given.lhs, given.rhs
    found: set[str] = set()
    for alone, other in ((left, right), (right, left)):
        if isinstance(alone, Symbol) and alone.name not in _names(other) and moved & _names(other):
            found.add(alone.name)
    if left.shape == right.shape == SCALAR and moved & (_names(left) | _names(right)):
        scalars = (t for side in (left, right) for t in walk(side) if isinstance(t, Symbol))
        found |= {s.name for s in scalars if s.shape == SCALAR and not s.indices}
    return found


def _names(term: Term) -> set[str]:
    return {t.name for t in walk(term) if isinstance(t, Symbol)}
