"""Closes the shapes of a whole document: equations first, then the weakest guesses that fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from derive.language import terms as tm
from derive.language.dimensions import Dimensions, Listed, Pair, is_open
from derive.language.remembered import Remembered
from derive.language.roles import AVERAGING
from derive.language.shapes import Checker
from derive.language.symbols import Lexicon, bold_letter, is_capital

SPARE = ("d", "m", "k", "p", "q", "r", "s", "N", "M", "K", "L")
ROUNDS = 12
BUDGET = 100_000  # visits of terms, after which no more lines are left aside on trial


def unwrapped(term: Any) -> Any:
    """What is inside of inverses, transposes and expectations."""
    while isinstance(term, (tm.Inverse, tm.Transpose, tm.Expectation)):
        term = term.arg
    return term


@dataclass
class Doubtful:
    """What may be left aside when it clashes with everything else: a line, or the relation between two."""

    terms: list[Any] = field(default_factory=list)
    pairs: list[tuple[Any, Any]] = field(default_factory=list)
    weak: bool = False  # tried before all others


@dataclass
class Settled:
    """What a run of all equations found in a situation in which it changed nothing."""

    of: tuple[Any, ...]
    problems: list[Any]
    clashes: int
    unequal: int
    shown: list[int]


@dataclass
class Solver:
    """`terms` are all raw terms of the document, `equal` the pairs that must have one shape."""

    dims: Dimensions
    checker: Checker
    lexicon: Lexicon
    symbols: dict[str, Pair]
    terms: list[Any]
    equal: list[tuple[Any, Any]]
    scalars: list[Any]
    firm: list[Any]  # the terms of givens, which are taken to be right
    functions: dict[str, Pair] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    guesses: set[str] = field(default_factory=set)  # of which nothing was known
    present: set[str] = field(default_factory=set)  # symbols of the terms that are not left aside
    shown: list[int] = field(default_factory=list)  # where clashes showed last: identities of terms and pairs
    settled: Settled | None = None

    def __post_init__(self) -> None:
        self.remembered = Remembered(self.checker)

    def solve(self, taken: Iterable[str], optional: list[Doubtful]) -> None:
        """Gives every dimension variable a value.

        A line of a document may be false and must not bend the shapes of all others: when the equations clash, those of the
        `optional` lines without which they do not clash are left aside.
        """
        blank = self.dims.saved()
        whole = self.terms, self.equal
        clashes, state = self.best(blank)
        for _ in range(3):
            if not clashes or self.checker.visits > BUDGET:
                break
            found = self.without_one(blank, clashes, optional)
            if found is None:
                break
            clashes, state, line = found
            self.leave_out(line)
        self.dims.restore(state)
        if len(self.terms) < len(whole[0]):  # what was left aside may still say something of symbols that only it has
            self.terms, self.equal = whole
            self.present = set(self.symbols)
            self.typographic(only_small=True)  # that two bold letters do not fit makes neither of them a number
            self.propagate()
            self.transposed()
            self.beside_arrays()
            self.guessed()
        self.close(set(taken))
        self.checker.final = True
        self.propagate()
        self.settle_zeros()

    def settle_zeros(self) -> None:
        """A zero whose shape nothing asks for is a number."""
        for term in self.terms:
            for t in self.remembered.everywhere(term):
                if isinstance(t, tm.Constant):
                    for dim in t.shape:
                        if is_open(self.dims.find(dim)):
                            self.dims.unify(dim, 1)
        self.propagate()

    def without_one(self, blank: Any, clashes: int, optional: list[Doubtful]) -> tuple[int, Any, Doubtful] | None:
        """The line whose absence leaves the fewest clashes, those in which they showed first; None when none helps."""
        shown = set(self.shown)
        best: tuple[int, Any, Doubtful] | None = None
        for line in sorted(
            optional, key=lambda d: (not d.weak, not shown & ({id(t) for t in d.terms} | {id(p) for p in d.pairs}))
        ):
            if self.checker.visits > BUDGET:
                break
            kept = self.terms, self.equal
            self.leave_out(line)
            count, state = self.best(blank)
            self.terms, self.equal = kept
            if count < (best[0] if best else clashes):
                best = (count, state, line)
                if not count:
                    break
        return best

    def leave_out(self, line: Doubtful) -> None:
        gone = {id(t) for t in line.terms}
        pairs = {(id(a), id(b)) for a, b in line.pairs}
        self.terms = [t for t in self.terms if id(t) not in gone]
        self.equal = [p for p in self.equal if not ({id(p[0]), id(p[1])} & gone) and (id(p[0]), id(p[1])) not in pairs]

    def best(self, blank: Any) -> tuple[int, Any]:
        """(clashes, state) of the better of two orders: typography before use, then use before typography."""
        found = []
        for bold_first in (True, False):
            self.dims.restore(blank)
            self.attempt(bold_first)
            found.append((self.propagate(), self.dims.saved()))
            if not found[-1][0]:
                break
        return min(found, key=lambda pair: pair[0])

    def attempt(self, bold_first: bool) -> None:
        self.checker.plain_entries = False
        self.present = {
            t.name for term in self.terms for t in self.remembered.everywhere(term) if isinstance(t, tm.Symbol)
        }
        if bold_first:
            self.propagate(self.firm)
            self.typographic(only_small=True)
        self.propagate()
        self.suggest()
        self.typographic()
        self.transposed()
        self.beside_arrays()
        self.checker.plain_entries = True
        self.propagate()
        self.guessed()
        self.lists()

    def propagate(self, terms: list[Any] | None = None) -> int:
        """Runs the equations until nothing changes; the number of clashes.

        Where nothing has changed since all of them were run in vain, they would say the same again.
        """
        whole = terms is None
        if whole and self.settled is not None and self.settled.of == self.situation():
            self.checker.problems, self.checker.clashes = list(self.settled.problems), self.settled.clashes
            self.shown = list(self.settled.shown)
            return self.settled.clashes + self.settled.unequal
        unequal = 0
        for _ in range(ROUNDS):
            changes, before = self.dims.changes, self.situation()
            unequal = self.round(self.terms if terms is None else terms, whole)
            if self.dims.changes == changes:
                if whole and self.situation() == before:
                    found = self.checker.problems, self.checker.clashes
                    self.settled = Settled(before, list(found[0]), found[1], unequal, list(self.shown))
                break
        return self.checker.clashes + unequal

    def situation(self) -> tuple[Any, ...]:
        """What a run of all equations depends on."""
        checker = self.checker
        lists = tuple(map(id, self.terms)), tuple((id(a), id(b)) for a, b in self.equal)
        return (self.dims.version, len(checker.results), checker.final, checker.plain_entries, lists)

    def round(self, terms: list[Any], whole: bool) -> int:
        """Runs equations once; the number of pairs that are unequal."""
        unequal = 0
        self.checker.problems = []
        self.checker.clashes = 0
        for scalar in self.scalars if whole else ():
            shape = self.remembered.shape(scalar)
            if not self.checker.same(shape, tm.SCALAR):
                self.checker.clash(scalar, f"this must be a scalar, this is {self.checker.text(shape)}")
        self.shown = []
        for term in terms:
            count = self.checker.clashes
            self.remembered.shape(term)
            if self.checker.clashes > count:
                self.shown.append(id(term))
        for pair in self.equal if whole else ():
            if not self.checker.same(*map(self.remembered.shape, pair)):
                unequal += 1
                self.shown.append(id(pair))
        return unequal

    def agree(self, left: Any, right: Any) -> bool:
        a, b = self.checker.shape(left), self.checker.shape(right)
        return all(
            is_open(x) or is_open(y) or x == y
            for x, y in zip(map(self.dims.find, a), map(self.dims.find, b), strict=False)
        )

    def suggest(self) -> None:
        for variable, dim in self.dims.suggestions:
            self.soft(variable, dim)
        for term, place, dim in self.dims.row_suggestions:
            shape = self.checker.shape(term)
            self.soft(shape[1 if self.dims.find(shape[0]) == 1 and place == 0 else place], dim)
        self.propagate()

    def soft(self, a: Any, b: Any) -> None:
        """A sum's range and a dimension are the same where one of them is open; they may differ when both are known."""
        if is_open(self.dims.find(a)) or is_open(self.dims.find(b)):
            self.dims.unify(a, b)

    def open_symbols(self) -> list[str]:
        return [k for k, s in self.symbols.items() if k in self.present and any(is_open(self.dims.find(d)) for d in s)]

    def undecided(self, key: str) -> bool:
        """Open, and not yet known to be an array or a scalar."""
        shape = self.symbols[key]
        return any(is_open(self.dims.find(d)) for d in shape) and not self.dims.is_one(shape)

    def choose(self, key: str, kinds: tuple[str, ...]) -> None:
        """Takes the symbol as the kind with the fewest clashes, the first of equals.

        A false line in the document clashes under every kind, so the count may stay above zero.
        """
        state = self.dims.saved()
        best: tuple[int, Any] | None = None
        for kind in kinds:
            self.dims.restore(state)
            if self.take(key, kind):
                clashes = self.propagate()
                if best is None or clashes < best[0]:
                    best = (clashes, self.dims.saved())
                if clashes == 0:
                    break
        self.dims.restore(best[1] if best else state)

    def take(self, key: str, kind: str) -> bool:
        rows, columns = self.symbols[key]
        match kind:
            case "scalar":
                return self.dims.unify(rows, 1) and self.dims.unify(columns, 1)
            case "vector":
                return self.dims.enlarge(rows) and self.dims.unify(columns, 1)
            case "row":
                return self.dims.unify(rows, 1) and self.dims.enlarge(columns)
        return self.dims.enlarge(rows) and self.dims.enlarge(columns)

    def typographic(self, only_small: bool = False) -> None:
        for key in self.open_symbols():
            if bold_letter(key) is not None and self.undecided(key):
                if only_small:
                    if not is_capital(key) and self.take(key, "vector"):
                        self.origins[key] = "convention"
                    continue
                self.choose(key, ("matrix", "vector", "scalar") if is_capital(key) else ("vector",))
                self.origins[key] = "convention"

    def transposed(self) -> None:
        """A transposed or traced symbol is an array, and so are the capitals of a product that is."""
        seen = []
        for term in self.terms:
            for t in self.remembered.everywhere(term):
                if isinstance(t, (tm.Transpose, tm.Trace, tm.Determinant, tm.SquaredNorm)) and isinstance(
                    t.arg, tm.Symbol
                ):
                    seen.append(t.arg.name)
        for key in dict.fromkeys(seen):
            if key in self.symbols and self.undecided(key):
                self.choose(key, ("matrix", "vector") if is_capital(key) else ("vector", "matrix"))
        for key in self.open_symbols():
            if self.undecided(key) and key in self.lexicon.matrices:
                self.choose(key, ("matrix", "vector", "scalar"))
            elif self.undecided(key) and key in self.lexicon.arrays:
                self.choose(key, ("vector", "matrix", "scalar"))
        for key in self.inside():
            if key in self.symbols and self.undecided(key) and is_capital(key):
                self.choose(key, ("matrix", "vector", "scalar"))

    def inside(self) -> list[str]:
        """Symbols in `tr(AB)`, `det(A + B)`, `(AB)^\\top`, and in inverses that no average is taken of."""
        found: dict[str, None] = {}
        averaged = {t.name for e in self.averages() for t in self.remembered.everywhere(e) if isinstance(t, tm.Symbol)}
        for term in self.terms:
            for t in self.remembered.everywhere(term):
                inverse = isinstance(t, tm.Inverse)
                if not inverse and not isinstance(t, (tm.Trace, tm.Determinant, tm.Transpose)):
                    continue
                for inner in self.remembered.everywhere(t):
                    if isinstance(inner, tm.Symbol) and not (inverse and inner.name in averaged):
                        found[inner.name] = None
        return list(found)

    def averages(self) -> list[Any]:
        return [t for term in self.terms for t in self.remembered.everywhere(term) if isinstance(t, AVERAGING)]

    def beside_arrays(self) -> None:
        """What stands directly behind a matrix is an array, and a capital in front of one: `X \\beta`, `P (y - X \\beta)`."""
        for _ in range(4):
            before = self.dims.changes
            for key, behind in sorted(self.neighbours(), key=lambda found: is_capital(found[0])):
                if not self.undecided(key) or self.dims.is_large(self.symbols[key]):
                    continue
                if is_capital(key):
                    self.choose(key, ("matrix", "vector", "scalar"))
                elif behind:
                    self.choose(key, ("vector", "scalar", "matrix"))
            if self.dims.changes == before:
                return

    def neighbours(self) -> list[tuple[str, bool]]:
        """(symbol, whether the array is in front of it) for symbols beside an array in a product."""
        found: dict[tuple[str, bool], None] = {}
        for term in self.terms:
            for t in self.remembered.everywhere(term):
                if not isinstance(t, tm.Mul):
                    continue
                for left, right in zip(t.args, t.args[1:], strict=False):
                    for one, other, behind in ((right, left, True), (left, right, False)):
                        shape = self.checker.shape(other)
                        touching = self.dims.find(shape[1 if behind else 0])  # behind a column stands no array
                        if touching == 1 or not self.dims.is_large(shape):
                            continue
                        inner = unwrapped(one)
                        for summand in inner.args if isinstance(inner, tm.Add) else (inner,):
                            if isinstance(symbol := unwrapped(summand), tm.Symbol):
                                found[symbol.name, behind] = None
        return list(found)

    def lists(self) -> None:
        """A list that nothing turns is a row."""
        for term in self.terms:
            for t in self.remembered.everywhere(term):
                if isinstance(t, Listed) and all(is_open(self.dims.find(d)) for d in t.shape):
                    self.dims.unify(t.shape[0], 1)
        self.propagate()

    def guessed(self) -> None:
        """What nothing speaks about is a scalar; if that clashes, a vector or a matrix.  First what has powers, as σ²."""
        powers = (t for term in self.terms for t in self.remembered.everywhere(term) if isinstance(t, tm.Pow))
        bases = {t.base.name for t in powers if isinstance(t.base, tm.Symbol)}
        for key in sorted(self.open_symbols(), key=lambda key: key not in bases):
            if self.undecided(key) and not self.dims.is_large(self.symbols[key]):
                self.choose(key, ("scalar", "vector", "matrix", "row"))
                self.guesses.add(key)

    def close(self, taken: set[str]) -> None:
        """Dimensions that are still open: 1 where nothing says otherwise, else a fresh letter."""
        spare = (s for s in (*SPARE, *(f"d_{{{n}}}" for n in range(1, 1000))) if s not in taken)
        for shape in [*self.symbols.values(), *self.functions.values()]:
            for dim in shape:
                found = self.dims.find(dim)
                if is_open(found):
                    self.dims.unify(found, next(spare) if found in self.dims.large else 1)
        for limit in (*self.limits(), *self.lengths()):
            if is_open(found := self.dims.find(limit)):
                self.dims.unify(found, next(spare))
        self.propagate()

    def lengths(self) -> list[Any]:
        """Lengths of columns of ones and the like, which no symbol may share."""
        constants = (t for term in self.terms for t in self.remembered.everywhere(term) if isinstance(t, tm.Constant))
        return [
            d for t in constants for d in t.shape if is_open(self.dims.find(d)) and self.dims.find(d) in self.dims.large
        ]

    def limits(self) -> list[Any]:
        """Upper ends of all sums and products."""
        found = [
            t.range.upper.base
            for term in self.terms
            for t in self.remembered.everywhere(term)
            if isinstance(t, (tm.Sum, tm.Product))
        ]
        return [f for f in found if f is not None]
