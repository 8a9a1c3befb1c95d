"""The facts of a claim, prepared for the kernel; and the log of what a proof used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from derive.kernel.monomials import Factor, Ix, Poly
from derive.language.facts import (
    Comparison,
    ConditionallyIndependent,
    Distributed,
    Equation,
    Facts,
    Given,
    Identical,
    Independent,
    IndependentGiven,
    Property,
    Uncorrelated,
)
from derive.language.terms import (
    Entry,
    Function,
    Index,
    IndexValue,
    Inverse,
    Mul,
    Number,
    Symbol,
    Term,
    Transpose,
    Variance,
    walk,
)


def ix(index: Index) -> Ix:
    return (index.base or "", index.offset)


@dataclass(frozen=True, slots=True)
class Definition:
    """`name` at these slots is `term`.  `component`: the term is one component, and the last slots are its indices.

    A definition whose right side contains the symbol itself (a recursion) only holds for the slots that are written.
    """

    slots: tuple[Ix, ...]
    term: Term
    component: bool
    recursive: bool
    given: Given


@dataclass(frozen=True, slots=True)
class Remembered:
    """A polynomial, and what was used to find it."""

    value: Poly
    rules: dict[str, None]
    givens: dict[int, Given]
    presupposed: dict[str, None]


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    arguments: tuple[Term, ...]
    term: Term
    given: Given


SPARABLE = frozenset(
    "definition uncorrelated tower given-moment premise independence identical-distribution linearity".split()
)  # the rules that can be disabled; all others are only logged


class Context:
    """Everything about one set of facts that the kernel looks up, plus the log of rules and givens.

    `disabled` names rules that must not be used.
    """

    def __init__(self, facts: Facts, disabled: frozenset[str] = frozenset(), distinct: Any = ()):
        self.facts = facts
        self.disabled = disabled
        self.distinct = frozenset(frozenset((ix(a), ix(b))) for a, b in distinct)
        self.rules_used: dict[str, None] = {}
        self.givens_used: dict[int, Given] = {}
        self.presupposed: dict[str, None] = {}
        self.definitions: dict[str, list[Definition]] = {}
        self.wholes: dict[str, str] = {}  # family -> the vector whose components it names
        self.functions: dict[str, list[FunctionDefinition]] = {}
        self.properties: dict[str, dict[str, Given]] = {}
        self.distributions: dict[str, list[Distributed]] = {}
        self.independence: list[Independent] = []
        self.conditional: list[ConditionallyIndependent] = []
        self.given_others: list[IndependentGiven] = []
        self.uncorrelated: list[Uncorrelated] = []
        self.identical: list[Identical] = []
        self.equations: list[Equation] = []
        self.positive: dict[Term, Given] = {}
        self.at_least: dict[str, tuple[int, Given]] = {}  # how large a size is at least
        self.nonzero: list[tuple[Term, Term, Given]] = []  # left and right differ
        self.made_of: dict[str, set[str]] = {}  # defined symbol or function -> symbols that it is defined by
        self.rules: list[Any] = []  # rewriting.Rule, filled by rewriting.prepare
        self.expanding: list[str] = []
        self.memo: dict[Any, Any] = {}
        self.argument_shapes: dict[str, Any] = {}  # of what a function is applied to; None: of several shapes
        self.tied: dict[str, set[str]] = {}  # random symbol -> constants in what is given of its law
        for name, info in facts.symbols.items():
            if info.parameters:
                self.tied.setdefault(name, set()).update(info.parameters)
        for given in facts.givens:
            self._take(given)
        self._close_ties()

    # ------------------------------------------------------------------ reading the givens

    def _take(self, given: Given) -> None:
        match given:
            case Equation():
                if given.kind != "definition":
                    self._tie(walk(given.lhs), walk(given.rhs))
                if given.kind != "definition" or not self._define(given):
                    self.equations.append(given)
                self._symmetric_covariance(given)
            case Distributed():
                self.distributions.setdefault(given.symbol.name, []).append(given)
                self._tie(walk(given.symbol), *(walk(p) for p in given.parameters))
                if given.family in ("Normal", "Moments") and len(given.parameters) == 2:
                    self._symmetric(given.parameters[1], given)
            case Independent():
                self.independence.append(given)
            case ConditionallyIndependent():
                self.conditional.append(given)
            case IndependentGiven():
                self.given_others.append(given)
            case Uncorrelated():
                self.uncorrelated.append(given)
            case Identical():
                self.identical.append(given)
                self._tie(iter([Symbol(m.name) for m in given.members if m.name]))
            case Property():
                if isinstance(given.term, Symbol):
                    self.properties.setdefault(given.term.name, {})[given.name] = given
                    if given.name == "positive":
                        self.positive[given.term] = given
            case Comparison():
                self._compare(given)

    def _compare(self, given: Comparison) -> None:
        """Notes what is positive, and what differs: then the difference is not zero."""
        self._note_size(given)
        if given.relation in ("=", "\\le", "\\leq", "\\ge", "\\geq"):
            return
        self.nonzero.append((given.left, given.right, given))
        low, high = (given.right, given.left) if given.relation == ">" else (given.left, given.right)
        if given.relation in ("<", ">") and isinstance(low, Number) and low.value >= 0:
            self.positive[high] = given

    def _note_size(self, given: Comparison) -> None:
        r"""`n \geq 2` or `1 < n`: the n-th is not the first."""
        swapped = given.relation in ("<", "\\le", "\\leq")
        size, bound = (given.right, given.left) if swapped else (given.left, given.right)
        strict = given.relation in ("<", ">")
        if (
            isinstance(size, IndexValue)
            and size.index.base
            and isinstance(bound, Number)
            and given.relation not in ("=", "\\neq", "\\ne")
        ):
            least = floor(bound.value) + 1 if strict else ceil(bound.value)
            self.at_least[size.index.base] = (least - size.index.offset, given)

    def _tie(self, *parts: Iterator[Term]) -> None:
        """Notes that the law of the random symbols in a given may depend on the constants in it."""
        names = {t.name for part in parts for t in part if isinstance(t, Symbol)}
        for name in names:
            if self.facts.role(name) == "random":
                self.tied.setdefault(name, set()).update(n for n in names if n != name)

    def _close_ties(self) -> None:
        """What the law of X depends on, the law of Y depends on too where the two are in one given."""
        again = True
        while again:
            again = False
            for known in self.tied.values():
                more = {n for other in known for n in self.tied.get(other, ())} - known
                again = again or bool(more)
                known |= more

    def _define(self, given: Equation) -> bool:
        """Files a definition; False when its left side has another form and it must serve as a premise."""
        lhs = given.lhs
        if isinstance(lhs, Symbol):
            name, slots, component = lhs.name, tuple(ix(i) for i in lhs.indices), False
        elif isinstance(lhs, Entry) and isinstance(lhs.arg, Symbol):
            own = tuple(ix(i) for i in lhs.arg.indices)
            name, component = lhs.arg.name, True
            slots = (*own, ix(lhs.row)) if lhs.arg.shape[1] == 1 else (*own, ix(lhs.row), ix(lhs.column))
        elif isinstance(lhs, Function):
            self.functions.setdefault(lhs.name, []).append(FunctionDefinition(lhs.args, given.rhs, given))
            self._made(lhs.name, given.rhs)
            return True
        else:
            return False
        recursive = any(isinstance(t, Symbol) and t.name == name for t in walk(given.rhs))
        if recursive and not slots:
            return False
        if component and isinstance(given.rhs, Symbol) and tuple(ix(i) for i in given.rhs.indices) == slots:
            self.wholes[given.rhs.name] = name
        self.definitions.setdefault(name, []).append(Definition(slots, given.rhs, component, recursive, given))
        self._made(name, given.rhs)
        return True

    def _made(self, name: str, term: Term) -> None:
        self.made_of.setdefault(name, set()).update(t.name for t in walk(term) if isinstance(t, Symbol | Function))

    def made(self, name: str) -> set[str]:
        """All symbols and functions that a symbol is defined by, directly or through others."""
        seen: set[str] = set()
        todo = [name]
        while todo:
            new = self.made_of.get(todo.pop(), set()) - seen
            seen |= new
            todo.extend(sorted(new))
        return seen

    def _symmetric_covariance(self, given: Equation) -> None:
        """A symbol that is said to be a covariance matrix, or E[v vᵀ], is symmetric."""
        if isinstance(given.lhs, Variance) or _is_square(given.lhs):
            self._symmetric(given.rhs, given)

    def _symmetric(self, term: Term, given: Given) -> None:
        """The symbol V in V, σ² V or (τ V)⁻¹; a scalar in front of a covariance matrix is presupposed not to be zero."""
        while isinstance(term, (Mul, Inverse)):
            inner = [a for a in term.args if a.shape != (1, 1)] if isinstance(term, Mul) else [term.arg]
            if len(inner) != 1:
                return
            term = inner[0]
        if isinstance(term, Symbol) and term.shape != (1, 1) and term.shape[0] == term.shape[1]:
            self.properties.setdefault(term.name, {}).setdefault("symmetric", given)

    # ------------------------------------------------------------------ the log

    def allows(self, rule: str) -> bool:
        assert rule in SPARABLE, rule
        return rule not in self.disabled

    def rule(self, name: str) -> None:
        self.rules_used.setdefault(name)

    def use(self, given: Given | None, rule: str = "") -> None:
        if given is not None:
            self.givens_used.setdefault(id(given), given)
        if rule:
            self.rules_used.setdefault(rule)

    def forget(self) -> None:
        """Starts a new log."""
        self.rules_used, self.givens_used, self.presupposed = {}, {}, {}

    @contextmanager
    def recording(self) -> Iterator[tuple[dict[str, None], dict[int, Given]]]:
        """What is logged inside, for results that are remembered."""
        outer = self.rules_used, self.givens_used
        self.rules_used, self.givens_used = {}, {}
        inner = self.rules_used, self.givens_used
        try:
            yield inner
        finally:
            self.rules_used, self.givens_used = outer
            self.rules_used.update(inner[0])
            self.givens_used.update(inner[1])

    @contextmanager
    def without(self, refused: Callable[[Given], bool]) -> Iterator[None]:
        """Rewrites with fewer equations for a while; nothing that was found with all of them is remembered there."""
        rules, memo = self.rules, self.memo
        kept = [r for r in rules if not any(refused(g) for g in (r.given, *r.through) if g is not None)]
        if len(kept) < len(rules):
            self.rules, self.memo = kept, {}
        try:
            yield
        finally:
            self.rules, self.memo = rules, memo

    def remembered(self, key: Any, made: Callable[[], Poly]) -> Poly:
        """What `made` gives, made once; what it used is logged each time."""
        found = self.memo.get(key)
        if found is None:
            outer = self.rules_used, self.givens_used, self.presupposed
            self.forget()
            inner = self.rules_used, self.givens_used, self.presupposed
            try:
                found = self.memo[key] = Remembered(made(), *inner)
            finally:
                self.rules_used, self.givens_used, self.presupposed = outer
                self.rules_used.update(inner[0])
                self.givens_used.update(inner[1])
                self.presupposed.update(inner[2])
        else:
            self.rules_used.update(found.rules)
            self.givens_used.update(found.givens)
            self.presupposed.update(found.presupposed)
        return found.value

    # ------------------------------------------------------------------ small questions

    def tag(self, name: str) -> str:
        return "r" if self.facts.role(name) == "random" else "s"

    def has(self, name: str, *properties: str) -> Given | None:
        """The given that says a symbol has one of these properties."""
        known = self.properties.get(name, {})
        return next((known[p] for p in properties if p in known), None)

    def law(self, factor: Factor) -> Distributed | None:
        """The distribution that is given for this member: `X_1 ~ …` says nothing about X_2."""
        for given in self.distributions.get(factor[1], ()):
            wanted = [(i, ix(i)) for i in given.symbol.indices]
            if len(wanted) > len(factor[2]):
                continue
            pairs = zip(wanted, factor[2], strict=False)
            if all(self._letter(i) or fixed == have for (i, fixed), have in pairs):
                return given
        return None

    def _letter(self, index: Index) -> bool:
        """Whether an index stands for every value, not for one member such as the first or the last."""
        return bool(index.base) and self.facts.role(index.base or "") != "dimension"

    def is_index(self, ix: Ix) -> bool:
        """Whether the index is a letter that runs, not a number or a size."""
        return bool(ix[0]) and self.facts.role(ix[0]) != "dimension"

    def is_binary(self, factor: Factor) -> Given | bool | None:
        info = self.facts.symbols.get(factor[1])
        if info is not None and info.support == "binary":
            return True
        given = self.law(factor)
        return given if given is not None and given.family == "Bernoulli" else None

    def is_sign(self, factor: Factor) -> bool:
        """Whether the values are 1 and -1 alone."""
        info = self.facts.symbols.get(factor[1])
        given = self.law(factor)
        return (info is not None and info.support == "sign") or (given is not None and given.family == "Rademacher")

    def values(self, factor: Factor) -> tuple[tuple[Fraction, ...], Given | None]:
        """The few numbers that are all values of the variable, and the law that says so; none when it is not known."""
        given = self.law(factor)
        if self.is_sign(factor):
            return (Fraction(-1), Fraction(1)), given
        if given is None or given.family != "Finite":
            return (), None
        found = tuple(p.value for p in given.parameters[: len(given.parameters) // 2] if isinstance(p, Number))
        complete = 2 * len(found) == len(given.parameters) and len(set(found)) == len(found)
        return (found, given) if complete else ((), None)

    def differ(self, a: Ix, b: Ix, distinct: frozenset[Any]) -> bool | None:
        """True when two indices certainly differ, False when they are the same, None when it is open."""
        if a == b:
            return False
        if a[0] == b[0]:
            return True
        pair = frozenset((a, b))
        return True if pair in self.distinct or pair in distinct or self._beyond(a, b) or self._beyond(b, a) else None

    def _beyond(self, number: Ix, last: Ix) -> bool:
        r"""Whether the last of more than so many, `n \geq 2`, is not the one of that number."""
        given = self.at_least.get(last[0]) if not number[0] else None
        if given is None or given[0] + last[1] <= number[1]:
            return False
        self.use(given[1])
        return True


def _is_square(term: Term) -> bool:
    """Whether the term is E[v vᵀ | …] for some v."""
    from derive.language.terms import Expectation, Mul

    if not isinstance(term, Expectation) or not isinstance(term.arg, Mul) or len(term.arg.args) != 2:
        return False
    left, right = term.arg.args
    return right == Transpose(left)
