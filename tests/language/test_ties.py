"""Which constants move with the variable of a derivative, by what the premises say."""

import pytest

from benchmarks.soundness import claims_of
from derive.kernel.proof import Proof, prove
from derive.language.ties import moving
from derive.witnesses.finite import Abstention, Refutation, examine
from derive.witnesses.simulate import Abstention as NotSimulated
from derive.witnesses.simulate import simulate

SHAPES = r"A, X \in \mathbb{R}^{n \times n}" + "\n" + r"\mathbf{u}, \mathbf{y}, \mathbf{b} \in \mathbb{R}^n" + "\n"
W, U = r"\frac{d}{dw} ", r"\nabla_{\mathbf{u}} "


def claim(givens, step):
    (found,) = claims_of(f"```given\n{SHAPES}{givens}\n```\n\n$$\n{step}\n$$\n", "a.md")
    return found


MOVING = {
    "the other side alone": (r"w^2 = v", "w", {"v"}),
    "an equation of scalars": (r"w + v = 1", "w", {"v"}),
    "through another one": ("w + v = 1\nv s = 2", "w", {"v", "s"}),
    "others": ("w + v = 1\nr s = 2", "w", {"v"}),
    "a definition is put in": (r"v = w^2", "w", set()),
    "the variable is defined": (r"w = v^2", "w", {"v"}),
    "a vector alone is defined": (r"A \mathbf{u} = \mathbf{b}", r"\mathbf{u}", set()),
    "normal equations": (r"X^\top X \mathbf{u} = X^\top \mathbf{y}", r"\mathbf{u}", set()),
    "an eigenvector": (r"A \mathbf{u} = a \mathbf{u}", r"\mathbf{u}", set()),
    "a moment": (r"\mathbb{E}[Y] = w", "w", set()),
}


@pytest.mark.parametrize("name", MOVING)
def test_moving(name):
    givens, variable, expected = MOVING[name]
    assert moving(claim(givens, "w + v + s + r = w + v + s + r").facts, variable) == expected


OPEN = [  # neither proved nor refuted: what is held fixed is not said
    (r"w^2 = v", W + "v = 0"),
    (r"w^2 = v", W + "v = 2 w"),
    (r"w^2 = v^2", W + "v = 0"),
    (r"w + v = 1", W + "(w v) = v"),
    (r"w + v = 1", W + "(w v) = v - w"),
    ("v = s^2\nw + s = 1", W + "v = 0"),
    (r"w = v^2", W + "v = 0"),
]


@pytest.mark.parametrize(("givens", "step"), OPEN)
def test_nothing_is_decided_where_it_is_not_said_what_is_held_fixed(givens, step):
    one = claim(givens, step)
    assert not isinstance(prove(one), Proof)
    assert isinstance(examine(one), Abstention)
    assert isinstance(simulate(one, samples=100), NotSimulated)


PROVED = [
    (r"v = w^2", W + "v = 2 w"),
    ("w + v = 1", W + "w^2 = 2 w"),
    ("r + v = 1", W + "(w v) = v"),
    (
        r"X^\top X \mathbf{u} = X^\top \mathbf{y}",
        U + r"\|X \mathbf{u} - \mathbf{y}\|^2 = 2 X^\top (X \mathbf{u} - \mathbf{y})",
    ),
    (r"A \mathbf{u} = a \mathbf{u}", U + r"\mathbf{u}^\top A \mathbf{u} = (A + A^\top) \mathbf{u}"),
]


@pytest.mark.parametrize(("givens", "step"), PROVED)
def test_what_is_tied_to_nothing_is_held_fixed(givens, step):
    one = claim(givens, step)
    assert isinstance(prove(one), Proof)
    assert not isinstance(examine(one), Refutation)
