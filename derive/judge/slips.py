"""Slips in what is given that another part of the document gives away: a product where a difference is meant.

When a step needs c = a − b, and a given says E[a b] = E[c], a minus has been lost in the given.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.judge.assumptions import Candidate
from derive.language.elaborate import Elaborated
from derive.language.facts import Equation
from derive.language.latex import latex
from derive.language.terms import Add, Expectation, Mul, Number, Symbol, Term
from derive.report import Remark


def lost_signs(elaborated: Elaborated, needed: Iterable[Candidate]) -> tuple[Remark, ...]:
    """A remark for each given that has a product where a definition that a step needs has a sum or difference."""
    meant = [e for c in needed for e in c.givens if isinstance(e, Equation) and _two_symbols(e.rhs)]
    found = []
    for read in elaborated.givens:
        for given in read.givens:
            if not isinstance(given, Equation):
                continue
            for definition in meant:
                if _is_slip(given.lhs, given.rhs, definition) or _is_slip(given.rhs, given.lhs, definition):
                    span = read.statement.span
                    right = latex(definition.rhs)
                    found.append(
                        Remark(
                            f"this given has the product ${latex(_product(given))}$ where a later step takes "
                            f"${latex(definition.lhs)} = {right}$; an operator seems to be missing",
                            span.line,
                            span.column,
                            f"\\mathbb{{E}}[{right}]",
                            max(1, span.end - span.start),
                        )
                    )
    return tuple(dict.fromkeys(found))


def _product(given: Equation) -> Term:
    side = given.lhs if isinstance(given.lhs, Expectation) and isinstance(given.lhs.arg, Mul) else given.rhs
    return side.arg if isinstance(side, Expectation) else side


def _is_slip(product: Term, single: Term, definition: Equation) -> bool:
    match product, single:
        case Expectation(Mul((a, b))), Expectation(c):
            return {_plain(a), _plain(b)} == _parts(definition.rhs) and _plain(c) == _plain(definition.lhs)
    return False


def _two_symbols(term: Term) -> bool:
    return isinstance(term, Add) and len(_parts(term)) == 2 == len(term.args)


def _parts(term: Term) -> set[str]:
    if not isinstance(term, Add):
        return set()
    parts = set()
    for arg in term.args:
        match arg:
            case Mul((Number(), inner)):
                parts.add(_plain(inner))
            case _:
                parts.add(_plain(arg))
    return parts


def _plain(term: Term) -> str:
    """The name of a symbol; the two shapes of epsilon (theta, phi, …) are one letter here."""
    return term.name.replace("\\var", "\\") if isinstance(term, Symbol) else repr(term)
