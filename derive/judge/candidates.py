"""Assumptions that an author may have left unsaid, with the statement that would declare each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from derive.judge.buggy import is_random
from derive.language.facts import (
    Claim,
    ConditionallyIndependent,
    Distributed,
    Equation,
    Facts,
    Given,
    Identical,
    Independent,
    Member,
    Property,
    Source,
    SymbolInfo,
    Uncorrelated,
)
from derive.language.terms import (
    SCALAR,
    Constant,
    Covariance,
    Expectation,
    Identity,
    Index,
    Mul,
    Number,
    Pow,
    Symbol,
    Term,
    Variance,
    children,
    number,
    walk,
)

LETTERS = ("i", "j", "k", "l")
MEAN_LETTERS = ("\\mu", "\\theta", "\\bar", "m_")
SPREAD_LETTERS = ("\\sigma", "\\Sigma", "\\tau", "v", "s_", "\\gamma")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An unsaid assumption: the givens that say it, or the name of a symbol that would be constant.

    `kind`: 'uncorrelated', 'mean', 'symmetric', 'independent', 'named', 'identical', 'conditional', 'constant'.
    `about`: the names it speaks of.
    """

    kind: str
    latex: str
    about: tuple[str, ...]
    givens: tuple[Given, ...] = ()
    constant: str = ""


def assuming(claim: Claim, candidates: Iterable[Candidate]) -> Claim:
    """The claim under its facts and the candidates."""
    facts = claim.facts
    for candidate in candidates:
        facts = facts.with_(*candidate.givens)
        if candidate.constant:
            info = facts.symbols[candidate.constant]
            facts = Facts(facts.symbols | {candidate.constant: replace(info, role="constant")}, facts.givens)
    return Claim(claim.lhs, claim.rhs, facts, claim.distinct)


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


# ------------------------------------------------------------------ LaTeX


def member_latex(info: SymbolInfo, offset: int = 0) -> str:
    """The symbol, with an index for each family it belongs to."""
    stem = info.name.replace(r"_{\bullet}", "")
    return stem + (f"_{{{','.join(LETTERS[offset : offset + len(info.families)])}}}" if info.families else "")


def family_latex(info: SymbolInfo) -> str:
    r"""`x_1, \dots, x_n` where the range is known, `x_i` where not."""
    stem = info.name.replace(r"_{\bullet}", "")
    known = info.families[0] if len(info.families) == 1 else None
    if known is None:
        return member_latex(info)
    upper = str(known.upper.offset) if known.upper.base is None else known.upper.base
    if known.upper.base is not None and known.upper.offset:
        upper += f"{known.upper.offset:+d}"
    return (
        rf"{stem}_{{{known.lower.offset if known.lower.base is None else known.lower.base}}}, \dots, {stem}_{{{upper}}}"
    )


def member_symbol(info: SymbolInfo, offset: int = 0) -> Symbol:
    return Symbol(info.name, tuple(Index(x) for x in LETTERS[offset : offset + len(info.families)]), info.shape)


# ------------------------------------------------------------------ candidates


def candidates(claim: Claim, difference: Any) -> list[Candidate]:
    """Assumptions about what is left in the difference, weakest first; none about what the givens already settle."""
    facts, left = claim.facts, leftovers(difference)
    spoken = {frozenset(p) for p in _related(facts)}
    pairs = [p for p in left.pairs if frozenset(p) not in spoken]
    out: list[Candidate] = []
    for pair in pairs:
        out += _uncorrelated(facts, pair)
    out += [_zero_mean(facts.symbols[n]) for n in left.names if not _mean_known(facts, n)]
    out += _symmetric(claim)
    for pair in pairs:
        out += _independent(facts, pair)
    if len(left.names) > 2 and not facts.givens:
        out.append(_jointly_independent(facts, left.names))
    out += _named(claim, left)
    out += [_identical(facts.symbols[n]) for n in left.names if facts.symbols[n].families]
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
        return [_of("uncorrelated", latex, pair, Uncorrelated((Member(a.name, each=True),), _source(latex)))]
    latex = rf"{member_latex(a)}, {member_latex(b)} \text{{ uncorrelated}}"
    return [_of("uncorrelated", latex, pair, Uncorrelated((Member(a.name), Member(b.name)), _source(latex)))]


def _independent(facts: Facts, pair: tuple[str, str]) -> list[Candidate]:
    a, b = (facts.symbols[n] for n in pair)
    if a is b:
        if not a.families:
            return []
        latex = rf"{family_latex(a)} \text{{ independent}}"
        return [_of("independent", latex, pair, Independent(((Member(a.name, each=True),),), _source(latex)))]
    latex = rf"{family_latex(a) if a.families else member_latex(a)} \perp {_group(b)}"
    return [_of("independent", latex, pair, Independent(((Member(a.name),), (Member(b.name),)), _source(latex)))]


def _group(info: SymbolInfo) -> str:
    return f"({family_latex(info)})" if info.families else member_latex(info)


def _jointly_independent(facts: Facts, names: tuple[str, ...]) -> Candidate:
    infos = [facts.symbols[n] for n in names]
    latex = ", ".join(family_latex(i) if i.families else member_latex(i) for i in infos) + r" \text{ independent}"
    groups = tuple((Member(i.name, each=bool(i.families)),) for i in infos)
    return _of("independent", latex, names, Independent(groups, _source(latex)))


def _mean_known(facts: Facts, name: str) -> bool:
    for given in facts.givens:
        match given:
            case Distributed(Symbol(other)) if other == name:
                return True
            case Equation(Expectation(Symbol(other)), kind="moment") if other == name:
                return True
    return False


def _zero_mean(info: SymbolInfo) -> Candidate:
    rows, _ = info.shape
    zero: Term = number(0) if info.shape == SCALAR else Constant(Fraction(0), info.shape)
    latex = rf"\mathbb{{E}}[{member_latex(info)}] = " + ("0" if rows == 1 else r"\mathbf{0}")
    return _moment("mean", latex, (info.name,), Expectation(member_symbol(info)), zero)


def _moment(kind: str, latex: str, about: tuple[str, ...], lhs: Term, rhs: Term) -> Candidate:
    return _of(kind, latex, about, Equation(lhs, rhs, "moment", _source(latex)))


def _symmetric(claim: Claim) -> list[Candidate]:
    facts = claim.facts
    declared = {g.term.name for g in facts.givens if isinstance(g, Property) and isinstance(g.term, Symbol)}
    out = []
    for name in sorted({t.name for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Symbol)}):
        info = facts.symbols.get(name)
        if info is None or info.shape == SCALAR or info.shape[0] != info.shape[1] or name in declared:
            continue
        latex = rf"{member_latex(info)} \text{{ symmetric}}"
        out.append(_of("symmetric", latex, (name,), Property(member_symbol(info), "symmetric", _source(latex))))
    return out


def _identical(info: SymbolInfo) -> Candidate:
    latex = rf"{family_latex(info)} \text{{ identically distributed}}"
    return _of("identical", latex, (info.name,), Identical((Member(info.name, each=True),), _source(latex)))


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
            given = ConditionallyIndependent((Member(a),), (Member(b),), (Member(c),), _source(latex))
            out.append(_of("conditional", latex, (a, b, c), given))
    return out


def _constant(claim: Claim, names: tuple[str, ...]) -> list[Candidate]:
    """Symbols that nobody declared random and that the claim also writes outside of every expectation."""
    facts, out = claim.facts, []
    outside = _outside(claim.lhs) | _outside(claim.rhs)
    for name in names:
        info = facts.symbols[name]
        if name in outside and info.origin != "declared" and not _mentioned(facts, name):
            out.append(Candidate("constant", rf"{member_latex(info)} \text{{ constant}}", (name,), (), name))
    return out


def _outside(term: Term) -> set[str]:
    """Names of symbols that stand outside of expectations, variances and covariances."""
    if isinstance(term, Symbol):
        return {term.name}
    if isinstance(term, Expectation | Variance | Covariance):
        return set().union(*(_outside(g) for g in term.given))
    return set().union(*(_outside(c) for c in children(term)))


def _mentioned(facts: Facts, name: str) -> bool:
    """Whether a given speaks of the symbol."""
    return any(name in _names(given) for given in facts.givens)


def _names(item: Any) -> set[str]:
    """All symbol names inside a given, whatever its kind."""
    if isinstance(item, Symbol | Member):
        own = {item.name}
        return own | (_names(item.term) if isinstance(item, Member) and item.term is not None else set())
    if isinstance(item, tuple):
        return set().union(*(_names(i) for i in item))
    if hasattr(item, "__dataclass_fields__") and not isinstance(item, Source):
        return set().union(*(_names(getattr(item, f)) for f in item.__dataclass_fields__))
    return set()


# ------------------------------------------------------------------ unsaid names of moments


def _named(claim: Claim, left: Leftovers) -> list[Candidate]:
    """`E[X] = μ` and the like, for constants of the claim of which nothing is said."""
    facts = claim.facts
    sides = [{t for t in walk(s) if isinstance(t, Symbol) and not t.indices} for s in (claim.lhs, claim.rhs)]
    out: list[Candidate] = []
    for constant in sorted(sides[0] | sides[1], key=lambda t: t.name):
        if is_random(constant, facts) or facts.role(constant.name) != "constant" or _mentioned(facts, constant.name):
            continue
        twice = constant in sides[0] and constant in sides[1]
        for name in left.names:
            out += _moments_named(facts, name, constant, twice)
        for pair in left.pairs:
            out += _covariance_named(facts, pair, constant, twice)
    return out


def _moments_named(facts: Facts, name: str, constant: Symbol, twice: bool) -> Iterator[Candidate]:
    info = facts.symbols[name]
    symbol, x, c = member_symbol(info), member_latex(info), constant.name
    if constant.shape == info.shape and not _mean_known(facts, name) and _allowed(c, MEAN_LETTERS, twice):
        yield _moment("named", rf"\mathbb{{E}}[{x}] = {c}", (name,), Expectation(symbol), constant)
    if not _allowed(c, SPREAD_LETTERS, twice) or _spread_known(facts, name):
        return
    rows = info.shape[0]
    if info.shape == SCALAR == constant.shape:
        squared = Pow(constant, number(2))
        yield _moment("named", rf"\operatorname{{Var}}({x}) = {c}^2", (name,), Variance(symbol), squared)
        yield _moment("named", rf"\operatorname{{Var}}({x}) = {c}", (name,), Variance(symbol), constant)
        yield _moment("named", rf"\mathbb{{E}}[{x}^2] = {c}", (name,), Expectation(Pow(symbol, number(2))), constant)
    elif constant.shape == (rows, rows):
        yield _moment("named", rf"\operatorname{{Cov}}({x}) = {c}", (name,), Variance(symbol), constant)
    elif constant.shape == SCALAR:
        for power, latex in ((number(2), f"{c}^2"), (number(1), c)):
            scalar = Pow(constant, power) if power != number(1) else constant
            spread = Mul((scalar, Identity(rows)))
            yield _moment("named", rf"\operatorname{{Cov}}({x}) = {latex} I", (name,), Variance(symbol), spread)


def _covariance_named(facts: Facts, pair: tuple[str, str], constant: Symbol, twice: bool) -> Iterator[Candidate]:
    a, b = (facts.symbols[n] for n in pair)
    if a is b or twice or constant.shape != (a.shape[0], b.shape[0]):
        return
    latex = rf"\operatorname{{Cov}}({member_latex(a)}, {member_latex(b, len(a.families))}) = {constant.name}"
    both = Covariance(member_symbol(a), member_symbol(b, len(a.families)))
    yield _moment("named", latex, pair, both, constant)


def _allowed(name: str, letters: tuple[str, ...], twice: bool) -> bool:
    """A constant that stands on both sides is taken for a moment only when its letter is the customary one."""
    return not twice or any(letter in name for letter in letters)


def _spread_known(facts: Facts, name: str) -> bool:
    for given in facts.givens:
        match given:
            case Distributed(Symbol(other)) if other == name:
                return True
            case Equation(Variance(Symbol(other)), kind="moment") if other == name:
                return True
            case Equation(Expectation(Pow(Symbol(other), Number(value))), kind="moment") if (
                other == name and value == 2
            ):
                return True
    return False


def _source(latex: str) -> Source:
    return Source(latex, latex)


def _of(kind: str, latex: str, about: tuple[str, ...], *givens: Given) -> Candidate:
    return Candidate(kind, latex, tuple(dict.fromkeys(about)), givens)
