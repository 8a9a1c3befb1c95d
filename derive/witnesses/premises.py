"""Making equations without moments hold: by solving them for a symbol in which they are linear."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from derive.language.facts import Distributed, Equation
from derive.witnesses import linear
from derive.witnesses.analysis import symbol_names
from derive.witnesses.constraints import MomentEquation
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import Degenerate
from derive.witnesses.model import Env, Key, Model
from derive.witnesses.spaces import Rand

if TYPE_CHECKING:
    from derive.witnesses.build import Builder

SHAPED = frozenset(
    {
        "symmetric",
        "orthogonal",
        "diagonal",
        "positive definite",
        "positive semidefinite",
        "idempotent",
        "antisymmetric",
        "binary",
        "simplex",
    }
)


def settle_premises(builder: Builder, model: Model) -> None:
    """Solve each ground premise in turn; a premise that is linear in no free symbol is left to the final check."""
    for given, env in builder.layout.ground:
        if builder.analysis.known.has_moment_through(given.lhs, builder.analysis.definitions):
            continue
        if builder.analysis.known.has_moment_through(given.rhs, builder.analysis.definitions):
            continue
        _settle(builder, model, given, env)
        names = _names(builder, given)
        builder.settled |= {key for key in model.constants if key[0] in names}


def _names(builder: Builder, given: Equation) -> set[str]:
    """Names in the equation and in the definitions behind it."""
    names = symbol_names(given.lhs) | symbol_names(given.rhs)
    todo = list(names)
    while todo:
        for definition in builder.analysis.definitions.get(todo.pop(), ()):
            new = symbol_names(definition.rhs) - names
            names |= new
            todo += new
    return names


def _settle(builder: Builder, model: Model, given: Equation, env: Env) -> None:
    constraint = MomentEquation(given, env)
    if all(model.space.is_zero(x) for x in constraint.residual(Evaluator(model))):
        return
    names = _names(builder, given)
    for key in _candidates(builder, model, names):
        saved = model.constants[key]
        if _solve_constant(model, constraint, key):
            return
        model.constants[key] = saved
        model.cache.clear()
    for key in list(model.variables):
        if key[0] in names and _is_free(builder, key) and _solve_variable(model, constraint, key):
            return


def _candidates(builder: Builder, model: Model, names: set[str]) -> list[Key]:
    found = [k for k in model.constants if k[0] in names and k not in builder.settled]
    return [k for k in found if not builder.analysis.traits.get(k[0], set()) & SHAPED]


def _is_free(builder: Builder, key: Key) -> bool:
    """Whether the table of a variable may be changed: it has no declared distribution and no twin."""
    if any(g.symbol.name == key[0] for g in builder.analysis.of(Distributed)):
        return False
    if builder.analysis.traits.get(key[0], set()) & SHAPED:
        return False
    return not any(u[:2] == key for units in builder.dependence.identical for u in units)


def _response(model: Model, constraint: MomentEquation, store: dict[Key, Any], key: Key, value: Any) -> list[Any]:
    store[key] = value
    model.cache.clear()
    return constraint.residual(Evaluator(model))


def _units(matrix: list[list[Any]], model: Model) -> list[tuple[int, int, list[list[Any]]]]:
    zero, one = model.field.of(0), model.field.of(1)
    places = list(product(range(len(matrix)), range(len(matrix[0]))))
    return [
        (i, j, [[one if (a, b) == (i, j) else zero for b in range(len(matrix[0]))] for a in range(len(matrix))])
        for i, j in places
    ]


def _affine(model: Model, constraint: MomentEquation, store: dict[Key, Any], key: Key) -> Any:
    """Residual at zero and its steps along the components of a symbol, None when it is not affine in the symbol."""
    space, matrix = model.space, store[key]
    zero = [[model.field.of(0)] * len(matrix[0]) for _ in matrix]
    try:
        base = _response(model, constraint, store, key, zero)
        steps = []
        for _, _, unit in _units(matrix, model):
            moved = _response(model, constraint, store, key, unit)
            steps.append([space.add(y, space.negate(x)) for x, y in zip(base, moved, strict=False)])
        test = [[model.field.draw(model.rng) for _ in row] for row in matrix]
        seen = _response(model, constraint, store, key, test)
    except Degenerate:
        return None
    flat = [x for row in test for x in row]
    for k, value in enumerate(seen):
        expected = base[k]
        for step, x in zip(steps, flat, strict=False):
            expected = space.add(expected, space.mul(step[k], x))
        if not space.is_zero(space.add(value, space.negate(expected))):
            return None
    return base, steps


def _solve_constant(model: Model, constraint: MomentEquation, key: Key) -> bool:
    found = _affine(model, constraint, model.constants, key)
    if found is None:
        return False
    base, steps = found
    space = model.space
    axes = space.union([*base, *(x for step in steps for x in step)])
    rows = []
    for k, x in enumerate(base):
        columns = [space.over(step[k], axes) for step in steps]
        rows += [[*row, -b] for *row, b in zip(*columns, space.over(x, axes), strict=False)]
    if not any(any(row[:-1]) for row in rows):
        return False
    try:
        solution = linear.random_solution(rows, len(steps), model.field, model.rng)
    except Degenerate:
        return False
    width = len(model.constants[key][0])
    value = [solution[i : i + width] for i in range(0, len(solution), width)]
    return not any(model.space.is_zero(x) is False for x in _response(model, constraint, model.constants, key, value))


def _solve_variable(model: Model, constraint: MomentEquation, key: Key) -> bool:
    """Change the table of a random variable, outcome by outcome."""
    saved = model.variables[key]
    axes = model.space.union([x for row in saved for x in row])
    found = _affine(model, constraint, model.variables, key)
    solved = _outcomes(model, found, axes, saved) if found is not None else None
    if solved is not None and all(
        model.space.is_zero(x) for x in _response(model, constraint, model.variables, key, solved)
    ):
        return True
    model.variables[key] = saved
    model.cache.clear()
    return False


def _outcomes(model: Model, found: Any, axes: tuple[int, ...], saved: list[list[Any]]) -> list[list[Any]] | None:
    base, steps = found
    space = model.space
    if not set(space.union([*base, *(x for step in steps for x in step)])) <= set(axes):
        return None
    size, width = space.size(axes), len(saved[0])
    left = [[space.over(step[k], axes) for step in steps] for k in range(len(base))]
    right = [space.over(x, axes) for x in base]
    solutions = []
    for outcome in range(size):
        rows = [[*(column[outcome] for column in row), -b[outcome]] for row, b in zip(left, right, strict=False)]
        try:
            solutions.append(linear.random_solution(rows, len(steps), model.field, model.rng))
        except Degenerate:
            return None
    return [[Rand(axes, [s[i * width + j] for s in solutions]) for j in range(width)] for i in range(len(saved))]
