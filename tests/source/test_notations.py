r"""Random expressions, printed twice in notations that are drawn anew, are read back to the same thing.

All notations are those of the language page: signs of expectation, brackets, transposes, norms, fractions, sums.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from derive.judge.reading import read
from derive.kernel.proof import Proof, prove
from derive.language.elaborate import elaborate

GIVEN = r"""```given
\mathbf{x}, \mathbf{w} \in \mathbb{R}^m
\mathbf{x} \text{ random}
\mathbf{w}, a, c \text{ constant}
A \in \mathbb{R}^{m \times m} \text{ constant}
X, Y \text{ random}
Z_1, \dots, Z_n \text{ random}
```
"""
MEANS = (r"\mathbb{E}", r"\mathrm{E}", r"\operatorname{E}", r"\mathsf{E}", "E")
VARIANCES = (r"\operatorname{Var}", r"\mathbb{V}", r"\mathrm{Var}", r"\mathsf{Var}")
COVARIANCES = (r"\operatorname{Cov}", r"\mathrm{Cov}", r"\mathsf{cov}")
TRANSPOSES = (r"^\top", "^T", r"^{\mathrm{T}}", r"^{\top}", r"^\intercal", r"^{\mathsf{T}}")
TIMES = (r"\,", r" \cdot ", " ", r"\, ", r" \times ")
Tree = tuple


class Printer:
    """Prints a tree; every choice between notations is drawn."""

    def __init__(self, seed: int):
        self.draw = random.Random(seed)
        self.mean = self.draw.choice(MEANS)

    def brackets(self, inner: str) -> str:
        left, right = self.draw.choice(
            (("(", ")"), ("[", "]"), (r"\left(", r"\right)"), (r"\big[", r"\big]"), (r"\{", r"\}"))
        )
        return f"{left}{inner}{right}"

    def show(self, tree: Tree) -> str:
        shown: Callable[..., str] = getattr(self, "_" + tree[0])
        return shown(*tree[1:])

    def _atom(self, name: str) -> str:
        return name

    def _sum(self, left: Tree, right: Tree) -> str:
        return f"{self.show(left)} + {self.show(right)}"

    def _minus(self, left: Tree, right: Tree) -> str:
        return f"{self.show(left)} - {self.closed(right)}"

    def closed(self, tree: Tree) -> str:
        """In round brackets where it is a sum."""
        text = self.show(tree)
        if tree[0] in ("sum", "minus", "series"):
            return self.draw.choice((f"({text})", rf"\left({text}\right)", f"[{text}]"))
        return text

    def _times(self, left: Tree, right: Tree) -> str:
        sign = self.draw.choice(TIMES)
        return f"{self.closed(left)}{sign}{self.closed(right)}"

    def _over(self, top: Tree, number: int) -> str:
        if self.draw.random() < 0.3:
            return rf"\tfrac{{1}}{{{number}}}\,{self.closed(top)}"
        sign = self.draw.choice((r"\frac", r"\dfrac"))
        return f"{sign}{{{self.show(top)}}}{{{number}}}"

    def _square(self, base: Tree) -> str:
        text = self.show(base) if base[0] == "atom" else f"({self.show(base)})"
        return text + self.draw.choice(("^2", "^{2}"))

    def _mean(self, inner: Tree) -> str:
        if self.draw.random() < 0.15:
            return rf"\langle {self.show(inner)} \rangle"
        return self.mean + self.brackets(self.show(inner))

    def _variance(self, inner: Tree) -> str:
        return self.draw.choice(VARIANCES) + self.brackets(self.show(inner))

    def _covariance(self, left: Tree, right: Tree) -> str:
        return f"{self.draw.choice(COVARIANCES)}({self.show(left)}, {self.show(right)})"

    def _inner(self, left: Tree, right: Tree) -> str:
        if self.draw.random() < 0.3:
            return rf"\langle {self.show(left)}, {self.show(right)} \rangle"
        return self.transposed(left) + self.draw.choice((" ", r"\, ")) + self.closed(right)

    def transposed(self, tree: Tree) -> str:
        text = self.show(tree) if tree[0] == "atom" else f"({self.show(tree)})"
        return text + self.draw.choice(TRANSPOSES)

    def _norm(self, inner: Tree) -> str:
        text = self.show(inner)
        forms = (rf"\|{text}\|^2", rf"\|{text}\|_2^2", rf"\lVert {text} \rVert^2", rf"\left\|{text}\right\|_2^{{2}}")
        return self.draw.choice(forms)

    def _apply(self, inner: Tree) -> str:
        return "A " + self.closed(inner)

    def _trace(self, left: Tree, right: Tree) -> str:
        sign = self.draw.choice((r"\operatorname{tr}", r"\mathrm{tr}", r"\operatorname{Tr}"))
        return f"{sign}({self.closed(left)} {self.transposed(right)})"

    def _series(self, body: Tree) -> str:
        sign = self.draw.choice((r"\sum_{i=1}^n", r"\sum_{i=1}^{n}", r"\sum\limits_{i=1}^n"))
        return f"{sign} {self.closed(body)}"


def scalar(draw: random.Random, depth: int, indexed: bool = False) -> Tree:
    names = [r"Z_i", "a", "c"] if indexed else ["X", "Y", "a", "c"]
    if depth == 0:
        return ("atom", draw.choice([*names, "2", "3"]))
    again = lambda: scalar(draw, depth - 1, indexed)  # noqa: E731
    kind = draw.randrange(8 if indexed else 14)
    if kind < 2:
        return ("sum" if kind else "minus", again(), again())
    if kind < 4:
        return ("times", again(), again())
    if kind == 4:
        return ("over", again(), draw.choice((2, 3)))
    if kind == 5:
        return ("square", again())
    if kind == 6:
        return ("mean", again())
    if kind == 7:
        return ("variance", again())
    if kind == 8:
        return ("covariance", again(), again())
    if kind == 9:
        return ("series", scalar(draw, min(depth - 1, 1), True))
    if kind < 12:
        return ("inner", vector(draw, depth - 1), vector(draw, depth - 1))
    if kind == 12:
        return ("norm", vector(draw, depth - 1))
    return ("trace", vector(draw, depth - 1), vector(draw, depth - 1))


def vector(draw: random.Random, depth: int) -> Tree:
    if depth == 0:
        return ("atom", draw.choice((r"\mathbf{x}", r"\mathbf{w}")))
    kind = draw.randrange(4)
    if kind == 0:
        return ("sum", vector(draw, depth - 1), vector(draw, depth - 1))
    if kind == 1:
        return ("apply", vector(draw, depth - 1))
    if kind == 2:
        return ("times", ("atom", draw.choice("ac")), vector(draw, depth - 1))
    return ("mean", vector(draw, depth - 1))


def claim_of(left: str, right: str) -> tuple:
    """The claim that the two expressions are equal, and what is wrong with its reading."""
    elaborated = elaborate(read(f"{GIVEN}\n$$\n{left} = {right}\n$$\n", "a.md"))
    steps = [s for chain in elaborated.chains for s in chain.steps]
    assert len(steps) == 1, (left, right)
    return steps[0].claim, steps[0].problems


def read_back(seed: int) -> None:
    tree = scalar(random.Random(seed), 3)
    left, right = (Printer(2 * seed + k).show(tree) for k in (0, 1))
    claim, problems = claim_of(left, right)
    assert claim is not None, (left, right, problems)
    assert isinstance(prove(claim), Proof), (left, right)


@pytest.mark.parametrize("block", range(6))
def test_any_notation_says_the_same(block: int) -> None:
    for seed in range(10 * block, 10 * block + 10):
        read_back(seed)
