"""Which members of which families a claim talks about, in given dimensions, and how givens are instantiated."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

from derive.language import terms as t
from derive.language.facts import Comparison, Equation
from derive.language.terms import children, walk
from derive.witnesses.analysis import Analysis, symbol_names
from derive.witnesses.field import RationalField, Unmodelled
from derive.witnesses.model import Definition, Env, Key, Model

INDEX_CHOICES = 4  # at most so many values of the free indices of a claim are tried in one model


def free_indices(term: t.Term, bound: frozenset[str] = frozenset()) -> set[str]:
    """Names of indices that no sum, product or matrix of entries binds."""
    own: tuple[t.Index, ...] = ()
    inner = bound
    match term:
        case t.Symbol() | t.Function():
            own = term.indices
        case t.IndexValue(i):
            own = (i,)
        case t.Entry():
            own = (term.row, term.column)
        case t.Line():
            own = (term.index,)
        case t.Sum() | t.Product():
            inner = bound | {term.index}
            limits = (*term.excluded, *getattr(term, "below", ()))
            own = (term.range.lower, term.range.upper, *(i for i in limits if i.base not in inner))
        case t.Entries():
            inner = bound | {term.row, term.column}
    found = {i.base for i in own if i.base is not None and i.base not in bound}
    for child in children(term):
        found |= free_indices(child, inner)
    return found


def shape_names(shape: Any) -> set[str]:
    """Names of dimensions in a shape."""
    if isinstance(shape, str):
        return {p for p in shape.split("*") if not p.isdigit()}
    if isinstance(shape, tuple):
        return {n for d in shape for n in shape_names(d)}
    return set()


def dimension_names(analysis: Analysis) -> set[str]:
    """Names that stand for sizes: of shapes, ends of ranges, and indices that only occur as numbers."""
    found: set[str] = set()
    as_index: set[str] = set()
    for term in analysis.terms():
        for part in walk(term):
            if isinstance(part, (t.Symbol, t.Constant, t.Entries, t.Function)):
                found |= shape_names(part.shape)
            if isinstance(part, t.Identity):
                found |= shape_names(part.dim)
            if isinstance(part, (t.Sum, t.Product)):
                found |= {b for b in (part.range.lower.base, part.range.upper.base) if b}
            if isinstance(part, (t.Symbol, t.Function)):
                as_index |= {i.base for i in part.indices if i.base}
            if isinstance(part, t.Entry):
                as_index |= {i.base for i in (part.row, part.column) if i.base}
            if isinstance(part, t.Line) and part.index.base:
                as_index.add(part.index.base)
        bound = {n for s in walk(term) if isinstance(s, (t.Sum, t.Product)) for n in (s.index,)}
        found -= bound & as_index
        found |= free_indices(term) - as_index - bound
    for name in analysis.names:
        info = analysis.facts.symbols.get(name)
        if info is not None:
            found |= shape_names(info.shape)
            if info.role == "dimension":
                found.add(name)
            for r in info.families:
                found |= {b for b in (r.lower.base, r.upper.base) if b} if r is not None else set()
    roles = analysis.facts
    return {n for n in found if roles.role(n) != "index" or n in _hard_dimensions(analysis)}


def _hard_dimensions(analysis: Analysis) -> set[str]:
    return {
        n
        for term in analysis.terms()
        for part in walk(term)
        if isinstance(part, (t.Symbol, t.Identity, t.Constant))
        for n in shape_names(part.shape)
    }


class Layout:
    """The members that occur, for one choice of the dimensions.

    `only`: keep a single one of the values of the claim's free indices.
    """

    def __init__(self, analysis: Analysis, dims: dict[str, int], only: int | None = None):
        self.analysis = analysis
        self.dims = dims
        self.reader = Model(analysis.facts, RationalField(), Random(0), dims, analysis.known, analysis.definitions, {})
        self.variables: dict[Key, t.Symbol] = {}
        self.members: dict[str, set[tuple[int, ...]]] = {}
        self._seen: set[tuple[Any, ...]] = set()
        self._active: set[Any] = set()
        self._direct: dict[str, set[tuple[int, ...]]] = {}
        claim = analysis.claim
        self.choices = self._choices(claim)
        if only is not None:
            self.choices = [self.choices[only % len(self.choices)]]
        self._direct = self._written(claim)
        for env in self.choices:
            self.visit(claim.lhs, env)
            self.visit(claim.rhs, env)
        self.ground: list[tuple[Equation, Env]] = []
        for _ in range(3):
            before = sum(map(len, self.members.values()))
            self.ground = [(g, env) for g in analysis.equations for env in self.instances(g)]
            for given, env in self.ground:
                self.visit(given.lhs, env)
                self.visit(given.rhs, env)
            self._visit_single_symbols()
            if sum(map(len, self.members.values())) == before:
                break

    def _written(self, claim: Any) -> dict[str, set[tuple[int, ...]]]:
        """The members that the claim itself names: recursive definitions are followed down to these and one further."""
        probe = self.probe()
        probe._active = set(self.analysis.definitions)
        for env in self.choices:
            probe.visit(claim.lhs, env)
            probe.visit(claim.rhs, env)
        return probe.members

    def probe(self) -> Layout:
        """A layout of the same sizes that has seen nothing yet."""
        probe = Layout.__new__(Layout)
        probe.__dict__ = {**self.__dict__, "variables": {}, "_seen": set(), "_active": set(), "members": {}}
        return probe

    def _visit_single_symbols(self) -> None:
        """Distributed symbols that stand in no term but are tied to others (`x_1, …, x_n, x` iid)."""
        for name in self.analysis.names:
            info = self.analysis.facts.symbols.get(name)
            if info is None or info.role != "random" or name in self.members:
                continue
            positions = [range(1, 2) if r is None else self.range_values(r) for r in info.families]
            indices = [tuple(t.Index(None, k) for k in ks) for ks in product(*positions)]
            for own in indices[:6]:
                self.visit(t.Symbol(name, own, info.shape), {})

    # -- indices ------------------------------------------------------------------------------

    def index(self, index: t.Index, env: Env) -> int:
        if index.base is None:
            return index.offset
        if index.base in env:
            return env[index.base] + index.offset
        return self.reader.index_base(index.base) + index.offset

    def range_values(self, r: t.Range) -> range:
        return range(self.index(r.lower, {}), self.index(r.upper, {}) + 1)

    def _choices(self, claim: Any) -> list[Env]:
        """Values of the claim's free indices."""
        names = sorted((free_indices(claim.lhs) | free_indices(claim.rhs)) - set(self.dims))
        default = [1, 2, 3] if claim.distinct or len(names) > 1 else [2, 3]
        domains = [self._domain(name, (claim.lhs, claim.rhs), default) for name in names]
        if any(not d for d in domains):
            raise Unmodelled(f"the range of the index {names[0]}")
        found = []
        for values in product(*domains):
            env = dict(zip(names, values, strict=False))
            if self._distinct(claim.distinct, env) and self._inside(claim.lhs, env) and self._inside(claim.rhs, env):
                found.append(env)
        if not found:
            raise Unmodelled("values of the free indices")
        step = max(1, len(found) // INDEX_CHOICES)
        return found[::step][:INDEX_CHOICES]

    def _distinct(self, pairs: tuple[tuple[t.Index, t.Index], ...], env: Env) -> bool:
        known = {**self.dims, **env}
        for a, b in pairs:
            if any(i.base is not None and i.base not in known for i in (a, b)):
                continue
            if self.index(a, env) == self.index(b, env):
                return False
        return True

    def _domain(self, name: str, terms: tuple[t.Term, ...], default: list[int]) -> list[int]:
        for term in terms:
            for part in walk(term):
                found = self._domain_at(name, part)
                if found is not None:
                    return found
        return default

    def _domain_at(self, name: str, part: t.Term) -> list[int] | None:
        match part:
            case t.Entry(arg, row, column):
                for index, dim in ((row, arg.shape[0]), (column, arg.shape[1])):
                    if index.base == name:
                        return list(range(1, self.reader.dim(dim) + 1))
            case t.Line(arg, index, axis) if index.base == name:
                return list(range(1, self.reader.dim(arg.shape[0 if axis == "row" else 1]) + 1))
            case t.Symbol(symbol, indices):
                info = self.analysis.facts.symbols.get(symbol)
                for index, family in zip(indices, info.families if info else (), strict=False):
                    if index.base == name and family is not None:
                        return list(self.range_values(family))
        return None

    def _inside(self, term: t.Term, env: Env) -> bool:
        """Whether components that are named by the free indices exist."""
        for part in walk(term):
            if isinstance(part, t.Entry):
                places = ((part.row, part.arg.shape[0]), (part.column, part.arg.shape[1]))
            elif isinstance(part, t.Line):
                places = ((part.index, part.arg.shape[0 if part.axis == "row" else 1]),)
            else:
                continue
            for index, dim in places:
                if index.base in env and not 1 <= self.index(index, env) <= self.reader.dim(dim):
                    return False
        return True

    def instances(self, given: Any) -> list[Env]:
        """The values of a given's free indices at which all members that it names occur."""
        terms = [given.lhs, given.rhs] if isinstance(given, Equation) else [given.left, given.right]
        names = sorted({n for term in terms for n in free_indices(term)} - set(self.dims))
        if not names:
            return [{}]
        domains = [self._given_domain(name, terms) for name in names]
        found = []
        for values in product(*domains):
            env = dict(zip(names, values, strict=False))
            distinct = getattr(given, "distinct", ())
            if self._distinct(distinct, env) and all(self._inside(x, env) and self._occurs(x, env) for x in terms):
                found.append(env)
        return found or self._presupposed(given, terms, names, domains)

    def _presupposed(self, given: Any, terms: list[t.Term], names: list[str], domains: list[list[int]]) -> list[Env]:
        """What is said of x_i and x_j with i ≠ j presupposes a second member, though only one may be written elsewhere."""
        distinct = getattr(given, "distinct", ())
        if not distinct or not any(p.name in self.members for x in terms for p in walk(x) if isinstance(p, t.Symbol)):
            return []
        for values in product(*([*d, max(d) + 1, min(d) - 1] if d else [] for d in domains)):
            env = dict(zip(names, values, strict=False))
            written = [p for x in terms for p in walk(x) if isinstance(p, t.Symbol) and p.indices]
            if self._distinct(distinct, env) and all(self._exists(p, env) for p in written):
                return [env]
        return []

    def _exists(self, symbol: t.Symbol, env: Env) -> bool:
        """Whether a family has the member that the indices name; of a family whose range nobody knows, from 1 on."""
        info = self.analysis.facts.symbols.get(symbol.name)
        for index, family in zip(symbol.indices, info.families if info else (), strict=False):
            if index.base is not None and index.base not in env and index.base not in self.dims:
                return False
            value = self.index(index, env)
            if value < 1 if family is None else value not in self.range_values(family):
                return False
        return True

    def _given_domain(self, name: str, terms: list[t.Term]) -> list[int]:
        found: set[int] = set()
        for term in terms:
            for part in walk(term):
                if isinstance(part, t.Symbol):
                    for place, index in enumerate(part.indices):
                        if index.base == name:
                            found |= {m[place] - index.offset for m in self.members.get(part.name, ())}
        return sorted(found) if found else self._domain(name, tuple(terms), self._used_values())

    def _used_values(self) -> list[int]:
        """Values of the claim's own free indices: for families whose range nobody knows."""
        return sorted({v for env in self.choices for v in env.values()} or {1})

    def _occurs(self, term: t.Term, env: Env) -> bool:
        known = {**self.dims, **env}
        for part in walk(term):
            if isinstance(part, t.Symbol) and part.indices and part.name in self.members:
                if any(i.base is not None and i.base not in known for i in part.indices):
                    continue
                if tuple(self.index(i, env) for i in part.indices) not in self.members[part.name]:
                    return False
        return True

    # -- visiting -----------------------------------------------------------------------------

    def visit(self, term: t.Term, env: Env) -> None:
        """Note every member of a family, and every random variable, that the value of the term depends on."""
        key = (id(term), *((n, env[n]) for n in self.analysis.known.names(term) if n in env))
        if key in self._seen:
            return
        self._seen.add(key)
        match term:
            case t.Symbol():
                self._visit_symbol(term, env)
            case t.Sum() | t.Product():
                self._visit_sum(term, env)
            case t.Entries(row, column, body, shape):
                for i, j in product(range(1, self.reader.dim(shape[0]) + 1), range(1, self.reader.dim(shape[1]) + 1)):
                    self.visit(body, {**env, row: i, column: j})
            case _:
                if isinstance(term, t.Function):
                    self._visit_function(term, env)
                for child in t.children(term):
                    self.visit(child, env)

    def _visit_sum(self, term: t.Sum | t.Product, env: Env) -> None:
        lower, upper = self.index(term.range.lower, env), self.index(term.range.upper, env)
        excluded = {self.index(i, env) for i in term.excluded}
        for k in range(lower, min(upper, lower + 30) + 1):
            if k not in excluded and all(k < self.index(i, env) for i in getattr(term, "below", ())):
                self.visit(term.body, {**env, term.index: k})

    def _visit_symbol(self, symbol: t.Symbol, env: Env) -> None:
        if symbol.name in env and not symbol.indices:
            return
        indices = tuple(self.index(i, env) for i in symbol.indices)
        self.members.setdefault(symbol.name, set()).add(indices)
        again = symbol.name in self._active and indices not in self._direct.get(symbol.name, ())
        if symbol.name in self.analysis.definitions and not again and (symbol.name, indices) not in self._active:
            added = {symbol.name, (symbol.name, indices)} - self._active
            self._active |= added
            found = [self._visit_definition(d, symbol, indices) for d in self.analysis.definitions[symbol.name]]
            self._active -= added
            if any(found):
                return
        if self.analysis.is_random(symbol.name):
            self.variables.setdefault((symbol.name, indices), symbol)

    def _visit_definition(self, definition: Definition, symbol: t.Symbol, indices: tuple[int, ...]) -> bool:
        lhs = definition.lhs
        if isinstance(lhs, t.Symbol):
            env = self.reader.match(lhs.indices, indices)
            if env is not None:
                self.visit(definition.rhs, env)
            return env is not None
        if not isinstance(lhs, (t.Entry, t.Line)) or not isinstance(lhs.arg, t.Symbol):
            return False
        outer = self.reader.match(lhs.arg.indices, indices)
        if outer is None:
            return False
        pattern = (lhs.row, lhs.column) if isinstance(lhs, t.Entry) else (lhs.index,)
        sizes = [self.reader.dim(d) for d in symbol.shape]
        if isinstance(lhs, t.Line):
            sizes = [sizes[0 if lhs.axis == "row" else 1]]
        for place in product(*(range(1, s + 1) for s in sizes)):
            env = self.reader.match(pattern, place, outer)
            if env is None:
                return False
            self.visit(definition.rhs, env)
        return True

    def _visit_function(self, term: t.Function, env: Env) -> None:
        if term.name in self._active:
            return
        self._active.add(term.name)
        for definition in self.analysis.definitions.get(term.name, ()):
            if isinstance(definition.lhs, t.Function):
                own = self.reader.match(definition.lhs.indices, tuple(self.index(i, env) for i in term.indices))
                if own is not None:
                    self.visit(definition.rhs, own)
        self._active.discard(term.name)

    def conditional_moments(self, term: t.Term, env: Env) -> Iterator[tuple[t.Term, Env]]:
        """Moments with a condition in the term and in the definitions behind it, with the values of their indices."""
        seen: set[tuple[Any, ...]] = set()
        todo: list[tuple[t.Term, Env]] = [(term, env)]
        while todo:
            part, env = todo.pop()
            key = (id(part), *((n, env[n]) for n in self.analysis.known.names(part) if n in env))
            if key in seen:
                continue
            seen.add(key)
            if getattr(part, "given", ()):
                yield part, env
            if isinstance(part, t.Sum | t.Product):
                lower, upper = self.index(part.range.lower, env), self.index(part.range.upper, env)
                todo += [(part.body, {**env, part.index: k}) for k in range(lower, min(upper, lower + 30) + 1)]
                continue
            if isinstance(part, t.Entries):
                todo.append((part.body, {**env, part.row: 1, part.column: 1}))
                continue
            if isinstance(part, t.Symbol):
                todo += self._behind(part, env)
            todo += [(child, env) for child in t.children(part)]

    def _behind(self, symbol: t.Symbol, env: Env) -> list[tuple[t.Term, Env]]:
        indices = tuple(self.index(i, env) for i in symbol.indices)
        found: list[tuple[t.Term, Env]] = []
        if (symbol.name, indices) in self.variables or indices not in self.members.get(symbol.name, ()):
            return found
        for definition in self.analysis.definitions.get(symbol.name, ()):
            if isinstance(definition.lhs, t.Symbol):
                own = self.reader.match(definition.lhs.indices, indices)
                if own is not None:
                    found.append((definition.rhs, own))
        return found

    # -- what random variables a symbol is made of ---------------------------------------------

    def bases(self, term: t.Term, env: Env) -> set[Key]:
        """The random variables that the value of a term depends on."""
        probe = self.probe()
        probe.visit(term, env)
        return set(probe.variables)


def comparisons_hold(analysis: Analysis, dims: dict[str, int]) -> bool:
    """Whether the dimensions satisfy the comparisons that speak of dimensions alone, and have the members that are written."""
    if not all(_has_members(analysis, term, dims) for term in (analysis.claim.lhs, analysis.claim.rhs)):
        return False
    from derive.witnesses.elementary import RELATIONS
    from derive.witnesses.evaluate import Evaluator

    model = Model(analysis.facts, RationalField(), Random(0), dims, analysis.known, {}, {})
    evaluator = Evaluator(model)
    for given in analysis.givens:
        if not isinstance(given, Comparison) or not _of_dimensions(given, dims):
            continue
        difference = evaluator.value(given.left, {}) - evaluator.value(given.right, {})
        if given.relation in RELATIONS and not RELATIONS[given.relation](difference):
            return False
    return True


def _has_members(analysis: Analysis, term: t.Term, dims: dict[str, int]) -> bool:
    """Whether X_3 is among X_1, …, X_n."""
    for part in walk(term):
        if isinstance(part, t.Symbol) and part.indices:
            info = analysis.facts.symbols.get(part.name)
            for index, family in zip(part.indices, info.families if info else (), strict=False):
                top = family.upper if family is not None else None
                if (
                    index.base is None
                    and top is not None
                    and top.base in dims
                    and index.offset > dims[top.base] + top.offset
                ):
                    return False
        elif isinstance(part, t.Entry):
            for index, size in zip((part.row, part.column), part.arg.shape, strict=True):
                if index.base is None and size in dims and index.offset > dims[size]:
                    return False
    return True


def _of_dimensions(given: Comparison, dims: dict[str, int]) -> bool:
    names = symbol_names(given.left) | symbol_names(given.right) | free_indices(given.left) | free_indices(given.right)
    return bool(names) and names <= set(dims)
