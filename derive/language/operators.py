"""Operators (`E`, `Var`, …), named functions, norms, indicators: syntax to raw terms."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.building import ENTRYWISE, HALF, MINUS, Builder, Over, Unreadable, times_
from derive.language.moving import refuse_moving_places
from derive.language.patterns import run_of, unused
from derive.language.stacking import entries
from derive.language.symbols import key_of, strip_accents
from derive.language.traverse import visible

TWO = tm.number(2)


def build_operator(builder: Builder, node: sx.Operator) -> Any:
    """The raw term of `E`, `Var`, `Cov`, `Corr`, `Bias`, `MSE`, `Std`, `P`."""
    if node.kind in builder.operators:
        args = tuple(builder.build(a) for a in node.arguments)
        name = rf"\operatorname{{{node.kind}}}"
        return tm.Function(name, args, builder.function_shapes.setdefault(name, builder.dims.pair()))
    if not node.arguments:
        raise Unreadable(f"{node.kind} of nothing", node.span)
    events = [part for part in _parts(node.given) if _is_event(part)]
    given = tuple(_conditions(builder, sx.Tuple_(tuple(p for p in _parts(node.given) if p not in events))))
    made = _under_events(builder, node, events, given) if events else _operator(builder, node, given)
    refuse_moving_places(node.over, builder.moving)
    over = tuple(key_of(n) for part in node.over for n in visible(part) if isinstance(n, sx.Name))
    return Over(builder.mark(made, node.span), over) if over else made


def _parts(given: tuple[sx.Syntax, ...]) -> list[sx.Syntax]:
    """What stands behind the bar, outer brackets opened."""
    found: list[sx.Syntax] = []
    for part in given:
        match part:
            case sx.Bracketed(sx.Tuple_(items), "(" | "{"):
                found.extend(items)
            case sx.Tuple_(items):
                found.extend(items)
            case _:
                found.append(part)
    return found


def _is_event(part: sx.Syntax) -> bool:
    """`Z = 1` and `X > c`.  In `X = x` the value is one of many, each of which may have the probability zero."""
    if not isinstance(part, sx.Relation) or part.symbol == r"\mid":
        return False
    right = part.right.item if isinstance(part.right, sx.Negate) else part.right
    return part.symbol != "=" or isinstance(right, sx.Numeral)


def _under_events(builder: Builder, node: sx.Operator, events: list[sx.Syntax], given: tuple[Any, ...]) -> Any:
    """E[X | A] = E[X 1_A] / P(A), and the other operators from it."""
    happens = times_(*(build_indicator(builder, e) for e in events))
    chance = tm.Pow(builder.mark(tm.Expectation(happens, given), node.span), MINUS)

    def mean(*factors: Any) -> Any:
        return times_(tm.Expectation(times_(happens, *factors), given), chance)

    if node.kind == "P":
        return mean(*(build_indicator(builder, a) for a in node.arguments))
    built = [builder.build(a) for a in node.arguments]
    if node.kind == "E" and len(built) == 1:
        return mean(built[0])
    if node.kind in ("Var", "Cov") and len(built) in (1, 2):
        builder.scalars.extend((x, a.span) for x, a in zip(built, node.arguments, strict=True))
        left, right = built[0], built[-1]
        return tm.Add((mean(left, right), times_(MINUS, mean(left), mean(right))))
    raise Unreadable(f"{node.kind} under the condition of an event is not checked", node.span)


def _conditions(builder: Builder, part: sx.Node) -> list[Any]:
    """What stands behind the bar or below the operator, one by one; a dotted run is its family as a whole."""
    match part:
        case sx.Tuple_(items):
            made: list[Any] = []
            for place, item in enumerate(items):
                if isinstance(item, sx.Dots):
                    made[-1:] = (
                        [family_of(builder, items[place - 1], items[place + 1])] if 0 < place < len(items) - 1 else []
                    )
                elif place == 0 or not isinstance(items[place - 1], sx.Dots):
                    made.extend(_conditions(builder, item))
            return made
        case sx.Bracketed(item, opening) if opening != "|":
            return _conditions(builder, item)
        case sx.Relation():
            raise Unreadable(
                "conditioning on a value that is a letter is not checked",
                part.span,
                hint="write the variable alone: `\\mid X`",
            )
    return [builder.build(part)]


def family_of(builder: Builder, first: sx.Node, last: sx.Node) -> Any:
    """The whole family of `x_1, …, x_n` as a column."""
    fresh = unused((first, last))
    run = run_of(first, last, fresh)
    if run is None:
        raise Unreadable("the pattern of these dots is not clear", first.span)
    return entries(builder, (fresh, run[2]), None, run[0], False)


def _operator(builder: Builder, node: sx.Operator, given: tuple[Any, ...]) -> Any:
    args = node.arguments
    if node.kind == "P":
        return tm.Expectation(times_(*(build_indicator(builder, a) for a in args)), given)
    built = [builder.build(a) for a in args]
    match node.kind, built:
        case "E", [x]:
            return tm.Expectation(x, given)
        case "E", [*_]:
            return tm.Expectation(builder.build(sx.Tuple_(args, span=node.span)), given)
        case ("Var", [x]) | ("Cov", [x]):
            return tm.Variance(x, given)
        case ("Cov", [x, y]) | ("Var", [x, y]):
            return tm.Covariance(x, y, given)
        case "Corr", [x, y]:
            return tm.Correlation(x, y, given)
        case "Corr", [x]:
            raise Unreadable("a correlation has two arguments", node.span)
        case "Std", [x]:
            return tm.Pow(builder.mark(tm.Variance(x, given), node.span), HALF)
        case (("Skew" | "Kurt"), [x]):
            centred = tm.Add((x, times_(MINUS, tm.Expectation(x, given))))
            order = 3 if node.kind == "Skew" else 4
            spread = tm.Pow(tm.Variance(x, given), tm.Number(Fraction(-order, 2)))
            return tm.Mul((tm.Expectation(tm.Pow(centred, tm.number(order)), given), spread))
        case ("Bias", [x, y]):
            return tm.Add((tm.Expectation(x, given), times_(MINUS, y)))
        case ("Bias", [x]):
            return tm.Add((tm.Expectation(x, given), times_(MINUS, _estimated(builder, args[0]))))
        case ("MSE", [x, y]):
            return _mean_square(builder, x, y, given)
        case ("MSE", [x]):
            return _mean_square(builder, x, _estimated(builder, args[0]), given)
    raise Unreadable(f"{node.kind} with {len(args)} arguments", node.span)


def _mean_square(builder: Builder, x: Any, y: Any, given: tuple[Any, ...]) -> Any:
    return tm.Expectation(tm.SquaredNorm(tm.Add((x, times_(MINUS, y)))), given)


def _estimated(builder: Builder, estimator: sx.Node) -> Any:
    """What `\\hat\\theta` estimates: the same letter without the hat."""
    if isinstance(estimator, sx.Bracketed):
        return _estimated(builder, estimator.item)
    if isinstance(estimator, sx.Name) and strip_accents(estimator.letter) != estimator.letter:
        bare = replace(estimator, letter=strip_accents(estimator.letter))
        known = key_of(bare) in {key_of(n) for n in builder.lexicon.names.get(bare.letter, ())}
        return builder.name(bare if known else replace(bare, subscripts=(), superscripts=()))
    raise Unreadable("it is not clear what this estimates", estimator.span, hint="write the second argument: MSE(a, b)")


def build_call(builder: Builder, node: sx.Call) -> Any:
    """The raw term of a function that LaTeX knows by name."""
    name, args = node.name, node.arguments
    if not args:
        raise Unreadable(f"{name} of nothing", node.span)
    if name == "diag":
        return _diagonal(builder, args, node.span)
    built = tuple(builder.build(a) for a in args)
    match name, built:
        case "tr", (x,):
            return tm.Trace(x)
        case "det", (x,):
            return tm.Determinant(x)
        case "sqrt", (x,):
            builder.scalars.append((x, args[0].span))
            return tm.Pow(x, HALF)
        case "sqrt", (x, degree) if isinstance(degree, tm.Number) and degree.value != 0:
            return tm.Pow(x, tm.Number(1 / degree.value))
        case (("norm" | "norm2" | "normF"), (x,)):
            return tm.Pow(builder.mark(tm.SquaredNorm(x), node.span), HALF)
        case "inner", (x, y):
            return times_(tm.Transpose(x), y)
        case "vec", (x,):
            return tm.Function("vec", (x,), (builder.dims.fresh(), 1))
        case "abs", (x,):
            return tm.Function("abs", (x,), builder.dims.scalar())
        case _, (x,) if name in ENTRYWISE:
            return tm.Function("log" if name == "ln" else name, (x,), tm.SCALAR)
    for x, a in zip(built, args, strict=False):
        if name in {"max", "min", "binom", "gamma"}:
            builder.scalars.append((x, a.span))
    return tm.Function(name, built, tm.SCALAR)


def _diagonal(builder: Builder, args: tuple[sx.Node, ...], span: sx.Span) -> Any:
    """`diag(v)`, `diag(A)`, `diag(d_1, …, d_p)`, `diag(a, b)`, and `diag(d_j^2)` with one free index."""
    items = tuple(i for a in args for i in (a.items if isinstance(a, sx.Tuple_) else (a,)))
    dots = [k for k, item in enumerate(items) if isinstance(item, sx.Dots)]
    if dots:
        if not 0 < dots[0] < len(items) - 1:
            raise Unreadable("the pattern of these dots is not clear", span)
        return tm.Diagonal(family_of(builder, items[0], items[-1]))
    if len(items) > 1:
        return tm.Diagonal(tm.Matrix(tuple((builder.build(i),) for i in items)))
    before = set(builder.free)
    bound = {name for name, _ in builder.bound}
    builder.free = set()
    arg = builder.build(items[0])
    free = {f for f in builder.free if f not in bound and f not in builder.lexicon.dimensions}
    builder.free |= before
    if len(free) == 1 and builder.components_only(items[0]):
        index = free.pop()
        builder.free.discard(index)
        size = builder.large()
        builder.bound.append((index, tm.one_to(size)))
        inside = builder.build(items[0])
        builder.bound.pop()
        return tm.Diagonal(tm.Entries(index, "_column", inside, (size, 1)))
    return tm.Diagonal(arg)


def build_indicator(builder: Builder, event: sx.Node) -> Any:
    """1 when the event happens."""
    match event:
        case sx.Bracketed(item):
            return build_indicator(builder, item)
        case sx.Relation(symbol, left, right) if symbol != r"\mid":
            a, b = builder.build(left), builder.build(right)
            builder.scalars.extend([(a, left.span), (b, right.span)])
            return tm.Indicator(symbol, a, b)
        case sx.Tuple_(items):
            return times_(*(build_indicator(builder, i) for i in items))
        case sx.Call("complement", (inner,)):
            return tm.Add((tm.number(1), times_(MINUS, build_indicator(builder, inner))))
        case sx.Call("union", (left, right)):
            one, other = build_indicator(builder, left), build_indicator(builder, right)
            return tm.Add((one, other, times_(MINUS, one, other)))
        case sx.Name():
            symbol = builder.build(event)
            return tm.Indicator("", symbol, tm.number(0))
    raise Unreadable("an event is a relation or a letter", event.span)
