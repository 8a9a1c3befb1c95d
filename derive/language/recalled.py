r"""Letters of a theorem that is recalled: in `X \sim D \Rightarrow E[X] = m` X may be another one than in the text around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from derive.language import syntax as sx
from derive.language.definitions import EVERYWHERE
from derive.language.traverse import descend, mapped, parts
from derive.language.typed import Elaborated

SAME = frozenset({"I", "e", r"\mathbf{1}", r"\mathbf{0}", r"\pi"})  # letters that mean the same everywhere


def with_local_letters(document: sx.Document) -> Iterator[tuple[int, sx.Chain]]:
    r"""The displays that recall something, by their places, with letters of their own where other places use them too.

    The new letter is the old one in italics, `\mathit{X}`, which looks the same.  What a given block or an option
    speaks of is the same everywhere.
    """
    items = document.items
    fixed = SAME.union(*(_letters(i) for i in items if isinstance(i, sx.Statement) and i.origin in EVERYWHERE))
    for place, item in enumerate(items):
        if isinstance(item, sx.Chain) and is_recalled(item):
            elsewhere = set().union(*(_letters(other) for other in items[:place] + items[place + 1 :]))
            shared = (_letters(item) & elsewhere) - fixed
            if shared:
                yield place, _renamed(item, frozenset(shared))


def is_recalled(chain: sx.Chain) -> bool:
    """Whether a display supposes a distribution for itself, or is one equation between averages alone."""
    if any(h.kind == "distribution" for h in chain.hypotheses):
        return True
    sides = [m.syntax for m in chain.members if m.syntax is not None]
    if len(sides) != 2 or len(chain.members) != 2 or chain.hypotheses:
        return False
    averaged = all(any(isinstance(n, sx.Operator) for n in descend(side)) for side in sides)
    return averaged and not any(name for side in sides for name in _outside(side))


def _outside(node: sx.Node) -> Iterator[sx.Name]:
    """The names that stand outside of operators."""
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, sx.Name):
            yield top
        elif not isinstance(top, sx.Operator):
            stack.extend(parts(top))


def _letters(item: sx.Statement | sx.Chain) -> set[str]:
    """The letters of the names in an item, but not of their scripts."""
    found: set[str] = set()

    def note(value: Any) -> Any:
        if isinstance(value, sx.Name):
            found.add(value.letter)
            return value
        return mapped(value, note)

    note(item)
    return found


def _renamed(value: Any, letters: frozenset[str]) -> Any:
    if isinstance(value, sx.Name):
        return replace(value, letter=rf"\mathit{{{value.letter}}}") if value.letter in letters else value
    return mapped(value, lambda part: _renamed(part, letters))


def clashes(done: Elaborated) -> int:
    """How many givens and sides of steps do not fit together as they were read."""
    givens = sum(g.kind == "unread" for g in done.givens)
    return givens + sum(bool(step.problems) for chain in done.chains for step in chain.steps)
