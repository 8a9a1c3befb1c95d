r"""`k_{\omega_j}` below `\sum_j`: the family k_ω with the index j, one member for each value of the index."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from derive.language import syntax as sx
from derive.language.symbols import key_of, roots
from derive.language.traverse import descend

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

    def change(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(change(v) for v in value)
        if not isinstance(value, (sx.Node, sx.Statement, sx.Chain, sx.Expression)):
            return value
        if isinstance(value, sx.Name) and _pattern(value) in moving:
            inner = value.subscripts[0]
            assert isinstance(inner, sx.Name)
            return replace(value, subscripts=(sx.Label(inner.letter, span=inner.span), *inner.subscripts))
        return replace(value, **{f.name: change(getattr(value, f.name)) for f in fields(value) if f.name != "span"})

    return replace(document, items=change(document.items))


def _pattern(name: sx.Name) -> Pattern | None:
    match name.subscripts:
        case (sx.Name(letter, (sx.Name() | sx.Numeral(),), ()),):
            return name.letter, letter
    return None


def _index(name: sx.Name) -> str:
    (script,) = name.subscripts
    index = script.subscripts[0] if isinstance(script, sx.Name) else script
    return key_of(index) if isinstance(index, sx.Name) else ""
