"""The mathematics inside a phrase."""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.language.syntax import Statement, Syntax
from derive.source.tokens import Token


@dataclass
class Piece:
    """Mathematics inside a phrase; `statements` is what it says by itself."""

    tokens: list[Token]
    statements: list[Statement] = field(default_factory=list)
    subjects: tuple[Syntax, ...] | None = None

    def ranges(self) -> bool:
        """Whether it only says where an index runs: nothing is said of an index."""
        return bool(self.statements) and all(s.word == "indexset" for s in self.statements)
