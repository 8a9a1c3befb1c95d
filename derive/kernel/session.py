"""Normal forms under one set of facts, remembered: the right side of a step is the left side of the next."""

from __future__ import annotations

from typing import Any

from derive.kernel.context import Context, Remembered, ix
from derive.kernel.monomials import Ix, Mono, Poly
from derive.kernel.normal import Translator
from derive.kernel.places import span_of
from derive.language.facts import Claim, Facts
from derive.language.terms import Entry, Symbol, Term, walk

KEPT = 96  # sessions; the oldest goes
LARGEST = 20_000  # what one session remembers


class Session:
    """Normal forms under some facts.

    `like`: a session under more facts, or with fewer rules disabled.  What did not go through the facts and rules that are
    lacking here is taken over from it, by its log; so nothing of such a session enters a `Proof`.
    """

    def __init__(self, facts: Facts, disabled: frozenset[str], distinct: Any, like: Session | None = None):
        self.facts = facts  # keeps the objects alive whose identities are the key
        self.translator = Translator(Context(facts, disabled, distinct))
        if like is not None:
            self._take_over(like)

    def _take_over(self, like: Session) -> None:
        here = set(map(id, self.facts.givens))
        lacking = {id(g) for g in like.facts.givens if id(g) not in here}
        context = self.translator.context
        if "linearity" in context.disabled:
            return  # without it, moments have another form
        for key, found in like.translator.context.memo.items():
            if (
                isinstance(found, Remembered)
                and lacking.isdisjoint(found.givens)
                and context.disabled.isdisjoint(found.rules)
            ):
                context.memo[key] = found

    def normal(self, term: Term, row: Ix, column: Ix) -> Poly:
        """The reduced polynomial of a component; what it used is logged again when it is remembered."""
        translator = self.translator
        memo = translator.context.memo
        if len(memo) >= LARGEST:
            memo.clear()
        whole = ("whole", term, row, column)
        return translator.context.remembered(
            whole, lambda: _apart(translator.context, translator.reduced(translator.component(term, row, column, {})))
        )


def _apart(context: Context, poly: Poly) -> Poly:
    """Without the terms that are zero because indices differ that the claim keeps apart."""
    if not context.distinct:
        return poly

    def meets(mono: Mono) -> bool:
        return all(f[0] != "d" or context.differ(f[1], f[2], frozenset()) is not True for f, _ in mono[0])

    return Poly({mono: number for mono, number in poly.terms.items() if meets(mono)})


_sessions: dict[Any, Session] = {}


def open_session(claim: Claim, disabled: frozenset[str], like: Session | None = None) -> Session:
    """The session of the claim's facts.

    `like`: what that session found serves where it is the same; such a session is kept apart from the others.
    """
    facts = claim.facts
    key = (id(facts.symbols), tuple(map(id, facts.givens)), disabled, claim.distinct, like is None)
    known = _sessions.get(key)
    if known is not None:
        del _sessions[key]  # put back behind the others: the least recently used one goes first
    session = known or Session(facts, disabled, claim.distinct, like)
    _sessions[key] = session
    while len(_sessions) > KEPT:
        del _sessions[next(iter(_sessions))]
    return session


def index_ranges(claim: Claim) -> frozenset[tuple[Ix, tuple[Ix, Ix]]]:
    """Where the claim's free indices run: `x_j` exists, so j is in the range of the family (or dimension) of x."""
    found: set[tuple[Ix, tuple[Ix, Ix]]] = set()
    for side in (claim.lhs, claim.rhs):
        for term in walk(side):
            if isinstance(term, Symbol) and term.indices:
                info = claim.facts.symbols.get(term.name)
                for index, family in zip(term.indices, info.families if info else (), strict=False):
                    if family is not None:
                        found.add((ix(index), (ix(family.lower), ix(family.upper))))
            elif isinstance(term, Entry):
                for index, dim in zip((term.row, term.column), term.arg.shape, strict=True):
                    if not isinstance(dim, tuple):
                        found.add((ix(index), span_of(dim)))
    return frozenset(found)
