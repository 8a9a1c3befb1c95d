"""A folder of documents over all cores, against the same documents one after the other.

python -m benchmarks.bench_folder
"""

from __future__ import annotations

import os
from time import perf_counter

from benchmarks.measure import Row, table

COPIES = 40


def rows() -> list[Row]:
    from benchmarks.bench_start import PAGE
    from derive.batch import Task, check_all
    from derive.library import names, text

    pages = [PAGE, *map(text, names())]
    tasks = [Task(f"{k:03d}.md", pages[k % len(pages)]) for k in range(COPIES)]
    options = {"simulation": False}
    took = []
    for processes in (1, 0):
        begun = perf_counter()
        paths = [d.path for d in check_all(tasks, options, processes=processes)]
        took.append(perf_counter() - begun)
        if paths != [t.path for t in tasks]:
            raise AssertionError("the reports are not in the order of the documents")
    cores = os.cpu_count() or 1
    return [Row(f"{COPIES} documents over {cores} cores", took[1] / took[0], 1 / cores + 0.35, "×", "one process")]


if __name__ == "__main__":
    print(table(rows()))
