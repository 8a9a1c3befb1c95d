"""A document of syntax becomes typed claims: shapes closed, roles decided, definitions found."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from derive.language import facts as ft
from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.building import Builder, Unreadable
from derive.language.convolutions import turned
from derive.language.definitions import (
    EQUALITY,
    EVERYWHERE,
    Definitions,
    defined_name,
    heads_in,
    is_abbreviation,
    main_symbol,
)
from derive.language.digits import with_split_digits
from derive.language.dimensions import Dimensions, is_open, resolved
from derive.language.givens import Maker
from derive.language.gradients import gradient_variables
from derive.language.guesses import commuting_capitals
from derive.language.inferred import inferred_ranks
from derive.language.lags import lagging
from derive.language.latex import latex
from derive.language.masses import with_probabilities
from derive.language.measures import densities, with_measures
from derive.language.nested import with_open_scripts
from derive.language.randomness import Randomness
from derive.language.recalled import clashes, with_local_letters
from derive.language.recursions import with_recursions
from derive.language.renewed import renewed
from derive.language.roots import halved, with_roots
from derive.language.settle import Settler, misplaced
from derive.language.shapes import Checker, is_zero
from derive.language.solve import Doubtful, Solver
from derive.language.stated import RawGiven, raw_given
from derive.language.steps import Stepper
from derive.language.sums import free_letters
from derive.language.survey import head, survey
from derive.language.symbols import Lexicon, key_of, roots, script_index
from derive.language.table import SymbolTable
from derive.language.traverse import descend, everywhere, visible
from derive.language.typed import Elaborated, ReadGiven, TypedChain, TypedStep

MOST_RECALLED = 8  # displays that are tried with letters of their own
RANDOM = frozenset({"distribution", "iid", "independent", "uncorrelated"})


def elaborate(document: sx.Document) -> Elaborated:
    """Types a document.  Never raises on what a user wrote: problems are diagnostics at their place."""
    return _elaborated(document)[1]


def _elaborated(document: sx.Document) -> tuple[_Elaboration, Elaborated]:
    """A document that does not fit together is read once more, with letters of their own in the theorems that it recalls."""
    document = with_probabilities(turned(with_open_scripts(with_split_digits(document))))
    laws = densities(document)
    document = with_recursions(with_measures(document))
    found = _settled(document, laws)
    tries = itertools.islice(with_local_letters(document), MOST_RECALLED) if clashes(found[1]) else ()
    for place, chain in tries:
        other = replace(document, items=(*document.items[:place], chain, *document.items[place + 1 :]))
        again = _settled(other, laws)
        if clashes(again[1]) < clashes(found[1]):
            document, found = other, again
    return found


def _settled(document: sx.Document, laws: frozenset[str]) -> tuple[_Elaboration, Elaborated]:
    """Names are resolved before shapes are known; when shapes show that `v_i` belongs to an inferred vector v, once more."""
    ranks: dict[str, dict[int, int]] = {}
    for _ in range(4):
        elaboration = _Elaboration(document, laws, ranks)
        done = elaboration.run()
        found = inferred_ranks(elaboration.lexicon, elaboration.builder, document)
        matrices = {key: name for key, name in halved(document).items() if elaboration.is_large(key)}
        if matrices:
            document = with_roots(document, matrices, elaboration.left_sides(), elaboration.randomness.is_random)
        elif not found:
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
    def __init__(
        self, document: sx.Document, laws: frozenset[str] = frozenset(), ranks: dict[str, dict[int, int]] | None = None
    ):
        self.document = document
        self.lexicon: Lexicon = survey(document)
        for stem, by_arity in (ranks or {}).items():
            self.lexicon.ranks[stem] = by_arity | self.lexicon.ranks.get(stem, {})
        self.dims = Dimensions()
        self.builder = Builder(self.lexicon, self.dims)
        self.builder.densities = laws
        self.checker = Checker(self.dims, lambda t: self.builder.places.get(id(t), sx.NOWHERE))
        self.raws: dict[int, RawGiven] = {}
        self.hypotheses: dict[int, list[RawGiven]] = {}  # of a chain, known for it alone
        self.members: dict[tuple[int, int], Any] = {}
        self.unread: dict[tuple[int, int], sx.Diagnostic] = {}
        self.settled: dict[tuple[int, int], tm.Term] = {}
        self.doubts: dict[tuple[int, int], list[sx.Diagnostic]] = {}
        self.misfits: set[tuple[int, int]] = set()
        self.remarks: list[sx.Diagnostic] = list(document.diagnostics)

    # -- the passes -----------------------------------------------------------------------------

    def run(self) -> Elaborated:
        self.note_operators()
        self.note_randoms()
        self.note_index_sets()
        self.note_mass()
        self.note_definitions()
        for place, item in enumerate(self.document.items):
            if isinstance(item, sx.Statement):
                self.raws[place] = raw_given(self.builder, item)
            else:
                self.build_chain(place, item)
        self.solve()
        definitions = Definitions(self.document, self.members, list(self.raws.values()), self.hypotheses)
        self.defined, self.recalled = definitions.search(), definitions.recalled
        self.drop_results()
        self.drop_abbreviations()
        self.randomness = Randomness(self.builder, self.all_raws(), self.members, self.defined)
        return self.assemble()

    def note_operators(self) -> None:
        """Operators such as Bias that the document defines itself are its own functions."""
        for item in self.document.items:
            left = item.parts[0][0] if isinstance(item, sx.Statement) and item.kind == "equation" else None
            if not isinstance(left, sx.Operator) or left.kind not in {"Bias", "MSE", "Std", "Skew", "Kurt"}:
                continue
            inside = list(visible(item.parts[0][1]))
            arguments = {n for a in left.arguments for n in visible(a) if isinstance(n, sx.Name)}
            if any(isinstance(n, sx.Operator) or n in arguments for n in inside):  # SD(X) = s only tells its value
                self.builder.operators.add(left.kind)

    def note_mass(self) -> None:
        self.builder.mass = any(
            isinstance(n, sx.Operator) and n.kind == "P" and self.document.text[n.span.start : n.span.start + 1] == "p"
            for root in roots(self.document)
            for n in descend(root)
        )

    def note_definitions(self) -> None:
        """Letters that the document says more about: their gradients are no names."""
        for item in self.document.items:
            sides = (
                [item.parts[0][0]]
                if isinstance(item, sx.Statement) and item.kind == "equation"
                else [m.syntax for m in item.members[:-1]]
                if isinstance(item, sx.Chain)
                else []
            )
            for side in sides:
                name = head(side) if side is not None else None
                if name is not None:
                    self.builder.defined_letters.setdefault(name.letter, side)

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
            if isinstance(item, sx.Statement) and (
                item.kind in {"distribution", "iid", "conditionally"} or item.word == "random"
            ):
                for s in item.parts[0] if item.parts else ():
                    if (name := head(s)) is not None:
                        self.builder.randoms.add(self.lexicon.resolve(name).key)

    def all_raws(self) -> list[RawGiven]:
        return [*self.raws.values(), *(raw for raws in self.hypotheses.values() for raw in raws)]

    def build_chain(self, place: int, chain: sx.Chain) -> None:
        self.hypotheses[place] = [raw_given(self.builder, h) for h in chain.hypotheses]
        first = chain.members[0].syntax
        self.builder.gradient_variables = gradient_variables(chain)
        self.builder.chain_free = free_letters(first) if first is not None else set()
        for k, member in enumerate(chain.members):
            if member.syntax is None:
                self.unread[place, k] = member.problem or sx.Diagnostic("this could not be read", member.span)
                continue
            try:
                self.members[place, k] = self.builder.whole(member.syntax, further=k > 0)
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
        shapes = self.builder.symbol_shapes
        for letter in self.lexicon.members & shapes.keys():
            for one, other in zip(shapes[letter], shapes.get(letter + r"_{\bullet}", ()), strict=False):
                self.dims.unify(one, other)
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
        for raw in self.all_raws():
            for m in raw.members if raw.statement.kind == "property" and raw.statement.word == "orthogonal" else ():
                rows, columns = map(self.dims.find, self.checker.shape(m.term))
                if is_open(rows) and is_open(columns):
                    self.dims.unify(rows, columns)
            for m in raw.members if raw.statement.word == "MatrixNormal" else ():
                for dim in self.checker.shape(m.term):
                    self.dims.enlarge(dim)
        self.solver.solve(taken, self.doubtful())

    def doubtful(self) -> list[Doubtful]:
        """Chain members and links, and what the prose seems to say: what may be false or misunderstood."""
        pairs = [Doubtful(pairs=[pair]) for pair in self.links]
        lines = [Doubtful(terms=[t]) for t in self.members.values()]
        firm = EVERYWHERE | {"inline"}
        said = [
            Doubtful(terms=raw.terms())
            for raw in self.all_raws()
            if raw.shape is None and raw.statement.origin not in firm
        ]
        # rows such as `X \\sim N(m, V) \\Rightarrow E[X] = m` recall a theorem, with letters of their own
        recalled = [t for raws in self.hypotheses.values() for raw in raws for t in raw.terms()]
        recalled += [t for (place, _), t in self.members.items() if self.hypotheses.get(place)]
        return ([Doubtful(terms=recalled, weak=True)] if recalled else []) + pairs + lines + said

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
            if raw.statement.word in {"Multinomial", "Categorical", "Dirichlet", "Wishart"} and raw.parameters:
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

    # -- the result -------------------------------------------------------------------------------

    def settle(self, raw: Any) -> tm.Term:
        settler = Settler(self.randomness.averaged)
        return self.randomness.values.replaced(settler.settle(resolved(raw, self.dims)))

    def assemble(self) -> Elaborated:
        maker = Maker(
            self.settle,
            latex,
            stated=self.randomness.stated(),
            is_random=self.randomness.is_random,
            defined=self.left_sides(),
            laws=self.laws_of_vectors(),
        )
        givens = {place: self.read_given(maker, raw) for place, raw in self.raws.items()}
        supposed = {place: [self.read_given(maker, raw) for raw in raws] for place, raws in self.hypotheses.items()}
        for key, term in self.members.items():
            self.settle_member(key, term)
        table = SymbolTable(self.builder, self.all_raws(), self.randomness, self.solver.origins)
        symbols = table.table(maker.hidden, self.settled.values())
        stepper = self.stepper()
        hidden = tuple(maker.hidden.values())
        always = [g for place, g in givens.items() if self.document.items[place].origin in EVERYWHERE]  # type: ignore[union-attr]
        definitions = stepper.definition_equations()
        chains = []
        known: list[ft.Given] = [*hidden, *(g for r in always for g in r.givens)]
        late = self.late(givens, definitions)
        for place, item in enumerate(self.document.items):
            if isinstance(item, sx.Statement):
                if item.origin not in EVERYWHERE:
                    known = renewed(known, givens[place].givens)
                    known.extend(g for g in givens[place].givens if g not in known)
            else:
                own = [g for r in supposed.get(place, ()) for g in r.givens]
                chains.append(stepper.type_chain(place, item, known, own, late, symbols, definitions))
        facts = ft.Facts(symbols, tuple(known))
        everything = [
            r
            for place in sorted({*givens, *supposed})
            for r in (*supposed.get(place, ()), *([givens[place]] if place in givens else ()))
        ]
        guessed = commuting_capitals(self.members, self.builder.places, self.solver.guesses, facts.symbols)
        return Elaborated(tuple(everything), symbols, tuple(chains), (*self.remarks, *guessed), facts)

    def left_sides(self) -> frozenset[str]:
        """Symbols that stand alone on the left of a given equation."""
        sides = [raw.sides[0] for raw in self.all_raws() if raw.sides is not None]
        return frozenset(s.name for s in sides if isinstance(s, tm.Symbol))

    def stepper(self) -> Stepper:
        return Stepper(
            self.document,
            self.members,
            self.settled,
            self.defined,
            self.recalled,
            self.unread,
            self.misfits,
            self.problems_of,
            self.checker.text,
        )

    def is_large(self, key: str) -> bool:
        """Whether a symbol turned out to be no number."""
        return key in self.builder.symbol_shapes and self.dims.is_large(self.builder.symbol_shapes[key])

    def laws_of_vectors(self) -> dict[str, list[tuple[tm.Term, ...]]]:
        """Mean and covariance of the symbols that are said to be normal and are no numbers."""
        found: dict[str, list[tuple[tm.Term, ...]]] = {}
        for raw in self.raws.values():
            if raw.statement.kind == "distribution" and raw.statement.word == "Normal" and not raw.problem:
                for term in (self.settle(m.term) for m in raw.members):
                    if isinstance(term, tm.Symbol) and term.shape != tm.SCALAR and not raw.given:
                        found.setdefault(term.name, []).append(tuple(self.settle(p) for p in raw.parameters))
        return found

    def drop_results(self) -> None:
        """“Then \\hat\\beta ∼ …” is a result, no given, where the text defines \\hat\\beta."""
        defined = {defined_name(one) for one in self.defined.values()}
        defined |= {defined_name(raw.sides[0]) for raw in self.all_raws() if raw.sides}
        for raw in self.raws.values():
            if "concluded" in raw.statement.flags and {main_symbol(m.term) for m in raw.members} & defined:
                raw.statement = replace(raw.statement, kind="result")

    def drop_abbreviations(self) -> None:
        r"""`\hat f = \hat f(x)` is only a manner of writing where \hat f is said to be random and applied nowhere else."""
        said = {
            n
            for raw in self.raws.values()
            if raw.statement.kind in RANDOM
            for m in raw.members
            for n in heads_in(m.term)
        }
        for raw in self.raws.values():
            if raw.sides is None or not is_abbreviation(*raw.sides) or raw.sides[0].name not in said:
                continue
            others = [t for r in self.all_raws() if r is not raw for t in r.terms()] + list(self.members.values())
            if not any(
                t.name == raw.sides[0].name for o in others for t in everywhere(o) if isinstance(t, tm.Function)
            ):
                raw.statement = replace(raw.statement, kind="abbreviation")

    def late(
        self, givens: dict[int, ReadGiven], definitions: dict[tuple[int, int], ft.Equation]
    ) -> list[tuple[int, ft.Given]]:
        """What is said only later in the text: (item, given)."""
        found = [(place, g) for place, r in givens.items() if r.statement.origin not in EVERYWHERE for g in r.givens]
        return sorted(
            [*found, *((place, e) for (place, _), e in definitions.items() if place not in self.recalled)],
            key=lambda pair: pair[0],
        )

    def read_given(self, maker: Maker, raw: RawGiven) -> ReadGiven:
        clash = None if raw.problem else self.clash_of(raw)
        if raw.problem or clash:
            return ReadGiven(raw.statement, "not understood", "unread", (), raw.problem or clash)
        try:
            kind, reading, givens = maker.make(raw)
        except Unreadable as problem:
            return ReadGiven(raw.statement, "not understood", "unread", (), problem.diagnostic)
        if any(map(lagging, raw.terms())):
            told = sx.Diagnostic("an index such as t+h is only followed in what is claimed", raw.statement.span)
            return ReadGiven(raw.statement, "not understood", "unread", (), told)
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


__all__ = ["Elaborated", "ReadGiven", "TypedChain", "TypedStep", "elaborate", "elaborate_expression", "latex"]
