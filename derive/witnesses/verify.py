"""The separate checker: does a concrete finite model satisfy every given, and do the sides of the claim differ?

One plain check for each kind of given, on the values that `checker` computes.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import Any

from derive.language import terms as t
from derive.language.facts import (
    Claim,
    Comparison,
    ConditionallyIndependent,
    Distributed,
    Equation,
    Given,
    Identical,
    Independent,
    IndependentGiven,
    Member,
    Property,
    SymbolInfo,
    Uncorrelated,
)
from derive.language.traverse import subterms
from derive.witnesses.checker import Checker, Concrete
from derive.witnesses.dual import real
from derive.witnesses.exact import SUPPORTS, Missing, Unclear, compare, plain
from derive.witnesses.fits import Law, definite, fits, flip

LARGEST_TABLE = 20000


def holds(concrete: Concrete, claim: Claim, givens: list[Given], env: dict[str, int]) -> bool:
    """Whether the model satisfies every given while the sides of the claim differ."""
    checker = Checker(concrete)
    try:
        return (
            sum(p for p, _ in concrete.outcomes) == 1
            and all(p > 0 for p, _ in concrete.outcomes)
            and all(supported(checker, info) for info in concrete.facts.symbols.values())
            and all(CHECKS[type(given)](checker, given) for given in givens)
            and differ(checker, claim.lhs, claim.rhs, env)
        )
    except (Unclear, Missing, ZeroDivisionError):
        return False


def differ(checker: Checker, lhs: t.Term, rhs: t.Term, env: dict[str, int]) -> bool:
    """Whether two terms have different values at some outcome."""
    return any(plain(checker.at(lhs, env, k)) != plain(checker.at(rhs, env, k)) for k in range(checker.count))


def supported(checker: Checker, info: SymbolInfo) -> bool:
    """Whether all values of a symbol lie where it was declared to take them."""
    test = SUPPORTS.get(info.support)
    if test is None:
        return True
    stores = [checker.model.constants, *(values for _, values in checker.model.outcomes)]
    return all(test(x) for store in stores for (name, _), m in store.items() if name == info.name for r in m for x in r)


def environments(checker: Checker, terms: list[t.Term]) -> list[dict[str, int]]:
    """All values of the free indices at which every member and component in the terms exists."""
    names = sorted({n for term in terms for n in unbound(term, frozenset())} - set(checker.model.dims))
    top = max([4, *checker.model.dims.values()]) + 1
    found = []
    for values in product(range(top + 1), repeat=len(names)):
        env = dict(zip(names, values, strict=True))
        try:
            for term in terms:
                checker.at(term, env, 0)
        except Missing:
            if not names:
                raise
            continue
        found.append(env)
    return found


def unbound(term: Any, bound: frozenset[str]) -> set[str]:
    """Index names in a term that nothing in it binds."""
    if isinstance(term, t.Index):
        return {term.base} - bound - {None}
    if isinstance(term, t.Range):
        return unbound(term.lower, bound) | unbound(term.upper, bound)
    own: set[str] = set()
    inner = bound
    if isinstance(term, (t.Sum, t.Product)):
        own = unbound(term.range, bound)
        inner = bound | {term.index}
        own |= {n for i in (*term.excluded, *getattr(term, "below", ())) for n in unbound(i, inner)}
    elif isinstance(term, t.Entries):
        inner = bound | {term.row, term.column}
    for name in ("indices", "index", "row", "column"):
        value = getattr(term, name, ())
        for i in value if isinstance(value, tuple) else (value,):
            if isinstance(i, t.Index):
                own |= unbound(i, bound)
    return own | {n for child in subterms(term) for n in unbound(child, inner)}


def frozen(rows: Any) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(real(x) for x in row) for row in rows)


def equation(checker: Checker, given: Equation) -> bool:
    for env in environments(checker, [given.lhs, given.rhs]):
        known = {**checker.model.dims, **env}
        pairs = [p for p in given.distinct if all(i.base is None or i.base in known for i in p)]
        if any(checker.index(a, env) == checker.index(b, env) for a, b in pairs):
            continue
        if differ(checker, given.lhs, given.rhs, env):
            return False
    return True


def comparison(checker: Checker, given: Comparison) -> bool:
    relation = given.relation
    return all(
        compare(real(checker.scalar(given.left, env, k)), relation, real(checker.scalar(given.right, env, k)))
        for env in environments(checker, [given.left, given.right])
        for k in range(checker.count)
    )


def prop(checker: Checker, given: Property) -> bool:
    test = PROPERTIES.get(given.name)
    if test is None:
        raise Unclear(given.name)
    envs = environments(checker, [given.term])
    return all(
        test([list(r) for r in frozen(checker.at(given.term, env, k))]) for env in envs for k in range(checker.count)
    )


def _times(a: Any, b: Any) -> Any:
    return [[sum(x * y for x, y in zip(row, column, strict=False)) for column in zip(*b, strict=False)] for row in a]


def rank(m: Any) -> int:
    rows, found = [list(r) for r in m], 0
    for column in range(len(rows[0])):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(found + 1, len(rows)):
            factor = rows[r][column] / rows[found][column]
            rows[r] = [x - factor * y for x, y in zip(rows[r], rows[found], strict=False)]
        found += 1
    return found


def _unit(n: int) -> Any:
    return [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]


PROPERTIES = {
    "symmetric": lambda m: m == flip(m),
    "antisymmetric": lambda m: m == [[-x for x in r] for r in flip(m)],
    "invertible": lambda m: len(m) == len(m[0]) == rank(m),
    "diagonal": lambda m: all(x == 0 for i, r in enumerate(m) for j, x in enumerate(r) if i != j),
    "orthogonal": lambda m: _times(flip(m), m) == _unit(len(m[0])),
    "positive definite": lambda m: definite(m, True),
    "positive semidefinite": lambda m: definite(m, False),
    "full column rank": lambda m: rank(m) == len(m[0]),
    "idempotent": lambda m: _times(m, m) == m,
    "nonzero": lambda m: any(x for r in m for x in r),
}


# ---------------------------------------------------------------------------------------------
# Dependence


def members(checker: Checker, member: Member) -> list[tuple[tuple[int, ...], t.Term]]:
    """The members of a family that exist in the model, as terms."""
    if member.term is not None:
        return [((), member.term)]
    info = checker.model.facts.symbols.get(member.name)
    shape = info.shape if info is not None else t.SCALAR
    if member.indices:
        return [((), t.Symbol(member.name, member.indices, shape))]
    arity = len(info.families) if info is not None else 0
    top = max([4, *checker.model.dims.values()]) + 1
    found = []
    for indices in product(range(top + 1), repeat=arity):
        symbol = t.Symbol(member.name, tuple(t.Index(None, k) for k in indices), shape)
        try:
            checker.at(symbol, {}, 0)
        except Missing:
            continue
        found.append((indices, symbol))
    if member.each and not arity and info is not None and info.shape != t.SCALAR and found:
        rows, columns = map(checker.dim, info.shape)
        places = product(range(1, rows + 1), range(1, columns + 1))
        return [(p, t.Entry(found[0][1], t.Index(None, p[0]), t.Index(None, p[1]))) for p in places]
    return found


def groups_of(checker: Checker, given: Independent) -> list[list[t.Term]]:
    groups: list[list[t.Term]] = []
    for group in given.groups:
        if any(m.each for m in group):
            by_index: dict[tuple[int, ...], list[t.Term]] = {}
            for member in group:
                for indices, term in members(checker, member):
                    by_index.setdefault(indices, []).append(term)
            groups += by_index.values()
        else:
            groups.append([term for m in group for _, term in members(checker, m)])
    return [g for g in groups if g]


def law(checker: Checker, terms: list[t.Term], env: dict[str, int], cell: list[int] | None = None) -> Law:
    """The distribution of a tuple of terms, within a cell of outcomes."""
    found: Law = {}
    cell = list(range(checker.count)) if cell is None else cell
    total = sum(checker.model.outcomes[k][0] for k in cell)
    for k in cell:
        value = tuple(frozen(checker.at(x, env, k)) for x in terms)
        found[value] = found.get(value, Fraction(0)) + checker.model.outcomes[k][0] / total
    return found


def factors(checker: Checker, groups: list[list[t.Term]], env: dict[str, int], cell: list[int] | None = None) -> bool:
    """Whether the joint law of the groups is the product of their laws."""
    laws = [law(checker, g, env, cell) for g in groups]
    size = 1
    for one in laws:
        size *= len(one)
    if size > LARGEST_TABLE:
        raise Unclear("a joint law that is too large")
    joint = law(checker, [x for g in groups for x in g], env, cell)
    for values in product(*laws):
        expected = Fraction(1)
        for one, value in zip(laws, values, strict=False):
            expected *= one[value]
        if joint.get(tuple(x for value in values for x in value), 0) != expected:
            return False
    return True


def _number(index: t.Index, env: dict[str, int]) -> int:
    return index.offset + (env.get(index.base, 0) if index.base else 0)


def independent(checker: Checker, given: Independent) -> bool:
    groups = groups_of(checker, given)
    for env in _environments(checker, [x for g in groups for x in g]):
        if any(_number(a, env) == _number(b, env) for a, b in given.distinct):
            continue
        if given.pairwise:
            if not all(factors(checker, [a, b], env) for a, b in combinations(groups, 2)):
                return False
        elif not factors(checker, groups, env):
            return False
        if given.alike and any(law(checker, g, env) != law(checker, groups[0], env) for g in groups[1:]):
            return False
    return True


def _environments(checker: Checker, terms: list[t.Term]) -> list[dict[str, int]]:
    try:
        return environments(checker, terms)
    except Missing:
        return []  # about quantities that the model does not have


def conditionally_independent(checker: Checker, given: ConditionallyIndependent) -> bool:
    left, right, roots = (
        [x for m in side for _, x in members(checker, m)] for side in (given.left, given.right, given.given)
    )
    if not left or not right:
        return True
    for env in _environments(checker, [*left, *right, *roots]):
        cells: dict[Any, list[int]] = {}
        for k in range(checker.count):
            cells.setdefault(tuple(frozen(checker.at(x, env, k)) for x in roots), []).append(k)
        if not all(factors(checker, [left, right], env, cell) for cell in cells.values()):
            return False
    return True


def independent_given(checker: Checker, given: IndependentGiven) -> bool:
    roots = [x for m in given.given for _, x in members(checker, m)]
    groups = groups_of(checker, Independent(given.groups, given.source))
    for env in _environments(checker, [*(x for g in groups for x in g), *roots]):
        cells: dict[Any, list[int]] = {}
        for k in range(checker.count):
            cells.setdefault(tuple(frozen(checker.at(x, env, k)) for x in roots), []).append(k)
        for cell in cells.values():
            if not factors(checker, groups, env, cell):
                return False
            if given.alike and any(
                law(checker, g, env, cell) != law(checker, groups[0], env, cell) for g in groups[1:]
            ):
                return False
    return True


def uncorrelated(checker: Checker, given: Uncorrelated) -> bool:
    terms = [x for m in given.members for _, x in members(checker, m)]
    for env in _environments(checker, terms):
        for a, b in combinations(terms, 2):
            if any(x for row in frozen(checker.at(t.Covariance(a, b), env, 0)) for x in row):
                return False
    return True


def identical(checker: Checker, given: Identical) -> bool:
    terms = [x for m in given.members for _, x in members(checker, m)]
    for env in _environments(checker, terms):
        laws = [law(checker, [x], env) for x in terms]
        if any(one != laws[0] for one in laws):
            return False
    return True


# ---------------------------------------------------------------------------------------------
# Distributions


def distributed(checker: Checker, given: Distributed) -> bool:
    terms = [given.symbol, *given.parameters]
    for env in _environments(checker, terms):
        cells: dict[Any, list[int]] = {}
        for k in range(checker.count):
            cells.setdefault(tuple(frozen(checker.at(p, env, k)) for p in given.parameters), []).append(k)
        for parameters, cell in cells.items():
            values = law(checker, [given.symbol], env, cell)
            own = {value[0]: p for value, p in values.items()}
            if not fits(given, own, parameters, checker.model.matched.get(given.symbol.name, 2)):
                return False
    return True


CHECKS = {
    Equation: equation,
    Comparison: comparison,
    Property: prop,
    Independent: independent,
    ConditionallyIndependent: conditionally_independent,
    IndependentGiven: independent_given,
    Uncorrelated: uncorrelated,
    Identical: identical,
    Distributed: distributed,
}
