r"""Reads a user's LaTeX expression into nodes, or refuses: the gate before TeX and the browser.

What cannot be read whole (unbalanced braces, an unknown command, too deep, too long) is None, and the caller shows it
verbatim.  Brackets are paired where they pair; `&` and `\\` outside of grids, labels, tags and colours are dropped.

>>> from derive.render.nodes import write
>>> write(parse(r"\frac12 x^\top w % remark"))
'\\frac{1}{2}x^{\\top}w'
>>> parse(r"\input{/etc/passwd}") is None
True
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.render.commands import (
    ABBREVIATIONS,
    ARITY,
    CLOSING,
    DELIMITERS,
    DROPPED,
    GRIDS,
    OPENING,
    PUNCTUATION,
    SIZES,
    SYMBOLS,
    TEXTS,
    UNICODE,
)
from derive.render.escape import SUPERSCRIPTS
from derive.render.macros import COMMENT, NO_MACROS, Macro, Macros
from derive.render.nodes import Node, Nodes

MAX_LENGTH = 6000
MAX_DEPTH = 30
MAX_EXPANSIONS = 300
MAX_TOKENS = 20_000
MAX_COLUMNS = 30  # of a matrix; preambles raise amsmath's limit of 10 to this
MOST_COLUMNS = {"cases": 2, "dcases": 2, "aligned": 20}
TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)
ROW_SKIP = re.compile(r"\s*\[[\d.\s]*(pt|em|ex|cm|mm)\]")
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ]+")
LOWERED = re.compile("[₀₁₂₃₄₅₆₇₈₉]+")
KNOWN = {name: Macro(count, body) for name, (count, body) in ABBREVIATIONS.items()}
MAX_OPTION = 40  # tokens


class Unreadable(ValueError):
    """The expression is not one that may be handed on."""


def parse(latex: str, macros: Macros = NO_MACROS) -> Nodes | None:
    """Read an expression, the user's macros expanded.  None: not to be trusted."""
    if len(latex) > MAX_LENGTH or "^^" in latex or any(ord(c) < 32 and c not in "\t\n\r" for c in latex):
        return None
    latex = COMMENT.sub(r"\1", latex)
    for pattern, mark in ((RAISED, "^"), (LOWERED, "_")):
        latex = pattern.sub(lambda m, mark=mark: mark + "{" + "".join(SUPERSCRIPTS[c] for c in m[0]) + "}", latex)
    reader = _Reader(TOKEN.findall(latex), {**KNOWN, **macros}, [MAX_EXPANSIONS])
    try:
        nodes = reader.sequence(0)
    except Unreadable:
        return None
    return nodes if reader.at == len(reader.tokens) else None


class _Reader:
    """Reads tokens from `at` on; `budget` holds how many macros may yet be expanded, shared with the readers within."""

    def __init__(self, tokens: list[str], macros: Macros, budget: list[int]) -> None:
        self.tokens = tokens
        self.macros = macros
        self.budget = budget
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def skip_space(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def sequence(self, depth: int) -> Nodes:
        """Nodes up to the end, `}`, `&`-less rows, `\\right` or `\\end`; plain brackets are paired where they pair."""
        if depth > MAX_DEPTH:
            raise Unreadable("too deep")
        stack: list[tuple[str, list[Node]]] = [("", [])]
        while self.peek() not in ("", "}", r"\right", r"\end", r"\middle", "\x00"):
            token = self.peek()
            if token in OPENING or (_size(token) and self._sized_side() == "open"):
                if len(stack) > MAX_DEPTH:
                    raise Unreadable("too deep")
                stack.append((self.delimiter(), []))
            elif len(stack) > 1 and (token in CLOSING or (_size(token) and self._sized_side() == "close")):
                opened, inside = stack.pop()
                if any(n.head == r"\over" for n in inside):
                    raise Unreadable("\\over in brackets")
                stack[-1][1].append(
                    self.scripts(Node("fence", opened, (tuple(inside),), self.delimiter()), depth + len(stack))
                )
            else:
                self.one(stack[-1][1], depth + len(stack))
        while len(stack) > 1:  # brackets that never close, as in [0, 1): plain symbols
            opened, inside = stack.pop()
            stack[-1][1].extend([Node("symbol", opened), *inside])
        return _over(stack[0][1])

    def _sized_side(self) -> str:
        at = self.at + 1
        while at < len(self.tokens) and self.tokens[at].isspace():
            at += 1
        delimiter = self.tokens[at] if at < len(self.tokens) else ""
        return "open" if delimiter in OPENING else "close" if delimiter in CLOSING else ""

    def delimiter(self) -> str:
        """A delimiter with its size, if it has one: `(`, `\\bigl[`."""
        token = self.take()
        if not _size(token):
            return token
        self.skip_space()
        if self.peek() not in DELIMITERS:
            raise Unreadable("a size without a delimiter")
        return token + self.take()

    def one(self, out: list[Node], depth: int) -> None:
        """Read one node (or drop what makes no claim) onto `out`."""
        token = self.take()
        if token.isspace() or token == "&" or token in (r"\\", r"\cr"):
            if token == r"\\":
                self.skip_row_space()
            return
        name = token[1:].rstrip("*") if token.startswith("\\") and token[1:2].isalpha() else ""
        if name in self.macros:
            self.expand(name)
        elif name in DROPPED:
            self._drop(name)
        elif token in ("^", "_", "'"):
            self.at -= 1
            out.append(self.scripts(Node("group", "", ((),)), depth))
        elif name in ("limits", "nolimits"):
            if not out or out[-1].sup is not None or out[-1].sub is not None:
                raise Unreadable("limits of nothing")
            last = out.pop()
            out.append(self.scripts(replace(last, option=token), depth))
        else:
            node = self.node(token, name, depth)
            out.append(node if node.kind == "space" else self.scripts(node, depth))

    def _drop(self, name: str) -> None:
        self.skip_space()
        if name in ("color", "textcolor", "mathcolor") and self.peek() == "[":
            while self.take() not in ("]", ""):
                pass
        for _ in range(DROPPED[name]):
            self.raw_group()

    def expand(self, name: str) -> None:
        """Put a macro's body in the place of the call that was just taken."""
        count, body, default = self.macros[name]
        self.budget[0] -= 1
        arguments = [] if default is None else [self.option(default)]
        arguments += [self.unread_argument() for _ in range(count - len(arguments))]
        tokens = TOKEN.findall(re.sub(r"#([1-9])", lambda m: arguments[int(m[1]) - 1], body))
        self.tokens = tokens + self.tokens[self.at :]
        self.at = 0
        if self.budget[0] < 0 or len(self.tokens) > MAX_TOKENS:
            raise Unreadable("a macro without end")

    def option(self, default: str) -> str:
        """What stands in square brackets behind the call, else the default."""
        rest = "".join(self.tokens[self.at : self.at + MAX_OPTION])
        if not (found := re.match(r"\s*\[([^\[\]]*)\]", rest)):
            return default + " "
        while self.take() != "]":
            pass
        return found[1] + " "

    def unread_argument(self) -> str:
        self.skip_space()
        if self.peek() == "{":
            return self.raw_group() + " "
        token = self.take()
        if token in ("", "}", "&", r"\\", r"\end", r"\right"):
            raise Unreadable("a missing argument")
        return token + " "

    def node(self, token: str, name: str, depth: int) -> Node:
        if token == "{":
            inside = self.sequence(depth + 1)
            self.expect("}")
            return Node("group", "", (inside,))
        if token == r"\left":
            return self.left_right(depth)
        if token == r"\begin":
            return self.grid(depth)
        if name in TEXTS:
            return self.words(self.raw_group(), depth)
        if name in SIZES:
            self.at -= 1
            return Node("symbol", self.delimiter())
        if name:
            return self.command(token, name, depth)
        if token in PUNCTUATION:
            return Node("space" if token[1] in ",;:!> /" else "symbol", token)
        if token == "~":
            return Node("space", "~")
        if token in UNICODE:
            return Node("symbol", "\\" + UNICODE[token])
        if token.isascii() and len(token) == 1 and token not in '#$%\\{}&^_`"':
            return Node("symbol", token)
        if len(token) == 1 and token.isalpha() and token.isprintable():
            return Node("text", token)
        raise Unreadable(token)

    def command(self, token: str, name: str, depth: int) -> Node:
        if name in ("quad", "qquad", "displaystyle", "textstyle", "scriptstyle", "thinspace"):
            return Node("space", token)
        if name in SYMBOLS:
            return Node("symbol", "\\" + name)
        if name not in ARITY:
            raise Unreadable(token)
        option = ""
        self.skip_space()
        if name in ("sqrt", "xrightarrow", "xleftarrow") and self.peek() == "[":
            self.take()
            while self.peek() not in ("]", ""):
                option += self.take()
            self.expect("]")
            if not re.fullmatch(r"[\w\s+-]{0,12}", option):
                raise Unreadable(option)
        args = tuple(self.argument(depth) for _ in range(ARITY[name]))
        if name in ("overset", "stackrel", "underset") and not args[0]:  # over the relation stood a reference alone
            return Node("group", "", (args[1],)) if len(args[1]) != 1 else args[1][0]
        head = token if name == "operatorname" else "\\" + name
        if name == "mathbb" and args[0] and all(n.head.isdigit() for n in args[0]):
            head = r"\mathbf"  # the AMS blackboard font has no digits
        return Node("command", head, args, option=option)

    def words(self, source: str, depth: int) -> Node:
        """The inside of a \text{…}: words, with formulas between dollars."""
        parts = re.split(r"(?<!\\)\$", source)
        if len(parts) % 2 == 0 or depth > MAX_DEPTH:
            raise Unreadable("a dollar without its partner")
        if len(parts) == 1:
            return Node("text", _plain(source))
        inside: list[Node] = []
        for i, part in enumerate(parts):
            inner = _Reader(TOKEN.findall(part), self.macros, self.budget)
            inside += inner.sequence(depth + 1) if i % 2 else [Node("text", _plain(part))]
            if i % 2 and inner.at != len(inner.tokens):
                raise Unreadable("a formula in words that is not whole")
        return Node("group", "", (tuple(inside),))

    def argument(self, depth: int) -> Nodes:
        self.skip_space()
        if self.peek() == "{":
            self.take()
            inside = self.sequence(depth + 1)
            self.expect("}")
            return inside
        token = self.take()
        if token in ("", "}", "&", "^", "_", "'", r"\right", r"\end", r"\left", r"\\"):
            raise Unreadable("a missing argument")
        while token.startswith("\\") and token[1:] in self.macros:
            self.expand(token[1:])
            self.skip_space()
            token = self.take()
        return (self.node(token, token[1:].rstrip("*") if token[1:2].isalpha() else "", depth + 1),)

    def scripts(self, node: Node, depth: int) -> Node:
        sup = sub = None
        primes = 0
        while True:
            mark = self.at
            self.skip_space()
            token = self.peek()
            if token == "'" and sup is None:
                self.take()
                primes += 1
            elif token == "^" and sup is None:
                self.take()
                sup = self.argument(depth)
            elif token == "_" and sub is None:
                self.take()
                sub = self.argument(depth)
            elif token in ("^", "_", "'"):
                raise Unreadable("a double script")
            else:
                self.at = mark
                break
        if sup is None and sub is None and not primes:
            return node
        return replace(node, primes=primes, sup=sup, sub=sub)

    def left_right(self, depth: int) -> Node:
        self.skip_space()
        opening = self.take()
        parts = [self.sequence(depth + 1)]
        middles = []
        while self.peek() == r"\middle":
            self.take()
            self.skip_space()
            middles.append(self.take())
            parts.append(self.sequence(depth + 1))
        self.expect(r"\right")
        self.skip_space()
        closing = self.take()
        if not {opening, closing, *middles} <= DELIMITERS:
            raise Unreadable("not a delimiter")
        return Node("fence", r"\left" + opening, tuple(parts), r"\right" + closing, " ".join(middles))

    def grid(self, depth: int) -> Node:
        name = self.raw_group()
        if name.rstrip("*") not in GRIDS:
            raise Unreadable(name)
        columns = self.raw_group() if name == "array" else ""
        columns = re.sub(r"[^lcr|]", "", columns) or "c"
        rows: list[list[Nodes]] = [[]]
        while True:
            cell, stop = self.cell(depth)
            rows[-1].append(cell)
            if stop == r"\\":
                rows.append([])
            elif stop == r"\end":
                break
        if self.raw_group() != name:
            raise Unreadable("environments that do not match")
        if len(rows) > 1 and rows[-1] == [()]:
            rows.pop()
        width = max(map(len, rows))
        if width > MOST_COLUMNS.get(name.rstrip("*"), MAX_COLUMNS):
            raise Unreadable("more columns than TeX takes")
        name = "aligned" if name in ("split", "gathered") else name
        if name == "array":
            columns = columns.ljust(width, "c")
        cells = tuple(cell for row in rows for cell in row)
        return Node("grid", name, cells, option=columns if name == "array" else "", rows=tuple(map(len, rows)))

    def cell(self, depth: int) -> tuple[Nodes, str]:
        """One cell of a grid: cut its tokens out (minding nested braces and grids), read them apart."""
        start, level = self.at, 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if level == 0 and token in ("&", r"\\", r"\end"):
                break
            level += {"{": 1, "}": -1, r"\begin": 1, r"\end": -1}.get(token, 0)
            self.at += 1
        else:
            raise Unreadable("an environment that does not end")
        inner = _Reader(self.tokens[start : self.at], self.macros, self.budget)
        nodes = inner.sequence(depth + 1)
        if inner.at != len(inner.tokens):
            raise Unreadable("a cell that is not whole")
        stop = self.take()
        if stop == r"\\":
            self.skip_row_space()
        return nodes, stop

    def skip_row_space(self) -> None:
        """The `[2pt]` that may follow a row's end."""
        if ROW_SKIP.match("".join(self.tokens[self.at : self.at + 12])):
            while self.take() != "]":
                pass

    def raw_group(self) -> str:
        """The source of a braced argument, unread."""
        self.skip_space()
        self.expect("{")
        level, out = 1, []
        while level:
            token = self.take()
            if not token:
                raise Unreadable("a brace that does not close")
            level += {"{": 1, "}": -1}.get(token, 0)
            out.append(token)
        return "".join(out[:-1])

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise Unreadable(f"expected {token}")


def _over(nodes: list[Node]) -> Nodes:
    r"""`a \over b` as the fraction that it is."""
    places = [i for i, n in enumerate(nodes) if n.head == r"\over"]
    if not places:
        return tuple(nodes)
    if len(places) > 1:
        raise Unreadable("two \\over in one group")
    at = places[0]
    return (Node("command", r"\frac", (tuple(nodes[:at]), tuple(nodes[at + 1 :]))),)


def _size(token: str) -> bool:
    return token[1:] in SIZES


def _plain(source: str) -> str:
    """The words of a \\text{…}: commands go, dollars and escapes are taken for what they show."""
    source = re.sub(r"\\([%&#_${}])", r"\1", source)
    source = re.sub(r"\\[A-Za-z]+\*?\s*|\\[^A-Za-z]", " ", source)
    return re.sub(r"\s+", " ", re.sub(r"[{}$\\]", "", source.replace("~", " ")))
