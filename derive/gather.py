"""Documents from files, folders and standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

SUFFIXES = (".tex", ".md", ".markdown", ".txt")
LARGEST = 64 * 1024 * 1024  # bytes
STDIN = "-"


class Unreadable(Exception):
    """A path that cannot be checked; the message is for the user."""


def paths(names: Iterable[str]) -> list[str]:
    """The documents that the names stand for, in the order given; a folder's are sorted by name.

    Raises:
        Unreadable: a path that does not exist, or a folder without documents.
    """
    out: list[str] = []
    for name in names:
        path = Path(name)
        if name == STDIN:
            out.append(name)
        elif path.is_dir():
            inside = _folder(path)
            if not inside:
                raise Unreadable(f"{name}: no documents ({', '.join(SUFFIXES)}) in this folder")
            out.extend(inside)
        elif not path.exists():
            raise Unreadable(f"{name}: no such file or folder")
        else:
            out.append(name)
    return out


def _folder(folder: Path) -> list[str]:
    """Documents in the folder and below it; hidden files and folders are left out."""
    found = (p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    visible = (p for p in found if not any(part.startswith(".") for part in p.relative_to(folder).parts))
    return [str(p) for p in sorted(visible) if p.is_file()]


def read(name: str) -> str:
    """The text of a document, with line ends as `\\n`.

    Raises:
        Unreadable: the file cannot be opened, is too large, or is not text in UTF-8.
    """
    data = _bytes(name)
    shown = "standard input" if name == STDIN else name
    if len(data) > LARGEST:
        raise Unreadable(f"{shown}: larger than {LARGEST // 2**20} MiB")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if encoding != "utf-16" and b"\0" in data:
        raise Unreadable(f"{shown}: a binary file, not a document")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable(f"{shown}: not text in UTF-8 (line {line}); save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes(name: str) -> bytes:
    try:
        if name == STDIN:
            return sys.stdin.buffer.read(LARGEST + 1)
        with open(name, "rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(f"{name}: {error.strerror or error}") from None
