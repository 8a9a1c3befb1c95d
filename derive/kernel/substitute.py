"""Replacing symbols inside terms."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from derive.language.terms import Symbol, Term


def replace_symbols(term: Term, values: dict[Any, Term]) -> Term:
    """The term with each symbol that is a key of `values` replaced by its value.

    >>> from derive.language.terms import Add, number
    >>> x = Symbol("x")
    >>> replace_symbols(Add((x, number(1))), {x: number(2)}) == Add((number(2), number(1)))
    True
    """
    if isinstance(term, Symbol):
        return values.get(term, term)
    changes = {}
    for field in fields(term):
        value = getattr(term, field.name)
        new = _inside(value, values)
        if new is not value:
            changes[field.name] = new
    return replace(term, **changes) if changes else term


def _inside(value: Any, values: dict[Any, Term]) -> Any:
    if isinstance(value, tuple):
        new = tuple(_inside(v, values) for v in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    if hasattr(value, "shape") and hasattr(value, "__dataclass_fields__"):
        return replace_symbols(value, values)
    return value
