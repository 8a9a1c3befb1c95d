"""Blocks whose size only the other side tells."""

import pytest

from derive.judge.check import check_texts

HEAD = r"""```given
\mathbf{x}, \mathbf{n} \in \mathbb{R}^m
\mathbf{z} \in \mathbb{R}^k
\mathbf{n} \sim \mathcal{N}(\mathbf{0}, \alpha\mathbf{I})
\mathbf{n} \perp (\mathbf{x}, \mathbf{z})
```
"""
STACK = r"\begin{pmatrix} \mathbf{%s} \\ \mathbf{n} \end{pmatrix}"
STACKED = rf"E\left[{STACK}{STACK}^\top\right]"
BLOCKS = r"\begin{pmatrix} E[\mathbf{%s}\mathbf{%s}^\top] & \mathbf{0} \\ \mathbf{0} & \alpha\mathbf{I} \end{pmatrix}"


def verdict(lhs: str, rhs: str) -> str:
    (report,) = check_texts([("b.md", f"{HEAD}\n$$ {lhs} = {rhs} $$\n")], simulation=False).documents
    (step,) = report.derivations[0].steps
    return step.verdict


@pytest.mark.parametrize("name", ["x", "z"])
def test_zeros_and_identities_in_blocks_take_the_size_that_is_left(name: str):
    assert verdict(STACKED % (name, name), BLOCKS % (name, name)) == "proved"


def test_a_false_block_is_still_refuted():
    false = BLOCKS.replace(r"\alpha\mathbf{I}", r"2\alpha\mathbf{I}") % ("x", "x")
    assert verdict(STACKED % ("x", "x"), false) == "wrong"


def test_blocks_of_other_sizes_do_not_fit():
    wide = r"\begin{pmatrix} E[\mathbf{x}\mathbf{x}^\top] & \mathbf{0} \\ \mathbf{0} & E[\mathbf{z}\mathbf{z}^\top] \end{pmatrix}"
    assert verdict(STACKED % ("x", "x"), wide) in ("wrong", "unread")
