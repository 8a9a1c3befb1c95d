import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.judge.check import check_texts
from derive.judge.corrections import simplified
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.latex import latex
from derive.language.terms import (
    Covariance,
    Determinant,
    Diagonal,
    Function,
    Hadamard,
    Identity,
    Index,
    Inverse,
    Pow,
    SquaredNorm,
    Term,
    Trace,
    number,
    walk,
)
from tests.judge.world import A, B, E, N, T, V, X, Y, a, add, b, facts, mul, n, neg, over_n, sq, total, w, x, z

SHOWN = [
    (V(add(X, mul(a, Y))), r"\operatorname{Var}(X) + 2 a \operatorname{Cov}(X, Y) + a^2 \operatorname{Var}(Y)"),
    (E(sq(mul(T(x), w))), r"\mathbf{w}^\top \mathbb{E}[\mathbf{x} \mathbf{x}^\top] \mathbf{w}"),
    (V(mul(A, x)), r"A \operatorname{Cov}(\mathbf{x}) A^\top"),
    (E(Pow(mul(T(x), w), number(3))), r"\mathbb{E}[(\mathbf{w}^\top \mathbf{x})^3]"),
    (E(SquaredNorm(x)), r"\mathbb{E}[\mathbf{x}^\top \mathbf{x}]"),
    (mul(A, w, T(w), A), r"A \mathbf{w} \mathbf{w}^\top A"),
    (mul(add(sq(N), neg(N)), Pow(N, number(-2)), a), r"\frac{(N - 1) a}{N}"),
    (Covariance(x, n), r"\operatorname{Cov}(\mathbf{x}, \mathbf{n})"),
    (V(over_n(total(z))), r"\frac{1}{N^2} \sum_{i=1}^{N} \sum_{j=1}^{N} \operatorname{Cov}(z_i, z_j)"),
]
KEPT = [
    Trace(mul(A, T(A), A)),
    mul(Inverse(add(A, T(A))), A),
    mul(Inverse(A, True), A),
    Trace(mul(A, Inverse(mul(A, w, T(w)), True))),
    Diagonal(w),
    Diagonal(A),
    Diagonal(A, vector=True),
    Hadamard((A, A)),
    Hadamard((w, w)),
    mul(Diagonal(w), A),
    add(Identity("m"), mul(w, T(w))),
    E(mul(SquaredNorm(x), x)),
    E(mul(x, T(x)), (Y,)),
    E(Function("f", (X,))),
    Determinant(A),
    V(E(X, (Y,))),
    Pow(add(X, a), number(-1)),
]


@pytest.mark.parametrize(("term", "shown"), SHOWN, ids=lambda v: v if isinstance(v, str) else "")
def test_reads_as_people_write(term: Term, shown: str) -> None:
    lifted = simplified(term, Claim(term, term, facts()))
    assert lifted is not None
    assert latex(lifted) == shown


@pytest.mark.parametrize("term", [t for t, _ in SHOWN] + KEPT, ids=latex)
def test_lifting_keeps_the_value(term: Term) -> None:
    lifted = simplified(term, Claim(term, term, facts()))
    assert lifted is not None
    assert lifted.shape == term.shape
    assert isinstance(prove(Claim(term, lifted, facts())), Proof)


def test_no_index_of_the_kernel_shows() -> None:
    lifted = simplified(E(mul(T(x), A, n)), Claim(X, X, facts()))
    assert lifted is not None
    assert not any(isinstance(p, Index) for p in walk(lifted))
    assert "#" not in latex(lifted)


def terms(shape: str) -> st.SearchStrategy[Term]:
    """Random expressions: 's' scalars, 'v' columns of m, 'q' square matrices."""
    leaf = {"s": [X, Y, a, b, N], "v": [x, n, w], "q": [A, T(A), Identity("m")]}[shape]

    def grown(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        return st.one_of(
            st.builds(lambda p, q: add(p, q), inner, inner),
            st.builds(E, inner),
            *([st.builds(lambda p, q: mul(p, q), inner, inner)] if shape != "v" else []),
            *([st.builds(V, inner)] if shape == "s" else []),
        )

    return st.recursive(st.sampled_from(leaf), grown, max_leaves=5)


@settings(max_examples=60, deadline=None)
@given(terms("s"), terms("v"), terms("q"))
def test_lifting_keeps_random_values(scalar: Term, column: Term, square: Term) -> None:
    for term in (scalar, column, square, mul(scalar, square, column), mul(T(column), square, column)):
        lifted = simplified(term, Claim(term, term, facts()))
        assert lifted is not None
        assert isinstance(prove(Claim(term, lifted, facts())), Proof)


def test_a_rectangular_chain_comes_back() -> None:
    term = mul(A, B, T(B))
    assert simplified(term, Claim(term, term, facts())) == term


ANY_ONE = r"""```given
W \in \mathbb{R}^{k \times d}
\mathbf{m} \in \mathbb{R}^d
W, \mathbf{m} \text{ constant}
\mathbb{E}[\mathbf{x}] = \mathbf{m}
x_1, \dots, x_d \text{ iid}
```
$$ \mathbb{E}[\mathbf{x}^\top W^\top W \mathbf{x}] = \mathbf{m}^\top W^\top W \mathbf{m} $$
"""


def test_a_component_that_may_be_any_one_is_shown_as_the_first() -> None:
    (chain,) = check_texts([("page.md", ANY_ONE)], simulation=False).documents[0].derivations
    assert chain.steps[0].difference is not None and r"\mathbf{m}_1" in chain.steps[0].difference
