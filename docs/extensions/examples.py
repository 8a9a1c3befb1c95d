"""The examples in the help of a command, set off by click's `\\b`, as code."""

from __future__ import annotations

from typing import Any


def as_code(_app: Any, _context: Any, lines: list[str]) -> None:
    out: list[str] = []
    inside = False
    for line in lines:
        if line.startswith("| "):
            out += [] if inside else [".. code-block:: console", ""]
            out.append("    $ " + line[2:])
        else:
            out.append(line)
        inside = line.startswith("| ")
    lines[:] = out


def setup(app: Any) -> dict[str, Any]:
    app.connect("sphinx-click-process-description", as_code)
    return {"parallel_read_safe": True}
