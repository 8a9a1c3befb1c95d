"""Documents over processes: order, a process that dies, files that cannot be read."""

import os

from derive import batch
from derive.batch import Task, check_all
from derive.gather import Unreadable
from derive.report import DocumentReport

TRUE = r"$$ \mathbb{E}[2X] = 2\,\mathbb{E}[X] $$"


def die(task, options, progress=None):
    if task.path == "3":
        os._exit(9)
    return DocumentReport(task.path)


def test_a_process_that_dies_takes_one_document_with_it(monkeypatch):
    monkeypatch.setattr(batch, "check_one", die)
    outcomes = list(check_all([Task(str(k)) for k in range(12)], {}, processes=2))
    assert [o.path for o in outcomes] == [str(k) for k in range(12)]
    assert [bool(o.error) for o in outcomes] == [k == 3 for k in range(12)]


def test_processes_change_nothing(tmp_path):
    tasks = [Task(f"{k}.md", TRUE.replace("2", str(k + 2))) for k in range(10)] + [Task(str(tmp_path / "none.md"))]
    options = {"simulation": False}
    alone = list(check_all(tasks, options, processes=1))
    spread = list(check_all(tasks, options, processes=2))
    assert alone[:-1] == spread[:-1]
    assert all(isinstance(o[-1], Unreadable) for o in (alone, spread))


def test_progress_counts_documents():
    seen = []
    tasks = [Task(f"{k}.md", TRUE) for k in range(10)]
    list(check_all(tasks, {"simulation": False}, processes=2, progress=lambda *call: seen.append(call)))
    assert seen == [(f"{k}.md", k + 1, 10) for k in range(10)]
