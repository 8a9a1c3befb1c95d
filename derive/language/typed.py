"""What elaboration answers: givens as they were read, symbols, chains of typed steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.language import facts as ft
from derive.language import syntax as sx


@dataclass(frozen=True)
class ReadGiven:
    """A statement as it was understood.  `kind` is the JSON kind; `givens` what it adds to the facts."""

    statement: sx.Statement
    reading: str
    kind: str
    givens: tuple[ft.Given, ...] = ()
    problem: sx.Diagnostic | None = None


@dataclass(frozen=True)
class TypedStep:
    """One link of a chain.  `kind`: 'claim', 'defines', 'assumed', 'skipped' or 'unread'.

    `claim` is there for 'claim', 'defines' and 'assumed'.  The sides of a claim may differ in shape; then it is false,
    and `problems` says so.  `misfit`: 'unread' because a side was read well but its shapes do not fit.
    """

    link: sx.ChainLink
    lhs: sx.Expression
    rhs: sx.Expression
    kind: str
    claim: ft.Claim | None = None
    problems: tuple[sx.Diagnostic, ...] = ()
    defines: str | None = None
    misfit: bool = False


@dataclass(frozen=True)
class TypedChain:
    chain: sx.Chain
    steps: tuple[TypedStep, ...]


@dataclass(frozen=True)
class Elaborated:
    """A document that has been understood.  `facts` is everything known at its end."""

    givens: tuple[ReadGiven, ...]
    symbols: dict[str, ft.SymbolInfo]
    chains: tuple[TypedChain, ...]
    remarks: tuple[sx.Diagnostic, ...] = ()
    facts: ft.Facts = field(default_factory=lambda: ft.Facts({}))
