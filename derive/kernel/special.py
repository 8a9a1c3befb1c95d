"""Factors with laws of their own: exp, log, indicators, determinants."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.algebra import build, factor_poly, multiply, power, symbolic_power
from derive.kernel.context import Context
from derive.kernel.monomials import COLUMN, ONE, ONE_MONO, ROW, ZERO, Factor, Ix, Poly, constant
from derive.language.terms import SCALAR, Identity, Inverse, Mul, Symbol, Term, Transpose

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
            return logarithm(context, args[0])
        if name == "abs" and (number := args[0].constant()) is not None:
            return constant(abs(number))
        if name == "abs" and repr(-args[0]) < repr(args[0]):
            args = (-args[0],)
    context.rule("function")
    return factor_poly(("f", name, order, args, slots))


def logarithm(context: Context, arg: Poly) -> Poly:
    """log of a product of positive factors is the sum of their logarithms."""
    if arg == ONE:
        return ZERO
    if len(arg.terms) != 1:
        return factor_poly(("f", "log", 0, (arg,), ()))
    (mono, coefficient), *_ = arg.terms.items()
    if mono[1] or coefficient < 0:
        return factor_poly(("f", "log", 0, (arg,), ()))
    result = _log_number(Fraction(coefficient))
    rest = []
    for factor, exponent in mono[0]:
        whole = isinstance(exponent, int)
        if is_positive(context, factor):
            result = result + _log_atom(Poly({(((factor, 1),), ()): 1})).scale(exponent)
        elif whole and exponent % 2 == 0:  # an even power is positive: it is not zero where it has a logarithm
            result = result + _log_atom(Poly({(((factor, 2),), ()): 1})).scale(exponent // 2)
        else:
            rest.append((factor, exponent))
    if len(rest) == 1 and isinstance(rest[0][1], int):
        return result + _log_atom(Poly({(((rest[0][0], 1),), ()): 1})).scale(rest[0][1])
    if not rest:
        return result
    straight = Poly({(tuple(rest), ()): 1})
    turned = Poly({(tuple((f, -e) for f, e in rest), ()): 1})  # log(1/u) = −log u
    return result - _log_atom(turned) if repr(turned) < repr(straight) else result + _log_atom(straight)


def _log_number(value: Fraction) -> Poly:
    from derive.kernel.algebra import _primes

    result = ZERO
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        for prime, count in _primes(part):
            result = result + _log_atom(constant(prime)).scale(sign * count)
    return result


def _log_atom(arg: Poly) -> Poly:
    return factor_poly(("f", "log", 0, (arg,), ()))


def is_positive(context: Context, factor: Factor) -> bool:
    """Positive by a given, or because its logarithm stands in the claim."""
    if factor[0] == "v" or factor in context.presumed_positive:
        return True
    if factor[0] == "D":  # an invertible covariance matrix has a positive determinant
        return _is_covariance(context, factor[1])
    if factor[0] in ("s", "r"):
        info = context.facts.symbols.get(factor[1])
        if info is not None and info.support == "positive":
            return True
        return any(isinstance(t, Symbol) and t.name == factor[1] for t in context.positive)
    return False


def _is_covariance(context: Context, matrix: Poly) -> bool:
    if len(matrix.terms) != 1:
        return False
    (mono, number), *_ = matrix.terms.items()
    if number != 1 or mono[1] or len(mono[0]) != 1:
        return False
    factor, exponent = mono[0][0]
    return exponent == 1 and factor[0] == "s" and context.has(factor[1], "covariance", "positive definite") is not None


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
