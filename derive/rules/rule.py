"""What a rule is: its statement, when it may be used, why it holds, and how it rewrites a term."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.language.terms import Term

if TYPE_CHECKING:
    from derive.rules.context import Context

Rewrite = tuple[Term, tuple[str, ...]]  # the new term, and the LaTeX of the givens that were used
Apply = Callable[[Term, "Context"], Iterable[Rewrite]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A side condition in words.  `given` is the line of the rule's example that carries it.

    Without that line, or with `instead` in its place, the example is false; it is empty when the condition is about the
    form of the expression alone and no given states it.
    """

    text: str
    given: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A worked use: under the lines of `given`, `lhs = rhs`.  All LaTeX of the language of documents."""

    given: tuple[str, ...]
    lhs: str
    rhs: str


@dataclass(frozen=True, slots=True)
class Misuse:
    """A use that looks like the rule and is false; `why` says in one sentence what is wrong."""

    given: tuple[str, ...]
    lhs: str
    rhs: str
    why: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the book.

    `apply(term, context)` lists what the rule makes of `term` itself (not of its subterms), each with the givens used;
    `heads` are the kinds of terms of which it can make something.
    `notation`: the rule only says how a notation is read, so both sides of its example are the same term.
    """

    name: str
    chapter: str
    title: str
    statement: str
    reason: str
    conditions: tuple[Condition, ...]
    example: Example
    misuse: Misuse
    source: str
    summary: str
    apply: Apply
    heads: tuple[type, ...]
    notation: bool = False


def rule(
    name: str,
    *,
    title: str,
    statement: str,
    reason: str,
    example: Example,
    misuse: Misuse,
    source: str,
    heads: tuple[type, ...],
    conditions: tuple[Condition, ...] = (),
    notation: bool = False,
) -> Callable[[Apply], Rule]:
    """Decorator that makes a `Rule` of an `apply` function; the chapter is the module, the summary its docstring."""

    def define(apply: Apply) -> Rule:
        chapter = apply.__module__.rpartition(".")[2].partition("_")[0]
        summary = inspect.cleandoc(apply.__doc__ or "")
        return Rule(
            name,
            chapter,
            title,
            statement,
            reason,
            conditions,
            example,
            misuse,
            source,
            summary,
            apply,
            heads,
            notation,
        )

    return define


def chapter_rules(namespace: dict[str, object]) -> tuple[Rule, ...]:
    """The rules among a module's definitions, in the order of the file."""
    return tuple(value for value in namespace.values() if isinstance(value, Rule))
