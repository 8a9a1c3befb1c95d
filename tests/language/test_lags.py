"""The `t+h` of x_{t+h} beside x_t: any other index in a claim, never one in a given."""

import pytest

import derive

IID = r"x_t \text{ iid}; E[x_t] = m; \operatorname{Var}(x_t) = s"
SHOCKS = r"e_t \text{ iid}; E[e_t] = 0; \operatorname{Var}(e_t) = s; a \text{ constant}; x_t = e_t + a e_{t-1}"
CASES = [  # givens, claim, verdict
    (IID, r"E[x_{t+h}] = E[x_t]", "proved"),
    (IID + r"; h \geq 1", r"E[x_t x_{t+h}] = m^2", "proved"),
    (IID + r"; h \neq 0", r"E[x_t x_{t+h}] = m^2", "proved"),
    (IID, r"E[x_t x_{t+h}] = m^2", "wrong"),
    (IID + r"; h \geq 1", r"E[x_t x_{t+h-1}] = m^2", "wrong"),
    (IID + r"; h \neq 0", r"E[x_t x_{t+h+1}] = m^2", "wrong"),
    (SHOCKS, r"E[x_{t+h}] = 0", "proved"),
    (SHOCKS + r"; h \geq 2", r"\operatorname{Cov}(x_t, x_{t+h}) = 0", "proved"),
    (SHOCKS + r"; h \geq 1", r"\operatorname{Cov}(x_t, x_{t+h}) = 0", "wrong"),
    (SHOCKS + r"; h > 1", r"\operatorname{Cov}(x_t, x_{t-h}) = 0", "proved"),
    (r"X_{t+h} = X_t + Z; X_t \perp Z; E[Z] = 0", r"E[X_t X_{t+h}] = E[X_t^2]", "proved"),
    (r"x_n = s_n + w_n; E[w_n w_{n+k}] = 0", r"E[x_n x_{n+k}] = E[s_n s_{n+k}]", "unread"),
]


@pytest.mark.parametrize(("givens", "claim", "verdict"), CASES)
def test_the_step(givens, claim, verdict):
    block = "```given\n" + givens.replace("; ", "\n") + "\n```\n"
    found = derive.check(f"{block}\n$$ {claim} $$\n", simulation=False).steps[0]
    assert found.verdict == verdict, found.message


def test_a_given_about_a_distance_is_no_given_about_any_two():
    text = "```given\nx_t \\text{ iid}\n\\operatorname{Var}(x_t) = s\ny_t = x_t + x_{t-h}\n```\n$$ \\operatorname{Cov}(y_t, y_u) = s $$\n"
    report = derive.check(text, simulation=False)
    assert report.steps[0].verdict != "proved"
    assert report.documents[0].givens[-1].reading == "not understood"
