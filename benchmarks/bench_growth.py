"""How time grows with size: powers of sums of products, long chains, deep matrix products, coinciding indices.

Each family is a document that grows; the exponent of the fitted power law is compared with that of the expanded
expression (or of the text).

    python -m benchmarks.bench_growth
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from time import perf_counter

from benchmarks.documents import document
from benchmarks.measure import Row, exponent, table

ROWS = 400  # of one display
MARGIN = 1.3  # on the exponent of what has to be written down


def power(count: int, degree: int = 2) -> str:
    r"""E[(Σ_{k≤K} a_k^⊤ x_k)^d] of zero-mean independent vectors: what is left are squares (d = 2)."""
    letters = [chr(ord("a") + k) for k in range(count)]
    vectors = ",".join(rf"\mathbf{{x}}_{{{k + 1}}}" for k in range(count))
    total = " + ".join(rf"\mathbf{{a}}_{{{k + 1}}}^\top \mathbf{{x}}_{{{k + 1}}}" for k in range(len(letters)))
    given = [
        rf"{vectors} \in \mathbb{{R}}^m",
        rf"{vectors} \text{{ independent}}",
        *(rf"\mathbb{{E}}[\mathbf{{x}}_{{{k + 1}}}] = \mathbf{{0}}" for k in range(count)),
        ",".join(rf"\mathbf{{a}}_{{{k + 1}}}" for k in range(count)) + r" \text{ constant}",
    ]
    whole = rf"\mathbb{{E}}\left[\left({total}\right)^{{{degree}}}\right]"
    apart = " + ".join(
        rf"\mathbb{{E}}\left[(\mathbf{{a}}_{{{k + 1}}}^\top \mathbf{{x}}_{{{k + 1}}})^{{{degree}}}\right]"
        for k in range(count)
    )
    return document(given, [whole, apart])


def chain(lines: int) -> str:
    """A chain that moves one number from one summand to the other, line by line, over several displays."""
    members = [rf"\mathbb{{E}}[X + {k}] + {lines - k}" for k in range(lines + 1)]
    parts = [document([r"X \in \mathbb{R}", r"X \text{ random}"], members[:ROWS])]
    for start in range(ROWS, lines + 1, ROWS):
        body = " \\\\\n&= ".join(members[start : start + ROWS])
        parts.append(f"$$\n\\begin{{aligned}}\n&= {body}\n\\end{{aligned}}\n$$\n")
    return "\n".join(parts)


def product(depth: int) -> str:
    """(A₁ ⋯ A_d)ᵀ is the product of the transposes in the other order."""
    names = [rf"A_{{{k + 1}}}" for k in range(depth)]
    turned = " ".join(rf"{name}^\top" for name in reversed(names))
    return document(
        [",".join(names) + r" \in \mathbb{R}^{m \times m}"],
        [r"\left(" + " ".join(names) + r"\right)^\top", turned],
    )


def coincidences(order: int) -> str:
    """A power of a sum over an iid family is a sum over as many indices: their coincidences are set partitions."""
    given = [r"x_1, \dots, x_n \text{ iid}", r"\mathbb{E}[x_i] = 0", r"x_i \in \mathbb{R}", r"n \in \mathbb{N}"]
    letters = "ijklpq"[:order]
    sums = "".join(rf"\sum_{{{c}=1}}^n " for c in letters)
    terms = " ".join(f"x_{c}" for c in letters)
    return document(
        given,
        [
            rf"\mathbb{{E}}\left[\left(\sum_{{i=1}}^n x_i\right)^{{{order}}}\right]",
            rf"\mathbb{{E}}\left[{sums}{terms}\right]",
        ],
    )


def seconds(text: str) -> float:
    """Time to check the document; raises when a step is not proved, as a step given up tells nothing of growth."""
    from derive.judge.check import check_texts

    begun = perf_counter()
    (report,) = check_texts([("growth", text)], simulation=False, seconds=20).documents
    took = perf_counter() - begun
    verdicts = {s.verdict for d in report.derivations for s in d.steps}
    if verdicts != {"proved"}:
        raise AssertionError(f"not all steps are proved: {sorted(verdicts)} {report.error}")
    return took


FAMILIES: list[tuple[str, Callable[[int], str], list[int], Callable[[int], int]]] = [
    ("E[(Σ aₖᵀxₖ)²], K summands", power, [2, 4, 8, 12], lambda k: comb(k + 1, 2)),
    ("a chain, lines", chain, [100, 300, 1000, 3000], lambda n: n),
    ("(A₁⋯A_d)ᵀ, d factors", product, [4, 8, 16, 32], lambda d: d * d),
    ("E[(Σᵢ xᵢ)^d] over iid, set partitions", coincidences, [2, 3, 4, 5], lambda d: [1, 1, 2, 5, 15, 52, 203][d]),
]


def rows() -> list[Row]:
    seconds(chain(2))
    found = []
    for name, make, sizes, work in FAMILIES:
        times = [seconds(make(size)) for size in sizes]
        slope = exponent([work(s) for s in sizes], times)
        note = ", ".join(f"{s}: {1e3 * t:.0f} ms" for s, t in zip(sizes, times, strict=True))
        found.append(Row(f"{name}: exponent of time over work", slope, MARGIN, "", note))
    return found


if __name__ == "__main__":
    print(table(rows()))
