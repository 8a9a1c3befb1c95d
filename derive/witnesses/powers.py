"""Equations for a power of a symbol, `s² = …`: the power is what is defined, when the symbol occurs in no other way."""

from __future__ import annotations

from dataclasses import replace

from derive.language import terms as t
from derive.language.facts import Claim, Comparison, Equation, Facts, Given
from derive.language.terms import walk
from derive.language.traverse import rebuilt


def powers_named(claim: Claim) -> Claim:
    """The claim with every such power replaced by a symbol of its own, which is then defined (and not negative)."""
    for given in claim.facts.givens:
        if isinstance(given, Equation) and _power_of(given) is not None:
            symbol, exponent = _power_of(given)  # type: ignore[misc]
            if _only_as_power(claim, symbol.name, exponent):
                claim = _renamed(claim, given, symbol.name, exponent)
    return claim


def _power_of(given: Equation) -> tuple[t.Symbol, int] | None:
    match given.lhs:
        case t.Pow(t.Symbol() as symbol, t.Number(value)) if value.denominator == 1 and value > 0 and value % 2 == 0:
            return symbol, int(value)
    return None


def _terms(claim: Claim) -> list[t.Term]:
    from derive.witnesses.analysis import members_of, terms_of

    found = [claim.lhs, claim.rhs]
    for given in claim.facts.givens:
        found += terms_of(given)
        found += [m.term if m.term is not None else t.Symbol(m.name) for m in members_of(given)]
    return found


def _only_as_power(claim: Claim, name: str, exponent: int) -> bool:
    """Whether each occurrence of the symbol is under this very power, and only one equation defines it."""
    lone = powered = defined = 0
    for term in _terms(claim):
        for part in walk(term):
            if isinstance(part, t.Symbol) and part.name == name:
                lone += 1
            if isinstance(part, t.Pow) and isinstance(part.base, t.Symbol) and part.base.name == name:
                powered += part.exponent == t.number(exponent)
    for given in claim.facts.givens:
        own = _power_of(given) if isinstance(given, Equation) else None
        defined += own is not None and own[0].name == name
    return lone == powered and defined == 1


def _renamed(claim: Claim, definition: Equation, name: str, exponent: int) -> Claim:
    new = f"{name}^{exponent}"

    def change(term: t.Term) -> t.Term:
        match term:
            case t.Pow(t.Symbol(name=n) as symbol, _) if n == name:
                return replace(symbol, name=new)
        return rebuilt(term, change)

    info = claim.facts.symbols.get(name)
    symbols = dict(claim.facts.symbols)
    if info is not None:
        symbols[new] = replace(info, name=new, support="real")
    givens: list[Given] = []
    for given in claim.facts.givens:
        if given is definition:
            lhs = change(given.lhs)
            givens.append(replace(given, lhs=lhs, rhs=change(given.rhs), kind="definition"))
            givens.append(Comparison(lhs, "\\ge", t.number(0), given.source))
        else:
            givens.append(rebuilt(given, change))
    return replace(claim, lhs=change(claim.lhs), rhs=change(claim.rhs), facts=Facts(symbols, tuple(givens)))
