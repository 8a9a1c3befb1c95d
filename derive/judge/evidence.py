"""What the witnesses said, as report data."""

from __future__ import annotations

from typing import Any

from derive.report import Counterexample, Exact, Simulation
from derive.witnesses.finite import Abstention, Agreement, Example, Refutation


def exact_of(outcome: Agreement | Refutation | Abstention) -> Exact:
    """The finite models' answer."""
    match outcome:
        case Agreement():
            return Exact(outcome.models, True, outcome.bound)
        case Refutation():
            return Exact(1, False)
        case Abstention():
            return Exact(0, None, "", outcome.reason)
    raise TypeError(f"unknown answer {outcome!r}")


def counterexample_of(outcome: Refutation) -> Counterexample:
    """The printed model of a refutation."""
    model = outcome.counterexample
    return Counterexample(
        dict(model.dimensions) | dict(model.indices),
        dict(model.constants),
        tuple((probability, dict(values)) for probability, values in model.outcomes),
        model.lhs,
        model.rhs,
        _summary(model),
    )


def _summary(model: Example) -> str:
    """One sentence: what the sides come to, and what the model leaves open."""
    sides = f"the left side is {_text(model.lhs)}, the right side is {_text(model.rhs)}"
    return f"{sides} ({model.note})" if model.note else sides


def _text(value: Any) -> str:
    """A value as it is read aloud: rows of a matrix in brackets."""
    return value if isinstance(value, str) else "[" + ", ".join(_text(v) for v in value) + "]"


def simulation_of(outcome: Any) -> Simulation | None:
    """The simulation's answer; None when it has nothing to say."""
    if not hasattr(outcome, "z"):
        return None
    return Simulation(
        outcome.samples,
        outcome.seed,
        outcome.agree,
        outcome.z,
        outcome.lhs,
        outcome.lhs_error,
        outcome.rhs,
        outcome.rhs_error,
        outcome.detectable,
        outcome.note,
        outcome.trace,
    )
