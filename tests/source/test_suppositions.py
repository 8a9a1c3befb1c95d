"""A case that is looked at in passing is not a given."""

from __future__ import annotations

import pytest

from derive.language.syntax import Statement
from derive.source import read_document


def equations(prose: str) -> list[str]:
    document = read_document("x.md", prose + "\n\n$$ a = b $$\n")
    return [i.latex for i in document.items if isinstance(i, Statement) and i.kind == "equation"]


@pytest.mark.parametrize(
    "prose",
    [
        "Uncorrelated errors, $c = 0$, divide the error by ten.",
        "For errors that agree, $c = v$, nothing is gained, and $c = 0$ is best.",
        "If $c = 0$ then the sum is short.",
    ],
)
def test_cases_are_not_givens(prose):
    assert equations(prose) == []


@pytest.mark.parametrize("prose", ["Let $c = 0$.", "We set the constant $c = 0$ from now on.", "Suppose that $c = v$."])
def test_what_is_stated_is_a_given(prose):
    assert len(equations(prose)) == 1
