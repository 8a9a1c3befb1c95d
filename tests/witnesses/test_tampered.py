"""A printed counterexample stands the separate checker; one that was tampered with does not."""

from dataclasses import replace
from fractions import Fraction

import pytest

from derive.language.facts import Claim
from derive.witnesses import shrink
from derive.witnesses.analysis import Analysis
from derive.witnesses.checker import Checker, Concrete
from derive.witnesses.finite import Example, Refutation, examine
from derive.witnesses.verify import holds
from tests.witnesses.test_givens import claim_of

WRONG = {
    "a square": ((r"X \text{ random}", r"\mathbb{E}[X] = 0"), r"\mathbb{E}[X^3] = 0"),
    "uncorrelated": ((r"X, Y \text{ uncorrelated}",), r"\mathbb{E}[X^2 Y] = \mathbb{E}[X^2] \mathbb{E}[Y]"),
    "pairwise": (
        (r"X, Y, Z \text{ pairwise independent}",),
        r"\mathbb{E}[X Y Z] = \mathbb{E}[X] \mathbb{E}[Y] \mathbb{E}[Z]",
    ),
    "a condition": ((r"X \perp Y",), r"\mathbb{E}[X \mid X + Y] = X"),
    "Bernoulli": ((r"X \sim \mathrm{Bernoulli}(p)",), r"\operatorname{Var}(X) = p^2"),
    "a sample": ((r"x_1, \dots, x_n \text{ iid}",), r"\mathbb{E}[x_1 x_2] = \mathbb{E}[x_1^2]"),
    "a vector": (
        (r"\mathbf{x} \in \mathbb{R}^n", r"\mathbf{x} \text{ random}", r"\mathbb{E}[\mathbf{x}] = \mathbf{0}"),
        r"\mathbb{E}[\mathbf{x}\mathbf{x}^\top] = \mathbf{0}",
    ),
    "matrices": ((r"A, B \in \mathbb{R}^{n \times n}", r"A \text{ symmetric}"), r"A B = B A"),
}


class Printed:
    """What was printed for a claim, read back into a model for the checker."""

    def __init__(self, claim: Claim, monkeypatch: pytest.MonkeyPatch):
        seen: list[Concrete] = []
        honest = shrink.described

        def described(examination, builder, model, concrete, env, sides):
            seen.append(concrete)
            return honest(examination, builder, model, concrete, env, sides)

        monkeypatch.setattr(shrink, "described", described)
        outcome = examine(claim, deadline=10)
        assert isinstance(outcome, Refutation)
        self.claim, self.example, self.model = claim, outcome.counterexample, seen[-1]
        stores = [c for one in seen for c in (one.constants, *(values for _, values in one.outcomes))]
        self.keys = {shrink.member_name(key): key for store in stores for key in store}

    def accepted(self, example: Example) -> bool:
        """Whether all givens hold, the sides differ, and they have the printed values."""
        outcomes = [
            (Fraction(p), {self.keys[name]: rows(m) for name, m in values.items()}) for p, values in example.outcomes
        ]
        constants = {self.keys[name]: rows(m) for name, m in example.constants.items()}
        dims = {**self.model.dims, **example.dimensions}
        model = replace(self.model, dims=dims, constants=constants, outcomes=outcomes)
        env = dict(example.indices)
        if not holds(model, self.claim, Analysis(self.claim).givens, env):
            return False
        checker = Checker(model)
        sides = [[checker.at(side, env, k) for k in range(checker.count)] for side in (self.claim.lhs, self.claim.rhs)]
        return (rows(example.lhs), rows(example.rhs)) in list(zip(*sides, strict=True))


def rows(value):
    return [[Fraction(value)]] if isinstance(value, str) else [[Fraction(x) for x in row] for row in value]


def moved(value):
    """The same, with another number at the first place."""
    if isinstance(value, str):
        return str(Fraction(value) + Fraction(3, 7))
    return [[moved(value[0][0]), *value[0][1:]], *value[1:]]


def tampered(example: Example):
    """The same example with one number changed, in all ways."""
    for k, (p, values) in enumerate(example.outcomes):
        rest = example.outcomes[:k], example.outcomes[k + 1 :]
        yield replace(example, outcomes=(*rest[0], (moved(p), values), *rest[1]))
        for name, value in values.items():
            changed = {**values, name: moved(value)}
            yield replace(example, outcomes=(*rest[0], (p, changed), *rest[1]))
    for name, value in example.constants.items():
        yield replace(example, constants={**example.constants, name: moved(value)})
    yield replace(example, lhs=moved(example.lhs))
    yield replace(example, rhs=moved(example.rhs))
    yield replace(example, rhs=example.lhs)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_printed_stands_and_what_is_changed_does_not(name, monkeypatch):
    printed = Printed(claim_of(*WRONG[name]), monkeypatch)
    assert printed.accepted(printed.example)
    changed = list(tampered(printed.example))
    assert len(changed) > 3
    assert [one for one in changed if printed.accepted(one)] == []


def test_an_example_in_which_the_sides_are_equal_is_refused(monkeypatch):
    printed = Printed(claim_of(*WRONG["a square"]), monkeypatch)
    even = (("1/2", {"X": "-1"}), ("1/2", {"X": "1"}))
    assert not printed.accepted(replace(printed.example, outcomes=even, lhs="0", rhs="0"))


def test_an_example_that_violates_a_given_is_refused(monkeypatch):
    printed = Printed(claim_of(*WRONG["a square"]), monkeypatch)
    lifted = (("1/2", {"X": "0"}), ("1/2", {"X": "1"}))
    assert not printed.accepted(replace(printed.example, outcomes=lifted, lhs="1/2", rhs="0"))
