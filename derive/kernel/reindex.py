"""Sums that can be written over fewer indices: Σ_{s,t} g(|s − t|) depends on the lag alone."""

from __future__ import annotations

from derive.kernel.algebra import Span, build, fresh, multiply, opened, sum_over
from derive.kernel.mapping import map_poly, substitution
from derive.kernel.monomials import ZERO, Factor, Ix, Mono, Poly, Powers, indices_of


def by_lag(poly: Poly) -> Poly:
    """Σ_{s,t=1}^{T} g(|s − t|) = T g(0) + 2 Σ_{k=1}^{T−1} (T − k) g(k)."""
    if not any(f[0] == "x" or f[:2] == ("f", "abs") for powers, _ in poly.terms for f, _ in powers):
        return poly
    result = ZERO
    for mono, number in poly.terms.items():
        result = result + _monomial(mono).scale(number)
    return result


def _monomial(mono: Mono) -> Poly:
    powers, bounds = opened(mono)
    for k, (a, span) in enumerate(bounds):
        for b, other in bounds[:k]:
            if span == other and span[0] == ("", 1) and _only_lags(powers, a, b):
                rest = [x for x in bounds if x[0] not in (a, b)]
                return _closed(_written(powers, a, b, span), rest)
    return Poly({mono: 1})


def _closed(poly: Poly, bounds: list[tuple[str, Span]]) -> Poly:
    result = ZERO
    for mono, number in poly.terms.items():
        powers, inner = opened(mono)
        result = result + build(powers, [*bounds, *inner], number)
    return result


def _only_lags(powers: Powers, a: str, b: str) -> bool:
    """Whether both indices stand nowhere but together in |a − b|."""
    lags = {repr(_lag(a, b)), repr(_lag(b, a))}
    touched = [f for f, _ in powers if {i[0] for i in indices_of(f)} & {a, b}]
    return bool(touched) and all(_inside(f, a, b, lags) for f in touched)


def _inside(factor: Factor, a: str, b: str, lags: set[str]) -> bool:
    if repr(factor) in lags:
        return True
    if factor[0] != "x" or {i[0] for p in factor[1].terms for f, _ in p[0] for i in indices_of(f)} & {a, b}:
        return False
    inner = [f for powers, _ in factor[2].terms for f, _ in powers]
    return all(repr(f) in lags or not {i[0] for i in indices_of(f)} & {a, b} for f in inner)


def _lag(a: str, b: str) -> Factor:
    difference = build([(("v", (a, 0)), 1)], []) - build([(("v", (b, 0)), 1)], [])
    return ("f", "abs", 0, (difference,), ())


def _written(powers: Powers, a: str, b: str, span: Span) -> Poly:
    lag = fresh()
    size = build([(("v", span[1]), 1)], [])
    whole = build(powers, [])
    none = map_poly(whole, substitution({a: (b, 0)}))
    at: Ix = (lag, 0)
    # with b at 1 and a at k + 1 the lag is k
    shifted = map_poly(whole, substitution({b: ("", 1), a: (lag, 1)}))
    shifted = _positive_lag(shifted, at)
    weight = size - build([(("v", at), 1)], [])
    upper = (span[1][0], span[1][1] - 1)
    return multiply(size, none) + sum_over(multiply(weight, shifted), lag, (("", 1), upper)).scale(2)


def _positive_lag(poly: Poly, lag: Ix) -> Poly:
    """|k| = k for a lag that is summed over positive values."""
    from derive.kernel.mapping import map_values

    number = build([(("v", lag), 1)], [])
    return map_values(
        poly, lambda f: number if f[0] == "f" and f[1] == "abs" and f[3][0] in (number, -number) else None
    )
