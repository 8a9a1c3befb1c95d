"""Chapter: expectation is linear."""

from __future__ import annotations

from dataclasses import replace

from derive.language.terms import SCALAR, Add, Expectation, Hadamard, Mul, Sum, Term, Transpose
from derive.rules.construct import expectation, factors_of, plus, segments, times, transposed
from derive.rules.context import Context
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule


@rule(
    "linearity",
    title="Linearity of expectation",
    statement=r"\mathbb{E}[A X + b Y] = A\,\mathbb{E}[X] + b\,\mathbb{E}[Y]",
    reason=(
        "An expectation is a weighted sum over outcomes, and sums can be taken apart and constants taken out "
        "in front; no independence is needed."
    ),
    conditions=(
        Condition("what is taken out is constant", r"a, b \text{ constant}", instead=r"a, b \text{ random}"),
        Condition("the expectations exist"),
    ),
    example=Example(
        (r"X, Y \text{ random}", r"a, b \text{ constant}"),
        r"\mathbb{E}[aX + bY]",
        r"a\,\mathbb{E}[X] + b\,\mathbb{E}[Y]",
    ),
    misuse=Misuse(
        (r"X \text{ random}",),
        r"\mathbb{E}[X^2]",
        r"\mathbb{E}[X]^2",
        "a product of random factors is not linear; E[X²] exceeds E[X]² by the variance",
    ),
    heads=(Expectation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Theorem 2.2.5",
)
def linearity(term: Term, context: Context):
    """Takes the expectation of a sum apart and constant factors out of an expectation.

    Matrix factors leave on the side on which they stand: `E[A X B] = A E[X] B`.
    """
    if not isinstance(term, Expectation):
        return
    parts = [_constants_out(t, term, context) for t in _summands(term.arg)]
    new = plus(*parts)
    if new != term:
        yield new, ()


def _summands(arg: Term) -> tuple[Term, ...]:
    if isinstance(arg, Add):
        return arg.args
    if isinstance(arg, Transpose) and isinstance(arg.arg, Add):
        return tuple(transposed(a) for a in arg.arg.args)
    return (arg,)


def _constants_out(item: Term, whole: Expectation, context: Context) -> Term:
    """One summand's expectation with its constant factors in front and behind."""
    given = whole.given
    if not context.is_random(item):
        return item
    if isinstance(item, Transpose):
        return transposed(expectation(item.arg, given))
    if isinstance(item, Hadamard):
        fixed = tuple(a for a in item.args if not context.is_random(a))
        moving = tuple(a for a in item.args if context.is_random(a))
        inner = expectation(moving[0] if len(moving) == 1 else Hadamard(moving), given)
        return Hadamard((inner, *fixed)) if fixed else inner
    if not isinstance(item, Mul):
        return expectation(item, given)
    if item.shape == SCALAR:
        return _scalar_product(item, given, context)
    scalars, chain = segments(factors_of(item))
    outside = [f for f in scalars if not context.is_random(f)]
    inside = [f for f in scalars if context.is_random(f)]
    left, middle, right = _ends(chain, context)
    if not middle:
        return times(*outside, expectation(times(*inside), given), *left, *right)
    return times(*outside, *left, expectation(times(*inside, *middle), given), *right)


def _scalar_product(item: Mul, given: tuple[Term, ...], context: Context) -> Term:
    """Constant scalars out; a single chain `a^T X b` also gives up its constant ends."""
    plain = [f for f in factors_of(item) if f.shape == SCALAR]
    chain = [f for f in factors_of(item) if f.shape != SCALAR]
    outside = [f for f in plain if not context.is_random(f)]
    inside = [f for f in plain if context.is_random(f)]
    left, middle, right = _ends(chain, context)
    if _closed(left) or _closed(right):  # a whole constant inner product stands in front or behind
        scalars, _ = segments(tuple(chain))
        outside += [s for s in scalars if not context.is_random(s)]
        return times(*outside, expectation(times(*inside, *(s for s in scalars if context.is_random(s))), given))
    if not middle:
        return times(*outside, *chain, expectation(times(*inside), given)) if inside else times(*outside, *chain)
    if inside and (left or right):  # E[s a^T X] = a^T E[s X]
        return times(*outside, *left, expectation(times(*inside, *middle), given), *right)
    return times(*outside, *left, expectation(times(*inside, *middle), given), *right)


def _closed(factors: list[Term]) -> bool:
    return bool(factors) and bool(segments(tuple(factors))[0])


def _ends(chain: list[Term], context: Context) -> tuple[list[Term], list[Term], list[Term]]:
    """Constant factors in front, the random middle, constant factors behind."""
    random = [k for k, f in enumerate(chain) if context.is_random(f)]
    if not random:
        return chain, [], []
    return chain[: random[0]], chain[random[0] : random[-1] + 1], chain[random[-1] + 1 :]


@rule(
    "expectation-of-constant",
    title="Expectation of a constant",
    statement=r"\mathbb{E}[c] = c",
    reason="A constant has the same value in every outcome, and the probabilities add up to one.",
    conditions=(Condition("nothing random stands inside", r"c \text{ constant}", instead=r"c \text{ random}"),),
    example=Example((r"c \text{ constant}",), r"\mathbb{E}[c^2 + 1]", r"c^2 + 1"),
    misuse=Misuse(
        (r"X \text{ random}", r"c \text{ constant}"),
        r"\mathbb{E}[cX]",
        r"c",
        "X is random, so only c comes out and E[X] stays",
    ),
    heads=(Expectation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Theorem 2.2.5",
)
def expectation_of_constant(term: Term, context: Context):
    """Drops an expectation around something that is not random, such as an expectation itself: `E[E[X]] = E[X]`."""
    if isinstance(term, Expectation) and not context.is_random(term.arg):
        yield term.arg, ()


@rule(
    "expectation-of-sum",
    title="Expectation of a sum over indices",
    statement=r"\mathbb{E}\Big[\sum_{i=1}^n X_i\Big] = \sum_{i=1}^n \mathbb{E}[X_i]",
    reason="Linearity, once for each term of the sum; the terms may depend on each other as they like.",
    conditions=(Condition("the range of the sum is not random"), Condition("the expectations exist")),
    example=Example(
        (r"X_1, \dots, X_n \text{ random}",),
        r"\mathbb{E}\left[\sum_{i=1}^n X_i\right]",
        r"\sum_{i=1}^n \mathbb{E}[X_i]",
    ),
    misuse=Misuse(
        (r"X_1, \dots, X_n \text{ random}", r"n > 1"),
        r"\mathbb{E}\left[\left(\sum_{i=1}^n X_i\right)^2\right]",
        r"\sum_{i=1}^n \mathbb{E}[X_i^2]",
        "the square of a sum also has the cross terms with i ≠ j",
    ),
    heads=(Expectation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Theorem 4.6.11 (first part)",
)
def expectation_of_sum(term: Term, context: Context):
    """Moves the expectation inside a sum over indices."""
    if isinstance(term, Expectation) and isinstance(term.arg, Sum):
        inner = term.arg
        yield replace(inner, body=expectation(inner.body, term.given)), ()


RULES = chapter_rules(globals())
