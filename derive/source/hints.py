"""What to say of a command that is not known."""

from __future__ import annotations

import difflib

from derive.source import notation as nt
from derive.source.atoms import FACTOR_COMMANDS


def known_commands() -> list[str]:
    words = ("\\" + w for w in nt.COMMAND_WORDS)
    return [
        *nt.GREEK,
        *nt.RELATIONS,
        *nt.ACCENTS,
        *nt.STYLES,
        *FACTOR_COMMANDS,
        *words,
        *nt.CUSTOMARY,
        *nt.TRANSPOSES,
        r"\top",
        *nt.HADAMARD,
    ]


def is_known(name: str) -> bool:
    return name in known_commands()


def unknown_command(name: str) -> str:
    """A hint for a command that is not known; empty for one that is."""
    known = known_commands()
    if name in known:
        return ""
    close = difflib.get_close_matches(name, known, 1, 0.8)
    if close:
        return f"did you mean `{close[0]}`?"
    return rf"define it: \newcommand{{{name}}}{{…}}"
