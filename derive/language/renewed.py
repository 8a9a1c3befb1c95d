"""Laws that a text states anew: from there on the later one holds, as in the next exercise on a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.language.facts import Distributed, Given, SymbolInfo

WIDER = frozenset({"Normal", "Uniform", "Exponential", "Poisson", "Binomial", "Gamma", "Beta", "Laplace", "Rademacher"})


def renewed(known: Iterable[Given], new: Iterable[Given]) -> list[Given]:
    """What is known without the laws that the new givens replace."""
    laws = [g for g in new if isinstance(g, Distributed)]
    return [g for g in known if not any(replaces(law, g) for law in laws)]


def replaces(law: Distributed, other: Given) -> bool:
    """Whether the other given is another law of the same symbol, and not one that the mean and covariance only repeat."""
    if not isinstance(other, Distributed) or other.symbol.name != law.symbol.name:
        return False
    repeated = law.family in (other.family, "Moments") and other.parameters == law.parameters
    return not repeated


def not_yet(later: Iterable[Given], known: Iterable[Given]) -> list[Given]:
    """What is said later in the text, without the laws of symbols that have another one up to there."""
    laws = [g for g in known if isinstance(g, Distributed)]
    first: list[Given] = []
    for given in later:
        if not (isinstance(given, Distributed) and any(replaces(given, g) for g in (*laws, *first))):
            first.append(given)
    return first


def valued(symbols: dict[str, SymbolInfo], known: Iterable[Given]) -> dict[str, SymbolInfo]:
    """The table where the law that holds is not Bernoulli: what takes the values 0 and 1 elsewhere need not do so here."""
    laws = {g.symbol.name: g.family for g in known if isinstance(g, Distributed)}
    freed = [n for n, family in laws.items() if n in symbols and symbols[n].support == "binary" and family in WIDER]
    return symbols | {n: replace(symbols[n], support="real") for n in freed} if freed else symbols
