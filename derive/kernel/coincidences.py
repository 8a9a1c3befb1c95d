"""Expectations of sums over several indices of one independent family, whose coincidences must be told apart.

    E[Σ_ijk x_i x_j x_k] = Σ E[x_i³] + 3 Σ_{i≠j} E[x_i²] E[x_j] + Σ_{i,j,k distinct} E[x_i] E[x_j] E[x_k]

The indices are taken in one at a time: each is one of those before, or another.  Then, with the moments known, the
restriction is taken back in the same way: Σ_{j≠i} = Σ_j − [j = i].  After every index equal monomials meet, so that the
work goes with the number of different ones, not with the number of set partitions.  What results are unrestricted sums.

While that goes on the monomials carry marks: factors that say which indices are still to be taken in, or are distinct.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.kernel import dependence
from derive.kernel.algebra import Span, build, opened
from derive.kernel.context import Context
from derive.kernel.mapping import map_factor, substitution
from derive.kernel.monomials import (
    Coefficient,
    Condition,
    Factor,
    Poly,
    Powers,
    free_indices,
    indices_of,
    is_random,
    sorted_powers,
    total,
)

if TYPE_CHECKING:
    from derive.kernel.moments import Moments

FEWEST = 3  # indices: two are told apart by a delta just as well
TO_COME, DISTINCT = "≠?", "≠"  # names of marks
Bounds = list[tuple[str, Span]]
Opened = tuple[list[tuple[Factor, object]], Bounds]


def expected_sum(moments: Moments, powers: Powers, bounds: Bounds, given: Condition) -> Poly | None:
    """E[Σ_bounds powers | given] where three or more of the bound indices may coincide; None where that is not so."""
    if len(bounds) < FEWEST:
        return None
    groups = _groups(moments.context, powers, bounds, given)
    if groups is None:
        return None
    moments.context.rule("coinciding-indices")
    marks = [(_mark(TO_COME, k, name), 1) for k, group in enumerate(groups) for name in group]
    result = build([*powers, *marks], bounds)
    while any(_marked(mono[0], TO_COME) for mono in result.terms):
        result = total(_taken_in(*opened(mono)).scale(number) for mono, number in result.terms.items())
    result = total(_valued(moments, *opened(mono), given, number) for mono, number in result.terms.items())
    while any(_marked(mono[0], DISTINCT) for mono in result.terms):
        result = total(_set_free(*opened(mono)).scale(number) for mono, number in result.terms.items())
    return result


def _groups(context: Context, powers: Powers, bounds: Bounds, given: Condition) -> list[list[str]] | None:
    """Bound indices of one range that may coincide, in groups; None where others than such may, or only two."""
    spans = dict(bounds)
    inside = sorted_powers((f, e) for f, e in powers if is_random(f))
    groups: list[set[str]] = []
    for a, b in dependence.open_pairs(context, inside, frozenset()):
        if a[1] or b[1] or a[0] not in spans or spans.get(b[0]) != spans[a[0]]:
            return None
        met = [g for g in groups if g & {a[0], b[0]}]
        groups = [*(g for g in groups if g not in met), {a[0], b[0]}.union(*met)]
    names = set().union(*groups)
    held = [i[0] for f, _ in powers if f[0] in ("d", "lt") for i in indices_of(f)]
    held += [i[0] for p in given for i in free_indices(p)] + [end[0] for span in spans.values() for end in span]
    if not names.isdisjoint(held) or max(map(len, groups), default=0) < FEWEST:
        return None
    order = [name for name, _ in bounds]
    return sorted((sorted(g, key=order.index) for g in groups), key=lambda g: order.index(g[0]))


def _mark(kind: str, group: int, name: str) -> Factor:
    return ("s", f"{kind}{group}", ((name, 0),))


def _marked(powers: Powers, kind: str) -> list[tuple[Factor, str]]:
    """The marks of a kind with the names of their indices."""
    return [(f, f[2][0][0]) for f, _ in powers if f[0] == "s" and f[1].rstrip("0123456789") == kind]


def _taken_in(powers: Powers, bounds: Bounds) -> Poly:
    """One index that is to come is one of the distinct ones of its group, or another."""
    coming = _marked(powers, TO_COME)
    if not coming:
        return build(powers, bounds)
    mark, name = _first(coming, bounds)
    own = DISTINCT + mark[1][len(TO_COME) :]
    rest = [(f, e) for f, e in powers if f != mark]
    others = [n for f, n in _marked(powers, DISTINCT) if f[1] == own]
    apart = build([*rest, (("s", own, ((name, 0),)), 1)], bounds)
    return total([apart, *(_met(rest, bounds, name, other) for other in others)])


def _set_free(powers: Powers, bounds: Bounds) -> Poly:
    """One distinct index may be any: less the cases in which it is another one."""
    distinct = _marked(powers, DISTINCT)
    if not distinct:
        return build(powers, bounds)
    mark, name = _first(distinct, bounds)
    rest = [(f, e) for f, e in powers if f != mark]
    others = [n for f, n in distinct if f[1] == mark[1] and n != name]
    return total([build(rest, bounds), *(-_met(rest, bounds, name, other) for other in others)])


def _first(marked: list[tuple[Factor, str]], bounds: Bounds) -> tuple[Factor, str]:
    """The first in canonical order: so that monomials that are alike go the same way."""
    order = {name: k for k, (name, _) in enumerate(bounds)}
    return min(marked, key=lambda pair: order[pair[1]])


def _met(pairs: list[tuple[Factor, object]], bounds: Bounds, name: str, other: str) -> Poly:
    """The sum with one index replaced by another."""
    move = substitution({name: (other, 0)})
    return build([(map_factor(f, move), e) for f, e in pairs], [b for b in bounds if b[0] != name])


def _valued(moments: Moments, powers: Powers, bounds: Bounds, given: Condition, number: Coefficient) -> Poly:
    """The sum with the expectation of its random factors, whose distinct indices differ."""
    groups: dict[str, list[str]] = {}
    for mark, name in _marked(powers, DISTINCT):
        groups.setdefault(mark[1], []).append(name)
    distinct = frozenset(
        frozenset(((a, 0), (b, 0))) for names in groups.values() for k, a in enumerate(names) for b in names[:k]
    )
    outside = [(f, e) for f, e in powers if not is_random(f)]
    value = moments.moment(sorted_powers((f, e) for f, e in powers if is_random(f)), given, distinct)
    parts = []
    for mono, factor in value.terms.items():
        inner, inner_bounds = opened(mono)
        if all(f[0] != "d" or frozenset(f[1:]) not in distinct for f, _ in inner):
            parts.append(build([*outside, *inner], [*bounds, *inner_bounds], number * factor))
    return total(parts)
