r"""Sums over the values of random variables with their probabilities: `\sum_{x \in \mathcal{X}} g(x) \Pr(X = x)` is E[g(X)]."""

from __future__ import annotations

from typing import Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.building import Builder, Unreadable
from derive.language.symbols import key_of
from derive.language.traverse import descend


def expected(builder: Builder, ranges: tuple[sx.IndexRange, ...], body: sx.Node, span: sx.Span) -> Any:
    """The mean that such a sum is; None when it is another kind of sum.  The set is taken to hold all values."""
    letters, body = _opened(ranges, body)
    if letters is None:
        return None
    factors = _factors(body)
    laws = [(f, found) for f in factors if (found := _values(f, letters))]
    covered = [key for _, values in laws for key in values]
    if sorted(covered) != sorted(letters):
        return None
    rest = [f for f in factors if all(f is not law for law, _ in laws)]
    made = []
    for _, values in laws:
        mine = [f for f in rest if _mentions(f, set(values))]
        if any(_mentions(f, set(letters) - set(values)) for f in mine):
            raise Unreadable("a sum over independent values of what does not factor", span)
        rest = [f for f in rest if all(f is not m for m in mine)]
        made.append(_mean(builder, mine, values))
    return builder.mark(tm.Mul((*(builder.build(f) for f in rest), *made)) if rest or len(made) > 1 else made[0], span)


def _factors(body: sx.Node) -> list[sx.Node]:
    """The factors of a product; what stands with a bracket directly behind it, `g(x)`, may be an application: one factor."""
    if not isinstance(body, sx.Juxtaposition):
        return [body]
    runs: list[list[sx.Node]] = []
    for item, tight in zip(body.items, (False, *body.tight), strict=False):
        if tight:
            runs[-1].append(item)
        else:
            runs.append([item])
    if sum(map(len, runs)) != len(body.items):
        return [body]
    return [
        run[0] if len(run) == 1 else sx.Juxtaposition(tuple(run), (True,) * (len(run) - 1), span=body.span)
        for run in runs
    ]


def _opened(ranges: tuple[sx.IndexRange, ...], body: sx.Node) -> tuple[list[str] | None, sx.Node]:
    """The summed letters of directly nested sums without limits, and what is summed."""
    letters: list[str] = []
    while True:
        if any(r.lower or r.upper or r.excluded or r.below for r in ranges):
            return None, body
        letters += [key_of(r.index) for r in ranges]
        if not isinstance(body, sx.Big) or body.kind != "sum":
            return letters, body
        ranges, body = body.ranges, body.body


def _values(factor: sx.Node, letters: list[str]) -> dict[str, sx.Node]:
    """letter -> variable in `Pr(X = x, Y = y)`; empty for anything else."""
    if not isinstance(factor, sx.Operator) or factor.kind != "P" or factor.given:
        return {}
    found: dict[str, sx.Node] = {}
    for event in factor.arguments:
        if not isinstance(event, sx.Relation) or event.symbol != "=" or not isinstance(event.right, sx.Name):
            return {}
        if key_of(event.right) not in letters or not isinstance(event.left, sx.Name):
            return {}
        found[key_of(event.right)] = event.left
    return found


def _mentions(node: sx.Node, letters: set[str]) -> bool:
    return any(isinstance(n, sx.Name) and key_of(n) in letters for n in descend(node))


def _mean(builder: Builder, factors: list[sx.Node], values: dict[str, sx.Node]) -> Any:
    kept = {key: builder.outcomes.get(key) for key in values}
    builder.outcomes.update({key: builder.build(variable) for key, variable in values.items()})
    inside = [builder.build(f) for f in factors]
    for key, before in kept.items():
        if before is None:
            del builder.outcomes[key]
        else:
            builder.outcomes[key] = before
    if not inside:
        return tm.number(1)
    return tm.Expectation(inside[0] if len(inside) == 1 else tm.Mul(tuple(inside)))


__all__ = ["expected"]
