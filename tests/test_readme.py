"""What the README shows is what is printed.  `python -m tests.test_readme` writes it anew."""

import contextlib
import io
import os
import re
import shlex
import tempfile
import textwrap
from pathlib import Path

import pytest

import cli

PAGE = Path(__file__).parent.parent / "README.md"
README = PAGE.read_text(encoding="utf-8")
DOCUMENT = textwrap.dedent(README[README.index("    ```given") : README.index("The last step forgot")])
SESSION = re.compile(r"(?<=```console\n\$ derive )(?P<command>(?:[^\n]*\\\n)*[^\n]*)\n(?P<output>.*?)(?=\n```)", re.S)
SHOWN = [(m["command"], m["output"]) for m in SESSION.finditer(README)]


def printed(command: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        cli.main(shlex.split(command.replace("\\\n", " ")))
    return out.getvalue().rstrip()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "noise.md").write_text(DOCUMENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[c.split()[0] for c, _ in SHOWN])
def test_shown_output(folder, command, output):
    assert output and printed(command) == output


def test_the_python_example(folder):
    code = README.split("```python\n")[1].split("```")[0]
    names: dict[str, object] = {}
    exec(code, names)
    assert names["report"].summary["steps"] == 2


def test_what_a_reader_looks_for_first():
    assert README.index("make demo") < README.index("make test") < README.index("## Checking a document")
    assert "## What it cannot do" in README and len(SHOWN) == 3


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        Path("noise.md").write_text(DOCUMENT, encoding="utf-8")
        PAGE.write_text(SESSION.sub(lambda m: f"{m['command']}\n{printed(m['command'])}", README), encoding="utf-8")
