"""A random model of the givens: numbers for the constants, and draws of everything random.

`build` makes the model, or raises `Abstain` with the given that it cannot satisfy.  `Model.draw` gives arrays with the
samples first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.arrays import Abstain, Axis, arrange, quoted
from derive.witnesses.sim_blocks import Laws
from derive.witnesses.sim_constants import (
    Layout,
    demands,
    draw_constant,
    layout,
    property_equations,
    satisfied,
    solve,
    tags,
)
from derive.witnesses.sim_context import Context, Stored, free_names
from derive.witnesses.sim_dependence import Ordering, Response
from derive.witnesses.sim_dimensions import assignments, dimension_names, extents
from derive.witnesses.sim_evaluate import evaluate
from derive.witnesses.sim_functions import Unknown, directions_of
from derive.witnesses.sim_laws import LAWS, FreeLaw, ListedLaw, Parameters, fits
from derive.witnesses.sim_members import Structure
from derive.witnesses.sim_prepare import Prepared, names_in, prepare

MOST_NUMBERS = 400


@dataclass(slots=True)
class Declared:
    """A declared distribution, for all members of a family at once or for one."""

    family: str
    parameters: Parameters
    families: tuple[int, ...]
    shape: tuple[int, ...]
    rows: np.ndarray

    def fill(self, table: np.ndarray, rng: np.random.Generator) -> None:
        place = as_slice(self.rows.ravel())
        shape = (*self.families, *self.shape, table.shape[1])
        out = table[place].reshape(shape) if isinstance(place, slice) else np.empty(shape)
        LAWS[self.family](rng, self.parameters, self.families, out)
        if not isinstance(place, slice):
            table[place] = out.reshape(self.rows.size, -1)


@dataclass(slots=True)
class Free:
    """A law of our own for some copies of a block: `rows` is (copies, numbers)."""

    law: FreeLaw | ListedLaw
    rows: np.ndarray

    def fill(self, table: np.ndarray, rng: np.random.Generator) -> None:
        for rows in self.rows:
            place = as_slice(rows)
            if isinstance(place, slice):
                self.law.draw(rng, table[place])
            else:
                part = np.empty((rows.size, table.shape[1]))
                self.law.draw(rng, part)
                table[rows] = part


def as_slice(rows: np.ndarray) -> slice | np.ndarray:
    """Neighbouring rows as a slice, which copies faster."""
    if rows.size and np.array_equal(rows, np.arange(rows[0], rows[0] + rows.size)):
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


@dataclass(slots=True)
class Model:
    """What a claim is simulated on.  `lhs` and `rhs` are free of abbreviations; `free` are the axes of free indices."""

    lhs: t.Term
    rhs: t.Term
    distinct: tuple[tuple[t.Index, t.Index], ...]
    free: dict[str, Axis]
    dims: dict[str, int]
    constants: dict[str, Stored]
    unknown: Unknown
    layouts: dict[str, Layout] = field(default_factory=dict)
    rows: dict[str, np.ndarray] = field(default_factory=dict)
    sources: list[Declared | Free] = field(default_factory=list)
    steps: list[Ordering | Response] = field(default_factory=list)
    unverified: list[tuple[f.Equation, t.Term, t.Term]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    every: dict[str, Axis] = field(default_factory=dict)  # axes of all free indices, those of the givens too

    @property
    def numbers(self) -> int:
        """Random numbers per draw."""
        return sum(r.size for r in self.rows.values())

    def about(self, given: f.Equation, lhs: t.Term, rhs: t.Term) -> Model:
        """The same draws for another equation."""
        free = {n: a for n, a in self.every.items() if n in free_names(lhs) | free_names(rhs)}
        return replace(self, lhs=lhs, rhs=rhs, distinct=given.distinct, free=free, unverified=[])

    def draw(self, rng: np.random.Generator, n: int) -> dict[str, Stored]:
        """Constants, and `n` draws (a multiple of four) of everything random."""
        table = np.empty((self.numbers, n))
        for source in self.sources:
            source.fill(table, rng)
        for step in self.steps:
            step.apply(table)
        symbols = dict(self.constants)
        for name, rows in self.rows.items():
            place = self.layouts[name]
            data = table[as_slice(rows.ravel())].reshape(*place.sizes, n)
            symbols[name] = place.stored(np.moveaxis(data, -1, 0), sampled=True)
        return symbols


def build(claim: f.Claim, seed: int, attempt: int = 0) -> Model:
    """A model of the givens of a claim.  `attempt` chooses other dimensions and constants."""
    extra: tuple[f.Equation, ...] = ()
    for _ in range(6):
        prepared = prepare(claim, extra)
        model, more = _build(prepared, seed, attempt)
        if not more:
            return model
        extra += more
    raise Abstain("the given moments define each other")


def _build(prepared: Prepared, seed: int, attempt: int) -> tuple[Model, tuple[f.Equation, ...]]:
    names = dimension_names(prepared.facts, prepared.terms)
    choices = list(islice(assignments(names, prepared.facts, prepared.terms), attempt + 1))
    if not choices:
        raise Abstain("no small dimensions satisfy the given comparisons")
    dims = choices[-1]
    ranges = extents(_seen(prepared), prepared.terms, dims)
    infos = {n: i for n, i in prepared.symbols.items() if n not in dims and n in names_in(*prepared.terms)}
    layouts = {n: layout(i, ranges.sizes(n, len(i.families)), dims) for n, i in infos.items()}
    if sum(int(np.prod(p.sizes, dtype=int)) for p in layouts.values()) > MOST_NUMBERS:
        raise Abstain("too many numbers for a simulation")
    random = [n for n in infos if infos[n].role == "random"]
    families = {n: ranges.sizes(n, len(i.families)) for n, i in prepared.facts.symbols.items()}
    functions = _functions(prepared, families, ranges)
    unknown = Unknown(
        seed + 1000 * attempt,
        functions,
        frozenset(n for n, i in prepared.facts.symbols.items() if i.role == "function"),
    )
    ctx = Context(dims, {}, unknown)
    rng = np.random.default_rng([seed, attempt, 1])
    _constants(prepared, ctx, infos, layouts, random, ranges.free, rng, attempt)
    model = Model(
        prepared.lhs, prepared.rhs, prepared.distinct, _used(ranges.free, prepared), dims, ctx.symbols, unknown,
        {n: layouts[n] for n in random}, every=ranges.free,
    )  # fmt: skip
    if not random:
        return model, ()
    return model, _randomness(prepared, model, ctx, infos, ranges.free, (seed, attempt))


def _randomness(prepared: Prepared, model: Model, ctx: Context, infos, free: dict[str, Axis], seed: tuple[int, ...]):
    """Fill in the random part; returns definitions of constants that only the draws can give."""
    start = 0
    for name, place in model.layouts.items():
        size = int(np.prod(place.sizes, dtype=int))
        model.rows[name] = np.arange(start, start + size).reshape(place.sizes)
        start += size
    structure = Structure(prepared, infos, model.layouts, model.rows, model.dims, free)
    structure.build()
    model.notes += structure.notes
    laws = Laws(prepared, structure, ctx, free, seed)
    more = laws.settle()
    if more:
        return more
    model.sources = _declared(prepared, ctx, free, model)
    model.sources += [Free(law, rows) for law, rows in laws.free()]
    model.steps = laws.couplings()
    model.unverified = [*laws.unverified, *(p for p in prepared.premises if names_in(*p[1:]) & set(model.rows))]
    for given in prepared.comparisons:
        if satisfied((given.left, given.relation, given.right), ctx, free) is False:
            raise Abstain(f"no model was found that satisfies {quoted(given.source)} and the given moments")
    return ()


def _declared(prepared: Prepared, ctx: Context, free: dict[str, Axis], model: Model) -> list[Declared | Free]:
    names = [d.symbol.name for d in prepared.distributions]
    only = {d.symbol.name for d in prepared.distributions if names.count(d.symbol.name) == 1 and _one_member(d, ctx)}
    found = [declared(d, ctx, free, model, d.symbol.name in only) for d in prepared.distributions]
    for name in set(names):
        covered = np.concatenate([s.rows.ravel() for s, n in zip(found, names, strict=True) if n == name])
        if np.unique(covered).size != covered.size or covered.size != model.rows[name].size:
            raise Abstain(f"the distributions of {name} do not fit together")
    return list(found)


def _one_member(given: f.Distributed, ctx: Context) -> bool:
    """A distribution written with one member of a family (`x_1, …, x_n` by its first) is that of each."""
    return all(i.base is None or i.base in ctx.dims for i in given.symbol.indices)


def declared(given: f.Distributed, ctx: Context, free: dict[str, Axis], model: Model, only: bool) -> Declared:
    """The draws of a declared distribution: of a whole family when it is the only one, or of the members it is for."""
    name = given.symbol.name
    rows, place = model.rows[name], model.layouts[name]
    binds = dict(free)
    axes: list[Axis | None] = [None] * len(place.families)
    if only:
        given = replace(given, symbol=replace(given.symbol, indices=()))
    for k, (index, low, size) in enumerate(zip(given.symbol.indices, place.lowers, place.families, strict=False)):
        if index.base is None or index.base in ctx.dims:
            number = index.offset + (ctx.dims[index.base] if index.base else 0)
            rows = np.take(rows, [number - low], axis=k)
        else:
            axes[k] = Axis(index.base, low - index.offset, low - index.offset + size - 1)
            binds[index.base] = axes[k]
    parameters = []
    for term in given.parameters:
        value = evaluate(term, ctx, binds)
        labels = tuple(a for a in value.axes if isinstance(a, str))
        slots = [a if a is not None else f"slot {k}" for k, a in enumerate(axes)]
        parameters.append(np.asarray(arrange(value, (*slots, *labels)), dtype=float))
    if not fits(given.family, [p.shape[len(place.families) :] for p in parameters], place.shape):
        raise Abstain(f"the parameters do not fit: {quoted(given.source)}")
    return Declared(given.family, parameters, rows.shape[: len(place.families)], place.shape, rows)


def _seen(prepared: Prepared) -> f.Facts:
    return f.Facts({**prepared.facts.symbols, **prepared.symbols})


def _used(free: dict[str, Axis], prepared: Prepared) -> dict[str, Axis]:
    names = free_names(prepared.lhs) | free_names(prepared.rhs)
    return {n: a for n, a in free.items() if n in names}


def _functions(prepared: Prepared, families, ranges) -> dict[str, tuple[tuple[int, int], ...]]:
    """Ranges of the indices of functions, by the name that stands in the terms."""
    found = {}
    for node in (n for term in prepared.terms for n in t.walk(term)):
        if isinstance(node, t.Function):
            name, _ = directions_of(node.name)
            found[name] = ranges.sizes(node.name, len(node.indices))
    return found


def _constants(
    prepared: Prepared, ctx: Context, infos, layouts, random: list[str], free: dict[str, Axis], rng, attempt: int
) -> None:
    """Draw the constants until the comparisons hold, and move them until the equations do."""
    words = tags(_relevant(prepared), prepared.terms)
    if attempt > 1:  # where values were not finite: matrices under logarithms and roots
        words = {n: w | {"positive matrix"} if "positive" in w else w for n, w in words.items()}
    constant = [n for n, i in infos.items() if i.role not in ("random", "function", "index")]
    conditions = [(c.left, c.relation, c.right) for c in prepared.comparisons]
    conditions += [c for d in prepared.distributions for c in demands(d)]
    loose = names_in(*(x for c in conditions for x in (c[0], c[2])))
    equations, moving = _equations(prepared, constant, set(random))
    trouble = "the given comparisons"
    for tries in range(8 if equations else 60):
        for name in constant:
            scale = (1.0, 1.0, 0.5, 2.0, 0.3, 3.0)[tries % 6] if name in loose else 1.0
            data = draw_constant(infos[name], layouts[name], words.get(name, set()), scale, rng)
            ctx.symbols[name] = layouts[name].stored(data)
        if equations and not solve(equations, ctx, {n: layouts[n] for n in constant if n in moving}, free):
            trouble = "the given equations"
            continue
        if all(satisfied(c, ctx, free) is not False for c in conditions):
            return
    raise Abstain(f"no constants were found that satisfy {trouble}")


def _relevant(prepared: Prepared) -> f.Facts:
    kept: list[f.Given] = [*prepared.distributions, *prepared.comparisons]
    kept += [g for g in prepared.facts.givens if isinstance(g, f.Distributed) and g not in kept]  # for their parameters
    kept += [p for p, _ in prepared.properties]
    kept += [f.Equation(a, b, "moment", e.source) for e, a, b in prepared.moments]
    return f.Facts(prepared.facts.symbols, tuple(kept))


def _equations(
    prepared: Prepared, constant: list[str], random: set[str]
) -> tuple[list[tuple[t.Term, t.Term]], set[str]]:
    """Premises about constants, with the properties of what may move to satisfy them."""
    known = set(constant)
    equations = [(a, b) for _, a, b in prepared.premises if not names_in(a, b) & random]
    for given, term in prepared.properties:
        if not isinstance(term, t.Symbol) and not names_in(term) & random:
            equations += property_equations(f.Property(term, given.name, given.source))
    moving = {n for a, b in equations for n in names_in(a, b)} & known
    for given, term in prepared.properties:
        if isinstance(term, t.Symbol) and term.name in moving:
            equations += property_equations(f.Property(term, given.name, given.source))
    return equations, moving
