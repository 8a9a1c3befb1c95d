"""What is missing: the weakest unsaid assumptions under which the kernel proves a step that does not follow.

An assumption counts only when it is needed, fits the givens, and explains one side: a zero mean that wipes out
both sides alike, for instance, is no assumption that anybody made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from time import thread_time

from derive.judge.assumptions import Candidate, assuming
from derive.judge.candidates import candidates
from derive.judge.normal import holds
from derive.judge.unsaid_names import unsaid_means
from derive.judge.unsaid_statistics import unsaid_statistics
from derive.kernel.proof import Proof, Stuck, prove
from derive.language.facts import Claim
from derive.language.terms import Covariance, Expectation, Symbol, Term, Variance, walk
from derive.rules.construct import zero

MOST = 3  # assumptions at once
POOLS = (  # what is tried together, weak pools first
    frozenset({"named", "definition"}),
    frozenset({"uncorrelated", "symmetric"}),
    frozenset({"property", "symmetric"}),
    frozenset({"uncorrelated", "mean", "symmetric"}),
    frozenset({"independent", "symmetric"}),
    frozenset({"independent", "mean", "symmetric"}),
    frozenset({"uncorrelated", "identical", "named", "definition"}),
    frozenset({"independent", "identical", "named", "definition"}),
    frozenset({"conditional", "uncorrelated"}),
)


def find_missing(claim: Claim, stuck: Stuck, *, seconds: float = 0.8) -> tuple[Candidate, ...]:
    """The smallest set of unsaid assumptions (at most three) under which the claim is proved; empty when there is none.

    Single ones are tried from the weakest on; then pools of them, shrunk until each is needed.
    """
    if stuck.difference is None:
        return ()
    until = thread_time() + seconds
    options = candidates(claim, stuck.difference)
    for option in options:
        if thread_time() > until:
            return ()
        if _proves(claim, (option,)) and _plausible(claim, (option,)):
            return (option,)
    for option in options:
        found = _after_naming(claim, option, until) if option.kind in ("definition", "named") else ()
        if found:
            return found
    for pool in POOLS:
        some = _compatible([c for c in options if c.kind in pool])
        if len(some) < 2 or thread_time() > until or not _proves(claim, some):
            continue
        found = _shrunk(claim, some, until)
        if found and len(merged(found)) <= MOST and _plausible(claim, found):
            return merged(found)
    return ()


def find_means(claim: Claim, seconds: float) -> tuple[Candidate, ...]:
    """The meaning of a bar, `\\bar{x}` for the mean of all x_i, or of other customary names, when that makes the step follow."""
    alone = next(((c,) for c in unsaid_means(claim) if _proves(claim, (c,))), ())
    until = thread_time() + seconds
    for some in () if alone else unsaid_statistics(claim):
        if _proves(claim, some):
            return _shrunk(claim, tuple(some), until) or tuple(some)
    return alone


def _after_naming(claim: Claim, name: Candidate, until: float) -> tuple[Candidate, ...]:
    """A name together with one assumption about what it stands for."""
    named = assuming(claim, (name,))
    stuck = prove(named)
    if not isinstance(stuck, Stuck) or stuck.difference is None:
        return ()
    for option in candidates(named, stuck.difference):
        if thread_time() > until:
            return ()
        if option.kind != "definition" and _proves(named, (option,)) and _plausible(claim, (name, option)):
            return (name, option)
    return ()


def _proves(claim: Claim, extra: Iterable[Candidate]) -> bool:
    return holds(assuming(claim, extra))


def _compatible(options: list[Candidate]) -> tuple[Candidate, ...]:
    """At most one name for each moment, `\\sigma_X` for X before `\\sigma_Y`."""
    kept: dict[object, Candidate] = {}
    for option in sorted(options, key=lambda o: not _labelled(o)):
        key = (option.givens[0].lhs,) if option.kind == "named" else option.latex  # type: ignore[union-attr]
        kept.setdefault(key, option)
    return tuple(kept.values())


def _labelled(option: Candidate) -> bool:
    """Whether the new name bears the variable's letter as a label."""
    name = option.latex.rpartition("=")[2]
    return any(re.search(r"_\{?[^=]*" + re.escape(about.replace(r"_{\bullet}", "")), name) for about in option.about)


def _shrunk(claim: Claim, some: tuple[Candidate, ...], until: float) -> tuple[Candidate, ...]:
    """Every candidate dropped that can be spared, the strongest first; empty when time is up."""
    for option in reversed(some):
        if thread_time() > until:
            return ()
        rest = tuple(c for c in some if c is not option)
        if _proves(claim, rest):
            some = rest
    return some


def _plausible(claim: Claim, extra: tuple[Candidate, ...]) -> bool:
    """Each assumption changes one side only, a zero mean the left one.

    What an author writes out is not meant to vanish.
    """
    for candidate in extra:
        others = tuple(c for c in extra if c is not candidate)
        if candidate.kind == "mean" and _changes(claim, claim.rhs, others, extra):
            return False
        if candidate.kind in ("uncorrelated", "independent"):
            both = [_changes(claim, side, others, extra) for side in (claim.lhs, claim.rhs)]
            if all(both) or _empties_a_condition(claim, candidate):
                return False
    return True


def _changes(claim: Claim, side: Term, before: tuple[Candidate, ...], after: tuple[Candidate, ...]) -> bool:
    """Whether more assumptions change the normal form of one side."""
    alone = Claim(side, zero(side.shape), claim.facts, claim.distinct)
    return _normal(assuming(alone, before)) != _normal(assuming(alone, after))


def _empties_a_condition(claim: Claim, candidate: Candidate) -> bool:
    """Whether the right side conditions one of two variables that would be independent on the other."""
    for part in walk(claim.rhs):
        if isinstance(part, Expectation | Variance | Covariance) and part.given:
            known = {s.name for g in part.given for s in walk(g) if isinstance(s, Symbol)}
            if known & set(candidate.about):
                return True
    return False


def _normal(claim: Claim) -> object:
    """The normal form of the left side of `term = 0`; 0 when that is proved."""
    answer = prove(claim)
    return 0 if isinstance(answer, Proof) else answer.difference


def merged(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Pairs that are uncorrelated two by two are said in one statement."""
    pairs = [c for c in found if c.kind == "uncorrelated" and len(c.about) == 2]
    names = sorted({n for c in pairs for n in c.about})
    if len(pairs) < 3 or len(pairs) != len(names) * (len(names) - 1) // 2:
        return found
    parts = [c.latex.partition(r" \text")[0].split(", ") for c in pairs]
    latex = ", ".join(dict.fromkeys(p for part in parts for p in part)) + r" \text{ uncorrelated}"
    group = Candidate("uncorrelated", latex, tuple(names), tuple(g for c in pairs for g in c.givens))
    return (group, *(c for c in found if c not in pairs))


def statements(found: tuple[Candidate, ...]) -> tuple[str, ...]:
    """The givens that would close the gap, in LaTeX."""
    return tuple(c.latex for c in found)
