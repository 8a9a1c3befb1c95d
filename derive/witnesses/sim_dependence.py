"""Who may depend on whom, and how draws are made dependent without changing their own distributions.

Quantities that no statement separates are made dependent: within each four neighbouring draws, the values of one are
put in the order of a function of the others.  The values are only exchanged, so every distribution stays what it is;
the draws of a four depend on each other, and always fall into the same group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

MOST_PARENTS = 6


@dataclass(slots=True)
class Unit:
    """Random numbers whose joint distribution is fixed as one: `rows` of the table of draws."""

    name: str
    rows: np.ndarray
    support: str = "real"
    declared: bool = False
    discrete: bool = False
    law: str = ""  # units of equal law are identically distributed

    @property
    def free(self) -> bool:
        """Whether means and covariances may be chosen."""
        return not self.declared and self.support not in ("binary", "sign", "natural", "integer")


Pair = frozenset[int]


@dataclass(slots=True)
class Separation:
    """Pairs of units that are independent; `only_pairwise` holds the groups of statements that say no more."""

    pairs: set[Pair] = field(default_factory=set)
    only_pairwise: list[list[int]] = field(default_factory=list)

    def separate(self, groups: Sequence[frozenset[int]]) -> None:
        for left, right in combinations(groups, 2):
            self.pairs.update(frozenset((a, b)) for a in left for b in right if a != b)

    def apart(self, a: int, b: int) -> bool:
        return frozenset((a, b)) in self.pairs


def parents(
    count: int, separation: Separation, fixed: frozenset[int] = frozenset(), kinds: Sequence[str] = ()
) -> dict[int, list[int]]:
    """For each unit those that it is ordered by, earliest first; separated units never share an ancestor.

    Units with few separations come last, since they may depend on many.  `fixed` units are never ordered by others.
    Between units of different `kinds` links are sought first: they are worth more than links within a family.
    """
    degree = [sum(separation.apart(u, v) for v in range(count)) for u in range(count)]
    order = sorted(range(count), key=lambda u: (u not in fixed, -degree[u], u))
    result: dict[int, list[int]] = {u: [] for u in order}
    pairs = [tuple(pair) for pair in separation.pairs]
    links = [(p, u) for k, u in enumerate(order) if u not in fixed for p in order[:k] if not separation.apart(p, u)]
    if kinds:
        links.sort(key=lambda link: kinds[link[0]] == kinds[link[1]])
    for p, u in links:
        if len(result[u]) < MOST_PARENTS:
            result[u].append(p)
            above = _ancestors(result)
            if any(above[a] & above[b] for a, b in pairs):
                result[u].pop()
    return result


def _ancestors(above: dict[int, list[int]]) -> dict[int, int]:
    """Each unit with all that it depends on, as bits; `above` has parents in front of their children."""
    found: dict[int, int] = {}
    for unit, chosen in above.items():
        found[unit] = 1 << unit
        for p in chosen:
            found[unit] |= found[p]
    return found


def triples(separation: Separation, mutual: set[Pair]) -> list[tuple[int, int, int]]:
    """Three units of each statement that claims pairwise independence only, when nothing else says more about them."""
    used: set[int] = set()
    found = []
    for units in separation.only_pairwise:
        free = [u for u in units if u not in used]
        for three in combinations(free, 3):
            if not any(frozenset(pair) in mutual for pair in combinations(three, 2)):
                found.append(three)
                used.update(three)
                break
    return found


@dataclass(slots=True)
class Ordering:
    """Put the rows of one unit in the order of a function of the parents, within each four draws.

    With `interaction` the function is the product of fair signs, one of each parent: independent of each, not of both.
    """

    rows: np.ndarray
    parents: list[np.ndarray]
    seed: tuple[int, ...]
    interaction: bool = False

    def apply(self, table: np.ndarray) -> None:
        """`table` is (rows, draws), with a multiple of four draws."""
        rng = np.random.default_rng(self.seed)
        own = table[self.rows]
        mine = rng.uniform(0.5, 1.5, self.rows.size) @ own  # what is put in order, and exchanged with the rest
        own = np.vstack([own, mine[None]]).reshape(self.rows.size + 1, -1, 4)
        lines = [_standard(table[rows], rng).reshape(-1, 4) for rows in self.parents]
        key = np.prod([_half(line) for line in lines], axis=0) if self.interaction else _key(lines, rng)
        _exchange(own[..., 0::2], own[..., 1::2], key[:, 0::2] - key[:, 1::2])
        _exchange(own[..., :2], own[..., 2:], key[:, :2] - key[:, 2:])
        table[self.rows] = own[:-1].reshape(self.rows.size, -1)


def _standard(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random positive combination of the rows, centred and of unit size."""
    line = rng.uniform(0.5, 1.5, values.shape[0]) @ values
    line -= line.mean()
    return line / (np.sqrt(np.mean(np.square(line))) + 1e-300)


def _half(line: np.ndarray) -> np.ndarray:
    """1 for the upper half of all draws, -1 for the lower."""
    sign = np.full(line.size, -1.0)
    sign[np.argsort(line, axis=None, kind="stable")[line.size // 2 :]] = 1.0
    return sign.reshape(line.shape)


def _key(lines: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """A polynomial in the parents that is neither even nor odd, with products of neighbouring ones."""
    total = np.zeros_like(lines[0])
    previous = None
    for line in lines:
        total += rng.uniform(0.8, 1.2) * line + 0.25 * np.square(line)
        if previous is not None:
            total += 0.5 * previous * line
        previous = line
    return total


def _exchange(left: np.ndarray, right: np.ndarray, order: np.ndarray) -> None:
    """Exchange `left` and `right` (views) where their last rows are not in the given order."""
    swap = (left[-1] - right[-1]) * order < 0
    first, second = np.where(swap, right, left), np.where(swap, left, right)
    left[...], right[...] = first, second


@dataclass(slots=True)
class Response:
    """Make a unit a noisy function of others, given which it is independent of everything else."""

    rows: np.ndarray
    parents: list[np.ndarray]
    seed: tuple[int, ...]

    def apply(self, table: np.ndarray) -> None:
        rng = np.random.default_rng(self.seed)
        known = table[np.concatenate(self.parents)]
        for row in self.rows:
            scale = 1.0 + 0.5 * np.tanh(rng.uniform(-1.0, 1.0, known.shape[0]) @ known)
            shift = np.tanh(rng.uniform(0.4, 1.2, known.shape[0]) @ known) * rng.choice([-1.0, 1.0])
            table[row] = table[row] * scale + shift
