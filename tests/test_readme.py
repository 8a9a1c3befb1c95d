"""What the README shows is what is printed.  `python -m tests.test_readme` writes it anew."""

import contextlib
import html
import io
import os
import re
import shlex
import tempfile
import textwrap
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

import cli

PAGE = Path(__file__).parent.parent / "README.md"
PICTURE = PAGE.parent / "docs" / "images" / "check.svg"
README = PAGE.read_text(encoding="utf-8")
DOCUMENT = textwrap.dedent(README[README.index("    ```given") : README.index("The last step forgot")])
SESSION = re.compile(r"(?<=```console\n\$ derive )(?P<command>(?:[^\n]*\\\n)*[^\n]*)\n(?P<output>.*?)(?=\n```)", re.S)
SHOWN = [(m["command"], m["output"]) for m in SESSION.finditer(README)]


class Screen(io.StringIO):
    """A terminal, as far as the command can tell."""

    def isatty(self) -> bool:
        return True


def printed(command: str, screen: type[io.StringIO] = io.StringIO) -> str:
    out = screen()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        cli.main(shlex.split(command.replace("\\\n", " ")))
    return out.getvalue().rstrip()


def shown(command: str) -> str:
    """What the README shows for a command: what is verified there was written by the one before."""
    if command.startswith("verify"):
        printed(f"{SHOWN[1][0]} --certificate {command.split()[1]}")
    return printed(command)


def picture(command: str) -> str:
    """The terminal after `command`, colours and all, as SVG."""
    console = Console(file=io.StringIO(), record=True, width=100, force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(printed(command, Screen)), highlight=False)
    return console.export_svg(title=f"derive {command}", unique_id="derive")


def text_in(svg: str) -> str:
    """What is written in the picture, blanks and colours aside."""
    return "".join(html.unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))).split())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "noise.md").write_text(DOCUMENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[c.split()[0] for c, _ in SHOWN])
def test_shown_output(folder, command, output):
    assert output and shown(command) == output


def test_the_picture_is_of_the_proved_derivation(folder, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    drawn = picture(SHOWN[1][0])
    assert f"({PICTURE.relative_to(PAGE.parent).as_posix()})" in README
    assert text_in(PICTURE.read_text(encoding="utf-8")) == text_in(drawn)
    assert "independence" in text_in(drawn)


def test_the_python_example(folder):
    code = README.split("```python\n")[1].split("```")[0]
    names: dict[str, object] = {}
    exec(code, names)
    assert names["report"].summary["steps"] == 2
    last, told = code.strip().splitlines()[-1].split("  # ")
    assert str(eval(last, names)) == told


def test_what_a_reader_looks_for_first():
    assert README.index("make demo") < README.index("make test") < README.index("## Checking a document")
    assert "## What it cannot do" in README and len(SHOWN) == 4


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        Path("noise.md").write_text(DOCUMENT, encoding="utf-8")
        PAGE.write_text(SESSION.sub(lambda m: f"{m['command']}\n{shown(m['command'])}", README), encoding="utf-8")
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(picture(SHOWN[1][0]), encoding="utf-8")
