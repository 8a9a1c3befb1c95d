"""What the probabilities must satisfy, as residuals: quantities whose means vanish when a given holds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any

from derive.language import terms as t
from derive.language.facts import Distributed, Equation
from derive.language.terms import walk
from derive.witnesses.analysis import UNBOUNDED
from derive.witnesses.distributions import DISCRETE, UNMODELLED, discrete_rows, normal_product, raw_moments
from derive.witnesses.evaluate import Evaluator
from derive.witnesses.field import Unmodelled
from derive.witnesses.functional import Functional
from derive.witnesses.model import MOMENT, Env, Key, Model

if TYPE_CHECKING:
    from derive.witnesses.build import Builder

HIGHEST = 6  # order up to which moments of continuous distributions are matched


class Constraint:
    """One ground given.  `given`: where it comes from; `axis`: the axis whose probabilities are to satisfy it."""

    equation = False

    def residual(self, evaluator: Evaluator) -> list[Any]:
        raise NotImplementedError

    def step(self, evaluator: Evaluator, key: Key, before: list[Any]) -> list[Any]:
        raise NotImplementedError

    def unknown_constants(self, builder: Builder, model: Model) -> list[Key]:
        return []


@dataclass
class MomentEquation(Constraint):
    given: Equation
    env: Env
    axis: int = -1
    equation = True

    def residual(self, evaluator: Evaluator) -> list[Any]:
        left, right = evaluator.rows(self.given.lhs, self.env), evaluator.rows(self.given.rhs, self.env)
        space = evaluator.space
        if (len(left), len(left[0])) != (len(right), len(right[0])):
            raise Unmodelled("an equation whose sides have different shapes")
        return [
            space.add(x, space.negate(y)) for r, s in zip(left, right, strict=False) for x, y in zip(r, s, strict=False)
        ]

    def step(self, evaluator: Evaluator, key: Key, before: list[Any]) -> list[Any]:
        """How the residual has changed since `before`, after the value of one constant was changed."""
        space = evaluator.space
        sides = ((self.given.lhs, False), (self.given.rhs, True))
        model = evaluator.model
        holding = [(s, minus) for s, minus in sides if key[0] in {p.name for p in walk(s) if isinstance(p, t.Symbol)}]
        if len(holding) == 1 and not model.known.has_moment_through(holding[0][0], model.definitions):
            side, minus = holding[0]
            now = [x for row in evaluator.rows(side, self.env) for x in row]
            one = model.constants[key]
            saved, model.constants[key] = one, [[model.field.of(0)] * len(one[0]) for _ in one]
            model.cache.clear()
            then = [x for row in evaluator.rows(side, self.env) for x in row]
            model.constants[key] = saved
            model.cache.clear()
            moved = [space.add(x, space.negate(y)) for x, y in zip(now, then, strict=True)]
            return [space.negate(x) for x in moved] if minus else moved
        return [space.add(y, space.negate(x)) for x, y in zip(before, self.residual(evaluator), strict=True)]

    def unknown_constants(self, builder: Builder, model: Model) -> list[Key]:
        """Constants that stand free and linearly outside of all moments, and are not settled yet."""
        found = []
        for symbol in free_constants(self.given):
            if symbol.name in builder.analysis.definitions or builder.analysis.is_random(symbol.name):
                continue
            if symbol.name in model.dims or builder.nonlinear(symbol.name):
                continue
            bounded = {"positive", "unit", "whole", "square"} if builder.prime else {"whole", "square"}
            if builder.analysis.traits.get(symbol.name, set()) & bounded:
                continue
            key = (symbol.name, tuple(builder.layout.index(i, self.env) for i in symbol.indices))
            if key in model.variables or key in builder.settled:
                continue
            Evaluator(model).symbol(symbol, self.env)  # draws it when it has no value yet
            if key in model.constants and key not in found:
                found.append(key)
        return found


def free_constants(given: Equation) -> list[t.Symbol]:
    """Symbols on either side that are reached through sums, signs, multiples, transposes and components alone."""
    found: list[t.Symbol] = []
    for side in (given.lhs, given.rhs):
        _free(side, found)
    return found


def _free(term: t.Term, found: list[t.Symbol]) -> None:
    match term:
        case t.Symbol():
            if term not in found:
                found.append(term)
        case t.Add(args):
            for arg in args:
                _free(arg, found)
        case t.Mul(args):
            symbols = [a for a in args if not isinstance(a, (t.Number, t.Identity, t.Constant, t.IndexValue))]
            if len(symbols) == 1:
                _free(symbols[0], found)
        case t.Transpose(arg) | t.Entry(arg) | t.Line(arg) | t.Diagonal(arg):
            _free(arg, found)


def nonlinear_names(analysis: Any) -> set[str]:
    """Names of constants that stand in a given at some place other than a free, linear one."""
    found: set[str] = set()
    for given in analysis.equations:
        free = {s.name for s in free_constants(given)}
        for side in (given.lhs, given.rhs):
            inside = [p for p in walk(side) if isinstance(p, (*MOMENT, t.Pow, t.Inverse, t.Function))]
            found |= {s.name for p in inside for s in walk(p) if isinstance(s, t.Symbol)}
            found |= {s.name for s in walk(side) if isinstance(s, t.Symbol) and s.name not in free}
    for given in analysis.of(Distributed):
        for p in given.parameters:
            if given.family not in ("Moments", "Normal"):
                found |= {s.name for s in walk(p) if isinstance(s, t.Symbol)}
    return found


def moment_equations(ground: list[tuple[Equation, Env]]) -> list[Constraint]:
    return [MomentEquation(g, env) for g, env in ground]


@dataclass
class DistributionRows(Constraint):
    """The moments of one declared distribution."""

    given: Distributed
    symbol: t.Symbol
    env: Env
    degree: int
    axis: int = -1

    def residual(self, evaluator: Evaluator) -> list[Any]:
        functional = isinstance(evaluator, Functional)
        if functional:
            evaluator.depth += 1
        value = evaluator.rows(self.symbol, self.env)
        parameters = [evaluator.rows(p, self.env) for p in self.given.parameters]
        if functional:
            evaluator.depth -= 1
        rows = list(self._rows(value, parameters, evaluator))
        return self._averaged(rows, parameters, evaluator)

    def means(self, evaluator: Evaluator) -> list[Any]:
        return self.residual(evaluator)

    def _averaged(self, rows: list[Any], parameters: list[Any], evaluator: Evaluator) -> list[Any]:
        """Means given the parameters when these are random."""
        flat = [x for p in parameters for row in p for x in row]
        given = [x for x in flat if evaluator.space.union([x])]
        return [x for [x] in evaluator.mean([[r] for r in rows], given)]

    def _rows(self, value: Any, parameters: Any, evaluator: Evaluator) -> Any:
        space, family = evaluator.space, self.given.family
        if family in UNMODELLED:
            raise Unmodelled(self.given.source.reading)
        if family in DISCRETE:
            yield from discrete_rows(family, parameters, value, space)
        elif len(value) == len(value[0]) == 1 and family != "MatrixNormal":
            x, power = value[0][0], space.field.of(1)
            for moment in raw_moments(family, parameters, self.degree, space):
                power = space.mul(power, x)
                yield space.add(power, space.negate(moment))
        else:
            yield from self._normal_rows(value, parameters, evaluator)

    def _normal_rows(self, value: Any, parameters: Any, evaluator: Evaluator) -> Any:
        """All products of centred components up to the degree, against Isserlis' theorem."""
        space = evaluator.space
        centred = [
            space.add(x, space.negate(m))
            for r, s in zip(value, parameters[0], strict=False)
            for x, m in zip(r, s, strict=False)
        ]
        covariance = parameters[1]
        if self.given.family == "MatrixNormal":
            covariance = [[space.mul(a, b) for a in r for b in s] for r in parameters[1] for s in parameters[2]]
        if len(covariance) != len(centred) or len(covariance[0]) != len(centred):
            raise Unmodelled("a covariance whose size does not fit")
        for order in range(1, self.degree + 1):
            for places in combinations_with_replacement(range(len(centred)), order):
                product = space.field.of(1)
                for k in places:
                    product = space.mul(product, centred[k])
                yield space.add(product, space.negate(normal_product(places, covariance, space)))


def distribution_constraints(builder: Builder, given: Distributed) -> list[Constraint]:
    """The constraints that one declared distribution puts on each member that occurs."""
    found: list[Constraint] = []
    name = given.symbol.name
    degree = matched_degree(builder.analysis, given)
    for own in sorted(builder.layout.members.get(name, ())):
        env = builder.layout.reader.match(given.symbol.indices, own)
        if env is None:
            continue
        symbol = t.Symbol(name, tuple(t.Index(None, k) for k in own), given.symbol.shape)
        if given.family == "Moments" or (given.family == "Normal" and degree <= 2):
            mean = Equation(t.Expectation(symbol), given.parameters[0], "moment", given.source)
            spread = Equation(t.Variance(symbol), given.parameters[1], "moment", given.source)
            found += [MomentEquation(mean, env), MomentEquation(spread, env)]
        else:
            found.append(DistributionRows(given, symbol, env, degree))
    return found


def matched_degree(analysis: Any, given: Distributed) -> int:
    """Up to which order the moments of a declared distribution are made right."""
    degree = analysis.degree(given.symbol.name)
    if degree >= UNBOUNDED:
        return 4
    if degree > 12:
        raise Unmodelled("moments of a very high order")
    return max(2, degree)
