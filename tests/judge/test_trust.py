from derive.judge.check import check_texts
from derive.report import Trust

GIVEN = r"""```given
\mathbf{n}, \mathbf{w} \in \mathbb{R}^m
\mathbf{w} \text{ constant}
\mathbf{n} \sim \mathcal{N}(\mathbf{0}, \alpha \mathbf{I})
```
"""


def trust(chain: str, given: str = GIVEN) -> Trust:
    return check_texts([("page.md", f"{given}\n$$ {chain} $$\n")], simulation=False).documents[0].trust


def test_normality_that_is_never_used_is_said() -> None:
    found = trust(r"\mathbb{E}[(\mathbf{n}^\top \mathbf{w})^2] = \alpha \mathbf{w}^\top \mathbf{w}")
    assert any("normality" in note and "mean and covariance" in note for note in found.notes)


def test_a_distribution_of_which_only_the_mean_is_used() -> None:
    found = trust(r"\mathbb{E}[\mathbf{n}^\top \mathbf{w}] = 0")
    assert any("only the mean" in note for note in found.notes)


def test_normality_that_is_used_is_not_complained_of() -> None:
    given = "```given\nX \\sim \\mathcal{N}(0, \\sigma^2)\n```\n"
    found = trust(r"\mathbb{E}[X^4] = 3\sigma^4", given)
    assert found.notes == ()
    assert found.given_used == (r"X \sim \mathcal{N}(0, \sigma^2)",)


def test_unbiasedness_that_is_never_used_is_said() -> None:
    given = "```given\nX \\in \\mathbb{R}\n\\mathbb{E}[X] = 0\n\\mathbb{E}[X^2] = v\n```\n"
    found = trust(r"\mathbb{E}[(2X)^2] = 4v", given)
    assert any(r"\mathbb{E}[X] = 0" in note and "never used" in note for note in found.notes)
    assert r"\mathbb{E}[X] = 0" in found.given_unused


def test_givens_that_were_not_understood_are_said() -> None:
    given = "```given\nX \\in \\mathbb{R}\nblorb the frobnicator\n```\n"
    (note,) = trust(r"\mathbb{E}[2X] = 2\mathbb{E}[X]", given).notes
    assert "line 3" in note and "not understood" in note
    (note,) = trust(r"\mathbb{E}[2X] = 2\mathbb{E}[X]", given.replace("blorb", "frob it\nblorb")).notes
    assert "lines 3 and 4" in note
    assert trust(r"\mathbb{E}[2X] = 2\mathbb{E}[X]", "").notes == ()


def test_rules_and_witnesses_are_named() -> None:
    found = trust(r"\mathbb{E}[\mathbf{n}^\top \mathbf{w}] = 0")
    assert "linearity" in found.rules
    assert any(line == "rules prove the step" for line in found.witnesses)
    assert any(line == "finite models agree with the step" for line in found.witnesses)


def test_of_a_sentence_with_several_facts_one_that_is_used_is_enough() -> None:
    given = "Let $u$ and $v$ be uncorrelated random vectors with covariance $A$.\n"
    found = trust(r"\operatorname{Cov}(u + v) = \operatorname{Cov}(u) + \operatorname{Cov}(v)", given)
    assert found.given_used == (given.strip().rstrip("."),)
    assert found.given_unused == ()


def test_of_a_sentence_the_fact_that_is_never_used_is_named() -> None:
    found = trust(r"\operatorname{Var}(2N) = 4v", "Let $N$ have mean zero and variance $v$.\n")
    assert "E[N] = 0 is never used" in found.notes
