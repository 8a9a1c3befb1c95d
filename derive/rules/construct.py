"""Building terms: sums, products, powers and transposes with the trivial cases tidied away.

Only what nobody would write down is done here: nested sums and products are flattened, zeros and ones dropped,
numbers combined.  Everything that deserves a line in a derivation is a rule.
"""

from __future__ import annotations

from fractions import Fraction

from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Expectation,
    Identity,
    Mul,
    Number,
    Pow,
    Shape,
    Term,
    Transpose,
    number,
)

ZERO = number(0)
ONE = number(1)


def zero(shape: Shape) -> Term:
    return ZERO if shape == SCALAR else Constant(Fraction(0), shape)


def is_zero(term: Term) -> bool:
    return isinstance(term, Number | Constant) and term.value == 0


def is_one(term: Term) -> bool:
    return isinstance(term, Number) and term.value == 1


def terms_of(term: Term) -> tuple[Term, ...]:
    """The summands: those of a sum, else the term alone."""
    return term.args if isinstance(term, Add) else (term,)


def factors_of(term: Term) -> tuple[Term, ...]:
    """The factors in order, nested products written out, but no scalar chain within a product that is none."""
    if not isinstance(term, Mul):
        return (term,)
    return tuple(_flattened(term.args, keep_chains=term.shape != SCALAR))


def plus(*terms: Term) -> Term:
    """Sum with nested sums flattened, zeros dropped and numbers added up (at the place of the first)."""
    items: list[Term] = []
    for term in (t for outer in terms for t in terms_of(outer)):
        place = next((k for k, t in enumerate(items) if isinstance(t, Number)), None)
        if isinstance(term, Number) and place is not None:
            items[place] = Number(items[place].value + term.value)
        else:
            items.append(term)
    kept = [t for t in items if not is_zero(t)]
    if not kept:
        return zero(terms[0].shape) if terms else ZERO
    return kept[0] if len(kept) == 1 else Add(tuple(kept))


def times(*factors: Term) -> Term:
    """Product with the number in front, nested products flattened and ones dropped.

    A nested scalar chain such as `x^T w` stays a factor of its own inside a product that is not a scalar, because
    its factors would not fit between the others.
    """
    shape = Mul(tuple(factors)).shape if factors else SCALAR
    coefficient = Fraction(1)
    items: list[Term] = []
    for factor in _flattened(factors, keep_chains=shape != SCALAR):
        if is_zero(factor):
            return zero(shape)
        if isinstance(factor, Number):
            coefficient *= factor.value
        else:
            items.append(factor)
    if not items:
        return Number(coefficient)
    if coefficient != 1:
        items.insert(0, Number(coefficient))
    return items[0] if len(items) == 1 else Mul(tuple(items))


def _flattened(factors: tuple[Term, ...], keep_chains: bool) -> list[Term]:
    out: list[Term] = []
    for factor in factors:
        if not isinstance(factor, Mul):
            out.append(factor)
        elif not keep_chains or factor.shape != SCALAR or all(f.shape == SCALAR for f in factor.args):
            out.extend(_flattened(factor.args, keep_chains))
        else:
            out.extend(f for f in factor.args if f.shape == SCALAR)
            out.append(Mul(tuple(f for f in factor.args if f.shape != SCALAR)))
    return out


def negate(term: Term) -> Term:
    return plus(*(times(number(-1), t) for t in terms_of(term)))


def minus(left: Term, right: Term) -> Term:
    return plus(left, negate(right))


def power(base: Term, exponent: int | Fraction) -> Term:
    """Scalar power with exponents 0 and 1, numbers and integer powers of powers worked out."""
    if exponent == 0:
        return ONE
    if exponent == 1:
        return base
    whole = Fraction(exponent).denominator == 1
    if isinstance(base, Number) and whole and (base.value != 0 or exponent > 0):
        return Number(base.value ** int(exponent))
    if isinstance(base, Pow) and isinstance(base.exponent, Number) and whole:
        return power(base.base, base.exponent.value * exponent)
    return Pow(base, number(exponent))


def integer_power(term: Term) -> tuple[Term, int]:
    """`(base, exponent)` of an integer power, powers of powers included; `(term, 1)` of anything else."""
    if isinstance(term, Pow) and isinstance(term.exponent, Number) and term.exponent.value.denominator == 1:
        base, inner = integer_power(term.base)
        return base, inner * int(term.exponent.value)
    return term, 1


def numeric_power(term: Term) -> tuple[Term, Fraction]:
    """`(base, exponent)` of a power with a number as exponent, roots included; `(term, 1)` of anything else.

    `(x^{1/2})^2` is x, as the root is presupposed to exist; `(x^2)^{1/2}` stays the root of `x^2`.
    """
    base, whole = integer_power(term)
    if isinstance(base, Pow) and isinstance(base.exponent, Number):
        return base.base, base.exponent.value * whole
    return base, Fraction(whole)


def transposed(term: Term) -> Term:
    """The transpose, with scalars, double transposes, identities and constants tidied; sums and products are kept."""
    match term:
        case Transpose(arg):
            return arg
        case Identity():
            return term
        case Constant(value, (rows, columns)):
            return Constant(value, (columns, rows))
        case Mul(args) if term.shape != SCALAR and any(a.shape == SCALAR for a in args):
            chain = times(*(a for a in args if a.shape != SCALAR))
            return times(*(a for a in args if a.shape == SCALAR), transposed(chain))
        case _:
            return term if term.shape == SCALAR else Transpose(term)


def expectation(term: Term, given: tuple[Term, ...] = ()) -> Term:
    return Expectation(term, given)


def split_coefficient(term: Term) -> tuple[Fraction, Term]:
    """`(number, rest)` with `term = number · rest`.

    >>> split_coefficient(Mul((number(3), Pow(number(2), number(5)))))[0]
    Fraction(3, 1)
    """
    if isinstance(term, Number):
        return term.value, ONE
    if not isinstance(term, Mul):
        return Fraction(1), term
    value = Fraction(1)
    rest = []
    for factor in term.args:
        if isinstance(factor, Number):
            value *= factor.value
        else:
            rest.append(factor)
    return value, times(*rest) if rest else ONE


def segments(factors: tuple[Term, ...]) -> tuple[list[Term], list[Term]]:
    """`(scalars, rest)`: scalar factors and closed scalar chains (`x^T w`), and the remaining matrix factors.

    Chains close as early as they can: `w^T n n^T w` is `(w^T n)(n^T w)`.
    """
    scalars: list[Term] = []
    chain: list[Term] = []
    for factor in factors:
        if factor.shape == SCALAR:
            scalars.append(factor)
            continue
        chain.append(factor)
        if chain[0].shape[0] == 1 and factor.shape[1] == 1:
            scalars.append(times(*chain))
            chain = []
    return scalars, chain
