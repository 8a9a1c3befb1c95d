"""One link of a chain: what was found out about it, and its part of the report."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.judge import messages
from derive.judge.verdict import Bench, Disagreement, Judgement
from derive.language.latex import latex
from derive.language.syntax import Expression, Span
from derive.language.typed import TypedStep
from derive.report import Defect, Remark, RuleLine, Simulation, Step


@dataclass
class Found:
    """A step with its judgement, where it was a claim.  Simulation and detail are filled in once all steps are known.

    `defect`: one sentence when derive failed or contradicted itself; then there is no verdict about the user.
    """

    step: TypedStep
    judgement: Judgement | None = None
    simulation: Simulation | None = None
    defect: str = ""
    detail: tuple[RuleLine, ...] = ()
    contradiction: Disagreement | None = None  # both answers, where `defect` is that they differ


def found_of(step: TypedStep, bench: Bench) -> Found:
    """Judges a step; whatever goes wrong in that is a defect of its own and leaves the others alone."""
    if step.kind != "claim" or step.claim is None or step.claim.lhs.shape != step.claim.rhs.shape:
        return Found(step)
    try:
        return Found(step, bench.judge(step.claim))
    except Disagreement as error:
        return Found(step, defect=str(error), contradiction=error)
    except Exception as error:
        return Found(step, defect=internal_error(error))


RANK = ("wrong", "needs", "unproved")


def with_lower_signs(upper: Found, step: TypedStep, bench: Bench) -> Found:
    r"""A step with `\\pm` holds when it holds with the upper and with the lower signs: the worse of the two counts."""
    if upper.judgement is None or step.kind != "claim":
        return upper
    lower = found_of(step, bench)
    if lower.judgement is None:
        return lower if lower.defect else upper
    verdicts = [f.judgement.verdict for f in (upper, lower) if f.judgement]
    worst = next((v for v in RANK if v in verdicts), "proved")
    if upper.judgement.verdict == worst:
        return upper
    return Found(step, replace(lower.judgement, message=f"With the lower signs: {lower.judgement.message}"))


def internal_error(error: Exception) -> str:
    """One sentence on a failure of derive itself."""
    return f"internal error ({type(error).__name__}): {str(error).rstrip('.')}."


def contradicted(found: Found) -> None:
    """Turns a proved step that the simulation refutes into a defect."""
    found.defect = "the rules prove this step, yet the simulation finds a difference."
    if found.judgement is not None:
        found.contradiction = Disagreement(found.defect, found.judgement.rules, found.judgement.uses)
    found.judgement = None


def defect_report(found: Found, seed: int) -> Defect:
    """The defect that a step brought to light, with both answers where two of them differ."""
    step, both = found.step, found.contradiction
    return Defect(
        found.defect,
        seed,
        step.link.span.line,
        step.lhs.latex,
        step.rhs.latex,
        both.rules if both else (),
        tuple(dict.fromkeys(g.source.latex for g in both.uses if g.source.latex)) if both else (),
        both.model if both else None,
        found.simulation,
    )


def step_report(found: Found, unread: int = 0) -> Step:
    """The step as it is reported.  `unread`: how many givens were not understood."""
    step = found.step
    place = step.rhs.span if step.rhs.span.line else step.link.span
    verdict, message = _verdict(found)
    if unread and verdict in ("wrong", "needs", "unproved"):
        message += " " + messages.unread_givens(unread)
    common = {
        "line": place.line,
        "column": place.column,
        "relation": step.link.symbol,
        "lhs": step.lhs.latex,
        "rhs": step.rhs.latex,
        "verdict": verdict,
        "message": message,
        "reason": step.link.reason,
        "simulation": found.simulation,
        "remarks": _remarks(step),
        "lhs_place": _place(step.lhs),
        "rhs_place": _place(step.rhs),
    }
    judged = found.judgement
    if judged is None:
        return Step(**common)
    return Step(
        **common,
        rules=judged.rules,
        uses=tuple(dict.fromkeys(g.source.latex for g in judged.uses if g.source.latex)),
        missing=judged.missing,
        difference=judged.difference,
        counterexample=judged.counterexample,
        misconception=judged.misconception,
        correction=judged.correction,
        exact=judged.exact,
        detail=found.detail,
    )


def _verdict(found: Found) -> tuple[str, str]:
    step, judged = found.step, found.judgement
    if found.defect:
        return "unproved", "Not decided, because of an internal error; this says nothing about the step."
    match step.kind:
        case "skipped":
            return "skipped", messages.skipped(step.link.symbol)
        case "unread":
            problem = step.problems[0].message if step.problems else "a side of this step could not be read"
            return "unread", f"Not read: {problem}."
        case "defines":
            return "defines", messages.defines(step.defines or "")
        case "assumed":
            return "assumed", messages.assumed()
    if judged is None:
        problem = step.problems[-1].message if step.problems else "the sides differ in shape"
        return "wrong", f"The two sides cannot be equal: {problem}."
    if judged.verdict == "unproved":
        return "unproved", messages.unproved(judged.reason, judged.exact, found.simulation)
    return judged.verdict, judged.message


def _remarks(step: TypedStep) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            p.message + (f"; expected {p.expected}" if p.expected else ""),
            p.span.line,
            p.span.column,
            p.hint,
            max(1, p.span.end - p.span.start),
        )
        for p in step.problems
    )


def _place(expression: Expression) -> tuple[int, int, int, int]:
    span: Span = expression.span
    return (span.line, span.column, span.start, span.end)


def unfolded(found: Found) -> tuple[RuleLine, ...]:
    """A proved step as lines of one rule each; empty when none are found."""
    claim, judged = found.step.claim, found.judgement
    if judged is None or judged.verdict != "proved" or claim is None:
        return ()
    from derive.rules.unfold import unfold

    needed = tuple(g for g in claim.facts.givens if any(g is used for used in judged.uses))
    least = replace(claim, facts=replace(claim.facts, givens=needed))  # what nobody needs is not put in to be taken out
    lines = unfold(least, judged.rules) or unfold(claim, judged.rules) or []
    out, before = [], latex(claim.lhs)
    for line in lines:
        shown = latex(line.term)
        if shown != before or line is lines[-1]:  # what changes nothing that is seen is no line
            out.append(RuleLine(shown, line.rule, tuple(filter(None, line.uses))))
        before = shown
    return tuple(out)
