r"""The words of a document between its derivations: headings and paragraphs with their inline formulas.

They are taken from the user's file as it was typed (a report keeps it in `text`), Markdown or LaTeX.  What is not plain
words (tables, code, commands of an unknown kind) is left out, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.render.wording import Phrase
from derive.report import DocumentReport

MOST = 4  # paragraphs told before one derivation
MAX_TEXT = 500_000  # characters looked at
AWAY = "\x00"  # stands where something was that is no prose
DISPLAYS = (
    "equation align alignat gather multline eqnarray flalign displaymath split aligned gathered array math given find "
    "verbatim lstlisting figure table tabular tikzpicture minted comment thebibliography"
).split()
NO_PROSE = re.compile(
    r"\A---\n.*?\n---[ \t]*$|^(?P<fence>```+|~~~+).*?^(?P=fence)[ \t]*$|<!--.*?-->|(?<!\\)\$\$.*?(?<!\\)\$\$|\\\[.*?\\\]"
    rf"|\\begin\{{(?P<name>(?:{'|'.join(DISPLAYS)})\*?)\}}.*?\\end\{{(?P=name)\}}",
    re.DOTALL | re.MULTILINE,
)
HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.*?)\s*#*")
ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s+|\\item\b\s*(?:\[[^\]]*\])?")
TEX_HEADING = re.compile(r"\\(?P<sub>(?:sub)*)(?:section|paragraph)\*?\{(?P<title>(?:[^{}]|\{[^{}]*\})*)\}(?P<rest>.*)")
TEX_DROPPED = re.compile(
    r"\\(?:label|cite[a-z]*|index|vspace|hspace|footnote)\*?(?:\[[^\]]*\])?\{[^{}]*\}"
    r"|\\(?:noindent|medskip|bigskip|smallskip|newpage|clearpage|maketitle|centering|par|qed|qedhere|tableofcontents)\b\s*"
    r"|\\(?:begin|end)\{[a-zA-Z]+\*?\}(?:\[[^\]]*\])?"
)
MARKED = re.compile(
    r"\$(?P<math>[^$]+)\$|\*\*(?P<strong>[^*]+)\*\*|\\textbf\{(?P<bold>[^{}]*)\}|\\(?:emph|textit)\{(?P<emph>[^{}]*)\}"
    r"|(?<![*\w])\*(?P<star>[^*$]+)\*(?![*\w])|(?<![_\w])_(?P<low>[^_$]+)_(?![_\w])"
)
KINDS = {"math": "math", "strong": "strong", "bold": "strong", "emph": "emph", "star": "emph", "low": "emph"}
ESCAPED = dict(zip(r"$_*#%&", "\ue000\ue001\ue002\ue003\ue004\ue005", strict=True))
UNESCAPED = str.maketrans({private: plain for plain, private in ESCAPED.items()})


@dataclass(frozen=True)
class Words:
    """A heading or a paragraph.

    `line`: where it begins; `late`: behind a display that begins or ends on that line; `level`: 0 for a paragraph, 1… for
    a heading; `item`: of a list.
    """

    line: int
    level: int
    said: Phrase
    item: bool = False
    late: bool = False


def words(document: DocumentReport) -> list[Words]:
    """All headings and paragraphs, in order; a heading that repeats the document's title is left out."""
    text = document.text[:MAX_TEXT]
    tex = document.path.endswith(".tex") or r"\begin{document}" in text
    title = _bare(phrase_of(document.title, tex))
    found = [_words(tex, *block) for block in _blocks(text, tex)]
    return [w for w in found if w is not None and not (w.level and _bare(w.said) == title)]


def before(document: DocumentReport) -> dict[int, list[Words]]:
    """For each derivation (by its place) what stands before it; under the number of derivations what ends the document."""
    near: dict[int, list[Words]] = {}
    starts = [d.line for d in document.derivations]
    for w in words(document):
        place = next((i for i, line in enumerate(starts) if w.line + w.late <= line), len(starts))
        near.setdefault(place, []).append(w)
    return {place: [w for w in some[:-MOST] if w.level][-1:] + some[-MOST:] for place, some in near.items()}


def _blocks(text: str, tex: bool) -> Iterator[tuple[int, bool, str]]:
    """Paragraphs, items and headings as (line, late, text); every line of the file is looked at in its place."""
    if tex:
        text = re.sub(r"(?<!\\)%[^\n]*", "", text)
        head, begin, body = text.partition(r"\begin{document}")
        text = "\n" * head.count("\n") + body if begin else text
    text = NO_PROSE.sub(lambda m: AWAY + "\n" * m[0].count("\n"), text)
    gathered: list[str] = []
    began = (0, False)
    for number, row in enumerate(text.split("\n"), 1):
        late = False
        for part in re.split(rf"({AWAY})", row):
            part = TEX_DROPPED.sub("", part).strip() if tex else part.strip()
            alone = HEADING.fullmatch(part) if not tex else TEX_HEADING.match(part)
            if (not part or part == AWAY or alone or ITEM.match(part) or part[0] in "|<") and gathered:
                yield *began, " ".join(gathered)
                gathered = []
            if alone:
                yield number, late, part
            elif part and part != AWAY and part[0] not in "|<":
                began = (number, late) if not gathered else began
                gathered.append(part.removeprefix("> "))
            late = late or part == AWAY
    if gathered:
        yield *began, " ".join(gathered)


def _words(tex: bool, line: int, late: bool, text: str) -> Words | None:
    if heading := TEX_HEADING.match(text) if tex else HEADING.fullmatch(text):
        level = 1 + len(heading["sub"]) // 3 if tex else len(heading["marks"])
        said = phrase_of(heading["title"], tex)
        return Words(line, level, said, late=late) if said else None
    item = ITEM.match(text)
    said = phrase_of(text[item.end() :] if item else text, tex)
    return Words(line, 0, said, item is not None, late) if _bare(said).strip(" .,;:") else None


def phrase_of(text: str, tex: bool = False) -> Phrase:
    """Typed words as a phrase; an empty one when there are commands among them that are not known."""
    text = re.sub(r"\\([$_*#%&])", lambda m: ESCAPED[m[1]], text)
    text = re.sub(r"\\\((.+?)\\\)", r"$\1$", text)
    if tex:
        text = text.replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–").replace("~", "\u00a0")
    else:
        text = re.sub(r"!\[[^\]]*\]\([^)]*\)|</?[a-z]+>", "", text)
        text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    out: Phrase = []
    at = 0
    for match in MARKED.finditer(text):
        out += [("text", text[at : match.start()]), (KINDS[str(match.lastgroup)], match[str(match.lastgroup)])]
        at = match.end()
    out.append(("text", text[at:]))
    if any(kind != "math" and "\\" in content for kind, content in out):
        return []
    return [(kind, _plain(kind, content)) for kind, content in out if content]


def _plain(kind: str, content: str) -> str:
    if kind == "math":
        return "".join("\\" + c.translate(UNESCAPED) if c in ESCAPED.values() else c for c in content)
    content = re.sub(r'"([^"]*)"', r"“\1”", content.replace("`", ""))
    return content.translate(UNESCAPED)


def _bare(said: Phrase) -> str:
    return "".join(content for _, content in said)
