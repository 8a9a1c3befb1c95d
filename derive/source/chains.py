"""Displays to chains: members, relations, reasons, conditions; and the statements that are displayed among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from derive.language.syntax import Chain, ChainLink, Diagnostic, Expression, Span, Statement, Syntax
from derive.source import clauses as cl
from derive.source import notation as nt
from derive.source.clauses import cut
from derive.source.conditions import read_conditions
from derive.source.cursor import Usage
from derive.source.grammar import read
from derive.source.indices import free_indices
from derive.source.places import Places, ReadError
from derive.source.rows import logical_rows
from derive.source.statements import Scribe
from derive.source.tokens import Token

MAX_TOKENS = 12_000  # of one member
LAYOUT = re.compile(
    r"\\\\(?:\s*\[[^\]]*\])?|&|\\(?:nonumber|notag|label\s*\{[^}]*\}|begin\s*\{(?:aligned|split|gathered|array)\*?\}|"
    r"end\s*\{(?:aligned|split|gathered|array)\*?\})"
)
SPACE = re.compile(r"\s+")


@dataclass
class Draft:
    """A chain while it is collected."""

    members: list[Expression] = field(default_factory=list)
    links: list[ChainLink] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    conditions: list[Syntax] = field(default_factory=list)
    hypotheses: list[Statement] = field(default_factory=list)
    continues: bool = False


@dataclass
class Chains:
    """Reads displays one after the other; the last chain may be continued by the next display."""

    places: Places
    usage: Usage
    items: list[Statement | Chain] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    last: Expression | None = None
    draft: Draft = field(default_factory=Draft)
    latex: str = ""
    supposed: Sequence[Statement] = ()
    concluding: bool = False
    demanding: bool = False
    inherited: list[Statement] = field(default_factory=list)  # hypotheses of the chain before
    lower_last: Expression | None = None  # as `last`, with the lower signs
    label: int = 0  # the length of a label in front of the row
    labelled: list[Statement] = field(default_factory=list)

    def finish(self) -> list[Statement | Chain]:
        """All items.  `P: X \\sim …` beside `Q: X \\sim …` are two laws for one symbol, and neither is a given."""
        doubled = [s for s in self.labelled if sum(s.parts[:1] == o.parts[:1] for o in self.labelled) > 1]
        return [unlabelled(i) if any(i is d for d in doubled) else i for i in self.items]  # type: ignore[arg-type]

    # -- displays ---------------------------------------------------------------------------

    def display(
        self,
        tokens: list[Token],
        latex: str,
        environment: str = "",
        supposed: Sequence[Statement] = (),
        concluding: bool = False,
        demanding: bool = False,
    ) -> None:
        """Take in one display; `supposed` is known for it alone, `concluding`, `demanding`: what the words in front of it do."""
        self.latex, self.supposed, self.concluding, self.demanding = latex, supposed, concluding, demanding
        both = any(t.text in SIGNS for t in tokens)
        before = self.last
        for row in logical_rows(with_signs(tokens, 0) if both else tokens, environment):
            self.row(row)
        self.close()
        if both:
            self.repeat(logical_rows(with_signs(tokens, 1), environment), before)

    def repeat(self, rows: list[list[Token]], before: Expression | None) -> None:
        r"""The chains of a display with `\pm` once more, with the lower signs; what it states is known already."""
        kept, upper = self.last, self.items
        self.items, self.last = [], self.lower_last or before
        for row in rows:
            self.row(row)
        self.close()
        lower = [replace(c, lower=True) for c in self.items if isinstance(c, Chain)]
        self.lower_last, self.last = self.last, kept
        self.items = paired(upper, lower)

    def row(self, tokens: list[Token]) -> None:
        r"""Take in one logical row; what stands before a `\Rightarrow` is a hypothesis of what stands behind it."""
        hypotheses: list[Statement] = list(self.supposed)
        parts, arrows = implications(tokens)
        for k, part in enumerate(parts):
            if k and arrows[k - 1] != r"\Rightarrow":
                hypotheses = []
            premise = k < len(arrows)
            self.part(part, hypotheses, premise)
            if premise:
                self.close()

    def part(self, tokens: list[Token], hypotheses: list[Statement], premise: bool) -> None:
        if any(t.kind == "text" for t in tokens) and (stated := self.phrases(tokens)) is not None:
            self.close()
            (hypotheses if premise else self.items).extend(stated)
            return
        self.label = prefix(tokens)
        for clause in cl.clauses(tokens[self.label :]):
            self.clause(clause, hypotheses, premise)

    def phrases(self, tokens: list[Token]) -> list[Statement] | None:
        """A row that is a statement in words and nothing else: `X, Y \\text{ independent}`."""
        if any(t.kind == "rel" and t.text not in (r"\perp",) for t in tokens):
            return None
        from derive.source.lines import phrase_statements

        found = phrase_statements(Scribe(self.places, self.usage, "display", self.latex), tokens)
        return found if found and all(s.kind != "unread" for s in found) else None

    def clause(self, clause: cl.Clause, hypotheses: list[Statement], premise: bool) -> None:
        match clause.kind:
            case "remark":
                self.remark(clause.text)
            case "condition":
                self.condition(clause, hypotheses)
            case "statement":
                self.statement(clause, hypotheses, premise)
            case "chain":
                if self.demanding:
                    self.close()
                    self.items.extend(self.premises(clause.tokens))
                stated = self.premises(clause.tokens) if premise else []
                special = stated if any(h.kind == "distribution" for h in hypotheses) else []
                self.chain(clause.tokens, [*hypotheses, *special])  # `X \\sim D` and n = 1: a case that is supposed
                hypotheses.extend(stated)
            case "expression":
                self.expression(clause, hypotheses, premise)

    def premises(self, tokens: list[Token]) -> list[Statement]:
        try:
            return Scribe(self.places, self.usage, "display", self.latex).equations(tokens)
        except ReadError:
            return []  # the chain itself reports what cannot be read

    def expression(self, clause: cl.Clause, hypotheses: list[Statement], premise: bool) -> None:
        """Something without a relation: the head of a chain, or a statement in words."""
        if any(t.kind == "text" for t in clause.tokens):
            return
        if premise:
            return
        self.close()
        self.draft.tokens.extend(clause.tokens)
        self.draft.members.append(self.member(clause.tokens))
        self.draft.hypotheses = list(hypotheses)

    def remark(self, text: str) -> None:
        if self.draft.links:
            link = self.draft.links[-1]
            joined = f"{link.reason}; {text.strip()}" if link.reason else text.strip()
            self.draft.links[-1] = replace(link, reason=joined)

    def condition(self, clause: cl.Clause, hypotheses: list[Statement]) -> None:
        try:
            if any(r in cl.STATING for r in cl.main_relations(clause.tokens)):
                scribe = Scribe(self.places, self.usage, "display", self.latex)
                stated = [s for s in scribe.clauses([replace(clause, kind="statement")]) if s.kind != "unread"]
                self.items.extend(stated)
                if not any(s.word == "indexset" for s in stated):
                    return
            self.draft.conditions.extend(read_conditions(clause.tokens, self.places, self.usage))
        except ReadError:
            written = self.places.text[clause.tokens[0].start : clause.tokens[-1].end]
            self.remark("for " + SPACE.sub(" ", written))

    def statement(self, clause: cl.Clause, hypotheses: list[Statement], premise: bool) -> None:
        """A displayed distribution, shape or independence; `Y = AX \\sim …` is a chain besides."""
        scribe = Scribe(self.places, self.usage, "display", self.latex)
        tokens = clause.tokens
        _members, signs = cut(tokens)
        place = next((k for k, s in enumerate(signs) if s.text in cl.STATING), None)
        if place and all(s.text in ("=", ":=") for s in signs[:place]):
            end = tokens.index(signs[place])
            if self.demanding:
                self.close()
                self.items.extend(self.premises(tokens[:end]))
            self.chain(tokens[:end], hypotheses)
        stated = scribe.clauses([clause])
        if premise:
            hypotheses.extend(stated)
        elif len(hypotheses) == len(self.supposed):  # what only follows from a hypothesis is no given
            self.close()
            if self.label:
                self.labelled.extend(s for s in stated if s.kind == "distribution")
            if self.concluding:
                stated = [replace(s, flags=s.flags | {"concluded"}) if s.kind == "distribution" else s for s in stated]
            self.items.extend(stated)

    # -- chains -----------------------------------------------------------------------------

    def chain(self, tokens: list[Token], hypotheses: list[Statement]) -> None:
        members, signs = cut(tokens)
        if members[0]:
            self.close()
            self.draft.members.append(self.member(members[0]))
            self.draft.hypotheses = list(hypotheses)
        elif not self.draft.members:
            self.draft.continues = True
            self.draft.hypotheses = [*self.inherited, *(h for h in hypotheses if h not in self.inherited)]
            self.draft.members.append(self.last or self.missing(signs[0]))
        self.draft.tokens.extend(tokens)
        for sign, member in zip(signs, members[1:], strict=False):
            span = self.places.span(sign.start, sign.end)
            self.draft.links.append(ChainLink(sign.text, span, str(sign.extra or "")))
            self.draft.members.append(self.member(member) if member else self.nothing(sign))

    def member(self, tokens: list[Token]) -> Expression:
        span = self.places.span(tokens[0].start, tokens[-1].end)
        latex = written(self.places, tokens)
        try:
            if len(tokens) > MAX_TOKENS:
                raise ReadError(Diagnostic("this expression is too long to be read", span, hint="name parts of it"))
            head = self.draft.members[0].syntax if self.draft.members else None
            free = free_indices(head) if head is not None else None
            return Expression(read(tokens, self.places, self.usage, free), latex, span)
        except ReadError as error:
            return Expression(None, latex, span, error.diagnostic)

    def missing(self, sign: Token) -> Expression:
        span = self.places.span(sign.start, sign.end)
        return Expression(
            None,
            "",
            span,
            Diagnostic("nothing stands before this relation that it could continue", span, "an expression"),
        )

    def nothing(self, sign: Token) -> Expression:
        span = self.places.span(sign.end, sign.end + 1)
        at = self.places.span(sign.start, sign.end)
        return Expression(None, "", span, Diagnostic("nothing stands behind this relation", at, "an expression"))

    def close(self) -> None:
        """Finish the chain that is being collected."""
        draft, self.draft = self.draft, Draft()
        if draft.members:
            self.last = draft.members[-1]
            self.inherited = draft.hypotheses
        if draft.links:
            first, last = draft.tokens[0], draft.tokens[-1]
            span = whole(self.places, first, last)
            chain = Chain(
                tuple(draft.members),
                tuple(draft.links),
                span,
                draft.continues,
                tuple(draft.conditions),
                tuple(draft.hypotheses),
            )
            self.items.append(chain)


SIGNS = {r"\pm": (("plus", "+"), ("minus", "-")), r"\mp": (("minus", "-"), ("plus", "+"))}


def with_signs(tokens: list[Token], which: int) -> list[Token]:
    r"""`a \pm b` as a + b, or as a - b; a sign in front of everything stays, `s = \pm 1` says two values."""
    changed = []
    for k, token in enumerate(tokens):
        binary = token.text in SIGNS and k > 0 and tokens[k - 1].kind not in ("rel", "open", "comma", "lbrace")
        if binary:
            kind, text = SIGNS[token.text][which]
            token = replace(token, kind=kind, text=text)
        changed.append(token)
    return changed


def paired(upper: list[Statement | Chain], lower: list[Chain]) -> list[Statement | Chain]:
    """Each of the last chains of a list, followed by itself with the lower signs."""
    waiting = list(lower)
    result: list[Statement | Chain] = []
    for item in reversed(upper):
        twin = waiting[-1] if waiting and isinstance(item, Chain) and waiting[-1].span == item.span else None
        if twin is not None:
            result.append(waiting.pop())
        result.append(item)
    return result[::-1]


def unlabelled(statement: Statement) -> Statement:
    problem = Diagnostic("two laws are named for the same symbol; neither is taken as a given", statement.span)
    return replace(statement, kind="unread", parts=(), word="", flags=frozenset(), problem=problem)


def written(places: Places, tokens: list[Token]) -> str:
    """The user's LaTeX of a member, without what only lays out rows; calls of macros with all their arguments."""
    text, calls = places.text, places.calls
    pieces: list[str] = []
    place = min(t.start for t in tokens)
    for token in tokens:
        if token.start > place:
            pieces.append(LAYOUT.sub(" ", text[place : token.start]))
        end = calls.get(token.start, token.end)
        pieces.append(text[max(place, token.start) : end])
        place = max(place, end)
    return SPACE.sub(" ", "".join(pieces)).strip()


def whole(places: Places, first: Token, last: Token) -> Span:
    return places.span(first.start, last.end)


def implications(tokens: list[Token]) -> tuple[list[list[Token]], list[str]]:
    """The parts of a row between its implication arrows, and these."""
    parts: list[list[Token]] = [[]]
    arrows: list[str] = []
    for token, level in zip(tokens, cl.levels(tokens), strict=False):
        if level == 0 and token.kind == "rel" and token.text in nt.ARROWS:
            arrows.append(token.text)
            parts.append([])
        else:
            parts[-1].append(token)
    return parts, arrows


def prefix(tokens: list[Token]) -> int:
    r"""The length of a label such as `m: \;` in front of a model."""
    inner = [k for k, t in enumerate(tokens) if t.kind != "quad"]
    if len(inner) > 2 and tokens[inner[0]].kind in ("name", "word") and tokens[inner[1]].kind == "colon":
        return inner[1] + 1
    return 0
