"""What should be said of guesses: capitals that nothing declares are read as numbers, and numbers commute."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from derive.language import facts as ft
from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.symbols import is_capital
from derive.language.traverse import everywhere


def commuting_capitals(
    members: Mapping[tuple[int, int], Any],
    spans: Mapping[int, sx.Span],
    guessed: Iterable[str],
    symbols: Mapping[str, ft.SymbolInfo],
) -> list[sx.Diagnostic]:
    """A remark where two capitals stand side by side that are taken as constant numbers for want of anything else."""
    numbers = {
        key
        for key, info in symbols.items()
        if is_capital(key) and info.role == "constant" and info.shape == tm.SCALAR and info.origin == "inferred"
    }
    if not numbers & set(guessed):
        return []
    beside: dict[str, sx.Span] = {}
    for raw in members.values():
        for product in everywhere(raw):
            if not isinstance(product, tm.Mul):
                continue
            for left, right in itertools.pairwise(product.args):
                one, other = (names_in(factor) & numbers for factor in (left, right))
                for name in (one | other) if one and other and len(one | other) > 1 else ():
                    beside.setdefault(name, spans.get(id(product), sx.NOWHERE))
    if not beside:
        return []
    first, *_ = beside.values()
    names = ", ".join(f"${name}$" for name in sorted(beside))
    given = ", ".join(sorted(beside)) + r" \in \mathbb{R}^{n \times n}"
    return [
        sx.Diagnostic(
            f"nothing says what {names} are, so they are read as numbers, which commute",
            first,
            hint=f"if they are matrices, give `{given}`",
        )
    ]


def names_in(raw: Any) -> set[str]:
    return {t.name for t in everywhere(raw) if isinstance(t, tm.Symbol)}
