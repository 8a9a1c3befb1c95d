"""Naming what went wrong: the false rule or the slip that turns the left side into what was written.

The texts are data, in the book of misconceptions; an instructor's file may change them and add false equations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import thread_time

from derive.judge.book import BadBook, Book, load_book
from derive.judge.buggy import misapplied
from derive.judge.normal import holds
from derive.judge.repairs import by_difference, repairs
from derive.judge.screen import Screen
from derive.language.facts import Claim
from derive.language.terms import Term
from derive.report import Misconception
from derive.rules.compare import same

__all__ = ["BadBook", "Book", "Recognised", "load_book", "recognise"]


@dataclass(frozen=True, slots=True)
class Recognised:
    """A named mistake; `corrected` is the right side without it, where it was found by repairing the right side."""

    misconception: Misconception
    corrected: Term | None = None


def recognise(claim: Claim, book: Book, *, seconds: float = 0.8, rules_only: bool = False) -> Recognised | None:
    """The first mistake that explains a false step, or None when none is found in time.

    `rules_only`: false rules alone, for a step that is right under an assumption which may only have been left unsaid.

    Instructors' false equations are tried first, then false rules on the left side, then slips on the right.  What a
    finite model tells apart is not tried.  The form of the difference comes last.
    """
    until, screen = thread_time() + seconds, Screen(claim)
    results = list(_results(claim, book))
    written = [(name, result) for name, result in results if same(result, claim.rhs)]
    for name, result in written or results:  # what gives the very words that were written explains them best
        if thread_time() > until:
            return None
        if _equal(claim, result, claim.rhs, screen):
            return Recognised(book.entries[name], None if rules_only else _repaired(claim, screen, until))
    if rules_only:
        return None
    for name, new in repairs(claim):
        if thread_time() > until:
            return None
        if _equal(claim, claim.lhs, new, screen):
            return Recognised(book.entries[name], new)
    kind = by_difference(claim)
    return Recognised(book.entries[kind]) if kind else None


def _results(claim: Claim, book: Book) -> Iterator[tuple[str, Term]]:
    for name, equation in book.equations:
        for result in equation.applied(claim):
            yield name, result
    yield from misapplied(claim)


def _repaired(claim: Claim, screen: Screen, until: float) -> Term | None:
    """The right side as it should have been, when one edit of it suffices."""
    for _, new in repairs(claim):
        if thread_time() > until:
            return None
        if _equal(claim, claim.lhs, new, screen):
            return new
    return None


def _equal(claim: Claim, lhs: Term, rhs: Term, screen: Screen) -> bool:
    if screen.differ(lhs, rhs):
        return False
    return holds(Claim(lhs, rhs, claim.facts, claim.distinct))
