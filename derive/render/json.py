"""The report as JSON; docs/language.md describes every key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from json import dumps
from typing import Any

from derive.report import (
    VERDICTS,
    Counterexample,
    Defect,
    Derivation,
    DocumentReport,
    Exact,
    Remark,
    Report,
    Simulation,
    Step,
)
from derive.version import VERSION as DERIVE_VERSION

VERSION = 1


def as_json(report: Report) -> dict[str, Any]:
    """The whole answer as dictionaries, lists, strings and numbers."""
    return {
        "version": VERSION,
        "documents": [document(d) for d in report.documents],
        "summary": report.summary,
    }


def text(report: Report) -> str:
    return dumps(as_json(report), ensure_ascii=False, indent=1, allow_nan=False)


def stream(documents: Iterable[DocumentReport]) -> Iterator[str]:
    """The same text as `text` gives, in pieces, holding one document at a time."""
    totals = {"steps": 0} | dict.fromkeys(VERDICTS, 0)
    yield f'{{"version": {VERSION}, "documents": ['
    separator = "\n"
    for one in documents:
        for name, count in Report((one,)).summary.items():
            totals[name] += count
        yield separator + dumps(document(one), ensure_ascii=False, allow_nan=False)
        separator = ",\n"
    yield f'\n], "summary": {dumps(totals)}}}\n'


def document(one: DocumentReport) -> dict[str, Any]:
    """One document.  `remarks` and `error` stand in it only when there is something to say."""
    out: dict[str, Any] = {
        "path": one.path,
        "givens": [{"line": g.line, "latex": g.latex, "kind": g.kind, "reading": g.reading} for g in one.givens],
        "symbols": [
            {"latex": s.latex, "shape": list(s.shape), "kind": s.kind, "origin": s.origin} for s in one.symbols
        ],
        "derivations": [_derivation(d) for d in one.derivations],
    }
    if one.remarks:
        out["remarks"] = [_remark(r) for r in one.remarks]
    if one.error:
        out["error"] = one.error
        out["defects"] = [_defect(d) for d in one.defects]
        out["text"] = one.text
    return out


def _defect(defect: Defect) -> dict[str, Any]:
    """A failure of derive; what is not known of it is left out."""
    return {"version": DERIVE_VERSION} | {
        name: value for name, value in asdict(defect).items() if value not in ("", (), None)
    }


def _derivation(derivation: Derivation) -> dict[str, Any]:
    return {
        "line": derivation.line,
        "verdict": derivation.verdict,
        "steps": [_step(s) for s in derivation.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    exact = None if step.exact is None else _exact(step.exact)
    return {
        "line": step.line,
        "column": step.column,
        "relation": step.relation,
        "lhs": step.lhs,
        "rhs": step.rhs,
        "verdict": step.verdict,
        "rules": list(step.rules),
        "uses": list(step.uses),
        "missing": list(step.missing),
        "difference": step.difference,
        "counterexample": None if step.counterexample is None else _counterexample(step.counterexample),
        "misconception": None if step.misconception is None else step.misconception.name,
        "correction": step.correction,
        "message": " ".join([step.message, *(_said(r) for r in step.remarks)]).strip(),
        "evidence": {"exact": exact, "simulation": None if step.simulation is None else _simulation(step.simulation)},
    }


def _exact(exact: Exact) -> dict[str, Any]:
    """`agree` is null where no model decides, and `reason` says why; `bound` where models agree and one is known."""
    said: dict[str, Any] = {"models": exact.models, "agree": exact.agree}
    if exact.agree:
        said["bound"] = exact.bound or None
    return said | ({"reason": exact.abstained} if exact.abstained else {})


def _said(remark: Remark) -> str:
    hint = f" {remark.hint}" if remark.hint else ""
    return f"Line {remark.line}, column {remark.column}: {remark.message}{hint}"


def _remark(remark: Remark) -> dict[str, Any]:
    return {"line": remark.line, "column": remark.column, "message": remark.message, "hint": remark.hint}


def _counterexample(model: Counterexample) -> dict[str, Any]:
    return {
        "dimensions": model.dimensions,
        "constants": model.constants,
        "outcomes": [{"probability": p, "values": values} for p, values in model.outcomes],
        "lhs": model.lhs,
        "rhs": model.rhs,
        "summary": model.summary,
    }


def _simulation(run: Simulation) -> dict[str, Any]:
    """JSON has no infinities: a z that is none is null."""
    finite = run.z == run.z and abs(run.z) != float("inf")
    return {"samples": run.samples, "z": round(run.z, 4) if finite else None, "agree": run.agree}
