"""Proofs.  This module exports

    prove(claim)          a Proof, or Stuck with the difference that remains
    draft(claim, like, …) whether less than a proof used would do, to be confirmed by `prove`
    is_genuine(proof)     whether `prove` made it, and it still says what it said then
    shows(proof, claim)   whether it is genuine and of this claim, from givens of this claim
    normal_form(term, …)  the polynomial of one component of a term

A `Proof` can be made by `prove` alone: its constructor asks for a key that does not leave this module, it cannot be
copied or subclassed, and what Python lets one forge in spite of that (`object.__new__`) is in no book: `prove` enters what
it issues into a book of its own, which `is_genuine` asks.  A claim is proved when lhs − rhs has the normal form zero under the
givens, component by component; for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeGuard, final
from weakref import WeakKeyDictionary

from derive.kernel import zero
from derive.kernel.algebra import LARGEST_SUM, Budget, OutOfBudget, measured
from derive.kernel.blocks import blocks, is_blocked
from derive.kernel.context import SPARABLE, Context
from derive.kernel.monomials import Ix, Poly
from derive.kernel.places import FIRST, NotCovered
from derive.kernel.session import Session, index_ranges, open_session
from derive.language.facts import Claim, Given
from derive.language.terms import Derivative, Dim, Term, walk

_KEY = object()
FREE_ROW: Ix = ("_r", 0)
FREE_COLUMN: Ix = ("_c", 0)


@final
class Proof:
    """That a claim holds: `rules` by name and `uses` the givens that its normalisation went through."""

    __slots__ = ("__weakref__", "claim", "presupposed", "rules", "uses")

    claim: Claim
    rules: tuple[str, ...]
    uses: tuple[Given, ...]
    presupposed: tuple[str, ...]

    def __new__(cls, key: object = None, *said: Any) -> Proof:
        if key is not _KEY:
            raise TypeError("a Proof is made by prove() alone")
        return super().__new__(cls)

    def __init__(
        self, key: object, claim: Claim, rules: tuple[str, ...], uses: tuple[Given, ...], presupposed: tuple[str, ...]
    ):
        if key is not _KEY:
            raise TypeError("a Proof is made by prove() alone")
        for name, value in zip(_SAID, (claim, rules, uses, presupposed), strict=True):
            object.__setattr__(self, name, value)
        _ISSUED[self] = (claim, rules, uses, presupposed)

    def __init_subclass__(cls, **options: Any) -> NoReturn:
        raise TypeError("there is one kind of Proof")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Proof cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Proof cannot be changed")

    def __copy__(self) -> NoReturn:
        raise TypeError("a Proof cannot be copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a Proof cannot be copied")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Proof cannot be pickled: prove the claim again")


_SAID = ("claim", "rules", "uses", "presupposed")
_ISSUED: WeakKeyDictionary[Proof, tuple[Any, ...]] = WeakKeyDictionary()  # by identity: a Proof equals itself alone


def is_genuine(proof: object) -> TypeGuard[Proof]:
    """Whether `prove` issued this very object, and nothing of it has been replaced since."""
    if type(proof) is not Proof:
        return False
    issued = _ISSUED.get(proof)
    return issued is not None and all(getattr(proof, n, None) is s for n, s in zip(_SAID, issued, strict=True))


def shows(proof: object, claim: Claim) -> bool:
    """Whether a genuine proof proves this claim: the same two sides, from no more than the claim's own givens.

    What is proved of a derivative from fewer givens may be false: they say what depends on the variable.
    """
    if not is_genuine(proof):
        return False
    own, known = proof.claim, set(map(id, claim.facts.givens))
    same = own.lhs == claim.lhs and own.rhs == claim.rhs and own.distinct == claim.distinct
    fewer = len(own.facts.givens) < len(known) and is_of_derivatives(claim)
    fitting = own.facts.symbols == claim.facts.symbols and all(id(g) in known for g in own.facts.givens)
    return same and fitting and not fewer


def is_of_derivatives(claim: Claim) -> bool:
    return any(isinstance(t, Derivative) for side in (claim.lhs, claim.rhs) for t in walk(side))


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


def draft(claim: Claim, like: Proof, budget: Budget, *, disabled: frozenset[str] = frozenset()) -> Draft | None:
    """Whether the claim of a proof would still be proved from fewer givens (those of `claim`), without some rules.

    Quick, as what the proof did without them stands.  What is found is to be confirmed by `prove`.
    """
    answer = _compared(claim, budget, lambda: open_session(claim, disabled, open_session(like.claim, frozenset())))
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


__all__ = [
    "SPARABLE",
    "Draft",
    "Proof",
    "Stuck",
    "components",
    "draft",
    "is_blocked",
    "is_genuine",
    "is_of_derivatives",
    "normal_form",
    "prove",
    "shows",
]
