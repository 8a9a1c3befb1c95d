r"""Statistics by their customary names, where nothing says what they are: `\bar{x}`, `s_x^2`, `S_{xy}`, `\hat{\beta}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.judge.assumptions import Candidate, names_in, of, source
from derive.judge.unsaid_names import definition, sum_of, unsaid_means
from derive.language.facts import Claim, Distributed, Equation, SymbolInfo
from derive.language.latex import latex
from derive.language.terms import (
    SCALAR,
    Add,
    Covariance,
    Expectation,
    Index,
    IndexValue,
    Indicator,
    Inverse,
    Mul,
    Number,
    Pow,
    Sum,
    Symbol,
    Term,
    Transpose,
    Variance,
    number,
    walk,
)
from derive.rules.construct import times

MINUS = number(-1)
SPREAD = re.compile(r"(?:[sS]|\\hat\{\\sigma\})(?:_\{?(?P<one>\\?[A-Za-z]+)\}?)?")
PRODUCTS = re.compile(r"(?P<sum>[sS])_\{(?P<one>[A-Za-z])(?P<two>[A-Za-z])\}")
HAT = re.compile(r"\\(?:wide)?hat\{(?P<one>.+)\}")
MOMENTS = (Expectation, Variance, Covariance)


def unsaid_statistics(claim: Claim) -> Iterator[list[Candidate]]:
    """Sets of customary definitions of the names in the claim of which nothing is said, the likelier first."""
    definitions = [g.rhs for g in claim.facts.givens if isinstance(g, Equation) and g.kind == "definition"]
    names = {t.name for side in (claim.lhs, claim.rhs, *definitions) for t in walk(side) if isinstance(t, Symbol)}
    said = {n for g in claim.facts.givens for n in names_in(g.lhs if isinstance(g, Equation) else g)}
    strange = sorted((names - said) & set(claim.facts.symbols))  # values that a sum runs over are in no table
    means = list(unsaid_means(claim))
    for unbiased in (True, False):
        found = [c for n in strange for c in _meanings(claim, n, unbiased)]
        if found:
            yield [*means, *found]
    if len(means) > 1:
        yield means


def _meanings(claim: Claim, name: str, unbiased: bool) -> Iterator[Candidate]:
    info = claim.facts.symbols[name]
    families = _families(claim)
    symbol = Symbol(name, (), info.shape)
    if info.families:
        return
    if info.shape == SCALAR and (hit := SPREAD.fullmatch(name)):
        one = _found(families, hit["one"]) if hit["one"] else next(iter(families.values()), None)
        if one is not None and (hit["one"] or len(families) == 1):
            yield definition(Pow(symbol, number(2)), _products(one, one, divisor(one, unbiased)))
    if info.shape == SCALAR and (hit := PRODUCTS.fullmatch(name)):
        one, two = (_found(families, hit[k]) for k in ("one", "two"))
        if one is not None and two is not None and one.families == two.families:
            whole = number(1) if hit["sum"] == "S" else divisor(one, unbiased)
            yield definition(symbol, _products(one, two, whole))
    if hit := HAT.fullmatch(name):
        yield from _least_squares(claim, symbol, hit["one"])


def _families(claim: Claim) -> dict[str, SymbolInfo]:
    """The lists of numbers `x_1, …, x_n` by their letters."""
    return {
        n.replace(r"_{\bullet}", ""): i
        for n, i in claim.facts.symbols.items()
        if len(i.families) == 1 and i.families[0] is not None and i.shape == SCALAR
    }


def _found(families: dict[str, SymbolInfo], letter: str) -> SymbolInfo | None:
    """`S_{xx}` is also written of X_1, …, X_n."""
    return families.get(letter) or families.get(letter.upper())


def divisor(family: SymbolInfo, unbiased: bool) -> Term:
    """n − 1, or n."""
    span = family.families[0]
    assert span is not None
    size: Term = number(span.upper.offset) if span.upper.base is None else IndexValue(span.upper)
    return Add((size, MINUS)) if unbiased else size


def _products(one: SymbolInfo, two: SymbolInfo, divided_by: Term) -> Term:
    """Σ (x_i − x̄)(y_i − ȳ), divided by something."""
    span = one.families[0]
    assert span is not None
    factors = [Add((Symbol(f.name, (Index("i"),), f.shape), times(MINUS, sum_of(f, mean=True)))) for f in (one, two)]
    inner = Pow(factors[0], number(2)) if one == two else Mul(tuple(factors))
    total = Sum("i", span, inner)
    return total if divided_by == number(1) else times(Pow(divided_by, MINUS), total)


def _least_squares(claim: Claim, estimate: Symbol, plain: str) -> Iterator[Candidate]:
    r"""`\hat\beta = (X^\top X)^{-1} X^\top y` beside `y = X\beta + \varepsilon`."""
    for given in claim.facts.givens:
        match given:
            case Equation(Symbol() as y, Add(parts), "definition"):
                for part in parts:
                    match part:
                        case Mul((Symbol() as x, Symbol(name) as beta)) if (
                            name == plain and beta.shape == estimate.shape
                        ):
                            inverse = Inverse(Mul((Transpose(x), x)))
                            yield definition(estimate, Mul((inverse, Transpose(x), y)))


# ------------------------------------------------------------------ statements about what nothing is known of


def fact_of_its_own(claim: Claim) -> Candidate | None:
    """`P(X = 1) = 1/n`, `\\mathbb{E}[T] = a`, where nothing is said of the law of X or T: a given rather than a conclusion."""
    for moment, value in ((claim.lhs, claim.rhs), (claim.rhs, claim.lhs)):
        if not isinstance(moment, MOMENTS) or moment.given or any(isinstance(t, MOMENTS) for t in walk(value)):
            continue
        about = {t.name for t in walk(moment) if isinstance(t, Symbol) and claim.facts.role(t.name) == "random"}
        others = {t.name for t in walk(value) if isinstance(t, Symbol)}
        if not about or any(claim.facts.role(n) == "random" for n in others) or _spoken_of(claim, about):
            continue
        if not _possible(claim, moment, value, about):
            continue
        text = f"{latex(moment)} = {latex(value)}"
        return of("fact", text, tuple(sorted(about)), Equation(moment, value, "moment", source(text)))
    return None


def _spoken_of(claim: Claim, names: set[str]) -> bool:
    """Whether a law, a moment or a definition is given of one of the names."""
    return any(isinstance(g, Distributed | Equation) and names & names_in(g) for g in claim.facts.givens)


def _possible(claim: Claim, moment: Term, value: Term, about: set[str]) -> bool:
    """Whether a number may be this moment: probabilities and means of 0/1 variables lie between 0 and 1."""
    if not isinstance(value, Number):
        return True
    if isinstance(moment, Variance):
        return value.value >= 0
    chance = isinstance(moment, Expectation) and all(
        isinstance(t, Indicator) or all(claim.facts.symbols[n].support == "binary" for n in about)
        for t in (moment.arg.args if isinstance(moment.arg, Mul) else (moment.arg,))
    )
    even = isinstance(moment, Expectation) and isinstance(moment.arg, Pow) and moment.arg.exponent == number(2)
    return 0 <= value.value <= 1 if chance else value.value >= 0 or not even
