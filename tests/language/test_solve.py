from typing import Any

import pytest

from derive.judge.reading import read
from derive.language.elaborate import elaborate
from derive.language.solve import Solver

GIVEN = "```given\nA \\in \\mathbb{R}^{m \\times n}\n$x$ random\n```\n"
FITTING = GIVEN + "\n$$E[A x] = A E[x]$$\n\n$$E[y^\\top B y] = \\operatorname{tr}(B E[y y^\\top])$$\n"
CLASHING = FITTING + "\n$$A A x = E[A] + x$$\n\n$$\\mathbf{u}^\\top \\mathbf{v} = \\mathbf{u} + 1$$\n"


@pytest.mark.parametrize("text", [FITTING, CLASHING])
def test_equations_left_alone_where_nothing_changed_say_what_they_said(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Solver.propagate
    spared = clashing = 0

    def twice(self: Solver, terms: list[Any] | None = None) -> int:
        nonlocal spared, clashing
        if terms is not None:
            return run(self, terms)
        spared += self.settled is not None and self.settled.of == self.situation()
        found = run(self), list(self.checker.problems), self.checker.clashes, list(self.shown)
        self.settled = None
        assert (run(self), self.checker.problems, self.checker.clashes, self.shown) == found
        clashing += bool(found[1])
        return found[0]

    monkeypatch.setattr(Solver, "propagate", twice)
    elaborate(read(text, "page.md"))
    assert spared
    assert bool(clashing) == (text is CLASHING)
