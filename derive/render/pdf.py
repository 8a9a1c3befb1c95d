"""PDF through latexmk or pdflatex, where TeX is installed: no shell escape, a time limit, the first error told."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

NO_TEX = (
    "no TeX was found, so no PDF was made; install TeX Live, MiKTeX or MacTeX (it must have latexmk or pdflatex), "
    "or open the .tex file elsewhere, e.g. in Overleaf"
)
RUNS = 3  # of pdflatex, when latexmk is not there to count them


@dataclass(frozen=True)
class PdfResult:
    """`path`: the PDF, None when there is none; `message` then says why, in one line."""

    path: Path | None
    message: str


def compile(tex: Path, *, timeout: float = 60) -> PdfResult:
    """Make `tex` into a PDF beside it within `timeout` seconds.  Never raises for what TeX or its absence does."""
    tex = tex.resolve()
    tools = [shutil.which("latexmk"), shutil.which("pdflatex")]
    if tools[1] is None:
        return PdfResult(None, NO_TEX)
    with tempfile.TemporaryDirectory(prefix="derive-") as scratch:
        flags = ["-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape"]
        if tools[0] is not None:
            # -norc: a latexmkrc in the user's folder is a program, and is not run
            commands = [[tools[0], "-norc", "-pdf", *flags, f"-outdir={scratch}", tex.name]]
        else:
            commands = [[tools[1], *flags, f"-output-directory={scratch}", tex.name]] * RUNS
        try:
            for command in commands:
                code = _run(command, tex.parent, timeout)
                if code:
                    break
        except subprocess.TimeoutExpired:
            return PdfResult(None, f"TeX took longer than {timeout:g} s on {tex.name} and was stopped")
        except OSError as problem:
            return PdfResult(None, f"TeX could not be started: {problem}")
        made = Path(scratch, tex.stem + ".pdf")
        if code or not made.exists():
            return PdfResult(None, _first_error(Path(scratch, tex.stem + ".log"), tex))
        target = tex.with_suffix(".pdf")
        shutil.copyfile(made, target)
        return PdfResult(target, f"wrote {target.name}")


def _run(command: list[str], folder: Path, timeout: float) -> int:
    """Run to the end or to the time limit, then with all its children killed."""
    # the same source makes the same file: no date of today in it
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "1000",
    }
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        raise


def _first_error(log: Path, tex: Path) -> str:
    """`file.tex:12: Undefined control sequence: \\foo`, from TeX's log."""
    if not log.exists():
        return f"TeX failed on {tex.name} and left no log"
    lines = log.read_text(encoding="latin-1").splitlines()
    for i, line in enumerate(lines):
        match = re.match(r"(?:\./)?(?P<file>[^:]*):(?P<line>\d+): (?P<what>.*)", line)
        if match:
            source = Path(match["file"]).name
            if source != tex.name:  # in a package: the line is not the document's
                return f"{source}:{match['line']}: {match['what'].strip().rstrip('.')}"
            return _explained(match["line"], match["what"], lines[i + 1 : i + 6], tex)
        if line.startswith("! "):
            number = next((m[1] for later in lines[i:] if (m := re.match(r"l\.(\d+)", later))), "")
            return _explained(number, line[2:], lines[i + 1 : i + 6], tex)
    return f"TeX failed on {tex.name}; its log shows no error"


def _explained(number: str, what: str, following: list[str], tex: Path) -> str:
    """The error, what TeX had read when it stopped, and the source line."""
    context = next((f for f in following if f.startswith("l.")), "")
    culprit = re.search(r"(\\[A-Za-z@]+|\\.)\s*$", context) if "ndefined" in what else None
    named = f" {culprit[1]}" if culprit else ""
    source = tex.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = source[int(number) - 1].strip() if number and 0 < int(number) <= len(source) else ""
    shown = shown if len(shown) <= 100 else shown[:99] + "…"
    place = f"{tex.name}:{number}" if number else tex.name
    return f"{place}: {what.strip().rstrip('.')}{named}" + (f" in: {shown}" if shown else "")
