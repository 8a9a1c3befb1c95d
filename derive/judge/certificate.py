"""Certificates of documents: the proof of every proved step as moves that `derive.verify` replays by its own code.

certificate_of(document, checker)    what a certificate file contains, as plain data
agreement(certificate, document)     whether its claims and givens are those of a document, read anew
"""

from __future__ import annotations

import json
from typing import Any

from derive.judge.certificate_search import search
from derive.judge.check import Checker, judged_chains
from derive.language.elaborate import elaborate
from derive.language.facts import Claim
from derive.language.latex import latex
from derive.language.syntax import Document
from derive.language.typed import TypedStep
from derive.verify.coding import encode
from derive.verify.refusal import Refused
from derive.verify.replay import FORMAT, VERSION, Certificate, verify


def certificate_of(document: Document, checker: Checker) -> dict[str, Any]:
    """The certificate of a document.  Proved steps for which no moves are found are listed as `uncertified`."""
    elaborated = elaborate(document)
    maker = _Maker()
    for chain in judged_chains(elaborated, document.path, checker):
        for found in chain:
            claim, judged = found.step.claim, found.judgement
            if claim is not None and judged is not None and judged.verdict == "proved":
                maker.add(_line(found.step), claim, judged.uses, checker.bench.effort.step)
    return maker.data(document.path)


class _Maker:
    """Collects steps, with every symbol and given written once."""

    def __init__(self) -> None:
        self.symbols: dict[str, Any] = {}
        self.givens: dict[str, int] = {}
        self.written: list[Any] = []
        self.steps: list[dict[str, Any]] = []
        self.uncertified: list[int] = []

    def add(self, line: int, claim: Claim, uses: tuple[Any, ...], seconds: float) -> None:
        symbols = {name: encode(info) for name, info in claim.facts.symbols.items()}
        same = all(self.symbols.get(name, info) == info for name, info in symbols.items())
        found = search(claim, uses, seconds) if same else None
        if found is None:
            self.uncertified.append(line)
            return
        self.symbols |= symbols
        step = {
            "line": line,
            "latex": f"{latex(claim.lhs)} = {latex(claim.rhs)}",
            "lhs": encode(claim.lhs),
            "rhs": encode(claim.rhs),
            "distinct": encode(claim.distinct),
            "givens": [self.number(encode(given)) for given in claim.facts.givens],
            "unfold": found.unfold,
            "proof": found.proof,
        }
        if _replays(self.data("step", [step])):
            self.steps.append(step)
        else:
            self.uncertified.append(line)

    def number(self, given: Any) -> int:
        key = json.dumps(given)
        if key not in self.givens:
            self.givens[key] = len(self.written)
            self.written.append(given)
        return self.givens[key]

    def data(self, name: str, steps: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "document": name,
            "symbols": list(self.symbols.values()),
            "givens": self.written,
            "steps": self.steps if steps is None else steps,
            "uncertified": self.uncertified,
        }


def _replays(data: dict[str, Any]) -> bool:
    """Whether what was found is accepted with all symbols of the document in view."""
    try:
        verify(json.dumps(data))
    except Refused:
        return False
    return True


def _line(step: TypedStep) -> int:
    return step.rhs.span.line or step.link.span.line


def agreement(certificate: Certificate, document: Document) -> None:
    """Raises `Refused` where a claim of the certificate, or what is given in front of it, is not the document's."""
    elaborated = elaborate(document)
    claims = [(_line(s), _written(s.claim)) for c in elaborated.chains for s in c.steps if s.claim is not None]
    for number, step in enumerate(certificate.replayed):
        stated = (step.line, _written(step.claim))
        if stated in claims:
            claims.remove(stated)
        elif any(line == step.line and claim[:3] == stated[1][:3] for line, claim in claims):
            raise Refused(f"what is given is not what {document.path} gives in line {step.line}", f"steps[{number}]")
        else:
            raise Refused(f"line {step.line} of {document.path} claims something else", f"steps[{number}]")


def _written(claim: Claim) -> tuple[str, ...]:
    """A claim with all that is known of the symbols, as text to compare."""
    facts = claim.facts
    symbols = sorted(json.dumps(encode(info)) for info in facts.symbols.values())
    parts = (encode(claim.lhs), encode(claim.rhs), encode(claim.distinct), encode(facts.givens), symbols)
    return tuple(json.dumps(part) for part in parts)
