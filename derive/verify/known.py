"""What is known in front of a claim: symbols, givens, and in which ranges indices lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derive.language import facts as ft
from derive.language import terms as tm
from derive.verify.polynomials import FIRST, Algebra, Ix, Span, entries
from derive.verify.refusal import Refused, Work
from derive.verify.statements import components_named, defined_name, index_names, symmetric_name

Env = Mapping[str, Ix]


class Known:
    """What is known: symbols and givens; `unfold`: the definitions that are put in place of their symbols."""

    def __init__(
        self, symbols: Mapping[str, ft.SymbolInfo], givens: tuple[Any, ...], unfold: frozenset[int], work: Work
    ):
        self.symbols, self.givens, self.unfold = symbols, givens, unfold
        self.algebra = Algebra(work)
        self.depth = 0
        self.definitions: dict[str, list[ft.Equation]] = {}
        for number in sorted(unfold):
            name = defined_name(givens[number])
            if not name or givens[number].distinct:
                raise Refused(f"given {number} defines no symbol")
            self.definitions.setdefault(name, []).append(givens[number])
        self.noting = False
        self.wholes = dict(filter(None, map(components_named, givens)))
        self.literal_members: set[tuple[str, int, Ix]] = set()
        square = [g for g in givens if isinstance(g, ft.Property) and g.term.shape[0] == g.term.shape[1] != 1]
        self.orthogonal = {g.term.name for g in square if g.name == "orthogonal" and isinstance(g.term, tm.Symbol)}
        self.symmetric = {name for name in map(symmetric_name, givens) if name}

    def presuppose(self, terms: tuple[Any, ...]) -> None:
        """What is written exists: ranges between sizes are not empty, members with numbers are there."""
        stack: list[Any] = [terms, self.givens]
        ranges = [f for info in self.symbols.values() for f in info.families if f is not None]
        dims = [d for info in self.symbols.values() for d in info.shape]
        while stack:
            top = stack.pop()
            if isinstance(top, (tm.Sum, tm.Product)):
                ranges.append(top.range)
            elif isinstance(top, tm.Symbol):
                numbers = [(k, i) for k, i in enumerate(top.indices) if i.base is None]
                self.literal_members |= {(top.name, k, ("", i.offset)) for k, i in numbers}
            if isinstance(top, tuple):
                stack.extend(top)
            elif hasattr(top, "__dataclass_fields__") and not isinstance(top, ft.Source):
                dims += top.shape if isinstance(getattr(top, "shape", None), tuple) else ()
                stack.extend(getattr(top, name) for name in top.__dataclass_fields__)
        self.algebra.written = {(FIRST, (d, 0)) for d in dims if isinstance(d, str) and "*" not in d}
        for span in ranges:
            low, high = ((i.base or "", i.offset) for i in (span.lower, span.upper))
            if self.is_size(low[0]) and self.is_size(high[0]):
                self.algebra.written.add((low, high))

    def is_size(self, name: str) -> bool:
        return not name or (name in self.symbols and self.symbols[name].role in ("dimension", "constant"))

    def ix(self, index: tm.Index, env: Env) -> Ix:
        if index.base is None:
            return ("", index.offset)
        if index.base in env:
            base, offset = env[index.base]
            return (base, offset + index.offset)
        info = self.symbols.get(index.base)
        if info is not None and info.role == "random":
            raise Refused("an index or a size is random")
        return (index.base, index.offset)

    def dimension(self, dim: tm.Dim) -> Ix:
        if isinstance(dim, tuple) or (isinstance(dim, str) and "*" in dim):
            raise Refused("sizes of blocks are not covered")
        return ("", dim) if isinstance(dim, int) else self.ix(tm.Index(dim), {})

    def shaped(self, holds: bool) -> None:
        if not holds:
            raise Refused("the shapes do not fit")

    def lies(self, ix: Ix, span: Span) -> None:
        """Notes in what range a free index lies that stands on a symbol or a matrix."""
        if self.noting and ix[0] and not ix[1] and ix[0][0] not in "~$#":
            self.algebra.domains.setdefault(ix[0], set()).add(span)

    def noted(self, pairs: Any) -> None:
        """Notes in what ranges the indices of the factors of a monomial lie: all its entries exist."""
        for factor, _ in pairs:
            for found, _ in entries(factor):
                for slot, span in zip(found[2], self.spans(found[1]), strict=True):
                    if span is not None and slot[0] and not slot[1] and slot[0][0] not in "$#":
                        self.algebra.domains.setdefault(slot[0], set()).add(span)

    def spans(self, name: str) -> list[Span | None]:
        """The ranges of the indices of a symbol's entries."""
        info = self.symbols[name]
        families = [None if f is None else (self.ix(f.lower, {}), self.ix(f.upper, {})) for f in info.families]
        return [*families, *((FIRST, self.dimension(d)) for d in info.shape if d != 1)]

    def exists(self, name: str, slots: tuple[Ix, ...]) -> bool:
        """Whether a symbol certainly has members with these indices."""
        spans = enumerate(zip(slots, self.spans(name), strict=False))
        return all(span is None or self.has(name, place, ix, span) for place, (ix, span) in spans)

    def has(self, name: str, place: int, ix: Ix, span: Span) -> bool:
        return self.algebra.inside(ix, span, self.algebra.domains) or (name, place, ix) in self.literal_members

    def within(self, name: str) -> set[str]:
        """The names of what is a part of a variable: itself, and the family that names its components."""
        return {name} | {part for part, whole in self.wholes.items() if whole == name}

    def schematic(self, given: Any) -> frozenset[str]:
        """The indices for all values of which a given holds."""
        free, ends = index_names(given)
        return frozenset(n for n in free - ends if n not in self.symbols or self.symbols[n].role == "index")
