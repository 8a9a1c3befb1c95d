r"""What is known of SymPy objects, as statements of a given block.

>>> import sympy
>>> from derive.language.conversion import symbols_of
>>> from derive.language.expressions import E, Random
>>> X, N, a = Random("X"), Random("N"), sympy.Symbol("a")
>>> list(declared(symbols_of(E(a * X + N))))
['X \\text{ random}', 'N \\text{ random}']
>>> list(known({"independent": [X, N], "mean": {N: 0}}))
['X \\perp N', '\\mathbb{E}[N] = 0']
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixSymbol

from derive.language.conversion import NotConvertible, name_of, to_term
from derive.language.expressions import RANDOM, RandomFamily
from derive.language.latex import latex

PROPERTIES = ("symmetric", "antisymmetric", "invertible", "diagonal", "orthogonal", "positive_definite", "idempotent")
WORDS = ("random", "constant", "independent", "uncorrelated", "iid", "mean", "var", "cov", "distribution", *PROPERTIES)
LAWS = {
    "Normal": ("mean", "std"), "Bernoulli": ("p",), "Uniform": ("left", "right"), "Exponential": ("rate",),
    "Poisson": ("lamda",), "Binomial": ("n", "p"), "Gamma": ("k", "theta"), "Beta": ("alpha", "beta"),
    "Laplace": ("mu", "b"), "Rademacher": (),
}  # fmt: skip


def written(value: Any) -> str:
    """A SymPy object as LaTeX that the reader takes as the same; `X_1, …, X_n` for a family."""
    value = sympy.sympify(value, strict=True)
    if isinstance(value, sympy.IndexedBase):
        name, size = name_of(value), value.shape[0]
        return rf"{name}_1, \dots, {name}_{{{written(size)}}}"
    return latex(to_term(value))


def declared(symbols: Mapping[str, Any]) -> Iterator[str]:
    """What the types of the symbols say: shapes, and which are random."""
    for symbol in symbols.values():
        if isinstance(symbol, MatrixSymbol):
            rows, columns = (written(d) for d in symbol.shape)
            power = rows if columns == "1" else rf"{rows} \times {columns}"
            yield rf"{written(symbol)} \in \mathbb{{R}}^{{{power}}}"
        if isinstance(symbol, (*RANDOM, RandomFamily)):
            yield rf"{written(symbol)} \text{{ random}}"


def known(words: Mapping[str, Any]) -> Iterator[str]:
    """The statements of the keyword arguments, in their order.

    Raises:
        TypeError: a keyword that is not known, or one with a value of the wrong kind.
    """
    for word, value in words.items():
        if word not in WORDS:
            near = difflib.get_close_matches(word, WORDS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(WORDS)}"
            raise TypeError(f"no given is called {word!r}{hint}")
        if word in ("mean", "var", "cov", "distribution"):
            if not isinstance(value, Mapping):
                raise TypeError(f"{word} takes a dictionary, as in {word}={_EXAMPLES[word]}")
            yield from (_moment(word, key, entry) for key, entry in value.items())
        elif word in ("independent", "uncorrelated"):
            yield _dependence(word, value)
        else:
            yield rf"{', '.join(written(v) for v in _listed(value))} \text{{ {word.replace('_', ' ')}}}"


_EXAMPLES = {"mean": "{X: 0}", "var": "{X: v}", "cov": "{(X, Y): c}", "distribution": '{X: ("Normal", 0, v)}'}


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list | set | frozenset) else (value,)


def _moment(word: str, key: Any, value: Any) -> str:
    if word == "distribution":
        family, *parameters = _listed(value)
        if not isinstance(family, str):
            raise TypeError(f"a distribution is a name with its parameters, as in {_EXAMPLES[word]}")
        return rf"{written(key)} \sim {_law(family, parameters) if family.isalpha() else family}"
    if word == "mean":
        return rf"\mathbb{{E}}[{written(key)}] = {written(value)}"
    operator = "Var" if word == "var" and not getattr(key, "is_Matrix", False) else "Cov"
    return rf"\operatorname{{{operator}}}({_commas(_listed(key))}) = {written(value)}"


def _law(family: str, parameters: list[Any]) -> str:
    return rf"\mathrm{{{family}}}" + (f"({_commas(parameters)})" if parameters else "")


def _commas(values: Any) -> str:
    return ", ".join(map(written, values))


def _dependence(word: str, value: Any) -> str:
    groups = [f"({_commas(g)})" if isinstance(g, tuple | list) else written(g) for g in _listed(value)]
    if word == "independent" and len(groups) == 2:
        return r" \perp ".join(groups)
    return rf"{', '.join(groups)} \text{{ {word}}}"


def of_stats(variables: Mapping[Any, Any]) -> Iterator[str]:
    """What `sympy.stats` says of its random variables, given with the symbols that stand for them: the distributions,
    and that different ones are independent.

    Raises:
        NotConvertible: a variable that belongs to a joint distribution.
    """
    for variable, symbol in variables.items():
        if not hasattr(variable.pspace, "distribution") or hasattr(variable.pspace, "marginal_distribution"):
            raise NotConvertible(f"{variable} belongs to a joint distribution: use derive.Random and say what is known")
        law = variable.pspace.distribution
        family = type(law).__name__.removesuffix("Distribution")
        if family in LAWS and _usual(law):
            values = [getattr(law, name) for name in LAWS[family]]
            values = [values[0], values[1] ** 2] if family == "Normal" else values
            values = [values[0], 1 / values[1]] if family == "Gamma" else values
            yield rf"{written(symbol)} \sim {_law(family, values)}"
    if len(variables) > 1:
        yield rf"{_commas(variables.values())} \text{{ independent}}"


def _usual(law: Any) -> bool:
    """Success is 1 and failure 0 (SymPy lets them be anything)."""
    return getattr(law, "succ", 1) == 1 and getattr(law, "fail", 0) == 0
