r"""Words for TeX, HTML-free: what a user wrote as text must come out as text.

>>> escape_text("100% of {A_1} & \\input")
'100\\% of \\{A\\_1\\} \\& \\textbackslash{}input'
"""

from __future__ import annotations

import re
import unicodedata

from derive.render.commands import UNICODE

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": "$<$",
    ">": "$>$",
    "|": r"\textbar{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "\u00a0": "~",
    "−": "$-$",
    "′": "$'$",
    "«": "$<<$",
    "»": "$>>$",
    "‐": "-",
    "‑": "-",
}
ACCENT = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0307": ".", "\u0308": '"'}
NOT_IN_OT1 = frozenset("ĿŀſĄąĘęĮįŲųĐđðÐþÞŊŋĸŉŦŧĦħ‚„")  # pdfTeX's default fonts cannot set these
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ₀₁₂₃₄₅₆₇₈₉", "0123456789-T0123456789", strict=True))


def escape_text(text: str) -> str:
    """Plain text as TeX text: specials escaped, Unicode that pdfTeX's default fonts lack spelled out, one paragraph."""
    text = unicodedata.normalize("NFC", re.sub(r"\s*\n\s*", " ", text))
    out = "".join(
        _accented(m) if m[1] else _character(m[0]) for m in re.finditer(r"([A-Za-z])([\u0300-\u036f])|.", text)
    )
    return out


def _accented(match: re.Match[str]) -> str:
    return rf"\{ACCENT[match[2]]}{{{match[1]}}}" if match[2] in ACCENT else match[1]


def _character(c: str) -> str:
    if c in SPECIAL:
        return SPECIAL[c]
    if c in UNICODE:
        return rf"$\{UNICODE[c]}$"
    if c in SUPERSCRIPTS:
        return r"$^{\top}$" if c == "ᵀ" else f"${'_' if c in '₀₁₂₃₄₅₆₇₈₉' else '^'}{SUPERSCRIPTS[c]}$"
    if c == "\t":
        return " "
    if ord(c) < 32 or ord(c) == 127:
        return ""
    if ord(c) < 0x180 and c not in NOT_IN_OT1:  # Latin-1 and Latin Extended-A
        return c
    plain = unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
    return "".join(SPECIAL.get(p, p) for p in plain) or f"[U+{ord(c):04X}]"
