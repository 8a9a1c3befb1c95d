r"""Laws that are written out value by value: `P(X = 1) = p` and `P(X = 0) = 1 - p` together are one distribution.

Values in cases or in words, `X = \pm 1 \text{ with probability } 1/2`, end up here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Statement, Syntax

Pairs = list[tuple[Syntax, Syntax]]  # values with their probabilities
ONE = sx.Numeral(Fraction(1))
HALF = Fraction(1, 2)
Linear = dict[Syntax | None, Fraction]  # a sum of multiples of what is not taken apart; None is the number one


def law_of(values: Pairs) -> tuple[str, tuple[Syntax, ...]] | None:
    """The distribution with these values and probabilities, and its parameters; None when they do not add up to one."""
    if len(values) < 2 or not adds_up(p for _, p in values):
        return None
    numbers = [number(v) for v, _ in values]
    if sorted(n for n in numbers if n is not None) == [0, 1] and len(values) == 2:
        return "Bernoulli", (values[numbers.index(Fraction(1))][1],)
    if sorted(n for n in numbers if n is not None) == [-1, 1] and all(number(p) == HALF for _, p in values):
        return "Rademacher", ()
    if len({n for n in numbers if n is not None}) < sum(n is not None for n in numbers):
        return None
    return "Finite", (*(v for v, _ in values), *(p for _, p in values))


def law_of_cases(cases: sx.Cases) -> tuple[str, tuple[Syntax, ...]] | None:
    r"""Of `\begin{cases} 1 & \text{with probability } p \\ 0 & \text{otherwise} \end{cases}`."""
    values: Pairs = []
    for value, condition in cases.branches:
        if isinstance(condition, sx.Call) and condition.name == "chance":
            values.append((value, condition.arguments[0]))
        elif condition is None and (value, condition) == cases.branches[-1]:
            values.append((value, sx.Plus((ONE, *(sx.Negate(p) for _, p in values)))))
        else:
            return None
    return law_of(values)


def adds_up(chances: Iterable[Syntax]) -> bool:
    total: Linear = {}
    for chance in chances:
        for part, factor in linear(chance).items():
            total[part] = total.get(part, Fraction(0)) + factor
    return {k: v for k, v in total.items() if v} == {None: Fraction(1)}


def number(node: Syntax) -> Fraction | None:
    parts = {k: v for k, v in linear(node).items() if v}
    return parts.get(None, Fraction(0)) if set(parts) <= {None} else None


def linear(node: Syntax) -> Linear:
    """A sum of multiples of things that are not looked into.

    >>> p = sx.Name("p")
    >>> linear(sx.Fraction_(sx.Plus((ONE, sx.Negate(p))), sx.Numeral(Fraction(2)))) == {None: HALF, p: -HALF}
    True
    """
    match node:
        case sx.Numeral(value):
            return {None: value}
        case sx.Bracketed(item, "(" | "[" | "{"):
            return linear(item)
        case sx.Negate(item):
            return {k: -v for k, v in linear(item).items()}
        case sx.Plus(items):
            total: Linear = {}
            for item in items:
                for k, v in linear(item).items():
                    total[k] = total.get(k, Fraction(0)) + v
            return total
        case sx.Fraction_(above, below) if by := number(below):
            return {k: v / by for k, v in linear(above).items()}
        case sx.Juxtaposition(items):
            return _product(node, items)
    return {node: Fraction(1)}


def _product(node: Syntax, items: tuple[Syntax, ...]) -> Linear:
    scale, others = Fraction(1), []
    for item in items:
        value = number(item) if isinstance(item, (sx.Numeral, sx.Fraction_, sx.Bracketed, sx.Negate)) else None
        if value is None:
            others.append(item)
        else:
            scale *= value
    if len(others) == 1:
        return {k: v * scale for k, v in linear(others[0]).items()}
    return {None: scale} if not others else {node: Fraction(1)}


def gathered(items: list[Statement | sx.Chain]) -> list[Statement | sx.Chain]:
    """The items of a document, with the probabilities of all values of one variable put together into its law."""
    groups: dict[Syntax, dict[Syntax, tuple[int, Syntax]]] = {}
    for (variable, value), (place, chance) in stated_chances(items).items():
        groups.setdefault(variable, {})[value] = (place, chance)
    result = list(items)
    for variable, values in groups.items():
        law = law_of([(value, chance) for value, (_, chance) in values.items()])
        if law is None:
            continue
        word, parameters = law
        places = sorted({place for place, _ in values.values()})
        for place in places:
            result[place] = _random(result[place], variable)
        result[places[-1]] = replace(
            result[places[-1]], kind="distribution", parts=((variable,), parameters), word=word
        )  # type: ignore[arg-type]
    return result


def _random(item: Statement | sx.Chain, variable: Syntax) -> Statement:
    assert isinstance(item, Statement)
    return replace(item, kind="kind", parts=((variable,),), word="random")


def stated_chances(items: list[Statement | sx.Chain]) -> dict[tuple[Syntax, Syntax], tuple[int, Syntax]]:
    """(X, v) -> (number of the item, p) for each `P(X = v) = p`, also where p is the probability of another value."""
    found: dict[tuple[Syntax, Syntax], tuple[int, Syntax]] = {}
    equal: list[tuple[int, tuple[Syntax, Syntax], tuple[Syntax, Syntax]]] = []
    for place, item in enumerate(items):
        if not isinstance(item, Statement) or item.kind != "equation" or any(item.parts[1:]):
            continue
        left, right = item.parts[0]
        one, other = event(left), event(right)
        if one is not None and other is not None:
            equal.append((place, one, other))
        elif one is not None:
            found.setdefault(one, (place, right))
        elif other is not None:
            found.setdefault(other, (place, left))
        elif (solved := _complement(left, right)) is not None:
            found.setdefault(solved[0], (place, solved[1]))
    for place, one, other in [*equal, *reversed(equal)]:
        for known, unknown in ((one, other), (other, one)):
            if known in found and unknown not in found:
                found[unknown] = (place, found[known][1])
    return found


def event(node: Syntax) -> tuple[Syntax, Syntax] | None:
    """(X, v) of `P(X = v)`."""
    match node:
        case sx.Operator("P", (sx.Relation("=", sx.Name() as variable, value),), (), ()):
            shown = number(value)
            return variable, value if shown is None else sx.Numeral(shown)
    return None


def _complement(left: Syntax, right: Syntax) -> tuple[tuple[Syntax, Syntax], Syntax] | None:
    """What `p = 1 - P(X = v)` says of P(X = v)."""
    match right:
        case sx.Plus((first, sx.Negate(chance))) if first == ONE and (found := event(chance)) is not None:
            return found, sx.Plus((ONE, sx.Negate(left)))
    return None
