"""Components of inverse matrices, and the rules A A⁻¹ = I = A⁻¹ A for each inverse that occurs."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.algebra import build, delta, factor_poly, multiply, opened, power
from derive.kernel.mapping import map_factor, map_poly, substitution
from derive.kernel.matching import Rule, occurrences
from derive.kernel.monomials import (
    ARGUMENT_COLUMN,
    ARGUMENT_ROW,
    COLUMN,
    ONE,
    ROW,
    ZERO,
    Factor,
    Ix,
    Mono,
    Poly,
    indices_of,
)
from derive.language.terms import SCALAR, Identity, Inverse, Mul, Pow, Symbol, Term, Transpose, number

if TYPE_CHECKING:
    from derive.kernel.normal import Translator

Env = dict[str, Ix]

REGULAR = ("invertible", "positive definite")  # properties of matrices that have an inverse


def inverse_component(translator: Translator, term: Inverse, row: Ix, column: Ix, env: Env) -> Poly:
    """Component of `term`; inverses of products, transposes and diagonal matrices are pushed inwards."""
    arg = resolved(translator, term.arg)
    if term.pseudo:
        return _pseudo(translator, arg, row, column, env)
    if arg.shape == SCALAR:
        return power(translator.scalar(arg, env), -1)
    match arg:
        case Transpose(inner):
            return inverse_component(translator, Inverse(inner), column, row, env)
        case Inverse(inner, False):
            return translator.component(inner, row, column, env)
        case Identity():
            return delta(row, column)
        case Mul(args) if all(a.shape in (SCALAR, arg.shape) for a in args):
            scalars = [Pow(a, number(-1)) for a in args if a.shape == SCALAR]
            matrices = [Inverse(a) for a in reversed(args) if a.shape != SCALAR]
            if len(args) > 1:
                return translator.component(Mul((*scalars, *matrices)), row, column, env)
    return _atom(translator, arg, row, column, env)


def resolved(translator: Translator, term: Term) -> Term:
    """A defined symbol as its definition, so that the structure of products is seen."""
    context = translator.context
    seen = 0
    while isinstance(term, Symbol) and not term.indices and term.name not in context.expanding and seen < 20:
        options = [d for d in context.definitions.get(term.name, ()) if not d.component and not d.slots]
        if not options or not context.allows("definition"):
            break
        context.use(options[0].given, "definition")
        term, seen = options[0].term, seen + 1
    return term


def _pseudo(translator: Translator, arg: Term, row: Ix, column: Ix, env: Env) -> Poly:
    regular = translator.context.has(arg.name, *REGULAR) if isinstance(arg, Symbol) else None
    if regular is not None:
        translator.context.use(regular, "inverse")
        return translator.component(Inverse(arg), row, column, env)
    known = translator.context.has(arg.name, "full column rank") if isinstance(arg, Symbol) else None
    if known is None:
        inner = translator.bound(arg, ARGUMENT_ROW, ARGUMENT_COLUMN, env)
        return factor_poly(("f", "pinv", 0, (inner,), (row, column)))
    translator.context.use(known)
    gram = Mul((Transpose(arg), arg))
    return translator.component(Mul((Inverse(gram), Transpose(arg))), row, column, env)


def _atom(translator: Translator, arg: Term, row: Ix, column: Ix, env: Env) -> Poly:
    matrix = translator.bound(arg, ROW, COLUMN, env)
    meet = delta(ROW, COLUMN)
    if matrix.terms and multiply(matrix, meet) == matrix:
        along = map_poly(matrix, substitution({COLUMN[0]: ROW}))
        return multiply(delta(row, column), power(map_poly(along, substitution({ROW[0]: row})), -1))
    matrix, outside = _primitive(matrix)
    swapped = map_poly(matrix, substitution({ROW[0]: COLUMN, COLUMN[0]: ROW}))
    symmetric = swapped == matrix
    if not symmetric and repr(swapped) < repr(matrix):
        matrix, row, column = swapped, column, row
    from derive.kernel.places import span_of

    _register(translator, matrix, symmetric, span_of(arg.shape[0]))
    if symmetric and column < row:
        row, column = column, row
    return multiply(outside, factor_poly(("i", matrix, row, column, symmetric)))


def _primitive(matrix: Poly) -> tuple[Poly, Poly]:
    """Scalar factors that all components share go outside: (2λA)⁻¹ = (2λ)⁻¹ A⁻¹."""
    shared: dict[Factor, object] | None = None
    for powers, _ in matrix.terms:
        here = {f: e for f, e in powers if not any(True for _ in indices_of(f)) and f[0] in ("s", "p", "v")}
        shared = here if shared is None else {f: min(e, here[f]) for f, e in shared.items() if f in here}
    pairs = [(f, -e) for f, e in (shared or {}).items()]  # type: ignore[operator]
    leading = Fraction(matrix.terms[min(matrix.terms, key=repr)]) if matrix.terms else Fraction(1)
    outside = build(pairs, [], 1 / leading)
    return multiply(matrix, outside), outside


def _register(translator: Translator, matrix: Poly, symmetric: bool, span: tuple[Ix, Ix]) -> None:
    """Adds the rules for one inverse, once."""
    context = translator.context
    if ("inverse", matrix) in context.memo or not matrix.terms:
        return
    context.memo[("inverse", matrix)] = True
    lead = max(matrix.terms, key=lambda m: (_weight(m), repr(m)))
    a, b, j = ("?a", 0), ("?b", 0), ("%j", 0)
    for row, column in ((a, j), (j, b)):
        inverse: Factor = ("i", matrix, row, column, symmetric)
        # A⁻¹ A: the inverse stands first and shares its column; A A⁻¹: the other way round
        places = {ROW[0]: j, COLUMN[0]: b} if column == j else {ROW[0]: a, COLUMN[0]: j}
        rule = _rule(matrix, lead, inverse, places, span)
        if rule is not None:
            context.rules.append(rule)
        if symmetric:
            break


def _weight(mono: Mono) -> int:
    return sum(1 for f, _ in mono[0] if f[0] not in ("d", "v") and any(True for _ in indices_of(f)))


def _rule(matrix: Poly, lead: Mono, inverse: Factor, places: dict[str, Ix], span: tuple[Ix, Ix]) -> Rule | None:
    """Σ_j (A⁻¹)_aj lead_jb = (δ_ab − Σ_j (A⁻¹)_aj rest_jb) / coefficient."""
    powers, bounds = opened(lead)
    names = [n for n, _ in bounds]
    move = substitution({**places, **{n: (f"%{k}", 0) for k, n in enumerate(names)}})
    linked = {*names, ROW[0], COLUMN[0]}
    core = [(f, e) for f, e in powers if any(i[0] in linked for i in indices_of(f))]
    scalars = [(f, e) for f, e in powers if (f, e) not in core]
    many = occurrences(tuple(core))
    if many is None or not many or any(f[0] == "d" for f in many):
        return None
    pattern = (inverse, *(map_factor(f, move) for f in many))
    spans = {"%j": span, **{f"%{k}": s for k, (_, s) in enumerate(bounds)}}
    others = matrix - Poly({lead: matrix.terms[lead]})
    rest = _contract(others, inverse, places, span)
    free = [p for p in (inverse[2], inverse[3], *places.values()) if p[0][0] == "?"]
    value = delta(free[0], free[1]) - rest
    factor = multiply(build([(f, -e) for f, e in scalars], []), ONE).scale(Fraction(1) / Fraction(matrix.terms[lead]))
    return Rule(pattern, multiply(value, factor), None, "inverse", spans=spans)


def _contract(others: Poly, inverse: Factor, places: dict[str, Ix], span: tuple[Ix, Ix]) -> Poly:
    """Σ_j (A⁻¹)_aj others_jb as a polynomial in the pattern letters a and b."""
    from derive.kernel.algebra import fresh

    name = fresh()
    at = substitution({"%j": (name, 0)})
    moved = map_poly(others, substitution({k: at(v) for k, v in places.items()}))
    factor = (inverse[0], inverse[1], at(inverse[2]), at(inverse[3]), inverse[4])
    result = ZERO
    for mono, coefficient in moved.terms.items():
        powers, bounds = opened(mono)
        result = result + build([(factor, 1), *powers], [*bounds, (name, span)], coefficient)
    return result
