"""Chains of settled terms to typed steps with what is known at each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from derive.language import facts as ft
from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.definitions import EQUALITY, Place
from derive.language.givens import is_definition
from derive.language.lags import kept_apart, lagging
from derive.language.latex import latex
from derive.language.renewed import not_yet, valued
from derive.language.stated import distinct_pairs
from derive.language.typed import TypedChain, TypedStep


@dataclass
class Stepper:
    """`settled` are the proper terms by (item, member); `defined` the raw terms that links define, `recalled`
    the chains whose definitions hold for them alone; `problems_of` the
    diagnostics of a member; `misfits` members that were read but whose shapes do not fit; `text` writes a shape."""

    document: sx.Document
    members: dict[Place, Any]
    settled: dict[Place, tm.Term]
    defined: dict[Place, Any]
    recalled: set[int]
    unread: dict[Place, sx.Diagnostic]
    misfits: set[Place]
    problems_of: Callable[[Place], list[sx.Diagnostic]]
    text: Callable[[Any], str]

    def definition_equations(self) -> dict[Place, ft.Equation]:
        made = {}
        for (place, k), one in self.defined.items():
            left, right = self.settled.get((place, k)), self.settled.get((place, k + 1))
            if left is None or right is None or left.shape != right.shape:
                continue
            if one is not self.members[place, k]:
                left, right = right, left
            if not is_definition(left, right, True) or lagging(left) or lagging(right):
                continue
            chain = self.document.items[place]
            assert isinstance(chain, sx.Chain)
            text = f"{chain.members[k].latex} = {chain.members[k + 1].latex}"
            source = ft.Source(text, f"{latex(left)} is defined here", chain.members[k].span)
            made[place, k] = ft.Equation(left, right, "definition", source)
        return made

    def type_chain(
        self,
        place: int,
        chain: sx.Chain,
        known: list[ft.Given],
        own: list[ft.Given],
        late: list[tuple[int, ft.Given]],
        symbols: dict[str, ft.SymbolInfo],
        definitions: dict[Place, ft.Equation],
    ) -> TypedChain:
        stated = ft.Facts(symbols, (*known, *own))
        distinct = (*distinct_pairs(chain.conditions), *apart(stated))
        steps = []
        for k, link in enumerate(chain.links):
            later = not_yet((g for p, g in late if p > place and g not in known), known)
            everything = (*known, *own, *later)
            facts = ft.Facts(valued(symbols, everything), everything)
            steps.append(self.step(place, k, chain, link, facts, distinct, definitions.get((place, k))))
            if (place, k) in definitions and definitions[place, k] not in known and place not in self.recalled:
                known.append(definitions[place, k])
        return TypedChain(chain, tuple(steps))

    def step(
        self,
        place: int,
        k: int,
        chain: sx.Chain,
        link: sx.ChainLink,
        facts: ft.Facts,
        distinct: tuple[tuple[tm.Index, tm.Index], ...],
        definition: ft.Equation | None,
    ) -> TypedStep:
        lhs, rhs = chain.members[k], chain.members[k + 1]
        if link.symbol not in EQUALITY:
            return TypedStep(link, lhs, rhs, "skipped")
        problems = (*self.problems_of((place, k)), *self.problems_of((place, k + 1)))
        left, right = self.settled.get((place, k)), self.settled.get((place, k + 1))
        if left is None or right is None:
            sides = {(place, k), (place, k + 1)}
            misfit = bool(sides & self.misfits) and not any(s in self.unread and s not in self.misfits for s in sides)
            return TypedStep(link, lhs, rhs, "unread", None, problems, None, misfit)
        claim = ft.Claim(left, right, facts, (*distinct, *kept_apart((left, right), facts)))
        if left.shape != right.shape:
            a, b = self.text(left.shape), self.text(right.shape)
            mismatch = sx.Diagnostic(
                f"the left side is {a}, the right side is {b}", rhs.span, "both sides of one shape"
            )
            return TypedStep(link, lhs, rhs, "claim", claim, (*problems, mismatch))
        if definition is not None:
            return TypedStep(link, lhs, rhs, "defines", claim, problems, latex(definition.lhs))
        assumed = any(
            isinstance(g, ft.Equation) and {(g.lhs, g.rhs), (g.rhs, g.lhs)} & {(left, right)} for g in facts.givens
        )
        return TypedStep(link, lhs, rhs, "assumed" if assumed and left != right else "claim", claim, problems)


def apart(facts: ft.Facts) -> tuple[tuple[tm.Index, tm.Index], ...]:
    r"""Pairs of indices that a given `i \neq j` keeps apart."""
    return tuple(
        (g.left.index, g.right.index)
        for g in facts.givens
        if isinstance(g, ft.Comparison)
        and g.relation in (r"\neq", r"\ne", "<", ">")
        and isinstance(g.left, tm.IndexValue)
        and isinstance(g.right, tm.IndexValue)
        and "dimension" not in (facts.role(g.left.index.base or ""), facts.role(g.right.index.base or ""))
    )
