"""Where mathematics is in a file: displays, inline formulas and given blocks; the rest is prose.

What is no mathematics (comments, code, verbatim, front matter, quotation marks of Markdown) is blanked in place, so
that offsets stay those of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

MAX_SEGMENTS = 4_000
MAX_LINES = 2_000  # statements of all given blocks
DISPLAYS = (
    "equation align alignat gather multline eqnarray flalign displaymath math dmath xalignat xxalignat IEEEeqnarray split aligned gathered"
).split()
ENVIRONMENT = "|".join(DISPLAYS)
OPENER = re.compile(
    rf"\\begin\s*\{{(?P<environment>(?:{ENVIRONMENT})\*?)\}}|(?P<given>\\begin\s*\{{given\}})|(?P<find>\\begin\s*\{{find\}})|(?P<bracket>\\\[)|(?P<paren>\\\()|"
    r"(?P<escaped>\\.)|(?P<dollars>\$\$)|(?P<dollar>\$)",
    re.DOTALL,
)
FRONT = re.compile(r"\A﻿?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
FENCE = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)\n(?P<body>.*?)(?:^[ \t>]*(?P=marks)[`~]*[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
INLINE_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)([^`\n]+?)\1(?!`)")
QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
TEX_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%[^\n]*")
VERBATIM = re.compile(r"\\begin\s*\{(verbatim|lstlisting|minted|comment|Verbatim|filecontents|tikzpicture)(\*?)\}")
VERB = re.compile(r"\\(?:verb|lstinline)\*?([^A-Za-z0-9\s{])[^\n]*?\1")
HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
TITLE = re.compile(r"\\title\s*\{([^{}]*)\}")
COLUMNS = re.compile(r"\s*\{\s*\d+\s*\}")
BLANK = re.compile(r"\n[ \t]*\n")
ITEM = re.compile(r"\\item\b(?:\s*\[[^\]]*\])?|\\\\(?:\s*\[[^\]]*\])?")
BULLET = re.compile(r"[ \t]*(?:[-*•]\s+|\d+[.)]\s+)")


@dataclass
class Segment:
    """A piece of mathematics: text[start:end] inside its delimiters text[outer_start:outer_end].

    `kind`: 'display', 'inline', 'given'; a given block has its lines.  `origin`: 'find' for a block of unknowns.
    """

    kind: str
    start: int
    end: int
    outer_start: int
    outer_end: int
    environment: str = ""
    lines: list[tuple[int, int]] = field(default_factory=list)
    origin: str = "block"


@dataclass
class Segments:
    text: str
    segments: list[Segment] = field(default_factory=list)
    problems: list[tuple[str, int, int, str]] = field(default_factory=list)
    title: str = ""
    metadata: dict[str, str] = field(default_factory=dict)

    def blank(self, ranges: list[tuple[int, int]]) -> None:
        """Blank further ranges (macro definitions)."""
        if ranges:
            self.text = blanked(self.text, ranges)


def between(text: str, opening: str, closing: str) -> list[tuple[int, int]]:
    """Ranges from `opening` to `closing`, in one pass."""
    found: list[tuple[int, int]] = []
    start = text.find(opening)
    while start >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            break
        found.append((start, end + len(closing)))
        start = text.find(opening, end + len(closing))
    return found


def verbatim(text: str) -> list[tuple[int, int]]:
    """Ranges of environments that are no mathematics."""
    found: list[tuple[int, int]] = []
    missing: set[str] = set()
    place = 0
    while (begin := VERBATIM.search(text, place)) is not None:
        closing = rf"\end{{{begin.group(1)}{begin.group(2)}}}"
        end = -1 if closing in missing else text.find(closing, begin.end())
        place = begin.end() if end < 0 else end + len(closing)
        if end < 0:
            missing.add(closing)
        else:
            found.append((begin.start(), place))
    return found


def blanked(text: str, ranges: list[tuple[int, int]]) -> str:
    pieces, place = [], 0
    for start, end in sorted(ranges):
        if end <= place:
            continue
        start = max(start, place)
        pieces.append(text[place:start])
        pieces.append(re.sub(r"[^\n]", " ", text[start:end]))
        place = end
    pieces.append(text[place:])
    return "".join(pieces)


def segments(text: str, latex: bool) -> Segments:
    """All mathematics of the text, in its order."""
    found = Segments(text)
    givens: list[Segment] = []
    if latex:
        found.title = first(TITLE, text)
        ranges = verbatim(text) + [m.span() for m in VERB.finditer(text)]
        text = blanked(text, ranges)
        text = blanked(text, [(m.end() - len(m.group().lstrip("\\")), m.end()) for m in TEX_COMMENT.finditer(text)])
        text = body(text)
    else:
        text = markdown(text, found, givens)
    found.text = text
    scan(found, givens)
    return found


def first(pattern: re.Pattern[str], text: str) -> str:
    hit = pattern.search(text)
    return hit.group(1).strip() if hit else ""


def body(text: str) -> str:
    """Nothing before `\\begin{document}` but macros, nothing behind its end."""
    start = text.find(r"\begin{document}")
    end = text.find(r"\end{document}")
    if start >= 0:
        preamble = re.sub(r"\$", " ", text[:start])
        text = preamble + text[start:]
    return text[:end] + re.sub(r"[^\n]", " ", text[end:]) if end >= 0 else text


def markdown(text: str, found: Segments, givens: list[Segment]) -> str:
    front = FRONT.match(text)
    if front is not None:
        found.metadata = metadata(front.group(1))
        text = blanked(text, [front.span()])
    ranges = []
    quoted: list[tuple[int, int]] = []
    for fence in FENCE.finditer(text):
        words = fence.group("info").strip().strip("{}.").split()
        if words and words[0].lower() in ("given", "givens", "find"):
            givens.append(given_block(text, fence.start("body"), fence.end("body"), *fence.span()))
            givens[-1].origin = "find" if words[0].lower() == "find" else "block"
            ranges += [(fence.start(), fence.start("body")), (fence.end("body"), fence.end())]
        elif words and words[0].lower() in ("math", "latex-math"):
            ranges += [(fence.start(), fence.start("body")), (fence.end("body"), fence.end())]
            givens.append(Segment("display", fence.start("body"), fence.end("body"), *fence.span()))
        else:
            ranges.append(fence.span())
    text = blanked(text, ranges)
    for code in INLINE_CODE.finditer(text):
        # GitLab writes $`x`$, which is mathematics
        dollars = (
            code.start() > 0 and text[code.start() - 1] == "$" and code.end() < len(text) and text[code.end()] == "$"
        )
        if not dollars:
            quoted.append(code.span())
    quoted += between(text, "<!--", "-->")
    text = blanked(text, quoted)
    found.title = found.metadata.get("title", "") or first(HEADING, text)
    return QUOTE.sub(lambda m: " " * len(m.group()), text)


def metadata(front: str) -> dict[str, str]:
    """The plain `key: value` lines of a front matter."""
    found: dict[str, str] = {}
    for line in front.splitlines()[:200]:
        hit = re.match(r"([A-Za-z_][\w-]*)\s*:\s*(.+?)\s*$", line)
        if hit:
            found[hit.group(1)] = hit.group(2).strip("\"'")
    return found


def given_block(text: str, start: int, end: int, outer_start: int, outer_end: int) -> Segment:
    """The block's statements: lines, cut further at `\\item` and `\\\\`; a line that is indented or opens a bracket goes on."""
    block = Segment("given", start, end, outer_start, outer_end)
    place = start
    for line in text[start:end].splitlines(keepends=True):
        block.lines.extend(cut_line(text, place, place + len(line)))
        place += len(line)
    return block


def cut_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    bullet = BULLET.match(text, start, end)
    place = bullet.end() if bullet else start
    cuts: list[tuple[int, int]] = []
    depth = 0
    k = place
    while k < end:
        if text.startswith((r"\begin{", r"\end{"), k):
            depth += 1 if text[k + 1] == "b" else -1
        hit = ITEM.match(text, k, end) if text[k] == "\\" and depth <= 0 else None
        if hit:
            cuts.append((place, k))
            place = k = hit.end()
            continue
        k += 2 if text[k] == "\\" else 1
    cuts.append((place, end))
    return [(a, b) for a, b in cuts if text[a:b].strip().strip("$")]


LAYOUT = re.compile(
    r"\\(?:begin|end)\s*\{(?:itemize|enumerate|align\*?|gather\*?|equation\*?|aligned|gathered)\}|\\\[|\\\]|\$\$"
)


def tex_given(found: Segments, start: int, end: int, outer_start: int, outer_end: int) -> Segment:
    r"""`\begin{given}`: items and rows, or else lines; lists and displays inside it only lay them out."""
    found.text = blanked(found.text, [m.span() for m in LAYOUT.finditer(found.text, start, end)])
    inner = found.text[start:end]
    if "\\item" not in inner and "\\\\" not in inner:
        return given_block(found.text, start, end, outer_start, outer_end)
    block = Segment("given", start, end, outer_start, outer_end)
    block.lines = cut_line(found.text, start, end)
    return block


def scan(found: Segments, fixed: list[Segment]) -> None:
    """Find the delimiters one after the other, leaving out the blocks that are known already."""
    text, place = found.text, 0
    fixed = sorted(fixed, key=lambda s: s.outer_start)
    starts = [s.outer_start for s in fixed]
    blanks = [m.start() for m in BLANK.finditer(text)]
    failed: set[str] = set()
    while (opener := OPENER.search(text, place)) is not None:
        k = bisect_right(starts, opener.start()) - 1
        if k >= 0 and opener.start() < fixed[k].outer_end:
            place = fixed[k].outer_end
            continue
        segment = close(found, opener, blanks, failed)
        if segment is None:
            place = opener.end()
            continue
        if len(found.segments) >= MAX_SEGMENTS:
            message = f"only the first {MAX_SEGMENTS} formulas are read"
            found.problems.append((message, opener.start(), opener.end(), ""))
            break
        if text[segment.start : segment.end].strip():
            found.segments.append(segment)
        place = segment.outer_end
    lines = 0
    for block in fixed + [s for s in found.segments if s.kind == "given"]:
        lines += len(block.lines)
        if lines > MAX_LINES and block.lines:
            message = f"only the first {MAX_LINES} statements are read"
            found.problems.append((message, block.lines[0][0], block.lines[0][1], ""))
            del block.lines[max(0, len(block.lines) - (lines - MAX_LINES)) :]
            lines = MAX_LINES
    found.segments.extend(b for b in fixed if b.kind != "given" or b.lines)
    found.segments.sort(key=lambda s: s.outer_start)


def close(found: Segments, opener: re.Match[str], blanks: list[int], failed: set[str]) -> Segment | None:
    """The segment that begins at `opener`; None when it is none or is not closed."""
    text, start = found.text, opener.end()
    kind = opener.lastgroup
    if kind == "escaped":
        return None
    if kind == "dollar":
        return inline_dollar(text, opener, blanks)
    closing = {"dollars": "$$", "bracket": r"\]", "paren": r"\)", "given": r"\end{given}", "find": r"\end{find}"}.get(
        kind or ""
    ) or rf"\end{{{opener.group('environment')}}}"
    end = -1 if closing in failed else text.find(closing, start)
    limit = len(text)
    if kind in ("dollars", "paren", "bracket"):
        k = bisect_right(blanks, start)
        limit = blanks[k] if k < len(blanks) else len(text)
    if kind == "dollars" and end >= 0 and limit < end and not text[start:limit].strip():
        limit = end
    if end < 0 or (end > limit and kind not in ("given", "find")):
        if end < 0:
            failed.add(closing)
        found.problems.append((f"`{opener.group()}` is not closed", opener.start(), opener.end(), f"`{closing}`"))
        return None
    if kind in ("given", "find"):
        block = tex_given(found, start, end, opener.start(), end + len(closing))
        block.origin = "find" if kind == "find" else "block"
        return block
    if (opener.group("environment") or "").rstrip("*") in ("alignat", "xalignat", "xxalignat"):
        columns = COLUMNS.match(text, start)
        start = columns.end() if columns else start
    shape = "inline" if kind == "paren" else "display"
    return Segment(
        shape, start, end, opener.start(), end + len(closing), (opener.group("environment") or "").rstrip("*")
    )


def inline_dollar(text: str, opener: re.Match[str], blanks: list[int]) -> Segment | None:
    """`$…$` within a paragraph; a dollar before a space or a sum of money opens nothing."""
    start = opener.end()
    k = bisect_right(blanks, start)
    limit = min(blanks[k] if k < len(blanks) else len(text), start + 4_000)
    place = start
    while (end := text.find("$", place, limit)) >= 0:
        if text[end - 1] == "\\" and text[end - 2 : end] != "\\\\":
            place = end + 1
            continue
        break
    if end < 0 or end == start:
        return None
    inner = text[start:end]
    if not inner.strip() or (inner[0].isspace() and inner[-1].isspace() and "\n" in inner):
        return None
    money = inner[0].isdigit() and (inner[-1].isspace() or text[end + 1 : end + 2].isdigit())
    return None if money else Segment("inline", start, end, opener.start(), end + 1)
