"""Chapter: derivatives."""

from __future__ import annotations

from dataclasses import replace

from derive.language.facts import Equation
from derive.language.terms import (
    SCALAR,
    Add,
    Derivative,
    Expectation,
    Function,
    Mul,
    Number,
    Pow,
    SquaredNorm,
    Sum,
    Symbol,
    Term,
    Transpose,
    walk,
)
from derive.language.ties import moving
from derive.rules.construct import (
    ONE,
    expectation,
    factors_of,
    integer_power,
    minus,
    plus,
    power,
    segments,
    times,
    transposed,
    zero,
)
from derive.rules.context import Context
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule

VECTORS = (r"\mathbf{w} \in \mathbb{R}^m", r"\mathbf{a} \in \mathbb{R}^m")


def contains(term: Term, wrt: Term) -> bool:
    return any(t == wrt for t in walk(term))


def hides(term: Term, wrt: Term, context: Context) -> bool:
    """True when the definition of a name in the term contains the variable, or when a premise ties the two.

    A defined name is written out first.
    """
    moved = {n for by in _names(wrt) for n in moving(context.facts, by)}
    defined = [
        (g.lhs.name, g.rhs)
        for g in context.facts.givens
        if isinstance(g, Equation) and g.kind == "definition" and isinstance(g.lhs, Symbol | Function)
    ]
    seen: set[str] = set()
    new = _names(term)
    if any(_names(wrt) & set(context.facts.labels(name)) for name in new):
        return True
    while new:
        seen |= new
        if seen & moved:
            return True
        meant = [rhs for name, rhs in defined if name in new]
        if any(contains(m, wrt) for m in meant):
            return True
        new = set().union(*map(_names, meant)) - seen
    return False


def _names(term: Term) -> set[str]:
    return {t.name for t in walk(term) if isinstance(t, Symbol | Function)}


@rule(
    "derivative",
    title="Derivatives of linear expressions",
    statement=(
        r"\nabla_{\mathbf{w}}\, \mathbf{a}^\top \mathbf{w} = \mathbf{a}, \qquad \nabla_{\mathbf{w}}\, "
        r"\mathbb{E}[f(\mathbf{w})] = \mathbb{E}[\nabla_{\mathbf{w}} f(\mathbf{w})]"
    ),
    reason=(
        "A linear function grows at the same rate everywhere: its coefficient; sums and expectations are "
        "differentiated term by term."
    ),
    conditions=(
        Condition("the coefficients do not depend on the variable"),
        Condition("derivative and expectation may be exchanged"),
    ),
    example=Example(
        (*VECTORS, r"c \in \mathbb{R}"), r"\nabla_{\mathbf{w}} (\mathbf{a}^\top \mathbf{w} + c)", r"\mathbf{a}"
    ),
    misuse=Misuse(
        (r"\mathbf{w} \in \mathbb{R}^m", r"A \in \mathbb{R}^{m \times m}"),
        r"\nabla_{\mathbf{w}}\, \mathbf{w}^\top A \mathbf{w}",
        r"A \mathbf{w}",
        "w stands there twice: the gradient is (A + Aᵀ) w",
    ),
    heads=(Derivative,),
    source="Petersen & Pedersen, The Matrix Cookbook, Section 2.4.1",
)
def derivative(term: Term, context: Context):
    """Differentiates constants, sums, expectations, and expressions in which the variable stands once and linearly."""
    if not isinstance(term, Derivative):
        return
    arg, wrt = term.arg, term.wrt
    hidden = hides(arg, wrt, context)
    if not contains(arg, wrt):
        if not hidden and not any(isinstance(t, Symbol) and _part_of(wrt, t) for t in walk(arg)):
            yield zero(term.shape), ()
        return
    match arg:
        case Add(args):
            yield plus(*(Derivative(a, wrt) for a in args)), ()
        case Expectation(inner, given):
            yield expectation(Derivative(inner, wrt), given), ()
        case Sum():
            yield replace(arg, body=Derivative(arg.body, wrt)), ()
        case _ if arg == wrt and wrt.shape == SCALAR:
            yield ONE, ()
        case Mul() if not hidden:
            new = _linear_gradient(arg, wrt)
            if new is not None:
                yield new, ()


def _part_of(wrt: Term, symbol: Symbol) -> bool:
    """True when the variable could be a part of the symbol, or another member of its family."""
    return any(isinstance(t, Symbol) and t.name == symbol.name for t in walk(wrt))


def _linear_gradient(product: Mul, wrt: Term) -> Term | None:
    """The gradient of a product in which `wrt` stands in one factor."""
    scalars, chain = segments(factors_of(product))
    touching = [s for s in scalars if contains(s, wrt)]
    if chain or len(touching) != 1:
        return None
    rest = [s for s in scalars if s is not touching[0]]
    if touching[0] == wrt:
        return times(*rest)
    inner = touching[0]
    if not isinstance(inner, Mul) or wrt.shape == SCALAR:
        return times(*rest, Derivative(inner, wrt)) if rest else None
    spots = [k for k, f in enumerate(inner.args) if contains(f, wrt)]
    if len(spots) != 1:
        return times(*rest, Derivative(inner, wrt)) if rest else None
    return times(*rest, *_around(inner.args, spots[0], wrt)) if _bare(inner.args[spots[0]], wrt) else None


def _bare(factor: Term, wrt: Term) -> bool:
    return factor == wrt or factor == Transpose(wrt)


def _around(factors: tuple[Term, ...], spot: int, wrt: Term) -> list[Term]:
    """Gradient of a chain by the variable at `spot`: `a^T M w` gives `M^T a`, `w^T M b` gives `M b`."""
    before, after = list(factors[:spot]), list(factors[spot + 1 :])
    back = [transposed(f) for f in reversed(before)]
    forward = [transposed(f) for f in reversed(after)]
    if factors[spot] == wrt:  # before · w · after: gradient is before^T (after)^T
        return [*back, *forward]
    return [*after, *before]


@rule(
    "product-rule",
    title="Product rule",
    statement=(
        r"\frac{d}{dw}\, u v = \frac{du}{dw} v + u \frac{dv}{dw}, \qquad \nabla_{\mathbf{w}}\, "
        r"\mathbf{w}^\top A \mathbf{w} = (A + A^\top)\mathbf{w}"
    ),
    reason="Each place where the variable stands is varied in turn while the others are held fixed.",
    conditions=(Condition("the factors are differentiable"),),
    example=Example(
        (r"\mathbf{w} \in \mathbb{R}^m", r"A \in \mathbb{R}^{m \times m}"),
        r"\nabla_{\mathbf{w}}\, \mathbf{w}^\top A \mathbf{w}",
        r"A \mathbf{w} + A^\top \mathbf{w}",
    ),
    misuse=Misuse(
        (r"\mathbf{w} \in \mathbb{R}^m",),
        r"\nabla_{\mathbf{w}}\, \mathbf{w}^\top \mathbf{w}",
        r"\mathbf{w}",
        "both factors are varied, so it is 2w",
    ),
    heads=(Derivative,),
    source="Petersen & Pedersen, The Matrix Cookbook, Section 2.4.2",
)
def product_rule(term: Term, context: Context):
    """Differentiates a product, one place of the variable at a time."""
    if not isinstance(term, Derivative):
        return
    arg, wrt = term.arg, term.wrt
    if isinstance(arg, SquaredNorm) and arg.arg.shape[1] == 1:
        arg = times(transposed(arg.arg), arg.arg)
    if not isinstance(arg, Mul) or hides(arg, wrt, context):
        return
    scalars, chain = segments(factors_of(arg))
    touching = [k for k, s in enumerate(scalars) if contains(s, wrt)]
    if chain or not touching:
        return
    if len(touching) > 1:
        rest = [[s for j, s in enumerate(scalars) if j != k] for k in touching]
        pieces = [times(*others, Derivative(scalars[k], wrt)) for k, others in zip(touching, rest, strict=True)]
        yield plus(*pieces), ()
        return
    inner = scalars[touching[0]]
    others = [s for j, s in enumerate(scalars) if j != touching[0]]
    if isinstance(inner, Mul) and wrt.shape != SCALAR:
        spots = [k for k, f in enumerate(inner.args) if contains(f, wrt)]
        if len(spots) > 1 and all(_bare(inner.args[k], wrt) for k in spots):
            yield plus(*(times(*others, *_around(inner.args, k, wrt)) for k in spots)), ()


@rule(
    "chain-rule",
    title="Chain rule",
    statement=r"\frac{d}{dw} u^k = k\, u^{k-1} \frac{du}{dw}, \qquad \frac{d}{dw} f(u) = f'(u) \frac{du}{dw}",
    reason="Rates of change multiply when one quantity drives the next.",
    conditions=(Condition("the outer function is differentiable at the inner value"),),
    example=Example(
        (*VECTORS, r"y \in \mathbb{R}"),
        r"\nabla_{\mathbf{w}} (\mathbf{a}^\top \mathbf{w} - y)^2",
        r"2 (\mathbf{a}^\top \mathbf{w} - y) \nabla_{\mathbf{w}} (\mathbf{a}^\top \mathbf{w} - y)",
    ),
    misuse=Misuse(
        (r"w, a, y \in \mathbb{R}",),
        r"\frac{d}{dw} (a w - y)^2",
        r"2 (a w - y)",
        "the inner derivative a is missing",
    ),
    heads=(Derivative,),
    source="Petersen & Pedersen, The Matrix Cookbook, Section 2.8.1",
)
def chain_rule(term: Term, context: Context):
    """Differentiates a power or a function of an expression."""
    if not isinstance(term, Derivative) or not contains(term.arg, term.wrt):
        return
    match term.arg:
        case Pow(base, Number() as exponent) if integer_power(term.arg)[1] != 1:
            k = integer_power(term.arg)[1]
            yield times(exponent, power(base, k - 1), Derivative(base, term.wrt)), ()
        case Pow(base, exponent) if not contains(exponent, term.wrt) and not hides(exponent, term.wrt, context):
            yield times(exponent, Pow(base, minus(exponent, ONE)), Derivative(base, term.wrt)), ()
        case Function(_, (inner,)) as outer if outer.shape == SCALAR and inner.shape == SCALAR:
            yield from _of_function(outer, inner, term.wrt)


def _of_function(outer: Function, inner: Term, wrt: Term):
    slopes = {"exp": outer, "log": power(inner, -1)}
    slope = slopes.get(outer.name)
    if slope is None and outer.name in {"abs", "max", "min", "sign"}:
        return
    slope = slope if slope is not None else replace(outer, order=outer.order + 1)
    yield times(slope, Derivative(inner, wrt)) if inner != wrt or wrt.shape != SCALAR else slope, ()


RULES = chapter_rules(globals())
