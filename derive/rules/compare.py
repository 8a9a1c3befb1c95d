"""When two terms are written the same: a key that ignores order, brackets, bound names and turned scalars.

Equal keys mean equal values under no assumption at all.  The key is cheap and incomplete on purpose: products are not
multiplied out.  It decides whether a line says anything new and whether two derivations have met.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Correlation,
    Covariance,
    Derivative,
    Entries,
    Expectation,
    Function,
    Hadamard,
    Identity,
    Index,
    Indicator,
    Inverse,
    Kronecker,
    Line,
    Matrix,
    Mul,
    Number,
    Pow,
    Product,
    SquaredNorm,
    Sum,
    SupportSum,
    Symbol,
    Term,
    Transpose,
    Variance,
    children,
)
from derive.rules.construct import factors_of, is_zero, negate, numeric_power, plus, segments, times, transposed
from derive.rules.traverse import bound_index, own_indices, substitute_indices

Key = tuple


def same(left: Term, right: Term) -> bool:
    """True when the two are written the same up to order, brackets, bound names and transposed scalars."""
    return key(left) == key(right)


@lru_cache(maxsize=50_000)
def key(term: Term) -> Key:
    """A hashable value that is equal for terms that are written the same."""
    match term:
        case Number(value):
            return ("number", value)
        case Constant(value, shape):
            return ("number", value) if shape == SCALAR else ("constant", value, shape)
        case Add():
            return _sum_key(term)
        case Mul() | Pow():
            return _product_key(term)
        case Transpose(arg):
            return _transpose_key(arg)
        case SquaredNorm(arg) if is_zero(arg):
            return ("number", Fraction(0))
        case Sum() | Product() | Entries():
            return _bound_key(term)
        case _:
            return _plain_key(term)


def _sum_key(term: Add) -> Key:
    totals: dict[tuple, Fraction] = {}
    for arg in _summands(term):
        coefficient, powers, chain = _parts(arg)
        rest = (_sorted(powers), chain)
        totals[rest] = totals.get(rest, Fraction(0)) + coefficient
    items = [(rest, c) for rest, c in totals.items() if c]
    if not items:
        return ("number", Fraction(0)) if term.shape == SCALAR else ("constant", Fraction(0), term.shape)
    keys = [_tidy(c, dict(powers), chain) for (powers, chain), c in items]
    return keys[0] if len(keys) == 1 else ("add", tuple(sorted(keys, key=repr)))


def _summands(term: Term) -> list[Term]:
    match term:
        case Add(args):
            return [t for a in args for t in _summands(a)]
        case Transpose(Add(args)):
            return [t for a in args for t in _summands(transposed(a))]
        case _:
            return [term]


def _product_key(term: Term) -> Key:
    coefficient, powers, chain = _parts(term)
    if coefficient == 0:
        return ("number", Fraction(0)) if term.shape == SCALAR else ("constant", Fraction(0), term.shape)
    return _tidy(coefficient, powers, chain)


def _parts(term: Term) -> tuple[Fraction, dict[Key, Fraction], tuple[Key, ...]]:
    """Number, scalar factors with their exponents, and the keys of the remaining matrix product."""
    coefficient = Fraction(1)
    powers: dict[Key, Fraction] = {}
    scalars, chain = segments(factors_of(term))
    for factor in scalars:
        base, exponent = numeric_power(factor)
        if isinstance(base, Mul) and any(f.shape != SCALAR for f in base.args):
            inner, vectors = segments(factors_of(base))
            found = _chain_key(base) if len(inner) == 1 and not vectors else key(base)
        elif isinstance(base, Pow):  # a symbolic exponent: kept whole
            found = ("pow", key(base.base), key(base.exponent))
        else:
            found = key(base)
        coefficient, powers = _multiplied(coefficient, powers, found, exponent)
    return coefficient, powers, tuple(key(f) for f in _chain_factors(chain))


def _multiplied(
    coefficient: Fraction, powers: dict[Key, Fraction], found: Key, exponent: Fraction
) -> tuple[Fraction, dict[Key, Fraction]]:
    whole = exponent.denominator == 1
    if found[0] == "number" and whole and (found[1] != 0 or exponent > 0):
        return coefficient * found[1] ** int(exponent), powers
    if found[0] == "mul" and not found[3] and whole:
        coefficient *= found[1] ** int(exponent)
        for base, inner in found[2]:
            powers[base] = powers.get(base, Fraction(0)) + inner * exponent
        return coefficient, powers
    powers[found] = powers.get(found, Fraction(0)) + exponent
    return coefficient, powers


def _sorted(powers: dict[Key, Fraction]) -> tuple[tuple[Key, Fraction], ...]:
    return tuple(sorted(((k, e) for k, e in powers.items() if e), key=repr))


def _tidy(coefficient: Fraction, powers: dict[Key, Fraction], chain: tuple[Key, ...]) -> Key:
    kept = _sorted(powers)
    if not kept and not chain:
        return ("number", coefficient)
    if coefficient == 1 and len(kept) == 1 and kept[0][1] == 1 and not chain:
        return kept[0][0]
    if coefficient == 1 and not kept and len(chain) == 1:
        return chain[0]
    return ("mul", coefficient, kept, chain)


def _chain_factors(chain: list[Term]) -> list[Term]:
    out: list[Term] = []
    for factor in chain:
        if isinstance(factor, Transpose) and isinstance(factor.arg, Mul):
            _, inner = segments(factors_of(factor.arg))
            if all(f.shape != SCALAR for f in factors_of(factor.arg)):
                out.extend(_chain_factors([transposed(f) for f in reversed(inner)]))
                continue
        out.append(factor)
    return out


def _chain_key(chain: Mul) -> Key:
    """A closed scalar chain, read from the end where that comes first: `x^T w` is `w^T x`."""
    factors = _chain_factors(list(chain.args))
    there = tuple(key(f) for f in factors)
    back = tuple(key(transposed(f)) for f in reversed(factors))
    return ("chain", min(there, back, key=repr))


def _transpose_key(arg: Term) -> Key:
    """The transpose moved to where it cannot go further in."""
    match arg:
        case Add(args):
            return key(plus(*(transposed(a) for a in args)))
        case Mul():
            scalars, chain = segments(factors_of(arg))
            return key(times(*scalars, *(transposed(f) for f in reversed(chain))))
        case Transpose(inner):
            return key(inner)
        case Expectation(inner, given):
            return key(Expectation(transposed(inner), given))
        case Inverse(inner, pseudo):
            return key(Inverse(transposed(inner), pseudo)) if not isinstance(inner, Transpose) else ("T", key(arg))
        case Hadamard(args):
            return key(Hadamard(tuple(transposed(a) for a in args)))
        case Sum():
            return _bound_key(arg, flip=True)
        case Kronecker(left, right):
            return key(Kronecker(transposed(left), transposed(right)))
        case Variance():
            return key(arg)
        case Identity() | Constant():
            return key(transposed(arg))
        case _:
            return key(arg) if arg.shape == SCALAR else ("T", key(arg))


def _depth(term: Term) -> int:
    inner = max((_depth(c) for c in children(term)), default=0)
    return inner + 1 if bound_index(term) else inner


def _bound_key(term: Term, flip: bool = False) -> Key:
    body, names = children(term)[0], bound_index(term)
    level = _depth(term)
    renamed = substitute_indices(body, {n: Index(f"#{level}.{k}") for k, n in enumerate(names)})
    if flip:
        renamed = transposed(renamed)
    extra: tuple = ()
    if not isinstance(term, Entries):
        excluded = tuple(sorted(term.excluded, key=repr))
        extra = (term.range, excluded, tuple(sorted(term.below, key=repr)) if isinstance(term, Sum) else ())
    return (type(term).__name__, extra, key(renamed))


def _plain_key(term: Term) -> Key:
    """Type, what is written on the node, and the keys of the children."""
    match term:
        case Symbol(name, indices, _):
            return ("symbol", name, indices)
        case Function():
            own: tuple = (term.name, term.indices, term.entrywise, term.order)
        case Indicator(relation, _, _):
            own = (relation,)
        case Inverse(_, pseudo):
            own = (pseudo,)
        case Matrix(rows):
            own = (len(rows),)
        case Identity(dim):
            own = (dim,)
        case Line():
            own = (term.index, term.axis)
        case Expectation() | Variance() | Derivative():
            own = ()
        case SupportSum(variable, _, _, _):
            own = (variable,)
        case _:
            own = (*own_indices(term), getattr(term, "vector", None))
    if isinstance(term, Covariance | Correlation) and term.shape == SCALAR:  # symmetric for scalars
        pair = sorted((key(term.left), key(term.right)), key=repr)
        return (type(term).__name__, own, tuple(pair), tuple(key(g) for g in term.given))
    if isinstance(term, SquaredNorm):  # the sign does not matter
        return ("SquaredNorm", min(key(term.arg), key(negate(term.arg)), key=repr))
    return (type(term).__name__, own, tuple(key(c) for c in children(term)))
