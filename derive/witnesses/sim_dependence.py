"""Who may depend on whom, and how draws are made dependent without changing their own distributions.

Quantities that no statement separates are made dependent: within each pair of neighbouring draws, the two values of one
are put in the order of a function of the others.  The values themselves are only exchanged, so every distribution stays
what it is; the two draws of a pair depend on each other, and always fall into the same group.
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
        return not self.declared and self.support not in ("binary", "natural", "integer")


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


def parents(count: int, separation: Separation, fixed: frozenset[int] = frozenset()) -> dict[int, list[int]]:
    """For each unit those that it is ordered by, earliest first; separated units never share an ancestor.

    Units with few separations come last, since they may depend on many.  `fixed` units are never ordered by others.
    """
    apart = {u: {v for v in range(count) if separation.apart(u, v)} for u in range(count)}
    order = sorted(range(count), key=lambda u: (u not in fixed, -len(apart[u]), u))
    ancestors: dict[int, set[int]] = {}
    result: dict[int, list[int]] = {}
    for u in order:
        ancestors[u] = {u}
        chosen: list[int] = []
        forbidden = set().union(*(ancestors[v] for v in apart[u] if v in ancestors)) | apart[u]
        for p in [] if u in fixed else list(result):
            if len(chosen) < MOST_PARENTS and not ancestors[p] & forbidden:
                chosen.append(p)
                ancestors[u] |= ancestors[p]
        result[u] = chosen
    return result


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
    """Put the rows of one unit in the order of a function of the parents, pair by pair.

    With `interaction` the order is the product of the two parents' orders: independent of each, not of both.
    """

    rows: np.ndarray
    parents: list[np.ndarray]
    seed: tuple[int, ...]
    interaction: bool = False

    def apply(self, table: np.ndarray) -> None:
        rng = np.random.default_rng(self.seed)
        own = table[self.rows]
        mine = rng.uniform(0.5, 1.5, own.shape[0]) @ own
        wanted = self._interaction(table, rng) if self.interaction else self._key(table, rng)
        swap = wanted * (mine[0::2] - mine[1::2]) < 0
        first, second = own[:, 0::2], own[:, 1::2]
        result = np.empty_like(own)
        result[:, 0::2] = np.where(swap, second, first)
        result[:, 1::2] = np.where(swap, first, second)
        table[self.rows] = result

    def _key(self, table: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Difference, over each pair, of a polynomial in the parents that is neither even nor odd."""
        total = np.zeros(table.shape[1])
        previous = None
        for rows in self.parents:
            values = table[rows]
            line = rng.uniform(0.5, 1.5, rows.size) @ values
            total += rng.uniform(0.6, 1.0) * line
            total += rng.uniform(0.4, 0.8) * (line if previous is None else previous) * line
            previous = line
        return total[0::2] - total[1::2]

    def _interaction(self, table: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        signs = 1.0
        for rows in self.parents:
            line = rng.uniform(0.5, 1.5, rows.size) @ table[rows]
            signs = signs * np.sign(line[0::2] - line[1::2])
        return np.asarray(signs)


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
