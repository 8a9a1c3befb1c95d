"""Documents as files in a folder: articles, slides, pages, Markdown, with their figures and PDFs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from derive.render.beamer import require_theme
from derive.render.latex import ems
from derive.render.styles import require
from derive.render.unicode import to_unicode
from derive.report import DocumentReport, Figure

Progress = Callable[[str, int, int], None]
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Choices:
    """What may be chosen about the files.  `titles`, `explanations`: of rules, by name."""

    fragment: bool = False
    style: str = "aligned"
    theme: str = "default"
    handout: bool = False
    width: str = ""
    pdf: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Built:
    """What was written, and what is to be said about it (a missing TeX, a figure that could not be drawn).

    `failed`: a document could not be written, or TeX is there but did not take what was written for it.
    """

    files: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    failed: bool = False
    failures: int = 0

    def fail(self, remark: str) -> None:
        """Notes what went wrong, once."""
        self.failed = True
        if remark not in self.remarks:
            self.remarks.append(remark)
            self.failures += 1


@dataclass(frozen=True)
class Job:
    """One call of `build`.  `names`: a document's path to the name of its files."""

    documents: Sequence[DocumentReport]
    names: Mapping[str, str]
    folder: Path
    choices: Choices
    figures: Sequence[Figure]
    built: Built

    def put(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        self.built.files.append(path)

    def each(self, suffix: str, make: Callable[[DocumentReport], str]) -> None:
        """One file a document; one that cannot be made or written is told, and the others go on."""
        for document in self.documents:
            try:
                self.put(self.names[document.path] + suffix, make(document))
            except (ValueError, OSError) as problem:
                self.built.fail(f"{document.path}: {plainly(problem)}")


def plainly(problem: Exception) -> str:
    """What went wrong, without the number that the system gives it.

    >>> plainly(NotADirectoryError(20, "Not a directory", "a/b"))
    'cannot write a/b: not a directory'
    """
    if isinstance(problem, OSError) and problem.filename and problem.strerror:
        return f"cannot write {problem.filename}: {problem.strerror[:1].lower()}{problem.strerror[1:]}"
    return str(problem)


def build(
    documents: Sequence[DocumentReport],
    forms: Sequence[str],
    folder: Path,
    choices: Choices,
    figures: Sequence[Figure] = (),
    progress: Progress | None = None,
) -> Built:
    """Writes the documents in each of the forms into the folder, which is made where it is missing.

    One file a document; several documents are one deck of slides, and web pages get an index.  `progress(what, done,
    total)` counts the PDFs.
    A document that fails is told in the result, with a count at the end, and the others go on.
    Raises ValueError for a style or theme that does not exist, OSError when the folder cannot be written.
    """
    if "article" in forms:
        require(choices.style)
        ems(choices.width)
    if "beamer" in forms:
        require_theme(choices.theme)
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"the folder cannot be written: {folder}")
    job = Job(documents, _names(documents), folder, choices, figures, Built())
    for form in forms:
        WRITERS[form](job)
    if choices.pdf:
        _compile([f for f in job.built.files if f.suffix == ".tex"], job.built, progress)
    if job.built.failed:
        job.built.remarks.append(f"{len(job.built.files)} files written, {job.built.failures} failed")
    return job.built


def _names(documents: Sequence[DocumentReport]) -> dict[str, str]:
    """A file name for each document's path: its stem, numbered where two are the same."""
    names: dict[str, str] = {}
    for document in documents:
        stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in Path(document.path).stem).strip("-") or "stdin"
        name, number = stem, 2
        while name in names.values():
            name, number = f"{stem}-{number}", number + 1
        names[document.path] = name
    return names


def _articles(job: Job) -> None:
    from derive.render.latex import article

    pictures = NOTHING if job.choices.fragment else _pictures(job)
    choices = job.choices
    job.each(
        ".tex",
        lambda d: article(
            d,
            fragment=choices.fragment,
            style=choices.style,
            figures=pictures,
            titles=choices.titles,
            width=choices.width,
        ),
    )


def _slides(job: Job) -> None:
    from derive.render.beamer import slides

    pictures = _pictures(job)

    def deck(documents: Sequence[DocumentReport]) -> str:
        choices = job.choices
        return slides(
            documents,
            theme=choices.theme,
            handout=choices.handout,
            figures=pictures,
            titles=choices.titles,
            explanations=choices.explanations,
        )

    documents = []
    for document in job.documents:
        try:
            deck([document])
        except ValueError as problem:
            job.built.fail(f"{document.path}: {problem}")
        else:
            documents.append(document)
    name = f"{job.names[job.documents[0].path]}-beamer" if len(job.documents) == 1 else "slides"
    if documents:
        try:
            job.put(f"{name}.tex", deck(documents))
        except OSError as problem:
            job.built.fail(f"{name}.tex: {plainly(problem)}")


def _pages(job: Job) -> None:
    from derive.render.html import index, page

    drawings = _drawings(job)
    home = "index.html" if len(job.documents) > 1 else ""
    job.each(".html", lambda d: page(d, figures=drawings, titles=job.choices.titles, home=home))
    if home:
        written = {file.name for file in job.built.files}
        links = {path: f"{name}.html" for path, name in job.names.items() if f"{name}.html" in written}
        job.put(home, index(job.documents, links))


def _markdown(job: Job) -> None:
    from derive.render.markdown import page

    job.each(".md", lambda d: page(d, titles=job.choices.titles))


WRITERS: dict[str, Callable[[Job], None]] = {
    "article": _articles,
    "beamer": _slides,
    "html": _pages,
    "markdown": _markdown,
}


# ------------------------------------------------------------------------------------------------ figures and PDFs


def draw(figure: Figure, target: Path | None = None) -> str:
    """A figure as SVG text, or into a file by its suffix.  Raises `plots.PlotsUnavailable` without matplotlib."""
    from derive.render.plots import Series, curve, gap, mathematical

    x = mathematical(figure.x, to_unicode(figure.x), target)
    if figure.kind == "gap":
        row = figure.rows[0]
        return gap(row.x, row.y, row.error, target, x=x, expected_label="no difference")
    legend = mathematical(figure.legend, to_unicode(figure.legend), target)
    series = [
        Series(f"{legend} = {r.label}" if r.label else "", r.x, r.y, r.error or None, bool(r.error), r.group)
        for r in figure.rows
    ]
    return curve(
        series, target, labels={"x": x, "y": "both sides", "lines": "right side", "points": "left side, simulated"}
    )


def _pictures(job: Job) -> dict[str, str]:
    """Figures as files for TeX: a document's path to the file's name."""
    from derive.render.plots import PlotsUnavailable

    out: dict[str, str] = {}
    for figure in job.figures:
        target = job.folder / f"{job.names[figure.path]}-figure.pdf"
        try:
            if target not in job.built.files:
                draw(figure, target)
                job.built.files.append(target)
        except PlotsUnavailable as problem:
            job.built.remarks.append(str(problem))
            break
        out[figure.path] = target.name
    return out


def _drawings(job: Job) -> dict[str, str]:
    """Figures as SVG for pages."""
    from derive.render.plots import PlotsUnavailable

    try:
        return {figure.path: draw(figure) for figure in job.figures}
    except PlotsUnavailable as problem:
        job.built.remarks.append(str(problem))
        return {}


def plot_steps(document: DocumentReport, folder: Path) -> list[Path]:
    """How the simulation of each step converged, one PNG a step.  Raises `plots.PlotsUnavailable`."""
    from derive.render.plots import convergence

    folder.mkdir(parents=True, exist_ok=True)
    name = _names([document])[document.path]
    files: list[Path] = []
    for derivation in document.derivations:
        for step in derivation.steps:
            if step.simulation is None or len(step.simulation.trace) < 2:
                continue
            target = folder / f"{name}-line-{step.line}.png"
            convergence(step.simulation.trace, target, title=f"{Path(document.path).name}, line {step.line}")
            files.append(target)
    return files


def _compile(sources: Sequence[Path], built: Built, progress: Progress | None) -> None:
    """PDFs beside the sources, two at a time; one remark where there is no TeX at all."""
    from concurrent.futures import ThreadPoolExecutor

    from derive.render.pdf import NO_TEX, compile

    with ThreadPoolExecutor(2) as pool:
        for done, (source, result) in enumerate(zip(sources, pool.map(compile, sources), strict=True), 1):
            if progress is not None:
                progress(source.with_suffix(".pdf").name, done, len(sources))
            if result.path is not None:
                built.files.append(source.with_suffix(".pdf"))
                continue
            if result.message != NO_TEX:
                built.fail(result.message)
            elif NO_TEX not in built.remarks:
                built.remarks.append(NO_TEX)
