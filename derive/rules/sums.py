"""Chapter: sums over indices."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.language.terms import SCALAR, Index, IndexValue, Mul, Number, Pow, Range, Sum, SupportSum, Term, number
from derive.rules.algebra import gathered
from derive.rules.construct import ONE, factors_of, integer_power, minus, plus, terms_of, times
from derive.rules.context import Context
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule
from derive.rules.traverse import all_indices, free_indices, fresh, substitute, substitute_indices

LONGEST_WRITTEN_OUT = 8
HALF = number(Fraction(1, 2))


def index_term(index: Index) -> Term:
    """An index as a number."""
    return number(index.offset) if index.base is None else IndexValue(index)


def count(span: Range) -> Term:
    """The number of values in a range: upper − lower + 1."""
    return plus(minus(index_term(span.upper), index_term(span.lower)), ONE)


@rule(
    "sum-of-constant",
    title="Sum of a constant",
    statement=r"\sum_{i=1}^n c = n c",
    reason="The same number is added once for each index.",
    conditions=(
        Condition("the summand does not depend on the index"),
        Condition("left-out values lie in the range"),
    ),
    example=Example((r"c \text{ constant}", r"n \in \mathbb{N}"), r"\sum_{i=1}^n c", r"n c"),
    misuse=Misuse(
        (r"c \text{ constant}", r"n \in \mathbb{N}", r"n > 1"),
        r"\sum_{i=1}^n \sum_{j \neq i} c",
        r"n^2 c",
        "the inner sum leaves out j = i, so it has n − 1 terms",
    ),
    heads=(Sum,),
    source="Graham, Knuth & Patashnik, Concrete Mathematics, Section 2.3",
)
def sum_of_constant(term: Term, context: Context):
    """Counts the terms of a sum whose summand does not depend on the index; constant factors come out in front."""
    if not isinstance(term, Sum) or term.below:
        return
    inside = [f for f in factors_of(term.body) if term.index in free_indices(f)]
    if inside:
        return
    left_out = [i for i in term.excluded if _in_range(i, term.range, context)]
    if len(left_out) < len(term.excluded) or not _all_differ(left_out, context):
        return
    yield times(minus(count(term.range), number(len(left_out))), term.body), ()


@rule(
    "sum-of-powers",
    title="Sum of the first numbers, of their squares and cubes",
    statement=r"\sum_{i=1}^n i = \frac{n(n+1)}{2},\quad \sum_{i=1}^n i^2 = \frac{n(n+1)(2n+1)}{6},"
    r"\quad \sum_{i=1}^n i^3 = \frac{n^2(n+1)^2}{4}",
    reason="The first and the last number together give n + 1, and so do the second and the last but one.",
    conditions=(Condition("the range begins at 1"), Condition("no value is left out")),
    example=Example((r"n \in \mathbb{N}",), r"\sum_{i=1}^n i", r"\frac{n(n+1)}{2}"),
    misuse=Misuse(
        (r"n \in \mathbb{N}",),
        r"\sum_{i=1}^n i^2",
        r"\left(\frac{n(n+1)}{2}\right)^2",
        "that is the sum of the cubes, or the square of the sum",
    ),
    heads=(Sum,),
    source="Graham, Knuth & Patashnik, Concrete Mathematics, Section 2.5",
)
def sum_of_powers(term: Term, context: Context):
    """The closed form of a sum of a power of its index."""
    if not isinstance(term, Sum) or term.below or term.excluded or term.range.lower != Index(None, 1):
        return
    n = index_term(term.range.upper)
    match term.body:
        case IndexValue(Index(base, 0)) if base == term.index:
            yield times(HALF, n, plus(n, ONE)), ()
        case Pow(IndexValue(Index(base, 0)), Number(exponent)) if base == term.index and exponent == 2:
            yield times(number(Fraction(1, 6)), n, plus(n, ONE), plus(times(number(2), n), ONE)), ()
        case Pow(IndexValue(Index(base, 0)), Number(exponent)) if base == term.index and exponent == 3:
            yield times(number(Fraction(1, 4)), Pow(n, number(2)), Pow(plus(n, ONE), number(2))), ()


@rule(
    "geometric-sum",
    title="Geometric sum",
    statement=r"\sum_{i=1}^n r^i = \frac{r - r^{n+1}}{1 - r}",
    reason="The sum and r times the sum have all terms in common but the first of the one and the last of the other.",
    conditions=(Condition("no value is left out"),),
    example=Example((r"r \text{ constant}", r"n \in \mathbb{N}"), r"\sum_{i=1}^n r^i", r"\frac{r - r^{n+1}}{1 - r}"),
    misuse=Misuse(
        (r"r \text{ constant}", r"n \in \mathbb{N}"),
        r"\sum_{i=1}^n r^i",
        r"\frac{1 - r^n}{1 - r}",
        "that is the sum from i = 0 to n − 1",
    ),
    heads=(Sum,),
    source="Graham, Knuth & Patashnik, Concrete Mathematics, Section 2.3",
)
def geometric_sum(term: Term, context: Context):
    """The closed form of a sum of the powers of one quantity."""
    if not isinstance(term, Sum) or term.below or term.excluded:
        return
    match term.body:
        case Pow(base, IndexValue(Index(name, 0))) if name == term.index and name not in free_indices(base):
            first, last = index_term(term.range.lower), index_term(term.range.upper)
            above = plus(Pow(base, first), times(number(-1), Pow(base, plus(last, ONE))))
            yield times(above, Pow(plus(ONE, times(number(-1), base)), number(-1))), ()


def _in_range(index: Index, span: Range, context: Context) -> bool:
    """True when the index is bound over, or a number in, the same range: taken so for every index that is left out."""
    if index.base is None and span.upper.base is None and span.lower.base is None:
        return span.lower.offset <= index.offset <= span.upper.offset
    return index.offset == 0 or index in (span.lower, span.upper)


def _all_differ(indices: list[Index], context: Context) -> bool:
    return all(context.differ(a, b) for k, a in enumerate(indices) for b in indices[k + 1 :])


@rule(
    "coinciding-indices",
    title="Splitting off the coinciding indices",
    statement=r"\sum_{i,j} a_{ij} = \sum_i a_{ii} + \sum_i \sum_{j \neq i} a_{ij}",
    reason="Each pair of indices is either equal or different; the two cases often have different moments.",
    conditions=(Condition("both indices run over the same range"),),
    example=Example(
        (r"X_1, \dots, X_n \text{ random}",),
        r"\sum_{i=1}^n \sum_{j=1}^n \mathbb{E}[X_i X_j]",
        r"\sum_{i=1}^n \mathbb{E}[X_i^2] + \sum_{i=1}^n \sum_{j \neq i} \mathbb{E}[X_i X_j]",
    ),
    misuse=Misuse(
        (r"X_1, \dots, X_n \text{ random}", r"n > 1"),
        r"\sum_{i=1}^n \sum_{j=1}^n \mathbb{E}[X_i X_j]",
        r"\sum_{i=1}^n \mathbb{E}[X_i^2]",
        "the n(n − 1) terms with j ≠ i are missing",
    ),
    heads=(Sum,),
    source="Graham, Knuth & Patashnik, Concrete Mathematics, Section 2.4",
)
def coinciding_indices(term: Term, context: Context):
    """Splits a double sum into the terms with equal indices and those with different ones."""
    if not isinstance(term, Sum) or term.below:
        return
    yield from _split_at_outer_index(term, context)
    head, inner = _inner_sum(term.body)
    if (
        inner is None
        or not {term.index, inner.index} <= free_indices(inner.body)
        or inner.range != term.range
        or inner.below
        or Index(term.index) in inner.excluded
    ):
        return
    here = Index(term.index)
    diagonal = gathered(times(*head, substitute_indices(inner.body, {inner.index: here})))
    off = replace(term, body=times(*head, replace(inner, excluded=(*inner.excluded, here))))
    yield plus(replace(term, body=diagonal), off), ()


def _split_at_outer_index(term: Sum, context: Context):
    """`Σ_j a_{ij}` inside a sum over i in the same range is `a_{ii} + Σ_{j≠i} a_{ij}`."""
    for name in sorted(free_indices(term.body) - {term.index}):
        here = Index(name)
        if context.range_of(name) == term.range and all(context.differ(here, i) for i in term.excluded):
            at = gathered(substitute_indices(term.body, {term.index: here}))
            if here not in term.excluded and term.index in free_indices(term.body):
                yield plus(at, replace(term, excluded=(*term.excluded, here))), ()
                return


def _inner_sum(body: Term) -> tuple[list[Term], Sum | None]:
    factors = list(factors_of(body))
    found = [f for f in factors if isinstance(f, Sum)]
    if len(found) != 1 or any(f.shape != SCALAR for f in factors if f is not found[0]):
        return [], None
    return [f for f in factors if f is not found[0]], found[0]


@rule(
    "finite-sum",
    title="Writing a short sum out",
    statement=r"\sum_{i=1}^3 a_i = a_1 + a_2 + a_3",
    reason="That is what the sign means.",
    conditions=(Condition("the bounds are numbers"),),
    example=Example((r"X_1, X_2, X_3 \text{ random}",), r"\sum_{i=1}^3 X_i", r"X_1 + X_2 + X_3"),
    misuse=Misuse(
        (r"X_1, X_2, X_3 \text{ random}",),
        r"\sum_{i=1}^3 X_i^2",
        r"(X_1 + X_2 + X_3)^2",
        "the sum of the squares is not the square of the sum",
    ),
    heads=(Sum, SupportSum),
    source="Graham, Knuth & Patashnik, Concrete Mathematics, Section 2.1",
)
def finite_sum(term: Term, context: Context):
    """Writes out a sum between numbers, of at most eight terms."""
    if isinstance(term, SupportSum) and isinstance(term.lower, Number) and isinstance(term.upper, Number):
        low, high = term.lower.value, term.upper.value
        if low.denominator == high.denominator == 1 and 0 <= high - low < LONGEST_WRITTEN_OUT:
            values = range(int(low), int(high) + 1)
            yield plus(*(substitute(term.body, term.variable, number(v)) for v in values)), ()
    if not isinstance(term, Sum) or term.below:
        return
    low, high = term.range.lower, term.range.upper
    if low.base is None and high.base is None and 0 <= high.offset - low.offset < LONGEST_WRITTEN_OUT:
        if any(i.base is not None for i in term.excluded):
            return
        values = [Index(None, k) for k in range(low.offset, high.offset + 1)]
        values = [v for v in values if v not in term.excluded]
        yield plus(*(substitute_indices(term.body, {term.index: v}) for v in values)), ()


@rule(
    "reindex",
    title="Renaming or shifting an index",
    statement=r"\sum_{i=1}^n a_i = \sum_{k=1}^n a_k = \sum_{k=0}^{n-1} a_{k+1}",
    reason="The name of a bound index does not matter, nor where the counting starts.",
    conditions=(Condition("the new name does not occur yet"),),
    example=Example((r"X_1, \dots, X_n \text{ random}",), r"\sum_{k=0}^{n-1} X_{k+1}", r"\sum_{i=1}^n X_i"),
    misuse=Misuse(
        (r"X_1, \dots, X_n \text{ random}", r"n > 1"),
        r"\left(\sum_{i=1}^n X_i\right)^2",
        r"\sum_{i=1}^n X_i X_i",
        "the two sums need two different index names",
    ),
    heads=(Sum,),
    source="Graham, Knuth & Patashnik, Concrete Mathematics, Section 2.1",
)
def reindex(term: Term, context: Context):
    """Shifts the index of a sum so that the counting starts at one."""
    if isinstance(term, Sum) and term.range.lower.base is None and term.range.lower.offset != 1 and not term.below:
        shift = term.range.lower.offset - 1
        upper = Index(term.range.upper.base, term.range.upper.offset - shift)
        excluded = tuple(Index(i.base, i.offset - shift) for i in term.excluded)
        body = substitute_indices(term.body, {term.index: Index(term.index, shift)})
        yield Sum(term.index, Range(Index(None, 1), upper), body, excluded), ()


@rule(
    "split-sum",
    title="Taking a sum apart",
    statement=r"\sum_i (a\,x_i + y_i) = a \sum_i x_i + \sum_i y_i",
    reason="Addition may be done in any order, and a common factor taken out.",
    conditions=(Condition("what is taken out does not depend on the index"),),
    example=Example(
        (r"X_1, \dots, X_n \text{ random}", r"a, c \text{ constant}"),
        r"\sum_{i=1}^n (a X_i + c)",
        r"a \sum_{i=1}^n X_i + \sum_{i=1}^n c",
    ),
    misuse=Misuse(
        (r"X_1, \dots, X_n \text{ random}", r"n > 1", r"c \text{ constant}"),
        r"\sum_{i=1}^n (X_i + c)",
        r"\sum_{i=1}^n X_i + c",
        "the constant is added n times",
    ),
    heads=(Sum, Mul),
    source="Graham, Knuth & Patashnik, Concrete Mathematics, Section 2.3",
)
def split_sum(term: Term, context: Context):
    """Takes a sum of several terms apart and factors that do not depend on the index out in front, or a factor in."""
    if isinstance(term, Mul):
        yield from _factors_in(term)
    if not isinstance(term, Sum):
        return
    new = plus(*(_factors_out(part, term) for part in terms_of(term.body)))
    if new != term:
        yield new, ()


def _factors_in(term: Mul):
    """`a Σ_j b_j = Σ_j a b_j`, for the one sum among the factors."""
    factors = factors_of(term)
    spots = [k for k, f in enumerate(factors) if isinstance(f, Sum)]
    if len(spots) != 1:
        return
    inner = factors[spots[0]]
    others = (*factors[: spots[0]], *factors[spots[0] + 1 :])
    taken = frozenset().union(*(all_indices(f) for f in others))
    if inner.index in taken:
        new = fresh(inner.index, taken | all_indices(inner))
        inner = replace(inner, index=new, body=substitute_indices(inner.body, {inner.index: Index(new)}))
    yield replace(inner, body=times(*factors[: spots[0]], inner.body, *factors[spots[0] + 1 :])), ()


def _factors_out(part: Term, term: Sum) -> Term:
    factors = list(factors_of(part))
    free = [f for f in factors if f.shape == SCALAR and term.index not in free_indices(f)]
    rest = [f for f in factors if f.shape != SCALAR or term.index in free_indices(f)]
    left: list[Term] = []
    right: list[Term] = []
    while rest and rest[0].shape != SCALAR and term.index not in free_indices(rest[0]):
        left.append(rest.pop(0))
    while rest and rest[-1].shape != SCALAR and term.index not in free_indices(rest[-1]):
        right.insert(0, rest.pop())
    if not rest:
        return replace(term, body=part)
    return times(*free, *left, replace(term, body=times(*rest)), *right)


@rule(
    "product-of-sums",
    title="Multiplying sums out",
    statement=r"\Big(\sum_i a_i\Big)\Big(\sum_j b_j\Big) = \sum_i \sum_j a_i b_j",
    reason="Every term of the one sum meets every term of the other.",
    conditions=(Condition("the two sums have different index names"),),
    example=Example(
        (r"X_1, \dots, X_n \text{ random}",),
        r"\left(\sum_{i=1}^n X_i\right)^2",
        r"\sum_{i=1}^n \sum_{j=1}^n X_i X_j",
    ),
    misuse=Misuse(
        (r"X_1, \dots, X_n \text{ random}", r"n > 1"),
        r"\left(\sum_{i=1}^n X_i\right)^2",
        r"\sum_{i=1}^n X_i^2",
        "the cross terms with i ≠ j are missing",
    ),
    heads=(Mul, Pow),
    source="Graham, Knuth & Patashnik, Concrete Mathematics, Section 2.4",
)
def product_of_sums(term: Term, context: Context):
    """Writes a product, or the square, of sums over indices as one multiple sum."""
    if not isinstance(term, Mul | Pow):
        return
    if isinstance(term, Pow):
        base, exponent = integer_power(term)
        if exponent < 2 or exponent > 4:
            return
        factors = factors_of(base) * exponent
    else:
        factors = factors_of(term)
    if sum(isinstance(f, Sum) for f in factors) < (1 if isinstance(term, Mul) else 2):
        return
    opened: list[Sum] = []
    inside: list[Term] = []
    taken = frozenset().union(*(all_indices(f) for f in factors if not isinstance(f, Sum)), frozenset())
    for factor in factors:
        if not isinstance(factor, Sum):
            inside.append(factor)
            continue
        if factor.index in taken:
            new = fresh(factor.index, taken | all_indices(factor))
            body = substitute_indices(factor.body, {factor.index: Index(new)})
            factor = replace(factor, index=new, body=body)
        taken |= all_indices(factor)
        opened.append(factor)
        inside.append(factor.body)
    if len(opened) < 2:
        return
    whole = times(*inside)
    for outer in reversed(opened):
        whole = replace(outer, body=whole)
    yield whole, ()


RULES = chapter_rules(globals())
