"""Replays a certificate: each step's claim is opened, its moves are applied, and nothing may be left of lhs − rhs.

verify(text)      the steps that are proved; raises `Refused` with the place where the certificate fails
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from derive.language import facts as ft
from derive.language import terms as tm
from derive.language.latex import latex
from derive.verify.coding import decode
from derive.verify.moves import applied
from derive.verify.opening import World
from derive.verify.polynomials import Algebra, Ix, Poly, divides, entries, indices, merged, ordered
from derive.verify.refusal import Refused, Work

FORMAT = "derive-certificate"
VERSION = 1
LARGEST_FILE = 50_000_000
LONGEST = 2000  # moves for one component
WRITTEN_OUT = 4  # sizes up to this have their components compared one by one


@dataclass(frozen=True)
class Replayed:
    """A step whose proof was replayed: where it stands, its claim, and the number of moves."""

    line: int
    claim: ft.Claim
    moves: int


@dataclass(frozen=True)
class Certificate:
    """What a certificate records.  `uncertified`: the lines of proved steps for which it has no proof."""

    document: str
    replayed: tuple[Replayed, ...]
    uncertified: tuple[int, ...]


class Declared(dict[str, Any]):
    """The symbols of a certificate by name; to ask for another one refuses the certificate."""

    def __missing__(self, name: str) -> Any:
        raise Refused(f"{name} is not declared")


def verify(text: str) -> Certificate:
    """Reads and replays a certificate.  Raises `Refused`."""
    data = parsed(text)
    symbols = Declared((s.name, s) for s in _each(data, "symbols", "SymbolInfo"))
    givens = tuple(_each(data, "givens", "Given"))
    steps = _list(data, "steps")
    done = []
    for number, step in enumerate(steps):
        where = f"steps[{number}]"
        try:
            done.append(_step(step, symbols, givens, where))
        except Refused as problem:
            raise problem.at(where) from None
        except RecursionError:
            raise Refused("nested too deeply", where) from None
    uncertified = _list(data, "uncertified")
    if not all(type(line) is int for line in uncertified) or not isinstance(data.get("document"), str):
        raise Refused("expected the name of a document, and the lines of steps without certificate")
    return Certificate(data["document"], tuple(done), tuple(uncertified))


def parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST_FILE:
        raise Refused("the file is too large")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Refused(f"this is no JSON that can be read ({str(problem)[:80]})") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Refused(f"this is no certificate: its format is not {FORMAT!r}")
    if data.get("version") != VERSION:
        raise Refused(f"version {str(data.get('version'))[:20]} is unknown; this reads version {VERSION}")
    return data


def _list(data: Any, name: str) -> list[Any]:
    value = data.get(name) if isinstance(data, dict) else None
    if not isinstance(value, list):
        raise Refused(f"expected a list {name!r}")
    return value


def _each(data: dict[str, Any], name: str, kind: str) -> list[Any]:
    found = []
    for number, value in enumerate(_list(data, name)):
        try:
            found.append(decode(value, kind))
        except Refused as problem:
            raise problem.at(f"{name}[{number}]") from None
        except RecursionError:
            raise Refused("nested too deeply", f"{name}[{number}]") from None
    return found


def _step(step: Any, symbols: dict[str, ft.SymbolInfo], givens: tuple[Any, ...], where: str) -> Replayed:
    chosen = _list(step, "givens")
    if any(type(k) is not int or not 0 <= k < len(givens) for k in chosen):
        raise Refused("there is no such given")
    known = tuple(givens[k] for k in chosen)
    unfold = _list(step, "unfold")
    if any(type(k) is not int or not 0 <= k < len(known) for k in unfold):
        raise Refused("there is no such definition")
    lhs, rhs = decode(step.get("lhs"), "Term"), decode(step.get("rhs"), "Term")
    if step.get("latex") != f"{latex(lhs)} = {latex(rhs)}":
        raise Refused("`latex` is not the claim")
    distinct = decode(step.get("distinct"), "tuple[tuple[Index, Index], ...]")
    claim = ft.Claim(lhs, rhs, ft.Facts(symbols, known), distinct)
    places, proofs, count = components(lhs, rhs), _list(step, "proof"), 0
    if len(proofs) != len(places) or type(step.get("line")) is not int:
        raise Refused("expected a line, and a list of moves for each component")
    work = Work()
    for number, (place, moves) in enumerate(zip(places, proofs, strict=True)):
        if not isinstance(moves, list) or len(moves) > LONGEST:
            raise Refused("expected a list of moves that is not too long", f"{where}.proof[{number}]")
        world = World(symbols, known, frozenset(unfold), work)
        poly = opened(world, claim, place)
        for at, move in enumerate(moves):
            try:
                poly = applied(world, poly, move, apart(world, claim))
            except Refused as problem:
                raise problem.at(f"{where}.proof[{number}][{at}]") from None
        if remains(world.algebra, poly):
            raise Refused("the two sides still differ after the last move", f"{where}.proof[{number}]")
        count += len(moves)
    return Replayed(step["line"], claim, count)


def components(lhs: tm.Term, rhs: tm.Term) -> list[tuple[Ix, Ix]]:
    """The components to compare: those of small sizes one by one, else one at free indices."""
    if lhs.shape != rhs.shape:
        raise Refused("the two sides differ in shape")
    rows, columns = (
        [("", k + 1) for k in range(dim)] if isinstance(dim, int) and dim <= WRITTEN_OUT else [(name, 0)]
        for dim, name in zip(lhs.shape, ("$i", "$j"), strict=True)
    )
    return list(product(rows, columns))


def opened(world: World, claim: ft.Claim, place: tuple[Ix, Ix]) -> Poly:
    """lhs − rhs of a claim at a component."""
    world.presuppose((claim.lhs, claim.rhs))
    return world.difference(claim.lhs, claim.rhs, *place)


def apart(world: World, claim: ft.Claim) -> list[tuple[Ix, Ix]]:
    return [(world.ix(i, {}), world.ix(j, {})) for i, j in claim.distinct]


def remains(algebra: Algebra, poly: Poly) -> Poly:
    """What is left of a polynomial with ≠ written as 1 − δ, and denominators cleared."""
    algebra.restart()
    for _ in range(8):
        poly = equalities(algebra, halves(algebra, poly))
        roots = [(f, e) for powers, _ in poly for f, e in powers if f[0] == "q" and e < 0 and e.denominator == 1]
        free = [(f, e) for f, e in roots if not any(i[0] == "#" for i in _outer_names(f))]
        if not free:
            return poly
        factor = min(free, key=repr)[0]
        poly = _times_power(algebra, poly, factor, -min(e for f, e in free if f == factor))
    return poly


def _times_power(algebra: Algebra, poly: Poly, factor: Any, exponent: Any) -> Poly:
    out = []
    for mono, coefficient in poly.items():
        pairs, ranges = algebra.opened(mono)
        out.append(algebra.normal(coefficient, [*pairs, (factor, exponent)], ranges))
    return algebra.added(out)


def _outer_names(factor: Any) -> set[str]:
    """Names of indices in a base that a sum around it binds."""
    return {s[0] for found, around in entries(factor) for s in found[2] if s[0] and s[0] not in around}


def halves(algebra: Algebra, poly: Poly) -> Poly:
    """Σ_{i<j} f(i, j) = ½ Σ_{i≠j} f(i, j) where f is symmetric."""
    out = []
    for mono, coefficient in poly.items():
        pairs, ranges = algebra.opened(mono)
        for factor, _ in pairs:
            if factor[0] != "l":
                continue
            (i, a), (j, b) = factor[1:]
            rest = [p for p in pairs if p[0] != factor]
            ends = {n for span in ranges.values() for n, _ in span}
            if i in ranges and j in ranges and ranges[i] == ranges[j] and a == b and not {i, j} & ends:
                env = {i: (j, 0), j: (i, 0)}
                if merged(rest) == merged((algebra.renamed(f, env), e) for f, e in rest):
                    pairs, coefficient = [*rest, (ordered(("u", *factor[1:])), 1)], coefficient / 2
                    break
        out.append(algebra.normal(coefficient, pairs, ranges))
    return algebra.added(out)


def _needs(factor: Any, exponent: Any, different: Any) -> bool:
    """Whether a factor may exist only where two indices differ, as 1/(a_i − a_j)."""
    both = {ix[0] for ix in different[1:] if ix[0]}
    return (exponent < 0 or divides(factor)) and both <= set(indices(factor))


def equalities(algebra: Algebra, poly: Poly) -> Poly:
    """≠ written as 1 − δ."""
    out = []
    for mono, coefficient in poly.items():
        pairs, ranges = algebra.opened(mono)
        different = [f for f, _ in pairs if f[0] == "u" and not any(_needs(g, e, f) for g, e in pairs)]
        terms = [(Fraction(1), [p for p in pairs if p[0] not in different])]
        for factor in different:
            same = (ordered(("d", *factor[1:])), 1)
            terms += [(-c, [*inside, same]) for c, inside in terms]
        out += [algebra.normal(coefficient * c, inside, ranges) for c, inside in terms]
    return algebra.added(out)


__all__ = ["Certificate", "Replayed", "verify"]
