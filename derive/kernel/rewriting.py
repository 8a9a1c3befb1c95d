"""Given equations as rewriting rules, applied until nothing changes; and normal forms of special factors."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from derive.kernel.algebra import (
    LARGEST_SUM,
    build,
    delta,
    factor_poly,
    multiply,
    opened,
    power,
)
from derive.kernel.context import Context
from derive.kernel.mapping import map_factor, map_poly, substitution
from derive.kernel.matching import Rule, occurrences, rewrite_once, rewrite_reciprocal
from derive.kernel.monomials import (
    ZERO,
    Factor,
    Ix,
    Mono,
    Poly,
    bound_names,
    indices_of,
    is_random,
)
from derive.kernel.places import FIRST, NotCovered
from derive.kernel.powers import positive
from derive.language.facts import Equation, Property
from derive.language.terms import SCALAR, Correlation, Symbol, walk

if TYPE_CHECKING:
    from derive.kernel.normal import Translator

LONGEST = 400  # rewriting steps for one polynomial


# ------------------------------------------------------------------ rules from givens


def prepare(context: Context, translator: Translator) -> None:
    """Turns the given equations into rules, one after the other, each normal under those before."""
    put_off: list[Equation] = []
    for equation in sorted(
        context.equations, key=_correlated
    ):  # with the variances known, a correlation says what a moment is
        if context.allows("given-moment" if equation.kind == "moment" else "premise"):
            _from_equation(context, translator, equation, put_off)
    for equation in put_off:
        _from_equation(context, translator, equation)
    for name, known in context.properties.items():
        for word, given in known.items():
            _from_property(context, translator, name, word, given)
    context.rules_used.clear()
    context.givens_used.clear()
    context.memo.clear()


def _correlated(equation: Equation) -> bool:
    return any(isinstance(t, Correlation) for side in (equation.lhs, equation.rhs) for t in walk(side))


def _from_equation(
    context: Context, translator: Translator, equation: Equation, put_off: list[Equation] | None = None
) -> None:
    """The rule that an equation is; of a matrix that is written out, one for each component.

    Of a defined symbol, `Var(x_t) = γ` says nothing of one moment alone: what it says is known with the other givens,
    so that it is put off until they are rules.
    """
    rows, columns = equation.lhs.shape
    row = ("?row", 0) if rows != 1 else FIRST
    column = ("?col", 0) if columns != 1 else FIRST
    try:
        rule = _rule(context, translator, equation, row, column)
        if put_off is not None and rule is not None and equation.kind == "moment" and not rule.moment:
            put_off.append(equation)
        elif rule is not None:
            context.rules.append(rule)
    except NotCovered:
        if isinstance(rows, int) and isinstance(columns, int) and 1 < rows * columns <= LARGEST_SUM:
            for place in product(range(1, rows + 1), range(1, columns + 1)):
                with suppress(NotCovered):
                    if (rule := _rule(context, translator, equation, ("", place[0]), ("", place[1]))) is not None:
                        context.rules.append(rule)


def _rule(context: Context, translator: Translator, equation: Equation, row: Ix, column: Ix) -> Rule | None:
    letters = _letters(context, equation)
    pairs = tuple((_letter(a, letters), _letter(b, letters)) for a, b in equation.distinct)
    before = context.distinct
    context.distinct = before | {frozenset(p) for p in pairs}
    try:
        with context.recording() as (_, givens):
            left = reduce(context, translator.component(equation.lhs, row, column, letters))
            right = reduce(context, translator.component(equation.rhs, row, column, letters))
            rule = _orient(translator, left, right, equation, pairs)
    finally:
        context.distinct = before
        context.memo.clear()
    through = tuple(g for g in givens.values() if g is not equation)
    return replace(rule, through=through) if rule is not None and through else rule


def _letters(context: Context, equation: Equation) -> dict[str, Ix]:
    """Free index letters of an equation hold for every value: `i` becomes the pattern letter `?i`."""
    from derive.language.terms import Entry, Function, IndexValue, Line, Sum, walk

    found: set[str] = set()
    for side in (equation.lhs, equation.rhs):
        bound = {t.index for t in walk(side) if isinstance(t, Sum)}
        for term in walk(side):
            indices: tuple[Any, ...] = ()
            if isinstance(term, (Symbol, Function)):
                indices = term.indices
            elif isinstance(term, Entry):
                indices = (term.row, term.column)
            elif isinstance(term, (Line, IndexValue)):
                indices = (term.index,)
            found |= {i.base for i in indices if i.base and i.base not in bound}
    return {name: (f"?{name}", 0) for name in found if context.facts.role(name) != "dimension"}


def _letter(index: Any, letters: dict[str, Ix]) -> Ix:
    base = letters.get(index.base or "", (index.base or "", 0))
    return (base[0], base[1] + index.offset)


def _orient(
    translator: Translator, left: Poly, right: Poly, equation: Equation, pairs: tuple[tuple[Ix, Ix], ...]
) -> Rule | None:
    difference = left - right
    if not difference.terms:
        return None
    moments = [m for m in left.terms if _single_moment(m) and m in difference.terms]
    if not moments and not any(is_random(f) or f[0] == "m" for powers, _ in left.terms for f, _ in powers):
        moments = [m for m in right.terms if _single_moment(m) and m in difference.terms]  # `σ² = Var(X)`
    if moments:
        lead = max(moments, key=lambda m: (_degree(m), repr(m)))
        name = "mean" if _degree(lead) == 1 else "second-moment" if _degree(lead) == 2 else "given-moment"
        rule = _moment_rule(translator, difference, lead, equation, name, pairs)
        if rule is not None:
            return rule
    options = sorted(difference.terms, key=lambda m: (-_degree(m), repr(m)))
    if len(left.terms) == 1 and next(iter(left.terms)) in difference.terms:
        options = [next(iter(left.terms)), *options]
    for lead in options:
        rule = _premise_rule(translator, difference, lead, equation, pairs)
        if rule is not None and not _loops(rule, difference, lead):
            return rule
    return None


def _single_moment(mono: Mono) -> bool:
    kinds = [f[0] for f, e in mono[0]]
    return not mono[1] and kinds.count("m") == 1 and all(e == 1 for f, e in mono[0] if f[0] == "m") and "r" not in kinds


def _degree(mono: Mono) -> int:
    total = 0
    for factor, exponent in mono[0]:
        if factor[0] == "m":
            total += sum(int(e) for _, e in factor[1])
        elif factor[0] not in ("v", "d", "lt"):
            total += max(int(exponent), 0)
    return total


def _loops(rule: Rule, difference: Poly, lead: Mono) -> bool:
    for mono in difference.terms:
        if mono != lead:
            powers, bounds = opened(mono)
            plain = Context.__new__(Context)
            plain.distinct = frozenset()
            if rewrite_once(plain, rule, powers, bounds) is not None:
                return True
    return False


def _moment_rule(
    translator: Translator, difference: Poly, lead: Mono, equation: Any, name: str, pairs: tuple[tuple[Ix, Ix], ...]
) -> Rule | None:
    """moment = −(rest)/coefficient, where what stands before the moment is known not to be zero."""
    moment = next(f for f, _ in lead[0] if f[0] == "m")
    before, rest = ZERO, ZERO
    for mono, number in difference.terms.items():
        others = tuple((f, e) for f, e in mono[0] if f != moment)
        if len(others) < len(mono[0]) and not mono[1] and dict(mono[0])[moment] == 1:
            before = before + build(others, [], number)
        else:
            rest = rest + Poly({mono: number})
    inside = occurrences(moment[1])
    if inside is None or any(f[0] == "d" for powers, _ in before.terms for f, _ in powers):
        return None
    if not is_nonzero(translator, before):
        return None
    rest = multiply(-rest, power(before, -1))
    return Rule(tuple(inside), rest, equation, name, True, moment[2], {}, pairs)


def is_nonzero(translator: Translator, poly: Poly) -> bool:
    """Whether a scalar is known not to be zero: by a given, as the end of a range, or because it is divided by there."""
    if poly.constant() is not None:
        return bool(poly.terms)
    for left, right, given in translator.context.nonzero:
        scalars = left.shape == right.shape == SCALAR
        if scalars and _proportional(translator.scalar(left) - translator.scalar(right), poly):
            translator.context.use(given)
            return True
    if len(poly.terms) != 1:
        return False
    (powers, ranges), *_ = poly.terms
    return not ranges and all(
        e < 0 or f[0] == "v" or positive(translator, f) or (len(powers) > 1 and is_nonzero(translator, factor_poly(f)))
        for f, e in powers
    )


def _proportional(a: Poly, b: Poly) -> bool:
    if a.terms.keys() != b.terms.keys() or not a.terms:
        return False
    ratios = {Fraction(a.terms[m]) / Fraction(b.terms[m]) for m in a.terms}
    return len(ratios) == 1


def _premise_rule(
    translator: Translator, difference: Poly, lead: Mono, equation: Any, pairs: tuple[tuple[Ix, Ix], ...]
) -> Rule | None:
    """Σ lead = −(rest)/coefficient; scalar factors of the lead that are not zero are brought to the other side."""
    powers, ranges = lead
    names = [n for n, _ in bound_names(powers, len(ranges))]
    core: list[tuple[Factor, Any]] = []
    scalars: list[tuple[Factor, Any]] = []
    for factor, exponent in powers:
        letters = [i for i in indices_of(factor) if i[0][:1] == "?" or i[0] in names]
        wanted = bool(letters) or factor[0] in ("r", "m", "i", "f")
        spared = not wanted and (exponent < 0 or is_nonzero(translator, factor_poly(factor)))
        (scalars if spared else core).append((factor, exponent))
    if not core:
        core, scalars = scalars, []
    core = [(f, e) for f, e in core if f[0] != "lt"]
    if not core or any(f[0] in ("d", "v") for f, _ in core):
        return None
    move = substitution({n: (f"%{k}", 0) for k, n in enumerate(names)})
    many = occurrences(tuple(core))
    if many is None:
        return None
    rest = (difference - Poly({lead: difference.terms[lead]})).scale(Fraction(-1) / Fraction(difference.terms[lead]))
    rest = multiply(rest, build([(f, -e) for f, e in scalars], []))
    spans = {f"%{k}": span for k, span in enumerate(ranges)}
    return Rule(tuple(map_factor(f, move) for f in many), rest, equation, "premise", False, (), spans, pairs)


def _from_property(context: Context, translator: Translator, name: str, word: str, given: Any) -> None:
    info = context.facts.symbols.get(name)
    if info is None or not isinstance(given, Property) or word not in ("orthogonal", "idempotent"):
        return
    own = tuple((f"?f{k}", 0) for k in range(len(info.families)))

    def part(row: Ix, column: Ix) -> Factor:
        return _plain_factor(translator, name, own, row, column)

    a, b, k = ("?a", 0), ("?b", 0), ("%0", 0)
    from derive.kernel.places import span_of

    if word == "idempotent":
        spans = {"%0": span_of(info.shape[0])}
        both = (part(a, k), part(k, b))
        context.rules.append(Rule(both, factor_poly(part(a, b)), given, "idempotent-matrix", spans=spans))
        return
    context.rules.append(
        Rule((part(k, a), part(k, b)), delta(a, b), given, "orthogonal", spans={"%0": span_of(info.shape[0])})
    )
    if info.shape[0] == info.shape[1]:
        context.rules.append(
            Rule((part(a, k), part(b, k)), delta(a, b), given, "orthogonal", spans={"%0": span_of(info.shape[1])})
        )


def _plain_factor(translator: Translator, name: str, own: tuple[Ix, ...], a: Ix, b: Ix) -> Factor:
    (mono, _), *_ = translator._plain(name, own, (a, b)).terms.items()
    return mono[0][0][0]


# ------------------------------------------------------------------ applying them


def reduce(context: Context, poly: Poly) -> Poly:
    """The polynomial with all premise rules applied until none fits."""
    rules = [r for r in context.rules if not r.moment]
    if not rules:
        return poly
    steps = 0
    done = ZERO
    todo = poly
    while todo.terms:
        mono = next(iter(todo.terms))
        coefficient = todo.terms[mono]
        todo = todo - Poly({mono: coefficient})
        powers, bounds = opened(mono)
        for rule in rules:
            if not _possible(rule, powers):
                continue
            value = rewrite_once(context, rule, powers, bounds)
            if value is None:
                value = rewrite_reciprocal(rule, powers, bounds)
            if value is not None:
                rule.log(context)
                todo = todo + value.scale(coefficient)
                break
        else:
            done = done + Poly({mono: coefficient})
        steps += 1
        if steps > LONGEST:
            return done + todo
    return done


def _possible(rule: Rule, powers: Any) -> bool:
    heads = {f[:2] if f[0] in ("s", "r", "f") else f[0] for f, _ in powers}
    return all((f[:2] if f[0] in ("s", "r", "f") else f[0]) in heads for f in rule.pattern)


def ordered_pairs(poly: Poly) -> Poly:
    """Σ_{i<j} of what is symmetric in i and j is half of Σ_{i≠j}."""
    if not any(f[0] == "lt" for powers, _ in poly.terms for f, _ in powers):
        return poly
    result = ZERO
    for mono, coefficient in poly.terms.items():
        result = result + _ordered_pair(mono).scale(coefficient)
    return result


def _ordered_pair(mono: Mono) -> Poly:
    powers, bounds = opened(mono)
    spans = dict(bounds)
    for factor, _ in powers:
        if factor[0] != "lt":
            continue
        a, b = factor[1], factor[2]
        if a[0] not in spans or b[0] not in spans or a[1] or b[1] or spans[a[0]] != spans[b[0]]:
            continue
        rest = [(f, e) for f, e in powers if f is not factor]
        straight = build(rest, bounds)
        together = multiply(build(rest, []), delta(a, b))
        swap = substitution({a[0]: b, b[0]: a})
        if map_poly(build(rest, []), swap) == build(rest, []):
            diagonal = ZERO
            for inner, number_in in together.terms.items():
                inner_powers, inner_bounds = opened(inner)
                diagonal = diagonal + build(inner_powers, [*bounds, *inner_bounds], number_in)
            return (straight - diagonal).scale(Fraction(1, 2))
    return Poly({mono: 1})
