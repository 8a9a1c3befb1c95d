"""What words are said of: names, families, the general member of a list."""

from __future__ import annotations

from derive.language import syntax as sx
from derive.language.syntax import Syntax


def plain_name(node: Syntax) -> bool:
    return isinstance(node, sx.Name) and not node.subscripts and not node.superscripts


def nameable(node: Syntax) -> bool:
    """A symbol, perhaps applied or with scripts: what words can declare."""
    match node:
        case sx.Name() | sx.Dots():
            return True
        case sx.Juxtaposition((sx.Name(), sx.Bracketed()), (True,)) | sx.Subscripted(sx.Name()):
            return True
        case sx.Power(sx.Name(), sx.Name()):
            return True
        case sx.Bracketed(sx.Tuple_(items)):
            return all(nameable(i) for i in items)
    return False


def schematic(subjects: tuple[Syntax, ...]) -> list[Syntax]:
    """`x_1, …, x_n` as `x_i`; other subjects as they are."""
    found: list[Syntax] = []
    for k, subject in enumerate(subjects):
        if isinstance(subject, sx.Dots) or (k and isinstance(subjects[k - 1], sx.Dots)):
            continue
        if k + 1 < len(subjects) and isinstance(subjects[k + 1], sx.Dots) and isinstance(subject, sx.Name):
            below = tuple(running(s) for s in subject.subscripts)
            above = tuple(running(s) for s in subject.superscripts)
            subject = sx.Name(subject.letter, below, above, span=subject.span)
        found.append(subject)
    return found


def schematic_names(subjects: tuple[Syntax, ...]) -> tuple[Syntax, ...]:
    return tuple(s for s in schematic(subjects) if isinstance(s, sx.Name))


def running_name(node: Syntax) -> Syntax:
    return (
        sx.Name(node.letter, tuple(map(running, node.subscripts)), node.superscripts)
        if isinstance(node, sx.Name)
        else node
    )


def running(script: Syntax) -> Syntax:
    return sx.Name("i") if isinstance(script, sx.Numeral) and script.value == 1 else script
