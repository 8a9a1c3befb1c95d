r"""LaTeX expressions as small trees, for renderers: to see what changed, to break long lines, to write them anew.

`derive.render.parsing.parse` makes them from text; `write` gives LaTeX back, built from known pieces alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from derive.render.commands import BINARY, CLOSING, LARGE, NAMED, OPENING, RELATIONS
from derive.render.escape import escape_text


@dataclass(frozen=True, eq=False)
class Node:
    r"""One symbol, command, fence, group, grid, blank or piece of text, with its scripts.

    kind: symbol | command | group | fence | grid | text | space.  `head`, `tail`: what opens and closes it.
    `args`: child lists (of a grid its cells, row by row).  `option`: of a grid its columns, of a root its degree,
    of a fence its \middle delimiters, of an operator \limits.  `rows`: lengths of a grid's rows.
    Nodes compare by identity, so that a place in a line can be marked.
    """

    kind: str
    head: str
    args: tuple[tuple[Node, ...], ...] = ()
    tail: str = ""
    option: str = ""
    rows: tuple[int, ...] = ()
    primes: int = 0
    sup: tuple[Node, ...] | None = None
    sub: tuple[Node, ...] | None = None


Nodes = tuple[Node, ...]


def classes(nodes: Nodes) -> list[str]:
    """TeX's classes of the nodes as they stand: bin, rel, op, open, close, punct, space, ord (a unary sign is ord)."""
    out: list[str] = []
    before = "open"
    for node in nodes:
        kind = _class(node)
        if kind == "bin" and before in ("bin", "rel", "op", "open", "punct"):
            kind = "sign"
        out.append(kind)
        before = before if kind == "space" else kind
    return out


def _class(node: Node) -> str:
    head = node.head[1:] if node.head.startswith("\\") else node.head
    if node.kind == "space":
        return "space"
    if node.kind == "command":
        relation = node.head in (r"\overset", r"\stackrel") and len(node.args[1]) == 1 and _class(node.args[1][0])
        return relation if relation in ("rel", "bin") else "op" if node.head.startswith(r"\operatorname") else "ord"
    if node.kind != "symbol":
        return "ord"
    if node.head in "+-*" or head in BINARY:
        return "bin"
    if node.head in "=<>:" or head in RELATIONS:
        return "rel"
    if head in LARGE or head in NAMED:
        return "op"
    if node.head in OPENING:
        return "open"
    return "close" if node.head in CLOSING else "punct" if node.head in ",;" else "ord"


def write(nodes: Nodes, tight: bool = False) -> str:
    """LaTeX of the nodes, spaced as one writes it by hand; `tight` in scripts."""
    return spaced(((write_node(n), c) for n, c in zip(nodes, classes(nodes), strict=True)), tight)


def spaced(pieces: Iterable[tuple[str, str]], tight: bool = False) -> str:
    """Join pieces of LaTeX with their classes; a blank around operators and where a command would swallow a letter."""
    out = ""
    before = ""
    for piece, kind in pieces:
        if not piece:
            continue
        airy = not tight and out and (kind in ("bin", "rel") or before in ("bin", "rel", "punct"))
        airy = airy and not kind == before == "rel"
        glued = re.search(r"\\[A-Za-z]+\*?$", out) and piece[0].isalpha()
        script = re.search(r"[_^][A-Za-z0-9]$", out) and piece[0].isalnum()
        after = before == "op" and not tight and piece[0] not in "(["
        out += (" " if airy or glued or script or after else "") + piece
        before = kind
    return out


def write_node(node: Node) -> str:
    return nucleus(node) + write_scripts(node)


def write_scripts(node: Node) -> str:
    out = "'" * node.primes
    if node.sub is not None:
        out += "_" + braced(write(node.sub, tight=True))
    if node.sup is not None:
        out += "^" + braced(write(node.sup, tight=True))
    return out


def braced(latex: str) -> str:
    return latex if len(latex) == 1 and latex.isalnum() else "{" + latex + "}"


def nucleus(node: Node) -> str:
    """LaTeX of a node without its scripts."""
    if node.kind == "text":
        return r"\text{" + escape_text(node.head) + "}"
    if node.kind == "group":
        return "{" + write(node.args[0]) + "}"
    if node.kind == "fence":
        return fenced(node, [write(part) for part in node.args])
    if node.kind == "grid":
        return _grid(node)
    return commanded(node, [write(a) for a in node.args])


def fenced(node: Node, inside: list[str]) -> str:
    """A fence around its parts, which are already written."""
    out = node.head
    for delimiter, part in zip(["", *node.option.split()], inside, strict=True):
        if delimiter:
            out += r"\middle" + delimiter
        out += (" " if out[-1].isalpha() and part[:1].isalpha() else "") + part
    return out + node.tail


def commanded(node: Node, args: list[str]) -> str:
    """A command with its arguments, which are already written."""
    limits = node.option.startswith("\\")
    option = f"[{node.option}]" if node.option and not limits else ""
    return node.head + option + "".join("{" + a + "}" for a in args) + (node.option if limits else "")


def _grid(node: Node) -> str:
    cells = iter(node.args)
    rows = [" & ".join(write(next(cells)) for _ in range(length)) for length in node.rows]
    columns = "{" + node.option + "}" if node.head == "array" else ""
    return rf"\begin{{{node.head}}}{columns} " + r" \\ ".join(rows) + rf" \end{{{node.head}}}"
