"""What a phrase says under a condition: “given ⟦Z⟧, ⟦X⟧ and ⟦Y⟧ are independent”, “i.i.d. given ⟦t⟧”."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from derive.language import syntax as sx
from derive.language.syntax import Statement, Syntax
from derive.source import clauses as cl
from derive.source.pieces import Piece
from derive.source.words import MARK

if TYPE_CHECKING:
    from derive.source.phrases import Phrase

HELD = re.compile(r"\W*(?:given|conditional(?:ly)? (?:on|given)|conditioned on|conditioning on)\s+⟦0⟧", re.IGNORECASE)
INDEPENDENCE = re.compile(r"\bi\.?\s?i\.?\s?d\b|\bindep")


def split_bar(phrase: Phrase) -> None:
    r"""Of “⟦X_1, …, X_n \mid Z⟧ are i.i.d.” the Z is a piece of its own: “conditionally on ⟦Z⟧, ⟦X_1, …, X_n⟧ are i.i.d.”"""
    for number, piece in enumerate(phrase.pieces):
        depth = cl.levels(piece.tokens)
        bars = [k for k, t in enumerate(piece.tokens) if t.kind == "bar" and depth[k] == 0]
        if len(bars) != 1 or cl.main_relations(piece.tokens) or f"⟦{number}⟧" not in phrase.text:
            continue
        before, behind = cl.strip(piece.tokens[: bars[0]]), cl.strip(piece.tokens[bars[0] + 1 :])
        if before and behind and INDEPENDENCE.search(phrase.text.lower()):
            phrase.pieces[number] = Piece(before)
            phrase.pieces.append(Piece(behind))
            phrase.text = f"conditionally on ⟦{len(phrase.pieces) - 1}⟧, {phrase.text}"
            return
    first = HELD.match(phrase.text)
    if (
        first is not None and len(MARK.findall(phrase.text)) == 1
    ):  # `\text{given } Z, X_1, \dots, X_n \text{ are i.i.d.}`
        parts = cl.split(phrase.pieces[0].tokens, ("comma",))
        if len(parts) > 1 and all(map(cl.strip, parts)):
            behind = phrase.pieces[0].tokens[len(parts[0]) + 1 :]
            phrase.pieces[:] = [Piece(cl.strip(parts[0])), Piece(cl.strip(behind))]
            phrase.text = f"{first.group()}, ⟦1⟧{phrase.text[first.end() :]}"


def conditioned(phrase: Phrase, said: Statement, marks: list[int]) -> list[Statement]:
    given, tokens = phrase.subjects(marks), [t for m in marks for t in phrase.pieces[m].tokens]
    if said.kind == "iid" and "identical" not in said.flags:
        return [phrase.scribe.make("conditionally", (said.parts[0], given), tokens, word="iid")]
    if said.kind == "equation" and isinstance(moment := said.parts[0][0], sx.Operator):
        held = replace(moment, given=(*moment.given, *given))
        return [replace(said, parts=((held, *said.parts[0][1:]), *said.parts[1:]))]
    if said.kind != "independent":
        return [said]
    groups = said.parts
    flat = tuple(s for g in groups for s in g)
    if len(flat) == 1 or any(isinstance(s, sx.Dots) for s in flat):
        return [phrase.scribe.make("conditionally", (flat, given), tokens, word="independent")]
    return [  # mutually: the first of all others, the second of those behind it, …
        phrase.scribe.make("conditional", (group, tuple(s for g in groups[k + 1 :] for s in g), given), tokens)
        for k, group in enumerate(groups[:-1])
    ]


def conditional(phrase: Phrase, active: list[int], marks: list[int], lower: str) -> bool:
    last = phrase.found[-1] if phrase.found else None
    given = phrase.spread(phrase.subjects(marks))
    own = set(phrase.subjects(active))
    for place, said in reversed(list(enumerate(phrase.found))):
        if said.kind not in ("iid", "independent"):
            continue
        flat = tuple(s for g in said.parts for s in g) if said.kind == "independent" else said.parts[0]
        several = len(flat) == 1 or any(isinstance(s, sx.Dots) for s in flat)
        if not own.issuperset(flat) or "identical" in said.flags or "pairwise" in said.flags:
            continue
        if said.kind == "iid" or (said.kind == "independent" and several):  # “… are i.i.d. given ⟦Z⟧”
            word = "iid" if said.kind == "iid" else "independent"
            tokens = [t for m in (*active, *marks) for t in phrase.pieces[m].tokens]
            phrase.found[place] = phrase.scribe.make("conditionally", (flat, given), tokens, word=word)
            phrase.held = given
            phrase.found[:] = [holding(phrase, s, own) for s in phrase.found]
            return True
    if last is not None and last.kind == "independent" and len(last.parts) == 2:
        phrase.found.pop()
        phrase.add("conditional", (*last.parts, given), [*active, *marks])
        return True
    subjects = phrase.subjects(active)
    if "independent" in lower and len(subjects) == 2:
        phrase.add("conditional", ((subjects[0],), (subjects[1],), given), [*active, *marks])
        return True
    return False


def holding(phrase: Phrase, said: Statement, own: set[Syntax]) -> Statement:
    """A moment of the subjects that was read in front of “given ⟦Z⟧”: it holds given Z."""
    moment = said.parts[0][0] if said.kind == "equation" else None
    letters = {s.letter for s in own if isinstance(s, sx.Name)}
    if not isinstance(moment, sx.Operator) or moment.given:
        return said
    if not all(isinstance(a, sx.Name) and a.letter in letters for a in moment.arguments):
        return said
    return replace(said, parts=((replace(moment, given=phrase.held), *said.parts[0][1:]), *said.parts[1:]))
