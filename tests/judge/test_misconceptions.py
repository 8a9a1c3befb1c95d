from pathlib import Path

import pytest

from derive.judge.buggy import BUGS
from derive.judge.check import check_texts
from derive.judge.misconceptions import BadBook, load_book, recognise
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.terms import Function, Identity, Inverse, Pow, Trace, number
from tests.judge.world import (
    MEMBERS,
    NOISE,
    ZERO_NOISE,
    A,
    E,
    N,
    T,
    V,
    X,
    Y,
    a,
    add,
    claim,
    mul,
    n,
    neg,
    over_n,
    sq,
    total,
    x,
    z,
)

BOOK = load_book()
NAMED = {
    "square-of-mean": claim(E(sq(X)), sq(E(X))),
    "mean-of-product": claim(E(mul(X, Y)), mul(E(X), E(Y))),
    "product-as-sum": claim(E(mul(X, Y)), add(E(X), E(Y))),
    "function-of-mean": claim(E(Function("f", (X,))), Function("f", (E(X),))),
    "mean-of-ratio": claim(E(Pow(X, number(-1))), Pow(E(X), number(-1))),
    "variance-linear": claim(V(mul(a, X)), mul(a, V(X))),
    "constant-not-dropped": claim(V(add(X, a)), add(V(X), a)),
    "forgotten-covariance": claim(V(add(X, Y)), add(V(X), V(Y))),
    "variance-of-difference": claim(V(add(X, neg(Y))), add(V(X), neg(V(Y)))),
    "fourth-moment": claim(E(Pow(X, number(4))), sq(E(sq(X)))),
    "square-of-sum": claim(E(sq(add(X, Y))), add(E(sq(X)), E(sq(Y)))),
    "off-diagonal-forgotten": claim(E(sq(total(z))), total(E(sq(z)))),
    "trace-of-identity": claim(E(mul(T(n), n)), a, NOISE, ZERO_NOISE),
    "trace-of-product": claim(Trace(mul(A, T(A))), sq(Trace(A))),
    "commuted-matrices": claim(mul(A, Inverse(add(A, T(A))), A), mul(Inverse(add(A, T(A))), A, A)),
    "sign-error": claim(E(sq(add(X, neg(Y)))), add(E(sq(X)), mul(number(2), E(mul(X, Y))), E(sq(Y)))),
    "dropped-factor-two": claim(E(sq(add(X, Y))), add(E(sq(X)), E(mul(X, Y)), E(sq(Y)))),
    "dropped-term": claim(add(E(X), E(Y), a), add(E(X), a)),
    "n-for-n-minus-one": claim(mul(add(N, number(-1)), a), mul(N, a)),
    "lost-transpose": claim(mul(A, T(A)), mul(A, A)),
    "uncentred-variance": claim(V(x), E(mul(x, T(x)))),
    "wrong-power-of-n": claim(V(over_n(total(z))), mul(Pow(N, number(-3)), total(V(z))), MEMBERS),
}


@pytest.mark.parametrize("name", NAMED)
def test_mistakes_are_named(name: str) -> None:
    found = recognise(NAMED[name], BOOK)
    assert found is not None
    assert found.misconception.name == name


@pytest.mark.parametrize("name", NAMED)
def test_corrections_are_proved(name: str) -> None:
    one = NAMED[name]
    found = recognise(one, BOOK)
    assert found is not None
    if found.corrected is not None:
        assert isinstance(prove(Claim(one.lhs, found.corrected, one.facts)), Proof)


def test_nothing_is_named_without_ground() -> None:
    assert recognise(claim(E(X), add(E(Y), Pow(number(7), a))), BOOK) is None


def test_every_false_rule_has_its_text() -> None:
    assert set(BUGS) <= set(BOOK.entries)


def test_a_false_rule_is_false() -> None:
    for name in ("square-of-mean", "variance-linear", "product-as-sum"):
        assert not isinstance(prove(NAMED[name]), Proof)


def test_an_instructor_changes_a_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[sign-error]\nmessage = "See section 3 of the notes."\n')
    book = load_book(path)
    assert book.entries["sign-error"].message == "See section 3 of the notes."
    assert book.entries["sign-error"].title == BOOK.entries["sign-error"].title


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("not toml at all", "mine.toml"),
        ('top = "level"', "not a table"),
        ('[new-one]\ntitle = "t"', "title and a message"),
        ('[new-one]\ntitle = "t"\nmessage = "m"', "false"),
        ('[new-one]\ntitle = "t"\nmessage = "m"\nfalse = 3', "string"),
    ],
)
def test_a_bad_file_is_explained(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(BadBook, match=complaint):
        load_book(path)


def test_identity_is_not_a_mistake() -> None:
    assert recognise(claim(mul(Identity("m"), A), T(A)), BOOK) is not None


def test_a_slip_that_would_square_a_matrix_is_not_looked_at() -> None:
    claim = r"$$ \mathbb{E}[(\mathbf{x}^\top\mathbf{w})^2] = \mathbb{E}[(\mathbf{n}^\top\mathbf{w})^2] $$"
    (document,) = check_texts([("x.md", claim)], simulation=False).documents
    assert document.error == "" and document.derivations[0].verdict == "wrong"


def named(given, step):
    (only,) = [
        s
        for d in check_texts([("s.md", f"```given\n{given}\n```\n\n$$\n{step}\n$$\n")], simulation=False).documents
        for c in d.derivations
        for s in c.steps
    ]
    return only.verdict, only.misconception and only.misconception.name


WRITTEN = [
    (r"\mathbf{x} \in \mathbb{R}^d", r"\mathbb{E}[\|\mathbf{x}\|^2] = \|\mathbb{E}[\mathbf{x}]\|^2", "square-of-mean"),
    (
        r"\mathbf{z} \in \mathbb{R}^d",
        r"\mathbb{E}[\mathbf{z}\mathbf{z}^\top] = \mathbb{E}[\mathbf{z}]\mathbb{E}[\mathbf{z}]^\top",
        "square-of-mean",
    ),
    (r"x_1,\dots,x_n \text{ iid}", r"\mathbb{E}[\sum_{i=1}^n x_i^2] = n\,\mathbb{E}[x_1]^2", "square-of-mean"),
]
PLAIN = [
    (r"X > 0", r"\mathbb{E}\left[\frac{1}{1+X}\right] = \frac{1}{1+\mathbb{E}[X]}", "mean-of-ratio"),
    (
        "\\mathbf{w},\\mathbf{x}\\in\\mathbb{R}^d\n\\mathbf{w} \\text{ constant}\n\\operatorname{Cov}(\\mathbf{x})=\\Sigma",
        r"\operatorname{Var}(3\mathbf{w}^\top\mathbf{x}) = 3\mathbf{w}^\top\Sigma\mathbf{w}",
        "variance-linear",
    ),
    (
        "\\mathbf{x},\\mathbf{c}\\in\\mathbb{R}^d\n\\mathbf{c} \\text{ constant}",
        r"\operatorname{Cov}(\mathbf{x}+\mathbf{c}) = \operatorname{Cov}(\mathbf{x})+\mathbf{c}\mathbf{c}^\top",
        "constant-not-dropped",
    ),
    (
        r"A,B\in\mathbb{R}^{d\times d}, \mathbf{x}\in\mathbb{R}^d",
        r"(AB\mathbf{x})^\top = \mathbf{x}^\top A^\top B^\top",
        "transpose-order",
    ),
    (r"A,B\in\mathbb{R}^{d\times d}", "(AB)^2 = A^2B^2", "commuted-matrices"),
    ("A,B\\in\\mathbb{R}^{d\\times d}\nA \\text{ invertible}", "A^{-1}BA = B", "commuted-matrices"),
    ("X \\perp Y\n\\mathbb{E}[X]=a\n\\mathbb{E}[Y]=b", r"\mathbb{E}[5XY] = ab", "dropped-factor"),
]
UNSAID = [
    (r"U, V \text{ random}", r"\mathbb{E}[3UV + 1] = 3\,\mathbb{E}[U]\mathbb{E}[V] + 1", "mean-of-product"),
    (r"\mathbb{E}[Y] = 0", r"\mathbb{E}[X^2 Y] = \mathbb{E}[X^2]\,\mathbb{E}[Y]", "mean-of-product"),
    (r"W \text{ random}", r"\operatorname{Var}(W) = \mathbb{E}[W^2]", "uncentred-variance"),
    (
        r"P, Q \text{ random}",
        r"\operatorname{Var}(3P-2Q) = 9\operatorname{Var}(P)+4\operatorname{Var}(Q)",
        "forgotten-covariance",
    ),
]


@pytest.mark.parametrize(("given", "step", "name"), WRITTEN + PLAIN)
def test_the_slip_is_named_by_what_was_done(given, step, name):
    assert named(given, step) == ("wrong", name)


@pytest.mark.parametrize(("given", "step", "name"), UNSAID)
def test_the_slip_is_named_beside_what_is_missing(given, step, name):
    assert named(given, step) == ("needs", name)


def test_a_missing_definition_is_no_slip():
    assert named(r"X, Y \text{ random}", r"\mathbb{E}[Z] = \mathbb{E}[X] + \mathbb{E}[Y]")[1] is None
