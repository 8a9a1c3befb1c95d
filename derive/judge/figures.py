r"""The figure that a document asks for in its head, simulated value by value.

    figure: gap over \alpha = 0.1, 0.5, 1
    figure: values over n = 1, 2, 5, 10 for c = 0, 1/2, 1 with v = 1

`gap` is the left side minus the right side of the first derivation, from its first expression to its last; `values` are
both sides, the left one simulated and the right one as a formula.  Each value is added to what is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from derive.judge.reading import read
from derive.language.elaborate import elaborate
from derive.language.facts import Claim
from derive.report import DocumentReport, Figure, Points
from derive.witnesses.simulate import Abstention, SimulationResult, simulate

SPEC = re.compile(
    r"(?P<kind>gap|values) over (?P<x>\S+) = (?P<values>.+?)"
    r"(?: for (?P<family>\S+) = (?P<members>.+?))?(?: with (?P<fixed>.+))?"
)
MOST_POINTS = 200
MOST_SMOOTH = 40  # points of a formula's line
FEW_SAMPLES = 1000  # a formula needs none


class BadFigure(ValueError):
    """The head of a document asks for a figure that cannot be made; the message is for the user."""


@dataclass(frozen=True)
class Request:
    """What to draw: the parameter and its values, the parameter of the family and its values, other givens."""

    kind: str
    x: str
    values: tuple[str, ...]
    family: str = ""
    members: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()


def parse(text: str) -> Request:
    r"""The request in a `figure:` line.

    >>> parse("values over n = 1, 2 for c = 0, 1/2 with v = 1").members
    ('0', '1/2')
    """
    match = SPEC.fullmatch(text.strip())
    if match is None:
        raise BadFigure(f"this figure was not understood: {text!r}; write `gap over \\alpha = 0.1, 0.5, 1`")
    request = Request(
        match["kind"],
        match["x"],
        _items(match["values"]),
        match["family"] or "",
        _items(match["members"] or ""),
        _items(match["fixed"] or ""),
    )
    for value in request.values + request.members:
        if not re.fullmatch(r"-?\d+(\.\d+|/[1-9]\d*)?", value):
            raise BadFigure(f"a figure needs numbers, not {value!r}")
    if len(request.values) * max(1, len(request.members)) > MOST_POINTS:
        raise BadFigure(f"a figure has at most {MOST_POINTS} points")
    return request


def _items(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def figure_of(document: DocumentReport, *, samples: int = 100_000, seed: int = 0) -> Figure | None:
    """The figure that the document asks for, None when it asks for none.

    Raises `BadFigure` when the request cannot be read, or the simulation has nothing to say about most of its points;
    a point that is left out is named in the figure's notes.
    """
    asked = document.metadata.get("figure", "")
    if not asked:
        return None
    request = parse(asked)
    rows: list[Points] = []
    notes: list[str] = []
    for group, member in enumerate(request.members or ("",)):
        givens = request.fixed + ((f"{request.family} = {member}",) if member else ())
        points: dict[str, SimulationResult] = {}
        for value in request.values:
            outcome = _point(document, (*givens, f"{request.x} = {value}"), samples, seed)
            if isinstance(outcome, Abstention):
                notes.append(f"the figure leaves out {request.x} = {value}: {outcome.reason}")
            else:
                points[value] = outcome
        if len(points) < 2:
            raise BadFigure(notes[-1])
        rows += _rows(request, member, points, group)
        if request.kind == "values":
            rows[-2] = _smooth(document, request, givens, rows[-2], seed)
    return Figure(document.path, request.kind, request.x, tuple(rows), request.family, tuple(dict.fromkeys(notes)))


def _rows(request: Request, member: str, points: dict[str, SimulationResult], group: int) -> list[Points]:
    x, found = tuple(float(Fraction(v)) for v in points), points.values()
    if request.kind == "gap":
        gaps, errors = tuple(p.difference for p in found), tuple(p.difference_error for p in found)
        return [Points(member, x, gaps, errors, group)]
    formula = Points(member, x, tuple(p.rhs for p in found), (), group)
    simulated = Points("", x, tuple(p.lhs for p in found), tuple(p.lhs_error for p in found), group)
    return [formula, simulated]


def _smooth(document: DocumentReport, request: Request, givens: tuple[str, ...], row: Points, seed: int) -> Points:
    """A formula's line with more points than were simulated; the line as it is where that is no formula of `x` alone."""
    low, high = int(min(row.x)), int(max(row.x))
    if not all(x.is_integer() for x in row.x) or not len(row.x) < high - low + 1 <= MOST_SMOOTH:
        return row
    x = tuple(float(n) for n in range(low, high + 1))
    found = [_point(document, (*givens, f"{request.x} = {n}"), FEW_SAMPLES, seed) for n in range(low, high + 1)]
    y = tuple(p.rhs for p in found if isinstance(p, SimulationResult))
    if len(y) < len(x) or any(abs(y[x.index(at)] - value) > 1e-9 for at, value in zip(row.x, row.y, strict=True)):
        return row
    return Points(row.label, x, y, (), row.group)


def _point(document: DocumentReport, givens: tuple[str, ...], samples: int, seed: int) -> SimulationResult | Abstention:
    elaborated = elaborate(read(document.text, document.path, givens))
    steps = elaborated.chains[0].steps if elaborated.chains else ()
    if not steps or steps[0].claim is None or steps[-1].claim is None:
        raise BadFigure("the figure needs a derivation that could be read")
    first, last = steps[0].claim, steps[-1].claim
    return simulate(Claim(first.lhs, last.rhs, last.facts, last.distinct), samples=samples, seed=seed)
