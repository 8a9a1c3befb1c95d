r"""A theorem that is recalled may use the letters of the text for other things."""

import derive

PAGE = r"""Let $X \in \mathbb{R}^{n \times p}$ be a fixed matrix and let $y = X b + e$.
Let $e$ be a random vector with mean zero and covariance $s I_n$.

The linear transformation theorem states that

$$ X \sim \mathcal{N}(M, V) \quad \Rightarrow \quad \operatorname{Var}(2 X) = 4 V . $$

It is also known that

$$ \operatorname{Var}(X) = \operatorname{E}(X^2) - \operatorname{E}(X)^2 . $$

Therefore

$$ \operatorname{E}(y) = X b . $$
"""


def steps(text):
    return derive.check(text, simulation=False).steps


def test_letters_of_recalled_theorems_are_their_own():
    assert [s.verdict for s in steps(PAGE) if s.verdict not in ("defines", "assumed")] == ["proved"] * 3


def test_what_a_block_declares_is_the_same_everywhere():
    block = "```given\nX \\in \\mathbb{R}^{n \\times p}\n```\n"
    found = steps(block + r"$$ \operatorname{Var}(X) = \operatorname{E}(X^2) - \operatorname{E}(X)^2 $$" + "\n")
    assert [s.verdict for s in found] == ["unread"] or found[0].verdict == "wrong"


def test_a_special_case_is_known_for_its_display_alone():
    text = "It is a special case in which $n = 1$:\n\n$$ n + 1 = 2 $$\n\nIn general\n\n$$ n + 2 = 3 . $$\n"
    assert [s.verdict for s in steps(text)] == ["proved", "wrong"]


def test_a_special_case_in_a_sentence_of_its_own_says_nothing():
    text = "There is a special case in which $n = 1$. We look at the general one.\n\n$$ n + 1 = 2 $$\n"
    assert [s.verdict for s in steps(text)] != ["proved"]
