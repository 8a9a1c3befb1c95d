"""Runs all benchmarks and writes `benchmarks/results.md`.

python -m benchmarks
"""

from __future__ import annotations

import os
import platform
from datetime import date
from pathlib import Path
from time import perf_counter

from benchmarks import bench_folder, bench_growth, bench_peers, bench_start, bench_steps
from benchmarks.measure import Row, table

SUITES = (
    ("Start", bench_start),
    ("Steps", bench_steps),
    ("Peers", bench_peers),
    ("Growth", bench_growth),
    ("Many documents", bench_folder),
)


def processor() -> str:
    """The processor's name where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def main() -> None:
    parts = [
        "# Benchmarks",
        f"{date.today().isoformat()}, Python {platform.python_version()}, {processor()}, {os.cpu_count()} cores.",
    ]
    for title, suite in SUITES:
        begun = perf_counter()
        rows: list[Row] = suite.rows()
        print(f"== {title} ({perf_counter() - begun:.0f} s)\n{table(rows)}\n", flush=True)
        parts += [f"## {title}", (suite.__doc__ or "").partition("\n    python -m")[0].strip(), table(rows)]
    Path(__file__).with_name("results.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
