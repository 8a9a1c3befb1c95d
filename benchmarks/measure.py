"""Timing that stands noise: the best of a few runs, peers in turn, and the exponent of a power law."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from math import log
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """One figure.  `value` and `bound` are in `unit`; `note` says what it was measured against.

    `more`: the bound is the least that it should be, not the most.
    """

    name: str
    value: float
    bound: float
    unit: str
    note: str = ""
    more: bool = False

    @property
    def within(self) -> bool:
        return self.value >= self.bound if self.more else self.value <= self.bound


def best(call: Callable[[], object], repeats: int = 3) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(repeats):
        begun = perf_counter()
        call()
        times.append(perf_counter() - begun)
    return min(times)


def process(arguments: list[str], cache: str) -> Callable[[], object]:
    """A call that runs a process to its end and hides what it prints; its modules are compiled once, into `cache`."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    env = {**kept, "PYTHONPYCACHEPREFIX": cache}
    hidden = subprocess.DEVNULL
    return lambda: subprocess.run(arguments, stdout=hidden, stderr=hidden, timeout=60, env=env)


def ratio(ours: Callable[[], object], peer: Callable[[], object], repeats: int = 7) -> float:
    """Best time over best time; the two take turns, so that both meet the same noise."""
    ours(), peer()  # compiled and in the disk cache
    pairs = [(best(ours, 1), best(peer, 1)) for _ in range(repeats)]
    return min(a for a, _ in pairs) / min(b for _, b in pairs)


def exponent(sizes: list[int], times: list[float]) -> float:
    """The slope of log time over log size, by least squares.

    >>> round(exponent([1, 2, 4], [3.0, 12.0, 48.0]), 6)
    2.0
    """
    xs, ys = [log(s) for s in sizes], [log(t) for t in times]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum((x - mx) ** 2 for x in xs)


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | bound | against |", "| --- | ---: | ---: | --- |"]
    for row in rows:
        mark = "" if row.within else " **under**" if row.more else " **over**"
        value, bound = (f"{number:.3g} {row.unit}".strip() for number in (row.value, row.bound))
        lines.append(f"| {row.name} | {value}{mark} | {'≥' if row.more else '≤'} {bound} | {row.note} |")
    return "\n".join(lines)
