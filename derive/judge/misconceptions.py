"""Naming what went wrong: the false rule or the slip that turns the left side into what was written.

The texts are data (`misconceptions.toml`); an instructor's file may change them and add false equations.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import Any

from derive.judge.buggy import misapplied
from derive.judge.patterns import FalseEquation, false_equation
from derive.judge.repairs import by_difference, repairs
from derive.judge.screen import Screen
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.terms import Term
from derive.report import Misconception

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib


class BadBook(ValueError):
    """A misconceptions file that is not of the right form; the message says where."""


@dataclass(frozen=True, slots=True)
class Book:
    """Texts by name, and an instructor's false equations in the order of the file."""

    entries: dict[str, Misconception]
    equations: tuple[tuple[str, FalseEquation], ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A named mistake; `corrected` is the right side without it, where it was found by repairing the right side."""

    misconception: Misconception
    corrected: Term | None = None


def load_book(path: str | Path | None = None) -> Book:
    """The built-in misconceptions, with those of an instructor's TOML file over them.

    Raises `BadBook` when the file cannot be read or an entry is incomplete, `OSError` when there is none.
    """
    built_in = _parsed(files("derive.judge").joinpath("misconceptions.toml").read_text("utf-8"), "misconceptions.toml")
    entries = {name: _entry(name, body, {}) for name, body in built_in.items()}
    equations = []
    if path is not None:
        for name, body in _parsed(Path(path).read_text("utf-8"), str(path)).items():
            entries[name] = _entry(name, body, entries)
            if "false" in body:
                equations.append((name, _equation(name, body["false"])))
    return Book(entries, tuple(equations))


def _parsed(text: str, where: str) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadBook(f"{where}: {error}") from error
    for name, body in tables.items():
        if not isinstance(body, dict):
            raise BadBook(f"{where}: '{name}' is not a table; write [{name}] and below it title and message")
    return tables


def _entry(name: str, body: dict[str, Any], known: dict[str, Misconception]) -> Misconception:
    old = known.get(name)
    title = body.get("title", old.title if old else None)
    message = body.get("message", old.message if old else None)
    if not isinstance(title, str) or not isinstance(message, str):
        raise BadBook(f"misconception '{name}' needs a title and a message")
    if old is None and known and "false" not in body:
        raise BadBook(f"misconception '{name}' is new, so it needs `false`, an equation that it takes for true")
    return Misconception(name, title, message)


def _equation(name: str, latex: Any) -> FalseEquation:
    if not isinstance(latex, str):
        raise BadBook(f"misconception '{name}': `false` must be a string of LaTeX")
    try:
        return false_equation(latex)
    except ValueError as error:
        raise BadBook(f"misconception '{name}': {error}") from error


def recognise(claim: Claim, book: Book, *, seconds: float = 0.8) -> Recognised | None:
    """The first mistake that explains a false step, or None when none is found in time.

    Instructors' false equations are tried first, then false rules on the left side, then slips on the right.  What a
    finite model tells apart is not tried.  The form of the difference comes last.
    """
    until, screen = monotonic() + seconds, Screen(claim)
    for name, result in _results(claim, book):
        if monotonic() > until:
            return None
        if _equal(claim, result, claim.rhs, screen):
            return Recognised(book.entries[name], _repaired(claim, screen, until))
    for name, new in repairs(claim):
        if monotonic() > until:
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
        if monotonic() > until:
            return None
        if _equal(claim, claim.lhs, new, screen):
            return new
    return None


def _equal(claim: Claim, lhs: Term, rhs: Term, screen: Screen) -> bool:
    if screen.differ(lhs, rhs):
        return False
    return isinstance(prove(Claim(lhs, rhs, claim.facts, claim.distinct)), Proof)
