"""The command line: parses options, calls derive, hands the report to a renderer.

Everything that takes time to import is imported inside the commands, so that help and completion are immediate.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click

OK, FOUND, WRONG_CALL, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Commands(click.Group):
    """A group that suggests the nearest command for one that does not exist."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0] if args else ""
        if name and self.get_command(ctx, name) is None and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(ctx), n=1)
            ctx.fail(f"no command {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def main(arguments: list[str] | None = None) -> None:
    """The `derive` command.  Leaves with status 0, 1 (findings), 2 (wrong call) or 3 (a failure of derive itself)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = cli.main(arguments, prog_name="derive", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        status = WRONG_CALL
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        status = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = OK
    except Exception as error:  # no traceback for a user; DERIVE_TRACEBACK=1 shows it
        if os.environ.get("DERIVE_TRACEBACK"):
            raise
        click.echo(f"derive: internal error: {type(error).__name__}: {error}"[:600], err=True)
        click.echo("This is a defect of derive, not of your document.", err=True)
        status = FAILED
    raise SystemExit(status if isinstance(status, int) else OK)


@click.group(cls=Commands, context_settings=CONTEXT, epilog="`derive COMMAND --help` shows examples.")
@click.version_option(package_name="derive-proofs", prog_name="derive")
def cli() -> None:
    """Checks and writes derivations in the algebra of expectations.

    Each step of each chain of equalities in a LaTeX or Markdown document is proved by named rules, refuted with an
    exact counterexample, or said to need an assumption.

    \b
    derive check notes.md                  check a document
    derive show l2-noise                   a derivation of the library, line by line
    derive build l2-noise --to article     write it as LaTeX
    """


# ------------------------------------------------------------------------------------------------------- options


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say how documents are read and judged; they reach the command as `options`."""
    for option in (
        click.option("--given", "givens", multiple=True, metavar="STATEMENT", help="A given, in LaTeX; repeatable."),
        click.option("--macros", type=click.Path(dir_okay=False), help="File with LaTeX definitions."),
        click.option("--misconceptions", type=click.Path(dir_okay=False), help="TOML file of further misconceptions."),
        click.option("--max-step", type=click.FloatRange(0.01), metavar="SECONDS", help="Time for one step (2)."),
        click.option("--samples", type=click.IntRange(1000, 100_000_000), default=100_000, show_default=True),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the simulation."),
    ):
        command = option(command)
    return command


def page_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of everything that is printed for a terminal."""
    return click.option("--ascii", is_flag=True, help="Plain characters instead of Unicode mathematics.")(command)


def complete_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    from derive.library import names

    found = [click.shell_completion.CompletionItem(n) for n in names() if n.startswith(incomplete)]
    return found or [click.shell_completion.CompletionItem(incomplete, type="file")]


def complete_rules(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from derive.rules.book import RULES

    return [name for name in RULES if name.startswith(incomplete)]


def settings(values: dict[str, Any], *, simulation: bool, detail: bool = False) -> dict[str, Any]:
    """Keyword arguments of `check_texts` from those of `reading_options`."""
    from derive.gather import Unreadable, read

    try:
        macros = read(values["macros"]) if values["macros"] else ""
        for given in (values["misconceptions"],):
            read(given) if given else None
    except Unreadable as problem:
        raise click.UsageError(str(problem)) from None
    return {
        "givens": values["givens"],
        "macros": macros,
        "misconceptions": values["misconceptions"],
        "max_step": values["max_step"],
        "samples": values["samples"],
        "seed": values["seed"],
        "simulation": simulation,
        "detail": detail,
    }


def targets(names: Iterable[str]) -> list[Any]:
    """Tasks for names of the library, files and folders."""
    from derive import library
    from derive.batch import Task
    from derive.gather import Unreadable, paths

    tasks: list[Any] = []
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


# -------------------------------------------------------------------------------------------------------- output


class Output:
    """Lines for standard output, with colour only on a terminal; counts what went by, for the exit status."""

    def __init__(self, ascii: bool = False, **page: Any) -> None:
        from shutil import get_terminal_size

        from derive.render.terminal_layout import Page

        encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
        self.terminal = sys.stdout.isatty()
        self.colour = self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        columns = min(140, max(50, get_terminal_size((100, 24)).columns)) if self.terminal else 100
        self.page = Page(width=columns, ascii=ascii or not encoding.startswith("utf"), **page)
        self.status = OK

    def draw(self, lines: Iterable[Any]) -> None:
        from derive.render.terminal_layout import draw

        draw(lines, sys.stdout, colour=self.colour, ascii=self.page.ascii)
        sys.stdout.flush()

    def saw(self, outcome: Any) -> bool:
        """Notes an outcome for the exit status; False when the file could not be read, which it says."""
        from derive.gather import Unreadable
        from derive.report import Report

        if isinstance(outcome, Unreadable):
            click.echo(f"derive: {outcome}", err=True)
            self.status = max(self.status, WRONG_CALL)
            return False
        if outcome.error:
            click.echo(f"derive: {outcome.path}: internal error; the report says which", err=True)
        found = FAILED if outcome.error else OK if Report((outcome,)).clean else FOUND
        self.status = max(self.status, found)
        return True


def reports(tasks: list[Any], options: dict[str, Any], output: Output) -> Iterator[Any]:
    """The documents' reports in order; unreadable files are named on standard error."""
    from derive.batch import check_all
    from derive.render.progress import Progress

    try:
        with Progress() as progress:
            for outcome in check_all(tasks, options, progress=progress):
                progress.clear()
                if output.saw(outcome):
                    yield outcome
    except (ValueError, OSError) as problem:
        if type(problem).__name__ == "BadBook":
            raise click.UsageError(str(problem)) from None
        raise


def print_reports(documents: Iterable[Any], output: Output) -> None:
    """Each document as it comes, then the count of verdicts."""
    from derive.render.terminal import document_lines, summary_line
    from derive.report import VERDICTS, Report

    totals, number = {"steps": 0} | dict.fromkeys(VERDICTS, 0), 0
    for number, document in enumerate(documents, 1):  # noqa: B007
        output.draw(document_lines(document, output.page))
        for name, count in Report((document,)).summary.items():
            totals[name] += count
    output.draw([summary_line(totals, number)])


# ------------------------------------------------------------------------------------------------------ commands


@cli.command(short_help="Checks documents.")
@click.argument("files", nargs=-1, required=True, metavar="FILE… | FOLDER | -")
@reading_options
@page_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--no-simulation", is_flag=True, help="Leave the Monte-Carlo part out.")
@click.option("--explain-reading", is_flag=True, help="Show how every given and symbol was understood.")
@click.option("--detail", is_flag=True, help="Unfold proved steps into lines of one rule each.")
@click.option("-q", "--quiet", is_flag=True, help="Only what was found.")
def check(files: tuple[str, ...], form: str, no_simulation: bool, **values: Any) -> int:
    """Checks documents: each step is proved, refuted, or said to need an assumption.

    Leaves with status 0 when nothing was found, 1 when something was, 2 when the call was wrong.

    \b
    derive check notes.md
    derive check paper.tex --macros macros.tex --given '\\mathbf{n} \\perp y'
    derive check homework/ --quiet
    derive check notes.md --format json --no-simulation
    cat notes.md | derive check -
    """
    from derive.batch import Task
    from derive.gather import Unreadable, paths

    try:
        tasks = [Task(path) for path in paths(files)]
    except Unreadable as problem:
        raise click.UsageError(str(problem)) from None
    options = settings(values, simulation=not no_simulation, detail=values["detail"])
    output = Output(values["ascii"], reading=values["explain_reading"], detail=values["detail"], quiet=values["quiet"])
    documents = reports(tasks, options, output)
    if form == "json":
        from derive.render.json import stream

        for piece in stream(documents):
            click.echo(piece, nl=False)
    else:
        print_reports(documents, output)
    return output.status


@cli.command(short_help="Shows a derivation line by line.")
@click.argument("names", nargs=-1, required=True, metavar="NAME | FILE…", shell_complete=complete_names)
@reading_options
@page_options
@click.option("--detail", is_flag=True, help="Unfold proved steps into lines of one rule each.")
def show(names: tuple[str, ...], ascii: bool, detail: bool, **values: Any) -> int:
    """Shows a derivation: every line, its rule, the assumptions used, the simulation.

    \b
    derive show l2-noise
    derive show l2-noise --detail
    derive show notes.md
    """
    output = Output(ascii, detail=detail, uses=True, simulation=True)
    print_reports(reports(targets(names), settings(values, simulation=True, detail=detail), output), output)
    return output.status


@cli.command(name="list", short_help="Lists the library.")
@page_options
def list_(ascii: bool) -> int:
    """Lists the library: name, title, place in the lecture, steps, verdict.

    \b
    derive list
    """
    from derive.library import names
    from derive.render.terminal import library_lines

    output = Output(ascii)
    documents = list(reports(targets(names()), {"simulation": False}, output))
    output.draw(library_lines(documents, output.page))
    return output.status if output.status >= WRONG_CALL else OK


@cli.command(short_help="Writes a derivation by itself.")
@click.argument("expression", metavar="EXPR")
@click.option("--given", "givens", multiple=True, metavar="STATEMENT", help="A given, in LaTeX; repeatable.")
@click.option("--thorough", is_flag=True, help="Multiply out as far as it goes.")
@page_options
def expand(expression: str, givens: tuple[str, ...], thorough: bool, ascii: bool) -> int:
    """Writes the derivation from an expression to its simplest form.

    \b
    derive expand '\\mathbb{E}[(aX + b)^2]' --given 'X \\sim \\mathcal{N}(0, 1)' --given 'a, b \\text{ constant}'
    """
    from derive.judge.expansion import NotAnExpression, expand_latex
    from derive.render.terminal import derivation_lines
    from derive.report import DocumentReport

    output = Output(ascii, uses=True)
    try:
        derivation = expand_latex(expression, givens, thorough=thorough)
    except NotAnExpression as problem:
        raise click.UsageError(str(problem)) from None
    if not derivation.steps:
        click.echo("no rule makes this simpler")
        return OK
    output.draw(derivation_lines(derivation, DocumentReport("expression", text=expression), output.page))
    return FOUND if any(s.verdict in ("wrong", "unread") for s in derivation.steps) else OK


@cli.command(short_help="Simulates every step.")
@click.argument("names", nargs=-1, required=True, metavar="NAME | FILE…", shell_complete=complete_names)
@reading_options
@page_options
@click.option("--plot", type=click.Path(dir_okay=False), metavar="FILE", help="Draw both sides of each step (.png).")
def simulate(names: tuple[str, ...], ascii: bool, plot: str | None, **values: Any) -> int:
    """Simulates every step under the declared distributions: both sides, the same draws.

    \b
    derive simulate l2-noise --samples 1000000 --seed 7
    derive simulate notes.md --plot notes.png
    """
    from derive.render.terminal import simulation_lines

    output = Output(ascii)
    documents = []
    for document in reports(targets(names), settings(values, simulation=True), output):
        output.draw(simulation_lines(document, output.page))
        documents.append(document)
    if plot:
        from derive.render.plots import simulations

        try:
            simulations(documents, plot)
        except ImportError:
            raise click.UsageError("--plot needs matplotlib: pip install 'derive-proofs[plots]'") from None
        click.echo(f"wrote {plot}")
    return output.status


@cli.command()
@click.argument("chapter", required=False)
@page_options
def rules(chapter: str | None, ascii: bool) -> int:
    """Lists the rules by chapter.

    \b
    derive rules
    derive rules dependence
    """
    from derive.render.terminal import rule_rows
    from derive.render.terminal_layout import line
    from derive.rules.book import CHAPTERS
    from derive.rules.book import chapter as rules_of

    if chapter is not None and chapter not in CHAPTERS:
        raise click.UsageError(f"no chapter {chapter!r}; the chapters are {', '.join(CHAPTERS)}")
    output = Output(ascii)
    for name in [chapter] if chapter else CHAPTERS:
        output.draw([line(CHAPTERS[name], "heading")])
        output.draw(rule_rows(((r.name, f"{r.title}: ${r.statement}$") for r in rules_of(name)), output.page))
        output.draw([line()])
    return OK


@cli.command(short_help="Explains a rule.")
@click.argument("name", shell_complete=complete_rules)
@page_options
def explain(name: str, ascii: bool) -> int:
    """Explains a rule: statement, conditions, why it holds, a right and a wrong use.

    \b
    derive explain independence
    """
    from derive.render.terminal import rule_rows
    from derive.render.terminal_layout import line
    from derive.rules.book import lookup

    try:
        rule = lookup(name)
    except KeyError as problem:
        raise click.UsageError(problem.args[0]) from None
    right, wrong = rule.example, rule.misuse
    rows = [
        ("states", f"${rule.statement}$"),
        ("in LaTeX", rule.statement),
        *(("if", c.text + (f": ${c.given}$" if c.given else "")) for c in rule.conditions),
        ("why", rule.reason),
        ("example", _use(right.given, right.lhs, "=", right.rhs)),
        ("but not", _use(wrong.given, wrong.lhs, r"\neq", wrong.rhs)),
        ("because", wrong.why),
        ("source", rule.source),
    ]
    output = Output(ascii)
    output.draw([line(f"{rule.name}: {rule.title}", "heading"), *rule_rows(rows, output.page)])
    return OK


def _use(givens: tuple[str, ...], lhs: str, relation: str, rhs: str) -> str:
    return "; ".join(f"${g}$" for g in givens) + f": ${lhs} {relation} {rhs}$"


if __name__ == "__main__":
    main()
