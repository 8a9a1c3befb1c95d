"""An assumption that an author may have left unsaid: what it says, in LaTeX and as givens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from derive.language.facts import Claim, Distributed, Equation, Facts, Given, Member, Source, SymbolInfo
from derive.language.latex import symbol_latex
from derive.language.terms import Expectation, Index, Number, Pow, Symbol, Term, Variance

LETTERS = ("i", "j", "k", "l")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An unsaid assumption: the givens that say it, or the name of a symbol that would be constant.

    `kind`: 'uncorrelated', 'mean', 'symmetric', 'independent', 'named' (a constant for a moment), 'definition',
    'identical', 'conditional', 'constant'.
    `about`: the names it speaks of.
    """

    kind: str
    latex: str
    about: tuple[str, ...]
    givens: tuple[Given, ...] = ()
    constant: str = ""


def assuming(claim: Claim, candidates: Iterable[Candidate]) -> Claim:
    """The claim under its facts and the candidates."""
    facts = claim.facts
    for candidate in candidates:
        facts = facts.with_(*candidate.givens)
        if candidate.constant:
            info = facts.symbols[candidate.constant]
            facts = Facts(facts.symbols | {candidate.constant: replace(info, role="constant")}, facts.givens)
    return Claim(claim.lhs, claim.rhs, facts, claim.distinct)


def member_latex(info: SymbolInfo, offset: int = 0) -> str:
    """The symbol, with an index for each family it belongs to."""
    return symbol_latex(info.name, tuple(Index(x) for x in LETTERS[offset : offset + len(info.families)]))


def family_latex(info: SymbolInfo) -> str:
    r"""`x_1, \dots, x_n` where the range is known, `x_i` where not."""
    known = info.families[0] if len(info.families) == 1 else None
    if known is None:
        return member_latex(info)
    return rf"{symbol_latex(info.name, (known.lower,))}, \dots, {symbol_latex(info.name, (known.upper,))}"


def member_symbol(info: SymbolInfo, offset: int = 0) -> Symbol:
    return Symbol(info.name, tuple(Index(x) for x in LETTERS[offset : offset + len(info.families)]), info.shape)


# ------------------------------------------------------------------ what the givens say already


def mentioned(facts: Facts, name: str) -> bool:
    """Whether a given speaks of the symbol."""
    return any(name in names_in(given) for given in facts.givens)


def names_in(item: Any) -> set[str]:
    """All symbol names inside a given, whatever its kind."""
    if isinstance(item, Symbol | Member):
        own = {item.name}
        return own | (names_in(item.term) if isinstance(item, Member) and item.term is not None else set())
    if isinstance(item, tuple):
        return set().union(*(names_in(i) for i in item))
    if hasattr(item, "__dataclass_fields__") and not isinstance(item, Source):
        return set().union(*(names_in(getattr(item, f)) for f in item.__dataclass_fields__))
    return set()


def mean_known(facts: Facts, name: str) -> bool:
    for given in facts.givens:
        match given:
            case Distributed(Symbol(other)) if other == name:
                return True
            case Equation(Expectation(Symbol(other)), kind="moment") if other == name:
                return True
    return False


def spread_known(facts: Facts, name: str) -> bool:
    for given in facts.givens:
        match given:
            case Distributed(Symbol(other)) if other == name:
                return True
            case Equation(Variance(Symbol(other)), kind="moment") if other == name:
                return True
            case Equation(Expectation(Pow(Symbol(other), Number(value))), kind="moment") if (
                other == name and value == 2
            ):
                return True
    return False


# ------------------------------------------------------------------ making them


def moment(kind: str, latex: str, about: tuple[str, ...], lhs: Term, rhs: Term) -> Candidate:
    return of(kind, latex, about, Equation(lhs, rhs, "moment", source(latex)))


def source(latex: str) -> Source:
    return Source(latex, latex)


def of(kind: str, latex: str, about: tuple[str, ...], *givens: Given) -> Candidate:
    return Candidate(kind, latex, tuple(dict.fromkeys(about)), givens)
