"""Steps that only the search guided by the kernel takes apart, read as a user's document."""

import pytest

from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.rules.guided import Gaps
from derive.rules.unfold import unfold
from tests.rules.reading import claim

MASK = (r"m, z \in \mathbb{R}^h", r"z \text{ constant}", r"m_i \overset{\text{iid}}{\sim} \mathrm{Bernoulli}(p)")
DESIGN = (
    r"X \in \mathbb{R}^{n \times d}",
    r"e \in \mathbb{R}^n",
    r"X \text{ constant}",
    r"\mathbb{E}[e] = \mathbf{0}",
    r"\operatorname{Cov}(e) = \sigma^2 \mathbf{I}",
)
STEPS = {
    "mean of a mask": (MASK, r"\mathbb{E}[\operatorname{diag}(m)]\, z", r"p z"),
    "entrywise mask": (
        (
            r"A, B \in \mathbb{R}^{n \times d}",
            r"A \text{ constant}",
            r"B_{ij} \overset{\text{iid}}{\sim} \mathrm{Bernoulli}(p)",
        ),
        r"\mathbb{E}[B \odot A]",
        r"p A",
    ),
    "component between masks": (
        (r"A \in \mathbb{R}^{h \times d}", r"u \in \mathbb{R}^h", r"v \in \mathbb{R}^d", r"A, u, v \text{ constant}"),
        r"(\operatorname{diag}(u) A \operatorname{diag}(v))_{ij}",
        r"u_i v_j A_{ij}",
    ),
    "inverse under a premise": (
        (*DESIGN, r"X^\top X = \mathbf{I}", r"\lambda > 0", r"b \in \mathbb{R}^d"),
        r"(X^\top X + \lambda \mathbf{I})^{-1} b",
        r"\frac{1}{1 + \lambda} b",
    ),
    "quadratic form": (
        DESIGN,
        r"\mathbb{E}\|X^\top e\|^2",
        r"\operatorname{tr}(X^\top \sigma^2 \mathbf{I}\, X)",
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps_unfold_into_proved_lines(name):
    step = claim(*STEPS[name])
    lines = unfold(step)
    assert lines and lines[-1].term == step.rhs
    before = step.lhs
    for line in lines:
        assert isinstance(prove(Claim(before, line.term, step.facts, step.distinct)), Proof), line
        before = line.term


def test_the_mean_of_other_components_is_not_taken():
    """Only m has declared components; the mean of another vector stays unknown."""
    given = (*MASK, r"k \in \mathbb{R}^h", r"k \text{ random}")
    assert unfold(claim(given, r"\mathbb{E}[\operatorname{diag}(k)]\, z", r"p z"), visits=8) is None


def test_a_gap_names_no_definition_that_is_not_needed():
    step = claim((r"a, b, c \in \mathbb{R}", r"c = a + b"), r"c (a + b)", r"c a + c b")
    gap = Gaps(step).between(step.lhs, step.rhs)
    assert gap is not None and "definition" not in gap.rules


def test_a_false_gap_is_none():
    step = claim((r"a, b \in \mathbb{R}",), "a + b", "a b")
    assert Gaps(step).between(step.lhs, step.rhs) is None
