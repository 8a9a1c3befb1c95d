"""The table of a document's symbols: shapes, roles, ranges of families, supports, where each is known from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from derive.language import facts as ft
from derive.language import terms as tm
from derive.language.building import Builder
from derive.language.definitions import main_symbol
from derive.language.dimensions import Pair, is_open
from derive.language.givens import supports
from derive.language.randomness import Randomness
from derive.language.stated import RawGiven
from derive.language.symbols import bold_letter
from derive.language.traverse import everywhere


@dataclass
class SymbolTable:
    """`origins` says which shapes are by typography alone."""

    builder: Builder
    raws: list[RawGiven]
    randomness: Randomness
    origins: dict[str, str]

    def table(self, hidden: dict[str, ft.Equation], settled: Iterable[tm.Term]) -> dict[str, ft.SymbolInfo]:
        declared = self.declared_keys()
        parameters = self.parameters_of()
        support = self.support_of()
        table: dict[str, ft.SymbolInfo] = {}
        for key, pair in self.builder.symbol_shapes.items():
            ranges = self.builder.families.get(key, {})
            families = tuple(self.family_range(ranges[p]) for p in sorted(ranges))
            custom = "convention" if key in self.randomness.customary else "inferred"
            origin = "declared" if key in declared else self.origins.get(key, custom)
            table[key] = ft.SymbolInfo(
                key,
                self.closed(pair),
                self.randomness.roles.get(key, "constant"),
                families,
                "density" if key in self.builder.densities else support.get(key, "real"),
                origin,
                parameters.get(key, ()),
            )
        for key, pair in self.builder.function_shapes.items():
            table.setdefault(
                key,
                ft.SymbolInfo(
                    key,
                    self.closed(pair),
                    "function",
                    (),
                    "density" if key in self.builder.densities else "real",
                    "declared" if key in self.builder.lexicon.functions else "inferred",
                ),
            )
        for key, shape in self.randomness.values.symbols.items():
            ranges = self.builder.families.get(self.randomness.values.origin[key], {})
            families = tuple(self.family_range(ranges[p]) for p in sorted(ranges))
            table[key] = ft.SymbolInfo(key, self.closed(shape), "random", families)
        for symbol in self.builder.outcomes.values():
            table[symbol.name] = ft.SymbolInfo(symbol.name, tm.SCALAR, "constant")
        for key, equation in hidden.items():
            entry = equation.lhs
            assert isinstance(entry, tm.Entry) and isinstance(entry.arg, tm.Symbol)
            rows, columns = entry.arg.shape
            inner = (tm.one_to(rows),) if columns == 1 else (tm.one_to(rows), tm.one_to(columns))
            outer = table[entry.arg.name].families
            table[key] = ft.SymbolInfo(key, tm.SCALAR, "random", (*outer, *inner))
            table[entry.arg.name] = ft.SymbolInfo(entry.arg.name, entry.arg.shape, "random", outer, "real", "declared")
        settled = tuple(settled)
        return labelled_by(variables(settled, self.raws), table) | self.dimension_table(table, settled)

    def dimension_table(self, table: dict[str, ft.SymbolInfo], settled: Iterable[tm.Term]) -> dict[str, ft.SymbolInfo]:
        names = set(self.builder.lexicon.dimensions)
        for info in table.values():
            names |= {d for d in flat_dims(info.shape) if isinstance(d, str)}
            names |= {r.upper.base for r in info.families if r is not None and r.upper.base is not None}
        for term in settled:
            names |= {
                t.range.upper.base
                for t in everywhere(term)
                if isinstance(t, (tm.Sum, tm.Product)) and t.range.upper.base
            }
        return {
            n: ft.SymbolInfo(
                n,
                tm.SCALAR,
                "dimension",
                (),
                "natural",
                "declared" if n in self.builder.lexicon.declared else "inferred",
            )
            for n in sorted(names)
            if n not in self.builder.lexicon.bound
        }

    def family_range(self, variable: Any) -> tm.Range | None:
        found = self.builder.dims.find(variable)
        return None if is_open(found) else tm.one_to(found)

    def closed(self, pair: Pair) -> tm.Shape:
        return (self.builder.dims.find(pair[0]), self.builder.dims.find(pair[1]))

    def declared_keys(self) -> set[str]:
        return {
            s
            for raw in self.raws
            if raw.statement.kind not in ("equation", "comparison")
            for m in raw.members
            for s in [main_symbol(m.term)]
            if s
        }

    def parameters_of(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for raw in self.raws:
            if raw.statement.kind == "law":
                names = tuple(name for p in raw.parameters if (name := main_symbol(p)))
                for m in raw.members:
                    if key := main_symbol(m.term):
                        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *names)))
        return found

    def support_of(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for raw in self.raws:
            if raw.statement.kind == "shape":
                for m in raw.members:
                    if (name := main_symbol(m.term)) and supports(raw.statement) != "real":
                        found[name] = supports(raw.statement)
            for name in presumed_positive(raw):
                found.setdefault(name, "positive")
            if raw.statement.kind == "distribution" and raw.statement.word == "Bernoulli":
                found.update({name: "binary" for m in raw.members if (name := main_symbol(m.term))})
        return found


def variables(settled: Iterable[tm.Term], raws: Iterable[RawGiven]) -> set[str]:
    """The symbols that something is differentiated by."""
    terms = [*settled, *(t for raw in raws for t in raw.terms())]
    found = {d.wrt for term in terms for d in everywhere(term) if isinstance(d, tm.Derivative)}
    return {name for wrt in found if (name := main_symbol(wrt))}


def labelled_by(names: set[str], table: dict[str, ft.SymbolInfo]) -> dict[str, ft.SymbolInfo]:
    """The table with the variables of derivatives noted that stand in the scripts of other names."""
    patterns = {n: _in_scripts(n.split("_{")[0]) for n in sorted(names)}
    made = dict(table)
    for key, info in table.items():
        _, *scripts = re.split(r"(?=[_^])", key, maxsplit=1)
        labels = tuple(n for n, pattern in patterns.items() if n != key and any(map(pattern.search, scripts)))
        if labels:
            made[key] = replace(info, labels=labels)
    return made


def _in_scripts(name: str) -> re.Pattern[str]:
    """Finds a name in the scripts of another; bold letters are often written plain there."""
    return re.compile(rf"(?<![A-Za-z\\])({re.escape(name)}|{re.escape(bold_letter(name) or name)})(?![A-Za-z])")


RATES = frozenset({"Exponential", "Poisson", "Gamma", "Beta"})
DEVIATION = re.compile(r"\\(?:sigma|tau|varsigma)(?![A-Za-z])|s(?![A-Za-z])")


def presumed_positive(raw: RawGiven) -> Iterator[str]:
    r"""Names that the statement makes positive: rates and shapes, and σ where a variance is written as `\sigma^2`."""
    if raw.statement.kind == "distribution":
        if raw.statement.word in RATES:
            yield from (p.name for p in raw.parameters if isinstance(p, tm.Symbol) and not p.indices)
        if raw.statement.word in {"Normal", "Moments"} and len(raw.parameters) == 2:
            yield from deviation(raw.parameters[1])
    if raw.statement.kind == "equation" and raw.sides is not None and isinstance(raw.sides[0], tm.Variance):
        yield from deviation(raw.sides[1])


def deviation(variance: Any) -> Iterator[str]:
    """The symbol of which a variance is the square, when it is written as standard deviations are."""
    match variance:
        case tm.Pow(tm.Symbol(name, (), _), tm.Number(power)) if power == 2 and DEVIATION.match(name):
            yield name


def flat_dims(shape: Any) -> list[Any]:
    return [d for part in shape for d in (flat_dims(part) if isinstance(part, tuple) else [part])]
