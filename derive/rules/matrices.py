"""Chapter: matrices, first part: transposes, traces, norms, components."""

from __future__ import annotations

from dataclasses import replace

from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Diagonal,
    Entry,
    Expectation,
    Hadamard,
    Identity,
    Index,
    Inverse,
    Matrix,
    Mul,
    SquaredNorm,
    Sum,
    Symbol,
    Term,
    Trace,
    Transpose,
    Variance,
    one_to,
)
from derive.rules.construct import (
    ONE,
    ZERO,
    expectation,
    factors_of,
    is_zero,
    plus,
    power,
    segments,
    times,
    transposed,
)
from derive.rules.context import Context
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule
from derive.rules.sums import index_term
from derive.rules.traverse import all_indices, fresh

ONLY = Index(None, 1)  # the column of a vector
VECTORS = (r"\mathbf{x} \in \mathbb{R}^m", r"\mathbf{w} \in \mathbb{R}^m")
SQUARE = (r"A \in \mathbb{R}^{m \times m}", r"B \in \mathbb{R}^{m \times m}")


@rule(
    "transpose",
    title="Transposes",
    statement=(
        r"(A + B)^\top = A^\top + B^\top, \quad (AB)^\top = B^\top A^\top, \quad \mathbf{x}^\top \mathbf{w} = "
        r"\mathbf{w}^\top \mathbf{x}"
    ),
    reason="Transposing swaps rows and columns, so a product's factors change places; a number is its own transpose.",
    conditions=(Condition("the shapes fit"),),
    example=Example(
        (*VECTORS, r"\mathbf{n} \in \mathbb{R}^m"),
        r"(\mathbf{x} + \mathbf{n})^\top \mathbf{w}",
        r"\mathbf{x}^\top \mathbf{w} + \mathbf{n}^\top \mathbf{w}",
    ),
    misuse=Misuse(SQUARE, r"(AB)^\top", r"A^\top B^\top", "the factors must change places: (AB)ᵀ = Bᵀ Aᵀ"),
    heads=(Transpose, Mul),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.2.5",
)
def transpose(term: Term, context: Context):
    """Distributes a transpose over a sum, reverses it over a product, and turns a scalar product around."""
    match term:
        case Transpose(arg):
            new = _transposed_inside(arg)
            if new is not None:
                yield new, ()
        case Mul():
            opened = _open_transposed_sum(term)
            if opened is not None:
                yield opened, ()
            elif term.shape == SCALAR:
                yield from _turned(term)


def _transposed_inside(arg: Term) -> Term | None:
    match arg:
        case Add(args):
            return plus(*(transposed(a) for a in args))
        case Mul():
            factors = factors_of(arg)
            scalars = [f for f in factors if f.shape == SCALAR]
            return times(*scalars, *(transposed(f) for f in reversed(factors) if f.shape != SCALAR))
        case Expectation(inner, given):
            return Expectation(transposed(inner), given)
        case Inverse(inner, pseudo):
            return Inverse(transposed(inner), pseudo)
        case Sum():
            return replace(arg, body=transposed(arg.body))
        case Hadamard(args):
            return Hadamard(tuple(transposed(a) for a in args))
        case Matrix(rows):
            columns = zip(*rows, strict=True)
            return Matrix(tuple(tuple(transposed(entry) for entry in column) for column in columns))
        case Transpose(inner):
            return inner
    return None


def _open_transposed_sum(term: Mul) -> Term | None:
    """`A (x + y)^T B = A x^T B + A y^T B`, for the first transposed sum among the factors."""
    for k, factor in enumerate(term.args):
        if isinstance(factor, Transpose) and isinstance(factor.arg, Add):
            before, after = term.args[:k], term.args[k + 1 :]
            return plus(*(times(*before, transposed(a), *after) for a in factor.arg.args))
    return None


def _turned(term: Mul):
    """Each scalar chain among the factors read from its end."""
    scalars, chain = segments(factors_of(term))
    if chain:
        return
    for k, part in enumerate(scalars):
        if isinstance(part, Mul) and part.args[0].shape != SCALAR:
            turned = times(*(transposed(f) for f in reversed(part.args)))
            yield times(*scalars[:k], turned, *scalars[k + 1 :]), ()


@rule(
    "symmetric",
    title="A symmetric matrix",
    statement=r"A^\top = A",
    reason="The entries above and below the diagonal agree, so swapping rows and columns changes nothing.",
    conditions=(Condition("the matrix is declared symmetric, or is a covariance matrix", r"A \text{ symmetric}"),),
    example=Example(
        (r"A \in \mathbb{R}^{m \times m}", *VECTORS, r"A \text{ symmetric}"),
        r"\mathbf{x}^\top A^\top \mathbf{w}",
        r"\mathbf{x}^\top A \mathbf{w}",
    ),
    misuse=Misuse(
        (*SQUARE, r"A \text{ symmetric}", r"B \text{ symmetric}"),
        r"(AB)^\top",
        r"AB",
        "a product of symmetric matrices is symmetric only when they commute",
    ),
    heads=(Transpose,),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Definition 0.2.5",
)
def symmetric(term: Term, context: Context):
    """Drops the transpose of a symmetric matrix."""
    if isinstance(term, Transpose):
        use = context.has(term.arg, "symmetric", "diagonal", "positive definite", "positive semidefinite")
        if use:
            yield term.arg, (use,)
        if isinstance(term.arg, Variance | Diagonal) and term.arg.shape[0] == term.arg.shape[1]:
            yield term.arg, ()


@rule(
    "trace",
    title="The trace is linear",
    statement=(
        r"\operatorname{tr}(aA + B) = a\operatorname{tr}(A) + \operatorname{tr}(B), \qquad "
        r"\mathbb{E}[\operatorname{tr}(X)] = \operatorname{tr}(\mathbb{E}[X])"
    ),
    reason="The trace is a sum of entries, and sums may be taken apart and exchanged with expectations.",
    conditions=(Condition("the matrices are square, and the factor that comes out is a scalar"),),
    example=Example(
        (*SQUARE, r"a \in \mathbb{R}"),
        r"\operatorname{tr}(aA + B^\top)",
        r"a\operatorname{tr}(A) + \operatorname{tr}(B)",
    ),
    misuse=Misuse(
        SQUARE,
        r"\operatorname{tr}(AB)",
        r"\operatorname{tr}(A)\operatorname{tr}(B)",
        "the trace is linear, not multiplicative",
    ),
    heads=(Trace, Expectation),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 1.2",
)
def trace(term: Term, context: Context):
    """Takes sums and scalars out of a trace, drops a transpose in it, and exchanges it with an expectation.

    The trace of a symbol is the sum of its diagonal entries.
    """
    match term:
        case Trace(arg) if arg.shape == SCALAR:
            yield arg, ()
        case Trace(Identity(dim)):
            yield index_term(one_to(dim).upper), ()
        case Trace(Constant(value)) if value == 0:
            yield ZERO, ()
        case Trace(Add(args)):
            yield plus(*(_trace_of(a) for a in args)), ()
        case Trace(Sum() as inner):
            yield replace(inner, body=Trace(inner.body)), ()
        case Trace(Expectation(inner, given)):
            yield expectation(Trace(inner), given), ()
        case Expectation(Trace(inner), given):
            yield Trace(expectation(inner, given)), ()
        case Trace(inner):
            new = _trace_of(inner)
            if new != term:
                yield new, ()
            if isinstance(inner, Symbol):
                i = fresh("h", all_indices(term))
                yield Sum(i, one_to(inner.shape[0]), Entry(inner, Index(i), Index(i))), ()


def _trace_of(arg: Term) -> Term:
    if isinstance(arg, Transpose):
        return Trace(arg.arg)
    if isinstance(arg, Mul):
        scalars = [f for f in arg.args if f.shape == SCALAR]
        rest = [f for f in arg.args if f.shape != SCALAR]
        if scalars and rest:
            return times(*scalars, _trace_of(times(*rest)))
    return Trace(arg)


@rule(
    "cyclic-trace",
    title="The trace is cyclic",
    statement=(
        r"\operatorname{tr}(ABC) = \operatorname{tr}(BCA), \qquad \mathbf{x}^\top A \mathbf{x} = "
        r"\operatorname{tr}(A\mathbf{x}\mathbf{x}^\top)"
    ),
    reason="Both sides are the same sum over all indices; only its starting point differs.",
    conditions=(Condition("the factors are moved around in a circle, keeping their order"),),
    example=Example((*SQUARE, r"C \in \mathbb{R}^{m \times m}"), r"\operatorname{tr}(ABC)", r"\operatorname{tr}(BCA)"),
    misuse=Misuse(
        (*SQUARE, r"C \in \mathbb{R}^{m \times m}"),
        r"\operatorname{tr}(ABC)",
        r"\operatorname{tr}(BAC)",
        "swapping two neighbours is not a turn of the circle",
    ),
    heads=(Trace, Mul),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 1.2",
)
def cyclic_trace(term: Term, context: Context):
    """Turns the factors in a trace around in a circle; a quadratic form is the trace of such a product."""
    match term:
        case Trace(Mul() as product):
            factors = factors_of(product)
            if any(f.shape == SCALAR for f in factors):
                return
            for k in range(1, len(factors)):
                yield Trace(times(*factors[k:], *factors[:k])), ()
        case Mul() if term.shape == SCALAR:
            scalars, chain = segments(factors_of(term))
            for k, part in enumerate(scalars):
                if not chain and isinstance(part, Mul) and part.args[0].shape != SCALAR:
                    for j in range(1, len(part.args)):
                        turned = Trace(times(*part.args[j:], *part.args[:j]))
                        yield times(*scalars[:k], turned, *scalars[k + 1 :]), ()


@rule(
    "squared-norm",
    title="The squared norm",
    statement=r"\|\mathbf{x}\|^2 = \mathbf{x}^\top \mathbf{x}, \qquad \|A\|_F^2 = \operatorname{tr}(A^\top A)",
    reason="The squared length is the sum of the squared components, which is the product of the vector with itself.",
    conditions=(Condition("the Euclidean norm of a vector, the Frobenius norm of a matrix"),),
    example=Example(VECTORS[:1], r"\|\mathbf{x}\|^2", r"\mathbf{x}^\top \mathbf{x}"),
    misuse=Misuse(
        VECTORS,
        r"\|\mathbf{x} + \mathbf{w}\|^2",
        r"\|\mathbf{x}\|^2 + \|\mathbf{w}\|^2",
        "the cross term 2 xᵀw is missing; this holds for orthogonal vectors",
    ),
    heads=(SquaredNorm,),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Sections 0.6 and 5.6",
)
def squared_norm(term: Term, context: Context):
    """Writes a squared norm as a product of the vector with itself, or as a trace."""
    if isinstance(term, SquaredNorm):
        arg = term.arg
        if arg.shape == SCALAR:
            yield power(arg, 2), ()
        elif arg.shape[1] == 1:
            yield times(transposed(arg), arg), ()
        elif arg.shape[0] == 1:
            yield times(arg, transposed(arg)), ()
        else:
            yield Trace(times(transposed(arg), arg)), ()


@rule(
    "inner-product",
    title="The inner product as a sum",
    statement=r"\langle \mathbf{x}, \mathbf{w} \rangle = \mathbf{x}^\top \mathbf{w} = \sum_{i=1}^m x_i w_i",
    reason="Row times column: multiply component by component and add up.",
    conditions=(Condition("both vectors have the same number of components"),),
    example=Example(VECTORS, r"\mathbf{x}^\top \mathbf{w}", r"\sum_{i=1}^m x_i w_i"),
    misuse=Misuse(
        (*VECTORS, "m > 1"),
        r"\mathbf{x}^\top \mathbf{w}",
        r"\left(\sum_{i=1}^m x_i\right) \left(\sum_{i=1}^m w_i\right)",
        "only components with the same index meet",
    ),
    heads=(Mul,),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.6",
)
def inner_product(term: Term, context: Context):
    """Writes the product of a row and a column, or a bilinear form, as a sum over components."""
    if not isinstance(term, Mul) or term.shape != SCALAR:
        return
    scalars, chain = segments(factors_of(term))
    for k, part in enumerate(scalars):
        if chain or not (isinstance(part, Mul) and 2 <= len(part.args) <= 4 and part.args[0].shape != SCALAR):
            continue
        yield times(*scalars[:k], _as_sum(part.args, all_indices(term)), *scalars[k + 1 :]), ()


def _as_sum(chain: tuple[Term, ...], taken: frozenset[str]) -> Term:
    """`x^T A y` as a double sum, and so on."""
    names: list[str] = []
    for _ in chain[1:]:
        names.append(fresh("h", taken | frozenset(names)))
    places = [Index(name) for name in names]
    middle = [entry(f, places[j], places[j + 1]) for j, f in enumerate(chain[1:-1])]
    body = times(entry(transposed(chain[0]), places[0]), *middle, entry(chain[-1], places[-1]))
    for name, factor in zip(reversed(names), reversed(chain[1:]), strict=True):
        body = Sum(name, one_to(factor.shape[0]), body)
    return body


def entry(term: Term, row: Index, column: Index = ONLY) -> Term:
    """A component, with the trivial cases worked out."""
    match term:
        case Constant(value, _):
            return ZERO if value == 0 else ONE if value == 1 else Entry(term, row, column)
        case Transpose(arg):
            return entry(arg, column, row)
        case _:
            return Entry(term, row, column)


@rule(
    "component",
    title="Components",
    statement=(
        r"(A\mathbf{x})_i = \sum_{j} A_{ij} x_j, \qquad (\mathbf{x} + \mathbf{y})_i = x_i + y_i, \qquad "
        r"\mathbb{E}[\mathbf{x}]_i = \mathbb{E}[x_i]"
    ),
    reason="Sums, expectations and products of matrices are defined entry by entry.",
    conditions=(Condition("the index is in the range of the rows"),),
    example=Example((r"A \in \mathbb{R}^{k \times m}", VECTORS[0]), r"(A\mathbf{x})_i", r"\sum_{j=1}^m A_{ij} x_j"),
    misuse=Misuse(
        (r"A \in \mathbb{R}^{m \times m}", VECTORS[0]),
        r"(A\mathbf{x})_i",
        r"\sum_{j=1}^m A_{ji} x_j",
        "row i of A meets x; the sum over A_ji is (Aᵀx)_i",
    ),
    heads=(Entry,),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.2",
)
def component(term: Term, context: Context):
    """Works out a component of a sum, a product, an expectation or a transpose."""
    if not isinstance(term, Entry):
        return
    row, column, arg = term.row, term.column, term.arg
    match arg:
        case Add(args):
            yield plus(*(entry(a, row, column) for a in args)), ()
        case Transpose(inner):
            yield entry(inner, column, row), ()
        case Expectation(inner, given):
            yield expectation(entry(inner, row, column), given), ()
        case Hadamard(args):
            yield times(*(entry(a, row, column) for a in args)), ()
        case Sum():
            yield replace(arg, body=entry(arg.body, row, column)), ()
        case Constant() if is_zero(arg) or arg.value == 1:
            yield entry(arg, row, column), ()
        case Mul():
            yield from _product_component(arg, row, column)


def _product_component(product: Mul, row: Index, column: Index):
    factors = factors_of(product)
    scalars = [f for f in factors if f.shape == SCALAR]
    chain = [f for f in factors if f.shape != SCALAR]
    if len(chain) == 1:
        yield times(*scalars, entry(chain[0], row, column)), ()
        return
    head, rest = chain[0], times(*chain[1:])
    if head.shape[1] == 1:
        one = Index(None, 1)
        yield times(*scalars, entry(head, row, one), entry(rest, one, column)), ()
        return
    name = fresh("h", all_indices(product) | {row.base or "", column.base or ""})
    body = times(entry(head, row, Index(name)), entry(rest, Index(name), column))
    yield times(*scalars, Sum(name, one_to(head.shape[1]), body)), ()


RULES = chapter_rules(globals())
