r"""`\sum` and `\prod` with their indices."""

from __future__ import annotations

from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import IndexRange, Syntax
from derive.source.cursor import Cursor
from derive.source.indices import letters
from derive.source.tokens import Token

ONE = sx.Numeral(Fraction(1))


def big(c: Cursor, token: Token) -> Syntax:
    """A big operator and its body, which reaches to the next + or - at the same level."""
    below: list[Syntax] = []
    upper: Syntax | None = None
    for _ in range(2):
        if c.at("sub"):
            below = conditions(c)
        elif c.at("caret"):
            upper = limit(c)
    if not below and upper is None and c.at("command", token.text):  # \\sum\\sum_{i \\neq j}
        inner = big(c, c.next())
        if isinstance(inner, sx.Big) and len(inner.ranges) > 1:
            return inner
        raise c.fail(f"this `{token.text}` has no index", token, "an index below it")
    found = indices(c, below, upper, token)
    c.bound.extend(n.letter for n in found.names)
    try:
        body = operand(c, token)
    finally:
        del c.bound[len(c.bound) - len(found.names) :]
    return sx.Big(token.text[1:], found.ranges(letters(body)), body, span=c.span(token))


def operand(c: Cursor, token: Token) -> Syntax:
    first = c.peek()
    if first is None or first.kind in ("comma", "rel", "close", "rbrace", "amp", "row", "plus"):
        raise c.fail(f"`{token.text}` has nothing behind it", token, "what it runs over")
    with c.nested(token):
        if c.at("minus"):
            c.next()
            return sx.Negate(c.product(prod=token.text == r"\prod"), span=c.span(first))
        return c.product(prod=token.text == r"\prod")


def limit(c: Cursor) -> Syntax:
    """What stands above the sign; `n, m` for two indices."""
    c.next()
    opened = c.peek()
    if opened is None or opened.kind != "lbrace":
        return c.argument()
    c.next()
    with c.nested(opened):
        found = [c.expression()]
        while c.at("comma"):
            c.next()
            found.append(c.expression())
        c.expect("rbrace", "}", opened)
    return found[0] if len(found) == 1 else sx.Tuple_(tuple(found), span=c.span(opened))


def conditions(c: Cursor) -> list[Syntax]:
    """The parts of the subscript: `i=1`, `j \\neq i`, `i, j`."""
    sign = c.next()
    if not c.at("lbrace"):
        return [c.argument()]
    opened = c.next()
    found: list[Syntax] = []
    with c.nested(opened):
        while c.at("begin"):
            c.next()
        if c.at("command", r"\substack"):
            return substack(c, opened)
        while not c.at("rbrace"):
            found.append(condition(c))
            if c.kind() in ("comma", "semi", "colon", "row", "bar") or c.at("end"):
                c.next()
            elif not c.at("rbrace"):
                raise c.fail(f"`{c.written(c.peek() or sign)}` does not fit below the sign", c.peek(), "`}`")
        c.next()
    return found


def substack(c: Cursor, opened: Token) -> list[Syntax]:
    c.next()
    brace = c.next()
    found: list[Syntax] = []
    while not c.at("rbrace"):
        found.append(condition(c))
        if c.kind() in ("row", "comma", "semi"):
            c.next()
        elif not c.at("rbrace"):
            raise c.unclosed(brace, "}")
    c.next()
    c.expect("rbrace", "}", opened)
    return found


def condition(c: Cursor) -> Syntax:
    if c.at("rel"):
        raise c.fail("an index is missing in front of the relation", c.peek(), "an index")
    return c.item()  # type: ignore[attr-defined]


class Indices:
    """The ranges as they are collected, one entry an index."""

    def __init__(self, c: Cursor, token: Token):
        self.c, self.token = c, token
        self.names: list[sx.Name] = []
        self.lower: dict[int, Syntax] = {}
        self.upper: dict[int, Syntax] = {}
        self.excluded: dict[int, list[Syntax]] = {}
        self.below: dict[int, list[Syntax]] = {}
        self.within: dict[int, Syntax] = {}
        self.implied: dict[int, int] = {}  # an index that may be fixed instead, with the one it stands beside

    def place(self, node: Syntax) -> int | None:
        return next((k for k, n in enumerate(self.names) if n == node), None)

    def add(self, node: Syntax) -> int:
        if not isinstance(node, sx.Name):
            raise self.c.fail(
                "this is no index", self.token, "a letter as index", "write `i = 1` below and `n` above the sign"
            )
        known = self.place(node)
        if known is not None:
            return known
        self.names.append(node)
        return len(self.names) - 1

    def outer(self, node: Syntax) -> bool:
        """Whether the node is no index of this sign: a number, an index bound around it, or something compound."""
        if not isinstance(node, sx.Name):
            return True
        known = node.letter in self.c.bound or node.letter in (self.c.free or ())
        return known and self.place(node) is None

    def ranges(self, used: frozenset[str]) -> tuple[IndexRange, ...]:
        """The ranges, outermost first.  An implied index without limits that the body does not use is no index but fixed."""
        unlimited = (k for k in self.implied if k not in self.upper and k not in self.within)
        fixed = {k for k in unlimited if self.names[k].letter not in used}
        for k in fixed:
            partner = self.implied[k]
            if self.names[partner] in self.excluded.get(k, ()):
                self.excluded.setdefault(partner, []).append(self.names[k])
        order = sorted((k for k in range(len(self.names)) if k not in fixed), key=lambda k: (self.height(k), k))
        return tuple(
            IndexRange(
                self.names[k], self.lower.get(k), self.upper.get(k), tuple(self.excluded.get(k, ())), tuple(self.below.get(k, ())),
                self.within.get(k), span=self.names[k].span,
            )
            for k in order
        )  # fmt: skip

    def height(self, k: int, depth: int = 0) -> int:
        """Indices that bound others come first: j before i in i < j."""
        places = [self.place(b) for b in self.below.get(k, ())]
        return max((1 + self.height(p, depth + 1) for p in places if p is not None and depth < 9), default=0)


def indices(c: Cursor, parts: list[Syntax], upper: Syntax | None, token: Token) -> Indices:
    found = Indices(c, token)
    waiting: list[int] = []
    for part in parts:
        one(found, part, waiting)
    if upper is not None:
        limits = list(upper.items) if isinstance(upper, sx.Tuple_) else [upper]
        free = [k for k in range(len(found.names)) if k not in found.upper and k not in found.within]
        for n, k in enumerate(free):
            if not any(found.place(b) is not None for b in found.below.get(k, ())):
                found.upper[k] = limits[min(n, len(limits) - 1)]
    return found


def one(found: Indices, part: Syntax, waiting: list[int]) -> None:
    """Take in one part of the subscript."""
    match part:
        case sx.Name():
            waiting.append(found.add(part))
        case sx.Relation("=", left, right):
            k = found.add(left)
            for w in (*waiting, k):
                found.lower[w] = right
            waiting.clear()
        case sx.Relation(r"\neq", left, right):
            differ(found, left, right, waiting)
        case sx.Relation("<", left, right):
            order(found, left, right, waiting)
        case sx.Relation(">", left, right):
            order(found, right, left, waiting)
        case sx.Relation(r"\le", left, right):
            bound(found, left, right, waiting)
        case sx.Relation(r"\ge", left, right):
            bound(found, right, left, waiting)
        case sx.Relation(r"\in", left, right):
            member(found, left, right, waiting)
        case sx.Tuple_(items):
            for item in items:
                one(found, item, waiting)
        case sx.Bracketed(sx.Tuple_(items)):
            for item in items:
                one(found, item, waiting)
        case sx.Juxtaposition(items) if all(isinstance(i, sx.Name) for i in items):
            for item in items:
                waiting.append(found.add(item))
        case sx.Numeral():
            found.add(part)
        case _:
            raise found.c.fail(
                "what stands below the sign is not read", found.token, "indices such as `i = 1`, `i \\neq j`, `i < j`"
            )


def differ(found: Indices, left: Syntax, right: Syntax, waiting: list[int]) -> None:
    r"""`j \neq i`: j runs; i runs too when nothing around or on the left side fixes it.

    Where that is not known the alphabet decides, as people write: `i \neq j` runs over both, `j \neq i` over j.
    """
    if found.outer(left) and not found.outer(right):
        left, right = right, left
    known_left, known_right = found.place(left), found.place(right)
    if known_left is None and known_right is not None:
        left, right = right, left
    k = found.add(left)
    waiting.clear()
    if (
        not found.outer(right)
        and found.place(right) is None
        and isinstance(left, sx.Name)
        and isinstance(right, sx.Name)
    ) and (left.letter < right.letter or (found.c.free is not None and single(right))):
        other = found.add(right)
        found.implied[other] = k
        if k in found.lower:
            found.lower.setdefault(other, found.lower[k])
        found.excluded.setdefault(other, []).append(left)
        return
    place = found.place(right)
    if place is not None and place > k:
        found.excluded.setdefault(place, []).append(left)
    else:
        found.excluded.setdefault(k, []).append(right)


def order(found: Indices, left: Syntax, right: Syntax, waiting: list[int]) -> None:
    """`i < j`: both run unless one is bound around or no letter."""
    waiting.clear()
    if found.outer(left):
        k = found.add(right)
        found.lower[k] = sx.Plus((left, ONE), span=left.span)
        return
    k = found.add(left)
    if not found.outer(right) and found.place(right) is None and single(right):
        found.implied[found.add(right)] = k
    other = found.place(right)
    if other is not None and k in found.lower:
        found.lower.setdefault(other, found.lower[k])
    found.below.setdefault(k, []).append(right)


def single(node: Syntax) -> bool:
    """A letter that people use for an index rather than for the end of a range."""
    return (
        isinstance(node, sx.Name)
        and node.letter in frozenset("i j k l s t r q a b u v".split())
        and not node.subscripts
    )


def bound(found: Indices, left: Syntax, right: Syntax, waiting: list[int]) -> None:
    r"""`1 \le i`, `i \le n`, `i \le j`."""
    waiting.clear()
    if not isinstance(left, sx.Name):
        found.lower[found.add(right)] = left
    elif found.place(right) is not None and found.place(left) is None:
        found.lower[found.place(right) or 0] = left
    else:
        k = found.add(left)
        if single(right) and not found.outer(right):
            raise found.c.fail(r"`\le` between two indices is not read", found.token, "`i < j`, or two sums")
        found.upper[k] = right


def member(found: Indices, left: Syntax, right: Syntax, waiting: list[int]) -> None:
    names = list(left.items) if isinstance(left, sx.Tuple_) else [left]
    places = [*waiting, *(found.add(n) for n in names)]
    waiting.clear()
    for k in places:
        match right:
            case sx.Bracketed(sx.Tuple_((low, sx.Dots(), high)), "{") | sx.Bracketed(
                sx.Tuple_((low, _, sx.Dots(), high)), "{"
            ):
                found.lower[k], found.upper[k] = low, high
            case sx.Bracketed(sx.Name() as high, "["):
                found.lower[k], found.upper[k] = ONE, high
            case _:
                found.within[k] = right
