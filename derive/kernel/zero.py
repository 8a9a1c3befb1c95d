"""Deciding that a difference is zero where its normal form is not yet empty: denominators, inverses, and matrices to cancel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from derive.kernel.algebra import build, fresh, multiply, opened, power, sum_over
from derive.kernel.inverses import REGULAR
from derive.kernel.mapping import map_poly, substitution
from derive.kernel.monomials import COLUMN, ROW, ZERO, Factor, Ix, Poly, bound_names, indices_of
from derive.kernel.places import span_of
from derive.language.facts import Given, Property
from derive.language.terms import Mul, Shape, Symbol, Term, Transpose

if TYPE_CHECKING:
    from derive.kernel.normal import Translator

DEEPEST = 3  # inverses multiplied away, one inside the other
MOST_ROUNDS = 6  # denominators inside denominators


def vanishes(translator: Translator, poly: Poly, shape: Shape, place: tuple[Ix, Ix]) -> bool:
    """Whether the polynomial is zero: by clearing denominators, or by multiplying with inverted matrices."""
    cleared = clear(translator, poly)
    if not cleared.terms or _without_inverses(translator, cleared, shape, place, DEEPEST):
        return True
    # a denominator that holds the same letters may hide how K meets K⁻¹: Sherman and Morrison's formula
    if cleared != poly and _without_inverses(translator, poly, shape, place, DEEPEST):
        return True
    return _cancelled(translator, poly, shape, place)


def clear(translator: Translator, poly: Poly) -> Poly:
    """A polynomial that is zero only where this one is: without what is seen to vanish, and times its denominators.

    Terms with the same sums are one group.  A group is left out when its summand is zero, for every value of its indices;
    denominators in which no summed index stands multiply the whole, never one group alone.
    """
    for _ in range(MOST_ROUNDS):
        if not _denominators(poly):
            break
        kept = ZERO
        for names, group in _groups(poly):
            if not _summand_vanishes(translator, group, names):
                kept = kept + _closed(group, names)
        shared = _shared_denominators(kept)
        for base, depth in shared.items():
            kept = _times(kept, base, depth)
        if kept == poly:
            break
        poly = translator.reduced(kept)
    return poly


def _summand_vanishes(translator: Translator, group: Poly, names: list[Any]) -> bool:
    """Whether the summand of a group is zero as a rational expression in its indices."""
    summed = {name for name, _ in names}
    for _ in range(MOST_ROUNDS):
        bases = _denominators(group)
        if not any(i[0] in summed for base in bases for i in indices_of(base)):
            return not group.terms
        for base, depth in bases.items():
            group = _times(group, base, depth)
        if not group.terms:
            return True
    return False


def _groups(poly: Poly) -> list[tuple[list[Any], Poly]]:
    """Monomials with the same ranges, their bound indices opened to common names."""
    groups: dict[Any, list[Any]] = {}
    for mono, number in poly.terms.items():
        groups.setdefault(mono[1], []).append((mono, number))
    result = []
    for ranges, items in groups.items():
        names = [f"~{k}" for k in range(len(ranges))]
        total, spans = ZERO, []
        for mono, number in items:
            powers, bounds = opened(mono)
            move = substitution({old: (new, 0) for (old, _), new in zip(bounds, names, strict=True)})
            spans = [(new, (move(s[0]), move(s[1]))) for (_, s), new in zip(bounds, names, strict=True)]
            total = total + map_poly(build(powers, [], number), move)
        result.append((spans, total))
    return result


def _closed(group: Poly, spans: list[Any]) -> Poly:
    for name, span in spans:
        inner = fresh()
        group = sum_over(map_poly(group, substitution({name: (inner, 0)})), inner, span)
    return group


def _denominators(group: Poly) -> dict[Factor, int]:
    found: dict[Factor, int] = {}
    for powers, _ in group.terms:
        for factor, exponent in powers:
            if exponent < 0 and isinstance(exponent, int) and factor[0] in ("p",):
                found[factor] = max(found.get(factor, 0), -exponent)
    return found


def _shared_denominators(poly: Poly) -> dict[Factor, int]:
    """Those that no summed index stands in: the whole difference is multiplied by them, whatever its sums are."""
    found: dict[Factor, int] = {}
    for powers, ranges in poly.terms:
        bound = {name for name, _ in bound_names(powers, len(ranges))}
        for factor, exponent in powers:
            whole = factor[0] == "p" and isinstance(exponent, int) and exponent < 0
            if whole and not any(i[0] in bound for i in indices_of(factor)):
                found[factor] = max(found.get(factor, 0), -exponent)
    return found


def _times(group: Poly, base: Factor, depth: int) -> Poly:
    """The group times base^depth, where base^−k meets base^depth and the rest is multiplied out."""
    result = ZERO
    for mono, number in group.terms.items():
        powers, bounds = opened(mono)
        have = dict(powers).get(base, 0)
        rest = [(f, e) for f, e in powers if f != base]
        factor = power(base[1], depth + have)
        for mono_in, number_in in multiply(build(rest, [], number), factor).terms.items():
            powers_in, bounds_in = opened(mono_in)
            result = result + build(powers_in, bounds + bounds_in).scale(number_in)
    return result


def _without_inverses(translator: Translator, poly: Poly, shape: Shape, place: tuple[Ix, Ix], left: int) -> bool:
    """Multiplies from the side on which an inverse stands open: K (K⁻¹ B) = B, and K is invertible."""
    if not left:
        return False
    for at in place:
        if not at[0]:
            continue
        for matrix, is_column, span in _open_inverses(translator, poly, at):
            inner = fresh()
            row, column = ((inner, 0), at) if is_column else (at, (inner, 0))
            matrix_at = map_poly(matrix, substitution({ROW[0]: row, COLUMN[0]: column}))
            moved = map_poly(poly, substitution({at[0]: (inner, 0)}))
            product = translator.reduced(sum_over(multiply(matrix_at, moved), inner, span))
            if not product.terms or not clear(translator, product).terms:
                return True
            if _without_inverses(translator, product, shape, place, left - 1):
                return True
    return False


def _cancelled(translator: Translator, poly: Poly, shape: Shape, place: tuple[Ix, Ix]) -> bool:
    """Whether the givens say A D = 0, or D A = 0, of a matrix A that is given to be invertible: then D = 0.

    Where A has full column rank it is AᵀA that is invertible.
    """
    for given, factor in _regular(translator):
        matrix = translator.bound(factor, ROW, COLUMN, {})
        for at, size in zip(place, shape, strict=True):
            if not at[0] or size != factor.shape[0]:
                continue
            inner = (fresh(), 0)
            moved = map_poly(poly, substitution({at[0]: inner}))
            for row, column in ((at, inner), (inner, at)):
                placed = map_poly(matrix, substitution({ROW[0]: row, COLUMN[0]: column}))
                product = sum_over(multiply(placed, moved), inner[0], span_of(size))
                if not translator.reduced(product).terms:
                    translator.context.use(given, "inverse")
                    return True
    return False


def _regular(translator: Translator) -> Iterator[tuple[Given, Term]]:
    """Square matrices that the givens call invertible, or that are so where another one has full column rank."""
    for given in translator.context.facts.givens:
        if isinstance(given, Property) and isinstance(given.term, Symbol) and not given.term.indices:
            if given.name in REGULAR:
                yield given, given.term
            elif given.name == "full column rank":
                yield given, Mul((Transpose(given.term), given.term))


def _open_inverses(translator: Translator, poly: Poly, at: Ix) -> list[Any]:
    """(matrix, whether the slot is the inverse's column, range) of inverses with one slot at the free index."""
    found: dict[Any, None] = {}
    for powers, _ in poly.terms:
        for factor, _ in powers:
            if factor[0] == "i" and at in (factor[2], factor[3]):
                found.setdefault((factor[1], at == factor[3]))
    result = []
    for (matrix, is_column), _ in found.items():
        rules = [
            r for r in translator.context.rules if r.pattern and r.pattern[0][0] == "i" and r.pattern[0][1] == matrix
        ]
        if rules and not any(i == at for i in _letters(matrix)):
            # K on the left of K⁻¹: K_{x,at'}; when the free slot is the column, K stands transposed
            result.append((matrix, is_column, rules[0].spans["%j"]))
    return result


def _letters(poly: Poly) -> list[Ix]:
    return [i for powers, _ in poly.terms for f, _ in powers for i in indices_of(f)]
