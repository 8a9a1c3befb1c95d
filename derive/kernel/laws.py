"""Moments by the law of a variable: its distribution, mean and covariance, Isserlis' pairings, laws with random parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from derive.kernel.algebra import build, delta, factor_poly, multiply
from derive.kernel.distributions import MOMENTS
from derive.kernel.monomials import ONE, Condition, Factor, Ix, Poly, Powers, variables
from derive.language.terms import SCALAR, Symbol, walk

if TYPE_CHECKING:
    from derive.kernel.moments import Moments


def by_random_law(moments: Moments, contents: Powers, given: Condition) -> Poly | None:
    """X ~ N(M, 1) with a random M is the law of X given M: E[X g(M)] = E[E[X | M] g(M)]."""
    for factor, _ in contents:
        law = moments.context.law(factor) if factor[0] == "r" else None
        if law is None or law.symbol.shape != (1, 1):
            continue
        condition = _above(moments, law, factor)
        if not condition or not all(p in condition for p in given):
            continue
        own = tuple((f, e) for f, e in contents if f[1:3] == factor[1:3])
        rest = [(f, e) for f, e in contents if f[1:3] != factor[1:3]]
        value = _of_law(moments, own, law) if all(measurable(f, condition) for f, _ in rest) else None
        if value is None:
            continue
        if given != condition:
            moments.context.rule("tower")
        return moments.expect(moments.translator.reduced(multiply(value, build(rest, []))), given)
    return None


def _above(moments: Moments, law: Any, factor: Factor) -> Condition:
    """The random variables that the parameters of a member's law are made of."""
    parameters = (parameter(moments, law, k, factor, ()) for k in range(len(law.parameters)))
    found = {v for p in parameters for v in p.variables}
    return tuple(sorted((factor_poly(("r", *v)) for v in found), key=repr))


def _has_random_law(moments: Moments, law: Any) -> bool:
    names = {t.name for p in law.parameters for t in walk(p) if isinstance(t, Symbol)}
    names |= {n for name in names for n in moments.context.made(name)}
    return any(moments.context.facts.role(n) == "random" for n in names)


def by_distribution(moments: Moments, contents: Powers) -> Poly | None:
    names = {f[1] for f, _ in contents if f[0] == "r"}
    if len(names) != 1 or any(f[0] != "r" for f, _ in contents):
        return None
    law = moments.context.law(contents[0][0])
    if law is None or any(moments.context.law(f) is not law for f, _ in contents) or _has_random_law(moments, law):
        return None
    return _of_law(moments, contents, law)


def _of_law(moments: Moments, contents: Powers, law: Any) -> Poly | None:
    """The moment of one variable, or of the components of one, by its law."""
    if any(not isinstance(e, int) or e < 0 for _, e in contents):
        return None
    if law.family in ("Normal", "Moments", "MatrixNormal", "Multinomial"):
        return _by_covariance(moments, contents, law)
    if law.family == "Categorical":
        if len(contents) == 1 and contents[0][1] == 1 and is_one_hot(law):
            moments.context.use(law, "mean")
            return parameter(moments, law, 0, contents[0][0], (contents[0][0][2][-1],))
        return None
    if len(contents) != 1 or law.family not in MOMENTS:
        return None
    factor, order = contents[0]
    moments.context.use(law, _rule_of(law.family, order))
    parameters = tuple(parameter(moments, law, k, factor, ()) for k in range(len(law.parameters)))
    return MOMENTS[law.family](order, parameters)


def parameter(moments: Moments, law: Any, number: int, factor: Factor, places: tuple[Ix, ...]) -> Poly:
    """Component of a parameter of a distribution, at the member that the factor is."""
    own = [(i.base or "", i.offset) for i in law.symbol.indices]
    env = {want[0]: (have[0], have[1] - want[1]) for want, have in zip(own, factor[2], strict=False) if want[0]}
    term = law.parameters[number]
    first: Ix = ("", 1)
    row, column = (*places, first, first)[:2]
    if term.shape == (1, 1) and places and law.symbol.shape != (1, 1):
        return moments.translator.component(term, first, first, env)
    return moments.translator.component(term, row, column, env)


def _by_covariance(moments: Moments, contents: Powers, law: Any) -> Poly | None:
    """Mean and covariance; for normal variables any order, by summing over pairings (Isserlis)."""
    factors = [f for f, e in contents for _ in range(e)]
    members = {f[2][: _own(moments, law, f)] for f in factors}
    if len(members) != 1 or len(factors) > 10:
        return None
    if len(factors) > 2 and law.family in ("Moments", "Multinomial"):
        return None
    if len(factors) > 1 and law.family == "Moments" and len(law.parameters) < 2:
        return None
    if law.family in ("Multinomial", "MatrixNormal") and law.symbol.shape == SCALAR:
        return None  # a law of vectors, or of matrices, said of a number
    moments.context.use(law, {1: "mean", 2: "second-moment"}.get(len(factors), "normal-moments"))
    return _pairings(moments, factors, law)


def _own(moments: Moments, law: Any, factor: Factor) -> int:
    """How many of the slots are family indices."""
    shape = law.symbol.shape
    return len(factor[2]) - (0 if shape == (1, 1) else 1 if 1 in shape else 2)


def _pairings(moments: Moments, factors: list[Factor], law: Any) -> Poly:
    if not factors:
        return ONE
    first, *rest = factors
    result = multiply(_mean(moments, first, law), _pairings(moments, rest, law))
    for k, other in enumerate(rest):
        result = result + multiply(_cov(moments, first, other, law), _pairings(moments, rest[:k] + rest[k + 1 :], law))
    return result


def _mean(moments: Moments, factor: Factor, law: Any) -> Poly:
    places = factor[2][_own(moments, law, factor) :]
    if law.family == "Multinomial":
        return multiply(parameter(moments, law, 0, factor, ()), parameter(moments, law, 1, factor, places))
    return parameter(moments, law, 0, factor, places)


def _cov(moments: Moments, a: Factor, b: Factor, law: Any) -> Poly:
    own = _own(moments, law, a)
    if law.family == "MatrixNormal":
        rows = parameter(moments, law, 1, a, (a[2][own], b[2][own]))
        return multiply(rows, parameter(moments, law, 2, a, (a[2][own + 1], b[2][own + 1])))
    if law.family == "Multinomial":
        trials = parameter(moments, law, 0, a, ())
        p = parameter(moments, law, 1, a, (a[2][own],))
        q = parameter(moments, law, 1, a, (b[2][own],))
        return multiply(trials, multiply(delta(a[2][own], b[2][own]), p) - multiply(p, q))
    if law.symbol.shape == (1, 1):
        return parameter(moments, law, 1, a, ())
    places = (a[2][own], b[2][own])
    covariance = law.parameters[1]
    if covariance.shape == (1, 1):  # N(0, σ²) said of a vector: σ² I
        return multiply(parameter(moments, law, 1, a, ()), delta(*places))
    return parameter(moments, law, 1, a, places)


def measurable(factor: Factor, given: Condition) -> bool:
    """Whether a factor is a function of what is conditioned on."""
    if not given:
        return False
    alone = build([(factor, 1)], [])
    if any(alone == p for p in given):
        return True
    if factor[0] == "m" and factor[2] and all(p in given for p in factor[2]):
        return True  # E[Y | X + Y] is a function of X + Y
    known = [v for p in given for v in _plain(p)]
    return all(any(_covers(k, v) for k in known) for v in variables(factor))


def _plain(poly: Poly) -> Iterator[tuple[str, tuple[Ix, ...]]]:
    """The variable that a condition is, when it is one symbol by itself."""
    if len(poly.terms) == 1:
        (mono, _), *_ = poly.terms.items()
        powers, ranges = mono
        if len(powers) == 1 and not ranges and powers[0][0][0] == "r" and powers[0][1] == 1:
            yield powers[0][0][1], powers[0][0][2]


def _covers(known: tuple[str, tuple[Ix, ...]], variable: tuple[str, tuple[Ix, ...]]) -> bool:
    return (
        known[0] == variable[0]
        and len(known[1]) == len(variable[1])
        and all(k == v or k[0] == "*" for k, v in zip(known[1], variable[1], strict=True))
    )


def is_one_hot(law: Any) -> bool:
    """Whether a categorical variable is the vector of its indicators; of a scalar one, a label, no moments are known."""
    return bool(law.family == "Categorical" and law.symbol.shape != (1, 1))


def _rule_of(family: str, order: int) -> str:
    if family == "Bernoulli":
        return "bernoulli-moments"
    if family == "Normal" and order > 2:
        return "normal-moments"
    return {1: "mean", 2: "second-moment"}.get(order, "distribution-moments")
