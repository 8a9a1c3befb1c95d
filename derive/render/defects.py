"""A failure of derive as a ready-made report in plain text: what happened where, both answers, and the document."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps

from derive.report import Defect, DocumentReport
from derive.version import VERSION


def defect_text(document: DocumentReport) -> str:
    """The report to be sent on; control characters of the document are not printed."""
    lines = ["---- report of a defect in derive: please send it with the text below ----", f"version: {VERSION}"]
    for defect in document.defects or (Defect(document.error),):
        lines += _lines(defect)
    lines += [f"document: {document.path}", *(f"  | {row}" for row in document.text.splitlines()), "---- end ----"]
    return "\n".join("".join(c if c.isprintable() else " " for c in row) for row in lines)


def _lines(defect: Defect) -> Iterator[str]:
    yield f"defect: {defect.message}"
    yield f"seed: {defect.seed}"
    if defect.line:
        yield f"step in line {defect.line}: {defect.lhs} = {defect.rhs}"
    if defect.rules or defect.givens:
        yield f"the rules say: equal, by {', '.join(defect.rules) or 'no named rule'}"
        yield from (f"  given: {given}" for given in defect.givens)
    if defect.model is not None:
        model = defect.model
        yield f"the model says: {dumps(model.lhs)} on the left, {dumps(model.rhs)} on the right"
        yield f"  dimensions: {dumps(model.dimensions)}"
        yield f"  constants: {dumps(model.constants)}"
        yield from (f"  outcome: probability {chance}, {dumps(values)}" for chance, values in model.outcomes)
    if defect.simulation is not None:
        seen = defect.simulation
        yield (
            f"the simulation says: {seen.lhs} ± {seen.lhs_error} on the left, {seen.rhs} ± {seen.rhs_error} "
            f"on the right, z = {seen.z}, {seen.samples} samples, seed {seen.seed}"
        )
