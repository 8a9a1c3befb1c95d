"""Chapter: matrices, second part: inverses and matrices of a special kind."""

from __future__ import annotations

from itertools import pairwise

from derive.language.terms import (
    SCALAR,
    Add,
    Constant,
    Determinant,
    Diagonal,
    Entry,
    Expectation,
    Hadamard,
    Identity,
    Index,
    Inverse,
    Kronecker,
    Matrix,
    Mul,
    Term,
    Transpose,
)
from derive.rules.compare import same
from derive.rules.construct import ONE, expectation, factors_of, plus, power, times, transposed
from derive.rules.context import Context
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule

VECTORS = (r"\mathbf{x} \in \mathbb{R}^m", r"\mathbf{w} \in \mathbb{R}^m")
SQUARE = (r"A \in \mathbb{R}^{m \times m}", r"B \in \mathbb{R}^{m \times m}")
INVERTIBLE = (*SQUARE, r"A \text{ invertible}", r"B \text{ invertible}")


@rule(
    "inverse",
    title="Inverses",
    statement=r"A A^{-1} = A^{-1} A = I, \qquad (AB)^{-1} = B^{-1} A^{-1}",
    reason="The inverse undoes the matrix; undoing two steps undoes the last one first.",
    conditions=(Condition("the matrices are square and invertible"),),
    example=Example(INVERTIBLE, r"(AB)^{-1} A", r"B^{-1}"),
    misuse=Misuse(INVERTIBLE, r"(AB)^{-1}", r"A^{-1} B^{-1}", "the factors must change places: (AB)⁻¹ = B⁻¹ A⁻¹"),
    heads=(Inverse, Mul),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.5",
)
def inverse(term: Term, context: Context):
    """Cancels a matrix against its inverse, and takes the inverse of a product apart."""
    match term:
        case Inverse(Inverse(inner, False), False):
            yield inner, ()
        case Inverse(Identity() as inner):
            yield inner, ()
        case Inverse(Add(args) as inner, False) if all(_multiple_of_identity(a) for a in args):
            total = plus(*(times(*(f for f in factors_of(a) if f.shape == SCALAR)) for a in args))
            yield times(power(total, -1), Identity(inner.shape[0])), ()
        case Inverse(Transpose(inner), pseudo):
            yield transposed(Inverse(inner, pseudo)), ()
        case Inverse(Mul() as product, False):
            yield from _inverse_of_product(product)
        case Mul():
            yield from cancelled(term, _undo)
            yield from _undone_runs(term)


def _multiple_of_identity(term: Term) -> bool:
    return term.shape != SCALAR and all(f.shape == SCALAR or isinstance(f, Identity) for f in factors_of(term))


def _inverse_of_product(product: Mul):
    factors = factors_of(product)
    scalars = [f for f in factors if f.shape == SCALAR]
    chain = [f for f in factors if f.shape != SCALAR]
    if all(f.shape[0] == f.shape[1] for f in chain):
        back = [Identity(f.shape[0]) if isinstance(f, Identity) else Inverse(f) for f in reversed(chain)]
        yield times(*(power(s, -1) for s in scalars), *back), ()


def _undone_runs(term: Mul):
    """`(X^T X)^{-1} X^T X = I`: an inverse beside the factors of what it inverts."""
    factors = factors_of(term)
    for k, inverse_factor in enumerate(factors):
        if not isinstance(inverse_factor, Inverse) or inverse_factor.pseudo:
            continue
        length = len(factors_of(inverse_factor.arg))
        for start, stop in ((k + 1, k + 1 + length), (k - length, k)):
            if length < 2 or start < 0 or stop > len(factors):
                continue
            run = factors[start:stop]
            if all(f.shape != SCALAR for f in run) and same(times(*run), inverse_factor.arg):
                low, high = min(k, start), max(k + 1, stop)
                kept = [*factors[:low], Identity(inverse_factor.shape[0]), *factors[high:]]
                yield times(*_without_identities(kept)), ()


def _undo(left: Term, right: Term) -> tuple[str, ...] | None:
    pairs = ((left, right), (right, left))
    return () if any(isinstance(a, Inverse) and not a.pseudo and same(a.arg, b) for a, b in pairs) else None


def cancelled(term: Mul, law):
    """Each pair of neighbouring factors for which `law` gives uses, replaced by the identity."""
    factors = list(factors_of(term))
    chain = [k for k, f in enumerate(factors) if f.shape != SCALAR]
    for a, b in pairwise(chain):
        uses = law(factors[a], factors[b])
        if uses is not None:
            kept = [f for k, f in enumerate(factors) if k not in (a, b)]
            kept.insert(a, Identity(factors[a].shape[0]))
            yield times(*_without_identities(kept)), uses


def _without_identities(factors: list[Term]) -> list[Term]:
    """The factors without identities, one of them kept when nothing else carries the shape."""
    matrices = [f for f in factors if f.shape != SCALAR]
    if all(isinstance(f, Identity) for f in matrices):
        keep = matrices[:1]
        return [f for f in factors if f.shape == SCALAR] + keep
    return [f for f in factors if not isinstance(f, Identity)]


@rule(
    "identity",
    title="The identity matrix",
    statement=r"I\mathbf{x} = \mathbf{x}, \qquad A I = A",
    reason="The identity leaves everything as it is.",
    conditions=(Condition("the shapes fit"),),
    example=Example(
        (*VECTORS, r"\alpha \in \mathbb{R}"),
        r"\mathbf{x}^\top (\alpha \mathbf{I}) \mathbf{w}",
        r"\alpha\, \mathbf{x}^\top \mathbf{w}",
    ),
    misuse=Misuse(
        (r"\mathbf{x} \in \mathbb{R}^m", "m > 1"),
        r"\mathbf{x}^\top \mathbf{x}\, \mathbf{I}",
        r"\mathbf{x} \mathbf{x}^\top",
        "a number times the identity is not the outer product",
    ),
    heads=(Mul,),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.2.4",
)
def identity(term: Term, context: Context):
    """Drops an identity matrix in a product; scalars go to the front."""
    if isinstance(term, Mul) and any(isinstance(f, Identity) for f in factors_of(term)):
        factors = _without_identities(list(factors_of(term)))
        scalars = [f for f in factors if f.shape == SCALAR]
        new = times(*scalars, *(f for f in factors if f.shape != SCALAR))
        if new != term:
            yield new, ()


@rule(
    "orthogonal",
    title="Orthogonal matrices",
    statement=r"Q^\top Q = Q Q^\top = I",
    reason="The columns of an orthogonal matrix are unit vectors at right angles to each other.",
    conditions=(Condition("the matrix is square and declared orthogonal", r"Q \text{ orthogonal}"),),
    example=Example(
        (r"Q \in \mathbb{R}^{m \times m}", r"\mathbf{x} \in \mathbb{R}^m", r"Q \text{ orthogonal}"),
        r"\mathbf{x}^\top Q^\top Q \mathbf{x}",
        r"\mathbf{x}^\top \mathbf{x}",
    ),
    misuse=Misuse(
        (r"Q \in \mathbb{R}^{m \times k}", r"Q^\top Q = \mathbf{I}", r"m > k"),
        r"Q Q^\top",
        r"\mathbf{I}",
        "a tall matrix with orthonormal columns satisfies QᵀQ = I, while QQᵀ is only a projection",
    ),
    heads=(Mul,),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Definition 2.1.3",
)
def orthogonal(term: Term, context: Context):
    """Cancels an orthogonal matrix against its transpose."""
    if not isinstance(term, Mul):
        return

    def law(left: Term, right: Term) -> tuple[str, ...] | None:
        pairs = ((left, right), (right, left))
        for a, b in pairs:
            if isinstance(a, Transpose) and same(a.arg, b) and b.shape[0] == b.shape[1]:
                use = context.has(b, "orthogonal")
                return (use,) if use else None
        return None

    yield from cancelled(term, law)


@rule(
    "diagonal",
    title="Diagonal matrices",
    statement=r"\operatorname{diag}(\mathbf{d})\,\mathbf{x} = \mathbf{d} \odot \mathbf{x}",
    reason="A diagonal matrix scales every component by its own factor.",
    conditions=(Condition("the matrix is diagonal"),),
    example=Example(
        (r"\mathbf{d} \in \mathbb{R}^m", r"\mathbf{x} \in \mathbb{R}^m"),
        r"\operatorname{diag}(\mathbf{d})\, \mathbf{x}",
        r"\mathbf{d} \odot \mathbf{x}",
    ),
    misuse=Misuse(
        (r"\mathbf{d} \in \mathbb{R}^m", r"A \in \mathbb{R}^{m \times m}", "m > 1"),
        r"\operatorname{diag}(\mathbf{d}) A",
        r"A \operatorname{diag}(\mathbf{d})",
        "from the left it scales rows, from the right columns",
    ),
    heads=(Transpose, Mul, Expectation, Diagonal, Entry),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.9.1",
)
def diagonal(term: Term, context: Context):
    """Writes a diagonal matrix times a vector as an entrywise product; it is its own transpose.

    Its mean is the diagonal matrix of the means; with equal entries it is a multiple of the identity.
    """
    match term:
        case Expectation(Diagonal(inner, False), given) if inner.shape[1] == 1:
            yield Diagonal(expectation(inner, given), False), ()
        case Diagonal(inner, False) if inner.shape[1] == 1:
            factors = factors_of(inner)
            rest = [f for f in factors if f.shape != SCALAR]
            if len(rest) == 1 and isinstance(rest[0], Constant) and rest[0].value == 1:
                yield times(*(f for f in factors if f.shape == SCALAR), Identity(inner.shape[0])), ()
        case Entry(Mul() as product, row, column):
            yield from _scaled_component(product, row, column)
        case Transpose(Diagonal(_, False) as inner):
            yield inner, ()
        case Mul():
            factors = factors_of(term)
            if len(factors) < 2:
                return
            left, right = factors[-2], factors[-1]
            if isinstance(left, Diagonal) and not left.vector and left.arg.shape == right.shape and right.shape[1] == 1:
                yield times(*factors[:-2], Hadamard((left.arg, right))), ()


def _scaled_component(product: Mul, row: Index, column: Index):
    """`(diag(d) A)_ij = d_i A_ij` and `(A diag(d))_ij = A_ij d_j`."""
    scalars = [f for f in factors_of(product) if f.shape == SCALAR]
    chain = [f for f in factors_of(product) if f.shape != SCALAR]
    scales = [isinstance(f, Diagonal) and not f.vector and f.arg.shape[1] == 1 for f in chain]
    if len(chain) < 2:
        return
    one = Index(None, 1)
    if scales[0]:
        yield times(*scalars, Entry(chain[0].arg, row, one), Entry(times(*chain[1:]), row, column)), ()
    if scales[-1]:
        yield times(*scalars, Entry(times(*chain[:-1]), row, column), Entry(chain[-1].arg, column, one)), ()


@rule(
    "hadamard",
    title="The entrywise product",
    statement=(
        r"\mathbf{a} \odot \mathbf{b} = \mathbf{b} \odot \mathbf{a}, \qquad (\mathbf{a} + \mathbf{b}) \odot "
        r"\mathbf{c} = \mathbf{a} \odot \mathbf{c} + \mathbf{b} \odot \mathbf{c}"
    ),
    reason="It is ordinary multiplication in every entry.",
    conditions=(Condition("the shapes agree"),),
    example=Example(
        (r"\mathbf{a}, \mathbf{b}, \mathbf{c} \in \mathbb{R}^m",),
        r"(\mathbf{a} + \mathbf{b}) \odot \mathbf{c}",
        r"\mathbf{a} \odot \mathbf{c} + \mathbf{b} \odot \mathbf{c}",
    ),
    misuse=Misuse(
        (r"A, B, C \in \mathbb{R}^{m \times m}", "m > 1"),
        r"A (B \odot C)",
        r"(A B) \odot C",
        "the entrywise product does not associate with the matrix product",
    ),
    heads=(Hadamard,),
    source="Horn & Johnson, Topics in Matrix Analysis, Chapter 5",
)
def hadamard(term: Term, context: Context):
    """Distributes an entrywise product over sums and takes scalars out; the all-ones factor drops."""
    if not isinstance(term, Hadamard):
        return
    kept = [a for a in term.args if not (isinstance(a, Constant) and a.value == 1)]
    if 0 < len(kept) < len(term.args):
        yield (kept[0] if len(kept) == 1 else Hadamard(tuple(kept))), ()
    for k, arg in enumerate(term.args):
        before, after = term.args[:k], term.args[k + 1 :]
        if isinstance(arg, Add):
            yield plus(*(Hadamard((*before, a, *after)) for a in arg.args)), ()
            return
        scalars = [f for f in factors_of(arg) if f.shape == SCALAR]
        if scalars:
            rest = times(*(f for f in factors_of(arg) if f.shape != SCALAR))
            yield times(*scalars, Hadamard((*before, rest, *after))), ()
            return
    if len(term.args) == 2:
        yield Hadamard((term.args[1], term.args[0])), ()


@rule(
    "kronecker",
    title="The Kronecker product",
    statement=r"(A \otimes B)(C \otimes D) = AC \otimes BD",
    reason="Block (i, j) of the left side is Σ_k A_ik B C_kj D, which is (AC)_ij times BD.",
    conditions=(Condition("the products AC and BD exist"),),
    example=Example(
        (r"A, C \in \mathbb{R}^{m \times m}", r"B, D \in \mathbb{R}^{k \times k}"),
        r"(A \otimes B)(C \otimes D)",
        r"(AC) \otimes (BD)",
    ),
    misuse=Misuse(
        SQUARE, r"A \otimes B", r"B \otimes A", "the two are equal only up to a permutation of rows and columns"
    ),
    heads=(Transpose, Inverse, Mul),
    source="Horn & Johnson, Topics in Matrix Analysis, Lemma 4.2.10",
)
def kronecker(term: Term, context: Context):
    """Multiplies Kronecker products factor by factor, and distributes transposes and inverses over them."""
    match term:
        case Transpose(Kronecker(left, right)):
            yield Kronecker(transposed(left), transposed(right)), ()
        case Inverse(Kronecker(left, right), pseudo):
            yield Kronecker(Inverse(left, pseudo), Inverse(right, pseudo)), ()
        case Mul():
            factors = factors_of(term)
            for k in range(len(factors) - 1):
                a, b = factors[k], factors[k + 1]
                fits = isinstance(a, Kronecker) and isinstance(b, Kronecker)
                if fits and a.left.shape[1] == b.left.shape[0] and a.right.shape[1] == b.right.shape[0]:
                    joined = Kronecker(times(a.left, b.left), times(a.right, b.right))
                    yield times(*factors[:k], joined, *factors[k + 2 :]), ()


@rule(
    "determinant",
    title="Determinants multiply",
    statement=r"\det(AB) = \det(A)\det(B), \qquad \det(A^\top) = \det(A)",
    reason="The determinant is the factor by which volumes grow, and two maps after each other multiply the factors.",
    conditions=(Condition("the matrices are square"),),
    example=Example(SQUARE, r"\det(A B^\top)", r"\det(A)\det(B)"),
    misuse=Misuse(SQUARE, r"\det(A + B)", r"\det(A) + \det(B)", "the determinant is multiplicative, not additive"),
    heads=(Determinant,),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.3",
)
def determinant(term: Term, context: Context):
    """Takes the determinant of a product of square matrices, an inverse or a transpose apart."""
    match term:
        case Determinant(Identity()):
            yield ONE, ()
        case Determinant(Transpose(inner)):
            yield Determinant(inner), ()
        case Determinant(Inverse(inner, False)):
            yield power(Determinant(inner), -1), ()
        case Determinant(Mul() as product):
            factors = factors_of(product)
            if all(f.shape != SCALAR and f.shape[0] == f.shape[1] for f in factors):
                yield times(*(Determinant(f.arg if isinstance(f, Transpose) else f) for f in factors)), ()


@rule(
    "block-matrix",
    title="Multiplying matrices",
    statement=(
        r"\begin{pmatrix} A & B \end{pmatrix} \begin{pmatrix} \mathbf{x} \\ \mathbf{y} \end{pmatrix} = "
        r"A\mathbf{x} + B\mathbf{y}"
    ),
    reason="Each row meets each column; where the entries are blocks, the sum over all columns is taken block by block.",
    conditions=(Condition("the blocks fit"),),
    example=Example(
        (
            r"A \in \mathbb{R}^{m \times k}",
            r"B \in \mathbb{R}^{m \times l}",
            r"\mathbf{x} \in \mathbb{R}^k",
            r"\mathbf{y} \in \mathbb{R}^l",
        ),
        r"\begin{pmatrix} A & B \end{pmatrix} \begin{pmatrix} \mathbf{x} \\ \mathbf{y} \end{pmatrix}",
        r"A\mathbf{x} + B\mathbf{y}",
    ),
    misuse=Misuse(
        SQUARE,
        r"\begin{pmatrix} A & B \end{pmatrix} \begin{pmatrix} B \\ A \end{pmatrix}",
        r"2AB",
        "the order of the factors in each block product stays: AB + BA",
    ),
    heads=(Add, Mul),
    source="Horn & Johnson, Matrix Analysis, 2nd ed., Section 0.7",
)
def block_matrix(term: Term, context: Context):
    """Multiplies and adds literal matrices block by block."""
    match term:
        case Add(args) if all(isinstance(a, Matrix) for a in args) and len({_layout(a) for a in args}) == 1:
            grids = [a.rows for a in args]
            rows = tuple(
                tuple(plus(*cells) for cells in zip(*lines, strict=True)) for lines in zip(*grids, strict=True)
            )
            yield Matrix(rows), ()
        case Mul():
            factors = factors_of(term)
            for k in range(len(factors) - 1):
                joined = _block_product(factors[k], factors[k + 1])
                if joined is not None:
                    yield times(*factors[:k], joined, *factors[k + 2 :]), ()


def _layout(matrix: Matrix) -> tuple:
    return tuple(tuple(cell.shape for cell in row) for row in matrix.rows)


def _block_product(left: Term, right: Term) -> Term | None:
    if not (isinstance(left, Matrix) and isinstance(right, Matrix)):
        return None
    columns = list(zip(*right.rows, strict=True))
    widths, heights = [c.shape[1] for c in left.rows[0]], [row[0].shape[0] for row in right.rows]
    if widths != heights:
        return None
    rows = tuple(
        tuple(plus(*(times(a, b) for a, b in zip(row, column, strict=True))) for column in columns) for row in left.rows
    )
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else Matrix(rows)


RULES = chapter_rules(globals())
