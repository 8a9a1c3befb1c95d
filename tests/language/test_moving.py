"""Scripts that move with the index of a sum are never a part of one name."""

import pytest

import derive

MOVING = [
    r"\sum_{k=1}^{q} x_{t-k} = q x_{t-k}",
    r"\sum_{k=1}^{q} x_{t+k} = q x_{t+k}",
    r"\sum_{k=1}^{q} x_{n-k+1} = q x_{n-k+1}",
    r"\sum_{k=1}^{q} x_{t-k} y_k = x_{t-k} \sum_{k=1}^{q} y_k",
    r"\sum_{k=1}^{q} x_{k/2} = q x_{k/2}",
    r"\sum_{k=1}^{q} x_{k^2} = q x_{k^2}",
    r"\sum_{k=1}^{q} x_{|t-k|} = q x_{|t-k|}",
    r"\sum_{k=1}^{q} x_{\pi(k)} = q x_{\pi(k)}",
    r"\sum_{k=1}^{q} x_{k:n} = q x_{k:n}",
    r"\sum_{k=1}^{q} x_{k|k-1} = q x_{k|k-1}",
    r"\sum_{k=1}^{q} \mathbf{x}_{t-k} = q \mathbf{x}_{t-k}",
    r"\sum_{k=1}^{q} x_{t-k,j} = q x_{t-k,j}",
    r"\sum_{k=1}^{q} X^{(t-k)} = q X^{(t-k)}",
    r"\sum_{k=1}^{q} f_{t-k}(x) = q f_{t-k}(x)",
    r"\sum_{k=1}^{q} \mathbb{E}_{t-k}[x] = q \mathbb{E}_{t-k}[x]",
    r"\prod_{k=1}^{q} x_{t-k} = x_{t-k}^q",
    r"\sum_{k=1}^{K} \sum_{i=1}^{n_k} 1 = K n_k",
    r"\sum_{k=1}^{K} \sum_{i=1}^{n_k} \mu = K n_k \mu",
    r"\sum_{k=1}^{K} \sum_{i=1}^{n_k} \mu_k = n_k \sum_{k=1}^{K} \mu_k",
]

FOLLOWED = [
    r"\sum_{k=1}^{q} a x_k = a \sum_{k=1}^{q} x_k",
    r"\sum_{k=1}^{q} x_{k-1} y_{t-1} = y_{t-1} \sum_{k=1}^{q} x_{k-1}",
    r"\sum_{k=1}^{q} x_{k} y_{t-s} = y_{t-s} \sum_{k=1}^{q} x_{k}",
    r"\sum_{i=1}^{n} x_{\mathrm{in}} = n x_{\mathrm{in}}",
    r"\sum_{k=1}^{q} a x^{(k)} = a \sum_{k=1}^{q} x^{(k)}",
    r"x_{t-k} + x_{t-k} = 2 x_{t-k}",
    r"\sum_{k=1}^{K} \sum_{i=1}^{n} \mu_k = n \sum_{k=1}^{K} \mu_k",
]


def step(claim: str, given: str = ""):
    head = f"```given\n{given}\n```\n\n" if given else ""
    report = derive.check(f"{head}$$\n{claim}\n$$\n", simulation=False)
    return report.documents[0].derivations[0].steps[0]


@pytest.mark.parametrize("claim", MOVING)
def test_a_script_that_moves_with_the_sum_is_no_name(claim):
    found = step(claim)
    assert found.verdict == "unread"
    assert "moves with" in found.message


@pytest.mark.parametrize("claim", FOLLOWED)
def test_scripts_that_stay_are_names(claim):
    assert step(claim).verdict == "proved"


def test_a_moving_average_is_not_refuted_by_a_symbol_that_it_does_not_contain():
    given = "u_t \\text{ iid}\n\\operatorname{Var}(u_t) = s"
    claim = r"\operatorname{Var}\left(\sum_{k=0}^{q} a_k u_{t-k}\right) = s \sum_{k=0}^{q} a_k^2"
    assert step(claim, given).verdict == "unread"


def test_what_is_not_followed_is_no_clash_of_dimensions():
    """Sums of unequal length are not read with all lengths 1."""
    claim = r"\sum_{k=1}^{K} \sum_{i=1}^{n_k} x_{ki} = K \sum_{i=1}^{n_k} x_{ki}"
    assert step(claim).verdict == "unread"


MEMBERS = [  # claim about members of the family k_ω, verdict
    (r"E[\sum_{j=1}^D k_{\omega_j}] = \sum_{j=1}^D E[k_{\omega_j}]", "proved"),
    (r"\sum_{j=1}^D E[k_{\omega_j}] = D E[k_{\omega_1}]", "needs"),
    (r"\sum_{k=1}^{q} x_{a_k} = q x_{a_k}", "wrong"),
    (r"\sum_{k=1}^{q} \sigma_{X_k}^2 = q \sigma_{X_k}^2", "wrong"),
    (r"\sum_{k=1}^{q} c \sigma_{X_k}^2 = c \sum_{k=1}^{q} \sigma_{X_k}^2", "proved"),
]


@pytest.mark.parametrize("claim, verdict", MEMBERS)
def test_a_script_with_an_index_of_its_own_makes_a_family(claim, verdict):
    found = step(claim)
    assert found.verdict == verdict
    assert "}_{" not in "".join(found.missing)
