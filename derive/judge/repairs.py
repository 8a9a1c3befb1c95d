"""Single edits of a false right side: the one that makes it true says what went wrong, and is the correction.

Every edit keeps the shape.  Edits at summands come first (signs, factors, terms), then those inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from derive.judge.buggy import is_random
from derive.judge.normal import polynomial, ratio
from derive.language.facts import Claim, Facts
from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Covariance,
    Diagonal,
    Expectation,
    Function,
    Index,
    IndexValue,
    Inverse,
    Mul,
    Number,
    Pow,
    SquaredNorm,
    Sum,
    Symbol,
    Term,
    Trace,
    Transpose,
    Variance,
    number,
    walk,
)
from derive.rules.construct import (
    factors_of,
    integer_power,
    is_zero,
    minus,
    negate,
    plus,
    power,
    terms_of,
    times,
    transposed,
)
from derive.rules.traverse import Path, places, replaced

Edit = tuple[str, Term]  # the name of the mistake, and the right side without it
MINUS_ONE = number(-1)


def repairs(claim: Claim) -> Iterator[Edit]:
    """Edited right sides with the name of the mistake that each undoes, likely ones first, none twice."""
    seen: set[Term] = {claim.rhs}
    for kind in (_coefficients, _summands, _factors, _powers, _moments, _matrices, _sums, _probabilities):
        for name, new in kind(claim):
            if new.shape == claim.rhs.shape and new not in seen:
                seen.add(new)
                yield name, new


def _sum_places(term: Term) -> Iterator[tuple[Path, tuple[Term, ...]]]:
    """Where a term may be edited as a summand: the parts of each sum, and the whole."""
    if not isinstance(term, Add):
        yield (), (term,)
    for path, part in places(term):
        if isinstance(part, Add):
            yield path, part.args


def _with_summand(claim: Claim, path: Path, items: tuple[Term, ...], k: int, new: Term) -> Term:
    return replaced(claim.rhs, path, plus(*items[:k], new, *items[k + 1 :]))


def scaled(factor: Term, item: Term) -> Term:
    """`factor · item` with equal scalar factors written as powers: a · a Var(X) is a² Var(X)."""
    base, exponent = integer_power(factor)
    factors = list(factors_of(item))
    for k, have in enumerate(factors):
        other, count = integer_power(have)
        if other == base and base.shape == SCALAR:
            factors[k] = power(base, count + exponent)
            return times(*factors)
    return times(factor, item)


# ------------------------------------------------------------------ summands


def _coefficients(claim: Claim) -> Iterator[Edit]:
    """Summands with a wrong number in front: lhs − rhs is then a multiple of one of them."""
    left, right = polynomial(claim.lhs, claim), polynomial(claim.rhs, claim)
    if left is None or right is None:
        return
    for path, items in _sum_places(claim.rhs):
        if path:
            continue
        for k, item in enumerate(items):
            own = polynomial(item, claim)
            off = ratio(left - right, own) if own is not None else None
            if off is not None:
                new = times(number(off + 1), item) if off != -1 else Constant(Fraction(0), item.shape)
                yield _named(off + 1, item, claim), _with_summand(claim, path, items, k, new)


def _named(factor: Fraction, item: Term, claim: Claim) -> str:
    """What it is called when the right coefficient is `factor` times the written one."""
    if factor == 0:
        return "false-cross-term" if _is_cross(item, claim.facts) else "extra-term"
    names = {Fraction(-1): "sign-error", Fraction(2): "dropped-factor-two", Fraction(1, 2): "extra-factor-two"}
    return names.get(factor, "wrong-constant")


def _summands(claim: Claim) -> Iterator[Edit]:
    """The same inside of brackets, and terms that are missing."""
    for path, items in _sum_places(claim.rhs):
        for k, item in enumerate(items):
            yield "sign-error", _with_summand(claim, path, items, k, negate(item))
    for path, items in _sum_places(claim.rhs):
        for k, item in enumerate(items):
            for factor in (Fraction(2), Fraction(1, 2), Fraction(0)):
                new = times(number(factor), item) if factor else Constant(Fraction(0), item.shape)
                if factor or len(items) > 1:
                    yield _named(factor, item, claim), _with_summand(claim, path, items, k, new)
    yield from _missing_terms(claim)
    yield from _brackets(claim)


def _is_cross(term: Term, facts: Facts) -> bool:
    """A product of two different random things."""
    for part in walk(term):
        match part:
            case Covariance():
                return True
            case Expectation(Mul(args)) if len({a for a in args if is_random(a, facts)}) > 1:
                return True
    return False


def _missing_terms(claim: Claim) -> Iterator[Edit]:
    """A summand of the left side put back on the right."""
    for item in terms_of(claim.lhs):
        if len(terms_of(claim.lhs)) > 1 and item.shape == claim.rhs.shape:
            name = "dropped-cross-term" if _is_cross(item, claim.facts) else "dropped-term"
            yield name, plus(claim.rhs, item)


def _brackets(claim: Claim) -> Iterator[Edit]:
    """`a b + c` where `a (b + c)` is meant."""
    for path, items in _sum_places(claim.rhs):
        for k, item in enumerate(items):
            factors = factors_of(item)
            for cut in range(1, len(factors)):
                for head, rest in ((factors[:cut], factors[cut:]), (factors[cut:], factors[:cut])):
                    outer, inner = times(*head), times(*rest)
                    others = [*items[:k], *items[k + 1 :]]
                    if outer.shape == SCALAR and others and inner.shape == item.shape:
                        yield "lost-parentheses", replaced(claim.rhs, path, times(outer, plus(inner, *others)))


# ------------------------------------------------------------------ factors


def _factors(claim: Claim) -> Iterator[Edit]:
    candidates = _scalar_factors(claim)
    for path, items in _sum_places(claim.rhs):
        for k, item in enumerate(items):
            if is_zero(item):
                continue
            for factor, name in candidates:
                inverse = power(factor, -1)
                yield _missing(name, factor, item), _with_summand(claim, path, items, k, scaled(factor, item))
                yield _extra(name, factor, item), _with_summand(claim, path, items, k, scaled(inverse, item))


def _scalar_factors(claim: Claim) -> list[tuple[Term, str]]:
    """Scalars that may be lost: sizes (`dimension`, `count`), then constants of the left side (`factor`)."""
    out: list[tuple[Term, str]] = []
    for size, kind in _sizes(claim):
        out += [(size, kind), (minus(size, number(1)), kind)]
    for part in walk(claim.lhs):
        fits = isinstance(part, Symbol | Expectation | Variance | Covariance) and part.shape == SCALAR
        if fits and not is_random(part, claim.facts) and not _has_index(part) and (part, "factor") not in out:
            out.append((part, "factor"))
    return out[:10]


def _sizes(claim: Claim) -> list[tuple[Term, str]]:
    """The dimensions of vectors and the ends of sums that the claim speaks of, as numbers."""
    found: dict[Term, str] = {}
    for part in (p for side in (claim.lhs, claim.rhs) for p in walk(side)):
        named: list[tuple[object, str]] = [(d, "dimension") for d in part.shape]
        if isinstance(part, Sum):
            named.append((part.range.upper.base, "count"))
        if isinstance(part, IndexValue):
            named.append((part.index.base, "count"))
        for name, kind in named:
            if isinstance(name, str) and "*" not in name and claim.facts.role(name) != "index":
                found.setdefault(IndexValue(Index(name)), kind)
    return list(found.items())[:4]


def _has_index(term: Term) -> bool:
    return any(isinstance(p, Symbol) and p.indices for p in walk(term))


def _missing(kind: str, factor: Term, item: Term) -> str:
    """What it is called when a factor is missing in a term."""
    if kind in ("dimension", "count"):
        if isinstance(factor, Add):
            return "n-for-n-minus-one"
        if _mentions(item, factor):
            return "wrong-power-of-n"
        return "trace-of-identity" if kind == "dimension" else "forgotten-sum"
    if any(isinstance(p, Variance) for p in walk(item)) and _mentions(item, factor):
        return "variance-linear"
    return "missing-square" if _mentions(item, factor) else "dropped-factor"


def _extra(kind: str, factor: Term, item: Term) -> str:
    if kind == "factor" and Pow(factor, number(2)) in factors_of(item):
        return "extra-square"
    return {"dimension": "extra-dimension", "count": "wrong-power-of-n"}.get(kind, "extra-factor")


def _mentions(item: Term, factor: Term) -> bool:
    return any(p == factor for p in walk(item))


# ------------------------------------------------------------------ powers


def _powers(claim: Claim) -> Iterator[Edit]:
    for path, part in places(claim.rhs):
        if part.shape != SCALAR:
            continue
        match part:
            case Pow(base, Number(value)) if value != -1:
                sized = isinstance(base, IndexValue)
                if value == 2:
                    yield ("wrong-power-of-n" if sized else "extra-square"), replaced(claim.rhs, path, base)
                for other in (value + 1, value - 1, value * 2):
                    name = "wrong-power-of-n" if sized else "wrong-power"
                    yield name, replaced(claim.rhs, path, power(base, other))
            case IndexValue(Index(str(), 0)):
                yield "n-for-n-minus-one", replaced(claim.rhs, path, plus(part, MINUS_ONE))
                yield "wrong-power-of-n", replaced(claim.rhs, path, Pow(part, number(2)))
            case IndexValue(Index(str() as base, offset)) if offset:
                yield "n-for-n-minus-one", replaced(claim.rhs, path, IndexValue(Index(base)))
            case Add((IndexValue() as size, Number())):
                yield "n-for-n-minus-one", replaced(claim.rhs, path, size)
            case Symbol() | Expectation() | Variance() | Covariance() | Function():
                yield "missing-square", replaced(claim.rhs, path, Pow(part, number(2)))
                if isinstance(part, Symbol) and not is_random(part, claim.facts):
                    yield "extra-square", replaced(claim.rhs, path, Pow(part, number(Fraction(1, 2))))
            case Add() | Mul() if path:
                yield "missing-square", replaced(claim.rhs, path, Pow(part, number(2)))


# ------------------------------------------------------------------ moments


def _moments(claim: Claim) -> Iterator[Edit]:
    for path, part in places(claim.rhs):
        for name, new in _moment_edits(part):
            yield name, replaced(claim.rhs, path, new)


def _moment_edits(part: Term) -> Iterator[Edit]:
    match part:
        case Pow(Expectation(arg, given), Number() as exponent):
            yield "square-of-mean", Expectation(power(arg, exponent.value), given)
        case Expectation(Pow(base, Number(value) as exponent), given) if value == 2:
            yield "wrong-moment", Pow(Expectation(base, given), exponent)
            yield "uncentred-variance", Variance(base, given)
        case Expectation(Mul((left, Transpose() as right)), given) if left == right.arg:
            yield "uncentred-variance", Variance(left, given)
        case Expectation(Mul((Transpose() as left, right)), given) if left.arg == right:
            yield "lost-transpose", Trace(Expectation(Mul((right, left)), given))
        case Variance(arg, given):
            second = Mul((arg, transposed(arg))) if arg.shape != SCALAR else Pow(arg, number(2))
            yield "uncentred-variance", Expectation(second, given)
        case Mul(args):
            yield from _joined_means(args)


def _joined_means(args: tuple[Term, ...]) -> Iterator[Edit]:
    means = [k for k, a in enumerate(args) if isinstance(a, Expectation)]
    for k in means:
        for m in means:
            left, right = args[k], args[m]
            if k < m and isinstance(left, Expectation) and isinstance(right, Expectation) and left.given == right.given:
                inside = times(left.arg, *args[k + 1 : m], right.arg)
                yield "mean-of-product", times(*args[:k], Expectation(inside, left.given), *args[m + 1 :])


# ------------------------------------------------------------------ matrices


def _matrices(claim: Claim) -> Iterator[Edit]:
    for path, part in places(claim.rhs):
        for name, new in _matrix_edits(part, path, claim):
            if new.shape == part.shape:
                yield name, replaced(claim.rhs, path, new)


def _matrix_edits(part: Term, path: Path, claim: Claim) -> Iterator[Edit]:
    match part:
        case Transpose(arg) if part.shape == arg.shape:
            yield "lost-transpose", arg
        case Inverse(arg):
            yield "dropped-inverse", arg
        case Mul(args):
            yield from _product_edits(args, claim.facts)
        case Symbol() | Expectation() | Variance() if part.shape != SCALAR and part.shape[0] == part.shape[1]:
            yield "lost-transpose", Transpose(part)
            yield "dropped-inverse", Inverse(part)
            yield "lost-diagonal", Diagonal(part)
        case Pow(Trace(arg), Number(value)) if value == 2 and arg.shape[0] == arg.shape[1]:
            yield "trace-of-product", Trace(Mul((arg, Transpose(arg))))
            yield "trace-of-product", Trace(Mul((arg, arg)))
        case SquaredNorm(arg) if arg.shape[1] == 1:
            yield from _weighted(part, arg, claim)


def _weighted(part: Term, arg: Term, claim: Claim) -> Iterator[Edit]:
    """`xᵀx` where `xᵀAx` is meant, with a matrix of the left side."""
    for other in walk(claim.lhs):
        if other.shape == (arg.shape[0], arg.shape[0]) and isinstance(other, Symbol | Diagonal | Inverse):
            yield "dropped-factor", Mul((transposed(arg), other, arg))


def _product_edits(args: tuple[Term, ...], facts: Facts) -> Iterator[Edit]:
    matrices = [k for k, a in enumerate(args) if a.shape != SCALAR]
    for k, m in pairwise(matrices):
        swapped = list(args)
        swapped[k], swapped[m] = args[m], args[k]
        if _chains(swapped):
            yield "commuted-matrices", Mul(tuple(swapped))
    for k in matrices:
        flipped = [*args[:k], transposed(args[k]), *args[k + 1 :]]
        if _chains(flipped):
            yield "lost-transpose", Mul(tuple(flipped))
    if len(matrices) > 1 and all(isinstance(args[k], Transpose) for k in matrices[:2]):
        turned = [args[k] for k in reversed(matrices)]
        if _chains(turned):
            yield "transpose-order", Mul((*(a for a in args if a.shape == SCALAR), *turned))
    first = args[matrices[0]] if matrices else None
    if first is not None and any(isinstance(p, Variance) for a in args for p in walk(a)):
        yield "variance-linear", Mul((*args, transposed(first)))


def _chains(factors: list[Term]) -> bool:
    rest = [f for f in factors if f.shape != SCALAR]
    return all(a.shape[1] == b.shape[0] for a, b in pairwise(rest))


# ------------------------------------------------------------------ sums and probabilities


def _sums(claim: Claim) -> Iterator[Edit]:
    for path, part in places(claim.rhs):
        match part:
            case Sum(index, _, Sum() as inner) if not inner.below:
                excluded = () if inner.excluded else (Index(index),)
                body = Sum(inner.index, inner.range, inner.body, excluded)
                yield "diagonal-forgotten", replaced(claim.rhs, path, Sum(index, part.range, body, part.excluded))
    ranges = {(p.index, p.range) for p in walk(claim.lhs) if isinstance(p, Sum)}
    for path, items in _sum_places(claim.rhs):
        for k, item in enumerate(items):
            for index, span in sorted(ranges, key=repr):
                yield "forgotten-sum", _with_summand(claim, path, items, k, Sum(index, span, item))


def _probabilities(claim: Claim) -> Iterator[Edit]:
    for path, part in places(claim.rhs):
        match part:
            case Symbol() if part.shape == SCALAR and not is_random(part, claim.facts):
                yield "wrong-probability", replaced(claim.rhs, path, minus(number(1), part))
            case Add((Number(value), Mul((Number(sign), Symbol() as symbol)))) if (value, sign) == (1, -1):
                yield "wrong-probability", replaced(claim.rhs, path, symbol)
