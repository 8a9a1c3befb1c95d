"""Distributions, typed: the law of a symbol, or the two moments that it tells of something that is made of symbols."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.language import facts as ft
from derive.language import readings
from derive.language import terms as tm
from derive.language.laws import BY_MOMENTS, moments
from derive.language.stated import RawGiven
from derive.language.unreadable import Unreadable

if TYPE_CHECKING:
    from derive.language.givens import Maker


def by_moments(maker: Maker, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
    r"""The mean and variance of `Y \mid X \sim \mathcal{N}(X\beta, \Sigma)` or `W\varepsilon \sim \mathcal{N}(0, \Sigma)`."""
    parameters = tuple(maker.settle(p) for p in raw.parameters)
    given = tuple(maker.settle(g) for g in raw.given)
    names = readings.listed([readings.plain(maker.latex(g)) for g in given])
    family = raw.statement.word
    texts = [readings.plain(maker.latex(p)) for p in parameters]
    subjects = [maker.settle(m.term) for m in raw.members if m.last is None]
    listed = [maker.settle(m.term) for m in raw.members if m.last is not None]
    subjects += [every(s) if isinstance(s, tm.Symbol) else s for s in listed]
    vector = any(s.shape != tm.SCALAR for s in subjects)
    reading = readings.distributed(maker.subjects(raw), family, texts, vector)
    reading = f"given {names}, {reading}" if given else f"{reading}; its mean and variance are used"
    found = moments(family, parameters)
    if found is None or (vector and family not in ("Normal", "Moments")):
        what = "this conditional distribution" if given else "a distribution of something that is not a symbol"
        raise Unreadable(what if not given else f"{what} is not read", raw.statement.span)
    iid = "iid" in raw.statement.flags
    apart = iid or "independent" in raw.statement.flags
    if apart:
        reading += ", independent and identically distributed" if iid else ", independent"
    source = maker.source(raw, reading)
    members = tuple(maker.each_member(m) for m in raw.members)
    known = tuple(
        ft.Member(g.name, g.indices) if isinstance(g, tm.Symbol) else ft.Member("", (), False, g) for g in given
    )
    others: list[ft.Given] = []
    if apart and given:
        others.append(ft.IndependentGiven(tuple((m,) for m in members), known, source, iid))
    if iid and given:
        others.append(ft.Identical(members, source))

    return (
        "distribution",
        reading,
        (
            *others,
            *(
                equation
                for s in subjects
                for equation in (
                    ft.Equation(tm.Expectation(s, given), found[0], "moment", source),
                    ft.Equation(tm.Variance(s, given), found[1], "moment", source),
                )
            ),
        ),
    )


def distribution(maker: Maker, raw: RawGiven) -> tuple[str, str, tuple[ft.Given, ...]]:
    if raw.given or any(compound(maker.settle(m.term)) for m in raw.members):
        return by_moments(maker, raw)
    parameters = tuple(maker.settle(p) for p in raw.parameters)
    family = raw.statement.word
    givens: list[ft.Given] = []
    vector = any(maker.settle(m.term).shape != tm.SCALAR for m in raw.members)
    texts = [readings.plain(maker.latex(p)) for p in parameters]
    reading = readings.distributed(maker.subjects(raw), family, texts, vector)
    iid = "iid" in raw.statement.flags
    if iid or "independent" in raw.statement.flags:
        reading += ", independent and identically distributed" if iid else ", independent"
    elif all(_implied(maker, maker.settle(m.term), family, parameters) for m in raw.members):
        return ("distribution", f"{reading}, as the law of the vector says", ())
    source = maker.source(raw, reading)
    members = [maker.each_member(m) for m in raw.members]
    for member, m in zip(members, raw.members, strict=False):
        term = maker.settle(m.term)
        symbol = term if isinstance(term, tm.Symbol) else maker.scattered(term) if member.name else None
        symbol = every(symbol) if symbol is not None and member.each else symbol
        if symbol is None:
            raise Unreadable("a distribution of something that is not a symbol", raw.statement.span)
        givens.append(ft.Distributed(symbol, family, parameters, source))
        givens += moments_of_law(symbol, family, parameters, source)
    if iid or "independent" in raw.statement.flags:
        givens.append(ft.Independent(tuple((m,) for m in members), source))
    if iid:
        givens.append(ft.Identical(tuple(members), source))
    return ("distribution", reading, tuple(givens))


def _implied(maker: Maker, entry: tm.Term, family: str, parameters: tuple[tm.Term, ...]) -> bool:
    r"""Whether `z_i \sim N(0, 1)` only repeats `z \sim N(0, I)`: then nothing more is said of the components."""
    match entry, family, parameters:
        case tm.Entry(tm.Symbol(name)), "Normal", (tm.Number(mean), variance):
            return any(_is_spherical(law, mean, variance) for law in maker.laws.get(name, ()))
    return False


def _is_spherical(law: tuple[tm.Term, ...], mean: Fraction, variance: tm.Term) -> bool:
    match law:
        case (tm.Constant(value), tm.Identity()):
            return value == mean and variance == tm.number(1)
        case (tm.Constant(value), tm.Mul((factor, tm.Identity()))):
            return value == mean and variance == factor
    return False


def moments_of_law(
    symbol: tm.Symbol, family: str, parameters: tuple[tm.Term, ...], source: ft.Source
) -> list[ft.Equation]:
    """Mean and covariance of the laws of which nothing else is used."""
    match family, parameters:
        case "Wishart", (degrees, scale):
            return [ft.Equation(tm.Expectation(symbol), tm.Mul((degrees, scale)), "moment", source)]
        case "Dirichlet", (alpha,) if alpha.shape[1] == 1 and alpha.shape != tm.SCALAR:
            total = tm.Mul((tm.Transpose(tm.Constant(Fraction(1), alpha.shape)), alpha))
            share = tm.Mul((tm.Pow(total, tm.number(-1)), alpha))
            spread = tm.Add((tm.Diagonal(share), negated(tm.Mul((share, tm.Transpose(share))))))
            more = tm.Pow(tm.Add((total, tm.number(1))), tm.number(-1))
            return [
                ft.Equation(tm.Expectation(symbol), share, "moment", source),
                ft.Equation(tm.Variance(symbol), tm.Mul((more, spread)), "moment", source),
            ]
    known = moments(family, parameters) if family in BY_MOMENTS and symbol.shape == tm.SCALAR else None
    if known is not None:
        sides = ((tm.Expectation(symbol), known[0]), (tm.Variance(symbol), known[1]))
        return [ft.Equation(left, right, "moment", source) for left, right in sides]
    return []


def every(symbol: tm.Symbol) -> tm.Symbol:
    """The general member of a family of which the first is written: `x_i` for `x_1`."""
    indices = tuple(k if k.base is not None else tm.Index(x) for k, x in zip(symbol.indices, "ijkl", strict=False))
    return tm.Symbol(symbol.name, indices, symbol.shape)


def compound(term: tm.Term) -> bool:
    """Whether a subject is made of symbols and no member of an array."""
    return not isinstance(term, (tm.Symbol, tm.Entry, tm.Line, tm.Function, tm.Transpose))


def negated(term: tm.Term) -> tm.Term:
    """Minus the term, without a double minus."""
    match term:
        case tm.Number(value):
            return tm.Number(-value)
        case tm.Mul((tm.Number(value), *rest)) if value == -1:
            return tm.Mul(tuple(rest)) if len(rest) > 1 else rest[0]
    return tm.Mul((tm.number(-1), *(term.args if isinstance(term, tm.Mul) else (term,))))
