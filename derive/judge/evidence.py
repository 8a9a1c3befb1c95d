"""What the witnesses said, as report data."""

from __future__ import annotations

from typing import Any

from derive.language.facts import Claim
from derive.report import Counterexample, Exact, Simulation
from derive.witnesses.finite import Abstention, Agreement, Refutation


def exact_of(outcome: Agreement | Refutation | Abstention) -> Exact:
    """The finite models' answer."""
    match outcome:
        case Agreement():
            return Exact(outcome.models, True, outcome.bound)
        case Refutation():
            return Exact(outcome.models, False)
        case Abstention():
            return Exact(0, False, "", outcome.reason)
    raise TypeError(f"unknown answer {outcome!r}")


def counterexample_of(outcome: Refutation, claim: Claim) -> Counterexample:
    """The printed model of a refutation."""
    model: Any = outcome
    return Counterexample(
        dict(model.dimensions), dict(model.constants), tuple(model.outcomes), model.lhs, model.rhs, model.summary
    )


def simulation_of(outcome: Any) -> Simulation:
    """The simulation's answer."""
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
    )
