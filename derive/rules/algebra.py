"""Chapter: algebra of sums and products."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.language.terms import SCALAR, Add, Expectation, Mul, Number, Pow, Term
from derive.rules.compare import Key, key, same
from derive.rules.construct import (
    ONE,
    factors_of,
    integer_power,
    plus,
    power,
    segments,
    split_coefficient,
    terms_of,
    times,
    transposed,
)
from derive.rules.context import Context
from derive.rules.dependencies import blocks
from derive.rules.rational import simplified
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule

HIGHEST_POWER = 6
MOST_TERMS = 200


@rule(
    "expand",
    title="Multiplying out",
    statement=r"a(b + c) = ab + ac, \qquad A(B + C) = AB + AC",
    reason="Every term of the one factor meets every term of the other; the order of matrix factors stays.",
    conditions=(Condition("the shapes fit"),),
    example=Example((r"a, b, c, d \in \mathbb{R}",), r"(a + b)(c - d)", r"ac - ad + bc - bd"),
    misuse=Misuse(
        (r"A, B \in \mathbb{R}^{m \times m}",),
        r"(A + B)(A - B)",
        r"A A - B B",
        "matrices need not commute: −AB + BA stays",
    ),
    heads=(Mul, Pow),
    source="field axioms; Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.2",
)
def expand(term: Term, context: Context):
    """Multiplies a product of sums, or a power of a sum, out."""
    if isinstance(term, Pow):
        base, exponent = integer_power(term)
        if isinstance(base, Add) and 2 <= exponent <= HIGHEST_POWER and len(base.args) ** exponent <= MOST_TERMS:
            yield _multiplied((base,) * exponent), ()
        return
    if isinstance(term, Mul) and any(isinstance(f, Add) for f in factors_of(term)):
        factors = factors_of(term)
        count = 1
        for factor in factors:
            count *= len(terms_of(factor))
        if count <= MOST_TERMS:
            yield _multiplied(factors), ()


def _multiplied(factors: tuple[Term, ...]) -> Term:
    """All products of one term from each factor."""
    products: list[tuple[Term, ...]] = [()]
    for factor in factors:
        products = [(*done, t) for done in products for t in terms_of(factor)]
    return plus(*(times(*p) for p in products))


@rule(
    "square",
    title="Squares",
    statement=(
        r"(a + b)^2 = a^2 + 2ab + b^2, \qquad (ab)^2 = a^2 b^2, \qquad (\mathbf{n}^\top\mathbf{w})^2 = "
        r"\mathbf{w}^\top\mathbf{n}\mathbf{n}^\top\mathbf{w}"
    ),
    reason="Write the square as a product and multiply out; the two mixed terms are equal.",
    conditions=(Condition("what is squared is a number; matrices need not commute"),),
    example=Example((r"a, b \in \mathbb{R}",), r"(a - b)^2", r"a^2 - 2ab + b^2"),
    misuse=Misuse((r"a, b \in \mathbb{R}",), r"(a + b)^2", r"a^2 + b^2", "the mixed term 2ab is missing"),
    heads=(Pow,),
    source="binomial theorem; Concrete Mathematics, Section 5.1",
)
def square(term: Term, context: Context):
    """Works out the square of a sum, a product or a scalar product of vectors."""
    base, exponent = integer_power(term)
    if exponent != 2:
        return
    if isinstance(base, Add):
        yield squared_sum(base), ()
    elif isinstance(base, Mul):
        scalars, chain = segments(factors_of(base))
        if len(scalars) > 1:
            yield times(*(power(s, 2) for s in scalars)), ()
        elif len(scalars) == 1 and not chain and isinstance(scalars[0], Mul):
            forward = scalars[0].args
            back = tuple(transposed(f) for f in reversed(forward))
            yield times(*back, *forward), ()
            yield times(*forward, *back), ()


def squared_sum(base: Add) -> Term:
    """Each square, followed by twice the products with the later terms."""
    out: list[Term] = []
    for k, left in enumerate(base.args):
        out.append(_squared(left))
        out.extend(times(Number(Fraction(2)), left, right) for right in base.args[k + 1 :])
    return plus(*out)


def _squared(item: Term) -> Term:
    value, rest = split_coefficient(item)
    return times(Number(value * value), power(rest, 2)) if abs(value) == 1 and rest != ONE else power(item, 2)


@rule(
    "group",
    title="Grouping what belongs together",
    statement=r"a + b + c = (a + c) + b",
    reason="Addition may be done in any order; terms in variables that depend on each other are put in one bracket.",
    example=Example(
        (r"X, Y, N \text{ random}", r"N \perp (X, Y)"),
        r"\mathbb{E}[(X + N - Y)^2]",
        r"\mathbb{E}[((X - Y) + N)^2]",
    ),
    misuse=Misuse(
        (r"X, Y, N \text{ random}",),
        r"\mathbb{E}[(X + N - Y)^2]",
        r"\mathbb{E}[((X + Y) - N)^2]",
        "the signs stay with their terms",
    ),
    heads=(Pow,),
    source="associativity and commutativity of addition",
)
def group(term: Term, context: Context):
    """Brackets the summands of a squared sum by the blocks of variables that depend on each other."""
    base, exponent = integer_power(term)
    if exponent != 2 or not isinstance(base, Add) or len(base.args) < 3:
        return
    groups, _ = blocks([context.atoms(a) for a in base.args], context)
    groups = _constants_joined(groups, base.args, context)
    if 1 < len(groups) < len(base.args):
        parts = tuple(plus(*(base.args[k] for k in members)) for members in groups)
        yield Pow(Add(parts), Number(Fraction(2))), ()


def _constants_joined(groups: list[list[int]], args: tuple[Term, ...], context: Context) -> list[list[int]]:
    """Constant summands go with the first group that has something random, unless they are the only others."""
    random = [g for g in groups if any(context.is_random(args[k]) for k in g)]
    fixed = [k for g in groups if g not in random for k in g]
    if not random or not fixed:
        return groups
    return [sorted([*random[0], *fixed]), *random[1:]] if len(random) > 1 else [*random, fixed]


@rule(
    "collect",
    title="Collecting like terms",
    statement=r"2a + 3a = 5a, \qquad X \cdot X = X^2",
    reason="Equal terms are counted, equal factors become powers.",
    example=Example((r"a, b \in \mathbb{R}",), r"2ab + 3ba", r"5ab"),
    misuse=Misuse(
        (r"A, B \in \mathbb{R}^{m \times m}", "m > 1"), r"AB + BA", r"2AB", "AB and BA are different matrices"
    ),
    heads=(Add, Mul, Pow),
    source="field axioms",
)
def collect(term: Term, context: Context):
    """Adds up like terms, over a common denominator where that helps, and gathers equal factors into powers."""
    new = _collected_sum(term) if isinstance(term, Add) else _collected_product(term, cancelling=False)
    if new != term:
        yield new, ()
    fraction = simplified(term)
    if fraction is not None and not same(fraction, term):
        yield fraction, ()


def _collected_sum(term: Add) -> Term:
    """Like terms added up; brackets with a number in front are opened where something in them cancels."""
    plain = _counted(term.args)
    opened = [times(Number(split_coefficient(a)[0]), t) for a in term.args for t in terms_of(split_coefficient(a)[1])]
    bare = _counted(tuple(opened))
    if len(terms_of(bare)) < len(opened) and len(opened) > len(term.args):
        return bare
    return plain if len(terms_of(plain)) < len(term.args) else term


def _counted(args: tuple[Term, ...]) -> Term:
    totals: dict[Key, tuple[Fraction, Term]] = {}
    for arg in args:
        value, rest = split_coefficient(arg)
        name = key(rest)
        before = totals.get(name, (Fraction(0), rest))
        totals[name] = (before[0] + value, before[1])
    return plus(*(times(Number(c), rest) for c, rest in totals.values()))


def gathered(term: Term) -> Term:
    """Equal scalar factors as powers, under an expectation too."""
    if isinstance(term, Expectation):
        return Expectation(gathered(term.arg), term.given)
    return _collected_product(term, cancelling=False)


def _collected_product(term: Term, cancelling: bool) -> Term:
    """Equal scalar bases gathered; with `cancelling` only where exponents of both signs meet, else only where not."""
    if not isinstance(term, Mul):
        return term
    factors = factors_of(term)
    found: dict[Key, tuple[Term, list[int]]] = {}
    for factor in factors:
        if factor.shape == SCALAR and not isinstance(factor, Number):
            base, exponent = integer_power(factor)
            found.setdefault(key(base), (base, []))[1].append(exponent)
    chosen = {
        name: power(base, sum(exponents))
        for name, (base, exponents) in found.items()
        if len(exponents) > 1 and (min(exponents) < 0 < max(exponents)) == cancelling
    }
    if not chosen:
        return term
    out: list[Term] = []
    for factor in factors:
        name = key(integer_power(factor)[0]) if factor.shape == SCALAR else None
        if name in chosen:
            out.append(chosen.pop(name))
            found.pop(name)
        elif name is None or name in found or isinstance(factor, Number):
            out.append(factor)
    return times(*out)


@rule(
    "cancel",
    title="Cancelling",
    statement=r"\frac{a b}{a} = b",
    reason="A factor divided by itself is one.",
    conditions=(Condition("what is cancelled is not zero"),),
    example=Example((r"n \in \mathbb{N}", r"v \in \mathbb{R}"), r"\frac{1}{n^2} n v", r"\frac{v}{n}"),
    misuse=Misuse(
        (r"n \in \mathbb{N}", r"v, c \in \mathbb{R}"),
        r"\frac{n v + c}{n}",
        r"v + c",
        "only a factor of the whole numerator cancels, not one summand's",
    ),
    heads=(Mul,),
    source="field axioms",
)
def cancel(term: Term, context: Context):
    """Cancels a factor against the same factor in a denominator, also where every summand of a factor has it."""
    new = _collected_product(term, cancelling=True)
    if new != term:
        yield new, ()
    if isinstance(term, Mul):
        yield from ((t, ()) for t in _cancelled_in_sum(factors_of(term)))


def _cancelled_in_sum(factors: tuple[Term, ...]) -> Iterator[Term]:
    """`(1/n²)(n v + n c) = (1/n)(v + c)`."""
    for k, inverse in enumerate(factors):
        base, exponent = integer_power(inverse)
        if exponent >= 0 or inverse.shape != SCALAR:
            continue
        for j, inner in enumerate(factors):
            if isinstance(inner, Add) and all(_has_factor(t, base) for t in inner.args):
                divided = plus(*(_collected_product(times(t, power(base, -1)), cancelling=True) for t in inner.args))
                rest = [divided if i == j else f for i, f in enumerate(factors) if i != k]
                yield times(power(base, exponent + 1), *rest)
                return


def _has_factor(term: Term, base: Term) -> bool:
    name = key(base)
    return any(key(b) == name and e > 0 for b, e in map(integer_power, factors_of(term)))


@rule(
    "factor",
    title="Taking a common factor out",
    statement=r"ab + ac = a(b + c)",
    reason="Multiplying out, read backwards.",
    example=Example((r"a, b, c \in \mathbb{R}",), r"ab + ac", r"a(b + c)"),
    misuse=Misuse(
        (r"A, B, C \in \mathbb{R}^{m \times m}", "m > 1"),
        r"A B + C A",
        r"A (B + C)",
        "A stands on the left in one term and on the right in the other",
    ),
    heads=(Add,),
    source="field axioms",
)
def factor(term: Term, context: Context):
    """Takes scalar factors, and matrix factors at the same end, that all terms have in common out of a sum."""
    if not isinstance(term, Add):
        return
    rows = [factors_of(a) for a in term.args]
    shared = _shared_scalars(rows)
    stripped = [_without(row, shared) for row in rows]
    left: list[Term] = []
    right: list[Term] = []
    chains = [[f for f in row if f.shape != SCALAR] for row in stripped]
    while _shared_end(chains, 0):
        left.append(chains[0][0])
        for row, chain in zip(stripped, chains, strict=True):
            row.remove(chain.pop(0))
    while _shared_end(chains, -1):
        right.insert(0, chains[0][-1])
        for row, chain in zip(stripped, chains, strict=True):
            last = chain.pop()
            row.reverse()
            row.remove(last)
            row.reverse()
    if shared or left or right:
        inner = plus(*(times(*row) if row else ONE for row in stripped))
        yield times(*shared, *left, inner, *right), ()
    elif term.shape != SCALAR:
        yield from ((t, ()) for t in _factored_partly(term.args))


def _factored_partly(args: tuple[Term, ...]) -> Iterator[Term]:
    """`A x − A y + z = A (x − y) + z`, for each matrix in front of two or more terms."""
    heads: dict[Key, list[int]] = {}
    for k, arg in enumerate(args):
        chain = [f for f in factors_of(arg) if f.shape != SCALAR]
        if len(chain) > 1:
            heads.setdefault(key(chain[0]), []).append(k)
    for places in heads.values():
        if len(places) > 1:
            head = next(f for f in factors_of(args[places[0]]) if f.shape != SCALAR)
            rests = []
            for k in places:
                row = list(factors_of(args[k]))
                row.remove(next(f for f in row if f.shape != SCALAR))
                rests.append(times(*row))
            yield plus(times(head, plus(*rests)), *(a for k, a in enumerate(args) if k not in places))


def _shared_scalars(rows: list[tuple[Term, ...]]) -> list[Term]:
    scalars = [f for f in rows[0] if f.shape == SCALAR and not isinstance(f, Number)]
    return [f for f in dict.fromkeys(scalars) if all(any(key(f) == key(g) for g in row) for row in rows[1:])]


def _without(row: tuple[Term, ...], shared: list[Term]) -> list[Term]:
    rest = list(row)
    for item in shared:
        rest.remove(next(f for f in rest if key(f) == key(item)))
    return rest


def _shared_end(chains: list[list[Term]], end: int) -> bool:
    """True when all chains have two or more factors and the same one at the given end."""
    if any(len(chain) < 2 for chain in chains):
        return False
    return len({key(chain[end]) for chain in chains}) == 1


RULES = chapter_rules(globals())
