"""What a document gives away about its own givens, and gaps that are named once."""

from __future__ import annotations

from derive.judge.check import check_texts

PAGE = r"""
```given
\hat{z}_i, z, \epsilon_i \in \mathbb{R}
\hat{z}_1, \dots, \hat{z}_n, z \text{ random}
E[\hat{z}_i %s z] = E[\varepsilon_i]
```

$$ E\left[\left(\frac{1}{n}\sum_{i=1}^n (\hat{z}_i - z)\right)^2\right] = E\left[\left(\frac{1}{n}\sum_{i=1}^n \epsilon_i\right)^2\right] $$
"""


def report(text):
    return check_texts([("x.md", text)], simulation=False).documents[0]


def test_a_lost_minus_is_noticed():
    found = report(PAGE % "")
    assert any("operator seems to be missing" in r.message and r.line == 5 for r in found.remarks)


def test_nothing_is_noticed_where_the_minus_stands():
    assert not any("operator" in r.message for r in report(PAGE % "-").remarks)


def test_a_gap_is_not_echoed_as_an_error():
    text = r"""
```given
X, Y, a \in \mathbb{R}
X, Y \text{ random}
a \text{ constant}
```

$$
\begin{aligned}
\operatorname{Var}(X + Y) &= \operatorname{Var}(X) + \operatorname{Var}(Y) \\
&= \operatorname{Var}(X - Y)
\end{aligned}
$$
"""
    (chain,) = report(text).derivations
    assert [s.verdict for s in chain.steps] == ["needs", "needs"]
    assert chain.steps[0].missing == chain.steps[1].missing


def test_a_large_step_is_reported_with_lines_between():
    text = r"""
```given
X, Y \in \mathbb{R}
X \perp Y
\mathbb{E}[X] = 0
a \text{ constant}
```

$$ \operatorname{Var}(aX + Y) = a^2 \mathbb{E}[X^2] + \operatorname{Var}(Y) $$
"""
    found = check_texts([("x.md", text)], simulation=False, max_step=1).documents[0]
    assert [s.verdict for c in found.derivations for s in c.steps] == ["proved"]
    (remark,) = found.remarks
    assert "more than 1" in remark.message and "between" in remark.hint
    assert not check_texts([("x.md", text)], simulation=False, max_step=9).documents[0].remarks


def test_a_counterexample_shows_only_what_matters():
    text = r"""
```given
\mathbb{E}[N] = 0
X \perp N
a \text{ constant}
```

$$ \operatorname{Var}(aX) = a \operatorname{Var}(X) $$
"""
    (chain,) = report(text).derivations
    model = chain.steps[0].counterexample
    assert all(set(values) == {"X"} for _, values in model.outcomes)
