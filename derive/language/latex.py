"""Typed terms as readable LaTeX, with the brackets that reading back needs and no others."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

from derive.language import terms as tm

SUM, PRODUCT, FACTOR, ATOM = 0, 1, 2, 3
PREFIX = frozenset({"log", "exp", "sin", "cos", "tan", "tanh", "cosh", "sinh", "max", "min"})


def latex(term: tm.Term, facts: Any = None) -> str:
    r"""The term as LaTeX.

    >>> from derive.language.terms import Add, Mul, Number, Pow, Symbol, Transpose, number
    >>> x, w = Symbol(r"\mathbf{x}", (), ("m", 1)), Symbol("w", (), ("m", 1))
    >>> latex(Add((Mul((Transpose(x), w)), Mul((number(-2), Symbol("b"))))))
    '\\mathbf{x}^\\top w - 2 b'
    >>> latex(Mul((Symbol("c"), Pow(Symbol("n"), number(-1)))))
    '\\frac{c}{n}'
    """
    return _write(term)[0]


def _write(term: Any) -> tuple[str, int]:
    """(LaTeX, how tightly it binds)."""
    match term:
        case tm.Number(value):
            return number_latex(value)
        case tm.Symbol(name, indices):
            return symbol_latex(name, indices), ATOM
        case tm.IndexValue(index):
            return index_latex(index), ATOM if index.offset == 0 or index.base is None else SUM
        case tm.Add(args):
            return _sum(args), SUM
        case tm.Mul(args):
            return _product(args)
        case tm.Pow(base, exponent):
            return _power(base, exponent)
        case tm.Inverse(arg, pseudo):
            return f"{_base(arg)}^{{{'+' if pseudo else '-1'}}}", FACTOR
        case tm.Transpose(tm.Inverse(arg)):
            return f"{_base(arg)}^{{-\\top}}", FACTOR
        case tm.Transpose(arg):
            return f"{_base(arg)}^\\top", FACTOR
        case tm.Expectation(arg, given):
            return rf"\mathbb{{E}}{_squared(_behind(arg, given))}", ATOM
        case tm.Variance(arg, given):
            name = r"\operatorname{Var}" if arg.shape == tm.SCALAR else r"\operatorname{Cov}"
            return f"{name}{_bracketed(_behind(arg, given))}", ATOM
        case tm.Covariance(left, right, given):
            return rf"\operatorname{{Cov}}{_bracketed(latex(left) + ', ' + _behind(right, given))}", ATOM
        case tm.Correlation(left, right, given):
            return rf"\operatorname{{Corr}}{_bracketed(latex(left) + ', ' + _behind(right, given))}", ATOM
        case tm.Sum() | tm.Product():
            return _big(term), PRODUCT
        case _:
            return _structure(term)


def _structure(term: Any) -> tuple[str, int]:
    match term:
        case tm.Entry(arg, row, column):
            lone = arg.shape[1] == 1
            scripts = [row] if lone else [column] if arg.shape[0] == 1 else [row, column]
            return _with_subscript(arg, scripts), ATOM
        case tm.Line(arg, index, axis):
            return _with_subscript(arg, [index]) if axis == "row" else f"{_base(arg)}_{{:,{index_latex(index)}}}", ATOM
        case tm.Trace(arg):
            return rf"\operatorname{{tr}}{_bracketed(latex(arg))}", ATOM
        case tm.Determinant(arg):
            return rf"\det({latex(arg)})", ATOM
        case tm.Diagonal(arg):
            return rf"\operatorname{{diag}}{_bracketed(_listed(arg))}", ATOM
        case tm.Hadamard(args):
            return r" \odot ".join(_factor(a) for a in args), PRODUCT
        case tm.Kronecker(left, right):
            return rf"{_factor(left)} \otimes {_factor(right)}", PRODUCT
        case tm.SquaredNorm(arg):
            mark = "" if arg.shape[1] == 1 or arg.shape[0] == 1 else "_F"
            return rf"\|{latex(arg)}\|{mark}^2", FACTOR
        case tm.Identity(dim):
            return ("I" if isinstance(dim, tuple) else rf"I_{_script(str(dim))}"), ATOM
        case tm.Constant(value, shape):
            text = rf"\mathbf{{{value}}}"
            return (text if shape[0] != 1 or shape[1] == 1 else text + r"^\top"), ATOM if shape[0] != 1 else FACTOR
        case tm.Matrix(rows):
            body = r" \\ ".join(" & ".join(latex(t) for t in row) for row in rows)
            return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}", ATOM
        case tm.Entries():
            return _entries(term), ATOM
        case tm.SupportSum(variable, lower, upper, body):
            return rf"\sum_{{{latex(variable)}={latex(lower)}}}^{{{latex(upper)}}} {_factor(body)}", PRODUCT
        case tm.Function():
            return _function(term)
        case tm.Indicator(relation, left, right):
            inside = f"{latex(left)} {relation} {latex(right)}" if relation else latex(left)
            return rf"\mathbf{{1}}\{{{inside}\}}", ATOM
        case tm.Derivative(arg, wrt):
            if wrt.shape != tm.SCALAR:
                return rf"\nabla_{{{latex(wrt)}}} {_factor(arg)}", PRODUCT
            return rf"\frac{{\partial}}{{\partial {latex(wrt)}}} {_factor(arg)}", PRODUCT
    return str(term), ATOM


def number_latex(value: Fraction) -> tuple[str, int]:
    if value.denominator == 1:
        return str(value), ATOM if value >= 0 else SUM
    text = rf"\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
    return ("-" + text, SUM) if value < 0 else (text, ATOM)


def index_latex(index: tm.Index) -> str:
    if index.base is None:
        return str(index.offset)
    return index.base if not index.offset else f"{index.base}{index.offset:+d}"


def _script(text: str) -> str:
    return text if len(text) == 1 else "{" + text + "}"


def symbol_latex(name: str, indices: tuple[tm.Index, ...] = ()) -> str:
    r"""A symbol's name with its indices at their places.

    >>> symbol_latex(r"\eta_{g}", (tm.Index("i"),)), symbol_latex("x", (tm.Index("k", -1),))
    ('\\eta_{g,i}', 'x_{k-1}')
    >>> symbol_latex(r"x^{(\bullet)}", (tm.Index("i"), tm.Index("j"))), symbol_latex(r"\nabla f_{\bullet}(w)", (tm.Index("i"),))
    ('x_j^{(i)}', '\\nabla f_i(w)')
    """
    texts = [index_latex(i) for i in indices]
    name = name.replace(r"_{\circ}", "")
    above = re.search(r"\^\{\(?\\bullet(?:,\\bullet)*\)?\}", name)
    if above:
        raised = above.group(0).count("bullet")
        filled = above.group(0)
        for text in texts[:raised]:
            filled = filled.replace(r"\bullet", text, 1)
        name, texts = name.replace(above.group(0), filled), texts[raised:]
    marks = re.search(r"(?:_\{\\bullet\})+", name)
    stem, behind = (name[: marks.start()], name[marks.end() :]) if marks else (name, "")
    return short_scripts((with_scripts(stem, texts) if texts else stem) + behind)


def short_scripts(name: str) -> str:
    r"""Braces around a single sign in a script are left out: `\beta_0`, `Y^*`; several words keep their spaces.

    >>> short_scripts(r"w_{train set}")
    'w_{\\text{train set}}'
    """
    name = re.sub(r"([_^])\{([A-Za-z0-9*]|\\[A-Za-z]+)\}", r"\1\2", name)
    return re.sub(r"([_^])\{([A-Za-z]+(?: [A-Za-z]+)+)\}", r"\1{\\text{\2}}", name)


def with_scripts(name: str, texts: list[str]) -> str:
    joined = ("" if all(len(t) == 1 for t in texts) else ",").join(texts)
    stem, above = name, ""
    if name.endswith("}") and "^{" in name:
        cut = name.rindex("^{")
        stem, above = name[:cut], name[cut:]
    stem, primes = stem.rstrip("'"), "'" * (len(stem) - len(stem.rstrip("'")))
    if stem.endswith("}") and "_{" in stem:
        cut = stem.rindex("_{")
        if _balanced(stem[cut + 2 : -1]):
            return f"{stem[:-1]},{joined}}}{primes}{above}"
    return f"{stem}_{_script(joined)}{primes}{above}"


def _balanced(text: str) -> bool:
    depth = 0
    for c in text:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0


def _with_subscript(arg: Any, scripts: list[tm.Index]) -> str:
    if isinstance(arg, tm.Symbol) and "(" not in arg.name.replace("^{(", ""):
        return symbol_latex(arg.name, (*arg.indices, *scripts))
    texts = [index_latex(i) for i in scripts]
    joined = ("" if all(len(t) == 1 for t in texts) else ",").join(texts)
    return f"({latex(arg)})_{_script(joined)}"


def _behind(arg: Any, given: tuple[Any, ...]) -> str:
    return latex(arg) + (r" \mid " + ", ".join(_listed(g) for g in given) if given else "")


def _listed(term: Any) -> str:
    """A column of a family among other things: `x_1, \\dots, x_n`."""
    if isinstance(term, tm.Entries) and term.shape[1] == 1:
        return rf"{latex(_at(term, 1))}, \dots, {latex(_at(term, term.shape[0]))}"
    return latex(term)


def _at(term: tm.Entries, row: Any, column: Any = 1) -> Any:
    """The body of a matrix at one place; a place is a number or the name of a dimension."""

    def place(where: Any) -> tm.Index:
        return tm.Index(None, where) if isinstance(where, int) else tm.Index(str(where))

    return reindexed(reindexed(term.body, term.row, place(row)), term.column, place(column))


def reindexed(term: Any, name: str, index: tm.Index) -> Any:
    """The term with the free index `name` set to `index`."""

    def change(value: Any) -> Any:
        if isinstance(value, tm.Index):
            return tm.Index(index.base, index.offset + value.offset) if value.base == name else value
        if isinstance(value, tuple):
            return tuple(change(v) for v in value)
        if isinstance(value, (tm.Sum, tm.Product)) and value.index == name:
            return value
        if not is_dataclass(value):
            return value
        slots = [f.name for f in fields(value) if f.name != "shape"]
        return replace(value, **{s: change(getattr(value, s)) for s in slots})

    return change(term)


def _entries(term: tm.Entries) -> str:
    rows, columns = term.shape
    downs: list[Any] = [1] if rows == 1 else [1, None, rows]
    acrosses: list[Any] = [1] if columns == 1 else [1, None, columns]
    lines = []
    for down in downs:
        if down is None:
            dots = [r"\vdots"] if columns == 1 else [r"\vdots", r"\ddots", r"\vdots"]
            lines.append(" & ".join(dots))
        else:
            lines.append(
                " & ".join(r"\cdots" if across is None else latex(_at(term, down, across)) for across in acrosses)
            )
    body = r" \\ ".join(lines)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


TALL = (r"\frac", r"\sum", r"\prod", r"\begin", r"\left")


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)" if any(t in text for t in TALL) else f"({text})"


def _squared(text: str) -> str:
    return rf"\left[{text}\right]" if any(t in text for t in TALL) else f"[{text}]"


def _factor(term: Any) -> str:
    text, tightness = _write(term)
    return _bracketed(text) if tightness == SUM else text


def _base(term: Any) -> str:
    """What can carry a power or a transpose: nothing that has a script above already."""
    text, tightness = _write(term)
    raised = isinstance(term, (tm.Symbol, tm.Entry, tm.Line, tm.Constant)) and "^" in text
    return text if tightness == ATOM and not text.startswith(r"\frac") and not raised else _bracketed(text)


def _sum(args: tuple[Any, ...]) -> str:
    text = ""
    for place, arg in enumerate(args):
        item, _tightness = _write(arg)
        if isinstance(arg, tm.Add) and place:
            item = _bracketed(item)
        if not place:
            text = item
        elif item.startswith("-"):
            text += " - " + item[1:].lstrip()
        else:
            text += " + " + item
    return text


def _product(args: tuple[Any, ...]) -> tuple[str, int]:
    coefficient = Fraction(1)
    top: list[Any] = []
    bottom: list[Any] = []
    for arg in args:
        if isinstance(arg, tm.Number):
            coefficient *= arg.value
        elif isinstance(arg, tm.Pow) and isinstance(arg.exponent, tm.Number) and arg.exponent.value < 0:
            bottom.append(arg.base if arg.exponent.value == -1 else tm.Pow(arg.base, tm.Number(-arg.exponent.value)))
        else:
            top.append(arg)
    sign = "-" if coefficient < 0 else ""
    return (sign + _ratio(abs(coefficient), top, bottom)), SUM if sign else PRODUCT


def _ratio(coefficient: Fraction, top: list[Any], bottom: list[Any]) -> str:
    above = [str(coefficient.numerator)] if coefficient.numerator != 1 else []
    below = ([str(coefficient.denominator)] if coefficient.denominator != 1 else []) + _juxtaposed(bottom)
    if not below:
        return _joined(above + _juxtaposed(top)) or "1"
    denominator = latex(bottom[0]) if len(below) == 1 and bottom else _joined(below)
    short = [t for t in top if _is_short(t)]
    rest = [t for t in top if not _is_short(t)]
    if (
        len(rest) == 1
        and not short
        and rest[0].shape == tm.SCALAR
        and len(latex(rest[0])) < 60
        and not _is_tall(rest[0])
    ):
        short, rest = rest, []
    alone = latex(short[0]) if len(short) == 1 and not above else ""
    numerator = alone or _joined(above + _juxtaposed(short)) or "1"
    return _joined([rf"\frac{{{numerator}}}{{{denominator}}}", *_juxtaposed(rest)])


def _is_tall(term: Any) -> bool:
    return any(t in latex(term) for t in TALL)


def _is_short(term: Any) -> bool:
    """Whether a factor belongs above the bar of a fraction."""
    if term.shape != tm.SCALAR or _is_tall(term):
        return False
    match term:
        case tm.Symbol() | tm.IndexValue() | tm.Number() | tm.Entry(tm.Symbol()):
            return True
        case tm.Function():
            return len(latex(term)) < 20
        case tm.Pow(base, exponent):
            return _is_short(base) and _is_short(exponent)
        case tm.Add(args) | tm.Mul(args):
            return len(args) < 4 and all(_is_short(a) for a in args)
    return False


def _juxtaposed(factors: list[Any]) -> list[str]:
    made = []
    place = 0
    while place < len(factors):
        factor = factors[place]
        count = 1
        while factor.shape != tm.SCALAR and place + count < len(factors) and factors[place + count] == factor:
            count += 1
        place += count
        if count > 1:
            made.append(_matrix_power(factor, count))
            continue
        text = _factor(factor)
        sums = isinstance(factor, (tm.Sum, tm.Product))
        open_ended = sums or isinstance(factor, (tm.SupportSum, tm.Derivative, tm.Hadamard, tm.Kronecker))
        made.append(_bracketed(text) if open_ended and (place < len(factors) or not sums) else text)
    return made


def _matrix_power(factor: Any, count: int) -> str:
    if isinstance(factor, tm.Inverse) and not factor.pseudo:
        return f"{_base(factor.arg)}^{{-{count}}}"
    return f"{_base(factor)}^{count if count < 10 else f'{{{count}}}'}"


def _joined(parts: list[str]) -> str:
    text = ""
    for part in parts:
        text += (r" \cdot " if text and part[:1].isdigit() else " " if text else "") + part
    return text


def _power(base: Any, exponent: Any) -> tuple[str, int]:
    if exponent == tm.Number(Fraction(1, 2)):
        if isinstance(base, tm.SquaredNorm):
            return latex(base)[: -len("^2")], FACTOR
        return rf"\sqrt{{{latex(base)}}}", ATOM
    if isinstance(exponent, tm.Number) and exponent.value < 0:
        inverse = base if exponent.value == -1 else tm.Pow(base, tm.Number(-exponent.value))
        return rf"\frac{{1}}{{{latex(inverse)}}}", PRODUCT
    return f"{_base(base)}^{_script(latex(exponent))}", FACTOR


def _big(term: Any) -> str:
    sign = r"\sum" if isinstance(term, tm.Sum) else r"\prod"
    below = f"{term.index}={index_latex(term.range.lower)}"
    if isinstance(term, tm.Sum) and term.below:
        below += "".join(f", {term.index} < {index_latex(b)}" for b in term.below)
    if term.excluded:
        below += "".join(rf", {term.index} \neq {index_latex(e)}" for e in term.excluded)
    body, tightness = _write(term.body)
    return rf"{sign}_{{{below}}}^{{{index_latex(term.range.upper)}}} {_bracketed(body) if tightness == SUM else body}"


def _function(term: Any) -> tuple[str, int]:
    if term.name == "abs":
        return rf"\left|{latex(term.args[0])}\right|", ATOM
    arguments = [latex(a) for a in term.args]
    barred = re.fullmatch(r"(.*)(\\mid|\\Vert)(\d+)", term.name)
    if barred:
        front = int(barred.group(3))
        inside = f"{', '.join(arguments[:front])} {barred.group(2)} {', '.join(arguments[front:])}"
        return f"{symbol_latex(barred.group(1), term.indices)}{_bracketed(inside)}", ATOM
    name = "\\" + term.name if term.name in PREFIX else symbol_latex(term.name, term.indices)
    if term.name.isalpha() and len(term.name) > 1 and term.name not in PREFIX:
        name = rf"\operatorname{{{term.name}}}"
    return f"{name}{chr(39) * term.order}{_bracketed(', '.join(arguments))}", ATOM
