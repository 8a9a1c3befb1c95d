r"""What stands below an expectation: `_{x}`, `_{x \sim \mathcal{N}(0, 1)}`, `_{q(z \mid x)}`, `_{x \mid z}`."""

from __future__ import annotations

from dataclasses import dataclass

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source import notation as nt
from derive.source.cursor import Cursor
from derive.source.distributions import distribution_word, standard
from derive.source.tokens import Token

BETWEEN = frozenset({"comma", "semi", "row"})
OPENING = frozenset({"open", "lbrace"})
CLOSING = frozenset({"close", "rbrace"})


@dataclass(frozen=True)
class Below:
    """The variables that the operator runs over, and what is said of their distributions."""

    over: tuple[Syntax, ...] = ()
    laws: tuple[sx.Law, ...] = ()


def below(c: Cursor) -> Below:
    """The subscript of an operator; the cursor is at its sign."""
    sign = c.next()
    if not c.at("lbrace"):
        from derive.source.scripts import subscript

        return Below(subscript(c, sign, None))
    opened = c.peek()
    assert opened is not None
    start, end = c.k + 1, c.skip_group()
    over: list[Syntax] = []
    laws: list[sx.Law] = []
    with c.nested(opened):
        waiting: list[Syntax] = []  # x of `x, y \sim p`
        for a, b in parts(c, start, end - 1):
            found = one(c.part(a, b), tuple(waiting))
            if isinstance(found, sx.Law):
                over.extend(s for s in found.subjects if s not in over)
                laws.append(found)
                waiting = []
            else:
                over.extend(found)
                waiting.extend(found)
    c.k = end
    return Below(tuple(over), tuple(laws))


def parts(c: Cursor, start: int, end: int) -> list[tuple[int, int]]:
    """Ranges of tokens between commas; what follows a bar belongs to it: `y \\mid x, z`."""
    cuts, level, barred = [start - 1], 0, False
    for k in range(start, end):
        kind = c.tokens[k].kind
        level += (kind in OPENING) - (kind in CLOSING)
        barred = barred or (level == 0 and kind == "bar")
        if level == 0 and kind in BETWEEN and not barred:
            cuts.append(k)
    return [(a + 1, b) for a, b in zip(cuts, [*cuts[1:], end], strict=True) if b > a + 1]


def one(c: Cursor, waiting: tuple[Syntax, ...]) -> sx.Law | tuple[Syntax, ...]:
    """One part: a law, or the variables that it lists."""
    first = c.peek()
    if first is None:
        return ()
    sign = outside(c, lambda t: t.kind == "rel" and t.text == r"\sim")
    if sign is not None:
        subjects, given = conditioned(c.part(c.k, sign))
        law = distribution(c.part(sign + 1, c.end), first)
        return sx.Law((*waiting, *subjects), law.word, law.parameters, law.name, (*given, *law.given), law.span)
    if outside(c, lambda t: t.kind == "bar") is not None:
        subjects, given = conditioned(c)
        return sx.Law(subjects, given=given, span=c.places.span(first.start, c.tokens[c.end - 1].end))
    if applied(c):
        return distribution(c, first)
    item = label(c) if first.kind in ("text", "word") else c.item()  # type: ignore[attr-defined]
    if c.peek() is not None:
        raise c.fail(f"`{c.written(c.peek() or first)}` does not fit in this subscript", c.peek())
    return tuple(variables(item))


def outside(c: Cursor, wanted: object) -> int | None:
    """The place of the first token of this kind outside of all brackets."""
    level = 0
    for k in range(c.k, c.end):
        token = c.tokens[k]
        level += (token.kind in OPENING) - (token.kind in CLOSING)
        if level == 0 and wanted(token):  # type: ignore[operator]
            return k
    return None


def conditioned(c: Cursor) -> tuple[tuple[Syntax, ...], tuple[Syntax, ...]]:
    r"""(variables, conditions) of `x`, `x \mid z, w` or `(x, y) \mid z`."""
    bar = outside(c, lambda t: t.kind == "bar")
    end = c.end if bar is None else bar
    given = () if bar is None else listed(c.part(bar + 1, c.end))
    return listed(c.part(c.k, end)), given


def listed(c: Cursor) -> tuple[Syntax, ...]:
    """Variables between commas; a dot, `\\cdot`, is none."""
    found: list[Syntax] = []
    while (token := c.peek()) is not None:
        if token.kind in BETWEEN or c.written(token) in (r"\cdot", r"\bullet", "."):
            c.next()
            continue
        found.extend(variables(label(c) if token.kind in ("text", "word") else c.item()))  # type: ignore[attr-defined]
        if (rest := c.peek()) is not None and rest.kind not in BETWEEN:
            raise c.fail(f"`{c.written(rest)}` does not fit in this subscript", rest)
    return tuple(found)


def applied(c: Cursor) -> bool:
    r"""Whether the whole part is `q(…)`, with scripts on the name: a distribution by its name."""
    start = argument_start(c)
    first = c.tokens[c.k]
    if start is None or first.kind not in ("name", "text", "word"):
        return False
    return closing(c, start) == c.end - 1


def argument_start(c: Cursor) -> int | None:
    """Where the bracket behind the first name and its scripts opens."""
    k = c.k + 1
    while k < c.end and c.tokens[k].kind in ("sub", "caret"):
        k += 1
        k = c.part(k, c.end).skip_group() if k < c.end and c.tokens[k].kind == "lbrace" else k + 1
    return k if k < c.end and c.tokens[k].kind == "open" else None


def closing(c: Cursor, start: int) -> int:
    level = 0
    for k in range(start, c.end):
        level += (c.tokens[k].kind in OPENING) - (c.tokens[k].kind in CLOSING)
        if level == 0:
            return k
    return c.end


def distribution(c: Cursor, first: Token) -> sx.Law:
    r"""`\mathcal{N}(m, v)`, `\mathcal{N}(x; m, v)`, `\mathcal{N}(x \mid m, v)`, `q_\phi(z \mid x)`, `p(x; \theta)`, `\mathcal{D}^m`."""
    span = c.places.span(first.start, c.tokens[c.end - 1].end) if c.end > c.k else c.places.span(first.start, first.end)
    if c.peek() is None:
        raise c.fail("a distribution is missing", first)
    word = distribution_word(c.tokens[c.k])
    start = argument_start(c)
    if word not in (None, "?"):
        assert word is not None
        known = parameters(c.part(start, c.end)) if start is not None else ((), ())
        meant = standard(word, known[1])
        if meant is not None:
            return sx.Law(known[0], word, meant, span=span)
    name = named(c.part(c.k, start if start is not None else c.end))
    if start is None or closing(c, start) != c.end - 1:
        return sx.Law((), name=name, span=span)
    if word == "?":  # Dirichlet(α): the name is known, but not what it says
        return sx.Law((), "", listed(c.part(start + 1, c.end - 1)), name, span=span)
    inside = c.part(start + 1, c.end - 1)
    semicolon = outside(inside, lambda t: t.kind == "semi")
    fixed = () if semicolon is None else listed(c.part(semicolon + 1, c.end - 1))
    subjects, given = conditioned(inside if semicolon is None else c.part(start + 1, semicolon))
    return sx.Law(subjects, "", fixed, name, given, span)


def named(c: Cursor) -> Syntax:
    """The name of a distribution; what is no name, as it is written."""
    first, last = c.tokens[c.k], c.tokens[c.end - 1]
    latex = c.places.text[first.start : last.end].strip()
    if first.kind == "name":
        found = c.factor()
        if c.peek() is None and isinstance(found, sx.Name):
            return found
    return sx.Opaque(latex, span=c.places.span(first.start, last.end))


def parameters(c: Cursor) -> tuple[tuple[Syntax, ...], tuple[Syntax, ...]]:
    """(variables, parameters): a variable stands in front of a semicolon or a bar."""
    opened = c.next()
    group = c.group(opened, nt.CLOSES[opened.text])
    if group.given is not None:
        return tuple(group.items), tuple(group.given)
    if ";" in group.separators:
        behind = group.separators.index(";") + 1
        return tuple(group.items[:behind]), tuple(group.items[behind:])
    return (), tuple(group.items)


def label(c: Cursor) -> Syntax:
    token = c.next()
    return sx.Label(token.text, span=c.span(token))


def variables(item: Syntax) -> list[Syntax]:
    r"""The variables of one part of the subscript: `(x, y)` is x and y, `x \in A` is x."""
    match item:
        case sx.Relation(r"\in", left, _):
            return variables(left)
        case sx.Bracketed(inner):
            return variables(inner)
        case sx.Tuple_(items):
            return [v for i in items for v in variables(i)]
    return [item]
