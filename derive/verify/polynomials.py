"""What a certificate computes with: sums of products of entries under bound indices.

An index (`Ix`) is (base, offset): ('', 3) is the number 3, ('i', 1) is i + 1.  A factor is a tuple with its tag first:

    ('x', name, slots, kind)    an entry of a symbol; kind: 'c' constant, 'r' random, with 's' behind it symmetric
    ('n', ix)                   an index or a size as a number
    ('d', ix, ix)               1 when the indices are equal, else 0
    ('u', ix, ix)               1 when they differ, else 0
    ('l', ix, ix)               1 when the first is smaller, else 0
    ('E', contents, given)      E[contents | given]; contents are powers, each condition a (polynomial, shape)
    ('q', polynomial)           a polynomial as a base of powers that cannot be multiplied out
    ('i', polynomial, size, ix, ix)    an entry of the inverse of the matrix with those entries in ROW, COLUMN
    ('D', polynomial, size)     the determinant of such a matrix
    ('f', name, order, args, slots)    a function; its arguments are (polynomial, shape)

A monomial is (powers, ranges): pairs of factor and exponent, and (name, lowest, highest) for every bound index.  A
polynomial is a dictionary of monomials with their coefficients; inside a factor it is the sorted tuple of its items.
Bound indices are called `#h.k`, where h is larger than that of any name bound inside; an open monomial has fresh names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, permutations, product
from math import isqrt
from typing import Any

from derive.verify.refusal import Refused, Work

Ix = tuple[str, int]
Factor = tuple[Any, ...]
Pairs = tuple[tuple[Factor, Any], ...]
Ranges = tuple[tuple[str, Ix, Ix], ...]
Mono = tuple[Pairs, Ranges]
Poly = dict[Mono, Fraction]
Frozen = tuple[tuple[Mono, Fraction], ...]
Span = tuple[Ix, Ix]

ROW, COLUMN, FIRST = ("$r", 0), ("$c", 0), ("", 1)
PLACES = ("$r", "$c")  # stand for the place of a component in a polynomial that is part of a factor
LARGEST_POWER = 24
ORDERS = 720  # of bound indices that look alike: names beyond stay apart, which can only keep terms from cancelling


def frozen(poly: Poly) -> Frozen:
    return tuple(sorted(poly.items(), key=repr))


def nested(factor: Factor) -> Iterator[Frozen]:
    """The polynomials inside a factor."""
    if factor[0] in "qiD":
        yield factor[1]
    elif factor[0] == "f":
        yield from (poly for poly, _ in factor[3])
    elif factor[0] == "E":
        for inner, _ in factor[1]:
            yield from nested(inner)
        yield from (poly for poly, _ in factor[2])


def height(factor: Factor) -> int:
    return max((_height(poly) for poly in nested(factor)), default=0)


def _height(poly: Frozen) -> int:
    return max((1 + max((height(f) for f, _ in powers), default=0) for (powers, _), _ in poly), default=0)


def entries(factor: Factor, moments: bool = True) -> Iterator[tuple[Factor, frozenset[str]]]:
    """The symbols in a factor, each with the names of the indices that are bound around it inside the factor.

    `moments`: those of which only a moment stands in it as well, on which its value does not depend.
    """
    if factor[0] == "x":
        yield factor, frozenset()
    polys = nested(factor)
    if factor[0] == "E":
        polys = (poly for poly, _ in factor[2])
        for inner, _ in factor[1] if moments else ():
            yield from entries(inner)
    for poly in polys:
        for (powers, ranges), _ in poly:
            names = frozenset(name for name, _, _ in ranges)
            for inner, _ in powers:
                yield from ((found, around | names) for found, around in entries(inner, moments))


def divides(factor: Factor) -> bool:
    """Whether something is divided by inside a factor, or inverted."""
    inside = [pair for poly in nested(factor) for (powers, _), _ in poly for pair in powers]
    inside += factor[1] if factor[0] == "E" else ()
    return factor[0] == "i" or any(e < 0 or divides(f) for f, e in inside)


def is_random(factor: Factor) -> bool:
    """Whether the value of a factor is random: a moment is so only by what it is conditioned on."""
    if factor[0] == "E":
        return any(is_random(f) for poly, _ in factor[2] for (powers, _), _ in poly for f, _ in powers)
    if factor[0] == "x":
        return bool(factor[3][0] == "r")
    return any(is_random(f) for poly in nested(factor) for (powers, _), _ in poly for f, _ in powers)


def indices(factor: Factor) -> Iterator[str]:
    """The names of indices in a factor, bound ones inside it included."""
    tag = factor[0]
    slots: Iterable[Ix] = factor[1:] if tag in "ndul" else factor[3:5] if tag == "i" else ()
    if tag in "xf":
        slots = factor[2 if tag == "x" else 4]
    yield from (base for base, _ in slots if base)
    for inner, _ in factor[1] if tag == "E" else ():
        yield from indices(inner)
    for poly in [p for p, _ in factor[2]] if tag == "E" else nested(factor):
        for (powers, ranges), _ in poly:
            yield from (base for _, low, high in ranges for base in (low[0], high[0]) if base)
            for inner, _ in powers:
                yield from indices(inner)


class Algebra:
    """Sums and products.  `domains`: ranges in which free indices lie; `written`: ranges that are not empty."""

    def __init__(self, work: Work):
        self.work = work
        self.domains: dict[str, set[Span]] = {}
        self.written: set[Span] = set()
        self._fresh = 0

    def restart(self) -> None:
        """Fresh names from the first on: what is computed depends on nothing that was computed before."""
        self._fresh = 0
        self.domains = {name: spans for name, spans in self.domains.items() if name[0] != "~"}

    def fresh(self) -> str:
        self._fresh += 1
        return f"~{self._fresh}"

    # ------------------------------------------------------------------ polynomials

    def number(self, value: Any) -> Poly:
        return {((), ()): Fraction(value)} if value else {}

    def of(self, factor: Factor, exponent: Any = 1) -> Poly:
        return self.normal(Fraction(1), [(factor, exponent)], {})

    def value(self, ix: Ix) -> Poly:
        return self.added([self.of(("n", (ix[0], 0))) if ix[0] else {}, self.number(ix[1])])

    def added(self, polys: Iterable[Poly]) -> Poly:
        total: Poly = {}
        for poly in polys:
            for mono, coefficient in poly.items():
                total[mono] = total.get(mono, Fraction(0)) + coefficient
        return {m: c for m, c in total.items() if c}

    def scaled(self, poly: Poly, number: Any) -> Poly:
        return {m: c * number for m, c in poly.items()} if number else {}

    def minus(self, left: Poly, right: Poly) -> Poly:
        return self.added([left, self.scaled(right, -1)])

    def times(self, left: Poly, right: Poly) -> Poly:
        out = []
        for (mono, a), (other, b) in product(left.items(), right.items()):
            (first, ranges), (second, more) = self.opened(mono), self.opened(other)
            out.append(self.normal(a * b, [*first, *second], ranges | more))
        return self.added(out)

    def power(self, base: Poly, exponent: Fraction) -> Poly:
        if exponent.denominator == 1 and 0 <= exponent <= LARGEST_POWER:
            result = self.number(1)
            for _ in range(int(exponent)):
                result = self.times(result, base)
            return result
        if not base or abs(exponent) > LARGEST_POWER:
            raise Refused("a power of zero, or one that is too large")
        if len(base) == 1:
            (((powers, ranges), coefficient),) = base.items()
            single = not ranges and not any(f[0] in "dul" for f, _ in powers)
            if single and exponent.denominator == 1:
                return self.normal(coefficient ** int(exponent), [(f, e * exponent) for f, e in powers], {})
            if single and coefficient == 1 and len(powers) == 1 and powers[0][1] == 1:
                return self.of(powers[0][0], exponent)
            root = exact_root(coefficient)
            if single and not powers and exponent.denominator == 2 and root:
                return self.number(root**exponent.numerator)
        items = frozen(base)
        if exponent.denominator != 1:
            return self.of(("q", items), exponent)
        lead = items[0][1]
        return self.scaled(self.of(("q", tuple((m, c / lead) for m, c in items)), exponent), lead ** int(exponent))

    def summed(self, poly: Poly, names: Mapping[str, Span]) -> Poly:
        """The sum over indices that are free in the polynomial."""
        out = []
        for mono, coefficient in poly.items():
            pairs, ranges = self.opened(mono)
            out.append(self.normal(coefficient, pairs, ranges | dict(names)))
        return self.added(out)

    def expected(self, poly: Poly, given: tuple[Any, ...]) -> Poly:
        """E[poly | given]: linear, and what is not random stands outside."""
        out = []
        for mono, coefficient in poly.items():
            pairs, ranges = self.opened(mono)
            inside = [(f, e) for f, e in pairs if is_random(f)]
            outside = [(f, e) for f, e in pairs if not is_random(f)]
            if inside:
                outside.append((("E", merged(inside), given), 1))
            out.append(self.normal(coefficient, outside, ranges))
        return self.added(out)

    # ------------------------------------------------------------------ renaming

    def opened(self, mono: Mono) -> tuple[list[tuple[Factor, Any]], dict[str, Span]]:
        """A monomial with fresh names for its bound indices; the order of its factors stays."""
        pairs, ranges, _ = self.named(mono)
        return pairs, ranges

    def named(self, mono: Mono) -> tuple[list[tuple[Factor, Any]], dict[str, Span], dict[str, Ix]]:
        """The same, with the new names."""
        powers, ranges = mono
        if not ranges:
            return list(powers), {}, {}
        env: dict[str, Ix] = {name: (self.fresh(), 0) for name, _, _ in ranges}
        spans = {env[name][0]: (moved(low, env), moved(high, env)) for name, low, high in ranges}
        return [(self.renamed(f, env), e) for f, e in powers], spans, env

    def renamed(self, factor: Factor, env: Mapping[str, Ix]) -> Factor:
        return self.mapped(factor, lambda ix: moved(ix, env))

    def renamed_poly(self, poly: Poly, env: Mapping[str, Ix]) -> Poly:
        return self.mapped_poly(poly, lambda ix: moved(ix, env))

    def mapped(self, f: Factor, move: Callable[[Ix], Ix], entry: Callable[[Factor], Factor] | None = None) -> Factor:
        """A factor with its indices, and then its entries of symbols, changed.  Bound names inside are never moved."""
        tag = f[0]
        if tag == "x":
            found = ordered((tag, f[1], tuple(move(s) for s in f[2]), f[3]))
            return entry(found) if entry else found
        if tag in "ndul":
            return ordered((tag, *(move(s) for s in f[1:])))
        if tag == "E":
            contents = merged((self.mapped(c, move, entry), e) for c, e in f[1])
            return (tag, contents, conditions(self._headed(a, move, entry) for a in f[2]))
        if tag == "f":
            return (tag, f[1], f[2], tuple(self._headed(a, move, entry) for a in f[3]), tuple(move(s) for s in f[4]))
        if tag == "q":
            return (tag, frozen(self.mapped_poly(dict(f[1]), move, entry)))
        inner = self._inner(f[1], move, entry)
        if tag == "i":
            return self.oriented(inner, f[2], move(f[3]), move(f[4]))
        return (tag, inner, *f[2:])

    def _headed(self, part: Any, move: Callable[[Ix], Ix], entry: Callable[[Factor], Factor] | None) -> Any:
        """An argument or a condition: a scalar has no places of its own."""
        poly, shape = part
        if shape == (FIRST, FIRST):
            return frozen(self.mapped_poly(dict(poly), move, entry)), shape
        return self._inner(poly, move, entry), shape

    def _inner(self, poly: Frozen, move: Callable[[Ix], Ix], entry: Callable[[Factor], Factor] | None) -> Frozen:
        """A polynomial that has ROW and COLUMN of its own."""

        def inside(ix: Ix) -> Ix:
            found = ix if ix[0] in PLACES else move(ix)
            if found[0] in PLACES and ix[0] not in PLACES:
                raise Refused("an index would be mistaken for the place of a component")
            return found

        return frozen(self.mapped_poly(dict(poly), inside, entry))

    def mapped_poly(
        self, poly: Poly, move: Callable[[Ix], Ix], entry: Callable[[Factor], Factor] | None = None
    ) -> Poly:
        out = []
        for (powers, ranges), coefficient in poly.items():
            spans = {name: (move(low), move(high)) for name, low, high in ranges}
            out.append(self.normal(coefficient, [(self.mapped(f, move, entry), e) for f, e in powers], spans))
        return self.added(out)

    def oriented(self, poly: Frozen, size: Any, row: Ix, column: Ix) -> Factor:
        """An entry of an inverse: that of the transpose has its indices swapped; of a symmetric matrix they have an order."""
        swap = {ROW[0]: COLUMN, COLUMN[0]: ROW}
        other = frozen(self.renamed_poly(dict(poly), swap))
        if other == poly:
            return ("i", poly, size, *sorted((row, column)))
        return ("i", poly, size, row, column) if repr(poly) < repr(other) else ("i", other, size, column, row)

    # ------------------------------------------------------------------ one monomial

    def normal(self, coefficient: Fraction, pairs: Iterable[tuple[Factor, Any]], ranges: Mapping[str, Span]) -> Poly:
        """coefficient · Σ pairs as a polynomial: deltas resolved, unused indices counted, bound names canonical."""
        self.work.spend()
        spans, powers = dict(ranges), merged(pairs)
        while True:
            chosen = next((c for c in (self._decided(f, spans) for f, _ in powers) if c is not None), None)
            if chosen is None:
                break
            if chosen == "zero":
                return {}
            factor, env = chosen
            powers = merged((self.renamed(f, env), e) for f, e in powers if f != factor)
            spans = {n: (moved(a, env), moved(b, env)) for n, (a, b) in spans.items() if n not in env}
        told = self._told(powers, spans)
        if told is not None:
            return self.normal(coefficient, told, spans)
        for factor, exponent in powers:  # a base that can be multiplied out after all
            if factor[0] == "q" and exponent.denominator == 1 and exponent > 0:
                others = [(f, e) for f, e in powers if f != factor]
                return self._expanded(coefficient, others, self.power(dict(factor[1]), Fraction(exponent)), spans)
        used = {name for f, _ in powers for name in indices(f)}
        used |= {base for low, high in spans.values() for base in (low[0], high[0])}
        for name, (low, high) in spans.items():
            if name not in used and self.countable(low, high, spans):
                rest = {n: s for n, s in spans.items() if n != name}
                count = self.minus(self.value((high[0], high[1] + 1)), self.value(low))
                return self._expanded(coefficient, powers, count, rest)
        return {self.canonical(powers, spans): coefficient} if coefficient else {}

    def canonical(self, powers: Pairs, spans: Mapping[str, Span]) -> Mono:
        """The monomial with names for its bound indices that do not depend on those it had."""
        if not spans:
            return powers, ()
        level = 1 + max((height(f) for f, _ in powers), default=0)
        hidden = {name: ("!", 0) for name in spans}
        groups: dict[str, list[str]] = {}
        for text, name in sorted((self._look(name, powers, spans, hidden), name) for name in spans):
            groups.setdefault(text, []).append(name)
        best: Mono | None = None
        for chosen in islice(product(*(permutations(g) for g in groups.values())), ORDERS):
            self.work.spend()
            names = [n for group in chosen for n in group]
            env: dict[str, Ix] = {n: (f"#{level}.{k}", 0) for k, n in enumerate(names)}
            shown = merged((self.renamed(f, env), e) for f, e in powers)
            ranges = tuple((env[n][0], moved(spans[n][0], env), moved(spans[n][1], env)) for n in names)
            if best is None or repr((shown, ranges)) < repr(best):
                best = (shown, ranges)
        assert best is not None  # there is always one order
        return best

    def _look(self, name: str, powers: Pairs, spans: Mapping[str, Span], hidden: dict[str, Ix]) -> str:
        """How a bound index looks when the names of all are taken away."""
        env = hidden | {name: ("?", 0)}
        seen = sorted(repr((self.renamed(f, env), e)) for f, e in powers)
        return repr((tuple(moved(x, env) for x in spans[name]), seen))

    def _expanded(self, coefficient: Fraction, pairs: Any, poly: Poly, ranges: dict[str, Span]) -> Poly:
        out = []
        for mono, c in poly.items():
            more, spans = self.opened(mono)
            out.append(self.normal(coefficient * c, [*pairs, *more], ranges | spans))
        return self.added(out)

    def _decided(self, factor: Factor, spans: dict[str, Span]) -> Any:
        """What is known of a comparison of indices: 'zero', or the factor to leave out with indices to replace."""
        if factor[0] not in "dul":
            return None
        a, b = factor[1:]
        if a[0] == b[0]:
            holds = {"d": a == b, "u": a != b, "l": a < b}[factor[0]]
            return (factor, {}) if holds else "zero"
        if factor[0] != "d":
            return None
        for i, j in ((a, b), (b, a)):
            target = (j[0], j[1] - i[1])
            if i[0] not in spans or any(i[0] in (x[0], y[0]) for n, (x, y) in spans.items() if n == j[0]):
                continue
            if self.inside(target, spans[i[0]], {n: {s} for n, s in spans.items()} | self.domains):
                return factor, {i[0]: target}
        return None

    def _told(self, powers: Pairs, spans: Mapping[str, Span]) -> Pairs | None:
        """The powers with one index put for another where δ says that they are equal, and no ≠ beside <."""
        for factor, _ in powers:
            if factor[0] == "d":
                new, old = sorted(factor[1:], key=lambda ix: (bool(ix[0]), ix[0] in spans, ix))
                env = {old[0]: (new[0], new[1] - old[1])}
                if any(old[0] in indices(f) for f, _ in powers if f != factor):
                    return tuple((f if f == factor else self.renamed(f, env), e) for f, e in powers)
            if factor[0] == "l":
                different = ordered(("u", *factor[1:]))
                if any(f == different for f, _ in powers):
                    return tuple((f, e) for f, e in powers if f != different)
        return None

    def inside(self, ix: Ix, span: Span, known: Mapping[str, set[Span]]) -> bool:
        """Whether an index certainly lies in a range."""
        low, high = span
        if span in self.written and ix in (low, high):
            return True
        if not ix[0]:
            above = not low[0] and low[1] <= ix[1]
            return above and not high[0] and ix[1] <= high[1]
        for bottom, top in known.get(ix[0], ()):
            above = bottom[0] == low[0] and bottom[1] + ix[1] >= low[1]
            if above and top[0] == high[0] and top[1] + ix[1] <= high[1]:
                return True
        return False

    def countable(self, low: Ix, high: Ix, spans: Mapping[str, Span]) -> bool:
        """Whether highest − lowest + 1 is the number of values: a range that ends at an index may be empty."""
        if low[0] == high[0]:
            return high[1] - low[1] + 1 >= 0
        if (low, high) in self.written:
            return True
        known = {spans[high[0]]} if high[0] in spans else self.domains.get(high[0], set())
        return any(not low[0] and not b[0] and b[1] + high[1] - low[1] + 1 >= 0 for b, _ in known)


def exact_root(number: Fraction) -> Fraction | None:
    """The rational square root of a positive number, where there is one."""
    above, below = isqrt(max(number.numerator, 0)), isqrt(number.denominator)
    root = Fraction(above, below)
    return root if root and root * root == number else None


def moved(ix: Ix, env: Mapping[str, Ix]) -> Ix:
    base, offset = env.get(ix[0], (ix[0], 0))
    return (base, offset + ix[1])


def ordered(factor: Factor) -> Factor:
    """Symmetric indices in order."""
    if factor[0] in "du":
        a, b = sorted(factor[1:])
        low = min(a[1], b[1]) if a[0] and b[0] else 0
        return (factor[0], (a[0], a[1] - low), (b[0], b[1] - low))
    if factor[0] == "x" and factor[3].endswith("s"):
        return ("x", factor[1], (*factor[2][:-2], *sorted(factor[2][-2:])), factor[3])
    return factor


def conditions(given: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(set(given), key=repr))


def merged(pairs: Iterable[tuple[Factor, Any]]) -> Pairs:
    """Equal factors as one power, in a fixed order."""
    total: dict[Factor, Any] = {}
    for factor, exponent in pairs:
        total[factor] = total.get(factor, 0) + Fraction(exponent)
    kept = [(f, Fraction(1) if f[0] in "dul" else e) for f, e in total.items() if e]
    if any(abs(e) > LARGEST_POWER for _, e in kept):
        raise Refused("a power is too large")
    return tuple(sorted(kept, key=repr))
