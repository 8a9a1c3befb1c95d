"""A document of syntax becomes typed claims: shapes closed, roles decided, definitions found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from derive.language import facts as ft
from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.building import Builder, Over, Unreadable
from derive.language.definitions import EQUALITY, Definitions, defined_name, heads_in, main_symbol
from derive.language.digits import with_split_digits
from derive.language.givens import Maker, RawGiven, is_definition, raw_given, supports
from derive.language.latex import latex
from derive.language.roles import (
    RandomValues,
    Uses,
    averaged_symbol,
    decide,
    find_random_values,
    outside_symbols,
    symbols_in,
)
from derive.language.settle import Settler, misplaced
from derive.language.shapes import Checker, Dimensions, Pair, is_zero, resolved
from derive.language.solve import Doubtful, Solver
from derive.language.sums import free_in
from derive.language.survey import head, survey
from derive.language.symbols import Lexicon, bold_letter, key_of, roots, script_index
from derive.language.traverse import descend, everywhere

EVERYWHERE = frozenset({"block", "option", "find"})


@dataclass(frozen=True)
class ReadGiven:
    """A statement as it was understood.  `kind` is the JSON kind; `givens` what it adds to the facts."""

    statement: sx.Statement
    reading: str
    kind: str
    givens: tuple[ft.Given, ...] = ()
    problem: sx.Diagnostic | None = None


@dataclass(frozen=True)
class TypedStep:
    """One link of a chain.  `kind`: 'claim', 'defines', 'assumed', 'skipped' or 'unread'.

    `claim` is there for 'claim', 'defines' and 'assumed'.  The sides of a claim may differ in shape; then it is false,
    and `problems` says so.  `misfit`: 'unread' because a side was read well but its shapes do not fit.
    """

    link: sx.ChainLink
    lhs: sx.Expression
    rhs: sx.Expression
    kind: str
    claim: ft.Claim | None = None
    problems: tuple[sx.Diagnostic, ...] = ()
    defines: str | None = None
    misfit: bool = False


@dataclass(frozen=True)
class TypedChain:
    chain: sx.Chain
    steps: tuple[TypedStep, ...]


@dataclass(frozen=True)
class Elaborated:
    """A document that has been understood.  `facts` is everything known at its end."""

    givens: tuple[ReadGiven, ...]
    symbols: dict[str, ft.SymbolInfo]
    chains: tuple[TypedChain, ...]
    remarks: tuple[sx.Diagnostic, ...] = ()
    facts: ft.Facts = field(default_factory=lambda: ft.Facts({}))


def elaborate(document: sx.Document) -> Elaborated:
    """Types a document.  Never raises on what a user wrote: problems are diagnostics at their place."""
    return _elaborated(document)[1]


def _elaborated(document: sx.Document) -> tuple[_Elaboration, Elaborated]:
    """Names are resolved before shapes are known; when shapes show that `v_i` belongs to an inferred vector v, once more."""
    document = with_split_digits(document)
    ranks: dict[str, dict[int, int]] = {}
    for _ in range(3):
        elaboration = _Elaboration(document, ranks)
        done = elaboration.run()
        found = elaboration.inferred_ranks()
        if not found:
            break
        for stem, by_arity in found.items():
            ranks.setdefault(stem, {}).update(by_arity)
    return elaboration, done


def elaborate_expression(
    expression: sx.Expression, context: sx.Document | None = None
) -> tuple[tm.Term | None, ft.Facts, tuple[sx.Diagnostic, ...]]:
    """One expression under the givens of a document: (term or None, facts, problems)."""
    items = context.items if context else ()
    link = sx.ChainLink("?", expression.span)
    chain = sx.Chain((expression, expression), (link,), expression.span)
    made, done = _elaborated(sx.Document("-", "", (*items, chain)))
    key = (len(items), 0)
    problems = tuple(made.problems_of(key))
    return made.settled.get(key), done.facts, problems


class _Elaboration:
    def __init__(self, document: sx.Document, ranks: dict[str, dict[int, int]] | None = None):
        self.document = document
        self.lexicon: Lexicon = survey(document)
        for stem, by_arity in (ranks or {}).items():
            self.lexicon.ranks[stem] = by_arity | self.lexicon.ranks.get(stem, {})
        self.dims = Dimensions()
        self.builder = Builder(self.lexicon, self.dims)
        self.checker = Checker(self.dims, lambda t: self.builder.places.get(id(t), sx.NOWHERE))
        self.raws: dict[int, RawGiven] = {}
        self.hypotheses: dict[int, list[RawGiven]] = {}  # of a chain, known for it alone
        self.members: dict[tuple[int, int], Any] = {}
        self.unread: dict[tuple[int, int], sx.Diagnostic] = {}
        self.settled: dict[tuple[int, int], tm.Term] = {}
        self.doubts: dict[tuple[int, int], list[sx.Diagnostic]] = {}
        self.roles: dict[str, str] = {}
        self.misfits: set[tuple[int, int]] = set()
        self.remarks: list[sx.Diagnostic] = list(document.diagnostics)

    # -- the passes -----------------------------------------------------------------------------

    def run(self) -> Elaborated:
        self.note_operators()
        self.note_randoms()
        self.note_index_sets()
        self.note_mass()
        for place, item in enumerate(self.document.items):
            if isinstance(item, sx.Statement):
                self.raws[place] = raw_given(self.builder, item)
            else:
                self.build_chain(place, item)
        self.solve()
        self.defined = self.chain_definitions()
        self.decide_roles(set())
        self.values = self.random_values()
        if self.values.functions:
            self.decide_roles(self.values.functions)
        return self.assemble()

    def note_operators(self) -> None:
        """Operators such as Bias that the document defines itself are its own functions."""
        for item in self.document.items:
            left = item.parts[0][0] if isinstance(item, sx.Statement) and item.kind == "equation" else None
            if isinstance(left, sx.Operator) and left.kind in {"Bias", "MSE", "Std"}:
                self.builder.operators.add(left.kind)

    def note_mass(self) -> None:
        self.builder.mass = any(
            isinstance(n, sx.Operator) and n.kind == "P" and self.document.text[n.span.start : n.span.start + 1] == "p"
            for root in roots(self.document)
            for n in descend(root)
        )

    def note_index_sets(self) -> None:
        r"""`\mathcal{B} = \{1, \dots, b\}` and `i = 1, \dots, n` say how many values an index has."""
        for item in self.document.items:
            if isinstance(item, sx.Statement) and item.word == "indexset" and item.dims:
                size = script_index(item.dims[0])
                for s in item.parts[0]:
                    if isinstance(s, sx.Name) and size is not None and (size.base is None or not size.offset):
                        self.builder.index_sets.setdefault(key_of(s), size.base or size.offset)

    def note_randoms(self) -> None:
        for item in self.document.items:
            if isinstance(item, sx.Statement) and (item.kind in {"distribution", "iid"} or item.word == "random"):
                for s in item.parts[0] if item.parts else ():
                    if (name := head(s)) is not None:
                        self.builder.randoms.add(self.lexicon.resolve(name).key)

    def all_raws(self) -> list[RawGiven]:
        return [*self.raws.values(), *(raw for raws in self.hypotheses.values() for raw in raws)]

    def build_chain(self, place: int, chain: sx.Chain) -> None:
        self.hypotheses[place] = [raw_given(self.builder, h) for h in chain.hypotheses]
        first = chain.members[0].syntax
        letters = {n.letter for n in descend(first) if isinstance(n, sx.Name)} if first is not None else set()
        self.builder.chain_free = {x for x in letters if first is not None and free_in(sx.Name(x), first)}
        for k, member in enumerate(chain.members):
            if member.syntax is None:
                self.unread[place, k] = member.problem or sx.Diagnostic("this could not be read", member.span)
                continue
            try:
                self.members[place, k] = self.builder.whole(member.syntax)
                self.doubts[place, k] = list(self.builder.doubts)
            except Unreadable as problem:
                found = problem.diagnostic
                span = found.span if found.span != sx.NOWHERE else member.span
                self.unread[place, k] = sx.Diagnostic(found.message, span, found.expected, found.hint)

    def solve(self) -> None:
        firm = [t for raw in self.all_raws() for t in raw.terms()]
        terms = firm + list(self.members.values())
        declared = [
            (m.term, tm.Constant(tm.number(2).value, raw.shape))
            for raw in self.all_raws()
            if raw.shape is not None
            for m in raw.members
        ]
        equal = [*declared, *self.distribution_shapes(), *self.equal_sides()]
        scalars = [term for term, _ in self.builder.scalars]
        self.solver = Solver(
            self.dims,
            self.checker,
            self.lexicon,
            self.builder.symbol_shapes,
            terms,
            equal,
            scalars,
            firm,
            self.builder.function_shapes,
        )
        taken = (
            {key_of(n) for names in self.lexicon.names.values() for n in names}
            | self.lexicon.bound
            | self.lexicon.dimensions
        )
        for left, right in declared:  # declarations before everything else
            self.checker.same(self.checker.shape(left), right.shape)
        self.solver.solve(taken, self.doubtful())

    def doubtful(self) -> list[Doubtful]:
        """Chain members and links: what may be false."""
        pairs = [Doubtful(pairs=[pair]) for pair in self.links]
        return pairs + [Doubtful(terms=[t]) for t in self.members.values()]

    def equal_sides(self) -> list[tuple[Any, Any]]:
        self.links = self.chain_pairs()
        return [raw.sides for raw in self.all_raws() if raw.sides is not None] + self.links

    def chain_pairs(self) -> list[tuple[Any, Any]]:
        pairs = []
        for place, item in enumerate(self.document.items):
            if isinstance(item, sx.Chain):
                for k, link in enumerate(item.links):
                    a, b = self.members.get((place, k)), self.members.get((place, k + 1))
                    if a is not None and b is not None and link.symbol in EQUALITY:
                        pairs.append((a, b))
        return pairs

    def distribution_shapes(self) -> list[tuple[Any, Any]]:
        """A mean is shaped as its variable, a variance as its covariance matrix; what is identically distributed is alike."""
        pairs = []
        for raw in self.all_raws():
            if raw.statement.kind == "iid":
                pairs.extend((raw.members[0].term, m.term) for m in raw.members[1:])
        for raw in self.all_raws():
            if raw.statement.word == "MatrixNormal" and len(raw.parameters) == 3:
                for m in raw.members:
                    rows, columns = self.checker.shape(m.term)
                    two = tm.number(2).value
                    pairs.append((m.term, raw.parameters[0]))
                    pairs.append((raw.parameters[1], tm.Constant(two, (rows, rows))))
                    pairs.append((raw.parameters[2], tm.Constant(two, (columns, columns))))
            if raw.statement.word in {"Multinomial", "Categorical"} and raw.parameters:
                pairs.extend((m.term, raw.parameters[-1]) for m in raw.members)
            if (
                raw.statement.kind == "distribution"
                and raw.statement.word in {"Normal", "Moments"}
                and len(raw.parameters) == 2
            ):
                for m in raw.members:
                    pairs.append((m.term, raw.parameters[0]))
                    pairs.append((tm.Variance(m.term), raw.parameters[1]))
        return pairs

    # -- definitions in chains --------------------------------------------------------------------

    def chain_definitions(self) -> dict[tuple[int, int], Any]:
        return Definitions(self.document, self.members, self.all_raws()).search()

    # -- roles ------------------------------------------------------------------------------------

    def decide_roles(self, random_functions: set[str]) -> None:
        random, constant = set(self.builder.randoms), set()
        uses = Uses()
        definitions: dict[str, Any] = {}
        stated: set[str] = set()  # symbols whose mean or variance is given: they are random unless said constant
        for raw in self.all_raws():
            self.note_roles(raw, random, constant, stated, uses, definitions)
        for (place, k), one in self.defined.items():
            a, b = self.members[place, k], self.members[place, k + 1]
            name = defined_name(one)
            if name is not None:
                definitions.setdefault(name, b if one is a else a)
        for (place, k), term in self.members.items():
            if defined_name(term) is None or not ({(place, k), (place, k - 1)} & set(self.defined)):
                uses.note(term)
        random |= {s for s in stated if s and s not in constant and s not in definitions}
        constant |= self.fixed_arguments() - random
        self.roles = decide(self.builder.symbol_shapes, random, constant - random, uses, definitions, random_functions)
        self.inherit(constant, random)

    def note_roles(
        self,
        raw: RawGiven,
        random: set[str],
        constant: set[str],
        stated: set[str],
        uses: Uses,
        definitions: dict[str, Any],
    ) -> None:
        statement = raw.statement
        names = {s for m in raw.members for s in [main_symbol(m.term)] if s}
        match statement.kind:
            case "kind":
                {"random": random, "constant": constant}.get(statement.word, set()).update(names)
            case "distribution" | "independent" | "uncorrelated" | "iid" | "conditional":
                random.update(names)
                for p in raw.parameters:
                    uses.note(p)
            case "equation" if raw.sides is not None:
                left, right = raw.sides
                stated.update(averaged_symbol(side) for side in raw.sides)
                name = defined_name(left)
                if name is not None and name not in heads_in(right):
                    definitions.setdefault(name, right)
                    uses.inside |= {s for s in symbols_in(right) if s not in outside_symbols(right)}
                else:
                    uses.note(left)
                    uses.note(right)

    def random_values(self) -> RandomValues:
        """Values of functions that are random themselves, `\\hat f(x)` at a fixed x, are symbols of their own."""
        functions = set(self.builder.function_shapes)
        defined = {defined_name(raw.sides[0]) for raw in self.all_raws() if raw.sides and raw.statement.kind == "equation"}
        defined |= {defined_name(one) for one in self.defined.values()}
        stated = {t.name for t in self.stated_functions()}
        return find_random_values(functions - defined, stated, self.all_terms(), self.is_random)

    def stated_functions(self) -> list[tm.Function]:
        """Applications that a statement makes random, such as those in “`f_1(w), …, f_n(w)` independent”."""
        return [
            t
            for raw in self.all_raws()
            if raw.statement.word == "random" or raw.statement.kind in {"distribution", "independent", "iid", "uncorrelated"}
            for m in raw.members
            for t in everywhere(m.term)
            if isinstance(t, tm.Function)
        ]

    def fixed_arguments(self) -> set[str]:
        return {name for t in self.stated_functions() if t.indices for a in t.args for name in symbols_in(a)}

    def all_terms(self) -> list[Any]:
        return [t for raw in self.all_raws() for t in raw.terms()] + list(self.members.values())

    def inferred_ranks(self) -> dict[str, dict[int, int]]:
        """Arrays that were found by use beside what was taken for a family of the same letter: {stem: {indices: rank}}."""
        found: dict[str, dict[int, int]] = {}
        for stem, arities in self.lexicon._arity.items():
            for low in sorted(arities):
                shape = self.builder.symbol_shapes.get(self.lexicon.family_key(stem, low))
                if shape is None or stem in self.lexicon.separate or low in self.lexicon.ranks.get(stem, {}):
                    continue
                rank = 0 if self.dims.is_one(shape) else 1 if self.dims.find(shape[1]) == 1 else 2
                higher = [a for a in arities if a > low and a not in self.lexicon.ranks.get(stem, {})]
                if rank and any(rank >= a - low for a in higher):
                    found[stem] = {low: rank}
                    break
        return found

    def inherit(self, constant: set[str], random: set[str]) -> None:
        """A family beside a declared plain symbol of the same letter has its role."""
        for key in self.roles:
            base = key.replace(r"_{\bullet}", "")
            if base != key and key not in constant | random and base in constant:
                self.roles[key] = "constant"

    def is_random(self, name: str) -> bool:
        return self.roles.get(name) == "random"

    def averaged(self, raw: Over) -> Any:
        """An operator with a subscript: what is random inside and not made of what is named below it is held fixed."""
        named = {bare_name(n) for n in raw.over}
        inner = raw.inner
        inside = {t: self.made_of(t.name, named, 0) for t in everywhere(inner) if isinstance(t, tm.Symbol) and self.is_random(t.name)}
        fixed = tuple(t for t, moves in inside.items() if not moves)
        if not fixed or len(fixed) == len(inside):
            return inner
        if isinstance(inner, (tm.Expectation, tm.Variance)):
            return type(inner)(inner.arg, (*inner.given, *fixed))
        if isinstance(inner, (tm.Covariance, tm.Correlation)):
            return type(inner)(inner.left, inner.right, (*inner.given, *fixed))
        return inner

    def made_of(self, name: str, named: set[str], depth: int) -> bool:
        """Whether a random symbol is one of the named ones, or defined by them."""
        if bare_name(name) in named:
            return True
        side = self.definition_sides().get(name)
        return side is not None and depth < 20 and any(self.made_of(n, named, depth + 1) for n in symbols_in(side))

    def definition_sides(self) -> dict[str, Any]:
        sides = {}
        for raw in self.all_raws():
            if raw.sides is not None and raw.statement.kind == "equation" and (name := defined_name(raw.sides[0])):
                sides[name] = raw.sides[1]
        return sides

    # -- the result -------------------------------------------------------------------------------

    def settle(self, raw: Any) -> tm.Term:
        settler = Settler(self.averaged)
        return self.values.replaced(settler.settle(resolved(raw, self.dims)))

    def assemble(self) -> Elaborated:
        maker = Maker(self.settle, latex, stated=self.stated(), is_random=self.is_random)
        givens = {place: self.read_given(maker, raw) for place, raw in self.raws.items()}
        supposed = {place: [self.read_given(maker, raw) for raw in raws] for place, raws in self.hypotheses.items()}
        for key, term in self.members.items():
            self.settle_member(key, term)
        symbols = self.symbol_table(maker)
        hidden = tuple(maker.hidden.values())
        always = [g for place, g in givens.items() if self.document.items[place].origin in EVERYWHERE]  # type: ignore[union-attr]
        definitions = self.definition_equations()
        chains = []
        known: list[ft.Given] = [*hidden, *(g for r in always for g in r.givens)]
        late = self.late(givens, definitions)
        for place, item in enumerate(self.document.items):
            if isinstance(item, sx.Statement):
                if item.origin not in EVERYWHERE:
                    known.extend(g for g in givens[place].givens if g not in known)
            else:
                own = [g for r in supposed.get(place, ()) for g in r.givens]
                chains.append(self.type_chain(place, item, known, own, late, symbols, definitions))
        facts = ft.Facts(symbols, tuple(known))
        everything = [r for place in sorted({*givens, *supposed}) for r in (*supposed.get(place, ()), *([givens[place]] if place in givens else ()))]
        return Elaborated(tuple(everything), symbols, tuple(chains), tuple(self.remarks), facts)

    def stated(self) -> set[str]:
        """Symbols about which something probabilistic is said: a distribution, dependence, a moment."""
        found: set[str] = set()
        for raw in self.all_raws():
            if raw.statement.kind in {"distribution", "iid", "independent", "uncorrelated", "conditional"}:
                found |= {name for m in raw.members if (name := main_symbol(m.term))}
            elif raw.sides is not None and isinstance(raw.sides[0], (tm.Expectation, tm.Variance, tm.Covariance)):
                found |= symbols_in(raw.sides[0])
        return found

    def late(
        self, givens: dict[int, ReadGiven], definitions: dict[tuple[int, int], ft.Equation]
    ) -> list[tuple[int, ft.Given]]:
        """What is said only later in the text: (item, given)."""
        found = [(place, g) for place, r in givens.items() if r.statement.origin not in EVERYWHERE for g in r.givens]
        return sorted([*found, *((place, e) for (place, _), e in definitions.items())], key=lambda pair: pair[0])

    def read_given(self, maker: Maker, raw: RawGiven) -> ReadGiven:
        clash = None if raw.problem else self.clash_of(raw)
        if raw.problem or clash:
            return ReadGiven(raw.statement, "not understood", "unread", (), raw.problem or clash)
        try:
            kind, reading, givens = maker.make(raw)
        except Unreadable as problem:
            return ReadGiven(raw.statement, "not understood", "unread", (), problem.diagnostic)
        return ReadGiven(raw.statement, reading, kind, givens)

    def clash_of(self, raw: RawGiven) -> sx.Diagnostic | None:
        """A shape clash inside the statement."""
        for p in self.problems_in(raw.statement.span):
            return p
        if raw.sides is not None and not self.solver.agree(*raw.sides):
            left, right = (self.checker.text(self.checker.shape(s)) for s in raw.sides)
            return sx.Diagnostic(f"the left side is {left}, the right side is {right}", raw.statement.span)
        return None

    def problems_in(self, span: sx.Span) -> list[sx.Diagnostic]:
        if span == sx.NOWHERE:
            return []
        return [p for p in self.checker.problems if span.start <= p.span.start < max(span.end, span.start + 1)]

    def settle_member(self, key: tuple[int, int], raw: Any) -> None:
        place, k = key
        member = self.document.items[place].members[k]  # type: ignore[union-attr]
        clashes = self.clashes_of(raw, member)
        if clashes:
            self.unread[key] = clashes[0]
            self.misfits.add(key)
            return
        term = self.settle(raw)
        wrong = misplaced(term, lambda _: member.span)
        if wrong:
            self.unread[key] = wrong[0]
            return
        self.settled[key] = term
        self.doubts[key] = [*self.doubts.get(key, []), *self.zero_doubts(raw)]

    def clashes_of(self, raw: Any, member: sx.Expression) -> list[sx.Diagnostic]:
        """Shape clashes in this expression alone, with their places."""
        checker = Checker(self.dims, self.checker.place, results=self.checker.results)
        checker.shape(raw)
        return [
            p if p.span != sx.NOWHERE else sx.Diagnostic(p.message, member.span, hint=p.hint) for p in checker.problems
        ]

    def zero_doubts(self, raw: Any) -> list[sx.Diagnostic]:
        r"""A bold zero is a column; read as a row it should have been `\mathbf{0}^\top`."""
        found = []
        for t in everywhere(raw):
            if is_zero(t) and set(t.shape) & self.dims.bolds:
                rows, columns = (self.dims.find(d) for d in t.shape)
                if rows == 1 and columns != 1:
                    message = f"this zero must be a row (1×{columns}) for the product to fit, and is read as one"
                    found.append(sx.Diagnostic(message, self.checker.place(t), hint="0ᵀ"))
        return found

    def problems_of(self, key: tuple[int, int]) -> list[sx.Diagnostic]:
        return [self.unread[key]] if key in self.unread else self.doubts.get(key, [])

    # -- symbols ------------------------------------------------------------------------------------

    def symbol_table(self, maker: Maker) -> dict[str, ft.SymbolInfo]:
        declared = self.declared_keys()
        support = self.support_of()
        table: dict[str, ft.SymbolInfo] = {}
        for key, pair in self.builder.symbol_shapes.items():
            ranges = self.builder.families.get(key, {})
            families = tuple(self.family_range(ranges[p]) for p in sorted(ranges))
            origin = "declared" if key in declared else self.solver.origins.get(key, "inferred")
            table[key] = ft.SymbolInfo(
                key, self.closed(pair), self.roles.get(key, "constant"), families, support.get(key, "real"), origin
            )
        for key, pair in self.builder.function_shapes.items():
            table.setdefault(key, ft.SymbolInfo(
                key,
                self.closed(pair),
                "function",
                (),
                "real",
                "declared" if key in self.lexicon.functions else "inferred",
            ))
        for key, shape in self.values.symbols.items():
            ranges = self.builder.families.get(self.values.origin[key], {})
            families = tuple(self.family_range(ranges[p]) for p in sorted(ranges))
            table[key] = ft.SymbolInfo(key, self.closed(shape), "random", families)
        for symbol in self.builder.outcomes.values():
            table[symbol.name] = ft.SymbolInfo(symbol.name, tm.SCALAR, "constant")
        for key, equation in maker.hidden.items():
            entry = equation.lhs
            assert isinstance(entry, tm.Entry) and isinstance(entry.arg, tm.Symbol)
            rows, columns = entry.arg.shape
            inner = (tm.one_to(rows),) if columns == 1 else (tm.one_to(rows), tm.one_to(columns))
            outer = table[entry.arg.name].families
            table[key] = ft.SymbolInfo(key, tm.SCALAR, "random", (*outer, *inner))
            table[entry.arg.name] = ft.SymbolInfo(entry.arg.name, entry.arg.shape, "random", outer, "real", "declared")
        return table | self.dimension_table(table)

    def dimension_table(self, table: dict[str, ft.SymbolInfo]) -> dict[str, ft.SymbolInfo]:
        names = set(self.lexicon.dimensions)
        for info in table.values():
            names |= {d for d in flat_dims(info.shape) if isinstance(d, str)}
            names |= {r.upper.base for r in info.families if r is not None and r.upper.base is not None}
        for term in self.settled.values():
            names |= {
                t.range.upper.base
                for t in everywhere(term)
                if isinstance(t, (tm.Sum, tm.Product)) and t.range.upper.base
            }
        return {
            n: ft.SymbolInfo(
                n, tm.SCALAR, "dimension", (), "natural", "declared" if n in self.lexicon.declared else "inferred"
            )
            for n in sorted(names)
            if n not in self.lexicon.bound
        }

    def family_range(self, variable: Any) -> tm.Range | None:
        found = self.dims.find(variable)
        return None if isinstance(found, str) and found.startswith("?") else tm.one_to(found)

    def closed(self, pair: Pair) -> tm.Shape:
        return (self.dims.find(pair[0]), self.dims.find(pair[1]))

    def declared_keys(self) -> set[str]:
        return {
            s
            for raw in self.all_raws()
            if raw.statement.kind not in ("equation", "comparison")
            for m in raw.members
            for s in [main_symbol(m.term)]
            if s
        }

    def support_of(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for raw in self.all_raws():
            if raw.statement.kind == "shape":
                for m in raw.members:
                    if (name := main_symbol(m.term)) and supports(raw.statement) != "real":
                        found[name] = supports(raw.statement)
            if raw.statement.kind == "distribution" and raw.statement.word == "Bernoulli":
                found.update({name: "binary" for m in raw.members if (name := main_symbol(m.term))})
        return found

    # -- steps ----------------------------------------------------------------------------------------

    def definition_equations(self) -> dict[tuple[int, int], ft.Equation]:
        made = {}
        for (place, k), one in self.defined.items():
            left, right = self.settled.get((place, k)), self.settled.get((place, k + 1))
            if left is None or right is None or left.shape != right.shape:
                continue
            if one is not self.members[place, k]:
                left, right = right, left
            if not is_definition(left, right, True):
                continue
            chain = self.document.items[place]
            assert isinstance(chain, sx.Chain)
            text = f"{chain.members[k].latex} = {chain.members[k + 1].latex}"
            source = ft.Source(text, f"{latex(left)} is defined here", chain.members[k].span)
            made[place, k] = ft.Equation(left, right, "definition", source)
        return made

    def type_chain(
        self,
        place: int,
        chain: sx.Chain,
        known: list[ft.Given],
        own: list[ft.Given],
        late: list[tuple[int, ft.Given]],
        symbols: dict[str, ft.SymbolInfo],
        definitions: dict[tuple[int, int], ft.Equation],
    ) -> TypedChain:
        from derive.language.givens import distinct_pairs

        distinct = tuple(distinct_pairs(chain.conditions))
        steps = []
        for k, link in enumerate(chain.links):
            later = [g for p, g in late if p > place and g not in known]
            facts = ft.Facts(symbols, (*known, *own, *later))
            steps.append(self.step(place, k, chain, link, facts, distinct, definitions.get((place, k))))
            if (place, k) in definitions and definitions[place, k] not in known:
                known.append(definitions[place, k])
        return TypedChain(chain, tuple(steps))

    def step(
        self,
        place: int,
        k: int,
        chain: sx.Chain,
        link: sx.ChainLink,
        facts: ft.Facts,
        distinct: tuple[tuple[tm.Index, tm.Index], ...],
        definition: ft.Equation | None,
    ) -> TypedStep:
        lhs, rhs = chain.members[k], chain.members[k + 1]
        if link.symbol not in EQUALITY:
            return TypedStep(link, lhs, rhs, "skipped")
        problems = (*self.problems_of((place, k)), *self.problems_of((place, k + 1)))
        left, right = self.settled.get((place, k)), self.settled.get((place, k + 1))
        if left is None or right is None:
            sides = {(place, k), (place, k + 1)}
            misfit = bool(sides & self.misfits) and not any(s in self.unread and s not in self.misfits for s in sides)
            return TypedStep(link, lhs, rhs, "unread", None, problems, None, misfit)
        claim = ft.Claim(left, right, facts, distinct)
        if left.shape != right.shape:
            a, b = self.checker.text(left.shape), self.checker.text(right.shape)
            mismatch = sx.Diagnostic(
                f"the left side is {a}, the right side is {b}", rhs.span, "both sides of one shape"
            )
            return TypedStep(link, lhs, rhs, "claim", claim, (*problems, mismatch))
        if definition is not None:
            return TypedStep(link, lhs, rhs, "defines", claim, problems, latex(definition.lhs))
        assumed = any(
            isinstance(g, ft.Equation) and {(g.lhs, g.rhs), (g.rhs, g.lhs)} & {(left, right)} for g in facts.givens
        )
        return TypedStep(link, lhs, rhs, "assumed" if assumed and left != right else "claim", claim, problems)


def flat_dims(shape: Any) -> list[Any]:
    return [d for part in shape for d in (flat_dims(part) if isinstance(part, tuple) else [part])]


def bare_name(key: str) -> str:
    """A key without the marks of a family, and without bold: what stands below an operator is often plain."""
    key = key.replace(r"_{\bullet}", "").replace(r"^{(\bullet)}", "")
    return bold_letter(key) or key


__all__ = ["Elaborated", "ReadGiven", "TypedChain", "TypedStep", "elaborate", "elaborate_expression", "latex"]
