"""Means of batches, their errors, and how surprising a difference is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

ALPHA = 1e-9
POINTS = 200


@dataclass(slots=True)
class Running:
    """Mean and sum of squares of independent batches, one column per component (Chan's combination)."""

    count: int = 0
    mean: np.ndarray = field(default_factory=lambda: np.zeros(0))
    squares: np.ndarray = field(default_factory=lambda: np.zeros(0))
    largest: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def add(self, batches: np.ndarray) -> None:
        """`batches` is (batches, components)."""
        n = batches.shape[0]
        mean = batches.mean(axis=0)
        centred = np.square(batches - mean)
        squares, largest = centred.sum(axis=0), centred.max(axis=0)
        if not self.count:
            self.count, self.mean, self.squares, self.largest = n, mean, squares, largest
            return
        total = self.count + n
        step = mean - self.mean
        self.squares = self.squares + squares + np.square(step) * (self.count * n / total)
        self.mean = self.mean + step * (n / total)
        self.largest = np.maximum(self.largest, largest)
        self.count = total

    @property
    def error(self) -> np.ndarray:
        """Standard error of the mean."""
        return np.sqrt(self.squares / max(self.count - 1, 1) / max(self.count, 1))

    @property
    def dominance(self) -> np.ndarray:
        """Share of the sum of squares that the largest batch has: near 1 the error means nothing."""
        with np.errstate(all="ignore"):
            return np.where(self.squares > 0, self.largest / self.squares, 0.0)


def normal_score(statistic: float, degrees: int) -> float:
    """A t statistic on the scale of a normal one (Wallace's approximation).

    >>> round(normal_score(3.0, 10**6), 3), round(normal_score(8.0, 30), 2)
    (3.0, 5.81)
    """
    if degrees <= 0 or not math.isfinite(statistic):
        return statistic
    d = float(degrees)
    size = math.sqrt(d * math.log1p(statistic * statistic / d)) * (8 * d + 1) / (8 * d + 3)
    return math.copysign(size, statistic)


def tail(z: float) -> float:
    """Two-sided probability of a normal score as large as this.

    >>> round(tail(1.959964), 4)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2.0))


def threshold(alpha: float) -> float:
    """The normal score whose two-sided tail is `alpha`.

    >>> round(threshold(0.05), 3), round(threshold(1e-9), 2)
    (1.96, 6.11)
    """
    low, high = 0.0, 40.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) > alpha else (low, middle)
    return high


def holm(values: Sequence[float], alpha: float = ALPHA) -> list[bool]:
    """Which hypotheses Holm's step-down test rejects at the family-wise level `alpha`.

    >>> holm([1e-12, 0.4, 6e-10], 1e-9)
    [True, False, False]
    """
    order = sorted(range(len(values)), key=lambda k: values[k])
    rejected = [False] * len(values)
    for rank, k in enumerate(order):
        if values[k] > alpha / (len(values) - rank):
            break
        rejected[k] = True
    return rejected


def checkpoints(total: int) -> list[int]:
    """After which batches a point of the trace is due: dense early, about `POINTS` in all."""
    wanted = np.unique(np.geomspace(4, max(total, 5), POINTS // 2).astype(int))
    wanted = np.union1d(wanted, np.linspace(4, max(total, 5), POINTS // 2).astype(int))
    return [int(w) for w in wanted if w <= total]
