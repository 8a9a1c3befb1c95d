"""Givens as linear functions of the probabilities on one axis.

`Functional(model, axis)` evaluates a term with the mean over that axis left out: where `E[g]` stands it gives g,
averaged over all other axes, at each atom.  So an equation between moments becomes one linear equation in the
axis's probabilities.  What is not linear in them (a variance, a product of means) is made so by fixing means at
their present values; `auxiliary` then holds what must vanish for that to be right.
"""

from __future__ import annotations

from typing import Any

from derive.language import terms as t
from derive.witnesses import evaluate
from derive.witnesses.evaluate import Env, Evaluator, Value
from derive.witnesses.model import Model
from derive.witnesses.spaces import Rand

NONLINEAR = (
    t.Pow,
    t.Inverse,
    t.Determinant,
    t.SquaredNorm,
    t.Hadamard,
    t.Kronecker,
    t.Function,
    t.Indicator,
    t.Product,
    t.Correlation,
)


class Functional(Evaluator):
    """`axis` None leaves out no mean at all: then the result only shows which axes matter."""

    def __init__(self, model: Model, axis: int | None):
        super().__init__(model)
        self.axis = axis
        self.auxiliary: list[Any] = []
        self.conditioning: set[int] = set()
        self.depth = 0

    @property
    def cacheable(self) -> bool:  # type: ignore[override]
        return self.depth > 0

    def value(self, term: t.Term, env: Env) -> Value:
        if self.depth or not self.model.known.has_moment_through(term, self.model.definitions):
            return super().value(term, env)
        if isinstance(term, t.Mul):
            return self._product(term, env)
        if isinstance(term, NONLINEAR):
            return self._frozen(term, env)
        direct = evaluate.MOMENTS.get(type(term))
        return direct(self, term, env) if direct else super().value(term, env)

    def plain(self, term: t.Term, env: Env) -> Value:
        """The value with the present probabilities."""
        self.depth += 1
        try:
            return super().value(term, env)
        finally:
            self.depth -= 1

    def expectation(self, term: t.Expectation, env: Env) -> Value:
        if self.depth:
            return super().expectation(term, env)
        self.depth += 1
        try:
            given = self.given_entries(term.given, env)
            rows = self.rows(term.arg, env)
        finally:
            self.depth -= 1
        return self.same_form(self.mean(rows, given), term)

    def covariance_of(self, left: t.Term, right: t.Term, term: t.Term, env: Env) -> Value:
        if self.depth:
            return super().covariance_of(left, right, term, env)
        self.depth += 1
        try:
            given = self.given_entries(term.given, env)
            first, second = self.rows(left, env), self.rows(right, env)
        finally:
            self.depth -= 1
        first = self._centred(first, given)
        second = first if right is left else self._centred(second, given)
        flat = list(map(list, zip(*second, strict=False)))
        return self.same_form(self.mean(self.space.product(first, flat), given), term)

    def _centred(self, rows: list[list[Any]], given: list[Any]) -> list[list[Any]]:
        centred = self.centred_plain(rows, given)
        if any(isinstance(x, Rand) for row in rows for x in row):
            self.auxiliary += [x for row in self.mean(centred, given) for x in row]
        return centred

    def centred_plain(self, rows: list[list[Any]], given: list[Any]) -> list[list[Any]]:
        self.depth += 1
        try:
            return super().centred(rows, given)
        finally:
            self.depth -= 1

    def mean(self, rows: list[list[Any]], given: list[Any]) -> list[list[Any]]:
        if self.depth:
            return super().mean(rows, given)
        seen = self.space.union(given)
        self.conditioning |= set(seen)
        if self.axis is None:
            return rows
        keep = tuple(sorted({*seen, self.axis}))
        return [[self.space.expect_given(x, keep) for x in row] for row in rows]

    # -- what is not linear -------------------------------------------------------------------

    def _fix(self, term: t.Term, env: Env) -> Value:
        """The present value of a term, with the condition that it stays so."""
        live, now = self.rows(term, env), self.same_rows(self.plain(term, env), term)
        for r, s in zip(live, now, strict=False):
            for x, y in zip(r, s, strict=False):
                if isinstance(x, Rand):
                    self.auxiliary.append(self.space.add(x, self.space.negate(y)))
        return now[0][0] if self.is_scalar(term) else now

    def same_rows(self, value: Value, term: t.Term) -> list[list[Any]]:
        return [[value]] if self.is_scalar(term) else value

    def _has_moment(self, term: t.Term) -> bool:
        return self.model.known.has_moment_through(term, self.model.definitions)

    def _product(self, term: t.Mul, env: Env) -> Value:
        """All factors but the first one that holds a moment are fixed."""
        holding = [k for k, arg in enumerate(term.args) if self._has_moment(arg)]
        if len(holding) == 1:
            return super().mul(term, env)
        values = {k: self._fix(term.args[k], env) for k in holding[1:]}
        bound = {**env}
        args = list(term.args)
        for k, value in values.items():
            name = f"fixed {k}"
            bound["$" + name] = value
            args[k] = t.Symbol(name, (), self.shape(term.args[k]))
        return super().mul(t.Mul(tuple(args)), bound)

    def _frozen(self, term: t.Term, env: Env) -> Value:
        for child in t.children(term):
            if self._has_moment(child) and not isinstance(term, t.Product):
                self._fix(child, env)
        return self.plain(term, env)
