"""The Monte-Carlo witness: both sides of a claim on the same draws, and whether their difference is noise.

Draws come in blocks, blocks in groups.  Each group gives one estimate of either side; the spread between groups gives
the standard errors, whatever smooth function of means the sides are.  Such functions are biased in small samples: the
estimate of a whole block and the mean over its groups together cancel the bias of first order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from derive.language import facts as f
from derive.witnesses.arrays import (
    GROUP,
    SAMPLE,
    Abstain,
    Axis,
    Labelled,
    align,
    arrange,
    contract,
    mean_in_groups,
    ordered,
    quoted,
)
from derive.witnesses.parameters import moved_constant, moved_law
from derive.witnesses.sampling import Model, build
from derive.witnesses.sim_context import Context, Note, Watch, has_expectation, is_affine, take_notes
from derive.witnesses.sim_evaluate import evaluate
from derive.witnesses.sim_moments import distinct_mask
from derive.witnesses.sim_statistics import ALPHA, Running, checkpoints, holm, normal_score, tail, threshold

MEMORY = 50_000_000  # bytes for the draws and values of a block
BLOCK = 65_536
EXACT = 20_000
MOST_SAMPLES = 10**9
ATTEMPTS = 6
ROUNDING = 1e-10
TracePoint = tuple[int, float, float, float, float, float, float]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Abstention:
    """The simulation has nothing to say, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """Estimates of both sides, for the component in which they differ most.

    `z`: the difference in standard errors, as a normal score.  `probability`: of a difference as large in some
    component if the sides are equal.  `detectable`: the smallest difference that would have raised the alarm.
    `trace`: (samples, lhs, its error, rhs, its error, difference, its error) as the samples grew.
    """

    samples: int
    seed: int
    agree: bool
    z: float
    lhs: float
    lhs_error: float
    rhs: float
    rhs_error: float
    detectable: float
    note: str = ""
    trace: tuple[TracePoint, ...] = field(default=(), repr=False)
    difference: float = 0.0
    difference_error: float = 0.0
    components: int = 1
    probability: float = 1.0
    dims: tuple[tuple[str, int], ...] = ()


def simulate(
    claim: f.Claim,
    *,
    samples: int = 100_000,
    seed: int = 0,
    precision: float | None = None,
    progress: Progress | None = None,
) -> SimulationResult | Abstention:
    """Test one claim.  An alarm at 1e-9 counts when it comes again with new draws, ten times as many.

    `precision`: stop when the standard errors of both sides and of the difference are below it.  `progress(done, total)` is called after
    each block.  Equal arguments give equal answers.
    """
    return simulate_many([claim], samples=samples, seed=seed, precision=precision, progress=progress)[0]


def simulate_many(
    claims: Sequence[f.Claim],
    *,
    samples: int = 100_000,
    seed: int = 0,
    precision: float | None = None,
    progress: Progress | None = None,
) -> list[SimulationResult | Abstention]:
    """Test the claims of a document, at the family-wise level 1e-9 by Holm's method."""
    if samples < 100:
        raise ValueError("a simulation needs at least 100 samples")
    with np.errstate(all="ignore"):  # what is not finite is looked for
        trials = [_prepared(claim, seed) for claim in claims]
        results = [_run(trial, samples, seed, 0, precision, progress) for trial in trials]
        for k in _alarms(results):
            again = min(10 * samples, max(samples, MOST_SAMPLES))
            results[k] = _run(trials[k], again, seed, 1, None, progress)
    alarms = set(_alarms(results))
    return [_judged(r, k in alarms) for k, r in enumerate(results)]


def _alarms(results: Sequence[SimulationResult | Abstention]) -> list[int]:
    tested = [k for k, r in enumerate(results) if isinstance(r, SimulationResult)]
    rejected = holm([results[k].probability for k in tested], ALPHA)
    return [k for k, bad in zip(tested, rejected, strict=True) if bad]


def _judged(result: SimulationResult | Abstention, alarm: bool) -> SimulationResult | Abstention:
    if isinstance(result, Abstention):
        return result
    if alarm and "heavy tails" in result.note:
        return Abstention("the difference has such heavy tails that its error cannot be estimated")
    return replace(result, agree=not alarm)


# ---------------------------------------------------------------------------------------------
# One claim


@dataclass(slots=True)
class Trial:
    """A claim with its model, and what a first look at a few draws has shown."""

    model: Model
    kind: (
        str  # 'exact': equal on every draw or constant; 'affine': averages over draws; 'smooth': functions of averages
    )
    notes: dict[int, Note]
    magnitude: float
    entries: int  # numbers per draw of the largest array on the way
    fixed: dict = field(default_factory=dict)  # values of what is not random


def _prepared(claim: f.Claim, seed: int) -> Trial | Abstention:
    """Find a model in which both sides are finite; other dimensions and constants are tried where they are not."""
    if moved_constant(claim):
        return Abstention("a derivative of a constant that a premise makes depend on the variable")
    if moved_law(claim):
        return Abstention("a derivative with respect to a parameter of the distribution")
    reason = ""
    for attempt in range(ATTEMPTS):
        try:
            model = build(claim, seed, attempt)
            trial = _look(model, seed)
            _verify(trial, seed)
            return trial
        except Abstain as abstention:
            reason = reason or str(abstention)
        except RecursionError:
            return Abstention("the expression is nested too deeply")
        except MemoryError:
            return Abstention("the arrays would be too large")
    return Abstention(reason)


def _look(model: Model, seed: int) -> Trial:
    """Evaluate both sides on a few draws, to see sizes and magnitudes."""
    sides = (model.lhs, model.rhs)
    averaged = "affine" if all(is_affine(s) for s in sides) else "smooth"
    kind = averaged if any(has_expectation(s) for s in sides) else "exact"
    trial = Trial(model, kind, take_notes(sides, model.rows), 1.0, 1)
    watch = Watch()
    samples = 1024
    symbols = model.draw(np.random.default_rng([seed, 7]), samples)
    lhs, rhs = _sides(trial, symbols, samples, 1, watch=watch)
    if not (np.all(np.isfinite(lhs)) and np.all(np.isfinite(rhs))):
        raise Abstain("a side is not finite on some draws")
    trial.magnitude = max(watch.magnitude, 1e-300)
    trial.entries = max(1, watch.entries // samples)
    return trial


def _sides(
    trial: Trial, symbols, samples: int, groups: int, means=None, watch: Watch | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Both sides as (groups, components); with `means`, those of the pass over groups are used for the whole block."""
    model = trial.model
    ctx = Context(model.dims, symbols, model.unknown, groups, trial.notes, fixed=trial.fixed, watch=watch)
    if means is not None and groups == 1:
        ctx.means, ctx.coarse = means, True
    lhs, rhs = evaluate(model.lhs, ctx, model.free), evaluate(model.rhs, ctx, model.free)
    if means is not None and groups != 1:
        means.update(ctx.means)
    lhs, rhs = _tested(lhs, rhs, trial.kind, samples, groups)
    axes = ordered(a for v in (lhs, rhs) for a in v.axes if a != GROUP)
    sizes = {a: v.size(a) for v in (lhs, rhs) for a in v.axes}
    shape = tuple(sizes[a] for a in axes)
    keep = np.broadcast_to(arrange(_mask(trial, ctx, axes), axes), shape).ravel()
    if not keep.any():
        raise Abstain("the indices have no values that differ")

    def flat(value: Labelled) -> np.ndarray:
        full = np.broadcast_to(arrange(value, (GROUP, *axes)), (groups, *shape))
        return full.reshape(groups, -1)[:, keep]

    return flat(lhs), flat(rhs)


def _mask(trial: Trial, ctx: Context, axes: tuple) -> Labelled:
    mask = distinct_mask(trial.model.distinct, ctx, trial.model.free)
    return mask if set(mask.axes) <= set(axes) else Labelled(np.ones((), dtype=bool))


def _tested(lhs: Labelled, rhs: Labelled, kind: str, samples: int, groups: int) -> tuple[Labelled, Labelled]:
    """Where a side is itself random, group means of it are compared, also weighted by bounded functions of it."""
    if not (lhs.has(SAMPLE) or rhs.has(SAMPLE)):
        return lhs, rhs
    if kind == "exact":
        axes, (a, b) = align(lhs, rhs)
        worst = Labelled(np.abs(a - b), axes)
        return _largest(worst, groups), Labelled(np.zeros(()))
    drawn = rhs if rhs.has(SAMPLE) else lhs
    waves = [Labelled(np.sin(w * drawn.data + w), drawn.axes) for w in (0.0, 1.0, 2.3)]
    functions = [Labelled(np.ones_like(drawn.data), drawn.axes), *waves[1:]]
    stacked = Labelled(np.stack([w.data for w in functions], axis=-1), (*drawn.axes, Axis("test", 1, 3)))
    return tuple(mean_in_groups(contract([side, stacked]), groups) for side in (lhs, rhs))  # type: ignore[return-value]


def _largest(value: Labelled, groups: int) -> Labelled:
    data = np.moveaxis(value.data, value.axes.index(SAMPLE), 0)
    rest = tuple(a for a in value.axes if a != SAMPLE)
    return Labelled(data.reshape(groups, data.shape[0] // groups, *data.shape[1:]).max(axis=1), (GROUP, *rest))


def _verify(trial: Trial, seed: int) -> None:
    """Givens that the model was not built for must hold in it."""
    model = trial.model
    for given, lhs, rhs in model.unverified:
        checked = _look(model.about(given, lhs, rhs), seed)
        result = _run(checked, 40_000, seed, 2, None, None)
        if isinstance(result, Abstention) or result.probability < 1e-6:
            raise Abstain(f"no model was found that satisfies {quoted(given.source)}")


# ---------------------------------------------------------------------------------------------
# Many draws


@dataclass(frozen=True, slots=True)
class Plan:
    """`groups` in all, of `size` draws, `block` of them at a time."""

    groups: int
    size: int
    block: int


def _plan(trial: Trial, samples: int) -> Plan:
    smooth = trial.kind == "smooth"
    if trial.kind == "exact":
        samples = min(samples, EXACT)  # the sides agree on every draw or they do not
    size = min(2048, max(32, samples // 64)) if smooth else min(128, max(4, samples // 256))
    size += -size % 4
    groups = max(2, -(-samples // size))
    numbers = trial.model.numbers * 2 + trial.entries * 4
    draws = min(max(BLOCK, 16 * size if smooth else 0), max(2 * size, MEMORY // (8 * max(numbers, 1))))
    return Plan(groups, size, max(2, min(groups, draws // size)))


def _run(
    trial: Trial | Abstention, samples: int, seed: int, stage: int, precision: float | None, progress: Progress | None
) -> SimulationResult | Abstention:
    if isinstance(trial, Abstention):
        return trial
    try:
        if not trial.model.rows:
            return _constant(trial, seed)
        return _estimate(trial, _plan(trial, samples), seed, stage, precision, progress)
    except Abstain as abstention:
        return Abstention(str(abstention))


def _constant(trial: Trial, seed: int) -> SimulationResult:
    """Nothing is random: the sides are numbers."""
    lhs, rhs = _sides(trial, trial.model.constants, 1, 1)
    running = [Running(), Running(), Running()]
    for total, values in zip(running, (lhs, rhs, lhs - rhs), strict=True):
        total.add(np.repeat(values, 2, axis=0))
    return _result(trial, running, 1, seed, [])


def _estimate(
    trial: Trial, plan: Plan, seed: int, stage: int, precision: float | None, progress: Progress | None
) -> SimulationResult:
    running = [Running(), Running(), Running()]
    trace: list[tuple[np.ndarray, list[np.ndarray]]] = []
    done = 0
    due = checkpoints(plan.groups)
    for number in range(10**9):
        groups = min(plan.block, plan.groups - done)
        if plan.groups - done - groups == 1:
            groups += 1
        draws = trial.model.draw(np.random.default_rng([seed, stage, number]), groups * plan.size)
        sides = _batches(trial, draws, groups, plan.size)
        _record(trace, running, sides, done, plan, due)
        for total, values in zip(running, sides, strict=True):
            total.add(values)
        done += groups
        if progress is not None:
            progress(done * plan.size, plan.groups * plan.size)
        if done >= plan.groups or _precise(running, done, precision):
            break
    return _result(trial, running, done * plan.size, seed, trace)


def _precise(running: list[Running], groups: int, precision: float | None) -> bool:
    """Whether the standard errors of both sides, and of the difference, are small enough."""
    return precision is not None and groups >= 32 and all(bool(np.all(r.error <= precision)) for r in running)


def _batches(trial: Trial, draws, groups: int, size: int) -> list[np.ndarray]:
    """Estimates of lhs, rhs and difference from each group, shifted so that their mean has no bias of first order."""
    means: dict = {}
    lhs, rhs = _sides(trial, draws, groups * size, groups, means)
    if not (np.all(np.isfinite(lhs)) and np.all(np.isfinite(rhs))):
        raise Abstain("a side is not finite on some draws")
    sides = [lhs, rhs, lhs - rhs]
    if trial.kind != "smooth" or groups < 2:
        return sides
    whole = _sides(trial, draws, groups * size, 1, means)
    result = []
    for values, block in zip(sides, (*whole, whole[0] - whole[1]), strict=True):
        mean = values.mean(axis=0)
        result.append(values + (groups * block[0] - mean) / (groups - 1) - mean)
    return result


def _record(trace: list, running: list[Running], sides: list[np.ndarray], done: int, plan: Plan, due: list) -> None:
    """Running means inside this block, at the points that are due."""
    at = np.array([k - done for k in due if done < k <= done + sides[0].shape[0]], dtype=int)
    if not at.size or sides[0].shape[1] > 64:
        return
    columns = []
    for total, values in zip(running, sides, strict=True):
        before = total.mean if total.count else np.zeros(values.shape[1])
        sums = np.cumsum(values - before, axis=0)[at - 1]
        squares = np.cumsum(np.square(values - before), axis=0)[at - 1] + (total.squares if total.count else 0.0)
        count = (done + at)[:, None]
        mean = before + sums / count
        variance = np.maximum(squares - np.square(sums) / count, 0.0) / np.maximum(count - 1, 1)
        columns += [mean, np.sqrt(variance / count)]
    trace.append(((done + at) * plan.size, columns))


def _result(trial: Trial, running: list[Running], samples: int, seed: int, trace: list) -> SimulationResult:
    lhs, rhs, difference = running
    floor = ROUNDING * trial.magnitude
    error = np.sqrt(np.square(difference.error) + floor**2)
    scores = np.array([normal_score(float(x), difference.count - 1) for x in difference.mean / error])
    if trial.kind == "exact" or not trial.model.rows:
        scores = np.where(np.abs(difference.mean) > 10 * floor, np.inf, 0.0)
        error = np.full_like(error, floor)
    k = int(np.argmax(np.abs(scores)))
    components = scores.size
    probability = min(1.0, components * tail(float(scores[k])))
    needed = threshold(ALPHA / components)
    note = "; ".join(dict.fromkeys(trial.model.notes))
    if trial.kind != "exact" and difference.dominance[k] > 0.3 and difference.count > 20:
        note = "; ".join(filter(None, [note, "heavy tails"]))
    return SimulationResult(
        samples=samples, seed=seed, agree=probability > ALPHA, z=float(scores[k]),
        lhs=float(lhs.mean[k]), lhs_error=float(lhs.error[k]), rhs=float(rhs.mean[k]), rhs_error=float(rhs.error[k]),
        detectable=float(needed * np.max(error)), note=note,
        trace=_points(trace, k),
        difference=float(difference.mean[k]), difference_error=float(error[k]), components=components,
        probability=probability, dims=tuple(sorted(trial.model.dims.items())),
    )  # fmt: skip


def _points(trace: list[tuple[np.ndarray, list[np.ndarray]]], component: int) -> tuple[TracePoint, ...]:
    rows: list[TracePoint] = []
    for samples, columns in trace:
        rows += zip(samples.tolist(), *(c[:, component].tolist() for c in columns), strict=True)
    return tuple(rows)
