"""False rules as students apply them: each lists what it makes of one subterm of the left side.

A false rule is recognised when its result is what stands on the right.  None is ever used to prove anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from derive.judge.buggy_algebra import (
    commuted_square,
    determinant_of_sum,
    diagonal_forgotten,
    forgotten_sum,
    inverse_of_product,
    inverse_of_sum,
    lost_diagonal,
    off_diagonal_forgotten,
    sorted_factors,
    square_of_sum,
    trace_of_identity,
    trace_of_product,
    transpose_order,
    with_sign,
)
from derive.judge.randomly import is_random
from derive.language.facts import Claim, Equation, Facts
from derive.language.terms import (
    SCALAR,
    Add,
    Covariance,
    Expectation,
    Function,
    Inverse,
    Mul,
    Number,
    Pow,
    SquaredNorm,
    Sum,
    Symbol,
    Term,
    Variance,
    number,
    walk,
)
from derive.rules.construct import factors_of, negate, plus, power, times, transposed
from derive.rules.matching import instance
from derive.rules.traverse import places, replaced, transform

Bug = Callable[[Term, Facts], Iterable[Term]]
TWO = number(2)


def unfolded(term: Term, facts: Facts, depth: int = 6) -> Term:
    """Symbols with a definition replaced by it, repeatedly but not for ever."""
    definitions = [g for g in facts.givens if isinstance(g, Equation) and g.kind == "definition"]

    def open_(part: Term) -> Term:
        for definition in definitions:
            found = instance(definition, part, facts)
            if found is not None:
                return found[0]
        return part

    for _ in range(depth):
        new = transform(term, open_) if definitions else term
        if new == term:
            return term
        term = new
    return term


# ------------------------------------------------------------------ expectations


def square_of_mean(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Expectation(Pow(base, Number(value)), given) if value.denominator == 1 and value > 1:
            yield Pow(Expectation(base, given), number(value))
        case Expectation(Mul(args), given) if any(isinstance(a, Pow) and not _is_inverse(a) for a in args):
            outside = [f for f in args if not is_random(f, facts)]
            inside = [f for f in args if is_random(f, facts)]
            yield times(*outside, *(_mean_of_factor(f, given) for f in inside))


def _mean_of_factor(factor: Term, given: tuple[Term, ...]) -> Term:
    if isinstance(factor, Pow) and isinstance(factor.exponent, Number):
        return Pow(Expectation(factor.base, given), factor.exponent)
    return Expectation(factor, given)


def mean_of_product(term: Term, facts: Facts) -> Iterator[Term]:
    if not isinstance(term, Expectation):
        return
    factors = factors_of(term.arg)
    random = [f for f in factors if is_random(f, facts)]
    if len(random) < 2 or _squares_alone(term.arg, facts):
        return
    yield times(*(Expectation(f, term.given) if is_random(f, facts) else f for f in factors))
    for cut in range(1, len(factors)):
        left, right = times(*factors[:cut]), times(*factors[cut:])
        yield times(Expectation(left, term.given), Expectation(right, term.given))


def product_as_sum(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Expectation(Mul(args), given) if len({a.shape for a in args}) == 1:
            random = [f for f in args if is_random(f, facts)]
            rest = [f for f in args if not is_random(f, facts)]
            if len(random) > 1:
                yield times(*rest, plus(*(Expectation(f, given) for f in random)))


def function_of_mean(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Expectation(Function() as inner, given) if not inner.order:
            args = tuple(Expectation(a, given) if is_random(a, facts) else a for a in inner.args)
            yield Function(inner.name, args, inner.shape, inner.indices, inner.entrywise)
        case Expectation(inner, ()) if any(isinstance(t, Function) for t in walk(inner)):
            yield transform(inner, lambda t: _mean_put_in(t, facts))


def mean_put_in_square(term: Term, facts: Facts) -> Iterator[Term]:
    """E[xᵀx] = E[x]ᵀE[x], E[Σ x_i²] = Σ E[x_i]²: a mean is put in for each symbol, in squares alone."""
    match term:
        case Expectation(inner, ()) if not isinstance(inner, Symbol) and _squares_alone(inner, facts):
            yield transform(inner, lambda t: _mean_put_in(t, facts))


def mean_put_in_product(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Expectation(inner, ()) if not isinstance(inner, Symbol) and not any(map(_is_no_polynomial, walk(inner))):
            yield transform(inner, lambda t: _mean_put_in(t, facts))


def mean_put_in_ratio(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Expectation(inner, ()) if any(_is_inverse(t) for t in walk(inner)):
            yield transform(inner, lambda t: _mean_put_in(t, facts))


def _is_no_polynomial(term: Term) -> bool:
    return isinstance(term, Function) or _is_inverse(term)


def _squares_alone(term: Term, facts: Facts) -> bool:
    """Whether only one random symbol stands in each product."""
    if any(map(_is_no_polynomial, walk(term))):
        return False
    products = [t for t in walk(term) if isinstance(t, Mul | Pow | SquaredNorm)]
    return bool(products) and all(
        len({s for s in walk(p) if isinstance(s, Symbol) and facts.role(s.name) == "random"}) < 2 for p in products
    )


def _mean_put_in(term: Term, facts: Facts) -> Term:
    return Expectation(term) if isinstance(term, Symbol) and facts.role(term.name) == "random" else term


def mean_of_ratio(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Expectation(Pow(base, Number(value)), given) if value < 0:
            yield Pow(Expectation(base, given), number(value))
        case Expectation(Inverse(arg, pseudo), given):
            yield Inverse(Expectation(arg, given), pseudo)
        case Expectation(Mul(args), given) if any(_is_inverse(a) for a in args):
            yield times(*(_mean_of_ratio_factor(a, given, facts) for a in args))


def _is_inverse(term: Term) -> bool:
    return isinstance(term, Inverse) or (
        isinstance(term, Pow) and isinstance(term.exponent, Number) and term.exponent.value < 0
    )


def _mean_of_ratio_factor(factor: Term, given: tuple[Term, ...], facts: Facts) -> Term:
    if not is_random(factor, facts):
        return factor
    if isinstance(factor, Inverse):
        return Inverse(Expectation(factor.arg, given), factor.pseudo)
    return _mean_of_factor(factor, given)


def fourth_moment(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Expectation(Pow(base, Number(value)), given) if value == 4:
            yield Pow(Expectation(Pow(base, TWO), given), TWO)
            yield times(number(3), Pow(Expectation(Pow(base, TWO), given), TWO))


# ------------------------------------------------------------------ variances


def variance_linear(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Variance(Mul(args), given):
            outside = [a for a in args if not is_random(a, facts)]
            inside = [a for a in args if is_random(a, facts)]
            if outside and inside:
                yield times(*outside, Variance(times(*inside), given))
                numbers = [a for a in outside if a.shape == SCALAR]
                if numbers and len(numbers) < len(outside):
                    yield times(*numbers, Variance(times(*(a for a in args if a not in numbers)), given))
                if term.shape != SCALAR:
                    yield times(*outside, *outside, Variance(times(*inside), given))
        case Variance(Add(args), given) if all(a.shape == SCALAR for a in args):
            if any(_splits(a, facts) for a in args):
                items = [next(variance_linear(Variance(a, given), facts), Variance(a, given)) for a in args]
                pairs = [
                    times(TWO, Covariance(a, b, given))
                    for k, a in enumerate(args)
                    for b in args[k + 1 :]
                    if is_random(a, facts) and is_random(b, facts)
                ]
                yield plus(*(i for i, a in zip(items, args, strict=True) if is_random(a, facts)), *pairs)


def _splits(term: Term, facts: Facts) -> bool:
    return isinstance(term, Mul) and is_random(term, facts) and any(not is_random(a, facts) for a in term.args)


def constant_not_dropped(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Variance(Add(args), given) if term.shape == SCALAR:
            fixed = [a for a in args if not is_random(a, facts)]
            rest = [a for a in args if is_random(a, facts)]
            if fixed and rest:
                yield plus(Variance(plus(*rest), given), *fixed)
                yield plus(Variance(plus(*rest), given), *(power(a, 2) for a in fixed))
        case Variance(Add(args), given):
            fixed = [a for a in args if not is_random(a, facts)]
            rest = [a for a in args if is_random(a, facts)]
            if fixed and rest:
                yield plus(Variance(plus(*rest), given), Mul((plus(*fixed), transposed(plus(*fixed)))))
        case Covariance(Add(left), Add(right), given) if term.shape == SCALAR:
            parts = [[[a for a in args if is_random(a, facts) == r] for r in (True, False)] for args in (left, right)]
            if all(random and fixed for random, fixed in parts):
                (one, a), (other, b) = parts
                yield plus(Covariance(plus(*one), plus(*other), given), times(plus(*a), plus(*b)))


def forgotten_covariance(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Variance(Add(args), given):
            yield plus(*(Variance(a, given) for a in args if is_random(a, facts)))
        case Variance(Sum() as inner, given) if inner.shape == SCALAR:
            yield Sum(inner.index, inner.range, Variance(inner.body, given), inner.excluded, inner.below)
        case Variance(Mul(args), given) if term.shape == SCALAR and any(isinstance(a, Sum) for a in args):
            outside = [a for a in args if not isinstance(a, Sum)]
            inner = next(a for a in args if isinstance(a, Sum))
            if not any(is_random(a, facts) for a in outside):
                body = Sum(inner.index, inner.range, Variance(inner.body, given), inner.excluded, inner.below)
                yield times(*(power(a, 2) for a in outside), body)


def variance_of_difference(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Variance(Add(args), given):
            signed = [with_sign(a) for a in args if is_random(a, facts)]
            if any(sign < 0 for sign, _ in signed):
                yield plus(*(Variance(a, given) if s > 0 else negate(Variance(a, given)) for s, a in signed))


def variance_of_product(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Variance(Mul(args), given) if term.shape == SCALAR and sum(is_random(a, facts) for a in args) > 1:
            yield times(*(Variance(a, given) if is_random(a, facts) else power(a, 2) for a in args))


def uncentred_variance(term: Term, facts: Facts) -> Iterator[Term]:
    match term:
        case Variance(arg, given):
            yield Expectation(Pow(arg, TWO) if arg.shape == SCALAR else Mul((arg, transposed(arg))), given)
        case Covariance(left, right, given):
            yield Expectation(times(left, transposed(right)), given)
        case Expectation(Pow(base, Number(value)), given) if value == 2:
            yield Variance(base, given)


BUGS: dict[str, Bug] = {
    "mean-of-ratio": mean_of_ratio,
    "square-of-mean": square_of_mean,
    "variance-of-difference": variance_of_difference,
    "variance-linear": variance_linear,
    "constant-not-dropped": constant_not_dropped,
    "forgotten-covariance": forgotten_covariance,
    "variance-of-product": variance_of_product,
    "mean-of-product": mean_of_product,
    "product-as-sum": product_as_sum,
    "fourth-moment": fourth_moment,
    "square-of-sum": square_of_sum,
    "commuted-matrices": commuted_square,
    "off-diagonal-forgotten": off_diagonal_forgotten,
    "diagonal-forgotten": diagonal_forgotten,
    "transpose-order": transpose_order,
    "inverse-of-product": inverse_of_product,
    "inverse-of-sum": inverse_of_sum,
    "trace-of-product": trace_of_product,
    "determinant-of-sum": determinant_of_sum,
    "trace-of-identity": trace_of_identity,
    "lost-diagonal": lost_diagonal,
    "forgotten-sum": forgotten_sum,
    "uncentred-variance": uncentred_variance,
    "function-of-mean": function_of_mean,
}
LATE: dict[str, Bug] = {
    "commuted-matrices": sorted_factors,
    "mean-of-ratio": mean_put_in_ratio,
    "square-of-mean": mean_put_in_square,
    "mean-of-product": mean_put_in_product,
}


def applications(bug: Bug, term: Term, facts: Facts) -> Iterator[Term]:
    """What a false rule makes of a term: used wherever it fits, and at one place alone."""
    found = []
    for path, part in places(term):
        for new in bug(part, facts):
            if new.shape == part.shape and new != part:
                found.append((path, new))
    if len(found) > 1:
        yield transform(term, lambda part: _first(bug, part, facts))
    for path, new in found:
        yield replaced(term, path, new)


def _first(bug: Bug, part: Term, facts: Facts) -> Term:
    for new in bug(part, facts):
        if new.shape == part.shape:
            return new
    return part


def misapplied(claim: Claim) -> Iterator[tuple[str, Term]]:
    """All results of the false rules on the left side, as written and with its definitions put in, and their names."""
    starts = [claim.lhs]
    opened = unfolded(claim.lhs, claim.facts)
    if opened != claim.lhs:
        starts.append(opened)
    seen: set[Term] = set()
    for name, bug in (*BUGS.items(), *LATE.items()):
        for start in starts:
            for new in applications(bug, start, claim.facts):
                if new not in seen:
                    seen.add(new)
                    yield name, new
