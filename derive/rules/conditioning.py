"""Chapter: conditional expectation."""

from __future__ import annotations

from derive.language.terms import SCALAR, Add, Expectation, Symbol, Term, Variance
from derive.rules.construct import expectation, factors_of, minus, plus, power, segments, terms_of, times, transposed
from derive.rules.context import Context
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule


@rule(
    "tower",
    title="Tower law",
    statement=r"\mathbb{E}[\mathbb{E}[Y \mid X]] = \mathbb{E}[Y]",
    reason="Averaging within the groups first and then over the groups is averaging over all.",
    conditions=(
        Condition("the outer expectation runs over everything that is conditioned on"),
        Condition("Y has a mean"),
    ),
    example=Example((r"X, Y \text{ random}",), r"\mathbb{E}\left[X\,\mathbb{E}[Y \mid X]\right]", r"\mathbb{E}[XY]"),
    misuse=Misuse(
        (r"X, Y \text{ random}",),
        r"\mathbb{E}\left[\mathbb{E}[Y \mid X]^2\right]",
        r"\mathbb{E}[Y^2]",
        "the square of a conditional mean is not the conditional mean of the square",
    ),
    heads=(Expectation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Theorem 4.4.3",
)
def tower(term: Term, context: Context):
    """Drops an inner conditional expectation under an outer one: `E[X E[Y | X]] = E[X Y]`.

    Factors beside the conditional expectation must be functions of what it is conditioned on; an outer condition
    must be part of the inner one.
    """
    if not isinstance(term, Expectation):
        return
    factors = list(factors_of(term.arg))
    for k, inner in enumerate(factors):
        if not (isinstance(inner, Expectation) and inner.given):
            continue
        rest = factors[:k] + factors[k + 1 :]
        if all(known(f, inner.given, context) for f in rest) and set(term.given) <= set(inner.given):
            yield expectation(times(*factors[:k], inner.arg, *factors[k + 1 :]), term.given), ()


def known(term: Term, given: tuple[Term, ...], context: Context) -> bool:
    """True when `term` is a function of what is conditioned on."""
    plain = frozenset().union(*(context.atoms(g) for g in given if isinstance(g, Symbol)))
    return context.atoms(term) <= plain or term in given


@rule(
    "known-out",
    title="Taking out what is known",
    statement=r"\mathbb{E}[g(X)\,Y \mid X] = g(X)\,\mathbb{E}[Y \mid X]",
    reason="Once X is known, a function of X is a constant.",
    conditions=(Condition("the factor is a function of what is conditioned on"),),
    example=Example((r"X, Y \text{ random}",), r"\mathbb{E}[X^2 Y \mid X]", r"X^2\,\mathbb{E}[Y \mid X]"),
    misuse=Misuse(
        (r"X, Y \text{ random}",),
        r"\mathbb{E}\left[\mathbb{E}[X^2 Y \mid X]\right]",
        r"\mathbb{E}[X^2]\,\mathbb{E}\left[\mathbb{E}[Y \mid X]\right]",
        "X² comes out of the inner expectation, given X, but not out of the outer one",
    ),
    heads=(Expectation,),
    source="Williams, Probability with Martingales, Section 9.7 (j)",
)
def known_out(term: Term, context: Context):
    """Takes factors that are functions of the condition out of a conditional expectation, and sums apart."""
    if not (isinstance(term, Expectation) and term.given):
        return
    if known(term.arg, term.given, context):
        yield term.arg, ()
        return
    scalars, chain = segments(factors_of(term.arg))
    out = [f for f in scalars if known(f, term.given, context)]
    kept = [f for f in scalars if not known(f, term.given, context)]
    left: list[Term] = []
    right: list[Term] = []
    while chain and known(chain[0], term.given, context):
        left.append(chain.pop(0))
    while chain and known(chain[-1], term.given, context):
        right.insert(0, chain.pop())
    if (out or left or right) and (kept or chain):
        yield times(*out, *left, expectation(times(*kept, *chain), term.given), *right), ()


@rule(
    "conditional-expectation",
    title="Decomposing along a condition",
    statement=(
        r"\operatorname{Var}(Y) = \mathbb{E}[\operatorname{Var}(Y \mid X)] + \operatorname{Var}(\mathbb{E}[Y "
        r"\mid X])"
    ),
    reason="The spread of Y is the average spread within the groups plus the spread between the groups' means.",
    conditions=(Condition("Y has a second moment"),),
    example=Example(
        (r"X, Y \text{ random}",),
        r"\mathbb{E}[\operatorname{Var}(Y \mid X)] + \operatorname{Var}(\mathbb{E}[Y \mid X])",
        r"\operatorname{Var}(Y)",
    ),
    misuse=Misuse(
        (r"X, Y \text{ random}",),
        r"\mathbb{E}[\operatorname{Var}(Y \mid X)]",
        r"\operatorname{Var}(Y)",
        "the variance of the conditional mean is missing",
    ),
    heads=(Add,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Theorem 4.4.7",
)
def conditional_expectation(term: Term, context: Context):
    """Puts mean conditional variance and variance of the conditional mean together to the whole variance."""
    items = terms_of(term)
    for within in items:
        if not (isinstance(within, Expectation) and not within.given and isinstance(within.arg, Variance)):
            continue
        inner = within.arg
        between = Variance(expectation(inner.arg, inner.given))
        if inner.given and between in items:
            rest = [t for t in items if t is not within and t != between]
            yield plus(Variance(inner.arg), *rest), ()


@rule(
    "conditional-variance",
    title="Definition of the conditional variance",
    statement=r"\operatorname{Var}(Y \mid X) = \mathbb{E}[Y^2 \mid X] - \mathbb{E}[Y \mid X]^2",
    reason="It is the variance of Y computed with the probabilities given X.",
    conditions=(Condition("Y has a second moment"),),
    example=Example(
        (r"X, Y \text{ random}",),
        r"\operatorname{Var}(Y \mid X)",
        r"\mathbb{E}[Y^2 \mid X] - \mathbb{E}[Y \mid X]^2",
    ),
    misuse=Misuse(
        (r"X, Y \text{ random}",),
        r"\mathbb{E}[\operatorname{Var}(Y \mid X)]",
        r"\mathbb{E}[Y^2] - \mathbb{E}[Y]^2",
        "that is Var(Y), which also contains the variance of the conditional mean",
    ),
    heads=(Variance,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Section 4.2",
)
def conditional_variance(term: Term, context: Context):
    """Replaces a conditional variance by conditional moments."""
    if isinstance(term, Variance) and term.given:
        mean = expectation(term.arg, term.given)
        if term.shape == SCALAR:
            yield minus(expectation(power(term.arg, 2), term.given), power(mean, 2)), ()
        else:
            second = expectation(times(term.arg, transposed(term.arg)), term.given)
            yield minus(second, times(mean, transposed(mean))), ()


RULES = chapter_rules(globals())
