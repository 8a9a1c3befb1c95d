r"""“let $\bar X$ be the sample mean”: the mean of the list `X_1, \dots, X_n` that the document speaks of.

The words alone make a statement without a value; once everything is read, the one list that fits gives it, or it is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.symbols import strip_accents
from derive.language.syntax import Chain, Statement, Syntax

AVERAGE = "average"  # flag of a statement whose value is still to be found
MEAN = r"(?:sample|empirical|arithmetic) (?:mean|average)"
NAMED = re.compile(
    rf"⟦(\d+)⟧\s*(?:,\s*)?(?:is|be|denotes?|denoting|for|as)\s+(?:the|their)\s+{MEAN}(?!\s+(?:of|over)\s+(?!the\s+(?:sample|data|observations)\b))|"
    rf"\b(?:denote|write|let|with|where)\s+(?:by\s+)?⟦(\d+)⟧\s*,?\s*the\s+{MEAN}(?!\s+(?:of|over)\b)|"
    rf"\bthe\s+{MEAN}\s+(?:(?:is|be)\s+)?(?:denoted\s+(?:by\s+)?)?⟦(\d+)⟧|⟦(\d+)⟧,?\s+the\s+{MEAN}\s*(?=$|[,;])"
)
ONE = sx.Numeral(Fraction(1))


def named_average(text: str) -> int | None:
    """The number of the formula that the sentence calls the sample mean."""
    found = NAMED.search(text.lower())
    return next((int(g) for g in found.groups() if g), None) if found else None


def averaged(items: list[Statement | Chain]) -> list[Statement | Chain]:
    """The items with each sample mean given its value."""
    if not any(isinstance(i, Statement) and AVERAGE in i.flags for i in items):
        return items
    lists = {run for item in items if isinstance(item, Statement) for group in runs_of(item) for run in group}
    result: list[Statement | Chain] = []
    for item in items:
        if isinstance(item, Statement) and AVERAGE in item.flags:
            name = item.parts[0][0]
            value = mean_of(name, lists) if isinstance(name, sx.Name) else None
            if value is not None:
                result.append(replace(item, parts=((name, value), ())))
        else:
            result.append(item)
    return result


def runs_of(statement: Statement) -> Iterator[list[tuple[str, Syntax]]]:
    r"""Letter and last index of each list `X_1, \dots, X_n` that the statement is about."""
    flat = [s for group in statement.parts for s in group] if statement.kind == "independent" else statement.parts[:1]
    groups = [tuple(flat)] if statement.kind == "independent" else list(flat)
    for group in groups:
        found = []
        for first, dots, last in zip(group, group[1:], group[2:], strict=False):
            match first, dots, last:
                case sx.Name(a, (sx.Numeral(),), ()), sx.Dots(), sx.Name(b, (end,), ()) if a == b:
                    found.append((a, end))
        yield found


def mean_of(name: sx.Name, lists: set[tuple[str, Syntax]]) -> Syntax | None:
    fitting = [run for run in lists if run[0] == strip_accents(name.letter)]
    if len(fitting) != 1 or name.superscripts or (name.subscripts and name.subscripts != (fitting[0][1],)):
        return None
    letter, end = fitting[0]
    index = sx.Name("i")
    total = sx.Big("sum", (sx.IndexRange(index, ONE, end),), sx.Name(letter, (index,)))
    return sx.Juxtaposition((sx.Fraction_(ONE, end), total))
