"""Proofs.  This module exports

    prove(claim)          a Proof, or Stuck with the difference that remains
    draft(claim, like)    whether less than a proof used would do, to be confirmed by `prove`
    normal_form(term, …)  the polynomial of one component of a term

A `Proof` can be made by `prove` alone: its constructor asks for a key that does not leave this module.  A claim is
proved when lhs − rhs has the normal form zero under the givens, component by component; for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from derive.kernel import zero
from derive.kernel.algebra import LARGEST_SUM, Budget, OutOfBudget, measured
from derive.kernel.blocks import blocks, is_blocked
from derive.kernel.context import SPARABLE, Context
from derive.kernel.monomials import Ix, Poly
from derive.kernel.places import FIRST, NotCovered
from derive.kernel.session import Session, index_ranges, open_session
from derive.language.facts import Claim, Given
from derive.language.terms import Dim, Term

_KEY = object()
FREE_ROW: Ix = ("_r", 0)
FREE_COLUMN: Ix = ("_c", 0)


class Proof:
    """That a claim holds: `rules` by name and `uses` the givens that its normalisation went through."""

    __slots__ = ("claim", "presupposed", "rules", "uses")

    claim: Claim
    rules: tuple[str, ...]
    uses: tuple[Given, ...]
    presupposed: tuple[str, ...]

    def __init__(
        self, key: object, claim: Claim, rules: tuple[str, ...], uses: tuple[Given, ...], presupposed: tuple[str, ...]
    ):
        if key is not _KEY:
            raise TypeError("a Proof is made by prove() alone")
        object.__setattr__(self, "claim", claim)
        object.__setattr__(self, "rules", rules)
        object.__setattr__(self, "uses", uses)
        object.__setattr__(self, "presupposed", presupposed)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Proof cannot be changed")


@dataclass(frozen=True, slots=True)
class Stuck:
    """No proof.  `differences`: what remains of lhs − rhs, per component (row, column).

    `reason` is '' when that is all there is, else what kept the kernel from deciding.
    """

    claim: Claim
    reason: str = ""
    differences: tuple[tuple[Ix, Ix, Poly], ...] = ()
    rules: tuple[str, ...] = field(default=())

    @property
    def difference(self) -> Poly | None:
        return self.differences[0][2] if self.differences else None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a proof of a claim would go through, found with the help of another claim's proof: not a proof."""

    rules: tuple[str, ...]
    uses: tuple[Given, ...]


def prove(claim: Claim, *, budget: Budget | None = None, disabled: frozenset[str] = frozenset()) -> Proof | Stuck:
    """Proves the claim or says what is left.  Rules named in `disabled` are not used, where they are `SPARABLE`."""
    answer = _compared(claim, budget or Budget(), lambda: open_session(claim, disabled))
    if isinstance(answer, Stuck):
        return answer
    return Proof(_KEY, claim, tuple(answer.rules_used), tuple(answer.givens_used.values()), tuple(answer.presupposed))


def draft(claim: Claim, like: Proof, *, disabled: frozenset[str] = frozenset()) -> Draft | None:
    """Whether the claim of a proof would still be proved from fewer givens (those of `claim`), without some rules.

    Quick, as what the proof did without them stands.  What is found is to be confirmed by `prove`.
    """
    answer = _compared(claim, Budget(), lambda: open_session(claim, disabled, open_session(like.claim, frozenset())))
    if isinstance(answer, Stuck):
        return None
    return Draft(tuple(answer.rules_used), tuple(answer.givens_used.values()))


def _compared(claim: Claim, budget: Budget, opened: Callable[[], Session]) -> Context | Stuck:
    """The context of a session in which lhs − rhs vanishes, with the log of what that took; or what is left."""
    if claim.lhs.shape != claim.rhs.shape:
        return Stuck(claim, "the shapes of the two sides differ")
    measured(budget, index_ranges(claim))
    try:
        session = opened()
        translator, context = session.translator, session.translator.context
        context.forget()
        left: list[tuple[Ix, Ix, Poly]] = []
        for lhs, rhs in blocks(claim.lhs, claim.rhs):
            for row, column in components(lhs):
                rest = session.normal(lhs, row, column) - session.normal(rhs, row, column)
                rest = translator.reduced(rest)
                if rest.terms and not zero.vanishes(translator, rest, lhs.shape, (row, column)):
                    left.append((row, column, rest))
    except OutOfBudget:
        return Stuck(claim, "the work for this step is past its bound")
    except NotCovered as gap:
        return Stuck(claim, f"not covered: {gap}")
    except ZeroDivisionError:
        return Stuck(claim, "a denominator is zero")
    except RecursionError:
        return Stuck(claim, "the expression is nested too deeply")
    return Stuck(claim, "", tuple(left), tuple(context.rules_used)) if left else context


def normal_form(term: Term, claim: Claim, row: Ix = FIRST, column: Ix = FIRST) -> Poly:
    """The polynomial of one component of a term under the claim's facts.  Raises NotCovered or OutOfBudget."""
    measured(Budget(), index_ranges(claim))
    return open_session(claim, frozenset()).normal(term, row, column)


def components(term: Term) -> Iterator[tuple[Ix, Ix]]:
    """The components to compare: each one of small literal shapes, else one at free indices."""
    rows, columns = (_places(d, free) for d, free in zip(term.shape, (FREE_ROW, FREE_COLUMN), strict=True))
    for row in rows:
        for column in columns:
            yield row, column


def _places(dim: Dim, free: Ix) -> list[Ix]:
    if isinstance(dim, int) and dim <= LARGEST_SUM:
        return [("", k + 1) for k in range(dim)]
    return [free]


__all__ = ["SPARABLE", "Draft", "Proof", "Stuck", "components", "draft", "is_blocked", "normal_form", "prove"]
