"""The rules on SymPy objects: givens about them, `expand` and `prove`.

>>> from derive.language.expressions import E, Random, Var
>>> X, Y = Random("X"), Random("Y")
>>> simplest(Var(X - Y), independent(X, Y))
Var(X) + Var(Y)
>>> proved(E(X * Y), E(X) * E(Y), independent(X, Y)), proved(E(X * Y), E(X) * E(Y))
(True, False)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from derive.kernel.proof import Proof, Stuck, prove
from derive.language import facts as f
from derive.language import terms as t
from derive.language.conversion import from_term as back
from derive.language.conversion import infos_of, name_of, symbols_of, to_term
from derive.language.expressions import Cov, E, MatrixCov, MatrixE, MatrixVar, Var
from derive.rules.construct import is_zero
from derive.rules.expand import expand as expanded
from derive.rules.rewriting import Line

Known = f.Given
FAMILIES = frozenset(
    "Normal Moments Bernoulli Uniform Exponential Poisson Binomial Gamma Beta Laplace Rademacher".split()
)
PROPERTIES = frozenset(
    {
        "symmetric",
        "antisymmetric",
        "invertible",
        "diagonal",
        "orthogonal",
        "positive definite",
        "positive semidefinite",
        "full column rank",
        "idempotent",
        "nonzero",
    }
)


def independent(*groups: Any, pairwise: bool = False) -> tuple[Any, Callable[[], f.Given]]:
    """The groups (random symbols, or tuples of them taken jointly) are mutually independent.

    A `RandomFamily` alone in a group stands for its members, one by one.
    """
    sets = [g if isinstance(g, tuple | list) else (g,) for g in groups]
    members = tuple(tuple(f.Member(name_of(s), each=_lonely_family(s, g)) for s in g) for g in sets)
    text = r" \perp ".join("(" + ", ".join(map(name_of, g)) + ")" if len(g) > 1 else name_of(g[0]) for g in sets)
    source = f.Source(text, f"{text} are independent")
    return tuple(s for g in sets for s in g), lambda: f.Independent(members, source, pairwise)


def _lonely_family(symbol: Any, group: Any) -> bool:
    return isinstance(symbol, sympy.IndexedBase) and len(group) == 1


def uncorrelated(*symbols: Any) -> tuple[Any, Callable[[], f.Given]]:
    """Any two of the random symbols have covariance zero."""
    text = ", ".join(map(name_of, symbols))
    source = f.Source(rf"{text} \text{{ uncorrelated}}", f"{text} are uncorrelated")
    return symbols, lambda: f.Uncorrelated(tuple(f.Member(name_of(s)) for s in symbols), source)


def distributed(symbol: Any, family: str, *parameters: Any) -> tuple[Any, Callable[[], f.Given]]:
    """`symbol` has a distribution: `distributed(X, "Normal", mu, sigma**2)`; "Moments" says mean and variance only.

    Raises:
        ValueError: the family is not known.
    """
    if family not in FAMILIES:
        raise ValueError(f"unknown family {family!r}; known are {', '.join(sorted(FAMILIES))}")
    values = tuple(sympy.sympify(p, strict=True) for p in parameters)
    text = rf"{name_of(symbol)} \sim \mathrm{{{family}}}({', '.join(map(sympy.latex, values))})"
    target = t.Symbol(name_of(symbol)) if not hasattr(symbol, "shape") else to_term(symbol)
    source = f.Source(text, text)
    return (symbol, *values), lambda: f.Distributed(target, family, tuple(map(to_term, values)), source)


def has_property(matrix: Any, name: str) -> tuple[Any, Callable[[], f.Given]]:
    """`matrix` is symmetric, invertible, orthogonal, diagonal, …

    Raises:
        ValueError: the property is not known.
    """
    if name not in PROPERTIES:
        raise ValueError(f"unknown property {name!r}; known are {', '.join(sorted(PROPERTIES))}")
    text = rf"{sympy.latex(matrix)} \text{{ {name}}}"
    return (matrix,), lambda: f.Property(to_term(matrix), name, f.Source(text, f"{sympy.latex(matrix)} is {name}"))


def equal(left: Any, right: Any) -> tuple[Any, Callable[[], f.Given]]:
    """`left = right`: a moment, the definition of a symbol, or a premise."""
    left, right = sympy.sympify(left, strict=True), sympy.sympify(right, strict=True)
    text = f"{sympy.latex(left)} = {sympy.latex(right)}"
    moment = isinstance(left, E | Var | Cov | MatrixE | MatrixVar | MatrixCov)
    symbol = isinstance(left, sympy.Symbol | sympy.MatrixSymbol) and left not in right.free_symbols
    kind = "moment" if moment else "definition" if symbol else "premise"
    return (left, right), lambda: f.Equation(to_term(left), _shaped(right, left), kind, f.Source(text, text))


def _shaped(right: Any, left: Any) -> t.Term:
    """The right side; the number 0 takes the shape of the left one."""
    value = to_term(right)
    shape = to_term(left).shape
    return t.Constant(value.value, shape) if is_zero(value) and shape != t.SCALAR else value


def facts(expressions: tuple[Any, ...], givens: tuple[Any, ...]) -> f.Facts:
    """The facts for some expressions; a `sympy.Eq` among the givens is read as `equal`."""
    known = _read(givens)
    return f.Facts(infos_of(*expressions, *_mentioned(givens)), tuple(make() for _, make in known))


def _read(givens: tuple[Any, ...]) -> list[Any]:
    return [equal(*g.args) if isinstance(g, sympy.Equality) else g for g in givens]


def _mentioned(givens: tuple[Any, ...]) -> list[Any]:
    """The SymPy objects that the givens speak of."""
    return [subject for subjects, _ in _read(givens) for subject in subjects]


def derivation(expression: Any, *givens: Any) -> list[Line]:
    """The lines, one named rule each, from the expression to its simplest form."""
    return expanded(to_term(expression), facts((expression,), givens))


def simplest(expression: Any, *givens: Any) -> Any:
    """The last line of the derivation as a SymPy object; the expression itself where nothing applies."""
    lines = derivation(expression, *givens)
    if not lines:
        return expression
    return back(lines[-1].term, symbols_of(expression, *_mentioned(givens)))


def proof(left: Any, right: Any, *givens: Any) -> Proof | Stuck:
    """The kernel's proof that two SymPy expressions are equal under the givens, or what it got stuck on."""
    left, right = sympy.sympify(left, strict=True), sympy.sympify(right, strict=True)
    return prove(f.Claim(to_term(left), _shaped(right, left), facts((left, right), givens)))


def proved(left: Any, right: Any, *givens: Any) -> bool:
    """True when the kernel proves the equation."""
    return isinstance(proof(left, right, *givens), Proof)
