"""The refuter: both sides of a claim evaluated exactly in finite probability models that satisfy every given.

Models over a 61-bit prime field give the verdict.  A difference there counts only when a model in fractions is
found that shows it too, and when the separate checker in `verify` agrees that it satisfies every given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from math import log10
from random import Random
from time import thread_time
from typing import Any

from derive.language import terms as t
from derive.language.facts import Claim, Distributed, Equation, Facts, Property
from derive.witnesses.analysis import UNBOUNDED, Analysis, heavy_names, symbol_names
from derive.witnesses.build import Builder, Plan
from derive.witnesses.dependence import dependence
from derive.witnesses.distributions import CONTINUOUS
from derive.witnesses.elementary import TRANSCENDENTAL
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import DRAWN_BITS, Degenerate, Misfit, PrimeField, TooLarge, Unmodelled
from derive.witnesses.layout import Layout, comparisons_hold, dimension_names
from derive.witnesses.model import Model
from derive.witnesses.parameters import moved_constant, moved_law

ATTEMPTS = 24  # draws for one model before it is given up
TURNS = 5  # layouts of one level that are tried when no draw works
BINARY = 4  # times as many models where constants can take two values only
REPEATS = 3  # models of each pool
SPECIAL = 4  # models of each special kind
COLLISIONS = 4  # draws for one of them
ROUNDS = 14  # of draws in all small dimensions, when a difference is known to exist
FEW_ROUNDS = 3  # when it is not
LEVELS = 4  # each with smaller dimensions than the one before
# Values that collide: X² does not determine X in them, nor X + Y or XY both; the first one is for generic values.
POOLS = ((), (-1, 1), (0, 1), (-1, 0, 1), (1, 2, 3), (-2, -1, 1, 2), (0, 1, 2, 3), (1, 2, 4))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Both sides are equal in all models.

    `bound`: an upper bound of the probability that a claim which is false in models of these sizes (and, where it
    matters which values are equal, of these supports) passes, such as "1e-90"; empty when the models were drawn from
    small fractions, where no such bound is known.
    """

    models: int
    bound: str


@dataclass(frozen=True, slots=True)
class Example:
    """A counterexample in plain data, exact rationals as strings.

    `outcomes`: (probability, {name: value}); a value is a string, or rows of strings.  `note` says when only
    moments of a declared distribution were matched, and up to which order.
    """

    dimensions: dict[str, int]
    constants: dict[str, Any]
    outcomes: tuple[tuple[str, dict[str, Any]], ...]
    lhs: Any
    rhs: Any
    note: str = ""
    indices: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refutation:
    """The sides differ in a verified model."""

    counterexample: Example


@dataclass(frozen=True, slots=True)
class Abstention:
    """Finite models do not decide; `reason` is one plain phrase."""

    reason: str


Outcome = Agreement | Refutation | Abstention


def examine(claim: Claim, *, seed: int = 0, models: int = 6, deadline: float = 2.0, repeats: int = REPEATS) -> Outcome:
    """Look for a finite model of the givens in which the sides of the claim differ.

    `repeats`: models of each support, where it matters which values are equal.  `deadline` is in seconds.
    The answer depends on the claim and the seed alone, unless the deadline cuts it short.
    """
    begun = thread_time()
    try:
        return Examination(claim, seed, begun + deadline).run(models, repeats)
    except Unmodelled as problem:
        return Abstention(f"not modelled: {problem}")
    except TooLarge as problem:
        return Abstention(f"the smallest model is too large: {problem}")
    except RecursionError:
        return Abstention("the expressions are nested too deeply")


class Examination:
    """The state of one call of `examine`."""

    def __init__(self, claim: Claim, seed: int, until: float):
        self.analysis = Analysis(claim)
        self.claim = self.analysis.claim
        self.until = until
        self.rng = Random(seed)
        self.names = sorted(dimension_names(self.analysis))
        self.partitions = self.analysis.partitions()
        self.heavy = heavy_names(self.analysis) & set(self.names)
        self.ignored: dict[str, None] = {}
        alone = cancelled(self.analysis)
        self.zeros = cycle([*(frozenset({name}) for name in alone), *[frozenset(alone)] * (len(alone) > 1)])
        self.kind = ""  # of all models from now on, see `prepared`
        self._settings: dict[tuple[int, int], tuple[Builder, Plan]] = {}
        self._order: tuple[str, ...] = ()  # the dimensions by size, as last chosen
        self._misfits: set[tuple[str, ...]] = set()  # orders in which no model was found

    def wholly_continuous(self) -> list[str]:
        """Variables with a continuous distribution of which more than some moments matters."""
        declared = (g for g in self.analysis.of(Distributed) if g.family in CONTINUOUS or g.family == "MatrixNormal")
        names = (g.symbol.name for g in declared)
        return sorted({name for name in names if self.analysis.degree(name) >= UNBOUNDED})

    def late(self) -> bool:
        return thread_time() > self.until

    def run(self, models: int, repeats: int = REPEATS) -> Outcome:
        whole = self.wholly_continuous() if self.partitions else []
        if whole:
            raise Unmodelled(f"conditions and events of {', '.join(whole)}, whose distribution is continuous")
        if moved_law(self.claim):
            raise Unmodelled("the derivative of a moment with respect to a parameter of the distribution")
        if moved_constant(self.claim):
            raise Unmodelled("the derivative of a constant that a premise makes depend on the variable")
        agreed, degree, bits, number = 0, 1, 0, 0
        vanished: list[str] = []
        while number < models * (BINARY if bits else 1):
            try:
                builder, model, equal = self.trial(number % 2 if self.names else 0)
            except Unmodelled as problem:
                if str(problem) == "order":
                    return self.in_fractions(models)
                raise
            if not equal:
                return self.refute()
            number += 1
            agreed += 1
            vanished += self.vanishing(model)
            bits = max(bits, self.bits(model))
            degree = max(degree, self.degree(builder, model))
            if self.late():
                break
        if self.partitions:
            for pool in POOLS[1:] * repeats:
                collided = self.collide(pool)
                if collided is False:
                    return self.refute()
                agreed += bool(collided)
        sure = agreed
        kinds = ["entangled"] * SPECIAL * bool(builder.dependence.loose)
        kinds += ["zeros"] * SPECIAL * bool(cancelled(self.analysis))
        for kind in kinds:
            found = self.special(self.sizes(0, 2), PrimeField(), kind)
            if found is False:
                self.kind = kind
                return self.refute()
            agreed += bool(found)
        if len(vanished) >= number:
            raise Unmodelled(f"values of {vanished[0]} that are not zero")
        if self.ignored:  # not even agreement says much: the models satisfy a part of what is given
            return Abstention(f"not modelled: {'; '.join(self.ignored)}")
        # where it matters which values are equal, each support is looked at once or a few times: it counts as one model
        return Agreement(agreed, bound(degree, 1 if self.partitions else sure, bits))

    def vanishing(self, model: Model) -> list[str]:
        """A constant of the claim that the givens made zero here, as A u = a u may do with u: the model says little."""
        names = symbol_names(self.claim.lhs) | symbol_names(self.claim.rhs)
        constants = ((name, rows) for (name, _), rows in model.constants.items() if name in names)
        return [name for name, rows in constants if not any(model.field.reduced(x) for row in rows for x in row)][:1]

    def bits(self, model: Model) -> int:
        """How many constants were drawn from few numbers: those that are 0 or 1, or small whole numbers."""
        traits = self.analysis.traits
        few = [m for (name, _), m in model.constants.items() if traits.get(name, set()) & {"binary", "whole"}]
        return sum(len(row) for matrix in few for row in matrix)

    def pool(self, number: int) -> tuple[int, ...]:
        """The values of the model of that number."""
        return POOLS[number % len(POOLS)] if self.partitions else ()

    # -- models with few different values -------------------------------------------------------

    def collide(self, pool: tuple[int, ...]) -> bool | None:
        """Whether the sides agree where many outcomes have equal values; None where no such model is found."""
        for _ in range(COLLISIONS):
            if self.late():
                return None
            dims = {n: self.rng.randrange(2 if n in self.heavy else 1, 4) for n in self.names}
            if not (comparisons_hold(self.analysis, dims) and self.tall(dims)):
                continue
            found = self.special(dims, PrimeField(pool))
            if found is not None:
                return found
        return None

    def special(self, dims: dict[str, int], field: PrimeField, kind: str = "") -> bool | None:
        """Whether the sides agree in one model of a special kind; None where it is not found."""
        try:
            builder, plan = self.prepared(dims, field, 3, kind=kind)
            model = builder.build(plan)
            return None if builder.violated(model) else self.agrees(builder, model)
        except (Degenerate, TooLarge, Unmodelled):
            return None

    # -- models over the prime field ----------------------------------------------------------

    def trial(self, parity: int) -> tuple[Builder, Model, bool]:
        """One model over the prime field, and whether the sides agree in it; smaller where it would be too large."""
        failure: Exception = Degenerate("no model")
        level = turns = 0
        while level < LEVELS and turns < TURNS and not self.late():
            try:
                found = self.attempt(parity, level)
                if found is not None:
                    return found
            except TooLarge as problem:
                failure = problem
                level += 1
            except (
                Degenerate
            ) as problem:  # other sizes may do: a matrix with fewer rows than columns has no left inverse
                failure = problem
                turns += 1
                self._settings.pop((parity, level), None)
                self._misfits.add(self._order)
        if isinstance(failure, TooLarge):
            raise failure
        raise Unmodelled(f"the givens together ({failure})")

    def attempt(self, parity: int, level: int) -> tuple[Builder, Model, bool] | None:
        """Draws of one layout until one works; raises the last `Degenerate` when none does."""
        builder, plan = self.setting(parity, level)
        failure: Degenerate | None = None
        structural = 0  # over so large a field only roots fail by chance
        for _ in range(ATTEMPTS):
            try:
                model = builder.build(plan)
                if plan.checked or self.sound(builder, plan, model):
                    return builder, model, self.agrees(builder, model)
            except Misfit:
                raise
            except Degenerate as problem:
                failure = problem
                builder.lenient = builder.lenient or str(problem) == "no solution"
                structural += str(problem) not in ("no root", "no solution")
            if self.late() or structural >= 3:
                break
        if failure is not None:
            raise failure
        return None

    def sound(self, builder: Builder, plan: Plan, model: Model) -> bool:
        """Whether the model satisfies the givens; what it fails three times is left out from then on, and named."""
        violated = builder.violated(model)
        if violated and plan.strikes < 2:
            plan.strikes += 1
            return False
        plan.checked = True
        self.ignored.update(dict.fromkeys(g.source.reading or g.source.latex for g in violated))
        return True

    def setting(self, parity: int, level: int) -> tuple[Builder, Plan]:
        key = (parity, level)
        if key not in self._settings:
            self._settings[key] = self.prepared(self.sizes(parity, level), PrimeField(), 3 if level < 2 else 2)
        return self._settings[key]

    def sizes(self, parity: int, level: int) -> dict[str, int]:
        """Sizes of the dimensions, distinct where that is affordable, that satisfy the comparisons between them.

        Dimensions along which the space multiplies are kept smaller than those of plain matrices.
        """
        light = [n for n in self.names if n not in self.heavy]
        heavy = [n for n in self.names if n in self.heavy]
        for attempt in range(80):
            extra = attempt // 8
            low = [2] * len(heavy) if level >= 2 else list(range(2 + parity * (level == 0), 9))[: len(heavy) + extra]
            top = max([3, *low[: len(heavy)]]) if level < 3 else 1
            high = list(range(top + 1, top + 1 + len(light) + extra))
            self.rng.shuffle(low)
            self.rng.shuffle(high)
            if level >= 2 and extra:
                low = [2 + self.rng.randrange(1 + extra) for _ in heavy]
            dims = dict(zip(heavy, low, strict=False)) | dict(zip(light, high, strict=False))
            self._order = tuple(sorted(self.names, key=lambda n: (dims.get(n, 0), n)))
            if self._order in self._misfits and attempt < 60:
                continue
            if len(dims) == len(self.names) and comparisons_hold(self.analysis, dims) and self.tall(dims):
                return dims
        raise Unmodelled("the comparisons between dimensions")

    def tall(self, dims: dict[str, int]) -> bool:
        """Whether matrices of full column rank, or with orthonormal columns, have rows enough."""
        for given in self.analysis.givens:
            shape = None
            if isinstance(given, Property) and given.name == "full column rank":
                shape = given.term.shape
            elif isinstance(given, Equation) and isinstance(given.rhs, t.Identity) and isinstance(given.lhs, t.Mul):
                shape = given.lhs.args[-1].shape
            if shape and all(isinstance(d, str) and d in dims for d in shape) and dims[shape[0]] < dims[shape[1]]:
                return False
        return True

    def prepared(
        self, dims: dict[str, int], number_field: Any, base: int, only: int | None = None, kind: str = ""
    ) -> tuple[Builder, Plan]:
        """A builder with its plan.  `only`: of the values of the claim's free indices, take this one alone.

        `kind`: "entangled" for variables that are independent in pairs only, "zeros" for constants that vanish.
        """
        layout, kind = Layout(self.analysis, dims, only), kind or self.kind
        builder = Builder(layout, dependence(layout, self.rng, kind == "entangled"), number_field, self.rng)
        builder.zeros = next(self.zeros) if kind == "zeros" else frozenset()
        failure: Exception = Degenerate("no model")
        for _ in range(ATTEMPTS):
            try:
                return builder, builder.plan(base)
            except Misfit:
                raise
            except Degenerate as problem:
                failure = problem
            if self.late():
                break
        raise failure

    def agrees(self, builder: Builder, model: Model) -> bool:
        return all(difference(self.claim, model, env) is None for env in builder.layout.choices)

    def degree(self, builder: Builder, model: Model) -> int:
        """A bound of the degree of the claim in all numbers that were drawn."""
        atoms = sum(len(w) for w in model.space.axes)
        longest = max([1, *model.dims.values()])
        own = sum(degree_of(side, longest) for side in (self.claim.lhs, self.claim.rhs))
        return own * (atoms + longest + 1)

    # -- fractions ----------------------------------------------------------------------------

    def refute(self) -> Outcome:
        from derive.witnesses.shrink import search

        known = self.analysis.elementary(TRANSCENDENTAL)
        if known:
            return Abstention(f"not modelled: the functions {', '.join(known)}")
        tied = self.analysis.elementary(densities(self.claim.facts))
        if tied:
            return Abstention(f"not modelled: the densities {', '.join(tied)}, which an expectation is taken over")
        if self.ignored:
            return Abstention(f"not modelled: {'; '.join(self.ignored)}")
        found, _ = search(self, ROUNDS)
        if found is not None:
            return Refutation(found)
        return Abstention("the sides differ over a prime field, but no model in fractions was found")

    def in_fractions(self, models: int) -> Outcome:
        """Where order matters (absolute values, events such as X < a) only fractions can be used."""
        from derive.witnesses.shrink import search

        known = self.analysis.elementary(TRANSCENDENTAL)
        if known:
            return Abstention(f"not modelled: order, and the functions {', '.join(known)}")
        whole = self.wholly_continuous()
        if whole:  # a model that has its first moments says nothing of E|X|
            return Abstention(
                f"not modelled: the order of values of {', '.join(whole)}, whose distribution is continuous"
            )
        # a round draws from one pool: with −1 and 1 alone X² is 1, and 0 is in no denominator
        found, equal = search(self, len(POOLS) if self.partitions else FEW_ROUNDS)
        if found is None:
            self.kind = "entangled"
            found, _ = search(self, 1)
        if found is not None:
            return Refutation(found)
        if equal < models:
            return Abstention("not modelled: order, and the givens together")
        return Agreement(equal, "")


def cancelled(analysis: Analysis) -> list[str]:
    """Constants of which it matters whether they vanish, and matrices whether they are singular.

    A given has a product with them: what can be cancelled where that is not zero, cannot where it is.
    Or their pseudo-inverse is taken.
    """
    equations = [g for g in analysis.equations if g.kind != "definition"]
    products = (p for g in equations for side in (g.lhs, g.rhs) for p in t.walk(side) if isinstance(p, t.Mul))
    factors = [f for p in products for f in p.args if isinstance(f, t.Symbol)]
    sides = (analysis.claim.lhs, analysis.claim.rhs, *(s for g in analysis.equations for s in (g.lhs, g.rhs)))
    pseudo = (p.arg for side in sides for p in t.walk(side) if isinstance(p, t.Inverse) and p.pseudo)
    factors += [s for arg in pseudo for s in t.walk(arg) if isinstance(s, t.Symbol)]
    names = dict.fromkeys(f.name for f in factors)
    return [n for n in names if not analysis.is_random(n) and not analysis.traits.get(n)]


def densities(facts: Facts) -> frozenset[str]:
    return frozenset(name for name, info in facts.symbols.items() if info.support == "density")


def difference(claim: Claim, model: Model, env: dict[str, int]) -> tuple[Any, Any] | None:
    """The values of both sides where they differ, None where they are equal."""
    evaluator = Evaluator(model)
    left, right = evaluator.rows(claim.lhs, env), evaluator.rows(claim.rhs, env)
    if (len(left), len(left[0])) != (len(right), len(right[0])):
        raise Unmodelled("sides of different shapes")
    space = model.space
    for row, other in zip(left, right, strict=False):
        for x, y in zip(row, other, strict=False):
            if not space.is_zero(space.add(x, space.negate(y))):
                return left, right
    return None


def degree_of(term: t.Term, longest: int) -> int:
    """A crude bound of the degree of a term as a rational function of everything that was drawn."""
    inner = [degree_of(c, longest) for c in t.children(term)]
    match term:
        case t.Symbol():
            return 2
        case t.Add() | t.Sum() | t.SupportSum() | t.Entries() | t.Matrix():
            return sum(inner) if len(inner) > 1 else longest * (inner[0] if inner else 1)
        case t.Pow(_, t.Number(value)):
            return inner[0] * max(1, abs(value.numerator))
        case t.Pow():
            return inner[0] * 10 * longest
        case t.Inverse() | t.Determinant() | t.Product():
            return 2 * longest * max(inner)
        case t.Variance() | t.Covariance() | t.Correlation():
            return 4 * sum(inner) + 4
        case t.SquaredNorm():
            return 2 * inner[0]
    return sum(inner) + 1


def bound(degree: int, models: int, bits: int = 0) -> str:
    """(degree / number of values that each draw can take) ^ models, rounded up to a power of ten.

    `bits`: so many constants can take two values only: one of 2^bits choices may be all that shows a difference.

    >>> bound(100, 2), bound(100, 24, 1), bound(100, 24, 6)
    ('1e-32', '1e-7', '')
    """
    each = max(1, degree) / 2**DRAWN_BITS
    exponent = -models * log10(min(1.0, each + (1 - 0.5**bits)))
    return f"1e-{int(exponent)}" if exponent >= 1 else ""
