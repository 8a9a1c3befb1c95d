"""A proved step taken apart into lines of one rule each.

A short search comes first: rules are applied forwards from both sides until the two meet, terms which share much with
the other side first.  Then both sides are expanded as a lecturer would, and the second derivation is read backwards;
then follow a longer search and the fully multiplied out forms.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from derive.kernel.algebra import Budget
from derive.kernel.proof import Proof, prove
from derive.language.facts import Claim
from derive.language.terms import Product, Sum, Term, Transpose, walk
from derive.rules.book import RULES
from derive.rules.compare import Key, key
from derive.rules.context import Context
from derive.rules.expand import expand
from derive.rules.guided import Gaps, Move, Side, meet
from derive.rules.rewriting import Line, anything, everywhere, kinds_in, repeatedly, single
from derive.rules.shared import changed_part

SHORT_SEARCH = 10
NEIGHBOURS_PER_VISIT = 20
SMALL_BUDGET = 50_000  # monomials that the kernel may build for one line
MOST_TOLD = 4  # lines of rules of the book in place of one that the kernel names
MOST_STARTS = 6  # lines of an expansion from which the guided search begins
MOST_BRIDGES = 12  # gaps that the kernel is asked about
MOST_VISITS = 40  # terms whose neighbours are made, both sides together
MOST_NEIGHBOURS = 60  # of one term
LARGEST = 300  # nodes of a term in the search
DEPTH_WEIGHT = 2
# What the kernel names in one word and the book in several.
KINDRED: dict[str, tuple[str, ...]] = {
    "derivative": ("derivative", "product-rule", "chain-rule"),
    "definition": ("definition", "component"),
    "trace": ("trace", "cyclic-trace"),
}
ALGEBRA = frozenset({"expand", "collect", "factor", "cancel", "square"})
Uses = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """A term that was reached, and how: the rule that made it of `parent`."""

    term: Term
    parent: Visit | None = None
    rule: str = ""
    uses: Uses = ()
    depth: int = 0


def unfold(claim: Claim, rules_hint: Iterable[str] = (), visits: int = MOST_VISITS) -> list[Line] | None:
    """Lines from `claim.lhs` to `claim.rhs`, each by one rule; None when none were found.

    `rules_hint`: names of rules that are tried first, as a proof of the claim names them.
    The last line's term is the right side, and the kernel proves every line.
    """
    if key(claim.lhs) == key(claim.rhs):
        turned = _transposes(claim.lhs) != _transposes(claim.rhs) or (claim.lhs.shape == (1, 1) and _chains(claim.lhs))
        return [Line(claim.rhs, "transpose" if turned else "collect")]
    shared = _of_changed_part(claim, tuple(rules_hint), visits)
    if shared is not None:
        return shared
    context = Context(claim.facts, frozenset(frozenset(p) for p in claim.distinct))
    attempts = _attempts(claim, context, tuple(rules_hint), visits)
    direct = by_one_rule(claim)
    if direct is not None:
        told = None if _is_plain(direct, claim, context) else next(attempts)
        return told if told and len(told) <= MOST_TOLD and _holds(told, claim) else [direct]
    for attempt in attempts:
        if attempt is not None and _holds(attempt, claim):
            return attempt
    return None


def _is_plain(line: Line, claim: Claim, context: Context) -> bool:
    """Whether the rule that the kernel names leads from one side to the other with nothing beside it."""
    if line.rule in ALGEBRA:
        return not {Sum, Product} & (kinds_in(claim.lhs) | kinds_in(claim.rhs))
    if line.rule not in RULES:
        return True
    for start, end in ((claim.lhs, claim.rhs), (claim.rhs, claim.lhs)):
        done = repeatedly(RULES[line.rule], start, context)
        if any(
            key(term) == key(end) for term, _ in (*([done] if done else ()), *single(RULES[line.rule], start, context))
        ):
            return True
    return False


def _attempts(claim: Claim, context: Context, hint: tuple[str, ...], visits: int) -> Iterator[list[Line] | None]:
    """Derivations by one way after the other, made only when asked for."""
    for find in (
        lambda: _search(claim, context, hint, min(SHORT_SEARCH, visits)),
        lambda: _by_expansion(claim, thorough=False),
        lambda: _by_expansion(claim, thorough=True),
        lambda: _search(claim, context, hint, visits),
    ):
        met = find()
        yield _joined(*met, claim) if met else None
    yield _bridged(claim)
    yield _guided(claim, context)


def _holds(lines: list[Line], claim: Claim) -> bool:
    """True when the kernel proves every line from the one before."""
    before = claim.lhs
    for line in lines:
        step = Claim(before, line.term, claim.facts, claim.distinct)
        if not isinstance(prove(step, budget=Budget(SMALL_BUDGET)), Proof):
            return False
        before = line.term
    return True


def by_one_rule(claim: Claim) -> Line | None:
    """The claim as one line, when the kernel proves it with at most one rule beside plain algebra."""
    proof = prove(claim, budget=Budget(SMALL_BUDGET))
    if not isinstance(proof, Proof):
        return None
    named = [r for r in proof.rules if r not in ALGEBRA]
    if len(named) > 1:
        return None
    rule = named[0] if named else proof.rules[0] if proof.rules else "collect"
    return Line(claim.rhs, rule, tuple(given.source.latex for given in proof.uses))


def _transposes(term: Term) -> Counter[Term]:
    return Counter(t for t in walk(term) if isinstance(t, Transpose))


def _chains(term: Term) -> bool:
    return any(t.shape != (1, 1) for t in walk(term))


# ---------------------------------------------------------------------------------------------
# Search


def _search(claim: Claim, context: Context, hint: tuple[str, ...], visits: int) -> tuple[Visit, Visit] | None:
    sides = (_Side(claim.lhs, _content(claim.rhs)), _Side(claim.rhs, _content(claim.lhs)))
    made = 0
    for turn in range(visits):
        if made > visits * NEIGHBOURS_PER_VISIT:
            return None
        side, other = sides[turn % 2], sides[1 - turn % 2]
        visit = side.next()
        if visit is None:
            if not other.queue:
                return None
            continue
        for rule, new, uses in _neighbours(visit.term, context, hint):
            made += 1
            reached = side.add(Visit(new, visit, rule, uses, visit.depth + 1), hint)
            if reached is not None and reached in other.seen:
                pair = (side.seen[reached], other.seen[reached])
                return pair if turn % 2 == 0 else (pair[1], pair[0])
    return None


class _Side:
    """What was reached from one side of the claim, and what is to be tried next, nearest to the other side first."""

    def __init__(self, start: Term, goal: Counter[Key]):
        self.goal = goal
        self.seen: dict[Key, Visit] = {key(start): Visit(start)}
        self.queue: list[tuple[float, int, Visit]] = [(0.0, 0, Visit(start))]
        self.count = 0

    def next(self) -> Visit | None:
        return heapq.heappop(self.queue)[2] if self.queue else None

    def add(self, visit: Visit, hint: tuple[str, ...]) -> Key | None:
        """The key of the term when it is new, else None."""
        name = key(visit.term)
        if name in self.seen:
            return None
        self.seen[name] = visit
        self.count += 1
        bonus = 1.0 if hint and visit.rule not in hint else 0.0
        cost = _distance(_content(visit.term), self.goal) + DEPTH_WEIGHT * visit.depth + bonus
        heapq.heappush(self.queue, (cost, self.count, visit))
        return name


def _content(term: Term) -> Counter[Key]:
    return Counter(key(t) for t in walk(term))


def _distance(left: Counter[Key], right: Counter[Key]) -> int:
    """How many subterms the one has that the other has not."""
    return (left - right).total() + (right - left).total()


def _neighbours(term: Term, context: Context, hint: tuple[str, ...]) -> Iterator[tuple[str, Term, Uses]]:
    """Terms that one rule makes: everywhere at once first, then at single places."""
    made: set[Term] = {term}
    names = [*dict.fromkeys(n for n in hint if n in RULES), *(n for n in RULES if n not in hint)]
    for name in names:
        rule = RULES[name]
        if kinds_in(term).isdisjoint(rule.heads):
            continue
        found = [repeatedly(rule, term, context), everywhere(rule, term, context, anything)]
        options = [f for f in found if f is not None]
        for new, uses in (*options, *single(rule, term, context)):
            if new in made or sum(1 for _ in walk(new)) > LARGEST:
                continue
            made.add(new)
            yield name, new, uses
            if len(made) > MOST_NEIGHBOURS:
                return


# ---------------------------------------------------------------------------------------------
# Writing down


def _path(visit: Visit) -> list[Visit]:
    """From the start to `visit`."""
    out = [visit]
    while out[-1].parent is not None:
        out.append(out[-1].parent)
    return out[::-1]


def _joined(left: Visit, right: Visit, claim: Claim) -> list[Line]:
    """The way there, and the way back read backwards; where they meet one term is shown."""
    forth = [Line(v.term, v.rule, v.uses) for v in _path(left)[1:]]
    back = _path(right)
    lines = forth + [Line(back[k - 1].term, back[k].rule, back[k].uses) for k in range(len(back) - 1, 0, -1)]
    lines[-1] = Line(claim.rhs, lines[-1].rule, lines[-1].uses)
    return lines


def _by_expansion(claim: Claim, thorough: bool) -> tuple[Visit, Visit] | None:
    """Both sides expanded until a line of the one is a line of the other."""
    forth = _as_visits(claim.lhs, expand(claim.lhs, claim.facts, claim.distinct, thorough))
    other = _as_visits(claim.rhs, expand(claim.rhs, claim.facts, claim.distinct, thorough))
    back = {key(v.term): v for v in reversed(other)}
    return next(((v, back[key(v.term)]) for v in forth if key(v.term) in back), None)


def _bridged(claim: Claim) -> list[Line] | None:
    """Both sides expanded, and the gap between the two derivations closed by one rule that the kernel names."""
    forth = _as_visits(claim.lhs, expand(claim.lhs, claim.facts, claim.distinct, True))
    back = _as_visits(claim.rhs, expand(claim.rhs, claim.facts, claim.distinct, True))
    pairs = [(forth[-1], right) for right in back] + [(left, back[0]) for left in reversed(forth[:-1])]
    gaps = Gaps(claim)
    for left, right in pairs[:MOST_BRIDGES]:
        gap = gaps.between(left.term, right.term)
        if gap is not None and len(gap.rules) == 1:
            return _joined(Visit(right.term, left, gap.rules[0], gap.uses), right, claim)
    return None


def _of_changed_part(claim: Claim, hint: Uses, visits: int) -> list[Line] | None:
    """The lines for what differs, with what both sides share put back into each of them."""
    found = changed_part(claim)
    if found is None:
        return None
    part, lift = found
    lines = unfold(part, hint, visits) if isinstance(prove(part, budget=Budget(SMALL_BUDGET)), Proof) else None
    if lines is None:
        return None
    lifted = [replace(line, term=lift(line.term)) for line in lines]
    return [*lifted[:-1], replace(lifted[-1], term=claim.rhs)]


def _guided(claim: Claim, context: Context) -> list[Line] | None:
    """A derivation that the kernel's own rules lead to."""

    def moves(term: Term, wanted: Uses) -> Iterator[Move]:
        yield from _moves(term, context, wanted)

    forth = _as_sides(claim.lhs, expand(claim.lhs, claim.facts, claim.distinct))
    back = _as_sides(claim.rhs, expand(claim.rhs, claim.facts, claim.distinct))
    starts = [(forth[0], back[0]), *((left, back[0]) for left in forth[1:MOST_STARTS]), (forth[-1], back[-1])]
    met = meet(claim, moves, lambda left, right: _distance(_content(left), _content(right)), starts)
    if met is None:
        return None
    left, right = _visits_of(claim.lhs, met.left.moves), _visits_of(claim.rhs, met.right.moves)
    return _joined(Visit(right.term, left, met.gap.rules[0], met.gap.uses), right, claim)


def _as_sides(start: Term, lines: list[Line]) -> list[Side]:
    sides = [Side(start)]
    for line in lines:
        sides.append(sides[-1].moved((line.rule, line.term, line.uses)))
    return sides


def _visits_of(start: Term, moves: tuple[Move, ...]) -> Visit:
    visit = Visit(start)
    for rule, term, uses in moves:
        visit = Visit(term, visit, rule, uses, visit.depth + 1)
    return visit


def _moves(term: Term, context: Context, wanted: Uses) -> Iterator[Move]:
    """Every rule everywhere at once, and at single places those that the kernel names."""
    made: set[Term] = {term}
    named = {n for name in wanted for n in KINDRED.get(name, (name,))}
    for name in sorted(RULES, key=lambda n: n not in named):
        rule = RULES[name]
        if kinds_in(term).isdisjoint(rule.heads):
            continue
        found = [repeatedly(rule, term, context), everywhere(rule, term, context, anything)]
        places = single(rule, term, context) if name in named else ()
        for new, uses in (*(f for f in found if f is not None), *places):
            if new not in made and sum(1 for _ in walk(new)) <= LARGEST:
                made.add(new)
                yield name, new, uses


def _as_visits(start: Term, lines: list[Line]) -> list[Visit]:
    visits = [Visit(start)]
    for line in lines:
        visits.append(Visit(line.term, visits[-1], line.rule, line.uses, visits[-1].depth + 1))
    return visits
