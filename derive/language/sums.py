"""Sums and products over indices: limits, missing limits, side conditions, sums over outcomes."""

from __future__ import annotations

import itertools
from typing import Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.building import Builder, Unreadable
from derive.language.moving import refuse_moving_size
from derive.language.outcomes import expected
from derive.language.symbols import key_of, script_index
from derive.language.traverse import descend, everywhere, parts

FIRST = tm.Index(None, 1)


def build_big(builder: Builder, kind: str, ranges: tuple[sx.IndexRange, ...], body: sx.Node, span: sx.Span) -> Any:
    """The raw term of `\\sum` or `\\prod`."""
    if not ranges:
        return _without_index(builder, kind, body, span)
    if kind == "sum" and (mean := expected(builder, ranges, body, span)) is not None:
        return mean
    ranges = tuple(_of_values(r) for r in _complete(builder, ranges, body))
    if kind == "sum" and len(ranges) == 1 and _over_outcomes(builder, ranges[0], body):
        return _support_sum(builder, ranges[0], body, span)
    before = len(builder.bound)
    made = []
    for r in ranges:
        if kind == "sum" and _of_probabilities(r, body):
            raise Unreadable("a sum over values of probabilities that is no mean", r.span)
        if kind == "sum" and _of_a_law(builder, r, body):
            made.append(tm.Range(FIRST, tm.Index(_values_of(builder, r.index))))
            builder.bound.append((key_of(r.index), made[-1]))
            continue
        if r.within is not None and not _is_script(r.index, body):
            raise Unreadable(
                "a sum over the values of a variable is checked when they are written out, as in \\sum_{x=0}^{1}",
                r.span,
            )
        made.append(_range(builder, r))
        builder.bound.append((key_of(r.index), made[-1]))
    outside = set(builder.free)
    inside = builder.build(body)
    del builder.bound[before:]
    builder.free = outside | (builder.free - {key_of(r.index) for r in ranges})
    for r, limits in reversed(list(zip(ranges, made, strict=False))):
        excluded, below = _indices(r.excluded), _indices(r.below)
        if kind == "sum":
            inside = tm.Sum(key_of(r.index), limits, inside, excluded, below)
        elif below:
            raise Unreadable("a product with an ordered side condition", span)
        else:
            inside = tm.Product(key_of(r.index), limits, inside, excluded)
        builder.mark(inside, span)
    return inside


def _of_probabilities(r: sx.IndexRange, body: sx.Node) -> bool:
    r"""Whether a letter without limits is a value in an event, as in `\sum_x \Pr(X = x) \Pr(Y = x)`."""
    if r.lower or r.upper or _is_script(r.index, body):
        return False
    events = (e for n in descend(body) if isinstance(n, sx.Operator) and n.kind == "P" for e in n.arguments)
    return any(isinstance(e, sx.Relation) and e.symbol == "=" and e.right == r.index for e in events)


def _of_a_law(builder: Builder, r: sx.IndexRange, body: sx.Node) -> bool:
    r"""Whether a letter runs over all values of a law, as in `\sum_x x\,p(x)`."""
    if r.lower or r.upper or r.excluded or r.below or _is_script(r.index, body):
        return False
    return any(isinstance(n, sx.Name) and key_of(n) in builder.densities for n in descend(body))


def _values_of(builder: Builder, letter: sx.Name) -> str | int:
    """How many values there are: of one letter always the same number."""
    return builder.index_sets.setdefault(f"values of {key_of(letter)}", builder.dims.fresh())


def reaching(builder: Builder, items: tuple[sx.Node, ...]) -> tuple[sx.Node, ...]:
    r"""`\sum_i a_i - b_i` with an i that has no meaning behind the sum: the sum reaches to the end of the bracket."""
    for place, item in enumerate(items[:-1]):
        if not isinstance(item, sx.Big) or item.kind != "sum" or len(item.ranges) != 1:
            continue
        index = item.ranges[0].index
        key = key_of(index)
        known = any(name == key for name, _ in builder.bound)
        behind = items[place + 1 :]
        if known or not any(free_in(index, node) for node in behind) or _free_elsewhere(builder, index, items):
            continue
        builder.doubts.append(
            sx.Diagnostic(
                f"{key} is used behind this sum, which is therefore read as reaching to the end of the bracket",
                item.span,
                hint="put brackets around what is summed",
            )
        )
        body = item.body.items if isinstance(item.body, sx.Plus) else (item.body,)
        wider = sx.Big(item.kind, item.ranges, sx.Plus((*body, *behind), span=item.body.span), span=item.span)
        return (*items[:place], wider)
    return items


def free_in(index: sx.Name, node: sx.Node) -> bool:
    """Whether the index stands in the node outside of every sum that binds it."""
    if node == index:
        return True
    if isinstance(node, sx.Big):  # what i < j says of j counts only where j stands elsewhere too
        limits = (x for r in node.ranges for x in (r.lower, r.upper) if x is not None)
        bound = any(r.index == index for r in node.ranges)
        return not bound and any(free_in(index, part) for part in (*limits, node.body))
    return any(free_in(index, part) for part in parts(node))


def _free_elsewhere(builder: Builder, index: sx.Name, items: tuple[sx.Node, ...]) -> bool:
    """Whether the index has a meaning outside of this sum, so that it may be meant behind it."""
    mine = {id(i) for i in items}

    def search(node: sx.Node) -> bool:
        if id(node) in mine:
            return False
        if node == index:
            return True
        if isinstance(node, sx.Big) and any(r.index == index for r in node.ranges):
            return False
        return any(search(part) for part in parts(node))

    return key_of(index) in builder.chain_free or (builder.whole_node is not None and search(builder.whole_node))


def _of_values(r: sx.IndexRange) -> sx.IndexRange:
    r"""`x \in \{0, 1\}` is the range 0..1."""
    inner = r.within.item if isinstance(r.within, sx.Bracketed) else r.within
    if not isinstance(inner, sx.Tuple_) or not all(isinstance(i, sx.Numeral) for i in inner.items):
        return r
    values = [i.value for i in inner.items if isinstance(i, sx.Numeral)]
    if any(b - a != 1 for a, b in itertools.pairwise(values)):
        return r
    return sx.IndexRange(r.index, inner.items[0], inner.items[-1], r.excluded, r.below, span=r.span)


def _indices(nodes: tuple[sx.Node, ...]) -> tuple[tm.Index, ...]:
    made = [script_index(n) for n in nodes]
    for node, index in zip(nodes, made, strict=False):
        if index is None:
            raise Unreadable("a side condition compares indices", node.span)
    return tuple(i for i in made if i is not None)


def _complete(builder: Builder, ranges: tuple[sx.IndexRange, ...], body: sx.Node) -> tuple[sx.IndexRange, ...]:
    """`\\sum_{s,t=1}^T` gives both the limits; `\\sum_{i \\neq j}` with j not known outside sums over both."""
    limits = next((r for r in reversed(ranges) if r.lower is not None or r.upper is not None), None)
    known = {name for name, _ in builder.bound} | {key_of(r.index) for r in ranges}
    completed: list[sx.IndexRange] = []
    for r in ranges:
        if r.lower is None and r.upper is None and r.within is None and limits is not None:
            r = sx.IndexRange(r.index, limits.lower, limits.upper, r.excluded, r.below, span=r.span)
        for other in (*r.excluded, *r.below):
            if not isinstance(other, sx.Name) or key_of(other) in known:
                continue
            if _occurs(other, body) or key_of(other) not in builder.chain_free:
                known.add(key_of(other))
                completed.append(sx.IndexRange(other, r.lower, r.upper, within=r.within, span=r.span))
        completed.append(r)
    return tuple(completed)


def _occurs(name: sx.Name, body: sx.Node) -> bool:
    return any(node == name for node in descend(body))


def _range(builder: Builder, r: sx.IndexRange) -> tm.Range:
    for limit in (r.lower, r.upper, r.within):
        if limit is not None:
            refuse_moving_size(limit, builder.moving)
    if r.within is not None:
        return _named_range(builder, r)
    lower = FIRST if r.lower is None else script_index(r.lower)
    if r.upper is None:
        if r.lower is None and (size := builder.index_sets.get(key_of(r.index))) is not None:
            return tm.Range(FIRST, tm.Index(size) if isinstance(size, str) else tm.Index(None, size))
        beside = _compared_with(builder, r)
        return tm.Range(lower or FIRST, beside.upper if beside else tm.Index(builder.dims.fresh()))
    upper = script_index(r.upper)
    if lower is None or upper is None:
        raise Unreadable("the limits of a sum are an index, a number or one of them plus a number", r.span)
    if upper.base == r"\infty" or lower.base == r"\infty":
        raise Unreadable("infinite sums are not checked", r.span)
    return tm.Range(lower, upper)


def _compared_with(builder: Builder, r: sx.IndexRange) -> tm.Range | None:
    r"""The range of the index that this one differs from or is below: `\sum_{i=1}^n \sum_{j \neq i}`."""
    for other in (*r.excluded, *r.below):
        index = script_index(other)
        for name, limits in reversed(builder.bound):
            if index is not None and name == index.base and isinstance(limits, tm.Range):
                return limits
    return None


def _named_range(builder: Builder, r: sx.IndexRange) -> tm.Range:
    """`i \\in \\mathcal{B}`: as many values as the named set has; one dimension per set."""
    name = key_of(r.within) if isinstance(r.within, sx.Name) else None
    if name is None:
        raise Unreadable("the index set of this sum", r.span, "a name such as \\mathcal{B}")
    size = builder.index_sets.setdefault(name, builder.dims.fresh())
    return tm.Range(FIRST, tm.Index(size))


def _without_index(builder: Builder, kind: str, body: sx.Node, span: sx.Span) -> Any:
    """`\\sum w_i \\epsilon_i`: over the only index that the body has free."""
    bound = {name for name, _ in builder.bound}
    outside = set(builder.free)
    builder.free = set()
    builder.build(body)
    free = {f for f in builder.free if f not in bound and f not in builder.lexicon.dimensions}
    builder.free = outside
    if len(free) != 1:
        raise Unreadable("a sum without an index over something that has not just one free index", span, "\\sum_i")
    return build_big(builder, kind, (sx.IndexRange(_name(free.pop()), span=span),), body, span)


def _name(key: str) -> sx.Name:
    return sx.Name(key)


def _is_script(index: sx.Name, body: sx.Node) -> bool:
    """Whether the letter is used as an index."""
    for node in descend(body):
        if isinstance(node, sx.Name) and any(index in descend(s) for s in (*node.subscripts, *node.superscripts)):
            return True
        if isinstance(node, sx.Subscripted) and any(index in descend(s) for s in node.subscripts):
            return True
    return False


def _over_outcomes(builder: Builder, r: sx.IndexRange, body: sx.Node) -> bool:
    """Whether the summed letter is a value, as in `\\sum_{x=0}^{1} x p^x (1-p)^{1-x}`, not an index."""
    if r.lower is None or r.upper is None or r.excluded or r.below:
        return False
    key = key_of(r.index)
    if _is_script(r.index, body):
        return False
    if r.index.subscripts or r.index.superscripts or key in builder.randoms:
        return True
    return isinstance(r.lower, sx.Numeral) and isinstance(r.upper, sx.Numeral) and key not in {"i", "j", "k"}


def _support_sum(builder: Builder, r: sx.IndexRange, body: sx.Node, span: sx.Span) -> Any:
    key = key_of(r.index)
    lower, upper = builder.build(r.lower), builder.build(r.upper)  # type: ignore[arg-type]
    variable = tm.Symbol(f"{key}_{{\\circ}}", (), tm.SCALAR)
    before = builder.outcomes.get(key)
    builder.outcomes[key] = variable
    inside = builder.build(body)
    if before is None:
        del builder.outcomes[key]
    else:
        builder.outcomes[key] = before
    if not any(t == variable for t in everywhere(inside)):
        raise Unreadable("a sum over a value that does not occur in it", span)
    return tm.SupportSum(variable, lower, upper, inside)


def free_letters(node: sx.Node) -> set[str]:
    """Letters that stand free in the node, and that no sum in it binds."""
    letters = {n.letter for n in descend(node) if isinstance(n, sx.Name)}
    bound = {key_of(r.index) for n in descend(node) if isinstance(n, sx.Big) for r in n.ranges}
    return {x for x in letters - bound if free_in(sx.Name(x), node)}
