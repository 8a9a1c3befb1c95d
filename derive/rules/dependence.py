"""Chapter: what follows from independence, uncorrelatedness and equal distributions."""

from __future__ import annotations

from dataclasses import replace

from derive.language.facts import Identical, Uncorrelated
from derive.language.terms import SCALAR, Covariance, Expectation, Mul, Symbol, Term, Transpose, Variance, walk
from derive.rules.construct import expectation, factors_of, segments, times, zero
from derive.rules.context import Context, latex_of
from derive.rules.dependencies import blocks, conditionally_independent, split
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule
from derive.rules.traverse import bound_index, transform


@rule(
    "independence",
    title="Independent factors split",
    statement=r"X \perp Y \;\Rightarrow\; \mathbb{E}[XY] = \mathbb{E}[X]\,\mathbb{E}[Y]",
    reason=(
        "For independent variables the joint probabilities are products, so the average of the product is "
        "the product of the averages."
    ),
    conditions=(Condition("the factors are functions of variables that are independent, jointly", r"X \perp Y"),),
    example=Example((r"X \perp Y",), r"\mathbb{E}[X^2 Y]", r"\mathbb{E}[X^2]\,\mathbb{E}[Y]"),
    misuse=Misuse(
        (r"\operatorname{Cov}(X, Y) = 0",),
        r"\mathbb{E}[X^2 Y]",
        r"\mathbb{E}[X^2]\,\mathbb{E}[Y]",
        "uncorrelated variables may still depend on each other; only E[XY] splits, not E[X²Y]",
    ),
    heads=(Expectation, Covariance),
    source="Casella & Berger, Statistical Inference, 2nd ed., Theorem 4.2.10",
)
def independence(term: Term, context: Context):
    """Splits the expectation of a product into a product of expectations, one for each block of factors that depend on
    each other; the covariance of independent variables vanishes by the same reason.

    "n is independent of x" says nothing about y: every variable of a factor must be covered.
    """
    match term:
        case Covariance(left, right, ()) if context.is_random(left) and context.is_random(right):
            sets, uses = blocks([context.atoms(left), context.atoms(right)], context)
            if len(sets) == 2:
                yield zero(term.shape), uses
        case Expectation(_, given) if given:
            yield from _drop_condition(term, context)
        case Expectation(Mul() as product, ()):
            yield from _split_product(product, context)


def _drop_condition(term: Expectation, context: Context):
    """`E[Y | X] = E[Y]` for independent X and Y."""
    inside = context.atoms(term.arg)
    outside = frozenset().union(*(context.atoms(g) for g in term.given))
    sets, uses = blocks([inside, outside], context)
    if inside and outside and len(sets) == 2:
        yield expectation(term.arg), uses


def _split_product(product: Mul, context: Context):
    scalars, chain = segments(factors_of(product))
    groups, uses = blocks([context.atoms(f) for f in scalars] + [context.atoms(f) for f in chain], context)
    first = len(scalars)
    loose = [[scalars[k] for k in g if k < first] for g in groups if all(k < first for k in g)]
    tied = [g for g in groups if any(k >= first for k in g)]
    if len(loose) + len(tied) < 2 and len(tied) < 2:
        yield from _split_chain(product, context)
        return
    inside = [scalars[k] for g in tied for k in g if k < first]
    if inside and len(tied) > 1:
        return
    matrix = _split_matrices(chain, tied, first, inside)
    if matrix is not None:
        yield times(*(expectation(times(*g)) for g in loose), *matrix), uses


def _split_matrices(chain: list[Term], tied: list[list[int]], first: int, inside: list[Term]) -> list[Term] | None:
    """Runs of neighbouring matrix factors of one block; None when a block stands on both sides of another."""
    runs: list[tuple[int, list[Term]]] = []
    for k, factor in enumerate(chain):
        block = next(b for b, g in enumerate(tied) if first + k in g)
        if runs and runs[-1][0] == block:
            runs[-1][1].append(factor)
        else:
            runs.append((block, [factor]))
    if len({b for b, _ in runs}) < len(runs):
        return [expectation(times(*inside, *chain))] if len(tied) == 1 else None
    return [expectation(times(*(inside if n == 0 else ()), *run)) for n, (_, run) in enumerate(runs)]


def _split_chain(product: Mul, context: Context):
    """Inside one scalar chain: `E[x^T A y] = E[x]^T E[A] E[y]`, and `E[x^T A x] = E[x^T E[A] x]`."""
    if product.shape != SCALAR or any(f.shape == SCALAR for f in product.args):
        return
    chain = list(factors_of(product))
    sets = [context.atoms(f) for f in chain]
    parts, uses = split(frozenset().union(*sets), context)
    if len(parts) < 2:
        return
    owner = [next((n for n, p in enumerate(parts) if s & p), -1) for s in sets]
    if any(sum(bool(s & p) for p in parts) > 1 for s in sets):
        return
    runs: list[tuple[int, list[Term]]] = []
    for block, factor in zip(owner, chain, strict=True):
        if runs and runs[-1][0] == block:
            runs[-1][1].append(factor)
        else:
            runs.append((block, [factor]))
    counts = [b for b, _ in runs if b >= 0]
    single = [b for b in counts if counts.count(b) == 1]
    if not single:
        return
    new = [times(*run) if b < 0 or b not in single else expectation(times(*run)) for b, run in runs]
    inner = times(*new)
    yield (inner if len(single) == len(counts) else expectation(inner)), uses


@rule(
    "uncorrelated",
    title="Uncorrelated variables",
    statement=r"\operatorname{Cov}(X, Y) = 0 \;\Rightarrow\; \mathbb{E}[XY] = \mathbb{E}[X]\,\mathbb{E}[Y]",
    reason=(
        "The covariance is E[XY] − E[X]E[Y], so it is zero exactly when the product's mean is the product of the means."
    ),
    conditions=(Condition("the two variables themselves are uncorrelated", r"X, Y \text{ uncorrelated}"),),
    example=Example((r"X, Y \text{ uncorrelated}",), r"\mathbb{E}[XY]", r"\mathbb{E}[X]\,\mathbb{E}[Y]"),
    misuse=Misuse(
        (r"X, Y \text{ uncorrelated}",),
        r"\mathbb{E}[X^2 Y^2]",
        r"\mathbb{E}[X^2]\,\mathbb{E}[Y^2]",
        "functions of uncorrelated variables may be correlated; this needs independence",
    ),
    heads=(Expectation, Covariance),
    source="Wasserman, All of Statistics, Theorem 3.17 and Definition 3.18",
)
def uncorrelated(term: Term, context: Context):
    """Splits E[XY], and drops Cov(X, Y), for two variables that are declared uncorrelated."""
    match term:
        case Covariance(Symbol() as left, Symbol() as right, ()):
            use = _declared_uncorrelated(left, right, context)
            if use:
                yield zero(term.shape), (use,)
        case Expectation(Mul((left, right)), ()):
            use = _declared_uncorrelated(left, _bare(right), context)
            if use:
                yield times(expectation(left), expectation(right)), (use,)


def _bare(term: Term) -> Term:
    return term.arg if isinstance(term, Transpose) else term


def _declared_uncorrelated(left: Term, right: Term, context: Context) -> str | None:
    if not (isinstance(left, Symbol) and isinstance(right, Symbol)) or left == right:
        return None
    for given in context.facts.givens:
        if isinstance(given, Uncorrelated):
            names = {m.name for m in given.members if m.term is None}
            apart = left.name != right.name or any(
                context.differ(a, b) for a, b in zip(left.indices, right.indices, strict=True)
            )
            whole = all(m.each or not m.indices for m in given.members)
            if {left.name, right.name} <= names and apart and whole:
                return latex_of(given)
    return None


@rule(
    "identical-distribution",
    title="Equal distributions have equal moments",
    statement=r"X_i \sim X_j \;\Rightarrow\; \mathbb{E}[g(X_i)] = \mathbb{E}[g(X_j)]",
    reason="An expectation of one variable depends on its distribution alone, not on which copy it is.",
    conditions=(Condition("the variables are identically distributed", r"X_1, \dots, X_n \text{ iid}"),),
    example=Example((r"X_1, \dots, X_n \text{ iid}", r"n > 2"), r"\mathbb{E}[X_i^2]", r"\mathbb{E}[X_1^2]"),
    misuse=Misuse(
        (r"X_1, \dots, X_n \text{ iid}", r"n > 2"),
        r"\mathbb{E}[X_i X_n]",
        r"\mathbb{E}[X_1 X_n]",
        "for i = n the left side is E[X²]; equal distributions compare one variable at a time, not pairs",
    ),
    heads=(Expectation, Variance),
    source="Casella & Berger, Statistical Inference, 2nd ed., Definition 5.1.1",
)
def identical_distribution(term: Term, context: Context):
    """Replaces the moment of a family's member by that of its first member, or of a single copy, when all are alike."""
    if not isinstance(term, Expectation | Variance) or term.given:
        return
    atoms = context.atoms(term.arg)
    if len(atoms) != 1:
        return
    (atom,) = atoms
    if {i.base for i in atom.indices} & {name for part in walk(term.arg) for name in bound_index(part)}:
        return  # it stands for several members at once
    for given in context.facts.givens:
        if isinstance(given, Identical) and atom.indices and any(m.name == atom.name for m in given.members):
            new = _representative(atom, given, context)
            if new is not None and new != atom:
                yield _renamed(term, atom, new), (latex_of(given),)


def _representative(atom: Symbol, given: Identical, context: Context) -> Symbol | None:
    """A single variable with the same distribution where one is named, else the first member of the family."""
    singles = [m.name for m in given.members if m.term is None and not m.each and not m.indices]
    for name in singles:
        info = context.facts.symbols.get(name)
        if info is not None and not info.families:
            return Symbol(name)
    info = context.facts.symbols.get(atom.name)
    lowers = tuple(r.lower for r in info.families if r is not None) if info else ()
    return Symbol(atom.name, lowers) if len(lowers) == len(atom.indices) == 1 else None


def _renamed(term: Term, old: Symbol, new: Symbol) -> Term:

    def change(t: Term) -> Term:
        same_atom = isinstance(t, Symbol) and (t.name, t.indices) == (old.name, old.indices)
        return replace(t, name=new.name, indices=new.indices) if same_atom else t

    return transform(term, change)


@rule(
    "conditional-independence",
    title="Conditional independence",
    statement=r"Y \perp Z \mid X \;\Rightarrow\; \mathbb{E}[YZ \mid X] = \mathbb{E}[Y \mid X]\,\mathbb{E}[Z \mid X]",
    reason="Once X is known, the joint probabilities of Y and Z are products.",
    conditions=(
        Condition("the factors are independent given what is conditioned on", r"Y \perp Z \mid X"),
        Condition("what the independence is given is conditioned on"),
    ),
    example=Example(
        (r"Y \perp Z \mid X",),
        r"\mathbb{E}[Y Z \mid X]",
        r"\mathbb{E}[Y \mid X]\,\mathbb{E}[Z \mid X]",
    ),
    misuse=Misuse(
        (r"Y \perp Z \mid X",),
        r"\mathbb{E}[Y Z]",
        r"\mathbb{E}[Y]\,\mathbb{E}[Z]",
        "variables that are independent given X usually depend on each other through X",
    ),
    heads=(Expectation,),
    source="Dawid, Conditional Independence in Statistical Theory, 1979, Section 2",
)
def conditional_independence(term: Term, context: Context):
    """Splits the conditional expectation of a product whose two factors are independent given the condition."""
    if not (isinstance(term, Expectation) and term.given and isinstance(term.arg, Mul)):
        return
    scalars, chain = segments(factors_of(term.arg))
    if chain or not all(isinstance(g, Symbol) for g in term.given):  # given X is not given |X|
        return
    known = frozenset().union(*(context.atoms(g) for g in term.given))
    for k in range(len(scalars)):
        left, rest = scalars[k], scalars[:k] + scalars[k + 1 :]
        if not rest:
            return
        use = conditionally_independent(context.atoms(left), context.atoms(times(*rest)), known, context)
        if use and context.is_random(left):
            yield times(expectation(left, term.given), expectation(times(*rest), term.given)), (use,)
            return


RULES = chapter_rules(globals())
