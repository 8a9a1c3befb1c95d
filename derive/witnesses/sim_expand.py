"""Terms without abbreviations: definitions put in, derivatives carried out, sums over outcomes made plain sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.arrays import Abstain
from derive.witnesses.sim_context import free_names
from derive.witnesses.sim_derivative import derivative

DEEP = 60
LARGE = 20_000


def rebuild(term: t.Term, change: Callable[[t.Term], t.Term]) -> t.Term:
    """The term with every direct subterm changed."""
    match term:
        case t.Add() | t.Mul() | t.Hadamard() | t.Function():
            return replace(term, args=tuple(change(a) for a in term.args))
        case t.Pow():
            return t.Pow(change(term.base), change(term.exponent))
        case t.Kronecker():
            return t.Kronecker(change(term.left), change(term.right))
        case t.Matrix():
            return t.Matrix(tuple(tuple(change(e) for e in row) for row in term.rows))
        case t.Expectation() | t.Variance():
            return replace(term, arg=change(term.arg), given=tuple(change(g) for g in term.given))
        case t.Covariance() | t.Correlation():
            given = tuple(change(g) for g in term.given)
            return replace(term, left=change(term.left), right=change(term.right), given=given)
        case t.Indicator():
            return replace(term, left=change(term.left), right=change(term.right))
        case t.Derivative():
            return t.Derivative(change(term.arg), change(term.wrt))
        case t.SupportSum():
            return replace(term, lower=change(term.lower), upper=change(term.upper), body=change(term.body))
        case t.Sum() | t.Product() | t.Entries():
            return replace(term, body=change(term.body))
        case t.Number() | t.Symbol() | t.IndexValue() | t.Identity() | t.Constant():
            return term
        case _:
            return replace(term, arg=change(term.arg))


# ---------------------------------------------------------------------------------------------
# Substitution


@dataclass(frozen=True, slots=True)
class Replacement:
    """Indices by indices, whole symbols by terms."""

    indices: Mapping[str, t.Index] = field(default_factory=dict)
    symbols: Mapping[t.Symbol, t.Term] = field(default_factory=dict)

    def names(self) -> frozenset[str]:
        """Index names that the new parts bring in, which no binder may capture."""
        bases = frozenset(i.base for i in self.indices.values() if i.base is not None)
        return bases.union(*(free_names(v) for v in self.symbols.values()))


def substitute(term: t.Term, new: Replacement) -> t.Term:
    """Put `new` in; bound indices that would capture something are renamed."""

    def index(i: t.Index) -> t.Index:
        if i.base in new.indices:
            target = new.indices[i.base]
            return t.Index(target.base, target.offset + i.offset)
        return i

    def within(i: t.Range) -> t.Range:
        return t.Range(index(i.lower), index(i.upper))

    match term:
        case t.Symbol():
            if term in new.symbols:
                return new.symbols[term]
            return replace(term, indices=tuple(map(index, term.indices)))
        case t.IndexValue():
            return t.IndexValue(index(term.index))
        case t.Entry():
            return t.Entry(substitute(term.arg, new), index(term.row), index(term.column))
        case t.Line():
            return replace(term, arg=substitute(term.arg, new), index=index(term.index))
        case t.Function():
            args = tuple(substitute(a, new) for a in term.args)
            return replace(term, args=args, indices=tuple(map(index, term.indices)))
        case t.Sum() | t.Product():
            inner, (name,) = _under_binders(new, (term.index,), free_names(term.body))
            changes: dict[str, Any] = {"excluded": tuple(map(index, term.excluded)), "range": within(term.range)}
            if isinstance(term, t.Sum):
                changes["below"] = tuple(map(index, term.below))
            return replace(term, index=name, body=substitute(term.body, inner), **changes)
        case t.Entries():
            inner, (row, column) = _under_binders(new, (term.row, term.column), free_names(term.body))
            return replace(term, row=row, column=column, body=substitute(term.body, inner))
    return rebuild(term, lambda c: substitute(c, new))


def _under_binders(
    new: Replacement, bound: tuple[str, ...], inside: frozenset[str]
) -> tuple[Replacement, tuple[str, ...]]:
    indices = {k: v for k, v in new.indices.items() if k not in bound}
    inner = Replacement(indices, new.symbols)
    taken = inner.names()
    names = []
    for name in bound:
        fresh = name
        while fresh in taken or (fresh != name and fresh in inside):
            fresh += "'"
        if fresh != name:
            indices[name] = t.Index(fresh)
        names.append(fresh)
    return Replacement(indices, new.symbols), tuple(names)


# ---------------------------------------------------------------------------------------------
# Definitions


@dataclass(slots=True)
class Definitions:
    """The defining equations of the facts, by the name that they define."""

    by_name: dict[str, list[f.Equation]] = field(default_factory=dict)
    spent: int = 0

    @classmethod
    def of(cls, equations: Iterable[f.Equation]) -> Definitions:
        definitions = cls()
        for equation in equations:
            definitions.by_name.setdefault(defined_name(equation.lhs), []).append(equation)
        return definitions

    def expand(self, term: t.Term, active: tuple[str, ...] = ()) -> t.Term:
        """The term with all definitions put in, down to symbols that have none."""
        self.spent += 1
        if self.spent > LARGE or len(active) > DEEP:
            raise Abstain("the definitions unfold to something too large")
        if isinstance(term, t.Derivative):
            return derivative(self.expand(term.arg, active), term.wrt)
        if isinstance(term, t.SupportSum):
            return self.expand(_plain_sum(term), active)
        if isinstance(term, (t.Symbol, t.Function)):
            found = self._body(term, active)
            if found is not None:
                return self.expand(found, (*active, term.name))
        return _rootless(rebuild(term, lambda c: self.expand(c, active)))

    def _body(self, term: t.Symbol | t.Function, active: tuple[str, ...]) -> t.Term | None:
        for equation in self.by_name.get(term.name, ()):
            body = _instance(equation, term)
            if body is None:
                continue
            if term.name in {s.name for s in t.walk(equation.rhs) if isinstance(s, (t.Symbol, t.Function))}:
                if any(i.base is not None for i in term.indices):
                    raise Abstain(f"{term.name} is defined by itself")
                if all(i.offset <= 1 for i in term.indices):
                    return None  # the start of a recursion is not defined by it
            elif term.name in active:
                raise Abstain(f"{term.name} is defined in a circle")
            return body
        return None


def _rootless(term: t.Term) -> t.Term:
    """`(x^{1/2})^2` is x, also where rounding makes x a little negative."""
    match term:
        case t.Pow(t.Pow(base, t.Number(inner)), t.Number(outer)) if inner * outer == 1 and outer.denominator == 1:
            return base
    return term


def defined_name(lhs: t.Term) -> str:
    """Name of the symbol that an equation defines, empty when there is none."""
    while isinstance(lhs, (t.Entry, t.Line)):
        lhs = lhs.arg
    return lhs.name if isinstance(lhs, (t.Symbol, t.Function)) else ""


def _instance(equation: f.Equation, term: t.Symbol | t.Function) -> t.Term | None:
    """The right side of a definition for this use of the symbol, or None when it does not apply."""
    match equation.lhs, term:
        case t.Symbol(), t.Symbol():
            indices = _matched(equation.lhs.indices, term.indices)
            return None if indices is None else substitute(equation.rhs, Replacement(indices))
        case t.Function(), t.Function():
            return _applied(equation, term)
        case t.Entry(t.Symbol()), t.Symbol():
            return _by_entries(equation, term)
    return None


def _matched(pattern: tuple[t.Index, ...], indices: tuple[t.Index, ...]) -> dict[str, t.Index] | None:
    """What the free indices of a definition stand for."""
    if len(pattern) != len(indices):
        return None
    found: dict[str, t.Index] = {}
    for p, i in zip(pattern, indices, strict=True):
        if p.base is None:
            if p != i:
                return None
            continue
        value = t.Index(i.base, i.offset - p.offset)
        if found.setdefault(p.base, value) != value:
            return None
    return found


def _applied(equation: f.Equation, term: t.Function) -> t.Term | None:
    lhs = equation.lhs
    if not isinstance(lhs, t.Function) or len(lhs.args) != len(term.args) or term.order:
        return None
    indices = _matched(lhs.indices, term.indices)
    if indices is None:
        return None
    symbols: dict[t.Symbol, t.Term] = {}
    for formal, actual in zip(lhs.args, term.args, strict=True):
        if formal == actual:
            continue
        if not isinstance(formal, t.Symbol) or formal.shape != actual.shape:
            return None
        if formal.indices and isinstance(actual, t.Symbol) and actual.name == formal.name:
            more = _matched(formal.indices, actual.indices)
            if more is None or any(indices.setdefault(k, v) != v for k, v in more.items()):
                return None
        else:
            symbols[formal] = actual
    return substitute(equation.rhs, Replacement(indices, symbols))


def _by_entries(equation: f.Equation, term: t.Symbol) -> t.Term | None:
    """`Z_{ij} = …` defines the whole of Z."""
    entry = equation.lhs
    if not isinstance(entry, t.Entry) or not isinstance(entry.arg, t.Symbol):
        return None
    indices = _matched(entry.arg.indices, term.indices)
    if indices is None or entry.row.base is None or entry.row.offset or (entry.column.offset and entry.column.base):
        return None
    column = entry.column.base or "column"
    if column == entry.row.base:
        return None
    body = substitute(equation.rhs, Replacement(indices))
    return t.Entries(entry.row.base, column, body, term.shape)


def _plain_sum(term: t.SupportSum) -> t.Term:
    """A sum over the values of a number, as a sum over an index."""
    name = f"#{term.variable.name}"
    body = substitute(term.body, Replacement({}, {term.variable: t.IndexValue(t.Index(name))}))
    return t.Sum(name, t.Range(_as_index(term.lower), _as_index(term.upper)), body)


def _as_index(term: t.Term) -> t.Index:
    match term:
        case t.Number(value) if value.denominator == 1:
            return t.Index(None, int(value))
        case t.IndexValue(index):
            return index
        case t.Symbol(name, ()):
            return t.Index(name)
        case t.Add((left, t.Number(value))) if value.denominator == 1:
            index = _as_index(left)
            return t.Index(index.base, index.offset + int(value))
    raise Abstain("a sum over outcomes with an end that is not a number")
