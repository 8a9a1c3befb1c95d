"""Syntax to raw terms: names resolved, applications decided, dimensions still open.

A raw term is a term in which dimensions may be variables (`?7`), zeros have open shapes, a power may
have a matrix base, and `Over` marks an expectation with a subscript.  `shapes` closes the dimensions and `settling` makes
proper terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.dimensions import Component, Dimensions
from derive.language.dots import with_inner_products
from derive.language.gradients import evaluated, gradient
from derive.language.moving import refuse_lag, refuse_moving
from derive.language.patterns import dotted_product, dotted_sum
from derive.language.stacking import is_vector, matrix
from derive.language.symbols import (
    Lexicon,
    Reference,
    key_of,
    labelled,
    script_index,
    strip_accents,
)
from derive.language.unreadable import Unreadable, fail

LITERAL = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|mathbb|pmb|underline)\s*\{?\s*(?:\\mathit\s*\{?)?\s*([01])\s*\}*")
IDENTITY = re.compile(r"(?:\\(?:mathbf|boldsymbol|bm|mathrm|mathbb|mathit|pmb)\s*\{?\s*(?:\\mathit\s*\{?)?\s*)?I\s*\}*")
ENTRYWISE = frozenset({"log", "exp", "sin", "cos", "tan", "tanh", "cosh", "sinh", "sign", "relu", "ln"})
HALF = tm.Number(Fraction(1, 2))
MINUS = tm.number(-1)


@dataclass(frozen=True, slots=True)
class Over:
    """Raw: an operator (`E`, `Var`, `Cov`) with a subscript that names what it averages over."""

    inner: Any
    over: tuple[str, ...]


@dataclass
class Builder:
    """Makes raw terms; one for a whole document.

    `places` finds the span of a raw term by identity (`kept` keeps the terms alive for that).
    `scalars` are raw terms that must turn out scalar, such as denominators.
    """

    lexicon: Lexicon
    dims: Dimensions
    symbol_shapes: dict[str, tm.Shape] = field(default_factory=dict)
    function_shapes: dict[str, tm.Shape] = field(default_factory=dict)
    families: dict[str, dict[int, str]] = field(default_factory=dict)
    places: dict[int, sx.Span] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)
    scalars: list[tuple[Any, sx.Span]] = field(default_factory=list)
    outcomes: dict[str, tm.Symbol] = field(default_factory=dict)
    operators: set[str] = field(default_factory=set)  # 'Bias', 'MSE', … that the document defines itself
    mass: bool = False  # P(event) occurs, so that p(x) must be a mass function
    densities: frozenset[str] = frozenset()  # functions that are distributions of expectations
    free_ranges: dict[str, str] = field(default_factory=dict)
    length: Any = None  # of the last column of ones
    whole_node: sx.Node | None = None
    chain_free: set[str] = field(default_factory=set)  # indices that the chain's first member has free
    doubts: list[sx.Diagnostic] = field(
        default_factory=list
    )  # readings of the current expression that the user should see
    bound: list[tuple[str, tm.Range]] = field(default_factory=list)
    free: set[str] = field(default_factory=set)
    depth: int = 0
    remarks: list[sx.Diagnostic] = field(default_factory=list)
    index_sets: dict[str, str] = field(default_factory=dict)
    defined_letters: dict[str, Any] = field(default_factory=dict)  # heads of the left sides of definitions
    gradient_variables: tuple[sx.Name, ...] = ()  # by which gradients in the chain are taken
    randoms: set[str] = field(default_factory=set)  # keys of declared random symbols

    @property
    def moving(self) -> set[str]:
        """The indices of the sums and products around the place that is read."""
        return {name for name, _ in self.bound}

    def build(self, node: sx.Node) -> Any:
        """The raw term of a syntax node; raises `Unreadable`."""
        self.depth += 1
        if self.depth > 200:
            self.depth = 0
            raise Unreadable("the expression is nested too deeply", node.span)
        term = self.mark(self._build(node), node.span)
        self.depth -= 1
        return term

    def whole(self, node: sx.Node, further: bool = False) -> Any:
        """The raw term of a complete expression; `further`: an i free in it runs where it did in the one before."""
        self.depth = 0
        self.bound = []
        if not further:
            self.free_ranges, self.length = {}, None
        self.whole_node = node
        self.doubts = []
        return self.build(node)

    def mark(self, term: Any, span: sx.Span) -> Any:
        if id(term) not in self.places:
            self.places[id(term)] = span
            self.kept.append(term)
        return term

    def _build(self, node: sx.Node) -> Any:
        match node:
            case sx.Numeral(value):
                return self.zero() if value == 0 else tm.Number(value)
            case sx.Name():
                return self.name(node)
            case sx.Plus(items):
                return self.plus(items)
            case sx.Negate(item):
                return times_(MINUS, self.build(item))
            case sx.Juxtaposition(items, tight, dotted):
                inner = with_inner_products(self.lexicon, node) if dotted else None
                return self.product(items, tight) if inner is None else self.build(inner)
            case sx.Fraction_(top, bottom):
                return self.fraction(top, bottom)
            case sx.Power(base, exponent):
                return self.power(base, exponent)
            case sx.Transposed(item):
                return tm.Transpose(self.build(item))
            case sx.Inverted(item, kind):
                return tm.Inverse(self.build(item), kind == "pseudo")
            case sx.Bracketed(item, opening):
                return (
                    tm.Function("abs", (self.build(item),), self.dims.scalar()) if opening == "|" else self.build(item)
                )
            case sx.Subscripted(sx.Numeral(value), subscripts) if value in (0, 1) and None not in map(
                self.size, subscripts
            ):
                sizes = [self.size(s) for s in subscripts]
                return self.sized(value, sizes)
            case sx.Subscripted(item, subscripts):
                return self.entry(self.build(item), subscripts, node.span)
            case sx.Operator():
                return self.operator(node)
            case sx.Call():
                return self.call(node)
            case sx.Binary(operator, left, right):
                a, b = self.build(left), self.build(right)
                return tm.Hadamard((a, b)) if operator == "odot" else tm.Kronecker(a, b)
            case sx.Big(kind, ranges, body):
                return self.big(kind, ranges, body, node.span)
            case sx.MatrixLiteral():
                return matrix(self, node)
            case sx.Gradient(item, wrt, order):
                return gradient(self, item, wrt, order, node.span)
            case sx.Indicator(event):
                return self.indicator(event)
            case sx.Evaluated(item, places):
                return evaluated(self, item, places)
            case sx.Relation():
                raise Unreadable("a relation cannot stand inside an expression", node.span)
            case sx.Tuple_(items) if any(isinstance(i, sx.Dots) for i in items) and is_vector(self.lexicon, items[0]):
                return matrix(self, sx.MatrixLiteral((items,), True, span=node.span))
            case sx.Tuple_(items):
                return matrix(self, sx.MatrixLiteral(tuple((i,) for i in items), span=node.span))
            case sx.Cases():
                return self.cases(node)
            case sx.Opaque(latex):
                raise Unreadable(f"this is not part of the algebra that is checked: {latex[:40]}", node.span)
            case sx.Dots():
                raise Unreadable(
                    "an ellipsis whose pattern is not clear", node.span, "a first and a last item around the dots"
                )
        raise Unreadable("this cannot stand here", node.span)

    def cases(self, node: sx.Cases) -> Any:
        """The values times the indicators of their events; the last one, without an event, when none of the others happens."""
        terms, rest = [], [tm.number(1)]
        for k, (value, condition) in enumerate(node.branches):
            if isinstance(condition, sx.Relation):
                happens = self.indicator(condition)
                rest.append(times_(MINUS, happens))
            elif condition is None and k == len(node.branches) - 1 > 0:
                happens = tm.Add(tuple(rest))
            else:
                span = condition.span if condition is not None else node.span
                raise Unreadable(
                    "when this case holds is not clear", span, "an event such as `X > 0`, or a probability"
                )
            terms.append(tm.Mul((happens, self.build(value))))
        return tm.Add(tuple(terms)) if len(terms) > 1 else terms[0]

    # -- names --------------------------------------------------------------------------------

    def name(self, node: sx.Name) -> Any:
        letter = node.letter
        if letter in (r"\infty",):
            raise Unreadable("infinite sums and limits are not checked", node.span)
        special = self.literal(node)
        if special is not None:
            return special
        key = key_of(node)
        for index, _ in reversed(self.bound):
            if index == key:
                return tm.IndexValue(tm.Index(key))
        refuse_moving(self.lexicon, node, self.moving)
        refuse_lag(self.lexicon, node)
        if key in self.outcomes:
            return self.outcomes[key]
        plain = not node.subscripts and not node.superscripts
        if key in self.lexicon.dimensions or (plain and self.lexicon.is_index(letter)):
            return tm.IndexValue(tm.Index(key))
        return self.reference(self.lexicon.resolve(node), node.span)

    def literal(self, node: sx.Name) -> Any:
        r"""`\mathbf{0}`, `\mathbf{1}`, `I` with an optional size, unless the document declares the letter."""
        if node.superscripts or node.letter in self.lexicon.declared or key_of(node) in self.lexicon.declared:
            return None
        if self.lexicon.kronecker and node.letter == r"\delta" and len(node.subscripts) == 2:
            return self.kronecker_delta(node)
        sizes = [self.size(s) for s in node.subscripts]
        if None in sizes:
            return None
        if found := LITERAL.fullmatch(node.letter):
            value = Fraction(int(found.group(1)))
            if not sizes:
                return self.zero(bold=True) if value == 0 else self.repeated(value)
            return self.sized(value, sizes)
        if IDENTITY.fullmatch(node.letter) and node.letter not in self.lexicon.functions:
            return tm.Identity(sizes[0] if sizes else self.large())
        return None

    def kronecker_delta(self, node: sx.Name) -> Any:
        r"""`\delta_{ij}` is 1 where two indices are equal, else 0; None where its scripts are no indices."""
        indices = [script_index(s) for s in node.subscripts]
        if any(i is None or (i.base is not None and not self.lexicon.is_index(i.base)) for i in indices):
            return None
        self.free.update(i.base for i in indices if i and i.base)
        left, right = (tm.IndexValue(i) if i and i.base else tm.number(i.offset if i else 0) for i in indices)
        return tm.Indicator("=", left, right)

    def large(self) -> str:
        dim = self.dims.fresh()
        self.dims.enlarge(dim)
        return dim

    def size(self, part: sx.Node) -> Any:
        index = script_index(part)
        if index is None or (index.offset and index.base is not None):
            return None
        if index.base is not None and index.base not in self.lexicon.dimensions and self.lexicon.is_index(index.base):
            return None
        return index.offset if index.base is None else index.base

    def sized(self, value: Fraction, sizes: list[Any]) -> tm.Constant:
        if len(sizes) == 1 and value == 1:
            self.length = sizes[0]
        return tm.Constant(value, (sizes[0], sizes[1] if len(sizes) > 1 else 1))

    def repeated(self, value: Fraction) -> tm.Constant:
        """`\\mathbf{1}`: where nothing tells its length, it is as long as the other one of the expression."""
        made = tm.Constant(value, (self.large(), 1))
        if self.length is not None:
            self.dims.suggest(made.shape[0], self.length)
        self.length = made.shape[0]
        return made

    def zero(self, bold: bool = False) -> tm.Constant:
        return tm.Constant(Fraction(0), self.dims.pair(bold=bold))

    def reference(self, found: Reference, span: sx.Span) -> Any:
        symbol = tm.Symbol(found.key, found.indices, self.shape_of(found.key))
        self.note_family(found.key, found.indices)
        self.free.update(i.base for i in (*found.indices, *found.components) if i.base is not None)
        if found.components:
            return self.component(self.mark(symbol, span), found.components, span)
        return tm.Transpose(self.mark(symbol, span)) if found.prime else symbol

    def shape_of(self, key: str) -> tm.Shape:
        if key not in self.symbol_shapes:
            self.symbol_shapes[key] = self.dims.pair()
        return self.symbol_shapes[key]

    def note_family(self, key: str, indices: tuple[tm.Index, ...]) -> None:
        """The range of a family is that of the sums in which its index is bound."""
        ranges = self.families.setdefault(key, {})
        for place, index in enumerate(indices):
            ranges.setdefault(place, self.dims.fresh())
            if (size := self.range_of(index)) is not None:
                self.dims.suggest(ranges[place], size)

    def range_of(self, index: tm.Index) -> Any:
        """How many values the index takes: of its sum, or of all that has the same free index in this expression."""
        if index.base is None or index.offset:
            return None
        for name, r in reversed(self.bound):
            if name == index.base:
                return r.upper.base if r.lower == tm.Index(None, 1) and not r.upper.offset else None
        if index.base in self.index_sets:
            return self.index_sets[index.base]
        return self.free_ranges.setdefault(index.base, self.dims.fresh())

    def component(self, term: Any, indices: tuple[tm.Index, ...], span: sx.Span) -> Any:
        for place, index in enumerate(indices[:2]):
            if (size := self.range_of(index)) is not None:
                self.dims.suggest_row(term, place, size)
        if len(indices) > 2:
            raise Unreadable("more indices than the symbol has", span)
        return Component(term, indices)

    def entry(self, term: Any, subscripts: tuple[sx.Node, ...], span: sx.Span) -> Any:
        indices = [script_index(s) for s in subscripts]
        if None in indices:
            raise Unreadable("the subscript of this expression is not an index", span)
        self.free.update(i.base for i in indices if i is not None and i.base is not None)
        return self.component(term, tuple(i for i in indices if i is not None), span)

    # -- arithmetic ---------------------------------------------------------------------------

    def plus(self, items: tuple[sx.Node, ...]) -> Any:
        if any(isinstance(i, sx.Dots) for i in items):
            return self.build(dotted_sum(items) or fail("the pattern of this sum is not clear", items))
        from derive.language.sums import reaching

        items = reaching(self, items)
        terms: list[Any] = []
        for item in items:
            term = self.build(item)
            terms.extend(term.args if isinstance(term, tm.Add) and not isinstance(item, sx.Bracketed) else (term,))
        return tm.Add(tuple(terms)) if len(terms) > 1 else terms[0]

    def fraction(self, top: sx.Node, bottom: sx.Node) -> Any:
        below = self.build(bottom)
        if isinstance(below, tm.Number) and below.value != 0:
            above = self.build(top)
            if isinstance(above, tm.Number):
                return tm.Number(above.value / below.value)
            return times_(tm.Number(1 / below.value), above)
        self.scalars.append((below, bottom.span))
        inverse = self.mark(tm.Pow(below, MINUS), bottom.span)
        above = self.build(top)
        return inverse if above == tm.number(1) else times_(above, inverse)

    def power(self, base: sx.Node, exponent: sx.Node) -> Any:
        if isinstance(base, sx.Name) and base.letter in self.lexicon.powers and not base.superscripts:
            return self.name(replace(base, superscripts=(exponent,)))
        euler = isinstance(base, sx.Name) and strip_accents(base.letter) == "e" and key_of(base) == base.letter
        if euler and "e" not in self.lexicon.declared and not isinstance(exponent, sx.Numeral):
            return tm.Function("exp", (self.build(exponent),))
        return tm.Pow(self.build(base), self.build(exponent))

    def product(self, items: tuple[sx.Node, ...], tight: tuple[bool, ...]) -> Any:
        if any(isinstance(i, sx.Dots) for i in items):
            return self.build(dotted_product(items) or fail("the pattern of this product is not clear", items))
        factors: list[Any] = []
        place = 0
        while place < len(items):
            item = items[place]
            following = items[place + 1] if place + 1 < len(items) else None
            if following is not None and place < len(tight) and tight[place]:
                applied = self.application(item, following)
                if applied is not None:
                    factors.append(self.mark(applied, item.span))
                    place += 2
                    continue
            factor = self.build(item)
            # brackets keep their product together: in A (x^T y) B the middle is one scalar
            flat = isinstance(factor, tm.Mul) and not isinstance(item, sx.Bracketed)
            factors.extend(factor.args if flat else (factor,))
            place += 1
        return multiplied(factors)

    def application(self, item: sx.Node, bracket: sx.Node) -> Any:
        from derive.language.applications import application

        return application(self, item, bracket)

    # -- big operators ------------------------------------------------------------------------

    def big(self, kind: str, ranges: tuple[sx.IndexRange, ...], body: sx.Node, span: sx.Span) -> Any:
        from derive.language.sums import build_big

        return build_big(self, kind, ranges, body, span)

    # -- operators and calls ------------------------------------------------------------------

    def operator(self, node: sx.Operator) -> Any:
        from derive.language.operators import build_operator

        return build_operator(self, node)

    def call(self, node: sx.Call) -> Any:
        from derive.language.operators import build_call

        return build_call(self, node)

    def indicator(self, event: sx.Node) -> Any:
        from derive.language.operators import build_indicator

        return build_indicator(self, event)

    def components_only(self, node: sx.Node) -> bool:
        """Whether the free index of the node makes it one scalar for each value: `d_j^2 / (d_j^2 + 1)`."""
        return any(isinstance(n, sx.Name) and self.lexicon.split(n)[1] for n in names_in(node))


def times_(*factors: Any) -> Any:
    """A product with nested products flattened and minus signs collected."""
    flat: list[Any] = []
    for factor in factors:
        flat.extend(factor.args if isinstance(factor, tm.Mul) else (factor,))
    return multiplied(flat)


def multiplied(flat: list[Any]) -> Any:
    """A product of the factors, with factors -1 drawn together and into another number."""
    rest = [f for f in flat if f != MINUS]
    negative = (len(flat) - len(rest)) % 2 == 1
    numbers = [k for k, f in enumerate(rest) if isinstance(f, tm.Number)]
    if negative and numbers:
        rest[numbers[0]] = tm.Number(-rest[numbers[0]].value)
    elif negative:
        rest.insert(0, MINUS)
    return tm.Mul(tuple(rest)) if len(rest) > 1 else rest[0] if rest else tm.number(1)


def names_in(node: sx.Node) -> Iterator[sx.Name]:
    from derive.language.traverse import descend

    return (n for n in descend(node) if isinstance(n, sx.Name))


__all__ = ["Builder", "Over", "Unreadable", "labelled", "names_in", "times_"]
