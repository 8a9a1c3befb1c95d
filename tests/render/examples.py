# ruff: noqa: E501  (expressions are easier to compare on one line)
"""Reports as the engine makes them, written by hand: what the renderers are tried on."""

from __future__ import annotations

from derive.report import (
    Counterexample,
    Derivation,
    DocumentReport,
    Exact,
    GivenLine,
    Misconception,
    RuleLine,
    Simulation,
    Step,
    Trust,
)

X, N, W = r"\mathbf{x}", r"\mathbf{n}", r"\mathbf{w}"
TITLES = {
    "linearity": "Linearity of expectation",
    "independence": "Independent factors split",
    "zero-mean": "Zero mean",
    "given-moment": "A given moment",
    "definition": "Inserting a definition",
    "transposes": "Transposes",
    "regrouping": "Grouping what belongs together",
    "multiplying-out": "Multiplying out",
    "collecting": "Collecting like terms",
    "split-coincidence": "Splitting off the coinciding indices",
    "squares": "Squares",
}


def simulation(z: float = 0.41) -> Simulation:
    return Simulation(200_000, 20240, True, z, 1.99871, 0.00121, 1.99862, 0.00121, 0.004)


def chain(first: str, *rest: tuple[str, tuple[str, ...], tuple[str, ...]], line: int = 9) -> tuple[Step, ...]:
    """Proved steps from (right side, rules, uses)."""
    steps, before = [], first
    for i, (after, rules, uses) in enumerate(rest):
        steps.append(
            Step(
                line + i, 5, "=", before, after, "proved", rules, uses,
                message=f"Follows by {', '.join(rules).replace('-', ' ')}.",
                exact=Exact(6, True, "1e-17"), simulation=simulation(0.1 * i),
            )
        )  # fmt: skip
        before = after
    return tuple(steps)


def l2_noise() -> DocumentReport:
    """Noise on the inputs of a linear regression adds an L2 penalty: the lecture's derivation."""
    perp, moment = r"\mathbf{n} \perp (\mathbf{x}, y)", r"\mathbf{n} \sim \mathcal{N}(\mathbf{0}, \alpha\mathbf{I})"
    tilde, loss = (
        r"\tilde{\mathbf{x}} = \mathbf{x} + \mathbf{n}",
        r"f(\mathbf{w}) := \mathbb{E}[(\mathbf{x}^\top\mathbf{w}-y)^2]",
    )
    steps = chain(
        r"\mathbb{E}[(\tilde{\mathbf{x}}^\top\mathbf{w}-y)^2]",
        (r"\mathbb{E}[((\mathbf{x}+\mathbf{n})^\top\mathbf{w}-y)^2]", ("definition",), (tilde,)),
        (r"\mathbb{E}[(\mathbf{x}^\top\mathbf{w}+\mathbf{n}^\top\mathbf{w}-y)^2]", ("transposes", "multiplying-out"), ()),
        (r"\mathbb{E}[((\mathbf{x}^\top\mathbf{w}-y)+\mathbf{n}^\top\mathbf{w})^2]", ("regrouping",), ()),
        (
            r"\mathbb{E}[(\mathbf{x}^\top\mathbf{w}-y)^2] + \mathbb{E}[2(\mathbf{x}^\top\mathbf{w}-y)\mathbf{n}^\top\mathbf{w}]"
            r" + \mathbb{E}[(\mathbf{n}^\top\mathbf{w})^2]",
            ("squares", "linearity"), (),
        ),
        (
            r"f(\mathbf{w}) + \mathbb{E}[2\mathbf{x}^\top\mathbf{w}\mathbf{n}^\top\mathbf{w}-2y\mathbf{n}^\top\mathbf{w}]"
            r" + \mathbb{E}[\mathbf{w}^\top\mathbf{n}\mathbf{n}^\top\mathbf{w}]",
            ("definition", "multiplying-out"), (loss,),
        ),
        (
            r"f(\mathbf{w}) + 2\mathbb{E}[\mathbf{x}^\top]\mathbf{w}\,\mathbb{E}[\mathbf{n}^\top]\mathbf{w}"
            r"-2\mathbb{E}[y]\mathbb{E}[\mathbf{n}^\top]\mathbf{w} + \mathbf{w}^\top\mathbb{E}[\mathbf{n}\mathbf{n}^\top]\mathbf{w}",
            ("linearity", "independence"), (perp,),
        ),
        (
            r"f(\mathbf{w}) + 2\mathbb{E}[\mathbf{x}^\top]\mathbf{w}\cdot 0\cdot\mathbf{w}-2\mathbb{E}[y]\cdot 0\cdot\mathbf{w}"
            r" + \mathbf{w}^\top\alpha\mathbf{I}\mathbf{w}",
            ("zero-mean", "given-moment"), (moment,),
        ),
        (r"f(\mathbf{w}) + \alpha\mathbf{w}^\top\mathbf{w}", ("collecting",), ()),
    )  # fmt: skip
    sixth = steps[5]
    detail = (
        RuleLine(sixth.lhs.replace("2\\mathbf{x}", "2\\,\\mathbf{x}"), "linearity"),
        RuleLine(sixth.rhs, "independence", (perp,)),
    )
    steps = (*steps[:5], Step(**{**_fields(sixth), "detail": detail}), *steps[6:])
    givens = (
        GivenLine(3, r"\mathbf{x} \in \mathbb{R}^m, \mathbf{n} \in \mathbb{R}^m, y \in \mathbb{R}", "shape", "x and n are vectors of length m, y is a scalar", 8),
        GivenLine(4, moment, "distribution", "n is normal with mean 0 and covariance αI", 1),
        GivenLine(5, perp, "dependence", "n is independent of (x, y)", 1),
        GivenLine(6, tilde, "definition", "x̃ is defined as x + n", 1),
        GivenLine(7, loss, "definition", "f is defined as a function of w", 1),
    )  # fmt: skip
    return DocumentReport(
        "l2-noise.md", givens, (), (Derivation(9, steps),), (),
        Trust(
            ("linearity", "independence", "zero-mean", "given-moment"), (perp, moment, tilde, loss), (),
            (r"$\mathbb{E}[\mathbf{x}\mathbf{x}^\top]$ and $\mathbb{E}[y^2]$ are finite",),
            ("normality is never used, only the mean and the covariance of $\\mathbf{n}$",), (),
        ),
        "Noise on the inputs is an $L_2$ penalty", {"course": "CS 541", "network": "3-3-2 dropped 1:2, 2:2"},
    )  # fmt: skip


def _fields(step: Step) -> dict:
    return {name: getattr(step, name) for name in Step.__dataclass_fields__}


def ensemble() -> DocumentReport:
    """The mean squared error of an average of n predictors."""
    var, cov = r"\mathbb{E}[\varepsilon_i^2] = v", r"\mathbb{E}[\varepsilon_i\varepsilon_j] = c \quad (i \neq j)"
    err = r"\varepsilon_i = \hat{y}_i - y"
    steps = chain(
        r"\mathbb{E}\left[\left(\left(\frac{1}{n}\sum_{i=1}^{n}\hat{y}_{i}\right)-y\right)^{2}\right]",
        (r"\mathbb{E}\left[\left(\frac{1}{n}\sum_{i=1}^{n}(\hat{y}_{i}-y)\right)^{2}\right]", ("sum-of-constant",), ()),
        (r"\mathbb{E}\left[\left(\frac{1}{n}\sum_{i=1}^{n}\varepsilon_{i}\right)^{2}\right]", ("definition",), (err,)),
        (r"\frac{1}{n^2}\sum_{i=1}^n \mathbb{E}[\varepsilon_i^2] + \frac{1}{n^2}\sum_{i\neq j}\mathbb{E}[\varepsilon_i\varepsilon_j]",
         ("linearity", "split-coincidence"), ()),
        (r"\frac{nv+n(n-1)c}{n^{2}}", ("given-moment",), (var, cov)),
        (r"\frac{v}{n} + \frac{n-1}{n}c", ("collecting",), ()),
        line=12,
    )  # fmt: skip
    givens = (
        GivenLine(3, err, "definition", "ε_i is defined as ŷ_i − y", 1),
        GivenLine(4, var, "moments", "the second moment of each ε_i is v", 1),
        GivenLine(5, cov, "moments", "for i ≠ j, the mean of ε_i ε_j is c", 1),
        GivenLine(6, r"\mathbb{E}[\varepsilon_i] = 0", "moments", "each ε_i has mean zero", 0),
    )
    return DocumentReport(
        "ensemble.tex", givens, (), (Derivation(12, steps),), (),
        Trust(("linearity", "split-coincidence", "given-moment"), (err, var, cov), (r"\mathbb{E}[\varepsilon_i] = 0",), ("denominators are not zero",)),
        "Averaging an ensemble",
    )  # fmt: skip


def mean_of_square() -> DocumentReport:
    """A wrong step, with its counterexample."""
    model = Counterexample(
        {"m": 1}, {"a": "2"}, (("1/2", {"X": "0"}), ("1/4", {"X": "2"}), ("1/4", {"X": "-3/2"})), "25/16", "1/64"
    )
    wrong = Step(
        7, 5, "=", r"\mathbb{E}[X^2] + a", r"\mathbb{E}[X]^2 + a", "wrong", difference=r"\operatorname{Var}(X)",
        counterexample=model,
        misconception=Misconception("square-of-mean", "The mean of a square is not the square of the mean",
                                    "E[X²] and E[X]² differ by Var(X), which is zero only when X is constant."),
        correction=r"\operatorname{Var}(X) + \mathbb{E}[X]^2 + a",
        message=r"The two sides differ by $\operatorname{Var}(X)$. E[X²] and E[X]² differ by Var(X), which is zero only when"
        r" X is constant. The right side should be $\operatorname{Var}(X) + \mathbb{E}[X]^2 + a$.",
        exact=Exact(1, False),
        simulation=Simulation(200_000, 1, False, 311.2, 3.0021, 0.0042, 2.0003, 0.003, 0.01),
    )  # fmt: skip
    last = Step(8, 5, "=", r"\mathbb{E}[X]^2 + a", "a", "proved", ("zero-mean",), (r"\mathbb{E}[X] = 0",))
    givens = (GivenLine(3, r"\mathbb{E}[X] = 0", "moments", "X has mean zero", 1),)
    return DocumentReport(
        "square.md", givens, (),
        (Derivation(6, (wrong, last), "line 7 is wrong, and the last expression does not equal the first"),),
        title="A square that is not split",
    )  # fmt: skip


def variance_of_sum() -> DocumentReport:
    """A step that needs an assumption."""
    model = Counterexample({}, {}, (("1/2", {"X": "1", "Y": "1"}), ("1/2", {"X": "-1", "Y": "-1"})), "4", "2")
    needs = Step(
        5, 3, "=", r"\operatorname{Var}(X + Y)", r"\operatorname{Var}(X) + \operatorname{Var}(Y)", "needs",
        missing=(r"X, Y \text{ uncorrelated}",), counterexample=model, difference=r"2\operatorname{Cov}(X, Y)",
        message=r"Does not follow from what is given; it would if $X, Y \text{ uncorrelated}$ were given too.",
    )  # fmt: skip
    unproved = Step(
        6, 3, "=", r"\operatorname{Var}(X) + \operatorname{Var}(Y)", r"\mathbb{E}[\log(\exp(X)) X] + s", "unproved",
        message="Not proved: no rule derives it; 6 exact finite models find no difference.", exact=Exact(6, True),
    )  # fmt: skip
    unread = Step(7, 3, "=", "", r"\int_0^ \frac{", "unread", message="Expected an upper limit, found a fraction.")
    skipped = Step(
        8, 3, r"\le", r"\operatorname{Var}(X)", "s", "skipped", message=r"Not checked: $\le$ is not an equality."
    )
    return DocumentReport(
        "sum.tex",
        (),
        (),
        (Derivation(5, (needs, unproved)), Derivation(7, (unread, skipped))),
        title="Variance of a sum",
    )


ALL = {"l2-noise": l2_noise, "ensemble": ensemble, "square": mean_of_square, "sum": variance_of_sum}
