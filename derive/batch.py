"""Many documents at once: over the cores, in the order given, a few in memory at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from derive.gather import Unreadable, read
from derive.report import Defect, DocumentReport

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

WORTH_PROCESSES = 8  # documents: fewer are checked before other processes have started

Outcome = DocumentReport | Unreadable
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Task:
    """One document to check: its path, and its text when that is at hand (else the file is read)."""

    path: str
    text: str | None = None


def check_one(task: Task, options: dict[str, Any], progress: Progress | None = None) -> Outcome:
    """The report on one document, or why it cannot be read.

    `options` are keyword arguments of `derive.judge.check.check_texts`.
    """
    from derive.judge.check import check_texts

    try:
        text = read(task.path) if task.text is None else task.text
    except Unreadable as problem:
        return problem
    try:
        return check_texts([(task.path, text)], progress=progress, **options).documents[0]
    except (RecursionError, MemoryError) as error:  # the other documents go on
        return _failed(task.path, f"{type(error).__name__}: {error}", text, options.get("seed", 0))


def _failed(path: str, why: str, text: str = "", seed: int = 0) -> DocumentReport:
    return DocumentReport(path, text=text, error=why[:500], defects=(Defect(why[:500], seed),))


def check_all(
    tasks: list[Task], options: dict[str, Any], *, processes: int = 0, progress: Progress | None = None
) -> Iterator[Outcome]:
    """One outcome a task, in order, each as soon as it and all before it are done.

    `processes`: 0 for as many as there are cores.  `progress(path, done, total)` counts the steps of a document, or
    documents when they are spread over processes.
    """
    workers = min(processes or os.cpu_count() or 1, len(tasks))
    if len(tasks) <= WORTH_PROCESSES or workers < 2:
        for task in tasks:
            yield check_one(task, options, progress)
        return
    for done, outcome in enumerate(_spread(tasks, options, workers), 1):
        if progress is not None:
            progress(tasks[done - 1].path, done, len(tasks))
        yield outcome


def _spread(tasks: list[Task], options: dict[str, Any], workers: int) -> Iterator[Outcome]:
    """Over processes, with a window of tasks under way so that memory stays flat."""
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    todo = deque(tasks)
    under_way: deque[tuple[Task, Future[Outcome]]] = deque()
    pool = _pool(workers)
    try:
        while todo or under_way:
            while todo and len(under_way) < 4 * workers:
                under_way.append((todo[0], pool.submit(check_one, todo[0], options)))
                todo.popleft()
            outcome = under_way[0][1].result()
            under_way.popleft()
            yield outcome
    except BrokenProcessPool:
        todo.extendleft(task for task, _ in reversed(under_way))
    finally:
        pool.shutdown(cancel_futures=True)
    for task in todo:
        yield _isolated(task, options)


def _isolated(task: Task, options: dict[str, Any]) -> Outcome:
    """In a process of its own, after a process died: so the document that kills it is the one that is reported."""
    from concurrent.futures.process import BrokenProcessPool

    with _pool(1) as pool:
        try:
            return pool.submit(check_one, task, options).result()
        except BrokenProcessPool:
            return _failed(task.path, "the process that checked this document died")


def _pool(workers: int) -> ProcessPoolExecutor:
    """Processes that share no threads with this one, which may be drawing a progress bar."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_all_start_methods, get_context

    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(workers, mp_context=get_context(method), initializer=_leave_interrupts_to_the_parent)


def _leave_interrupts_to_the_parent() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
