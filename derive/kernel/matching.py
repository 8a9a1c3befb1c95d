"""Rewriting rules made from given equations, and finding where they apply.

A pattern is a product of factors whose indices may be pattern letters: `?i` stands for any index (the same one each
time), `%k` for an index that is summed and stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from derive.kernel.algebra import build, delta, multiply
from derive.kernel.context import Context
from derive.kernel.laws import measurable
from derive.kernel.mapping import map_poly, substitution
from derive.kernel.monomials import ONE, Condition, Factor, Ix, Poly, Powers, indices_of
from derive.language.facts import Given

Env = dict[str, Ix]
Distinct = frozenset[Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """`Π pattern = replacement`.  `moment`: the pattern is the contents of one moment under `condition`.

    `spans` are the ranges of the pattern's summed letters; `distinct`: pairs of letters that must differ.
    `through`: further givens that made the rule what it is.
    """

    pattern: tuple[Factor, ...]
    replacement: Poly
    given: Given | None
    name: str
    moment: bool = False
    condition: Condition = ()
    spans: dict[str, tuple[Ix, Ix]] = field(default_factory=dict)
    distinct: tuple[tuple[Ix, Ix], ...] = ()
    through: tuple[Given, ...] = ()

    def log(self, context: Context, name: str = "") -> None:
        """Notes that the rule was used, under its own name or another."""
        context.use(self.given, name or self.name)
        for given in self.through:
            context.use(given)


def occurrences(powers: Powers) -> list[Factor] | None:
    """Factors repeated by their exponents; None when an exponent is not a small positive integer."""
    result: list[Factor] = []
    for factor, exponent in powers:
        if not isinstance(exponent, int) or exponent < 1 or exponent > 8:
            return None
        result.extend([factor] * exponent)
    return result


# ------------------------------------------------------------------ matching factors


def match_index(pattern: Ix, target: Ix, env: Env) -> Env | None:
    if pattern[0][:1] in ("?", "%"):
        value = (target[0], target[1] - pattern[1])
        if pattern[0] in env:
            return env if env[pattern[0]] == value else None
        return {**env, pattern[0]: value}
    return env if pattern == target else None


def match_slots(pattern: tuple[Ix, ...], target: tuple[Ix, ...], env: Env) -> Env | None:
    if len(pattern) != len(target):
        return None
    for p, t in zip(pattern, target, strict=True):
        found = match_index(p, t, env)
        if found is None:
            return None
        env = found
    return env


def match_factor(pattern: Factor, target: Factor, env: Env) -> Iterator[Env]:
    """All ways in which a pattern factor is the target factor."""
    if pattern[0] != target[0]:
        return
    match pattern[0]:
        case "s" | "r":
            if pattern[1] != target[1] or len(pattern) != len(target):
                return
            ways = [pattern[2]]
            if len(pattern) == 4:
                ways.append((*pattern[2][:-2], pattern[2][-1], pattern[2][-2]))
            for slots in ways:
                found = match_slots(slots, target[2], env)
                if found is not None:
                    yield found
        case "m":
            for found in match_contents(list(pattern[1]), list(target[1]), env):
                if _same_condition(pattern[2], target[2], found):
                    yield found
        case "i":
            ways = [(pattern[2], pattern[3])]
            if pattern[4]:
                ways.append((pattern[3], pattern[2]))
            for slots in ways:
                found = match_slots(slots, target[2:4], env)
                if found is not None and match_poly(pattern[1], target[1], found):
                    yield found
        case "f":
            found = match_slots(pattern[4], target[4], env)
            if found is None or pattern[1:3] != target[1:3] or len(pattern[3]) != len(target[3]):
                return
            yield from _match_args(pattern[3], target[3], found)
        case "1":
            if pattern[1] == target[1]:
                yield from _match_args(pattern[2:3], target[2:3], env)
        case "v":
            found = match_index(pattern[1], target[1], env)
            if found is not None:
                yield found
        case _:
            if pattern == target:
                yield env


def _match_args(pattern: tuple[Poly, ...], target: tuple[Poly, ...], env: Env) -> Iterator[Env]:
    if not pattern:
        yield env
        return
    for found in match_polys(pattern[0], target[0], env):
        yield from _match_args(pattern[1:], target[1:], found)


def match_polys(pattern: Poly, target: Poly, env: Env) -> Iterator[Env]:
    """Ways in which polynomials match: equal already, or term by term."""
    if match_poly(pattern, target, env):
        yield env
        return
    if len(pattern.terms) != len(target.terms) or len(pattern.terms) > 4:
        return
    candidates = [env]
    for (powers, ranges), number in sorted(pattern.terms.items(), key=repr):
        if ranges:
            return
        longer: list[Env] = []
        for partial in candidates:
            for (other, other_ranges), other_number in sorted(target.terms.items(), key=repr):
                if other_number == number and not other_ranges:
                    longer.extend(match_contents(list(powers), list(other), partial))
        candidates = longer
    for found in candidates:
        if match_poly(pattern, target, found):
            yield found


def match_poly(pattern: Poly, target: Poly, env: Env) -> bool:
    return pattern == target or map_poly(pattern, substitution(env)) == target


def _same_condition(pattern: Condition, target: Condition, env: Env) -> bool:
    if len(pattern) != len(target):
        return False
    moved = [map_poly(p, substitution(env)) for p in pattern]
    return all(p in target for p in moved)


def match_contents(pattern: list[Any], target: list[Any], env: Env) -> Iterator[Env]:
    """Multisets with exponents, matched whole; ε_a ε_b also matches ε_k²."""
    many = occurrences(tuple(pattern)), occurrences(tuple(target))
    if many[0] is None or many[1] is None:
        if pattern == target:
            yield env
        return
    if len(many[0]) == len(many[1]):
        for found, _ in match_some(many[0], many[1], env):
            yield found


def match_some(pattern: list[Factor], target: list[Factor], env: Env) -> Iterator[tuple[Env, list[Factor]]]:
    """Ways in which each pattern factor is a factor of its own in the target; with what is left of the target."""
    if not pattern:
        yield env, target
        return
    first, *rest = pattern
    tried: set[Factor] = set()
    for k, factor in enumerate(target):
        if factor in tried:
            continue
        tried.add(factor)
        for found in match_factor(first, factor, env):
            yield from match_some(rest, target[:k] + target[k + 1 :], found)


# ------------------------------------------------------------------ moments by given equations


def moment_rules(
    context: Context, contents: Powers, given: Condition, distinct: Distinct
) -> Iterator[tuple[Poly, Rule]]:
    """Values of E[contents | given] by the given equations; they may contain moments again."""
    many = occurrences(contents)
    if many is None:
        return
    for rule in context.rules:
        if not rule.moment or len(rule.pattern) != len(many) or len(rule.condition) != len(given):
            continue
        for env, _ in match_some(list(rule.pattern), many, {}):
            if not _same_condition(rule.condition, given, env):
                continue
            value = guarded(context, rule, env, contents, given, distinct)
            if value is not None and not _mentions(value, contents):
                yield value, rule
    if not given:
        yield from _uncorrelated(context, many, contents, distinct)


def guarded(
    context: Context, rule: Rule, env: Env, contents: Powers, given: Condition, distinct: Distinct
) -> Poly | None:
    """The rule's value, on the condition that its indices differ: (1 − δ)·value + δ·moment."""
    move = substitution(env)
    value = map_poly(rule.replacement, move)
    for a, b in rule.distinct:
        differ = context.differ(move(a), move(b), distinct)
        if differ is False:
            return None
        if differ is None:
            meet = delta(move(a), move(b))
            if multiply(meet, _atom(contents, given)) == _atom(contents, given):
                return None
            value = multiply(ONE - meet, value) + multiply(meet, _atom(contents, given))
    return value


def _mentions(value: Poly, contents: Powers) -> bool:
    """Whether a value brings the same moment back: such a rule says nothing here."""
    return any(f[0] == "m" and f[1] == contents and e == 1 and len(p) == 1 for p, _ in value.terms for f, e in p)


def _atom(contents: Powers, given: Condition) -> Poly:
    return build([(("m", contents, given), 1)], [])


def _uncorrelated(
    context: Context, many: list[Factor], contents: Powers, distinct: Distinct
) -> Iterator[tuple[Poly, Rule]]:
    """E[XY] = E[X]E[Y] for uncorrelated variables."""
    if len(many) != 2 or many[0] == many[1] or any(f[0] != "r" for f in many) or not context.allows("uncorrelated"):
        return
    for statement in context.uncorrelated:
        if all(any(_is_member(m, f) for m in statement.members) for f in many):
            value = multiply(_atom(((many[0], 1),), ()), _atom(((many[1], 1),), ()))
            same = many[0][1] == many[1][1]
            pairs: tuple[tuple[Ix, Ix], ...] = ()
            if same:
                if not any(m.each and m.name == many[0][1] for m in statement.members):
                    continue
                count = len(context.facts.symbols[many[0][1]].families) or len(many[0][2])
                open_slots = [(a, b) for a, b in zip(many[0][2][:count], many[1][2][:count], strict=False) if a != b]
                if len(open_slots) != 1:
                    continue
                pairs = tuple(open_slots)
            rule = Rule((), value, statement, "uncorrelated", distinct=pairs)
            found = guarded(context, rule, {}, contents, (), distinct)
            if found is not None:
                yield found, rule


def _is_member(member: Any, factor: Factor) -> bool:
    if member.name != factor[1]:
        return False
    own = tuple((i.base or "", i.offset) for i in member.indices)
    return all(a == b for a, b in zip(own, factor[2], strict=False))


def conditional_rules(moments: Any, contents: Powers, given: Condition, distinct: Distinct) -> Iterator[Poly]:
    """E[A·g(X)] = E[E[A | X]·g(X)] where a given says what E[A | X] is."""
    context: Context = moments.context
    many = occurrences(contents)
    if many is None or not context.allows("tower"):
        return
    for rule in context.rules:
        if not rule.moment or not rule.condition or len(rule.pattern) > len(many):
            continue
        for env, rest in match_some(list(rule.pattern), many, {}):
            condition = tuple(map_poly(p, substitution(env)) for p in rule.condition)
            if condition == given or not all(p in condition for p in given):
                continue
            if not all(measurable(f, condition) for f in rest):
                continue
            value = map_poly(rule.replacement, substitution(env))
            rule.log(context, "tower")
            product = multiply(value, build([(f, 1) for f in rest], []))
            yield moments.expect(moments.translator.reduced(product), given)
            return


# ------------------------------------------------------------------ premises inside a monomial


def rewrite_once(context: Context, rule: Rule, powers: Powers, bounds: list[Any]) -> Poly | None:
    """The monomial Σ_bounds Π powers with the rule applied at one place, or None."""
    usable = [(f, e) for f, e in powers if isinstance(e, int) and 0 < e <= 8]
    many = occurrences(tuple(usable))
    if not many or len(many) < len(rule.pattern):
        return None
    kept = [(f, e) for f, e in powers if not (isinstance(e, int) and 0 < e <= 8)]
    spans = dict(bounds)
    for env, rest in match_some(list(rule.pattern), many, {}):
        if not _summed_alone(rule, env, rest, kept, spans):
            continue
        move = substitution(env)
        if any(context.differ(move(a), move(b), frozenset()) is not True for a, b in rule.distinct):
            continue
        left = [(n, s) for n, s in bounds if n not in {env[k][0] for k in rule.spans}]
        result = Poly({})
        from derive.kernel.algebra import opened

        for mono, number in map_poly(rule.replacement, move).terms.items():
            inner, inner_bounds = opened(mono)
            pairs = [*((f, 1) for f in rest), *kept, *inner]
            result = result + build(pairs, [*left, *inner_bounds], number)
        return result
    return None


def rewrite_reciprocal(rule: Rule, powers: Powers, bounds: list[Any]) -> Poly | None:
    """The monomial with 1/s² replaced by 1/v, where the rule says s² = v; or None."""
    from derive.kernel.algebra import power

    if len(rule.pattern) != 2 or rule.pattern[0] != rule.pattern[1] or rule.spans or rule.distinct:
        return None
    for place, (factor, exponent) in enumerate(powers):
        if not isinstance(exponent, int) or exponent > -2:
            continue
        for env in match_factor(rule.pattern[0], factor, {}):
            value = map_poly(rule.replacement, substitution(env))
            if not value.terms:
                return None
            rest = [*powers[:place], (factor, exponent + 2), *powers[place + 1 :]]
            return multiply(build(rest, bounds), power(value, -1))
    return None


def _summed_alone(rule: Rule, env: Env, rest: list[Factor], kept: list[Any], spans: dict[str, Any]) -> bool:
    """Each summed letter is a bound index over the right range that stands nowhere outside of the match."""
    values = [env[k] for k in rule.spans]
    if len({v[0] for v in values}) != len(values):
        return False
    outside = {i[0] for f in [*rest, *(f for f, _ in kept)] for i in indices_of(f)}
    others = {env[k][0] for k in env if k not in rule.spans}
    for letter, value in zip(rule.spans, values, strict=True):
        if value[1] or value[0] not in spans or value[0] in outside or value[0] in others:
            return False
        if spans[value[0]] != rule.spans[letter]:
            return False
    return True
