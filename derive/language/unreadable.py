"""What an expression that cannot be built is answered with."""

from __future__ import annotations

from typing import Any

from derive.language import syntax as sx


class Unreadable(Exception):
    """An expression has no sensible reading; carries the diagnostic."""

    def __init__(self, message: str, span: sx.Span = sx.NOWHERE, expected: str = "", hint: str = ""):
        super().__init__(message)
        self.diagnostic = sx.Diagnostic(message, span, expected, hint)


def fail(message: str, nodes: tuple[sx.Node, ...] = ()) -> Any:
    raise Unreadable(message, nodes[0].span if nodes else sx.NOWHERE)
