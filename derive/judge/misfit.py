"""Steps in which something does not fit: a product m×n times m×n, a sum of m×n and n×m.

As they stand they mean nothing.  Where two dimensions happen to be the same number, or 1, they do, and what is claimed for
all dimensions is claimed there too: when the sides differ even then, the step is wrong, with an exact counterexample.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
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
    """Judges the steps that do not fit in the document with some of its dimensions made equal, or 1."""
    waiting = [(c, s) for c, chain in enumerate(found) for s, f in enumerate(chain) if _misfit(f.step)][:MOST_STEPS]
    if not waiting:
        return
    dims = [name for name, info in elaborated.symbols.items() if info.role == "dimension"]
    for values, words in _cases(dims):
        if not waiting:
            return
        other = elaborate(replace(document, items=_renamed(document.items, values)))
        if [len(c.steps) for c in other.chains] != [len(c) for c in found]:
            continue
        for c, s in list(waiting):
            step = other.chains[c].steps[s]
            if step.kind == "claim" and step.claim is not None and step.claim.lhs.shape == step.claim.rhs.shape:
                judged = bench.judge(step.claim)
                if judged.counterexample is not None:
                    found[c][s] = Found(replace(found[c][s].step, kind="claim"), _told(judged, found[c][s], words))
                    waiting.remove((c, s))


def _cases(dims: list[str]) -> Iterator[tuple[dict[str, sx.Syntax], str]]:
    """Special sizes, the least special first: two dimensions equal, one of them 1, all of them 1; and in words."""
    for kept, merged in list(combinations(dims, 2))[:MOST_PAIRS]:
        yield {merged: sx.Name(kept)}, f"{kept} = {merged}"
    one = sx.Numeral(Fraction(1))
    for name in dims[:MOST_PAIRS]:
        yield {name: one}, f"{name} = 1"
    if len(dims) > 1:
        yield dict.fromkeys(dims, one), " = ".join([*dims, "1"])


def _misfit(step: TypedStep) -> bool:
    """Whether both sides were read and yet have no meaning, or no common shape."""
    if step.kind == "claim" and step.claim is not None:
        return step.claim.lhs.shape != step.claim.rhs.shape
    return step.kind == "unread" and step.misfit


def _told(judged: Judgement, found: Found, words: str) -> Judgement:
    problem = found.step.problems[-1].message if found.step.problems else "the dimensions do not agree"
    message = f"Something does not fit: {problem}. Even where ${words}$, so that it does, the two sides differ."
    return replace(judged, verdict="wrong", missing=(), message=message)


def _renamed(value: Any, values: dict[str, sx.Syntax]) -> Any:
    """Syntax with dimensions replaced: by another one's name, or by a number."""
    if isinstance(value, sx.Name) and (new := values.get(key_of(value))) is not None:
        return replace(new, span=value.span)
    if isinstance(value, tuple):
        items = tuple(_renamed(v, values) for v in value)
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    if is_dataclass(value) and not isinstance(value, (sx.Span, sx.Diagnostic, type)):
        changes = {}
        for field in fields(value):
            before = getattr(value, field.name)
            after = _renamed(before, values)
            if after is not before:
                changes[field.name] = after
        return replace(value, **changes) if changes else value
    return value
