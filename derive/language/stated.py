"""Statements of syntax to raw terms, which take part in the shape equations of the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.building import Builder, Unreadable
from derive.language.sums import free_letters
from derive.language.symbols import script_index
from derive.language.traverse import everywhere


@dataclass
class RawMember:
    """A subject of a statement.  `each`: its indices run through the family.  `whole`: the family without an end, jointly."""

    term: Any
    each: bool = False
    last: Any = None  # the term behind the dots
    whole: bool = False


@dataclass
class RawGiven:
    """A statement whose syntax has become raw terms; `problem` when it could not."""

    statement: sx.Statement
    groups: list[list[RawMember]] = field(default_factory=list)
    sides: tuple[Any, Any] | None = None
    parameters: list[Any] = field(default_factory=list)
    given: list[Any] = field(default_factory=list)  # what a conditional distribution is conditioned on
    shape: tuple[Any, ...] | None = None
    distinct: list[tuple[tm.Index, tm.Index]] = field(default_factory=list)
    pairwise: bool = False  # of an independence: of any two, not of all
    problem: sx.Diagnostic | None = None

    @property
    def members(self) -> list[RawMember]:
        return [m for g in self.groups for m in g]

    def terms(self) -> list[Any]:
        return [m.term for m in self.members] + list(self.sides or ()) + self.parameters + self.given


def raw_given(builder: Builder, statement: sx.Statement) -> RawGiven:
    """Builds the raw terms of a statement; what cannot be read is left as its problem."""
    raw = RawGiven(statement, problem=statement.problem)
    if statement.kind == "unread":
        raw.problem = raw.problem or sx.Diagnostic("this statement was not understood", statement.span)
        return raw
    try:
        _fill(builder, raw)
    except Unreadable as problem:
        raw.problem = _placed(problem.diagnostic, statement.span)
        raw.groups, raw.sides, raw.parameters, raw.given = [], None, [], []
    return raw


def _placed(problem: sx.Diagnostic, span: sx.Span) -> sx.Diagnostic:
    return (
        problem if problem.span != sx.NOWHERE else sx.Diagnostic(problem.message, span, problem.expected, problem.hint)
    )


def _fill(builder: Builder, raw: RawGiven) -> None:
    statement = raw.statement
    parts = statement.parts
    match statement.kind:
        case "equation":
            left, right = parts[0]
            builder.chain_free = free_letters(left)
            raw.sides = (builder.whole(left), builder.whole(right, further=True))
            raw.distinct = distinct_pairs(parts[1] if len(parts) > 1 else ())
        case "comparison":
            left, right = parts[0]
            raw.sides = (builder.whole(left), builder.whole(right, further=True))
        case "independent":
            raw.groups = _groups(builder, parts)
            raw.distinct = distinct_pairs(statement.conditions)
            raw.pairwise = "pairwise" in statement.flags
            if _siblings(raw.groups):
                raw.groups, raw.pairwise = raw.groups[:1], True
        case "conditional" | "conditionally":
            raw.groups = [_members(builder, group) for group in parts]
        case "distribution" | "law":
            raw.groups = [_members(builder, parts[0])]
            raw.parameters = [builder.whole(p) for p in (parts[1] if len(parts) > 1 else ())]
            raw.given = [builder.whole(p) for p in (parts[2] if len(parts) > 2 else ())]
        case "kind" if statement.word in ("function", "index"):
            return
        case "shape" if statement.word == "indexset":
            return
        case "shape":
            raw.groups = [_members(builder, parts[0])]
            raw.shape = shape_of(builder, statement.dims)
        case _:
            raw.groups = [_members(builder, parts[0] if parts else ())]


def _siblings(groups: list[list[RawMember]]) -> bool:
    r"""Whether `X_i \perp X_j` names two of one family by their letters: independent two by two."""
    match [[m.term for m in group] for group in groups]:
        case [[tm.Symbol(a, i)], [tm.Symbol(b, j)]]:
            one, other = i, j
        case [[tm.Entry(tm.Symbol() as a, i, k)], [tm.Entry(tm.Symbol() as b, j, m)]]:
            one, other = (i, k), (j, m)
        case _:
            return False
    return a == b and len(one) == len(other) and one != other and all(x.base is not None for x in (*one, *other))


def shape_of(builder: Builder, dims: tuple[sx.Syntax, ...]) -> tuple[Any, Any]:
    sizes = []
    for dim in dims[:2]:
        size = builder.size(dim)
        index = script_index(dim)
        if size is None and (index is None or index.base is None):
            raise Unreadable("a dimension is a number or a letter", dim.span)
        sizes.append(
            size if size is not None else index.base if index and not index.offset else f"{index.base}{index.offset:+d}"
        )  # type: ignore[union-attr]
    return (sizes[0], sizes[1]) if len(sizes) == 2 else (sizes[0], 1) if sizes else tm.SCALAR


def distinct_pairs(conditions: tuple[sx.Syntax, ...]) -> list[tuple[tm.Index, tm.Index]]:
    """Pairs of indices that side conditions such as `i \\neq j` or `i < j` keep apart."""
    pairs = []
    for condition in conditions:
        if isinstance(condition, sx.Relation) and condition.symbol in (r"\neq", r"\ne", "<", ">"):
            if isinstance(condition.left, sx.Bracketed) and condition.left.opening == "|":  # |a| < 1 is of no index
                continue
            left, right = script_index(condition.left), script_index(condition.right)
            if left is not None and right is not None:
                pairs.append((left, right))
    return pairs


def flattened(nodes: tuple[sx.Syntax, ...]) -> list[sx.Syntax]:
    """The subjects of a group: brackets around tuples opened."""
    flat: list[sx.Syntax] = []
    for node in nodes:
        inner = node.item if isinstance(node, sx.Bracketed) and node.opening != "|" else node
        if isinstance(inner, sx.Tuple_):
            flat.extend(flattened(inner.items))
        else:
            flat.append(inner)
    return flat


def _members(builder: Builder, nodes: tuple[sx.Syntax, ...]) -> list[RawMember]:
    flat = flattened(nodes)
    members: list[RawMember] = []
    for place, node in enumerate(flat):
        after_dots = place > 0 and isinstance(flat[place - 1], sx.Dots)
        if isinstance(node, sx.Dots):
            if place == len(flat) - 1 and _without_end(members):
                continue
            if not 0 < place < len(flat) - 1:
                raise Unreadable("dots without a last item", node.span)
            _close_run(builder, members, flat[place + 1])
        elif not after_dots:
            members.append(RawMember(builder.whole(node)))
    return members


def _groups(builder: Builder, parts: tuple[tuple[sx.Syntax, ...], ...]) -> list[list[RawMember]]:
    """The groups of an independence; a run `x_1, \\dots, x_n` among them is one group with every member for itself.

    In `(x_1, \\dots, x_n) \\perp y` the run is inside a group, and meant jointly.
    """
    alone = len(parts) == 1
    if alone:
        parts = tuple((node,) for node in flattened(parts[0]))
    groups: list[list[RawMember]] = []
    for place, part in enumerate(parts):
        if any(isinstance(p[0], sx.Dots) for p in parts[max(place - 1, 0) : place] if len(p) == 1):
            continue
        if len(part) == 1 and isinstance(part[0], sx.Dots):
            run = [m for g in groups for m in g]
            if place == len(parts) - 1 and _without_end(run):
                groups = [[m] for m in run]
                continue
            if not 0 < place < len(parts) - 1:
                raise Unreadable("dots without a last item", part[0].span)
            run = [m for g in groups for m in g]
            _close_run(builder, run, parts[place + 1][0])
            groups = [[m] for m in run]
        else:
            members = _members(builder, part)
            groups.append(
                [RawMember(m.term, False, m.last, m.each and m.last is None) for m in members] if not alone else members
            )
    return groups


def _without_end(members: list[RawMember]) -> bool:
    """`x_1, x_2, \\dots`: all members of the family, however many; False when the items are of no family."""
    names = [s.name if (s := _symbol(m.term)) is not None and s.indices else None for m in members]
    if len(names) < 2 or names[-1] is None or names[-2] != names[-1]:
        return False
    first = next(k for k, name in enumerate(names) if name == names[-1])
    members[first:] = [RawMember(members[first].term, True)]
    return True


def _close_run(builder: Builder, members: list[RawMember], last: sx.Syntax) -> None:
    """`x_1, \\dots, x_n`: one member that is the whole family; its range ends where the last item says."""
    end = builder.whole(last)
    symbol = _symbol(end)
    if symbol is None:
        raise Unreadable("the last item behind the dots", last.span, "x_1, \\dots, x_n")
    while len(members) > 1 and (before := _symbol(members[-2].term)) is not None and before.name == symbol.name:
        if _symbol(members[-1].term) is not None and _symbol(members[-1].term).name == symbol.name:  # type: ignore[union-attr]
            members.pop()
        else:
            break
    first = members[-1]
    start = _symbol(first.term)
    if start is None or start.name != symbol.name:
        raise Unreadable("the items around the dots are not of one family", last.span)
    ranges = builder.families.setdefault(symbol.name, {})
    for place, (a, b) in enumerate(zip(start.indices, symbol.indices, strict=False)):
        if a != b and a == tm.Index(None, 1) and b.offset == 0:
            builder.dims.unify(ranges.setdefault(place, builder.dims.fresh()), b.base)
        elif a != b and b.base is None:
            builder.dims.unify(ranges.setdefault(place, builder.dims.fresh()), b.offset)
    for a, b in zip(_components(first.term), _components(end), strict=False):
        if a != b and a == tm.Index(None, 1) and b.offset == 0:
            builder.dims.suggest_row(start, 0, b.base)
    members[-1] = RawMember(first.term, True, end)


def _symbol(term: Any) -> tm.Symbol | None:
    found = [t for t in everywhere(term) if isinstance(t, tm.Symbol)]
    return found[0] if found else None


def _components(term: Any) -> tuple[tm.Index, ...]:
    return getattr(term, "indices", ()) if not isinstance(term, tm.Symbol) else ()
