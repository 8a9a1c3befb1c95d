"""Steps that are right but large: more named rules at once than a reader was promised."""

from __future__ import annotations

from derive.judge.steps import Found
from derive.report import Remark

SHOWN = 6  # lines that are written out


def is_larger(found: Found, most: int) -> bool:
    judged = found.judgement
    return judged is not None and judged.verdict == "proved" and len(judged.rules) > most


def too_large(found: Found, most: int) -> Remark:
    """The remark on a large step, with the lines that could stand between as its hint."""
    assert found.judgement is not None
    rules = ", ".join(r.replace("-", " ") for r in found.judgement.rules)
    place = found.step.rhs.span
    between = found.detail[:-1][:SHOWN]
    lines = "; then ".join(f"$= {line.latex}$ by {line.rule.replace('-', ' ')}" for line in between)
    hint = f"lines that could stand between: {lines}" if lines else "no lines between were found"
    message = f"this step takes {len(found.judgement.rules)} rules ({rules}), more than {most}"
    return Remark(message, place.line, place.column, hint, max(1, place.end - place.start))
