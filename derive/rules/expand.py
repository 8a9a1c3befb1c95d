"""A derivation that writes itself: from an expression to its simplest form, one named rule a line.

The order of the rules is that of a lecture: put definitions in, distribute transposes, group, square, use linearity,
independence and known moments, and collect.  A guard says when a rule that could be used also helps.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.language.facts import Facts
from derive.language.terms import (
    SCALAR,
    Add,
    Covariance,
    Entry,
    Expectation,
    Function,
    Index,
    Mul,
    Sum,
    Symbol,
    Term,
    Trace,
    Transpose,
    Variance,
    walk,
)
from derive.rules.book import RULES
from derive.rules.compare import same
from derive.rules.construct import factors_of, integer_power, is_zero, segments, terms_of
from derive.rules.context import Context
from derive.rules.dependencies import blocks
from derive.rules.rewriting import Accept, Line, anything, repeatedly
from derive.rules.traverse import size

MOST_LINES = 40
LARGEST = 800  # nodes of a term
MOST_NODES = 8_000  # of all lines together


def expand(
    term: Term, facts: Facts, distinct: Iterable[tuple[Index, Index]] = (), thorough: bool = False
) -> list[Line]:
    """The lines that follow `term`, each equal to the one before by one rule; empty when nothing can be simplified.

    `thorough` goes on to the fully multiplied out form, in which equal expressions are most likely to look equal.
    """
    context = Context(facts, frozenset(frozenset(p) for p in distinct))
    plan = THOROUGH if thorough else READABLE
    lines: list[Line] = []
    seen = {term}
    written = 0
    while len(lines) < MOST_LINES and written < MOST_NODES:
        step = next_line(lines[-1].term if lines else term, context, plan, seen)
        if step is None:
            break
        lines.append(step)
        written += size(step.term)
        seen.add(step.term)
    return lines


def next_line(term: Term, context: Context, plan: Plan, seen: set[Term]) -> Line | None:
    """The first rule of the plan that gives something new."""
    for name, accept in plan:
        found = repeatedly(RULES[name], term, context, accept)
        if found is None or found[0] in seen or size(found[0]) > LARGEST:
            continue
        return Line(found[0], name, found[1])
    return None


# ---------------------------------------------------------------------------------------------
# Guards: when is a rule worth a line?


def changes(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """More than the order of writing changes."""
    return not same(old, new)


def unfolds(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """A definition is put in for a symbol without known moments; a symbol with known moments is put in its place."""
    if isinstance(old, Symbol | Function):
        return not context.knows_moments(old) and (context.is_random(new) or _has_expectation(new))
    return isinstance(new, Symbol) and context.knows_moments(new) and context.is_random(old)


def unfolds_all(old: Term, new: Term, context: Context, inside: bool) -> bool:
    return isinstance(old, Symbol | Function) and (not context.knows_moments(old) or not context.is_random(old))


def _has_expectation(term: Term) -> bool:
    return any(isinstance(t, Expectation) for t in walk(term))


def opens_transpose(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """A transpose is distributed; a mere turn `x^T w = w^T x` is no progress."""
    turned = isinstance(old, Mul) and isinstance(new, Mul)
    return inside and not turned and context.is_random(old) and not _keeps_known(old, context)


def _keeps_known(term: Term, context: Context) -> bool:
    """The sum that would be opened is one that a given moment speaks of."""
    return any(isinstance(f, Transpose) and context.mentions(f.arg) for f in (term, *factors_of(term)))


def opens_vector_sum(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """`(x + n)^T w` or `A (x + n)` with parts that are independent of each other."""
    sums = [f for f in factors_of(old) if isinstance(f, Add) and f.shape != SCALAR]
    return inside and any(len(blocks([context.atoms(a) for a in s.args], context)[0]) > 1 for s in sums)


def builds_known(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """`A x − A y` becomes `A (x − y)` where a given speaks of x − y."""
    return inside and _speaks_of(new, context) and not _speaks_of(old, context)


def _speaks_of(term: Term, context: Context) -> bool:
    return any(isinstance(t, Add) and context.mentions(t) for t in walk(term))


def opens_outer_product(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """`(u + v)(u + v)^T` with parts that are independent of each other, unless a given speaks of the product."""
    if not inside or context.mentions(old) or old.shape == SCALAR:
        return False
    sums = [s for f in factors_of(old) for s in (f, getattr(f, "arg", None)) if isinstance(s, Add)]
    return len(sums) > 1 and any(len(blocks([context.atoms(a) for a in s.args], context)[0]) > 1 for s in sums)


def opens_outer_transpose(old: Term, new: Term, context: Context, inside: bool) -> bool:
    return opens_outer_product(old, new, context, inside) and not _keeps_known(old, context)


def shorter_inside(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """Terms that cancel or add up; nothing is put in brackets."""
    return inside and isinstance(old, Add) and len(terms_of(new)) < len(old.args) and not isinstance(new, Mul)


def distributes(old: Term, new: Term, context: Context, inside: bool) -> bool:
    return not (isinstance(old, Mul) and isinstance(new, Mul))


def in_expectation(old: Term, new: Term, context: Context, inside: bool) -> bool:
    return inside


def worth_squaring(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """Inside an expectation, when the parts are independent of each other or their second moments are known."""
    if not inside or not context.is_random(old):
        return False
    base, _ = integer_power(old)
    if not isinstance(base, Add):
        scalars, _ = segments(factors_of(base))
        return context.knows_moments(base) or any(not context.is_random(s) for s in scalars)
    random = [context.atoms(a) for a in base.args if context.is_random(a)]
    return len(blocks(random, context)[0]) > 1 or context.knows_moments(base) or len(random) < len(base.args)


def worth_expanding(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """A random product inside an expectation whose moments are known, or that splits into independent parts."""
    if not inside or not context.is_random(old):
        return False
    if context.mentions(old):
        return False
    if context.knows_moments(old):
        return True
    sets = [context.atoms(t) for t in walk(old) if isinstance(t, Symbol) and context.is_random(t)]
    return len(blocks(sets, context)[0]) > 1


def worth_splitting(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """A double sum with something random in it."""
    return any(isinstance(t, Expectation) for t in walk(old)) or (inside and context.is_random(old))


def random_scale(old: Term, new: Term, context: Context, inside: bool) -> bool:
    return isinstance(old, Sum) and (not any(isinstance(t, Sum) for t in walk(old.body)) or not _has_expectation(old))


def shorter(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """Like terms are counted and fractions added where the result is shorter to write."""
    return size(new) < size(old)


def takes_sum_out(old: Term, new: Term, context: Context, inside: bool) -> bool:
    return isinstance(old, Sum)


def joins_sum(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """A random factor moves into a sum inside an expectation, where it meets variables of its own family."""
    if not (inside and isinstance(old, Mul) and isinstance(new, Sum)):
        return False
    sums = [f for f in factors_of(old) if isinstance(f, Sum)]
    names = {a.name for s in sums for a in context.atoms(s)}
    return any(a.name in names for f in factors_of(old) if f not in sums for a in context.atoms(f))


def quadratic_form(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """`E[x^T A x]` becomes `tr(A E[x x^T])`: only with exactly `x … x` at the two ends and known moments."""
    if not inside or not isinstance(old, Mul) or old.shape != SCALAR or not context.knows_moments(old):
        return False
    chain = factors_of(old)
    random = [k for k, f in enumerate(chain) if context.is_random(f)]
    ends = random == [0, len(chain) - 1]
    turned = isinstance(new, Trace) and isinstance(new.arg, Mul) and context.is_random(new.arg.args[-1])
    return ends and turned and context.is_random(new.arg.args[-2])


def under_trace(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """The trace goes outside the expectation, never back, and is not written out."""
    return not isinstance(new, Expectation | Sum) or isinstance(old.arg, Sum)


def definition_of_variance(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """Unfolded to moments when these are known and the variance itself is not an irreducible symbol's."""
    return is_zero(new) or (isinstance(new, Add) and not _plain(old.arg) and not isinstance(old.arg, Add | Sum))


def definition_of_covariance(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """Only `Cov(X, X) = Var(X)` for symbols; moments for products and functions."""
    if isinstance(new, Variance) or is_zero(new):
        return True
    return isinstance(new, Add) and not (_plain(old.left) and _plain(old.right))


def _plain(term: Term) -> bool:
    return isinstance(term, Symbol | Entry | Expectation)


def of_covariance(old: Term, new: Term, context: Context, inside: bool) -> bool:
    return isinstance(old, Covariance)


def no_loss(old: Term, new: Term, context: Context, inside: bool) -> bool:
    """A sum of independent or known parts is taken apart; a plain covariance is not worth more terms."""
    return isinstance(old.arg, Add | Sum)


Plan = tuple[tuple[str, Accept], ...]

_MOMENTS: Plan = (
    ("zero-mean", anything),
    ("mean", anything),
    ("given-moment", anything),
    ("idempotent", in_expectation),
    ("bernoulli-moments", anything),
    ("distribution-moments", anything),
    ("second-moment", anything),
    ("normal-moments", anything),
)
_TIDY: Plan = (
    ("finite-sum", anything),
    ("sum-of-constant", anything),
    ("identity", anything),
    ("inverse", anything),
    ("orthogonal", anything),
    ("symmetric", anything),
    ("cancel", anything),
    ("collect", shorter),
)

READABLE: Plan = (
    ("definition", unfolds),
    ("correlation", anything),
    ("conditional-variance", anything),
    ("variance-scaling", anything),
    ("variance-of-sum", no_loss),
    ("covariance-bilinear", changes),
    ("independence", of_covariance),
    ("uncorrelated", anything),
    ("given-moment", anything),
    ("covariance", definition_of_covariance),
    ("distribution-moments", anything),
    ("bernoulli-moments", anything),
    ("variance", definition_of_variance),
    ("collect", shorter_inside),
    ("factor", builds_known),
    ("squared-norm", in_expectation),
    ("transpose", opens_outer_transpose),
    ("expand", opens_outer_product),
    ("transpose", opens_transpose),
    ("expand", opens_vector_sum),
    ("group", in_expectation),
    ("square", worth_squaring),
    ("split-sum", joins_sum),
    ("product-of-sums", worth_splitting),
    ("coinciding-indices", worth_splitting),
    ("expectation-of-constant", anything),
    ("linearity", changes),
    ("expectation-of-sum", anything),
    ("known-out", anything),
    ("tower", anything),
    ("conditional-independence", anything),
    ("independence", anything),
    *_MOMENTS,
    ("cyclic-trace", quadratic_form),
    ("trace", under_trace),
    ("expand", worth_expanding),
    ("chain-rule", anything),
    ("product-rule", anything),
    ("derivative", anything),
    ("split-sum", random_scale),
    *_TIDY,
)

THOROUGH: Plan = (
    ("definition", unfolds_all),
    ("correlation", anything),
    ("given-moment", anything),
    ("covariance", anything),
    ("conditional-variance", anything),
    ("variance", anything),
    ("collect", shorter_inside),
    ("squared-norm", anything),
    ("transpose", distributes),
    ("square", anything),
    ("split-sum", joins_sum),
    ("product-of-sums", anything),
    ("coinciding-indices", anything),
    ("chain-rule", anything),
    ("product-rule", anything),
    ("derivative", anything),
    ("inverse", anything),
    ("cancel", anything),
    ("expand", anything),
    ("expectation-of-constant", anything),
    ("linearity", changes),
    ("expectation-of-sum", anything),
    ("known-out", anything),
    ("tower", anything),
    ("independence", anything),
    ("uncorrelated", anything),
    *_MOMENTS,
    ("trace", under_trace),
    ("split-sum", takes_sum_out),
    *_TIDY,
)
