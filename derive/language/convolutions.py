r"""Sums whose index runs backwards in a script: `\sum_{j=0}^{t-1} a^j x_{t-j}` is read as `\sum_{j=1}^t a^{t-j} x_j`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from derive.language import syntax as sx
from derive.language.patterns import placed
from derive.language.symbols import Index, key_of, roots, script_index
from derive.language.traverse import descend, mapped

MOST_WRITTEN_OUT = 12  # terms of a sum with two numbers for limits


def turned(document: sx.Document) -> sx.Document:
    """The document with such sums turned around, or written out where both limits are numbers."""
    if not any(isinstance(n, sx.Big) and _backwards(n) for root in roots(document) for n in descend(root)):
        return document
    return replace(document, items=_turned(document.items))


def _turned(value: Any) -> Any:
    made = mapped(value, _turned)
    return _turned_sum(made) if isinstance(made, sx.Big) and _backwards(made) else made


def _backwards(big: sx.Big) -> Index | None:
    """The t + c of the first script `t + c - j` for the index j of a plain sum; None when j is an index elsewhere too."""
    if big.kind != "sum" or len(big.ranges) != 1 or big.ranges[0].excluded or big.ranges[0].below:
        return None
    index = big.ranges[0].index
    scripts = [s for n in descend(big.body) if isinstance(n, sx.Name) for s in (*n.subscripts, *n.superscripts)]
    moving = [s for s in scripts if any(isinstance(n, sx.Name) and key_of(n) == key_of(index) for n in descend(s))]
    ends = [_minuend(s, index) for s in moving]
    found = [end for end in ends if end is not None]
    if not found or any(end.base != found[0].base for end in found):
        return None
    low, high = (script_index(e) if e is not None else None for e in (big.ranges[0].lower, big.ranges[0].upper))
    if low is None or high is None or low.base is not None:
        return None
    if high.base is None:
        return found[0] if 0 <= high.offset - low.offset < MOST_WRITTEN_OUT else None
    return found[0] if high.base == found[0].base and len(found) == len(moving) else None


def _minuend(script: sx.Node, index: sx.Name) -> Index | None:
    """The t + c of `t + c - j`."""
    items = script.item.items if isinstance(script, sx.Bracketed) and isinstance(script.item, sx.Plus) else ()
    items = script.items if isinstance(script, sx.Plus) else items
    kept = tuple(i for i in items if not (isinstance(i, sx.Negate) and i.item == index))
    if len(kept) != len(items) - 1 or not kept:
        return None
    found = script_index(kept[0] if len(kept) == 1 else sx.Plus(kept))
    return found if found is not None and found.base not in (None, key_of(index)) else None


def _turned_sum(big: sx.Big) -> sx.Node:
    r = big.ranges[0]
    assert r.lower is not None and r.upper is not None
    end, low, high = _backwards(big), script_index(r.lower), script_index(r.upper)
    assert end is not None and low is not None and high is not None
    if high.base is None:
        values = range(low.offset, high.offset + 1)
        terms = [_placed(big.body, r.index, _number(v), lambda s, v=v: _script(s, r.index, v)) for v in values]
        return sx.Bracketed(sx.Plus(tuple(terms), span=big.span), span=big.span) if len(terms) > 1 else terms[0]
    top = sx.Name(end.base or "")
    inside = sx.Bracketed(sx.Plus((top, sx.Negate(r.index))))
    body = _placed(big.body, r.index, inside, lambda s: _script(s, r.index, None))
    upper = _shifted(top, -low.offset)
    return replace(big, ranges=(replace(r, lower=_number(-high.offset), upper=upper),), body=body)


def _placed(body: Any, index: sx.Name, plain: sx.Node, script: Callable[[sx.Node], sx.Node]) -> Any:
    """The body with `plain` for the index, and its scripts changed by `script`."""
    if body == index:
        return plain
    if isinstance(body, sx.Name):
        below, above = (tuple(map(script, scripts)) for scripts in (body.subscripts, body.superscripts))
        return replace(body, subscripts=below, superscripts=above)
    return mapped(body, lambda part: _placed(part, index, plain, script))


def _script(script: sx.Node, index: sx.Name, value: int | None) -> sx.Node:
    """`t + c - j` for one value of j, or with t − j for j; other scripts for the value."""
    end = _minuend(script, index)
    if value is None:
        return script if end is None else _shifted(index, end.offset)
    if end is None:
        return placed(script, index.letter, Fraction(value))
    return _shifted(sx.Name(end.base or ""), end.offset - value)


def _shifted(name: sx.Name, by: int) -> sx.Node:
    number = _number(abs(by))
    return sx.Plus((name, number if by > 0 else sx.Negate(number))) if by else name


def _number(value: int) -> sx.Node:
    return sx.Numeral(Fraction(value))
