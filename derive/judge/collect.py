"""Gathering monomials for people: covariances put together again, polynomials in sizes as one coefficient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from derive.kernel.algebra import build, multiply, opened
from derive.kernel.monomials import Factor, Mono, Poly, Powers

Mean = Callable[[Factor, tuple[Poly, ...]], Poly]


def covariances(poly: Poly, mean: Mean | None = None) -> Poly:
    """E[ab] − E[a]E[b], wherever both stand with opposite numbers, as a factor ('cov', a, b, given).

    `mean(factor, given)` is what E[factor | given] is known to be; unknown means stand for themselves.
    """
    terms = dict(poly.terms)
    for mono in list(terms):
        if mono not in terms:
            continue
        for factor, pair in _second_moments(mono):
            number = terms[mono]
            split = _split_apart(mono, factor, pair, mean or _unknown)
            if not split.terms or any(terms.get(m) != -number * c for m, c in split.terms.items()):
                continue
            for gone in (mono, *split.terms):
                del terms[gone]
            powers, ranges = mono
            both = ("cov", *pair, factor[2])
            terms[(tuple((both if f is factor else f, e) for f, e in powers), ranges)] = number
            break
    return Poly(terms)


def as_moment(factor: Factor) -> Factor:
    """The moment that a covariance was collected from, as deeply nested as it was."""
    return ("m", ((factor[1], 1), (factor[2], 1)), factor[3]) if factor[0] == "cov" else factor


def _unknown(factor: Factor, given: tuple[Poly, ...]) -> Poly:
    return build([(("m", ((factor, 1),), given), 1)], [])


def _second_moments(mono: Mono) -> Iterator[tuple[Factor, tuple[Factor, Factor]]]:
    for factor, exponent in mono[0]:
        if factor[0] == "m" and exponent == 1:
            items = [f for f, e in factor[1] for _ in range(e if isinstance(e, int) and 0 < e < 3 else 3)]
            if len(items) == 2 and all(f[0] in ("r", "f") for f in items):
                yield factor, (items[0], items[1])


def _split_apart(mono: Mono, factor: Factor, pair: tuple[Factor, Factor], mean: Mean) -> Poly:
    """The monomial with E[a]E[b] in place of E[ab]."""
    powers, bounds = opened(mono)
    moved = next(f for (f, _), (g, _) in zip(powers, mono[0], strict=True) if g is factor)
    means = multiply(*(mean(f, moved[2]) for f, e in moved[1] for _ in range(e)))
    result = Poly({})
    for inner, number in means.terms.items():
        inner_powers, inner_bounds = opened(inner)
        rest = [(f, e) for f, e in powers if f is not moved]
        result = result + build([*rest, *inner_powers], [*bounds, *inner_bounds], number)
    return result


Size = list[tuple[Powers, Any]]


def sized(poly: Poly) -> list[tuple[Mono, Size]]:
    """Monomials without their sizes (powers of n, m), each with its coefficient: a polynomial in sizes.

    A common power of a size is drawn out, so that (n² − n)/n² comes as n⁻¹ (n − 1): the first factor of a coefficient
    stays with the monomial.
    """
    groups: dict[Mono, Size] = {}
    for (powers, ranges), number in poly.terms.items():
        sizes = tuple((f, e) for f, e in powers if f[0] == "v" and not f[1][0].startswith("#"))
        rest = tuple(p for p in powers if p not in sizes)
        groups.setdefault((rest, ranges), []).append((sizes, number))
    out: list[tuple[Mono, Size]] = []
    for (rest, ranges), size in groups.items():
        common = _common(size)
        left = [(tuple((f, e - common.get(f, 0)) for f, e in s if e != common.get(f, 0)), c) for s, c in size]
        left = [(_with_missing(s, common, whole), c) for (s, c), (whole, _) in zip(left, size, strict=True)]
        number = _number(left)
        left = [(s, Fraction(c) / number) for s, c in left]
        outside = tuple(common.items())
        mono = ((*outside, *rest), ranges)
        if len(left) == 1:
            out.append((mono, [(left[0][0], number * left[0][1])]))
        else:
            out.append((mono, [(s, c * number) for s, c in left]))
    return out


def _common(size: Size) -> dict[Factor, Any]:
    """The lowest power of each size, when it is shared or negative."""
    factors = {f for s, _ in size for f, _ in s}
    lowest = {f: min(dict(s).get(f, 0) for s, _ in size) for f in sorted(factors, key=repr)}
    return {f: e for f, e in lowest.items() if e}


def _with_missing(reduced: Powers, common: dict[Factor, Any], whole: Powers) -> Powers:
    """A size that a part lacks altogether gets the power that the common factor took from it."""
    have = {f for f, _ in whole}
    return (*reduced, *((f, -e) for f, e in common.items() if f not in have))


def _number(size: Size) -> Fraction:
    """A common number: of one part its own, else 1."""
    return Fraction(size[0][1]) if len(size) == 1 else Fraction(1)
