r"""Deterministic numbers that the grammar does not cover: `\int_0^1 x^2\,dx`, `\lim_{n \to \infty} \frac{1}{n}`.

They go to latex2sympy2 (in its maintained edition), which is imported only when one occurs.  Nothing with an expectation, a
vector, a matrix or a function in it is passed on: that parser takes E[X] for Euler's number times X and lets factors commute.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

LONGEST = 160
HIGHEST = 12  # degree of an integrand
ALLOWED = re.compile(
    r"(?:\\(?:int|lim|frac|sqrt|infty|to|rightarrow|cdot|times|left|right|mathrm|limits|displaystyle|[,;:! ])|[0-9a-z+\-*/^_{}().,\s])+"
)
APPLIED = re.compile(r"[a-z]\s*(?:\\left)?\(")  # f(x): a function, or a product that it would be read as


def number(latex: str) -> Fraction | None:
    r"""The exact rational value of an integral or a limit without free symbols; None when there is none.

    >>> number(r"\int_0^1 x^2 \, dx")
    Fraction(1, 3)
    >>> number(r"\int_0^1 f(x) \, dx") is None
    True
    """
    if len(latex) > LONGEST or not ALLOWED.fullmatch(latex) or APPLIED.search(latex):
        return None
    parsed = _parsed(latex)
    if parsed is None:
        return None
    value = parsed.doit()
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else None


def _parsed(latex: str) -> Any:
    from latex2sympy2_extended import latex2sympy
    from sympy import Integral, Limit

    try:
        expression = latex2sympy(latex)
    except Exception:  # that parser raises what it likes; what it cannot read stays unread, and is reported so
        return None
    if not isinstance(expression, (Integral, Limit)) or expression.free_symbols:
        return None
    inner = expression.args[0]
    variables = tuple(inner.free_symbols)
    if len(variables) > 1 or not inner.is_rational_function(*variables):
        return None
    top, bottom = inner.as_numer_denom()
    if any(part.as_poly(*variables) and part.as_poly(*variables).total_degree() > HIGHEST for part in (top, bottom)):
        return None
    return expression
