"""Canonical names for the bound indices of a monomial: colour refinement, then individualisation.

A monomial is a small graph: factors are hyperedges over indices.  Two monomials that differ only in the
names of bound indices get the same canonical form, so equality of polynomials is equality of dictionaries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.kernel.mapping import map_factor
from derive.kernel.monomials import Factor, Ix, Mono, Powers, bound_names, indices_of, sorted_powers

Bounds = list[tuple[str, tuple[Ix, Ix]]]  # name and range of each bound index


def canonical(powers: Powers, bounds: Bounds) -> Mono:
    """The monomial with its bound indices in canonical order under canonical names."""
    if not bounds:
        return (powers, ())
    targets = bound_names(powers, len(bounds))
    if len(bounds) == 1:
        name, span = bounds[0]
        return (rename(powers, {name: targets[0][0]}), (span,))
    order = _order(powers, bounds)
    names = {name: targets[k][0] for k, name in enumerate(order)}
    spans = dict(bounds)
    ranges = tuple(
        tuple((names.get(base, base), offset) for base, offset in spans[name])  # a range may depend on another index
        for name in order
    )
    return (rename(powers, names), ranges)  # type: ignore[return-value]


def rename(powers: Powers, names: dict[str, str]) -> Powers:
    def move(ix: Ix) -> Ix:
        return (names[ix[0]], ix[1]) if ix[0] in names else ix

    return sorted_powers((map_factor(f, move), e) for f, e in powers)


def _order(powers: Powers, bounds: Bounds) -> list[str]:
    """The bound names in canonical order."""
    names = [name for name, _ in bounds]
    touching: dict[str, list[tuple[Factor, Any]]] = {name: [] for name in names}
    for factor, exponent in powers:
        for base in {ix[0] for ix in indices_of(factor)}:
            if base in touching:
                touching[base].append((factor, exponent))
    colours: dict[str, Any] = {name: repr([_blind(ix, set(names)) for ix in span]) for name, span in bounds}
    return _individualise(_refine(colours, touching), touching, powers)


def _blind(ix: Ix, names: set[str]) -> Ix:
    return ("#", ix[1]) if ix[0] in names else ix


def _ranked(signatures: dict[str, str]) -> dict[str, int]:
    ranks = {s: k for k, s in enumerate(sorted(set(signatures.values())))}
    return {name: ranks[s] for name, s in signatures.items()}


def _refine(colours: dict[str, Any], touching: dict[str, list[tuple[Factor, Any]]]) -> dict[str, int]:
    """Colours split by what each index touches, until nothing changes."""
    ranked = _ranked({n: repr(c) for n, c in colours.items()})
    while len(set(ranked.values())) < len(ranked):
        signatures = {}
        for name in ranked:
            move = _colouring(ranked, name)
            seen = sorted(repr((map_factor(f, move), e)) for f, e in touching[name])
            signatures[name] = f"{ranked[name]:04d}{seen}"
        finer = _ranked(signatures)
        if len(set(finer.values())) == len(set(ranked.values())):
            return finer
        ranked = finer
    return ranked


def _colouring(ranked: dict[str, int], marked: str) -> Callable[[Ix], Ix]:
    def move(ix: Ix) -> Ix:
        if ix[0] == marked:
            return ("!", ix[1])
        return (f"#{ranked[ix[0]]}", ix[1]) if ix[0] in ranked else ix

    return move


def _individualise(ranked: dict[str, int], touching: dict[str, list[tuple[Factor, Any]]], powers: Powers) -> list[str]:
    """Breaks ties by trying one index of the first tied class at a time; interchangeable ones are tried once."""
    classes: dict[int, list[str]] = {}
    for name, colour in ranked.items():
        classes.setdefault(colour, []).append(name)
    tied = next((classes[c] for c in sorted(classes) if len(classes[c]) > 1), None)
    if tied is None:
        return sorted(ranked, key=lambda n: ranked[n])
    best: tuple[str, list[str]] | None = None
    tried: list[str] = []
    for name in tied:
        if any(_interchangeable(name, other, powers) for other in tried):
            continue
        tried.append(name)
        single = {n: (c * 2 + (n != name and c == ranked[name])) for n, c in ranked.items()}
        order = _individualise(_refine(single, touching), touching, powers)
        key = repr(rename(powers, {n: f"#{k:03d}" for k, n in enumerate(order)}))
        if best is None or key < best[0]:
            best = (key, order)
    assert best is not None
    return best[1]


def _interchangeable(a: str, b: str, powers: Powers) -> bool:
    """Whether swapping two indices leaves the monomial as it is."""
    return rename(powers, {a: b, b: a}) == powers
