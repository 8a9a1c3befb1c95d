"""Expectations of polynomials: linearity, independence, and what is known of moments.

`Moments.expect` is linear; each monomial's random factors go through `moment`, which splits them over the declared
dependence and rewrites what remains with the givens.  Nothing is assumed of what is not declared.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derive.kernel import dependence
from derive.kernel.algebra import OutOfBudget, build, delta, factor_poly, multiply, opened, power
from derive.kernel.coincidences import expected_sum
from derive.kernel.context import Context
from derive.kernel.generating import exponential_moment
from derive.kernel.laws import by_distribution, by_random_law, is_one_hot, measurable, parameter
from derive.kernel.mapping import map_factor, map_poly, substitution
from derive.kernel.matching import moment_rules
from derive.kernel.monomials import (
    ONE,
    ZERO,
    Condition,
    Factor,
    Mono,
    Poly,
    Powers,
    free_indices,
    indices_of,
    is_random,
    sorted_powers,
    total,
    variables,
)
from derive.kernel.repeated import mean_of_product
from derive.kernel.rewriting import ordered_pairs
from derive.language.facts import ConditionallyIndependent, IndependentGiven
from derive.language.terms import Symbol

if TYPE_CHECKING:
    from derive.kernel.normal import Translator

Distinct = frozenset[Any]
NOTHING: Distinct = frozenset()
DEEPEST = 60  # moments inside moments, before the work is given up


class Moments:
    def __init__(self, context: Context, translator: Translator):
        self.context = context
        self.translator = translator
        self.depth = 0

    # ------------------------------------------------------------------ linearity

    def expect(self, poly: Poly, given: Condition = ()) -> Poly:
        """E[poly | given]."""
        context = self.context
        if not context.allows("linearity") and len(poly.terms) + len(poly.variables) > 1:
            return build([(("E", poly, given), 1)], []) if poly.variables else poly
        poly, known = self._measured(poly, given)
        parts = [known] if known.terms else []
        for mono, number in poly.terms.items():
            powers, bounds = opened(mono)
            drawn: list[tuple[Factor, Any]] = []
            outside: list[tuple[Factor, Any]] = []
            for pair in powers:
                (drawn if is_random(pair[0]) else outside).append(pair)
            inside = sorted_powers(drawn)
            if inside and (outside or bounds or number != 1 or len(poly.terms) > 1):
                context.rule("linearity")
            elif not inside:
                context.rule("expectation-of-constant")
            whole = expected_sum(self, powers, bounds, given)
            if whole is not None:
                parts.append(whole.scale(number))
                continue
            value = self.moment(inside, given)
            for mono_in, number_in in value.terms.items():
                powers_in, bounds_in = opened(mono_in)
                parts.append(build([*outside, *powers_in], bounds + bounds_in, number * number_in))
        result = total(parts)
        if any(f[0] == "lt" for powers, _ in result.terms for f, _ in powers):
            result = ordered_pairs(result)
        return self._refined(result)

    def _measured(self, poly: Poly, given: Condition) -> tuple[Poly, Poly]:
        """E[X | X + Y] = X + Y − E[Y | X + Y]: the leading part of a sum that is conditioned on is expressed by it."""
        known = ZERO
        for whole in given:
            if len(whole.terms) < 2 or any(mono[1] for mono in whole.terms) or any(free_indices(whole)):
                continue
            random = [mono for mono in whole.terms if any(is_random(f) for f, _ in mono[0])]
            lead = max(random, key=repr, default=None)
            if lead is not None and lead in poly.terms:
                self.context.rule("known-out")
                part = whole.scale(Fraction(poly.terms[lead]) / Fraction(whole.terms[lead]))
                poly, known = poly - part, known + part
        return poly, known

    def _refined(self, poly: Poly) -> Poly:
        """Premises applied once more inside the moments, now that conditions and independence have been used."""
        if all(r.moment for r in self.context.rules):
            return poly
        result = ZERO
        for mono, number in poly.terms.items():
            result = result + self._refined_monomial(mono).scale(number)
        return result

    def _refined_monomial(self, mono: Mono) -> Poly:
        """E[Σ contents] with the sums that only concern this moment taken inside, where a premise may meet them."""
        powers, bounds = opened(mono)
        for factor, exponent in powers:
            if factor[0] != "m" or exponent != 1:
                continue
            rest = [(f, e) for f, e in powers if f is not factor]
            elsewhere = {i[0] for f, _ in rest for i in indices_of(f)}
            elsewhere |= {i[0] for _, span in bounds for i in span} | {i[0] for p in factor[2] for i in free_indices(p)}
            inner = [b for b in bounds if b[0] not in elsewhere]
            before = build(factor[1], inner)
            after = self.translator.reduced(before)
            if after == before:
                continue
            result = ZERO
            outer = [b for b in bounds if b[0] in elsewhere]
            for mono_in, number_in in self.expect(after, factor[2]).terms.items():
                powers_in, bounds_in = opened(mono_in)
                result = result + build([*rest, *powers_in], outer + bounds_in, number_in)
            return result
        return Poly({mono: 1})

    def moment(self, contents: Powers, given: Condition, distinct: Distinct = NOTHING) -> Poly:
        """E[contents | given], with the names of its indices kept; remembered up to their names."""
        if not contents:
            return ONE
        names = self._names(contents, given)
        back = {new: (old, 0) for old, new in names.items()}
        move = substitution({old: (new, 0) for old, new in names.items()})
        contents = sorted_powers((map_factor(f, move), e) for f, e in contents)
        given = tuple(map_poly(p, move) for p in given)
        # of indices that the moment no longer has nothing is to be known, and their names may now be those of others
        distinct = frozenset(
            frozenset(move(i) for i in pair)
            for pair in distinct
            if all(i[0] in names or not i[0].startswith(("@", "&")) for i in pair)
        )
        key = (contents, given, distinct)
        value = self.context.remembered(key, lambda: self._deeper(contents, given, distinct))
        return map_poly(value, substitution(back))

    def _deeper(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly:
        if self.depth > DEEPEST:
            raise OutOfBudget
        self.depth += 1
        try:
            return self._moment(contents, given, distinct)
        finally:
            self.depth -= 1

    def _names(self, contents: Powers, given: Condition) -> dict[str, str]:
        """Short names for fresh indices, in order of appearance, so that equal moments are found again.

        The short names of a moment around this one are named anew as well: a fresh index must not meet them.
        """
        names: dict[str, str] = {}
        inside = (i for factor, _ in contents for i in indices_of(factor))
        below = sorted(i for p in given for i in free_indices(p))
        for found in (*inside, *below):
            if found[0].startswith(("@", "&")):
                names.setdefault(found[0], f"&{len(names)}")
        return names

    def again(self, poly: Poly, distinct: Distinct = NOTHING) -> Poly:
        """The polynomial with each of its moments evaluated once more."""
        result = ZERO
        for mono, number in poly.terms.items():
            powers, bounds = opened(mono)
            product = build([(f, e) for f, e in powers if f[0] != "m"], [], number)
            for factor, exponent in powers:
                if factor[0] == "m":
                    product = multiply(product, power(self.moment(factor[1], factor[2], distinct), exponent))
            for mono_in, number_in in product.terms.items():
                powers_in, bounds_in = opened(mono_in)
                result = result + build(powers_in, bounds + bounds_in, number_in)
        return result

    # ------------------------------------------------------------------ one moment

    def _moment(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly:
        attempts = (self._simplified, self._known_out, self._tower, self._split, self._single, self._rewritten)
        for attempt in (*attempts, self._conditioned):
            value = attempt(contents, given, distinct)
            if value is not None:
                return value
        return build([(("m", contents, given), 1)], [])

    def _simplified(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly | None:
        """m² = m for variables with values 0 and 1, r² = 1 for signs, one-hot products."""
        context = self.context
        changed: list[tuple[Factor, Any]] = []
        different = False
        for factor, exponent in contents:
            if factor[0] == "1" and exponent != 1:
                exponent, different = 1, True
            if factor[0] == "r" and exponent not in (0, 1) and isinstance(exponent, int) and exponent > 0:
                binary = context.is_binary(factor)
                if binary:
                    if binary is not True:
                        context.use(binary)
                    context.rule("idempotent")
                    exponent, different = 1, True
                law = context.law(factor)
                if context.is_sign(factor):
                    if law is not None and law.family == "Rademacher":
                        context.use(law)
                    context.rule("idempotent")
                    exponent, different = exponent % 2, True
                elif law is not None and law.family == "Finite" and exponent >= len(law.parameters) // 2:
                    return self._of_few_values(contents, factor, law, given, distinct)
                elif law is not None and is_one_hot(law) and exponent > 1:
                    context.use(law, "idempotent")
                    exponent, different = 1, True
            changed.append((factor, exponent))
        if different:
            return self._again(changed, given, distinct)
        return self._one_hot(contents, given, distinct)

    def _of_few_values(
        self, contents: Powers, factor: Factor, law: Any, given: Condition, distinct: Distinct
    ) -> Poly | None:
        """(x − a)(x − b)… = 0 for a variable with the values a, b, …: its highest power by the lower ones."""
        count = len(law.parameters) // 2
        vanishing, variable = ONE, factor_poly(factor)
        for k in range(count):
            vanishing = multiply(vanishing, variable - parameter(self, law, k, factor, ()))
        lower = power(variable, count) - vanishing
        pairs = [(f, e - count if f is factor else e) for f, e in contents]
        rest = build([(f, e) for f, e in pairs if e != 0], [])
        self.context.use(law, "idempotent")
        result = ZERO
        for mono, number in multiply(lower, rest).terms.items():
            powers, _ = opened(mono)
            result = result + self._again(list(powers), given, distinct).scale(number)
        return result

    def _one_hot(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly | None:
        """x_a x_b = δ_ab x_a for the indicators of a categorical variable."""
        seen: dict[Any, tuple[Factor, Any]] = {}
        for factor, exponent in contents:
            law = self.context.law(factor) if factor[0] == "r" else None
            if law is None or not is_one_hot(law):
                continue
            key = (factor[1], factor[2][:-1])
            if key in seen:
                self.context.use(law, "idempotent")
                first = seen[key][0]
                rest = [(f, e) for f, e in contents if f is not factor]
                same = delta(first[2][-1], factor[2][-1])
                return multiply(same, self._again(rest, given, distinct))
            seen[key] = (factor, exponent)
        return None

    def _again(self, pairs: list[tuple[Factor, Any]], given: Condition, distinct: Distinct) -> Poly:
        """The moment of changed contents, which may have got deterministic factors or none."""
        pairs = [(f, e) for f, e in pairs if e != 0]
        outside = [(f, e) for f, e in pairs if not is_random(f)]
        inside = sorted_powers((f, e) for f, e in pairs if is_random(f))
        value = self.moment(inside, given, distinct)
        return multiply(build(outside, []), value) if outside else value

    def _known_out(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly | None:
        """Taking out what is known."""
        if not given:
            return None
        known = [(f, e) for f, e in contents if measurable(f, given)]
        if known:
            self.context.rule("known-out")
            rest = sorted_powers((f, e) for f, e in contents if not measurable(f, given))
            return multiply(build(known, []), self.moment(rest, given, distinct))
        fewer = dependence.relevant(self.context, contents, given, distinct)
        return None if fewer is None else self.moment(contents, fewer, distinct)

    def _tower(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly | None:
        """E[g(X) E[Y | X]] = E[g(X) Y], also below a coarser condition."""
        inner = [(f, e) for f, e in contents if f[0] == "m"]
        if not inner or any(f[2] != inner[0][0][2] for f, _ in inner):
            return None
        factor = inner[0][0]
        finer = factor[2]
        if not all(p in finer for p in given):
            return None
        open_ = sorted_powers((f, e) for f, e in contents if not measurable(f, finer))
        if open_:  # E[Y g(X)] = E[E[Y | X] g(X)]
            known = [(f, e) for f, e in contents if measurable(f, finer)]
            self.context.rule("tower")
            return self.expect(multiply(build(known, []), self.moment(open_, finer, distinct)), given)
        if len(inner) != 1 or inner[0][1] != 1:
            return None
        rest = [(f, e) for f, e in contents if f is not factor]
        self.context.rule("tower")
        return self.expect(self.translator.reduced(build([*factor[1], *rest], [])), given)

    def _conditioned(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly | None:
        """E[Y Z] = E[E[Y | X] E[Z | X]] where Y and Z are independent given X: a moment that nothing else is known of."""
        if given or len(contents) < 2 or not self.context.allows("tower"):
            return None
        names = {name for f, _ in contents for name, _ in variables(f)}
        statements: list[ConditionallyIndependent | IndependentGiven] = [*self.context.conditional]
        for statement in [*statements, *self.context.given_others]:
            if isinstance(statement, IndependentGiven):
                sides = [{m.name for m in group} for group in statement.groups]
            else:
                sides = [{m.name for m in ms} for ms in (statement.left, statement.right)]
                if not all(names & side for side in sides):
                    continue
            known = {m.name for m in statement.given}
            if not any(names & side for side in sides) or not names <= known.union(*sides):
                continue
            condition = self._condition_of(statement.given)
            open_ = sorted_powers((f, e) for f, e in contents if not measurable(f, condition))
            if dependence.independent_groups(self.context, open_, condition, distinct) is None:
                continue
            outside = [(f, e) for f, e in contents if measurable(f, condition)]
            self.context.rule("tower")
            return self.expect(multiply(build(outside, []), self.moment(open_, condition, distinct)))
        return None

    def _condition_of(self, members: Any) -> Condition:
        from derive.kernel.operators import condition

        symbols = self.context.facts.symbols
        terms = tuple(Symbol(m.name, m.indices, symbols[m.name].shape) for m in members if m.name in symbols)
        return condition(self.translator, terms, {})

    def _split(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly | None:
        """Coinciding indices first, then independence."""
        product = mean_of_product(self, contents) if not given else None
        if product is not None:
            return product
        pair = dependence.open_pair(self.context, contents, distinct)
        if pair is not None:
            a, b = pair
            self.context.rule("coinciding-indices")
            same_index = substitution({max(a, b)[0]: (min(a, b)[0], min(a, b)[1] - max(a, b)[1])})
            low = [(map_factor(f, same_index), e) for f, e in contents]
            given_low = tuple(map_poly(p, same_index) for p in given)
            same = self.moment(sorted_powers(low), given_low, distinct)
            other = self.moment(contents, given, distinct | {frozenset((a, b))})
            meet = delta(a, b)
            return multiply(meet, same) + multiply(ONE - meet, other)
        groups = dependence.independent_groups(self.context, contents, given, distinct)
        if groups is None:
            return None
        result = ONE
        for group in groups:
            result = multiply(result, self.moment(group, given, distinct))
        return result

    def _single(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly | None:
        """Moments by distribution, and one representative for identically distributed variables."""
        value = by_random_law(self, contents, given)
        if value is not None:
            return value
        if given:
            move = dependence.representative_given(self.context, contents, given)
            if move is None:
                return None
            self.context.rule("identical-distribution")
            return self.moment(sorted_powers((move(f), e) for f, e in contents), given, distinct)
        for known in (by_distribution(self, contents), exponential_moment(self, contents)):
            if known is not None:
                return known
        move = dependence.representative(self.context, contents)
        move = move or dependence.first_members(self.context, contents, distinct)
        move = move or dependence.alike(self.context, contents)
        if move is None:
            return None
        self.context.rule("identical-distribution")
        return self.moment(sorted_powers((move(f), e) for f, e in contents), given, distinct)

    def _rewritten(self, contents: Powers, given: Condition, distinct: Distinct) -> Poly | None:
        """By an equation between moments that is given."""
        for value, rule in moment_rules(self.context, contents, given, distinct):
            rule.log(self.context)
            return self.again(value, distinct)
        return dependence.conditioned(self, contents, given, distinct)
