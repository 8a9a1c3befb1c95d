"""Terms and givens as JSON and back.  Every object is `{"Name": [fields in order]}`; what does not fit is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any, get_args

from derive.language import facts as ft
from derive.language import terms as tm
from derive.verify.refusal import Refused

LARGEST = 10**6
DIGITS = 60
NAME = 200

TERMS: dict[str, type] = {t.__name__: t for t in get_args(tm.Term)}
GIVENS: dict[str, type] = {g.__name__: g for g in get_args(ft.Given)}


def encode(value: Any) -> Any:
    """A term, a given or a part of one as JSON."""
    if isinstance(value, ft.Source):
        return value.latex
    if isinstance(value, Fraction):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: [encode(getattr(value, f.name)) for f in fields(value)]}
    return [encode(v) for v in value] if isinstance(value, tuple) else value


def decode(value: Any, kind: str) -> Any:
    """The value of a kind: an annotation of `derive.language`, such as 'Term' or 'tuple[Member, ...]'."""
    return READERS[kind](value)


def _made(value: Any, classes: dict[str, type]) -> Any:
    if not isinstance(value, dict) or len(value) != 1:
        raise Refused("expected an object with one name")
    ((name, parts),) = value.items()
    made = classes.get(name)
    if made is None:
        raise Refused(f"{name[:40]!r} is unknown here")
    kinds = [str(f.type) for f in fields(made)]
    if not isinstance(parts, list) or len(parts) != len(kinds):
        raise Refused(f"{name} has {len(kinds)} fields")
    result = made(*(decode(part, kind) for part, kind in zip(parts, kinds, strict=True)))
    if isinstance(result, (tm.Add, tm.Mul, tm.Hadamard)) and not result.args:
        raise Refused(f"{name} of nothing")
    if isinstance(result, tm.Matrix) and (
        not result.rows or len({len(row) for row in result.rows}) != 1 or not result.rows[0]
    ):
        raise Refused("the rows of a matrix have one length")
    return result


def one_of(*classes: type) -> Callable[[Any], Any]:
    table = {c.__name__: c for c in classes}
    return lambda value: _made(value, table)


def many(kind: str) -> Callable[[Any], Any]:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Refused("expected a list")
        return tuple(decode(v, kind) for v in value)

    return read


def pair(kind: str) -> Callable[[Any], Any]:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != 2:
            raise Refused("expected a pair")
        return tuple(decode(v, kind) for v in value)

    return read


def optional(kind: str) -> Callable[[Any], Any]:
    return lambda value: None if value is None else decode(value, kind)


def text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > NAME:
        raise Refused("expected a short text")
    return value


def base(value: Any) -> str:
    if text(value)[:1] in ("#", "~", "$", "!", "?", ""):
        raise Refused("this is no name of an index")
    return str(value)


def whole(value: Any) -> int:
    if type(value) is not int or abs(value) > LARGEST:
        raise Refused("expected a whole number that is not too large")
    return value


def truth(value: Any) -> bool:
    if type(value) is not bool:
        raise Refused("expected true or false")
    return value


def fraction(value: Any) -> Fraction:
    if not isinstance(value, str) or len(value) > 2 * DIGITS:
        raise Refused("expected a fraction as text that is not too long")
    try:
        numerator, _, denominator = value.partition("/")
        return Fraction(int(numerator), int(denominator or 1))
    except (ValueError, ZeroDivisionError):
        raise Refused("this is no fraction") from None


def size(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(size(v) for v in value)
    if isinstance(value, str):
        return base(value)
    if whole(value) < 1:
        raise Refused("a size is at least 1")
    return value


READERS: dict[str, Callable[[Any], Any]] = {
    "Term": lambda value: _made(value, TERMS),
    "Term | None": optional("Term"),
    "Given": lambda value: _made(value, GIVENS),
    "Symbol": one_of(tm.Symbol),
    "SymbolInfo": one_of(ft.SymbolInfo),
    "Index": one_of(tm.Index),
    "Range": one_of(tm.Range),
    "Range | None": optional("Range"),
    "Member": one_of(ft.Member),
    "Source": lambda value: ft.Source(_source(value), ""),
    "Fraction": fraction,
    "Dim": size,
    "Shape": pair("Dim"),
    "int": whole,
    "str": text,
    "str | None": optional("base"),
    "base": base,
    "bool": truth,
    "tuple[Index, Index]": pair("Index"),
    **{
        f"tuple[{kind}, ...]": many(kind)
        for kind in (
            "Term",
            "Index",
            "Member",
            "tuple[Term, ...]",
            "tuple[Member, ...]",
            "tuple[Index, Index]",
            "Range | None",
            "str",
        )
    },
}


def _source(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused("expected the text of the given")
    return value
