r"""The user's own macros, as the front matter of a report gives them: read here, expanded where formulas are read.

No definition ever reaches TeX or a browser, only what it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from derive.report import DocumentReport

Macros = Mapping[str, tuple[int, str]]  # name -> how many arguments, and the body with #1, #2, …
NO_MACROS: Macros = {}
MAX_DEFINITIONS, MAX_BODY = 40_000, 2_000  # characters
MOST = 500  # definitions
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*\n?")
DEFINITION = re.compile(
    r"\\(?:(?:newcommand|renewcommand|providecommand)\*?\s*(?:\{\s*\\(?P<name>[A-Za-z]+)\s*\}|\\(?P<bare>[A-Za-z]+))"
    r"\s*(?:\[(?P<count>[0-9])\])?|def\s*\\(?P<defined>[A-Za-z]+)\s*(?P<parameters>(?:#[1-9])*)"
    r"|DeclareMathOperator(?P<star>\*?)\s*(?:\{\s*\\(?P<operator>[A-Za-z]+)\s*\}|\\(?P<short>[A-Za-z]+)))\s*(?=\{)"
)


def macros_of(document: DocumentReport) -> dict[str, tuple[int, str]]:
    """The macros of a document: those of its head or of a macro file, and what its text defines."""
    text = document.text[:MAX_DEFINITIONS]
    begin = text.find(r"\begin{document}")
    preamble = text[:begin] if begin >= 0 else text
    return read_macros(preamble) | read_macros(document.metadata.get("macros", ""))


def read_macros(definitions: str) -> dict[str, tuple[int, str]]:
    r"""Definitions by \newcommand and its kin, \def and \DeclareMathOperator; what is of another form is left out.

    >>> read_macros(r"\newcommand{\norm}[1]{\|#1\|} \DeclareMathOperator{\Bias}{Bias}")
    {'norm': (1, '\\|#1\\|'), 'Bias': (0, '\\operatorname{Bias}')}
    """
    macros: dict[str, tuple[int, str]] = {}
    definitions = COMMENT.sub(r"\1", definitions[:MAX_DEFINITIONS])
    for match in islice(DEFINITION.finditer(definitions), MOST):
        name = match["name"] or match["bare"] or match["defined"] or match["operator"] or match["short"]
        body = group_at(definitions[: match.end() + MAX_BODY], match.end())
        count = int(match["count"] or len(match["parameters"] or "") // 2)
        if body is None or any(not n.isdigit() or not 1 <= int(n) <= count for n in re.findall(r"#(.?)", body)):
            continue
        if match["operator"] or match["short"]:
            body = rf"\operatorname{match['star']}{{{body}}}"
        macros[name] = (count, body)
    return macros


def group_at(text: str, start: int) -> str | None:
    """The inside of the braced group that opens at `start`; None when it does not close."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
            if depth == 0:
                return text[start + 1 : match.start()]
    return None
