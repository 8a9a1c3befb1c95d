"""Dimension variables by union-find, and the raw terms that wait for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from derive.language import terms as tm
from derive.language.traverse import rebuilt

Pair = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Component:
    """Raw: one or two component indices on a term; an `Entry` or a `Line` once its shape is known."""

    arg: Any
    indices: tuple[tm.Index, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Raw: `[a, b, c]`, a row or a column as its place asks; a row when nothing does.  `inner` is the row."""

    inner: Any
    shape: Pair


class Open(str):
    """A dimension variable, `?7`."""

    __slots__ = ()


def is_open(dim: Any) -> bool:
    """Whether a dimension is a variable."""
    return type(dim) is Open


@dataclass
class Dimensions:
    """Union-find over dimension variables.  `large` holds variables that are not 1."""

    parent: dict[str, Any] = field(default_factory=dict)
    large: set[str] = field(default_factory=set)
    bolds: set[str] = field(default_factory=set)
    suggestions: list[tuple[Any, Any]] = field(default_factory=list)
    row_suggestions: list[tuple[Any, int, Any]] = field(default_factory=list)
    count: int = 0
    changes: int = 0
    version: int = 0  # another one after whatever may have changed something; never put back

    def fresh(self) -> str:
        self.count += 1
        return Open(f"?{self.count}")

    def pair(self, bold: bool = False) -> Pair:
        made = (self.fresh(), self.fresh())
        if bold:
            self.bolds.update(made)
        return made

    def scalar(self) -> Pair:
        return tm.SCALAR

    def suggest(self, variable: Any, dim: Any) -> None:
        self.suggestions.append((variable, dim))

    def suggest_row(self, term: Any, place: int, dim: Any) -> None:
        self.row_suggestions.append((term, place, dim))

    def find(self, dim: Any) -> Any:
        """What the dimension is known to be: a number, a name, a sum of such, or a variable."""
        if type(dim) is not Open:
            return tm.total(self.find(d) for d in dim) if type(dim) is tuple else dim
        parent = self.parent
        if dim not in parent:
            return dim
        top = parent[dim]
        while type(top) is Open and top in parent:
            top = parent[top]
        parent[dim] = top
        return self.find(top) if type(top) is tuple else top

    def unify(self, a: Any, b: Any) -> bool:
        a, b = self.find(a), self.find(b)
        if a == b:
            return True
        if type(a) is tuple and type(b) is tuple:
            return self._unify_blocks(a, b)
        if not is_open(a) and not is_open(b):
            return False
        if not is_open(a):
            a, b = b, a
        if type(b) is tuple and a in b:
            return False
        if a in self.large:
            if b == 1:
                return False
            if is_open(b):
                self.large.add(b)
        self.parent[a] = b
        self.changes += 1
        self.version += 1
        return True

    def _unify_blocks(self, a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
        """Two sums of sizes: what one block is open, the equality of the sums says; `m + ?` and `m + n` make it n."""
        left, right = list(a), list(b)
        for size in a:
            if size in right:
                left.remove(size)
                right.remove(size)
        if len(left) != len(right) or not any(map(is_open, (*left, *right))):
            return False
        return all([self.unify(x, y) for x, y in zip(left, right, strict=True)])

    def enlarge(self, dim: Any) -> bool:
        dim = self.find(dim)
        if is_open(dim) and dim not in self.large:
            self.large.add(dim)
            self.changes += 1
            self.version += 1
        return dim != 1

    def saved(self) -> tuple[dict[str, Any], set[str], int]:
        return dict(self.parent), set(self.large), self.changes

    def restore(self, state: tuple[dict[str, Any], set[str], int]) -> None:
        self.parent, self.large, self.changes = dict(state[0]), set(state[1]), state[2]
        self.version += 1

    def is_one(self, shape: Pair) -> bool:
        return self.find(shape[0]) == 1 and self.find(shape[1]) == 1

    def is_large(self, shape: Pair) -> bool:
        """Whether it is known not to be a scalar."""
        found = [self.find(d) for d in shape]
        return any(d in self.large if is_open(d) else d != 1 for d in found)


def resolved(term: Any, dims: Dimensions) -> Any:
    """The term with every dimension variable replaced by what it was found to be."""

    def shape(pair: Pair) -> Pair:
        return (dims.find(pair[0]), dims.find(pair[1]))

    def limits(r: tm.Range) -> tm.Range:
        return tm.Range(closed(r.lower), closed(r.upper))

    def closed(index: tm.Index) -> tm.Index:
        found = dims.find(index.base) if index.base else None
        if isinstance(found, int):
            return tm.Index(None, found + index.offset)
        return tm.Index(found, index.offset) if found is not None else index

    def change(t: Any) -> Any:
        t = rebuilt(t, change)
        match t:
            case tm.Symbol(name, indices, pair):
                return tm.Symbol(name, indices, shape(pair))
            case tm.Constant(value, pair):
                return tm.Constant(value, shape(pair))
            case tm.Identity(dim):
                return tm.Identity(dims.find(dim))
            case tm.Function():
                return tm.Function(t.name, t.args, shape(t.shape), t.indices, t.entrywise, t.order)
            case Listed(inner, pair):
                return Listed(inner, shape(pair))
            case tm.Entries(row, column, body, pair):
                return tm.Entries(row, column, body, shape(pair))
            case tm.Sum():
                return tm.Sum(t.index, limits(t.range), t.body, t.excluded, t.below)
            case tm.Product():
                return tm.Product(t.index, limits(t.range), t.body, t.excluded)
        return t

    return change(term)
