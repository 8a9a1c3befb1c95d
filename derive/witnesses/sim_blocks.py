"""Laws for what has no declared distribution: blocks of units, their moments, and the couplings between them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.arrays import Abstain, Axis, Labelled, quoted
from derive.witnesses.sim_context import Context, free_names, has_expectation
from derive.witnesses.sim_dependence import Ordering, Response, Separation, parents, triples
from derive.witnesses.sim_expand import Replacement, substitute
from derive.witnesses.sim_laws import FreeLaw, ListedLaw, root
from derive.witnesses.sim_members import Structure
from derive.witnesses.sim_moments import Probe, Row, rows_of, solve_covariances, solve_means
from derive.witnesses.sim_prepare import Prepared, names_in

MAY_MOVE = ("symmetric", "positive definite", "positive semidefinite", "invertible", "nonzero")
Law = FreeLaw | ListedLaw


@dataclass(slots=True)
class Laws:
    """`settle` finds means and covariances; `free` and `couplings` turn them into draws.

    Units that are not apart from each other, and apart from the same others, form one block with a joint law.
    """

    prepared: Prepared
    structure: Structure
    ctx: Context
    free_axes: dict[str, Axis]
    seed: tuple[int, ...]
    blocks: list[list[int]] = field(default_factory=list)
    mean: np.ndarray = field(default_factory=lambda: np.zeros(0))
    covariance: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    unverified: list[tuple[f.Equation, t.Term, t.Term]] = field(default_factory=list)
    about_zero: bool = False  # whether second moments about zero are given, which smaller means may help

    @property
    def units(self):
        return self.structure.units

    @property
    def size(self) -> int:
        return sum(u.rows.size for u in self.units)

    # -- moments -----------------------------------------------------------------------------

    def settle(self) -> tuple[f.Equation, ...]:
        """Means, covariances and constants that satisfy the given moments; returns definitions of other constants."""
        for level in (1.0, 0.25, 0.0):
            try:
                return self._settle(level)
            except Abstain as abstention:
                trouble = abstention
                if not self.about_zero:
                    break
        raise trouble

    def _settle(self, level: float) -> tuple[f.Equation, ...]:
        """`level` scales the means that nothing fixes: second moments about zero may leave no room for them."""
        self.blocks = self._twins()
        self.unverified = []
        self.mean, self.covariance = self._start()
        self.mean *= level
        probe = Probe(self.ctx, dict(self.structure.layouts), dict(self.structure.rows), self.free_axes)
        loose = self._loose()
        straight, pending = self._split(list(self.prepared.moments), probe, loose, means=True)
        solved = solve_means(straight, self.mean, self._equal_means(), self._current(straight))
        self.mean = solved.mean
        self._move(solved.constants)
        loose -= {name for name, _ in solved.constants}
        curved, pending = self._split(pending, probe, loose, means=False)
        self.about_zero = any(not r.centred for r in curved)
        self._covariances(curved)
        loose -= {r.unknown[0] for r in curved if r.unknown}
        found = [self._otherwise(*entry, loose) for entry in pending]
        return tuple(e for e in found if e is not None)

    def _split(self, moments, probe: Probe, loose: set[str], means: bool) -> tuple[list[Row], list]:
        rows: list[Row] = []
        pending = []
        for given, lhs, rhs in moments:
            found = rows_of(given, lhs, rhs, probe, self.size, loose)
            wanted = found is not None and (not means or not any(np.any(r.quadratic) for r in found))
            if found is not None and wanted and all(self._solvable(r) for r in found):
                rows += found
            else:
                pending.append((given, lhs, rhs))
        return rows, pending

    def _solvable(self, row: Row) -> bool:
        """Whether only laws of our own are concerned; blocks that a covariance ties together become one."""
        involved = {self._block_of(k) for k in np.flatnonzero(row.linear)}
        pairs = {(self._block_of(i), self._block_of(j)) for i, j in np.argwhere(row.quadratic)}
        involved |= {b for pair in pairs for b in pair}
        if not all(self.units[u].free for b in involved for u in self.blocks[b]):
            return False
        apart = self.structure.separation.apart
        across = [(a, b) for a, b in pairs if a != b]
        if any(apart(u, v) for a, b in across for u in self.blocks[a] for v in self.blocks[b]):
            return False
        for i, j in np.argwhere(row.quadratic):
            a, b = self._block_of(i), self._block_of(j)
            if a != b:
                self.blocks[a] += self.blocks[b]
                del self.blocks[b]
        return True

    def _block_of(self, row: int) -> int:
        return next(k for k, block in enumerate(self.blocks) if any(row in self.units[u].rows for u in block))

    def _covariances(self, rows: list[Row]) -> None:
        blocks = [self._rows_of(b) for b in self.blocks if self.units[b[0]].free]
        solved = solve_covariances(
            rows, self.mean, self.covariance, blocks, self._equal_covariances(), self._current(rows)
        )
        self.covariance = solved.covariance
        self._move(solved.constants)

    def _rows_of(self, block: list[int]) -> np.ndarray:
        return np.sort(np.concatenate([self.units[u].rows for u in block]))

    def _loose(self) -> set[str]:
        """Constants that the moments may set: nothing else fixes them."""
        pinned = names_in(*(p for d in self.prepared.distributions for p in d.parameters))
        pinned |= names_in(*(x for _, a, b in self.prepared.premises for x in (a, b)))
        pinned |= {n for given, term in self.prepared.properties if given.name not in MAY_MOVE for n in names_in(term)}
        return set(self.ctx.symbols) - pinned

    def _current(self, rows: list[Row]) -> dict[tuple[str, int], float]:
        keys = {r.unknown for r in rows if r.unknown}
        return {(n, k): float(self.ctx.symbols[n].value.data.reshape(-1)[k]) for n, k in sorted(keys)}

    def _move(self, constants: dict[tuple[str, int], float]) -> None:
        for (name, position), number in constants.items():
            stored = self.ctx.symbols[name]
            data = np.array(stored.value.data, dtype=float)
            data.reshape(-1)[position] = number
            self.ctx.symbols[name] = replace(stored, value=Labelled(data, stored.value.axes))

    def _otherwise(self, given: f.Equation, lhs: t.Term, rhs: t.Term, loose: set[str]) -> f.Equation | None:
        """A moment that is not solved for defines a constant that stands alone, else it is checked on draws."""
        for moment, other in ((lhs, rhs), (rhs, lhs)):
            target, value = other, moment
            match other:
                case t.Pow(t.Symbol() as base, t.Number(power)) if power != 0:
                    target, value = base, t.Pow(moment, t.Number(1 / power))
            free = isinstance(target, t.Symbol) and target.name in loose
            if has_expectation(moment) and (free or self._is_open(target)):
                return f.Equation(target, self._instance(value, target, given), "definition", given.source)
        self.unverified.append((given, lhs, rhs))
        return None

    def _is_open(self, target: t.Term) -> bool:
        """An unknown function of symbols, such as `F(a)`, that nothing defines."""
        if not isinstance(target, t.Function) or target.name in self.prepared.definitions.by_name:
            return False
        known = self.prepared.facts.role(target.name) == "function"
        return known and all(isinstance(a, t.Symbol) and a.name in self.ctx.symbols for a in target.args)

    def _instance(self, value: t.Term, target: t.Symbol | t.Function, given: f.Equation) -> t.Term:
        """The moment at one value of the indices that the constant does not have."""
        own = {i.base for i in target.indices}
        names = [n for n in sorted(free_names(value)) if n in self.free_axes and n not in own]
        for values in product(*(map(int, self.free_axes[n].values) for n in names)):
            new = {n: t.Index(None, v) for n, v in zip(names, values, strict=True)}
            pairs = [(new.get(i.base, i), new.get(j.base, j)) for i, j in given.distinct]
            if all(i != j for i, j in pairs):
                return substitute(value, Replacement(new))
        raise Abstain(f"{quoted(given.source)} holds for no values of its indices")

    # -- blocks ------------------------------------------------------------------------------

    def _twins(self) -> list[list[int]]:
        count = len(self.units)
        apart = [{v for v in range(count) if self.structure.separation.apart(u, v)} for u in range(count)]
        blocks: list[list[int]] = []
        for u in range(count):
            home = next((b for b in blocks if self._twin(u, b[0], apart)), None)
            if home is None:
                blocks.append([u])
            else:
                home.append(u)
        return blocks

    def _twin(self, u: int, v: int, apart: list[set[int]]) -> bool:
        a, b = self.units[u], self.units[v]
        return (
            a.free
            and b.free
            and a.law == b.law
            and a.discrete == b.discrete
            and v not in apart[u]
            and apart[u] == apart[v]
        )

    def _by_law(self) -> list[list[int]]:
        """Units that are identically distributed, together."""
        found: dict[str, list[int]] = {}
        for k, unit in enumerate(self.units):
            found.setdefault(unit.law or f"unit {k}", []).append(k)
        return list(found.values())

    def _start(self) -> tuple[np.ndarray, np.ndarray]:
        """Random means and covariances, before the givens are heard."""
        rng = np.random.default_rng([*self.seed, 2])
        mean, covariance = np.zeros(self.size), np.zeros((self.size, self.size))
        for units in self._by_law():
            count = self.units[units[0]].rows.size
            signs, level = rng.choice([-1.0, 1.0], count), rng.uniform(0.3, 1.2, count)
            for u in units:
                support = self.units[u].support
                mean[self.units[u].rows] = {"positive": 1.5 + level, "unit": np.full(count, 0.45)}.get(
                    support, signs * level
                )
        for block in self.blocks:
            rows = self._rows_of(block)
            covariance[np.ix_(rows, rows)] = self._start_covariance(block, rng)
        for units in self._by_law():
            first = self.units[units[0]].rows
            for u in units[1:]:
                rows = self.units[u].rows
                if not any(u in b and units[0] in b for b in self.blocks):
                    covariance[np.ix_(rows, rows)] = covariance[np.ix_(first, first)]
        return mean, covariance

    def _start_covariance(self, block: list[int], rng: np.random.Generator) -> np.ndarray:
        supports = {self.units[u].support for u in block}
        scale = 0.12 if "unit" in supports else 0.3 if "positive" in supports else 1.0
        size = self._rows_of(block).size
        if self._exchangeable(block):
            part = size // len(block)
            own, common = (_random_covariance(part, rng) for _ in range(2))
            return scale**2 * (np.kron(np.eye(len(block)), own) + 0.5 * np.kron(np.ones((len(block),) * 2), common))
        return scale**2 * _random_covariance(size, rng)

    def _exchangeable(self, block: list[int]) -> bool:
        return len(block) > 1 and all(self.units[u].law for u in block)

    def _equal_means(self) -> list[tuple[int, int]]:
        pairs = [(units[0], u) for units in self._by_law() for u in units[1:] if self.units[u].free]
        return [p for a, b in pairs for p in zip(self.units[a].rows.tolist(), self.units[b].rows.tolist(), strict=True)]

    def _equal_covariances(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Identically distributed units have equal covariances, exchangeable ones also with each other."""
        found = []
        for units in self._by_law():
            first = self.units[units[0]].rows
            for u in units[1:] if self.units[units[0]].free else ():
                rows = self.units[u].rows
                found += [((first[i], first[j]), (rows[i], rows[j])) for i in range(rows.size) for j in range(i + 1)]
        for block in self.blocks:
            if self._exchangeable(block) and len(block) > 2:
                found += self._equal_among(block)
        return found

    def _equal_among(self, block: list[int]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        rows = [self.units[u].rows for u in block]
        a, b = rows[0], rows[1]
        pairs = [(c, d) for k, c in enumerate(rows) for d in rows[k + 1 :]][1:]
        places = [(i, j) for i in range(a.size) for j in range(a.size)]
        return [((a[i], b[j]), (c[i], d[j])) for c, d in pairs for i, j in places]

    # -- draws -------------------------------------------------------------------------------

    def free(self) -> list[tuple[Law, np.ndarray]]:
        """The laws with the rows of their copies; blocks of one and the same law are drawn together."""
        found: list[tuple[Law, list[np.ndarray]]] = []
        index: dict[str, int] = {}
        for k, block in enumerate(self.blocks):
            if self.units[block[0]].declared:
                continue
            rows = self._rows_of(block)
            name = self.units[block[0]].law if len(block) == 1 else ""
            if name and name in index:
                found[index[name]][1].append(rows)
                continue
            if name:
                index[name] = len(found)
            found.append((self._law(block, rows, k), [rows]))
        return [(law, np.array(rows)) for law, rows in found]

    def _law(self, block: list[int], rows: np.ndarray, number: int) -> Law:
        seed = (*self.seed, 3, number)
        if not self.units[block[0]].free:
            return ListedLaw.of([self.units[block[0]].support] * rows.size, seed)
        covariance = self.covariance[np.ix_(rows, rows)]
        factor = root(covariance)
        if self._exchangeable(block):
            values, vectors = np.linalg.eigh(covariance)
            factor = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
        elif np.array_equal(covariance, np.diag(np.diagonal(covariance))):
            factor = np.sqrt(covariance)
        members = len(block) if self._exchangeable(block) else 1
        return FreeLaw(seed, self.mean[rows], factor, self.units[block[0]].discrete, members)

    def couplings(self) -> list[Ordering | Response]:
        """What makes the blocks depend on each other, after they were drawn."""
        separation = Separation()
        listed = list(enumerate(self.blocks))
        for i, a in listed:
            for j, b in listed[:i]:
                if any(self.structure.separation.apart(u, v) for u in a for v in b):
                    separation.pairs.add(frozenset((i, j)))
        home = {u: k for k, block in listed for u in block}
        responding = frozenset(home[u] for side, known, _ in self.structure.responses for u in (*side, *known))
        kinds = [self.units[b[0]].name for b in self.blocks]
        order = parents(len(self.blocks), separation, responding, kinds)
        rows = [self._rows_of(b) for b in self.blocks]
        steps: list[Ordering | Response] = []
        for block, above in order.items():
            if above:
                steps.append(Ordering(rows[block], [rows[p] for p in above], (*self.seed, 4, block)))
        for a, b, c in triples(self.structure.separation, self.structure.mutual):
            x, y, z = (home[u] for u in (a, b, c))
            if not order[x] and not order[y] and not order[z]:
                steps.append(Ordering(rows[z], [rows[x], rows[y]], (*self.seed, 5, z), interaction=True))
        for side, known, function in self.structure.responses:
            if not (side and known):
                continue  # this claim does not have all of them
            own = np.concatenate([self.units[u].rows for u in sorted(side)])
            steps.append(Response(own, [self.units[u].rows for u in sorted(known)], (*self.seed, 6, function)))
        return steps


def _random_covariance(size: int, rng: np.random.Generator) -> np.ndarray:
    a = rng.uniform(0.3, 1.0, (size, size)) * rng.choice([-1.0, 1.0], (size, size))
    return a @ a.T / size + 0.3 * np.eye(size)
