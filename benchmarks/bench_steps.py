"""One step in a warm process (read, elaborate, prove, exact models; no simulation), over the library.

The peer is `sympy.expand` of a polynomial of comparable size in the same process.

    python -m benchmarks.bench_steps
"""

from __future__ import annotations

from time import perf_counter

from benchmarks.measure import Row, best, table


def milliseconds() -> list[tuple[str, float]]:
    """(document, time for one of its steps), each document checked once by itself."""
    from derive.judge.check import check_texts
    from derive.library import names, text

    def checked(name: str) -> int:
        report = check_texts([(name, text(name))], simulation=False)
        return sum(len(d.steps) for d in report.documents[0].derivations)

    checked(names()[0])  # imports
    found = []
    for name in names():
        begun = perf_counter()
        steps = checked(name)
        found.append((name, 1e3 * (perf_counter() - begun) / max(1, steps)))
    return sorted(found, key=lambda pair: pair[1])


def expanded() -> float:
    """Milliseconds for sympy to multiply out (a₁x₁ + … + a₄x₄ + b)³ afresh."""
    import sympy
    from sympy.core.cache import clear_cache

    total = sum(sympy.Symbol(f"a{k}") * sympy.Symbol(f"x{k}") for k in range(4)) + sympy.Symbol("b")

    def afresh() -> None:
        clear_cache()
        sympy.expand(total**3)

    return 1e3 * best(afresh, 5)


def rows() -> list[Row]:
    times = milliseconds()
    middle, (worst, most) = times[len(times) // 2][1], times[-1]
    peer = expanded()
    return [
        Row("a step of the library, median", middle, 2.0, "ms", "the target"),
        Row(f"a step of the library, slowest document ({worst})", most, 25.0, "ms", "the target"),
        Row("a step of the library, median", middle / peer, 2.0, "×", "`sympy.expand` of a cube of 5 terms"),
    ]


if __name__ == "__main__":
    print(table(rows()))
