"""Products over an index, ∏ᵢ bᵢ: what does not depend on the index, and their means over independent members."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from derive.kernel import dependence
from derive.kernel.algebra import build, factor_poly, multiply, power, symbolic_power
from derive.kernel.monomials import ROW, Ix, Poly, Powers, constant, indices_of, variables

if TYPE_CHECKING:
    from derive.kernel.moments import Moments


def product_over(body: Poly, low: Ix, high: Ix) -> Poly:
    """∏ of a body in ROW: factors without the index become powers, ∏ᵢ c xᵢ = cⁿ ∏ᵢ xᵢ."""
    if len(body.terms) != 1:
        return factor_poly(("P", body, (low, high)))
    ((powers, ranges), number), *_ = body.terms.items()
    if ranges:
        return factor_poly(("P", body, (low, high)))
    own = [(f, e) for f, e in powers if ROW in indices_of(f)]
    steady = build([(f, e) for f, e in powers if (f, e) not in own], [], number)
    count = _position(high) - _position(low) + constant(1)
    outside = symbolic_power(steady, count)
    return multiply(outside, factor_poly(("P", build(own, []), (low, high)))) if own else outside


def _position(ix: Ix) -> Poly:
    return (factor_poly(("v", (ix[0], 0))) if ix[0] else constant(0)) + constant(ix[1])


def mean_of_product(moments: Moments, contents: Powers) -> Poly | None:
    """E[∏ᵢ g(Xᵢ)] = ∏ᵢ E[g(Xᵢ)] where the members of the families are mutually independent."""
    spans = {f[2] for f, _ in contents if f[0] == "P"}
    if len(spans) != 1 or any(f[0] != "P" or e not in (1, 2, 3, 4) for f, e in contents):
        return None
    context, (span,) = moments.context, spans
    if not context.allows("independence") or any(context.is_index(ix) for ix in span):
        return None
    body = reduce(multiply, (power(f[1], e) for f, e in contents))
    for statement in context.independence:
        each = {m.name for group in statement.groups for m in group if m.each and not m.indices}
        if statement.pairwise or statement.schematic or not _of_members(moments, body, each):
            continue
        context.use(statement, "independence")
        return product_over(moments.expect(body), *span)
    return None


def _of_members(moments: Moments, body: Poly, each: set[str]) -> bool:
    """Whether all that is random in the body are the members, of these families, that the index of the product names."""
    inside = {v for powers, _ in body.terms for f, _ in powers for v in variables(f)}
    plain = all(not ranges for _, ranges in body.terms)
    return (
        plain
        and bool(inside)
        and all(
            name in each and dependence.member_slots(moments.context, (name, slots)) == (ROW,) for name, slots in inside
        )
    )
