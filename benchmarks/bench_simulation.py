"""How much slower is the simulation than NumPy written by hand for one claim?

For three claims (weight decay as input noise, ensembles, dropout) this times `simulate` side by side with a plain NumPy
function that draws as many random numbers of the same kinds and evaluates both sides.  It prints the ratio of the best
times; with `--limit 1.5` the exit status is 1 when one is larger.  Making the model takes some milliseconds whatever the
number of samples, which shows below 10^6 of them.

    python benchmarks/bench_simulation.py [--samples N] [--repeats K] [--limit R]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from derive.language.facts import (
    Claim,
    Distributed,
    Equation,
    Facts,
    Identical,
    Independent,
    Member,
    Source,
    SymbolInfo,
)
from derive.language.terms import (
    Add,
    Constant,
    Expectation,
    Identity,
    Index,
    IndexValue,
    Mul,
    Pow,
    Sum,
    Symbol,
    Term,
    Transpose,
    number,
    one_to,
)
from derive.witnesses.simulate import Abstention, simulate

HERE = Source("", "")
VECTOR = ("m", 1)
FIRST, SECOND = Index("i"), Index("j")


def minus(term: Term) -> Term:
    return Mul((number(-1), term))


def symbol(name: str, role: str, shape=(1, 1), families=()) -> tuple[str, SymbolInfo]:
    return name, SymbolInfo(name, shape, role, families)


def square(term: Term) -> Term:
    return Pow(term, number(2))


def noise_claim() -> Claim:
    """E[((x + n)' w - y)^2] = E[(x' w - y)^2] + alpha w' w."""
    x, n, w = (Symbol(name, (), VECTOR) for name in ("x", "n", "w"))
    y, alpha = Symbol("y"), Symbol("alpha")
    facts = Facts(
        dict(
            [
                symbol("x", "random", VECTOR),
                symbol("n", "random", VECTOR),
                symbol("y", "random"),
                symbol("w", "constant", VECTOR),
                symbol("alpha", "constant"),
            ]
        ),
        (
            Distributed(n, "Normal", (Constant(Fraction(0), VECTOR), Mul((alpha, Identity("m")))), HERE),
            Independent(((Member("n"),), (Member("x"), Member("y"))), HERE),
        ),
    )
    noisy = Expectation(square(Add((Mul((Transpose(Add((x, n))), w)), minus(y)))))
    clean = Expectation(square(Add((Mul((Transpose(x), w)), minus(y)))))
    return Claim(noisy, Add((clean, Mul((alpha, Transpose(w), w)))), facts)


def noise_by_hand(samples: int, rng: np.random.Generator) -> tuple[float, float]:
    m, alpha = 3, 0.7
    w, atoms, mix = rng.uniform(-1, 1, m), rng.uniform(-1, 1, (m + 1, 13)), rng.uniform(-1, 1, (m + 1, m + 1))
    u = rng.random((samples, m + 1))
    z = (
        atoms.T[rng.integers(0, 13, samples)]
        + np.column_stack([u[:, 0], u[:, 1] * u[:, 1], u[:, 2] * u[:, 2] * u[:, 2], u[:, 3]]) @ mix
    )
    x, y = z[:, :m], z[:, m]
    n = np.sqrt(alpha) * rng.standard_normal((samples, m))
    lhs = ((x + n) @ w - y) ** 2
    rhs = (x @ w - y) ** 2 + alpha * w @ w
    return compared(lhs, rhs)


def ensemble_claim() -> Claim:
    """E[(1/n sum e_i)^2] = v/n + (n-1)/n c."""
    n, v, c = IndexValue(Index("n")), Symbol("v"), Symbol("c")
    facts = Facts(
        dict(
            [
                symbol("e", "random", families=(one_to("n"),)),
                symbol("v", "constant"),
                symbol("c", "constant"),
                symbol("n", "dimension"),
            ]
        ),
        (
            Equation(Expectation(square(Symbol("e", (FIRST,)))), v, "moment", HERE),
            Equation(
                Expectation(Mul((Symbol("e", (FIRST,)), Symbol("e", (SECOND,))))), c, "moment", HERE, ((FIRST, SECOND),)
            ),
        ),
    )
    inverse = Pow(n, number(-1))
    mean = Mul((inverse, Sum("i", one_to("n"), Symbol("e", (FIRST,)))))
    right = Add((Mul((v, inverse)), Mul((Add((n, number(-1))), inverse, c))))
    return Claim(Expectation(square(mean)), right, facts)


def ensemble_by_hand(samples: int, rng: np.random.Generator) -> tuple[float, float]:
    n, v, c = 3, 1.0, 0.3
    atoms, mix = rng.uniform(-1, 1, (n, 11)), rng.uniform(-1, 1, (n, n))
    u = rng.random((samples, n))
    e = (
        atoms.T[rng.integers(0, 11, samples)]
        + np.column_stack([u[:, 0], u[:, 1] * u[:, 1], u[:, 2] * u[:, 2] * u[:, 2]]) @ mix
    )
    return compared(e.mean(axis=1) ** 2, np.full(1, v / n + (n - 1) / n * c))


def dropout_claim() -> Claim:
    """E[(y - sum m_i w_i x_i / q)^2] = (y - sum w_i x_i)^2 + (1-q)/q sum w_i^2 x_i^2 for masks m_i ~ Bernoulli(q)."""
    q, y = Symbol("q"), Symbol("y")
    m, w, x = (Symbol(k, (FIRST,)) for k in "mwx")
    family = (one_to("n"),)
    facts = Facts(
        dict(
            [
                symbol("m", "random", families=family),
                symbol("w", "constant", families=family),
                symbol("x", "constant", families=family),
                symbol("q", "constant"),
                symbol("y", "constant"),
                symbol("n", "dimension"),
            ]
        ),
        (
            Distributed(m, "Bernoulli", (q,), HERE),
            Independent(((Member("m", each=True),),), HERE),
            Identical((Member("m", each=True),), HERE),
        ),
    )
    masked = Mul((Pow(q, number(-1)), Sum("i", one_to("n"), Mul((m, w, x)))))
    plain = Sum("i", one_to("n"), Mul((w, x)))
    penalty = Mul((Add((number(1), minus(q))), Pow(q, number(-1)), Sum("i", one_to("n"), Mul((square(w), square(x))))))
    return Claim(Expectation(square(Add((y, minus(masked))))), Add((square(Add((y, minus(plain)))), penalty)), facts)


def dropout_by_hand(samples: int, rng: np.random.Generator) -> tuple[float, float]:
    n, q, y = 3, 0.6, 0.4
    w, x = rng.uniform(-1, 1, n), rng.uniform(-1, 1, n)
    m = (rng.random((samples, n)) < q).astype(float)
    lhs = (y - m @ (w * x) / q) ** 2
    return compared(lhs, np.full(1, (y - w @ x) ** 2 + (1 - q) / q * np.sum(w**2 * x**2)))


def compared(lhs: np.ndarray, rhs: np.ndarray) -> tuple[float, float]:
    """Mean difference and its standard error."""
    difference = lhs - rhs
    return float(difference.mean()), float(difference.std() / np.sqrt(lhs.size))


CASES: dict[str, tuple[Callable[[], Claim], Callable[[int, np.random.Generator], tuple[float, float]]]] = {
    "input noise": (noise_claim, noise_by_hand),
    "ensemble": (ensemble_claim, ensemble_by_hand),
    "dropout": (dropout_claim, dropout_by_hand),
}


def best_of(run: Callable[[], object], other: Callable[[], object], repeats: int) -> tuple[float, float]:
    """The shortest times of both, taken in turns so that a busy machine hurts both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for taken, function in zip(times, (run, other), strict=True):
            start = time.perf_counter()
            function()
            taken.append(time.perf_counter() - start)
    return min(times[0]), min(times[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--limit", type=float, default=None)
    options = parser.parse_args()
    worst = 0.0
    for name, (make, by_hand) in CASES.items():
        claim = make()
        result = simulate(claim, samples=options.samples)
        if isinstance(result, Abstention) or not result.agree:
            print(f"{name}: {result}")
            return 1
        here, there = best_of(
            lambda claim=claim: simulate(claim, samples=options.samples),
            lambda by_hand=by_hand: by_hand(options.samples, np.random.default_rng(0)),
            options.repeats,
        )
        worst = max(worst, here / there)
        print(
            f"{name:12} {options.samples:>10,} samples  simulate {here * 1e3:8.1f} ms  "
            f"by hand {there * 1e3:8.1f} ms  ratio {here / there:.2f}  z = {result.z:+.2f}"
        )
    return int(options.limit is not None and worst > options.limit)


if __name__ == "__main__":
    sys.exit(main())
