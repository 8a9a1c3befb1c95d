"""A derivation that writes itself, each of its lines judged like a user's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from derive.judge.reading import read
from derive.judge.verdict import Bench
from derive.language.elaborate import elaborate
from derive.language.facts import Claim
from derive.language.latex import latex
from derive.language.terms import Term
from derive.language.typed import Elaborated, TypedStep
from derive.report import Derivation, DocumentReport, GivenLine, Step
from derive.rules.expand import expand


class NotAnExpression(ValueError):
    """The text is not one expression; the message is for the user."""


@dataclass(frozen=True)
class Expansion:
    """The lines that were written, and the term that the last of them is."""

    document: DocumentReport
    derivation: Derivation
    end: Term


def expand_latex(
    expression: str, givens: Iterable[str] = (), *, macros: str = "", thorough: bool = False
) -> Derivation:
    """From an expression to its simplest form, one named rule a line.

    `givens`: statements as in a given block.  `thorough`: multiply out as far as it goes.
    Raises `NotAnExpression` when the expression or a given cannot be read.
    """
    return expansion(expression, *read_expression(expression, givens, macros), thorough=thorough).derivation


def expansion(expression: str, elaborated: Elaborated, claim: Claim, *, thorough: bool = False) -> Expansion:
    """The lines from an expression that has been read by `read_expression`."""
    bench = Bench()
    steps: list[Step] = []
    term, written = claim.lhs, expression.strip()
    for line in expand(claim.lhs, claim.facts, claim.distinct, thorough):
        judged = bench.judge(Claim(term, line.term, claim.facts, claim.distinct))
        after = latex(line.term)
        steps.append(
            Step(
                0,
                0,
                "=",
                written,
                after,
                judged.verdict,
                (line.rule,),
                line.uses,
                message=judged.message,
                exact=judged.exact,
            )
        )
        term, written = line.term, after
    derivation = Derivation(0, tuple(steps))
    used = [u for step in steps for u in step.uses]
    givens = tuple(
        GivenLine(0, g.statement.latex, g.kind, g.reading, used.count(g.statement.latex), g.statement.origin)
        for g in elaborated.givens
    )
    return Expansion(DocumentReport("expression", givens, derivations=(derivation,), text=expression), derivation, term)


def read_expression(expression: str, givens: Iterable[str] = (), macros: str = "") -> tuple[Elaborated, Claim]:
    """The expression under the givens, as what was understood and as the claim that it equals itself.

    Raises `NotAnExpression` when it or a given cannot be read.
    """
    text = f"$$\n{expression}\n=\n{expression}\n$$\n"
    elaborated = elaborate(read(text, "expression.md", tuple(givens), macros))
    unread = [g.problem.message for g in elaborated.givens if g.problem is not None]
    steps = [s for chain in elaborated.chains for s in chain.steps]
    problems = unread + [p.message for s in steps for p in s.problems]
    if problems:
        raise NotAnExpression(problems[0])
    if len(steps) != 1 or steps[0].claim is None or not _whole(expression, steps[0]):
        raise NotAnExpression("this is not one expression")
    return elaborated, steps[0].claim


def _whole(expression: str, step: TypedStep) -> bool:
    """Whether both sides are the expression, but for spacing and a stop at its end."""
    rest = expression.replace(step.lhs.latex, "", 1)
    return step.lhs.latex == step.rhs.latex and re.fullmatch(r"(\s|\\[,;:!]|[.,;])*", rest) is not None
