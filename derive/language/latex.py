"""Typed terms as readable LaTeX, with the brackets that reading back needs and no others."""

from __future__ import annotations

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
            return rf"\mathbb{{E}}[{_behind(arg, given)}]", ATOM
        case tm.Variance(arg, given):
            name = r"\operatorname{Var}" if arg.shape == tm.SCALAR else r"\operatorname{Cov}"
            return f"{name}({_behind(arg, given)})", ATOM
        case tm.Covariance(left, right, given):
            return rf"\operatorname{{Cov}}({latex(left)}, {_behind(right, given)})", ATOM
        case tm.Correlation(left, right, given):
            return rf"\operatorname{{Corr}}({latex(left)}, {_behind(right, given)})", ATOM
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
            return rf"\operatorname{{tr}}({latex(arg)})", ATOM
        case tm.Determinant(arg):
            return rf"\det({latex(arg)})", ATOM
        case tm.Diagonal(arg):
            return rf"\operatorname{{diag}}({latex(arg)})", ATOM
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
        case tm.Entries(row, column, body):
            scripts = row if term.shape[1] == 1 else column if term.shape[0] == 1 else row + column
            return rf"\left[{latex(body)}\right]_{_script(scripts)}", ATOM
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
    r"""A symbol's name with its indices drawn into an existing subscript.

    >>> symbol_latex(r"\eta_{g}", (tm.Index("i"),)), symbol_latex("x", (tm.Index("k", -1),))
    ('\\eta_{g,i}', 'x_{k-1}')
    """
    name = name.replace(r"_{\bullet}", "")
    if not indices:
        return name
    texts = [index_latex(i) for i in indices]
    return with_scripts(name, texts)


def with_scripts(name: str, texts: list[str]) -> str:
    joined = ("" if all(len(t) == 1 for t in texts) else ",").join(texts)
    if name.startswith(r"\nabla") or name.endswith(")"):
        return rf"{name}_{{{joined}}}"
    stem, above = name, ""
    if name.endswith("}") and "^{" in name:
        cut = name.rindex("^{")
        stem, above = name[:cut], name[cut:]
    if stem.endswith("}") and "_{" in stem:
        cut = stem.rindex("_{")
        if _balanced(stem[cut + 2 : -1]):
            return f"{stem[:-1]},{joined}}}{above}"
    return f"{stem}_{_script(joined)}{above}"


def _balanced(text: str) -> bool:
    depth = 0
    for c in text:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0


def _with_subscript(arg: Any, scripts: list[tm.Index]) -> str:
    texts = [index_latex(i) for i in scripts]
    if isinstance(arg, tm.Symbol):
        return with_scripts(symbol_latex(arg.name, arg.indices), texts)
    joined = ("" if all(len(t) == 1 for t in texts) else ",").join(texts)
    return f"({latex(arg)})_{_script(joined)}"


def _behind(arg: Any, given: tuple[Any, ...]) -> str:
    return latex(arg) + (r" \mid " + ", ".join(latex(g) for g in given) if given else "")


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)" if r"\frac" in text or r"\sum" in text or r"\begin" in text else f"({text})"


def _factor(term: Any) -> str:
    text, tightness = _write(term)
    return _bracketed(text) if tightness == SUM else text


def _base(term: Any) -> str:
    """What can carry a power or a transpose."""
    text, tightness = _write(term)
    return text if tightness == ATOM and not text.startswith(r"\frac") else _bracketed(text)


def _sum(args: tuple[Any, ...]) -> str:
    text = ""
    for place, arg in enumerate(args):
        item, tightness = _write(arg)
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
    above = ([str(coefficient.numerator)] if coefficient.numerator != 1 else []) + _juxtaposed(top)
    below = ([str(coefficient.denominator)] if coefficient.denominator != 1 else []) + _juxtaposed(bottom)
    if not below:
        return _joined(above) or "1"
    denominator = _joined(below) if len(below) > 1 or not bottom else latex(bottom[0])
    long = any(
        isinstance(t, (tm.Sum, tm.Product, tm.Expectation, tm.Variance, tm.Covariance)) or t.shape != tm.SCALAR
        for t in top
    )
    if long:
        leading = str(coefficient.numerator)
        return _joined([rf"\frac{{{leading}}}{{{denominator}}}", *_juxtaposed(top)])
    numerator = latex(top[0]) if len(top) == 1 and coefficient.numerator == 1 else _joined(above) or "1"
    return rf"\frac{{{numerator}}}{{{denominator}}}"


def _juxtaposed(factors: list[Any]) -> list[str]:
    made = []
    for place, factor in enumerate(factors):
        text = _factor(factor)
        open_ended = isinstance(factor, (tm.Sum, tm.Product, tm.SupportSum, tm.Derivative, tm.Hadamard, tm.Kronecker))
        made.append(
            _bracketed(text)
            if open_ended and (place < len(factors) - 1 or not isinstance(factor, (tm.Sum, tm.Product)))
            else text
        )
    return made


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
    name = "\\" + term.name if term.name in PREFIX else symbol_latex(term.name, term.indices)
    if term.name.isalpha() and len(term.name) > 1 and term.name not in PREFIX:
        name = rf"\operatorname{{{term.name}}}"
    return f"{name}{chr(39) * term.order}({', '.join(latex(a) for a in term.args)})", ATOM
