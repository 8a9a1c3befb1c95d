"""`derive check --certificate` and `derive verify`: certificates as files, and what is said about them."""

from __future__ import annotations

import json
from typing import Any

import click

from derive.gather import Unreadable, read
from derive.judge.certificate import agreement, certificate_of
from derive.judge.check import Checker
from derive.judge.reading import read as read_text
from derive.judge.verdict import Bench, Effort
from derive.verify.refusal import Refused
from derive.verify.replay import Certificate, verify


def write_certificate(path: str, file: str, options: dict[str, Any]) -> str:
    """Writes the certificate of a document; answers what to say about it.  Raises `Unreadable`."""
    document = read_text(read(path), path, options["givens"], options["macros"])
    effort = Effort(step=options["seconds"], seed=options["seed"])
    data = certificate_of(document, Checker(Bench(effort), samples=0))
    try:
        with open(file, "w", encoding="utf-8") as out:
            json.dump(data, out, ensure_ascii=False, separators=(",", ":"))
            out.write("\n")
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror or error}") from None
    steps = len(data["steps"])
    return f"wrote {file}: the proofs of {counted(steps, 'step')}" + without(tuple(data["uncertified"]))


def replayed(file: str, document: str | None, givens: tuple[str, ...], macros: str | None) -> str:
    """Replays a certificate; answers what to say about it.  Raises `Refused` or `Unreadable`."""
    try:
        certificate = verify(read(file))
        if document is not None:
            text = read(macros) if macros else ""
            agreement(certificate, read_text(read(document), document, givens, text))
    except Refused as problem:
        raise Refused(problem.reason, f"{file}: {problem.where}" if problem.where else file) from None
    return said(file, certificate, document)


def said(file: str, certificate: Certificate, document: str | None) -> str:
    moves = sum(step.moves for step in certificate.replayed)
    checked = f", claims and givens are those of {document}" if document is not None else ""
    steps = counted(len(certificate.replayed), "step")
    return f"{file}: {steps} proved, {counted(moves, 'move')} replayed{checked}" + without(certificate.uncertified)


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def without(lines: tuple[int, ...]) -> str:
    if not lines:
        return ""
    where = ("line " if len(lines) == 1 else "lines ") + ", ".join(map(str, lines))
    return f"\nproved, but without certificate: {counted(len(lines), 'step')} ({where})"


def command(file: str, document: str | None, givens: tuple[str, ...], macros: str | None) -> int:
    """The status of `derive verify`: 0 when the certificate holds, 1 when it is refused."""
    try:
        click.echo(replayed(file, document, givens, macros))
    except Refused as problem:
        click.echo(f"refused: {problem}")
        return 1
    except Unreadable as problem:
        raise click.UsageError(str(problem)) from None
    return 0
