r"""Words for TeX, HTML-free: what a user wrote as text must come out as text.

>>> escape_text("100% of {A_1} & \\input")
'100\\% of \\{A\\_1\\} \\& \\textbackslash input'
"""

from __future__ import annotations

import re
import unicodedata

from derive.render.commands import UNICODE

SPECIAL = {
    "\\": r"\textbackslash ",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum ",
    "~": r"\textasciitilde ",
    "<": r"\textless ",
    ">": r"\textgreater ",
    "|": r"\textbar ",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "–": "--",
    "—": "---",
    "…": r"\ldots ",
    "\u00a0": "~",
}
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ₀₁₂₃₄₅₆₇₈₉", "0123456789-T0123456789", strict=True))


def escape_text(text: str) -> str:
    """Plain text as TeX text: specials escaped, Unicode that pdfTeX's default fonts lack spelled out, one paragraph."""
    out = "".join(map(_character, re.sub(r"\s*\n\s*", " ", text)))
    return re.sub(r"(\\text[a-z]+|\\ldots) (?=[^A-Za-z ])", r"\1{}", out)


def _character(c: str) -> str:
    if c in SPECIAL:
        return SPECIAL[c]
    if c in UNICODE:
        return rf"$\{UNICODE[c]}$"
    if c in SUPERSCRIPTS:
        return f"${'_' if c in '₀₁₂₃₄₅₆₇₈₉' else '^'}{SUPERSCRIPTS[c]}$"
    if c == "\t":
        return " "
    if ord(c) < 32 or ord(c) == 127:
        return ""
    if ord(c) < 0x180:  # Latin-1 and Latin Extended-A: pdfTeX's T1 fonts have them
        return c
    plain = unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
    return "".join(SPECIAL.get(p, p) for p in plain) or f"[U+{ord(c):04X}]"
