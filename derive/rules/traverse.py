"""Walking in terms: rebuilding with new children, replacing at a place, substituting symbols and indices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from derive.language.terms import (
    Add,
    Constant,
    Correlation,
    Covariance,
    Derivative,
    Entries,
    Entry,
    Expectation,
    Function,
    Hadamard,
    Identity,
    Index,
    IndexValue,
    Indicator,
    Kronecker,
    Line,
    Matrix,
    Mul,
    Number,
    Pow,
    Product,
    Range,
    Sum,
    SupportSum,
    Symbol,
    Term,
    Transpose,
    Variance,
    children,
    walk,
)
from derive.rules.construct import plus, power, times, transposed

Path = tuple[int, ...]
LEAVES = frozenset({Number, Symbol, IndexValue, Identity, Constant})


def parts(term: Term) -> tuple[Term, ...]:
    """The direct subterms, as `children` gives them; quicker for the frequent kinds."""
    kind = type(term)
    if kind is Mul or kind is Add:
        return term.args
    if kind in LEAVES:
        return ()
    if kind is Transpose:
        return (term.arg,)
    return children(term)


def rebuild(term: Term, parts: tuple[Term, ...]) -> Term:
    """`term` with its direct subterms (in the order of `children`) replaced; trivial sums and products are tidied."""
    match term:
        case Add():
            return plus(*parts)
        case Mul():
            return times(*parts)
        case Hadamard():
            return Hadamard(parts)
        case Function():
            return replace(term, args=parts)
        case Pow():
            base, exponent = parts
            return power(base, exponent.value) if isinstance(exponent, Number) else Pow(base, exponent)
        case Kronecker():
            return Kronecker(*parts)
        case Matrix(rows):
            rest = iter(parts)
            return Matrix(tuple(tuple(next(rest) for _ in row) for row in rows))
        case Expectation() | Variance():
            return replace(term, arg=parts[0], given=parts[1:])
        case Covariance() | Correlation():
            return replace(term, left=parts[0], right=parts[1], given=parts[2:])
        case Indicator(relation, _, _):
            return Indicator(relation, *parts)
        case Derivative():
            return Derivative(*parts)
        case SupportSum(variable, _, _, _):
            return SupportSum(variable, *parts)
        case Sum() | Product() | Entries():
            return replace(term, body=parts[0])
        case Transpose():
            return transposed(parts[0])
        case _:
            return replace(term, arg=parts[0]) if parts else term


def transform(term: Term, change: Callable[[Term], Term]) -> Term:
    """`change` applied to every subterm, innermost first."""
    parts = children(term)
    new = tuple(transform(p, change) for p in parts)
    return change(rebuild(term, new) if new != parts else term)


def places(term: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """Every subterm with its path, outermost first."""
    yield path, term
    for k, child in enumerate(children(term)):
        yield from places(child, (*path, k))


def replaced(term: Term, path: Path, new: Term) -> Term:
    """`term` with the subterm at `path` replaced by `new`."""
    if not path:
        return new
    parts = list(children(term))
    parts[path[0]] = replaced(parts[path[0]], path[1:], new)
    return rebuild(term, tuple(parts))


def bound_index(term: Term) -> tuple[str, ...]:
    """The index names that a term binds in its body."""
    match term:
        case Sum() | Product():
            return (term.index,)
        case Entries():
            return (term.row, term.column)
        case _:
            return ()


def own_indices(term: Term) -> tuple[Index, ...]:
    """The indices written on this node itself, not on its subterms."""
    match term:
        case Symbol() | Function():
            return term.indices
        case IndexValue(index) | Line(_, index, _):
            return (index,)
        case Entry(_, row, column):
            return (row, column)
        case Sum():
            return (term.range.lower, term.range.upper, *term.excluded, *term.below)
        case Product():
            return (term.range.lower, term.range.upper, *term.excluded)
        case _:
            return ()


@lru_cache(maxsize=50_000)
def free_indices(term: Term) -> frozenset[str]:
    """Names of the indices that stand free in a term."""
    bound = bound_index(term)
    found = {i.base for i in own_indices(term) if i.base is not None}
    for child in parts(term):
        found |= free_indices(child).difference(bound)
    return frozenset(found)


def all_indices(term: Term) -> frozenset[str]:
    """Names of all indices of a term, bound ones included."""
    names = {i.base for t in walk(term) for i in own_indices(t) if i.base is not None}
    return frozenset(names.union(*(bound_index(t) for t in walk(term))))


def fresh(name: str, taken: frozenset[str]) -> str:
    """An index name that is not taken: the next letters for a letter, then primes."""
    letters = "ijklpqrstuvabcd"
    options = letters[letters.index(name) + 1 :] if name in letters and len(name) == 1 else ""
    for letter in options:
        if letter not in taken:
            return letter
    while name in taken:
        name += "'"
    return name


def shifted(index: Index, binding: dict[str, Index]) -> Index:
    """The index with its base replaced, offsets added up."""
    if index.base is None or index.base not in binding:
        return index
    target = binding[index.base]
    return Index(target.base, target.offset + index.offset)


def _shift_range(span: Range, binding: dict[str, Index]) -> Range:
    return Range(shifted(span.lower, binding), shifted(span.upper, binding))


def substitute_indices(term: Term, binding: dict[str, Index]) -> Term:
    """Free indices replaced; bound ones are renamed where they would capture."""
    if not binding:
        return term
    bound = bound_index(term)
    if bound:
        inside = {k: v for k, v in binding.items() if k not in bound}
        captured = frozenset(v.base for v in inside.values() if v.base)
        for name in bound:
            if name in captured:
                new = fresh(name, captured | all_indices(term) | frozenset(inside))
                term = _rename_bound(term, name, new)
        body = substitute_indices(children(term)[0], inside)
        term = rebuild(term, (body,))
        return _substitute_own(term, binding)
    parts = tuple(substitute_indices(c, binding) for c in children(term))
    return _substitute_own(rebuild(term, parts) if parts else term, binding)


def _rename_bound(term: Term, old: str, new: str) -> Term:
    body = substitute_indices(children(term)[0], {old: Index(new)})
    if isinstance(term, Entries):
        return replace(term, body=body, **{"row" if term.row == old else "column": new})
    return replace(term, body=body, index=new)


def _substitute_own(term: Term, binding: dict[str, Index]) -> Term:
    match term:
        case Symbol(_, indices, _) if indices:
            return replace(term, indices=tuple(shifted(i, binding) for i in indices))
        case Function() if term.indices:
            return replace(term, indices=tuple(shifted(i, binding) for i in term.indices))
        case IndexValue(index):
            return IndexValue(shifted(index, binding))
        case Entry(arg, row, column):
            return Entry(arg, shifted(row, binding), shifted(column, binding))
        case Line():
            return replace(term, index=shifted(term.index, binding))
        case Sum():
            return replace(
                term,
                range=_shift_range(term.range, binding),
                excluded=tuple(shifted(i, binding) for i in term.excluded),
                below=tuple(shifted(i, binding) for i in term.below),
            )
        case Product():
            return replace(
                term,
                range=_shift_range(term.range, binding),
                excluded=tuple(shifted(i, binding) for i in term.excluded),
            )
        case _:
            return term


def substitute(term: Term, old: Term, new: Term) -> Term:
    """Every occurrence of the subterm `old` replaced by `new`."""
    if term == old:
        return new
    pieces = children(term)
    changed = tuple(substitute(p, old, new) for p in pieces)
    return rebuild(term, changed) if changed != pieces else term


def size(term: Term) -> int:
    """Number of nodes."""
    return 1 + sum(size(c) for c in children(term))
