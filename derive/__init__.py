r"""Derivations in the algebra of expectations: checked step by step, expanded, simulated.

>>> import derive
>>> report = derive.check(r"$$ \mathbb{E}[2X + 1] = 2\,\mathbb{E}[X] + 1 $$", simulation=False)
>>> [step.verdict for step in report.steps]
['proved']

SymPy expressions do as well as text, with symbols that are declared random:

>>> import sympy
>>> X, a = derive.Random("X"), sympy.Symbol("a")
>>> derive.expand(derive.Var(a * X + 1)).result
a**2*Var(X)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.version import VERSION

if TYPE_CHECKING:
    from derive.notebook import Checked, Expanded

__version__ = VERSION
_EXPRESSIONS = frozenset({"E", "Var", "Cov", "Random", "RandomVector", "RandomMatrix", "RandomFamily", "inner"})
__all__ = ["check", "expand", "simulate", *sorted(_EXPRESSIONS)]


def check(claim: Any, *, path: str = "text.md", givens: Any = (), known: Any = None, **options: Any) -> Checked:
    r"""The report on a document, or on one equation of SymPy objects.  It prints like `derive check` and shows itself
    in a notebook.

    Args:
        claim: Markdown or LaTeX, or a `sympy.Eq`.
        path: a document's name in the report; `.tex` is read as LaTeX.
        givens: statements that hold as if they stood in a given block: LaTeX, or `sympy.Eq`.
        known: with a `sympy.Eq`, givens by name as the keywords of `expand`.
        options: `macros`, `simulation`, `samples`, `seed`, `max_step` (rules), `seconds`, `misconceptions`, `detail`; see
            `derive.judge.check.check_texts`.

    >>> from sympy import Eq
    >>> from derive import Random, Var
    >>> X, Y = Random("X"), Random("Y")
    >>> report = check(Eq(Var(X + Y), Var(X) + Var(Y)), simulation=False)
    >>> report.steps[0].verdict, report.steps[0].missing
    ('needs', ('X, Y \\text{ uncorrelated}',))
    >>> check(Eq(Var(X + Y), Var(X) + Var(Y)), known={"independent": [X, Y]}, simulation=False).clean
    True
    """
    from derive.judge.check import check_texts
    from derive.notebook import Checked

    if isinstance(claim, str):
        if known:
            raise TypeError("known= goes with a sympy.Eq; a text has its givens in it, or in givens=")
        said = (givens,) if isinstance(givens, str) else tuple(givens)
        return Checked(check_texts([(path, claim)], givens=said, **options).documents)
    from derive.judge.symbolic import document_of

    text, statements = document_of(claim, givens, known or {})
    return Checked(check_texts([("equation.md", text)], givens=statements, **options).documents)


def expand(expression: Any, givens: Any = (), *, macros: str = "", thorough: bool = False, **known: Any) -> Expanded:
    r"""The derivation from an expression to its simplest form, one named rule a line.

    Args:
        expression: LaTeX, or a SymPy expression with `E`, `Var`, `Cov` in it.  Random are symbols made by `Random`,
            `RandomVector`, …, those of `sympy.stats` (with their distributions), and those that a given says are;
            next to symbols of the first two kinds, or to `random=`, all others are constants.
        givens: one statement or several, as in a given block: LaTeX, or a `sympy.Eq`.
        macros: LaTeX definitions.
        thorough: multiply out as far as it goes.
        known: with a SymPy expression, further givens: `random=[X]`, `constant=[a]`, `independent=[N, (X, Y)]`,
            `uncorrelated=[X, Y]`, `iid=X` (a `RandomFamily`), `mean={X: 0}`, `var={X: v}`, `cov={(X, Y): c}`,
            `distribution={X: ("Normal", 0, v)}`, `symmetric=A`, `invertible=A`, `orthogonal=Q`, ….

    Raises `ValueError` when the expression or a given cannot be read, `TypeError` for a keyword that is not known.

    >>> expand(r"\mathbb{E}[aX]", [r"X \text{ random}", r"a \text{ constant}"]).result
    'a \\mathbb{E}[X]'
    >>> from sympy import Symbol
    >>> from sympy.stats import Normal
    >>> from derive import E
    >>> expand(E((Symbol("a") * Normal("Z", 0, 2) + 1) ** 2)).result
    4*a**2 + 1
    """
    from derive.notebook import Expanded

    if isinstance(expression, str):
        from derive.judge.expansion import expansion, read_expression

        if known:
            raise TypeError(f"{', '.join(known)}: with LaTeX, givens are statements, as in givens=[r'X \\perp Y']")
        said = (givens,) if isinstance(givens, str) else tuple(givens)
        found = expansion(expression, *read_expression(expression, said, macros), thorough=thorough)
        last = found.derivation.steps[-1].rhs if found.derivation.steps else expression
        return Expanded(0, found.derivation.steps, document=found.document, end=lambda: last)
    from derive.judge.symbolic import expand_object

    found, end = expand_object(expression, givens, known, macros=macros, thorough=thorough)
    return Expanded(0, found.derivation.steps, document=found.document, end=end)


def simulate(claim: Any, *, samples: int = 100_000, seed: int = 0, **options: Any) -> Checked:
    """The report with a simulation of every step: `samples` draws under the declared distributions; see `check`."""
    return check(claim, samples=samples, seed=seed, simulation=True, **options)


def __getattr__(name: str) -> Any:
    if name in _EXPRESSIONS:
        from derive.language import expressions

        return getattr(expressions, name)
    raise AttributeError(f"module 'derive' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_EXPRESSIONS])
