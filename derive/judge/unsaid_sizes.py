r"""Sizes that nobody named: the n and p of `X \in \mathbb{R}^{n \times p}` where a step counts with them, the 2 of `x_1^2 + x_2^2`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import partial
from itertools import permutations
from typing import Any

from derive.judge.assumptions import names_in
from derive.judge.normal import holds
from derive.language.facts import Claim, Equation, Facts, Source, SymbolInfo
from derive.language.latex import symbol_latex
from derive.language.terms import SCALAR, Dim, Entry, Index, IndexValue, Symbol, walk

MOST = 3  # sizes, and letters for them
Sizes = dict[str, Dim]


def unsaid_sizes(claim: Claim) -> tuple[str, ...]:
    """What must be said of sizes for the step to follow; empty when nothing of that kind helps."""
    names = {t.name for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Symbol)}
    arrays = [Symbol(i.name, (), i.shape) for i in claim.facts.symbols.values() if i.shape != SCALAR]
    arrays.sort(key=lambda a: (a.name not in names, a.name))
    unnamed = sorted({d for a in arrays for d in a.shape if isinstance(d, str) and _unnamed(claim, d)})
    if not unnamed or len(unnamed) > MOST:
        return ()
    for sizes in (*_counted(claim, unnamed), *_lettered(claim, unnamed)):
        if holds(resized(claim, sizes)):
            return tuple(_said(arrays, sizes))
    return ()


def _unnamed(claim: Claim, dim: str) -> bool:
    info = claim.facts.symbols.get(dim)
    return info is not None and info.role == "dimension" and info.origin != "declared"


def _counted(claim: Claim, unnamed: list[str]) -> Iterator[Sizes]:
    """As many components as are written by their numbers."""
    most: dict[str, int] = {}
    for side in (claim.lhs, claim.rhs):
        for term in walk(side):
            if isinstance(term, Entry):
                for dim, index in zip(term.arg.shape, (term.row, term.column), strict=True):
                    if dim in unnamed and index.base is None and isinstance(dim, str):
                        most[dim] = max(most.get(dim, 1), index.offset)
    if most and all(size > 1 for size in most.values()):
        yield dict(most)


def _lettered(claim: Claim, unnamed: list[str]) -> Iterator[Sizes]:
    """Constants of which nothing else is said, as sizes."""
    letters = sorted(
        {
            t.name
            for side in (claim.lhs, claim.rhs)
            for t in walk(side)
            if isinstance(t, Symbol)
            and t.shape == SCALAR
            and not t.indices
            and len(t.name) == 1
            and _free(claim, t.name)
        }
    )[:MOST]
    for count in range(1, min(len(letters), len(unnamed)) + 1):
        for chosen in permutations(letters, count):
            for dims in permutations(unnamed, count):
                if list(dims) == sorted(dims):
                    yield dict(zip(dims, chosen, strict=True))


def _free(claim: Claim, name: str) -> bool:
    """Whether nothing says what the constant is, though definitions may count with it."""
    info = claim.facts.symbols.get(name)
    said = (g.lhs if isinstance(g, Equation) and g.kind == "definition" else g for g in claim.facts.givens)
    return info is not None and info.role == "constant" and all(name not in names_in(s) for s in said)


def _said(arrays: list[Symbol], sizes: Sizes) -> Iterator[str]:
    """Arrays whose shapes name all sizes, those with more of them first."""
    left = set(sizes)
    for array in sorted(arrays, key=lambda a: -len(left & set(a.shape))):
        if left & set(array.shape):
            left -= set(array.shape)
            rows, columns = (sizes.get(d, d) if isinstance(d, str) else d for d in array.shape)
            shape = str(rows) if columns == 1 else rf"{rows} \times {columns}"
            yield rf"{symbol_latex(array.name)} \in \mathbb{{R}}^{{{shape}}}"


# ------------------------------------------------------------------ a claim with other sizes


def resized(claim: Claim, sizes: Sizes) -> Claim:
    """The claim with dimensions replaced by numbers, or by letters that were constants."""
    change = partial(_changed, sizes=sizes)
    symbols = {n: _of_size(change(i), sizes) for n, i in claim.facts.symbols.items() if n not in sizes}
    return Claim(
        change(claim.lhs), change(claim.rhs), Facts(symbols, change(claim.facts.givens)), change(claim.distinct)
    )


def _of_size(info: SymbolInfo, sizes: Sizes) -> SymbolInfo:
    return replace(info, role="dimension", support="natural") if info.name in sizes.values() else info


def _changed(value: Any, sizes: Sizes) -> Any:
    match value:
        case Symbol(name, ()) if name in sizes.values():
            return IndexValue(Index(name))
        case Index(str() as base, offset) if base in sizes:
            size = sizes[base]
            return Index(None, size + offset) if isinstance(size, int) else Index(str(size), offset)
        case tuple():
            return tuple(_changed(v, sizes) for v in value)
        case Source():
            return value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = {f.name: getattr(value, f.name) for f in fields(value)}
    made = {k: _shaped(v, sizes) if k in ("shape", "dim") else _changed(v, sizes) for k, v in parts.items()}
    return replace(value, **made)


def _shaped(dim: Any, sizes: Sizes) -> Any:
    if isinstance(dim, tuple):
        return tuple(_shaped(d, sizes) for d in dim)
    return sizes.get(dim, dim) if isinstance(dim, str) else dim
