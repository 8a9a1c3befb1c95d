"""Chapter: variance, second part: variances and covariances of sums and multiples."""

from __future__ import annotations

from dataclasses import replace

from derive.language.terms import SCALAR, Covariance, Index, Sum, Term, Variance, number
from derive.rules.construct import expectation, factors_of, is_zero, plus, power, terms_of, times, transposed
from derive.rules.context import Context
from derive.rules.dependence import independence, uncorrelated
from derive.rules.moments import zero_mean
from derive.rules.rewriting import repeatedly
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule
from derive.rules.traverse import all_indices, fresh, substitute_indices


@rule(
    "variance-scaling",
    title="Variance of a multiple",
    statement=(
        r"\operatorname{Var}(aX + b) = a^2 \operatorname{Var}(X), \qquad \operatorname{Var}(A\mathbf{x} + "
        r"\mathbf{b}) = A \operatorname{Var}(\mathbf{x}) A^\top"
    ),
    reason="Shifting moves the mean along and changes no distance; scaling by a multiplies squared distances by a².",
    conditions=(
        Condition("the factor and the shift are constant", r"a, b \text{ constant}", instead=r"a, b \text{ random}"),
    ),
    example=Example(
        (r"X \text{ random}", r"a, b \text{ constant}"), r"\operatorname{Var}(aX + b)", r"a^2 \operatorname{Var}(X)"
    ),
    misuse=Misuse(
        (r"X \text{ random}", r"a \text{ constant}"),
        r"\operatorname{Var}(aX)",
        r"a \operatorname{Var}(X)",
        "the variance is a mean of squares, so the factor comes out squared",
    ),
    heads=(Variance,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Theorem 2.3.4",
)
def variance_scaling(term: Term, context: Context):
    """Drops constant summands in a variance and takes constant factors out, squared; matrices on both sides."""
    if not isinstance(term, Variance):
        return
    moving = [t for t in terms_of(term.arg) if context.is_random(t)]
    if moving and len(moving) < len(terms_of(term.arg)):
        yield from variance_scaling.apply(Variance(plus(*moving), term.given), context)
        yield Variance(plus(*moving), term.given), ()
        return
    if len(moving) != 1:
        return
    outside, left, core = _linear_parts(moving[0], context)
    if not outside and not left:
        return
    squares = [power(f, 2) for f in outside]
    back = [transposed(f) for f in reversed(left)]
    yield times(*squares, *left, Variance(core, term.given), *back), ()


def _linear_parts(item: Term, context: Context) -> tuple[list[Term], list[Term], Term]:
    """Constant scalar factors, constant matrix factors on the left, and the random core (a column)."""
    factors = factors_of(item)
    outside = [f for f in factors if f.shape == SCALAR and not context.is_random(f)]
    inside = [f for f in factors if f.shape == SCALAR and context.is_random(f)]
    chain = [f for f in factors if f.shape != SCALAR]
    if chain and not inside and chain[0].shape[0] == 1 and context.is_random(chain[0]):
        chain = [transposed(f) for f in reversed(chain)]  # x^T w is w^T x
    left: list[Term] = []
    while chain and not context.is_random(chain[0]):
        left.append(chain.pop(0))
    if chain and chain[-1].shape[1] != 1:  # what is left is not a column: keep the chain whole
        return outside, [], times(*inside, *left, *chain)
    return outside, left, times(*inside, *chain)


@rule(
    "covariance-bilinear",
    title="The covariance is bilinear",
    statement=r"\operatorname{Cov}(aX + bY, Z) = a\operatorname{Cov}(X, Z) + b\operatorname{Cov}(Y, Z)",
    reason=(
        "The covariance is an expectation of a product, and both are linear in each factor; constant shifts drop out."
    ),
    conditions=(Condition("what is taken out is constant", r"a, b \text{ constant}", instead=r"a, b \text{ random}"),),
    example=Example(
        (r"X, Y, Z \text{ random}", r"a, b \text{ constant}"),
        r"\operatorname{Cov}(aX + bY, Z)",
        r"a\operatorname{Cov}(X, Z) + b\operatorname{Cov}(Y, Z)",
    ),
    misuse=Misuse(
        (r"X, Y \text{ random}", r"a \text{ constant}"),
        r"\operatorname{Cov}(aX, aY)",
        r"a \operatorname{Cov}(X, Y)",
        "each of the two factors a comes out, so it is a²",
    ),
    heads=(Covariance,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Theorem 4.5.6 and Exercise 4.45",
)
def covariance_bilinear(term: Term, context: Context):
    """Takes a covariance apart in both arguments: sums, constant factors, sums over indices; constants drop out."""
    if not isinstance(term, Covariance):
        return
    lefts = [t for t in terms_of(term.left) if context.is_random(t)]
    rights = [t for t in terms_of(term.right) if context.is_random(t)]
    pieces = [_one_covariance(a, b, term.given, context) for a in lefts for b in rights]
    new = plus(*pieces) if pieces else None
    if new is not None and new != term:
        yield new, ()


def _one_covariance(left: Term, right: Term, given: tuple[Term, ...], context: Context) -> Term:
    if isinstance(left, Sum):
        return replace(left, body=_one_covariance(left.body, right, given, context))
    if isinstance(right, Sum):
        if isinstance(left, Sum) or right.index in all_indices(left):
            new = fresh(right.index, all_indices(left) | all_indices(right))
            body = substitute_indices(right.body, {right.index: Index(new)})
            right = replace(right, index=new, body=body)
        return replace(right, body=_one_covariance(left, right.body, given, context))
    a, front, x = _linear_parts(left, context)
    b, back, y = _linear_parts(right, context)
    return times(*a, *b, *front, Covariance(x, y, given), *(transposed(f) for f in reversed(back)))


@rule(
    "variance-of-sum",
    title="Variance of a sum",
    statement=r"\operatorname{Var}(X + Y) = \operatorname{Var}(X) + \operatorname{Var}(Y) + 2\operatorname{Cov}(X, Y)",
    reason=(
        "Squaring a sum gives the squares and twice the cross terms; the cross terms are covariances, which "
        "vanish for independent summands."
    ),
    conditions=(
        Condition("covariances are left out only between summands that are independent or uncorrelated", r"X \perp Y"),
    ),
    example=Example((r"X \perp Y",), r"\operatorname{Var}(X - Y)", r"\operatorname{Var}(X) + \operatorname{Var}(Y)"),
    misuse=Misuse(
        (r"X, Y \text{ random}",),
        r"\operatorname{Var}(X + Y)",
        r"\operatorname{Var}(X) + \operatorname{Var}(Y)",
        "without independence the term 2 Cov(X, Y) stays",
    ),
    heads=(Variance,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Theorem 4.5.6",
)
def variance_of_sum(term: Term, context: Context):
    """Writes the variance of a sum as variances and covariances; those known to vanish are left out."""
    if not isinstance(term, Variance):
        return
    if isinstance(term.arg, Sum):
        yield from _variance_of_indexed_sum(term, term.arg, context)
        return
    parts = terms_of(term.arg)
    if len(parts) < 2:
        return
    pieces: list[Term] = []
    uses: dict[str, None] = {}
    for k, left in enumerate(parts):
        pieces.append(_plain_variance(left, term.given, context))
        for right in parts[k + 1 :]:
            pieces.extend(_cross(left, right, term, uses, context))
    new = plus(*pieces)
    yield new, tuple(uses)


def _plain_variance(item: Term, given: tuple[Term, ...], context: Context) -> Term:
    """Var of one summand, a mere sign dropped."""
    factors = factors_of(item)
    if factors[0] == number(-1):
        return Variance(times(*factors[1:]), given)
    return Variance(item, given)


def _cross(left: Term, right: Term, term: Variance, uses: dict[str, None], context: Context) -> list[Term]:
    found = Covariance(left, right, term.given)
    if not (context.is_random(left) and context.is_random(right)):
        return []
    vanishing = vanishing_covariance(found, context)
    if vanishing is not None:
        uses.update(dict.fromkeys(vanishing))
        return []
    sign = 1
    (a, x), (b, y) = _sign(left), _sign(right)
    sign = a * b
    if term.shape == SCALAR:
        return [times(number(2 * sign), Covariance(x, y, term.given))]
    return [
        times(number(sign), Covariance(x, y, term.given)),
        times(number(sign), Covariance(y, x, term.given)),
    ]


def _sign(item: Term) -> tuple[int, Term]:
    factors = factors_of(item)
    return (-1, times(*factors[1:])) if factors[0] == number(-1) else (1, item)


def vanishing_covariance(found: Covariance, context: Context) -> tuple[str, ...] | None:
    """The givens by which a covariance is zero, or None."""
    bare = Covariance(_linear_parts(found.left, context)[2], _linear_parts(found.right, context)[2], found.given)
    for candidate in (found, bare):
        for law in (independence, uncorrelated):
            for new, uses in law.apply(candidate, context):
                if is_zero(new):
                    return uses
    for new, use in context.moments(bare):
        if is_zero(new):
            return (use,)
    return _vanishing_moments(bare, context)


def _vanishing_moments(found: Covariance, context: Context) -> tuple[str, ...] | None:
    """Cov(UX, VY) is zero when E[U] = 0 and U is independent of the rest: by the moments themselves."""
    if found.given or found.shape != SCALAR:
        return None
    product = expectation(times(found.left, found.right))
    means = times(expectation(found.left), expectation(found.right))
    used: dict[str, None] = {}
    for term in (product, means):
        for law in (independence, zero_mean):
            step = repeatedly(law, term, context)
            if step is not None:
                term = step[0]
                used.update(dict.fromkeys(step[1]))
        if not is_zero(term):
            return None
    return tuple(used)


def _variance_of_indexed_sum(term: Variance, inner: Sum, context: Context):
    """`Var(Σ X_i) = Σ Var(X_i)` for independent members, else plus the covariances over i ≠ j."""
    other = fresh(inner.index, all_indices(inner))
    i, j = Index(inner.index), Index(other)
    twin = substitute_indices(inner.body, {inner.index: j})
    variances = replace(inner, body=Variance(inner.body, term.given))
    cross = Covariance(inner.body, twin, term.given)
    uses = vanishing_covariance(cross, context.apart((i, j)))
    if uses is not None:
        yield variances, uses
        return
    if inner.below:
        return
    second = Sum(other, inner.range, cross, (*inner.excluded, i))
    yield plus(variances, replace(inner, body=second)), ()


RULES = chapter_rules(globals())
