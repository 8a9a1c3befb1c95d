"""What a given is about: the symbol that it defines, the names and the indices in it."""

from __future__ import annotations

from typing import Any

from derive.language import facts as ft
from derive.language import terms as tm


def defined_name(given: Any) -> str:
    """The symbol or function that an equation defines, or whose components it names."""
    if not isinstance(given, ft.Equation):
        return ""
    symbol = given.lhs.arg if isinstance(given.lhs, tm.Entry) else given.lhs
    return symbol.name if isinstance(symbol, (tm.Symbol, tm.Function)) else ""


def symmetric_name(given: Any) -> str:
    """The matrix that a given says is symmetric: a property, or that it is a covariance matrix or some E[v vᵀ]."""
    if isinstance(given, ft.Property) and given.name == "symmetric":
        return given.term.name if isinstance(given.term, tm.Symbol) and not given.term.indices else ""
    if isinstance(given, ft.Equation) and not given.distinct:
        for side, other in ((given.lhs, given.rhs), (given.rhs, given.lhs)):
            if (
                isinstance(other, tm.Symbol)
                and not other.indices
                and (isinstance(side, tm.Variance) or _is_square(side))
            ):
                return (
                    other.name
                    if not any(isinstance(t, tm.Expectation | tm.Variance) and t.given for t in tm.walk(side))
                    else ""
                )
    return ""


def _is_square(term: tm.Term) -> bool:
    """E[v vᵀ]."""
    inside = term.arg.args if isinstance(term, tm.Expectation) and isinstance(term.arg, tm.Mul) else ()
    return len(inside) == 2 and inside[1] == tm.Transpose(inside[0])


def components_named(given: Any) -> tuple[str, str] | None:
    """(family, vector) of a given that says that the members of the family are the components of the vector."""
    if (
        not isinstance(given, ft.Equation)
        or not isinstance(given.lhs, tm.Entry)
        or not isinstance(given.rhs, tm.Symbol)
    ):
        return None
    symbol, places = given.lhs.arg, [given.lhs.row, given.lhs.column]
    if not isinstance(symbol, tm.Symbol) or given.distinct:
        return None
    named = [i for i in [*symbol.indices, *places] if i.base is not None]
    same = tuple(named) == given.rhs.indices and len(set(named)) == len(named)
    return (given.rhs.name, symbol.name) if same and given.rhs.shape == tm.SCALAR else None


def mentioned(given: Any) -> set[str]:
    """The names of symbols, members and functions in a given."""
    found: set[str] = set()
    stack: list[Any] = [given]
    while stack:
        top = stack.pop()
        if isinstance(top, (tm.Symbol, ft.Member, tm.Function)):
            found.add(top.name)
        if isinstance(top, tuple):
            stack.extend(top)
        elif hasattr(top, "__dataclass_fields__") and not isinstance(top, ft.Source):
            stack.extend(getattr(top, name) for name in top.__dataclass_fields__)
    return found


def index_names(given: Any) -> tuple[set[str], set[str]]:
    """The names of indices in a given that are not bound, and names that bound a range or are a size."""
    free: set[str] = set()
    ends: set[str] = set()
    stack: list[tuple[Any, frozenset[str]]] = [(given, frozenset())]
    while stack:
        top, bound = stack.pop()
        if isinstance(top, (tm.Sum, tm.Product)):
            ends |= {i.base for i in (top.range.lower, top.range.upper) if i.base and i.base not in bound}
            bound |= {top.index}
        elif isinstance(top, tm.Entries):
            bound |= {top.row, top.column}
        if isinstance(top, tm.Index) and top.base and top.base not in bound:
            free.add(top.base)
        if isinstance(top, (tm.Identity, tm.Constant, tm.Symbol)):
            ends |= {d for d in top.shape if isinstance(d, str)}
        if isinstance(top, tuple):
            stack.extend((part, bound) for part in top)
        elif hasattr(top, "__dataclass_fields__") and not isinstance(top, ft.Source):
            stack.extend((getattr(top, name), bound) for name in top.__dataclass_fields__)
    return free, ends
