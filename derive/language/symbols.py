"""What each written name stands for: a symbol, a member of a family, a component, a function, a label."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.terms import Index

BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm|pmb|vec|underline)\s*\{?\s*(?:\\mathit\s*\{?\s*)?(\\?[A-Za-z]+)")
CONVENTIONAL = frozenset({"i", "j"})
POSSIBLE = frozenset({"k", "l", "t", "s", r"\ell", "r", "q"})
FUNCTION_LETTERS = frozenset("f g h F G u v p q r".split()) | {
    r"\phi",
    r"\psi",
    r"\ell",
    r"\varphi",
    r"\sigma",
    r"\Phi",
}
ARRAY_CALLS = frozenset({"tr", "det", "norm", "norm2", "normF", "inner", "rank", "vec"})


def bare(key: str) -> str:
    r"""A key without its scripts.

    >>> bare(r"\epsilon_{\mathbf{W}}"), bare(r"\hat{\theta}'")
    ('\\epsilon', '\\hat{\\theta}')
    """
    depth = 0
    for place, sign in enumerate(key):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and sign in "_^'" and place:
            return key[:place]
    return key


def bold_letter(letter: str) -> str | None:
    r"""The plain letter below a bold one, None for others.

    >>> bold_letter(r"\mathbf{x}"), bold_letter("x"), bold_letter(r"\tilde{\mathbf{x}}")
    ('x', None, 'x')
    """
    found = BOLD.search(bare(letter))
    return found.group(1) if found else None


def is_capital(letter: str) -> bool:
    """Whether the bare letter below accents and fonts is upper case."""
    plain = bold_letter(letter) or bare(letter)
    inner = re.findall(r"\{(\\?[A-Za-z]+)\}", plain)
    core = (inner[-1] if inner else plain).lstrip("\\")
    return core[:1].isupper()


def strip_accents(letter: str) -> str:
    r"""The letter without font and accents: `\hat{\theta}` is `\theta`."""
    while (found := re.fullmatch(r"\\[a-zA-Z]+\s*\{(.*)\}", letter)) is not None:
        letter = found.group(1)
    return letter


def script_text(part: sx.Node) -> str:
    """Readable LaTeX of a script: enough for names."""
    match part:
        case sx.Label(text):
            return rf"\mathrm{{{text}}}" if len(text) > 1 and text.isalnum() else text
        case sx.Name():
            return key_of(part).replace(r"\bullet", r"\cdot")  # the bullet marks families here
        case sx.Numeral(value):
            return str(value)
        case sx.Plus(items):
            texts = [script_text(i) for i in items]
            return texts[0] + "".join(t if t.startswith("-") else "+" + t for t in texts[1:])
        case sx.Negate(item):
            return "-" + script_text(item)
        case sx.Juxtaposition(items) | sx.Tuple_(items):
            return (
                "".join(script_text(i) for i in items)
                if isinstance(part, sx.Juxtaposition)
                else ",".join(map(script_text, items))
            )
        case sx.Bracketed(item):
            return f"({script_text(item)})"
        case sx.Opaque(latex):
            return latex
        case sx.Dots():
            return r"\dots"
        case _:
            return "?"


def key_of(name: sx.Name) -> str:
    """The name with all its scripts as a label-like key."""
    return labelled(name.letter, [script_text(s) for s in name.subscripts], [raised_text(s) for s in name.superscripts])


def raised_text(part: sx.Node) -> str:
    """A superscript of a name: words and stars as they are, everything else in brackets."""
    if isinstance(part, sx.Label):
        return script_text(part)
    return f"({script_text(part.item if isinstance(part, sx.Bracketed) else part)})"


def labelled(letter: str, below: list[str], above: list[str]) -> str:
    r"""A canonical symbol name: `labelled(r"\sigma", ["f"], [])` is `\sigma_{f}`."""
    text = letter
    if below:
        joiner = "" if all(len(b) == 1 for b in below) else ","
        text += "_{" + joiner.join(below) + "}"
    if above:
        text += "".join("'" if a == "'" else "" for a in above)
        rest = [a for a in above if a != "'"]
        if rest:
            text += "^{" + ",".join(rest) + "}"
    return text


def script_index(part: sx.Node) -> Index | None:
    """The index that a script or limit can be: a letter, an integer, a letter plus an integer."""
    match part:
        case sx.Name():
            return Index(key_of(part))
        case sx.Numeral(value) if value.denominator == 1:
            return Index(None, int(value))
        case sx.Bracketed(item):
            return script_index(item)
        case sx.Negate(sx.Numeral(value)) if value.denominator == 1:
            return Index(None, -int(value))
        case sx.Plus((left, right)):
            a, b = script_index(left), script_index(right)
            if a and b and (a.base is None or b.base is None):
                return Index(a.base or b.base, a.offset + b.offset)
    return None


@dataclass
class Reference:
    """What a name refers to: the symbol's key, its family indices, then component indices."""

    key: str
    indices: tuple[Index, ...] = ()
    components: tuple[Index, ...] = ()
    prime: bool = False  # a transpose written as a prime


@dataclass
class Lexicon:
    """All names of a document and what is known of their use.

    `bound`: letters that sums bind.  `dimensions`: keys used as limits or dimensions.
    `ranks`: for each stem and number of family indices: 0 scalar, 1 vector, 2 matrix, as declared.
    """

    names: dict[str, list[sx.Name]] = field(default_factory=lambda: defaultdict(list))
    bound: set[str] = field(default_factory=set)
    dimensions: set[str] = field(default_factory=set)
    ranks: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    declared: set[str] = field(default_factory=set)
    alike: set[str] = field(default_factory=set)  # letters of what is said to be identically distributed
    lagged: set[str] = field(default_factory=set)  # letters of no family that statements give scripts such as t+h
    members: set[str] = field(default_factory=set)  # letters of vectors x beside which x_i is a vector of the same kind
    separate: set[str] = field(default_factory=set)  # letters of families that statements speak of, `x_1, \\dots, x_n`
    runs: set[str] = field(default_factory=set)  # letters of all dotted runs
    arrays: set[str] = field(default_factory=set)  # letters that are arrays by what is said of them
    matrices: set[str] = field(default_factory=set)  # letters that words call matrices
    functions: set[str] = field(default_factory=set)
    powers: set[str] = field(default_factory=set)  # letters with a superscript family, `a^i`
    offsets: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    recursive: set[str] = field(default_factory=set)  # k of `x_k = A x_{k-1} + w_{k-1}`: two symbols, not a family
    adjacent_primes: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)  # keys of names that equations among the givens stand for
    kronecker: bool = False  # `\\delta_{ij}` is Kronecker's delta
    primes_transpose: bool = False  # a prime on some array is a transpose, so it is one on all names
    applied: dict[str, list[sx.Bracketed]] = field(default_factory=lambda: defaultdict(list))
    plainly_applied: set[str] = field(default_factory=set)  # letters with a bracket directly behind them
    differentiates: bool = False  # a derivative is taken somewhere, so that f' beside f is one
    squared: list[sx.Name] = field(default_factory=list)  # σ of `\\sigma^2 (…)`
    applied_names: list[sx.Name] = field(default_factory=list)  # names that stand for functions
    alone: list[sx.Name] = field(default_factory=list)  # names without a bracket behind them
    bare: set[str] = field(default_factory=set)  # their stems
    _index: dict[str, bool] = field(default_factory=dict)
    _arity: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _variants: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    aliases: dict[str, str] = field(default_factory=dict)
    sets: set[str] = field(default_factory=set)  # letters of index sets, the B of `\\sum_{i \\in B}`

    # -- what a letter is -------------------------------------------------------------------

    def is_index(self, letter: str) -> bool:
        if letter in self.bound:
            return True
        if letter in self.declared:
            return False
        return letter in CONVENTIONAL

    def split(self, name: sx.Name) -> tuple[str, tuple[Index, ...], bool]:
        r"""The stem (letter and labels), the index scripts, and whether a prime was taken for a transpose.

        An index above leaves a mark in the stem, `x^{(\bullet)}`, and comes before those below.
        """
        below: list[str] = []
        above: list[str] = []
        indices: list[Index] = []
        raised: list[Index] = []
        scripts = self.digits(name)
        for place, part in enumerate(scripts):
            part = part.item if isinstance(part, sx.Bracketed) and isinstance(part.item, sx.Negate) else part
            if isinstance(part, sx.Negate) and isinstance(part.item, sx.Name) and self.is_index(part.item.letter):
                below.append("-")  # all but the i-th
                part = part.item
            index = self.as_index(name.letter, place, part, len(scripts))
            (below.append(script_text(part)) if index is None else indices.append(index))
        prime = False
        for place, part in enumerate(name.superscripts):
            index = self.as_index(name.letter, 100 + place, part)
            if isinstance(part, sx.Label) and part.text in ("'", "t") and self.transposing(name, part.text):
                prime = True
            elif index is None:
                above.append(raised_text(part))
            else:
                raised.append(index)
        stem = labelled(name.letter, below, above)
        if raised:
            marks = ",".join([r"\bullet"] * len(raised))
            stem += "^{" + marks + "}" if name.letter in self.powers else "^{(" + marks + ")}"
        return stem, (*raised, *indices), prime

    def named_scripts(self, name: sx.Name) -> list[sx.Node]:
        """The scripts that `split` takes for a part of the name, not for an index."""
        below = self.digits(name)
        raised = [p for k, p in enumerate(name.superscripts) if self.as_index(name.letter, 100 + k, p) is None]
        return raised + [p for k, p in enumerate(below) if not self._all_but(p) and self._fixed(name, k, p, len(below))]

    def _fixed(self, name: sx.Name, place: int, part: sx.Node, count: int) -> bool:
        return self.as_index(name.letter, place, part, count) is None

    def _all_but(self, part: sx.Node) -> bool:
        """`-i`: all but the i-th."""
        part = part.item if isinstance(part, sx.Bracketed) else part
        return isinstance(part, sx.Negate) and isinstance(part.item, sx.Name) and self.is_index(part.item.letter)

    def as_index(self, letter: str, place: int, part: sx.Node, count: int = 0) -> Index | None:
        if isinstance(part, sx.Label):
            return None
        if isinstance(part, sx.Bracketed):
            part = part.item
        index = script_index(part) or self._of_two(letter, place, part)
        if index is None or "+" in (index.base or "") or "-" in (index.base or ""):
            return index
        if index == Index(None, 0) and self.ranks.get(letter, {}).get(0):
            return None  # components are counted from 1: alpha_0 beside a vector alpha is a name
        if index.base is None:
            # a vector has one index, a matrix two: Sigma_0 beside a matrix Sigma is another symbol
            fitting = self.ranks.get(letter, {}).get(0) == count and index.offset > 0
            component = fitting and not self.declares_numbered(letter)
            return index if component or letter in self.runs or self.has_indices(letter, place) else None
        if self.is_index(index.base):
            return index
        if index.base in self.recursive:
            return None
        moving = index.base in POSSIBLE or index.base in self.dimensions or index.base in self.offsets
        varied = self.has_indices(letter, place) or self.offset_variants(letter, place, index.base)
        varied = varied or (index.base in self.offsets and f"{letter}_{{{index.base}}}" in self.defined)
        return index if moving and varied and index.base not in self.declared - self.dimensions else None

    def _of_two(self, letter: str, place: int, part: sx.Node) -> Index | None:
        """The `t+h` of x_{t+h} beside x_t: some other index of the family, where no sum goes over t or h."""
        items = part.items if isinstance(part, sx.Plus) else ()
        plain = [i.item if isinstance(i, sx.Negate) else i for i in items]
        names = [key_of(i) for i in plain if isinstance(i, sx.Name)]
        numbers = [script_index(i) for i in items if isinstance(i.item if isinstance(i, sx.Negate) else i, sx.Numeral)]
        if self.lagged or len(names) != 2 or len(names) + len(numbers) != len(items) or isinstance(items[0], sx.Negate):
            return None
        if set(names) & self.bound or not self.offset_variants(letter, place, names[0]):
            return None
        sign = "-" if any(isinstance(i, sx.Negate) and isinstance(i.item, sx.Name) for i in items) else "+"
        return Index(sign.join(names), sum(n.offset for n in numbers if n is not None))

    def digits(self, name: sx.Name) -> tuple[sx.Node, ...]:
        """The subscripts, with the 12 of `A_{12}` as 1 and 2 when A is a matrix."""
        match name.subscripts:
            case (sx.Numeral(value),) if value.denominator == 1 and 11 <= value <= 99 and value % 10:
                if self.ranks.get(name.letter, {}).get(0) == 2:
                    tens, ones = divmod(int(value), 10)
                    span = name.subscripts[0].span
                    return (sx.Numeral(Fraction(tens), span=span), sx.Numeral(Fraction(ones), span=span))
        return name.subscripts

    def declares_numbered(self, letter: str) -> bool:
        """Whether numbered symbols of this letter are declared by themselves, so that they are no components."""
        return any(re.fullmatch(re.escape(letter) + r"_\{?\d+\}?", key) for key in self.declared)

    def has_indices(self, letter: str, place: int) -> bool:
        """Whether the script at this place of the letter is somewhere a definite index."""
        return any(self.is_index(v.split("+")[0].split("-")[0]) for v in self._variants[letter, place])

    def offset_variants(self, letter: str, place: int, base: str) -> bool:
        values = self._variants[letter, place]
        numbers = any(v.lstrip("-").isdigit() for v in values)
        shift = r"([+-]\d+)?" if self.lagged else r"([+-](\d+|[a-z]))*"
        shifted = {v for v in values if re.fullmatch(re.escape(base) + shift, v)}
        return len(shifted) > 1 or (numbers and base in values and letter in self.runs)

    def transposing(self, name: sx.Name, mark: str = "'") -> bool:
        """Whether a prime on the name is a transpose: on what is known as an array, and where primes are transposes.

        So is a `t` where t is no symbol, on a name that also stands without it.
        """
        if mark == "t" and any(not n.superscripts for n in self.names.get(name.letter, ())):
            return key_of(name) not in self.declared and key_of(name) not in self.defined
        if key_of(name) in self.declared or key_of(name) in self.defined:
            return False
        if name.letter in self.arrays or name.letter in self.adjacent_primes:
            return True
        if self.ranks.get(name.letter, {}).get(0):
            return True
        return self.primes_transpose and name.letter not in self.functions

    # -- what a name refers to --------------------------------------------------------------

    def resolve(self, name: sx.Name) -> Reference:
        stem, indices, prime = self.split(name)
        if stem in self.aliases and indices and stem not in self.arrays:
            stem = self.aliases[stem]
        arity = len(indices)
        base = self.base_arity(stem, arity)
        if base is None or base > arity:
            return Reference(self.family_key(stem, arity), indices, (), prime)
        return Reference(self.family_key(stem, base), indices[:base], indices[base:], prime)

    def base_arity(self, stem: str, arity: int) -> int | None:
        """How many of the indices are family indices when the rest are components; None when all are."""
        known = self.ranks.get(stem, {})
        if known.get(arity) and not (arity > 0 and known.get(0) == 2 and known[arity] == 1):
            return arity
        if known.get(arity) == 0 and not known.get(0):
            return None
        for lower in range(arity):
            if known.get(lower) and known[lower] >= arity - lower:
                return lower
        listed = stem in self.listed  # `y = [y_1, \dots, y_n]` says whose components they are
        if (
            stem in self.arrays
            and not known
            and arity
            and (listed or stem not in self.separate)
            and 0 in self._arity[stem]
        ):
            return 0
        return None

    def family_key(self, stem: str, arity: int) -> str:
        """The symbol's name; a family beside a plain symbol of the same letter gets a mark of its own."""
        if arity == 0:
            return stem
        kinds = {a for a in self._arity[stem] if self.base_arity(stem, a) in (None, a)}
        return (
            stem + r"_{\bullet}" * arity
            if 0 in kinds
            else stem
            if len(kinds - {0}) < 2
            else stem + r"_{\bullet}" * arity
        )

    def applied_as_function(self, name: sx.Name, argument: sx.Bracketed) -> bool:
        """Whether a bracket directly behind the name holds its arguments."""
        stem, _, _ = self.split(name)
        if stem in self.functions or name.letter in self.functions:
            return True
        if re.match(r"\\(?:text|mathrm|operatorname|textrm|mathit)\{?[A-Za-z]{2,}", name.letter):
            return True
        if stem in self.ranks or stem in self.declared:
            return False
        if isinstance(argument.item, sx.Tuple_):
            return True
        likely = strip_accents(name.letter) in FUNCTION_LETTERS
        if isinstance(argument.item, sx.Name) and argument.opening == "(" and (likely or stem not in self.bare):
            return True  # nobody puts brackets around one factor
        return likely and stem not in self.bare and argument.opening == "("


def statements(document: sx.Document) -> Iterator[sx.Statement]:
    """All statements of a document, those that are supposed for one chain included."""
    for item in document.items:
        if isinstance(item, sx.Statement):
            yield item
        else:
            yield from item.hypotheses


def roots(document: sx.Document) -> Iterator[sx.Node]:
    """All syntax of a document: of the statements, then of the chains."""
    for statement in statements(document):
        for group in statement.parts:
            yield from group
        yield from statement.dims
    for item in document.items:
        if isinstance(item, sx.Chain):
            for member in item.members:
                if member.syntax is not None:
                    yield member.syntax
            yield from item.conditions
