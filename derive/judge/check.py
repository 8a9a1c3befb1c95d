"""Checking documents: every step of every chain gets its verdict, every document its report.

check_texts([("l2.md", text)])          a Report
check_document(document, checker)       one document that has been read
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from derive.judge import messages
from derive.judge.assumptions import Candidate
from derive.judge.book import Book, load_book
from derive.judge.contradictions import contradictions
from derive.judge.find import Answer, answer, judged, later, settled, unknown_names, unknowns_of
from derive.judge.misfit import refuted_misfits
from derive.judge.reading import read
from derive.judge.simulation import simulate_all
from derive.judge.slips import lost_signs
from derive.judge.steps import (
    Found,
    defect_report,
    found_of,
    internal_error,
    step_report,
    unfolded,
    with_lower_signs,
)
from derive.judge.strides import is_larger, too_large
from derive.judge.trust import trust_of, used_counts
from derive.judge.verdict import Bench, Effort, ends_meet
from derive.language.elaborate import elaborate
from derive.language.facts import SymbolInfo
from derive.language.latex import symbol_latex
from derive.language.syntax import Diagnostic, Document
from derive.language.terms import Symbol
from derive.language.typed import Elaborated, TypedChain, TypedStep
from derive.report import FINDINGS, Defect, Derivation, DocumentReport, GivenLine, Remark, Report, SymbolLine, Trust

if TYPE_CHECKING:
    from derive.judge.store import Store

Progress = Callable[[str, int, int], None]


@dataclass
class Checker:
    """The settings of a run, and the bench on which its claims are judged.

    `samples`: of the simulation; 0 leaves it out.  `detail`: proved steps are unfolded into single-rule lines.
    `max_step`: the number of named rules that a step may take.  `precision`: standard error that ends a simulation.
    """

    bench: Bench = field(default_factory=Bench)
    samples: int = 100_000
    seed: int = 0
    detail: bool = False
    progress: Progress | None = None
    max_step: int | None = None
    precision: float | None = None


def check_texts(
    items: Iterable[tuple[str, str]],
    *,
    givens: Iterable[str] = (),
    macros: str = "",
    simulation: bool = True,
    samples: int = 100_000,
    seed: int = 0,
    max_step: int | None = None,
    seconds: float = 2.0,
    misconceptions: Any = None,
    detail: bool = False,
    precision: float | None = None,
    cache: Store | str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Checks documents given as (path, text).

    `givens`: statements that hold in all of them.  `max_step`: a step that takes more named rules than
    this is reported, with lines that could stand between.  `seconds`: for one step.
    `precision`: the simulation of a step stops when its standard errors are below it.
    `misconceptions`: a `Book`, or the path of a TOML file laid over the built-in ones.
    `cache`: what was found out about the same steps before is taken from this `Store`, or folder, and kept there.
    `progress(path, done, total)` is called after each step.
    Raises `BadBook` or `OSError` for that file; never on account of what stands in a document.
    """
    book = misconceptions if misconceptions is None or isinstance(misconceptions, Book) else load_book(misconceptions)
    bench = Bench(Effort(step=seconds, seed=seed), book, store=_store(cache))
    checker = Checker(bench, samples if simulation else 0, seed, detail, progress, max_step, precision)
    said = tuple(givens)
    return Report(tuple(_checked(path, text, said, macros, checker) for path, text in items))


def _store(cache: Store | str | None) -> Store | None:
    if not isinstance(cache, str):
        return cache
    from derive.judge.store import store_in  # not needed where nothing is kept

    return store_in(cache)


def _checked(path: str, text: str, givens: tuple[str, ...], macros: str, checker: Checker) -> DocumentReport:
    try:
        report = check_document(read(text, path, givens, macros), checker)
        defined = {"macros": "\n".join(filter(None, [macros, report.metadata.get("macros", "")]))} if macros else {}
        return replace(report, metadata=report.metadata | defined)
    except Exception as error:  # a defect of derive: reported as one, and the other documents go on
        return DocumentReport(
            path, text=text, error=internal_error(error), defects=(Defect(internal_error(error), checker.seed),)
        )


def _simulate(path: str, steps: list[Found], checker: Checker) -> None:
    """The simulation of all steps, with its progress."""
    told = checker.progress
    tell = None if told is None else lambda done, total: told(f"{path}: draws", done, total)
    simulate_all(steps, checker.samples, checker.seed, checker.precision, tell)


def check_document(document: Document, checker: Checker) -> DocumentReport:
    """The report on a document that has been read.

    A failure of derive in one step, in the simulation or in the trust report is told in `error`; all else goes on.
    """
    elaborated = elaborate(document)
    found = judged_chains(elaborated, document.path, checker)
    written = [c for c in elaborated.chains if not c.chain.lower]
    errors: list[str] = []
    _guarded(errors, lambda: refuted_misfits(document, elaborated, found, checker.bench), None)
    steps = [f for chain in found for f in chain]
    if checker.samples:
        _guarded(errors, lambda: _simulate(document.path, steps, checker), None)
    if checker.detail:
        for one in steps:
            one.detail = _guarded(errors, lambda one=one: unfolded(one), ())
    large = [f for f in steps if checker.max_step is not None and is_larger(f, checker.max_step)]
    for one in large:
        one.detail = one.detail or _guarded(errors, lambda one=one: unfolded(one), ())
    trust = _guarded(errors, lambda: trust_of(elaborated, steps, bool(checker.samples)), Trust()) if steps else Trust()
    defects = [defect_report(f, checker.seed) for f in steps if f.defect] + [Defect(e, checker.seed) for e in errors]
    errors = [f"Line {f.step.link.span.line}: {f.defect}" for f in steps if f.defect] + errors
    lacked = [a for f in steps if f.judgement for a in f.judgement.assumptions]
    unread = sum(g.problem is not None for g in elaborated.givens)
    return DocumentReport(
        document.path,
        givens=_given_lines(elaborated, steps),
        symbols=_symbol_lines(elaborated),
        derivations=tuple(_derivation(c, f, unread) for c, f in zip(written, found, strict=True)),
        remarks=tuple(remark(d) for d in elaborated.remarks)
        + _unread_givens(elaborated)
        + _guarded(errors, lambda: contradictions(f.step.claim.facts for f in steps if f.step.claim), ())
        + lost_signs(elaborated, lacked)
        + tuple(too_large(f, checker.max_step or 0) for f in large),
        trust=trust,
        title=document.title,
        metadata=document.metadata,
        text=document.text,
        error=" ".join(errors),
        defects=tuple(defects),
    )


def _guarded(errors: list[str], call: Callable[[], Any], otherwise: Any) -> Any:
    """The result of a call; a failure of derive is added to the errors."""
    try:
        return call()
    except Exception as error:
        errors.append(internal_error(error))
        return otherwise


def judged_chains(elaborated: Elaborated, path: str, checker: Checker) -> list[list[Found]]:
    """Every step judged, in order: what an unknown was found to be holds for the steps behind."""
    total = sum(len(c.steps) for c in elaborated.chains)
    asked = unknown_names(elaborated)
    answers: list[Answer] = []
    earlier: list[Candidate] = []
    found: list[list[Found]] = []
    for chain in elaborated.chains:
        if chain.chain.lower:
            found[-1] = [with_lower_signs(f, s, checker.bench) for f, s in zip(found[-1], chain.steps, strict=True)]
            continue
        found.append([])
        checker.bench.look_ahead([s.claim for s in chain.steps if s.kind == "claim" and s.claim is not None])
        for step in chain.steps:
            step = later(step, answers)
            unknowns = unknowns_of(step, asked) if asked else ()
            if unknowns and step.claim is not None:
                asked = {n: p for n, p in asked.items() if n not in {u.name.replace(" ", "") for u in unknowns}}
                found[-1].append(_answered(step, unknowns, answers, checker))
            else:
                found[-1].append(_seen_before(found_of(step, checker.bench), earlier, checker.bench))
            if checker.progress is not None:
                checker.progress(path, sum(map(len, found)), total)
    return found


def _seen_before(found: Found, earlier: list[Candidate], bench: Bench) -> Found:
    """The step judged with what earlier steps lacked in mind; what it lacks itself is kept for the steps behind."""
    claim, judged = found.step.claim, found.judgement
    if claim is not None and judged is not None and judged.verdict in FINDINGS:
        from derive.judge.earlier import in_the_light_of  # with all that explains, not needed where all is right

        found.judgement = in_the_light_of(claim, judged, earlier, bench.judge)
        earlier.extend(a for a in found.judgement.assumptions if a not in earlier)
    return found


def _answered(step: TypedStep, unknowns: tuple[Symbol, ...], answers: list[Answer], checker: Checker) -> Found:
    """A step in which unknowns are asked for."""
    try:
        assert step.claim is not None
        answers.append(answer(step.claim, unknowns))
        return Found(settled(step, answers[-1]), judged(step, answers[-1], checker.bench.judge))
    except Exception as error:
        return Found(step, defect=internal_error(error))


def remark(diagnostic: Diagnostic) -> Remark:
    expected = f"; expected {diagnostic.expected}" if diagnostic.expected else ""
    span = diagnostic.span
    return Remark(diagnostic.message + expected, span.line, span.column, diagnostic.hint, max(1, span.end - span.start))


def _unread_givens(elaborated: Elaborated) -> tuple[Remark, ...]:
    return tuple(remark(g.problem) for g in elaborated.givens if g.problem is not None)


def _given_lines(elaborated: Elaborated, steps: list[Found]) -> tuple[GivenLine, ...]:
    counts = used_counts(elaborated, steps)
    return tuple(
        GivenLine(g.statement.span.line, g.statement.latex, g.kind, g.reading, counts[k], g.statement.origin)
        for k, g in enumerate(elaborated.givens)
    )


def _symbol_lines(elaborated: Elaborated) -> tuple[SymbolLine, ...]:
    return tuple(_symbol_line(info) for info in elaborated.symbols.values())


def _symbol_line(info: SymbolInfo) -> SymbolLine:
    rows, columns = (_dimension(d) for d in info.shape)
    return SymbolLine(symbol_latex(info.name), (rows, columns), info.role, info.origin)


def _dimension(dim: Any) -> str:
    return "+".join(map(_dimension, dim)) if isinstance(dim, tuple) else str(dim)


def _derivation(chain: TypedChain, found: list[Found], unread: int) -> Derivation:
    steps = tuple(step_report(f, unread) for f in found)
    wrong = [s.line for s in steps if s.verdict == "wrong"]
    meet = ends_meet(found[0].step.claim, found[-1].step.claim) if wrong and len(steps) > 1 else None
    return Derivation(chain.chain.span.line, steps, messages.summary(wrong, meet))
