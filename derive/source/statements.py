"""Givens: one written line becomes typed statements, each as it was understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from derive.language import syntax as sx
from derive.language.syntax import Diagnostic, Statement, Syntax
from derive.source import clauses as cl
from derive.source.clauses import cut
from derive.source.conditions import between, ranges_behind, read_conditions
from derive.source.cursor import Usage
from derive.source.drawn import distribution
from derive.source.grammar import read, read_items
from derive.source.indices import free_indices
from derive.source.laws import law_of_cases
from derive.source.places import Places, ReadError
from derive.source.tokens import Token
from derive.source.words import FILLERS

COMPARISONS = frozenset({"<", ">", r"\le", r"\ge", r"\neq", r"\ll", r"\gg"})
SAME_LAW = frozenset({r"\overset{d}{=}", r"\overset{\mathcal{D}}{=}", r"\overset{D}{=}"})
NOTHING = "this states nothing"
DEFINITE = {r"\succ": "positive definite", r"\succeq": "positive semidefinite"}


@dataclass
class Scribe:
    """Makes the statements of one line."""

    places: Places
    usage: Usage
    origin: str
    latex: str

    def make(self, kind: str, parts: tuple[tuple[Syntax, ...], ...], tokens: list[Token], **more: object) -> Statement:
        span = self.places.span(tokens[0].start, tokens[-1].end)
        return Statement(kind, parts, self.latex, span, self.origin, **more)  # type: ignore[arg-type]

    def unread(self, tokens: list[Token], problem: Diagnostic) -> Statement:
        return self.make("unread", (), tokens, problem=problem)

    def fail(self, message: str, token: Token, expected: str = "", hint: str = "") -> ReadError:
        return ReadError(Diagnostic(message, self.places.span(token.start, token.end), expected, hint))

    # -- a line -----------------------------------------------------------------------------

    def line(self, tokens: list[Token]) -> list[Statement]:
        """All statements of a line; what is not understood is 'unread', the rest is used."""
        tokens = cl.strip(tokens)
        if not tokens:
            return []
        if (both := both_signs(tokens)) is not None:
            return [s for line in both for s in self.line(line)]
        ranged = self.ranges(ranges_behind(tokens, self.places, self.usage), tokens)
        return [*ranged, *self.stated_in(tokens)]

    def stated_in(self, tokens: list[Token]) -> list[Statement]:
        if any(t.kind == "text" for t in tokens):
            from derive.source.lines import phrase_statements

            found = phrase_statements(self, tokens)
            if found is not None:
                return found
        return self.clauses(cl.clauses(tokens))

    def clauses(self, found: list[cl.Clause]) -> list[Statement]:
        statements: list[Statement] = []
        fresh = 0
        for clause in found:
            if clause.kind == "arrow":
                statements.append(
                    self.unread(
                        clause.tokens, Diagnostic("a given is a statement, not an implication", self.at(clause))
                    )
                )
                break
            if clause.kind == "condition":
                statements[fresh:] = self.under(statements[fresh:], clause)
                continue
            if clause.kind == "remark":
                statements.extend(self.remark(clause))
                continue
            fresh = len(statements)
            statements.extend(self.guarded(clause))
        if any(c.kind == "remark" for c in found) and len(statements) > 1:  # the words are what is not understood
            statements = [s for s in statements if s.problem is None or s.problem.message != NOTHING]
        return statements

    def at(self, clause: cl.Clause) -> sx.Span:
        return self.places.span(clause.tokens[0].start, clause.tokens[-1].end)

    def remark(self, clause: cl.Clause) -> list[Statement]:
        words = clause.text.strip(" .,:()")
        plain = all(w in FILLERS for w in words.lower().split())
        harmless = (
            plain
            or not words
            or words.split()[0].lower()
            in (
                "let",
                "define",
                "suppose",
                "assume",
                "note",
                "recall",
                "i.e.",
                "e.g.",
                "definition",
            )
        )
        if harmless or self.origin in ("display", "inline"):
            return []
        return [
            self.unread(
                clause.tokens,
                Diagnostic(f"“{words}” is not understood", self.at(clause), "a statement such as `X \\text{ random}`"),
            )
        ]

    def guarded(self, clause: cl.Clause) -> list[Statement]:
        tokens = cl.of_finite(clause.tokens)
        if len(tokens) < len(clause.tokens) and not cl.main_relations(tokens):
            return []  # that something is finite is presupposed
        try:
            if clause.kind == "statement":
                return self.stated(tokens)
            if clause.kind == "chain":
                return self.equations(tokens)
            raise self.fail(
                "this states nothing", clause.tokens[0], r"a statement: a shape, a distribution, an equation, …"
            )
        except ReadError as error:
            return [self.unread(clause.tokens, error.diagnostic)]

    def under(self, statements: list[Statement], clause: cl.Clause) -> list[Statement]:
        """Conditions such as `i \\neq j` go to the equations before them; an index range is a statement of its own."""
        try:
            conditions = self.conditions(clause.tokens)
        except ReadError as error:
            return [*statements, self.unread(clause.tokens, error.diagnostic)]
        result: list[Statement] = []
        for s in statements:
            if s.kind == "equation":
                s = replace(s, parts=(s.parts[0], (*s.parts[1], *conditions)))
            elif s.kind == "independent":
                s = replace(s, conditions=(*s.conditions, *conditions))
            result.append(s)
        if statements and not clause.lead and all(s.kind in ("shape", "kind") for s in statements):
            for condition in conditions:
                if isinstance(condition, sx.Relation) and condition.symbol in COMPARISONS:
                    result.append(
                        self.make(
                            "comparison", ((condition.left, condition.right),), clause.tokens, word=condition.symbol
                        )
                    )
        result.extend(self.ranges(conditions, clause.tokens))
        return result

    def ranges(self, conditions: Iterable[Syntax], tokens: list[Token]) -> list[Statement]:
        r"""The statements that conditions such as `i = 1, \dots, n` are by themselves."""
        found: list[Statement] = []
        for condition in conditions:
            match condition:
                case sx.Relation(r"\in", sx.Name() as index, sx.Bracketed(sx.Tuple_((_, sx.Dots(), upper)))):
                    opaque = sx.Opaque(self.written(tokens), span=condition.span)
                    found.append(self.make("shape", ((index,), (opaque,)), tokens, word="indexset", dims=(upper,)))
        return found

    def conditions(self, tokens: list[Token]) -> tuple[Syntax, ...]:
        return read_conditions(tokens, self.places, self.usage)

    def written(self, tokens: list[Token]) -> str:
        return self.places.text[tokens[0].start : tokens[-1].end]

    # -- equations --------------------------------------------------------------------------

    def equations(self, tokens: list[Token]) -> list[Statement]:
        members, signs = cut(tokens)
        if len(members) == 2 and signs[0].text == r"\to" and len(members[0]) > 2 and members[0][1].kind == "colon":
            return [self.make("kind", ((read(members[0][:1], self.places, self.usage),),), tokens, word="function")]
        if not members[0]:
            raise self.fail("nothing stands in front of the relation", signs[0], "an expression")
        if len(members) == 2 and (indexed := self.index_set(members, signs, tokens)) is not None:
            return [indexed]
        if all(s.text in DEFINITE for s in signs) and len(members) == 2 and members[1][0].text in ("0", r"\mathbf{0}"):
            return [
                self.make(
                    "property", ((read(members[0], self.places, self.usage),),), tokens, word=DEFINITE[signs[0].text]
                )
            ]
        if (ranged := between(members, signs, self.places, self.usage)) is not None:
            return self.ranges([ranged], tokens)
        read_members: list[Syntax] = []
        for k, member in enumerate(members):
            free = free_indices(read_members[0]) if read_members else None
            read_members.append(read(member, self.places, self.usage, free) if member else self.empty(signs[k - 1]))
        last = read_members[-1]
        if all(s.text == "=" for s in signs) and not isinstance(
            last, sx.Operator
        ):  # Var(X) = Var(Y) = v says v of both
            rights = [last if isinstance(m, sx.Operator) else m for m in read_members[1:]]
        else:
            rights = read_members[1:]
        return [self.pair(a, sign, b, tokens) for a, sign, b in zip(read_members, signs, rights, strict=False)]

    def empty(self, sign: Token) -> Syntax:
        raise self.fail("nothing stands behind the relation", sign, "an expression")

    def pair(self, left: Syntax, sign: Token, right: Syntax, tokens: list[Token]) -> Statement:
        if sign.text in COMPARISONS:
            return self.make(
                "comparison", ((left, right),), tokens, word={r"\ll": "<", r"\gg": ">"}.get(sign.text, sign.text)
            )
        if sign.text in SAME_LAW:
            return self.make("iid", ((left, right),), tokens, flags=frozenset({"identical"}))
        if sign.text not in ("=", ":="):
            raise self.fail(f"`{sign.text}` states nothing that is used", sign, "`=` or a comparison")
        if isinstance(right, sx.Bracketed) and right.opening == "{" and isinstance(right.item, sx.Tuple_):
            dotted = any(isinstance(i, sx.Dots) for i in right.item.items)
            right = sx.MatrixLiteral(tuple((i,) for i in right.item.items), dotted, span=right.span)
        if isinstance(right, sx.Cases) and (law := law_of_cases(right)) is not None:
            return self.make("distribution", ((left,), law[1]), tokens, word=law[0])
        transposed = right == sx.Transposed(left) or left == sx.Transposed(right)
        if isinstance(left, sx.Name) and isinstance(right, sx.Name) and (plain := unprimed(left, right)) is not None:
            return self.make("property", ((plain,),), tokens, word="symmetric")
        if transposed and isinstance(left, (sx.Name, sx.Transposed)):
            return self.make(
                "property", ((left.item if isinstance(left, sx.Transposed) else left,),), tokens, word="symmetric"
            )
        return self.make("equation", ((left, right), ()), tokens, word=sign.text)

    def index_set(self, members: list[list[Token]], signs: list[Token], tokens: list[Token]) -> Statement | None:
        r"""`\mathcal{B} = \{1, \dots, b\}`."""
        right = members[1]
        if not right or right[0].text != "{" or right[0].kind != "open" or signs[0].text not in ("=", ":="):
            return None
        word, dims = self.set(right)
        if word != "indexset":
            return None
        opaque = sx.Opaque(self.written(right))
        return self.make(
            "shape", ((read(members[0], self.places, self.usage),), (opaque,)), tokens, word=word, dims=dims
        )

    # -- shapes, distributions, dependence --------------------------------------------------

    def stated(self, tokens: list[Token]) -> list[Statement]:
        depth = cl.levels(tokens)
        k = next(k for k, t in enumerate(tokens) if depth[k] == 0 and t.kind == "rel" and t.text in cl.STATING)
        before, sign, after = tokens[:k], tokens[k], tokens[k + 1 :]
        if not before or not after:
            raise self.fail(f"`{sign.text}` needs something on both sides", sign)
        if sign.text == r"\sim":
            return distribution(self, before, sign, after, tokens)
        if sign.text == r"\in":
            return self.shape(before, sign, after, tokens)
        if sign.text == r"\perp":
            return [self.independence(tokens)]
        raise self.fail(f"`{sign.text}` states nothing that is used", sign)

    def subjects(self, tokens: list[Token]) -> tuple[Syntax, ...]:
        """The symbols a statement is about; of `Y = AX \\sim …` the first."""
        members, signs = cut(tokens)
        if signs and all(s.text in ("=", ":=") for s in signs):
            lists = [m for m in members if m[:1] and m[0].kind == "open" and any(t.kind == "dots" for t in m)]
            tokens = next((m for m in [*lists, *members] if m in lists or len(m) == 1), members[0])
        if len(tokens) > 2 and tokens[1].kind == "colon":
            tokens = tokens[2:]
        items = read_items(cl.strip(tokens), self.places, self.usage)
        return tuple(s for item in items for s in family(item))

    def shape(self, before: list[Token], sign: Token, after: list[Token], tokens: list[Token]) -> list[Statement]:
        subjects = self.subjects(before)
        word, dims = self.set(cl.strip(after))
        opaque = sx.Opaque(self.written(after))
        return [self.make("shape", (subjects, (opaque,)), tokens, word=word, dims=dims)]

    def set(self, tokens: list[Token]) -> tuple[str, tuple[Syntax, ...]]:
        from derive.source.sets import read_set

        return read_set(tokens, self.places, self.usage)

    def independence(self, tokens: list[Token]) -> Statement:
        r"""`A \perp B`, `n \perp (x, y)`, `Y \perp Z \mid X`."""
        depth = cl.levels(tokens)
        bar = next((k for k, t in enumerate(tokens) if depth[k] == 0 and t.kind == "bar"), None)
        given = self.members(tokens[bar + 1 :]) if bar is not None else ()
        groups: list[tuple[Syntax, ...]] = []
        piece: list[Token] = []
        for k, token in enumerate(tokens[:bar]):
            if depth[k] == 0 and token.kind == "rel":
                if token.text != r"\perp":
                    raise self.fail(f"`{token.text}` beside an independence", token)
                groups.append(self.members(piece))
                piece = []
            else:
                piece.append(token)
        groups.append(self.members(piece))
        if given:
            if len(groups) != 2:
                raise self.fail("a conditional independence has two sides", tokens[0])
            return self.make("conditional", (groups[0], groups[1], given), tokens)
        return self.make("independent", tuple(groups), tokens)

    def members(self, tokens: list[Token]) -> tuple[Syntax, ...]:
        r"""The members of one side: `x, y`, `(x, y)`, `\{x_i\}`."""
        items = read_items(cl.strip(tokens), self.places, self.usage)
        found: list[Syntax] = []
        for item in items:
            match item:
                case sx.Bracketed(sx.Tuple_(inner)):
                    found.extend(inner)
                case sx.Bracketed(_, "{") | sx.Subscripted() | sx.Power():  # `\{x_i\}_{i=1}^n`
                    found.extend(m for one in family(item) for m in whole_family(one))
                case sx.MatrixLiteral((row,)):
                    found.extend(row)
                case _:
                    found.append(item)
        return tuple(found)


def both_signs(tokens: list[Token]) -> list[list[Token]] | None:
    r"""`P(s = \pm 1) = 1/2` says the same of 1 and of -1."""
    k = next((k for k, t in enumerate(tokens) if t.text == r"\pm"), 0)
    if k < 2 or tokens[k - 1].text != "=" or not cl.levels(tokens)[k]:
        return None
    sign = Token("minus", "-", tokens[k].start, tokens[k].end)
    return [[*tokens[:k], *tokens[k + 1 :]], [*tokens[:k], sign, *tokens[k + 1 :]]]


def unprimed(left: sx.Name, right: sx.Name) -> sx.Name | None:
    """The name without the prime in `A' = A`; None when the two do not differ by one prime alone."""
    if (left.letter, left.subscripts) != (right.letter, right.subscripts):
        return None
    primed = (sx.Label("'"),)
    pairs = ((left, right), (right, left))
    return next((b for a, b in pairs if a.superscripts == primed and not b.superscripts), None)


def whole_family(item: Syntax) -> tuple[Syntax, ...]:
    r"""All members at once, `x_1, x_2, \dots`: `\{x_i\}` beside `\perp`, “all $x_i$”."""
    many = isinstance(item, sx.Name) and any(isinstance(s, sx.Name) for s in (*item.subscripts, *item.superscripts))
    return (item, item, sx.Dots(span=item.span)) if many else (item,)


def family(item: Syntax) -> tuple[Syntax, ...]:
    r"""`\{x_i\}_{i=1}^n` and `\{(x_i, y_i)\}` stand for x_i and (x_i, y_i); other items for themselves."""
    match item:
        case sx.Power(base, _) if isinstance(base, sx.Subscripted):
            return family(base)
        case sx.Subscripted(sx.Bracketed(_, "{") as base, _):
            return family(base)
        case sx.Subscripted(sx.Bracketed(sx.Tuple_(), "(") as pair, _):
            return (pair,)
        case sx.Subscripted(sx.Bracketed(sx.Name(_, below, above) as only, "("), _) if below or above:
            return (only,)
        case sx.Bracketed(sx.Bracketed(sx.Tuple_()) as pair, "{"):
            return (pair,)
        case sx.Bracketed(sx.Name() as only, "{"):
            return (only,)
    return (item,)
