"""Walking and rebuilding trees of syntax and of terms, one field at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from derive.language.syntax import Chain, Document, Expression, Name, Node, Operator, Statement
from derive.language.terms import Index, Range

LEAVES = (Index, Range)


@cache
def _slots(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name not in {"span", "shape"})


def parts(node: Node) -> list[Node]:
    """The direct children of a syntax node, in reading order, scripts of a name included."""
    found: list[Node] = []
    for name in _slots(type(node)):
        value = getattr(node, name)
        if type(value) is tuple:
            if value:
                _gather(value, found)
        elif isinstance(value, Node):
            found.append(value)
    return found


def _gather(value: Any, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif type(value) is tuple:
        for item in value:
            _gather(item, found)


def descend(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first, without recursion."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(parts(top)))


def visible(node: Node) -> Iterator[Node]:
    """Like `descend`, but not into scripts of names nor below operators: what stands on the line."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        if isinstance(top, Operator):
            stack.extend(reversed([*top.arguments, *top.given]))
        elif not isinstance(top, Name):
            stack.extend(reversed(parts(top)))


@cache
def _is_kind(kind: type) -> bool:
    return is_dataclass(kind) and not issubclass(kind, (type, *LEAVES))


def _is_term(value: Any) -> bool:
    return _is_kind(type(value))


def rebuilt(term: Any, change: Callable[[Any], Any]) -> Any:
    """The same term with `change` applied to each direct subterm; the term itself when nothing changed.

    >>> from derive.language.terms import Add, Symbol, Transpose
    >>> rebuilt(Add((Symbol("x"), Symbol("y"))), Transpose).args[1]
    Transpose(arg=Symbol(name='y', indices=(), shape=(1, 1)))
    """

    def through(value: Any) -> Any:
        if _is_term(value):
            return change(value)
        if isinstance(value, tuple):
            items = tuple(through(v) for v in value)
            return value if all(a is b for a, b in zip(items, value, strict=False)) else items
        return value

    changed = {}
    for name in _slots(type(term)):
        old = getattr(term, name)
        new = through(old)
        if new is not old:
            changed[name] = new
    return replace(term, **changed) if changed else term


def subterms(term: Any) -> list[Any]:
    """The direct subterms of a term, raw ones included."""
    found: list[Any] = []
    stack = [getattr(term, name) for name in reversed(_slots(type(term)))]
    while stack:
        value = stack.pop()
        if type(value) is tuple:
            stack.extend(reversed(value))
        elif _is_kind(type(value)):
            found.append(value)
    return found


def everywhere(term: Any) -> Iterator[Any]:
    """The term and all its subterms, parents first."""
    stack = [term]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(subterms(top)))


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same piece of a document with `change` applied to each direct part."""
    if isinstance(value, tuple):
        return tuple(map(change, value))
    if not isinstance(value, (Node, Statement, Chain, Expression)):
        return value
    return replace(value, **{f.name: change(getattr(value, f.name)) for f in fields(value) if f.name != "span"})


def with_names(document: Document, change: Callable[[Name], Name]) -> Document:
    """The document with every name as `change` writes it; what stands inside of a name that stays is looked at too."""

    def changed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(changed, value))
        if not isinstance(value, (Node, Statement, Chain, Expression)):
            return value
        if isinstance(value, Name) and (new := change(value)) is not value:
            return new
        return replace(value, **{f.name: changed(getattr(value, f.name)) for f in fields(value) if f.name != "span"})

    return replace(document, items=changed(document.items))
