"""From text to typed documents: the reader and the elaboration behind one call."""

from __future__ import annotations

from collections.abc import Iterable

from derive.language.elaborate import elaborate
from derive.language.facts import Facts
from derive.language.syntax import Document
from derive.language.terms import Term
from derive.source import read_document


def read(text: str, path: str, givens: Iterable[str] = (), macros: str = "") -> Document:
    """The document in a text; `givens` are statements of the command line, `macros` LaTeX definitions."""
    return read_document(path, text, givens=tuple(givens), macros=macros)


def read_equation(latex: str) -> tuple[Term, Term, Facts]:
    """The two sides of one equation and what is inferred of its symbols.  Raises `ValueError` when it is not one."""
    elaborated = elaborate(read(f"$$\n{latex}\n$$\n", "false.md"))
    steps = [s for chain in elaborated.chains for s in chain.steps]
    if len(steps) != 1 or steps[0].claim is None:
        problem = next((p.message for s in steps for p in s.problems), "it is not one equation")
        raise ValueError(f"`{latex}` could not be read: {problem}")
    claim = steps[0].claim
    return claim.lhs, claim.rhs, claim.facts
