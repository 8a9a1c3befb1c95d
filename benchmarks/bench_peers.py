"""Against other programs, on the same work in the same run: Math-Verify on pairs of expressions, Cadabra on index algebra.

Neither is a dependency: what is not installed is left out.  Times are CPU times, best of a few, in warm processes.

    pip install 'math-verify[antlr4_13_2]'      (in any environment: MATH_VERIFY_PYTHON names its Python)
    apt-get install cadabra2                    (for the system's Python: CADABRA_PYTHON names another one)
    python -m benchmarks.bench_peers
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from benchmarks.documents import claims, document
from benchmarks.measure import Row, table

PEERS = Path(__file__).with_name("peers")
MATH_VERIFY = os.environ.get("MATH_VERIFY_PYTHON", sys.executable)
CADABRA = os.environ.get("CADABRA_PYTHON", "/usr/bin/python3")
PASSES = 3
REPEATS = 10
Pair = tuple[str, str]


def rows() -> list[Row]:
    return [*math_verify_rows(), *cadabra_rows()]


def has(python: str, module: str) -> bool:
    try:
        done = subprocess.run([python, "-c", f"import {module}"], capture_output=True, timeout=60)
    except OSError:
        return False
    return done.returncode == 0


def asked(python: str, script: str, question: Any) -> Any:
    """The answer of a peer's script; what the peer says about itself is dropped."""
    told = subprocess.run(
        [python, str(PEERS / script)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=550,
        check=True,
    )
    return json.loads(told.stdout)


# ------------------------------------------------------------------ Math-Verify


def math_verify_rows() -> list[Row]:
    if not has(MATH_VERIFY, "math_verify"):
        print("Math-Verify is not installed: pip install 'math-verify[antlr4_13_2]', MATH_VERIFY_PYTHON=its Python")
        return []
    ours, equal = steps_of_the_library()
    unequal = [(lhs, rhs) for lhs, rhs in map(with_a_wrong_sign, equal) if rhs]
    answers = asked(MATH_VERIFY, "math_verify_pairs.py", [*equal, *unequal])
    on_equal, on_unequal = answers[: len(equal)], answers[len(equal) :]
    read = [(own, a["seconds"]) for own, a in zip(ours, on_equal, strict=True) if a["answer"] is not None]
    factor = median(theirs for _, theirs in read) / median(own for own, _ in read)
    yes = sum(a["answer"] is True for a in on_equal)
    no = [a["answer"] for a in on_unequal if a["answer"] is not None]
    note = (
        f"{1e3 * median(own for own, _ in read):.1f} ms a step, Math-Verify {1e3 * median(t for _, t in read):.1f} ms a pair; "
        f"of {len(equal)} equal pairs it reads {len(read)} and calls {yes} equal (derive proves all), "
        f"of {len(unequal)} with a wrong sign it reads {len(no)} and calls {no.count(True)} equal"
    )
    return [Row("Math-Verify's time over that of a step", factor, 20.0, "×", note, more=True)]


def steps_of_the_library() -> tuple[list[float], list[Pair]]:
    """Of every proved step of the library: seconds, shared evenly within its document, and the two sides."""
    from derive.judge.check import check_texts
    from derive.library import names, text

    seconds: list[float] = []
    pairs: list[Pair] = []
    for name in names():
        times = []
        for _ in range(PASSES):
            begun = process_time()
            (report,) = check_texts([(name, text(name))], simulation=False).documents
            times.append(process_time() - begun)
        steps = [s for d in report.derivations for s in d.steps]
        proved = [(s.lhs, s.rhs) for s in steps if s.verdict == "proved"]
        pairs += proved
        seconds += [min(times) / len(steps)] * len(proved)
    return seconds, pairs


def with_a_wrong_sign(pair: Pair) -> Pair:
    """The pair with the last plus of its right side turned; an empty one where there is none."""
    lhs, rhs = pair
    before, plus, behind = rhs.rpartition(" + ")
    return (lhs, f"{before} - {behind}") if plus else (lhs, "")


# ------------------------------------------------------------------ Cadabra

INPUT_NOISE = (
    "E[((x+n)ᵀw−y)²]",
    document(
        [
            r"\mathbf{x}, \mathbf{n}, \mathbf{w} \in \mathbb{R}^m",
            r"y \in \mathbb{R}",
            r"\mathbf{n} \perp (\mathbf{x}, y)",
            r"\mathbb{E}[\mathbf{n}] = \mathbf{0}",
            r"\operatorname{Cov}(\mathbf{n}) = \alpha \mathbf{I}",
            r"\mathbf{w}, \alpha \text{ constant}",
        ],
        [r"\mathbb{E}[((\mathbf{x} + \mathbf{n})^\top \mathbf{w} - y)^2]", "0"],
    ),
    "(x_{i} w_{i} + n_{i} w_{i} - y) (x_{j} w_{j} + n_{j} w_{j} - y)",
    [r"n_{i} n_{j} -> \alpha \delta_{i j}", "n_{i} -> 0"],
)


def quadratic() -> tuple[str, str, str, list[str]]:
    """A quadratic form around a constant."""
    given = [
        r"A, \Sigma \in \mathbb{R}^{m \times m}",
        r"\mathbf{x}, \mathbf{b} \in \mathbb{R}^m",
        r"\mathbf{x} \text{ random}",
        r"\mathbb{E}[\mathbf{x}] = \mathbf{0}",
        r"\mathbb{E}[\mathbf{x}\mathbf{x}^\top] = \Sigma",
        r"A, \Sigma, \mathbf{b} \text{ constant}",
    ]
    ours = document(given, [r"\mathbb{E}[(\mathbf{x} + \mathbf{b})^\top A^\top A (\mathbf{x} + \mathbf{b})]", "0"])
    theirs = "(x_{i} + b_{i}) A_{k i} A_{k j} (x_{j} + b_{j})"
    return "E[(x+b)ᵀAᵀA(x+b)]", ours, theirs, ["x_{i} x_{j} -> S_{i j}", "x_{i} -> 0"]


def squared_sum(count: int) -> tuple[str, str, str, list[str]]:
    """The square of a sum of independent aₖᵀxₖ with covariances vₖ I."""
    which = range(1, count + 1)
    xs = [rf"\mathbf{{x}}_{{{k}}}" for k in which]
    given = [
        rf"{','.join(xs)} \in \mathbb{{R}}^m",
        rf"{','.join(xs)} \text{{ independent}}",
        *(rf"\mathbb{{E}}[{x}] = \mathbf{{0}}" for x in xs),
        *(rf"\operatorname{{Cov}}({x}) = v_{{{k}}} \mathbf{{I}}" for k, x in enumerate(xs, 1)),
        ",".join(rf"\mathbf{{a}}_{{{k}}}, v_{{{k}}}" for k in which) + r" \text{ constant}",
    ]
    total = " + ".join(rf"\mathbf{{a}}_{{{k}}}^\top {x}" for k, x in enumerate(xs, 1))
    ours = document(given, [rf"\mathbb{{E}}\left[\left({total}\right)^2\right]", "0"])
    theirs = "".join("(" + " + ".join(f"a{k}_{{{i}}} x{k}_{{{i}}}" for k in which) + ")" for i in "ij")
    moments = ",".join(rf"x{k}_{{i}} x{k}_{{j}} -> v{k} \delta_{{i j}}" for k in which)
    return f"E[(Σₖaₖᵀxₖ)²], {count} summands", ours, theirs, [moments, ",".join(f"x{k}_{{i}} -> 0" for k in which)]


def cadabra_rows() -> list[Row]:
    if not has(CADABRA, "cadabra2"):
        print("Cadabra is not installed: apt-get install cadabra2 (CADABRA_PYTHON=its Python, if not the system's)")
        return []
    tasks = [INPUT_NOISE, quadratic(), squared_sum(4), squared_sum(8)]
    answers = asked(CADABRA, "cadabra.py", [{"expression": t[2], "rules": t[3], "repeats": REPEATS} for t in tasks])
    found = []
    for (name, text, _, _), answer in zip(tasks, answers, strict=True):
        seconds, monomials = normalised(text)
        theirs = len(answer["result"].replace("-", "+").strip("+").split("+"))
        if theirs != monomials:
            raise AssertionError(f"{name}: {monomials} monomials here, {theirs} in Cadabra: {answer['result']}")
        note = f"{1e3 * seconds:.2f} ms, Cadabra {1e3 * answer['seconds']:.2f} ms; {monomials} monomials in both"
        found.append(
            Row(f"Cadabra's time over the kernel's: {name}", answer["seconds"] / seconds, 5.0, "×", note, True)
        )
    return found


def normalised(text: str, repeats: int = REPEATS) -> tuple[float, int]:
    """Seconds for the normal form of the first left side, in a session that knows nothing yet, and its monomials."""
    from derive.kernel.algebra import Budget, measured
    from derive.kernel.places import FIRST
    from derive.kernel.session import Session, index_ranges

    claim = claims(text)[0]
    times = []
    for _ in range(repeats):
        begun = process_time()
        measured(Budget(), index_ranges(claim))
        poly = Session(claim.facts, frozenset(), claim.distinct).normal(claim.lhs, FIRST, FIRST)
        times.append(process_time() - begun)
    return min(times), len(poly.terms)


if __name__ == "__main__":
    print(table(rows()))
