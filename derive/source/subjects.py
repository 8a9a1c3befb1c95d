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
    """`x_1, …, x_n` and `x_1, x_2, …, x_n` as `x_i`; other subjects as they are."""
    found: list[Syntax] = []
    for k, subject in enumerate(subjects):
        if isinstance(subject, sx.Dots) or (k and isinstance(subjects[k - 1], sx.Dots)):
            continue
        if k + 1 < len(subjects) and isinstance(subjects[k + 1], sx.Dots) and isinstance(subject, sx.Name | sx.Power):
            while found and numbered_alike(found[-1], subject):
                subject = found.pop()
            subject = running_name(subject)
        found.append(subject)
    return found


def numbered_alike(one: Syntax, other: Syntax) -> bool:
    """Whether the two are `x_1` and `x_2`."""
    match one, other:
        case sx.Power(a, exponent), sx.Power(b, same):
            return exponent == same and numbered_alike(a, b)
        case sx.Name(a, (sx.Numeral(),), above), sx.Name(b, (sx.Numeral(),), also):
            return a == b and above == also
        case sx.Name(a, below, (sx.Numeral() | sx.Bracketed(sx.Numeral()),)), sx.Name(b, also, (last,)):
            return a == b and below == also and isinstance(last, (sx.Numeral, sx.Bracketed))
    return False


def samples(subjects: tuple[Syntax, ...]) -> list[tuple[Syntax, ...]]:
    """Of `X_1, …, X_n, Y_1, …, Y_m` each list by itself; names without an index are no sample."""
    found: list[list[Syntax]] = []
    for k, subject in enumerate(subjects):
        follows = k > 0 and (isinstance(subject, sx.Dots) or isinstance(subjects[k - 1], sx.Dots))
        if found and (follows or numbered_alike(found[-1][-1], subject)):
            found[-1].append(subject)
        elif not plain_name(subject):
            found.append([subject])
    return [tuple(f) for f in found]


def schematic_names(subjects: tuple[Syntax, ...]) -> tuple[Syntax, ...]:
    return tuple(s for s in schematic(subjects) if isinstance(s, sx.Name))


def running_name(node: Syntax) -> Syntax:
    if isinstance(node, sx.Power):  # σ_1^2, …
        return sx.Power(running_name(node.base), node.exponent, span=node.span)
    if not isinstance(node, sx.Name):
        return node
    below, above = (tuple(map(running, part)) for part in (node.subscripts, node.superscripts))
    return sx.Name(node.letter, below, above, span=node.span)


def running(script: Syntax) -> Syntax:
    return sx.Name("i") if isinstance(script, sx.Numeral) and script.value == 1 else script
