"""Steps in which something does not fit: a product m×n times m×n, a sum of m×n and n×m.

As they stand they mean nothing.  Where two dimensions happen to be the same number they do, and what is claimed for all
dimensions is claimed there too: when the sides differ even then, the step is wrong, with an exact counterexample.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from itertools import combinations
from typing import Any

from derive.judge.steps import Found
from derive.judge.verdict import Bench, Judgement
from derive.language import syntax as sx
from derive.language.elaborate import Elaborated, TypedStep, elaborate
from derive.language.symbols import key_of

MOST_PAIRS = 6
MOST_STEPS = 12


def refuted_misfits(document: sx.Document, elaborated: Elaborated, found: list[list[Found]], bench: Bench) -> None:
    """Judges the steps that do not fit in the document with two of its dimensions made one."""
    waiting = [(c, s) for c, chain in enumerate(found) for s, f in enumerate(chain) if _misfit(f.step)][:MOST_STEPS]
    if not waiting:
        return
    dims = [name for name, info in elaborated.symbols.items() if info.role == "dimension"]
    for kept, merged in list(combinations(dims, 2))[:MOST_PAIRS]:
        other = elaborate(_merged(document, kept, merged))
        if [len(c.steps) for c in other.chains] != [len(c) for c in found]:
            continue
        for c, s in list(waiting):
            step = other.chains[c].steps[s]
            if step.kind == "claim" and step.claim is not None and step.claim.lhs.shape == step.claim.rhs.shape:
                judged = bench.judge(step.claim)
                if judged.counterexample is not None:
                    found[c][s] = Found(
                        replace(found[c][s].step, kind="claim"), _told(judged, found[c][s], kept, merged)
                    )
                    waiting.remove((c, s))


def _misfit(step: TypedStep) -> bool:
    """Whether both sides were read and yet have no meaning."""
    return step.kind == "unread" and step.lhs.syntax is not None and step.rhs.syntax is not None


def _told(judged: Judgement, found: Found, kept: str, merged: str) -> Judgement:
    problem = found.step.problems[0].message if found.step.problems else "the dimensions do not agree"
    message = (
        f"Something does not fit: {problem}. Even where ${kept} = {merged}$, so that it does, the two sides differ."
    )
    return replace(judged, verdict="wrong", missing=(), message=message)


def _merged(document: sx.Document, kept: str, merged: str) -> sx.Document:
    """The document with one dimension's name written for the other."""
    return replace(document, items=tuple(_renamed(item, kept, merged) for item in document.items))


def _renamed(value: Any, kept: str, merged: str) -> Any:
    if isinstance(value, sx.Name) and key_of(value) == merged:
        return sx.Name(kept, span=value.span)
    if isinstance(value, tuple):
        new = tuple(_renamed(v, kept, merged) for v in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    if is_dataclass(value) and not isinstance(value, (sx.Span, sx.Diagnostic, type)):
        changes = {}
        for field in fields(value):
            before = getattr(value, field.name)
            after = _renamed(before, kept, merged)
            if after is not before:
                changes[field.name] = after
        return replace(value, **changes) if changes else value
    return value
