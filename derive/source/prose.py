"""Plain English around inline mathematics, in a few standard forms: what it says of the symbols is known.

Sentences that deny, ask, prove or suppose are left alone, as are all words that are not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from derive.language import syntax as sx
from derive.language.recursions import EVERY
from derive.language.syntax import Statement
from derive.language.traverse import descend
from derive.source import clauses as cl
from derive.source import notation as nt
from derive.source.abbreviations import abbreviations
from derive.source.averages import AVERAGE, named_average
from derive.source.conditions import ranges_behind
from derive.source.cursor import Usage
from derive.source.listed_moments import listed_moments
from derive.source.named import take_named_laws
from derive.source.named_moments import named_moments
from derive.source.phrases import Phrase
from derive.source.pieces import Piece
from derive.source.places import Places, ReadError
from derive.source.segments import Segment
from derive.source.statements import Scribe, both_signs
from derive.source.tokens import Token
from derive.source.values import take_law
from derive.source.words import MARK, unmarked

if TYPE_CHECKING:
    from derive.source.document import Reading

SPECIAL = "special"  # of an equation: of a special case, which the next display looks at
TENTATIVE = "tentative"  # of an equation: a definition if nothing else in the document speaks of its left side
COMMANDS = re.compile(r"^[^⟦]*\\\w+\S*\s*|\s*\\\w+[^⟧]*$")  # what is left of `\begin{theorem}` around a sentence
LONGEST_SENTENCE = 240  # characters of a given that is shown whole
DELIMITER = re.compile(r"^(?:\$\$?|\\[(\[])|(?:\$\$?|\\[)\]])$")
LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\))?[^()]*\)|\[([^\[\]]*)\]\[[^\]]*\]")
EMPHASIS = re.compile(
    r"\\(?=\s)|\*\*|__|(?<!\w)[*_]|[*_](?!\w)|\\(?:emph|textit|textbf|text|textsc)\s*\{|[{}]|~|\\(?:label|cite|ref|eqref|footnote)\s*\{[^}]*\}"
)
ABBREVIATIONS = re.compile(
    r"\bi\.\s?i\.\s?d\.?|\bi\.\s?e\.|\be\.\s?g\.|\bw\.\s?r\.\s?t\.|\bresp\.|\bs\.\s?t\.|\bcf\.|\bvs\.|\ba\.\s?s\.",
    re.IGNORECASE,
)
BOLD = re.compile(r"(?<!\*)\*\*([A-Za-z])\*\*(?!\*)")  # a Markdown bold letter that the formulas write \mathbf
SENTENCE = re.compile(r"[.!?](?=\s|$)|\n[ \t]*\n|\n[ \t]*(?:[-*•+]|\d+[.)])\s|(?<=\s)(?:\d\))\s|<br>")
REFUSED = re.compile(
    r"\bneither\b|\bnor\b|\bexcept\b|^\W*without\b(?! loss)|\bfor contradiction\b|\bat first sight\b|\bsome authors\b|"
    r"\beither\s+⟦|⟦\d+⟧,? or (?:of )?⟦\d+⟧,? (?:is|are|be|has|have)\b|"
    r"\bindependent\b[^.;]*\b(?:up to|but for|apart from|on the event|on the set)\b|"
    r"\basymptotically\b|\bapproximately\b|\bindependent only\b|"
    r"\bnot\b|n't\b|\bcannot\b|\bdependent\b|\bwhether\b|\?|\bif and only if\b|\biff\b|\bwould\b|\bneed not\b|\bcounterexample\b|\bnever\b|"
    r"\bunless\b|\bfalse\b|\bno longer\b|\bprove\b|\bshow(?:s|n)? that\b|\bclaim\b|\bto show\b|\bwrong\b|\bsuch as\b|(?<!special )\bcase\b"
)
CONDITIONAL = re.compile(r"\W*(?:\d+[.)]\s*)?(?:if|when|whenever|in case|provided(?: that)?)\b", re.IGNORECASE)
GOING_ON = re.compile(r"[\s,;]*(?:and|or|as well as|with)\b")
CONCLUDED = re.compile(
    r"\W*(?:thus|hence|therefore|consequently|so|then|it follows|this (?:means|implies|shows)|we (?:conclude|see|find|get))\b"
)
DEMANDING = re.compile(
    r"\b(?:let|assume|suppose|choose|consider|there (?:is|are|exists?|be))\b[^.]*"
    r"\b(?:such that|so that|satisf(?:y|ies|ying)|solv(?:es|ing)(?: the equation)?)\W*$"
)
REPRESENTED = re.compile(  # “$x$ can be represented as $x = Az + m$”: what it is made of may be chosen so
    r"\b(?:can|may) (?:always |also |then )?be (?:represented|generated|constructed|simulated|sampled|drawn)\b[^.;]*$"
)
LATE_IF = re.compile(r"(?<=\S)\s+(?:if|when|whenever|once)\b")
UNSURE = re.compile(
    r"\b(?:if|when|whether|unless|show|shows|prove|recall|hence|thus|therefore|then|implies|follows|get|obtain|yields|gives|would|achieved|"
    r"conclude|find|so that|so|because|reduces|means that|requires|compute|computing|note that|"
    r"using|since|as|fact that|becomes|check|verify)\b[^.⟦]*$"
)  # fmt: skip
DEFINING = re.compile(r"\b(?:let|which|define|defined|denote|denoted|denoting|where|with|set|setting|put|suppose|assume|assuming|"
                      r"given|write|writing|abbreviate|abbreviating|for|"
                      r"solving|satisfying|solves|satisfies|model|observe|i\.?e\.?,?|consider|and|variance|mean|covariance|weights|noise|say|,)"
                      r"\s*(?:by|as|that|us|the|also|now|is|be)?(?:\s+(?:equations?|conditions?|constraints?))?\s*,?\s*$")  # fmt: skip
STATING = re.compile(
    r"\b(?:let|define|defined|denote|denoted|where|set|setting|put|suppose|assume|assuming)\b[^.,;⟦]*$"
)
SPECIAL_CASE = re.compile(
    r"\b(?:in|for) which\s*(?:⟦\d+⟧\s*,?\s*and\s*)?$"
)  # “in which $n = 1$”: known for the next display alone
NOUN = (
    r"(?:sum|mean|average|difference|product|ratio|combination|variable|vector|matrix|estimator|estimate|transformation|error|residual|"
    r"function|quantity|statistic|projection|predictor|prediction|total|model|bias|covariance|variance)s?"
)
APPOSED = re.compile(  # “the sum $Y = \sum_i X_i$”: a noun in front of a name that gets a value
    rf"\b(?:the|an?|its|their|and)\s+(?:(?:\w+|⟦\d+⟧)\s+){{0,3}}{NOUN}\s*$"
)
IMMEDIATE = re.compile(r"\b(?:let|for|with|where|define|set|put)\s*$")
NAMING = re.compile(  # “define the mini-batch gradient $g = …$”, “with momentum $m_t = …$”
    r"\b(?:define|defined|let|denote|put|set|introduce|consider|write|form|with|by|under)\s+(?:(?:the|an?|our|its|their)\s+)?(?:[\w'’-]+\s+){0,5}$"
)
HARD = re.compile(
    r"\b(?:if|when|whether|unless|show|shows|prove|recall|would|requires?|check|verify|fact that|requires|compute|computing)\b[^.⟦]*$"
)
SUPPOSING = re.compile(r"\b(?:let|assume|suppose|where|with|given|for|and|any|all)\b[^.⟦]*$")


@dataclass
class Prose:
    """Collects words and inline formulas up to the end of a sentence, then reads the sentence."""

    places: Places
    usage: Usage
    text: str
    origin: str = "prose"
    buffer: str = ""
    pieces: list[Piece] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    supposed: list[Statement] = field(default_factory=list)  # known for the next display alone
    concluding: bool = False  # “Then, …” stands in front of the next display
    demanding: bool = False  # “Let W be a matrix such that”

    def mathematics(self, segment: Segment, tokens: list[Token]) -> None:
        """An inline formula."""
        self.buffer += f"⟦{len(self.pieces)}⟧"
        self.pieces.append(Piece(cl.of_finite(cl.strip(tokens))))
        self.spans.append((segment.outer_start, segment.outer_end))

    def words(self, start: int, end: int, before_display: bool = False) -> list[Statement]:
        """Plain text; returns the statements of all sentences that end in it."""
        while before_display and end > start and self.text[end - 1].isspace():
            end -= 1  # a blank line in front of a display ends no sentence
        if start >= end:
            return []
        if not self.pieces and end - start > 2_000:  # only the end of a long text can belong to the next formula
            start = end - 2_000
        bold = BOLD.search(self.text, start, end)
        if bold is not None and rf"\mathbf{{{bold.group(1)}}}" in self.text:
            found = self.words(start, bold.start())
            self.mathematics(Segment("inline", bold.start(1), bold.end(1), *bold.span()), [bold_token(bold)])
            return found + self.words(bold.end(), end, before_display)
        plain = ABBREVIATIONS.sub(lambda m: re.sub(r"[.\s]", "", m.group()) + " ", unmarked(self.text[start:end]))
        found: list[Statement] = []
        last = 0
        for stop in SENTENCE.finditer(plain):
            self.buffer += plain[last : stop.start()]
            if stop.group()[0] == "?":
                self.buffer += "?"
            found.extend(self.sentence())
            last = stop.end()
        self.buffer += plain[last:]
        return found

    def sentence_end(self, offset: int) -> list[Statement]:
        """A display ends what was said before it; “If …, then” in front of it holds for this display alone."""
        conditional = CONDITIONAL.match(self.buffer) is not None
        said = EMPHASIS.sub("", self.buffer).lower()
        self.concluding = CONCLUDED.match(said) is not None
        self.demanding = (DEMANDING.search(said) or REPRESENTED.search(said)) is not None
        if not conditional and not GOING_ON.match(self.buffer):
            self.supposed = []
        found = self.sentence(open_ended=True)
        special = [s for s in found if SPECIAL in s.flags]
        if special:
            self.supposed = [replace(s, flags=s.flags - {SPECIAL}) for s in special]
            found = [s for s in found if SPECIAL not in s.flags]
        if not conditional:
            return found
        self.supposed = found
        return []

    def line(self, start: int, end: int, reading: Reading) -> list[Statement]:
        """A line of a given block that is written as prose with dollars."""
        place = start
        for found in re.finditer(r"\$([^$]+)\$", self.text[start:end]):
            self.buffer += unmarked(self.text[place : start + found.start()])
            tokens = reading.tokens(start + found.start(1), start + found.end(1))
            if tokens:
                self.mathematics(Segment("inline", 0, 0, start + found.start(), start + found.end()), tokens)
            place = start + found.end()
        self.buffer += unmarked(self.text[place:end])
        return self.sentence()

    # -- sentences --------------------------------------------------------------------------

    def sentence(self, open_ended: bool = False) -> list[Statement]:
        """What the collected sentence states.  A whole sentence that begins with “If” states nothing by itself."""
        text, pieces, spans = self.buffer, self.pieces, self.spans
        conditional = CONDITIONAL.match(text) is not None
        self.buffer, self.pieces, self.spans = "", [], []
        if not pieces or len(text) > 4_000 or (conditional and not open_ended and self.origin != "block"):
            return []
        text = EMPHASIS.sub("", LINK.sub(lambda m: m.group(1) or m.group(2) or "", text))
        text = re.sub(r"\s+", " ", text).strip()
        latex = self.written(text, spans)
        text = dimensional(text, pieces)
        scribe = Scribe(self.places, self.usage, self.origin, latex)
        refused = (
            REFUSED.search(text.lower())
            or CONCLUDED.match(text.lower())
            or LATE_IF.search(MARK_ONLY.sub("x", text.lower()[2:]))
            or any(is_event(pieces[int(k)].tokens) for k in UNDER_EVENT.findall(text.lower()))
        )
        found: list[Statement] = []
        if self.origin == "block" or not (refused or conditional):
            text, named = take_named_laws(scribe, text, pieces)
            text, found = take_law(scribe, text, pieces)
            found = [*named, *found]
        for k, piece in enumerate(pieces):
            piece.statements = self.inline(k, piece, text, spans[k], conditional)
            found.extend(piece.statements)
            found.extend(scribe.ranges(ranges_behind(piece.tokens, self.places, self.usage), piece.tokens))
        found = self.restrict(found, pieces, text)
        if not refused or self.origin == "block":
            found.extend(self.facts(text, pieces, latex))
        found = [s for s in found if open_ended or SPECIAL not in s.flags]
        return for_every(found, text, pieces)

    def written(self, text: str, spans: list[tuple[int, int]]) -> str:
        """The sentence with its formulas between dollars; of a long one only what stands from formula to formula."""
        formulas = [f"${DELIMITER.sub('', self.text[start:end]).strip()}$" for start, end in spans]
        if len(text) > LONGEST_SENTENCE:
            text = text[text.index("⟦") : text.rindex("⟧") + 1]
        text = COMMANDS.sub("", text)
        return re.sub(r"\s+", " ", MARK.sub(lambda m: formulas[int(m.group(1))], text))

    def facts(self, text: str, pieces: list[Piece], latex: str) -> list[Statement]:
        scribe = Scribe(self.places, self.usage, self.origin, latex)
        phrase = Phrase(scribe, text, pieces, strict=False)
        try:
            own = [*phrase.read(), *self.average(scribe, text, pieces)]
            moments = [*named_moments(scribe, text, pieces), *listed_moments(scribe, text, pieces)]
            return [*own, *abbreviations(scribe, text, pieces), *new(own, moments)]
        except ReadError:
            return phrase.found

    def average(self, scribe: Scribe, text: str, pieces: list[Piece]) -> list[Statement]:
        """“the sample mean ⟦k⟧”, whose value is found at the end."""
        mark = named_average(text)
        if mark is None or cl.main_relations(pieces[mark].tokens):
            return []
        subjects = scribe.subjects(pieces[mark].tokens)
        if len(subjects) != 1 or not isinstance(subjects[0], sx.Name):
            return []
        parts = ((subjects[0], sx.Opaque("sample mean")), ())
        return [scribe.make("equation", parts, pieces[mark].tokens, word=":=", flags=frozenset({AVERAGE}))]

    def inline(self, k: int, piece: Piece, text: str, span: tuple[int, int], conditional: bool) -> list[Statement]:
        """What a formula in the text says by itself, when it has the form of a given."""
        relations = cl.main_relations(piece.tokens)
        if not relations or any(r in nt.ARROWS for r in relations):
            return []
        mark = f"⟦{k}⟧"
        before = text[: text.index(mark)].lower() if mark in text else ""
        if conditional and "then" not in before:
            before = CONDITIONAL.sub("suppose ", before)
        origin = "block" if self.origin == "block" else "inline"
        scribe = Scribe(
            self.places,
            self.usage,
            origin,
            self.text[slice(*span)].strip("$").removeprefix(r"\(").removesuffix(r"\)").strip(),
        )
        try:
            stated = [
                s for tokens in both_signs(piece.tokens) or [piece.tokens] for s in scribe.clauses(cl.clauses(tokens))
            ]
        except ReadError:
            return []
        settled = bool(IMMEDIATE.search(before) or APPOSED.search(before)) and defines(stated)
        clear = (settled or not UNSURE.search(before)) and not REFUSED.search(text.lower().replace("⟦", " "))
        kept = [s for s in stated if s.kind != "unread" and (origin == "block" or accepted(s, before, clear))]
        hopeless = HARD.search(before) or REFUSED.search(text.lower().replace("⟦", " "))
        special = SPECIAL_CASE.search(before) and not conditional and all(s.kind == "equation" for s in stated)
        if special and (not kept or "special case" in before):
            kept = [replace(s, flags=s.flags | {SPECIAL}) for s in stated]
        if not kept and REPRESENTED.search(before) and defines(stated):
            kept = stated
        if not kept and len(stated) == 1 and not hopeless and defines(stated) and not simple(stated[0].parts[0][1]):
            kept = [replace(stated[0], flags=stated[0].flags | {TENTATIVE})]
        if not kept and not hopeless and not conditional and stated and all(map(of_chance, stated)):
            kept = [replace(s, flags=s.flags | {TENTATIVE}) for s in stated]  # “Then $P(X_i = 1) = 1/n$”
        return kept

    def restrict(self, found: list[Statement], pieces: list[Piece], text: str) -> list[Statement]:
        r"""`i \neq j` in the sentence limits the equations whose indices it names."""
        scribe = Scribe(self.places, self.usage, self.origin, "")
        limits = [p for p in pieces if [r for r in cl.main_relations(p.tokens)] == [r"\neq"]]
        for piece in limits:
            found = [s for s in found if not (s.kind == "comparison" and s.word == r"\neq")]
            limiting = cl.Clause("condition", piece.tokens, "condition")
            named = {t.text for t in piece.tokens if t.kind == "name"}
            try:
                parts = [
                    scribe.under([s], limiting) if s.kind != "equation" or names_all(s, named) else [s] for s in found
                ]
            except ReadError:
                continue
            found = [s for part in parts for s in part]
        return found


def names_all(statement: Statement, letters: set[str]) -> bool:
    """Whether all the letters stand somewhere in the statement."""
    found = {n.letter for part in statement.parts[0] for n in descend(part) if isinstance(n, sx.Name)}
    return letters <= found


def new(known: list[Statement], found: list[Statement]) -> list[Statement]:
    """What was not stated before in the same words."""
    return [s for s in found if all((s.kind, s.parts) != (k.kind, k.parts) for k in known)]


def bold_token(bold: re.Match[str]) -> Token:
    return Token("name", rf"\mathbf{{{bold.group(1)}}}", bold.start(), bold.end())


UNDER_EVENT = re.compile(r"\b(?:given|conditional(?:ly)? on|conditioned on)\s+⟦(\d+)⟧")


def is_event(tokens: list[Token]) -> bool:
    """`X = x`: what is said then is said of a conditional distribution."""
    return len(tokens) == 3 and tokens[1].text == "=" and tokens[0].text.lower() == tokens[2].text.lower()


FOR_EVERY = re.compile(r"\b(?:for|at) (?:all|every|each|any)(?: times?| index| integers?)? ⟦(\d+)⟧|\bstationary\b")


def for_every(found: list[Statement], text: str, pieces: list[Piece]) -> list[Statement]:
    """“for all $t$”, “is stationary”: what the sentence says holds for every index, beside a recursion too."""
    said = FOR_EVERY.search(text.lower())
    if said is None:
        return found
    tokens = pieces[int(said.group(1))].tokens if said.group(1) else []
    if len(tokens) > 1:
        return found
    return [replace(s, flags=s.flags | {f"{EVERY} {tokens[0].text}" if tokens else EVERY}) for s in found]


MARK_ONLY = re.compile(r"⟦\d+⟧")
SIZE = re.compile(r"⟦(\d+)⟧(\s*-?\s*dimensional)?\s+((?:[A-Za-z-]+\s+){0,4}?)(?=(?:matrix|matrices|vectors?)\b)")


def dimensional(text: str, pieces: list[Piece]) -> str:
    """“an ⟦0⟧ random matrix”, “⟦1⟧-dimensional vector”: marks that give dimensions become ‹0›."""

    def size(found: re.Match[str]) -> str:
        tokens = pieces[int(found.group(1))].tokens
        kinds = {t.kind for t in tokens}
        product = "times" in kinds and kinds <= {
            "name",
            "number",
            "times",
            "plus",
            "minus",
            "open",
            "close",
            "sub",
            "lbrace",
            "rbrace",
        }
        if product or (found.group(2) and kinds <= {"name", "number"}):
            return f"‹{found.group(1)}› {found.group(3)}"
        return found.group()

    return SIZE.sub(size, text)


def defines(stated: list[Statement]) -> bool:
    """Whether the formula gives a symbol a value that is no number: `\\hat\\beta = …`."""
    sides = [s.parts[0] for s in stated if s.kind == "equation"]
    if len(stated) != 1 or len(sides) != 1 or isinstance(sides[0][1], sx.Numeral):
        return False
    left = sides[0][0].base if isinstance(sides[0][0], sx.Power) else sides[0][0]  # of a variance, its root is named
    return isinstance(left, sx.Name)


def accepted(statement: Statement, before: str, clear: bool) -> bool:
    """Whether a formula in running text is a given rather than a remark, a result or a supposition."""
    match statement.kind:
        case "shape":
            return statement.word != "indexset" or clear
        case "distribution" | "law" | "kind" | "iid" | "independent" | "conditional":
            return not re.search(r"\b(?:if|when|whether)\b[^.⟦]*$", before)
        case "property":
            return clear
        case "comparison":
            return clear and bool(SUPPOSING.search(before)) and all(simple(of_size(s)) for s in statement.parts[0])
        case "equation":
            if not clear:
                return False
            left, right = statement.parts[0]
            if any(isinstance(n, sx.Name) and n.letter in (r"\mathrm{d}", r"\partial") for n in top(left) + top(right)):
                return False
            if of_chance(statement):
                return True
            if isinstance(left, sx.Operator) and isinstance(
                right, (sx.Name, sx.Numeral, sx.Power, sx.Juxtaposition, sx.Negate)
            ):
                return True
            if simple(left) and simple(right):  # "uncorrelated errors, $c = 0$, …" looks at a case, it states nothing
                return bool(STATING.search(before))
            named = isinstance(left, sx.Name) and bool(APPOSED.search(before))
            named = named or (isinstance(left, sx.Name) and bool(NAMING.search(before)))
            return named or bool(DEFINING.search(before)) or not before.strip()
    return False


def of_chance(statement: Statement) -> bool:
    """The probability of an event, with a value that speaks of no other."""
    if statement.kind != "equation":
        return False
    left, right = statement.parts[0]
    return (
        isinstance(left, sx.Operator)
        and left.kind == "P"
        and not left.given
        and not any(isinstance(n, (sx.Operator, sx.Big, sx.Indicator, sx.Opaque, sx.Gradient)) for n in descend(right))
    )


def top(node: sx.Syntax) -> list[sx.Syntax]:
    """The node, and its parts when it is a product or a quotient."""
    match node:
        case sx.Juxtaposition(items):
            return [node, *items]
        case sx.Fraction_(above, below):
            return [*top(above), *top(below)] if not isinstance(above, sx.Fraction_) else [node]
    return [node]


def of_size(node: sx.Syntax) -> sx.Syntax:
    """The a of `|a|`."""
    return node.item if isinstance(node, sx.Bracketed) and node.opening == "|" else node


def simple(node: sx.Syntax) -> bool:
    return isinstance(node, (sx.Name, sx.Numeral))
