"""The book of misconceptions: texts by name, and an instructor's false equations; read from TOML."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.report import Misconception

if TYPE_CHECKING:
    from derive.judge.patterns import FalseEquation


class BadBook(ValueError):
    """A misconceptions file that is not of the right form; the message says where."""


@dataclass(frozen=True, slots=True)
class Book:
    """Texts by name, and an instructor's false equations in the order of the file."""

    entries: dict[str, Misconception]
    equations: tuple[tuple[str, FalseEquation], ...] = ()


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
    if sys.version_info >= (3, 11):  # imported here: a page that is right throughout needs no book
        import tomllib
    else:  # pragma: no cover
        import tomli as tomllib

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
    from derive.judge.patterns import false_equation

    try:
        return false_equation(latex)
    except ValueError as error:
        raise BadBook(f"misconception '{name}': {error}") from error
