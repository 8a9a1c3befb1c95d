"""Claims on which two witnesses once disagreed."""

import pytest

import derive

PAIRS = r"\mathbb{E}[x_i \mid x_j] = 0 \quad (i \neq j)"
NORMAL = "X, Y, Z \\text{ pairwise independent}\nX, Y, Z \\text{ identically distributed}\nY \\sim \\mathcal{N}(0, 1)"
SIMULATED = [
    ("Y \\perp Z \\mid X\nY \\sim (\\mu, \\sigma^2)", r"\mathbb{E}[Y^2 + X] = \sigma^2 + \mu^2 + \mathbb{E}[X]"),
    (NORMAL, r"\mathbb{E}[X^2 Y^2] = 1"),
    (NORMAL, r"\mathbb{E}[X Y^2] = 0"),
    ("X, Y \\text{ iid}\nY \\in \\{0, 1\\}\nX \\in \\{0, 1\\}", r"\mathbb{E}[X^2] = \mathbb{E}[Y]"),
    ("X, Y \\text{ iid}\nY \\in \\{0, 1\\}", r"\mathbb{E}[XY^2] = \mathbb{E}[XY]"),
    ("X \\perp Z \\mid Y\nX \\perp Y", r"\mathbb{E}[X Y^2] = \mathbb{E}[X]\,\mathbb{E}[Y^2]"),
    (r"X_1, \dots, X_n \text{ iid given } Z", r"\mathbb{E}[X_1^2 X_2] = \mathbb{E}[X_2^2 X_3]"),
    (r"X_1, \dots, X_n \text{ iid given } Z", r"\operatorname{Cov}(X_1, X_2) = \operatorname{Cov}(X_2, X_3)"),
]


def step(given: str, claim: str, simulation: bool):
    report = derive.check(f"```given\n{given}\n```\n\n$$\n{claim}\n$$\n", simulation=simulation)
    (found,) = report.documents[0].derivations[0].steps
    return found


@pytest.mark.parametrize("case", SIMULATED)
def test_the_simulation_keeps_to_the_givens(case):
    found = step(*case, simulation=True)
    assert found.verdict == "proved"
    assert found.simulation is not None and found.simulation.agree


def test_members_that_differ_are_two_in_every_model():
    assert step(PAIRS, r"\operatorname{Var}(x_2) = \mathbb{E}[x_2^2]", False).verdict == "proved"
    wrong = step(PAIRS, r"\operatorname{Var}(x_2) = 0", False)
    assert wrong.verdict == "wrong" and {"x_2", "x_3"} <= set(wrong.counterexample.outcomes[0][1])


def test_a_family_has_the_members_that_are_written():
    wrong = step(r"X_1, \dots, X_n \text{ iid given } Z", r"\operatorname{Cov}(X_1, X_3) = 0", False)
    assert int(wrong.counterexample.dimensions["n"]) >= 3


def test_models_in_which_a_constant_vanishes_are_no_evidence():
    given = "A \\in \\mathbb{R}^{n \\times n}\nA \\text{ positive definite}\nA \\mathbf{u} = a \\mathbf{u}"
    found = step(given, r"\mathbf{u}^\top \mathbf{v} = -\mathbf{u}^\top \mathbf{v}", False)
    assert found.verdict == "unproved" and "could not be tested" in found.message


def test_a_law_holds_of_all_that_have_it_as_far_as_the_claim_goes():
    claim = r"\operatorname{Var}(\mathbb{E}[2 Y^3 \mid X^2]) = 4\mathbb{E}[\mathbb{E}[Y^3 \mid X^2]^2]"
    given = NORMAL.replace("Y \\sim", "Z \\sim")
    found = step(given, claim, False)
    assert found.verdict == "proved" and (found.exact is None or found.exact.agree is not False)
    assert step(given, r"\mathbb{E}[Y^3] = 1", False).verdict != "proved"
