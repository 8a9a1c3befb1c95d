"""A derivation that writes itself, each of its lines judged like a user's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from derive.judge.reading import read
from derive.judge.verdict import Bench
from derive.language.elaborate import elaborate
from derive.language.facts import Claim
from derive.language.latex import latex
from derive.language.typed import Elaborated, TypedStep
from derive.report import Derivation, Step
from derive.rules.expand import expand


class NotAnExpression(ValueError):
    """The text is not one expression; the message is for the user."""


def expand_latex(
    expression: str, givens: Iterable[str] = (), *, macros: str = "", thorough: bool = False
) -> Derivation:
    """From an expression to its simplest form, one named rule a line.

    `givens`: statements as in a given block.  `thorough`: multiply out as far as it goes.
    Raises `NotAnExpression` when the expression or a given cannot be read.
    """
    claim = _read_expression(expression, tuple(givens), macros)
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
    return Derivation(0, tuple(steps))


def _read_expression(expression: str, givens: tuple[str, ...], macros: str) -> Claim:
    elaborated: Elaborated = elaborate(
        read(f"$$\n{expression}\n=\n{expression}\n$$\n", "expression.md", givens, macros)
    )
    unread = [g.problem.message for g in elaborated.givens if g.problem is not None]
    steps = [s for chain in elaborated.chains for s in chain.steps]
    problems = unread + [p.message for s in steps for p in s.problems]
    if problems:
        raise NotAnExpression(problems[0])
    if len(steps) != 1 or steps[0].claim is None or not _whole(expression, steps[0]):
        raise NotAnExpression("this is not one expression")
    return steps[0].claim


def _whole(expression: str, step: TypedStep) -> bool:
    """Whether both sides are the expression, but for spacing and a stop at its end."""
    rest = expression.replace(step.lhs.latex, "", 1)
    return step.lhs.latex == step.rhs.latex and re.fullmatch(r"(\s|\\[,;:!]|[.,;])*", rest) is not None
