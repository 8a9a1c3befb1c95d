import pytest

from derive.judge.expansion import NotAnExpression, expand_latex


def test_every_line_is_proved_and_has_one_rule():
    chain = expand_latex(
        r"\mathbb{E}[(aX + Y)^2]",
        [r"a \text{ constant}", r"X \perp Y", r"\mathbb{E}[X] = 0", r"\operatorname{Var}(X) = v"],
    )
    assert {s.verdict for s in chain.steps} == {"proved"}
    assert all(len(s.rules) == 1 for s in chain.steps)
    assert all(a.rhs == b.lhs for a, b in zip(chain.steps, chain.steps[1:], strict=False))
    assert "v" in chain.steps[-1].rhs and r"\mathbb{E}[X" not in chain.steps[-1].rhs


def test_the_givens_that_were_used_are_named():
    chain = expand_latex(r"\mathbb{E}[XY]", [r"X \perp Y"])
    assert [s.uses for s in chain.steps] == [(r"X \perp Y",)]


def test_what_is_simple_stays():
    assert expand_latex("a + b").steps == ()


@pytest.mark.parametrize("text", ["", r"\frac{", "a = b", "a, b", r"\mathbb{E}[", "$$", "a \\\\ b"])
def test_what_is_no_expression(text):
    with pytest.raises(NotAnExpression):
        expand_latex(text)


def test_a_given_that_cannot_be_read():
    with pytest.raises(NotAnExpression):
        expand_latex(r"\mathbb{E}[X]", [r"\mathbb{E}["])
