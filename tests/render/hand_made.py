"""A report made by hand, for tests of the renderers that print text and JSON."""

from derive.report import (
    Counterexample,
    Derivation,
    DocumentReport,
    Exact,
    GivenLine,
    Misconception,
    Remark,
    RuleLine,
    Simulation,
    Step,
    SymbolLine,
    Trust,
)

TEXT = "# Squares\n\n$$\n\\mathbb{E}[(X+Y)^2]\n  &= \\mathbb{E}[X^2] + \\mathbb{E}[Y^2] \\\\\n  &= \\mu^2 + v\n$$\n"

FINE = Step(
    5,
    6,
    "=",
    r"\mathbb{E}[(X+Y)^2]",
    r"\mathbb{E}[X^2] + \mathbb{E}[Y^2]",
    "proved",
    rules=("linearity", "independence"),
    uses=(r"X \perp Y",),
    message="Follows by linearity and independence.",
    exact=Exact(4, True, "1e-17"),
    simulation=Simulation(100_000, 0, True, 0.41, 2.0, 0.01, 2.001, 0.01, 0.05),
    detail=(RuleLine(r"\mathbb{E}[X^2 + 2XY + Y^2]", "square", ()),),
)
FALSE = Step(
    6,
    6,
    "=",
    r"\mathbb{E}[X^2] + \mathbb{E}[Y^2]",
    r"\mu^2 + v",
    "wrong",
    difference=r"\operatorname{Var}(X)",
    counterexample=Counterexample(
        {"m": 2},
        {r"\mu": "1/2", r"\mathbf{a}": [["1"], ["2"]]},
        (("1/2", {"X": "0", r"\tilde{X}": [["1", "0"], ["0", "1"]]}), ("1/2", {"X": "1", r"\tilde{X}": "0"})),
        "1/2",
        "1/4",
        "X is a fair coin",
    ),
    misconception=Misconception("square-of-mean", "The mean of a square is not the square of the mean", "…"),
    correction=r"\mu^2 + \sigma^2 + v",
    message=r"The two sides differ by $\operatorname{Var}(X)$.",
    exact=Exact(1, False),
    lhs_place=(5, 6, 40, 71),
    rhs_place=(6, 6, TEXT.index(r"\mu^2"), TEXT.index(r"\mu^2") + 9),
)
WANTING = Step(
    6, 6, "=", "A", "B", "needs", missing=(r"\mathbf{n} \perp y",), message="It would follow.", rhs_place=(6, 6, 0, 1)
)


def document(*steps: Step, **fields) -> DocumentReport:
    """One document whose one derivation has these steps."""
    base = {
        "path": "squares.md",
        "givens": (GivenLine(2, r"X \perp Y", "dependence", "X and Y are independent", 1),),
        "symbols": (
            SymbolLine(r"\mathbf{x}", ("m", "1"), "random", "inferred"),
            SymbolLine("a", ("1", "1"), "constant", "declared"),
        ),
        "derivations": (Derivation(4, steps),) if steps else (),
        "trust": Trust(rules=("linearity",), given_used=(r"X \perp Y",), notes=("normality is never used",)),
        "text": TEXT,
    }
    return DocumentReport(**(base | fields))


REMARK = Remark("a column stands where a row is meant", 5, 6, r"write $\mathbf{0}^\top$", 4)
