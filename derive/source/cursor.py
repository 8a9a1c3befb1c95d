"""A place in a run of clean tokens, and what every part of the grammar needs to move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from derive.language.syntax import Diagnostic, Span, Syntax
from derive.source.places import Places, ReadError
from derive.source.tokens import Token

MAX_DEPTH = 45  # of brackets, fractions, scripts inside each other
MAX_FACTORS = 70  # of these and of operators on operators
MAX_STACK = 8  # of scripts, quotients or signs behind each other


@dataclass(frozen=True)
class Usage:
    """How a document uses letters whose meaning depends on it.

    `symbols`: letters such as `E`, `V`, `T` that stand for quantities in it; `functions`: letters that are functions;
    `arrays` and `scalars`: letters that a formula declares as such.  `inner_powers`: powers are written inside of the
    expectation's bracket, `E[(X - a)^2]`.  `events`: capital letters that stand for events.
    """

    symbols: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    arrays: frozenset[str] = frozenset()
    scalars: frozenset[str] = frozenset()
    inner_powers: bool = False
    events: frozenset[str] = frozenset()


@dataclass
class Group:
    """The inside of a bracket: items, the sign behind each of them, and what stands behind a bar."""

    items: list[Syntax]
    separators: list[str]
    given: list[Syntax] | None = None
    divided: Syntax | None = None  # behind a double bar, as in KL[p || q]


@dataclass
class Cursor:
    tokens: list[Token]
    places: Places
    usage: Usage = field(default_factory=Usage)
    k: int = 0
    end: int = -1
    depth: int = 0
    bars: int = 0  # open |…| at this level of brackets
    factors: int = 0  # depth in factors
    free: frozenset[str] | None = None  # indices that the first member of the chain leaves free; None: not known
    bound: list[str] = field(default_factory=list)  # index letters that big operators around bind

    def __post_init__(self) -> None:
        if self.end < 0:
            self.end = len(self.tokens)

    # -- looking and moving -----------------------------------------------------------------

    def peek(self, ahead: int = 0) -> Token | None:
        """The token `ahead` of the cursor; None at the end.  Quads are white space in expressions."""
        k = self.k
        while True:
            while k < self.end and self.tokens[k].kind == "quad":
                k += 1
            if k >= self.end:
                return None
            if ahead == 0:
                return self.tokens[k]
            ahead -= 1
            k += 1

    def kind(self, ahead: int = 0) -> str:
        token = self.peek(ahead)
        return token.kind if token is not None else "end of input"

    def at(self, kind: str, text: str | None = None) -> bool:
        token = self.peek()
        return token is not None and token.kind == kind and (text is None or token.text == text)

    def next(self) -> Token:
        while self.k < self.end and self.tokens[self.k].kind == "quad":
            self.k += 1
        if self.k >= self.end:
            raise self.fail("the expression ends too early", expected="an expression")
        self.k += 1
        return self.tokens[self.k - 1]

    def expect(self, kind: str, text: str, opened: Token) -> Token:
        """The closing token for `opened`; else says which bracket is not closed."""
        if self.at(kind, text):
            return self.next()
        raise self.unclosed(opened, text)

    # -- places and errors ------------------------------------------------------------------

    def span(self, start: Token) -> Span:
        """From `start` to the token before the cursor."""
        return self.places.span(start.start, max(start.end, self.tokens[self.k - 1].end if self.k else start.end))

    def fail(self, message: str, token: Token | None = None, expected: str = "", hint: str = "") -> ReadError:
        token = token or self.peek()
        if token is None:
            last = self.tokens[self.end - 1] if self.end else None
            span = self.places.span(last.end, last.end + 1) if last else self.places.span(0, 0)
        else:
            span = self.places.span(token.start, token.end)
        return ReadError(Diagnostic(message, span, expected, hint))

    def unclosed(self, opened: Token, closing: str) -> ReadError:
        found = self.peek()
        names = {">": r"\rangle", "}": r"\}", "eval": r"\right|"}
        shown = names.get(closing, closing)
        what = {"<": r"\langle", "{": r"\{", "eval": r"\left."}.get(opened.text, opened.text)
        if opened.kind == "lbrace":
            what, shown = "{", "}"
        before = f" before `{self.written(found)}`" if found is not None else ""
        return self.fail(
            f"`{what}` is not closed",
            opened,
            f"`{shown}`{before}",
            "count the brackets of this expression: one is missing or too many",
        )

    def written(self, token: Token) -> str:
        """The token as the user typed it, shortened."""
        return self.places.text[token.start : token.end][:30] or token.text

    @contextmanager
    def nested(self, token: Token) -> Iterator[None]:
        """One level further down; bounded, so that no input exhausts the stack."""
        self.depth += 1
        bars, self.bars = self.bars, 0
        if self.depth > MAX_DEPTH:
            raise self.fail("this is nested too deeply to be read", token, hint="name a part of it and use the name")
        try:
            yield
        finally:
            self.depth -= 1
            self.bars = bars

    # -- the grammar, see `derive.source.grammar` -------------------------------------------

    def expression(self) -> Syntax:
        raise NotImplementedError

    def relation(self) -> Syntax:
        raise NotImplementedError

    def product(self, single: bool = False, prod: bool = False) -> Syntax:
        raise NotImplementedError

    def factor(self) -> Syntax:
        raise NotImplementedError

    def group(self, opened: Token, closing: str) -> Group:
        raise NotImplementedError

    def argument(self) -> Syntax:
        raise NotImplementedError

    def starts_factor(self, ahead: int = 0) -> bool:
        raise NotImplementedError

    def part(self, start: int, end: int) -> Cursor:
        """A cursor of the same kind on tokens[start:end]."""
        return type(self)(
            self.tokens, self.places, self.usage, start, end, self.depth, 0, self.factors, self.free, list(self.bound)
        )

    def other(self, tokens: list[Token]) -> Cursor:
        """A cursor of the same kind and depth on other tokens."""
        return type(self)(
            tokens, self.places, self.usage, 0, len(tokens), self.depth, 0, self.factors, self.free, list(self.bound)
        )

    def skip_group(self) -> int:
        """Index behind the `{…}` that starts at the cursor, without moving."""
        depth = 0
        for k in range(self.k, self.end):
            kind = self.tokens[k].kind
            depth += (kind == "lbrace") - (kind == "rbrace")
            if depth == 0 and kind == "rbrace":
                return k + 1
        raise self.fail("`{` is not closed", self.peek(), "`}`")
