"""Chapter: known moments, from givens and from distributions."""

from __future__ import annotations

from fractions import Fraction

from derive.language.terms import (
    SCALAR,
    Constant,
    Covariance,
    Entry,
    Expectation,
    Identity,
    Index,
    Mul,
    Pow,
    Symbol,
    Term,
    Transpose,
    Variance,
)
from derive.rules.construct import (
    ONE,
    ZERO,
    expectation,
    factors_of,
    integer_power,
    is_zero,
    minus,
    plus,
    power,
    times,
    transposed,
    zero,
)
from derive.rules.context import Context
from derive.rules.distributions import family_mean, family_moment, family_variance
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule
from derive.rules.traverse import free_indices, fresh


def known_mean(subject: Term, context: Context) -> tuple[Term, tuple[str, ...]] | None:
    """The given or declared mean of a symbol or of one of its components, and the given that says so."""
    for value, use in context.moments(expectation(subject)):
        return value, (use,)
    if isinstance(subject, Entry):
        return _mean_of_component(subject, context)
    found = context.distribution(subject)
    if found is None:
        return _mean_by_components(subject, context)
    mean = family_mean(found[0], found[1])
    return (mean, (found[2],)) if mean is not None else None


def _mean_of_component(place: Entry, context: Context) -> tuple[Term, tuple[str, ...]] | None:
    """By the declared distribution of the components, or by the mean of the whole."""
    for named, use in context.definitions(place):
        found = known_mean(named, context)
        if found:
            return found[0], tuple(dict.fromkeys((use, *found[1])))
    whole = known_mean(place.arg, context)
    return (component_of(whole[0], place), whole[1]) if whole else None


def _mean_by_components(subject: Term, context: Context) -> tuple[Term, tuple[str, ...]] | None:
    """The mean of a vector or matrix whose components all have the same known mean."""
    if subject.shape == SCALAR or not isinstance(subject, Symbol):
        return None
    row = Index(None, 1) if subject.shape[0] == 1 else Index(fresh("i", frozenset()))
    column = Index(None, 1) if subject.shape[1] == 1 else Index(fresh("j", frozenset()))
    for named, use in context.definitions(Entry(subject, row, column)):
        found = known_mean(named, context) if isinstance(named, Symbol) else None
        if found and not {row.base, column.base} & free_indices(found[0]):
            whole = zero(subject.shape) if is_zero(found[0]) else times(found[0], Constant(Fraction(1), subject.shape))
            return whole, tuple(dict.fromkeys((use, *found[1])))
    return None


def _declared_mean(term: Term, context: Context) -> tuple[Term, tuple[str, ...]] | None:
    """The known value of E[x], E[x_j] or E[x^T]."""
    match term:
        case Expectation(Symbol() | Entry() as subject, ()):
            return known_mean(subject, context)
        case Expectation(Transpose(Symbol() as subject), ()):
            found = known_mean(subject, context)
            return (transposed(found[0]), found[1]) if found else None
    return None


def component_of(value: Term, place: Entry) -> Term:
    """The component of `value` that `place` picks out; zero vectors have zero components."""

    return ZERO if is_zero(value) else Entry(value, place.row, place.column)


def known_variance(subject: Term, context: Context) -> tuple[Term, tuple[str, ...]] | None:
    """The given or declared variance (covariance matrix) of a symbol, and the given that says so."""
    for candidate in (Variance(subject), Covariance(subject, subject)):
        for value, use in context.moments(candidate):
            return value, (use,)
    found = context.distribution(subject)
    if found is None:
        return None
    value = family_variance(found[0], found[1])
    return (value, (found[2],)) if value is not None else None


@rule(
    "mean",
    title="A declared mean",
    statement=r"X \sim \mathcal{N}(\mu, \sigma^2) \;\Rightarrow\; \mathbb{E}[X] = \mu",
    reason="The mean is one of the parameters of the distribution, or is given outright.",
    conditions=(Condition("the mean is given, or the distribution has one", r"X \sim \mathcal{N}(\mu, \sigma^2)"),),
    example=Example((r"X \sim \mathcal{N}(\mu, \sigma^2)",), r"\mathbb{E}[X]", r"\mu"),
    misuse=Misuse(
        (r"X \sim \mathrm{Exponential}(\lambda)",),
        r"\mathbb{E}[X]",
        r"\lambda",
        "λ is the rate; the mean of the exponential distribution is 1/λ",
    ),
    heads=(Expectation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., table of common distributions",
)
def mean(term: Term, context: Context):
    """Replaces E[X] by the mean that a given or the distribution of X states."""
    found = _declared_mean(term, context)
    if found and not is_zero(found[0]):
        yield found


@rule(
    "zero-mean",
    title="Zero mean",
    statement=r"\mathbb{E}[\mathbf{n}] = \mathbf{0} \;\Rightarrow\; \mathbb{E}[\mathbf{n}^\top]\,\mathbf{w} = 0",
    reason="A factor that is zero makes the whole term vanish.",
    conditions=(Condition("the mean is zero", r"\mathbb{E}[\mathbf{n}] = \mathbf{0}"),),
    example=Example(
        (r"\mathbf{w} \in \mathbb{R}^m", r"\mathbf{n} \in \mathbb{R}^m", r"\mathbb{E}[\mathbf{n}] = \mathbf{0}"),
        r"\mathbb{E}[\mathbf{n}]^\top \mathbf{w}",
        "0",
    ),
    misuse=Misuse(
        (r"X, Y \text{ random}", r"\mathbb{E}[X] = 0"),
        r"\mathbb{E}[XY]",
        "0",
        "that E[X] is zero says nothing about E[XY] unless X and Y are uncorrelated",
    ),
    heads=(Expectation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., Section 2.2",
)
def zero_mean(term: Term, context: Context):
    """Replaces E[X] by zero where a given or the distribution of X says so."""
    found = _declared_mean(term, context)
    if found and is_zero(found[0]):
        yield found


@rule(
    "second-moment",
    title="Second moment from mean and variance",
    statement=(
        r"\mathbb{E}[X^2] = \operatorname{Var}(X) + \mathbb{E}[X]^2, \qquad "
        r"\mathbb{E}[\mathbf{x}\mathbf{x}^\top] = \operatorname{Var}(\mathbf{x}) + "
        r"\mathbb{E}[\mathbf{x}]\,\mathbb{E}[\mathbf{x}]^\top"
    ),
    reason="The variance is the mean square minus the squared mean; solve for the mean square.",
    conditions=(
        Condition("the variance is known", r"\operatorname{Var}(X) = \sigma^2"),
        Condition("where the mean is left out it is zero", r"\mathbb{E}[X] = 0"),
    ),
    example=Example((r"\mathbb{E}[X] = 0", r"\operatorname{Var}(X) = \sigma^2"), r"\mathbb{E}[X^2]", r"\sigma^2"),
    misuse=Misuse(
        (r"\mathbb{E}[X] = \mu", r"\operatorname{Var}(X) = \sigma^2"),
        r"\mathbb{E}[X^2]",
        r"\sigma^2",
        "the squared mean μ² is missing",
    ),
    heads=(Expectation,),
    source="Casella & Berger, Statistical Inference, 2nd ed., equation (2.3.1)",
)
def second_moment(term: Term, context: Context):
    """Replaces E[X²] or E[x xᵀ] by the known variance plus the squared mean."""
    if not isinstance(term, Expectation) or term.given:
        return
    subject = _squared_subject(term.arg)
    if subject is None:
        yield from _second_moment_of_components(term.arg, context)
        return
    spread = known_variance(subject, context)
    if spread is None:
        return
    centre, used = known_mean(subject, context) or (expectation(subject), ())
    square = power(centre, 2) if subject.shape == SCALAR else times(centre, transposed(centre))
    new = spread[0] if is_zero(centre) else plus(spread[0], square)
    yield new, tuple(dict.fromkeys((*spread[1], *used)))


def _second_moment_of_components(arg: Term, context: Context):
    """`E[x_i x_j]` from the covariance matrix and the mean of the vector x."""
    base, exponent = integer_power(arg)
    pair = (base, base) if exponent == 2 else arg.args if isinstance(arg, Mul) else ()
    match pair:
        case (Entry(Symbol() as one, i, _), Entry(Symbol() as other, j, _)) if one == other and one.shape[1] == 1:
            spread = known_variance(one, context)
            inner = entry_of(spread[0], i, j, context) if spread else None
            if spread is None or inner is None:
                return
            means = [known_mean(p, context) or (expectation(p), ()) for p in pair]
            product = times(*(m[0] for m in means))
            used = (*spread[1], *(u for m in means for u in m[1]))
            yield (inner if is_zero(product) else plus(inner, product)), tuple(dict.fromkeys(used))


def entry_of(matrix: Term, row: Index, column: Index, context: Context) -> Term | None:
    """Component of a covariance matrix; of the identity only where it is known whether the indices agree."""
    factors = factors_of(matrix)
    scalars = [f for f in factors if f.shape == SCALAR]
    rest = [f for f in factors if f.shape != SCALAR]
    if len(rest) == 1 and isinstance(rest[0], Identity):
        if row == column:
            return times(*scalars) if scalars else ONE
        return ZERO if context.differ(row, column) else None
    return times(*scalars, Entry(rest[0], row, column)) if len(rest) == 1 else Entry(matrix, row, column)


def _squared_subject(arg: Term) -> Term | None:
    """X of X², or x of x xᵀ."""
    base, exponent = integer_power(arg)
    if exponent == 2 and isinstance(base, Symbol):
        return base
    match arg:
        case Mul((Symbol() as left, Transpose(Symbol() as right))) if left == right:
            return left
        case Mul((Symbol() as left, Symbol() as right)) if left == right and left.shape == SCALAR:
            return left
    return None


@rule(
    "given-moment",
    title="A given moment",
    statement=r"\mathbb{E}[\varepsilon_i^2] = v \;\Rightarrow\; \mathbb{E}[\varepsilon_3^2] = v",
    reason="It is one of the givens; with an index it holds for every value of the index.",
    conditions=(
        Condition("the moment is given", r"\mathbb{E}[\varepsilon_i^2] = v"),
        Condition("the indices satisfy the condition that the given states"),
    ),
    example=Example(
        (r"\varepsilon_1, \dots, \varepsilon_n \text{ random}", r"\mathbb{E}[\varepsilon_i^2] = v"),
        r"\sum_{i=1}^n \mathbb{E}[\varepsilon_i^2]",
        r"\sum_{i=1}^n v",
    ),
    misuse=Misuse(
        (
            r"\varepsilon_1, \dots, \varepsilon_n \text{ random}",
            r"n > 1",
            r"\mathbb{E}[\varepsilon_i \varepsilon_j] = c \quad (i \neq j)",
        ),
        r"\sum_{i=1}^n \sum_{j=1}^n \mathbb{E}[\varepsilon_i \varepsilon_j]",
        r"n^2 c",
        "the given is about i ≠ j only; the n terms with i = j are something else",
    ),
    heads=(Expectation, Variance, Covariance),
    source="the givens of the document",
)
def given_moment(term: Term, context: Context):
    """Replaces a moment by the other side of a given equation."""
    if isinstance(term, Expectation | Variance | Covariance):
        candidates = [term]
        if isinstance(term, Variance) and not term.given:
            candidates.append(Covariance(term.arg, term.arg))
        if isinstance(term, Covariance):
            candidates.append(Covariance(term.right, term.left, term.given))
        for candidate in candidates[: 2 if term.shape == SCALAR or isinstance(term, Variance) else 1]:
            for value, use in context.moments(candidate):
                simple_mean = isinstance(term, Expectation) and isinstance(term.arg, Symbol | Entry)
                if term.given or not simple_mean:
                    yield value, (use,)
    if isinstance(term, Expectation) and isinstance(term.arg, Transpose) and term.given:
        for value, use in context.moments(Expectation(term.arg.arg, term.given)):
            yield transposed(value), (use,)


@rule(
    "normal-moments",
    title="Moments of the normal distribution",
    statement=(
        r"\mathbb{E}[X^4] = 3\sigma^4 \text{ for } X \sim \mathcal{N}(0, \sigma^2); \qquad \mathbb{E}[X^k] = "
        r"\sum_{j} \binom{k}{2j} (2j-1)!!\, \sigma^{2j} \mu^{k-2j}"
    ),
    reason=(
        "A moment of normal variables is the sum over all ways of pairing the factors (Isserlis); the odd "
        "central moments vanish."
    ),
    conditions=(Condition("X is normal", r"X \sim \mathcal{N}(0, \sigma^2)"),),
    example=Example((r"X \sim \mathcal{N}(0, \sigma^2)",), r"\mathbb{E}[X^4]", r"3\sigma^4"),
    misuse=Misuse(
        (r"X \sim (0, \sigma^2)",),
        r"\mathbb{E}[X^4]",
        r"3\sigma^4",
        "only mean and variance are given; the fourth moment of other distributions differs",
    ),
    heads=(Expectation,),
    source="Isserlis, Biometrika 12 (1918); Casella & Berger, 2nd ed., Section 3.3",
)
def normal_moments(term: Term, context: Context):
    """Works out a moment of order three or more of a normal variable."""
    yield from _moment_by_family(term, context, ("Normal",), lowest=3)


@rule(
    "bernoulli-moments",
    title="Moments of a 0/1 variable",
    statement=r"m \sim \mathrm{Bernoulli}(p) \;\Rightarrow\; \mathbb{E}[m^k] = p, \quad \operatorname{Var}(m) = p(1-p)",
    reason="Powers of 0 and 1 are 0 and 1 again, so every moment is the probability of a one.",
    conditions=(Condition("m is Bernoulli", r"m \sim \mathrm{Bernoulli}(p)"),),
    example=Example((r"m \sim \mathrm{Bernoulli}(p)",), r"\operatorname{Var}(m)", r"p(1 - p)"),
    misuse=Misuse(
        (r"m \sim \mathrm{Bernoulli}(p)",),
        r"\operatorname{Var}(m)",
        r"p",
        "p is E[m²]; the squared mean p² must be subtracted",
    ),
    heads=(Expectation, Variance),
    source="Casella & Berger, Statistical Inference, 2nd ed., Section 3.2",
)
def bernoulli_moments(term: Term, context: Context):
    """Works out a moment or the variance of a Bernoulli variable."""
    yield from _moment_by_family(term, context, ("Bernoulli",), lowest=2)


@rule(
    "distribution-moments",
    title="Moments of a declared distribution",
    statement=r"X \sim \mathrm{Exponential}(\lambda) \;\Rightarrow\; \operatorname{Var}(X) = \frac{1}{\lambda^2}",
    reason="Mean and variance of the common distributions are known functions of their parameters.",
    conditions=(Condition("the distribution is declared", r"X \sim \mathrm{Poisson}(\lambda)"),),
    example=Example((r"X \sim \mathrm{Poisson}(\lambda)",), r"\operatorname{Var}(X)", r"\lambda"),
    misuse=Misuse(
        (r"X \sim \mathrm{Uniform}(0, 1)",),
        r"\operatorname{Var}(X)",
        r"\frac{1}{4}",
        "the variance of the uniform distribution on an interval of length one is 1/12",
    ),
    heads=(Expectation, Variance),
    source="Casella & Berger, Statistical Inference, 2nd ed., table of common distributions",
)
def distribution_moments(term: Term, context: Context):
    """Works out the variance, or a moment of order two or more, of a variable with a declared distribution."""
    if isinstance(term, Variance) and not term.given:
        found = context.distribution(term.arg)
        if found is not None and found[0] != "Bernoulli":
            value = family_variance(found[0], found[1])
            if value is not None:
                yield value, (found[2],)
    yield from _moment_by_family(
        term, context, ("Exponential", "Uniform", "Poisson", "Rademacher", "Laplace", "Finite"), lowest=2
    )


def _moment_by_family(term: Term, context: Context, families: tuple[str, ...], lowest: int):
    if isinstance(term, Variance) and not term.given and families == ("Bernoulli",):
        found = context.distribution(term.arg)
        if found is not None and found[0] == "Bernoulli":
            yield times(found[1][0], minus(ONE, found[1][0])), (found[2],)
    if not isinstance(term, Expectation) or term.given:
        return
    base, exponent = integer_power(term.arg)
    if exponent < lowest:
        return
    found = context.distribution(base)
    if found is not None and found[0] in families:
        value = family_moment(found[0], found[1], exponent)
        if value is not None:
            yield value, (found[2],)


@rule(
    "idempotent",
    title="A 0/1 variable is its own square",
    statement=r"m \in \{0, 1\} \;\Rightarrow\; m^2 = m",
    reason="0² = 0 and 1² = 1.",
    conditions=(Condition("m takes only the values 0 and 1", r"m \sim \mathrm{Bernoulli}(p)"),),
    example=Example((r"X \text{ random}", r"m \sim \mathrm{Bernoulli}(p)"), r"\mathbb{E}[m^2 X]", r"\mathbb{E}[m X]"),
    misuse=Misuse(
        (r"X, Y \text{ random}",),
        r"\mathbb{E}[X^2 Y]",
        r"\mathbb{E}[X Y]",
        "only for values 0 and 1 is the square the number itself",
    ),
    heads=(Pow,),
    source="Boole, The Laws of Thought, chapter II",
)
def idempotent(term: Term, context: Context):
    """Reduces powers of a 0/1 variable to the variable."""
    base, exponent = integer_power(term)
    if isinstance(base, Symbol) and exponent > 1:
        info = context.facts.symbols.get(base.name)
        found = context.distribution(base)
        if found is not None and found[0] == "Bernoulli":
            yield base, (found[2],)
        elif info is not None and info.support == "binary":
            yield base, ()


RULES = chapter_rules(globals())
