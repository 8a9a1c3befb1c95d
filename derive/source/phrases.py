r"""Facts in words around mathematics: `X, Y \text{ independent}`, “$A$ is symmetric”, “with mean $\mu$”.

A phrase is text in which each piece of mathematics is a mark `⟦k⟧`; what is said of a piece stands right behind it
(“… are independent”) or right in front of it (“independent random variables …”).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Diagnostic, Statement, Syntax
from derive.source import clauses as cl
from derive.source.completions import law, made_of, member, sized
from derive.source.phrase_conditions import conditional, conditioned, split_bar
from derive.source.phrase_moments import moments, states_value, values
from derive.source.pieces import Piece
from derive.source.statements import Scribe, whole_family
from derive.source.subjects import nameable, plain_name, samples, schematic_names
from derive.source.words import (
    ADJECTIVES,
    BARE,
    COPIES,
    ENTRIES,
    FILLERS,
    GIVEN,
    HEDGED,
    KINSHIP,
    LAW,
    LINES,
    MARK,
    MARKS,
    NOUN,
    OBLIQUE,
    OTHER,
    PARAMETERS,
    QUANTIFIER,
    STOP,
    VALUE,
    VERB,
    hits,
    run_from_end,
    run_from_start,
)

ESTIMATING = re.compile(
    r"\b(?:estimators?|estimates?|functions?|transformations?|copy|linear combinations?|predictors?)\s+(?:of|for)\s*$"
)
AMOUNT = re.compile(r"\b(?:size|length|dimension|order|degree|horizon|level)\s*(?:of\s*)?$")  # “of size ⟦n⟧”
GOING_ON = re.compile(r"\s*,?\s*(?:and\s+)?(?:with|has|have|is|are)\b")
AND_MOMENT = re.compile(
    r"\s*,?\s*and\s+(?:with\s+)?(?=(?:an?\s+)?(?:zero|unit|mean|expectation|expected value|variance)\b)"
)
APPOSED = re.compile(  # “with ⟦A⟧ a symmetric ⟦2 \times 2⟧ matrix”
    r"\s*,?\s*an?\s+(?=(?:(?:‹\d+›|fixed|constant|random|symmetric|invertible|orthogonal|diagonal|idempotent|positive|definite|square"
    r"|real|deterministic|non-?random|known|column|row)[\s,-]+)*(?:matrix|vector|scalar|constant)\b(?!\s+of\b))"
)
TOGETHER = re.compile(r"[\s,]*(?:all |both |mutually )*(?:independent|uncorrelated)\b")
MODE = re.compile(r"\b(conditionally|pairwise|separately) $")
MODES = {"conditionally": "conditional", "pairwise": "pairwise", "separately": "pairwise"}
PREFIXED = re.compile(  # “given ⟦Z⟧, ⟦X⟧ and ⟦Y⟧ are …”, but not “given ⟦X⟧, ⟦Y⟧ independent”
    r"\W*(?:(?:conditional(?:ly)?|conditioned|conditioning) (?:on|given)\s+(?:the\s+)?(?:value of\s+)?⟦\d+⟧"
    r"|given\s+(?:the value of\s+)?⟦\d+⟧(?=\s*,\s*(?:let|suppose|assume)\b)"
    r"|given\s+(?:the value of\s+)?⟦\d+⟧(?=\s*,\s*(?:the\s+(?:\w+\s+){0,3})?⟦[^.;:]*⟧\s+(?:is|are|be|become|becomes)\b))\s*,?\s*",
    re.IGNORECASE,
)
UNDER_DATA = re.compile(
    r"\W*given\s+(?:the\s+|some\s+)?(?:\w+\s+)?(?:data|observations?|samples?|history|past|information)\b[^.;]*,",
    re.IGNORECASE,
)
ALL_OF = re.compile(r"\b(?:all(?: of)?(?: the)?|the (?:whole )?(?:sequence|family|collection)(?: of)?)\s*$")
BESIDE = re.compile(  # “with variance ⟦s⟧, uncorrelated with ⟦x⟧”, “with variance ⟦s⟧ that is independent of ⟦x⟧”
    r"[\s,]*(?:and\s+)?(?:(?:that|which)\s+(?:is|are)\s+)?(?:independent|uncorrelated)\b"
)
ENTRIES_ARE = re.compile(
    r"\b(?:with|has|having|whose)\s+(?:\(?i,?\s*j\)?[- ]?(?:th)?\s+)?(?:entry|entries|elements?|components?)(?:\s+(?:is|are|given by))*\s*$"
)
WHOSE = re.compile(  # “whose square is independent of ⟦y⟧” says nothing of the thing itself
    r"\bwhose\s+(?!(?:\w+\s+)?(?:entry|entries|elements?|components?|coordinates?|members?|rows?|columns?|mean|variance|covariance)\b)"
)
NUMBERS = {"natural": r"\mathbb{N}", "integer": r"\mathbb{Z}", "binary": r"\{0, 1\}"}


@dataclass
class Phrase:
    """A phrase and its mathematics.  `strict`: every word must be understood (givens), not only some (prose)."""

    scribe: Scribe
    text: str
    pieces: list[Piece]
    strict: bool = True
    found: list[Statement] = field(default_factory=list)
    moment: bool = False  # a mean or a variance has just been read
    held: tuple[Syntax, ...] = ()  # “… i.i.d. given ⟦Z⟧ with mean ⟦m⟧”: what follows of the same subjects holds given Z
    entries: bool = False  # what follows is said of the components of the subjects

    def read(self) -> list[Statement]:
        """What the phrase states; behind “given ⟦Z⟧, …” independence holds conditionally only."""
        split_bar(self)
        prefix = PREFIXED.match(self.text)
        if prefix is None and UNDER_DATA.match(self.text):
            return []  # what holds given the data is not said of the variables by themselves
        if prefix is None:
            found = self.said()
            if any("conditional" in s.flags for s in found) and self.strict:
                self.leftover(
                    list(range(len(self.pieces))), "conditionally independent"
                )  # of what is given nothing is said
            return [s for s in found if "conditional" not in s.flags]
        inner = Phrase(self.scribe, self.text[prefix.end() :], self.pieces, self.strict)
        marks = [int(m) for m in MARK.findall(prefix.group())]
        return [s for said in inner.said() for s in conditioned(self, said, marks)]

    def said(self) -> list[Statement]:
        groups = list(MARKS.finditer(self.text))
        active: list[int] = []
        for n, group in enumerate(groups):
            start = groups[n - 1].end() if n else 0
            end = groups[n + 1].start() if n + 1 < len(groups) else len(self.text)
            before, after = self.text[start : group.start()], self.text[group.end() : end]
            marks = self.spoken_of(group.group(), after)
            if active and (rest := self.beyond(active, marks, before)):  # “with covariance ⟦Σ⟧, and ⟦A⟧ is fixed”
                self.object(active, marks[: -len(rest)], before)
                active, self.moment, self.entries, self.held = rest, False, False, ()
                self.following(active, after, last=n + 1 == len(groups))
                continue
            self.entries = self.entries or bool(active and ENTRIES.match(after.lower().lstrip()))
            if active and self.object(active, marks, before):
                self.following(active, after, last=n + 1 == len(groups))
                continue
            joined = VERB.match(after) or TOGETHER.match(after.lower()) or APPOSED.match(after.lower())
            if active and QUANTIFIER.search(before.lower()) and not joined and self.only_conditions(marks):
                self.limit(marks)
                continue
            oblique = not self.strict and (ESTIMATING.search(before.lower()) or AMOUNT.search(before.lower()))
            if active and oblique:  # “an estimator of ⟦θ⟧ with variance ⟦v⟧” goes on about the estimator
                continue
            active, self.moment, self.entries, self.held = marks, False, False, ()
            if n == 0 or not self.strict:
                self.preceding(self.alike(marks), before)
            if self.strict or not OBLIQUE.search(before.lower()):
                self.following(active, after, last=n + 1 == len(groups))
        stated = [*self.found, *(s for p in self.pieces for s in p.statements)]
        sized = {s for said in stated if said.kind == "shape" for s in said.parts[0]}
        return [s for s in self.found if s.kind != "array" or not sized.issuperset(s.parts[0])]

    def spoken_of(self, group: str, after: str) -> list[int]:
        """The marks that what follows is said of: in “⟦E[u] = 0⟧, ⟦u⟧ independent of ⟦v⟧” not the first."""
        marks = [int(m) for m in MARK.findall(group)]
        if len(marks) < 2 or not TOGETHER.match(VERB.sub("", after.lower(), count=1)):
            return marks
        kept = [m for m in marks if not self.equates(m, moments=not re.search(rf"⟦{m}⟧\s*,", group))]
        return kept or marks

    def equates(self, mark: int, moments: bool) -> bool:
        """Whether the formula is an equation; `moments`: only one about a mean, a variance or a probability counts."""
        first = next(iter(self.pieces[mark].statements), None)
        if first is None or first.kind != "equation":
            return False
        return isinstance(first.parts[0][0], sx.Operator) or not moments

    def beyond(self, active: list[int], marks: list[int], before: str) -> list[int]:
        """The marks behind the value of a moment that speak of something else."""
        value = VALUE.search(before.lower())
        if value is None or len(marks) < 2 or len(self.subjects(active)) != 1:
            return []
        return marks[1:] if states_value(self, before.lower()[: value.start()], marks[:1]) else []

    def array_of(self, active: list[int], marks: list[int]) -> bool:
        r"""“the matrix ⟦S⟧ with entries ⟦s_{ij}⟧” is S_{ij} = s_{ij}."""
        match self.named(active), self.named(marks):
            case (sx.Name(_, (), ()) as array,), (sx.Name(_, (_, *_) as below, ()) as entry,) if len(below) <= 2:
                both = (replace(array, subscripts=below), entry)
                self.add("equation", (both, ()), [*active, *marks], word="=")
                return True
        return False

    def alike(self, marks: list[int]) -> list[int]:
        """Of “independent variables ⟦X_i \\sim D⟧ and ⟦Y = \\sum_i X_i⟧” the first: a definition is another sentence."""
        equations = [m for m in marks if (s := self.pieces[m].statements) and s[0].kind == "equation"]
        return [m for m in marks if m not in equations] or marks

    # -- mathematics as subject, object, condition --------------------------------------------

    def subjects(self, marks: list[int]) -> tuple[Syntax, ...]:
        found = self.named(marks)
        return tuple(self.component(s) for s in found) if self.entries else found

    def named(self, marks: list[int]) -> tuple[Syntax, ...]:
        """The subjects as they are written, also where their entries are spoken of."""
        found: list[Syntax] = []
        for mark in [m for m in marks if not self.pieces[m].ranges()] or marks:
            piece = self.pieces[mark]
            if piece.subjects is None:
                piece.subjects = self.subjects_of(piece)
            found.extend(s for s in piece.subjects if isinstance(s, sx.Dots) or s not in found)
        return tuple(found)

    def component(self, subject: Syntax) -> Syntax:
        """`A_{ij}` for A, `x_i` for x: by the shape that the phrase says, else by its letter."""
        if not isinstance(subject, sx.Name) or subject.subscripts:
            return subject
        shapes = [s for p in self.pieces for s in p.statements if s.kind == "shape" and subject in s.parts[0]]
        letter = re.sub(r"\\[a-z]+|[{}\\\s]", "", subject.letter)[:1]
        rank = len(shapes[0].dims) if shapes and shapes[0].dims else 2 if letter.isupper() else 1
        indices = tuple(sx.Name(k) for k in "ij"[: max(rank, 1)])
        return sx.Name(subject.letter, indices, subject.superscripts, span=subject.span)

    def subjects_of(self, piece: Piece) -> tuple[Syntax, ...]:
        if piece.statements:
            first = piece.statements[0]
            if all(s.kind == "shape" for s in piece.statements):  # `A \in …, b \in …` are fixed
                return tuple(dict.fromkeys(s for statement in piece.statements for s in statement.parts[0]))
            if first.kind == "equation" and isinstance(first.parts[0][1], sx.MatrixLiteral):  # y = {y_1, …, y_n}
                return tuple(item for row in first.parts[0][1].rows for item in row)
            return (
                first.parts[0]
                if first.parts and first.kind not in ("equation", "comparison")
                else first.parts[0][:1]
                if first.parts
                else ()
            )
        tokens = cl.strip(piece.tokens)
        listed = any(t.kind == "comma" for t in tokens)  # (X_i, Y_i) is one thing
        while (
            not listed
            and len(tokens) > 2
            and tokens[0].kind == "open"
            and tokens[-1].kind == "close"
            and min(cl.levels(tokens)) > 0
        ):
            tokens = tokens[1:-1]
        return self.scribe.subjects(tokens)

    def only_conditions(self, marks: list[int]) -> bool:
        def plain(piece: Piece) -> bool:
            relations = cl.main_relations(piece.tokens)
            kinds = {t.kind for t in piece.tokens}
            return bool(relations) or kinds <= {"name", "comma", "dots"}

        return all(plain(self.pieces[m]) for m in marks)

    def limit(self, marks: list[int]) -> None:
        """Attach conditions to the equations found so far."""
        for mark in marks:
            piece = self.pieces[mark]
            if cl.main_relations(piece.tokens):
                clause = cl.Clause("condition", cl.strip(piece.tokens), "condition")
                self.found[:] = self.scribe.under(self.found, clause)

    def object(self, active: list[int], marks: list[int], before: str) -> bool:
        """Whether the mathematics completes what was said of the active subjects: a mean, a variance, a partner."""
        lower = before.lower()
        if WHOSE.search(lower):
            return False
        if (value := VALUE.search(lower)) is not None and states_value(self, lower[: value.start()], marks):
            values(self, active, moment_kind(value), marks, value.group().strip().endswith(("s", "ces")))
            return True
        if (
            (other := OTHER.search(lower)) is not None
            and (not HEDGED.search(lower[: other.start()]) or MODE.search(lower[: other.start()]))
            and (self.strict or VERB.match(lower) or BESIDE.match(lower))
        ):
            if lower.rstrip().endswith(" with") and any(self.pieces[m].statements for m in marks):
                self.fact(active, "uncorrelated", "")  # “are uncorrelated with ⟦E X_i = 0⟧”
                return True
            mode = MODE.search(lower[: other.start()])
            self.partner(active, marks, other.group(1), frozenset({MODES[mode.group(1)]} if mode else ()))
            return True
        if ENTRIES_ARE.search(lower) and self.array_of(active, marks):
            return True
        if (lines := LINES.search(lower)) is not None and made_of(self, active, marks, lines.group(1)):
            return True
        if (
            self.strict
            and re.fullmatch(r"\s*(?:is|are|is an?|of size|has (?:size|shape)|of dimensions?)\s*", lower)
            and sized(self, active, marks)
        ):
            return True
        if re.search(r"\b(?:in|on|over)\s*$", lower) and member(self, active, marks):
            self.facts(active, lower[: lower.rindex(" ") if " " in lower.strip() else 0], anchored=False)
            return True
        if LAW.search(lower) and len(marks) == 1 and law(self, active, marks[0], lower):
            return True
        counted = not VERB.match(lower) and len(active) == 1 and all(plain_name(s) for s in self.subjects(active))
        if COPIES.search(lower) and not counted:  # “⟦n⟧ independent copies of ⟦X⟧” is no list of copies
            self.facts(active, KINSHIP.sub(" ", COPIES.sub("", lower)), anchored=True)
            for shape in [
                s for m in marks for s in self.pieces[m].statements if s.kind == "shape"
            ]:  # copies of V ∈ ℝ^d
                parts = (schematic_names(self.subjects(active)), *shape.parts[1:])
                self.add("shape", parts, [*active, *marks], word=shape.word, dims=shape.dims)
            flags = frozenset() if re.search(r"iid|i\.i\.d|independent", lower) else frozenset({"identical"})
            own, model = self.subjects(active), self.subjects(marks)
            both = (*model, *own) if isinstance(own[-1], sx.Dots) else (*own, *model)
            self.add("iid", (both,), [*active, *marks], flags=flags)
            return True
        if GIVEN.search(lower):
            return conditional(self, active, marks, lower)
        return False

    def partner(self, active: list[int], marks: list[int], word: str, flags: frozenset[str]) -> None:
        """`flags`: "conditional" of an independence that counts only once its condition has been read, "pairwise"."""
        left, right = self.subjects(active), self.spread(self.subjects(marks))
        if ALL_OF.search(self.text.lower()[: self.text.index(f"⟦{marks[0]}⟧")]):
            left, right = (tuple(m for item in side for m in whole_family(item)) for side in (left, right))
        if word == "independent":
            for other in [(r,) for r in right] if "pairwise" in flags else [right]:
                self.add("independent", (left, other), [*active, *marks], flags=flags - {"pairwise"})
        else:
            for one in left:  # nothing is said of the members of a side among themselves
                for other in right:
                    self.add("uncorrelated", ((one, other),), [*active, *marks])

    def spread(self, items: tuple[Syntax, ...]) -> tuple[Syntax, ...]:
        match items:
            case (sx.Bracketed(sx.Tuple_(inner)),):
                return inner
        return items

    # -- words --------------------------------------------------------------------------------

    def preceding(self, active: list[int], before: str) -> None:
        """“independent random variables ⟦0⟧”: adjectives and a noun right in front."""
        lower = before.lower()
        if self.strict:
            self.facts(active, lower, anchored=False)
            return
        noun = NOUN.search(lower)
        if noun is None:
            return
        tail = (
            re.split(r"\b(?:of|is|are|be|in|on|for|by|the|its|their|this|that|each|let|with|having)\b|[.;:,]", lower)[
                -1
            ]
            if noun.group().strip()
            else ""
        )
        if tail.strip():
            self.facts(active, tail, anchored=True)

    def following(self, active: list[int], after: str, last: bool) -> None:
        """What is said behind the mathematics; the end of it may belong to the next formula."""
        lower = after.lower()
        self.entries = self.entries or bool(ENTRIES.search(STOP.split(KINSHIP.sub(" ", lower))[0]))
        if not self.strict:
            several = len(self.subjects(active)) > 1 or not all(map(plain_name, self.subjects(active)))
            verb = VERB.match(lower) or (BARE.match(lower) if several else None) or APPOSED.match(lower)
            if self.found and self.found[-1].kind == "independent":  # “is independent of ⟦x⟧ with mean zero”
                verb = verb or GOING_ON.match(lower)
            if self.moment:  # “with variance ⟦v⟧ and mean zero”
                verb = verb or AND_MOMENT.match(lower)
            if verb is None:
                return
            lower = lower[verb.end() :]
            stop = STOP.search(lower)
            lower = lower[: stop.start()] if stop else lower
        if COPIES.search(lower) and not last:
            return  # read together with its object
        for ending in (VALUE, OTHER, GIVEN, LINES) if not last else ():
            if (found := ending.search(lower)) is not None:
                lower = re.sub(rf"\b{ADJECTIVES}$", "", lower[: found.start()])
                break
        self.facts(active, lower, anchored=False)

    def facts(self, active: list[int], words: str, anchored: bool) -> None:
        """State the facts in `words`.  In prose they must follow each other: the first strange word ends the reading."""
        known = hits(words)
        if not self.strict:
            known = run_from_end(words, known) if anchored else run_from_start(words, known)
        for _, _, kind, word in known:
            self.fact(active, kind, word)
        if self.strict and not known and PARAMETERS.search(words):
            self.fact(active, "kind", "constant")
        if self.strict:
            rest = list(words)
            for start, end, _, _ in known:
                rest[start:end] = " " * (end - start)
            self.leftover(active, "".join(rest))

    def leftover(self, active: list[int], rest: str) -> None:
        words = [
            w
            for w in re.findall(r"[\w'’.-]+", QUANTIFIER.sub(" ", rest))
            if w.strip(".-") and w.strip(".").lower() not in FILLERS
        ]
        if words:
            tokens = [t for m in active for t in self.pieces[m].tokens]
            span = self.scribe.places.span(tokens[0].start, tokens[-1].end)
            self.found.append(
                self.scribe.unread(
                    tokens,
                    Diagnostic(
                        f"“{' '.join(words)}” is not understood", span, "words such as random, constant, independent"
                    ),
                )
            )

    def fact(self, active: list[int], kind: str, word: str) -> None:
        subjects = self.subjects(active) if kind not in ("property", "array") else self.named(active)
        if not self.strict and kind != "property" and not all(nameable(s) for s in subjects):
            return
        match kind:
            case "dims":
                self.dimensions(active, subjects, int(word))
            case "kind" | "property" | "array":
                self.add(kind, (subjects,), active, word=word)
            case "iid" if word == "pairwise":
                self.add("iid", (subjects,), active, flags=frozenset({"identical"}))
                self.fact(active, "independent", "pairwise")
            case "iid":
                self.add("iid", (subjects,), active, flags=frozenset({word}) if word else frozenset())
            case "conditional":
                self.add("independent", tuple((s,) for s in subjects), active, flags=frozenset({"conditional"}))
            case "sample":
                for family in samples(subjects):
                    self.add("iid", (family,), active)
                self.add("kind", (subjects,), active, word="random")
            case "independent":
                if (
                    len(subjects) > 1
                    or not isinstance(subjects[0], sx.Name)
                    or subjects[0].subscripts
                    or subjects[0].superscripts
                ):
                    self.add(
                        "independent",
                        tuple((s,) for s in subjects),
                        active,
                        flags=frozenset({word}) if word else frozenset(),
                    )
            case "uncorrelated":
                self.add("uncorrelated", (subjects,), active)
            case "moment":
                value = sx.Numeral(Fraction(0 if word == "E0" else 1))
                moments(self, active, word[:-1], value, [])
            case "noise":
                self.add("uncorrelated", (subjects,), active)
                moments(self, active, "E", sx.Numeral(Fraction(0)), [])
            case "standard":
                self.add(
                    "distribution",
                    (subjects, (sx.Numeral(Fraction(0)), sx.Numeral(Fraction(1)))),
                    active,
                    word="Normal",
                )
            case "law":
                self.add("distribution", (subjects, ()), active, word=word)
            case "number":
                self.add("shape", (subjects, (sx.Opaque(NUMBERS[word]),)), active, word=word)
            case "length":  # a unit vector
                for subject in (s for s in self.named(active) if isinstance(s, sx.Name)):
                    square = sx.Juxtaposition((sx.Transposed(subject), subject), (False,))
                    self.add("equation", ((square, sx.Numeral(Fraction(1))), ()), active, word="=")
            case "scalar":
                self.add("shape", (subjects, (sx.Opaque(r"\mathbb{R}"),)), active)

    def dimensions(self, active: list[int], subjects: tuple[Syntax, ...], mark: int) -> None:
        """“an ⟦n \\times m⟧ matrix”: the dimensions stand in a formula of their own."""
        tokens = self.pieces[mark].tokens
        from derive.source.sets import dimensions

        dims = dimensions(tokens, self.scribe.places, self.scribe.usage)
        latex = rf"\mathbb{{R}}^{{{self.scribe.places.text[tokens[0].start : tokens[-1].end]}}}"
        self.add("shape", (subjects, (sx.Opaque(latex),)), active, dims=dims)

    def add(self, kind: str, parts: tuple[tuple[Syntax, ...], ...], marks: list[int], **more: object) -> None:
        tokens = [t for m in marks for t in self.pieces[m].tokens]
        made = self.scribe.make(kind, parts, tokens, **more)
        if made not in self.found:
            self.found.append(made)


def moment_kind(value: re.Match[str]) -> str:
    names = ("E", "Var", "Cov", "Std", "Corr")
    return next(name for k, name in enumerate(names, 1) if value.group(k))
