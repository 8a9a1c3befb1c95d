"""The counterexample that people read: the smallest model in fractions that shows the difference.

Small models are drawn directly, dimensions and outcomes growing, rather than shrinking a large one; what is found
is handed to the separate checker in `verify` before it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from derive.language.facts import Comparison, Distributed, Property
from derive.language.latex import symbol_latex
from derive.language.terms import Index, Symbol, walk
from derive.witnesses.analysis import UNBOUNDED, connected, terms_of
from derive.witnesses.build import Builder
from derive.witnesses.checker import Concrete, Member
from derive.witnesses.constraints import matched_degree
from derive.witnesses.distributions import CONTINUOUS
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import Degenerate, Misfit, RationalField, TooLarge, Unmodelled
from derive.witnesses.layout import comparisons_hold, free_indices
from derive.witnesses.model import Model
from derive.witnesses.verify import holds

if TYPE_CHECKING:
    from derive.witnesses.finite import Examination, Example

DRAWS = 5  # in a row for one choice of dimensions
ENOUGH = 3  # verified counterexamples among which the simplest is taken
MOST_OUTCOMES = 400

Found = tuple[int, "Example"]


def search(examination: Examination, rounds: int) -> tuple[Example | None, int]:
    """The simplest of the first verified counterexamples that are found in time.

    The number is that of the models that satisfy the givens and in which the sides are equal.
    """
    found: list[Found] = []
    drawers = [_Drawer(examination, dims) for dims in small_dimensions(examination)]
    start = None
    while (drawer := _next(drawers, rounds)) is not None:
        for _ in range(DRAWS):
            found += drawer.draw()
            if len(found) >= ENOUGH or examination.late():
                return _simplest(found), sum(d.equal for d in drawers)
        if found:
            return _simplest(found), 0
        drawer.rounds += 1
        if start is None:
            start = drawer.work
            for other in drawers:  # larger models come later: they cost more than they add
                other.work += 2 * start * (sum(other.dims.values()) - sum(drawer.dims.values()))
    return None, sum(d.equal for d in drawers)


def _next(drawers: list[_Drawer], rounds: int) -> _Drawer | None:
    """The one that has had the least work so far, the smallest first: small models get most of the draws."""
    waiting = [d for d in drawers if not d.hopeless and d.rounds < rounds]
    return min(waiting, key=lambda d: d.work, default=None)


def _simplest(found: list[Found]) -> Example | None:
    return min(found, key=lambda f: f[0])[1] if found else None


def small_dimensions(examination: Examination) -> Iterator[dict[str, int]]:
    """Dimensions that satisfy the comparisons, small ones first."""
    names = examination.names
    top = 4 if len(names) <= 3 else 3
    choices = sorted(product(range(1, top + 1), repeat=len(names)), key=lambda c: (sum(c), max(c, default=0)))
    for values in choices[:60]:
        dims = dict(zip(names, values, strict=False))
        if comparisons_hold(examination.analysis, dims) and examination.tall(dims):
            yield dims


class _Drawer:
    """Draws small models in given dimensions."""

    def __init__(self, examination: Examination, dims: dict[str, int]):
        self.examination = examination
        self.dims = dims
        self.plans: dict[int, Any] = {}
        self.failures = 0
        self.hopeless = False
        self.equal = 0
        self.rounds = 0
        self.work = 0  # a measure that does not depend on the machine

    def draw(self) -> list[Found]:
        """Draw one model; what it refutes, if anything."""
        round_ = self.rounds
        self.work += 1
        if self.hopeless:
            return []
        from derive.witnesses.finite import difference

        base = 2 + round_ % 3 // 2
        try:
            if round_ not in self.plans:
                field = RationalField(self.examination.pool(round_))
                self.plans[round_] = self.examination.prepared(self.dims, field, base, only=round_)
            builder, plan = self.plans[round_]
            builder.breadth = round_
            self.work += prod(plan.sizes) + sum(plan.sizes) ** 2
            model = builder.build(plan)
            differs = False
            for env in builder.layout.choices:
                sides = difference(self.examination.claim, model, env)
                if sides is None:
                    continue
                differs = True  # even where the model turns out to miss a given it does not speak for the claim
                found = _example(self.examination, builder, model, env, sides)
                if found is not None:
                    return [found]
            self.equal += not differs and not builder.violated(model)
        except Misfit:
            self.hopeless = True
        except Degenerate:
            pass
        except (TooLarge, Unmodelled):
            self.failures += 1
            self.hopeless = self.failures > 2
        return []


def _example(examination: Examination, builder: Builder, model: Model, env: dict[str, int], sides: Any) -> Found | None:
    concrete = concrete_of(examination, builder, model)
    if concrete is None or not holds(concrete, examination.claim, examination.analysis.givens, env):
        return None
    example = described(examination, builder, model, concrete, env, sides)
    return _cost(example), example


def concrete_of(examination: Examination, builder: Builder, model: Model) -> Concrete | None:
    """The model as a plain list of outcomes, for the separate checker; None when it is too large."""
    _draw_the_rest(builder, model)
    space = model.space
    axes = space.union([x for m in model.variables.values() for row in m for x in row])
    if space.size(axes) > MOST_OUTCOMES:
        return None
    outcomes: list[tuple[Any, dict[Any, Any]]] = []
    spread = {key: [[space.over(x, axes) for x in row] for row in m] for key, m in model.variables.items()}
    for k, weight in enumerate(space.weights(axes)):
        values = {key: [[x[k] for x in row] for row in m] for key, m in spread.items()}
        same = next((o for o, (_, other) in enumerate(outcomes) if other == values), None)
        if same is not None:
            outcomes[same] = (outcomes[same][0] + weight, values)
        elif weight:
            outcomes.append((weight, values))
    for key in list(model.constants):
        model.constants[key] = [[Fraction(x) for x in row] for row in model.constants[key]]
    matched = {}
    for given in examination.analysis.of(Distributed):
        if given.family in CONTINUOUS or given.family == "MatrixNormal":
            if examination.analysis.degree(given.symbol.name) >= UNBOUNDED:
                return None
            matched[given.symbol.name] = matched_degree(examination.analysis, given)
    return Concrete(
        model.facts, dict(model.dims), dict(model.constants), outcomes, dict(model.tables), matched, model.definitions
    )


def _draw_the_rest(builder: Builder, model: Model) -> None:
    """Give values to the constants that only occur in properties, comparisons, or equations that hold whatever they are."""
    evaluator = Evaluator(model)
    for given in builder.analysis.givens:
        if isinstance(given, Property | Comparison):
            for term in terms_of(given):
                if not free_indices(term) - set(model.dims):
                    evaluator.rows(term, {})
    sides = [side for g in builder.analysis.equations for side in (g.lhs, g.rhs)]
    for symbol in dict.fromkeys(s for side in sides for s in walk(side) if isinstance(s, Symbol) and not s.indices):
        if symbol.name in model.zeros:
            evaluator.rows(symbol, {})


def described(
    examination: Examination,
    builder: Builder,
    model: Model,
    concrete: Concrete,
    env: dict[str, int],
    sides: tuple[Any, Any],
) -> Example:
    from derive.witnesses.finite import Example

    outcomes = _outcomes(concrete, connected(examination.claim)[1])
    constants = {member_name(key): shown(m) for key, m in sorted(model.constants.items()) if key in concrete.used}
    for key, matrix in model.tables.items():
        name, *rest = key
        if name != "\\in" and key in concrete.used:
            constants[function_name(name, rest)] = shown(matrix)
    notes = [
        f"{name}: the declared distribution's moments up to order {degree}, more are not used"
        for name, degree in concrete.matched.items()
    ]
    dims = {n: v for n, v in model.dims.items() if n in examination.names}
    left, right = (_at_difference(model, sides, k) for k in (0, 1))
    return Example(dims, constants, outcomes, shown(left), shown(right), "; ".join(notes), dict(env))


def _outcomes(concrete: Concrete, names: set[str]) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The outcomes of the variables that matter, those that look alike taken together."""
    merged: list[tuple[Any, dict[str, Any]]] = []
    for weight, values in concrete.outcomes:
        seen = {member_name(key): shown(m) for key, m in sorted(values.items()) if key[0] in names}
        same = next((k for k, (_, other) in enumerate(merged) if other == seen), None)
        if same is None:
            merged.append((weight, seen))
        else:
            merged[same] = (merged[same][0] + weight, seen)
    return tuple((str(weight), seen) for weight, seen in merged)


def _at_difference(model: Model, sides: tuple[Any, Any], which: int) -> list[list[Any]]:
    """A side's value; of a random side, at the first outcome where the two differ."""
    space = model.space
    entries = [x for side in sides for row in side for x in row]
    axes = space.union(entries)
    if not axes:
        return sides[which]
    weights = space.weights(axes)
    for k in range(space.size(axes)):
        here = [[[space.over(x, axes)[k] for x in row] for row in side] for side in sides]
        if weights[k] and here[0] != here[1]:
            return here[which]
    return sides[which]


def member_name(key: Member) -> str:
    """LaTeX of a member: `x_2`, `w_{1,3}`."""
    name, indices = key
    return symbol_latex(name, tuple(Index(None, k) for k in indices))


def function_name(name: str, rest: list[Any]) -> str:
    indices, order, *arguments = rest
    return f"{member_name((name, indices))}{chr(39) * order}({', '.join(str(a) for a in arguments)})"


def shown(matrix: list[list[Any]]) -> Any:
    """A 1 by 1 matrix as a string, others as rows of strings."""
    rows = [[str(Fraction(x)) for x in row] for row in matrix]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def _cost(example: Example) -> int:
    """What makes a counterexample hard to follow by hand: outcomes, and digits."""
    text = str(example.constants) + str(example.outcomes) + str(example.lhs) + str(example.rhs)
    return 20 * len(example.outcomes) + len(text) + 5 * text.count("/") + 3 * text.count("-")
