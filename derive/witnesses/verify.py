"""The separate checker: does a concrete finite model satisfy every given, and do the sides of the claim differ?

One plain check for each kind of given, on the values that `checker` computes.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product
from math import comb, factorial
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
    Member,
    Property,
    SymbolInfo,
    Uncorrelated,
)
from derive.language.traverse import subterms
from derive.witnesses.checker import Checker, Concrete
from derive.witnesses.dual import real
from derive.witnesses.exact import SUPPORTS, Missing, Unclear, compare, plain

Law = dict[Any, Fraction]
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


def _flip(m: Any) -> Any:
    return [list(c) for c in zip(*m, strict=False)]


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


def definite(m: Any, strict: bool) -> bool:
    """Symmetric with all leading (strict) or all principal minors positive (non-negative)."""
    if m != _flip(m):
        return False
    n = len(m)
    sets = (
        [tuple(range(k + 1)) for k in range(n)]
        if strict
        else [c for k in range(n) for c in combinations(range(n), k + 1)]
    )
    minors = [_minor([[m[i][j] for j in c] for i in c]) for c in sets]
    return all(x > 0 if strict else x >= 0 for x in minors)


def _minor(m: Any) -> Fraction:
    if len(m) == 1:
        return m[0][0]
    return sum((-1) ** j * x * _minor([row[:j] + row[j + 1 :] for row in m[1:]]) for j, x in enumerate(m[0]))


def _unit(n: int) -> Any:
    return [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]


PROPERTIES = {
    "symmetric": lambda m: m == _flip(m),
    "antisymmetric": lambda m: m == [[-x for x in r] for r in _flip(m)],
    "invertible": lambda m: len(m) == len(m[0]) == rank(m),
    "diagonal": lambda m: all(x == 0 for i, r in enumerate(m) for j, x in enumerate(r) if i != j),
    "orthogonal": lambda m: _times(_flip(m), m) == _unit(len(m[0])),
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
            if not _fits(given, own, parameters, checker.model.matched.get(given.symbol.name, 2)):
                return False
    return True


def _fits(given: Distributed, values: Law, parameters: tuple[Any, ...], degree: int) -> bool:
    scalar = len(next(iter(values))) == len(next(iter(values))[0]) == 1
    flat = [p[0][0] for p in parameters]
    if given.family in EXACT:
        expected = EXACT[given.family](flat, [row[0] for row in parameters[-1]] if parameters else [], scalar)
        found = {tuple(x for row in v for x in row): p for v, p in values.items()}
        return {k: p for k, p in expected.items() if p} == found and all(p >= 0 for p in expected.values())
    if not _sensible(given.family, flat):
        return False
    if given.family in ("Normal", "Moments", "MatrixNormal"):
        return _gaussian(given.family, values, parameters, degree if given.family != "Moments" else 2)
    moments = ((k, sum(p * v[0][0] ** k for v, p in values.items())) for k in range(1, degree + 1))
    return scalar and all(found == MOMENTS[given.family](flat, k) for k, found in moments)


def _sensible(family: str, p: list[Fraction]) -> bool:
    if family in ("Exponential", "Poisson", "Gamma", "Beta"):
        return all(x > 0 for x in p)
    if family == "Laplace":
        return p[1] > 0
    return p[0] < p[1] if family == "Uniform" else True


def _gaussian(family: str, values: Law, parameters: tuple[Any, ...], degree: int) -> bool:
    mean = [x for row in parameters[0] for x in row]
    cov = [list(r) for r in parameters[1]]
    if family == "MatrixNormal":
        cov = [[a * b for a in r for b in s] for r in parameters[1] for s in parameters[2]]
    if not definite(cov, False):
        return False
    for order in range(1, degree + 1):
        for places in combinations_with_replacement(range(len(mean)), order):
            found = Fraction(0)
            for value, p in values.items():
                flat = [x - m for x, m in zip((x for row in value for x in row), mean, strict=False)]
                for k in places:
                    p *= flat[k]
                found += p
            if found != _pairings(places, cov):
                return False
    return True


def _pairings(places: tuple[int, ...], cov: Any) -> Fraction:
    if not places:
        return Fraction(1)
    head, *rest = places
    return sum(
        (cov[head][other] * _pairings((*rest[:k], *rest[k + 1 :]), cov) for k, other in enumerate(rest)), Fraction(0)
    )


def _binomial(p: list[Fraction], _: Any, __: bool) -> Law:
    n = int(p[0])
    return {(Fraction(k),): comb(n, k) * p[1] ** k * (1 - p[1]) ** (n - k) for k in range(n + 1)}


def _categorical(_: list[Fraction], q: list[Fraction], scalar: bool) -> Law:
    if sum(q) != 1:
        return {}
    if scalar:
        return {(Fraction(k + 1),): p for k, p in enumerate(q)}
    return {tuple(Fraction(int(i == k)) for i in range(len(q))): p for k, p in enumerate(q)}


def _finite(p: list[Fraction], _: Any, __: bool) -> Law:
    half = len(p) // 2
    return dict(zip(((v,) for v in p[:half]), p[half:], strict=True)) if sum(p[half:]) == 1 else {}


def _multinomial(p: list[Fraction], q: list[Fraction], _: bool) -> Law:
    n = int(p[0])
    if sum(q) != 1:
        return {}
    found: Law = {}
    for counts in product(range(n + 1), repeat=len(q)):
        if sum(counts) == n:
            weight = Fraction(factorial(n))
            for k, x in zip(counts, q, strict=False):
                weight *= x**k / Fraction(factorial(k))
            found[tuple(Fraction(k) for k in counts)] = weight
    return found


EXACT = {
    "Bernoulli": lambda p, _, __: {(Fraction(0),): 1 - p[0], (Fraction(1),): p[0]},
    "Rademacher": lambda p, _, __: {(Fraction(-1),): Fraction(1, 2), (Fraction(1),): Fraction(1, 2)},
    "Finite": _finite,
    "Binomial": _binomial,
    "Categorical": _categorical,
    "Multinomial": _multinomial,
}


def _stirling(n: int, k: int) -> int:
    return sum((-1) ** (k - j) * comb(k, j) * j**n for j in range(k + 1)) // factorial(k)


def _ratio(first: Fraction, k: int) -> Fraction:
    result = Fraction(1)
    for j in range(k):
        result *= first + j
    return result


MOMENTS = {
    "Uniform": lambda p, k: (p[1] ** (k + 1) - p[0] ** (k + 1)) / ((k + 1) * (p[1] - p[0])),
    "Exponential": lambda p, k: factorial(k) / p[0] ** k,
    "Poisson": lambda p, k: sum(_stirling(k, j) * p[0] ** j for j in range(k + 1)),
    "Gamma": lambda p, k: _ratio(p[0], k) / p[1] ** k,
    "Beta": lambda p, k: _ratio(p[0], k) / _ratio(p[0] + p[1], k),
    "Laplace": lambda p, k: sum(comb(k, j) * factorial(j) * p[1] ** j * p[0] ** (k - j) for j in range(0, k + 1, 2)),
}

CHECKS = {
    Equation: equation,
    Comparison: comparison,
    Property: prop,
    Independent: independent,
    ConditionallyIndependent: conditionally_independent,
    Uncorrelated: uncorrelated,
    Identical: identical,
    Distributed: distributed,
}
