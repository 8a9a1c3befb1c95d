r"""The frames of a derivation: one line a click, what changed lit up on a click of its own, reasons with their lines.

Lines never move: each cell of a display is uncovered in its place.  A chain that is too long goes on over several
frames, each beginning with the last line of the one before; short chains share a frame.  In a handout everything
stands at once, coloured as in print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from derive.render.layout import Labels, Paint
from derive.render.macros import Macros
from derive.render.prose import Words
from derive.render.rows import Display, arrange, phrase_width, reason_rows
from derive.render.setting import Setting, painter
from derive.render.styles import alignat, calculation
from derive.render.tex import phrase_tex
from derive.render.wording import Line, Phrase, phrase, telling_rules, title_of

SMALL = 60.0  # letters that can be read from the back are worth a frame more
MOST = 0.93  # one change at a time is lit up, so more of a line may be
REASONS = 11.0  # em, the column at the right margin
ROW = 13.6  # pt from row to row
LITTLE = 0.3  # of a frame that is filled, for a heading to stand within it
LEAST = 0.45  # of a frame that is left, for a chain that must be split to begin there
CONTINUED = r" {\normalfont\small(continued)}"


@dataclass(frozen=True)
class Space:
    """What a frame has room for: `width` in em of its font, `height` in pt."""

    width: float = 35.5
    height: float = 178.0


@dataclass(frozen=True)
class Talk:
    """What is the same for all frames of a document."""

    title: str
    macros: Macros
    handout: bool
    space: Space
    titles: Mapping[str, str]
    explanations: Mapping[str, str]


@dataclass
class Open:
    """A frame that is being filled."""

    subtitle: str = ""
    continued: bool = False
    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: int = 0  # of its displays, as the notes count them
    height: float = 0.0
    click: int = 1  # the next line's


def frame(title: str, body: str, notes: Sequence[str] = (), options: str = "", subtitle: str = "") -> str:
    """One frame; title, body and notes are TeX."""
    note = ""
    if notes:
        items = "\n".join(r"  \item " + n for n in notes)
        note = "\n\\note{\\begin{itemize}\n" + items + "\n\\end{itemize}}"
    head = rf"\begin{{frame}}[{options or 't'}]{{{title}}}{{{subtitle}}}"  # a body in braces is no subtitle
    return head + "\n" + body + note + "\n" + r"\end{frame}"


class Frames:
    """Fills frames with words and chains, in order."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.done: list[str] = []
        self.now = Open()
        self.waiting: list[Words] = []
        self.heading = ""  # under which the next frame stands

    def say(self, words: Words) -> None:
        """Words that belong to the chain that follows; a heading begins a frame."""
        if not words.level:
            self.waiting.append(words)
            return
        self.heading = phrase_tex(words.said, self.talk.macros)
        if self.now.parts and self.now.height < LITTLE * self.talk.space.height:
            self.waiting.append(Words(words.line, 0, [("strong", "".join(c for _, c in words.said))]))
        else:
            self.close()

    def remark(self, words: Phrase) -> None:
        """Words about the chain before; they come with its last line."""
        tall = text_height(self.talk, words)
        self._fit(tall)
        self.now.parts.append(self._uncovered(phrase_tex(words, self.talk.macros)))
        self.now.height += tall

    def chain(self, lines: Sequence[Line], reasons: Sequence[Phrase]) -> None:
        """A chain of lines, on this frame if there is room, else on as many more as it needs."""
        tall = _height(lines, reasons, 0, len(lines), self.talk)
        words = sum(text_height(self.talk, w.said) for w in self.waiting)
        room = self.talk.space.height
        too_much = self.now.height + words + tall > room
        if self.now.parts and too_much and (tall + words <= room or self.now.height > LEAST * room):
            self.close()
        for i, (start, end) in enumerate(_parts(lines, reasons, self.talk, self.now.height + words)):
            if i:
                self.close(continued=True)
            self._say_waiting()
            self._display([Line(lines[start].latex), *lines[start + 1 : end]], [[], *reasons[start + 1 : end]])
            self.now.height += _height(lines, reasons, start, end, self.talk)

    def close(self, continued: bool = False) -> None:
        """The frame is full; the next one stands under the last heading."""
        if self.now.parts:
            now, talk = self.now, self.talk
            options = "c" + (",shrink" if now.height > talk.space.height + 6 else "")
            title = talk.title + (CONTINUED if now.continued else "")
            self.done.append(frame(title, "\n".join(now.parts), now.notes, options, now.subtitle))
        self.now = Open(self.heading, continued)

    def _fit(self, tall: float) -> None:
        if self.now.parts and self.now.height + tall > self.talk.space.height:
            self.close()

    def _say_waiting(self) -> None:
        for w in self.waiting:
            self.now.parts.append(self._uncovered(phrase_tex(w.said, self.talk.macros)))
            self.now.height += text_height(self.talk, w.said)
        self.waiting = []

    def _uncovered(self, text: str) -> str:
        """A paragraph that comes with the click of now."""
        click = self.now.click
        return (text if click == 1 or self.talk.handout else rf"\uncover<{click}->{{{text}}}") + r"\par"

    def _display(self, lines: Sequence[Line], reasons: Sequence[Phrase]) -> None:
        talk = self.talk
        setting = Setting(lines, reasons, talk.space.width, False, talk.macros, REASONS)
        self.now.notes += [n for i, line in enumerate(lines, self.now.lines + 1) if (n := _note(i, line, talk))]
        self.now.lines += len(lines)
        if talk.handout:
            display = _arranged(setting, painter)
            self.now.parts.append(alignat(display, setting) if _beside(display, reasons) else calculation(setting))
            return
        lit = _lit(setting)
        clicks = _clicks(len(lines), lit, self.now.click)
        self.now.click = clicks[-1] + (2 if len(lines) - 1 in lit else 1)
        paint = _highlighter(clicks)

        def uncovered(line: int, cell: str) -> str:
            return rf"\uncover<{clicks[line]}->{{{{}}{cell}}}"

        display = _arranged(setting, paint)
        if _beside(display, reasons):
            self.now.parts.append(alignat(display, setting, uncovered))
        else:
            self.now.parts.append(calculation(setting, uncovered, paint))


def text_height(talk: Talk, words: Phrase) -> float:
    """About how high a paragraph comes out, in pt."""
    return 6.0 + ROW * -(-phrase_width(words) * 1.12 // talk.space.width)


def _arranged(setting: Setting, paint: Callable[[int], Paint] | None) -> Display:
    return arrange(
        setting.lines,
        setting.reasons,
        setting.room,
        paint,
        setting.macros,
        most=MOST,
        small=SMALL,
        column=setting.column,
    )


def _parts(lines: Sequence[Line], reasons: Sequence[Phrase], talk: Talk, used: float) -> list[tuple[int, int]]:
    """Where the frames of a chain begin and end: as few as can be, about equally long; the first has `used` pt less."""
    longest = len(lines)
    while True:
        parts = []
        start = 0
        while start + 1 < len(lines):
            end = start + 2
            room = talk.space.height - (used if start == 0 else 0.0)
            most = min(len(lines), start + 1 + longest)
            while end < most and _height(lines, reasons, start, end + 1, talk) <= room:
                end += 1
            parts.append((start, end))
            start = end - 1
        even = -(-(len(lines) - 1) // max(1, len(parts)))
        if even >= longest:
            return parts
        longest = even


def _height(lines: Sequence[Line], reasons: Sequence[Phrase], start: int, end: int, talk: Talk) -> float:
    """About how high a part of a chain comes out, in pt."""
    part = [Line(lines[start].latex), *lines[start + 1 : end]]
    why = [[], *reasons[start + 1 : end]]
    setting = Setting(part, why, talk.space.width, False, talk.macros, REASONS)
    display = _arranged(setting, None)
    tall = []
    for i, words in enumerate(why):
        formula = sum(ROW * r.height + 4 for r in display.rows if r.line == i)
        beside = 12.0 * reason_rows(phrase_width(words), display.reasons) + 5 if display.reasons else 0.0
        tall.append(max(formula, beside))
    if not display.apart and len(tall) > 1:
        tall[:2] = [max(tall[:2])]  # they share a row
    between = sum(ROW * reason_rows(phrase_width(words), setting.room - 8) + 5 for words in why[1:])
    return 12.0 + sum(tall) + (0 if _beside(display, why) else between)


def _beside(display: Display, reasons: Sequence[Phrase]) -> bool:
    return display.reasons > 0 or not any(reasons)


def _lit(setting: Setting) -> set[int]:
    """The steps that have something to light up."""
    seen: set[int] = set()

    def watch(line: int) -> Paint:
        def paint(latex: str, labels: Labels) -> str:
            seen.update(labels)
            return latex

        return paint

    _arranged(setting, watch)
    return seen


def _clicks(count: int, lit: set[int], first: int) -> list[int]:
    """On which slide of the frame each line appears; the one after it, for a step in `lit`, shows the change."""
    clicks = [first]
    for k in range(1, count):
        clicks.append(clicks[-1] + (2 if k - 1 in lit else 1))
    return clicks


def _highlighter(clicks: Sequence[int]) -> Callable[[int], Paint]:
    def of_line(line: int) -> Paint:
        def paint(latex: str, labels: Labels) -> str:
            when = ",".join(str(clicks[k] + 1) for k in sorted(labels))
            return rf"\changed<{when}>{{{latex}}}"

        return paint

    return of_line


def _note(number: int, line: Line, talk: Talk) -> str:
    """What the speaker may say about a line of the frame: the rules in plain words, or what is wrong with it."""
    if line.step is None:
        return ""
    rules = telling_rules(line.step)
    said = [f"{title_of(r, talk.titles)}: {talk.explanations[r]}" for r in rules if r in talk.explanations]
    text = " ".join(s[:1].upper() + s[1:] for s in said) or line.step.message
    return rf"Line {number}. " + phrase_tex(phrase(text), talk.macros) if text else ""
