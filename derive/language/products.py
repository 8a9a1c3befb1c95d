"""How the factors of a product stand together: scalars anywhere, the others as a chain of matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Pair = tuple[Any, Any]
Group = tuple[int, ...]
ONE: Pair = (1, 1)


def arrange(shapes: list[Pair], fits: Callable[[Any, Any], bool]) -> tuple[list[int | Group], Pair] | int:
    """The factors by number, with those that close to a scalar among themselves in groups, and the shape of the product.

    `x^T w x` is `(x^T w) x`, and `A x^T w B` is `A (x^T w) B`.  The number of the first factor that does not fit when there is
    no such reading.  `fits` compares two inner dimensions.

    >>> arrange([("m", "m"), (1, "m"), ("m", 1), ("m", "k")], lambda a, b: a == b)
    ([0, (1, 2), 3], ('m', 'k'))
    >>> arrange([("m", "k"), ("m", 1)], lambda a, b: a == b)
    1
    """
    done: list[int | Group] = []
    chain: list[int | Group] = []
    current: Pair | None = None
    place = 0
    while place < len(shapes):
        shape = shapes[place]
        if shape == ONE:
            (chain if current is not None else done).append(place)
        elif current is None or (current == ONE and shape[0] != 1):
            done.extend([_flat(chain)] if chain else [])
            chain, current = [place], shape
        elif fits(current[1], shape[0]):
            chain.append(place)
            current = (current[0], shape[1])
        else:
            end = _closing(shapes, place)
            if end is None:
                return place
            chain.append(tuple(range(place, end + 1)))
            place = end
        place += 1
    return [*done, *chain], current or ONE


def _flat(chain: list[int | Group]) -> Group:
    """A closed chain as one group; groups inside of it keep their order."""
    return tuple(n for item in chain for n in (item if isinstance(item, tuple) else (item,)))


def _closing(shapes: list[Pair], start: int) -> int | None:
    """Where a run of factors that begins here closes to a scalar."""
    current = shapes[start]
    for place in range(start + 1, len(shapes)):
        shape = shapes[place]
        if shape == ONE:
            continue
        if current[1] != shape[0]:
            return None
        current = (current[0], shape[1])
        if current == ONE:
            return place
    return None
