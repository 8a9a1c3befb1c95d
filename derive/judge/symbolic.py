"""SymPy objects as a user writes them, judged like a document: put into LaTeX, read, and the answer turned back.

>>> import sympy
>>> from derive.language.expressions import Random, Var
>>> X, Y = Random("X"), Random("Y")
>>> found, result = expand_object(Var(X - Y), known={"independent": [X, Y]})
>>> result()
Var(X) + Var(Y)
>>> [step.rules[0] for step in found.derivation.steps]
['variance-of-sum']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sympy

from derive.judge.declarations import declared, known, of_stats, written
from derive.judge.expansion import Expansion, expansion, read_expression
from derive.judge.reading import read
from derive.language import terms as t
from derive.language.conversion import NotConvertible, from_term, name_of, symbols_of, to_term
from derive.language.elaborate import elaborate
from derive.language.expressions import RANDOM, Random, RandomFamily, RandomVector
from derive.language.expressions import of_stats as is_of_stats
from derive.language.facts import Facts, SymbolInfo
from derive.language.latex import latex
from derive.language.typed import Elaborated

NOTHING: Mapping[str, Any] = {}


def expand_object(
    expression: Any,
    givens: Iterable[Any] = (),
    known: Mapping[str, Any] = NOTHING,
    *,
    macros: str = "",
    thorough: bool = False,
) -> tuple[Expansion, Callable[[], Any]]:
    """The derivation from a SymPy expression to its simplest form, and a function that gives that form.

    Raises:
        NotAnExpression: a given cannot be read.
        NotConvertible: a part of the expression has no counterpart; also the function, for the simplest form.
        TypeError: a keyword that is not known.
    """
    scene = Scene([expression], givens, known)
    text = written(scene.replaced[0])
    elaborated, claim = read_expression(text, scene.statements, macros)
    constants = scene.constants(elaborated)
    if constants:
        elaborated, claim = read_expression(text, [*scene.statements, *constants], macros)
    names = scene.names(claim.facts)
    scene.compare(claim.lhs, scene.replaced[0], names)
    found = expansion(text, elaborated, claim, thorough=thorough)
    return found, lambda: scene.back(found.end, names)


def document_of(equation: Any, givens: Iterable[Any] = (), known: Mapping[str, Any] = NOTHING) -> tuple[str, list[str]]:
    """A SymPy equation as a document with one display, and the givens that belong to it.

    Raises: as `expand_object`.
    """
    scene = Scene(list(equation.args), givens, known)
    left, right = map(written, scene.replaced)
    text = f"$$\n{left}\n= {right}\n$$\n"
    elaborated = elaborate(read(text, "equation.md", scene.statements))
    steps = [s for chain in elaborated.chains for s in chain.steps]
    if len(steps) == 1 and steps[0].claim is not None:
        names = scene.names(steps[0].claim.facts)
        scene.compare(steps[0].claim.lhs, scene.replaced[0], names)
        scene.compare(steps[0].claim.rhs, scene.replaced[1], names)
    return text, [*scene.statements, *scene.constants(elaborated)]


class Scene:
    """The expressions of one call with all that is known of their symbols.

    `replaced`: the expressions with plain random symbols for those of `sympy.stats`.  `statements`: what is given.
    """

    def __init__(self, expressions: list[Any], givens: Iterable[Any], words: Mapping[str, Any]) -> None:
        given = [givens] if isinstance(givens, str | sympy.Basic) else list(givens)
        objects = [g for g in given if not isinstance(g, str)]
        for one in objects:
            if not isinstance(one, sympy.Equality):
                raise TypeError(f"a given is a statement in LaTeX or a sympy.Eq, not {one!r}")
        everything = [*expressions, *objects, *_objects(words)]
        self.stats = _stats(everything)
        self.replaced = [self._plain(e) for e in expressions]
        said = [" = ".join(written(self._plain(side)) for side in g.args) for g in objects]
        plain = [self._plain(e) for e in everything]
        _check_names(plain)
        self.symbols = symbols_of(*plain)
        types = list(declared(self.symbols))
        self.typed = bool(self.stats) or "random" in words or any(map(_is_typed, self.symbols.values()))
        strings = [g for g in given if isinstance(g, str)]
        self.statements = [*types, *of_stats(self.stats), *known(self._plain_words(words)), *said, *strings]

    def _plain(self, value: Any) -> Any:
        return (
            sympy.sympify(value, strict=True).xreplace(self.stats) if self.stats else sympy.sympify(value, strict=True)
        )

    def _plain_words(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {self._plain_words(k): self._plain_words(v) for k, v in value.items()}
        if isinstance(value, tuple | list | set | frozenset):
            return tuple(map(self._plain_words, value))
        return value if isinstance(value, str) else self._plain(value)

    def constants(self, elaborated: Elaborated) -> list[str]:
        """Next to symbols that are random by their type all others are constants, unless a given says otherwise."""
        if not self.typed:
            return []
        names = self.names(elaborated.facts)
        roles = {names[name]: info for name, info in elaborated.symbols.items() if name in names}
        guessed = [
            symbol for symbol, info in roles.items() if info.role == "random" and not self._is_said(symbol, info)
        ]
        return [rf"{written(symbol)} \text{{ constant}}" for symbol in guessed]

    def _is_said(self, symbol: Any, info: SymbolInfo) -> bool:
        """Whether its type, or a given, says that the symbol is random; a given of its shape alone does not."""
        if _is_typed(symbol) or symbol in self.stats:
            return True
        if info.shape == t.SCALAR:
            return info.origin == "declared"
        others = [s for s in self.statements if r"\in" not in s]
        return any(written(symbol) in s for s in others)

    def names(self, facts: Facts) -> dict[str, Any]:
        """SymPy's symbols by the names that the reader gave them; those that only givens speak of are new."""
        found: dict[str, Any] = dict(self.symbols)
        back = {new: old for old, new in self.stats.items()}
        for symbol in self.symbols.values():
            lone = rf"{symbol.label}_1" if isinstance(symbol, sympy.IndexedBase) else written(symbol)
            said = [s for s in self.statements if s.startswith(lone) and r"\in" in s]
            chains = elaborate(read(f"$$\n{lone} = {lone}\n$$\n", "symbol.md", said)).chains
            for step in (s for chain in chains for s in chain.steps if s.claim is not None):
                match step.claim.lhs:
                    case t.Symbol(name) | t.IndexValue(t.Index(name, 0)):
                        found[str(name)] = back.get(symbol, symbol)
        for name, info in facts.symbols.items():
            if name not in found:
                found[name] = _new(name, info)
        return found

    def back(self, term: t.Term, names: Mapping[str, Any]) -> Any:
        return from_term(term, dict(names))

    def compare(self, term: t.Term, expression: Any, names: Mapping[str, Any]) -> None:
        """Raises NotConvertible when the reader took the LaTeX of the expression for something else."""
        plain = from_term(to_term(expression), self.symbols)
        try:
            read_as = self._plain(self.back(term, names))
            same = read_as == plain or (not plain.is_Matrix and sympy.expand(read_as - plain) == 0)
        except (TypeError, NotConvertible):  # SymPy refuses sums of numbers and matrices
            same = False
        if not same:
            raise NotConvertible(
                f"{expression} would be read as {latex(term)}: a symbol's name means something else in a derivation "
                "(as I, e and d do); give it another one"
            )


def _is_typed(symbol: Any) -> bool:
    return isinstance(symbol, (*RANDOM, RandomFamily))


def _objects(words: Any) -> list[Any]:
    """The SymPy objects in keyword arguments."""
    if isinstance(words, str):
        return []
    if isinstance(words, Mapping):
        return [o for pair in words.items() for o in _objects(pair)]
    if isinstance(words, tuple | list | set | frozenset):
        return [o for part in words for o in _objects(part)]
    return [sympy.sympify(words, strict=True)]


def _stats(expressions: list[Any]) -> dict[Any, Any]:
    """Random variables of `sympy.stats` with a symbol of the same name for each."""
    found: dict[Any, Any] = {}
    for expression in expressions:
        walk = sympy.preorder_traversal(expression)
        for node in walk:
            if is_of_stats(node):
                found.setdefault(node, Random(node.symbol.name))
                walk.skip()
    return found


def _check_names(expressions: list[Any]) -> None:
    """Raises NotConvertible when two symbols look alike: `Symbol("x")` and `Symbol("x", positive=True)`."""
    nodes = [n for e in expressions for n in sympy.preorder_traversal(e)]
    labels = {n.label for n in nodes if isinstance(n, sympy.IndexedBase)}
    seen: dict[str, Any] = {}
    for node in nodes:
        named = isinstance(node, sympy.Symbol | sympy.MatrixSymbol | sympy.IndexedBase) and node not in labels
        if named and seen.setdefault(name_of(node), node) != node:
            raise NotConvertible(
                f"two different symbols are called {node}: `Symbol('x')` is another than `Random('x')`"
            )


def _new(name: str, info: SymbolInfo) -> Any:
    """A SymPy symbol for a name that only the givens speak of."""
    plain = name.replace("\\", "")
    for font in ("mathbf", "text", "mathrm"):
        plain = plain.replace(font, "")
    plain = plain.replace("{", "").replace("}", "")
    if info.shape != t.SCALAR:
        rows, columns = (sympy.Symbol(d, integer=True, positive=True) if isinstance(d, str) else d for d in info.shape)
        return RandomVector(plain, rows, columns) if info.role == "random" else sympy.MatrixSymbol(plain, rows, columns)
    return Random(plain) if info.role == "random" else sympy.Symbol(plain)
