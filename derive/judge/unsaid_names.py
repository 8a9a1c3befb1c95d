"""Names that were never introduced: `μ` for a mean, `Σ` for a covariance, `X` or `\\bar{x}` for an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

from derive.judge.assumptions import (
    Candidate,
    mean_known,
    member_latex,
    member_symbol,
    mentioned,
    moment,
    of,
    source,
    spread_known,
)
from derive.judge.normal import holds
from derive.judge.randomly import is_random
from derive.language.facts import Claim, Equation, Facts, SymbolInfo
from derive.language.latex import latex
from derive.language.terms import (
    SCALAR,
    Add,
    Correlation,
    Covariance,
    Expectation,
    Function,
    Identity,
    Index,
    IndexValue,
    Mul,
    Number,
    Pow,
    Sum,
    Symbol,
    Term,
    Variance,
    children,
    number,
    walk,
)
from derive.rules.compare import same
from derive.rules.construct import times
from derive.rules.traverse import free_indices, own_indices

MEAN_LETTERS = ("\\mu", "\\theta", "\\bar", "m_")
SPREAD_LETTERS = ("\\sigma", "\\Sigma", "\\tau", "v", "s_", "\\gamma")
ACCENTED = re.compile(r"\\(?:hat|tilde|widehat|widetilde)\{")
DECORATED = re.compile(r"\\(?:hat|tilde|widehat|widetilde)\{(.+)\}")
WORD = re.compile(r"\\(?:mathrm|text|operatorname|mathit|textrm)\{[A-Za-z]{2,}\}")
BARS = ("\\bar{", "\\overline{")


def noised(facts: Facts, names: tuple[str, ...]) -> list[Candidate]:
    r"""`\tilde{x} = x + n`, where nothing is said of the decorated letter and the plain one and another stand beside it."""
    out = []
    for name in names:
        plain = DECORATED.fullmatch(name)
        if plain is None or plain[1] not in names or mentioned(facts, name):
            continue
        made, base = (Symbol(n, (), facts.symbols[n].shape) for n in (name, plain[1]))
        for other in names:
            info = facts.symbols[other]
            if other in (name, base.name) or info.shape != made.shape or made.shape != base.shape or info.families:
                continue
            noise = Symbol(other, (), info.shape)
            for sign, side in (("+", Add((base, noise))), ("-", Add((base, Mul((number(-1), noise)))))):
                latex = f"{name} = {base.name} {sign} {other}"
                given = Equation(made, side, "definition", source(latex))
                out.append(of("definition", latex, (name,), given))
    return out


def never_introduced(claim: Claim) -> list[str]:
    r"""Words that stand for a quantity, `\mathrm{RSS}`, of which nothing is said: no model can say what they are."""
    used = {t.name for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Symbol)}
    used |= {t.name for side in (claim.lhs, claim.rhs) for t in _of_the_outcome(side) if _of_random(t, claim)}
    return sorted(n for n in used if WORD.fullmatch(n) and not mentioned(claim.facts, n))


def _of_the_outcome(term: Term) -> Iterator[Function]:
    """Functions outside of all means: of a random argument they would be random."""
    if isinstance(term, Function):
        yield term
    if not isinstance(term, (Expectation, Variance, Covariance, Correlation)):
        for part in children(term):
            yield from _of_the_outcome(part)


def _of_random(term: Function, claim: Claim) -> bool:
    return any(isinstance(p, Symbol) and claim.facts.role(p.name) == "random" for p in walk(term))


def unsaid_pairs(claim: Claim) -> tuple[str, ...]:
    """`i \\neq j`, where the step says nothing of two letters that a given keeps apart, and follows when they differ."""
    free = {i for side in (claim.lhs, claim.rhs) for i in free_indices(side)}
    pairs = [
        pair
        for given in claim.facts.givens
        if isinstance(given, Equation)
        for pair in given.distinct
        if {i.base for i in pair} <= free and pair not in claim.distinct
    ]
    for pair in dict.fromkeys(pairs):
        if holds(replace(claim, distinct=(*claim.distinct, pair))):
            return (rf"{pair[0].base} \neq {pair[1].base}",)
    return ()


def unsaid_means(claim: Claim) -> Iterator[Candidate]:
    """What a bar over the letter of a family means, where nothing says it."""
    used = {t.name for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Symbol)}
    used |= {
        t.name for g in claim.facts.givens if isinstance(g, Equation) for t in walk(g.rhs) if isinstance(t, Symbol)
    }
    yield from (c for c in _totals(claim) if c.about[0] in used and c.about[0].startswith(BARS))


def unsaid_names(claim: Claim, names: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> Iterator[Candidate]:
    """Equations that would introduce a name; `names` and `pairs` are what the difference speaks of."""
    yield from _constants(claim, names, pairs)
    yield from _functions(claim)
    yield from _differing(claim)
    yield from _totals(claim)


# ------------------------------------------------------------------ constants for moments


def _constants(claim: Claim, names: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> Iterator[Candidate]:
    facts = claim.facts
    sides = [{t for t in walk(s) if isinstance(t, Symbol) and not t.indices} for s in (claim.lhs, claim.rhs)]
    for constant in sorted(sides[0] | sides[1], key=lambda t: t.name):
        if is_random(constant, facts):
            yield from _taken_for_random(facts, names, constant)
            continue
        if facts.role(constant.name) != "constant":
            continue
        doubtful = (constant in sides[0] and constant in sides[1]) or mentioned(facts, constant.name)
        for name in names:
            yield from _means(facts, name, constant, doubtful)
            yield from _spreads(facts, name, constant, doubtful)
        for pair in pairs:
            yield from _covariances(facts, pair, constant, doubtful)


def _taken_for_random(facts: Facts, names: tuple[str, ...], symbol: Symbol) -> Iterator[Candidate]:
    """A `μ` that stands only under expectations is taken for random; as the mean of something it is a constant."""
    if facts.symbols[symbol.name].origin == "declared" or mentioned(facts, symbol.name):
        return
    for name in names:
        if name != symbol.name:
            for candidate in _means(facts, name, symbol, True):
                yield replace(candidate, constant=symbol.name)


def _customary(constant: Symbol, letters: tuple[str, ...], doubtful: bool) -> bool:
    """A constant that stands on both sides, or of which something is said, needs the customary letter."""
    return not doubtful or any(letter in constant.name for letter in letters)


def _means(facts: Facts, name: str, constant: Symbol, doubtful: bool) -> Iterator[Candidate]:
    info = facts.symbols[name]
    if constant.shape == info.shape and not mean_known(facts, name) and _customary(constant, MEAN_LETTERS, doubtful):
        said = rf"\mathbb{{E}}[{member_latex(info)}] = {constant.name}"
        yield moment("named", said, (name,), Expectation(member_symbol(info)), constant)


def _spreads(facts: Facts, name: str, constant: Symbol, doubtful: bool) -> Iterator[Candidate]:
    info = facts.symbols[name]
    if spread_known(facts, name) or not _customary(constant, SPREAD_LETTERS, doubtful):
        return
    symbol, x, c, rows = member_symbol(info), member_latex(info), constant.name, info.shape[0]
    square = Pow(constant, number(2))
    if info.shape == SCALAR == constant.shape:
        yield moment("named", rf"\operatorname{{Var}}({x}) = {c}^2", (name,), Variance(symbol), square)
        yield moment("named", rf"\operatorname{{Var}}({x}) = {c}", (name,), Variance(symbol), constant)
        yield moment("named", rf"\mathbb{{E}}[{x}^2] = {c}", (name,), Expectation(Pow(symbol, number(2))), constant)
    elif constant.shape == (rows, rows) and constant.shape != SCALAR:
        yield moment("named", rf"\operatorname{{Cov}}({x}) = {c}", (name,), Variance(symbol), constant)
    elif constant.shape == SCALAR and info.shape[1] == 1:
        for scalar, text in ((square, f"{c}^2"), (constant, c)):
            spread = Mul((scalar, Identity(rows)))
            yield moment("named", rf"\operatorname{{Cov}}({x}) = {text} I", (name,), Variance(symbol), spread)


def _covariances(facts: Facts, pair: tuple[str, str], constant: Symbol, doubtful: bool) -> Iterator[Candidate]:
    if pair[0] == pair[1]:
        return
    for names in permutations(pair):
        a, b = (facts.symbols[n] for n in names)
        if constant.shape != (a.shape[0], b.shape[0]) or a.shape[1] != 1 or b.shape[1] != 1:
            continue
        one, other = member_symbol(a), member_symbol(b, len(a.families))
        inside = f"({member_latex(a)}, {member_latex(b, len(a.families))}) = {constant.name}"
        if "\\rho" in constant.name:
            yield moment("named", r"\operatorname{Corr}" + inside, names, Correlation(one, other), constant)
        elif _customary(constant, SPREAD_LETTERS, doubtful):
            yield moment("named", r"\operatorname{Cov}" + inside, names, Covariance(one, other), constant)
        if constant.shape == SCALAR:
            return


# ------------------------------------------------------------------ functions for moments


def _functions(claim: Claim) -> Iterator[Candidate]:
    """`Σ(X)` for the covariance of X, `μ(X)` for its mean, where nothing defines them."""
    found = {t for side in (claim.lhs, claim.rhs) for t in walk(side) if isinstance(t, Function) and not t.indices}
    for term in sorted(found, key=repr):
        symbols = [a for a in term.args if isinstance(a, Symbol) and is_random(a, claim.facts)]
        if len(symbols) != len(term.args) or _defined(claim.facts, term.name):
            continue
        meaning: Term | None = None
        if any(letter in term.name for letter in SPREAD_LETTERS[:2]):
            meaning = Variance(symbols[0]) if len(symbols) == 1 else Covariance(*symbols) if len(symbols) == 2 else None
        elif any(letter in term.name for letter in MEAN_LETTERS[:1]) and len(symbols) == 1:
            meaning = Expectation(symbols[0])
        if meaning is not None and meaning.shape == term.shape:
            yield definition(term, meaning)


def _defined(facts: Facts, name: str) -> bool:
    """Whether a symbol or function has a definition."""
    return any(
        isinstance(g, Equation)
        and g.kind == "definition"
        and any(isinstance(t, Symbol | Function) and t.name == name for t in walk(g.lhs))
        for g in facts.givens
    )


def definition(lhs: Term, rhs: Term) -> Candidate:
    """`lhs = rhs`, where the left side is a symbol, its square or an application."""
    text = f"{latex(lhs)} = {latex(rhs)}"
    name = next(t.name for t in walk(lhs) if isinstance(t, Symbol | Function))
    return of("definition", text, (name,), Equation(lhs, rhs, "definition", source(text)))


# ------------------------------------------------------------------ symbols for expressions


def _differing(claim: Claim) -> Iterator[Candidate]:
    """The sides are alike but for one random symbol, where the other has an expression: the symbol may stand for it."""
    pairs = list(dict.fromkeys(_mismatches(claim.lhs, claim.rhs)))
    if len(pairs) != 1 or pairs[0] == (claim.lhs, claim.rhs):
        return
    for symbol, expression in permutations(pairs[0]):
        if not isinstance(symbol, Symbol) or isinstance(expression, Symbol | Number):
            continue
        random = is_random(symbol, claim.facts) and is_random(expression, claim.facts)
        random = random or (ACCENTED.match(symbol.name) is not None and not mentioned(claim.facts, symbol.name))
        inside = any(isinstance(t, Symbol) and t.name == symbol.name for t in walk(expression))
        if random and not inside and symbol.shape == expression.shape and not _defined(claim.facts, symbol.name):
            yield definition(symbol, expression)


def _mismatches(one: Term, other: Term) -> Iterator[tuple[Term, Term]]:
    """The smallest pairs of subterms in which two terms differ."""
    if same(one, other):
        return
    mine, others = children(one), children(other)
    alike = type(one) is type(other) and len(mine) == len(others) and own_indices(one) == own_indices(other)
    if not alike or not mine or getattr(one, "name", None) != getattr(other, "name", None):
        yield one, other
        return
    for a, b in zip(mine, others, strict=True):
        yield from _mismatches(a, b)


def _totals(claim: Claim) -> Iterator[Candidate]:
    """`X = X_1 + … + X_n` and `\\bar{X} = 1/n Σ X_i`, for a letter without definition whose family stands beside it."""
    symbols = claim.facts.symbols
    for info in symbols.values():
        bar = next((b for b in BARS if info.name.startswith(b) and info.name.endswith("}")), None)
        free = info.role == "random" or (bar and info.role == "constant" and info.origin != "declared")
        if info.families or not free or _defined(claim.facts, info.name):
            continue
        letter = info.name[len(bar) : -1] if bar else info.name
        family = symbols.get(letter + r"_{\bullet}") or (symbols.get(letter) if bar else None)
        if family is not None and _countable(family) and family.shape == info.shape:
            yield definition(Symbol(info.name, (), info.shape), sum_of(family, mean=bar is not None))


def _countable(family: SymbolInfo) -> bool:
    return len(family.families) == 1 and family.families[0] is not None


def sum_of(family: SymbolInfo, mean: bool) -> Term:
    """The sum of all members, or their mean."""
    span = family.families[0]
    assert span is not None
    total = Sum("i", span, Symbol(family.name, (Index("i"),), family.shape))
    upper = span.upper
    size: Term = Number(Fraction(upper.offset)) if upper.base is None else IndexValue(upper)
    return times(Pow(size, number(-1)), total) if mean else total
