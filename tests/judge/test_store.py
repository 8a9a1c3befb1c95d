"""Judgements that outlive a document: the answers are the same, only what changed is judged, damage is no entry."""

from pathlib import Path

import pytest

from derive.judge import store as module
from derive.judge.check import check_texts
from derive.judge.store import Store
from derive.report import DocumentReport

GIVEN = r"""
```given
X, Y \in \mathbb{R} \text{ random}
a, b \in \mathbb{R} \text{ constant}
%s
```
"""
APART = r"X, Y \text{ uncorrelated}"
PAGE = r"""
$$\begin{aligned}
\operatorname{Var}(aX + Y) &= \operatorname{Var}(aX) + \operatorname{Var}(Y) \\
 &= a^2 \operatorname{Var}(X) + \operatorname{Var}(Y) \\
 &= %s \operatorname{Var}(X) + \operatorname{Var}(Y)
\end{aligned}$$
"""


def checked(store: Store | None, last: str = "a^2", given: str = APART, **options: object) -> DocumentReport:
    text = GIVEN % given + PAGE % last
    return check_texts([("a.md", text)], simulation=False, cache=store, **options).documents[0]  # type: ignore[arg-type]


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("derive-*/??/*.json"))


@pytest.mark.parametrize("last", ["a^2", "a", "aa"])
@pytest.mark.parametrize("given", [APART, ""])
def test_a_store_changes_no_answer(tmp_path: Path, last: str, given: str) -> None:
    plain = checked(None, last, given)
    store = Store(tmp_path)
    assert checked(store, last, given) == plain  # filled
    assert checked(store, last, given) == plain  # from memory
    assert checked(Store(tmp_path), last, given) == plain  # from disk


def test_one_changed_line_costs_that_line() -> None:
    store = Store()
    checked(store)
    assert (store.found, store.judged) == (0, 3)
    assert checked(store, "a").derivations[0].steps[-1].verdict == "wrong"
    assert (store.found, store.judged) == (2, 4)


def test_other_givens_are_another_claim(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert checked(store).derivations[0].steps[0].verdict == "proved"
    for again in (store, Store(tmp_path)):
        assert checked(again, given="").derivations[0].steps[0].verdict == "needs"


def test_another_effort_is_another_question(tmp_path: Path) -> None:
    store = Store(tmp_path)
    checked(store)
    checked(store, seed=7)
    assert (store.found, store.judged) == (0, 6)


def test_what_only_a_finding_says_is_not_kept_on_disk(tmp_path: Path) -> None:
    checked(Store(tmp_path), "a")
    assert len(entries(tmp_path)) == 2
    again = Store(tmp_path)
    checked(again, "a")
    assert (again.found, again.judged) == (2, 1)


@pytest.mark.parametrize("damage", ["", "nonsense", "0\n{}", None])
def test_a_damaged_entry_is_none(tmp_path: Path, damage: str | None) -> None:
    plain = checked(Store(tmp_path))
    for path in entries(tmp_path):
        text = path.read_text()
        path.write_text(text.replace('"rules": ["', '"rules": ["magic", "') if damage is None else damage)
    again = Store(tmp_path)
    assert checked(again) == plain
    assert again.found == 0


def test_another_version_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(Store(tmp_path))
    monkeypatch.setattr(module, "_code", lambda: "another")
    again = Store(tmp_path)
    checked(again)
    assert again.found == 0
    assert len({p.parts[-3] for p in entries(tmp_path)}) == 2


def test_memory_and_disk_are_bounded(tmp_path: Path) -> None:
    store = Store(tmp_path, in_memory=2)
    checked(store)
    assert len(store._known) == 2
    assert len(entries(tmp_path)) == 3
    Store(tmp_path, on_disk=2)
    assert len(entries(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_to_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file")
    assert checked(store) == checked(None)
