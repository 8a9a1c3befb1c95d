"""The simulation over all steps of a document, so that the error bound holds for the document as a whole."""

from __future__ import annotations

from collections.abc import Callable

from derive.judge.steps import Found, contradicted


def simulate_all(
    found: list[Found],
    samples: int,
    seed: int,
    precision: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Fills in the simulation of every judged step; a proved step that it refutes becomes a defect.

    `precision`: a step is done when its standard errors are below it.  `progress(done, total)` counts the draws of a step.
    """
    from derive.judge.evidence import simulation_of
    from derive.witnesses.simulate import simulate_many

    judged = [f for f in found if f.judgement is not None and f.step.claim is not None]
    claims = [f.step.claim for f in judged]
    outcomes = simulate_many(claims, samples=samples, seed=seed, precision=precision, progress=progress)
    for one, outcome in zip(judged, outcomes, strict=True):
        one.simulation = simulation_of(outcome)
        refuted = one.simulation is not None and not one.simulation.agree
        if refuted and one.judgement is not None and one.judgement.verdict == "proved":
            contradicted(one)
