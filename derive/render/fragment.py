"""Reports as a piece of a page that others own, a notebook above all: styles and ids stay to themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from html import escape
from pathlib import Path

from derive.render.html import NOTHING, chains_of, words
from derive.render.macros import macros_of
from derive.render.wording import assumptions, phrase, reading, remarks
from derive.report import DocumentReport

# Facts that a notebook's author sees in the types of the symbols anyway.
TYPES = frozenset({"shape", "kind"})


def fragment(documents: Sequence[DocumentReport], *, titles: Mapping[str, str] = NOTHING) -> str:
    """The derivations of the documents as one `div`, with its style."""
    body = "".join(_document(d, titles) for d in documents)
    name = sha256(body.encode()).hexdigest()[:8]
    body = re.sub(r'( id="| href="#| aria-labelledby=")', rf"\g<1>d{name}-", body)
    return f'<style>{style()}</style>\n<div class="derive">{body}</div>'


def style() -> str:
    """The page's style for what stands in the `div`; colours follow the notebook, light or dark."""
    here = Path(__file__).parent
    page = (here / "style.css").read_text(encoding="utf-8")
    page = re.sub(r"@media print \{.*\n\}\n", "", page, flags=re.S)
    page = re.sub(r"@media \(prefers-color-scheme: dark\) \{.*?\n\}\n", "", page, flags=re.S)
    page = re.sub(
        r"(?m)^(?:body|main|nav|nav \+ main|h1|h2|h1 math|a|:target|\.index|\.network|figure)\b[^\n]*\n", "", page
    )
    nested = page.replace(":root", "&") + (here / "fragment.css").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", f".derive {{ {nested} }}").strip()


def _document(document: DocumentReport, titles: Mapping[str, str]) -> str:
    document = replace(document, givens=tuple(g for g in document.givens if g.kind not in TYPES))
    macros = macros_of(document)
    chains = [chains_of(document, d, titles, macros) for d in document.derivations]
    items = [
        f'<li><span class="mark" id="{a.mark}">{a.mark}</span> {words(reading(a.given.reading), macros)}</li>'
        for a in assumptions(document)
    ]
    given = f"<details><summary>given</summary><ul>{''.join(items)}</ul></details>" if items else ""
    told = "".join(f"<p>{words(r, macros)}</p>" for r in remarks(document))
    failed = f"<p><strong>derive failed.</strong> {escape(document.error)}</p>" if document.error else ""
    nothing = (
        ""
        if chains or failed
        else f"<p>{words(phrase('no derivation found: no display holds an equation'), macros)}</p>"
    )
    return "".join([*chains, told, failed, nothing, given])
