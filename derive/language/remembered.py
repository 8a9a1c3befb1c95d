"""Shapes of whole terms, found again while nothing that they rest on has changed.

The equations of a document are run many times, and each time most terms say what they said before.
"""

from __future__ import annotations

from typing import Any

from derive.language import terms as tm
from derive.language.dimensions import Listed, Pair, is_open
from derive.language.shapes import Checker
from derive.language.syntax import Diagnostic
from derive.language.traverse import everywhere

SHAPED = (tm.Symbol, tm.Constant, tm.Function, tm.Entries, Listed)
MEASURED = (tm.Mul, tm.Kronecker, tm.Derivative)  # the checker may give these shape variables of their own

Found = tuple[Pair, int, list[Diagnostic]]


class Remembered:
    """`shape(term)` is that of the checker, with the same clashes and problems."""

    def __init__(self, checker: Checker):
        self.checker = checker
        self.rests: dict[int, tuple[list[Any], list[int]]] = {}  # dimensions in a term, and its terms with variables
        self.found: dict[int, dict[Any, Found]] = {}
        self.walked: dict[int, tuple[Any, ...]] = {}
        self.kept: list[Any] = []  # the terms whose identities are keys

    def everywhere(self, term: Any) -> tuple[Any, ...]:
        """The term and all its subterms, parents first."""
        if id(term) not in self.walked:
            self.kept.append(term)
            self.walked[id(term)] = tuple(everywhere(term))
        return self.walked[id(term)]

    def shape(self, term: Any) -> Pair:
        """The shape of the term; what must agree is made to agree."""
        checker = self.checker
        state = self.state(term)
        known = self.found.setdefault(id(term), {})
        if state in known:
            shape, clashes, problems = known[state]
        else:
            shape, clashes, problems, steady = self.run(term)
            if steady and self.state(term) == state:
                known[state] = shape, clashes, problems
        checker.clashes += clashes
        for problem in problems:
            checker.report(problem)
        return shape

    def run(self, term: Any) -> tuple[Pair, int, list[Diagnostic], bool]:
        """Shape, number of clashes, problems, and whether nothing has changed by it."""
        checker = self.checker
        before = checker.problems, checker.clashes
        changes = checker.dims.changes
        checker.problems, checker.clashes = [], 0
        shape = checker.shape(term)
        problems, clashes = checker.problems, checker.clashes
        checker.problems, checker.clashes = before
        return shape, clashes, problems, checker.dims.changes == changes

    def state(self, term: Any) -> tuple[Any, ...]:
        """What is known of all dimensions that the term rests on."""
        if id(term) not in self.rests:
            self.rests[id(term)] = rests_of(self.everywhere(term))
        dims, measured = self.rests[id(term)]
        find, large, results = self.checker.dims.find, self.checker.dims.large, self.checker.results
        found = [find(d) for d in dims]
        for key in measured:
            found += map(find, results[key]) if key in results else (None,)
        sized = tuple(d in large for d in found if is_open(d))
        return (self.checker.final, self.checker.plain_entries, *found, sized)


def rests_of(parts: tuple[Any, ...]) -> tuple[list[Any], list[int]]:
    """The dimensions that are not fixed in these subterms, and the identities of those that may get some."""
    dims: dict[Any, None] = {}
    measured = []
    for part in parts:
        if isinstance(part, SHAPED):
            dims.update(dict.fromkeys(d for d in part.shape if not isinstance(d, int)))
        elif isinstance(part, tm.Identity) and not isinstance(part.dim, int):
            dims[part.dim] = None
        elif isinstance(part, MEASURED):
            measured.append(id(part))
    return list(dims), measured
