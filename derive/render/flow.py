r"""Formulas of a page that go on in a further row where the page is narrow, at their outer sums before their inner ones.

Browsers do not break MathML.  So a line stands as parts, a `math` element each, that a telephone has room for; the parts of
one term are kept together as long as the term fits.  A part that is wider still (a matrix) scrolls, also by keyboard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derive.render.layout import NONE, Marks, Paint, Piece, assemble, break_rows, cut_at, pieces, row_width
from derive.render.macros import NO_MACROS, Macros
from derive.render.mathml import as_code, colour, convert, markup
from derive.render.nodes import Nodes
from derive.render.parsing import parse
from derive.render.rows import vetted

PART = 12.5  # em that a telephone has room for
NESTED = 10.5  # in a list that is set in
WIDE = "formula, wider than a narrow page"
SURELY = 0.85  # widths are estimates: what is wider may stick out
DEEPEST = 8  # brackets in brackets in which a line is cut
Part = list[Piece]


@dataclass(frozen=True)
class Flow:
    """A line that may be broken between its members, and then between theirs; or one part, which never is."""

    own: list[Part]
    members: Sequence[Flow] = ()

    @property
    def parts(self) -> list[Part]:
        return [*self.own, *(part for member in self.members for part in member.parts)]

    @property
    def widest(self) -> float:
        return max(map(row_width, self.parts))

    def nested(self, shown: Iterator[str]) -> str:
        """The parts, as they are shown, in a span for each member."""
        if not self.members:
            return next(shown)
        return "".join(f'<span class="part">{member.nested(shown)}</span>' for member in self.members)


def formula(
    tree: Nodes | None,
    latex: str,
    relation: str = "",
    marks: Marks | None = None,
    macros: Macros = NO_MACROS,
    room: float = PART,
) -> str:
    """A line of a derivation in a `div`, its relation in front.

    `tree`: of `latex`, None where it cannot be read.  `room`: em that the narrowest page has for it.
    """
    lead = vetted(relation, macros) + " " if relation else ""
    if tree is None:
        return _block((convert(relation, macros) + " " if relation else "") + as_code(latex))
    found = _flow(tree, marks or {}, room - 1.5 * bool(relation))
    texts = [(lead if i == 0 else "{} ") + assemble(part, colour) for i, part in enumerate(found.parts)]
    shown = [markup(text, latex, display=True) for text in texts]
    if any(text.startswith("<code>") for text in shown):
        return formula(None, latex, relation, macros=macros)
    return _block(found.nested(iter(shown)), any(row_width(part) > SURELY * room for part in found.parts))


def tree_of(latex: str, macros: Macros = NO_MACROS) -> Nodes | None:
    """The formula, read; its `:=` is one sign, at which a line may break."""
    return parse(latex.replace(":=", r"\coloneqq "), macros)


def inline(latex: str, macros: Macros = NO_MACROS) -> str:
    """A formula in running text, which may be broken where it is long."""
    tree = tree_of(latex, macros)
    if tree is None:
        return as_code(latex)
    parts = _flow(tree, {}, PART, _plain).parts
    if len(parts) == 1:
        return convert(latex, macros)
    shown = [markup("{} " * (i > 0) + assemble(part, _plain), latex) for i, part in enumerate(parts)]
    return as_code(latex) if any(text.startswith("<code>") for text in shown) else "<wbr>".join(shown)


def _plain(latex: str, labels: frozenset[int]) -> str:
    return latex


def _flow(tree: Nodes, marks: Marks, room: float, paint: Paint = colour) -> Flow:
    """The line cut as finely as `room` needs; tall brackets are opened up where nothing else helps."""
    closed = _cut(pieces(tree, marks, paint, NONE), room)
    if closed.widest <= room:
        return closed
    opened = _cut(pieces(tree, marks, paint, NONE, opened=True), room)
    return opened if opened.widest < closed.widest else closed


def _cut(row: Part, room: float, level: float = 0.0) -> Flow:
    """Cut at sums, those in brackets after those around them, then at products; factors stay together for the last."""
    if row_width(row) <= room:
        return Flow([row])
    while level <= DEEPEST:
        members = cut_at(row, level)
        level += 0.5
        if len(members) > 1:
            return Flow([], [_cut(member, room, level) for member in members])
    rows = break_rows(row, room, room)
    return Flow(rows) if len(rows) == 1 else Flow([], [Flow([r]) for r in rows])


def _block(shown: str, wide: bool = False) -> str:
    reached = f' tabindex="0" role="group" aria-label="{WIDE}"' if wide else ""
    return f'<div class="formula"{reached}>{shown}</div>'
