"""A folder of documents over all cores, against the same documents one after the other.

The bound is what plain loops in as many processes gain in the same run: other work on the machine takes from both.

    python -m benchmarks.bench_folder
"""

from __future__ import annotations

import os
import subprocess
import sys
from time import perf_counter

from benchmarks.measure import Row, best, table

COPIES = 30
MARGIN = 1.5
LOOP = "x = {}\nfor i in range(6_000_000): x[i % 1000] = (i,)"


def rows() -> list[Row]:
    cores = os.cpu_count() or 1
    ratios = [checked(0) / checked(1) for _ in range(2)]
    bound = MARGIN * min(best(lambda: loops(cores, cores), 1) / best(lambda: loops(cores, 1), 1) for _ in range(2))
    return [Row(f"{COPIES} documents over {cores} cores", min(ratios), bound, "×", f"{MARGIN} × that of plain loops")]


def checked(processes: int) -> float:
    """Seconds for all documents; 0 is a process for each core."""
    from benchmarks.bench_start import PAGE
    from derive.batch import Task, check_all
    from derive.library import names, text

    pages = [PAGE, *map(text, names())]
    tasks = [Task(f"{k:03d}.md", pages[k % len(pages)]) for k in range(COPIES)]
    begun = perf_counter()
    outcomes = list(check_all(tasks, {"simulation": False}, processes=processes))
    took = perf_counter() - begun
    if [o.path for o in outcomes] != [t.path for t in tasks]:
        raise AssertionError("the reports are not in the order of the documents")
    return took


def loops(count: int, at_once: int) -> None:
    """So many plain loops, so many of them at the same time."""
    for _ in range(count // at_once):
        running = [subprocess.Popen([sys.executable, "-c", LOOP]) for _ in range(at_once)]
        for one in running:
            one.wait()


if __name__ == "__main__":
    print(table(rows()))
