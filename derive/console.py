"""What the commands share: documents to check, settings, output with its exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from shutil import get_terminal_size
from typing import Any

import click

from derive import library
from derive.batch import Outcome, Task, check_all
from derive.gather import Unreadable, paths, read
from derive.render.defects import defect_text
from derive.render.progress import Progress
from derive.render.terminal import document_lines, summary_lines
from derive.render.terminal_layout import Line, Page, draw
from derive.report import VERDICTS, DocumentReport, Figure, Report

OK, FOUND, WRONG_CALL, FAILED = 0, 1, 2, 3


def settings(values: dict[str, Any], *, simulation: bool, detail: bool = False) -> dict[str, Any]:
    """Keyword arguments of `check_texts` from those of `reading_options`."""
    try:
        macros = read(values["macros"]) if values["macros"] else ""
        if values["misconceptions"]:
            read(values["misconceptions"])  # whether it can be read at all
    except Unreadable as problem:
        raise click.UsageError(str(problem)) from None
    return {
        "givens": values["givens"],
        "macros": macros,
        "misconceptions": values["misconceptions"],
        "max_step": values["max_step"],
        "seconds": values["seconds"],
        "samples": values["samples"],
        "seed": values["seed"],
        "simulation": simulation,
        "detail": detail,
        "precision": values.get("precision"),
        "cache": values.get("cache"),
    }


def targets(names: Iterable[str]) -> list[Task]:
    """Tasks for names of the library, files and folders."""
    tasks: list[Task] = []
    known = library.names()
    for name in names:
        if name in known:
            tasks.append(Task(f"{name}.md", library.text(name)))
            continue
        if name != "-" and not os.path.exists(name) and os.sep not in name and "." not in name:
            try:
                library.text(name)
            except KeyError as problem:
                raise click.UsageError(problem.args[0]) from None
        try:
            tasks += [Task(path) for path in paths([name])]
        except Unreadable as problem:
            raise click.UsageError(str(problem)) from None
    return tasks


class Output:
    """Lines for standard output, with colour only on a terminal; counts what went by, for the exit status."""

    def __init__(self, ascii: bool = False, **page: Any) -> None:
        encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
        self.terminal = sys.stdout.isatty()
        self.colour = self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        told = self.terminal or "COLUMNS" in os.environ
        columns = min(140, max(40, get_terminal_size((100, 24)).columns)) if told else 100
        self.page = Page(width=columns, ascii=ascii or not encoding.startswith("utf"), **page)
        self.status = OK

    def draw(self, lines: Iterable[Line]) -> None:
        draw(lines, sys.stdout, colour=self.colour, ascii=self.page.ascii)
        sys.stdout.flush()

    def saw(self, outcome: Outcome) -> bool:
        """Notes an outcome for the exit status; False when the file could not be read, which it says."""
        if isinstance(outcome, Unreadable):
            click.echo(f"derive: {outcome}", err=True)
            self.status = max(self.status, WRONG_CALL)
            return False
        if outcome.error:
            click.echo(f"derive: {outcome.path}: internal error; the document is not to blame", err=True)
            click.echo(defect_text(outcome), err=True)
        found = FAILED if outcome.error else OK if Report((outcome,)).clean else FOUND
        self.status = max(self.status, found)
        return True


def reports(tasks: list[Task], options: dict[str, Any], output: Output) -> Iterator[DocumentReport]:
    """The documents' reports in order; unreadable files are named on standard error."""
    from derive.judge.book import BadBook

    try:
        with Progress() as progress:
            for outcome in check_all(tasks, options, progress=progress):
                progress.clear()
                if output.saw(outcome):
                    yield outcome
    except BadBook as problem:
        raise click.UsageError(str(problem)) from None


def figures(documents: Iterable[DocumentReport], samples: int, seed: int) -> list[Figure]:
    """The figures that the documents ask for; one that cannot be made is named on standard error."""
    from derive.judge.figures import BadFigure, figure_of

    found: list[Figure] = []
    for document in documents:
        try:
            figure = figure_of(document, samples=samples, seed=seed)
        except BadFigure as problem:
            click.echo(f"derive: {document.path}: {problem}", err=True)
            continue
        if figure is not None:
            found.append(figure)
            for note in figure.notes:
                click.echo(f"derive: {document.path}: {note}", err=True)
    return found


def print_reports(documents: Iterable[DocumentReport], output: Output) -> None:
    """Each document as it comes, then the count of verdicts."""
    totals, number = {"steps": 0} | dict.fromkeys(VERDICTS, 0), 0
    for document in documents:
        number += 1
        output.draw(document_lines(document, output.page))
        for name, count in Report((document,)).summary.items():
            totals[name] += count
    output.draw(summary_lines(totals, number, output.page))
