"""A file to a `Document`: displays, inline mathematics, given blocks and prose, with their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from derive.language.syntax import Chain, Diagnostic, Document, Expression, Name, Operator, Statement, Syntax
from derive.language.traverse import descend
from derive.source import notebook
from derive.source.averages import averaged
from derive.source.chains import Chains
from derive.source.changes import change_signs, with_changes
from derive.source.clauses import strip
from derive.source.counts import with_random_counts
from derive.source.cursor import Usage
from derive.source.grammar import read
from derive.source.laws import gathered
from derive.source.macros import Macros, collect, expand
from derive.source.places import Places, ReadError
from derive.source.prose import TENTATIVE, Prose
from derive.source.segments import Segment, segments
from derive.source.statements import Scribe
from derive.source.tokens import Token, tokenize
from derive.source.typography import clean
from derive.source.usage import usage

MAX_DISPLAY = 40_000  # characters of one display
MAX_TEXT = 4_000_000
NO_USAGE = Usage()


@dataclass
class Reading:
    """Everything that is known while one file is read."""

    text: str
    places: Places
    macros: Macros
    usage: Usage = NO_USAGE
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def tokens(self, start: int, end: int) -> list[Token]:
        """Clean tokens of a range; a problem becomes a diagnostic and no tokens."""
        try:
            if end - start > MAX_DISPLAY:
                span = self.places.span(start, start + 1)
                raise ReadError(
                    Diagnostic(
                        f"this formula has {end - start} characters; {MAX_DISPLAY} are read",
                        span,
                        hint="name parts of it",
                    )
                )
            return clean(expand(tokenize(self.text, start, end), self.macros, self.places), self.places)
        except ReadError as error:
            self.diagnostics.append(error.diagnostic)
            return []


def read_document(path: str, text: str, *, givens: Sequence[str] = (), macros: str = "") -> Document:
    """Read a whole file: `.tex`, `.md`, `.txt` or `.ipynb`, by the ending of `path`.

    `givens` are further statements in LaTeX (origin 'option'); `macros` is the text of a macro file.  Never raises for
    what stands in the text: see `Document.diagnostics`, `Expression.problem` and statements of kind 'unread'.
    """
    offsets, original, problem = None, text, None
    if path.endswith(".ipynb"):
        try:
            text, offsets = notebook.cells(text)
        except (ValueError, RecursionError) as error:
            places = Places(original)
            return Document(path, original, (), (Diagnostic(f"not a notebook: {error}", places.span(0, 1)),))
    if len(text) > MAX_TEXT:
        problem = Diagnostic(f"only the first {MAX_TEXT} characters are read", Places("").span(0, 0))
        text = text[:MAX_TEXT]
    latex = path.endswith((".tex", ".latex", ".ltx"))
    found = segments(text, latex)
    places = Places(found.text, offsets, original)
    table = Macros()
    collect(macros, table, -1)
    found.blank(collect(found.text, table))
    places.text = found.text
    reading = Reading(found.text, places, table)
    reading.diagnostics.extend(Diagnostic(m, places.span(s, e), x) for m, s, e, x in found.problems)
    if problem:
        reading.diagnostics.append(problem)
    options = [option_tokens(g, table) for g in givens]
    pieces = [(s, reading.tokens(s.start, s.end)) for s in found.segments if s.kind != "given"]
    lines = {id(s): given_lines(reading, s) for s in found.segments if s.kind == "given"}
    signs = change_signs(
        [*(t for _, t in pieces), *(t for g in lines.values() for t, _, _ in g), *(o[0] for o in options)]
    )
    pieces = [(s, with_changes(t, signs)) for s, t in pieces]
    lines = {k: [(with_changes(t, signs), *place) for t, *place in g] for k, g in lines.items()}
    options = [(with_changes(t, signs), *rest) for t, *rest in options]
    reading.usage = usage(
        [*(t for _, t in pieces), *(t for g in lines.values() for t, _, _ in g), *(o[0] for o in options)]
    )
    items = assemble(reading, found.segments, dict((id(s), t) for s, t in pieces), lines)
    items[:0] = [s for o in options for s in option_statements(o, reading.usage)]
    items = with_random_counts(gathered(averaged(settled(items))))
    return Document(path, original, tuple(items), tuple(reading.diagnostics), found.title, found.metadata)


def settled(items: list[Statement | Chain]) -> list[Statement | Chain]:
    """Without the equations in the text that are no definitions, since more is said of their left sides."""
    said: Counter[Syntax] = Counter()
    for item in items:
        if isinstance(item, Chain):
            said.update(m.syntax for m in item.members[:1] if m.syntax is not None)
        elif TENTATIVE not in item.flags:
            said.update(s for part in item.parts[:1] for s in part[: 1 if item.kind == "equation" else None])
    lawful = {n.letter for i in items if has_law(i) for s in i.parts[0] for n in descend(s) if isinstance(n, Name)}
    first: set[Syntax] = set()
    kept: list[Statement | Chain] = []
    for item in items:
        if isinstance(item, Statement) and TENTATIVE in item.flags:
            left = item.parts[0][0]
            if said[left] or left in first or letters_under(left) & lawful:
                continue
            first.add(left)
        kept.append(item)
    return kept


def has_law(item: Statement | Chain) -> TypeGuard[Statement]:
    return isinstance(item, Statement) and item.kind == "distribution"


def letters_under(node: Syntax) -> set[str]:
    """The letters below an operator such as P; none of other expressions."""
    return {n.letter for n in descend(node) if isinstance(n, Name)} if isinstance(node, Operator) else set()


def option_tokens(latex: str, macros: Macros) -> tuple[list[Token], Places, str, Diagnostic | None]:
    """The tokens of a statement from the command line, whose places are in the option itself."""
    places = Places(latex)
    try:
        if len(latex) > MAX_DISPLAY:
            raise ReadError(Diagnostic("this statement is too long to be read", places.span(0, 1)))
        return clean(expand(tokenize(latex), macros, places), places), places, latex, None
    except ReadError as error:
        return [], places, latex, error.diagnostic


def option_statements(option: tuple[list[Token], Places, str, Diagnostic | None], known: Usage) -> list[Statement]:
    tokens, places, latex, problem = option
    if problem is not None:
        return [Statement("unread", (), latex, places.span(0, len(latex)), "option", problem=problem)]
    return Scribe(places, known, "option", latex).line(tokens)


def given_lines(reading: Reading, segment: Segment) -> list[tuple[list[Token], int, int]]:
    """The statements of a given block: one a line, per `\\\\` or per `\\item`."""
    found = []
    for line in segment.lines:
        found.append((reading.tokens(*line), *line))
    return found


def assemble(reading: Reading, found: list[Segment], tokens: dict[int, list[Token]], lines: dict[int, list]) -> list:
    chains = Chains(reading.places, reading.usage)
    prose = Prose(reading.places, reading.usage, reading.text)
    chains.items.extend(
        prose.words(0, found[0].outer_start if found else 0, bool(found) and found[0].kind == "display")
    )
    for k, segment in enumerate(found):
        if segment.kind == "given":
            for inner, start, end in lines[id(segment)]:
                chains.items.extend(given(reading, inner, start, end, segment.origin))
        elif segment.kind == "display":
            chains.items.extend(prose.sentence_end(segment.start))
            if tokens[id(segment)]:
                latex = reading.text[segment.start : segment.end].strip()
                chains.display(
                    tokens[id(segment)], latex, segment.environment, prose.supposed, prose.concluding, prose.demanding
                )
        elif tokens[id(segment)]:
            prose.mathematics(segment, tokens[id(segment)])
        following = found[k + 1] if k + 1 < len(found) else None
        end = len(reading.text) if following is None else following.outer_start
        chains.items.extend(prose.words(segment.outer_end, end, following is not None and following.kind == "display"))
    chains.items.extend(prose.sentence_end(len(reading.text)))
    reading.diagnostics.extend(chains.diagnostics)
    return chains.finish()


def given(reading: Reading, tokens: list[Token], start: int, end: int, origin: str) -> list[Statement]:
    latex = reading.text[start:end].strip().rstrip(",;.").strip("$ ")
    if not strip(tokens):
        return []
    scribe = Scribe(reading.places, reading.usage, origin, latex)
    found = scribe.line(tokens)
    if all(s.kind == "unread" for s in found) and "$" in reading.text[start:end]:
        prose = Prose(reading.places, reading.usage, reading.text, "block")
        better = prose.line(start, end, reading)
        return better or found
    return found


def read_expression(latex: str) -> Expression:
    """One expression by itself; `syntax` is None and `problem` says why when it cannot be read."""
    places = Places(latex)
    try:
        if len(latex) > MAX_DISPLAY:
            raise ReadError(Diagnostic("this expression is too long to be read", places.span(0, 1)))
        tokens = strip(clean(expand(tokenize(latex), Macros(), places), places))
        return Expression(read(tokens, places, usage([tokens])), latex, places.span(0, len(latex)))
    except ReadError as error:
        return Expression(None, latex, places.span(0, len(latex)), error.diagnostic)


def read_statements(latex: str, origin: str = "option") -> tuple[Statement, ...]:
    """All statements of one line in LaTeX."""
    places = Places(latex)
    try:
        if len(latex) > MAX_DISPLAY:
            raise ReadError(Diagnostic("this statement is too long to be read", places.span(0, 1)))
        tokens = strip(clean(expand(tokenize(latex), Macros(), places), places))
        found = Scribe(places, usage([tokens]), origin, latex).line(tokens)
    except ReadError as error:
        return (Statement("unread", (), latex, places.span(0, len(latex)), origin, problem=error.diagnostic),)
    if not found:
        problem = Diagnostic("nothing is stated here", places.span(0, len(latex)), r"a statement such as `X \perp Y`")
        return (Statement("unread", (), latex, places.span(0, len(latex)), origin, problem=problem),)
    return tuple(found)


def read_statement(latex: str, origin: str = "option") -> Statement:
    """The first statement of one line in LaTeX."""
    return read_statements(latex, origin)[0]
