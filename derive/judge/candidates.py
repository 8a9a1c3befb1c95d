"""Which unsaid assumptions might explain a difference: about dependence, means, matrices, and names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from derive.judge.assumptions import (
    Candidate,
    family_latex,
    mean_known,
    member_latex,
    member_symbol,
    mentioned,
    moment,
    of,
    source,
)
from derive.judge.unsaid_names import noised, unsaid_names
from derive.language.facts import (
    Claim,
    Comparison,
    ConditionallyIndependent,
    Equation,
    Facts,
    Identical,
    Independent,
    Member,
    Property,
    SymbolInfo,
    Uncorrelated,
)
from derive.language.roles import CONSTANTS
from derive.language.symbols import bold_letter
from derive.language.terms import (
    SCALAR,
    Constant,
    Covariance,
    Expectation,
    Inverse,
    Mul,
    Symbol,
    Term,
    Variance,
    children,
    number,
    walk,
)

# ------------------------------------------------------------------ what the difference speaks of


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Random names in the difference: alone, and pairs that meet in one monomial (a name twice: two members)."""

    names: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def leftovers(difference: Any) -> Leftovers:
    """What a normal form speaks of: a polynomial with `terms`, whose monomials hold tagged factors."""
    names: dict[str, None] = {}
    pairs: dict[tuple[str, str], None] = {}
    for powers, _ in difference.terms:
        members = {m for factor, _ in powers for m in _random_members(factor)}
        for name, _ in sorted(members, key=repr):
            names.setdefault(name)
        for (a, slots), (b, others) in combinations(sorted(members, key=repr), 2):
            if a != b or slots != others:
                pairs.setdefault((min(a, b), max(a, b)))
    return Leftovers(tuple(sorted(names)), tuple(sorted(pairs)))


def _random_members(item: Any) -> Iterator[tuple[str, Any]]:
    """All random components `('r', name, slots)` inside a factor, at any depth."""
    if isinstance(item, tuple):
        if len(item) == 3 and item[0] == "r" and isinstance(item[1], str):
            yield item[1], item[2]
        else:
            for part in item:
                yield from _random_members(part)
    elif hasattr(item, "terms"):
        for mono in item.terms:
            yield from _random_members(mono)


# ------------------------------------------------------------------ candidates

MOST_JOINT = 4  # variables of which one may be independent of all the others together


PARAMETERS = CONSTANTS | {r"\mu", r"\sigma", r"\theta", r"\tau", r"\rho", r"\delta", r"\kappa"}


def candidates(claim: Claim, difference: Any) -> list[Candidate]:
    """Assumptions about what is left in the difference, weakest first; none about what the givens already settle."""
    facts, left = claim.facts, leftovers(difference)
    spoken = {frozenset(p) for p in _related(facts)}
    pairs = [p for p in left.pairs if frozenset(p) not in spoken]
    out = _regular(claim)
    for pair in pairs:
        out += _uncorrelated(facts, pair)
    out += [_zero_mean(facts.symbols[n]) for n in left.names if not mean_known(facts, n)]
    out += _symmetric(claim)
    for pair in pairs:
        out += _independent(facts, pair)
    if 2 < len(left.names) <= MOST_JOINT and not any(frozenset(p) in spoken for p in combinations(left.names, 2)):
        out += [_independent_of_others(facts, n, left.names) for n in left.names]
        out.append(_jointly_independent(facts, left.names))
    out += _properties(claim)
    out += _alike(claim, left.names)
    out += noised(facts, left.names)
    out += unsaid_names(claim, left.names, left.pairs)
    out += [_identical(facts.symbols[n]) for n in left.names if facts.symbols[n].families]
    out += _nonzero(claim)
    out += _conditional(claim, pairs)
    out += _constant(claim, left.names)
    return out


def _related(facts: Facts) -> Iterator[tuple[str, str]]:
    """Pairs of names whose joint moments the givens state: nothing more is assumed about them."""
    for given in facts.givens:
        if isinstance(given, Equation) and given.kind == "moment":
            names = sorted({(t.name, t.indices) for t in walk(given.lhs) if isinstance(t, Symbol)}, key=repr)
            yield from ((a[0], b[0]) for a, b in combinations(names, 2))


def _uncorrelated(facts: Facts, pair: tuple[str, str]) -> list[Candidate]:
    a, b = (facts.symbols[n] for n in pair)
    if a is b:
        if not a.families:
            return []
        latex = rf"{family_latex(a)} \text{{ uncorrelated}}"
        return [of("uncorrelated", latex, pair, Uncorrelated((Member(a.name, each=True),), source(latex)))]
    latex = rf"{member_latex(a)}, {member_latex(b)} \text{{ uncorrelated}}"
    return [of("uncorrelated", latex, pair, Uncorrelated((Member(a.name), Member(b.name)), source(latex)))]


def _independent(facts: Facts, pair: tuple[str, str]) -> list[Candidate]:
    a, b = (facts.symbols[n] for n in pair)
    if a is b:
        if not a.families:
            return []
        latex = rf"{family_latex(a)} \text{{ independent}}"
        return [of("independent", latex, pair, Independent(((Member(a.name, each=True),),), source(latex)))]
    latex = rf"{family_latex(a) if a.families else member_latex(a)} \perp {_group(b)}"
    return [of("independent", latex, pair, Independent(((Member(a.name),), (Member(b.name),)), source(latex)))]


def _group(info: SymbolInfo) -> str:
    return f"({family_latex(info)})" if info.families else member_latex(info)


def _jointly_independent(facts: Facts, names: tuple[str, ...]) -> Candidate:
    infos = [facts.symbols[n] for n in names]
    latex = ", ".join(family_latex(i) if i.families else member_latex(i) for i in infos) + r" \text{ independent}"
    groups = tuple((Member(i.name, each=bool(i.families)),) for i in infos)
    return of("independent", latex, names, Independent(groups, source(latex)))


def _independent_of_others(facts: Facts, name: str, names: tuple[str, ...]) -> Candidate:
    """Of all the others together, which is more than of each."""
    others = [facts.symbols[n] for n in names if n != name]
    one = facts.symbols[name]
    latex = rf"{family_latex(one)} \perp ({', '.join(family_latex(o) for o in others)})"
    groups = ((Member(name),), tuple(Member(o.name) for o in others))
    return of("independent", latex, names, Independent(groups, source(latex)))


def _alike(claim: Claim, names: tuple[str, ...]) -> list[Candidate]:
    """Two single variables of one shape that nothing tells apart, both of which the left side has: none is put for another."""
    facts = claim.facts
    written = {t.name for t in walk(claim.lhs) if isinstance(t, Symbol)}
    singles = [
        facts.symbols[n] for n in names if n in written and not facts.symbols[n].families and not mean_known(facts, n)
    ]
    out = []
    for a, b in combinations(singles, 2):
        if a.shape == b.shape and a.support == b.support:
            latex = rf"{member_latex(a)}, {member_latex(b)} \text{{ identically distributed}}"
            given = Identical((Member(a.name), Member(b.name)), source(latex))
            out.append(of("identical", latex, (a.name, b.name), given))
    return out


def _properties(claim: Claim) -> list[Candidate]:
    """Square matrices of which nothing is said: projections and orthogonal matrices."""
    names = {t.name for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Symbol)}
    out = []
    for name in sorted(names):
        info = claim.facts.symbols.get(name)
        if info is None or info.shape == SCALAR or info.shape[0] != info.shape[1] or info.role != "constant":
            continue
        if not mentioned(claim.facts, name):
            for word in ("idempotent", "orthogonal"):
                latex = rf"{member_latex(info)} \text{{ {word}}}"
                out.append(of("property", latex, (name,), Property(member_symbol(info), word, source(latex))))
    return out


def _zero_mean(info: SymbolInfo) -> Candidate:
    rows, _ = info.shape
    zero: Term = number(0) if info.shape == SCALAR else Constant(Fraction(0), info.shape)
    latex = rf"\mathbb{{E}}[{member_latex(info)}] = " + ("0" if rows == 1 else r"\mathbf{0}")
    return moment("mean", latex, (info.name,), Expectation(member_symbol(info)), zero)


def _symmetric(claim: Claim) -> list[Candidate]:
    facts = claim.facts
    declared = {g.term.name for g in facts.givens if isinstance(g, Property) and isinstance(g.term, Symbol)}
    out = []
    for name in sorted({t.name for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Symbol)}):
        info = facts.symbols.get(name)
        if info is None or info.shape == SCALAR or info.shape[0] != info.shape[1] or name in declared:
            continue
        latex = rf"{member_latex(info)} \text{{ symmetric}}"
        out.append(of("symmetric", latex, (name,), Property(member_symbol(info), "symmetric", source(latex))))
    return out


def _nonzero(claim: Claim) -> list[Candidate]:
    """Constants in the products of given equations: what is cancelled there must not be zero."""
    facts = claim.facts
    declared = {g.term.name for g in facts.givens if isinstance(g, Property) and isinstance(g.term, Symbol)}
    declared |= {
        s.name for g in facts.givens if isinstance(g, Comparison) for s in (g.left, g.right) if isinstance(s, Symbol)
    }
    equations = [g for g in facts.givens if isinstance(g, Equation) and g.kind != "definition"]
    products = [p for g in equations for side in (g.lhs, g.rhs) for p in walk(side) if isinstance(p, Mul)]
    factors = dict.fromkeys(
        f for p in products for f in p.args if isinstance(f, Symbol) and f.shape == SCALAR and not f.indices
    )
    out = []
    for symbol in factors:
        if facts.role(symbol.name) == "constant" and symbol.name not in declared:
            latex = rf"{symbol.name} \neq 0"
            out.append(of("nonzero", latex, (symbol.name,), Comparison(symbol, r"\neq", number(0), source(latex))))
    return out


def _regular(claim: Claim) -> list[Candidate]:
    """Constant matrices that given equations multiply by, or that have a pseudo-inverse: invertible, or of full rank."""
    facts = claim.facts
    declared = {g.term.name for g in facts.givens if isinstance(g, Property) and isinstance(g.term, Symbol)}
    equations = [g for g in facts.givens if isinstance(g, Equation) and g.kind != "definition"]
    sides = [side for g in equations for side in (g.lhs, g.rhs)]
    places = [p for side in sides for p in walk(side) if isinstance(p, Mul)]
    places += [p for side in (claim.lhs, claim.rhs) for p in walk(side) if isinstance(p, Inverse) and p.pseudo]
    names = dict.fromkeys(s.name for p in places for s in walk(p) if isinstance(s, Symbol) and not s.indices)
    out = []
    for info in (facts.symbols[n] for n in names if n not in declared and n in facts.symbols):
        if 1 in info.shape or facts.role(info.name) != "constant" or info.families:
            continue
        word = "invertible" if info.shape[0] == info.shape[1] else "full column rank"
        latex = rf"{member_latex(info)} \text{{ {word}}}"
        out.append(of("property", latex, (info.name,), Property(member_symbol(info), word, source(latex))))
    return out


def _identical(info: SymbolInfo) -> Candidate:
    latex = rf"{family_latex(info)} \text{{ identically distributed}}"
    return of("identical", latex, (info.name,), Identical((Member(info.name, each=True),), source(latex)))


def _conditional(claim: Claim, pairs: list[tuple[str, str]]) -> list[Candidate]:
    conditions = {
        g.name
        for side in (claim.lhs, claim.rhs)
        for t in walk(side)
        if isinstance(t, Expectation | Variance | Covariance)
        for g in t.given
        if isinstance(g, Symbol)
    }
    out = []
    for a, b in pairs:
        for c in sorted(conditions - {a, b}):
            infos = [claim.facts.symbols[n] for n in (a, b, c)]
            latex = rf"{member_latex(infos[0])} \perp {member_latex(infos[1])} \mid {member_latex(infos[2])}"
            given = ConditionallyIndependent((Member(a),), (Member(b),), (Member(c),), source(latex))
            out.append(of("conditional", latex, (a, b, c), given))
    return out


def _constant(claim: Claim, names: tuple[str, ...]) -> list[Candidate]:
    """Symbols that nobody declared random and that the claim also writes outside of every expectation.

    Beside random variables that are capitals or introduced, the first letters of the alphabet are taken for constants as well.
    """
    facts, out = claim.facts, []
    outside = _outside(claim.lhs) | _outside(claim.rhs)
    random = [n for n in _symbols(claim) if is_random_name(facts, n)]
    known = any((n.isalpha() and n.isupper()) or mentioned(facts, n) or _introduced(facts, n) for n in random)
    for name in names:
        info = facts.symbols[name]
        customary = known and info.shape[1] == 1 and not info.families and (bold_letter(name) or name) in PARAMETERS
        if (name in outside or customary) and info.origin != "declared" and not mentioned(facts, name):
            out.append(Candidate("constant", rf"{member_latex(info)} \text{{ constant}}", (name,), (), name))
    return out


def _introduced(facts: Facts, name: str) -> bool:
    return facts.symbols[name].origin == "declared"


def _symbols(claim: Claim) -> set[str]:
    return {t.name for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Symbol)}


def is_random_name(facts: Facts, name: str) -> bool:
    return facts.role(name) == "random"


def _outside(term: Term) -> set[str]:
    """Names of symbols that stand outside of expectations, variances and covariances."""
    if isinstance(term, Symbol):
        return {term.name}
    if isinstance(term, Expectation | Variance | Covariance):
        return set().union(*(_outside(g) for g in term.given))
    return set().union(*(_outside(c) for c in children(term)))
