r"""Derivations in the algebra of expectations: checked step by step, expanded, simulated.

>>> import derive
>>> report = derive.check(r"$$ \mathbb{E}[2X + 1] = 2\,\mathbb{E}[X] + 1 $$", simulation=False)
>>> [step.verdict for document in report.documents for chain in document.derivations for step in chain.steps]
['proved']
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from derive.version import VERSION

if TYPE_CHECKING:
    from derive.report import Derivation, Report

__version__ = VERSION
__all__ = ["Cov", "E", "Var", "check", "expand", "simulate"]
_EXPRESSIONS = frozenset({"E", "Var", "Cov"})


def check(text: str, *, path: str = "text.md", givens: Iterable[str] = (), **options: Any) -> Report:
    """The report on a document.

    Args:
        text: Markdown or LaTeX.
        path: its name in the report; `.tex` is read as LaTeX.
        givens: statements that hold as if they stood in a given block.
        options: `macros`, `simulation`, `samples`, `seed`, `max_step` (rules), `seconds`, `misconceptions`, `detail`; see
            `derive.judge.check.check_texts`.
    """
    from derive.judge.check import check_texts

    return check_texts([(path, text)], givens=tuple(givens), **options)


def expand(expression: str, givens: Iterable[str] = (), *, macros: str = "", thorough: bool = False) -> Derivation:
    r"""The derivation from an expression in LaTeX to its simplest form, one named rule a line.

    Raises `ValueError` when the expression or a given cannot be read.

    >>> expand(r"\mathbb{E}[aX]", [r"X \text{ random}", r"a \text{ constant}"]).steps[-1].rhs
    'a \\mathbb{E}[X]'
    """
    from derive.judge.expansion import expand_latex

    return expand_latex(expression, givens, macros=macros, thorough=thorough)


def simulate(text: str, *, samples: int = 100_000, seed: int = 0, **options: Any) -> Report:
    """The report on a document with a simulation of every step: `samples` draws under the declared distributions."""
    return check(text, samples=samples, seed=seed, simulation=True, **options)


def __getattr__(name: str) -> Any:
    if name in _EXPRESSIONS:
        from derive.language import expressions

        return getattr(expressions, name)
    raise AttributeError(f"module 'derive' has no attribute {name!r}")
