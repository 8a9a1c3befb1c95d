r"""What a derivative means beside a model with noise: in `\nabla_w \|Xw - y\|^2` with `y = Xw + e` the data y stay as they are."""

from __future__ import annotations

from dataclasses import replace

from derive.language.facts import Claim, Equation, Facts
from derive.language.terms import Add, Derivative, Mul, Number, Symbol, Term, walk


def data_held(claim: Claim) -> tuple[Claim, tuple[str, ...]] | None:
    """The claim without the definitions of the data that it differentiates, and their names; None where there are none.

    Data have noise in their definition: a symbol added to the rest that nothing else says what it is.
    """
    taken = [t for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Derivative)]
    held = [
        g
        for g in claim.facts.givens
        if isinstance(g, Equation)
        and g.kind == "definition"
        and isinstance(g.lhs, Symbol)
        and any(
            {g.lhs.name} | _names(t.wrt) <= _names(t.arg) and has_noise(g, _names(t.wrt), claim.facts) for t in taken
        )
    ]
    if not held:
        return None
    facts = replace(claim.facts, givens=tuple(g for g in claim.facts.givens if g not in held))
    return replace(claim, facts=facts), tuple(g.lhs.name for g in held if isinstance(g.lhs, Symbol))


def has_noise(given: Equation, variable: set[str], facts: Facts) -> bool:
    """Whether the definition adds something of the variable and a symbol without a definition of its own, `r = Xw - y` does not."""
    if not isinstance(given.rhs, Add):
        return False
    defined = {g.lhs.name for g in facts.givens if isinstance(g, Equation) and isinstance(g.lhs, Symbol)}
    plain = [p for p in given.rhs.args if isinstance(p, Symbol) and p.name not in defined | variable]
    model = [p for p in given.rhs.args if _names(p) & variable]
    return bool(plain and model) and not any(map(negative, model))


def negative(term: Term) -> bool:
    return isinstance(term, Mul) and isinstance(term.args[0], Number) and term.args[0].value < 0


def _names(term: Term) -> set[str]:
    return {t.name for t in walk(term) if isinstance(t, Symbol)}
