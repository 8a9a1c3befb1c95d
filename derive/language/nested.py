r"""`k_{\omega_j}` below `\sum_j`: the family k_ω with the index j, one member for each value of the index."""

from __future__ import annotations

from dataclasses import replace

from derive.language import syntax as sx
from derive.language.symbols import key_of, roots
from derive.language.traverse import descend, with_names

Pattern = tuple[str, str]  # the letter, and that of the script


def with_open_scripts(document: sx.Document) -> sx.Document:
    """The document with scripts that are members of a family taken apart, for letters whose scripts move with a sum."""
    moving = {
        _pattern(name)
        for root in roots(document)
        for big in descend(root)
        if isinstance(big, sx.Big)
        for name in descend(big.body)
        if isinstance(name, sx.Name) and _pattern(name) and _index(name) in {key_of(r.index) for r in big.ranges}
    }
    if not moving:
        return document

    def change(name: sx.Name) -> sx.Name:
        if _pattern(name) not in moving:
            return name
        (inner,) = name.subscripts
        assert isinstance(inner, sx.Name)
        return replace(name, subscripts=(sx.Label(inner.letter, span=inner.span), *inner.subscripts))

    return with_names(document, change)


def _pattern(name: sx.Name) -> Pattern | None:
    match name.subscripts:
        case (sx.Name(letter, (sx.Name() | sx.Numeral(),), ()),):
            return name.letter, letter
    return None


def _index(name: sx.Name) -> str:
    (script,) = name.subscripts
    index = script.subscripts[0] if isinstance(script, sx.Name) else script
    return key_of(index) if isinstance(index, sx.Name) else ""
