"""Judgements that outlive a document: in memory, and the proved ones in a folder where one is named.

A judgement is filed under what it depends on: both sides, all givens and symbols, the effort, the book of misconceptions.  On
disk, version and code of derive belong to the name, so another derive finds nothing; an entry that is damaged is none.
A file says that a step was proved and by what; whoever can write into the folder can say so too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import asdict, fields, is_dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from derive.judge.verdict import Judgement
from derive.language.facts import Claim, Facts
from derive.report import Exact
from derive.version import VERSION

IN_MEMORY = 20_000  # judgements; the one that was used least recently goes first
ON_DISK = 20_000  # files, of about half a kilobyte; the oldest quarter goes
PACKAGE = Path(__file__).parent.parent


class Store:
    """`folder`: where proved steps are kept for the next process; None keeps all in memory alone."""

    def __init__(self, folder: str | Path | None = None, *, in_memory: int = IN_MEMORY, on_disk: int = ON_DISK):
        self.in_memory, self.on_disk = in_memory, on_disk
        self.found = self.judged = 0  # claims that were known, claims that were not
        self._known: dict[Hashable, tuple[Any, Judgement]] = {}
        self._facts: tuple[Facts, str] | None = None  # those of the last claim, written out
        self._folder = None if folder is None else Path(folder)
        if self._folder is not None:
            _thinned(self._folder, on_disk)
            self._folder /= f"derive-{_code()}"

    def get(self, claim: Claim, key: Hashable, book: Any) -> Judgement | None:
        """What was found before.  `key` stands for the claim and the effort; the book counts where it was asked."""
        known = self._known.pop(key, None)
        if known is not None and known[0] != book:
            known = None
        if known is None and self._folder is not None:
            kept = _read(self._file(claim, key), claim)
            known = kept and (book, kept)
        if known is None:
            return None
        self.found += 1
        self._remember(key, known)
        return known[1]

    def put(self, claim: Claim, key: Hashable, book: Any, judgement: Judgement) -> None:
        self.judged += 1
        if judgement.reason:
            return  # what a limit cut short may do better another time
        self._remember(key, (book, judgement))
        if self._folder is not None and judgement.verdict == "proved":
            _write(self._file(claim, key), judgement, claim)

    def _remember(self, key: Hashable, entry: tuple[Any, Judgement]) -> None:
        self._known[key] = entry
        while len(self._known) > self.in_memory:
            del self._known[next(iter(self._known))]

    def _file(self, claim: Claim, key: Any) -> Path:
        if self._facts is None or self._facts[0] is not claim.facts:
            facts = claim.facts
            self._facts = facts, sha256(_plain((sorted(facts.symbols.items()), facts.givens)).encode()).hexdigest()
        said = _plain((claim.lhs, claim.rhs, claim.distinct, key[-1]))
        name = sha256(f"{self._facts[1]} {said}".encode()).hexdigest()
        assert self._folder is not None
        return self._folder / name[:2] / f"{name[2:]}.json"


@lru_cache(maxsize=8)
def store_in(folder: str) -> Store:
    """The store of a folder: one a process, so that documents share what is in memory."""
    return Store(folder)


@lru_cache(maxsize=1)
def _code() -> str:
    """Version, code and libraries that a verdict rests on, as one short name."""
    found = sha256(VERSION.encode())
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.toml")]):
        found.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes() + b"\0")
    for library in ("sympy", "latex2sympy2_extended"):
        with suppress(PackageNotFoundError):
            found.update(f"{library} {version(library)}".encode())
    return found.hexdigest()[:16]


def _plain(value: Any) -> str:
    """The same text for equal values, in every process: sets in order, no places in the document."""
    if is_dataclass(value):
        parts = ",".join(_plain(getattr(value, f.name)) for f in fields(value) if f.compare)
        return f"{type(value).__name__}({parts})"
    if isinstance(value, (tuple, list)):
        return f"[{','.join(map(_plain, value))}]"
    if isinstance(value, (set, frozenset)):
        return f"{{{','.join(sorted(map(_plain, value)))}}}"
    return f"{type(value).__name__}:{value!r}"


def _write(path: Path, judgement: Judgement, claim: Claim) -> None:
    """Whole or not at all; a folder that cannot be written to keeps nothing."""
    places = {id(g): k for k, g in enumerate(claim.facts.givens)}
    if any(id(g) not in places for g in judgement.uses):
        return  # made by derive itself: there is nothing to refer to
    body = json.dumps(
        {
            "rules": judgement.rules,
            "uses": [places[id(g)] for g in judgement.uses],
            "exact": judgement.exact and asdict(judgement.exact),
            "presupposed": judgement.presupposed,
            "message": judgement.message,
        }
    )
    passing = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        passing.write_text(sha256(body.encode()).hexdigest() + "\n" + body, encoding="utf-8")
        passing.replace(path)


def _read(path: Path, claim: Claim) -> Judgement | None:
    """The judgement in a file; None where there is none, or a damaged one."""
    try:
        check, _, body = path.read_text(encoding="utf-8").partition("\n")
        if check != sha256(body.encode()).hexdigest():
            return None
        data = json.loads(body)
        return Judgement(
            "proved",
            rules=tuple(data["rules"]),
            uses=tuple(claim.facts.givens[k] for k in data["uses"]),
            exact=data["exact"] and Exact(**data["exact"]),
            presupposed=tuple(data["presupposed"]),
            message=data["message"],
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _thinned(folder: Path, most: int) -> None:
    """Removes the oldest entries, those of other versions among them, where there are more than `most`."""
    with suppress(OSError):
        entries = sorted(folder.glob("derive-*/??/*.json"), key=lambda p: p.stat().st_mtime)
        for path in entries[: len(entries) - most * 3 // 4] if len(entries) > most else ():
            path.unlink(missing_ok=True)
