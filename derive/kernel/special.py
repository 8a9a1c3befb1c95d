"""Factors with laws of their own: exp, log, indicators, determinants."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from derive.kernel.algebra import build, factor_poly, fresh, multiply, power, sum_over, symbolic_power
from derive.kernel.context import Context
from derive.kernel.inverses import resolved
from derive.kernel.mapping import map_poly, substitution
from derive.kernel.monomials import COLUMN, ONE, ONE_MONO, ROW, ZERO, Factor, Ix, Poly, constant
from derive.language.terms import SCALAR, Identity, Inverse, Mul, Term, Transpose

if TYPE_CHECKING:
    from derive.kernel.normal import Translator


def elementary(context: Context, name: str, order: int, args: tuple[Poly, ...], slots: tuple[Ix, ...]) -> Poly:
    """A function of scalars; exp and log by their laws, the others as they stand."""
    count = args[1].constant() if name == "binom" and len(args) == 2 else None
    if count is not None and count in range(9):
        result = ONE
        for k in range(int(count)):
            result = multiply(result, (args[0] - constant(k)).scale(Fraction(1, k + 1)))
        return result
    if order == 0 and len(args) == 1 and not slots:
        if name == "exp":
            result = ONE
            for mono, coefficient in args[0].terms.items():
                atom = build([(("f", "exp", 0, (Poly({mono: 1}),), ()), coefficient)], [])
                result = multiply(result, atom)
            return result
        if name == "log":
            result = logarithm(context, args[0])
            if result != _log_atom(args[0]):
                context.rule("function")
                context.presupposed.setdefault("logarithms are of positive numbers")
            return result
        if name == "abs" and (number := args[0].constant()) is not None:
            return constant(abs(number))
        if name == "abs" and args[0].terms[min(args[0].terms, key=repr)] < 0:  # |−x| is |x|
            args = (-args[0],)
    context.rule("function")
    if name in ("max", "min") and order == 0 and len(args) == 2 and not slots:
        larger = factor_poly(("f", "max", 0, tuple(sorted(args, key=repr)), ()))
        return larger if name == "max" else args[0] + args[1] - larger
    return factor_poly(("f", name, order, args, slots))


def logarithm(context: Context, arg: Poly) -> Poly:
    """log of a product is the sum of the logarithms.

    Every logarithm is read as log|u|: where log u is written, u is positive and the two are the same; and log|·| of a
    product is the sum whatever the signs are.
    """
    if arg == ONE or not arg.terms:
        return ZERO if arg.terms else _log_atom(arg)
    if len(arg.terms) != 1:
        return _log_sum(context, arg)
    (mono, coefficient), *_ = arg.terms.items()
    if mono[1]:
        return _log_atom(arg)
    result = _log_number(Fraction(abs(coefficient)))
    for factor, exponent in mono[0]:
        result = result + _log_factor(context, factor).scale(exponent)
    return result


def _log_sum(context: Context, arg: Poly) -> Poly:
    """log of a sum: what all its terms share goes outside."""
    shared: dict[Factor, Any] | None = None
    for powers, ranges in arg.terms:
        here = {} if ranges else {f: e for f, e in powers if f[0] not in ("d", "lt", "1")}
        shared = here if shared is None else {f: min(e, here[f]) for f, e in shared.items() if f in here}
    common = build([(f, e) for f, e in (shared or {}).items()], [])
    rest = multiply(arg, build([(f, -e) for f, e in (shared or {}).items()], [])) if shared else arg
    if len(rest.terms) < 2 or any(f[0] == "p" and f[1] == rest for f in shared or {}):
        return _log_atom(arg)
    leading = Fraction(rest.terms[min(rest.terms, key=repr)])
    return logarithm(context, common.scale(leading)) + _log_atom(rest.scale(1 / leading))


def _log_factor(context: Context, factor: Factor) -> Poly:
    alone = Poly({(((factor, 1),), ()): 1})
    match factor[0]:
        case "p":
            return logarithm(context, factor[1]) if len(factor[1].terms) == 1 else _log_atom(factor[1])
        case "x":
            return multiply(factor[2], logarithm(context, factor[1]))
        case "f" if factor[1:3] == ("exp", 0):
            return cast(Poly, factor[3][0])
        case "f" if factor[1:3] == ("abs", 0):
            return logarithm(context, factor[3][0])
        case "P":
            index = fresh()
            body = map_poly(logarithm(context, factor[1]), substitution({ROW[0]: (index, 0)}))
            return sum_over(body, index, factor[2])
    return _log_atom(alone)


def _log_number(value: Fraction) -> Poly:
    from derive.kernel.algebra import _primes

    result = ZERO
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        for prime, count in _primes(part):
            result = result + _log_atom(constant(prime)).scale(sign * count)
    return result


def _log_atom(arg: Poly) -> Poly:
    return factor_poly(("f", "log", 0, (arg,), ()))


def indicator(context: Context, relation: str, difference: Poly) -> Poly:
    """1{difference relation 0}, by the two relations = and > alone; of a variable with values 0 and 1, by the variable."""
    flip = {"<": (">", -1, False), "\\le": (">", 1, True), "\\leq": (">", 1, True), "\\ge": (">", -1, True)}
    flip |= {"\\geq": (">", -1, True), "\\neq": ("=", 1, True), "\\ne": ("=", 1, True)}
    base, sign, negated = flip.get(relation, (relation, 1, False))
    difference = difference.scale(sign)
    number_ = difference.constant()
    if number_ is not None and base in ("=", ">"):
        truth = (number_ == 0) if base == "=" else number_ > 0
        return ONE if truth != negated else ZERO
    value = _of_binary(context, base, difference)
    if value is None:
        value = _of_few_values(context, base, difference)
    if value is None:
        leading = Fraction(difference.terms[min(difference.terms, key=repr)])
        difference = difference.scale(1 / (leading if base == "=" else abs(leading)))
        value = factor_poly(("1", base, difference))
    return ONE - value if negated else value


def _of_binary(context: Context, relation: str, difference: Poly) -> Poly | None:
    """1{a m + b relation 0} for m in {0, 1}: its value at 0 times 1 − m, and its value at 1 times m."""
    alone = [mono for mono in difference.terms if mono != ONE_MONO]
    if len(alone) != 1 or alone[0][1] or len(alone[0][0]) != 1:
        return None
    factor, exponent = alone[0][0][0]
    binary = context.is_binary(factor) if factor[0] == "r" and exponent == 1 else None
    if not binary:
        return None
    if binary is not True:
        context.use(binary)
    context.rule("indicator")
    slope, start = difference.terms[alone[0]], difference.terms.get(ONE_MONO, 0)
    low, high = (constant(int(v == 0 if relation == "=" else v > 0)) for v in (start, start + slope))
    variable = Poly({alone[0]: 1})
    return low + multiply(high - low, variable)


def _of_few_values(context: Context, relation: str, difference: Poly) -> Poly | None:
    """1{a x + b relation 0} of a variable with a few numbers as values: the polynomial that takes it at each of them."""
    alone = [mono for mono in difference.terms if mono != ONE_MONO]
    if len(alone) != 1 or alone[0][1] or len(alone[0][0]) != 1:
        return None
    factor, exponent = alone[0][0][0]
    if factor[0] != "r" or exponent != 1:
        return None
    values, law = context.values(factor)
    if not values:
        return None
    if law is not None:
        context.use(law)
    context.rule("indicator")
    slope, start = difference.terms[alone[0]], difference.terms.get(ONE_MONO, 0)
    variable, result = Poly({alone[0]: 1}), ZERO
    for value in values:
        place = start + slope * value
        if (place == 0) if relation == "=" else (place > 0):
            term = ONE
            for other in values:
                if other != value:
                    term = multiply(term, (variable - constant(other)).scale(1 / (value - other)))
            result = result + term
    return result


def determinant(translator: Translator, arg: Term, env: dict[str, Ix]) -> Poly:
    """By the product rule where the factors are square; else an atom over the components."""
    translator.context.rule("determinant")
    if arg.shape == SCALAR:
        return translator.scalar(arg, env)
    arg = resolved(translator, arg)
    dim = arg.shape[0]
    if isinstance(dim, tuple):
        raise _not_covered("the determinant of a block matrix")
    size = build([(("v", (dim, 0)), 1)], []) if isinstance(dim, str) else constant(dim)
    match arg:
        case Identity():
            return ONE
        case Transpose(inner):
            return determinant(translator, inner, env)
        case Inverse(inner, False):
            return power(determinant(translator, inner, env), -1)
        case Mul(args) if all(a.shape in (SCALAR, arg.shape) for a in args):
            result = ONE
            for a in args:
                if a.shape == SCALAR:
                    result = multiply(result, symbolic_power(translator.scalar(a, env), size))
                else:
                    result = multiply(result, determinant(translator, a, env))
            return result
    if isinstance(dim, int) and dim <= 3:
        return _leibniz(translator, arg, dim, env)
    components = translator.bound(arg, ROW, COLUMN, env)
    return factor_poly(("D", components, str(dim)))


def _not_covered(what: str) -> Exception:
    from derive.kernel.places import NotCovered

    return NotCovered(what)


def _leibniz(translator: Translator, arg: Term, dim: int, env: dict[str, Ix]) -> Poly:
    from itertools import permutations

    result = ZERO
    for order in permutations(range(dim)):
        swaps = sum(order[i] > order[j] for i in range(dim) for j in range(i + 1, dim))
        product = constant(-1 if swaps % 2 else 1)
        for row, column in enumerate(order):
            product = multiply(product, translator.component(arg, ("", row + 1), ("", column + 1), env))
        result = result + product
    return result
