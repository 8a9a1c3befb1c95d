"""The command line: parses options, calls derive, hands the report to a renderer.

Everything that takes time to import is imported inside the commands, so that help and completion are immediate.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
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
        click.option("--max-step", type=click.IntRange(1), metavar="N", help="Report steps of more than N rules."),
        click.option("--seconds", type=click.FloatRange(0.01), default=2.0, show_default=True, help="For one step."),
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
@click.option("--certificate", type=click.Path(dir_okay=False), help="Write the proofs to a file, for `derive verify`.")
@click.option("--cache", type=click.Path(file_okay=False), help="Folder in which proved steps are kept for next time.")
def check(files: tuple[str, ...], form: str, no_simulation: bool, certificate: str | None, **values: Any) -> int:
    """Checks documents: each step is proved, refuted, or said to need an assumption.

    Leaves with status 0 when nothing was found, 1 when something was, 2 when the call was wrong.

    \b
    derive check notes.md
    derive check paper.tex --macros macros.tex --given '\\mathbf{n} \\perp y'
    derive check homework/ --quiet
    derive check notes.md --format json --no-simulation
    cat notes.md | derive check -
    derive check notes.md --certificate notes.cert.json
    derive check homework/ --cache .derive-cache
    """
    from derive.batch import Task
    from derive.console import Output, print_reports, reports, settings
    from derive.gather import Unreadable, paths

    try:
        tasks = [Task(path) for path in paths(files)]
    except Unreadable as problem:
        raise click.UsageError(str(problem)) from None
    if certificate and (len(tasks) != 1 or tasks[0].path == "-"):
        raise click.UsageError("--certificate is for one document in a file")
    options = settings(values, simulation=not no_simulation, detail=values["detail"])
    output = Output(values["ascii"], reading=values["explain_reading"], detail=values["detail"], quiet=values["quiet"])
    documents = reports(tasks, options, output)
    if form == "json":
        from derive.render.json import stream

        for piece in stream(documents):
            click.echo(piece, nl=False)
    else:
        print_reports(documents, output)
    if certificate:
        from derive.certify import write_certificate

        try:
            click.echo(write_certificate(tasks[0].path, certificate, options), err=True)
        except Unreadable as problem:
            raise click.UsageError(str(problem)) from None
    return output.status


@cli.command(short_help="Replays a certificate.")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--document", type=click.Path(dir_okay=False), help="Compare claims and givens with this document.")
@click.option("--given", "givens", multiple=True, metavar="STATEMENT", help="A given of the document; repeatable.")
@click.option("--macros", type=click.Path(dir_okay=False), help="File with LaTeX definitions for the document.")
def verify(file: str, **values: Any) -> int:
    """Replays the proofs in a certificate by a second, simpler checker.

    Leaves with status 0 when every proof holds, 1 when the certificate is refused, 2 when the call was wrong.

    \b
    derive check notes.md --certificate notes.cert.json
    derive check homework/ --cache .derive-cache
    derive verify notes.cert.json --document notes.md
    """
    from derive.certify import command

    return command(file, **values)


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
    from derive.console import Output, print_reports, reports, settings, targets

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
    from derive.console import Output, reports, targets
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
    from derive.console import Output
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
@click.option("--precision", type=click.FloatRange(0, min_open=True), metavar="P", help="Stop at this standard error.")
@click.option("--plot", is_flag=True, help="Draw how each step converged.")
@click.option("-o", "--output", "folder", default="output", show_default=True, help="Folder for the plots.")
def simulate(names: tuple[str, ...], ascii: bool, plot: bool, folder: str, **values: Any) -> int:
    """Simulates every step under the declared distributions: both sides, the same draws.

    \b
    derive simulate l2-noise --samples 1000000 --seed 7
    derive simulate l2-noise --samples 10000000 --precision 0.001
    derive simulate notes.md --plot -o plots/
    """
    from pathlib import Path

    from derive.console import Output, reports, settings, targets
    from derive.render.files import plainly, plot_steps
    from derive.render.plots import PlotsUnavailable
    from derive.render.terminal import simulation_lines

    output = Output(ascii)
    for document in reports(targets(names), settings(values, simulation=True), output):
        output.draw(simulation_lines(document, output.page))
        if plot:
            try:
                written = plot_steps(document, Path(folder))
            except (PlotsUnavailable, OSError) as problem:
                raise click.UsageError(plainly(problem)) from None
            click.echo("\n".join(f"wrote {path}" for path in written))
    return output.status


@cli.command(short_help="Writes articles, slides, web pages, Markdown.")
@click.argument("names", nargs=-1, metavar="NAME | FILE…", shell_complete=complete_names)
@click.option("--all", "everything", is_flag=True, help="The whole library.")
@click.option("--to", "forms", multiple=True, type=click.Choice(["article", "beamer", "html", "markdown"]))
@click.option("-o", "--output", "folder", default="output", show_default=True, help="Folder for the files.")
@click.option("--pdf", is_flag=True, help="Make PDF files too, where TeX is installed.")
@click.option("--fragment", is_flag=True, help="Article: the displays alone, to be \\input.")
@click.option(
    "--style",
    default="aligned",
    show_default=True,
    help="Article: aligned, calculation, witharrows, annotate-equations.",
)
@click.option("--width", default="", metavar="LENGTH", help="With --fragment: the width of a line, as 8.5cm.")
@click.option("--theme", default="default", show_default=True, help="Slides: a beamer theme.")
@click.option("--handout", is_flag=True, help="Slides: one frame a derivation step, without overlays.")
@reading_options
def build(names: tuple[str, ...], everything: bool, forms: tuple[str, ...], folder: str, **values: Any) -> int:
    """Writes derivations as articles, slides, web pages or Markdown.

    Leaves with status 0 when the files were written, whatever the verdicts in them.

    \b
    derive build l2-noise --to article --pdf
    derive build l2-noise ensemble --to beamer --theme metropolis -o talk/
    derive build notes.md --to html
    derive build --all --to article --to html
    """
    from pathlib import Path

    from derive import library
    from derive.console import Output, figures, reports, settings, targets
    from derive.render.files import Choices, build, plainly
    from derive.render.progress import Progress
    from derive.rules.book import RULES

    if not names and not everything:
        raise click.UsageError("name a derivation or a file, or say --all")
    if values["width"] and not values["fragment"]:
        raise click.UsageError("--width goes with --fragment; an article has a page of its own")
    output = Output()
    tasks = targets([*(library.names() if everything else ()), *names])
    documents = list(reports(tasks, settings(values, simulation=True, detail=True), output))
    if everything:
        documents.sort(key=lambda d: int(d.metadata.get("order", "0")))
    if not documents:
        return output.status
    titles = {name: rule.title for name, rule in RULES.items()}
    reasons = {name: rule.reason for name, rule in RULES.items()}
    chosen = {key: values[key] for key in ("fragment", "style", "theme", "handout", "width", "pdf")}
    choices = Choices(**chosen, titles=titles, explanations=reasons)
    drawn = () if values["fragment"] else figures(documents, values["samples"], values["seed"])
    try:
        with Progress() as progress:
            built = build(documents, forms or ("article",), Path(folder), choices, drawn, progress)
    except (ValueError, OSError) as problem:
        raise click.UsageError(plainly(problem)) from None
    for path in built.files:
        click.echo(f"wrote {path}")
    for remark in built.remarks:
        click.echo(f"derive: {remark}", err=True)
    return FAILED if built.failed else output.status if output.status >= WRONG_CALL else OK


@cli.command()
@click.argument("chapter", required=False)
@click.option("--markdown", is_flag=True, help="The whole book as a Markdown page.")
@page_options
def rules(chapter: str | None, markdown: bool, ascii: bool) -> int:
    """Lists the rules by chapter.

    \b
    derive rules
    derive rules dependence
    """
    if markdown:
        from derive.rules.page import page

        click.echo(page(), nl=False)
        return OK
    from derive.console import Output
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
    from derive.console import Output
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
