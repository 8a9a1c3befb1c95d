r"""The user's own macros: `\newcommand` and its kin, found in the text and expanded on tokens.

Expanded tokens stand where the macro was called, so that positions always point into the user's text.
Work is bounded: a macro that does not end, or that grows without bound, is a `ReadError`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from derive.language.syntax import Diagnostic
from derive.source.places import Places, ReadError
from derive.source.tokens import Token, closing_brace, tokenize

MAX_EXPANSIONS = 5_000
MAX_TOKENS = 60_000
MAX_NESTING = 40
MAX_BODY = 20_000  # characters of one definition
MAX_FAILURES = 50  # definitions that are none, before the search for more ends

DEFINER = re.compile(
    r"\\(?P<kind>(?:re|provide)?newcommand|renewcommand|providecommand|def|gdef|edef|DeclareMathOperator|let|DeclarePairedDelimiter)"
    r"(?![A-Za-z])\*?"
)
NAME = re.compile(r"\s*(?:\{\s*)?(\\(?:[A-Za-z]+|.))(?:\s*\})?", re.DOTALL)
COUNT = re.compile(r"\s*\[\s*(\d)\s*\]")
DEFAULT = re.compile(r"\s*\[([^\[\]]*)\]")
PARAMETERS = re.compile(r"((?:\s*#\d)*)\s*(?=\{)")
TARGET = re.compile(r"\s*=?\s*(\\(?:[A-Za-z]+|.))")


@dataclass(frozen=True, slots=True)
class Macro:
    """One definition.  `arguments` counts them; `default` is that of the first, when it is optional."""

    name: str
    arguments: int
    body: tuple[Token, ...]
    default: tuple[Token, ...] | None = None
    offset: int = -1


@dataclass
class Macros:
    """All definitions of a document by name, in the order of the text."""

    table: dict[str, list[Macro]] = field(default_factory=lambda: defaultdict(list))

    def find(self, name: str, offset: int) -> Macro | None:
        """The definition in force at `offset`; one that only comes later counts when there is no other."""
        known = self.table.get(name) or DEFAULTS.get(name)
        if not known:
            return None
        before = [m for m in known if m.offset < offset]
        return before[-1] if before else known[0]

    def names(self) -> list[str]:
        return list(self.table)


def collect(text: str, macros: Macros, offset: int | None = None) -> list[tuple[int, int]]:
    """Find the definitions in `text`; returns their ranges, which hold no mathematics.

    `offset` replaces the place of every definition (-1 for a macro file, which comes before everything).
    """
    ranges: list[tuple[int, int]] = []
    place = failures = 0
    while failures < MAX_FAILURES and (found := DEFINER.search(text, place)) is not None:
        place = found.end()
        end = _define(text, found, macros, offset)
        if end > 0:
            ranges.append((found.start(), end))
            place = end
        failures += end <= 0
    return ranges


def _define(text: str, found: re.Match[str], macros: Macros, offset: int | None) -> int:
    """Read one definition; its end, or -1 when it is none."""
    named = NAME.match(text, found.end())
    if named is None:
        return -1
    name, kind, place = named.group(1), found.group("kind"), named.end()
    where = found.start() if offset is None else offset
    if kind == "let":
        target = TARGET.match(text, place)
        if target is None:
            return -1
        macros.table[name].append(Macro(name, 0, tuple(tokenize(target.group(1))), None, where))
        return target.end()
    if kind == "DeclarePairedDelimiter":
        left, right = _group(text, place), _group(text, _group(text, place)[1])
        if left[1] < 0 or right[1] < 0:
            return -1
        body = rf"\left{left[0]}#1\right{right[0]}"
        macros.table[name].append(Macro(name, 1, tuple(tokenize(body)), None, where))
        return right[1]
    count, default, place = _signature(text, kind, place)
    body, end = _group(text, place)
    if end < 0:
        return -1
    if kind == "DeclareMathOperator":
        body = rf"\operatorname{{{body}}}"
    if kind == "providecommand" and macros.table.get(name):
        return end
    macros.table[name].append(Macro(name, count, tuple(tokenize(body)), default, where))
    return end


def _signature(text: str, kind: str, place: int) -> tuple[int, tuple[Token, ...] | None, int]:
    if kind in ("def", "gdef", "edef"):
        parameters = PARAMETERS.match(text, place)
        return (parameters.group(1).count("#"), None, parameters.end()) if parameters else (0, None, place)
    counted = COUNT.match(text, place) if kind != "DeclareMathOperator" else None
    if counted is None:
        return 0, None, place
    default = DEFAULT.match(text, counted.end())
    if default is None:
        return int(counted.group(1)), None, counted.end()
    return int(counted.group(1)), tuple(tokenize(default.group(1))), default.end()


def _group(text: str, place: int) -> tuple[str, int]:
    """The inside of the `{…}` at `place` and the offset behind it; ('', -1) when there is none."""
    if place < 0:
        return "", -1
    while place < len(text) and text[place].isspace():
        place += 1
    if place >= len(text) or text[place] != "{":
        return "", -1
    depth, k = 0, place
    while k < min(len(text), place + MAX_BODY):
        if text[k] == "\\":
            k += 2
            continue
        depth += (text[k] == "{") - (text[k] == "}")
        if depth == 0:
            return text[place + 1 : k], k + 1
        k += 1
    return "", -1


def expand(tokens: list[Token], macros: Macros, places: Places) -> list[Token]:
    """Replace every call by its body.  Raises `ReadError` when that does not end within bounds."""
    if not any(t.kind == "command" and (t.text in macros.table or t.text in DEFAULTS) for t in tokens):
        return tokens
    result: list[Token] = []
    stack: list[tuple[Token, int]] = [(t, 0) for t in reversed(tokens)]
    budget = MAX_EXPANSIONS
    while stack:
        token, depth = stack.pop()
        macro = macros.find(token.text, token.start) if token.kind == "command" else None
        if macro is None:
            result.append(token)
        else:
            budget -= 1
            _check(budget, depth, len(stack) + len(result), token, places)
            arguments, end = _arguments(macro, stack, token, places)
            if depth == 0:
                places.calls[token.start] = max(end, token.end)
            body = _fill(macro, arguments, token)
            if len(body) > MAX_TOKENS:
                _check(0, depth, len(body), token, places)
            stack.extend((t, depth + 1) for t in reversed(body))
    return result


def _check(budget: int, depth: int, size: int, token: Token, places: Places) -> None:
    if budget <= 0 or depth > MAX_NESTING or size > MAX_TOKENS:
        raise ReadError(
            Diagnostic(
                f"the macro `{token.text}` expands without end or to too much",
                places.span(token.start, token.end),
                hint="a macro must not call itself",
            )
        )


def _arguments(
    macro: Macro, stack: list[tuple[Token, int]], call: Token, places: Places
) -> tuple[list[list[Token]], int]:
    """The arguments of a call, and where the last of them ends."""
    arguments: list[list[Token]] = []
    end = call.end
    if macro.default is not None:
        inside, end = _optional(macro, stack, call)
        arguments.append(inside)
    while len(arguments) < macro.arguments:
        if not stack or stack[-1][0].text in ("}", "&", r"\\"):
            raise ReadError(
                Diagnostic(
                    f"`{macro.name}` takes {macro.arguments} argument{'s' * (macro.arguments > 1)}, {len(arguments)} given",
                    places.span(call.start, call.end),
                    expected="an argument in braces",
                )
            )
        inside, end = _one_argument(stack, places)
        arguments.append(inside)
    return arguments, end


def _optional(macro: Macro, stack: list[tuple[Token, int]], call: Token) -> tuple[list[Token], int]:
    assert macro.default is not None
    if not stack or stack[-1][0].text != "[":
        return [t.at(call.start, call.end) for t in macro.default], call.end
    inside: list[Token] = []
    stack.pop()
    while stack and stack[-1][0].text != "]":
        inside.append(stack.pop()[0])
    return inside, stack.pop()[0].end if stack else call.end


def _one_argument(stack: list[tuple[Token, int]], places: Places) -> tuple[list[Token], int]:
    first = stack.pop()[0]
    if first.text != "{":
        return [first], first.end
    inside, depth = [], 1
    while stack:
        token = stack.pop()[0]
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return inside, token.end
        inside.append(token)
    raise ReadError(Diagnostic("`{` is not closed", places.span(first.start, first.end), expected="`}`"))


def _fill(macro: Macro, arguments: list[list[Token]], call: Token) -> list[Token]:
    """The body with its arguments; what stems from the body stands at the call."""
    result: list[Token] = []
    k, body = 0, macro.body
    while k < len(body):
        token = body[k]
        if token.text == "#" and k + 1 < len(body) and body[k + 1].kind == "number":
            digits = body[k + 1].text
            number = int(digits[0])
            if 1 <= number <= len(arguments):
                result.extend(arguments[number - 1])
            if len(digits) > 1:
                result.append(Token("number", digits[1:], call.start, call.end))
            k += 2
            continue
        moved = token.at(call.start, call.end)
        if k == 0:
            moved.spaced = call.spaced
        result.append(moved)
        k += 1
    return result


# What nearly everybody defines so; a definition of the user's own goes first.
USUAL = (
    r"\newcommand{\norm}[1]{\left\lVert#1\right\rVert}\newcommand{\abs}[1]{\left|#1\right|}"
    r"\newcommand{\inner}[2]{\left\langle#1,#2\right\rangle}"
)
DEFAULTS: dict[str, list[Macro]] = {}


def usual() -> dict[str, list[Macro]]:
    macros = Macros()
    collect(USUAL, macros, -1)
    return dict(macros.table)


DEFAULTS.update(usual())

__all__ = ["Macro", "Macros", "closing_brace", "collect", "expand"]
