"""Scripts of two letters, the `t+h` of x_{t+h} beside x_t: in what is claimed they stand for any other index.

A given that speaks of them says something of pairs at a distance; as a statement of any two members it would say more.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from typing import Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.facts import Comparison, Facts
from derive.language.traverse import everywhere

MOST_APART = 3  # offsets beside the two letters that are compared
AT_LEAST = (r"\geq", r"\ge", r"\geqslant")


def is_lag(script: sx.Node) -> bool:
    """Whether a script is one letter and another, `t+h`."""
    match script:
        case sx.Plus((sx.Name(), sx.Name() | sx.Negate(sx.Name()), *_)):
            return True
    return False


def lagging(term: Any) -> bool:
    """Whether a raw or settled term has such an index."""
    return any(_LAG.match(index.base or "") for index in _indices(term))


def kept_apart(sides: tuple[tm.Term, tm.Term], facts: Facts) -> Iterator[tuple[tm.Index, tm.Index]]:
    r"""The indices t + a and t + h + b of a claim that differ, since `h \geq 1` or `h \neq 0` is given."""
    least: dict[str, int] = {}
    nonzero: set[str] = set()
    for given in facts.givens:
        match given:
            case Comparison(tm.Symbol(name), relation, tm.Number(value)) if relation == ">" or relation in AT_LEAST:
                least[name] = math.floor(value) + 1 if relation == ">" else math.ceil(value)
            case Comparison(tm.Symbol(name), r"\neq" | r"\ne", tm.Number(value)) if value == 0:
                nonzero.add(name)
    for base in sorted({index.base or "" for side in sides for index in _indices(side)}):
        if (found := _LAG.match(base)) is None:
            continue
        start, sign, lag = found.groups()
        for a, b in itertools.product(range(-MOST_APART, MOST_APART + 1), repeat=2):
            gap = b - a if sign == "+" else a - b
            if (lag in least and least[lag] + gap > 0) or (lag in nonzero and gap == 0):
                yield tm.Index(start, a), tm.Index(base, b)


_LAG = re.compile(r"(.+?)([+-])(.+)$")


def _indices(term: Any) -> Iterator[tm.Index]:
    for part in everywhere(term):
        for slot in ("indices", "index", "row", "column"):
            value = getattr(part, slot, ())
            yield from (i for i in (value if isinstance(value, tuple) else (value,)) if isinstance(i, tm.Index))
