"""The answer as plain frozen data; `as_json` gives the image that docs/language.md describes.

Renderers read only this module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

VERDICTS = ("proved", "defines", "assumed", "needs", "wrong", "unproved", "unread", "skipped")
WORST_FIRST = ("unread", "wrong", "unproved", "needs", "proved", "defines", "assumed", "skipped")
FINDINGS = frozenset({"needs", "wrong", "unproved", "unread"})


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding that does not change a verdict: a shape slip, a doubtful reading.  `hint` may be empty."""

    message: str
    line: int
    column: int
    hint: str = ""
    length: int = 1


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A given as it was read.  `used`: how many steps used it (0: never needed)."""

    line: int
    latex: str
    kind: str
    reading: str
    used: int = 0
    origin: str = "block"


@dataclass(frozen=True, slots=True)
class SymbolLine:
    latex: str
    shape: tuple[str, str]
    kind: str
    origin: str


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A finite probability model that satisfies every given and in which the two sides differ.

    `dimensions`: {"m": 2}.  `constants`: LaTeX name -> value ("3", or rows of a matrix as nested lists of strings).
    `outcomes`: list of (probability, {LaTeX name: value}).  All values are exact rationals as strings.
    """

    dimensions: dict[str, int]
    constants: dict[str, Any]
    outcomes: tuple[tuple[str, dict[str, Any]], ...]
    lhs: Any
    rhs: Any
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Exact:
    """What the finite models found.

    `bound`: probability that a false claim passes, as a power of ten such as "1e-17".  `agree` is None when they
    decide nothing, and `abstained` says why.
    """

    models: int
    agree: bool | None
    bound: str = ""
    abstained: str = ""


@dataclass(frozen=True, slots=True)
class Simulation:
    """Monte-Carlo: both sides' estimates with standard errors, and of their difference (z).

    `detectable`: the smallest difference that would have raised the alarm.  `trace`: (samples, lhs, its error, rhs, its
    error, difference, its error) as the samples grew, for a plot.
    """

    samples: int
    seed: int
    agree: bool
    z: float
    lhs: float = 0.0
    lhs_error: float = 0.0
    rhs: float = 0.0
    rhs_error: float = 0.0
    detectable: float = 0.0
    note: str = ""
    trace: tuple[tuple[float, ...], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One single-rule line of an unfolded step: the expression after the rule, the rule's name, and what it used."""

    latex: str
    rule: str
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Misconception:
    name: str
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a chain.  `lhs`/`rhs` are the user's LaTeX."""

    line: int
    column: int
    relation: str
    lhs: str
    rhs: str
    verdict: str
    rules: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    difference: str | None = None
    counterexample: Counterexample | None = None
    misconception: Misconception | None = None
    correction: str | None = None
    message: str = ""
    reason: str = ""  # the author's own reason, from over the relation or beside the row
    exact: Exact | None = None
    simulation: Simulation | None = None
    detail: tuple[RuleLine, ...] = ()
    remarks: tuple[Remark, ...] = ()
    lhs_place: tuple[int, int, int, int] = (0, 0, 0, 0)  # line, column of the start; offsets start, end
    rhs_place: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Derivation:
    line: int
    steps: tuple[Step, ...]
    summary: str = ""  # e.g. "line 3 is wrong, yet the last line equals the first"

    @property
    def verdict(self) -> str:
        """The worst verdict of its steps."""
        got = {s.verdict for s in self.steps}
        return next((v for v in WORST_FIRST if v in got), "proved")


@dataclass(frozen=True, slots=True)
class Trust:
    """What a proved document rests on."""

    rules: tuple[str, ...] = ()
    given_used: tuple[str, ...] = ()
    given_unused: tuple[str, ...] = ()
    presupposed: tuple[str, ...] = ()  # moments that are taken to exist, denominators taken non-zero
    notes: tuple[str, ...] = ()  # "normality is never used", …
    witnesses: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()  # those among the givens that were used


@dataclass(frozen=True, slots=True)
class Defect:
    """A failure of derive itself, with what is needed to look into it; it says nothing about the document.

    `line` is 0 where no step is concerned.  `rules` and `givens`: what a proof was made of.  `model`, `simulation`:
    what contradicts it.
    """

    message: str
    seed: int = 0
    line: int = 0
    lhs: str = ""
    rhs: str = ""
    rules: tuple[str, ...] = ()
    givens: tuple[str, ...] = ()
    model: Counterexample | None = None
    simulation: Simulation | None = None


@dataclass(frozen=True, slots=True)
class DocumentReport:
    path: str
    givens: tuple[GivenLine, ...] = ()
    symbols: tuple[SymbolLine, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    remarks: tuple[Remark, ...] = ()
    trust: Trust = field(default_factory=Trust)
    title: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    text: str = ""  # the user's file, for carets
    error: str = ""  # set when derive itself failed on this document: one sentence
    defects: tuple[Defect, ...] = ()  # the same at length


@dataclass(frozen=True, slots=True)
class Points:
    """One row of points of a figure, `y` over `x`; `error` (standard errors) is empty for a formula."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    error: tuple[float, ...] = ()
    group: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A derivation's sides as a parameter runs.  `kind`: 'gap' (left − right) or 'values' (both sides).

    `x` is the parameter's LaTeX, `legend` that of what tells the rows apart.
    """

    path: str
    kind: str
    x: str
    rows: tuple[Points, ...]
    legend: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    documents: tuple[DocumentReport, ...]

    @property
    def summary(self) -> dict[str, int]:
        steps = [s for d in self.documents for c in d.derivations for s in c.steps]
        return {"steps": len(steps)} | {v: sum(s.verdict == v for s in steps) for v in VERDICTS}

    @property
    def clean(self) -> bool:
        """True when nothing was found: exit status 0."""
        return not any(
            s.verdict in FINDINGS for d in self.documents for c in d.derivations for s in c.steps
        ) and not any(d.remarks for d in self.documents)
