"""Runs TeX for tests; they are skipped where it is not installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


def typeset(tex: str, folder: Path, name: str = "page", runs: int = 1) -> str:
    """Run pdflatex on a string; its log, long lines unbroken.  Fails the test when TeX reports an error."""
    (folder / f"{name}.tex").write_text(tex, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", f"{name}.tex"]
    for _ in range(runs):
        subprocess.run(command, cwd=folder, capture_output=True, timeout=120, env=_environment(), check=False)
    log = (folder / f"{name}.log").read_text(encoding="latin-1")
    errors = re.findall(r"^! .*", log, re.MULTILINE)
    assert not errors, errors[:3]
    assert (folder / f"{name}.pdf").exists()
    return log


def too_wide(log: str, tolerance: float = 1.0) -> list[str]:
    """The overfull boxes of more than `tolerance` points."""
    found = re.findall(r"^(Overfull \\[hv]box \((\d+\.\d+)pt.*)", log, re.MULTILINE)
    return [line for line, points in found if float(points) > tolerance]


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "max_print_line": "1000"}
