"""Pages that show commands with what they print: read, run in a folder, written anew."""

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import cli

SESSION = re.compile(r"(?<=```console\n)\$ (?P<command>(?:[^\n]*\\\n)*[^\n]*)(?P<output>(?:\n(?!```)[^\n]*)*)(?=\n```)")
FILE = re.compile(r"`(?P<name>[\w./-]+)`:\n\n(?P<fence>`{3,})\w*\n(?P<text>.*?)\n(?P=fence)", re.S)


def printed(command: str, screen: type[io.StringIO] = io.StringIO) -> str:
    """What `derive …` prints, on either stream, and its status where that is not 0 and `; echo $?` asks for it."""
    out = screen()
    status: object = 0
    asked = command.endswith("; echo $?")
    words = shlex.split(command.removesuffix("; echo $?").replace("\\\n", " "))
    assert words[0] == "derive", f"only derive can be run: {command}"
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            cli.main(words[1:])
        except SystemExit as left:
            status = left.code
    return out.getvalue().rstrip() + (f"\n{status}" if asked else "")


def replayed(page: str, folder: Path) -> str:
    """The page with what its commands print now.  Runs in `folder`, where its files are written as they come."""
    out, place = [], 0
    with inside(folder):
        for match in sorted([*FILE.finditer(page), *SESSION.finditer(page)], key=re.Match.start):
            if match.re is FILE:
                path = folder / match["name"]
                path.parent.mkdir(exist_ok=True)
                path.write_text(match["text"] + "\n", encoding="utf-8")
                continue
            shown = printed(match["command"])
            out += [page[place : match.start()], f"$ {match['command']}" + (f"\n{shown}" if shown else "")]
            place = match.end()
    return "".join(out) + page[place:]


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """`contextlib.chdir`, which Python 3.10 does not have."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
