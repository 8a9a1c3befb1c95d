"""Making equations without moments hold: by solving them for a symbol in which they are linear."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from derive.language import terms as t
from derive.language.facts import Distributed, Equation
from derive.witnesses import linear
from derive.witnesses.analysis import symbol_names
from derive.witnesses.constants import REGULAR, draw_matrix, draw_singular
from derive.witnesses.constraints import MomentEquation
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import Degenerate, Misfit
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
        "sign",
        "simplex",
    }
)
KINDS = (("idempotent",), ("idempotent", "symmetric"), ("orthogonal",), ("diagonal",), ("antisymmetric",))


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
            if _vanishes(model, key):
                _solve_beside_singular(builder, model, constraint, key, saved)
            return
        model.constants[key] = saved
        model.cache.clear()
    if _solve_gram(builder, model, constraint) or _solve_by_trying(builder, model, constraint, names):
        return
    for key in list(model.variables):
        if key[0] in names and _is_free(builder, key) and _solve_variable(model, constraint, key):
            return


def _vanishes(model: Model, key: Key) -> bool:
    """Whether a matrix is zero: too much is true of it."""
    matrix = model.constants[key]
    return len(matrix) * len(matrix[0]) > 1 and not any(model.field.reduced(x) for row in matrix for x in row)


def _solve_beside_singular(
    builder: Builder, model: Model, constraint: MomentEquation, key: Key, start: list[list[Any]]
) -> None:
    """A B = 0 leaves A = 0 alone when B has full rank: give another matrix a lower rank, and solve again.

    A u = a u leaves u = 0 alone when a is no eigenvalue: give the number a value that a matrix of its kind may have.
    """
    zero = model.constants[key]
    names = _names(builder, constraint.given)
    numbers = [k for k, m in model.constants.items() if k[0] in names and len(m) == len(m[0]) == 1]
    for other, value in ((k, v) for k in numbers for v in _eigenvalues(builder, model, names, k)):
        saved = model.constants[other]
        model.constants[other], model.constants[key] = [[value]], start
        model.cache.clear()
        if _solve_constant(model, constraint, key) and not _vanishes(model, key):
            return
        model.constants[other], model.constants[key] = saved, zero
        model.cache.clear()
    for other in [k for k in model.constants if k[0] in names and k != key and k not in builder.settled]:
        traits = builder.analysis.traits.get(other[0], set())
        saved = model.constants[other]
        if min(len(saved), len(saved[0])) < 2 or traits & (SHAPED - {"symmetric"} | REGULAR):
            continue
        shape = (len(saved), len(saved[0]))
        model.constants[other] = draw_singular(shape, traits & {"symmetric"}, model.field, model.rng)
        model.constants[key] = start
        model.cache.clear()
        if _solve_constant(model, constraint, key) and not _vanishes(model, key):
            return
        model.constants[other], model.constants[key] = saved, zero
        model.cache.clear()


def _eigenvalues(builder: Builder, model: Model, names: set[str], key: Key) -> list[Any]:
    """Values that may be eigenvalues: those of projections, rotations and triangular matrices."""
    if key in builder.settled or builder.analysis.traits.get(key[0]):
        return []
    matrices = [m for k, m in model.constants.items() if k[0] in names and len(m) == len(m[0]) > 1]
    found = [model.field.of(1), *(m[i][i] for m in matrices for i in range(len(m))), model.field.of(-1)]
    model.rng.shuffle(found)
    return found


def _solve_by_trying(builder: Builder, model: Model, constraint: MomentEquation, names: set[str]) -> bool:
    """An equation that is linear in no constant, such as a² = a or A² = A: a value of a few kinds may do."""
    for key in _candidates(builder, model, names):
        saved = model.constants[key]
        rows, columns = len(saved), len(saved[0])
        if rows == columns == 1:
            tried = [[[model.field.of(v)]] for v in (0, 1, -1, 2, -2)]
        elif rows == columns:
            tried = [draw_matrix((rows, rows), set(kind), model.field, model.rng) for kind in KINDS]
            tried.append([[2 * x - (i == j) for j, x in enumerate(row)] for i, row in enumerate(tried[0])])
        else:
            continue
        model.rng.shuffle(tried)
        for value in tried:
            if all(model.space.is_zero(x) for x in _response(model, constraint, model.constants, key, value)):
                return True
        model.constants[key] = saved
        model.cache.clear()
    return False


def _solve_gram(builder: Builder, model: Model, constraint: MomentEquation) -> bool:
    """XᵀX = G for a constant X: from the triangle L and the pivots D of G = L D Lᵀ, where these have roots."""
    match constraint.given.lhs:
        case t.Mul((t.Transpose(t.Symbol() as first), t.Symbol() as second)) if first == second:
            key = (second.name, tuple(builder.layout.index(i, constraint.env) for i in second.indices))
        case _:
            return False
    if key not in model.constants or key in builder.settled:
        return False
    gram = _symmetric_gram(builder, model, constraint)
    if gram is None:
        return False
    rows, columns = len(model.constants[key]), len(model.constants[key][0])
    if rows < columns:
        raise Misfit("a matrix with too few rows")
    value = _by_halves(constraint, rows, gram, model)
    if value is None:
        lower, pivots = linear.triangle(gram, model.field)
        root = _root_of_diagonal(pivots, rows, model)
        turn = draw_matrix((rows, rows), {"orthogonal"}, model.field, model.rng)
        value = linear.product(linear.product(turn, root, model.field), linear.transposed(lower), model.field)
    return all(model.space.is_zero(x) for x in _response(model, constraint, model.constants, key, value))


def _by_halves(constraint: MomentEquation, rows: int, gram: list[list[Any]], model: Model) -> list[list[Any]] | None:
    """Where G is written as L Lᵀ, such as `W S S Wᵀ` with a symmetric S: X = Q Lᵀ with orthonormal columns in Q."""
    factors = _factors(constraint.given.rhs)
    if len(factors) % 2 or any(a.shape == t.SCALAR for a in factors):
        return None
    half: Any = None
    for arg in factors[: len(factors) // 2]:
        value = Evaluator(model).rows(arg, constraint.env)
        half = value if half is None else linear.product(half, value, model.field)
    again = linear.product(half, linear.transposed(half), model.field)
    if any(not model.field.equal(a, b) for r, s in zip(again, gram, strict=True) for a, b in zip(r, s, strict=True)):
        return None
    if rows < len(half[0]):
        raise Misfit("a matrix with too few rows")
    columns = draw_matrix((rows, len(half[0])), {"orthogonal"}, model.field, model.rng)
    return linear.product(columns, linear.transposed(half), model.field)


def _factors(term: t.Term) -> list[t.Term]:
    return [f for arg in term.args for f in _factors(arg)] if isinstance(term, t.Mul) else [term]


def _root_of_diagonal(pivots: list[Any], rows: int, model: Model) -> list[list[Any]]:
    """M with `rows` rows and MᵀM = diag(pivots).

    Two pivots d, e without roots share two rows, (a, b) and (-b, a) √(e/d) with a² + b² = d; a last one of these
    needs a row of its own.
    """
    field = model.field
    matrix = [[field.of(0)] * len(pivots) for _ in range(rows)]
    single = [k for k, d in enumerate(pivots) if field.positive(d)]
    rest = [k for k in range(len(pivots)) if k not in single]
    for place, k in enumerate(single):
        matrix[place][k] = field.power(pivots[k], Fraction(1, 2))
    place = len(single)
    while rest:
        if place + 2 > rows or field.ordered:
            raise Degenerate("no root")
        k, other = rest[0], rest[1] if len(rest) > 1 else None
        a, b = _two_squares(pivots[k], model)
        matrix[place][k], matrix[place + 1][k] = a, b
        if other is not None:
            scale = field.power(pivots[other] * field.inverse(pivots[k]), Fraction(1, 2))
            matrix[place][other], matrix[place + 1][other] = field.reduced(-b * scale), field.reduced(a * scale)
        rest, place = rest[2:], place + 2
    return matrix


def _two_squares(d: Any, model: Model) -> tuple[Any, Any]:
    """a and b with a² + b² = d over the prime field."""
    for _ in range(60):
        a = model.field.draw(model.rng)
        rest = model.field.reduced(d - a * a)
        if model.field.positive(rest):
            return a, model.field.power(rest, Fraction(1, 2))
    raise Degenerate("no root")


def _symmetric_gram(builder: Builder, model: Model, constraint: MomentEquation) -> list[list[Any]] | None:
    """The other side's value; square constants in it are made symmetric when it would not be symmetric otherwise."""
    rhs = constraint.given.rhs
    for _ in range(2):
        gram = Evaluator(model).rows(rhs, constraint.env)
        if any(isinstance(x, Rand) for row in gram for x in row):
            return None
        if all(model.field.equal(gram[i][j], gram[j][i]) for i in range(len(gram)) for j in range(i)):
            return gram
        names = _names(builder, constraint.given) - symbol_names(constraint.given.lhs)
        for key in _candidates(builder, model, names):
            matrix = model.constants[key]
            if len(matrix) == len(matrix[0]):
                model.constants[key] = [
                    [matrix[min(i, j)][max(i, j)] for j in range(len(matrix))] for i in range(len(matrix))
                ]
        model.cache.clear()
    return None


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
