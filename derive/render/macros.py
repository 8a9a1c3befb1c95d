r"""The user's own macros, as the front matter of a report gives them: read here, expanded where formulas are read.

No definition ever reaches TeX or a browser, only what it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

from derive.report import DocumentReport


class Macro(NamedTuple):
    """How many arguments, the body with #1, #2, …, and what stands for the first when it is not given in `[…]`."""

    count: int
    body: str
    default: str | None = None


Macros = Mapping[str, Macro]
NO_MACROS: Macros = {}
MAX_DEFINITIONS, MAX_BODY = 40_000, 2_000  # characters
MOST = 500  # definitions
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*\n?")
DEFINITION = re.compile(
    r"\\(?:(?:newcommand|renewcommand|providecommand)\*?\s*(?:\{\s*\\(?P<name>[A-Za-z]+)\s*\}|\\(?P<bare>[A-Za-z]+))"
    r"\s*(?:\[(?P<count>[0-9])\]\s*(?:\[(?P<default>[^\[\]]*)\])?)?|def\s*\\(?P<defined>[A-Za-z]+)\s*(?P<parameters>(?:#[1-9])*)"
    r"|DeclareMathOperator(?P<star>\*?)\s*(?:\{\s*\\(?P<operator>[A-Za-z]+)\s*\}|\\(?P<short>[A-Za-z]+)))\s*(?=\{)"
)


def macros_of(document: DocumentReport) -> dict[str, Macro]:
    """The macros of a document: those of its head or of a macro file, and what its text defines."""
    text = document.text[:MAX_DEFINITIONS]
    begin = text.find(r"\begin{document}")
    preamble = text[:begin] if begin >= 0 else text
    return read_macros(preamble) | read_macros(document.metadata.get("macros", ""))


def read_macros(definitions: str) -> dict[str, Macro]:
    r"""Definitions by \newcommand and its kin, \def and \DeclareMathOperator; what is of another form is left out.

    >>> read_macros(r"\newcommand{\norm}[1]{\|#1\|} \DeclareMathOperator{\Bias}{Bias}")
    {'norm': Macro(count=1, body='\\|#1\\|', default=None), 'Bias': Macro(count=0, body='\\operatorname{Bias}', default=None)}
    """
    macros: dict[str, Macro] = {}
    definitions = COMMENT.sub(r"\1", definitions[:MAX_DEFINITIONS])
    for match in islice(DEFINITION.finditer(definitions), MOST):
        name = match["name"] or match["bare"] or match["defined"] or match["operator"] or match["short"]
        body = group_at(definitions[: match.end() + MAX_BODY], match.end())
        count = int(match["count"] or len(match["parameters"] or "") // 2)
        if body is None or any(not n.isdigit() or not 1 <= int(n) <= count for n in re.findall(r"#(.?)", body)):
            continue
        if match["operator"] or match["short"]:
            body = rf"\operatorname{match['star']}{{{body}}}"
        macros[name] = Macro(count, body, match["default"])
    return macros


def expanded(latex: str, macros: Macros) -> str:
    r"""The formula without calls of these macros, for readers that know only plain LaTeX; as it is when there is no end.

    >>> expanded(r"\V{X} + 1", read_macros(r"\newcommand{\V}[1]{\operatorname{Var}(#1)}"))
    '\\operatorname{Var}(X) + 1'
    """
    if not macros:
        return latex
    names = "|".join(sorted(map(re.escape, macros), key=len, reverse=True))
    call = re.compile(rf"\\({names})(?![A-Za-z])\s?")
    text = latex
    for _ in range(MOST):
        found = call.search(text)
        if found is None:
            return text
        macro, body = macros[found[1]], macros[found[1]].body
        arguments, end = _arguments(text, found.end(), macro)
        if len(arguments) < macro.count:
            return latex
        for number, argument in enumerate(arguments, 1):
            body = body.replace(f"#{number}", argument)
        glued = body[-1:].isalpha() and text[end : end + 1].isalpha()
        text = text[: found.start()] + body + (" " if glued else "") + text[end:]
        if len(text) > MAX_DEFINITIONS:
            break
    return latex


def _arguments(text: str, at: int, macro: Macro) -> tuple[list[str], int]:
    """Groups or single tokens behind a call, and where they end."""
    arguments: list[str] = []
    if macro.default is not None:
        option = re.compile(r"\s*\[([^\[\]]*)\]").match(text, at)
        arguments.append(option[1] if option else macro.default)
        at = option.end() if option else at
    while len(arguments) < macro.count and (found := re.compile(r"\s*(\\(?:[A-Za-z]+|.)|[^\s}])").match(text, at)):
        inside = group_at(text, found.start(1)) if found[1] == "{" else found[1]
        if inside is None:
            break
        arguments.append(inside)
        at = found.start(1) + len(inside) + (2 if found[1] == "{" else 0)
    return arguments, at


def group_at(text: str, start: int) -> str | None:
    """The inside of the braced group that opens at `start`; None when it does not close."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
            if depth == 0:
                return text[start + 1 : match.start()]
    return None
